/** When a target is measured next: places in a schedule, moved by what a round came to. Pure; `random` yields 0 to 1. */
import type { ProbeTarget } from './round.ts';

/** One target's place in the schedule, wall-clock ms. */
export interface Due {
  target: ProbeTarget;
  next: number;
  heavy: number;
  last: number;
}

/** Intervals, ms; Infinity = never. */
export interface Intervals {
  regular: number;
  speed: number;
}

const MINUTE = 60_000;
/** No interval is drawn longer than so many times the configured one; the rest is the time that a round takes. */
const LATEST = 1.5;
/** Targets with speed measurements in one poll: they take up to a minute each and must not hold up the rest. */
const HEAVY = 8;
const LIGHT = 200;
/** A change is looked at again within this. */
const CONFIRM_MS = 200_000;
/** More targets than this are begun at random places: probes are no beacon. */
const SPREAD_FROM = 20;

/** When a target's speed is measured next where nothing is amiss; `share` of the interval from now. */
const speedAt = (now: number, speed: number, share: number): number =>
  Number.isFinite(speed) ? now + speed * share : Number.POSITIVE_INFINITY;

/** A target's first place, among `count`. */
export function firstPlace(
  target: ProbeTarget,
  { start, count, every }: { start: number; count: number; every: Intervals },
  random: () => number,
): Due {
  const next = start + (count > SPREAD_FROM ? random() * MINUTE : 0);
  return { target, next, heavy: speedAt(start, every.speed, random()), last: 0 };
}

/**
 * After the wall clock was set back: what is due later than it ever can be is due within one interval, spread as at the start.
 */
export function mendTimes(list: readonly Due[], now: number, every: Intervals, random: () => number): void {
  for (const due of list) {
    if (due.next > now + LATEST * every.regular) due.next = now + random() * every.regular;
    if (due.heavy > now + LATEST * every.speed) due.heavy = now + random() * every.speed;
    due.last = Math.min(due.last, now);
  }
}

/** What is measured now. One round a poll, since a poll may not last for ever: speed (`full`) and the rest take turns. */
export function nowDue(due: readonly Due[], now: number, lastFull: boolean): { list: Due[]; full: boolean } {
  const ready = due.filter((d) => d.next <= now);
  const heavy = ready.filter((d) => d.heavy <= now);
  const full = heavy.length > 0 && (heavy.length === ready.length || !lastFull);
  return { full, list: full ? heavy.slice(0, HEAVY) : ready.filter((d) => !heavy.includes(d)).slice(0, LIGHT) };
}

/** What a round came to for one target. */
export interface Looked {
  /** The line was down: nothing was learned. */
  offline: boolean;
  /** Its last verdict differs from what is confirmed. */
  unconfirmed: boolean;
  /** No verdict, or a doubtful one. */
  doubtful: boolean;
  slowed: boolean;
  /** Its speed was measured, too. */
  full: boolean;
}

/**
 * Healthy and blocked targets go round by the interval, give or take a fifth; changes are confirmed after 90 to 200 s; doubts lie between. A
 * slow-down is confirmed, and its end seen, by measuring speed again.
 */
export function reschedule(d: Due, looked: Looked, now: number, every: Intervals, random: () => number): void {
  d.last = now;
  const regular = every.regular * (0.8 + 0.4 * random());
  const confirm = Math.min(90_000 + random() * 110_000, regular);
  if (looked.offline || looked.unconfirmed) d.next = now + confirm;
  else d.next = now + (looked.doubtful ? Math.min(2 * confirm, regular) : regular);
  if (looked.slowed) d.heavy = d.next;
  else if (looked.full) d.heavy = speedAt(now, every.speed, 0.8 + 0.4 * random());
}

/** Somebody waits for word about these: due at once, but what has just been measured, and what comes soon anyway to confirm a change. */
export function nudge(due: readonly Due[], targets: readonly string[], now: number): void {
  for (const d of due)
    if (targets.includes(d.target.id) && now - d.last > MINUTE && d.next - now > CONFIRM_MS) d.next = now;
}
