/** A program in a real pseudo-terminal (`in-terminal.py`), and somebody who types. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Compiled code, shared by all programs of all tests. */
const CACHE = join(tmpdir(), 'tocsin-test-cache');
const ROOT = join(import.meta.dirname, '..', '..');
export const NEEDS_PYTHON = 'needs python3';
export const hasPython = (): boolean => spawnSync('python3', ['--version']).status === 0;

export const ENTER = '\r';
export const CTRL_C = '\u0003';
export const SPACE = ' ';
export const DOWN = '\u001b[B';

export interface Screen {
  columns: number;
  rows: number;
}

export class Terminal {
  /** Everything that was shown, as it came. */
  raw = '';
  /** Keys that were pressed, a paste counted once. */
  keys = 0;
  readonly #child: ChildProcess;
  #seen = 0;

  constructor(args: string[], { cwd, env, screen }: { cwd: string; env: Record<string, string>; screen: Screen }) {
    const command = [process.execPath, join(ROOT, 'src/main.ts'), ...args];
    this.#child = spawn(
      'python3',
      [join(import.meta.dirname, 'in-terminal.py'), String(screen.columns), String(screen.rows), ...command],
      {
        cwd,
        env: {
          PATH: process.env.PATH ?? '',
          HOME: cwd,
          XDG_CACHE_HOME: CACHE,
          LANG: 'C.UTF-8',
          TERM: 'xterm-256color',
          ...env,
        },
        stdio: ['pipe', 'pipe', 'inherit'],
      },
    );
    this.#child.stdout!.setEncoding('utf8').on('data', (text: string) => {
      this.raw += text;
    });
  }

  /** What was shown, without colours and movements of the cursor. */
  get shown(): string {
    return plainly(this.raw);
  }

  /** Since what was waited for before, up to a place in `raw`, line ends as spaces. */
  #fresh(end = this.raw.length): string {
    return plainly(this.raw.slice(this.#seen, end)).replace(/\s+/g, ' ');
  }

  /** The first place in `raw` by which so much of what is fresh was shown: what came in the same breath is still to be waited for. */
  #placeOf(length: number): number {
    let [from, to] = [this.#seen, this.raw.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      if (this.#fresh(middle).length < length) from = middle + 1;
      else to = middle;
    }
    return to;
  }

  /** Waits until this is shown, after what was waited for before; line ends count as spaces. Fails with what is shown instead. */
  async until(pattern: RegExp, ms = 60_000): Promise<string> {
    for (const end = performance.now() + ms; ; await sleep(20)) {
      const found = pattern.exec(this.#fresh());
      if (found) {
        this.#seen = this.#placeOf(found.index + found[0].length);
        return found[1] ?? found[0];
      }
      const { exitCode, signalCode } = this.#child;
      if (exitCode !== null || signalCode !== null || performance.now() > end)
        throw new Error(
          `not shown: ${pattern} (${exitCode ?? signalCode ?? `after ${ms} ms`})\n${this.shown.slice(-3_000)}`,
        );
    }
  }

  /** One key after the other, `perKey` ms apart. */
  async type(text: string, perKey = 0): Promise<void> {
    for (const key of text) {
      this.keys++;
      this.#child.stdin!.write(key);
      await sleep(perKey);
    }
  }

  /** All at once, as from a clipboard, or one key that is several bytes. */
  press(text: string): void {
    this.keys++;
    this.#child.stdin!.write(text);
  }

  async ended(ms = 60_000): Promise<number | null> {
    const { exitCode, signalCode } = this.#child;
    if (exitCode === null && signalCode === null) await once(this.#child, 'exit', { signal: AbortSignal.timeout(ms) });
    return this.#child.exitCode;
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }
}

const plainly = (text: string): string => text.replace(/\u001b\[[0-9;?]*[A-Za-z]|\u001b[()][A-Z0-9]|\r/g, '');
