import type { Code } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Source } from '../ports/source.ts';
import { type NewsLine, type NewsState, newsDueAt, planNews } from './news-plan.ts';

/** What the poller has to say of its sources to whoever runs the bot. All calls return at once. */
export interface SourceNews {
  /** It failed in a way that was not logged since it was last readable. */
  failed(source: Source, code: Code, reason: string): void;
  /** A failure is over. */
  readable(source: Source, facts: { failures: number; failedForMinutes: number }): void;
  /** A poll of it has ended, well or not. After `failed` and `readable` of that poll. */
  polled(source: Source): void;
}

/** A line each, at once. */
export const plainNews = (log: Log): SourceNews => ({
  failed: ({ id, kind }, code, reason) => log.warn('Unable to read source', { source: id, kind, code, reason }),
  readable: ({ id }, facts) => log.info('Source is readable again', { source: id, ...facts }),
  polled: () => {},
});

/**
 * Many that fail together are one line: at the start when all were asked once (or after some seconds), later when no more come for a
 * moment. A few have a line each. Each one's own line is there at the level debug.
 */
export function gatheredNews(
  sources: readonly Source[],
  { log, clock, signal }: { log: Log; clock: Clock; signal: AbortSignal },
): SourceNews {
  let state = atStart(sources, clock.monotonic());
  let waiting: AbortController | null = null;

  const speak = (): void => {
    const { lines, next } = planNews(state, clock.monotonic());
    state = next;
    for (const line of lines) write(line);
    wait();
  };

  const write = ({ level, message, fields }: NewsLine): void => log[level](message, fields);

  const wait = (): void => {
    waiting?.abort(new Error('superseded'));
    const due = newsDueAt(state);
    if (due === null || signal.aborted) return;
    waiting = new AbortController();
    const left = Math.max(0, due - clock.monotonic());
    clock.sleep(left, AbortSignal.any([signal, waiting.signal])).then(speak, () => undefined);
  };

  const happened = (): void => {
    const now = clock.monotonic();
    state.firstAt ??= now;
    state.lastAt = now;
    wait();
  };

  wait();
  return {
    failed({ id, kind }, code, reason) {
      log.debug('Unable to read source', { source: id, kind, code, reason });
      state.held.push({ source: id, kind, code, reason });
      state.failing.set(id, code);
      happened();
    },
    readable({ id }, facts) {
      log.debug('Source is readable again', { source: id, ...facts });
      const silent = state.held.some((one) => one.source === id);
      state.held = state.held.filter((one) => one.source !== id);
      state.failing.delete(id);
      // What was never said needs no end.
      if (!silent) state.ended.push({ source: id, ...facts });
      happened();
    },
    polled({ id }) {
      if (state.unasked.delete(id) && state.unasked.size === 0) wait();
    },
  };
}

const atStart = (sources: readonly Source[], beganAt: number): NewsState => ({
  all: sources.map(({ id }) => id),
  // What asks nobody measures by itself; observatories and registers beside feeds are none.
  noun:
    sources.every(({ host }) => host !== null) && new Set(sources.map(({ kind }) => kind)).size === 1
      ? 'feeds'
      : 'sources',
  beganAt,
  unasked: new Set(sources.map(({ id }) => id)),
  failing: new Map(),
  held: [],
  ended: [],
  firstAt: null,
  lastAt: null,
  each: 0,
  eachSince: beganAt,
  manyAt: null,
  firstRound: 'running',
});
