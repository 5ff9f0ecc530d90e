import { TocsinError } from '../../core/errors.ts';
import type { LeaseName } from '../../core/ports/leases.ts';
import type { Clock } from '../../core/ports/runtime.ts';
import { leaseLost } from '../alone.ts';
import type { Connections } from './pool.ts';

/** Some number that means "Tocsin writes" among PostgreSQL's advisory locks, until the end of a transaction. */
const ORDER_LOCK = 7_239_003;
/** So long a commit in doubt is looked up, ms; a failover is over by then. */
const LOOK_UP_MS = 120_000;
const LOOK_AGAIN_MS = 300;

/** One writing transaction, until its outcome is known. */
export interface Commit {
  /** Of this process: no two that are under way have the same. */
  slot: number;
  /** Counts this process's transactions. */
  number: number;
}

/** What a transaction is fenced by. */
export interface Fence {
  name: LeaseName;
  epoch: number;
  signal: AbortSignal;
}

/** How writing transactions of one process begin, and what became of them. */
export type Commits = ReturnType<CommitLog['fencedBy']>;

/** For all stores of one process. */
export type CommitLog = ReturnType<typeof commitLog>;

/** Whatever a role's or a database's default is: each statement must see what was committed before it, the look at the lease above all. */
const BEGIN = 'begin isolation level read committed';
/** A lock that is PostgreSQL's for a schema. */
const order = `select pg_advisory_xact_lock(${ORDER_LOCK}, hashtext(current_schema()))`;
/** The database's clock, ms. */
export const NOW = '(extract(epoch from clock_timestamp()) * 1000)::bigint';

const quoted = (text: string): string => `'${text.replaceAll('\0', '').replaceAll("'", "''")}'`;

export function commitLog(connections: Connections, clock: Clock, processId: string) {
  const used = new Set<number>();
  const closed = new AbortController();
  let count = 0;
  const key = (slot: number): string => quoted(`${processId}/${slot}`);

  /**
   * Was it committed? Waits for its turn, so that whatever of it is still on its way has arrived, or never will. Asks for as long as it takes;
   * throws `store_failed` when that is too long.
   */
  async function lookUp({ slot, number }: Commit): Promise<boolean> {
    const until = clock.monotonic() + LOOK_UP_MS;
    while (!closed.signal.aborted && clock.monotonic() < until) {
      const found = await ask(slot, number).catch(() => null);
      if (found !== null) return found;
      await clock.sleep(LOOK_AGAIN_MS, closed.signal).catch(() => undefined);
    }
    const said =
      'The database broke off at the end of a transaction and was not to be asked any more: whether it is done is not known.';
    throw new TocsinError('store_failed', said, { reason: 'commit in doubt' });
  }

  async function ask(slot: number, number: number): Promise<boolean> {
    const look = `${BEGIN}; ${order}; select 1 from commits where process_id = ${key(slot)} and last = ${number}; commit`;
    const results = await connections.lend((client) => client.query(look));
    return (results as unknown as { rowCount: number }[])[2]!.rowCount > 0;
  }

  return {
    fencedBy: (fence: Fence | null) => ({
      next(): Commit {
        let slot = 0;
        while (used.has(slot)) slot++;
        used.add(slot);
        return { slot, number: ++count };
      },
      /** Its outcome is known, or nobody asks. */
      ended: ({ slot }: Commit): void => void used.delete(slot),
      /**
       * Begins, waits for its turn among all processes, notes its number, and looks whether the lease is held: the last result has a row where it is. In one
       * round trip; each of the statements sees what was committed before it.
       */
      beginning({ slot, number }: Commit): string {
        const noted = `insert into commits (process_id, last, at) values (${key(slot)}, ${number}, ${NOW})
          on conflict (process_id) do update set last = excluded.last, at = excluded.at`;
        const held =
          fence === null
            ? 'select 1'
            : `select 1 from leases where name = ${quoted(fence.name)} and epoch = ${fence.epoch} and holder = ${quoted(processId)} and until > ${NOW}`;
        return `${BEGIN}; ${order}; ${noted}; ${held}`;
      },
      /** By what this process knows. Throws `lease_lost`. */
      assertHeld(): void {
        if (fence?.signal.aborted) throw leaseLost(fence.name, fence.epoch);
      },
      assertFenced(rows: number): void {
        if (fence !== null && rows === 0) throw leaseLost(fence.name, fence.epoch);
      },
      lookUp,
    }),
    close: () => closed.abort(),
  };
}
