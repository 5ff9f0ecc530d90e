import type { Client, Pool, PoolClient } from 'pg';
import { atEnd, TocsinError } from '../../core/errors.ts';
import {
  PERCENT_REMEDY,
  type PostgresAddress,
  type SessionAttrs,
  percentFault,
  readPostgresAddress,
} from '../../core/model/connection-address.ts';
import type { Log } from '../../core/ports/runtime.ts';
import { type StoreWatch, unwatched } from '../alone.ts';
import { isLost, storeFailed } from '../sql/session.ts';

const ASK = 'select pg_is_in_recovery() as standby, current_setting($$transaction_read_only$$) as "readOnly"';

/**
 * Of several hosts the one that answers as `target_session_attrs` wants. In order, as libpq does; where only the one primary will do, all are asked
 * at once, so that a machine that swallows what is sent to it holds up nobody.
 */
function hostsOf(address: PostgresAddress, connect: (url: string) => Promise<Client>) {
  const { each, attrs } = address;
  let found: Promise<string> | null = null;
  let last = each[0]!;
  let generation = 0;

  const suits = async (url: string, wanted: SessionAttrs): Promise<string> => {
    const client = await connect(url);
    using _ = atEnd(() => void client.end().catch(() => undefined));
    if (wanted === 'any') return url;
    const { rows } = await client.query<{ standby: boolean; readOnly: string }>(ASK);
    if (fits(wanted, rows[0]!)) return url;
    const other = `The server that answers is not "${wanted}" (target_session_attrs).`;
    throw new TocsinError('store_failed', other, { reason: 'no server that will do' });
  };
  const inOrder = async (wanted: SessionAttrs): Promise<string> => {
    let failure: unknown;
    for (const url of each) {
      try {
        return await suits(url, wanted);
      } catch (error) {
        failure = error;
      }
    }
    throw failure;
  };
  const search = async (): Promise<string> => {
    if (attrs === 'prefer-standby') return inOrder('standby').catch(() => inOrder('any'));
    if (attrs !== 'read-write' && attrs !== 'primary') return inOrder(attrs);
    return Promise.any(each.map((url) => suits(url, attrs))).catch((error: AggregateError) => {
      // One that answers, and will not do, says more than one that does not answer.
      throw error.errors.find((one) => one instanceof TocsinError) ?? error.errors[0];
    });
  };

  return {
    /** The address of the server that will do, found anew after `doubt`. Throws where none will. */
    async find(): Promise<string> {
      if (each.length === 1 && attrs === 'any') return last;
      found ??= search();
      const asked = found;
      try {
        last = await asked;
        return last;
      } catch (error) {
        if (found === asked) found = null;
        throw error;
      }
    },
    /** That which was found last. */
    current: () => last,
    /** It may be another by now. */
    doubt(): void {
      found = null;
      generation++;
    },
    /** Rises with each doubt: connections from before may lead to the wrong server. */
    generation: () => generation,
  };
}

function fits(wanted: SessionAttrs, { standby, readOnly }: { standby: boolean; readOnly: string }): boolean {
  if (wanted === 'primary') return !standby;
  if (wanted === 'standby') return standby;
  return (readOnly === 'on') === (wanted === 'read-only');
}

const POOL = 8;
/** Until a connection stands or one of the pool is free, ms. */
const CONNECT_TIMEOUT = 10_000;
/** The same where there is another host to go to. */
const CONNECT_TIMEOUT_OF_MANY = 3_000;
const INT8 = 20;

/**
 * What the server does to sessions that stand still, so that a process that was stopped or cut off holds up nobody: it must be gone before its leases have
 * expired, and a statement that waits must end at last. ms.
 */
const LIMITS = {
  idle_in_transaction_session_timeout: 3_400,
  lock_timeout: 15_000,
  statement_timeout: 20_000,
  tcp_keepalives_idle: 5,
  tcp_keepalives_interval: 2,
  tcp_keepalives_count: 3,
  tcp_user_timeout: 10_000,
} as const;
/** What we wait for at most where the server does not even say that it took too long, ms. */
const ANSWER_MS = 25_000;

export type Connections = Awaited<ReturnType<typeof openConnections>>;

/** PostgreSQL through `pg`, loaded here so that nobody else pays for it. 64-bit integers come as numbers: ours stay below 2^53. */
export async function openConnections(
  url: string,
  { log, watch = unwatched, limited = false }: { log: Log; watch?: StoreWatch; limited?: boolean },
) {
  const malformed = percentFault(url);
  const address = malformed === null ? readPostgresAddress(url) : `${malformed}; ${PERCENT_REMEDY}`;
  if (typeof address === 'string')
    throw new TocsinError('store_failed', `The address of the database ${address}.`, { reason: 'malformed address' });
  const { default: pg } = await import('pg');
  const many = address.each.length > 1;
  const timeout = address.connectTimeout ?? (many ? CONNECT_TIMEOUT_OF_MANY : CONNECT_TIMEOUT);
  const common = {
    connectionTimeoutMillis: timeout,
    keepAlive: true,
    ...(limited ? { query_timeout: ANSWER_MS } : {}),
    types: {
      // oxlint-disable-next-line typescript/no-explicit-any -- pg's own types leave the parsers open
      getTypeParser: (oid: number, format?: any): any =>
        oid === INT8 ? (text: string) => Number(text) : pg.types.getTypeParser(oid, format),
    },
  };
  const clients = new Set<Client>();
  const generations = new WeakMap<object, number>();
  /** Knows where it leads to when it is made. */
  class Led extends pg.Client {
    constructor(config: object = {}) {
      super({ ...common, ...config, connectionString: hosts.current() });
      generations.set(this, hosts.generation());
      clients.add(this);
      this.once('end', () => clients.delete(this));
      // One that is in use tells twice, and without a listener the second would end the process: its query's error is enough.
      this.on('error', () => {});
    }
  }
  const direct = async (where: string): Promise<Client> => {
    const client = new pg.Client({ ...common, connectionString: where });
    client.on('error', () => {});
    await client.connect();
    return client;
  };
  const hosts: ReturnType<typeof hostsOf> = hostsOf(address, direct);
  const limit = Object.entries(LIMITS)
    .map(([name, value]) => `set ${name} = ${value}`)
    .join('; ');
  const onConnect = (client: Client) => client.query(limit);
  const pool: Pool = new pg.Pool({ ...common, max: POOL, Client: Led, ...(limited && { onConnect }) } as never);
  // An idle connection that breaks tells here; the next query opens a new one, or fails and says so.
  pool.on('error', (error: Error) =>
    log.debug('Lost an idle database connection', { detail: storeFailed(error).message }),
  );

  const onceAgain = async <T>(connect: () => Promise<T>): Promise<T> => {
    await hosts.find();
    try {
      return await connect();
    } catch (error) {
      if (!isLost(error)) throw error;
      hosts.doubt();
      if (!many) throw error;
      await hosts.find();
      return connect();
    }
  };

  const fromPool = async (): Promise<PoolClient> => {
    for (;;) {
      const client = await pool.connect();
      if (generations.get(client) === hosts.generation()) return client;
      client.release(true);
    }
  };
  let ended: Promise<void> | null = null;
  const acquire = (): Promise<PoolClient> => onceAgain(fromPool);

  return {
    watch,
    /** A connection of the pool, to the server that will do. */
    acquire,
    /** The same for this `work` alone; on one that it fails on nothing else is asked. */
    async lend<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
      const client = await acquire();
      try {
        const result = await work(client);
        client.release();
        return result;
      } catch (error) {
        client.release(true);
        if (isLost(error)) hosts.doubt();
        throw error;
      }
    },
    /** Throws what `work` throws as our own error, of which `watch` hears. */
    async translated<T>(work: () => Promise<T>): Promise<T> {
      try {
        return await work();
      } catch (error) {
        const failure = storeFailed(error);
        watch.failed(failure);
        throw failure;
      }
    },
    /** One of its own. */
    connect: (): Promise<Client> =>
      onceAgain(async () => {
        const client = new Led();
        await client.connect();
        return client;
      }),
    /** The server may be another by now: what is idle is not used again. */
    doubt: hosts.doubt,
    /** Tears off all that is under way: nobody answers at the other end. */
    dropAll(): void {
      hosts.doubt();
      for (const client of clients) tear(client);
    },
    async end(): Promise<void> {
      ended ??= pool.end();
      await ended;
    },
  };
}

/** Ends it without a word to the other end, which may not listen. */
export function tear(client: Client): void {
  const { connection } = client as unknown as { connection?: { stream?: { destroy(): void } } };
  connection?.stream?.destroy();
}
