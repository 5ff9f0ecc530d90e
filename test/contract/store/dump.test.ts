import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Store } from '../../../src/core/ports/store.ts';
import { openStore } from '../../../src/store/open.ts';
import { everything, from } from './keeping.suite.ts';
import { describePostgres } from './postgres.ts';
import { deps, follower, NOW } from './samples.ts';
import { tempDir } from './sqlite-parts.ts';

async function exported(store: Store): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of store.dump()) lines.push(line);
  return lines;
}

async function filled(): Promise<string[]> {
  const store = await openStore(':memory:', deps);
  await everything(store);
  const lines = await exported(store);
  await store.close();
  return lines;
}

test('export and import: equal digests, and the numbers go on', async () => {
  const source = await openStore(':memory:', deps);
  await everything(source);
  const target = await openStore(join(tempDir(), 'tocsin.db'), deps);
  const digests = await target.restore(from(await exported(source)));
  expect(digests).toEqual(await source.digest());
  expect(await target.digest()).toEqual(digests);
  const known = await source.chats.addresses('tg');
  const next = await follower(target, 'new');
  for (const address of known) expect(next.id).toBeGreaterThan((await target.chats.find(address))!.id);
  await source.close();
  await target.close();
});

test.each<[string, (lines: string[]) => string[], RegExp]>([
  ['no export at all', () => ['hello'], /no export of Tocsin/],
  ['another JSON', () => ['{"a":1}'], /no export of Tocsin/],
  ['nothing', () => [], /ends too early/],
  ['cut off', (lines) => lines.slice(0, -1), /ends too early/],
  ['cut off in a line', (lines) => [...lines.slice(0, 5), lines[5]!.slice(0, 9)], /Line 6/],
  ['a row changed', (lines) => lines.map((line) => line.replace('"Ж"', '"Я"')), /do not match/],
  ['a row missing', (lines) => lines.filter((line) => !line.includes('"Ж"')), /do not match/],
  ['a table missing', (lines) => withoutTable(lines, 'silences'), /a table is missing/],
  [
    'an unknown table',
    (lines) => lines.map((line) => line.replace('{"table":"seen"', '{"table":"sqlite_schema"')),
    /unknown table/,
  ],
  [
    'an unknown column',
    (lines) => lines.map((line) => line.replace('"source_id","key"]', '"source_id","evil"]')),
    /unknown columns/,
  ],
  [
    'a text for a number',
    (lines) => lines.map((line) => (line.startsWith('[1,1,') ? line.replace('[1,', '["1",') : line)),
    /not a row of chats/,
  ],
  ['a newer format', (lines) => [lines[0]!.replace('"format":1', '"format":2'), ...lines.slice(1)], /newer Tocsin/],
  ['a newer schema', (lines) => [lines[0]!.replace(/"schema":\d+/, '"schema":999'), ...lines.slice(1)], /newer Tocsin/],
  ['more after its end', (lines) => [...lines, '{"table":"seen","columns":["at"]}'], /after the end/],
])('import of %s: refused, and the database stays empty', async (_, change, message) => {
  const store = await openStore(':memory:', deps);
  await expect(store.restore(from(change(await filled())))).rejects.toMatchObject({
    code: 'import_invalid',
    message: expect.stringMatching(message),
  });
  expect((await store.digest()).every(({ rows }) => rows === 0)).toBe(true);
  await store.close();
});

test('blank lines: ignored', async () => {
  const store = await openStore(':memory:', deps);
  expect(await store.restore(from([...(await filled()), '', '']))).toEqual(await store.digest());
  await store.close();
});

function withoutTable(lines: string[], table: string): string[] {
  const start = lines.findIndex((line) => line.startsWith(`{"table":"${table}"`));
  const end = lines.findIndex((line) => line.startsWith(`{"end":"${table}"`));
  return [...lines.slice(0, start), ...lines.slice(end + 1)];
}

describePostgres('moving to PostgreSQL and back', ({ fresh }) => {
  test('export from SQLite, import into PostgreSQL, and back: equal digests, equal files', async () => {
    const source = await openStore(':memory:', deps);
    await everything(source);
    for (let i = 0; i < 3_000; i++)
      await source.chats.ensure(
        { accountId: 'tg', chat: `n${i}`, thread: null },
        { platform: 'telegram', kind: 'private', lang: 'en', now: NOW },
      );
    const { database, drop } = await fresh();
    const target = await openStore(database, deps);
    const lines = await exported(source);
    expect(await target.restore(from(lines))).toEqual(await source.digest());
    expect(await target.digest()).toEqual(await source.digest());
    expect(await exported(target)).toEqual(lines);
    await expect(target.restore(from(lines))).rejects.toMatchObject({ code: 'import_invalid' });
    const last = (await target.chats.find({ accountId: 'tg', chat: 'n2999', thread: null }))!;
    expect((await follower(target, 'new', 'RU *')).id).toBeGreaterThan(last.id);
    await target.close();
    await drop();
    await source.close();
  });
});
