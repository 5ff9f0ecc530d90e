import { TocsinError } from '../../core/errors.ts';
import { onceWhileFailing } from '../../core/failures.ts';
import type { AdapterDeps } from '../../core/ports/chat-adapter.ts';
import type { Verdict } from './outcome.ts';
import type { Standing } from './standing.ts';

/** Says again each minute what still stands, for a target that forgets: as Prometheus does for its Alertmanager. */
export interface Repeats {
  start(): void;
  /** Runs `work` while nothing is being said again: what is over must not be overtaken by its own repetition. */
  between<T>(work: () => Promise<T>): Promise<T>;
  /** What the last round met; null = all is well, or nothing stands. */
  problem(): string | null;
  stop(): Promise<void>;
}

export interface RepeatsDeps extends Pick<AdapterDeps, 'clock' | 'log' | 'holds'> {
  host: string;
  standing: Standing;
  /** True: say nothing now. */
  quiet(): boolean;
  post(alerts: object[], signal: AbortSignal): Promise<Verdict>;
}

const EVERY = 60_000;

export function createRepeats({ clock, log, holds, host, standing, quiet, post }: RepeatsDeps): Repeats {
  const stopped = new AbortController();
  const { signal } = stopped;
  const trouble = onceWhileFailing(log, {
    begins: 'Unable to say again what is open; will go on trying',
    ends: 'What is open can be said again',
    fields: { host },
  });
  let last: Promise<unknown> = Promise.resolve();
  let loop: Promise<void> = Promise.resolve();
  let problem: string | null = null;

  function between<T>(work: () => Promise<T>): Promise<T> {
    const mine = last.then(work);
    last = mine.catch(() => undefined);
    return mine;
  }

  async function round(): Promise<void> {
    if (signal.aborted || quiet() || holds?.() === false) return;
    for (const alerts of await standing.batches(clock.now())) {
      const verdict = await post(alerts, signal);
      if (verdict.is === 'canceled') return;
      if (verdict.is !== 'taken') throw new TocsinError('fetch_status', verdict.detail);
    }
    problem = null;
    trouble.working();
  }

  async function go(): Promise<void> {
    while (!signal.aborted) {
      await clock.sleep(EVERY, signal).catch(() => undefined);
      await between(round).catch((error: Error) => {
        problem = error.message.slice(0, 300);
        trouble.failing(error);
      });
    }
  }

  return {
    start() {
      loop = go();
    },
    between,
    problem: () => problem,
    async stop() {
      stopped.abort();
      await loop;
    },
  };
}
