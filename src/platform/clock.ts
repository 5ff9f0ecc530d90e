import { setTimeout } from 'node:timers/promises';
import type { Clock } from '../core/ports/runtime.ts';

/** Longest delay that a timer takes (2^31 − 1 ms, 24.8 days); longer sleeps are cut into pieces. */
const MAX_TIMER_MS = 2_147_483_647;

/** The machine's clock. A sleep holds the process open: stop it by its signal. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  async sleep(ms, signal) {
    try {
      for (let left = Math.max(0, ms); left >= 0; left -= MAX_TIMER_MS)
        await setTimeout(Math.min(left, MAX_TIMER_MS), undefined, signal ? { signal } : {});
    } catch {
      // Node's own error only names the reason as its cause.
      throw signal?.reason;
    }
  },
};
