import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  PostgresAdapter,
  PostgresDriver,
  PostgresIntrospector,
  type PostgresPool,
  PostgresQueryCompiler,
  type QueryResult,
  type TransactionSettings,
} from 'kysely';
import { TocsinError } from '../../core/errors.ts';
import { PERCENT_REMEDY, percentFault } from '../../core/model/percent.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Log } from '../../core/ports/log.ts';
import { storeFailed } from './errors.ts';
import { plain } from './lists.ts';
import { writerLock } from './postgres-lock.ts';

const POOL = 6;
const CONNECT_TIMEOUT = 10_000;
const INT8 = 20;

export interface PostgresHandle {
  dialect: Dialect;
  /** True when this process now holds the writer's lock of the database (and schema); it dies with the process. */
  lock(): Promise<boolean>;
  /** Asks the server over the connection that holds the lock; false = it is lost. Never throws. */
  holdsLock(): Promise<boolean>;
  close(): Promise<void>;
}

export interface PostgresDeps {
  clock: Clock;
  log: Log;
  /** Called once when the lock, once taken, is lost; see `writerLock`. */
  onLockLost?: (() => void) | undefined;
}

/** PostgreSQL through `pg`, loaded here so that nobody else pays for it. 64-bit integers come as numbers: ours stay below 2^53. */
export async function openPostgres(url: string, deps: PostgresDeps): Promise<PostgresHandle> {
  const { clock, log } = deps;
  const malformed = percentFault(url);
  if (malformed !== null)
    throw new TocsinError('store_failed', `The address of the database ${malformed}; ${PERCENT_REMEDY}.`, {
      reason: 'malformed address',
    });
  const { default: pg } = await import('pg');
  const config = {
    connectionString: url,
    max: POOL,
    connectionTimeoutMillis: CONNECT_TIMEOUT,
    keepAlive: true,
    types: {
      // biome-ignore lint/suspicious/noExplicitAny: pg's own types leave the parsers open
      getTypeParser: (oid: number, format?: any): any =>
        oid === INT8 ? (text: string) => Number(text) : pg.types.getTypeParser(oid, format),
    },
  };
  const pool = new pg.Pool(config);
  // An idle connection that breaks tells here; the next query opens a new one, or fails and says so.
  pool.on('error', (error: Error) =>
    log.debug('Lost an idle database connection', { detail: storeFailed(error).message }),
  );
  // One that is in use tells twice, and without a listener the second would end the process: its query's error is enough.
  pool.on('connect', (client) => client.on('error', () => {}));
  const connect = async () => {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECT_TIMEOUT, keepAlive: true });
    await client.connect();
    return client;
  };
  const lock = writerLock(connect, clock, deps.onLockLost);
  return {
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new GuardedPostgresDriver(pool as unknown as PostgresPool),
      createIntrospector: (kysely) => new PostgresIntrospector(kysely),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
    lock: () => translated(() => lock.acquire()),
    holdsLock: () => lock.holds(),
    close: () => lock.release(),
  };
}

/** Kysely's driver, with our errors, text that PostgreSQL can keep, and no way to commit what an error has broken. */
class GuardedPostgresDriver implements Driver {
  readonly #inner: PostgresDriver;
  readonly #guards = new WeakMap<DatabaseConnection, GuardedConnection>();

  constructor(pool: PostgresPool) {
    this.#inner = new PostgresDriver({ pool });
  }

  init(): Promise<void> {
    return this.#inner.init();
  }

  async acquireConnection(): Promise<DatabaseConnection> {
    const connection = await translated(() => this.#inner.acquireConnection());
    let guard = this.#guards.get(connection);
    if (!guard) {
      guard = new GuardedConnection(connection);
      this.#guards.set(connection, guard);
    }
    return guard;
  }

  beginTransaction(connection: DatabaseConnection, settings: TransactionSettings): Promise<void> {
    return translated(() => this.#inner.beginTransaction(unguarded(connection), settings));
  }

  commitTransaction(connection: DatabaseConnection): Promise<void> {
    return translated(() => this.#inner.commitTransaction(unguarded(connection)));
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    // A lost connection has rolled back by itself; what broke it is what the caller should hear.
    await this.#inner.rollbackTransaction(unguarded(connection) as never).catch(() => undefined);
  }

  releaseConnection(connection: DatabaseConnection): Promise<void> {
    return this.#inner.releaseConnection(unguarded(connection) as never);
  }

  destroy(): Promise<void> {
    return this.#inner.destroy();
  }
}

class GuardedConnection implements DatabaseConnection {
  readonly inner: DatabaseConnection;

  constructor(inner: DatabaseConnection) {
    this.inner = inner;
  }

  executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    return translated(() => this.inner.executeQuery<R>({ ...query, parameters: query.parameters.map(clean) }));
  }

  async *streamQuery<R>(query: CompiledQuery): AsyncIterableIterator<QueryResult<R>> {
    yield await this.executeQuery<R>(query);
  }
}

const unguarded = (connection: DatabaseConnection): DatabaseConnection => (connection as GuardedConnection).inner;

const clean = (value: unknown): unknown => {
  if (typeof value === 'string') return plain(value);
  return Array.isArray(value) ? value.map(clean) : value;
};

async function translated<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw storeFailed(error);
  }
}
