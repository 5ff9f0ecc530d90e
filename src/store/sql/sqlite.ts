import { chmodSync, closeSync, fsyncSync, linkSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { TocsinError } from '../../core/errors.ts';
import { makeFolder } from '../folders.ts';
import { APPLICATION_ID, findDataFile } from './data-file.ts';
import { lockBeside } from './data-lock.ts';
import { storeFailed } from './errors.ts';

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
  /** The file itself, links followed; null in memory. */
  file: string | null;
  close(): void;
}

/**
 * Opens a data file (made, with its directory, for this user alone) or `:memory:`. What is not ours is refused before anything is changed.
 * Throws `store_locked` while another process has it open for writing; reading beside that is allowed, and so is a word to that process (`beside`).
 */
export function openSqlite(path: string, readOnly: boolean, beside: boolean = false): SqliteHandle {
  if (path === ':memory:') return { db: tuned(new DatabaseSync(path), false), file: null, close: () => {} };
  const found = findDataFile(path);
  if (readOnly || beside) {
    if (!found.exists)
      throw new TocsinError('store_failed', `There is no database at ${path} yet: run "tocsin start" first.`, {
        reason: 'no such file',
      });
    return { db: opened(found.file, readOnly), file: found.file, close: () => {} };
  }
  const { file, lock } = translated(path, () => {
    makeFolder(dirname(found.file));
    // Only now may a link among the folders that were made be known.
    const { file } = findDataFile(found.file);
    return { file, lock: lockBeside(file, path) };
  });
  try {
    translated(path, () => {
      if (!findDataFile(file).exists) create(file);
      // SQLite gives its journal files the mode of the data file.
      if ((statSync(file).mode & 0o777) !== 0o600) chmodSync(file, 0o600);
    });
    const db = opened(file, false);
    return { db, file, close: () => void (lock.isOpen && lock.close()) };
  } catch (error) {
    lock.close();
    throw error;
  }
}

/**
 * A new data file comes to its place whole, with our name in its header: a start that is killed leaves none that could be taken for a
 * stranger's. The lock is held, so nobody else makes one.
 */
function create(file: string): void {
  const fresh = join(dirname(file), `.${basename(file)}.new`);
  for (const name of [fresh, `${fresh}-wal`, `${fresh}-shm`, `${fresh}-journal`]) rmSync(name, { force: true });
  closeSync(openSync(fresh, 'wx', 0o600));
  const db = new DatabaseSync(fresh);
  try {
    db.exec(`pragma page_size = ${PAGE_SIZE}; pragma application_id = ${APPLICATION_ID}`);
    db.exec('create table meta (key text primary key, value text not null)');
  } finally {
    db.close();
  }
  try {
    linkSync(fresh, file);
    rmSync(fresh);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw error;
    // A file system without hard links.
    renameSync(fresh, file);
  }
  syncFolder(dirname(file));
}

function syncFolder(folder: string): void {
  try {
    const fd = openSync(folder, 'r');
    fsyncSync(fd);
    closeSync(fd);
  } catch {
    // Not every system opens folders.
  }
}

function translated<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof TocsinError) throw error;
    const { code } = error as { code?: string };
    throw new TocsinError(
      'store_failed',
      `The database ${path} cannot be opened for writing (${code ?? 'unexpected error'}): give the user that runs Tocsin the right to write to the file and its folder, or name another place.`,
      { reason: code ?? null },
      error,
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
      // Of a file from before this was written into new ones.
      if (db.prepare('pragma application_id').get()?.application_id === 0)
        db.exec(`pragma application_id = ${APPLICATION_ID}`);
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
