/** A timeline as data, before anything is drawn: what the chat's picture and a page's inline SVG are both made of. */

/**
 * What is known of one thing in one stretch of time, weakest first: of a stretch the strongest is shown.
 * - gap: nobody looked, so nothing can be said
 * - none: we looked, and nobody told of anything; that is not the same as open
 * - stale: something was in force, and nobody has told of it for so long that it may be over
 * - open: a lift was told
 */
export const DAY_STATES = [
  'gap',
  'none',
  'stale',
  'open',
  'warn',
  'restrict',
  'throttle',
  'block',
  'shutdown',
] as const;
export type DayState = (typeof DAY_STATES)[number];

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
  /** What the looks mean, in the order in which they are shown. */
  legend: readonly { cell: Cell; text: string }[];
  /** Small print: rows that did not fit, how long a column is, as of when. */
  notes: readonly string[];
}

export const strengthOf = ({ state, sure }: Cell): number => DAY_STATES.indexOf(state) * 2 + Number(sure);
