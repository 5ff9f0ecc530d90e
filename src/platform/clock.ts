import type { Clock } from '../core/ports/runtime.ts';

/** Longest delay that a timer takes (2^31 − 1 ms, 24.8 days); longer sleeps are cut into pieces. */
const MAX_TIMER_MS = 2_147_483_647;

/** The machine's clock. A sleep holds the process open: stop it by its signal. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep(ms, signal) {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      let left = Math.max(0, ms);
      let timer: NodeJS.Timeout;
      const stop = () => {
        clearTimeout(timer);
        reject(signal?.reason);
      };
      const wait = () => {
        const piece = Math.min(left, MAX_TIMER_MS);
        left -= piece;
        timer = setTimeout(() => {
          if (left > 0) return wait();
          signal?.removeEventListener('abort', stop);
          resolve();
        }, piece);
      };
      signal?.addEventListener('abort', stop, { once: true });
      wait();
    });
  },
};
