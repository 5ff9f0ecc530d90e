import type { CompiledQuery, Driver, QueryResult, TransactionSettings } from 'kysely';
import type { QueryResult as PgResult, PoolClient } from 'pg';
import { TocsinError } from '../../core/errors.ts';
import { again, isConflict, isLost, isStalePlan } from '../sql/session.ts';
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
export const postgresDriver = (connections: Connections, commits: Commits | null): Driver => {
  type Session = ReturnType<typeof openSession>;
  const { translated } = connections;
  return {
    init: async () => {},
    acquireConnection: () => translated(async () => openSession(connections, commits, await connections.acquire())),
    beginTransaction: (connection, settings) => translated(() => (connection as Session).begin(settings)),
    commitTransaction: (connection) => translated(() => (connection as Session).commit()),
    rollbackTransaction: (connection) => (connection as Session).rollback(),
    releaseConnection: async (connection) => (connection as Session).release(),
    /** The connections are the store's. */
    destroy: async () => {},
  };
};

/** A connection while somebody uses it. `client`: null once it is lost, or given back. */
function openSession(connections: Connections, commits: Commits | null, client: PoolClient | null) {
  let inside = false;
  let numbered: Commit | null = null;

  function drop(): void {
    const lost = client;
    client = null;
    if (lost === null) return;
    tear(lost);
    lost.release(true);
  }

  function over(): void {
    inside = false;
    if (numbered !== null) commits?.ended(numbered);
    numbered = null;
  }

  async function send(text: string, values?: unknown[]): Promise<PgResult> {
    if (client === null) throw new Error('Connection terminated before.');
    try {
      if (values === undefined) return await client.query(text);
      return await client.query({ name: nameOf(text), text, values });
    } catch (error) {
      // A plan of before the schema was changed by a newer process: it goes with its connection.
      if (isStalePlan(error)) drop();
      if (isLost(error)) {
        drop();
        connections.doubt();
      }
      throw error;
    }
  }

  async function ask<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const { command, rowCount, rows } = await send(query.sql, query.parameters.map(clean));
    const counts = command === 'INSERT' || command === 'UPDATE' || command === 'DELETE' || command === 'MERGE';
    return { rows: rows ?? [], ...(counts ? { numAffectedRows: BigInt(rowCount ?? 0) } : {}) };
  }

  /** What has left nothing behind when it throws: once more where it was undone for the sake of others, on another connection where this one is lost. */
  const anew = <T>(work: () => Promise<T>, before: () => void = () => {}): Promise<T> =>
    again(
      ATTEMPTS,
      async () => {
        before();
        client ??= await connections.acquire();
        return await work();
      },
      (error) => !(error instanceof TocsinError) && (client === null || isConflict(error)),
    );

  /** Whoever has lost the lease meanwhile waits for no other connection. */
  const anewWhileHeld = <T>(by: Commits, work: () => Promise<T>): Promise<T> => anew(work, () => by.assertHeld());

  async function beginNumbered(by: Commits): Promise<void> {
    by.assertHeld();
    const commit = by.next();
    try {
      const results = (await send(by.beginning(commit))) as unknown as PgResult[];
      by.assertFenced(results.at(-1)!.rowCount ?? 0);
      numbered = commit;
    } catch (error) {
      by.ended(commit);
      if (!isLost(error)) await send('rollback').catch(drop);
      throw error;
    }
  }

  async function commit(): Promise<void> {
    const current = numbered;
    if (current !== null) commits?.assertHeld();
    try {
      const { command } = await send('commit');
      if (command === 'ROLLBACK') throw new Error('The transaction was rolled back: a statement of it had failed.');
    } catch (error) {
      // A server that answers has not committed. One that does not may have.
      if (current === null || client !== null) throw error;
      if (!(await commits!.lookUp(current))) throw error;
    }
    if (current !== null) connections.watch.wrote();
    over();
  }

  async function rollback(): Promise<void> {
    // A lost connection has rolled back by itself; what broke it is what the caller should hear.
    if (client !== null) await send('rollback').catch(drop);
    over();
  }

  /** One statement in a transaction of its own; nothing of it stays where it throws. */
  async function write<R>(by: Commits, query: CompiledQuery): Promise<QueryResult<R>> {
    await beginNumbered(by);
    try {
      const result = await ask<R>(query);
      await commit();
      return result;
    } catch (error) {
      await rollback();
      throw error;
    }
  }

  const executeQuery = <R>(query: CompiledQuery): Promise<QueryResult<R>> =>
    connections.translated(() => {
      if (inside) return ask<R>(query);
      if (commits !== null && WRITES.test(query.sql)) return anewWhileHeld(commits, () => write<R>(commits, query));
      return anew(() => ask<R>(query));
    });

  return {
    executeQuery,
    async *streamQuery<R>(query: CompiledQuery): AsyncIterableIterator<QueryResult<R>> {
      yield await executeQuery<R>(query);
    },
    async begin({ isolationLevel, accessMode }: TransactionSettings): Promise<void> {
      const isRead = accessMode === 'read only';
      const start = `begin${isolationLevel ? ` isolation level ${isolationLevel}` : ''}${isRead ? ' read only' : ''}`;
      if (isRead) await anew(() => send(`${start}; ${UNHURRIED}`));
      else if (commits === null) await anew(() => send(start));
      else await anewWhileHeld(commits, () => beginNumbered(commits));
      inside = true;
    },
    commit,
    rollback,
    release(): void {
      over();
      client?.release();
      client = null;
    },
  };
}

const clean = (value: unknown): unknown => {
  if (typeof value === 'string') return plain(value);
  return Array.isArray(value) ? value.map(clean) : value;
};
