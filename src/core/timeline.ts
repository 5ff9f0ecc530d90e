import LOOKS from '../../config/day-states.json' with { type: 'json' };
import { wallOf } from './wall-clock.ts';

/** A timeline as data, before anything is drawn: what the chat's picture and a page's inline SVG are both made of. */

/**
 * What is known of one thing in one stretch of time, weakest first: of a stretch the strongest is shown.
 * - gap: nobody looked, so nothing can be said
 * - none: we looked, and nobody told of anything; that is not the same as open
 * - stale: something was in force, and nobody has told of it for so long that it may be over
 * - open: a lift was told
 */
export const DAY_STATES = Object.keys(LOOKS) as DayState[];
export type DayState = keyof typeof LOOKS;

export interface Cell {
  state: DayState;
  /** False: one outlet, or measurements that are no confirmation yet. Of `gap` and `none` always true. */
  sure: boolean;
}

/** A stretch of time that is one column: a day, or several where a row would have more than fit. Ms since the epoch; `to` is not part of it. */
export interface Column {
  from: number;
  to: number;
}

export interface TimelineRow {
  /** Plain text of anybody's: it is bounded and escaped when it is drawn. */
  label: string;
  /** One a column. */
  cells: readonly Cell[];
  /** How it stands at this moment, which is a mark of its own: a day on which it was cut and came back is both. */
  now: Cell;
}

/** Everything that is drawn, worded already. */
export interface Timeline {
  title: string;
  /** "30 Oct – 28 Nov". */
  period: string;
  /** ISO 639-1. In languages that are written from right to left the whole picture is mirrored, time included. */
  lang: string;
  /** Oldest first; the last one holds the present. */
  columns: readonly Column[];
  /** From top to bottom; at least one. */
  rows: readonly TimelineRow[];
  /** What stands under each column that has a mark; at most a dozen. */
  ticks: readonly { column: number; text: string }[];
  /** What stands under the marks of this moment. */
  now: string;
  /** What the looks mean, in the order in which they are shown. */
  legend: readonly { cell: Cell; text: string }[];
  /** Small print: rows that did not fit, how long a column is, as of when. */
  notes: readonly string[];
}

export const strengthOf = ({ state, sure }: Cell): number => DAY_STATES.indexOf(state) * 2 + Number(sure);

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
  const today = wallOf(now, timeZone).startOfDay();
  const startOf = (day: number): number => today.add({ days: day }).startOfDay().epochMilliseconds;
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

/**
 * When this bot looked at all. Without it a night in which the machine was off would look as calm as one in which nothing happened.
 */

/** From and to, ms since the epoch; in order, none touching the next. */
export type Period = readonly [from: number, to: number];

/** A look so soon after the last one goes on with its period. */
export const JOINS_MS = 15 * 60_000;
const KEPT_MS = 400 * 86_400_000;
const MOST = 500;

/** The periods after a look at `now`. Old ones go; of too many the two that lie closest become one. Pure. */
export function withLook(periods: readonly Period[], now: number): Period[] {
  const kept = periods.filter(([, to]) => to > now - KEPT_MS);
  const last = kept.at(-1);
  // The clock was set back: what is written stands, and goes on when its time has come again.
  if (last && now <= last[1]) return kept;
  if (last && now - last[1] <= JOINS_MS) kept[kept.length - 1] = [last[0], now];
  else kept.push([now, now]);
  return kept.length > MOST ? joined(kept) : kept;
}

function joined(periods: readonly Period[]): Period[] {
  let at = 1;
  for (let next = 2; next < periods.length; next++)
    if (periods[next]![0] - periods[next - 1]![1] < periods[at]![0] - periods[at - 1]![1]) at = next;
  return [...periods.slice(0, at - 1), [periods[at - 1]![0], periods[at]![1]], ...periods.slice(at + 1)];
}

/** What share of a stretch was looked at, 0 … 1. Of an empty stretch none. */
export function watchedShare(periods: readonly Period[], from: number, to: number): number {
  if (to <= from) return 0;
  const looked = periods.reduce(
    (sum, spell) => sum + Math.max(0, Math.min(to, spell[1]) - Math.max(from, spell[0])),
    0,
  );
  return looked / (to - from);
}

/** Periods as they were written by this or an older version; whatever is none is left out. */
export function readPeriods(value: unknown): Period[] {
  if (!Array.isArray(value)) return [];
  const periods = value.slice(-MOST).flatMap((one: unknown): Period[] => {
    const [from, to] = Array.isArray(one) ? (one as unknown[]) : [];
    return Number.isFinite(from) && Number.isFinite(to) && (from as number) <= (to as number)
      ? [[from as number, to as number]]
      : [];
  });
  return periods.filter(([from], at) => at === 0 || from > periods[at - 1]![1]);
}
