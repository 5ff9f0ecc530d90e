/**
 * Outages of countries and regions as an observatory's data sources list them → what they say together of each place (`sources/ioda`). What is made
 * of that is `observatory.ts`.
 */

/** One outage at one place by one data source, as IODA lists it; the same may come again with another end. Times: ms since the epoch. */
export interface Outage {
  /** `country/RU`, `region/1906`. */
  place: string;
  /** As IODA calls the place. */
  name: string;
  datasource: string;
  start: number;
  /** Null = it goes on. */
  end: number | null;
}

/** The last word of a data source on a place. */
export interface Level extends Pick<Outage, 'place' | 'name' | 'datasource'> {
  at: number;
  isNormal: boolean;
  /** What is left of the usual, 1 = all; null = it does not tell. */
  left: number | null;
}

const HOUR = 3_600_000;
/** What all data sources together say of one place. */
export interface PlaceView extends Pick<Outage, 'place' | 'name'> {
  says: 'cut' | 'partly' | 'open';
  since: number;
  /** Data sources that say so, or said so. */
  signals: string[];
}

export interface Span {
  from: number;
  to: number;
}

/** Independent ways of looking that must agree. */
const MIN_SIGNALS = 2;
/** So many countries at one time: it is the observatory that has an outage. */
const MAX_COUNTRIES = 100;
/** The same by share, of so many places at least. */
const MAX_SHARE = 0.8;
const SHARE_OF = 20;
/** A dip that leaves more than this is noise, whatever its level is called. */
const NOISE_LEFT = 0.95;
/** Two data sources that fell within so long of each other mean one event. */
const TOGETHER = 6 * HOUR;

/** Names of one way of looking: two of these are no second source. */
const familyOf = (datasource: string): string =>
  datasource.startsWith('gtr') ? 'gtr' : datasource.startsWith('ping-slash24') ? 'ping-slash24' : datasource;

const isCountry = ({ place }: { place: string }): boolean => place.startsWith('country/');

/**
 * Times at which everything is down at once, by the outages of all countries: nothing that overlaps with one is believed. `levels`: the last
 * word on each place; where most of many are not normal, now is such a time.
 */
export function globalFailures(outages: readonly Outage[], levels: readonly Level[], now: number): Span[] {
  const countries = outages.filter(isCountry);
  const changes = countries.flatMap((one) => [
    { at: one.start, place: one.place, by: 1 },
    { at: one.end ?? now, place: one.place, by: -1 },
  ]);
  changes.sort((a, b) => a.at - b.at || b.by - a.by);
  const down = new Map<string, number>();
  const found: Span[] = [];
  let from: number | null = null;
  for (const { at, place, by } of changes) {
    const count = (down.get(place) ?? 0) + by;
    if (count > 0) down.set(place, count);
    else down.delete(place);
    if (down.size > MAX_COUNTRIES) from ??= at;
    else if (from !== null) {
      found.push({ from, to: at });
      from = null;
    }
  }
  if (from !== null) found.push({ from, to: now });
  const last = lastWords(levels);
  const places = new Set(last.filter(isCountry).map(({ place }) => place));
  const bad = new Set(last.filter((one) => isCountry(one) && !one.isNormal).map(({ place }) => place));
  if (places.size >= SHARE_OF && bad.size > places.size * MAX_SHARE) found.push({ from: now - 2 * HOUR, to: now });
  return found;
}

const bySource = (levels: readonly Level[]) => Map.groupBy(levels, ({ place, datasource }) => `${place} ${datasource}`);
const lastWords = (levels: readonly Level[]): Level[] =>
  [...bySource(levels).values()].map((own) => own.reduce((last, one) => (one.at >= last.at ? one : last)));

/** A dip of which its own levels tell that nearly all was left. */
function isNoise(outage: Outage, levels: readonly Level[], now: number): boolean {
  const own = levels.filter(
    (one) =>
      one.place === outage.place &&
      one.datasource === outage.datasource &&
      !one.isNormal &&
      one.left !== null &&
      one.at >= outage.start - HOUR &&
      one.at <= (outage.end ?? now) + HOUR,
  );
  return own.length > 0 && own.every(({ left }) => left! > NOISE_LEFT);
}

/**
 * One view a place that has outages, from its newest event: two data sources that fell together make one. `failures`: times at which the
 * observatory itself failed (`globalFailures`).
 */
export function viewsOf(
  outages: readonly Outage[],
  { levels, failures, now }: { levels: readonly Level[]; failures: readonly Span[]; now: number },
): PlaceView[] {
  const believed = outages.filter(
    (one) =>
      !failures.some(({ from, to }) => one.start <= to && (one.end ?? now) >= from) && !isNoise(one, levels, now),
  );
  return [...Map.groupBy(believed, ({ place }) => place)].flatMap(([, own]) => viewOf(own) ?? []);
}

/** Revised since it was last read: of the same place, source and begin the latest end counts. */
function revised(own: readonly Outage[]): Outage[] {
  const byKey = new Map<string, Outage>();
  for (const one of own) {
    const key = `${familyOf(one.datasource)} ${one.start}`;
    const known = byKey.get(key);
    if (!known || one.end === null || (known.end !== null && one.end > known.end)) byKey.set(key, one);
  }
  return [...byKey.values()];
}

function viewOf(all: readonly Outage[]): PlaceView | null {
  const own = revised(all).sort((a, b) => b.start - a.start);
  const goingOn = own.filter(({ end }) => end === null);
  // One that has gone on for days by itself, and a flap of another: not together.
  const open = goingOn.filter((one) => goingOn.some((other) => overlap(one, other)));
  const signalsOf = (list: readonly Outage[]): string[] =>
    [...new Set(list.map((one) => familyOf(one.datasource)))].sort();
  const { place, name } = own[0]!;
  if (signalsOf(open).length >= MIN_SIGNALS) {
    const since = Math.max(
      ...signalsOf(open).map((family) =>
        Math.min(...open.filter((one) => familyOf(one.datasource) === family).map(({ start }) => start)),
      ),
    );
    return { place, name, says: 'cut', since, signals: signalsOf(open) };
  }
  // Over, or on its way: the newest event that two sources saw together.
  const event = own.find((one) => own.some((other) => overlap(one, other)));
  if (!event) return null;
  const together = connected(event, own);
  const ends = together.flatMap(({ end }) => end ?? []);
  const goesOn = together.filter(({ end }) => end === null);
  if (ends.length === 0) return null;
  const since = Math.max(...ends);
  return { place, name, says: goesOn.length > 0 ? 'partly' : 'open', since, signals: signalsOf(together) };
}

/** All that hangs together with this one by overlapping with it, or with another that does; whatever stands first in the list. */
function connected(event: Outage, own: readonly Outage[]): Outage[] {
  // A set is walked to its end, what joins it on the way included: each is held against the others once.
  const found = new Set([event]);
  for (const one of found) for (const other of own) if (overlap(one, other)) found.add(other);
  return own.filter((one) => found.has(one));
}

function overlap(a: Outage, b: Outage): boolean {
  if (familyOf(a.datasource) === familyOf(b.datasource)) return false;
  const until = (one: Outage): number => one.end ?? Number.POSITIVE_INFINITY;
  return a.start <= until(b) && b.start <= until(a) && Math.abs(a.start - b.start) <= TOGETHER;
}

/** A fall of this much is an outage, of less than this much a dip. */
const FALLEN = 0.8;

/** Outages that the levels tell of before they are listed as events: a deep fall since, until its data source calls it normal. */
export function outagesOfLevels(levels: readonly Level[], listed: readonly Outage[]): Outage[] {
  return [...bySource(levels).values()].flatMap((own) => {
    const sorted = [...own].sort((a, b) => a.at - b.at);
    const last = sorted.at(-1)!;
    const { place, datasource } = last;
    const since = sorted.findLastIndex(({ isNormal }, i) => isNormal && i < sorted.length - 1) + 1;
    const fall = sorted.slice(since).filter((one) => !one.isNormal);
    const isDeep = fall.some(({ left }) => left !== null && left <= FALLEN);
    const isListed = listed.some((one) => one.place === place && one.datasource === datasource);
    if (!isDeep || isListed) return [];
    return [{ place, name: last.name, datasource, start: fall[0]!.at, end: last.isNormal ? last.at : null }];
  });
}
