import { join } from 'node:path';
import { Keyv, type KeyvStorageAdapter } from 'keyv';
import { Kysely } from 'kysely';
import { describe, expect, test } from 'vitest';
import { keyvStorage } from '../../../src/store/keyv.ts';
import { openPostgres } from '../../../src/store/postgres/open.ts';
import { migrate } from '../../../src/store/sql/migrate.ts';
import type { Schema } from '../../../src/store/sql/schema.ts';
import { sessionsOf, type Session } from '../../../src/store/sql/session.ts';
import { quietLog as quiet } from '../../fakes/fake-log.ts';
import { describePostgres } from './postgres.ts';
import { clock } from './samples.ts';
import { storeWithParts, tempDir } from './sqlite-parts.ts';

/** What Keyv asks of a storage for what may be forgotten: absolute ends, namespaces. */
function keyvSuite(session: () => Promise<Session>): void {
  const storage = async (namespace: string, now?: () => number) => keyvStorage(await session(), namespace, now);

  test('declared as a Keyv 6 storage with absolute ends: used without a bridge', async () => {
    const store = await storage('ns');
    expect(keyvOn(store).store).toBe(store);
  });

  test('set, get, has, delete: as a map; overwriting wins', async () => {
    const keyv = keyvOn(await storage('basic'));
    expect(await keyv.set('k', { deep: ['x', 1, null] })).toBe(true);
    expect(await keyv.get('k')).toEqual({ deep: ['x', 1, null] });
    await keyv.set('k', 'new');
    expect(await keyv.get('k')).toBe('new');
    expect(await keyv.has('k')).toBe(true);
    expect(await keyv.delete('k')).toBe(true);
    expect(await keyv.delete('k')).toBe(false);
    expect(await keyv.get('k')).toBeUndefined();
  });

  test('end reached: a miss from the storage itself; no end, and no end any more: kept', async () => {
    let now = 1_000;
    const store = await storage('ttl', () => now);
    await store.set('a', 'v', 2_000);
    await store.set('b', 'v');
    await store.set('c', 'v', 2_000);
    await store.set('c', 'w');
    const got = () => Promise.all(['a', 'b', 'c', 'd'].map((key) => store.get(key)));
    expect(await got()).toEqual(['v', 'v', 'w', undefined]);
    now = 2_000;
    expect(await got()).toEqual([undefined, 'v', 'w', undefined]);
  });

  test('many at once: answers in the order of the keys, by Keyv itself', async () => {
    const keyv = keyvOn(await storage('many'));
    for (const [key, value] of Object.entries({ a: '1', b: '2' })) await keyv.set(key, value);
    expect(await keyv.get(['b', 'x', 'a'])).toEqual(['2', undefined, '1']);
  });

  test('namespaces: apart, and deleted apart', async () => {
    const one = await storage('one');
    const two = await storage('two');
    await one.set('k', '1');
    await two.set('k', '2');
    await one.delete('k');
    expect(await one.get('k')).toBeUndefined();
    expect(await two.get('k')).toBe('2');
  });
}

const keyvOn = (store: ReturnType<typeof keyvStorage>) => new Keyv({ store: store as unknown as KeyvStorageAdapter });

describe('Keyv on SQLite', () => keyvSuite(async () => (await storeWithParts(join(tempDir(), 'tocsin.db'))).session));

describePostgres('Keyv on PostgreSQL', ({ reused }) => {
  let made: Promise<Session> | null = null;
  keyvSuite(async () => {
    made ??= (async () => {
      const { database } = await reused();
      const { dialect } = await openPostgres(database, { clock, log: quiet });
      const db = new Kysely<Schema>({ dialect: dialect() });
      await migrate('postgres', db, quiet);
      return sessionsOf('postgres')(db);
    })();
    return made;
  });
});

test('failing store: a miss and one error event, never an exception', async () => {
  const { session, raw } = await storeWithParts(join(tempDir(), 'tocsin.db'));
  const keyv = keyvOn(keyvStorage(session, 'x'));
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
