import { type Cell, columnsOf, type DayState, type Timeline } from '../../../src/core/timeline.ts';

export const DAY = 86_400_000;
export const NOON = Date.UTC(2026, 10, 28, 12);

/** "..bbB?": none, none, two days blocked but not certain, one certain, one stale. */
const SIGNS: Record<string, DayState> = {
  _: 'gap',
  '.': 'none',
  '?': 'stale',
  o: 'open',
  w: 'warn',
  r: 'restrict',
  t: 'throttle',
  b: 'block',
  s: 'shutdown',
};
const CAPITALS = new Set(['gap', 'none', 'stale']);

export const cells = (signs: string): Cell[] =>
  [...signs].map((sign) => {
    const state = SIGNS[sign.toLowerCase()]!;
    return { state, sure: CAPITALS.has(state) || sign !== sign.toLowerCase() };
  });

/** A row that ends as its last day does. */
export const row = (label: string, signs: string) => ({ label, cells: cells(signs), now: cells(signs).at(-1)! });

/** The same way back. */
export const signs = (row: readonly Cell[]): string =>
  row
    .map(({ state, sure }) => {
      const sign = Object.entries(SIGNS).find(([, one]) => one === state)![0];
      return sure ? sign.toUpperCase() : sign;
    })
    .join('');

export const timeline = (over: Partial<Timeline> = {}): Timeline => {
  const rows = over.rows ?? [row('WhatsApp', '...BBBB')];
  return {
    title: 'Russia',
    period: '22 Nov – 28 Nov',
    lang: 'en',
    columns: columnsOf(NOON, 'UTC', rows[0]?.cells.length ?? 7, 92),
    rows,
    now: 'now',
    ticks: [{ column: 6, text: '28 Nov' }],
    legend: [{ cell: { state: 'block', sure: true }, text: 'blocked' }],
    notes: ['As of 28 Nov'],
    ...over,
  };
};
