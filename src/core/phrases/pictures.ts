import type { Plain } from './plain.ts';

/** What stands in a timeline, and what tells of it to whoever cannot see it. */
export interface PicturePhrases {
  /** The looks of a stretch of time that `state.…` has no short word for. */
  'picture.open': Plain;
  'picture.throttle': Plain;
  'picture.restrict': Plain;
  'picture.stale': Plain;
  'picture.none': Plain;
  'picture.gap': Plain;
  /** Beside a bar of half the height. */
  'picture.unsure': Plain;
  'picture.period': { from: string; to: string };
  'picture.asOf': { when: string };
  /** A column stands for so many days. */
  'picture.columns': { n: number };
  /** Rows that did not fit. */
  'picture.rest': { n: number };

  'picture.alt': { what: string; from: string; to: string };
  'picture.row': { name: string; states: string };
  'picture.span': { state: string; from: string; to: string };
  'picture.day': { state: string; day: string };
  'picture.caption': { what: string; from: string; to: string };
}
