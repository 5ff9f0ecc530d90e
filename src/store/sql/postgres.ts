import { type Dialect, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely';
import type { Clock } from '../../core/ports/clock.ts';
import type { Log } from '../../core/ports/log.ts';
import type { Commits } from './postgres-commits.ts';
import { PostgresDriver, translated } from './postgres-driver.ts';
import { writerLock } from './postgres-lock.ts';
import { type Connections, openConnections } from './postgres-pool.ts';

export interface PostgresHandle {
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

export interface PostgresDeps {
  clock: Clock;
  log: Log;
  /** Sessions that stand still are ended by the server (`postgres-pool.ts`): where others wait for the same database. */
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
