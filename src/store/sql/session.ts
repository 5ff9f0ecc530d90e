import { AsyncLocalStorage } from 'node:async_hooks';
import { setImmediate } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import { TocsinError } from '../../core/errors.ts';
import type { Clock } from '../../core/ports/clock.ts';
import { isConflict } from './errors.ts';
import type { Schema } from './schema.ts';

/** How often what was undone for the sake of others is done again. */
const MORE_ATTEMPTS = 3;
/** How long transactions follow each other before others get a turn, ms. */
const TURN = 10;

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
 * The session from outside. One writing transaction at a time on both dialects (SQLite has one connection anyway), so that callers
 * see the same order of things on both; on PostgreSQL, single reads go beside it.
 *
 * Using the outside session within a transaction's own work would wait for itself for ever on SQLite, so it throws.
 */
export const outerSession = (dialect: DialectName, db: Kysely<Schema>, clock: Clock): Session =>
  sessionsOf(dialect, clock)(db);

/** The same for several ways to one database, within one process: they wait for one another, and within one's transaction the others are outside. */
export function sessionsOf(dialect: DialectName, clock: Clock): (db: Kysely<Schema>) => Session {
  const inside = new AsyncLocalStorage<{ open: boolean }>();
  let last: Promise<unknown> = Promise.resolve();
  let breathed = clock.monotonic();
  /** SQLite works without ever leaving the event loop's turn: a loop of transactions would starve timers and sockets. */
  const breathe = async () => {
    if (dialect !== 'sqlite' || clock.monotonic() - breathed < TURN) return;
    await setImmediate();
    breathed = clock.monotonic();
  };
  const assertOutside = () => {
    if (inside.getStore()?.open)
      throw new TocsinError(
        'internal',
        'The store was used from outside while a transaction of the same caller is open.',
      );
  };
  return (db) => ({
    dialect,
    inside: false,
    get db() {
      assertOutside();
      return db;
    },
    async atomically(work, how) {
      assertOutside();
      const attempt = () => {
        const scope = { open: true };
        return inside.run(scope, () =>
          db
            .transaction()
            .execute((trx) => work(innerSession(dialect, trx)))
            .finally(() => {
              scope.open = false;
            }),
        );
      };
      const run = async () => {
        for (let left = how === 'once' ? 0 : MORE_ATTEMPTS; ; left--) {
          try {
            return await attempt();
          } catch (error) {
            if (left === 0 || !isConflict(error)) throw error;
          }
        }
      };
      const turn = last.then(run, run);
      last = turn.catch(() => undefined).then(breathe);
      await last;
      return turn;
    },
  });
}

function innerSession(dialect: DialectName, db: Kysely<Schema>): Session {
  const session: Session = { dialect, db, inside: true, atomically: (work) => work(session) };
  return session;
}
