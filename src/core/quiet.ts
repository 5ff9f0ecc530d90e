import type { QuietHours } from './model/settings.ts';
import { dayAfter, momentsOn, wallOf } from './wall-clock.ts';

/**
 * Until when do quiet hours last that hold at `now`, ms since the epoch; null = none hold. They begin when the chat's clock first shows
 * `from` and end when it last shows `to`, so that a change of clocks never shortens them by the clock that people read.
 */
export function quietUntil(quiet: QuietHours | null, timeZone: string, now: number): number | null {
  if (quiet === null) return null;
  const today = wallOf(now, timeZone);
  for (const days of [-1, 0, 1]) {
    const begins = momentsOn(dayAfter(today, days), quiet.from, timeZone).first;
    const ends = momentsOn(dayAfter(today, quiet.to > quiet.from ? days : days + 1), quiet.to, timeZone).last;
    if (begins <= now && now < ends) return ends;
  }
  return null;
}

/** Different hours and zones that are remembered at a time. */
const MAX_KEPT = 512;

/** The same, reckoned once a minute for all chats of the same hours and zone. */
export function createQuietClock(): typeof quietUntil {
  let minute = 0;
  let kept = new Map<string, number | null>();
  return (quiet, timeZone, now) => {
    if (quiet === null) return null;
    const thisMinute = Math.floor(now / 60_000);
    if (thisMinute !== minute || kept.size >= MAX_KEPT) kept = new Map();
    minute = thisMinute;
    const key = `${quiet.from} ${quiet.to} ${timeZone}`;
    let until = kept.get(key);
    if (until === undefined) {
      // Hours begin and end with a minute.
      until = quietUntil(quiet, timeZone, thisMinute * 60_000);
      kept.set(key, until);
    }
    return until;
  };
}
