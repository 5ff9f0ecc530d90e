import { backoffMs, MAX_NOT_BEFORE_MS } from './backoff.ts';

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
  slot: number | null;
  failures: number;
  /** What the server asked for, ms since the epoch, or null. */
  notBefore: number | null;
  /** In [0, 1). */
  random: number;
}

/** When a source is due again after a poll. Back-off lands on a run of the schedule; the server's wish may fall between two. */
export function nextDue(
  timing: Timing,
  facts: NextDue,
): { dueAt: number; scheduled: boolean; notBefore: number | null } {
  const pause = backoffMs(facts.failures, timing.intervalMs(facts.now), facts.random);
  const scheduled = timing.after(facts.now + pause, facts.slot);
  const notBefore = facts.notBefore === null ? null : Math.min(facts.notBefore, facts.now + MAX_NOT_BEFORE_MS);
  const late = notBefore !== null && notBefore > scheduled;
  return { dueAt: late ? notBefore : scheduled, scheduled: !late, notBefore };
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
