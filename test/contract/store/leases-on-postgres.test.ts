import pg from 'pg';
import { describe, expect, test, vi } from 'vitest';
import { openStore } from '../../../src/store/open.ts';
import { sharedLeasesSuite } from './leases.suite.ts';
import { describePostgres } from './postgres.ts';
import { deps, incident, NOW } from './samples.ts';

const shared = { shared: true };
/** As `commits.ts` has it. */
const ORDER_LOCK = 7_239_003;
/** Of one that waits in vain: its patience is soon over. */
const hasty = {
  ...deps,
  clock: {
    now: deps.clock.now,
    monotonic: () => deps.clock.monotonic() * 20,
    sleep: (ms: number, signal?: AbortSignal) => deps.clock.sleep(ms / 20, signal),
  },
};

/** One statement by somebody else. */
async function ask<T extends object>(database: string, text: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: database });
  await client.connect();
  try {
    return (await client.query<T>(text)).rows;
  } finally {
    await client.end();
  }
}

const named = (database: string, name: string): string => {
  const url = new URL(database);
  url.searchParams.set('application_name', name);
  return url.href;
};
const cut = (database: string, name: string) =>
  ask(database, `select pg_terminate_backend(pid) from pg_stat_activity where application_name = '${name}'`);

describePostgres('leases on PostgreSQL', ({ fresh }) => {
  describe('shared by two processes', () =>
    sharedLeasesSuite(async () => {
      const { database, drop } = await fresh();
      const a = await openStore(database, deps, shared);
      const b = await openStore(database, deps, shared);
      return {
        a,
        b,
        silence: async () => {
          await ask(database, `update leases set until = 0 where holder = '${a.leases.processId}'`);
        },
        async close() {
          await a.close();
          await b.close();
          await drop();
        },
      };
    }));

  test('whether a bot runs on it, beside it: until the last of those that share it has ended', async () => {
    const { database, drop } = await fresh();
    const [a, b] = [await openStore(database, deps, shared), await openStore(database, deps, shared)];
    const seen = await openStore(database, deps, { readOnly: true });
    const roles = { roles: ['ingest' as const], waitsFor: [] };
    expect(await seen.inUse(), 'nobody is on the list yet').toBe(false);
    await a.leases.join(roles);
    await b.leases.join(roles);
    expect(await seen.inUse()).toBe(true);
    await a.close();
    expect([await seen.inUse(), await b.inUse()]).toEqual([true, true]);
    await b.close();
    expect(await seen.inUse()).toBe(false);
    await seen.close();
    await drop();
  });

  test('processes that were killed, and what they committed last: forgotten by the next that starts', async () => {
    const { database, drop } = await fresh();
    await (await openStore(database, deps, shared)).close();
    await ask(
      database,
      `insert into processes values ('old', '', '', '', 0, 0); insert into commits values ('old/0', 1, 0)`,
    );
    const store = await openStore(database, deps, shared);
    for (const table of ['processes', 'commits'])
      expect(JSON.stringify(await ask(database, `select * from ${table}`))).not.toContain('old');
    await store.close();
    await drop();
  });

  test('connections cut while nothing is under way: leases stay, nobody notices, and what others tell is heard again', async () => {
    const { database, drop } = await fresh();
    const name = `lease_${process.pid}`;
    const store = await openStore(named(database, name), deps, shared);
    const other = await openStore(database, deps, shared);
    const [term] = await store.leases.take(['ingest']);
    const heard = vi.fn();
    store.bus.hear('outbox', heard, new AbortController().signal);
    await cut(database, name);
    await term!.store.incidents.insert(incident());
    expect(await store.incidents.list({ limit: 5 })).toHaveLength(1);
    await vi.waitFor(() => expect(heard).toHaveBeenCalled(), 10_000);
    heard.mockClear();
    other.bus.tell('outbox');
    await vi.waitFor(() => expect(heard).toHaveBeenCalled(), 10_000);
    expect([term!.valid(), term!.signal.aborted]).toEqual([true, false]);
    await store.close();
    await other.close();
    await drop();
  });

  test('connection cut before the commit: nothing stays; while the commit is under way: as the database has it', async () => {
    const { database, drop } = await fresh();
    const name = `doubt_${process.pid}`;
    const store = await openStore(named(database, name), deps, shared);
    const half = store.transaction(async (tables) => {
      await tables.seen.add('half', ['k'], NOW);
      await cut(database, name);
    });
    await expect(half).rejects.toMatchObject({ code: 'store_failed' });
    expect((await store.seen.known('half', ['k'])).size).toBe(0);
    for (let i = 0; i < 20; i++) {
      const writing = store.transaction((tables) => tables.seen.add('s', [`k${i}`], NOW));
      const [outcome] = await Promise.allSettled([writing, cut(database, name)]);
      expect((await store.seen.known('s', [`k${i}`])).size).toBe(outcome.status === 'fulfilled' ? 1 : 0);
    }
    await store.close();
    await drop();
  });

  test('the wall clock leaps, as where a machine was paused: not valid at once, until the next renewal has shown that all is well', async () => {
    const { database, drop } = await fresh();
    let leap = 0;
    const clock = { ...deps.clock, now: () => NOW + leap };
    const store = await openStore(database, { ...deps, clock }, shared);
    const [term] = await store.leases.take(['ingest']);
    expect(term!.valid()).toBe(true);
    leap = 3_600_000;
    expect([term!.valid(), term!.signal.aborted]).toEqual([false, false]);
    await vi.waitFor(() => expect(term!.valid()).toBe(true), 10_000);
    await store.close();
    await drop();
  });

  test('a role whose transactions are "repeatable read" by default: what was taken while a write waited for its turn is seen all the same', async () => {
    const { database, drop } = await fresh();
    const url = new URL(database);
    const isolation = '-cdefault_transaction_isolation=repeatable\\ read';
    url.searchParams.set('options', `${url.searchParams.get('options')} ${isolation}`);
    const store = await openStore(url.href, deps, shared);
    const [term] = await store.leases.take(['ingest']);
    const other = new pg.Client({ connectionString: database });
    await other.connect();
    await other.query(`begin; select pg_advisory_xact_lock(${ORDER_LOCK}, hashtext(current_schema()))`);
    const writing = term!.store.seen.add('stale', ['k'], NOW).then(
      () => 'written',
      (error) => error.code as string,
    );
    const waits = `select 1 from pg_locks where locktype = 'advisory' and classid = ${ORDER_LOCK} and not granted`;
    await vi.waitFor(async () => expect((await other.query(waits)).rowCount).toBe(1), 3_000);
    await other.query("update leases set epoch = epoch + 1, holder = 'somebody else'; commit");
    expect(await writing).toBe('lease_lost');
    expect((await store.seen.known('stale', ['k'])).size).toBe(0);
    await other.end();
    await store.close();
    await drop();
  });

  test.each(['40001', '40P01'])(
    'in conflict with somebody outside (%s): what may be done twice is; what others count on happening once is left to them',
    async (state) => {
      const { database, drop } = await fresh();
      const store = await openStore(database, deps, shared);
      const [term] = await store.leases.take(['ingest']);
      // A sequence goes on, whatever is rolled back.
      await ask(
        database,
        `create sequence conflicts; create function conflict() returns trigger language plpgsql as $$ begin
         if nextval('conflicts') % 3 <> 0 then raise exception 'in conflict' using errcode = '${state}'; end if; return null; end $$;
       create trigger conflict after insert on seen for each statement execute function conflict();
       create trigger conflict after insert on notices for each statement execute function conflict()`,
      );
      await term!.store.seen.add('s', ['k'], NOW);
      expect((await store.seen.known('s', ['k'])).size).toBe(1);
      // A transaction of the store's own: all of it, once.
      expect(await store.notices.toAll('n', { kind: 'board' }, NOW)).toBe(true);
      expect(await ask(database, 'select 1 from broadcasts')).toHaveLength(1);
      // Somebody's: they may have noted things on the way.
      let runs = 0;
      const once = store.transaction(async (tables) => {
        runs++;
        await tables.seen.add('once', ['k'], NOW);
      });
      await expect(once).rejects.toMatchObject({ code: 'store_failed', facts: { detail: state } });
      expect([runs, (await store.seen.known('once', ['k'])).size]).toEqual([1, 0]);
      await store.close();
      await drop();
    },
  );

  test('a tool that needs the database alone: told who lives; a process beside a tool: refused until it is done', async () => {
    const { database, drop } = await fresh();
    const running = await openStore(database, deps, shared);
    await running.leases.join({ roles: ['ingest'], waitsFor: [] });
    await expect(openStore(database, hasty)).rejects.toMatchObject({
      code: 'store_locked',
      message: expect.stringContaining(`:${process.pid})`),
    });
    await running.close();
    const alone = await openStore(database, deps);
    await expect(openStore(database, hasty, shared)).rejects.toMatchObject({ code: 'store_locked' });
    await alone.close();
    await (await openStore(database, deps, shared)).close();
    await drop();
  });

  test('many start at once on an empty database: it is migrated once, and all of them run', async () => {
    const { database, drop } = await fresh();
    const stores = await Promise.all(Array.from({ length: 4 }, () => openStore(database, deps, shared)));
    const taken = await Promise.all(stores.map((store) => store.leases.take(['ingest'])));
    expect(taken.flat()).toHaveLength(1);
    await Promise.all(stores.map((store) => store.close()));
    await drop();
  });

  test('older database on which an older process lives: not migrated under its feet', async () => {
    const { database, drop } = await fresh();
    const older = await openStore(database, deps, shared);
    await older.leases.join({ roles: ['web'], waitsFor: [] });
    await ask(database, `update meta set value = '8' where key = 'schema'`);
    await expect(openStore(database, hasty, shared)).rejects.toMatchObject({
      code: 'store_locked',
      message: expect.stringMatching(/older version.*:\d+\).*stop it/s),
    });
    await older.close();
    await drop();
  });
});
