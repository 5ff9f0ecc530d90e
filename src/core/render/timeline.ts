import type { Picture } from '../model/message.ts';
import { drawTimeline, MAX_ROWS, runsOf, type ThemeName } from '../picture.ts';
import type { Translator } from '../ports/translate.ts';
import {
  type Cell,
  type Column,
  DAY_STATES,
  type DayState,
  daysOf,
  type Timeline,
  type TimelineRow,
  tickColumns,
} from '../timeline.ts';

/** What a timeline tells, not worded yet. */
export interface TimelineView {
  title: string;
  columns: readonly Column[];
  /** At least one. */
  rows: readonly TimelineRow[];
  /** Rows that there would be besides. */
  more: number;
  /** Rows that are the same from end to end, and are not drawn. */
  same?: readonly TimelineRow[];
  /** Who tells it, the strongest. */
  sources?: readonly string[];
  /** Where it can be looked up, in words. */
  where?: string;
  /** IANA zone, whose days the columns are. */
  timeZone: string;
  now: number;
}

/** What a picture may say of itself, in characters (`Picture.alt`). */
const MAX_ALT = 1_000;
/** Stretches that are told of one row, the newest. */
const MAX_TOLD = 3;

/** A drawing with everything worded in the chat's language, and what it shows in words. Pure. */
export function timelineView(view: TimelineView, words: Translator, theme: ThemeName = 'light'): Picture {
  const drawing = drawTimeline(timelineOf(view, words), { theme });
  return { ...drawing, alt: altOf(view, words) };
}

/** The line under a picture: what it shows, and from when to when. */
export const captionOf = (view: TimelineView, words: Translator): string =>
  words.say('picture.caption', { what: view.title, ...spanOf(view, words) });

function spanOf({ columns, timeZone, now }: TimelineView, words: Translator): { from: string; to: string } {
  return { from: words.shortDay(columns[0]!.from, timeZone, now), to: words.shortDay(now, timeZone, now) };
}

function timelineOf(view: TimelineView, words: Translator): Timeline {
  const { title, columns, timeZone, now } = view;
  const rows = view.rows.slice(0, MAX_ROWS);
  const more = view.more + view.rows.length - rows.length;
  const days = daysOf(columns[0]!);
  const { from, to } = spanOf(view, words);
  return {
    title,
    period: words.say('history.span', { from, to }),
    lang: words.lang,
    columns,
    rows,
    ticks: tickColumns(columns.length).map((column) => ({
      column,
      text: words.shortDay(columns[column]!.from, timeZone, now),
    })),
    now: words.say('picture.mark'),
    legend: legendOf(rows, words),
    notes: [
      ...(days > 1 ? [words.say('picture.columns', { n: days })] : []),
      ...(more > 0 ? [words.say('picture.rest', { n: more })] : []),
      ...sameOf(view.same ?? [], words),
      ...(view.sources?.length ? [words.say('alert.sources', { sources: words.list(view.sources) })] : []),
      // The day and its year, no more: pictures are passed on, and one that shows the same all day is made and uploaded once.
      `Tocsin · ${words.say('picture.asOf', { when: words.shortDay(now, timeZone, 0) })}`,
      ...(view.where ? [view.where] : []),
    ],
  };
}

/** "19 more, blocked throughout". */
const sameOf = (same: readonly TimelineRow[], words: Translator): string[] =>
  [...Map.groupBy(same, (row) => row.now.state)].map(([state, rows]) =>
    words.say('picture.throughout', { count: rows.length, state: wordOfDay(state, words) }),
  );

/** Only what is there, the worst first; and, where some is, how what is not certain looks. */
function legendOf(rows: readonly TimelineRow[], words: Translator): Timeline['legend'] {
  const cells = rows.flatMap((row) => [...row.cells, row.now]);
  const there = DAY_STATES.toReversed().filter((state) => cells.some((cell) => cell.state === state));
  const entries = there.map((state) => ({ cell: { state, sure: true }, text: wordOfDay(state, words) }));
  const unsure = there.find((state) => cells.some((cell) => cell.state === state && !cell.sure));
  if (unsure) entries.push({ cell: { state: unsure, sure: false }, text: words.say('picture.unsure') });
  return entries;
}

/** "blocked", "slowed down": what a sign of a day means. */
export const wordOfDay = (state: DayState, words: Translator): string =>
  state === 'block' || state === 'shutdown' || state === 'warn'
    ? words.say(`state.${state}`)
    : words.say(`picture.${state}`);

/** As many rows as there is room for; each tells its newest stretches. */
function altOf(view: TimelineView, words: Translator): string {
  const { title, rows, more } = view;
  let alt = words.say('picture.alt', { what: title, ...spanOf(view, words) });
  let rowsTold = 0;
  const throughout = sameOf(view.same ?? [], words)
    .map((text) => ` ${text}.`)
    .join('');
  const restOf = (n: number): string => (n > 0 ? ` ${words.say('picture.rest', { n })}` : '') + throughout;
  for (const one of rows) {
    const row = ` ${rowInWords(one, view, words)}`;
    if (alt.length + row.length + restOf(rows.length + more).length > MAX_ALT) break;
    alt += row;
    rowsTold++;
  }
  // Short names of months end with a full stop in some languages, and so do sentences.
  return (alt + restOf(rows.length + more - rowsTold)).replaceAll('..', '.');
}

/** One row by itself: "WhatsApp: blocked 12 Feb – 14 Feb." Its newest stretches. */
export function rowInWords(
  { label, cells, now: at }: Pick<TimelineRow, 'label' | 'cells'> & Partial<Pick<TimelineRow, 'now'>>,
  { columns, timeZone, now }: Pick<TimelineView, 'columns' | 'timeZone' | 'now'>,
  words: Translator,
): string {
  const states = stretchesOf(cells)
    .slice(0, MAX_TOLD)
    .map(({ cell, at: first, length }) => {
      const end = Math.min(columns[first + length - 1]!.to - 1, now);
      const [from, to] = [columns[first]!.from, end].map((at) => words.shortDay(at, timeZone, now)) as [string, string];
      const state = wordOfDay(cell.state, words);
      return from === to
        ? words.say('picture.day', { state, day: from })
        : words.say('picture.span', { state, from, to });
    });
  // A day on which it was cut and came back does not tell how it stands.
  if (at && at.state !== cells.at(-1)?.state)
    states.unshift(words.say('picture.now', { state: wordOfDay(at.state, words) }));
  return words.say('picture.row', { name: label, states: words.list(states) || words.say('picture.none') });
}

/** Of one row, newest first. How calm the rest was is not told; that nobody watched only where there is nothing else to tell. */
function stretchesOf(cells: readonly Cell[]) {
  const found = runsOf(cells.map(({ state }) => ({ state, sure: true })));
  const known = found.filter(({ cell }) => cell.state !== 'none' && cell.state !== 'gap');
  return (known.length > 0 ? known : found.filter(({ cell }) => cell.state === 'gap')).reverse();
}
