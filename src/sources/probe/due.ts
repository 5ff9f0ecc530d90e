import type { ProbeTarget } from './round.ts';

/** One target's place in the schedule, wall-clock ms. */
export interface Due {
  target: ProbeTarget;
  next: number;
  heavy: number;
  last: number;
}

/** No interval is drawn longer than so many times the configured one; the rest is the time that a round takes. */
const LATEST = 1.5;

/**
 * After the wall clock was set back: what is due later than it ever can be is due within one interval, spread as at the start. `every`: intervals,
 * ms, Infinity = never; `random` yields 0 to 1.
 */
export function mendTimes(
  list: readonly Due[],
  now: number,
  every: { regular: number; speed: number },
  random: () => number,
): void {
  for (const due of list) {
    if (due.next > now + LATEST * every.regular) due.next = now + random() * every.regular;
    if (due.heavy > now + LATEST * every.speed) due.heavy = now + random() * every.speed;
    due.last = Math.min(due.last, now);
  }
}
