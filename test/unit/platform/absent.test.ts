import { globSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, posix, resolve, sep } from 'node:path';
import { collectDefaultMetrics, Counter, Registry } from 'prom-client';
import { describe, expect, test } from 'vitest';

/** vendor/absent: packages that only unused parts of others ask for. Each asking package must find the stand-in, load with it, and work. */
const require = createRequire(import.meta.url);
// Beside the installed packages, which a second working tree may borrow by a link.
const vendor = resolve(realpathSync(resolve(import.meta.dirname, '../../../node_modules')), '../vendor/absent');
const folders = readdirSync(vendor, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => ({ folder: name, ...JSON.parse(readFileSync(resolve(vendor, name, 'package.json'), 'utf8')) }));
const ASKING = ['matrix-bot-sdk', 'prom-client'];

test('package.json names what our own code imports, and no stand-in: those are workspaces, each folder of vendor/', () => {
  const root = resolve(vendor, '../..');
  const { dependencies, workspaces } = JSON.parse(readFileSync(resolve(root, 'package.json'), 'utf8'));
  const code = globSync('src/**/*.ts', { cwd: root }).map((file) => readFileSync(resolve(root, file), 'utf8'));
  const imported = (name: string) => code.some((text) => text.includes(`'${name}'`) || text.includes(`'${name}/`));
  expect(Object.keys(dependencies).filter((name) => !imported(name))).toEqual([]);
  const manifests = globSync('vendor/**/package.json', { cwd: root }).map((file) =>
    posix.dirname(file.replaceAll(sep, '/')),
  );
  const named = globSync(workspaces as string[], { cwd: root }).filter((path) =>
    statSync(resolve(root, path)).isDirectory(),
  );
  expect(named.map((path) => path.replaceAll(sep, '/')).sort()).toEqual(manifests.sort());
});

describe.each(folders.filter(({ main }) => main))('$name', ({ folder, name }) => {
  test('from each package that asks for it: the stand-in', () => {
    const asking = ASKING.map((one) => ({ one, from: createRequire(require.resolve(one)) })).filter(({ one, from }) => {
      const manifest = JSON.parse(readFileSync(resolve(folderOf(one), 'package.json'), 'utf8'));
      return name in manifest.dependencies && from.resolve(name);
    });
    expect(asking.length).toBeGreaterThan(0);
    for (const { from } of asking) expect(from.resolve(name)).toBe(resolve(vendor, folder, 'index.cjs'));
  });

  test('names may be read of it; a call, also of what was read, says what is missing', () => {
    const standIn = require(name);
    const { some } = standIn;
    for (const act of [() => standIn(), () => new standIn(), () => some.deeper(), () => new some()])
      expect(act).toThrow(`${name} is not installed`);
  });
});

test('matrix-bot-sdk loads as a whole; the parts that miss something say so', async () => {
  const { Appservice, LogService, MatrixClient, SimpleFsStorageProvider } = await import('matrix-bot-sdk');
  expect([typeof MatrixClient, typeof LogService]).toEqual(['function', 'function']);
  expect(() => new SimpleFsStorageProvider('x.json')).toThrow('lowdb is not installed');
  expect(() => new Appservice({ registration: {} } as never)).toThrow(/express is not installed/);
});

test('prom-client counts, and tells about the process', async () => {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  new Counter({ name: 'rings', help: 'Rings', registers: [registry] }).inc(3);
  const page = await registry.metrics();
  expect(page).toContain('rings 3');
  expect(page).toMatch(/process_cpu_user_seconds_total \d/);
});

/** A package may not export its package.json: its folder is the one with its name. */
function folderOf(name: string): string {
  let at = require.resolve(name);
  while (basename(at) !== name) at = resolve(at, '..');
  return at;
}
