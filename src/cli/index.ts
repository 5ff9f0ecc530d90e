import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import COMMANDS from '../../config/commands.json' with { type: 'json' };
import type { AccountCommand } from '../adapters/kind.ts';
import { messageOf, TocsinError } from '../core/errors.ts';
import { createSecrets } from '../platform/log.ts';
import type { SourceCommand } from '../sources/kind.ts';

/** One CLI command. `run` gets the arguments after the command's name and resolves with the exit code. */
interface OwnCommand {
  run(args: string[]): Promise<number>;
  /** Its options, a line each, below the usage. */
  options?(): string;
}

/** One that a register brings, with its help. */
export interface CliCommand extends OwnCommand {
  help: SourceCommand['help'];
}

/** Loaded only when called for: `tocsin classify` must not pay for Kysely, nor `tocsin --help` for all of them (`config/commands.json`). */
const OWN: Record<keyof typeof COMMANDS, () => Promise<OwnCommand>> = {
  start: () => import('./start.ts'),
  check: () => import('./check.ts'),
  classify: () => import('./classify.ts'),
  replay: () => import('./replay.ts'),
  demo: () => import('./demo.ts'),
  setup: () => import('./setup.ts'),
  'test-alert': () => import('./test-alert.ts'),
  status: () => import('./status.ts'),
  incidents: () => import('./incidents.ts'),
  backup: async () => ({ run: (await import('./backup.ts')).backup }),
  restore: async () => ({ run: (await import('./backup.ts')).restore }),
  verify: async () => ({ run: (await import('./backup.ts')).verify }),
  export: async () => ({ run: (await import('./backup.ts')).backup }),
  import: async () => ({ run: (await import('./backup.ts')).restore }),
  feeds: () => import('./feeds.ts'),
  webhooks: () => import('./webhooks.ts'),
};

/** Commands that belong to a kind of source or a chat platform, by way of the registers. */
async function commandsOfKinds(): Promise<Record<string, () => Promise<CliCommand>>> {
  const [{ sourceKinds }, { adapterKinds }] = await Promise.all([
    import('../sources/index.ts'),
    import('../adapters/index.ts'),
  ]);
  const ofSources = sourceKinds
    .flatMap((kind) => Object.entries(kind.commands ?? {}))
    .map(([name, load]) => [name, () => withDeps(load)] as const);
  const ofAccounts = adapterKinds.flatMap(({ platform, commands = {} }) =>
    Object.entries(commands).map(([name, load]) => [name, () => aboutAccount(platform, load)] as const),
  );
  return Object.fromEntries([...ofSources, ...ofAccounts]);
}

async function aboutAccount(platform: string, load: () => Promise<{ command: AccountCommand<unknown> }>) {
  const [{ command }, { asCommand }] = await Promise.all([load(), import('./account-command.ts')]);
  return asCommand(platform, command);
}

async function withDeps(load: () => Promise<SourceCommand>): Promise<CliCommand> {
  const [command, { commandDeps }] = await Promise.all([load(), import('./source-command.ts')]);
  return {
    help: command.help,
    async run(args) {
      // From elsewhere is another way to look: it needs no vantage point.
      const from = command.help.usage.includes('--from') && args.some((one) => /^--from(?:=|$)/.test(one));
      if (from) return (await import('./probe-from.ts')).run(args);
      return command.run(args, commandDeps());
    },
  };
}

const EXIT_CODES =
  'Exit codes: 0 it ran, whatever it found (check, feeds test: 1 when something is wrong); 2 wrong usage or config; 1 anything else.';

async function help(): Promise<string> {
  const lines = [
    'Tocsin rings when access to a service or a network changes somewhere.',
    '',
    'Usage: tocsin COMMAND [options]',
    '',
  ];
  const brought = Object.entries(await commandsOfKinds());
  const ofKinds = await Promise.all(brought.map(async ([name, load]) => [name, (await load()).help] as const));
  for (const [name, { summary }] of [...Object.entries(COMMANDS), ...ofKinds])
    lines.push(`  ${name.padEnd(10)} ${summary}`);
  lines.push(
    '',
    'tocsin COMMAND --help tells more, tocsin --version which one this is. Example: tocsin demo',
    EXIT_CODES,
  );
  return lines.join('\n');
}

const VERSION = ['--version', '-v', '-V', 'version'];

/** `tocsin 1.0.0, Node 26.10.0, linux x64`: what a report of a fault should begin with. */
function version(): string {
  const file = new URL('../../package.json', import.meta.url);
  const own = (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
  return `tocsin ${own}, Node ${process.versions.node}, ${process.platform} ${process.arch}`;
}

/** Runs one command; resolves with its exit code. Errors for people go to stderr, one paragraph; a stack only with TOCSIN_LOG=debug. */
export async function main(argv: string[]): Promise<number> {
  const [name, ...args] = argv;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(`${await help()}\n`);
    return name === undefined ? 2 : 0;
  }
  if (VERSION.includes(name)) {
    process.stdout.write(`${version()}\n`);
    return 0;
  }
  const commands: Record<string, () => Promise<OwnCommand | CliCommand>> = Object.hasOwn(OWN, name)
    ? OWN
    : { ...OWN, ...(await commandsOfKinds()) };
  if (!Object.hasOwn(commands, name)) {
    const { nearest } = await import('../core/commands/asking/targets.ts');
    const near = nearest(name, Object.keys(commands), 3).join(', ');
    const meant = near === '' ? '' : ` Did you mean ${near}?`;
    process.stderr.write(`tocsin: unknown command "${name.slice(0, 40)}".${meant} tocsin help lists all.\n`);
    return 2;
  }
  try {
    const command = await commands[name]!();
    if (args.includes('--help') || args.includes('-h')) {
      const { usage, summary, example } = 'help' in command ? command.help : COMMANDS[name as keyof typeof COMMANDS];
      const options = command.options ? `\n\n${command.options()}` : '';
      process.stdout.write(`${summary}\n\nUsage: ${usage}${options}\n\nExample: ${example}\n${EXIT_CODES}\n`);
      return 0;
    }
    return await command.run(args);
  } catch (error) {
    return tellFailure(name, error);
  }
}

function tellFailure(name: string, error: unknown): number {
  const debug = process.env.TOCSIN_LOG?.trim().toLowerCase() === 'debug';
  const tell = (text: string): void => void process.stderr.write(`${createSecrets().redact(text)}\n`);
  // The stack and what lies behind it, for whoever asked for it.
  if (debug) tell(inspect(error));
  if (error instanceof TocsinError) {
    tell(`tocsin: ${error.message}`);
    return error.code === 'config_invalid' || error.code === 'usage' ? 2 : 1;
  }
  // parseArgs tells wrong usage by its own codes.
  if (error instanceof TypeError && String((error as { code?: string }).code).startsWith('ERR_PARSE_ARGS')) {
    tell(`tocsin ${name}: ${error.message}\nTry: tocsin ${name} --help`);
    return 2;
  }
  const text = messageOf(error);
  tell(`tocsin ${name}: a mistake of the program: ${oneLine(text)}. TOCSIN_LOG=debug shows where; please report it.`);
  return 1;
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').slice(0, 300);
