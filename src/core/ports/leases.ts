import type { Store } from './store.ts';

/**
 * Who may do what, where several processes share one database. A lease is a row (name, holder, epoch, until by the database's clock); whoever
 * takes it raises the epoch. Every write under a term carries its epoch and is refused when it is stale, in the transaction of the write.
 * In memory and on SQLite one process has the database to itself: there each lease is free once, held until it is released, and costs nothing.
 */
export interface Leases {
  /** This process among the others: unique for each start. */
  readonly processId: string;
  /** Can another process come at any time and take them? Else nobody is there to leave anything to. */
  readonly shareable: boolean;
  /**
   * Tries to take these together, at once: all that are free of them, in one transaction; never waits for a holder. Resolves with what this process
   * holds now of them, in that order, left out what others hold. What it holds already is not taken again, and left out.
   */
  take(names: readonly LeaseName[]): Promise<LeaseTerm[]>;
  /** All leases that anybody holds, and all processes that were seen lately, by the database's clock. */
  list(): Promise<LeaseBoard>;
  /** Says that this process lives, with these roles, and waits for these: on record until `close` of the store, or until it has not renewed for a while. */
  join(process: Pick<LiveProcess, 'roles' | 'waitsFor'>): Promise<void>;
}

/**
 * `ingest`: polls, probes, judges, correlates. `fanout`: fills broadcasts and makes what comes at its time. `receive/<account>`, `send/<account>`:
 * the platforms allow no second.
 */
export type LeaseName = 'ingest' | 'fanout' | `receive/${string}` | `send/${string}`;

export type Role = 'ingest' | 'bot' | 'deliver' | 'web';

/** A lease while this process holds it. */
export interface LeaseTerm {
  readonly name: LeaseName;
  readonly epoch: number;
  /** Since when, ms since the epoch by the database's clock. */
  readonly since: number;
  /** Aborts when it is lost, released, or could not be renewed in time: nothing may be begun under it any more. */
  readonly signal: AbortSignal;
  /**
   * May something be begun now that cannot be fenced (a send)? Looks at the monotonic clock, which goes on while the process is stopped: right at once
   * after it wakes, before any timer has run.
   */
  valid(): boolean;
  /** The same store; each of its writes throws `TocsinError('lease_lost')`, and leaves nothing behind, once the term is over. Reads go on. */
  readonly store: Store;
  /** Hands it over: others are woken at once. Call it when what was done under it has ended. Never throws. */
  release(): Promise<void>;
}

export interface LeaseRow {
  name: LeaseName;
  processId: string;
  epoch: number;
  /** ms since the epoch. */
  since: number;
  /** In how many ms it ends unless it is renewed, by the database's clock; 0 or less: whoever may take it is about to. */
  endsIn: number;
}

export interface LiveProcess {
  id: string;
  /** `name of the machine:number of the process`, for people. */
  label: string;
  roles: readonly Role[];
  /** What it would do, and others do. */
  waitsFor: readonly LeaseName[];
  /** ms since the epoch. */
  startedAt: number;
  seenAt: number;
}

export interface LeaseBoard {
  leases: LeaseRow[];
  processes: LiveProcess[];
}

/**
 * Wakes whoever waits for something, in this process at once, and in others that share the database soon (`LISTEN`/`NOTIFY`). Not durable, may be
 * merged, may be lost: behind each there is a look of one's own every few seconds.
 */
export interface Bus {
  /** Never throws. Call it after the commit of what there is to see. */
  tell(topic: Topic): void;
  /** Calls back until the signal aborts; also once after the line to the others was lost and found again. */
  hear(topic: Topic, call: () => void, signal: AbortSignal): void;
}

/** A lease is free · broadcasts are due · deliveries were filled in · posts wait for whoever ingests · boards or pairs changed. */
export type Topic = 'leases' | 'broadcasts' | 'outbox' | 'posts' | 'boards';

/** The store as it is opened: whoever works under a lease uses that of its term. */
export interface SharedStore extends Store {
  leases: Leases;
  bus: Bus;
  /**
   * Does a bot run on it, as the locks of the system say or the processes themselves, at once after one has ended in whatever way? Null = that is not
   * known here: its heartbeat says.
   */
  inUse(): Promise<boolean | null>;
}
