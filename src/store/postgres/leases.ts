import type { Client, QueryConfig } from 'pg';
import { TocsinError } from '../../core/errors.ts';
import type {
  Bus,
  LeaseBoard,
  LeaseName,
  LeaseRow,
  Leases,
  LiveProcess,
  Role,
  LeaseTerm,
  Topic,
} from '../../core/ports/leases.ts';
import type { Clock } from '../../core/ports/runtime.ts';
import type { Store } from '../../core/ports/store.ts';
import { inOrder, within } from '../../core/wakeable.ts';
import { localBus, processLabel } from '../alone.ts';
import { again, isConflict, isLost } from '../sql/session.ts';
import { type CommitLog, type Fence, NOW } from './commits.ts';
import { type Connections, tear } from './pool.ts';

/** How long a lease lives that is not renewed, ms by the database's clock. */
const LEASE_MS = 4_400;
/** So much sooner its holder takes it for lost: its clock may run slower, what it begins takes time to leave, and a chat that it sent to has its rest, ms. */
const MARGIN_MS = 1_000;
const RENEW_EVERY_MS = 1_000;
/** A process that was not seen for so long is not on the board, ms: when its leases have expired nobody leaves anything to it. */
export const SEEN_MS = LEASE_MS;

/** A renewal takes no longer, ms: two must fit into the life of a lease. */
const ANSWER_MS = 1_500;

interface LineDeps {
  connections: Connections;
  lockShared(client: Client): Promise<boolean>;
  onNotice(payload: string): void;
  /** It was lost for a while and is there again. */
  onFound(): void;
}

/** The connection on which leases are renewed and on which others are heard. */
function openLine({ connections, lockShared, onNotice, onFound }: LineDeps) {
  let client: Client | null = null;
  let channel = '';
  let opening: Promise<Client> | null = null;
  let closed = false;
  const untold = new Set<string>();
  /** One question at a time. */
  const inTurn = inOrder();

  function drop(): void {
    if (client !== null) tear(client);
    client = null;
  }

  async function connect(): Promise<Client> {
    const next = await connections.connect();
    try {
      const name = "select 'tocsin_' || abs(hashtext(current_schema())::bigint) as channel";
      channel = (await next.query<{ channel: string }>(name)).rows[0]!.channel;
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
    open: opened,
    /** Opens it anew where it is lost. */
    async ask<T extends object>(text: string, values: unknown[] = []): Promise<T[]> {
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
    /** Tells the others, where the line is there; never throws. Several at once are told in one. */
    notify(payload: string): void {
      if (untold.size === 0) void tellAll().catch(() => undefined);
      untold.add(payload);
    },
    drop,
    close(): void {
      closed = true;
      const open = client;
      client = null;
      void open?.end().catch(() => undefined);
    },
  };
}

/** Rows of processes that were not seen for so long are of no more use, ms. */
const FORGET_MS = 600_000;
/** From a renewal, by our own clocks, ms: the steady one, and the wall clock, which goes on while a machine is suspended. */
const RELIABLE_MS = LEASE_MS - MARGIN_MS;
/** What could not be renewed is tried again after this, ms. */
const RENEW_AGAIN_MS = 300;
const ATTEMPTS = 3;
/** What is asked of the database at a close, where it may not answer, ms. */
const CLOSE_MS = 2_000;

interface LeaseDeps {
  connections: Connections;
  commits: CommitLog;
  clock: Clock;
  processId: string;
  /** The lock of those who share the database, on a connection of ours; false = somebody has the database to himself. */
  lockShared(client: Client): Promise<boolean>;
  /** The store whose writes are fenced so. */
  storeOf(fence: Fence): Store;
}

interface Held {
  term: LeaseTerm;
  /** By the steady clock alone: a wall clock that was set is put right by the next renewal. */
  late(): boolean;
  extend(sentAt: Moment): void;
  lose(): void;
}

interface Moment {
  steady: number;
  wall: number;
}

/** Leases as rows, renewed on a connection of its own, which also hears of what others tell. */
export async function postgresLeases(deps: LeaseDeps): Promise<{ leases: Leases; bus: Bus; close(): Promise<void> }> {
  const { connections, commits, clock, processId } = deps;
  const { translated } = connections;
  const held = new Map<LeaseName, Held>();
  const over = new AbortController();
  const startedAt = clock.now();
  let joined: Pick<LiveProcess, 'roles' | 'waitsFor'> | null = null;

  const line = openLine({ connections, lockShared: deps.lockShared, onNotice, onFound: () => bus.ringAll() });
  const bus = localBus((topic) => line.notify(`${topic} ${processId}`));
  function onNotice(payload: string): void {
    const [topic, from] = payload.split(' ');
    if (from !== processId) bus.ring(topic as Topic);
  }
  const moment = (): Moment => ({ steady: clock.monotonic(), wall: clock.now() });

  function hold(name: LeaseName, epoch: number, since: number, sentAt: Moment): LeaseTerm {
    const ending = new AbortController();
    const { signal } = ending;
    let until = sentAt;
    const late = (): boolean => clock.monotonic() - until.steady >= RELIABLE_MS;
    const reliable = (): boolean => !signal.aborted && !late() && clock.now() - until.wall < RELIABLE_MS;
    const lose = (): void => {
      if (held.get(name)?.term === term) held.delete(name);
      ending.abort();
    };
    const term: LeaseTerm = {
      name,
      epoch,
      since,
      signal,
      valid: reliable,
      store: deps.storeOf({ name, epoch, signal }),
      async release() {
        if (signal.aborted) return;
        lose();
        const free = 'update leases set holder = null, until = 0 where name = $1 and epoch = $2 and holder = $3';
        const freed = run(free, [name, epoch, processId]).catch(() => undefined);
        // Where nobody answers it expires by itself.
        await inTime(freed);
        bus.tell('leases');
      },
    };
    const extend = (at: Moment): void => {
      if (at.steady > until.steady) until = at;
    };
    held.set(name, { term, late, extend, lose });
    return term;
  }

  /** Waits for it, and no longer than a close may take. False = it did not come. */
  const inTime = (work: Promise<unknown>): Promise<boolean> =>
    within(CLOSE_MS, () => work.then(() => true), deps).catch(() => false);

  /** What may be asked twice: where a connection turns out to be dead, another is asked. */
  const run = <T extends object>(text: string, values: unknown[] = []): Promise<T[]> => {
    let isAsked = false;
    const ask = () =>
      connections.lend(async (client) => {
        isAsked = true;
        return (await client.query<T>(text, values)).rows;
      });
    return again(ATTEMPTS, ask, (error) => isAsked && (isLost(error) || isConflict(error)));
  };

  /** One statement for all; it locks rows of leases and of this process alone, so that it waits for no transaction of anybody's. */
  async function renew(): Promise<void> {
    const sentAt = moment();
    const mine = [...held.values()];
    const rows = await line.ask<{ name: LeaseName; epoch: number }>(
      `with seen as (update processes set seen_at = ${NOW} where id = $3)
       update leases as l set until = ${NOW} + ${LEASE_MS} from unnest($1::text[], $2::bigint[]) as m(name, epoch)
       where l.name = m.name and l.epoch = m.epoch and l.holder = $3 and l.until > ${NOW} returning l.name, l.epoch`,
      [mine.map(({ term }) => term.name), mine.map(({ term }) => term.epoch), processId],
    );
    for (const one of mine)
      if (rows.some(({ name, epoch }) => name === one.term.name && epoch === one.term.epoch)) one.extend(sentAt);
      else one.lose();
  }

  async function renewing(): Promise<void> {
    while (!over.signal.aborted) {
      // Also where nothing is to be renewed: the line must stand, or nobody is heard.
      const asked = held.size > 0 || joined !== null ? renew() : line.ask('select 1');
      const done = await asked.then(
        () => true,
        () => false,
      );
      await clock.sleep(done ? RENEW_EVERY_MS : RENEW_AGAIN_MS, over.signal).catch(() => undefined);
    }
  }

  /** Nobody answers: what may be somebody else's by now is over, and nothing waits any more for what was asked. */
  async function watching(): Promise<void> {
    while (!over.signal.aborted) {
      await clock.sleep(MARGIN_MS / 2, over.signal).catch(() => undefined);
      const late = [...held.values()].filter((one) => one.late());
      if (late.length === 0) continue;
      for (const { lose } of late) lose();
      connections.dropAll();
      line.drop();
    }
  }

  async function takeOnce(names: readonly LeaseName[]): Promise<LeaseTerm[]> {
    const wanted = [...new Set(names)].filter((name) => !held.has(name));
    if (wanted.length === 0) return [];
    const own = commits.fencedBy(null);
    const commit = own.next();
    let committing = false;
    let sentAt = moment();
    let rows: { name: LeaseName; epoch: number; since: number }[] = [];
    try {
      await connections.lend(async (client) => {
        await client.query(own.beginning(commit));
        sentAt = moment();
        const result = await client.query<(typeof rows)[number]>(
          `insert into leases as l (name, holder, epoch, since, until)
           select n, $2, 1, ${NOW}, ${NOW} + ${LEASE_MS} from unnest($1::text[]) as u(n)
           where not exists (select 1 from leases as o where o.name = n and o.holder is not null and o.until > ${NOW})
           on conflict (name) do update set holder = excluded.holder, epoch = l.epoch + 1, since = excluded.since, until = excluded.until
           where l.holder is null or l.until <= ${NOW} returning name, epoch, since`,
          [wanted.toSorted(), processId],
        );
        rows = result.rows;
        committing = true;
        await client.query('commit');
      });
    } catch (error) {
      if (!committing || !(await own.lookUp(commit))) throw error;
    } finally {
      own.ended(commit);
    }
    return wanted.flatMap((name) => {
      const row = rows.find((one) => one.name === name);
      return row ? [hold(name, row.epoch, row.since, sentAt)] : [];
    });
  }

  const leases: Leases = {
    processId,
    shareable: true,
    take: (names) => translated(() => again(ATTEMPTS, () => takeOnce(names), isConflict)),
    list: () => translated(() => boardOf(run)),
    join: ({ roles, waitsFor }) =>
      translated(async () => {
        joined = { roles, waitsFor };
        await run(
          `insert into processes (id, label, roles, waits_for, started_at, seen_at) values ($1, $2, $3, $4, $5, ${NOW})
           on conflict (id) do update set roles = excluded.roles, waits_for = excluded.waits_for, seen_at = excluded.seen_at`,
          [processId, processLabel(), JSON.stringify(roles), JSON.stringify(waitsFor), startedAt],
        );
      }),
  };

  await translated(() => line.open());
  await run(`delete from processes where seen_at < ${NOW} - ${FORGET_MS}`).catch(() => undefined);
  await run(`delete from commits where at < ${NOW} - ${FORGET_MS}`).catch(() => undefined);
  const loops = [renewing(), watching()];
  return {
    leases,
    bus,
    async close() {
      const last = (async () => {
        await Promise.all([...held.values()].map(({ term }) => term.release()));
        await run('delete from processes where id = $1', [processId]);
        await run("delete from commits where process_id like $1 || '/%'", [processId]);
      })().catch(() => undefined);
      if (!(await inTime(last))) connections.dropAll();
      for (const { lose } of held.values()) lose();
      over.abort();
      commits.close();
      line.close();
      await Promise.all(loops);
    },
  };
}

type Run = <T extends object>(text: string) => Promise<T[]>;

/** Who holds what, and who was seen lately. Roles and what is waited for are as another version may have written them. */
export async function boardOf(run: Run): Promise<LeaseBoard> {
  const leases = await run<LeaseRow>(
    `select name, holder as "processId", epoch, since, until - ${NOW} as "endsIn" from leases where holder is not null order by name`,
  );
  const processes = await run<Omit<LiveProcess, 'roles' | 'waitsFor'> & Record<'roles' | 'waitsFor', string>>(
    `select id, label, roles, waits_for as "waitsFor", started_at as "startedAt", seen_at as "seenAt"
     from processes where seen_at > ${NOW} - ${SEEN_MS} order by started_at, id`,
  );
  return {
    leases,
    processes: processes.map(({ roles, waitsFor, ...row }) => ({
      ...row,
      roles: JSON.parse(roles) as Role[],
      waitsFor: JSON.parse(waitsFor) as LeaseName[],
    })),
  };
}
