import { type FileHandle, open } from 'node:fs/promises';
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { setImmediate } from 'node:timers/promises';
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import type { Clock } from '../../core/ports/clock.ts';
import { COMMIT_LATER } from './commit-later.ts';
import { isBusy, storeFailed } from './errors.ts';
import { plain } from './lists.ts';

/**
 * How long a statement waits for another program that holds the file, ms. SQLite's own waiting would block the event loop, so it
 * waits 100 ms at a time there and sleeps in between.
 */
const BUSY_TOTAL = 5_000;
const BUSY_SLEEP = 50;
const CACHED_STATEMENTS = 300;
/** How long queries follow each other before the event loop gets a turn, ms: they never leave it by themselves. */
const TURN = 10;
/** Words that begin what changes nothing. */
const READ = /^\s*(select|explain|pragma)\b/i;

interface Prepared {
  statement: StatementSync;
  /** Has rows to give. */
  reads: boolean;
  writes: boolean;
}

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
export function sqliteDialect(db: DatabaseSync, clock: Clock): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new NodeSqliteDriver(db, clock),
    createIntrospector: (kysely) => new SqliteIntrospector(kysely),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

class NodeSqliteDriver implements Driver {
  readonly #db: DatabaseSync;
  readonly #connection: NodeSqliteConnection;

  constructor(db: DatabaseSync, clock: Clock) {
    this.#db = db;
    this.#connection = new NodeSqliteConnection(db, clock);
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    return this.#connection;
  }

  async releaseConnection(): Promise<void> {}

  beginTransaction(): Promise<void> {
    return this.#connection.begin();
  }

  commitTransaction(): Promise<void> {
    return this.#connection.commit();
  }

  async rollbackTransaction(): Promise<void> {
    this.#connection.rollback();
  }

  async destroy(): Promise<void> {
    await this.#connection.close();
    if (this.#db.isOpen) this.#db.close();
  }
}

class NodeSqliteConnection implements DatabaseConnection {
  readonly #db: DatabaseSync;
  readonly #clock: Clock;
  readonly #statements = new Map<string, Prepared>();
  #journal: Promise<FileHandle | null> | null = null;
  /** The first error of the open transaction: nothing more is done in it, and it cannot be committed. */
  #broken: unknown = null;
  /** The open transaction goes to the disk with the next one (`commit-later.ts`). */
  #later = false;
  #turned = 0;

  constructor(db: DatabaseSync, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
  }

  async begin(): Promise<void> {
    this.#broken = null;
    this.#later = false;
    await this.#patiently(() => this.#db.exec('begin immediate'));
  }

  async commit(): Promise<void> {
    if (this.#broken !== null) throw storeFailed(this.#broken);
    await this.#patiently(() => this.#db.exec('commit'));
    await (this.#later ? this.#breathe() : this.#onDisk());
  }

  rollback(): void {
    this.#broken = null;
    // A full disk makes SQLite roll back by itself.
    if (this.#db.isOpen && this.#db.isTransaction) this.#db.exec('rollback');
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    if (this.#broken !== null) throw storeFailed(this.#broken);
    const inside = this.#db.isOpen && this.#db.isTransaction;
    if (inside && query.sql === COMMIT_LATER) {
      this.#later = true;
      return { rows: [] };
    }
    try {
      const { statement, reads, writes } = this.#prepare(query.sql);
      const run = () => this.#run<R>(statement, reads, query);
      if (inside) return run();
      const result = await this.#patiently(run);
      await (writes ? this.#onDisk() : this.#breathe());
      return result;
    } catch (error) {
      if (inside) this.#broken = error;
      throw storeFailed(error);
    }
  }

  async *streamQuery<R>(query: CompiledQuery): AsyncIterableIterator<QueryResult<R>> {
    yield await this.executeQuery<R>(query);
  }

  async close(): Promise<void> {
    const journal = this.#journal;
    this.#journal = null;
    await (await journal)?.close();
  }

  /**
   * What was committed is on the disk when this resolves. The journal is synced here, by another thread, and not by SQLite's
   * `synchronous = full`, which does the same within the commit and holds the event loop up meanwhile: no chat is answered then, and
   * no message leaves.
   */
  async #onDisk(): Promise<void> {
    try {
      this.#journal ??= openJournal(this.#db);
      await (await this.#journal)?.datasync();
    } catch (error) {
      await this.close().catch(() => undefined);
      throw storeFailed(error);
    }
  }

  #run<R>(statement: StatementSync, reads: boolean, query: CompiledQuery): QueryResult<R> {
    const values = query.parameters.map((value) =>
      typeof value === 'string' ? plain(value) : (value ?? null),
    ) as SQLInputValue[];
    if (reads) return { rows: statement.all(...values) as R[] };
    const { changes, lastInsertRowid } = statement.run(...values);
    return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) };
  }

  #prepare(sql: string): Prepared {
    const known = this.#statements.get(sql);
    if (known) return known;
    const statement = this.#db.prepare(sql);
    const made = { statement, reads: statement.columns().length > 0, writes: !READ.test(sql) };
    if (this.#statements.size >= CACHED_STATEMENTS) this.#statements.clear();
    this.#statements.set(sql, made);
    return made;
  }

  /** The connection is held meanwhile, so a hundred commands that came at once cannot go on in each other's microtasks. */
  async #breathe(): Promise<void> {
    if (this.#clock.monotonic() - this.#turned < TURN) return;
    await setImmediate();
    this.#turned = this.#clock.monotonic();
  }

  async #patiently<T>(work: () => T): Promise<T> {
    const until = this.#clock.monotonic() + BUSY_TOTAL;
    for (;;) {
      try {
        return work();
      } catch (error) {
        if (!isBusy(error) || this.#clock.monotonic() >= until) throw storeFailed(error);
      }
      await this.#clock.sleep(BUSY_SLEEP);
    }
  }
}
