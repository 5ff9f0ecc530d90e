import { dirname } from 'node:path';
import { Kysely } from 'kysely';
import type { SharedStore } from '../core/ports/leases.ts';
import type { Clock, Tools } from '../core/ports/runtime.ts';
import type { StoreFault } from '../core/ports/store.ts';
import { type StoreWatch, leasesAlone } from './alone.ts';
import { type Held, findDataFile, holdInode, isHeld, watchFile } from './data-file.ts';
import { assertCurrent, migrate } from './sql/migrate.ts';
import type { Schema } from './sql/schema.ts';
import { sessionsOf } from './sql/session.ts';
import { type Snapshot, sqlStore } from './sql/store.ts';
import { type SqliteHandle, openSqlite, sqliteDialect } from './sqlite.ts';

interface StoreDeps extends Tools {
  /** Hears of the database's failures. */
  watch?: StoreWatch;
}

export interface OpenOptions {
  /** Beside a running writer, for `status`, `incidents` and `export`: nothing is locked, made or migrated. */
  readOnly?: boolean;
  /** As `readOnly`, and a word may be left in `store.state` for the program that runs: nothing else may be written. */
  beside?: boolean;
  /**
   * On PostgreSQL: beside other processes that say so too, with leases to share the work (`store.leases`). Else alone with the database, or not at
   * all. Elsewhere it changes nothing.
   */
  shared?: boolean;
}

/**
 * Opens the durable store: a path or `:memory:` is SQLite, `postgres://…` is PostgreSQL. An older database is migrated. Throws
 * `store_locked` while another process writes to it, `store_newer` when a newer Tocsin has used it, else `store_failed`.
 */
export async function openStore(database: string, deps: StoreDeps, options: OpenOptions = {}): Promise<SharedStore> {
  const { shared = false, beside = false } = options;
  const readOnly = options.readOnly === true || beside;
  if (!/^postgres(ql)?:\/\//i.test(database)) return openOnSqlite(database, deps, readOnly, beside);
  const { openAlone, openShared } = await import('./postgres/open.ts');
  return shared && !readOnly ? openShared(database, deps) : openAlone(database, deps, readOnly);
}

async function openOnSqlite(path: string, { clock, log, watch }: StoreDeps, readOnly: boolean, beside: boolean) {
  const { handle, held } =
    readOnly || path === ':memory:'
      ? { handle: openSqlite(path, readOnly && !beside, beside), held: null }
      : await openToWrite(path);
  const db = new Kysely<Schema>({ dialect: sqliteDialect(handle.db, clock, watch) });
  const close = async () => {
    await db.destroy();
    // Once is enough. Kysely closes only what it has used.
    if (handle.db.isOpen) handle.db.close();
    handle.close();
    held?.release();
  };
  try {
    await (readOnly ? assertCurrent(db) : migrate('sqlite', db, log));
  } catch (error) {
    await close();
    throw error;
  }
  const sessions = sessionsOf('sqlite');
  const { file } = handle;
  const parts = {
    clock,
    log,
    snapshot:
      file === null ? async () => ({ session: sessions(db), end: async () => {} }) : () => snapshotOf(file, clock),
    ...(file === null ? {} : { spoolIn: [dirname(file)], verify: verifyOf(file, path) }),
    close,
  };
  const storeOf = (assertHeld?: () => void) => sqlStore({ ...parts, session: sessions(db, assertHeld) });
  // Held may mean another command, which has no heartbeat.
  const inUse = async () => (readOnly && file !== null && (await isHeld(file)) === false ? false : null);
  return { ...storeOf(), ...leasesAlone(storeOf, clock), inUse };
}

/** One moment of the file, on a connection of its own. */
async function snapshotOf(file: string, clock: Clock): Promise<Snapshot> {
  const view = openSqlite(file, true);
  // The first read, not `begin`, fixes the moment.
  view.db.exec('begin; select value from meta');
  const seen = new Kysely<Schema>({ dialect: sqliteDialect(view.db, clock) });
  const end = async () => {
    await seen.destroy();
    if (view.db.isOpen) view.db.close();
  };
  return { session: sessionsOf('sqlite')(seen), end };
}

function verifyOf(file: string, path: string): () => Promise<StoreFault | null> {
  const faultOf = watchFile(file);
  return async () => {
    const reason = faultOf();
    return reason && { reason, message: `The database file ${path} was ${reason}; ${REMEDY}` };
  };
}

const REMEDY =
  'alerts go on from what is open here, and what is stored from now on is lost when Tocsin ends. Restore a backup to that path and restart, or restart to begin anew.';

/** The file is held by its inode before anything is opened; one that is made only now has no other name yet. */
async function openToWrite(path: string): Promise<{ handle: SqliteHandle; held: Held | null }> {
  const known = findDataFile(path);
  using undo = new DisposableStack();
  const early = known.exists ? await holdInode(known.file, path) : null;
  undo.defer(() => early?.release());
  const handle = openSqlite(path, false);
  undo.defer(() => {
    handle.db.close();
    handle.close();
  });
  const held = early ?? (await holdInode(handle.file!, path));
  undo.move();
  return { handle, held };
}
