import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..');
/** Compiled code, shared by all programs of all tests: a folder for each would compile everything anew at each start. */
const CACHE = join(tmpdir(), 'tocsin-test-cache');

/** The built program as an operator runs it, with a folder of its own for config and data. */
export class Program {
  readonly folder: string;
  /** Everything since the first start. */
  stdout = '';
  stderr = '';
  #child: ChildProcess | null = null;
  #waiting: (() => void)[] = [];
  #env: Record<string, string>;

  private constructor(folder: string, env: Record<string, string>) {
    this.folder = folder;
    this.#env = env;
  }

  /** `config` is written as JSON; relative names in it start in the program's own folder. By itself without the record of what is blocked for long. */
  static async create(config: object, env: Record<string, string> = {}): Promise<Program> {
    const folder = await mkdtemp(join(tmpdir(), 'tocsin-e2e-'));
    await writeFile(join(folder, 'tocsin.json'), JSON.stringify({ baseline: null, ...config }));
    return new Program(folder, env);
  }

  /** More variables of the environment, from the next start on. */
  extend(env: Record<string, string>): void {
    Object.assign(this.#env, env);
  }

  get configFile(): string {
    return join(this.folder, 'tocsin.json');
  }

  get pid(): number {
    return this.#child!.pid!;
  }

  /** Starts it, with more arguments, and waits for its word that it is ready; the time that took, ms. */
  async start(...more: string[]): Promise<number> {
    const began = performance.now();
    const from = this.stderr.length;
    const child = spawn(
      process.execPath,
      [join(ROOT, 'src/tocsin.mjs'), 'start', '--config', this.configFile, ...more],
      {
        cwd: this.folder,
        env: { PATH: process.env.PATH ?? '', HOME: this.folder, XDG_CACHE_HOME: CACHE, LANG: 'C.UTF-8', ...this.#env },
        stdio: ['pipe', 'pipe', 'pipe'],
      },
    );
    this.#child = child;
    child.stdout!.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text;
      this.#look();
    });
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
      this.#look();
    });
    child.on('exit', () => this.#look());
    await this.until(() => / INFO +Ready/.test(this.stderr.slice(from)), 60_000, 'ready');
    return performance.now() - began;
  }

  type(line: string): void {
    this.#child!.stdin!.write(`${line}\n`);
  }

  /** Waits for output that makes it true; fails with what was said instead. */
  async until(met: () => boolean, ms: number, what: string): Promise<void> {
    const deadline = performance.now() + ms;
    while (!met()) {
      const { exitCode, signalCode } = this.#child!;
      if (exitCode !== null || signalCode !== null)
        throw new Error(`The program ended (${exitCode ?? signalCode}) before: ${what}\n${this.tail()}`);
      const left = deadline - performance.now();
      if (left <= 0) throw new Error(`Not within ${ms} ms: ${what}\n${this.tail()}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, Math.min(left, 50));
        this.#waiting.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }

  tail(): string {
    return `stdout: ${this.stdout.slice(-1500)}\nstderr: ${this.stderr.slice(-3000)}`;
  }

  /** As the kernel does it: no handler runs. */
  async kill(): Promise<void> {
    const child = this.#child!;
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  }

  /** SIGSTOP, SIGCONT. */
  signal(name: NodeJS.Signals): void {
    this.#child!.kill(name);
  }

  /** Waits until it has ended by itself; the exit code. */
  async ended(ms: number): Promise<number | null> {
    const child = this.#child!;
    if (child.exitCode === null && child.signalCode === null)
      await once(child, 'exit', { signal: AbortSignal.timeout(ms) });
    return child.exitCode;
  }

  /** SIGTERM; the exit code. */
  async stop(): Promise<number | null> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    child.kill('SIGTERM');
    await once(child, 'exit');
    return child.exitCode;
  }

  async remove(): Promise<void> {
    await this.kill().catch(() => undefined);
    await rm(this.folder, { recursive: true, force: true });
  }

  #look(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }
}
