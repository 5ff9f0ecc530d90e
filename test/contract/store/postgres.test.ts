import pg from 'pg';
import { expect, test, vi } from 'vitest';
import { openStore } from '../../../src/store/open.ts';
import { describePostgres } from './postgres.ts';
import { announced, deps, fillAll, follower, incident, NOW } from './samples.ts';

/** Cuts every connection that the store has, as a restart of the server does. */
async function cut(database: string, name: string): Promise<number> {
  const client = new pg.Client({ connectionString: database });
  await client.connect();
  const { rowCount } = await client.query(
    'select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1',
    [name],
  );
  await client.end();
  return rowCount ?? 0;
}

const named = (database: string, name: string): string => {
  const url = new URL(database);
  url.searchParams.set('application_name', name);
  return url.href;
};

describePostgres('PostgreSQL that goes away', ({ fresh }) => {
  test('connections cut: at worst an error that says so, then it works again, and the lock is held again', async () => {
    const { database, drop } = await fresh();
    const name = `cut_${process.pid}`;
    const store = await openStore(named(database, name), deps);
    await store.incidents.insert(incident());
    expect(await cut(database, name)).toBeGreaterThan(1);
    await vi.waitFor(async () => {
      const found = await store.incidents.get('RU-whatsapp-3f9k').catch((error) => {
        expect(error).toMatchObject({ code: 'store_failed' });
        return null;
      });
      expect(found).not.toBeNull();
    }, 5_000);
    await vi.waitFor(async () => expect(await lockHolders(database)).toBe(1), 5_000);
    await store.close();
    await drop();
  });

  test('connection cut in the middle of a transaction: nothing of it stays, the next one works', async () => {
    const { database, drop } = await fresh();
    const name = `mid_${process.pid}`;
    const store = await openStore(named(database, name), deps);
    const half = store.transaction(async (tables) => {
      await tables.incidents.insert(incident());
      await cut(database, name);
      await tables.incidents.insert(incident({ id: 'second' }));
    });
    await expect(half).rejects.toMatchObject({ code: 'store_failed', facts: { reason: expect.any(String) } });
    await vi.waitFor(async () => expect(await store.incidents.list({ limit: 5 })).toEqual([]), 5_000);
    await follower(store, 'a', 'RU *');
    expect(await fillAll(store, await announced(store))).toEqual([1, 0]);
    await store.close();
    await drop();
  });

  test('server that is not there: store_failed in seconds, not a hang', async () => {
    await expect(openStore('postgres://nobody@127.0.0.1:9/none', deps)).rejects.toMatchObject({
      code: 'store_failed',
      facts: { reason: 'connection lost' },
    });
  });
});

describePostgres('PostgreSQL and its plans', ({ fresh }) => {
  test('a newer process adds a column to what is read often: the next reads and writes work', async () => {
    const { database, drop } = await fresh();
    const store = await openStore(database, deps);
    await store.incidents.insert(incident());
    for (let i = 0; i < 8; i++) await store.incidents.get('RU-whatsapp-3f9k');
    await asked(database, 'alter table incidents add column later text');
    for (let i = 0; i < 8; i++) expect(await store.incidents.get('RU-whatsapp-3f9k')).not.toBeNull();
    await store.incidents.update(incident({ version: 2 }));
    expect(await store.incidents.get('RU-whatsapp-3f9k')).toMatchObject({ version: 2 });
    await store.close();
    await drop();
  });

  test('statistics of a time when nothing was queued: what is begun is looked up by its id, not by walking the queue', async () => {
    const { database, drop } = await fresh();
    const store = await openStore(database, deps);
    for (let i = 0; i < 400; i++) await follower(store, `${i}`, 'RU *');
    const alert = await announced(store);
    await fillAll(store, alert);
    const claims = await store.outbox.peek('tg', 8, NOW, []);
    await asked(database, `update deliveries set state = 2; analyze deliveries; update deliveries set state = 0`);
    const read = async (): Promise<number> => {
      const rows = await asked(
        database,
        `select pg_stat_clear_snapshot(), coalesce(sum(idx_tup_read), 0) as walked from pg_stat_user_indexes
         where schemaname = current_schema() and indexrelname in ('deliveries_queue', 'deliveries_sending')`,
      );
      return Number(rows[0]!.walked);
    };
    const before = await read();
    const begun = await store.outbox.advance(
      [],
      claims.map(({ id }) => ({ id, payload: 'x' })),
      NOW,
    );
    expect(begun).toHaveLength(8);
    await store.close();
    await vi.waitFor(async () => expect((await read()) - before).toBeLessThan(200), 3_000);
    await drop();
  });
});

async function asked(database: string, statement: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: database });
  await client.connect();
  try {
    const result = await client.query(statement);
    return (Array.isArray(result) ? result.at(-1) : result).rows;
  } finally {
    await client.end();
  }
}

async function lockHolders(database: string): Promise<number> {
  const client = new pg.Client({ connectionString: database });
  await client.connect();
  const { rows } = await client.query(
    "select count(*)::int as n from pg_locks where locktype = 'advisory' and classid = 7239002 and granted and objid = (hashtext(current_schema())::bigint & 4294967295)::oid",
  );
  await client.end();
  return rows[0].n;
}
