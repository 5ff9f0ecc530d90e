import { chmodSync, existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { openStore } from '../../../src/store/open.ts';
import { announced, clock, deps, fillAll, follower, incident, NOW } from './samples.ts';
import { storeWithParts, tempDir } from './sqlite-parts.ts';

const mode = (path: string) => statSync(path).mode & 0o777;

test('new data file: its folder is made, and both are for this user alone', async () => {
  const file = join(tempDir(), 'a', 'b', 'tocsin.db');
  const store = await openStore(file, deps);
  await store.incidents.insert(incident());
  for (const path of [file, `${file}-wal`, `${file}.lock`]) expect([path, mode(path)]).toEqual([path, 0o600]);
  expect(mode(join(file, '..'))).toBe(0o700);
  await store.close();
});

test('data file that others may read: closed to them at open', async () => {
  const file = join(tempDir(), 'tocsin.db');
  await (await openStore(file, deps)).close();
  chmodSync(file, 0o644);
  await (await openStore(file, deps)).close();
  expect(mode(file)).toBe(0o600);
});

test('a reader let the journal grow: given back down to 64 MB once it is written back', async () => {
  const file = join(tempDir(), 'tocsin.db');
  const { store, raw } = await storeWithParts(file);
  raw.exec('create table large (x blob)');
  using reader = new DatabaseSync(file, { readOnly: true });
  reader.exec('begin; select count(*) from large');
  for (let n = 0; n < 10; n++) raw.exec('insert into large values (zeroblob(8000000))');
  expect(statSync(`${file}-wal`).size).toBeGreaterThan(80_000_000);
  reader.exec('rollback');
  raw.exec('pragma wal_checkpoint(passive); delete from large where rowid = 1');
  expect(statSync(`${file}-wal`).size).toBeLessThanOrEqual(64_000_000);
  await store.close();
});

test('second writer on the same file: refused with the remedy; after the first has closed: let in', async () => {
  const file = join(tempDir(), 'tocsin.db');
  const first = await openStore(file, deps);
  const second = openStore(file, deps);
  await expect(second).rejects.toMatchObject({
    code: 'store_locked',
    message: expect.stringContaining('stop it first'),
  });
  await first.incidents.insert(incident());
  await first.close();
  const third = await openStore(file, deps);
  expect(await third.incidents.get('RU-whatsapp-3f9k')).not.toBeNull();
  await third.close();
});

test('reader beside a writer: sees what is committed, and cannot write', async () => {
  const file = join(tempDir(), 'tocsin.db');
  const writer = await openStore(file, deps);
  await writer.incidents.insert(incident());
  const reader = await openStore(file, deps, { readOnly: true });
  expect(await reader.incidents.list({ limit: 10 })).toHaveLength(1);
  await expect(reader.incidents.insert(incident({ id: 'x' }))).rejects.toMatchObject({ code: 'store_failed' });
  await writer.incidents.insert(incident({ id: 'RU-whatsapp-2' }));
  expect(await reader.incidents.list({ limit: 10 })).toHaveLength(2);
  await reader.close();
  await writer.close();
});

test('a word beside a writer: it reads it, and goes on writing', async () => {
  const file = join(tempDir(), 'tocsin.db');
  const writer = await openStore(file, deps);
  const beside = await openStore(file, deps, { beside: true });
  await beside.state('account/hook').set('resume', { at: 1 });
  await beside.close();
  expect(await writer.state('account/hook').get('resume')).toEqual({ at: 1 });
  await writer.incidents.insert(incident());
  await writer.close();
  await expect(openStore(join(tempDir(), 'none.db'), deps, { beside: true })).rejects.toMatchObject({
    message: expect.stringContaining('no database'),
  });
});

test('reader where there is no file: says so, and makes none', async () => {
  const file = join(tempDir(), 'none.db');
  await expect(openStore(file, deps, { readOnly: true })).rejects.toMatchObject({
    code: 'store_failed',
    message: expect.stringContaining('no database'),
  });
  expect(existsSync(file)).toBe(false);
});

test.each([
  ['a folder', (dir: string) => dir],
  ['a path below a file', (dir: string) => join(dir, 'plain.txt', 'tocsin.db')],
])('%s as the data file: store_failed, not a crash', async (_, path) => {
  const dir = tempDir();
  new DatabaseSync(join(dir, 'plain.txt')).exec('create table t (a)');
  await expect(openStore(path(dir), deps)).rejects.toMatchObject({ code: 'store_failed' });
});

test('dump beside writers: one moment of the database', async () => {
  const file = join(tempDir(), 'tocsin.db');
  const store = await openStore(file, deps);
  for (let i = 0; i < 3; i++) await follower(store, `c${i}`, 'RU *');
  const lines = store.dump()[Symbol.asyncIterator]();
  const first = await lines.next();
  const rows: string[] = [first.value];
  await follower(store, 'late', 'RU *');
  for (let next = await lines.next(); !next.done; next = await lines.next()) rows.push(next.value);
  expect(
    rows
      .filter((line) => line.startsWith('{"end":"chats"') || line.startsWith('{"end":"subscriptions"'))
      .map((line) => JSON.parse(line).rows),
  ).toEqual([3, 3]);
  await store.close();
});

test('disk full in the middle of a fan-out: store_failed, nothing half-done, goes on when there is room', async () => {
  const { store, raw } = await storeWithParts(join(tempDir(), 'tocsin.db'));
  for (let i = 0; i < 300; i++) await follower(store, `chat-${i}`, 'RU *');
  const id = await announced(store);
  const before = await store.digest();
  const pages = Number(raw.prepare('pragma page_count').get()!.page_count);
  raw.exec(`pragma max_page_count = ${pages}`);
  await expect(fillAll(store, id)).rejects.toMatchObject({ code: 'store_failed', facts: { reason: 'disk full' } });
  expect(await store.digest()).toEqual(before);
  expect(raw.isTransaction).toBe(false);
  raw.exec('pragma max_page_count = 1000000');
  expect(await fillAll(store, id)).toEqual([300, 0]);
});

test('locked by another program for a moment: waits without stopping the event loop, then does it', async () => {
  const file = join(tempDir(), 'tocsin.db');
  const { store } = await storeWithParts(file);
  const other = new DatabaseSync(file);
  other.exec('begin immediate');
  let done = false;
  const write = store.incidents.insert(incident()).then(() => {
    done = true;
  });
  // The loop turns while it waits.
  const started = performance.now();
  for (let turns = 0; turns < 6 || performance.now() - started < 400; turns++)
    await new Promise((resolve) => setTimeout(resolve, 5));
  expect(done).toBe(false);
  other.exec('rollback');
  await write;
  other.close();
});

test('locked for too long: store_failed that names it, and the next try works', async () => {
  const file = join(tempDir(), 'tocsin.db');
  let steady = 0;
  const { store } = await storeWithParts(file, { ...clock, monotonic: () => (steady += 2_000) });
  const other = new DatabaseSync(file);
  other.exec('begin immediate');
  await expect(store.incidents.insert(incident())).rejects.toMatchObject({
    code: 'store_failed',
    facts: { reason: 'locked by another program' },
  });
  other.exec('rollback');
  other.close();
  await store.incidents.insert(incident());
});

test('loop of transactions: timers and sockets get their turn', async () => {
  const { store } = await storeWithParts(join(tempDir(), 'tocsin.db'));
  let ticks = 0;
  const timer = setInterval(() => ticks++, 5);
  // Transactions are counted, not time: a process that gets no processor does nothing of both.
  for (let i = 0; ticks <= 3 && i < 5_000; i++)
    await store.seen.add('a', ['k'], NOW).then(() => store.transaction(async () => {}));
  clearInterval(timer);
  expect(ticks).toBeGreaterThan(3);
});
