import { randomInt } from 'node:crypto';
import type { Clock, Ids } from '../core/ports/runtime.ts';

/** 36^7: what the seven characters behind the time can hold. */
const TAIL_SPACE = 78_364_164_096;

/**
 * Ids from the clock and the machine's randomness. `next` is nine characters of milliseconds and seven that start at random and
 * grow within the millisecond, so ids of one process sort in the order they were made, also when the clock steps back.
 */
export function createIds(clock: Clock): Ids {
  let lastMs = 0;
  let count = 0;
  return {
    next() {
      const now = clock.now();
      if (now > lastMs) {
        lastMs = now;
        // The lower half, so that counting up never runs over.
        count = randomInt(TAIL_SPACE / 2);
      } else {
        count += randomInt(1, 257);
      }
      return lastMs.toString(36).padStart(9, '0') + count.toString(36).padStart(7, '0');
    },
    tail: (length) => Array.from({ length }, () => randomInt(36).toString(36)).join(''),
    random: () => Math.random(),
  };
}
