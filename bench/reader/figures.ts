/** Figures of readings against labels, and the page that shows them. */
import { reliability } from './calibrate.ts';
import type { Item } from './items.ts';
import { nameOf, type Reading } from './rows.ts';

interface Counts {
  right: number;
  false: number;
  missed: number;
}

export type Figures = Record<string, Counts>;

const partOf = (triple: string, at: number): string => triple.split('/')[at]!;

export function figuresOf(readings: readonly { item: Item; got: string[] }[]): Figures {
  const out: Figures = {};
  const compare = (name: string, got: string[], want: string[]): void => {
    out[name] ??= { right: 0, false: 0, missed: 0 };
    const counts = out[name];
    const wanted = new Set(want);
    const found = new Set(got);
    for (const one of found) counts[wanted.has(one) ? 'right' : 'false']++;
    for (const one of wanted) if (!found.has(one)) counts.missed++;
  };
  const yes = (list: string[]): string[] => (list.length > 0 ? ['yes'] : []);
  const countries = (list: string[]): string[] => list.map((t) => partOf(t, 0)).filter((c) => c !== '-');
  const services = (list: string[]): string[] => list.map((t) => partOf(t, 1)).filter((s) => s !== '-');
  for (const { item, got } of readings) {
    compare('relevant', yes(got), yes(item.want));
    if (item.lang !== 'en') compare('relevant, not English', yes(got), yes(item.want));
    compare('countries', countries(got), countries(item.want));
    compare('services', services(got), services(item.want));
    compare('triples', got, item.want);
  }
  return out;
}

export const f1 = (c: Counts): number => (2 * c.right) / Math.max(1, 2 * c.right + c.false + c.missed);
const shown = (c: Counts | undefined): string => (c === undefined ? '–' : f1(c).toFixed(3));

const DRAWS = 1_000;

/** `DRAWS` times as many indices as there are texts, drawn with return. Always the same. */
function* draws(count: number): Generator<number[]> {
  let state = 1;
  for (let n = 0; n < DRAWS; n++)
    yield Array.from({ length: count }, () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return Math.floor((state / 2 ** 32) * count);
    });
}

function middle(values: number[]): [number, number] {
  const sorted = values.sort((a, b) => a - b);
  return [sorted[Math.floor(DRAWS * 0.025)]!, sorted[Math.floor(DRAWS * 0.975)]!];
}

/** F1 of each name in 95 of 100 draws of as many texts from those that there are: how far chance alone may move it. Always the same draws. */
export function intervalsOf(readings: readonly { item: Item; got: string[] }[]): Record<string, [number, number]> {
  const each = readings.map((one) => figuresOf([one]));
  const names = Object.keys(figuresOf(readings));
  const drawn: Record<string, number[]> = Object.fromEntries(names.map((name) => [name, []]));
  for (const drawing of draws(each.length)) {
    const sums: Figures = {};
    for (const i of drawing)
      for (const [name, counts] of Object.entries(each[i]!)) {
        sums[name] ??= { right: 0, false: 0, missed: 0 };
        for (const key of ['right', 'false', 'missed'] as const) sums[name][key] += counts[key];
      }
    for (const name of names) drawn[name]!.push(Number(shown(sums[name])));
  }
  return Object.fromEntries(Object.entries(drawn).map(([name, list]) => [name, middle(list)]));
}

/** A reading with how sure each of its triples is said to be, and that it is news. */
type Judgeable = Reading & { relevant?: number; sure: number[] };

export interface Page {
  files: Record<string, string>;
  counts: Record<string, number>;
  rules: Figures;
  learned: Figures;
  readings: Judgeable[];
  firm: number;
  wrong: string[];
  calibration: object;
}

export function report({ files, counts, rules, learned, readings, firm, wrong, calibration }: Page): string {
  const lines = [
    '# The learned score',
    '',
    `Texts: ${JSON.stringify(counts)}. Files: ${Object.keys(files).length}.`,
    '',
  ];
  const spans = intervalsOf(readings);
  const titles = ['F1 on the set that no rule was tuned on', 'rules alone', 'learned, cross-fitted', '95 of 100 draws'];
  lines.push(`| ${titles.join(' | ')} |`, '|---|---|---|---|');
  for (const name of Object.keys(learned))
    lines.push(`| ${name} | ${shown(rules[name])} | ${shown(learned[name])} | ${(spans[name] ?? []).join(' – ')} |`);
  lines.push('', 'Is the text news? Said and true, cross-fitted:', '');
  lines.push(...binsOf(readings.map((r) => ({ p: r.relevant!, right: r.item.want.length > 0 }))));
  const events = readings.flatMap(judged);
  lines.push('', 'Is a reported triple right? Said and true, cross-fitted:', '', ...binsOf(events));
  const all = readings.reduce((n, r) => n + r.item.want.length, 0);
  lines.push('', '| bar | triples at or above it | precision | recall |', '|---|---|---|---|');
  for (const bar of [0.5, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95]) {
    const own = events.filter((e) => e.p >= bar);
    const right = own.filter((e) => e.right).length;
    lines.push(
      `| ${bar}${bar === firm ? ' (in use)' : ''} | ${own.length} | ${(right / Math.max(1, own.length)).toFixed(3)} | ${(right / Math.max(1, all)).toFixed(3)} |`,
    );
  }
  lines.push('', '| the likeliest that find | precision | 95 of 100 draws |', '|---|---|---|', ...atRecall(readings));
  lines.push('', `Calibration: ${JSON.stringify(calibration)}`, '');
  lines.push(
    `Sentences of ours that the rules read right and the score does not: ${wrong.length}`,
    ...wrong.map((w) => `- ${w}`),
  );
  return `${lines.join('\n')}\n`;
}

type Judged = { p: number; right: boolean };

const judged = (r: Page['readings'][number]): Judged[] =>
  r.chosen.map((c, i) => ({ p: r.sure[i]!, right: r.item.want.includes(nameOf(c)) }));

/** How many of the likeliest triples are right, of so many that they find that share of all true ones; not a number where it is never found. */
function precisionAt(recall: number, events: readonly Judged[], all: number): number {
  let right = 0;
  for (const [n, event] of events.toSorted((a, b) => b.p - a.p).entries()) {
    if (event.right) right++;
    if (right / all >= recall) return right / (n + 1);
  }
  return Number.NaN;
}

/** What stands at or above a bar, and how many of the likeliest that find so many of the true ones are right. */
export function firmOf(readings: Page['readings'], bar: number): Record<string, number> {
  const events = readings.flatMap(judged);
  const all = readings.reduce((sum, r) => sum + r.item.want.length, 0);
  const firm = events.filter((e) => e.p >= bar);
  const right = firm.filter((e) => e.right).length;
  return {
    'right at the bar': right / Math.max(1, firm.length),
    'found at the bar': right / Math.max(1, all),
    'right of the likeliest that find .7': precisionAt(0.7, events, all),
  };
}

/** With what chance may do to it, text by text. A draw that never finds so many counts as nothing right. */
function atRecall(readings: Page['readings']): string[] {
  const each = readings.map((r) => ({ events: judged(r), all: r.item.want.length }));
  const at = (recall: number, some: typeof each): number =>
    precisionAt(
      recall,
      some.flatMap((one) => one.events),
      some.reduce((sum, one) => sum + one.all, 0),
    );
  return [0.6, 0.65, 0.7].map((recall) => {
    const drawn: number[] = [];
    for (const drawing of draws(each.length)) {
      const precision = at(
        recall,
        drawing.map((i) => each[i]!),
      );
      drawn.push(Number.isNaN(precision) ? 0 : precision);
    }
    const [low, high] = middle(drawn);
    return `| ${recall} | ${at(recall, each).toFixed(3)} | ${low.toFixed(3)} – ${high.toFixed(3)} |`;
  });
}

const binsOf = (pairs: { p: number; right: boolean }[]): string[] => [
  '| said | texts | mean said | true |',
  '|---|---|---|---|',
  ...reliability(pairs)
    .filter((b) => b.count > 0)
    .map((b) => `| ${b.from}–${b.to} | ${b.count} | ${b.said.toFixed(3)} | ${b.was.toFixed(3)} |`),
];
