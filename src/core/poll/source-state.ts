import { onceWhileFailing, type WhileFailing } from '../failures.ts';
import type { Clock, Log } from '../ports/runtime.ts';
import type { Source, SourceState, SourceStates } from '../ports/source.ts';
import { createTiming, type NextRun } from './plan.ts';

/** What `/status`, `status --json` and the metrics tell of one source. */
export interface SourceHealth extends Omit<SourceState, 'firstPollDone' | 'notBefore'> {
  id: string;
  kind: string;
  label: string;
  /** Nothing was read for three runs or the poll is overdue: what this source would tell is unknown, not "nothing". */
  stale: boolean;
  /** It is read, and shows nothing of the world: what it looks through is out of order. Absent = it sees. */
  blind?: boolean;
}

export const emptyState = (): SourceState => ({
  lastPollAt: null,
  lastOkAt: null,
  firstPollDone: false,
  failures: 0,
  failingSince: null,
  lastCode: null,
  lastMessage: null,
  notBefore: null,
  nextDueAt: null,
});

/** `since`: when the poller began to look after the source. */
export function isStale(state: SourceState, intervalMs: number, now: number, since: number): boolean {
  const grace = Math.max(intervalMs, 60_000);
  if (state.nextDueAt !== null && state.nextDueAt + grace < now) return true;
  return state.failures > 0 && now - (state.lastOkAt ?? state.failingSince ?? since) > 3 * intervalMs;
}

/** Of one source, as the poller keeps it. */
export function sourceHealth(
  source: Source,
  state: SourceState,
  { intervalMs, now, since }: { intervalMs: number; now: number; since: number },
): SourceHealth {
  const { id, kind, label } = source;
  const { lastPollAt, lastOkAt, failingSince, failures, lastCode, lastMessage, nextDueAt } = state;
  const polls = { lastPollAt, lastOkAt, failingSince, failures, lastCode, lastMessage, nextDueAt };
  const stale = isStale(state, intervalMs, now, since);
  return { id, kind, label, ...polls, stale, blind: source.isBlind?.() ?? false };
}

/** Of sources that another process polls, by what it has kept. */
export async function storedHealth(
  sources: readonly Source[],
  states: Pick<SourceStates, 'getMany'>,
  { now, nextRun }: { now: number; nextRun: NextRun },
): Promise<SourceHealth[]> {
  const kept = await states.getMany(sources.map(({ id }) => id));
  return sources.map((source) => {
    const state = { ...emptyState(), ...kept.get(source.id) };
    const intervalMs = createTiming(source.id, source.cron, nextRun).intervalMs(now);
    return sourceHealth(source, state, { intervalMs, now, since: now });
  });
}

const BATCH = 1_000;
const SOON_MS = 200;
const LATER_MS = 5_000;

/**
 * Writes the states of sources in batches: what tells a change (a first success, a failure, its end) soon, what only moves
 * the time of the last poll later. A failing store is logged once and tried again.
 */
export class StateWriter {
  readonly #states: SourceStates;
  readonly #clock: Clock;
  readonly #trouble: WhileFailing;
  readonly #dirty = new Map<string, SourceState>();
  #flushAt = Number.POSITIVE_INFINITY;
  #flushing: Promise<void> | null = null;

  constructor(states: SourceStates, clock: Clock, log: Log) {
    this.#states = states;
    this.#clock = clock;
    this.#trouble = onceWhileFailing(log, {
      begins: 'Unable to keep the states of sources',
      ends: 'States of sources are kept again',
    });
  }

  /** When `flush` wants to be called, on the monotonic clock; Infinity where there is nothing to write. */
  get flushAt(): number {
    return this.#flushing ? Number.POSITIVE_INFINITY : this.#flushAt;
  }

  note(id: string, state: SourceState, urgent: boolean): void {
    this.#dirty.set(id, state);
    this.#flushAt = Math.min(this.#flushAt, this.#clock.monotonic() + (urgent ? SOON_MS : LATER_MS));
  }

  /** Writes what is waiting. Never rejects; false where something could not be written. */
  async flush(): Promise<boolean> {
    while (this.#flushing) await this.#flushing;
    this.#flushAt = Number.POSITIVE_INFINITY;
    if (this.#dirty.size === 0) return true;
    this.#flushing = this.#write();
    await this.#flushing;
    return this.#dirty.size === 0;
  }

  async #write(): Promise<void> {
    const taken = [...this.#dirty];
    this.#dirty.clear();
    let written = 0;
    try {
      for (; written < taken.length; written += BATCH) {
        const batch = taken.slice(written, written + BATCH);
        await this.#states.setMany(batch.map(([id, state]) => ({ id, state: { ...state } })));
      }
      this.#trouble.working();
    } catch (error) {
      for (const [id, state] of taken.slice(written)) if (!this.#dirty.has(id)) this.#dirty.set(id, state);
      this.#flushAt = this.#clock.monotonic() + LATER_MS;
      this.#trouble.failing(error);
    } finally {
      this.#flushing = null;
    }
  }
}
