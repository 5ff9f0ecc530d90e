import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { COLLECTOR_FLAG, asBot, isFilled } from '../../../src/begin.mjs';

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
      const { fillCache } = await import(${from('app/warm.ts')});
      let read = 0;
      registerHooks({ load: (url, context, next) => (read++, next(url, context)) });
      await fillCache(directory);
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

test('filled from what lies here: so says the stamp, until it speaks of something else or cannot be read', () => {
  expect(isFilled(cache)).toBe(true);
  const said = readFileSync(stamp, 'utf8');
  for (const other of ['', 'other files', said.replace(/^\d+/, '1'), said.replace(/\d+ (?=[^\n]*core)/, '1 ')]) {
    writeFileSync(stamp, other);
    expect(isFilled(cache)).toBe(false);
  }
  rmSync(stamp);
  expect(isFilled(cache)).toBe(false);
});

test('the stamp cannot be written: filled, without a word', () => {
  mkdirSync(stamp);
  expect(fill()).toBeGreaterThan(300);
});

test('what it is filled for: the flags of the bot have compiled code in the same folder as the process that fills it', () => {
  const folder = `import { enableCompileCache, getCompileCacheDir } from 'node:module';
    import { setFlagsFromString } from 'node:v8';
    setFlagsFromString(${JSON.stringify(COLLECTOR_FLAG)});
    enableCompileCache(${JSON.stringify(cache)});
    console.log(getCompileCacheDir());`;
  const flags = asBot(['start'], 'v26.0.0')!.args.filter((arg: string) => arg.startsWith('--'));
  const asked = "import { getCompileCacheDir } from 'node:module'; console.log(getCompileCacheDir());";
  const args = [...flags, '--input-type=module', '-e', asked];
  const env = { PATH: process.env.PATH, NODE_COMPILE_CACHE: cache };
  expect(spawnSync(process.execPath, args, { encoding: 'utf8', env }).stdout.trim()).toBe(node(folder));
});
