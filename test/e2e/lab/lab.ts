import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { shared } from '../../fakes/shared.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const HERE = import.meta.dirname;
/** The lab beside the repo, else the copy that comes with it. */
const LAB = shared('lab/lab') ?? join(ROOT, 'test/fakes/lab/lab');
export const NODE = process.execPath;
export const MAIN = join(ROOT, 'src/main.ts');

export interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

export const execute = (
  command: string,
  args: string[],
  env: Record<string, string> = {},
  timeout = 180_000,
): Promise<Ran> =>
  new Promise((resolve) => {
    execFile(
      command,
      args,
      { env: { ...process.env, ...env }, timeout, maxBuffer: 64 << 20, cwd: ROOT },
      (error, stdout, stderr) => {
        resolve({ code: error ? (typeof error.code === 'number' ? error.code : 1) : 0, stdout, stderr });
      },
    );
  });

/** Why the lab cannot run here, or null. */
export async function labProblem(): Promise<string | null> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'needs root on Linux (network namespaces)';
  const missing: string[] = [];
  for (const tool of ['ip', 'nft', 'unbound', 'nginx', 'openssl', 'python3']) {
    if ((await execute('sh', ['-c', `command -v ${tool}`])).code !== 0) missing.push(tool);
  }
  if (missing.length > 0) return `needs ${missing.join(', ')}`;
  const probe = `tocsin-try-${process.pid}`;
  const made = await execute('ip', ['netns', 'add', probe]);
  await execute('ip', ['netns', 'del', probe]);
  return made.code === 0 ? null : 'needs network namespaces';
}

/** One miniature internet of its own; several run side by side. */
export class Lab {
  readonly prefix: string;
  readonly folder: string;
  readonly #env: Record<string, string>;

  private constructor(prefix: string, folder: string) {
    this.prefix = prefix;
    this.folder = folder;
    this.#env = { LAB_PREFIX: prefix, LAB_STATE: join(folder, 'state'), LAB_EXTRA: join(HERE, 'extra.py') };
  }

  static async up(name: string): Promise<Lab> {
    const folder = await mkdtemp(join(tmpdir(), `tocsin-lab-${name}-`));
    // By chance, not by process: several clones (and containers with process ids of their own) may share one machine.
    const lab = new Lab(`t${randomBytes(3).toString('hex').slice(1)}${name}`, folder);
    // The lab waits a fixed time for its own daemons: on a machine that is busy with other tests it may need another try.
    for (let tries = 3; ; tries--) {
      try {
        await lab.lab('up');
        break;
      } catch (error) {
        await lab.lab('down').catch(() => undefined);
        if (tries <= 1) throw error;
      }
    }
    await writeFile(lab.vantage, await lab.lab('env'));
    return lab;
  }

  get vantage(): string {
    return join(this.folder, 'vantage.json');
  }

  async lab(...args: string[]): Promise<string> {
    const ran = await execute('python3', [LAB, ...args], this.#env);
    if (ran.code !== 0) throw new Error(`lab ${args.join(' ')}: ${ran.stderr || ran.stdout}`);
    return ran.stdout;
  }

  scenario(name: string, service: string, ...more: string[]): Promise<string> {
    return this.lab('scenario', name, service, ...more);
  }

  /** A command inside the censored client. */
  exec(...command: string[]): Promise<Ran> {
    return execute('python3', [LAB, 'exec', '--', ...command], this.#env);
  }

  /** `tocsin ARGS` inside the censored client. */
  tocsin(...args: string[]): Promise<Ran> {
    return this.exec(NODE, MAIN, ...args);
  }

  /** A program that goes on, in the client or beyond the censor; end it by its own pid. */
  start(
    where: 'client' | 'internet',
    command: string[],
    env: Record<string, string> = {},
    stdin: 'ignore' | 'pipe' = 'ignore',
  ): ChildProcess {
    const netns = `${this.prefix}-${where === 'client' ? 'cli' : 'srv'}`;
    return spawn('ip', ['netns', 'exec', netns, ...command], {
      env: { ...process.env, ...env },
      cwd: ROOT,
      stdio: [stdin, 'pipe', 'pipe'],
    });
  }

  async probe(...args: string[]): Promise<Record<string, unknown>[]> {
    const ran = await this.tocsin('probe', ...args, '--vantage', this.vantage, '--json');
    if (ran.code !== 0) throw new Error(`probe ended with ${ran.code}: ${ran.stderr.slice(-2_000)}`);
    return ran.stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  async down(): Promise<void> {
    await this.lab('down').catch(() => undefined);
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** A key and a certificate of its own for this address of the lab's internet, in the lab's folder. */
export async function certify(lab: Lab, address: string): Promise<{ key: string; cert: string }> {
  const made = { key: join(lab.folder, 'key.pem'), cert: join(lab.folder, 'cert.pem') };
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
  const names = ['-subj', '/CN=centre', '-addext', `subjectAltName=IP:${address}`];
  const ran = await execute('openssl', ['req', '-x509', ...curve, ...names, '-keyout', made.key, '-out', made.cert]);
  if (ran.code !== 0) throw new Error(`openssl: ${ran.stderr}`);
  return made;
}

export interface Row {
  scenario: string;
  service: string;
  expected: string;
  accepted: string[];
  mustNot: string[];
  /** Waits for half a minute or more: left to TOCSIN_LAB_ALL=1. */
  slow: boolean;
}

const matches = (said: string, word: string): boolean => said === word || said.startsWith(`${word}:`);
const forbidden = (row: Row, said: string): boolean =>
  row.mustNot.includes('anything else') ? !matches(said, row.expected) : row.mustNot.some((w) => matches(said, w));

/** The verdict, spelled `verdict[:detail]`, is what the row expects or accepts, and nothing that it forbids. */
export const fits = (row: Row, said: string): boolean =>
  (matches(said, row.expected) || row.accepted.some((w) => matches(said, w))) && !forbidden(row, said);

export async function rowsOf(file: string): Promise<Row[]> {
  const text = await readFile(file, 'utf8');
  const words = (s: string | undefined): string[] =>
    (s ?? '')
      .split(',')
      .map((w) => w.trim())
      .filter((w) => w !== '' && w !== '-');
  return text
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((line) => {
      const [scenario = '', service = '', expected = '', accepted, mustNot, more] = line.split('\t');
      return { scenario, service, expected, accepted: words(accepted), mustNot: words(mustNot), slow: more === 'slow' };
    });
}

export const ownRows = join(HERE, 'extra.tsv');
export const labRows = existsSync(join(LAB, '..', 'scenarios.tsv')) ? join(LAB, '..', 'scenarios.tsv') : '';
