/** `tocsin backup`, `verify`, `restore`: whole or not at all, also where it is killed; keys only where they are asked for. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { backup, restore, verify } from '../../../src/cli/backup.ts';
import { main } from '../../../src/cli/index.ts';
import { BACKUP } from '../../../src/core/ports/store.ts';
import { openStore } from '../../../src/store/open.ts';
import { capturedOutput } from '../../fakes/captured-output.ts';
import { everything } from './keeping.suite.ts';
import { describePostgres } from './postgres.ts';
import { deps, NOW } from './samples.ts';
import { tempDir } from './sqlite-parts.ts';

const KEY = { bucket: 'sessions', key: 'one', value: Buffer.from('a key of a room') };

async function filled(chats = 0): Promise<{ dir: string; database: string; file: string }> {
  const dir = tempDir();
  const database = join(dir, 'a.db');
  const store = await openStore(database, deps);
  await everything(store);
  await store.rows('crypto').write([KEY]);
  await store.transaction(async (tables) => {
    for (let i = 0; i < chats; i++)
      await tables.chats.ensure(
        { accountId: 'tg', chat: `n${i}`, thread: null },
        { platform: 'telegram', kind: 'private', lang: 'en', now: NOW },
      );
  });
  await store.close();
  return { dir, database, file: join(dir, 'x.jsonl') };
}

const keysOf = async (database: string): Promise<string[]> => {
  const store = await openStore(database, deps, { readOnly: true });
  const rows = await store.rows('crypto').all();
  await store.close();
  return rows.map(({ value }) => Buffer.from(value).toString());
};

test('backup, verify, restore: whole, without keys, and the database knows when', async () => {
  const { dir, database, file } = await filled();
  const { out, err } = capturedOutput();
  const before = Date.now();
  expect(await backup([file, '--database', database])).toBe(0);
  expect(out.join('')).toContain('Left out: keys');
  expect(await verify([file])).toBe(0);
  expect(await restore([file, '--database', join(dir, 'b.db')])).toBe(0);
  expect(await keysOf(join(dir, 'b.db'))).toEqual([]);
  const store = await openStore(database, deps, { readOnly: true });
  const noted = (await store.state('app').get(BACKUP)) as { at: number };
  await store.close();
  expect(noted.at).toBeGreaterThanOrEqual(before);
  expect(err).toEqual([]);
});

test('--with-keys: they are there after the restore; beside a bot that runs: refused, and no file', async () => {
  const { dir, database, file } = await filled();
  const { out } = capturedOutput();
  expect(await backup([file, '--with-keys', '--database', database])).toBe(0);
  expect(out.join('')).toContain('whoever has the file reads those rooms');
  expect(await verify([file])).toBe(0);
  expect(await restore([file, '--database', join(dir, 'b.db')])).toBe(0);
  expect(await keysOf(join(dir, 'b.db'))).toEqual(['a key of a room']);
  const bot = await openStore(database, deps);
  await bot.state('app').set('heartbeat', { at: Date.now(), pid: 1 });
  await expect(backup([join(dir, 'y'), '--with-keys', '--database', database])).rejects.toMatchObject({
    code: 'usage',
    message: expect.stringContaining('stop it first'),
  });
  expect(existsSync(join(dir, 'y'))).toBe(false);
  await bot.close();
});

test('what is written while the backup is read: not in it, and nothing waits', async () => {
  const { database } = await filled();
  const bot = await openStore(database, deps);
  const seen = await openStore(database, deps, { readOnly: true });
  const lines = seen.dump();
  const first = await lines[Symbol.asyncIterator]().next();
  await bot.state('late').set('a', 1);
  const rest: string[] = [];
  for await (const line of { [Symbol.asyncIterator]: () => lines[Symbol.asyncIterator]() }) rest.push(line);
  expect([first.value, ...rest].some((line) => String(line).includes('"late"'))).toBe(false);
  await Promise.all([bot.close(), seen.close()]);
});

test.each<[string, (text: string) => string]>([
  ['its last line is missing', (text) => text.trimEnd().split('\n').slice(0, -1).join('\n')],
  ['it is cut off in a line', (text) => text.slice(0, Math.floor(text.length / 2))],
  ['a letter is another', (text) => text.replace('"Ж"', '"Я"')],
  ['it is empty', () => ''],
  ['it is something else', () => 'hello\n'],
])('verify where %s: 1, with the reason', async (_, change) => {
  const { database, file } = await filled();
  const { err } = capturedOutput();
  expect(await main(['backup', file, '--database', database])).toBe(0);
  writeFileSync(file, change(readFileSync(file, 'utf8')));
  expect(await main(['verify', file])).toBe(1);
  expect(err.join('')).toMatch(/^tocsin: (?:Line \d+|The export ends too early)/);
});

test('kill -9 in the middle, at ten moments: the backup of before is whole in its place, a new one whole or not there', async () => {
  const { dir, database, file } = await filled(20_000);
  capturedOutput();
  expect(await backup([file, '--database', database])).toBe(0);
  const before = readFileSync(file);
  let killed = 0;
  for (let round = 0; round < 10; round++) {
    const fresh = join(dir, `fresh-${round}.jsonl`);
    const target = round % 2 === 0 ? file : fresh;
    const child = spawn(process.execPath, ['src/tocsin.mjs', 'backup', target, '--database', database], {
      stdio: 'ignore',
    });
    const gone = once(child, 'exit');
    // When it has begun to write, and then a little later each time.
    const began = Date.now();
    while (
      child.exitCode === null &&
      !readdirSync(dir).some((name) => name.endsWith('.partial')) &&
      Date.now() - began < 20_000
    )
      await new Promise((resolve) => setTimeout(resolve, 1));
    await new Promise((resolve) => setTimeout(resolve, round * 6));
    child.kill('SIGKILL');
    await gone;
    if (child.signalCode === 'SIGKILL') killed++;
    if (target === fresh && existsSync(fresh)) expect(await verify([fresh])).toBe(0);
    if (target === file) expect(await verify([file])).toBe(0);
  }
  expect(killed).toBeGreaterThan(3);
  // What lies there half has a name that nobody takes for a backup, and is none.
  for (const half of readdirSync(dir).filter((name) => name.endsWith('.partial')))
    await expect(verify([join(dir, half)])).rejects.toMatchObject({ code: 'import_invalid' });
  expect(before.length).toBeGreaterThan(1_000_000);
}, 120_000);

test('what a killed backup left: the next one to the same place takes it away, and says so; what a living process writes stays', async () => {
  const { dir, database, file } = await filled();
  const { err } = capturedOutput();
  const { pid } = spawnSync(process.execPath, ['--version']);
  for (const one of [pid, process.ppid]) writeFileSync(`${file}.${one}.partial`, 'half');
  expect(await backup([file, '--database', database])).toBe(0);
  expect(readdirSync(dir).filter((name) => name.endsWith('.partial'))).toEqual([`x.jsonl.${process.ppid}.partial`]);
  expect(err).toEqual([`Removed x.jsonl.${pid}.partial, which a backup that was killed had left.\n`]);
}, 120_000);

describePostgres('from one store to the other', ({ fresh }) => {
  test('a backup of SQLite with its keys is restored into PostgreSQL, and back: equal', async () => {
    const { dir, database, file } = await filled();
    capturedOutput();
    const { database: there, drop } = await fresh();
    expect(await backup([file, '--with-keys', '--database', database])).toBe(0);
    expect(await restore([file, '--database', there])).toBe(0);
    expect(await keysOf(there)).toEqual(['a key of a room']);
    const back = join(dir, 'back.jsonl');
    expect(await backup([back, '--with-keys', '--database', there])).toBe(0);
    const rows = (path: string) => readFileSync(path, 'utf8').split('\n').slice(1);
    expect(rows(back)).toEqual(rows(file));
    await drop();
  });
});
