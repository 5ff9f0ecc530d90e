import { chmodSync, closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { TocsinError } from '../../core/errors.ts';
import { isBusy, storeFailed } from './errors.ts';

/** SQLite waits this long inside one call for another program, ms; longer waits are `sqlite-driver.ts`'s and do not block. */
const BUSY_TIMEOUT = 100;
/** Page cache, KiB: a fan-out appends to a few trees and walks one. */
const CACHE_KIB = 16_384;
/** Larger pages than SQLite's own: a fan-out writes long runs. Holds for new files only. */
const PAGE_SIZE = 8_192;
/** The journal is written back at this many pages (16 MB). */
const CHECKPOINT_PAGES = 2_000;

export interface SqliteHandle {
  db: DatabaseSync;
  close(): void;
}

/**
 * Opens a data file (made, with its directory, for this user alone) or `:memory:`. Throws `store_locked` while another process has it
 * open for writing; reading beside that is allowed.
 */
export function openSqlite(path: string, readOnly: boolean): SqliteHandle {
  if (path === ':memory:') return { db: tuned(new DatabaseSync(path), false), close: () => {} };
  const file = resolve(path);
  if (readOnly) {
    if (!existsSync(file))
      throw new TocsinError('store_failed', `There is no database at ${path} yet: run "tocsin start" first.`, {
        reason: 'no such file',
      });
    return { db: opened(file, true), close: () => {} };
  }
  let lock: DatabaseSync;
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    // SQLite gives its journal files the mode of the data file.
    closeSync(openSync(file, 'a', 0o600));
    chmodSync(file, 0o600);
    closeSync(openSync(`${file}.lock`, 'a', 0o600));
    lock = lockedBy(`${file}.lock`, path);
  } catch (error) {
    if (error instanceof TocsinError) throw error;
    const { code } = error as { code?: string };
    throw new TocsinError(
      'store_failed',
      `The database ${path} cannot be opened for writing (${code ?? 'unexpected error'}).`,
      { reason: code ?? null },
      error,
    );
  }
  try {
    return { db: opened(file, false), close: () => void (lock.isOpen && lock.close()) };
  } catch (error) {
    lock.close();
    throw error;
  }
}

/**
 * The writer's lock: an exclusive transaction on a file beside the data. The system drops it when the process ends in whatever way,
 * and readers of the data file do not meet it.
 */
function lockedBy(file: string, path: string): DatabaseSync {
  const lock = new DatabaseSync(file, { timeout: 0 });
  try {
    lock.exec('pragma journal_mode = memory; begin exclusive');
    return lock;
  } catch (error) {
    lock.close();
    if (!isBusy(error)) throw error;
    throw new TocsinError(
      'store_locked',
      `Another Tocsin is running on ${path}: stop it first, or give this one a database of its own (several processes on one database need PostgreSQL).`,
    );
  }
}

function opened(file: string, readOnly: boolean): DatabaseSync {
  try {
    return tuned(new DatabaseSync(file, { readOnly, timeout: BUSY_TIMEOUT }), readOnly);
  } catch (error) {
    throw storeFailed(error);
  }
}

function tuned(db: DatabaseSync, readOnly: boolean): DatabaseSync {
  try {
    if (!readOnly) {
      db.exec(`pragma page_size = ${PAGE_SIZE}`);
      const mode = db.prepare('pragma journal_mode = wal').get()?.journal_mode;
      // With a write-ahead journal the driver waits for the disk after each commit, as `full` would (`sqlite-driver.ts`).
      db.exec(
        `pragma synchronous = ${mode === 'wal' ? 'normal' : 'full'}; pragma wal_autocheckpoint = ${CHECKPOINT_PAGES}`,
      );
    }
    // What is deleted is overwritten where that costs no write of its own; a chat that is forgotten wholly (`chats.ts`).
    if (!readOnly) db.exec('pragma secure_delete = fast');
    db.exec(`pragma foreign_keys = on; pragma cache_size = -${CACHE_KIB}; pragma temp_store = memory`);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}
