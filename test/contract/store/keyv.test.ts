import { join } from 'node:path';
import { Keyv, type KeyvStorageAdapter, keyvStorageCapability } from 'keyv';
import { Kysely } from 'kysely';
import { describe, expect, test } from 'vitest';
import { SqlKeyvStorage } from '../../../src/store/keyv.ts';
import { openPostgres } from '../../../src/store/postgres/open.ts';
import { migrate } from '../../../src/store/sql/migrate.ts';
import type { Schema } from '../../../src/store/sql/schema.ts';
import { outerSession, type Session } from '../../../src/store/sql/session.ts';
import { quietLog as quiet } from '../../fakes/fake-log.ts';
import { describePostgres } from './postgres.ts';
import { clock } from './samples.ts';
import { storeWithParts, tempDir } from './sqlite-parts.ts';

/** Keyv's own contract of a storage adapter: absolute ends, namespaces, many at a time, an iterator over any number. */
function keyvSuite(session: () => Promise<Session>): void {
  const storage = async (namespace?: string, now?: () => number) => new SqlKeyvStorage(await session(), namespace, now);
  const keyvOn = (store: SqlKeyvStorage) => new Keyv({ store: store as unknown as KeyvStorageAdapter });

  test('declared as a Keyv 6 storage with absolute ends: used without a bridge', async () => {
    const store = await storage('ns');
    expect(store.capabilities).toEqual(keyvStorageCapability(store));
    expect(store.capabilities).toMatchObject({ compatible: true, store: 'keyvStorage', expires: true });
    expect(keyvOn(store).store).toBe(store);
  });

  test('set, get, has, delete: as a map; overwriting wins', async () => {
    const keyv = keyvOn(await storage('basic'));
    expect(await keyv.set('k', { deep: ['x', 1, null] })).toBe(true);
    await keyv.set('k', 'new');
    expect(await keyv.get('k')).toBe('new');
    expect(await keyv.has('k')).toBe(true);
    expect(await keyv.delete('k')).toBe(true);
    expect(await keyv.delete('k')).toBe(false);
    expect(await keyv.get('k')).toBeUndefined();
  });

  test('end reached: a miss from the adapter itself; no end: kept', async () => {
    let now = 1_000;
    const store = await storage('ttl', () => now);
    await store.set('a', 'v', 2_000);
    await store.set('b', 'v');
    expect(await store.getMany(['a', 'b', 'c'])).toEqual(['v', 'v', undefined]);
    now = 2_000;
    expect(await store.getMany(['a', 'b'])).toEqual([undefined, 'v']);
    expect(await store.has('a')).toBe(false);
  });

  test('many at once: answers in the order of the keys, the last one wins', async () => {
    const store = await storage('many');
    expect(
      await store.setMany([
        { key: 'a', value: '1' },
        { key: 'b', value: '2' },
        { key: 'a', value: '3' },
      ]),
    ).toEqual([true, true, true]);
    expect(await store.getMany(['b', 'x', 'a'])).toEqual(['2', undefined, '3']);
    expect(await store.hasMany(['x', 'a'])).toEqual([false, true]);
    expect(await store.deleteMany(['a', 'x'])).toEqual([true, false]);
  });

  test('namespaces: apart, and cleared apart', async () => {
    const one = await storage('one');
    const two = await storage('two');
    await one.set('k', '1');
    await two.set('k', '2');
    await one.clear();
    expect(await one.get('k')).toBeUndefined();
    expect(await two.get('k')).toBe('2');
  });

  test('iterator: every live entry once, over many pages', async () => {
    const store = await storage('walk');
    await store.setMany(Array.from({ length: 1_000 }, (_, i) => ({ key: `k${i}`, value: String(i) })));
    await store.set('dead', 'x', 1);
    const seen = new Map<string, string>();
    for await (const [key, value] of store.iterator()) seen.set(key, value);
    expect(seen.size).toBe(1_000);
    expect(seen.get('k999')).toBe('999');
  });
}

describe('Keyv on SQLite', () => keyvSuite(async () => (await storeWithParts(join(tempDir(), 'tocsin.db'))).session));

describePostgres('Keyv on PostgreSQL', ({ reused }) => {
  let made: Promise<Session> | null = null;
  keyvSuite(async () => {
    made ??= (async () => {
      const { database } = await reused();
      const { dialect } = await openPostgres(database, { clock, log: quiet });
      const db = new Kysely<Schema>({ dialect: dialect() });
      await migrate('postgres', db, quiet);
      return outerSession('postgres', db, clock);
    })();
    return made;
  });
});

test('failing store: a miss and one error event, never an exception', async () => {
  const { session, raw } = await storeWithParts(join(tempDir(), 'tocsin.db'));
  const keyv = new Keyv({ store: new SqlKeyvStorage(session, 'x') as unknown as KeyvStorageAdapter });
  let errors = 0;
  keyv.on('error', () => errors++);
  await keyv.set('k', 1);
  raw.exec('alter table cache rename to lost');
  expect(await keyv.get('k')).toBeUndefined();
  expect(await keyv.set('k', 2)).toBe(false);
  expect(errors).toBe(2);
  raw.exec('alter table lost rename to cache');
  expect(await keyv.get('k')).toBe(1);
});
