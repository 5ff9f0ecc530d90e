import type { Clock } from '../../src/core/ports/runtime.ts';

interface Sleeper {
  at: number;
  wake: () => void;
}

/** Time that stands still until a test moves it. `wall` may be set apart from the steady clock, as NTP and sleeping laptops do. */
export class FakeClock implements Clock {
  #wall: number;
  #steady = 0;
  #sleepers: Sleeper[] = [];

  constructor(wall = Date.UTC(2026, 10, 25, 12, 0, 0)) {
    this.#wall = wall;
  }

  now(): number {
    return this.#wall;
  }

  monotonic(): number {
    return this.#steady;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const sleeper = { at: this.#steady + ms, wake: resolve };
      this.#sleepers.push(sleeper);
      signal?.addEventListener('abort', () => {
        this.#sleepers = this.#sleepers.filter((each) => each !== sleeper);
        reject(signal.reason);
      });
    });
  }

  /** The wall clock jumps; nobody wakes up by that. */
  jump(ms: number): void {
    this.#wall += ms;
  }

  /** Until the next sleeper wakes, ms; null: nobody sleeps. */
  untilNext(): number | null {
    return this.#sleepers.length === 0
      ? null
      : Math.max(0, Math.min(...this.#sleepers.map(({ at }) => at)) - this.#steady);
  }

  /** Lets time pass: wakes sleepers one by one in order, and lets each do what it does before the next. */
  async pass(ms: number): Promise<void> {
    const until = this.#steady + ms;
    await settle();
    for (;;) {
      const next = this.#sleepers.reduce<Sleeper | null>((a, b) => (a && a.at <= b.at ? a : b), null);
      if (!next || next.at > until) break;
      this.#sleepers = this.#sleepers.filter((each) => each !== next);
      const step = Math.max(0, next.at - this.#steady);
      this.#steady += step;
      this.#wall += step;
      next.wake();
      await settle();
    }
    this.#wall += until - this.#steady;
    this.#steady = until;
    await settle();
  }
}

/** Everything that waits for no time, only for its turn. */
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
