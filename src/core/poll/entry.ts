import { codeOf, messageOf, wasLogged } from '../errors.ts';
import type { Log } from '../ports/log.ts';
import type { PollOutcome } from '../ports/metrics.ts';
import type { PollContext, PollResult, Source } from '../ports/source.ts';
import type { SourceState } from '../ports/source-state.ts';
import { emptyState } from './health.ts';
import { noted, type PollEnd, type Under } from './plan.ts';
import type { SourceNews } from './source-news.ts';
import { createTiming, type NextRun, type Timing } from './timing.ts';

/** One source as the poller keeps it. */
export interface Entry extends Under {
  source: Source;
  host: string | null;
  timing: Timing;
  state: SourceState;
  /** The due time of the schedule that is served next, or null where the poll falls outside it. */
  slot: number | null;
  abort: AbortController | null;
  slow: boolean;
  /** Codes that this process has warned of since the source was last readable: one that wavers between two is warned of once. */
  warned: Set<string>;
}

export const createEntry = (source: Source, nextRun: NextRun): Entry => ({
  source,
  host: source.host,
  timing: createTiming(source.id, source.cron, nextRun),
  state: emptyState(),
  slot: null,
  startedAt: 0,
  abort: null,
  slow: false,
  givenUp: false,
  warned: new Set(),
});

/**
 * Reads a source once and has the yield stored. Never rejects. An aborted poll is a failure, whatever the source answers. `outcome`: as the
 * metrics count it.
 */
export async function readOnce(
  source: Source,
  context: PollContext,
  ingest: (source: Source, result: PollResult, context: PollContext) => Promise<void>,
): Promise<{ end: PollEnd; outcome: PollOutcome }> {
  let at: 'source' | 'store' = 'source';
  try {
    const result = await source.poll(context);
    if (context.signal.aborted) throw context.signal.reason;
    at = 'store';
    const found = result.items.length + result.measurements.length + (result.statements?.length ?? 0) > 0;
    if (found) await ingest(source, result, context);
    if (result.commit) await result.commit();
    const outcome = found ? 'items' : result.unchanged ? 'unchanged' : 'empty';
    return { end: { ok: true, notBefore: result.notBefore, again: result.again === true }, outcome };
  } catch (error) {
    return { end: { ok: false, error: error ?? new Error('unknown failure'), at }, outcome: 'failed' };
  }
}

export interface Says {
  log: Log;
  news: SourceNews;
}

/** Takes the end of a poll into the entry, with its line in the log: one a failure, one when it is over. True where it is news. */
export function record(entry: Entry, startedAt: number, end: PollEnd, says: Says): boolean {
  const before = entry.state;
  const { state, news } = noted(before, startedAt, end);
  entry.state = state;
  if (end.ok) {
    // What the store was guilty of was logged by the store, and so is its end.
    if (before.failures > 0 && (entry.warned.size > 0 || before.lastCode !== 'store_failed')) {
      const failedForMinutes = Math.round((startedAt - (before.failingSince ?? startedAt)) / 60_000);
      says.news.readable(entry.source, { failures: before.failures, failedForMinutes });
    }
    entry.warned.clear();
  } else warn(entry, end, says);
  return news !== null;
}

/** Once a process and code. */
function warn({ source, state, warned }: Entry, end: PollEnd & { ok: false }, { log, news }: Says): void {
  const code = codeOf(end.error);
  if (wasLogged(end.error) || warned.has(code)) return;
  warned.add(code);
  const reason = state.lastMessage ?? messageOf(end.error);
  if (end.at === 'source') news.failed(source, code, reason);
  else log.warn('Unable to store what a source reported', { source: source.id, kind: source.kind, code, reason });
}
