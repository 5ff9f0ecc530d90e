import type { Clock } from './ports/clock.ts';

/** A loop's pause that others may end: what woke it while it worked is not lost. */
export interface Wakeable {
  wake(): void;
  /** Was `wake` called since the last `begin`? */
  woken(): boolean;
  /** To be called before the loop looks at its work: what wakes it from here on makes `pause` return at once. */
  begin(): void;
  /** Resolves after `ms`, when woken, or when the signal aborts; never throws. */
  pause(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Made once: a reason of its own for each pause is dear. */
const WOKEN = new Error('woken');

export function wakeable(clock: Clock): Wakeable {
  let woken = false;
  let end: (() => void) | null = null;
  return {
    wake() {
      woken = true;
      end?.();
    },
    woken: () => woken,
    begin() {
      woken = false;
    },
    async pause(ms, signal) {
      if (woken || signal?.aborted) return;
      const pause = new AbortController();
      end = () => pause.abort(WOKEN);
      const either = signal ? AbortSignal.any([signal, pause.signal]) : pause.signal;
      await clock.sleep(Math.max(0, ms), either).catch(() => undefined);
      end = null;
    },
  };
}
