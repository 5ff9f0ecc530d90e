import { orNull } from './errors.ts';
import type { ClockTime, QuietHours } from './model/chat.ts';
import { onceFor } from './recent.ts';

/**
 * What a clock on the wall of a time zone shows, and when it shows a time; both sides of a change of clocks. A time that is skipped comes at the
 * moment of the change; one that is shown twice has a first and a last moment. A zone that the runtime does not know is UTC.
 */

const DAY = 86_400_000;
/** Each seventh day from here is a Monday. */
const MONDAY = new Temporal.PlainDate(1969, 12, 29);
const zoneOf = onceFor((name: string) => orNull(() => new Temporal.ZonedDateTime(0n, name).timeZoneId) ?? 'UTC', 512);

/** What a clock on the wall of that zone shows. */
export const wallOf = (at: number, timeZone: string): Temporal.ZonedDateTime =>
  Temporal.Instant.fromEpochMilliseconds(Math.floor(at)).toZonedDateTimeISO(zoneOf(timeZone));

/** When that day's clock shows `time`: the first moment and the last, ms since the epoch; of a time that is skipped both are the change of clocks. */
export function momentsOn(day: Temporal.PlainDate, time: ClockTime, timeZone: string): { first: number; last: number } {
  const shown = day.toPlainDateTime({ hour: Math.floor(time / 60), minute: time % 60 });
  const first = shown.toZonedDateTime(zoneOf(timeZone), { disambiguation: 'earlier' });
  const last = shown.toZonedDateTime(zoneOf(timeZone), { disambiguation: 'later' });
  const isSkipped = !first.toPlainDateTime().equals(shown);
  const change = isSkipped ? first.getTimeZoneTransition('next') : null;
  return { first: (change ?? first).epochMilliseconds, last: (change ?? last).epochMilliseconds };
}

/**
 * The next moment after `after` at which the zone's clock shows `time`, of each `days`-th day; each seventh is a Monday. A time that is
 * shown twice counts once.
 */
export function nextAt(time: ClockTime, days: number, timeZone: string, after: number): number {
  const today = wallOf(after, timeZone).toPlainDate();
  for (let later = -1; later <= days + 1; later++) {
    const day = today.add({ days: later });
    if (MONDAY.until(day).days % days !== 0) continue;
    const { first } = momentsOn(day, time, timeZone);
    if (first > after) return first;
  }
  // Not reached: so many days hold one of them that is not over.
  return after + days * DAY;
}

/**
 * Until when do quiet hours last that hold at `now`, ms since the epoch; null = none hold. They begin when the chat's clock first shows
 * `from` and end when it last shows `to`, so that a change of clocks never shortens them by the clock that people read.
 */
export function quietUntil(quiet: QuietHours | null, timeZone: string, now: number): number | null {
  if (quiet === null) return null;
  const today = wallOf(now, timeZone).toPlainDate();
  for (const days of [-1, 0, 1]) {
    const begins = momentsOn(today.add({ days }), quiet.from, timeZone).first;
    const until = today.add({ days: quiet.to > quiet.from ? days : days + 1 });
    const ends = momentsOn(until, quiet.to, timeZone).last;
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

/** Which clock a place goes by, by the nearest town whose zone is known. Near a border it may be the neighbour's: it is a first guess, to be mended by a tap. Pure. */

/** Towns of each zone: latitude and longitude, degrees. */
export type ZonePlaces = Readonly<Record<string, readonly (readonly [number, number])[]>>;

/** Farther than this from every town, km: at sea, or no place on earth. */
const FAR = 1_500;
const EARTH = 6_371;
const RADIAN = Math.PI / 180;

/** Zones by how near they are, the nearest first; empty where there is none near. */
export function zonesAt(latitude: number, longitude: number, places: ZonePlaces, most = 4): string[] {
  if (!(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180)) return [];
  const found: { zone: string; km: number }[] = [];
  for (const [zone, towns] of Object.entries(places)) {
    const km = Math.min(...towns.map(([lat, lon]) => distance(latitude, longitude, lat, lon)));
    if (km <= FAR) found.push({ zone, km });
  }
  return found
    .sort((a, b) => a.km - b.km)
    .slice(0, most)
    .map(({ zone }) => zone);
}

/** Over the sphere, km. */
function distance(lat: number, lon: number, otherLat: number, otherLon: number): number {
  const [dLat, dLon] = [(otherLat - lat) * RADIAN, (otherLon - lon) * RADIAN];
  const half = Math.sin(dLat / 2) ** 2 + Math.cos(lat * RADIAN) * Math.cos(otherLat * RADIAN) * Math.sin(dLon / 2) ** 2;
  return 2 * EARTH * Math.asin(Math.min(1, Math.sqrt(half)));
}
