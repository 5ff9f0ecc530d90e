import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const SRC = join(import.meta.dirname, '../../../src');
const cache = mkdtempSync(join(tmpdir(), 'tocsin-warm-'));
const stamp = join(cache, 'filled-from');

/** Runs `code` in a process of its own: a cache can be enabled once in each. */
function node(code: string, env: Record<string, string> = {}): string {
  const args = ['--input-type=module', '--no-warnings', '-e', code];
  const done = spawnSync(process.execPath, args, { encoding: 'utf8', env: { PATH: process.env.PATH, ...env } });
  expect(done.stderr).toBe('');
  return done.stdout.trim();
}

const from = (file: string) => JSON.stringify(join(SRC, file));

/** Fills the cache; how many files of ours were read for it. */
const fill = (): number =>
  Number(
    node(`import { enableCompileCache, registerHooks } from 'node:module';
      const { directory } = enableCompileCache(${JSON.stringify(cache)});
      const { warmCache } = await import(${from('app/warm.ts')});
      let read = 0;
      registerHooks({ load: (url, context, next) => (read++, next(url, context)) });
      await warmCache(directory);
      console.log(read);`),
  );

beforeAll(() => void fill(), 120_000);
afterAll(() => rmSync(cache, { recursive: true, force: true }));

test('after it: the parts of a start are read without the stripper of types', () => {
  const reads = `await import(${from('cli/start.ts')});
    console.log(process.moduleLoadList.some((name) => name.includes('amaro')));`;
  expect(node(reads, { NODE_COMPILE_CACHE: cache })).toBe('false');
  expect(readdirSync(cache, { recursive: true }).length).toBeGreaterThan(300);
});

test('without it: what is read needs the stripper, so the test above can fail', () => {
  const reads = `await import(${from('core/errors.ts')});
    console.log(process.moduleLoadList.some((name) => name.includes('amaro')));`;
  expect(node(reads)).toBe('true');
});

test('filled from these very files already: nothing is read', () => {
  const { mtimeMs } = statSync(stamp);
  expect(fill()).toBe(0);
  expect(statSync(stamp).mtimeMs).toBe(mtimeMs);
});

test('filled from other files, or the stamp cannot be read nor written: filled, without a word', () => {
  writeFileSync(stamp, 'other files');
  expect(fill()).toBeGreaterThan(300);
  expect(statSync(stamp).size).toBe(64);
  rmSync(stamp);
  mkdirSync(stamp);
  expect(fill()).toBeGreaterThan(300);
});
