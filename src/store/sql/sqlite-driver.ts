import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
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
import { isBusy, storeFailed } from './errors.ts';
import { plain } from './lists.ts';

/**
 * How long a statement waits for another program that holds the file, ms. SQLite's own waiting would block the event loop, so it
 * waits 100 ms at a time there and sleeps in between.
 */
const BUSY_TOTAL = 5_000;
const BUSY_SLEEP = 50;
const CACHED_STATEMENTS = 300;

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
    if (this.#db.isOpen) this.#db.close();
  }
}

class NodeSqliteConnection implements DatabaseConnection {
  readonly #db: DatabaseSync;
  readonly #clock: Clock;
  readonly #statements = new Map<string, { statement: StatementSync; reads: boolean }>();
  /** The first error of the open transaction: nothing more is done in it, and it cannot be committed. */
  #broken: unknown = null;

  constructor(db: DatabaseSync, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
  }

  async begin(): Promise<void> {
    this.#broken = null;
    await this.#patiently(() => this.#db.exec('begin immediate'));
  }

  async commit(): Promise<void> {
    if (this.#broken !== null) throw storeFailed(this.#broken);
    await this.#patiently(() => this.#db.exec('commit'));
  }

  rollback(): void {
    this.#broken = null;
    // A full disk makes SQLite roll back by itself.
    if (this.#db.isOpen && this.#db.isTransaction) this.#db.exec('rollback');
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    if (this.#broken !== null) throw storeFailed(this.#broken);
    const inside = this.#db.isOpen && this.#db.isTransaction;
    try {
      const run = () => this.#run<R>(query);
      return inside ? run() : await this.#patiently(run);
    } catch (error) {
      if (inside) this.#broken = error;
      throw storeFailed(error);
    }
  }

  async *streamQuery<R>(query: CompiledQuery): AsyncIterableIterator<QueryResult<R>> {
    yield await this.executeQuery<R>(query);
  }

  #run<R>(query: CompiledQuery): QueryResult<R> {
    const { statement, reads } = this.#prepare(query.sql);
    const values = query.parameters.map((value) =>
      typeof value === 'string' ? plain(value) : (value ?? null),
    ) as SQLInputValue[];
    if (reads) return { rows: statement.all(...values) as R[] };
    const { changes, lastInsertRowid } = statement.run(...values);
    return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) };
  }

  #prepare(sql: string): { statement: StatementSync; reads: boolean } {
    const known = this.#statements.get(sql);
    if (known) return known;
    const statement = this.#db.prepare(sql);
    const made = { statement, reads: statement.columns().length > 0 };
    if (this.#statements.size >= CACHED_STATEMENTS) this.#statements.clear();
    this.#statements.set(sql, made);
    return made;
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
