/** Timelines as inline SVG: the marks of the chat's picture, in colours that the page's style gives. */
import { columnsOf } from '../../../core/picture/columns.ts';
import { markOf, patternsOf } from '../../../core/picture/marks.ts';
import type { Theme } from '../../../core/picture/theme.ts';
import { type Cell, type Column, DAY_STATES, type DayState, strengthOf } from '../../../core/picture/timeline.ts';
import { rowInWords, wordOfDay } from '../../../core/render/timeline.ts';
import { type Html, html, raw } from '../html.ts';
import { type View, ZONE } from './view.ts';

export const DAYS = 90;
const COLUMN = 10;
const HEIGHT = 56;
/** What stands before the names of the patterns, which all drawings of a page share. */
const ID = 'p';

const COLOURS: Theme = {
  ground: 'var(--ground)',
  text: 'var(--text)',
  faint: 'var(--faint)',
  line: 'var(--mark-line)',
  band: 'var(--band)',
  open: 'var(--open)',
  warn: 'var(--warn)',
  restrict: 'var(--restrict)',
  throttle: 'var(--throttle)',
  block: 'var(--block)',
  shutdown: 'var(--shutdown)',
  cut: 'var(--ground)',
};

/** What parts one day from the next. */
const between = `<pattern id="${ID}days" width="${COLUMN}" height="${HEIGHT}" patternUnits="userSpaceOnUse"><rect x="${COLUMN - 1.5}" width="1.5" height="${HEIGHT}" fill="var(--ground)"/></pattern>`;

/** Once a page, before any drawing. */
export const patterns = (): Html =>
  html`<svg width="0" height="0" class="defs" aria-hidden="true" focusable="false"><defs>${raw(patternsOf(COLOURS, ID) + between)}</defs></svg>`;

/** The last 90 days until `end`, a column a day. */
export const lastDays = (end: number): Column[] => columnsOf(end, ZONE, DAYS, DAYS);

/** A row of days, told in words to whoever cannot see it. */
export function strip(label: string, cells: readonly Cell[], columns: readonly Column[], view: View): Html {
  const width = cells.length * COLUMN;
  const runs: { cell: Cell; at: number; length: number }[] = [];
  for (const [at, cell] of cells.entries()) {
    const last = runs.at(-1);
    if (last && last.cell.state === cell.state && last.cell.sure === cell.sure) last.length++;
    else runs.push({ cell, at, length: 1 });
  }
  const marks = runs.map(({ cell, at, length }) => {
    const x = view.rtl ? width - (at + length) * COLUMN : at * COLUMN;
    return markOf(
      cell,
      { x, y: 0, width: length * COLUMN - (cell.state === 'none' ? 0 : 1), height: HEIGHT },
      COLOURS,
      ID,
    );
  });
  marks.push(`<rect width="${width}" height="${HEIGHT}" fill="url(#${ID}days)"/>`);
  const words = view.text(rowInWords({ label, cells }, { columns, timeZone: ZONE, now: view.now }, view.words));
  return html`<svg class="strip" viewBox="0 0 ${width} ${HEIGHT}" role="img" aria-label="${words}">${raw(marks.join(''))}</svg>`;
}

/** In each column the worst of several rows. */
export function worstOf(rows: readonly (readonly Cell[])[]): Cell[] {
  const [first = [], ...more] = rows;
  return first.map((cell, at) =>
    more.reduce((worst, row) => (strengthOf(row[at]!) > strengthOf(worst) ? row[at]! : worst), cell),
  );
}

/** The sign of a state, beside its words. */
export function sign(state: DayState, sure = true): Html {
  const mark = markOf({ state, sure }, { x: 0, y: 0, width: 24, height: 24 }, COLOURS, ID);
  return html`<svg class="sign" viewBox="0 0 24 24" aria-hidden="true" focusable="false">${raw(mark)}</svg>`;
}

/** What the signs mean: all of them, the worst first. */
export function legend(view: View): Html {
  const { words } = view;
  const entries = DAY_STATES.toReversed().map((state) => html`<li>${sign(state)} ${wordOfDay(state, words)}</li>`);
  return html`<details class="legend"><summary>${words.say('site.legend')}</summary>
<ul>${entries}<li>${sign('block', false)} ${words.say('picture.unsure')}</li></ul></details>`;
}
