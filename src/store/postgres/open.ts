import { type Dialect, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely';
import type { Client } from 'pg';
import { TocsinError } from '../../core/errors.ts';
import type { SharedStore } from '../../core/ports/leases.ts';
import type { Clock, Log } from '../../core/ports/runtime.ts';
import type { StoreFault } from '../../core/ports/store.ts';
import { assertCurrent, migrate } from '../sql/migrate.ts';
import type { Schema } from '../sql/schema.ts';
import { outerSession, type Session, sessionsOf } from '../sql/session.ts';
import { sqlStore } from '../sql/store.ts';
import { type Commits, commitLog, NOW } from './commits.ts';
import { PostgresDriver, translated } from './driver.ts';
import { boardOf, postgresLeases, SEEN_MS } from './leases.ts';
import { type Connections, openConnections } from './pool.ts';

/** Some number that means "Tocsin writes here" among PostgreSQL's advisory locks; the schema's name is the other half of the key. */
const WRITER_LOCK = 7_239_002;
/** How long a start waits for a predecessor's connection to be noticed as dead, ms. */
const PATIENCE = 5_000;
const AGAIN = 500;
/** Dead peers are noticed within a minute, so that a machine that lost its power does not hold the lock for hours. */
const KEEPALIVE = 'set tcp_keepalives_idle = 30; set tcp_keepalives_interval = 10; set tcp_keepalives_count = 3';
/** A server that does not answer for so long, ms, will have given the lock away before we ask again: it notices a dead line in a minute. */
const ANSWER_MS = 15_000;

/** The same lock for those who share the database: they let one another in, and keep out whoever wants it alone. */
async function lockShared(client: Client, clock: Clock): Promise<boolean> {
  const until = clock.monotonic() + PATIENCE;
  for (;;) {
    const { rows } = await client.query(
      'select pg_try_advisory_lock_shared($1::int, hashtext(current_schema())) as got',
      [WRITER_LOCK],
    );
    if (rows[0]?.got === true) return true;
    if (clock.monotonic() >= until) return false;
    await clock.sleep(AGAIN);
  }
}

interface WriterLock {
  /** False when another process holds it. */
  acquire(patienceMs?: number): Promise<boolean>;
  /** Does the connection still answer? Calls `onLost` where it does not. Never throws. */
  holds(): Promise<boolean>;
  release(): Promise<void>;
}

/**
 * One writing process a database and schema, by a lock on a connection of its own: the server drops it when the process ends in whatever
 * way. A connection that is lost is the lock lost, for another process may have taken it in the same moment: `onLost` ends the program.
 * A short-lived tool that gives none goes on, and takes the lock again when it is to be had.
 */
function writerLock(connect: () => Promise<Client>, clock: Clock, onLost?: () => void): WriterLock {
  const stopped = new AbortController();
  let client: Client | null = null;
  let state: 'none' | 'held' | 'lost' | 'released' = 'none';

  const lost = () => {
    if (state !== 'held') return;
    state = 'lost';
    client = null;
    if (onLost) onLost();
    else void regain();
  };

  const regain = async () => {
    while (!stopped.signal.aborted && !(await attempt().catch(() => false)))
      await clock.sleep(AGAIN, stopped.signal).catch(() => undefined);
  };

  const attempt = async (): Promise<boolean> => {
    const next = await connect();
    next.on('error', () => {});
    try {
      await next.query(KEEPALIVE).catch(() => undefined);
      const { rows } = await next.query('select pg_try_advisory_lock($1::int, hashtext(current_schema())) as got', [
        WRITER_LOCK,
      ]);
      if (rows[0]?.got === true) {
        client = next;
        state = 'held';
        next.once('end', lost);
        return true;
      }
    } catch (error) {
      void next.end().catch(() => undefined);
      throw error;
    }
    await next.end();
    return false;
  };

  const answers = async (holder: Client): Promise<boolean> => {
    const over = new AbortController();
    const late = clock.sleep(ANSWER_MS, over.signal).then(
      () => false,
      () => false,
    );
    const asked = holder.query('select 1').then(
      () => true,
      () => false,
    );
    try {
      return await Promise.race([asked, late]);
    } finally {
      over.abort();
    }
  };

  return {
    async acquire(patienceMs = PATIENCE) {
      const until = clock.monotonic() + patienceMs;
      while (!(await attempt())) {
        if (clock.monotonic() >= until) return false;
        await clock.sleep(AGAIN);
      }
      return true;
    },
    async holds() {
      if (client === null || state !== 'held') return state === 'released';
      if (!(await answers(client))) lost();
      // `lost` and `release` may have come while the server was asked.
      return (state as string) !== 'lost';
    },
    async release() {
      const holder = client;
      state = 'released';
      stopped.abort();
      client = null;
      await holder?.end();
    },
  };
}

interface PostgresHandle {
  connections: Connections;
  dialect: Dialect;
  /** The same connections, each of whose writing transactions begins as these say. */
  numbered(commits: Commits): Dialect;
  /** True when this process now holds the writer's lock of the database (and schema); it dies with the process. */
  lock(patienceMs?: number): Promise<boolean>;
  /** Gives it back; it may be taken again. */
  unlock(): Promise<void>;
  /** Asks the server over the connection that holds the lock; false = it is lost. Never throws. */
  holdsLock(): Promise<boolean>;
  close(): Promise<void>;
}

interface PostgresDeps {
  clock: Clock;
  log: Log;
  /** Sessions that stand still are ended by the server (`pool.ts`): where others wait for the same database. */
  limited?: boolean;
  /** Called once when the lock, once taken, is lost; see `writerLock`. */
  onLockLost?: (() => void) | undefined;
}

export async function openPostgres(url: string, deps: PostgresDeps): Promise<PostgresHandle> {
  const { clock, log, limited = false } = deps;
  const connections = await openConnections(url, { log, limited });
  const connect = () => connections.connect();
  let lock = writerLock(connect, clock, deps.onLockLost);
  const dialect = (commits: Commits | null): Dialect => ({
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new PostgresDriver(connections, commits),
    createIntrospector: (kysely) => new PostgresIntrospector(kysely),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  });
  return {
    connections,
    dialect: dialect(null),
    numbered: dialect,
    lock: (patienceMs) => translated(() => lock.acquire(patienceMs)),
    async unlock() {
      await lock.release();
      lock = writerLock(connect, clock, deps.onLockLost);
    },
    holdsLock: () => lock.holds(),
    async close() {
      await lock.release();
      await connections.end();
    },
  };
}

interface PostgresStoreDeps {
  clock: Clock;
  log: Log;
  processId: string;
  onLockLost?: ((error: TocsinError) => void) | undefined;
}

/** How long a start waits for others to migrate, or to end, ms. */
const CONNECT_PATIENCE = 10_000;
const CONNECT_AGAIN = 250;

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
    const until = clock.monotonic() + CONNECT_PATIENCE;
    while (!(await isCurrent(db))) {
      if (await handle.lock(0)) {
        await migrate('postgres', db, log);
        await handle.unlock();
      } else if (clock.monotonic() >= until)
        throw new TocsinError(
          'store_locked',
          `The database is of an older version, and another Tocsin of that version is running on it${await living(handle)}: stop it, then start this one, which migrates the database.`,
        );
      else await clock.sleep(CONNECT_AGAIN);
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
