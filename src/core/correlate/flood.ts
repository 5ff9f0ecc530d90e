import type { Report } from '../model/report.ts';

/**
 * How much one source may tell of within an hour. The largest events told of many services of one country (a register of 80 apps, 13 names off the
 * national DNS) or of one matter in a few countries; hundreds of services, or dozens of countries, are a feed that is broken, taken over or lying.
 */
export const FLOOD = {
  windowMs: 3_600_000,
  /** Pairs of country and service in news: well above the largest ban in one poll. */
  newsPairs: 100,
  countries: 20,
  /** An agent measures one country, and there perhaps a whole catalogue, all of it blocked. */
  measuredPairs: 200,
} as const;

/** One country and service that a source spoke of. */
export interface Mention {
  pair: string;
  country: string | null;
  at: number;
}

export interface FloodPlan {
  hold: boolean;
  why: 'within-bounds' | 'hundreds-of-services' | 'dozens-of-countries';
  /** What to remember of this source; bounded. */
  recent: Mention[];
}

const MAX_RECENT = 1_000;

/** Does what a source tells at once, with what it told in the hour before, go beyond what any event brings? Pure; `recent`: from the last plan. */
export function planFlood(recent: readonly Mention[], reports: readonly Report[], now: number): FloodPlan {
  const pairs = new Map<string, Mention>();
  for (const one of recent) if (now - one.at < FLOOD.windowMs) pairs.set(one.pair, one);
  for (const { country, service } of reports) {
    const pair = `${country} ${service}`;
    pairs.set(pair, { pair, country, at: now });
  }
  const all = [...pairs.values()];
  const isMeasured = reports.length > 0 && reports.every(({ kind }) => kind === 'measurement');
  const most = isMeasured ? FLOOD.measuredPairs : FLOOD.newsPairs;
  const countries = new Set(all.map(({ country }) => country)).size;
  const why =
    all.length > most ? 'hundreds-of-services' : countries > FLOOD.countries ? 'dozens-of-countries' : 'within-bounds';
  return { hold: why !== 'within-bounds', why, recent: all.slice(-MAX_RECENT) };
}
