import { TocsinError } from '../core/errors.ts';
import { createSecrets } from '../platform/log.ts';

/** One CLI command. `run` gets the arguments after the command's name and resolves with the exit code. */
export interface CliCommand {
  help: { usage: string; summary: string; example: string };
  run(args: string[]): Promise<number>;
}

/** Loaded only when called for: `tocsin classify` must not pay for Kysely. */
const COMMANDS: Record<string, () => Promise<CliCommand>> = {
  start: () => import('./start.ts'),
  check: () => import('./check.ts'),
  classify: () => import('./classify.ts'),
  replay: () => import('./replay.ts'),
  probe: () => import('./probe.ts'),
  agent: () => import('./agent.ts'),
  status: () => import('./status.ts'),
  incidents: () => import('./incidents.ts'),
  export: () => import('./export.ts'),
  import: () => import('./import.ts'),
};

const EXIT_CODES =
  'Exit codes: 0 it ran, whatever it found (check: 1 when something is wrong); 2 wrong usage or config; 1 anything else.';

async function help(): Promise<string> {
  const lines = [
    'Tocsin rings when access to a service or a network changes somewhere.',
    '',
    'Usage: tocsin COMMAND [options]',
    '',
  ];
  for (const [name, load] of Object.entries(COMMANDS)) {
    const { help } = await load();
    lines.push(`  ${name.padEnd(10)} ${help.summary}`);
  }
  lines.push('', 'tocsin COMMAND --help tells more. Example: tocsin replay docs/demo.jsonl', EXIT_CODES);
  return lines.join('\n');
}

/** Runs one command; resolves with its exit code. Errors for people go to stderr, one paragraph, no stack. */
export async function main(argv: string[]): Promise<number> {
  const [name, ...args] = argv;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(`${await help()}\n`);
    return name === undefined ? 2 : 0;
  }
  const load = COMMANDS[name];
  if (!load) {
    process.stderr.write(
      `tocsin: unknown command "${name.slice(0, 40)}". Commands: ${Object.keys(COMMANDS).join(', ')}.\n`,
    );
    return 2;
  }
  try {
    const command = await load();
    if (args.includes('--help') || args.includes('-h')) {
      const { usage, summary, example } = command.help;
      process.stdout.write(`${summary}\n\nUsage: ${usage}\n\nExample: ${example}\n${EXIT_CODES}\n`);
      return 0;
    }
    return await command.run(args);
  } catch (error) {
    if (error instanceof TocsinError) {
      process.stderr.write(`tocsin: ${error.message}\n`);
      return error.code === 'config_invalid' || error.code === 'usage' ? 2 : 1;
    }
    // parseArgs tells wrong usage by its own codes.
    if (error instanceof TypeError && String((error as { code?: string }).code).startsWith('ERR_PARSE_ARGS')) {
      process.stderr.write(`tocsin ${name}: ${error.message}\nTry: tocsin ${name} --help\n`);
      return 2;
    }
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(`tocsin: ${createSecrets().redact(text)}\n`);
    return 1;
  }
}
