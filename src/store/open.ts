import { Kysely } from 'kysely';
import { TocsinError } from '../core/errors.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { Ids } from '../core/ports/ids.ts';
import type { Log } from '../core/ports/log.ts';
import type { Store } from '../core/ports/store.ts';
import { assertCurrent, migrate } from './sql/migrate.ts';
import type { Schema } from './sql/schema.ts';
import { outerSession, type Session } from './sql/session.ts';
import { openSqlite } from './sql/sqlite.ts';
import { sqliteDialect } from './sql/sqlite-driver.ts';
import { sqlStore } from './sql/store.ts';

export interface StoreDeps {
  clock: Clock;
  log: Log;
  ids: Ids;
}

export interface OpenOptions {
  /** Beside a running writer, for `status`, `incidents` and `export`: nothing is locked, made or migrated. */
  readOnly?: boolean;
}

/**
 * Opens the durable store: a path or `:memory:` is SQLite, `postgres://…` is PostgreSQL. An older database is migrated. Throws
 * `store_locked` while another process writes to it, `store_newer` when a newer Tocsin has used it, else `store_failed`.
 */
export async function openStore(database: string, deps: StoreDeps, options: OpenOptions = {}): Promise<Store> {
  return /^postgres(ql)?:\/\//.test(database)
    ? openOnPostgres(database, deps, options.readOnly ?? false)
    : openOnSqlite(database, deps, options.readOnly ?? false);
}

async function openOnSqlite(path: string, { clock, log }: StoreDeps, readOnly: boolean): Promise<Store> {
  const handle = openSqlite(path, readOnly);
  const db = new Kysely<Schema>({ dialect: sqliteDialect(handle.db, clock) });
  const close = async () => {
    await db.destroy();
    // Once is enough. Kysely closes only what it has used.
    if (handle.db.isOpen) handle.db.close();
    handle.close();
  };
  try {
    await (readOnly ? assertCurrent(db) : migrate('sqlite', db, log));
  } catch (error) {
    await close();
    throw error;
  }
  const session = outerSession('sqlite', db, clock);
  const snapshot = async () => {
    if (path === ':memory:') return { session, end: async () => {} };
    const view = openSqlite(path, true);
    // The first read, not `begin`, fixes the moment.
    view.db.exec('begin; select value from meta');
    const seen = new Kysely<Schema>({ dialect: sqliteDialect(view.db, clock) });
    return { session: outerSession('sqlite', seen, clock), end: () => seen.destroy() };
  };
  return sqlStore({ session, clock, log, snapshot, close });
}

async function openOnPostgres(url: string, { clock, log }: StoreDeps, readOnly: boolean): Promise<Store> {
  const { openPostgres } = await import('./sql/postgres.ts');
  const handle = await openPostgres(url, clock, log);
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
          'Another Tocsin is running on this PostgreSQL database: stop it first, or give this one a database or schema of its own.',
        );
      await migrate('postgres', db, log);
    }
  } catch (error) {
    await close();
    throw error;
  }
  const session = outerSession('postgres', db, clock);
  const snapshot = async () => {
    const trx = await db.startTransaction().setIsolationLevel('repeatable read').setAccessMode('read only').execute();
    await trx.selectFrom('meta').select('value').execute();
    const seen: Session = { dialect: 'postgres', db: trx, atomically: (work) => work(seen) };
    return { session: seen, end: async () => void (await trx.rollback().execute()) };
  };
  return sqlStore({ session, clock, log, snapshot, close });
}
