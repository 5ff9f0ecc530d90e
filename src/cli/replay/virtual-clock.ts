import type { Clock } from '../../core/ports/clock.ts';

/** A clock that stands still until it is moved. Sleeping yields a turn and passes no time. */
export interface VirtualClock extends Clock {
  moveTo(at: number): void;
}

export function createVirtualClock(start: number): VirtualClock {
  let now = start;
  return {
    now: () => now,
    monotonic: () => now,
    sleep: () => Promise.resolve(),
    moveTo(at) {
      now = Math.max(now, at);
    },
  };
}
