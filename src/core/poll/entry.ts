import { codeOf, isTold, TocsinError } from '../errors.ts';
import type { Log } from '../ports/log.ts';
import type { Source } from '../ports/source.ts';
import type { SourceState } from '../ports/source-state.ts';
import { emptyState } from './health.ts';
import type { SourceNews } from './source-news.ts';
import { createTiming, honoured, type NextRun, type Timing } from './timing.ts';

/** One source as the poller keeps it. */
export interface Entry {
  source: Source;
  host: string | null;
  timing: Timing;
  state: SourceState;
  /** The due time of the schedule that is served next, or null where the poll falls outside it. */
  slot: number | null;
  /** When the poll under way began, on the monotonic clock. */
  startedAt: number;
  abort: AbortController | null;
  slow: boolean;
  /** The watchdog gave its place back. */
  givenUp: boolean;
  /** Codes that this process has warned of since the source was last readable: one that wavers between two is not told each time. */
  warned: Set<string>;
}

const MAX_REASON = 300;
/** After a start a failing source is asked at once, but not more often than this: the process may be what fails. */
const RETRY_AT_START_MS = 30_000;
/** What a server asked for before a restart is believed for as long. */
const MAX_WISH_MS = 86_400_000;

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

/** True where it tells something new: the first success, the end of a failure (one line says so). */
export function noteSuccess(entry: Entry, startedAt: number, news: SourceNews): boolean {
  const { source, state } = entry;
  const changed = !state.firstPollDone || state.failures > 0;
  // What the store was guilty of was told by the store, and so is its end.
  if (state.failures > 0 && (entry.warned.size > 0 || state.lastCode !== 'store_failed')) {
    const failedForMinutes = Math.round((startedAt - (state.failingSince ?? startedAt)) / 60_000);
    news.readable(source, { failures: state.failures, failedForMinutes });
  }
  entry.warned.clear();
  state.lastPollAt = startedAt;
  state.lastOkAt = startedAt;
  state.firstPollDone = true;
  state.failures = 0;
  state.failingSince = null;
  state.lastCode = null;
  state.lastMessage = null;
  return changed;
}

/** True where it tells something new: another code than before. Warns once a process and code. `storing`: the source itself was fine. */
export function noteFailure(
  entry: Entry,
  startedAt: number,
  error: unknown,
  storing: boolean,
  { log, news }: { log: Log; news: SourceNews },
): boolean {
  const { source, state } = entry;
  const code = codeOf(error);
  const reason = messageOf(error).slice(0, MAX_REASON);
  const changed = state.lastCode !== code;
  state.lastPollAt = startedAt;
  state.failures++;
  state.failingSince ??= startedAt;
  state.lastCode = code;
  state.lastMessage = reason;
  if (isTold(error) || entry.warned.has(code)) return changed;
  entry.warned.add(code);
  if (storing) log.warn('Unable to store what a source told', { source: source.id, kind: source.kind, code, reason });
  else news.failed(source, code, reason);
  return changed;
}

/**
 * When a source is due after a start: `soon` where it was never polled or missed its run, on its schedule where it was polled just now.
 * What the server asked for holds over restarts; our own back-off does not: whoever restarts has mended something, and wants to see it.
 */
export function firstDue(entry: Entry, now: number, soon: number): number {
  const { state, timing } = entry;
  // A last poll in the future is a clock that was wrong: as if it were not there.
  const last = state.lastPollAt !== null && state.lastPollAt <= now ? state.lastPollAt : null;
  let scheduled = last === null ? soon : timing.after(last, null);
  if (last !== null && state.failures > 0) scheduled = Math.min(scheduled, Math.max(soon, last + RETRY_AT_START_MS));
  return Math.max(scheduled <= now ? soon : scheduled, wishBefore(entry, last, now));
}

/** What a server asked for before a restart, within the bounds of now: the schedule may be another. */
function wishBefore({ state, timing }: Entry, last: number | null, now: number): number {
  const { notBefore, failures } = state;
  if (notBefore === null || notBefore - now > MAX_WISH_MS) return 0;
  return honoured({ notBefore, failures, polledAt: last ?? now, now }, timing.intervalMs(now)) ?? 0;
}

/**
 * What a failure asks for, as times: `server` (`facts.retryAfterMs`) holds over a restart, `source` (`facts.backOffMs`: gone for good, say)
 * does not, for the restart may well bring another address.
 */
export function askedFor(failure: unknown, now: number): { server: number | null; source: number | null } {
  const facts = failure instanceof TocsinError ? failure.facts : {};
  const after = (ms: unknown) => (typeof ms === 'number' && ms > 0 ? now + ms : null);
  return { server: after(facts.retryAfterMs), source: after(facts.backOffMs) };
}

export const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
