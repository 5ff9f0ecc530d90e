import { randomBytes } from 'node:crypto';
import type { Clock, Ids } from '../core/ports/runtime.ts';

const DIGITS = '0123456789abcdefghijklmnopqrstuvwxyz';
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
        count = randomBytes(6).readUIntBE(0, 6) % (TAIL_SPACE / 2);
      } else {
        count += 1 + (randomBytes(1)[0] ?? 0);
      }
      return lastMs.toString(36).padStart(9, '0') + count.toString(36).padStart(7, '0');
    },
    tail(length) {
      let text = '';
      while (text.length < length) {
        for (const byte of randomBytes(length)) {
          // 252 = 7 × 36: bytes above would favour the first digits.
          if (byte < 252 && text.length < length) text += DIGITS[byte % 36];
        }
      }
      return text;
    },
    random: () => Math.random(),
  };
}
