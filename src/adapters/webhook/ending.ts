import { onceWhileFailing } from '../../core/failures.ts';
import { ENDED, type EndedTarget, RESUME, readEnded } from '../../core/model/ended-target.ts';
import type { AdapterDeps } from '../../core/ports/chat-adapter.ts';

/** Whether a target has ended, over restarts and for whoever takes the account over. It goes on once what is kept of it is gone. */
export interface Ending {
  /** To be called before the first message. */
  restore(): Promise<void>;
  /** Why; null = it has not ended. */
  why(): string | null;
  /** It has: from now on it is looked every few seconds whether somebody wants it to go on. Throws, and has not ended, where that cannot be kept. */
  begin(detail: string): Promise<void>;
  /** Looks now; true = it goes on, or had never ended. */
  over(): Promise<boolean>;
  stop(): void;
}

const LOOK_EVERY = 5_000;

export function createEnding({ state, clock, log, reopen }: AdapterDeps, host: string): Ending {
  const stopped = new AbortController();
  const trouble = onceWhileFailing(log, { begins: 'Unable to see whether a webhook is to go on', ends: null });
  let ended: EndedTarget | null = null;
  let watching = false;

  async function over(): Promise<boolean> {
    if (ended === null) return true;
    if ((await state.get(RESUME)) != null) {
      // First what makes it a target again, then the wish: a kill between repeats this.
      await reopen?.();
      await state.delete(ENDED);
      await state.delete(RESUME);
    }
    if (readEnded(await state.get(ENDED)) !== null) return false;
    ended = null;
    log.info('A webhook goes on', { host });
    return true;
  }

  async function watch(): Promise<void> {
    if (watching) return;
    watching = true;
    while (!stopped.signal.aborted && ended !== null) {
      await clock.sleep(LOOK_EVERY, stopped.signal).catch(() => undefined);
      if (stopped.signal.aborted) return;
      try {
        if (await over()) break;
        trouble.working();
      } catch (error) {
        trouble.failing(error);
      }
    }
    watching = false;
  }

  return {
    async restore() {
      ended = readEnded(await state.get(ENDED));
      if (ended !== null) void watch();
    },
    why: () => ended?.detail ?? null,
    async begin(detail) {
      const kept = { at: clock.now(), detail };
      await state.set(ENDED, kept);
      ended = kept;
      void watch();
    },
    over,
    stop: () => stopped.abort(),
  };
}
