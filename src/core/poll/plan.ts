import { codeOf, messageOf, TocsinError } from '../errors.ts';
import type { PollResult, SourceState } from '../ports/source.ts';

/** Longest pause that failures of its own bring a source, ms. */
const MAX_BACKOFF_MS = 6 * 3_600_000;
/** Longest pause that a server in trouble may ask for (Retry-After), ms: a hostile or careless header must not silence a source for good. */
const MAX_RETRY_AFTER_MS = 24 * 3_600_000;
/** A source that answers may ask for patience (Cache-Control, ttl) up to so many intervals of its schedule, and up to so long, ms. */
const MAX_STRETCH = 4;
const MAX_STRETCH_MS = 6 * 3_600_000;

/** The longest time that a source's wish may keep us away, counted from its last poll, ms. */
export const stretchMs = (intervalMs: number): number => Math.min(MAX_STRETCH_MS, MAX_STRETCH * intervalMs);

/**
 * How long to leave a source alone after its `failures`-th failure in a row, ms, on top of its schedule: nothing after the first (the
 * next run comes anyway), then 1, 3, 7 … intervals. `random` in [0, 1) takes up to half of it away, so that sources that failed
 * together do not come back together.
 */
export function backoffMs(failures: number, intervalMs: number, random: number): number {
  if (failures <= 1) return 0;
  const full = Math.min(MAX_BACKOFF_MS, intervalMs * (2 ** Math.min(failures - 1, 40) - 1));
  return full * (1 - random / 2);
}

/** Next run of a cron expression strictly after a time, both ms since the epoch; Infinity where there is none. */
export type NextRun = (cron: string, after: number) => number;

/** A poll is moved by this part of its interval at most, and by five minutes at most. */
const SPREAD = 0.1;
const MAX_SPREAD_MS = 300_000;
/** A clock that steps back by less than this does not repeat a run. */
const SMALL_STEP_MS = 300_000;

type Timing = ReturnType<typeof createTiming>;

/** The schedule of one source with its own place in it: the same at every start, different from its neighbours'. */
export function createTiming(id: string, cron: string, nextRun: NextRun) {
  const place = hash(id) / 4_294_967_296;
  // Most expressions have one interval; measured anew when a run passes the one it was measured at.
  let measuredUntil = Number.NEGATIVE_INFINITY;
  let measuredFrom = 0;
  let interval = 60_000;
  const intervalMs = (now: number) => {
    if (now < measuredFrom || now >= measuredUntil) {
      const first = nextRun(cron, now);
      const second = nextRun(cron, first);
      interval = Number.isFinite(second) ? second - first : 366 * 86_400_000;
      measuredFrom = now;
      measuredUntil = Number.isFinite(first) ? first + interval : Number.POSITIVE_INFINITY;
    }
    return interval;
  };
  const spread = (now: number) => Math.floor(Math.min(intervalMs(now) * SPREAD, MAX_SPREAD_MS) * place);
  return {
    /** Distance of two runs, ms, measured at the run after `now`. */
    intervalMs,
    /**
     * The first due time after `now`. `slot` is the due time of the schedule just served, which is not served again; null where the poll
     * fell outside the schedule (at a start, or at a server's wish): it then stands for the run before it.
     */
    after(now: number, slot: number | null): number {
      const move = spread(now);
      if (slot === null) return nextRun(cron, now) + move;
      const served = slot > now && slot - now < SMALL_STEP_MS ? slot : now;
      return nextRun(cron, served - move) + move;
    },
  };
}

/**
 * A wish within its bounds. News is why we poll: one that answers may stretch its schedule by so much only (`stretchMs`); one in trouble
 * may be left alone for a day.
 */
export function honoured(
  { notBefore, failures, polledAt, now }: { notBefore: number | null; failures: number; polledAt: number; now: number },
  intervalMs: number,
): number | null {
  if (notBefore === null) return null;
  return Math.min(notBefore, failures > 0 ? now + MAX_RETRY_AFTER_MS : polledAt + stretchMs(intervalMs));
}

/** FNV-1a, 32 bits. */
export function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  // One more round of mixing: names that differ in their last letter only must not be neighbours.
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}

/** What the poller does next with one source, decided from what it knows: no clock, no log, no effects. `poller.ts` carries it out. */

/** A poll that has more to ask goes on after this. */
const AGAIN_MS = 1_000;
const MAX_REASON = 300;
/** After a start a failing source is asked at once, but not more often than this: the process may be what fails. */
const RETRY_AT_START_MS = 30_000;
/** What a server asked for before a restart is believed for as long. */
const MAX_WISH_MS = 86_400_000;

/** How a poll ended. `again`: it had more to ask than time. `stored`: the source was read, and what it yielded could not be stored. */
export type PollEnd =
  | ({ ok: true; notBefore: number | null; again?: boolean } & Pick<PollResult, 'asked' | 'pulse' | 'bytes'>)
  | { ok: false; error: unknown; at: 'source' | 'store' };

/**
 * The state of a source after a poll that began at `startedAt`. `news`: `first`: never read before; `again`: a failure is over; `failure`: another
 * code than before; null: more of the same.
 */
export function noted(
  before: SourceState,
  startedAt: number,
  end: PollEnd,
): { state: SourceState; news: 'first' | 'again' | 'failure' | null } {
  if (end.ok && end.asked === false) return { news: null, state: { ...before, lastPollAt: startedAt } };
  if (end.ok) {
    const news = !before.firstPollDone ? 'first' : before.failures > 0 ? 'again' : null;
    const well = { failures: 0, failingSince: null, lastCode: null, lastMessage: null };
    const { pulse, bytes } = end;
    const read = {
      ...(pulse ? { pulse } : {}),
      ...(bytes === undefined ? {} : { bytes: Math.round((bytes + (before.bytes ?? bytes)) / 2) }),
    };
    const at = { lastPollAt: startedAt, lastOkAt: startedAt };
    return { news, state: { ...before, ...well, ...read, ...at, firstPollDone: true } };
  }
  const lastCode = codeOf(end.error);
  const state = {
    ...before,
    lastPollAt: startedAt,
    failures: before.failures + 1,
    failingSince: before.failingSince ?? startedAt,
    lastCode,
    lastMessage: messageOf(end.error).slice(0, MAX_REASON),
  };
  return { state, news: before.lastCode === lastCode ? null : 'failure' };
}

/** A feed that failed for so long is dead, and sooner one that never answered: it is asked once a day. */
const DEAD_AFTER_MS = 3 * 86_400_000;
const UNBORN_AFTER_MS = 86_400_000;
/** Without anything new for so long, and for so many times its own rhythm, a feed is frozen. */
const FROZEN_AFTER_MS = 14 * 86_400_000;
const FROZEN_RHYTHMS = 10;
const REST_MS = 86_400_000;

/**
 * Why a feed of the catalogue rests, and for how long after a poll, ms; null = it does not. A frozen one is asked an hour later at first, and more and
 * more seldom; none more seldom than once a day.
 */
export function restOf(
  { failures, failingSince, lastOkAt, pulse }: Pick<SourceState, 'failures' | 'failingSince' | 'lastOkAt' | 'pulse'>,
  now: number,
): { reason: 'dead' | 'frozen' | 'foreign'; ms: number } | null {
  if (failures > 0) {
    const after = lastOkAt === null ? UNBORN_AFTER_MS : DEAD_AFTER_MS;
    const dead = failingSince !== null && now - failingSince >= after;
    return dead ? { reason: 'dead', ms: REST_MS } : null;
  }
  if (pulse?.foreign !== undefined) return { reason: 'foreign', ms: REST_MS };
  const silentFor = now - (pulse?.newestAt ?? now);
  if (silentFor < Math.max(FROZEN_AFTER_MS, FROZEN_RHYTHMS * (pulse?.everyMs ?? 0))) return null;
  return { reason: 'frozen', ms: Math.min(REST_MS, 3_600_000 + (silentFor - FROZEN_AFTER_MS) / 14) };
}

interface AfterPoll {
  /** As `noted` left it. */
  state: SourceState;
  timing: Timing;
  slot: number | null;
  /** When the poll that has just ended began. */
  polledAt: number;
  now: number;
  /** In [0, 1). */
  random: number;
}

interface Due {
  /** `on-schedule`: its next run; `backed-off`: a later run; `asked`: between two runs, at the source's own wish; `never`: no run is left. */
  reason: 'on-schedule' | 'backed-off' | 'asked' | 'never';
  dueAt: number;
  /** The wish as far as it is honoured. */
  notBefore: number | null;
  /** What of the wish is kept over a restart. */
  kept: number | null;
}

/** When a source is due again after a poll. Back-off lands on a run of the schedule; the source's wish may fall between two. */
export function dueAfter({ state, timing, slot, polledAt, now, random }: AfterPoll, end: PollEnd): Due {
  const asked = askedFor(end.ok ? null : end.error, now);
  // A store that fails is not the source's fault: the next run tries again.
  const failures = end.ok ? 0 : end.at === 'store' ? 1 : Math.max(1, state.failures);
  // Patience where it answered, a pause where it failed.
  const wish = end.ok ? end.notBefore : (asked.server ?? asked.source);
  if (end.ok && end.again && wish === null)
    return { reason: 'asked', dueAt: now + AGAIN_MS, notBefore: null, kept: null };
  const interval = timing.intervalMs(now);
  const pause = backoffMs(failures, interval, random);
  const scheduled = timing.after(now + pause, slot);
  const notBefore = honoured({ notBefore: wish, failures, polledAt, now }, interval);
  const kept = !end.ok && asked.server === null ? null : notBefore;
  if (notBefore !== null && notBefore > scheduled) return { reason: 'asked', dueAt: notBefore, notBefore, kept };
  const runs = pause > 0 ? 'backed-off' : 'on-schedule';
  return { reason: Number.isFinite(scheduled) ? runs : 'never', dueAt: scheduled, notBefore, kept };
}

/**
 * When a source is due after a start: `soon` where it was never polled or missed its run, on its schedule where it was polled just now.
 * What the server asked for holds over restarts; our own back-off does not: whoever restarts has mended something, and wants to see it.
 */
export function firstDue(state: SourceState, timing: Timing, now: number, soon: number): number {
  // A last poll in the future is a clock that was wrong: as if it were not there.
  const last = state.lastPollAt !== null && state.lastPollAt <= now ? state.lastPollAt : null;
  let scheduled = last === null ? soon : timing.after(last, null);
  if (last !== null && state.failures > 0) scheduled = Math.min(scheduled, Math.max(soon, last + RETRY_AT_START_MS));
  // A last poll in the future: so is what was asked for then.
  const wish = last === null && state.lastPollAt !== null ? 0 : wishBefore(state, timing, last ?? now, now);
  return Math.max(scheduled <= now ? soon : scheduled, wish);
}

/** What a server asked for before a restart, within the bounds of now: the schedule may be another. */
function wishBefore({ notBefore, failures }: SourceState, timing: Timing, polledAt: number, now: number): number {
  if (notBefore === null || notBefore - now > MAX_WISH_MS) return 0;
  return honoured({ notBefore, failures, polledAt, now }, timing.intervalMs(now)) ?? 0;
}

/**
 * What a failure asks for, as times: `server` (`facts.retryAfterMs`) holds over a restart, `source` (`facts.backOffMs`: gone for good, say)
 * does not, for the restart may well bring another address.
 */
function askedFor(failure: unknown, now: number): { server: number | null; source: number | null } {
  const facts = failure instanceof TocsinError ? failure.facts : {};
  const after = (ms: unknown) => (typeof ms === 'number' && ms > 0 ? now + ms : null);
  return { server: after(facts.retryAfterMs), source: after(facts.backOffMs) };
}
