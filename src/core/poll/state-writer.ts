import { onceWhileFailing, type WhileFailing } from '../failures.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { NamedSourceState, SourceState, SourceStates } from '../ports/source-state.ts';

const BATCH = 1_000;

/**
 * Writes the states of sources in batches: what tells a change (a first success, a failure, its end) within `soonMs`, what only
 * moves the time of the last poll within `laterMs`. A failing store is logged once and tried again.
 */
export class StateWriter {
  readonly #states: SourceStates;
  readonly #clock: Clock;
  readonly #soonMs: number;
  readonly #laterMs: number;
  readonly #trouble: WhileFailing;
  readonly #dirty = new Map<string, SourceState>();
  #flushAt = Number.POSITIVE_INFINITY;
  #flushing: Promise<void> | null = null;

  constructor(states: SourceStates, clock: Clock, log: Log, soonMs = 200, laterMs = 5_000) {
    this.#states = states;
    this.#clock = clock;
    this.#trouble = onceWhileFailing(log, {
      begins: 'Unable to keep the states of sources',
      ends: 'States of sources are kept again',
    });
    this.#soonMs = soonMs;
    this.#laterMs = laterMs;
  }

  /** When `flush` wants to be called, on the monotonic clock; Infinity where there is nothing to write. */
  get flushAt(): number {
    return this.#flushing ? Number.POSITIVE_INFINITY : this.#flushAt;
  }

  note(id: string, state: SourceState, urgent: boolean): void {
    this.#dirty.set(id, state);
    this.#flushAt = Math.min(this.#flushAt, this.#clock.monotonic() + (urgent ? this.#soonMs : this.#laterMs));
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
        const batch: NamedSourceState[] = taken
          .slice(written, written + BATCH)
          .map(([id, state]) => ({ id, state: { ...state } }));
        await this.#states.setMany(batch);
      }
      this.#trouble.working();
    } catch (error) {
      for (const [id, state] of taken.slice(written)) if (!this.#dirty.has(id)) this.#dirty.set(id, state);
      this.#flushAt = this.#clock.monotonic() + this.#laterMs;
      this.#trouble.failing(error);
    } finally {
      this.#flushing = null;
    }
  }
}
