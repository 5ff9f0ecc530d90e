import type { Client } from 'pg';
import type { Clock } from '../../core/ports/clock.ts';

/** Some number that means "Tocsin writes here" among PostgreSQL's advisory locks; the schema's name is the other half of the key. */
const WRITER_LOCK = 7_239_002;
/** How long a start waits for a predecessor's connection to be noticed as dead, ms. */
const PATIENCE = 5_000;
const AGAIN = 500;
/** Dead peers are noticed within a minute, so that a machine that lost its power does not hold the lock for hours. */
const KEEPALIVE = 'set tcp_keepalives_idle = 30; set tcp_keepalives_interval = 10; set tcp_keepalives_count = 3';
/** A server that does not answer for so long, ms, will have given the lock away before we ask again: it notices a dead line in a minute. */
const ANSWER_MS = 15_000;

/** The same lock for those who share the database: they let one another in, and keep out whoever wants it alone. */
export async function lockShared(client: Client, clock: Clock): Promise<boolean> {
  const until = clock.monotonic() + PATIENCE;
  for (;;) {
    const { rows } = await client.query(
      'select pg_try_advisory_lock_shared($1::int, hashtext(current_schema())) as got',
      [WRITER_LOCK],
    );
    if (rows[0]?.got === true) return true;
    if (clock.monotonic() >= until) return false;
    await clock.sleep(AGAIN);
  }
}

export interface WriterLock {
  /** False when another process holds it. */
  acquire(patienceMs?: number): Promise<boolean>;
  /** Does the connection still answer? Calls `onLost` where it does not. Never throws. */
  holds(): Promise<boolean>;
  release(): Promise<void>;
}

/**
 * One writing process a database and schema, by a lock on a connection of its own: the server drops it when the process ends in whatever
 * way. A connection that is lost is the lock lost, for another process may have taken it in the same moment: `onLost` ends the program.
 * A short-lived tool that gives none goes on, and takes the lock again when it is to be had.
 */
export function writerLock(connect: () => Promise<Client>, clock: Clock, onLost?: () => void): WriterLock {
  const stopped = new AbortController();
  let client: Client | null = null;
  let state: 'none' | 'held' | 'lost' | 'released' = 'none';

  const lost = () => {
    if (state !== 'held') return;
    state = 'lost';
    client = null;
    if (onLost) onLost();
    else void regain();
  };

  const regain = async () => {
    while (!stopped.signal.aborted && !(await attempt().catch(() => false)))
      await clock.sleep(AGAIN, stopped.signal).catch(() => undefined);
  };

  const attempt = async (): Promise<boolean> => {
    const next = await connect();
    next.on('error', () => {});
    try {
      await next.query(KEEPALIVE).catch(() => undefined);
      const { rows } = await next.query('select pg_try_advisory_lock($1::int, hashtext(current_schema())) as got', [
        WRITER_LOCK,
      ]);
      if (rows[0]?.got === true) {
        client = next;
        state = 'held';
        next.once('end', lost);
        return true;
      }
    } catch (error) {
      void next.end().catch(() => undefined);
      throw error;
    }
    await next.end();
    return false;
  };

  const answers = async (holder: Client): Promise<boolean> => {
    const over = new AbortController();
    const late = clock.sleep(ANSWER_MS, over.signal).then(
      () => false,
      () => false,
    );
    const asked = holder.query('select 1').then(
      () => true,
      () => false,
    );
    try {
      return await Promise.race([asked, late]);
    } finally {
      over.abort();
    }
  };

  return {
    async acquire(patienceMs = PATIENCE) {
      const until = clock.monotonic() + patienceMs;
      while (!(await attempt())) {
        if (clock.monotonic() >= until) return false;
        await clock.sleep(AGAIN);
      }
      return true;
    },
    async holds() {
      if (client === null || state !== 'held') return state === 'released';
      if (!(await answers(client))) lost();
      // `lost` and `release` may have come while the server was asked.
      return (state as string) !== 'lost';
    },
    async release() {
      const holder = client;
      state = 'released';
      stopped.abort();
      client = null;
      await holder?.end();
    },
  };
}
