import { chmodSync, closeSync, fsyncSync, linkSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { setImmediate } from 'node:timers/promises';
import {
  type CompiledQuery,
  type Dialect,
  type Driver,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import { TocsinError } from '../core/errors.ts';
import type { Clock } from '../core/ports/runtime.ts';
import { onceFor } from '../core/recent.ts';
import { type StoreWatch, unwatched } from './alone.ts';
import { APPLICATION_ID, findDataFile, lockBeside, makeFolder } from './data-file.ts';
import { COMMIT_LATER, READ, isBusy, storeFailed } from './sql/session.ts';
import { plain } from './sql/values.ts';

/** SQLite waits this long inside one call for another program, ms; longer waits are `sqlite.ts`'s and do not block. */
const BUSY_TIMEOUT = 100;
/** Page cache, KiB: a fan-out appends to a few trees and walks one. */
const CACHE_KIB = 16_384;
/** Larger pages than SQLite's own: a fan-out writes long runs. Holds for new files only. */
const PAGE_SIZE = 8_192;
/** The journal is written back at this many pages (16 MB). */
const CHECKPOINT_PAGES = 2_000;
/** What a long reader let the journal grow to is given back down to this, bytes. */
const JOURNAL_KEPT = 64_000_000;

export type SqliteHandle = ReturnType<typeof openSqlite>;

/**
 * Opens a data file (made, with its directory, for this user alone) or `:memory:`. What is not ours is refused before anything is changed.
 * Throws `store_locked` while another process has it open for writing; reading beside that is allowed, and so is a word to that process (`beside`).
 * `file`: the file itself, links followed; null in memory.
 */
export function openSqlite(path: string, readOnly: boolean, beside: boolean = false) {
  if (path === ':memory:') return { db: tuned(new DatabaseSync(path), false), file: null, close: () => {} };
  const found = findDataFile(path);
  if (readOnly || beside) {
    const none = `There is no database at ${path} yet: run "tocsin start" first.`;
    if (!found.exists) throw new TocsinError('store_failed', none, { reason: 'no such file' });
    return { db: opened(found.file, readOnly), file: found.file, close: () => {} };
  }
  const { file, lock } = translated(path, () => {
    makeFolder(dirname(found.file));
    // Only now may a link among the folders that were made be known.
    const { file } = findDataFile(found.file);
    return { file, lock: lockBeside(file, path) };
  });
  using undo = new DisposableStack();
  undo.use(lock);
  translated(path, () => {
    if (!findDataFile(file).exists) create(file);
    // SQLite gives its journal files the mode of the data file.
    if ((statSync(file).mode & 0o777) !== 0o600) chmodSync(file, 0o600);
  });
  const db = opened(file, false);
  undo.move();
  return { db, file, close: () => void (lock.isOpen && lock.close()) };
}

/**
 * A new data file comes to its place whole, with our name in its header: a start that is killed leaves none that could be taken for a
 * stranger's. The lock is held, so nobody else makes one.
 */
function create(file: string): void {
  const fresh = join(dirname(file), `.${basename(file)}.new`);
  for (const name of [fresh, `${fresh}-wal`, `${fresh}-shm`, `${fresh}-journal`]) rmSync(name, { force: true });
  closeSync(openSync(fresh, 'wx', 0o600));
  {
    using db = new DatabaseSync(fresh);
    db.exec(`pragma page_size = ${PAGE_SIZE}; pragma application_id = ${APPLICATION_ID}`);
    db.exec('create table meta (key text primary key, value text not null)');
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
    const said = `The database ${path} cannot be opened for writing (${code ?? 'unexpected error'}): give the user that runs Tocsin the right to write to the file and its folder, or name another place.`;
    throw new TocsinError('store_failed', said, { reason: code ?? null }, error);
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
  using undo = new DisposableStack();
  undo.use(db);
  if (!readOnly) {
    db.exec(`pragma page_size = ${PAGE_SIZE}`);
    // Of a file from before this was written into new ones.
    if (db.prepare('pragma application_id').get()?.application_id === 0)
      db.exec(`pragma application_id = ${APPLICATION_ID}`);
    const mode = db.prepare('pragma journal_mode = wal').get()?.journal_mode;
    // With a write-ahead journal the driver waits for the disk after each commit, as `full` would (`sqlite.ts`).
    // What is deleted is overwritten where that costs no write of its own; a chat that is forgotten wholly (`chats.ts`).
    db.exec(
      `pragma synchronous = ${mode === 'wal' ? 'normal' : 'full'}; pragma wal_autocheckpoint = ${CHECKPOINT_PAGES}; pragma journal_size_limit = ${JOURNAL_KEPT}; pragma secure_delete = fast`,
    );
  }
  db.exec(`pragma foreign_keys = on; pragma cache_size = -${CACHE_KIB}; pragma temp_store = memory`);
  undo.move();
  return db;
}

/**
 * How long a statement waits for another program that holds the file, ms. SQLite's own waiting would block the event loop, so it
 * waits 100 ms at a time there and sleeps in between.
 */
const BUSY_TOTAL = 5_000;
const BUSY_SLEEP = 50;
const CACHED_STATEMENTS = 300;
/** How long queries follow each other before the event loop gets a turn, ms: they never leave it by themselves. */
const TURN = 10;

/** The write-ahead journal of a database; null where it has none (in memory, or a file system that cannot have one). */
async function openJournal(db: DatabaseSync): Promise<FileHandle | null> {
  const file = db.location();
  if (file === null) return null;
  return await open(`${file}-wal`, 'r+').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
}

/** `node:sqlite` as a Kysely dialect: one connection; Kysely queues its users. */
export function sqliteDialect(db: DatabaseSync, clock: Clock, watch: StoreWatch = unwatched): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => driverOf(db, clock, watch),
    createIntrospector: (kysely) => new SqliteIntrospector(kysely),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

function driverOf(db: DatabaseSync, clock: Clock, watch: StoreWatch): Driver {
  let journal: Promise<FileHandle | null> | null = null;
  /** The first error of the open transaction: nothing more is done in it, and it cannot be committed. */
  let broken: unknown = null;
  /** The open transaction goes to the disk with the next one (`session.ts`). */
  let later = false;
  /** The open transaction has something to commit. */
  let wrote = false;
  let turned = 0;

  const prepare = onceFor((text: string) => {
    const statement = db.prepare(text);
    // `reads`: it has rows to give.
    return { statement, reads: statement.columns().length > 0, writes: !READ.test(text) };
  }, CACHED_STATEMENTS);

  function failed(error: unknown): TocsinError {
    const failure = storeFailed(error);
    watch.failed(failure);
    return failure;
  }

  async function patiently<T>(work: () => T): Promise<T> {
    const until = clock.monotonic() + BUSY_TOTAL;
    for (;;) {
      try {
        return work();
      } catch (error) {
        if (!isBusy(error) || clock.monotonic() >= until) throw failed(error);
      }
      await clock.sleep(BUSY_SLEEP);
    }
  }

  /** The connection is held meanwhile, so a hundred commands that came at once cannot go on in each other's microtasks. */
  async function breathe(): Promise<void> {
    if (clock.monotonic() - turned < TURN) return;
    await setImmediate();
    turned = clock.monotonic();
  }

  async function closeJournal(): Promise<void> {
    const open = journal;
    journal = null;
    await (await open)?.close();
  }

  /**
   * What was committed is on the disk when this resolves. The journal is synced here, by another thread, and not by SQLite's
   * `synchronous = full`, which does the same within the commit and holds the event loop up meanwhile: no chat is answered then, and
   * no message leaves.
   */
  async function onDisk(): Promise<void> {
    try {
      journal ??= openJournal(db);
      await (await journal)?.datasync();
    } catch (error) {
      await closeJournal().catch(() => undefined);
      throw failed(error);
    }
  }

  function run<R>({ statement, reads }: ReturnType<typeof prepare>, query: CompiledQuery): QueryResult<R> {
    const values = query.parameters.map((value) =>
      typeof value === 'string' ? plain(value) : (value ?? null),
    ) as SQLInputValue[];
    if (reads) return { rows: statement.all(...values) as R[] };
    const { changes, lastInsertRowid } = statement.run(...values);
    return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) };
  }

  async function executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    if (broken !== null) throw failed(broken);
    const inside = db.isOpen && db.isTransaction;
    if (inside && query.sql === COMMIT_LATER) {
      later = true;
      return { rows: [] };
    }
    try {
      const prepared = prepare(query.sql);
      if (inside) {
        wrote ||= prepared.writes;
        return run(prepared, query);
      }
      const result = await patiently(() => run<R>(prepared, query));
      await (prepared.writes ? onDisk() : breathe());
      if (prepared.writes) watch.wrote();
      return result;
    } catch (error) {
      if (inside) broken = error;
      throw failed(error);
    }
  }

  const connection = {
    executeQuery,
    async *streamQuery<R>(query: CompiledQuery): AsyncIterableIterator<QueryResult<R>> {
      yield await executeQuery<R>(query);
    },
  };
  return {
    init: async () => {},
    acquireConnection: async () => connection,
    releaseConnection: async () => {},
    async beginTransaction() {
      broken = null;
      later = wrote = false;
      await patiently(() => db.exec('begin immediate'));
    },
    async commitTransaction() {
      if (broken !== null) throw failed(broken);
      await patiently(() => db.exec('commit'));
      if (!later) await onDisk();
      if (wrote) watch.wrote();
      await breathe();
    },
    async rollbackTransaction() {
      broken = null;
      // A full disk makes SQLite roll back by itself.
      if (db.isOpen && db.isTransaction) db.exec('rollback');
    },
    async destroy() {
      await closeJournal();
      if (db.isOpen) db.close();
    },
  };
}
