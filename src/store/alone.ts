import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { TocsinError } from '../core/errors.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { Bus, LeaseName, Leases, LiveProcess, Tenure } from '../core/ports/leases.ts';
import type { Store } from '../core/ports/store.ts';
import { localBus } from './bus.ts';
import { storeWhileHeld } from './tenure-store.ts';

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
