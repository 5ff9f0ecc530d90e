import { randomUUID } from 'node:crypto';
import { type Dialect, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely';
import type { Client } from 'pg';
import { TocsinError } from '../../core/errors.ts';
import type { LeaseBoard, SharedStore } from '../../core/ports/leases.ts';
import type { Clock, Tools } from '../../core/ports/runtime.ts';
import { type StoreWatch, leasesAlone } from '../alone.ts';
import { assertCurrent, migrate } from '../sql/migrate.ts';
import type { Schema } from '../sql/schema.ts';
import { type Session, sessionsOf } from '../sql/session.ts';
import { sqlStore } from '../sql/store.ts';
import { type Commits, type Fence, NOW, commitLog } from './commits.ts';
import { postgresDriver } from './driver.ts';
import { SEEN_MS, boardOf, postgresLeases } from './leases.ts';
import { openConnections } from './pool.ts';

/** Some number that means "Tocsin writes here" among PostgreSQL's advisory locks; the schema's name is the other half of the key. */
const WRITER_LOCK = 7_239_002;
/** How long a start waits for a predecessor's connection to be noticed as dead, ms. */
const PATIENCE = 5_000;
const AGAIN = 500;
/** Dead peers are noticed within a minute, so that a machine that lost its power does not hold the lock for hours. */
const KEEPALIVE = 'set tcp_keepalives_idle = 30; set tcp_keepalives_interval = 10; set tcp_keepalives_count = 3';

/** Takes the lock for itself, or with those who share the database, who let one another in and keep out whoever wants it alone. False: others have it. */
async function tryLock(client: Client, how: '' | '_shared' = ''): Promise<boolean> {
  const ask = `select pg_try_advisory_lock${how}($1::int, hashtext(current_schema())) as got`;
  return (await client.query<{ got: boolean }>(ask, [WRITER_LOCK])).rows[0]?.got === true;
}

/** Tries it again and again until it is done, or for `patience` ms: then false. */
async function patiently(attempt: () => Promise<boolean>, clock: Clock, patience = PATIENCE, again = AGAIN) {
  const until = clock.monotonic() + patience;
  while (!(await attempt())) {
    if (clock.monotonic() >= until) return false;
    await clock.sleep(again);
  }
  return true;
}

/**
 * One writing process a database and schema, by a lock on a connection of its own: the server drops it when the process ends in whatever way.
 * Where the connection is lost, the lock is taken again when it is to be had.
 */
function writerLock(connect: () => Promise<Client>, clock: Clock) {
  const stopped = new AbortController();
  let holder: Client | null = null;

  async function attempt(): Promise<boolean> {
    const next = await connect();
    try {
      await next.query(KEEPALIVE).catch(() => undefined);
      if (await tryLock(next)) {
        holder = next;
        next.once('end', () => void regain(next));
        return true;
      }
    } catch (error) {
      void next.end().catch(() => undefined);
      throw error;
    }
    await next.end();
    return false;
  }

  async function regain(lost: Client): Promise<void> {
    if (holder !== lost) return;
    holder = null;
    while (!stopped.signal.aborted && !(await attempt().catch(() => false)))
      await clock.sleep(AGAIN, stopped.signal).catch(() => undefined);
  }

  return {
    /** False when another process holds it. */
    acquire: (patienceMs?: number): Promise<boolean> => patiently(attempt, clock, patienceMs),
    async release(): Promise<void> {
      const held = holder;
      holder = null;
      stopped.abort();
      await held?.end();
    },
  };
}

type PostgresHandle = Awaited<ReturnType<typeof openPostgres>>;

interface PostgresDeps extends Pick<Tools, 'clock' | 'log'> {
  watch?: StoreWatch;
  /** Sessions that stand still are ended by the server (`pool.ts`): where others wait for the same database. */
  limited?: boolean;
}

export async function openPostgres(url: string, { clock, ...deps }: PostgresDeps) {
  const connections = await openConnections(url, deps);
  const lock = writerLock(() => connections.connect(), clock);
  return {
    connections,
    /** Given `commits`, each writing transaction begins as these say. */
    dialect: (commits?: Commits): Dialect => ({
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => postgresDriver(connections, commits ?? null),
      createIntrospector: (kysely) => new PostgresIntrospector(kysely),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    }),
    /** True when this process now holds the writer's lock of the database (and schema), until `close` or its own end. */
    lock: (patienceMs?: number) => connections.translated(() => lock.acquire(patienceMs)),
    async close(): Promise<void> {
      await lock.release();
      await connections.end();
    },
  };
}

/** How long a start waits for others to migrate, or to end, ms. */
const CONNECT_PATIENCE = 10_000;
const CONNECT_AGAIN = 250;

/** Alone with the database, or beside whoever it may be to read. */
export async function openAlone(url: string, deps: PostgresDeps, readOnly: boolean): Promise<SharedStore> {
  const { clock, log } = deps;
  const handle = await openPostgres(url, deps);
  const db = new Kysely<Schema>({ dialect: handle.dialect() });
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
  const sessions = sessionsOf('postgres');
  const storeOf = (assertHeld?: () => void) =>
    sqlStore({ session: sessions(db, assertHeld), clock, log, snapshot: snapshotOf(db), close });
  const { leases, bus } = leasesAlone(storeOf, clock);
  // Whoever only looks sees what the processes that run say.
  const list = readOnly ? () => boardOf(asked(handle)) : leases.list;
  return { ...storeOf(), leases: { ...leases, list }, bus, inUse: async () => anyOf(await boardOf(asked(handle))) };
}

const anyOf = ({ processes }: LeaseBoard): boolean => processes.length > 0;

const asked =
  ({ connections }: PostgresHandle): Parameters<typeof boardOf>[0] =>
  (text) =>
    connections.lend(async (client) => (await client.query(text)).rows);

/** Beside other processes: what is written waits its turn among all of them, and under a lease is fenced. */
export async function openShared(url: string, deps: PostgresDeps): Promise<SharedStore> {
  const { clock, log } = deps;
  const processId = randomUUID();
  const handle = await openPostgres(url, { ...deps, limited: true });
  const { connections } = handle;
  const commits = commitLog(connections, clock, processId);
  const sessions = sessionsOf('postgres');
  const dbOf = (fence: Fence | null) => new Kysely<Schema>({ dialect: handle.dialect(commits.fencedBy(fence)) });
  const db = dbOf(null);
  const parts = { clock, log, snapshot: snapshotOf(db) };
  try {
    const seen = new Kysely<Schema>({ dialect: handle.dialect() });
    if (!(await isCurrent(seen))) await migrated(url, deps);
    const { leases, bus, ...held } = await postgresLeases({
      connections,
      commits,
      clock,
      processId,
      lockShared: (client) => patiently(() => tryLock(client, '_shared'), clock),
      storeOf: (fence) => sqlStore({ ...parts, session: sessions(dbOf(fence)), close: async () => {} }),
    });
    const close = async () => {
      await held.close();
      await db.destroy();
      await handle.close();
    };
    const inUse = async () => anyOf(await leases.list());
    return { ...sqlStore({ ...parts, session: sessions(db), close }), leases, bus, inUse };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Brings the database to this program's schema while nobody else is there, or waits for another that does so. */
async function migrated(url: string, { clock, log }: PostgresDeps): Promise<void> {
  const handle = await openPostgres(url, { clock, log });
  const db = new Kysely<Schema>({ dialect: handle.dialect() });
  try {
    const attempt = async (): Promise<boolean> => {
      if (await isCurrent(db)) return true;
      if (!(await handle.lock(0))) return false;
      await migrate('postgres', db, log);
      return true;
    };
    if (!(await patiently(attempt, clock, CONNECT_PATIENCE, CONNECT_AGAIN)))
      throw new TocsinError(
        'store_locked',
        `The database is of an older version, and another Tocsin of that version is running on it${await living(handle)}: stop it, then start this one, which migrates the database.`,
      );
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
async function living(handle: PostgresHandle): Promise<string> {
  try {
    const rows = await asked(handle)<{ label: string }>(
      `select label from processes where seen_at > ${NOW} - ${SEEN_MS} order by label limit 20`,
    );
    return rows.length === 0 ? '' : ` (${rows.map(({ label }) => label).join(', ')})`;
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
