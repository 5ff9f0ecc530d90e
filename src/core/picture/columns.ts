import { utcOf, wallOf } from '../wall-clock.ts';
import type { Column } from './timeline.ts';

/** Days that one column may stand for, where a day each would be too many. */
const LENGTHS = [1, 7, 14, 30, 60, 90] as const;

/**
 * The last `days` days of a time zone, today among them, as at most `most` columns, oldest first. A day goes from midnight to midnight by the clock there,
 * 23 or 25 hours at times. The first column of several days may begin before the first day.
 */
export function columnsOf(now: number, timeZone: string, days: number, most: number): Column[] {
  const wanted = Math.max(1, Math.floor(days));
  const length = LENGTHS.find((one) => Math.ceil(wanted / one) <= most) ?? Math.ceil(wanted / most);
  const count = Math.ceil(wanted / length);
  const clock = (at: number): number => utcOf(wallOf(at, timeZone));
  const today = clock(now);
  // Twice corrected by the zone's offset, so that it is right on both sides of a clock change.
  const startOf = (day: number): number => {
    const midnight = today - (((today % DAY) + DAY) % DAY) + day * DAY;
    let at = midnight;
    for (let round = 0; round < 2; round++) at += midnight - clock(at);
    return at;
  };
  const starts = Array.from({ length: count + 1 }, (_, at) => startOf(1 - (count - at) * length));
  return starts.slice(0, -1).map((from, at) => ({ from, to: starts[at + 1]! }));
}

/** How many days a column of these stands for. */
export const daysOf = ({ from, to }: Column): number => Math.max(1, Math.round((to - from) / 86_400_000));

/** Which columns get a date below: the last one, and every so many before it. */
export function tickColumns(count: number): number[] {
  const step = count <= 8 ? 1 : count <= 35 ? 7 : 14;
  const marked: number[] = [];
  for (let at = count - 1; at >= 0; at -= step) marked.unshift(at);
  return marked;
}

const DAY = 86_400_000;
