import type { Client } from 'pg';
import type { Clock } from '../../core/ports/clock.ts';
import type { Log } from '../../core/ports/log.ts';

/** Some number that means "Tocsin writes here" among PostgreSQL's advisory locks; the schema's name is the other half of the key. */
const WRITER_LOCK = 7_239_002;
/** How long a start waits for a predecessor's connection to be noticed as dead, ms. */
const PATIENCE = 5_000;
const AGAIN = 500;
/** Dead peers are noticed within a minute, so that a machine that lost its power does not hold the lock for hours. */
const KEEPALIVE = 'set tcp_keepalives_idle = 30; set tcp_keepalives_interval = 10; set tcp_keepalives_count = 3';

export interface WriterLock {
  /** False when another process holds it. */
  acquire(): Promise<boolean>;
  release(): Promise<void>;
}

/**
 * One writing process a database and schema, by a lock on a connection of its own: the server drops it when the process ends in whatever
 * way. When the server itself restarts, the lock is taken again in the background.
 */
export function writerLock(connect: () => Promise<Client>, clock: Clock, log: Log): WriterLock {
  const stopped = new AbortController();
  let client: Client | null = null;

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

  const lost = () => {
    client = null;
    if (!stopped.signal.aborted) void regain();
  };

  const regain = async () => {
    let told = false;
    while (!stopped.signal.aborted) {
      try {
        if (await attempt()) return;
        if (!told)
          log.error('Another process took over the database while the connection was lost: two of them may send now');
        told = true;
      } catch {
        // The server is away: whoever needs it now says so.
      }
      await clock.sleep(AGAIN, stopped.signal).catch(() => undefined);
    }
  };

  return {
    async acquire() {
      const until = clock.monotonic() + PATIENCE;
      while (!(await attempt())) {
        if (clock.monotonic() >= until) return false;
        await clock.sleep(AGAIN);
      }
      return true;
    },
    async release() {
      stopped.abort();
      await client?.end();
    },
  };
}
