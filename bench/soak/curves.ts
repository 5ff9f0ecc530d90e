/** What a year did to sizes and times: is it flat, and a picture of it. */
import type { MonthOf } from './play.ts';

const WHAT = [
  { key: 'recordMB', name: 'database: the record, MB' },
  { key: 'restMB', name: 'database: all else, MB' },
  { key: 'heapMB', name: 'heap, MB' },
  { key: 'rssMB', name: 'resident memory, MB' },
  { key: 'files', name: 'open files' },
  { key: 'pollMs', name: 'a poll with nothing new, ms' },
  { key: 'readMs', name: 'a poll with news, ms' },
  { key: 'sendMs', name: 'a message of a broadcast, ms' },
] as const;

const AT_MOST = 1.1;
/** What is kept longest but for the record is kept for half a year: before, a database fills. */
const FULL = 8;
/** A difference of so many ms is the machine's. */
const NOISE_MS = 0.05;

/** The last month against the second; the database against the first that is full, where the year was so long. */
export const flatOf = (months: readonly MonthOf[]) =>
  WHAT.flatMap(({ key }) => {
    const second = months[(key === 'restMB' && months.length > FULL ? FULL : 2) - 1];
    const last = months.at(-1);
    if (!second || !last || months.length < 3 || key === 'recordMB') return [];
    const ratio = Math.round((last[key] / second[key]) * 100) / 100;
    return [{ what: key, ratio, ok: ratio <= AT_MOST || (key.endsWith('Ms') && last[key] - second[key] < NOISE_MS) }];
  });

const [WIDE, HIGH, GAP] = [220, 90, 44];

/** Small charts, one beside the other, each from zero. */
export function drawn(months: readonly MonthOf[], title: string): string {
  const charts = WHAT.map(({ key, name }, n) => {
    const list = months.map((one) => one[key]);
    const most = Math.max(...list) * 1.15 || 1;
    const at = (value: number, i: number) =>
      `${((i * WIDE) / Math.max(1, list.length - 1)).toFixed(1)},${(HIGH - (value / most) * HIGH).toFixed(1)}`;
    const [x, y] = [20 + (n % 4) * (WIDE + 30), 50 + Math.floor(n / 4) * (HIGH + GAP)];
    const label = (value: number) => (value >= 100 ? value.toFixed(0) : value.toPrecision(2));
    return `<g transform="translate(${x},${y})"><text y="-8" font-size="12">${name}: ${label(list[1] ?? list[0]!)} → ${label(list.at(-1)!)}</text><path d="M0,0V${HIGH}H${WIDE}" fill="none" stroke="#bbb"/><polyline fill="none" stroke="#c0392b" stroke-width="2" points="${list.map(at).join(' ')}"/></g>`;
  });
  const [wide, high] = [20 + 4 * (WIDE + 30), 50 + 2 * (HIGH + GAP)];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${wide} ${high}" font-family="sans-serif" fill="#222"><rect width="${wide}" height="${high}" fill="#fff"/><text x="20" y="22" font-size="14">${title}: by month, second → last</text>${charts.join('')}</svg>\n`;
}
