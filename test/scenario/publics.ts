import { QUARTER, type ReaderCount, type ReaderVerdict } from '../../src/core/ports/readers.ts';

/** Simulated publics: how many readers of a country tap what, quarter by quarter. The same seed gives the same public. */

const DAY_QUARTERS = 96;
const WEEK_QUARTERS = 7 * DAY_QUARTERS;

/** A small generator with a seed (mulberry32). */
export function chanceOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const normal = (chance: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - chance())) * Math.cos(2 * Math.PI * chance());

/** By Knuth where it is small, else by the normal law. */
export function poisson(mean: number, chance: () => number): number {
  if (mean > 40) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal(chance)));
  let n = 0;
  for (let p = chance(); p > Math.exp(-mean); p *= chance()) n++;
  return n;
}

export interface Public {
  readers: number;
  /** Taps "does not work" of a quiet hour, among all of them, at the busiest time of a day. */
  quiet: number;
  /** How much an hour differs from what is usual at that time (standard deviation of its logarithm). */
  moods: number;
  /** Rumours a month: half an hour in which everybody asks, and most find that it works. */
  rumours: number;
}

/** From people who hardly ever say anything to those who say much of everything. */
export const PUBLICS: readonly Public[] = [
  { readers: 20_000, quiet: 0.5, moods: 0.3, rumours: 0 },
  { readers: 20_000, quiet: 2, moods: 0.5, rumours: 1 },
  { readers: 20_000, quiet: 8, moods: 0.6, rumours: 2 },
  { readers: 20_000, quiet: 25, moods: 0.5, rumours: 4 },
];

/** Nights are quiet, evenings are not; weekends a little more. */
const shapeOf = (quarter: number): number => {
  const hour = (quarter % DAY_QUARTERS) / 4;
  const weekend = Math.floor((quarter % WEEK_QUARTERS) / DAY_QUARTERS) >= 5 ? 1.2 : 1;
  return (0.15 + 0.85 * (0.5 - 0.5 * Math.cos((2 * Math.PI * (hour - 3)) / 24)) ** 1.5) * weekend;
};

/** What is added from a quarter on: `share` of all are cut off, `haste` of these say so within the first two hours, fewer after that. */
export interface Cut {
  from: number;
  share: number;
  haste: number;
}

/** Taps of each quarter: how many it fails, how many it works for. */
export function tapsOf(
  of: Public,
  quarters: number,
  seed: number,
  cut: Cut | null = null,
): { fails: number[]; works: number[] } {
  const chance = chanceOf(seed);
  const fails: number[] = [];
  const works: number[] = [];
  let mood = 0;
  let rumour = 0;
  for (let at = 0; at < quarters; at++) {
    mood = 0.8 * mood + 0.6 * of.moods * normal(chance);
    if (chance() < of.rumours / (30 * DAY_QUARTERS)) rumour = 2;
    const heat = rumour-- > 0 ? 10 : 1;
    const mean = ((of.quiet * shapeOf(at)) / 4) * Math.exp(mood - of.moods ** 2 / 2);
    const since = cut === null ? -1 : at - cut.from;
    const told = since < 0 ? 0 : (of.readers * cut!.share * cut!.haste) / 8 / Math.max(1, since / 8) ** 2;
    fails.push(poisson(mean * Math.sqrt(heat) + told, chance));
    works.push(poisson(mean * heat * 0.8 + (told * (1 - (cut?.share ?? 1))) / 10, chance));
  }
  return { fails, works };
}

/** As the judge reads it; all are known for long unless `settled` says which share. */
export const countsOf = (
  { fails, works }: ReturnType<typeof tapsOf>,
  {
    from,
    to,
    country = 'RU',
    service = 'whatsapp',
    settled = 1,
  }: { from: number; to: number; country?: string; service?: string; settled?: number },
): ReaderCount[] =>
  Array.from({ length: to - from }, (_, i) => from + i).flatMap((at) =>
    (['fails', 'works'] as const).flatMap((verdict: ReaderVerdict): ReaderCount[] => {
      const people = (verdict === 'fails' ? fails : works)[at] ?? 0;
      const what = { country, operator: '', service, verdict, door: 'chat' as const };
      return people === 0 ? [] : [{ ...what, at: at * QUARTER, people, settled: Math.round(people * settled) }];
    }),
  );

/** Fails an hour in the same three hours of the four weeks before, as the watch works it out. */
export const usualAt = (fails: readonly number[], quarter: number): number[] =>
  [1, 2, 3, 4].map((week) => {
    const from = quarter - week * WEEK_QUARTERS - 8;
    return fails.slice(Math.max(0, from), Math.max(0, from + 12)).reduce((a, b) => a + b, 0) / 3;
  });
