import type { CompiledQuery, DatabaseConnection, Driver, QueryResult, TransactionSettings } from 'kysely';
import type { QueryResult as PgResult, PoolClient } from 'pg';
import { TocsinError } from '../../core/errors.ts';
import { isConflict, isLost, isStalePlan } from '../sql/session.ts';
import { plain } from '../sql/values.ts';
import type { Commit, Commits } from './commits.ts';
import { type Connections, tear } from './pool.ts';

/** So many different statements are known by a name; each connection keeps the plans of those that it was asked. */
const MOST = 500;
/** Longer ones are made anew for each list that stands in them. */
const LONGEST = 8_000;

const names = new Map<string, string>();

/**
 * Name of a statement: PostgreSQL reads and plans a named one once a connection, which takes as long as carrying it out. The text of a statement is
 * always the same, since lists go in as arrays. Undefined = it has none, and is read anew.
 */
const nameOf = (text: string): string | undefined =>
  names.size < MOST && text.length <= LONGEST
    ? names.getOrInsertComputed(text, () => `t${names.size}`)
    : names.get(text);

/** How often what has not begun yet is begun on another connection. */
const ATTEMPTS = 3;
/** Words that begin what changes rows: outside of a transaction it gets one of its own. */
const WRITES = /^\s*(insert|update|delete|with)\b/i;
/** A long read holds up nobody. */
const UNHURRIED = 'set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0';

/**
 * Kysely's driver over our connections, with our errors and text that PostgreSQL can keep. Given `commits`, each write is in a transaction that is
 * numbered and fenced (`commits.ts`): one that was in doubt is looked up.
 */
export const postgresDriver = (connections: Connections, commits: Commits | null): Driver => ({
  init: async () => {},
  acquireConnection: () =>
    connections.translated(async () => new PostgresSession(connections, commits, await connections.acquire())),
  beginTransaction: (connection, settings) =>
    connections.translated(() => (connection as PostgresSession).begin(settings)),
  commitTransaction: (connection) => connections.translated(() => (connection as PostgresSession).commit()),
  rollbackTransaction: (connection) => (connection as PostgresSession).rollback(),
  releaseConnection: async (connection) => (connection as PostgresSession).release(),
  /** The connections are the store's. */
  destroy: async () => {},
});

/** A connection while somebody uses it. */
class PostgresSession implements DatabaseConnection {
  readonly #connections: Connections;
  readonly #commits: Commits | null;
  #client: PoolClient | null;
  #inside = false;
  #commit: Commit | null = null;

  constructor(connections: Connections, commits: Commits | null, client: PoolClient) {
    this.#connections = connections;
    this.#commits = commits;
    this.#client = client;
  }

  executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    return this.#connections.translated(() => {
      if (this.#inside) return this.#ask<R>(query);
      if (this.#commits !== null && WRITES.test(query.sql)) return this.#againWhileHeld(() => this.#write<R>(query));
      return this.#again(() => this.#ask<R>(query));
    });
  }

  async *streamQuery<R>(query: CompiledQuery): AsyncIterableIterator<QueryResult<R>> {
    yield await this.executeQuery<R>(query);
  }

  async begin({ isolationLevel, accessMode }: TransactionSettings): Promise<void> {
    const isRead = accessMode === 'read only';
    const start = `begin${isolationLevel ? ` isolation level ${isolationLevel}` : ''}${isRead ? ' read only' : ''}`;
    if (isRead) await this.#again(() => this.#send(`${start}; ${UNHURRIED}`));
    else if (this.#commits === null) await this.#again(() => this.#send(start));
    else await this.#againWhileHeld(() => this.#beginNumbered(this.#commits!));
    this.#inside = true;
  }

  async #beginNumbered(commits: Commits): Promise<void> {
    commits.assertHeld();
    const commit = commits.next();
    try {
      const results = (await this.#send(commits.beginning(commit))) as unknown as PgResult[];
      commits.assertFenced(results.at(-1)!.rowCount ?? 0);
      this.#commit = commit;
    } catch (error) {
      commits.ended(commit);
      if (!isLost(error)) await this.#send('rollback').catch(() => this.#drop());
      throw error;
    }
  }

  async commit(): Promise<void> {
    const commit = this.#commit;
    if (commit !== null) this.#commits?.assertHeld();
    try {
      const { command } = await this.#send('commit');
      if (command === 'ROLLBACK') throw new Error('The transaction was rolled back: a statement of it had failed.');
    } catch (error) {
      // A server that answers has not committed. One that does not may have.
      if (commit === null || this.#client !== null) throw error;
      if (!(await this.#commits!.lookUp(commit))) throw error;
    }
    if (commit !== null) this.#connections.watch.wrote();
    this.#over();
  }

  async rollback(): Promise<void> {
    // A lost connection has rolled back by itself; what broke it is what the caller should hear.
    if (this.#client !== null) await this.#send('rollback').catch(() => this.#drop());
    this.#over();
  }

  release(): void {
    this.#over();
    this.#client?.release();
    this.#client = null;
  }

  /** One statement in a transaction of its own; nothing of it stays where it throws. */
  async #write<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    await this.#beginNumbered(this.#commits!);
    try {
      const result = await this.#ask<R>(query);
      await this.commit();
      return result;
    } catch (error) {
      await this.rollback();
      throw error;
    }
  }

  async #ask<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const { command, rowCount, rows } = await this.#send(query.sql, query.parameters.map(clean));
    const counts = command === 'INSERT' || command === 'UPDATE' || command === 'DELETE' || command === 'MERGE';
    return { rows: rows ?? [], ...(counts ? { numAffectedRows: BigInt(rowCount ?? 0) } : {}) };
  }

  /** Whoever has lost the lease meanwhile waits for no other connection. */
  #againWhileHeld<T>(work: () => Promise<T>): Promise<T> {
    return this.#again(work, () => this.#commits?.assertHeld());
  }

  /** What has left nothing behind when it throws: once more where it was undone for the sake of others, on another connection where this one is lost. */
  async #again<T>(work: () => Promise<T>, before: () => void = () => {}): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        before();
        this.#client ??= await this.#connections.acquire();
        return await work();
      } catch (error) {
        if (attempt >= ATTEMPTS || error instanceof TocsinError || (this.#client !== null && !isConflict(error)))
          throw error;
      }
    }
  }

  async #send(text: string, values?: unknown[]): Promise<PgResult> {
    if (this.#client === null) throw new Error('Connection terminated before.');
    try {
      if (values === undefined) return await this.#client.query(text);
      return await this.#client.query({ name: nameOf(text), text, values });
    } catch (error) {
      // A plan of before the schema was changed by a newer process: it goes with its connection.
      if (isStalePlan(error)) this.#drop();
      if (isLost(error)) {
        this.#drop();
        this.#connections.doubt();
      }
      throw error;
    }
  }

  #over(): void {
    this.#inside = false;
    if (this.#commit !== null) this.#commits?.ended(this.#commit);
    this.#commit = null;
  }

  #drop(): void {
    const client = this.#client;
    this.#client = null;
    if (client === null) return;
    tear(client);
    client.release(true);
  }
}

const clean = (value: unknown): unknown => {
  if (typeof value === 'string') return plain(value);
  return Array.isArray(value) ? value.map(clean) : value;
};
