import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import OPTIONS from '../../../config/setup-options.json' with { type: 'json' };
import SAYS from '../../../config/terminal-texts.json' with { type: 'json' };
import { adapterKinds } from '../../adapters/index.ts';
import type { Data } from '../../config/edit.ts';
import type { Config } from '../../config/schema.ts';
import { type Env, isAddress, isSite } from '../../config/secrets.ts';
import { COUNTRIES } from '../../core/commands/asking/country-names.ts';
import { createTargetIndex } from '../../core/commands/asking/targets.ts';
import { orNull } from '../../core/errors.ts';
import type { AccountSetup, Asker, Choice, SetupFlag } from '../../core/ports/setup.ts';
import { langOf, words } from '../../i18n/packs.ts';
import type { BundledSource } from './plan.ts';

/** What is asked about the configuration itself: countries, languages, sources, a vantage point, a status page. */

const MAX_COUNTRIES = 60;

/** Codes of countries as typed ("ru, Iran"): none = what chats follow. */
export async function askCountries(asker: Asker, now: readonly string[]): Promise<string[]> {
  const targets = createTargetIndex({ services: [] }, words);
  const read = (text: string): { countries: string[]; fault: string | null } => {
    if (/^(all|none|\s*)$/i.test(text)) return { countries: [], fault: null };
    const { countries, problems } = targets.parse(text);
    const strange = problems[0]?.word;
    if (strange !== undefined)
      return {
        countries,
        fault: `"${strange.slice(0, 40)}" is no country that I know: write codes or names, such as ru, ir.`,
      };
    const sound = countries.filter((one) => COUNTRIES.includes(one));
    const fault = sound.length > MAX_COUNTRIES ? `More than ${MAX_COUNTRIES}: leave it empty for all.` : null;
    return { countries: sound, fault };
  };
  const typed = await asker.ask({
    kind: 'text',
    flag: 'countries',
    says: 'Which countries is it for? Public observatories are asked about them, and your own chat follows them. Empty: whatever chats follow.',
    example: 'ru, ir',
    initial: now.join(', ').toLowerCase(),
    check: (text) => read(text).fault,
  });
  return read(typed).countries;
}

/** ISO 639-1, the one that chats begin with first. */
export async function askLanguages(asker: Asker, known: readonly string[], now: string): Promise<string[]> {
  const read = (text: string): string[] => [...new Set(text.toLowerCase().match(/[^\s,]+/g))];
  const typed = await asker.ask({
    kind: 'text',
    flag: 'languages',
    says: `Which languages do your people read? Chats begin with the first. (${known.join(' ')})`,
    initial: now,
    check(text) {
      const strange = read(text).find((one) => !known.includes(one));
      if (strange !== undefined) return `"${strange.slice(0, 20)}" is not among them; write codes, such as ru, en.`;
      return read(text).length === 0 ? 'Name one at least.' : null;
    },
  });
  return read(typed);
}

/** What chats begin with now, else the language of this terminal, else English. */
export function languageNow(data: Data, known: readonly string[], env: Env): string {
  const accounts = Array.isArray(data.accounts) ? (data.accounts as { lang?: unknown }[]) : [];
  const wanted = [accounts.find((one) => one?.lang)?.lang, langOf(env), 'en'];
  return wanted.find((one): one is string => typeof one === 'string' && known.includes(one)) ?? 'en';
}

const groupOf = (lang: string): string => `feeds-${lang}`;

/**
 * News worth reading for these people: in their languages, in those of the countries that it is about, and in English. `null` countries or none: in all.
 */
export function likelyFeeds(
  bundled: readonly BundledSource[],
  languages: readonly string[],
  countries: readonly string[],
): Set<string> {
  const spoken = new Set([...languages, 'en', ...countries.flatMap((code) => mainLanguage(code) ?? [])]);
  const all = countries.length === 0;
  return new Set(bundled.filter(({ lang }) => lang === null || all || spoken.has(lang)).map(({ id }) => id));
}

const mainLanguage = (country: string): string | null =>
  orNull(() => new Intl.Locale(`und-${country}`).maximize().language);

/** Ids of bundled sources. `chosen`: what is ticked at first. An option may name single ones, too. */
export async function askSources(asker: Asker, bundled: readonly BundledSource[], chosen: ReadonlySet<string>) {
  const langs = [...new Set(bundled.flatMap(({ lang }) => lang ?? []))];
  const names = new Intl.DisplayNames('en', { type: 'language' });
  const inGroup = (lang: string) => bundled.filter((one) => one.lang === lang);
  const feeds = langs.map((lang): Choice => {
    const few = inGroup(lang)
      .slice(0, 2)
      .map(({ block }) => String(block.name));
    return {
      value: groupOf(lang),
      label: `News in ${names.of(lang)}`,
      hint: `${inGroup(lang).length} feeds: ${few.join(', ')} …`,
    };
  });
  const others = bundled
    .filter(({ lang }) => lang === null)
    .map(({ id, about }): Choice => ({ value: id, label: id.toUpperCase(), hint: about ?? undefined }));
  const picked = await asker.several({
    flag: 'sources',
    says: 'What shall it read?',
    choices: [...feeds, ...others],
    initial: [
      ...langs.filter((lang) => inGroup(lang).some(({ id }) => chosen.has(id))).map(groupOf),
      ...others.map(({ value }) => value).filter((id) => chosen.has(id)),
    ],
    accepts: (answer) => answer === 'all' || answer === 'feeds' || bundled.some(({ id }) => id === answer),
  });
  const isWanted = ({ id, lang }: BundledSource): boolean =>
    picked.includes('all') ||
    picked.includes(id) ||
    (lang !== null && (picked.includes('feeds') || picked.includes(groupOf(lang))));
  // A group that was half chosen and is ticked still stays as it was.
  const half = (lang: string | null): boolean =>
    lang !== null &&
    !asker.given('sources') &&
    inGroup(lang).some(({ id }) => chosen.has(id)) &&
    inGroup(lang).some(({ id }) => !chosen.has(id));
  return bundled.filter((one) => isWanted(one) && (!half(one.lang) || chosen.has(one.id))).map(({ id }) => id);
}

export type VantageAnswer =
  | { do: 'none' }
  | { do: 'keep' }
  /** `about` null: the file that is there is taken as it is. */
  | { do: 'here'; about: { country: string | null; asn: string | null } | null }
  /** Absolute. */
  | { do: 'file'; file: string };

export const OWN_NAME = 'vantage.yaml';
const PROBES =
  'Tocsin can also measure from this machine. A probe looks like you visiting the sites that it asks for: where that is watched, leave it.';
const NONE = 'none';
const HERE = 'here';

/** `file`: the configuration, absolute. `now`: the vantage file that it names. */
export async function askVantage(
  asker: Asker,
  { file, now, cwd }: { file: string; now: string | null; cwd: string },
): Promise<VantageAnswer> {
  if (!asker.given('vantage')) asker.say(PROBES);
  const keep = now === null ? [] : [{ value: now, label: `As it is: ${now}` }];
  for (;;) {
    const answer = asker.given('vantage')
      ? await asker.ask({ kind: 'text', flag: 'vantage', says: 'Vantage point' })
      : await asker.ask({
          kind: 'one',
          flag: 'vantage',
          says: 'Shall this machine measure by itself?',
          choices: [
            ...keep,
            { value: NONE, label: 'No', hint: 'news and observatories only' },
            { value: HERE, label: 'Yes, from this line', hint: 'docs/vantage.md' },
          ],
          initial: now ?? NONE,
        });
    if (answer === NONE) return { do: 'none' };
    if (answer === now) return { do: 'keep' };
    if (answer === HERE) return { do: 'here', about: await askLine(asker, resolve(dirname(file), OWN_NAME)) };
    const named = resolve(cwd, answer);
    if (isFile(named)) return { do: 'file', file: named };
    asker.wrong(`--vantage: there is no file ${answer.slice(0, 200)}: name one, or write ${HERE} or ${NONE}.`);
  }
}

/** Null = a file of that name is there already, and is taken as it is. */
async function askLine(asker: Asker, file: string): Promise<{ country: string | null; asn: string | null } | null> {
  if (isFile(file)) {
    asker.say(`${file} is there already and is taken as it is.`);
    return null;
  }
  const country = await asker.ask({
    kind: 'text',
    flag: 'vantage-country',
    says: 'Country of this line, two letters (empty: what it measures is about no country)',
    example: 'EE',
    initial: '',
    check: (text) => (text === '' || COUNTRIES.includes(text.toUpperCase()) ? null : 'Two letters, such as EE.'),
  });
  const asn = await asker.ask({
    kind: 'text',
    flag: 'vantage-asn',
    says: 'Its network (empty: not known)',
    example: 'AS64500',
    initial: '',
    check: (text) => (text === '' || /^AS\d{1,10}$/i.test(text) ? null : 'Write it as AS64500.'),
  });
  return { country: country.toUpperCase() || null, asn: asn.toUpperCase() || null };
}

/** Keys of `web` that change. `now`: as it is; `host`: where a new one listens. */
export async function askPage(asker: Asker, now: Config['web'], host: string): Promise<Data> {
  const says = SAYS.setup;
  const told = ['page-port', 'page-url', 'page-measure'].some((flag) => asker.given(flag));
  if (!asker.attended && !told && !asker.given('page')) return {};
  const isOn = now?.pages === true;
  const yesNo = async (flag: string, text: string, initial: boolean): Promise<boolean> =>
    (await asker.ask({ kind: 'yes-no', flag, says: text, initial })) === 'yes';
  if (!told && !(await yesNo('page', says.page, isOn))) return isOn ? { pages: false } : {};
  const port = Number(
    await asker.ask({
      kind: 'text',
      flag: 'page-port',
      says: says.pagePort,
      initial: String(now?.port ?? 8080),
      check: (text) => (/^[1-9]\d{0,4}$/.test(text) && Number(text) < 65_535 ? null : says.pagePortWrong),
    }),
  );
  const url = await asker.ask({
    kind: 'text',
    flag: 'page-url',
    says: says.pageUrl,
    example: 'https://tocsin.example.org',
    initial: now?.publicUrl ?? '',
    check: (text) => (text === '' || (isAddress(text) && isSite(text)) ? null : says.pageUrlWrong),
  });
  const measure = await yesNo('page-measure', says.pageMeasure, now?.measure ?? false);
  const at = now?.host ?? host;
  const isNext = now === null || (now.private?.host === '127.0.0.1' && now.private.port === now.port + 1);
  return {
    ...(port === now?.port ? {} : { listen: `${at.includes(':') ? `[${at}]` : at}:${port}` }),
    // The next one, and it goes along; where somebody put it elsewhere, it stays there.
    ...(port !== now?.port && isNext ? { private: `127.0.0.1:${port + 1}` } : {}),
    ...(url === (now?.publicUrl ?? '') ? {} : { publicUrl: url || undefined }),
    // Without an address for people the pages are there by this key alone.
    ...(isOn && measure === now.measure && url !== '' ? {} : { pages: measure ? { measure: true } : true }),
  };
}

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;

/** The options of `tocsin setup`: for every question one. */

export const settable = adapterKinds.flatMap(({ platform, secrets, fromEnv, setup }) =>
  setup ? [{ platform, secrets, fromEnv, ...setup }] : [],
);

/** How accounts of that platform are made. */
export const setupOf = async (platform: string): Promise<AccountSetup> =>
  (await settable.find((one) => one.platform === platform)!.load()).setup;

const TEXTS: readonly SetupFlag[] = OPTIONS.texts.map((one) => ({
  ...one,
  help: one.help.replace('{platforms}', settable.map(({ platform }) => platform).join(', ')),
}));
const SWITCHES = OPTIONS.switches;

const flags: readonly SetupFlag[] = [...TEXTS, ...settable.flatMap((one) => one.flags)];

export type Options = ReturnType<typeof readOptions>;

/** Throws as `parseArgs` does for what is no option. */
export function readOptions(args: string[]) {
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
    /** By option; switches as "yes" or "no". */
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
