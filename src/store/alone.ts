import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { TocsinError } from '../core/errors.ts';
import type { Bus, LeaseName, Leases, LiveProcess, Tenure, Topic } from '../core/ports/leases.ts';
import type { Clock } from '../core/ports/runtime.ts';
import type { Store, Tables } from '../core/ports/store.ts';
import { ROW_CALLS, SOURCE_STATE_CALLS, STATE_CALLS, TABLE_CALLS } from '../core/ports/store-calls.ts';

export interface LocalBus extends Bus {
  /** Calls back whoever hears it in this process. */
  ring(topic: Topic): void;
  /** Of whatever there may have been: the line to others was lost for a while. */
  ringAll(): void;
}

/** Wakes within this process; `pass` hands on to the others, where there are any. */
export function localBus(pass: (topic: Topic) => void = () => {}): LocalBus {
  const hearers = new Map<Topic, Set<() => void>>();
  const ring = (topic: Topic): void => {
    for (const call of hearers.get(topic) ?? []) call();
  };
  return {
    ring,
    ringAll() {
      for (const topic of hearers.keys()) ring(topic);
    },
    tell(topic) {
      ring(topic);
      pass(topic);
    },
    hear(topic, call, signal) {
      if (signal.aborted) return;
      const calls = hearers.get(topic) ?? new Set();
      hearers.set(topic, calls);
      // Of its own, so that one that hears twice is called twice, and ends each by itself.
      const own = () => call();
      calls.add(own);
      signal.addEventListener('abort', () => calls.delete(own), { once: true });
    },
  };
}

type Call = (...args: unknown[]) => unknown;
type Kinds = Readonly<Record<string, 'reads' | 'writes'>>;

/** The same part, each of whose writes asks first; `assertHeld` throws. */
function asking<T extends object>(part: T, kinds: Kinds, assertHeld: () => void): T {
  const copy: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(part)) {
    const call = (value as Call).bind(part);
    const asks: Call = async (...args) => {
      assertHeld();
      return call(...args);
    };
    copy[name] = kinds[name] === 'writes' ? asks : call;
  }
  return copy as T;
}

/**
 * The same store, each of whose writes throws what `assertHeld` throws; a transaction asks once more at its end. Enough where all who write live in
 * this process.
 */
export function storeWhileHeld(store: Store, assertHeld: () => void): Store {
  const { state, rows, transaction, prune, restore, cache } = store;
  const tables = Object.entries(TABLE_CALLS).map(([name, kinds]) => [
    name,
    asking(store[name as keyof typeof TABLE_CALLS], kinds, assertHeld),
  ]);
  return {
    ...store,
    ...(Object.fromEntries(tables) as Omit<Tables, 'state' | 'rows'>),
    sourceStates: asking(store.sourceStates, SOURCE_STATE_CALLS, assertHeld),
    state: (namespace) => asking(state.call(store, namespace), STATE_CALLS, assertHeld),
    rows: (namespace) => asking(rows.call(store, namespace), ROW_CALLS, assertHeld),
    cache(namespace) {
      const inner = cache.call(store, namespace);
      const held = (): boolean => {
        try {
          assertHeld();
          return true;
        } catch {
          return false;
        }
      };
      return {
        get: (key) => inner.get(key),
        set: async (key, value, ttlMs) => held() && inner.set(key, value, ttlMs),
        delete: async (key) => held() && inner.delete(key),
      };
    },
    async transaction(work) {
      assertHeld();
      return transaction.call(store, async (inner: Tables) => {
        assertHeld();
        const result = await work(inner);
        assertHeld();
        return result;
      }) as ReturnType<typeof work>;
    },
    async prune(now) {
      assertHeld();
      return prune.call(store, now);
    },
    async restore(lines, progress) {
      assertHeld();
      return restore.call(store, lines, progress);
    },
  };
}

export const leaseLost = (name: LeaseName, epoch: number): TocsinError =>
  new TocsinError('lease_lost', `This process does not hold "${name}" any more: nothing was written.`, {
    lease: name,
    epoch,
  });

export const processLabel = (): string => `${hostname()}:${process.pid}`;

/** Where one process has the database to itself, each lease is held from when it is taken until it is released. */
export function leasesAlone(store: Store, clock: Clock): { leases: Leases; bus: Bus } {
  const bus = localBus();
  const held = new Map<LeaseName, Tenure>();
  const epochs = new Map<LeaseName, number>();
  const processId = randomUUID();
  const startedAt = clock.now();
  let joined: Pick<LiveProcess, 'roles' | 'waitsFor'> | null = null;

  function tenureOf(name: LeaseName): Tenure {
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
      store: storeWhileHeld(store, assertHeld),
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
      const taken: Tenure[] = [];
      for (const name of names) {
        if (held.has(name)) continue;
        const tenure = tenureOf(name);
        held.set(name, tenure);
        taken.push(tenure);
      }
      return taken;
    },
    async list() {
      const own = { id: processId, label: processLabel(), startedAt, seenAt: clock.now() };
      return {
        leases: [...held.values()].map(({ name, epoch, since }) => ({ name, processId, epoch, since, expired: false })),
        processes: joined ? [{ ...own, ...joined }] : [],
      };
    },
    async join({ roles, waitsFor }) {
      joined = { roles, waitsFor };
    },
  };
  return { leases, bus };
}
