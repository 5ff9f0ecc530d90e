/** Made-up counts of OONI for one country and service over months: daily rhythm, networks of all sizes, flaps, bursts, gaps, late publication. */
export interface Cell {
  /** Begin of the hour, ms after the start. */
  at: number;
  asn: number;
  bad: number;
  ok: number;
  /** When it can be seen. */
  visibleAt: number;
}

export interface Block {
  from: number;
  to: number;
}

export type Random = () => number;

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

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

function poisson(mean: number, random: Random): number {
  if (mean > 50) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal(random)));
  let product = random();
  let count = 0;
  for (const limit = Math.exp(-mean); product > limit; count++) product *= random();
  return count;
}
const normal = (random: Random): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
function binomial(n: number, p: number, random: Random): number {
  let hits = 0;
  for (let i = 0; i < n; i++) if (random() < p) hits++;
  return hits;
}

interface Network {
  asn: number;
  weight: number;
  /** Usual share of anomalies. */
  usual: number;
  /** Hours (from the start) until which it is in trouble. */
  badUntil: number;
  /** Does it carry out blocks? A few do not, or late. */
  blocks: number;
}

/** One pair over `days`; blocks are put in where they are given. */
export function cellsOf(seed: number, days: number, blocks: readonly Block[] = []): Cell[] {
  const random = randomOf(seed);
  // Small countries have a few measurements a day, large ones dozens an hour.
  const perHour = 0.7 * 2 ** (random() * 6.5);
  const usual = 0.01 + random() * 0.1;
  const networks: Network[] = Array.from({ length: 4 + Math.floor(random() * 22) }, (_, i) => ({
    asn: 1_000 + i,
    weight: 1 / (i + 1) ** 0.8,
    usual: Math.min(0.4, usual * Math.exp(0.7 * normal(random))),
    badUntil: 0,
    blocks: random() < 0.92 ? 0.88 + random() * 0.12 : 0.1,
  }));
  const all = networks.reduce((sum, one) => sum + one.weight, 0);
  const cells: Cell[] = [];
  let gapUntil = 0;
  let drift = 1;
  for (let hour = 0; hour < days * 24; hour++) {
    const at = hour * HOUR;
    if (hour % 24 === 0) drift = Math.exp(0.4 * normal(random));
    if (random() < 1 / (15 * 24)) gapUntil = hour + 1 + Math.floor(random() * 30);
    if (hour < gapUntil) continue;
    const rhythm = 1 + 0.7 * Math.sin((2 * Math.PI * (hour - 9)) / 24);
    const isBlocked = blocks.some(({ from, to }) => at >= from && at < to);
    for (const network of networks) {
      if (random() < 1 / (10 * 24)) network.badUntil = hour + 1 + Math.floor(random() * 12);
      const n = poisson((perHour * rhythm * network.weight) / all, random);
      const trouble = hour < network.badUntil ? 0.9 : 0;
      const p = Math.max(isBlocked ? network.blocks : 0, trouble, Math.min(0.6, network.usual * drift));
      add(cells, { at, asn: network.asn, n, p }, random);
      // One eager probe with a fault of its own.
      if (random() < 1 / (20 * 24 * networks.length))
        add(cells, { at, asn: network.asn, n: 50 + Math.floor(random() * 450), p: 0.9 }, random);
    }
  }
  return cells;
}

function add(
  cells: Cell[],
  { at, asn, n, p }: { at: number; asn: number; n: number; p: number },
  random: Random,
): void {
  if (n === 0) return;
  const failed = binomial(n, 0.05 + random() * 0.2, random);
  const bad = binomial(n - failed, p, random);
  // Published within minutes, now and then within hours.
  const late = random() < 0.05 ? random() * 3 * HOUR : random() * HOUR;
  cells.push({ at, asn, bad, ok: n - failed - bad, visibleAt: at + HOUR / 2 + late });
}

/** A block or two in 90 days, of six hours to thirty days. */
export function blocksOf(seed: number, days: number): Block[] {
  const random = randomOf(seed ^ 0x5eed);
  const blocks: Block[] = [];
  for (let at = (16 + random() * 10) * DAY; at < (days - 2) * DAY; ) {
    const to = Math.min(at + 6 * HOUR * 120 ** random(), (days - 1) * DAY);
    blocks.push({ from: Math.floor(at / HOUR) * HOUR, to });
    at = to + (16 + random() * 20) * DAY;
  }
  return blocks;
}
