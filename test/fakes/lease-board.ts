import { randomUUID } from 'node:crypto';
import { TocsinError } from '../../src/core/errors.ts';
import type {
  LeaseBoard,
  LeaseName,
  Leases,
  LiveProcess,
  SharedStore,
  LeaseTerm,
} from '../../src/core/ports/leases.ts';
import type { Clock } from '../../src/core/ports/runtime.ts';
import { type LocalBus, localBus } from '../../src/store/alone.ts';

/** As on PostgreSQL, ms. */
const LIVES = 6_000;
const MARGIN = 1_000;
const RENEW_EVERY = 1_500;
/** How often it looks whether it is too late, ms. */
const LOOK_EVERY = 250;

interface Row {
  holder: string | null;
  epoch: number;
  since: number;
  until: number;
  /** The same lease of the tables' own store: while the holder has it, its store writes. */
  fence: LeaseTerm | null;
}

/** One of several processes that share a database. */
export interface FakeProcess {
  /** The store of this process: its leases and its bus are its own, its tables are everybody's. */
  store: SharedStore;
  /** SIGSTOP: it renews nothing and hears nothing; only `valid()` is right at once. */
  stop(): void;
  /** SIGCONT. */
  go(): void;
  /** The database is out of reach: what is asked of the leases throws `store_failed`. Its tables answer all the same. */
  cut(): void;
  heal(): void;
  /** kill -9: it holds until its leases have expired, and never comes back. */
  kill(): void;
}

/**
 * Leases that several processes share, without a database: a board in memory, the time of a clock that is handed in. It keeps the contract of
 * `core/ports/leases.ts` (`test/contract/store/leases.suite.ts`).
 */
export class FakeLeaseBoard {
  readonly #clock: Clock;
  readonly #rows = new Map<LeaseName, Row>();
  readonly #processes = new Map<string, LiveProcess>();
  readonly #buses = new Map<string, { bus: LocalBus; hears(): boolean }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** `tables`: may be handed to several; nobody else takes leases of it. */
  process(tables: SharedStore, label = `machine:${this.#buses.size + 1}`): FakeProcess {
    const clock = this.#clock;
    const id = randomUUID();
    const startedAt = clock.now();
    const dead = new AbortController();
    const held = new Map<LeaseName, { term: LeaseTerm; lose(): void }>();
    let reachable = true;
    let running = true;
    let sentAt = clock.monotonic();

    const bus = localBus((topic) => {
      if (!reachable) return;
      for (const [other, { bus, hears }] of this.#buses) if (other !== id && hears()) bus.ring(topic);
    });
    this.#buses.set(id, { bus, hears: () => running && reachable && !dead.signal.aborted });
    const row = (name: LeaseName): Row => {
      const known = this.#rows.get(name) ?? { holder: null, epoch: 0, since: 0, until: 0, fence: null };
      this.#rows.set(name, known);
      return known;
    };
    const holds = ({ name, epoch }: Pick<LeaseTerm, 'name' | 'epoch'>): boolean => {
      const { holder, epoch: now, until } = row(name);
      return holder === id && now === epoch && until > clock.monotonic();
    };

    const look = (): void => {
      const due = clock.monotonic() >= sentAt + RENEW_EVERY;
      const late = clock.monotonic() >= sentAt + LIVES - MARGIN;
      for (const { term, lose } of held.values())
        if (!holds(term) || late) lose();
        else if (reachable && due) row(term.name).until = clock.monotonic() + LIVES;
      if (!reachable || !due) return;
      sentAt = clock.monotonic();
      const known = this.#processes.get(id);
      if (known) this.#processes.set(id, { ...known, seenAt: clock.now() });
    };
    const assertReachable = (): void => {
      if (!reachable || dead.signal.aborted)
        throw new TocsinError('store_failed', 'The database could not do what was asked: connection lost.', {
          reason: 'connection lost',
        });
    };
    const renewing = async (): Promise<void> => {
      while (!dead.signal.aborted) {
        await clock.sleep(LOOK_EVERY, dead.signal).catch(() => undefined);
        if (running && !dead.signal.aborted) look();
      }
    };
    void renewing();

    const termOf = async (name: LeaseName): Promise<LeaseTerm> => {
      const { epoch, since, fence: last } = row(name);
      await last?.release();
      const [fence] = await tables.leases.take([name]);
      row(name).fence = fence!;
      const over = new AbortController();
      const { signal } = over;
      const lose = (): void => {
        held.delete(name);
        void fence!.release();
        over.abort();
      };
      const term: LeaseTerm = {
        name,
        epoch,
        since,
        signal,
        valid: () => !signal.aborted && !dead.signal.aborted && clock.monotonic() < sentAt + LIVES - MARGIN,
        // Whoever asks for a part of the store after the lease has expired finds it out at once.
        store: new Proxy(fence!.store, {
          get(store, part) {
            if (!holds({ name, epoch })) void fence!.release();
            return Reflect.get(store, part);
          },
        }),
        async release() {
          if (signal.aborted) return;
          lose();
          const known = row(name);
          if (reachable && known.holder === id && known.epoch === epoch) known.holder = null;
          bus.tell('leases');
        },
      };
      held.set(name, { term, lose });
      return term;
    };

    const leases: Leases = {
      processId: id,
      shareable: true,
      take: async (names) => {
        assertReachable();
        if (held.size === 0) sentAt = clock.monotonic();
        const free = names.filter((name) => {
          const known = row(name);
          if (known.holder !== null && known.until > clock.monotonic()) return false;
          Object.assign(known, {
            holder: id,
            epoch: known.epoch + 1,
            since: clock.now(),
            until: clock.monotonic() + LIVES,
          });
          return true;
        });
        return await Promise.all(free.map(termOf));
      },
      list: async (): Promise<LeaseBoard> => {
        assertReachable();
        return this.board();
      },
      join: async ({ roles, waitsFor }) => {
        assertReachable();
        this.#processes.set(id, { id, label, roles, waitsFor, startedAt, seenAt: clock.now() });
      },
    };

    return {
      store: {
        ...tables,
        leases,
        bus,
        close: async () => {
          for (const { term } of held.values()) await term.release();
          dead.abort();
          this.#processes.delete(id);
        },
      },
      stop: () => {
        running = false;
      },
      go: () => {
        running = true;
        look();
        bus.ringAll();
      },
      cut: () => {
        reachable = false;
      },
      heal: () => {
        reachable = true;
        look();
        bus.ringAll();
      },
      kill: () => dead.abort(),
    };
  }

  /** What everybody sees. A process that was not seen for as long as a lease lives is not on it. */
  board(): LeaseBoard {
    const now = this.#clock.monotonic();
    return {
      leases: [...this.#rows].flatMap(([name, { holder, epoch, since, until }]) =>
        holder === null ? [] : [{ name, processId: holder, epoch, since, endsIn: until - now }],
      ),
      processes: [...this.#processes.values()].filter(({ seenAt }) => this.#clock.now() - seenAt < LIVES),
    };
  }
}
