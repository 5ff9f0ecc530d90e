/** Draws of made-up counts, all from one seed. */
export type Random = () => number;

/** Mulberry32. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export const normal = (random: Random): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

export const between = ([low, high]: readonly [number, number], random: Random): number =>
  low + random() * (high - low);
/** The same, as likely in each doubling. */
export const scaled = ([low, high]: readonly [number, number], random: Random): number =>
  low * (high / low) ** random();

export function poisson(mean: number, random: Random): number {
  if (mean > 50) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal(random)));
  let product = random();
  let count = 0;
  for (const limit = Math.exp(-mean); product > limit; count++) product *= random();
  return count;
}

export function binomial(n: number, p: number, random: Random): number {
  if (n > 200) {
    const about = Math.round(n * p + Math.sqrt(n * p * (1 - p)) * normal(random));
    return Math.max(0, Math.min(n, about));
  }
  let hits = 0;
  for (let i = 0; i < n; i++) if (random() < p) hits++;
  return hits;
}

export const logit = (share: number): number => Math.log(share / (1 - share));
export const shareOf = (x: number): number => 1 / (1 + Math.exp(-x));

/** Begins of something that happens once in so many days, and until when it lasts: hours. */
export interface Period {
  from: number;
  to: number;
}

export function periods(days: number, everyDays: number, hours: readonly [number, number], random: Random): Period[] {
  const found: Period[] = [];
  if (!(everyDays > 0)) return found;
  const wait = (): number => -Math.log(1 - random()) * everyDays * 24;
  for (let at = wait(); at < days * 24; at += wait()) {
    const from = Math.floor(at);
    const to = from + Math.max(1, Math.round(scaled(hours, random)));
    found.push({ from, to });
    at = to;
  }
  return found;
}

export const isIn = (list: readonly Period[], hour: number): boolean =>
  list.some(({ from, to }) => hour >= from && hour < to);
