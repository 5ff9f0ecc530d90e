import LOOKS from '../../config/day-states.json' with { type: 'json' };
import COLOURS from '../../config/picture-colours.json' with { type: 'json' };
import type { Cell, DayState, Timeline, TimelineRow } from './timeline.ts';

/** Text in a drawing: what of it fits, and how it is written so that it is text and nothing else. */

/** Control characters, what turns text around, and what XML 1.0 cannot hold. */
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff]/gu;
/** No label is read further. */
const MAX_READ = 400;

/** One line of plain text, safe to stand in SVG, as content or in an attribute. */
export const escaped = (text: string): string =>
  plain(text).replace(/[&<>"']/gu, (sign) => `&#${sign.codePointAt(0)};`);

const plain = (text: string): string =>
  text.slice(0, MAX_READ).toWellFormed().replace(/\s+/gu, ' ').replace(UNSAFE, '').trim();

/** Widths in units of the font size. A little more than they are: a label that ends early looks better than one that runs into the picture. */
const WIDE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff00-\uffef]/u;
const NARROW = /[ .,:;'|!iljtfrI()[\]·\-\u0131\u0433\u0442]/u;
const LARGE = /[MWmw@%—…\u0416\u041c\u0424\u0428\u0429\u042b\u042e\u0436\u043c\u0444\u0448\u0449\u044b\u044e]/u;

function widthOfSign(sign: string): number {
  if (/\p{M}/u.test(sign)) return 0;
  if (WIDE.test(sign)) return 1.02;
  if (/\p{Script=Arabic}/u.test(sign)) return 0.58;
  if (LARGE.test(sign)) return 0.98;
  if (NARROW.test(sign)) return 0.4;
  return /\p{Lu}/u.test(sign) ? 0.72 : 0.63;
}

/** How wide a text is at most, in the units of `size`. An estimate: there is no font here to ask. */
export const widthOf = (text: string, size: number, bold = false): number =>
  [...plain(text)].reduce((sum, sign) => sum + widthOfSign(sign), 0) * size * (bold ? 1.12 : 1);

/** As much of a text as fits, with "…" where something was left out. */
export function fitted(text: string, size: number, width: number, bold = false): string {
  const whole = plain(text);
  if (widthOf(whole, size, bold) <= width) return whole;
  const signs = [...whole];
  let end = signs.length;
  while (end > 1 && widthOf(`${signs.slice(0, end).join('')}…`, size, bold) > width) end--;
  return `${signs.slice(0, end).join('').trimEnd()}…`;
}

/** How a state looks: a bar of the row's height or of a part of it, plain or with a pattern cut out of it, or only its outline. */
interface Mark {
  /** Share of the row's height. */
  height: number;
  colour: keyof Theme;
  pattern?: 'stripes' | 'dots' | 'crosses';
  outline?: true;
}

const MARKS = LOOKS as Readonly<Record<DayState, Mark>>;
/** What is not certain stands on the ground and is only half as high. */
const UNSURE = 0.5;

const round = (value: number): number => Math.round(value * 10) / 10;

interface Place {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Only its outline is drawn: it stands for a stretch of which nothing is known. */
const isOutline = ({ state }: Cell): boolean => MARKS[state].outline === true;

/** The patterns that `markOf` refers to, once a drawing. `id` keeps several drawings of one page apart. */
export function patternsOf(theme: Theme, id: string): string {
  const tile = (name: string, size: number, colour: string, shape: string, turn = ''): string =>
    `<pattern id="${id}${name}" width="${size}" height="${size}" patternUnits="userSpaceOnUse"${turn}>` +
    `<rect width="${size}" height="${size}" fill="${colour}"/>${shape}</pattern>`;
  const stripe = `<rect width="6" height="14" fill="${theme.cut}"/>`;
  const dot = `<circle cx="7" cy="7" r="4" fill="${theme.cut}"/>`;
  const cross = `<path d="M0 0L16 16M16 0L0 16" stroke="${theme.cut}" stroke-width="2.5"/>`;
  return (
    tile('stripes', 14, theme.throttle, stripe, ' patternTransform="rotate(45)"') +
    tile('dots', 14, theme.restrict, dot) +
    tile('crosses', 16, theme.shutdown, cross)
  );
}

/** One stretch of equal cells. Pure. */
export function markOf({ state, sure }: Cell, place: Place, theme: Theme, id: string): string {
  const mark = MARKS[state];
  const full = place.height * mark.height;
  const height = sure ? full : full * UNSURE;
  // In the middle of its row; what is not certain where its lower half would be.
  const y = place.y + (place.height - full) / 2 + (full - height);
  const colour = theme[mark.colour];
  if (mark.outline) {
    const dash = state === 'gap' ? ' stroke-dasharray="4 6"' : '';
    const box = `x="${round(place.x + 2)}" y="${round(y + 1.5)}" width="${round(Math.max(1, place.width - 5))}" height="${round(height - 3)}"`;
    const frame = `<rect ${box} fill="none" stroke="${colour}" stroke-width="3"${dash}/>`;
    return state === 'stale' ? frame + questionOf({ ...place, y, height }, colour) : frame;
  }
  const fill = mark.pattern ? `url(#${id}${mark.pattern})` : colour;
  const box = `x="${round(place.x)}" y="${round(y)}" width="${round(place.width)}" height="${round(height)}"`;
  // A pattern without an outline would fray at its ends.
  const edge = mark.pattern
    ? `<rect x="${round(place.x + 1)}" y="${round(y + 1)}" width="${round(place.width - 2)}" height="${round(height - 2)}" fill="none" stroke="${colour}" stroke-width="2"/>`
    : '';
  return `<rect ${box} fill="${fill}"/>${edge}`;
}

/** In the middle of a stretch that has room for it. */
function questionOf({ x, y, width, height }: Place, colour: string): string {
  if (width < 26) return '';
  const size = height < 40 ? 17 : 28;
  const at = `x="${round(x + width / 2)}" y="${round(y + height / 2 + size * 0.36)}"`;
  return `<text ${at} font-size="${size}" font-weight="bold" text-anchor="middle" fill="${colour}">?</text>`;
}

/**
 * Colours of a drawing, as CSS takes them: `faint` text, `line` for thin ones that nothing is read from, `band` behind every second row, `cut` what a pattern
 * is cut out of its colour with. Every state is told apart by its shape, too: whoever sees no colours misses nothing. Contrast with the ground: text at
 * least 7:1, marks at least 3:1 (a test reckons it).
 */
export const THEMES = COLOURS;
export type ThemeName = keyof typeof THEMES;
export type Theme = (typeof THEMES)[ThemeName];

/** Tocsin's sign, in 24 by 24. */
export const BELL =
  'M12 2a2 2 0 0 1 2 2 6 6 0 0 1 4 6c0 5 2 6 2 8H4c0-2 2-3 2-8a6 6 0 0 1 4-6 2 2 0 0 1 2-2zM9.5 20h5a2.5 2.5 0 0 1-5 0z';

/**
 * A timeline as SVG: a row a thing, a column a day, states by colour and by shape. Pure, and without anything that runs, links or loads: the
 * same text may be turned into a PNG or stand inline in a page.
 */

/** Three times a chat's bubble on a narrow phone (360 px): what is written 33 units high is 11 px there. */
export const WIDTH = 1080;
/** Most rows that are drawn; whoever has more says so in a note. */
export const MAX_ROWS = 40;
/** Most columns: narrower ones cannot be told apart. */
export const MAX_COLUMNS = 92;

const EDGE = 28;
const ROW = 60;
const BAR = 40;
const SIZE = { title: 44, period: 34, label: 36, small: 33, tick: 34, legend: 34, note: 34 };
/** At the end of each row: how it stands at this moment. */
const NOW = 44;
const LABELS_LEAST = 170;
const LABELS_MOST = 360;
const RTL_LANGS = new Set(['ar', 'fa', 'he', 'ps', 'ur', 'ug', 'ckb', 'sd', 'yi', 'dv']);

/** Where things stand before it is mirrored. */
interface Layout {
  theme: Theme;
  id: string;
  rtl: boolean;
  labels: number;
  /** Left end and width of the columns. */
  left: number;
  column: number;
  top: number;
}

/**
 * `svg`: a whole `<svg>` element of that width and height, pixels. `id`: before the ids of its patterns, where several drawings stand in one page;
 * letters only.
 */
export function drawTimeline(timeline: Timeline, { theme: name, id = '' }: { theme: ThemeName; id?: string }) {
  const rows = timeline.rows.slice(0, MAX_ROWS);
  const columns = Math.min(timeline.columns.length, MAX_COLUMNS);
  const widest = Math.max(0, ...rows.map(({ label }) => widthOf(label, SIZE.label)));
  const labels = Math.min(LABELS_MOST, Math.max(LABELS_LEAST, Math.ceil(widest)));
  const left = EDGE + labels + 24;
  const layout: Layout = {
    theme: THEMES[name],
    id,
    rtl: RTL_LANGS.has(timeline.lang),
    labels,
    left,
    column: (WIDTH - EDGE - NOW - left) / Math.max(1, columns),
    top: 150,
  };
  const bottom = layout.top + rows.length * ROW;
  const ticks = ticksOf(timeline, bottom, layout);
  const legend = legendOf(timeline, bottom + 100, layout);
  const notes = notesOf(timeline, legend.bottom + 40, layout);
  const height = Math.ceil(notes.bottom + 24);
  const body = [
    headOf(timeline, layout),
    ...rows.map(
      (row, index) => nameOf(row, index, layout) + marksOf(row, index, false, layout) + nowOf(row, index, layout),
    ),
    bordersOf(columns, bottom, layout),
    ...rows.map((row, index) => marksOf(row, index, true, layout)),
    ticks,
    legend.svg,
    notes.svg,
  ].join('');
  return { svg: svgOf(body, { width: WIDTH, height }, layout.theme, id), width: WIDTH, height };
}

/** Of a link that is passed on, as Open Graph has it. */
const CARD = { width: 1200, height: 630, title: 68, line: 40 };

/**
 * What others show of a link: whose it is, a title of three lines at most, lines under it, and the days of a row, where there is one. Its text can be read in a preview a third
 * as wide. `where`: beside the name, where it can be looked up.
 */
export function drawCard({ lang, title, lines, cells, now, where }: Card, theme: Theme) {
  const side = (CARD.width - WIDTH) / 2;
  const rtl = RTL_LANGS.has(lang);
  const layout = { rtl };
  const [bar, present] = [80, 64];
  const column = (WIDTH - present - 12) / (cells?.length ?? 1);
  const box = (x: number, width: number) => ({ x: mirrored(x, width, rtl), y: 520, width, height: bar });
  const marks = runsOf(cells ?? []).map(({ cell, at, length }) =>
    markOf(cell, box(at * column, length * column), theme, ''),
  );
  const size = CARD.line - 8;
  const titles = wrapped(title, CARD.title, WIDTH, 3);
  let y = 116;
  const body = [
    `<path d="${BELL}" fill="${theme.block}" transform="translate(${mirrored(0, 60, rtl)} 34) scale(2.5)"/>`,
    textOf('Tocsin', { x: 74, y: 80, size: CARD.line }, layout, ' font-weight="bold"'),
    ...(where
      ? [textOf(where, { x: WIDTH - widthOf(where, size), y: 80, size }, layout, ` fill="${theme.faint}"`)]
      : []),
    ...titles.map((text) => textOf(text, { x: 0, y: (y += 82), size: CARD.title }, layout, ' font-weight="bold"')),
    ...lines.slice(0, (now ? 5 : 7) - titles.length).map((text) => {
      y += 60;
      return textOf(fitted(text, CARD.line, WIDTH), { x: 0, y, size: CARD.line }, layout, ` fill="${theme.faint}"`);
    }),
    ...marks,
    ...(now ? [markOf(now, box(WIDTH - present, present), theme, '')] : []),
  ];
  return { svg: svgOf(body.join(''), { ...CARD, left: -side }, theme), width: CARD.width, height: CARD.height };
}

interface Card extends Partial<Pick<TimelineRow, 'cells' | 'now'>>, Pick<Timeline, 'lang' | 'title'> {
  lines: readonly string[];
  where: string | null;
}

/** By words, into so many lines; what is left over is cut in the last. */
function wrapped(text: string, size: number, width: number, most: number): string[] {
  const lines = [''];
  for (const word of plain(text).split(' ')) {
    const longer = `${lines.at(-1)} ${word}`.trim();
    if (lines.length === most || widthOf(longer, size, true) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines.map((line) => fitted(line, size, width, true));
}

/** A whole element around a body, on the ground of its theme. */
function svgOf(
  body: string,
  { width, height, left = 0 }: { width: number; height: number; left?: number },
  theme: Theme,
  id = '',
): string {
  const font = 'font-family="DejaVu Sans, Noto Sans SC, sans-serif"';
  const size = `width="${width}" height="${height}" viewBox="${left} 0 ${width} ${height}"`;
  // Bars have edges, which are drawn in half the time without being smoothed; patterns are smooth.
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} ${font} shape-rendering="crispEdges" fill="${theme.text}">` +
    `<defs shape-rendering="auto">${patternsOf(theme, id)}</defs>` +
    `<rect x="${left}" width="${width}" height="${height}" fill="${theme.ground}"/>${body}</svg>`
  );
}

/** The x of a point, or of a box of that width, in a picture that may be mirrored. */
const mirrored = (x: number, width: number, rtl: boolean): number => (rtl ? WIDTH - x - width : x);

/** A line of text at a point. `anchor` as in a picture from left to right. */
function textOf(
  text: string,
  { x, y, size, anchor = 'start' }: { x: number; y: number; size: number; anchor?: 'start' | 'middle' },
  { rtl }: Pick<Layout, 'rtl'>,
  more = '',
): string {
  // What stands at the start of a line from right to left is anchored by what SVG calls the end of one from left to right.
  const side = rtl && anchor === 'start' ? 'end' : anchor;
  const at = `x="${round(mirrored(x, 0, rtl))}" y="${round(y)}" font-size="${size}" text-anchor="${side}"`;
  // What draws it takes a line for one from left to right, whatever it begins with, unless it is embedded.
  const line = rtl ? `\u202b${escaped(text)}\u202c` : escaped(text);
  return `<text ${at}${more}>${line}</text>`;
}

function headOf({ title, period }: Timeline, layout: Layout): string {
  const room = WIDTH - 2 * EDGE;
  const head = { x: EDGE, y: 68, size: SIZE.title };
  const under = { x: EDGE, y: 116, size: SIZE.period };
  return (
    textOf(fitted(title, SIZE.title, room, true), head, layout, ' font-weight="bold"') +
    textOf(fitted(period, SIZE.period, room), under, layout, ` fill="${layout.theme.faint}"`)
  );
}

function nameOf({ label }: TimelineRow, index: number, layout: Layout): string {
  const { theme, top, labels } = layout;
  const y = top + index * ROW;
  const band = index % 2 === 0 ? `<rect x="0" y="${y}" width="${WIDTH}" height="${ROW}" fill="${theme.band}"/>` : '';
  // A long name is written smaller before it is cut.
  const size = widthOf(label, SIZE.label) <= labels ? SIZE.label : SIZE.small;
  const name = { x: EDGE, y: y + ROW / 2 + size * 0.36, size };
  return band + textOf(fitted(label, size, labels), name, layout);
}

/** Its stretches of one of both looks: only outlined or not. */
function marksOf({ cells }: TimelineRow, index: number, outlined: boolean, layout: Layout): string {
  const { theme, rtl, top, left, column, id } = layout;
  const y = top + index * ROW + (ROW - BAR) / 2;
  const runs = runsOf(cells.slice(0, MAX_COLUMNS)).filter(({ cell }) => isOutline(cell) === outlined);
  const marks = runs.map(({ cell, at, length }) => {
    const width = length * column;
    return markOf(cell, { x: mirrored(left + at * column, width, rtl), y, width, height: BAR }, theme, id);
  });
  return marks.join('');
}

/** The present, behind the edge that parts it from the days. */
function nowOf({ now }: TimelineRow, index: number, { theme, rtl, top, id }: Layout): string {
  const y = top + index * ROW + (ROW - BAR) / 2;
  const width = NOW - 14;
  return markOf(now, { x: mirrored(WIDTH - EDGE - width, width, rtl), y, width, height: BAR }, theme, id);
}

/** Equal cells side by side are one stretch: a tenth of the text, and no seams. */
export function runsOf(cells: readonly Cell[]): { cell: Cell; at: number; length: number }[] {
  const runs: { cell: Cell; at: number; length: number }[] = [];
  for (const [at, cell] of cells.entries()) {
    const last = runs.at(-1);
    if (last && last.cell.state === cell.state && last.cell.sure === cell.sure) last.length++;
    else runs.push({ cell, at, length: 1 });
  }
  return runs;
}

/** Thin lines in the colour of the ground: they part the days of what is drawn so far, and the present has an edge of its own. */
function bordersOf(columns: number, bottom: number, { theme, rtl, left, column, top }: Layout): string {
  let path = '';
  for (let at = 1; at < columns; at++) path += `M${round(mirrored(left + at * column, 0, rtl))} ${top}V${bottom}`;
  const width = column > 24 ? 4 : 2;
  const today = round(mirrored(left + columns * column + 4, 0, rtl));
  return (
    `<path d="${path}" stroke="${theme.ground}" stroke-width="${width}" fill="none"/>` +
    `<path d="M${today} ${top}V${bottom}" stroke="${theme.faint}" stroke-width="3"/>`
  );
}

function ticksOf({ ticks, columns, now }: Timeline, bottom: number, layout: Layout): string {
  const { theme, rtl, left, column } = layout;
  const right = WIDTH - EDGE + 6;
  const here = { x: right - widthOf(now, SIZE.tick) / 2, y: bottom + 48, size: SIZE.tick };
  // From the newest on: what would run into its neighbour is left out.
  const most = right - widthOf(now, SIZE.tick) - 16;
  let free = most;
  const texts = ticks
    .filter(({ column: at }) => at < columns.length)
    .toSorted((a, b) => b.column - a.column)
    .flatMap(({ column: at, text }) => {
      const middle = left + (at + 0.5) * column;
      const width = widthOf(text, SIZE.tick);
      const end = Math.min(middle + width / 2, most);
      if (end > free || end - width < EDGE) return [];
      free = end - width - 16;
      const place = { x: end - width / 2, y: bottom + 48, size: SIZE.tick };
      const stroke = `<path d="M${round(mirrored(middle, 0, rtl))} ${bottom + 4}v12" stroke="${theme.line}" stroke-width="3"/>`;
      return [stroke + textOf(text, { ...place, anchor: 'middle' }, layout)];
    });
  return `<g fill="${theme.faint}">${texts.join('')}${textOf(now, { ...here, anchor: 'middle' }, layout)}</g>`;
}

/** Samples with their words, as many in a line as fit. */
function legendOf({ legend }: Timeline, top: number, layout: Layout): { svg: string; bottom: number } {
  const { theme, rtl, id } = layout;
  const sample = 56;
  let x = EDGE;
  let y = top;
  const out: string[] = [];
  for (const { cell, text } of legend.slice(0, 12)) {
    const shown = fitted(text, SIZE.legend, WIDTH - 2 * EDGE - sample - 16);
    const width = sample + 16 + widthOf(shown, SIZE.legend);
    if (x > EDGE && x + width > WIDTH - EDGE) {
      x = EDGE;
      y += 56;
    }
    const place = { x: mirrored(x, sample, rtl), y: y - 28, width: sample, height: BAR };
    out.push(markOf(cell, place, theme, id));
    out.push(textOf(shown, { x: x + sample + 16, y: y + 4, size: SIZE.legend }, layout));
    x += width + 40;
  }
  return { svg: out.join(''), bottom: y };
}

function notesOf({ notes }: Timeline, top: number, layout: Layout): { svg: string; bottom: number } {
  const lines = notes.slice(0, 8).map((text, index) => {
    const place = { x: EDGE, y: top + 12 + index * 44, size: SIZE.note };
    return textOf(fitted(text, SIZE.note, WIDTH - 2 * EDGE), place, layout);
  });
  return { svg: `<g fill="${layout.theme.faint}">${lines.join('')}</g>`, bottom: top + Math.max(1, lines.length) * 44 };
}
