import type { Theme } from './theme.ts';
import type { Cell, DayState } from './timeline.ts';

/** How a state looks: a bar of the row's height or of a part of it, plain or with a pattern cut out of it, or only its outline. */
interface Mark {
  /** Share of the row's height. */
  height: number;
  colour: keyof Theme;
  pattern?: 'stripes' | 'dots' | 'crosses';
  outline?: true;
}

const MARKS: Record<DayState, Mark> = {
  gap: { height: 0.5, colour: 'line', outline: true },
  none: { height: 0.07, colour: 'line' },
  stale: { height: 1, colour: 'faint', outline: true },
  open: { height: 0.2, colour: 'open' },
  warn: { height: 0.36, colour: 'warn' },
  restrict: { height: 1, colour: 'restrict', pattern: 'dots' },
  throttle: { height: 1, colour: 'throttle', pattern: 'stripes' },
  block: { height: 1, colour: 'block' },
  shutdown: { height: 1, colour: 'shutdown', pattern: 'crosses' },
};
/** What is not certain stands on the ground and is only half as high. */
const UNSURE = 0.5;

export interface Place {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Only its outline is drawn: it stands for a stretch of which nothing is known. */
export const isOutline = ({ state }: Cell): boolean => MARKS[state].outline === true;

const n = (value: number): string => String(Math.round(value * 10) / 10);

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
    const box = `x="${n(place.x + 2)}" y="${n(y + 1.5)}" width="${n(Math.max(1, place.width - 5))}" height="${n(height - 3)}"`;
    const frame = `<rect ${box} fill="none" stroke="${colour}" stroke-width="3"${dash}/>`;
    return state === 'stale' ? frame + questionOf({ ...place, y, height }, colour) : frame;
  }
  const fill = mark.pattern ? `url(#${id}${mark.pattern})` : colour;
  const box = `x="${n(place.x)}" y="${n(y)}" width="${n(place.width)}" height="${n(height)}"`;
  // A pattern without an outline would fray at its ends.
  const edge = mark.pattern
    ? `<rect x="${n(place.x + 1)}" y="${n(y + 1)}" width="${n(place.width - 2)}" height="${n(height - 2)}" fill="none" stroke="${colour}" stroke-width="2"/>`
    : '';
  return `<rect ${box} fill="${fill}"/>${edge}`;
}

/** In the middle of a stretch that has room for it. */
function questionOf({ x, y, width, height }: Place, colour: string): string {
  if (width < 26) return '';
  const size = height < 40 ? 17 : 28;
  const at = `x="${n(x + width / 2)}" y="${n(y + height / 2 + size * 0.36)}"`;
  return `<text ${at} font-size="${size}" font-weight="bold" text-anchor="middle" fill="${colour}">?</text>`;
}
