import { AsyncLocalStorage } from 'node:async_hooks';
import { type Kysely, type KyselyPlugin, type RootOperationNode, sql, type Transaction } from 'kysely';
import TROUBLES from '../../../config/trouble-texts.json' with { type: 'json' };
import { TocsinError } from '../../core/errors.ts';
import { inOrder } from '../../core/wakeable.ts';
import type { Schema } from './schema.ts';

interface SqlError {
  message?: string;
  code?: string;
  errcode?: number;
}

/** What SQLite's primary result codes mean for an operator. */
const SQLITE_REASONS: Partial<Record<number, string>> = TROUBLES.sqlite;

/** PostgreSQL's SQLSTATE, or its class. */
const POSTGRES_REASONS: Partial<Record<string, string>> = TROUBLES.postgres;

/** Words that begin what changes nothing. */
export const READ = /^\s*(select|explain|pragma)\b/i;

const BROKEN = /[Cc]onnection terminated|connection error|Query read timeout|not queryable|Client was closed/;
const CONNECTION = /^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EHOSTUNREACH|EAI_)/;

export const isBusy = (error: unknown): boolean => {
  const { errcode } = error as SqlError;
  return errcode !== undefined && ((errcode & 0xff) === 5 || (errcode & 0xff) === 6);
};

/** One error for everything a database says. Values of rows never get into message or facts: PostgreSQL puts them into its own. */
export function storeFailed(error: unknown): TocsinError {
  if (error instanceof TocsinError) return error;
  const { code, errcode, message } = error as SqlError;
  let reason: string | undefined;
  if (errcode !== undefined) reason = SQLITE_REASONS[errcode & 0xff];
  else if (code !== undefined)
    reason = CONNECTION.test(code) ? 'connection lost' : (POSTGRES_REASONS[code] ?? POSTGRES_REASONS[code.slice(0, 2)]);
  else if (message === 'timeout exceeded when trying to connect') reason = 'all connections are in use';
  else if (BROKEN.test(message ?? '')) reason = 'connection lost';
  const detail = errcode === undefined ? (code ?? null) : errcode;
  const why = reason ?? 'unexpected error';
  const said = `The database could not do what was asked: ${why}.`;
  return new TocsinError('store_failed', said, { reason: why, detail }, error);
}

/** Did PostgreSQL undo it for the sake of somebody else's transaction (a serialization failure, a deadlock)? Nothing of it stays: it may be done again at once. */
export function isConflict(error: unknown): boolean {
  const code = error instanceof TocsinError ? error.facts.detail : (error as SqlError).code;
  return code === '40001' || code === '40P01';
}

/** Was a statement planned for tables that have other columns now? A connection keeps such a plan for good. */
export const isStalePlan = (error: unknown): boolean =>
  (error as SqlError).code === '0A000' && error instanceof Error && error.message.includes('cached plan');

/** Is the connection of no more use, whatever was asked? It was lost, or leads to a server that takes no writes. Whether what was under way is done, nobody knows. */
export function isLost(error: unknown): boolean {
  if (error instanceof TocsinError)
    return error.facts.reason === 'connection lost' || (error.cause !== undefined && isLost(error.cause));
  const { code, severity } = error as SqlError & { severity?: string };
  if (severity === undefined) return (error as SqlError).message !== 'timeout exceeded when trying to connect';
  return severity === 'FATAL' || severity === 'PANIC' || code === '25006' || /^(08|57P0)/.test(code ?? '');
}

/** What leaves nothing behind when it throws: so many attempts, as long as another is worth it. */
export async function again<T>(
  attempts: number,
  work: () => Promise<T>,
  isWorth: (error: unknown) => boolean,
): Promise<T> {
  for (let left = attempts - 1; ; left--) {
    try {
      return await work();
    } catch (error) {
      if (left <= 0 || !isWorth(error)) throw error;
    }
  }
}

/** Of what may be undone for the sake of others. */
const ATTEMPTS = 4;

export type DialectName = 'sqlite' | 'postgres';

/** One way to talk to the database: from outside, or within one transaction. Tables are made from it. */
export interface Session {
  readonly dialect: DialectName;
  readonly db: Kysely<Schema>;
  /** Within a transaction already? Then `atomically` is part of it. */
  readonly inside: boolean;
  /**
   * All or nothing: in this session's transaction, or in one of its own. In conflict with somebody else's transaction it is done again, so it must leave
   * nothing behind but in the database; `once`: it does leave something, and throws instead.
   */
  atomically<T>(work: (inner: Session) => Promise<T>, how?: 'once'): Promise<T>;
}

/**
 * Sessions from outside, one for each way to one database, within one process. One writing transaction at a time on both dialects (SQLite has one
 * connection anyway), so that callers see the same order of things on both; on PostgreSQL, single reads go beside it. Within one's transaction the others are
 * outside: to use them in its own work would wait for itself for ever on SQLite, so it throws. `assertHeld` is asked before each write, and once more at
 * the end of a transaction; what it throws leaves nothing behind.
 */
export function sessionsOf(dialect: DialectName): (db: Kysely<Schema>, assertHeld?: () => void) => Session {
  const inside = new AsyncLocalStorage<{ open: boolean }>();
  const inTurn = inOrder();
  const assertOutside = () => {
    const mistake = 'The store was used from outside while a transaction of the same caller is open.';
    if (inside.getStore()?.open) throw new TocsinError('internal', mistake);
  };
  return (plain, assertHeld) => {
    const db = assertHeld ? plain.withPlugin(beforeWrites(assertHeld)) : plain;
    const attempt = async <T>(work: (inner: Session) => Promise<T>): Promise<T> => {
      assertHeld?.();
      const scope = { open: true };
      return await inside.run(scope, () =>
        db
          .transaction()
          .execute(async (trx) => {
            const result = await work(innerSession(dialect, trx));
            assertHeld?.();
            return result;
          })
          .finally(() => {
            scope.open = false;
          }),
      );
    };
    return {
      dialect,
      inside: false,
      get db() {
        assertOutside();
        return db;
      },
      async atomically(work, how) {
        assertOutside();
        return await inTurn(() => again(how === 'once' ? 1 : ATTEMPTS, () => attempt(work), isConflict));
      },
    };
  };
}

const beforeWrites = (assertHeld: () => void): KyselyPlugin => ({
  transformQuery({ node }) {
    if (!isRead(node)) assertHeld();
    return node;
  },
  transformResult: async ({ result }) => result,
});

const isRead = (node: RootOperationNode): boolean =>
  node.kind === 'SelectQueryNode' || (node.kind === 'RawNode' && READ.test(node.sqlFragments[0] ?? ''));

function innerSession(dialect: DialectName, db: Kysely<Schema>): Session {
  const session: Session = { dialect, db, inside: true, atomically: (work) => work(session) };
  return session;
}

/** No pragma of SQLite: our driver (`sqlite.ts`) reads it as the wish of `commitLater`. */
export const COMMIT_LATER = 'pragma tocsin_commit_later';

/**
 * The open transaction need not be on the disk when it is committed: what is committed after it takes it along, in order. Until then a loss
 * of power (no kill does) undoes it, so it is for work that is begun anew then, and that nobody outside has heard of; and for what may be lost (the cache, words of readers).
 */
export async function commitLater({ dialect, db }: Session): Promise<void> {
  await sql.raw(dialect === 'sqlite' ? COMMIT_LATER : 'set local synchronous_commit = off').execute(db);
}

/** One step. Never edited once released; its number is its place in `index.ts`, counted from 1. */
export type Migration = (db: Transaction<Schema>, dialect: DialectName) => Promise<void>;
