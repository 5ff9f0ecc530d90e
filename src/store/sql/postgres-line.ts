import type { Client, QueryConfig } from 'pg';
import { TocsinError } from '../../core/errors.ts';
import { isConflict } from './errors.ts';
import { type Connections, tear } from './postgres-pool.ts';

/** A renewal takes no longer, ms: two must fit into the life of a lease. */
const ANSWER_MS = 2_000;

export interface LineDeps {
  connections: Connections;
  lockShared(client: Client): Promise<boolean>;
  onNotice(payload: string): void;
  /** It was lost for a while and is there again. */
  onFound(): void;
}

/** The connection on which leases are renewed and on which others are heard. */
export interface Line {
  open(): Promise<void>;
  /** Opens it anew where it is lost. */
  ask<T extends object>(text: string, values?: unknown[]): Promise<T[]>;
  /** Tells the others, where the line is there; never throws. Several at once are told in one. */
  notify(payload: string): void;
  drop(): void;
  close(): void;
}

export function openLine({ connections, lockShared, onNotice, onFound }: LineDeps): Line {
  let client: Client | null = null;
  let channel = '';
  let opening: Promise<Client> | null = null;
  let closed = false;
  const untold = new Set<string>();
  let last: Promise<unknown> = Promise.resolve();

  /** One question at a time. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = last.then(work, work);
    last = turn.catch(() => undefined);
    return turn;
  }

  function drop(): void {
    if (client !== null) tear(client);
    client = null;
  }

  async function connect(): Promise<Client> {
    const next = await connections.connect();
    try {
      const { rows } = await next.query<{ channel: string }>(
        "select 'tocsin_' || abs(hashtext(current_schema())::bigint) as channel",
      );
      channel = rows[0]!.channel;
      next.on('notification', ({ payload }) => onNotice(payload ?? ''));
      next.once('end', () => {
        if (client === next) client = null;
      });
      await next.query(`listen ${channel}`);
      await next.query('set tcp_keepalives_idle = 5; set tcp_keepalives_interval = 2; set tcp_keepalives_count = 3');
      if (!(await lockShared(next)))
        throw new TocsinError('store_locked', 'Another program has the database to itself (an import, a migration).');
      if (closed) throw new Error('closed');
      return next;
    } catch (error) {
      tear(next);
      throw error;
    }
  }

  const opened = async (): Promise<Client> => {
    if (client !== null) return client;
    opening ??= connect().finally(() => {
      opening = null;
    });
    client = await opening;
    return client;
  };

  async function tellAll(): Promise<void> {
    // In the next turn, so that what is told at once goes together.
    await Promise.resolve();
    const payloads = [...untold];
    untold.clear();
    await inTurn(async () =>
      client?.query(`select pg_notify($1, p) from unnest($2::text[]) as u(p)`, [channel, payloads]),
    );
  }

  return {
    async open() {
      await opened();
    },
    async ask<T extends object>(text: string, values: unknown[] = []) {
      const wasLost = client === null;
      const there = await opened();
      if (wasLost) onFound();
      try {
        return (await inTurn(() => there.query<T>({ text, values, query_timeout: ANSWER_MS } as QueryConfig))).rows;
      } catch (error) {
        // Undone for the sake of somebody else: the line is there all the same.
        if (isConflict(error)) throw error;
        drop();
        connections.doubt();
        throw error;
      }
    },
    notify(payload) {
      if (untold.size === 0) void tellAll().catch(() => undefined);
      untold.add(payload);
    },
    drop,
    close() {
      closed = true;
      const open = client;
      client = null;
      void open?.end().catch(() => undefined);
    },
  };
}
