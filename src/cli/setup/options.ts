/** The options of `tocsin setup`: for every question one. */
import { parseArgs } from 'node:util';
import { adapterKinds } from '../../adapters/index.ts';
import type { SetupFlag } from '../../core/ports/setup.ts';

export const settable = adapterKinds.flatMap(({ platform, secrets, fromEnv, setup }) =>
  setup ? [{ platform, secrets, fromEnv, ...setup }] : [],
);

const TEXTS: readonly SetupFlag[] = [
  { name: 'config', value: 'FILE', help: 'the configuration to write or change; default config/tocsin.yaml' },
  {
    name: 'accounts',
    value: 'LIST',
    help: `what to set up: ${settable.map(({ platform }) => platform).join(', ')}, or none`,
  },
  { name: 'other', value: 'add|replace', help: 'where another account of the platform is configured already' },
  { name: 'countries', value: 'LIST', help: 'such as ru,ir; all = what chats follow' },
  { name: 'languages', value: 'LIST', help: 'such as ru,en; chats begin with the first' },
  {
    name: 'sources',
    value: 'LIST',
    help: 'all, feeds, feeds-ru, an id of config/feeds.yaml or observatories.yaml, none',
  },
  { name: 'vantage', value: 'none|here|FILE', help: 'own probes' },
  { name: 'vantage-country', value: 'CODE', help: 'with --vantage here' },
  { name: 'vantage-asn', value: 'ASN', help: 'with --vantage here' },
];
const SWITCHES = [
  { name: 'profile', help: "sets the bot's commands, descriptions and picture (--no-profile: does not)" },
  { name: 'check', help: 'ends with tocsin check (--no-check: does not)' },
  { name: 'test-alert', help: 'ends with a test alert (--no-test-alert: does not)' },
  { name: 'yes', help: 'agrees to whatever is proposed' },
  { name: 'plain', help: 'asks line by line, for screen readers' },
] as const;

const flags: readonly SetupFlag[] = [...TEXTS, ...settable.flatMap((one) => one.flags)];

export interface Options {
  /** By option; switches as "yes" or "no". */
  values: Map<string, string>;
  files: Set<string>;
  yes: boolean;
  plain: boolean;
}

/** Throws as `parseArgs` does for what is no option. */
export function readOptions(args: string[]): Options {
  const options = Object.fromEntries([
    ...flags.map(({ name }) => [name, { type: 'string' as const }]),
    ...SWITCHES.map(({ name }) => [name, { type: 'boolean' as const }]),
  ]);
  const { values } = parseArgs({ args, options, allowNegative: true });
  const entries = Object.entries(values).flatMap(([name, value]): [string, string][] => {
    if (typeof value === 'string') return [[name, value]];
    return typeof value === 'boolean' ? [[name, value ? 'yes' : 'no']] : [];
  });
  const given = new Map(entries);
  return {
    values: given,
    files: new Set(flags.filter(({ file }) => file).map(({ name }) => name)),
    yes: given.get('yes') === 'yes',
    plain: given.get('plain') === 'yes',
  };
}

/** One option a line, for `--help`. */
export function optionLines(): string {
  const rows = [
    ...flags.map(({ name, value, help }) => [`--${name} ${value}`, help]),
    ...SWITCHES.map(({ name, help }) => [`--${name}`, help]),
  ];
  const width = Math.max(...rows.map(([left]) => left!.length));
  return rows.map(([left, help]) => `  ${left!.padEnd(width)}  ${help}`).join('\n');
}

/** Platforms that options of theirs speak of. */
export const platformsIn = (values: ReadonlyMap<string, string>): string[] =>
  settable.filter(({ flags }) => flags.some(({ name }) => values.has(name))).map(({ platform }) => platform);

/**
 * What nobody would answer where nobody sits: options by name, with what stands for their value. `accounts`: are there some already?
 */
export function unanswered({ values, yes }: Pick<Options, 'values' | 'yes'>, accounts: boolean): string[] {
  const missing: string[] = [];
  if (!accounts && !values.has('accounts') && platformsIn(values).length === 0) {
    const ways = settable.flatMap(({ flags, platform }) =>
      flags[0] ? [`--${flags[0].name}`] : [`--accounts ${platform}`],
    );
    missing.push(`an account (${ways.join(' or ')})`);
  }
  if (yes) return missing;
  for (const name of ['countries', 'languages', 'sources', 'vantage']) if (!values.has(name)) missing.push(`--${name}`);
  if (!values.has('test-alert')) missing.push('--test-alert or --no-test-alert');
  return missing;
}
