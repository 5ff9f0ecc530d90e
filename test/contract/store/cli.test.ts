import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { backup as runExport, restore as runImport } from '../../../src/cli/backup.ts';
import { openStore } from '../../../src/store/open.ts';
import { SCHEMA_VERSION } from '../../../src/store/sql/migrate.ts';
import { capturedOutput } from '../../fakes/captured-output.ts';
import { everything } from './keeping.suite.ts';
import { deps } from './samples.ts';
import { tempDir } from './sqlite-parts.ts';

async function filled(dir: string): Promise<string> {
  const file = join(dir, 'a.db');
  const store = await openStore(file, deps);
  await everything(store);
  await store.close();
  return file;
}

test('export to a file, import from it: 0, the answer on stdout, equal content', async () => {
  const dir = tempDir();
  const database = await filled(dir);
  const { out, err } = capturedOutput();
  const file = join(dir, 'x.jsonl');
  // Before it knows of the export.
  const a = await openStore(database, deps, { readOnly: true });
  const digest = await a.digest();
  await a.close();
  expect(await runExport([file, '--database', database])).toBe(0);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(await runImport([file, '--database', join(dir, 'b.db')])).toBe(0);
  expect(out.join('')).toMatch(/chats +7 [\s\S]*rows in \d+ tables\.\n[\s\S]*rows in \d+ tables\.\n/);
  expect(err).toEqual([]);
  const b = await openStore(join(dir, 'b.db'), deps);
  expect(await b.digest()).toEqual(digest);
  await b.close();
});

test('export to the pipe: stdout holds the lines alone, the answer is on stderr', async () => {
  const database = await filled(tempDir());
  const { out, err } = capturedOutput();
  expect(await runExport(['-', '--database', database])).toBe(0);
  for (const line of out.join('').trimEnd().split('\n')) expect(() => JSON.parse(line)).not.toThrow();
  expect(err.join('')).toMatch(/rows in \d+ tables/);
});

test('export while the bot runs: works beside it', async () => {
  const dir = tempDir();
  const database = await filled(dir);
  const bot = await openStore(database, deps);
  capturedOutput();
  expect(await runExport([join(dir, 'x.jsonl'), '--database', database])).toBe(0);
  await bot.close();
});

test('export where it cannot be written: an older one stays, nothing half is left', async () => {
  const dir = tempDir();
  const database = await filled(dir);
  const target = join(dir, 'folder.jsonl', 'x');
  capturedOutput();
  await expect(runExport([target, '--database', database])).rejects.toMatchObject({ code: 'usage' });
  expect(existsSync(`${target}.partial`)).toBe(false);
});

test.each([
  [[], 'usage'],
  [['a', 'b'], 'usage'],
])('import with arguments %j: wrong usage', async (args, code) => {
  await expect(runImport(args)).rejects.toMatchObject({ code });
  await expect(runExport(args)).rejects.toMatchObject({ code });
});

test('import of a missing or damaged file: an error, and no database or an empty one', async () => {
  const dir = tempDir();
  const database = join(dir, 'new.db');
  capturedOutput();
  await expect(runImport([join(dir, 'none'), '--database', database])).rejects.toMatchObject({ code: 'usage' });
  expect(existsSync(database)).toBe(false);
  const file = join(dir, 'x.jsonl');
  expect(await runExport([file, '--database', await filled(dir)])).toBe(0);
  chmodSync(file, 0o600);
  writeFileSync(file, readFileSync(file, 'utf8').slice(0, -40));
  await expect(runImport([file, '--database', database])).rejects.toMatchObject({ code: 'import_invalid' });
});

test('an older program on the database of a newer one: start, status and backup end with 1, say which schema is which, and change nothing', async () => {
  const dir = tempDir();
  const database = await filled(dir);
  const raw = new DatabaseSync(database);
  raw.exec(`update meta set value = '${SCHEMA_VERSION + 1}' where key = 'schema'`);
  raw.close();
  writeFileSync(join(dir, 'tocsin.yaml'), `database: ${database}\nsources: []\n`);
  const before = readFileSync(database);
  for (const command of [['start'], ['status'], ['backup', join(dir, 'x.jsonl')]]) {
    const { status, stderr } = spawnSync(
      process.execPath,
      ['src/tocsin.mjs', ...command, '--config', join(dir, 'tocsin.yaml')],
      { encoding: 'utf8', env: { PATH: process.env.PATH } },
    );
    const told = `of a newer version (schema ${SCHEMA_VERSION + 1}) than this Tocsin knows (${SCHEMA_VERSION})`;
    expect([status, stderr]).toEqual([1, expect.stringContaining(told)]);
  }
  expect(readFileSync(database).equals(before)).toBe(true);
  expect(existsSync(join(dir, 'x.jsonl'))).toBe(false);
}, 60_000);
