import { Kysely } from 'kysely';
import { TocsinError } from '../core/errors.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { SharedStore } from '../core/ports/leases.ts';
import type { Log } from '../core/ports/log.ts';
import type { StoreFault } from '../core/ports/store.ts';
import { SEEN_MS } from './lease-times.ts';
import { assertCurrent, migrate } from './sql/migrate.ts';
import { openPostgres, type PostgresHandle } from './sql/postgres.ts';
import { commitLog, NOW } from './sql/postgres-commits.ts';
import { boardOf, postgresLeases } from './sql/postgres-leases.ts';
import { lockShared } from './sql/postgres-lock.ts';
import type { Schema } from './sql/schema.ts';
import { outerSession, type Session, sessionsOf } from './sql/session.ts';
import { sqlStore } from './sql/store.ts';

export interface PostgresStoreDeps {
  clock: Clock;
  log: Log;
  processId: string;
  onLockLost?: ((error: TocsinError) => void) | undefined;
}

/** How long a start waits for others to migrate, or to end, ms. */
const PATIENCE = 10_000;
const AGAIN = 250;

/** Alone with the database, or beside whoever it may be to read. */
export async function openAlone(url: string, deps: PostgresStoreDeps, readOnly: boolean): Promise<SharedStore> {
  const { clock, log, onLockLost } = deps;
  const handle = await openPostgres(url, { clock, log, onLockLost: onLockLost && (() => onLockLost(lockLost())) });
  const db = new Kysely<Schema>({ dialect: handle.dialect });
  const close = async () => {
    await db.destroy();
    await handle.close();
  };
  try {
    if (readOnly) await assertCurrent(db);
    else {
      if (!(await handle.lock()))
        throw new TocsinError(
          'store_locked',
          `Another Tocsin is running on this PostgreSQL database${await living(handle)}: stop it first, or give this one a database or schema of its own.`,
        );
      await migrate('postgres', db, log);
    }
  } catch (error) {
    await close();
    throw error;
  }
  const verify = async (): Promise<StoreFault | null> =>
    readOnly || (await handle.holdsLock()) ? null : { reason: 'lock-lost', message: lockLost().message };
  const session = outerSession('postgres', db, clock);
  const store = sqlStore({ session, clock, log, snapshot: snapshotOf(db), verify, close });
  // Whoever only looks sees what the processes that run say.
  return readOnly ? { ...store, leases: { ...store.leases, list: () => boardOf(asked(handle)) } } : store;
}

const asked =
  ({ connections }: PostgresHandle): Parameters<typeof boardOf>[0] =>
  async (text) => {
    const client = await connections.acquire();
    try {
      return (await client.query(text)).rows;
    } finally {
      client.release();
    }
  };

/** Beside other processes: what is written waits its turn among all of them, and under a lease is fenced. */
export async function openShared(url: string, deps: PostgresStoreDeps): Promise<SharedStore> {
  const { clock, log, processId } = deps;
  const handle = await openPostgres(url, { clock, log, limited: true });
  const { connections } = handle;
  const commits = commitLog(connections, clock, processId);
  const sessions = sessionsOf('postgres', clock);
  const dbOf = (fence: Parameters<typeof commits.fencedBy>[0]) =>
    new Kysely<Schema>({ dialect: handle.numbered(commits.fencedBy(fence)) });
  const db = dbOf(null);
  const parts = { clock, log, snapshot: snapshotOf(db) };
  try {
    const seen = new Kysely<Schema>({ dialect: handle.dialect });
    if (!(await isCurrent(seen))) await migrated(url, deps);
    const { close: leave, ...shared } = await postgresLeases({
      connections,
      commits,
      clock,
      processId,
      lockShared: (client) => lockShared(client, clock),
      storeOf: (fence) => sqlStore({ ...parts, session: sessions(dbOf(fence)), close: async () => {} }),
    });
    const close = async () => {
      await leave();
      await db.destroy();
      await handle.close();
    };
    return sqlStore({ ...parts, session: sessions(db), shared, close });
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Brings the database to this program's schema while nobody else is there, or waits for another that does so. */
async function migrated(url: string, { clock, log }: PostgresStoreDeps): Promise<void> {
  const handle = await openPostgres(url, { clock, log });
  const db = new Kysely<Schema>({ dialect: handle.dialect });
  try {
    const until = clock.monotonic() + PATIENCE;
    while (!(await isCurrent(db))) {
      if (await handle.lock(0)) {
        await migrate('postgres', db, log);
        await handle.unlock();
      } else if (clock.monotonic() >= until)
        throw new TocsinError(
          'store_locked',
          `The database is of an older version, and another Tocsin of that version is running on it${await living(handle)}: stop it, then start this one, which migrates the database.`,
        );
      else await clock.sleep(AGAIN);
    }
  } finally {
    await db.destroy();
    await handle.close();
  }
}

async function isCurrent(db: Kysely<Schema>): Promise<boolean> {
  try {
    await assertCurrent(db);
    return true;
  } catch (error) {
    if (error instanceof TocsinError && error.facts.reason === 'not migrated') return false;
    throw error;
  }
}

/** ` (a:12, b:34)`: who was seen lately; nothing where nobody says so. */
async function living({ connections }: PostgresHandle): Promise<string> {
  try {
    const client = await connections.acquire();
    try {
      const { rows } = await client.query<{ label: string }>(
        `select label from processes where seen_at > ${NOW} - ${SEEN_MS} order by label limit 20`,
      );
      return rows.length === 0 ? '' : ` (${rows.map(({ label }) => label).join(', ')})`;
    } finally {
      client.release();
    }
  } catch {
    // Of a version that keeps no such list.
    return '';
  }
}

const snapshotOf = (db: Kysely<Schema>) => async () => {
  const trx = await db.startTransaction().setIsolationLevel('repeatable read').setAccessMode('read only').execute();
  await trx.selectFrom('meta').select('value').execute();
  const seen: Session = { dialect: 'postgres', db: trx, inside: true, atomically: (work) => work(seen) };
  return { session: seen, end: async () => void (await trx.rollback().execute()) };
};

const lockLost = (): TocsinError =>
  new TocsinError(
    'store_locked',
    'The connection that holds the lock of the PostgreSQL database was lost: Tocsin ends, so that no two write to it. Start it again; a supervisor (systemd, Docker) does so by itself.',
    { reason: 'lock lost' },
  );
