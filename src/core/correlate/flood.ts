import type { Report } from '../model/report.ts';

/**
 * How much one source may report. The largest events reported many services of one country (a register of 80 apps, 13 names off the national
 * DNS) or of one matter in a few countries; hundreds of services at once, or dozens of countries, are a feed that is broken, taken over or lying.
 * What drips in over an hour may be more: a register that is read name by name.
 */
export const FLOOD = {
  windowMs: 3_600_000,
  /** Pairs of country and service, and countries, in one poll: well above the largest ban. */
  atOnce: { pairs: 100, countries: 20 },
  /** The same within the window. */
  inAll: { pairs: 300, countries: 60 },
  /** An agent measures one country, and there perhaps a whole catalogue, all of it blocked. */
  measuredAtOnce: { pairs: 200, countries: 20 },
} as const;

/** What is remembered of one source. Times: ms since the epoch. */
export interface FloodMemory {
  /** When it last spoke of a pair, the newest last; bounded. */
  pairs: { pair: string; country: string | null; at: number }[];
  floodedAt: number | null;
}

export interface FloodPlan {
  hold: boolean;
  why: 'within-bounds' | 'hundreds-of-services' | 'dozens-of-countries' | 'flooded-within-the-hour';
  memory: FloodMemory;
}

export const NO_FLOOD: FloodMemory = { pairs: [], floodedAt: null };
const MAX_PAIRS = 1_000;

interface Bounds {
  pairs: number;
  countries: number;
}

function beyond(mentions: FloodMemory['pairs'], bounds: Bounds): FloodPlan['why'] | null {
  if (mentions.length > bounds.pairs) return 'hundreds-of-services';
  return new Set(mentions.map(({ country }) => country)).size > bounds.countries ? 'dozens-of-countries' : null;
}

/**
 * Does what a source tells in one poll, or within the hour, go beyond what any event brings? Who flooded is held for the rest of the hour.
 * Pure; `memory`: of the last plan.
 */
export function planFlood(memory: FloodMemory, reports: readonly Report[], now: number): FloodPlan {
  const isLately = (at: number): boolean => now - at < FLOOD.windowMs;
  const mentions = reports.map(({ country, service }) => ({ pair: `${country} ${service}`, country, at: now }));
  const together = [...new Map(mentions.map((one) => [one.pair, one])).values()];
  const all = [
    ...new Map([...memory.pairs.filter(({ at }) => isLately(at)), ...together].map((one) => [one.pair, one])).values(),
  ];
  const isMeasured = reports.length > 0 && reports.every(({ kind }) => kind === 'measurement');
  const flood = beyond(together, isMeasured ? FLOOD.measuredAtOnce : FLOOD.atOnce) ?? beyond(all, FLOOD.inAll);
  const before = memory.floodedAt !== null && isLately(memory.floodedAt);
  const floodedAt = flood ? now : before ? memory.floodedAt : null;
  const why = flood ?? (before ? 'flooded-within-the-hour' : 'within-bounds');
  return { hold: why !== 'within-bounds', why, memory: { pairs: all.slice(-MAX_PAIRS), floodedAt } };
}
