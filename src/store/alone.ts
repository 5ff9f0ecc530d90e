import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { TocsinError, noteLogged } from '../core/errors.ts';
import type { Bus, LeaseName, Leases, LiveProcess, LeaseTerm, Topic } from '../core/ports/leases.ts';
import type { Clock, Log } from '../core/ports/runtime.ts';
import type { Store } from '../core/ports/store.ts';

export type LocalBus = ReturnType<typeof localBus>;

/** Wakes within this process; `pass` hands on to the others, where there are any. */
export function localBus(pass: (topic: Topic) => void = () => {}) {
  const hearers = new Map<Topic, Set<() => void>>();
  const ring = (topic: Topic): void => {
    for (const call of hearers.get(topic) ?? []) call();
  };
  return {
    /** Calls back whoever hears it in this process. */
    ring,
    /** Of whatever there may have been: the line to others was lost for a while. */
    ringAll(): void {
      for (const topic of hearers.keys()) ring(topic);
    },
    tell(topic: Topic): void {
      ring(topic);
      pass(topic);
    },
    hear(topic: Topic, call: () => void, signal: AbortSignal): void {
      if (signal.aborted) return;
      const calls = hearers.getOrInsertComputed(topic, () => new Set());
      // Of its own, so that one that hears twice is called twice, and ends each by itself.
      const own = () => call();
      calls.add(own);
      signal.addEventListener('abort', () => calls.delete(own), { once: true });
    },
  };
}

/** Whoever held the lease says once that it is lost; what was begun under it ends quietly. */
export function leaseLost(name: LeaseName, epoch: number): TocsinError {
  const said = `This process does not hold "${name}" any more: nothing was written.`;
  const error = new TocsinError('lease_lost', said, { lease: name, epoch });
  noteLogged(error);
  return error;
}

export const processLabel = (): string => `${hostname()}:${process.pid}`;

/**
 * Where one process has the database to itself, each lease is held from when it is taken until it is released. `storeOf`: the store, each of whose
 * writes throws what this throws.
 */
export function leasesAlone(storeOf: (assertHeld: () => void) => Store, clock: Clock): { leases: Leases; bus: Bus } {
  const bus = localBus();
  const held = new Map<LeaseName, LeaseTerm>();
  const epochs = new Map<LeaseName, number>();
  const processId = randomUUID();
  const startedAt = clock.now();
  let joined: Pick<LiveProcess, 'roles' | 'waitsFor'> | null = null;

  function termOf(name: LeaseName): LeaseTerm {
    const epoch = (epochs.get(name) ?? 0) + 1;
    epochs.set(name, epoch);
    const over = new AbortController();
    const { signal } = over;
    const assertHeld = (): void => {
      if (signal.aborted) throw leaseLost(name, epoch);
    };
    return {
      name,
      epoch,
      since: clock.now(),
      signal,
      valid: () => !signal.aborted,
      store: storeOf(assertHeld),
      async release() {
        if (signal.aborted) return;
        held.delete(name);
        over.abort();
        bus.tell('leases');
      },
    };
  }

  const leases: Leases = {
    processId,
    shareable: false,
    async take(names) {
      const taken: LeaseTerm[] = [];
      for (const name of names) {
        if (held.has(name)) continue;
        const term = termOf(name);
        held.set(name, term);
        taken.push(term);
      }
      return taken;
    },
    async list() {
      const own = { id: processId, label: processLabel(), startedAt, seenAt: clock.now() };
      return {
        leases: [...held.values()].map(({ name, epoch, since }) => ({
          name,
          processId,
          epoch,
          since,
          endsIn: Infinity,
        })),
        processes: joined ? [{ ...own, ...joined }] : [],
      };
    },
    async join({ roles, waitsFor }) {
      joined = { roles, waitsFor };
    },
  };
  return { leases, bus };
}

/** A write that works this soon after one that failed is luck: small rows still find room on a full disk. */
const CALM_MS = 5_000;
/** Our own mistake, and the caller's to tell; the database itself works. */
const OUR_FAULT = 'a rule of the schema was broken';

/** What the drivers tell of: each error of the database, and each write that it took. */
export interface StoreWatch {
  failed(error: TocsinError): void;
  wrote(): void;
}

/** For whoever opens a store and tells of its failures in another way. */
export const unwatched: StoreWatch = { failed: () => {}, wrote: () => {} };

/**
 * Warns once when the database begins to fail and says once when it writes again, whoever of the program noticed. Errors that it logged are
 * noted as such, so that nobody logs them again (`core/errors.ts`). `begin`: the start is over; until then whoever starts tells.
 */
export function watchStore({ clock, log }: { clock: Clock; log: Log }) {
  let begun = false;
  let since: number | null = null;
  let last = 0;
  return {
    begin() {
      begun = true;
    },
    failing: () => since !== null,
    failed(error: TocsinError): void {
      if (!begun || error.code !== 'store_failed' || error.facts.reason === OUR_FAULT) return;
      noteLogged(error);
      last = clock.monotonic();
      if (since !== null) return;
      since = last;
      const reason = String(error.facts.reason ?? error.message);
      log.error('The database fails; nothing is lost, and it is tried again', { code: error.code, reason });
    },
    wrote() {
      if (since === null || clock.monotonic() - last < CALM_MS) return;
      log.info('The database works again', { failedForSeconds: Math.round((clock.monotonic() - since) / 1_000) });
      since = null;
    },
  };
}
