import { orNull } from './errors.ts';
import type { ClockTime, QuietHours } from './model/chat.ts';
import { onceFor } from './recent.ts';

/**
 * What a clock on the wall of a time zone shows, and when it shows a time; both sides of a change of clocks. A time that is skipped comes at the
 * moment of the change; one that is shown twice has a first and a last moment. A zone that the runtime does not know is UTC.
 */

export interface Wall {
  year: number;
  /** 1 … 12. */
  month: number;
  day: number;
  hour: number;
  minute: number;
}

/** A date by itself. Days past the end of a month are those of the next. */
type WallDay = Pick<Wall, 'year' | 'month' | 'day'>;

const DAY = 86_400_000;
/** Formatters are dear to make; zones are many, so the oldest go. */
const MAX_FORMATTERS = 128;
const formatterOf = onceFor((timeZone: string) => orNull(() => made(timeZone)) ?? made('UTC'), MAX_FORMATTERS);

function made(timeZone: string): Intl.DateTimeFormat {
  const fields = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' } as const;
  return new Intl.DateTimeFormat('en-u-ca-gregory', { timeZone, hourCycle: 'h23', ...fields });
}

/** What a clock on the wall of that zone shows. */
export function wallOf(at: number, timeZone: string): Wall {
  const parts = formatterOf(timeZone).formatToParts(at);
  const read = (type: string): number => Number(parts.find((part) => part.type === type)?.value ?? 0);
  return { year: read('year'), month: read('month'), day: read('day'), hour: read('hour'), minute: read('minute') };
}

/** What such a clock shows, as if it were UTC, ms. */
export const utcOf = (wall: Wall): number => Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute);

/** How far the zone's clock is ahead of UTC, ms, whole minutes. */
const offsetAt = (at: number, timeZone: string): number =>
  utcOf(wallOf(at, timeZone)) - Math.floor(at / 60_000) * 60_000;

/** When the zone's clock shows this: the first moment and the last, ms since the epoch; of a time that is skipped both are the change of clocks. */
export function momentsOf(wall: Wall, timeZone: string): { first: number; last: number } {
  const guess = utcOf(wall);
  const before = offsetAt(guess - DAY, timeZone);
  const after = offsetAt(guess + DAY, timeZone);
  const found = [guess - before, guess - after].filter((at) => at + offsetAt(at, timeZone) === guess);
  if (found.length > 0) return { first: Math.min(...found), last: Math.max(...found) };
  const change = changeBetween(guess - DAY, guess + DAY, timeZone);
  return { first: change, last: change };
}

/** The minute in which the offset changes. */
function changeBetween(from: number, to: number, timeZone: string): number {
  const before = offsetAt(from, timeZone);
  let [low, high] = [Math.floor(from / 60_000), Math.ceil(to / 60_000)];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (offsetAt(middle * 60_000, timeZone) === before) low = middle;
    else high = middle;
  }
  return high * 60_000;
}

/** The same date, so many days later. */
export function dayAfter({ year, month, day }: WallDay, days: number): WallDay {
  const moved = new Date(Date.UTC(year, month - 1, day + days));
  return { year: moved.getUTCFullYear(), month: moved.getUTCMonth() + 1, day: moved.getUTCDate() };
}

/** Days since Monday, 29 December 1969. */
const dayNumber = ({ year, month, day }: WallDay): number => Date.UTC(year, month - 1, day) / DAY + 3;

/** When that day's clock shows `time`. */
export const momentsOn = (day: WallDay, time: ClockTime, timeZone: string): { first: number; last: number } =>
  momentsOf({ ...day, hour: Math.floor(time / 60), minute: time % 60 }, timeZone);

/**
 * The next moment after `after` at which the zone's clock shows `time`, of each `days`-th day; each seventh is a Monday. A time that is
 * shown twice counts once.
 */
export function nextAt(time: ClockTime, days: number, timeZone: string, after: number): number {
  const today = wallOf(after, timeZone);
  for (let later = -1; later <= days + 1; later++) {
    const day = dayAfter(today, later);
    if (dayNumber(day) % days !== 0) continue;
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
