/** One run of vitest, in a group of processes that ends with it, and what it came to. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { RunResult } from './reporter.ts';

const ROOT = join(import.meta.dirname, '..');
const say = (line: string): boolean => process.stdout.write(`${line}\n`);

let running: ReturnType<typeof spawn> | null = null;
function end(signal: NodeJS.Signals): void {
  try {
    if (process.platform === 'win32' || !running?.pid) running?.kill(signal);
    else process.kill(-running.pid, signal);
  } catch {
    // Gone already.
  }
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    end('SIGTERM');
    setTimeout(() => process.exit(1), 5_000).unref();
  });
}

/** Null where it ended without its result. TOCSIN_TEST_MINUTES stands above `minutes`, after which it is ended. */
export async function vitest(
  args: readonly string[],
  env: Record<string, string>,
  minutes: number,
  quiet = false,
): Promise<RunResult | null> {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-tests-'));
  const to = join(folder, 'result.json');
  const child = spawn(process.execPath, [join(ROOT, 'node_modules/vitest/vitest.mjs'), 'run', ...args], {
    cwd: ROOT,
    stdio: quiet ? 'ignore' : ['ignore', 'inherit', 'inherit'],
    // A group of its own: what hangs is ended with all that it started.
    detached: process.platform !== 'win32',
    env: {
      ...process.env,
      ...env,
      TOCSIN_TEST_RESULT: to,
      PATH: `${dirname(process.execPath)}${process.platform === 'win32' ? ';' : ':'}${process.env.PATH ?? ''}`,
    },
  });
  running = child;
  const allowed = Number(process.env.TOCSIN_TEST_MINUTES) || minutes;
  const watchdog = setTimeout(() => {
    say(`\ntests: not done after ${allowed} minutes; what still ran stands above. Ended.`);
    end('SIGTERM');
    setTimeout(() => end('SIGKILL'), 10_000).unref();
  }, allowed * 60_000);
  await new Promise<void>((resolve) => child.on('close', () => resolve()).on('error', () => resolve()));
  clearTimeout(watchdog);
  // Workers that outlived it.
  end('SIGKILL');
  running = null;
  try {
    return JSON.parse(readFileSync(to, 'utf8')) as RunResult;
  } catch {
    return null;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
