import {
  between,
  binomial,
  isIn,
  logit,
  normal,
  poisson,
  type Random,
  randomOf,
  type Period,
  scaled,
  shareOf,
  periods,
} from './chance.ts';

/** Made-up counts of OONI for a handful of countries and services over months: what goes wrong there of itself, and blocks where they are put in. */
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

type Range = readonly [number, number];
/** Once in so many days, and for so many hours; 0 days = never. */
interface Now {
  everyDays: number;
  hours: Range;
}

/** What the noise is made of. A range is drawn from anew for each pair. */
export interface Knobs {
  /** Measurements an hour, all networks together; as likely in each doubling. */
  perHour: Range;
  networks: Range;
  /** Usual share of anomalies. */
  usual: Range;
  /** Networks differ: standard deviation of the log-odds of their usual shares. */
  networkSpread: number;
  /** Days differ, for the whole pair: standard deviation and memory (of an AR(1)) of the log-odds. */
  daySpread: Range;
  dayMemory: number;
  /** And each network's days from those of the others (over-dispersion: logistic-normal, much as beta-binomial). */
  ownSpread: Range;
  /** Of the last day of the time the log-odds are so much higher than of the first. */
  drift: Range;
  /** A network has trouble of its own: nearly all that is measured there goes wrong. */
  trouble: Now;
  /** A version of the probe has a fault: so large a share of the probes of all networks. */
  version: Now & { share: Range };
  /** One volunteer measures hundreds of times, with a fault of the house or without. */
  burst: { everyDays: number; size: Range };
  /** Nothing is published. */
  gap: Now;
  /** Weekends bring so much less. */
  weekly: number;
  /** So large a share of the networks has a filter, for good. */
  filtered: Range;
  /** Chance that a network with a filter comes along, and how large it is beside the others. */
  newcomer: { chance: number; weight: Range };
  /** All of the country goes wrong, controls too; most such measurements count as failed. */
  country: Now;
  /** The service is down everywhere. */
  world: Now;
  /** Of a block: share that goes wrong, and how many networks carry it out. */
  blocked: Range;
  carriedOut: number;
}

const NEVER: Now = { everyDays: 0, hours: [1, 1] };

/** Much as the world is: what the rule must bear without a word. */
export const PLAIN: Knobs = {
  perHour: [0.7, 63],
  networks: [4, 25],
  usual: [0.01, 0.11],
  networkSpread: 0.7,
  daySpread: [0.4, 0.4],
  dayMemory: 0,
  ownSpread: [0, 0],
  drift: [0, 0],
  trouble: { everyDays: 10, hours: [1, 12] },
  version: { ...NEVER, share: [0, 0] },
  burst: { everyDays: 20, size: [50, 500] },
  gap: { everyDays: 15, hours: [1, 30] },
  weekly: 0,
  filtered: [0, 0],
  newcomer: { chance: 0, weight: [1, 1] },
  country: NEVER,
  world: NEVER,
  blocked: [0.88, 1],
  carriedOut: 0.92,
};

/** All that goes wrong of itself at once, and more of it than there is. What hits a whole country or the whole world is apart: counts of the pair alone cannot tell it. */
export const HARSH: Knobs = {
  perHour: [0.08, 80],
  networks: [3, 25],
  usual: [0.01, 0.2],
  networkSpread: 0.8,
  daySpread: [0.2, 0.6],
  dayMemory: 0.6,
  ownSpread: [0.2, 0.8],
  drift: [-0.5, 1],
  trouble: { everyDays: 15, hours: [1, 36] },
  version: { everyDays: 60, hours: [24, 168], share: [0.1, 0.4] },
  burst: { everyDays: 15, size: [50, 500] },
  gap: { everyDays: 12, hours: [1, 60] },
  weekly: 0.4,
  filtered: [0, 0.2],
  newcomer: { chance: 0.25, weight: [0.1, 0.6] },
  country: NEVER,
  world: NEVER,
  blocked: [0.8, 1],
  carriedOut: 0.9,
};

/** Few networks, which often have trouble of their own. */
export const FEW: Knobs = { ...PLAIN, networks: [3, 6], trouble: { everyDays: 8, hours: [1, 48] } };

/** Something always goes wrong in three of ten, by a filter or by bad lines. */
export const STEADY: Knobs = {
  ...PLAIN,
  usual: [0.25, 0.35],
  networkSpread: 0.3,
  daySpread: [0.2, 0.5],
  ownSpread: [0.2, 0.5],
  dayMemory: 0.5,
};

/** Bad days for all networks together. */
export const UNEVEN: Knobs = {
  ...PLAIN,
  usual: [0.03, 0.2],
  daySpread: [0.4, 0.9],
  ownSpread: [0.4, 0.9],
  dayMemory: 0.6,
};

/** The country or the service fails as a whole now and then: only what is seen elsewhere tells that from a block. */
export const SHARED: Knobs = {
  ...HARSH,
  country: { everyDays: 60, hours: [2, 24] },
  world: { everyDays: 60, hours: [1, 8] },
};

interface Network {
  asn: number;
  weight: number;
  /** Usual log-odds. */
  usual: number;
  from: number;
  trouble: readonly Period[];
  /** Share that goes wrong where a block is in force. */
  blocks: number;
}

/** What hits more than one pair. */
export interface Shared {
  country: readonly Period[];
  world: readonly Period[];
}

export interface Draw {
  seed: number;
  days: number;
  knobs: Knobs;
  blocks?: readonly Block[];
  shared?: Shared;
}

const HOUR = 3_600_000;
export const DAY_HOURS = 24;
const ALONE: Shared = { country: [], world: [] };

/** One pair; the same seed draws the same noise, with blocks or without. */
export function cellsOf({ seed, days, knobs, blocks = [], shared = ALONE }: Draw): Cell[] {
  const random = randomOf(seed);
  const networks = networksOf(knobs, days, random);
  const all = networks.reduce((sum, one) => sum + one.weight, 0);
  const perHour = scaled(knobs.perHour, random);
  const spread = between(knobs.daySpread, random);
  const own = between(knobs.ownSpread, random);
  const drift = between(knobs.drift, random) / (days * DAY_HOURS);
  const gaps = periods(days, knobs.gap.everyDays, knobs.gap.hours, random);
  const faulty = periods(days, knobs.version.everyDays, knobs.version.hours, random);
  const share = between(knobs.version.share, random);
  const cells: Cell[] = [];
  let day = spread * normal(random);
  let apart = networks.map(() => own * normal(random));
  for (let hour = 0; hour < days * DAY_HOURS; hour++) {
    // Drawn in any case: what follows must not hang on what went before.
    const here = randomOf(seed ^ Math.imul(hour + 1, 0x9e3779b1));
    if (hour % DAY_HOURS === 0) {
      day = knobs.dayMemory * day + Math.sqrt(1 - knobs.dayMemory ** 2) * spread * normal(here);
      apart = networks.map(() => own * normal(here));
    }
    if (isIn(gaps, hour)) continue;
    const weekend = Math.floor(hour / DAY_HOURS) % 7 >= 5 ? 1 - knobs.weekly : 1;
    const rhythm = (1 + 0.7 * Math.sin((2 * Math.PI * (hour - 9)) / DAY_HOURS)) * weekend;
    const isBlocked = blocks.some(({ from, to }) => hour * HOUR >= from && hour * HOUR < to);
    const isBroken = isIn(shared.country, hour);
    const floor = Math.max(isBroken || isIn(shared.world, hour) ? 0.92 : 0, isIn(faulty, hour) ? share : 0);
    networks.forEach((network, i) => {
      if (hour < network.from) return;
      const n = poisson((perHour * rhythm * network.weight) / all, here);
      const usual = shareOf(network.usual + day + apart[i]! + drift * hour);
      const wrong = Math.max(floor, isIn(network.trouble, hour) ? 0.9 : 0, isBlocked ? network.blocks : 0);
      const p = wrong + (1 - wrong) * usual;
      add(cells, { at: hour * HOUR, asn: network.asn, n, p, failed: isBroken ? 0.6 : 0.15 }, here);
      if (here() < 1 / (knobs.burst.everyDays * DAY_HOURS * networks.length)) {
        const size = Math.round(between(knobs.burst.size, here));
        add(cells, { at: hour * HOUR, asn: network.asn, n: size, p: here() < 0.8 ? 0.9 : usual, failed: 0.15 }, here);
      }
    });
  }
  return cells;
}

function networksOf(knobs: Knobs, days: number, random: Random): Network[] {
  const usual = scaled([Math.max(0.002, knobs.usual[0]), knobs.usual[1]], random);
  const filtered = between(knobs.filtered, random);
  const networks = Array.from({ length: Math.round(between(knobs.networks, random)) }, (_, i) => ({
    asn: 1_000 + i,
    weight: 1 / (i + 1) ** 0.8,
    usual: random() < filtered ? logit(0.97) : logit(usual) + knobs.networkSpread * normal(random),
    from: 0,
    trouble: periods(days, knobs.trouble.everyDays, knobs.trouble.hours, random),
    blocks: random() < knobs.carriedOut ? between(knobs.blocked, random) : 0.1,
  }));
  if (random() < knobs.newcomer.chance) {
    const all = networks.reduce((sum, one) => sum + one.weight, 0);
    const weight = all * between(knobs.newcomer.weight, random);
    const from = Math.floor((0.2 + 0.7 * random()) * days * DAY_HOURS);
    networks.push({ asn: 9_000, weight, usual: logit(0.97), from, trouble: [], blocks: 1 });
  }
  return networks;
}

function add(
  cells: Cell[],
  { at, asn, n, p, failed }: { at: number; asn: number; n: number; p: number; failed: number },
  random: Random,
): void {
  if (n === 0) return;
  const lost = binomial(n, failed * (0.4 + 1.2 * random()), random);
  const bad = binomial(n - lost, p, random);
  // Published within minutes, now and then within hours.
  const late = random() < 0.05 ? random() * 3 * HOUR : random() * HOUR;
  cells.push({ at, asn, bad, ok: n - lost - bad, visibleAt: at + HOUR / 2 + late });
}

/** A block or two in 90 days, of six hours to thirty days. */
export function blocksOf(seed: number, days: number): Block[] {
  const DAY = DAY_HOURS * HOUR;
  const random = randomOf(seed ^ 0x5eed);
  const blocks: Block[] = [];
  for (let at = (16 + random() * 10) * DAY; at < (days - 2) * DAY;) {
    const to = Math.min(at + 6 * HOUR * 120 ** random(), (days - 1) * DAY);
    blocks.push({ from: Math.floor(at / HOUR) * HOUR, to });
    at = to + (16 + random() * 20) * DAY;
  }
  return blocks;
}
