import { backoffMs, MAX_RETRY_AFTER_MS, stretchMs } from './backoff.ts';

/** Next run of a cron expression strictly after a time, both ms since the epoch; Infinity where there is none. */
export type NextRun = (cron: string, after: number) => number;

/** A poll is moved by this part of its interval at most, and by five minutes at most. */
const SPREAD = 0.1;
const MAX_SPREAD_MS = 300_000;
/** A clock that steps back by less than this does not repeat a run. */
const SMALL_STEP_MS = 300_000;

/** The schedule of one source with its own place in it: the same at every start, different from its neighbours'. */
export interface Timing {
  /** Distance of two runs, ms, measured at the run after `now`. */
  intervalMs(now: number): number;
  /**
   * The first due time after `now`. `slot` is the due time of the schedule just served, which is not served again; null where the poll
   * fell outside the schedule (at a start, or at a server's wish): it then stands for the run before it.
   */
  after(now: number, slot: number | null): number;
}

export function createTiming(id: string, cron: string, nextRun: NextRun): Timing {
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
    intervalMs,
    after(now, slot) {
      const move = spread(now);
      if (slot === null) return nextRun(cron, now) + move;
      const served = slot > now && slot - now < SMALL_STEP_MS ? slot : now;
      return nextRun(cron, served - move) + move;
    },
  };
}

export interface NextDue {
  now: number;
  /** When the poll that has just ended began. */
  polledAt: number;
  slot: number | null;
  /** Failures in a row; 0 = the poll succeeded. */
  failures: number;
  /** What the source asked for, ms since the epoch, or null: patience where it answered, a pause where it failed. */
  notBefore: number | null;
  /** In [0, 1). */
  random: number;
}

export interface Due {
  /** `on-schedule`: its next run; `backed-off`: a later run; `asked`: between two runs, at the source's own wish; `never`: no run is left. */
  reason: 'on-schedule' | 'backed-off' | 'asked' | 'never';
  dueAt: number;
  /** The wish as far as it is honoured. */
  notBefore: number | null;
}

/** When a source is due again after a poll. Back-off lands on a run of the schedule; the source's wish may fall between two. */
export function nextDue(timing: Timing, facts: NextDue): Due {
  const interval = timing.intervalMs(facts.now);
  const pause = backoffMs(facts.failures, interval, facts.random);
  const scheduled = timing.after(facts.now + pause, facts.slot);
  const notBefore = honoured(facts, interval);
  if (notBefore !== null && notBefore > scheduled) return { reason: 'asked', dueAt: notBefore, notBefore };
  if (!Number.isFinite(scheduled)) return { reason: 'never', dueAt: scheduled, notBefore };
  return { reason: pause > 0 ? 'backed-off' : 'on-schedule', dueAt: scheduled, notBefore };
}

/**
 * A wish within its bounds. News is why we poll: one that answers may stretch its schedule by so much only (`stretchMs`); one in trouble
 * may be left alone for a day.
 */
export function honoured(
  { notBefore, failures, polledAt, now }: Pick<NextDue, 'notBefore' | 'failures' | 'polledAt' | 'now'>,
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
