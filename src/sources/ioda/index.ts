import { type Loose, loose, objectOf, other, statusError, text } from '../../core/answers.ts';
import { codeOf, TocsinError } from '../../core/errors.ts';
import type { Measurement, ObservatoryView } from '../../core/model/measurement.ts';
import type { PollContext, PollResult, Source, SourceDeps } from '../../core/ports/source.ts';
import type { IodaConfig } from './config.ts';

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
export interface Level {
  place: string;
  name: string;
  datasource: string;
  at: number;
  isNormal: boolean;
  /** What is left of the usual, 1 = all; null = it does not tell. */
  left: number | null;
}

const MAX_ROWS = 20_000;
const PLACE = /^(country\/[A-Z]{2}|region\/\d{1,9})$/;
const SOURCE = /^[a-z0-9][a-z0-9.-]{0,30}$/;
/** An end so close to the end of what was asked for is none. */
const OPEN_END_MS = 15 * 60_000;

const seconds = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) && value > 0 && value < 1e11 ? value * 1_000 : null;

const placeOf = (row: Loose): { place: string; name: string } | null => {
  const entity = loose(row.entity);
  const code = typeof entity.code === 'number' ? `${entity.code}` : text(entity.code, 12);
  const place = text(row.location, 40) ?? `${text(entity.type, 10)}/${code}`;
  if (!PLACE.test(place)) return null;
  return { place, name: text(row.location_name, 60) ?? text(entity.name, 60) ?? place };
};

const sourceOf = (row: Loose): string | null => {
  const source = text(row.datasource, 31);
  return source !== null && SOURCE.test(source) ? source : null;
};

/** In both forms that the interface knows. Of places that are neither country nor region, and of the time to come, nothing is taken; nor of odd rows. */
export function outagesOf(rows: readonly unknown[], now: number): Outage[] {
  return rows.slice(0, MAX_ROWS).flatMap((one) => {
    const row = loose(one);
    const where = placeOf(row);
    const datasource = sourceOf(row);
    const start = seconds(row.start) ?? seconds(row.from);
    if (where === null || datasource === null || start === null || start > now) return [];
    const lasted = seconds(row.duration);
    const until = seconds(row.until) ?? (lasted === null ? null : start + lasted);
    const goesOn = row.overlaps_window === true || until === null || until > now - OPEN_END_MS;
    // Of an end that the answer itself calls one, two minutes are enough to know it.
    const isEnd = until !== null && row.overlaps_window === false && until <= now;
    return [{ ...where, datasource, start, end: goesOn && !isEnd ? null : until }];
  });
}

export function levelsOf(rows: readonly unknown[], now: number): Level[] {
  return rows.slice(0, MAX_ROWS).flatMap((one) => {
    const row = loose(one);
    const where = placeOf(row);
    const datasource = sourceOf(row);
    const at = seconds(row.time);
    const level = text(row.level, 20);
    if (where === null || datasource === null || at === null || at > now || level === null) return [];
    const [value, usual] = [row.value, row.historyValue];
    const left = typeof value === 'number' && typeof usual === 'number' && usual > 0 ? value / usual : null;
    return [{ ...where, datasource, at, isNormal: level === 'normal', left }];
  });
}

/** A fall of this much is an outage, of less than this much a dip. */
const FALLEN = 0.8;

/** Outages that the levels tell of before they are listed as events: a deep fall since, until its data source calls it normal. */
export function outagesOfLevels(levels: readonly Level[], listed: readonly Outage[]): Outage[] {
  const groups = Map.groupBy(levels, ({ place, datasource }) => `${place} ${datasource}`);
  return [...groups.values()].flatMap((own) => {
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

const HOUR = 3_600_000;
/** Older than this when it is first seen: known to whoever lives there. */
const OLD = 48 * HOUR;
const NAME = 'IODA (Georgia Tech)';
/** Its ways of looking in words that strangers know, in any language; others as they are. */
const SIGNALS: readonly [RegExp, string][] = [
  [/^bgp/, 'BGP'],
  [/^ping-/, 'ping'],
  [/^gtr/, 'Google'],
];
const wordOf = (signal: string): string => SIGNALS.find(([known]) => known.test(signal))?.[1] ?? signal;

/** Places that were cut at the last look, with their country and the time; kept over a restart, for events that are taken back. */
export type CutPlaces = Record<string, { country: string; name: string; at: number }>;

/** What IODA sees of a place, as a measurement of the network there. `now`: ms since the epoch. */
export function measurementOf(sourceId: string, country: string, view: PlaceView, now: number): Measurement {
  const { place, says, since, signals } = view;
  const isRegion = place.startsWith('region/');
  const raw: ObservatoryView = {
    observatory: 'ioda',
    name: NAME,
    licence: null,
    url: `https://ioda.inetintel.cc.gatech.edu/${place}?from=${Math.floor((since - 6 * HOUR) / 1_000)}&until=${Math.floor(now / 1_000)}`,
    says,
    before: now - since > OLD ? 'unknown' : 'open',
    action: 'shutdown',
    method: signals.includes('bgp') ? 'bgp' : null,
    since,
    until: now,
    measurements: 0,
    networks: [],
    signals: [...new Set(signals.map(wordOf))],
    region: isRegion ? view.name : null,
  };
  return {
    id: `${sourceId}/${place}/${says}/${since}/${signals.join('+')}/${Math.floor(now / 60_000)}`,
    sourceId,
    kind: 'ioda',
    at: now,
    probeCc: country,
    probeAsn: 'AS0',
    vantageId: `${sourceId}/${place}`,
    target: 'internet',
    component: null,
    verdict: says === 'cut' ? 'outage' : says,
    detail: signals.join('+'),
    notes: [],
    raw,
  };
}

/** What was written of the last look; anything of another shape in it is passed over. */
export function cutPlacesOf(written: unknown): CutPlaces {
  const kept = loose(written);
  return Object.fromEntries(
    Object.entries(kept).flatMap(([place, one]) => {
      const { country, name, at } = loose(one);
      const isSound = typeof country === 'string' && typeof name === 'string' && typeof at === 'number';
      return isSound ? [[place, { country, name, at }]] : [];
    }),
  );
}

/** Events of a place that were taken back: what was cut and is not listed any more is open since it was last seen. */
export function takenBack(
  before: CutPlaces,
  listed: ReadonlySet<string>,
  isAsked: (place: string, country: string) => boolean,
) {
  return Object.entries(before).flatMap(([place, { country, name, at }]) =>
    listed.has(place) || !isAsked(place, country)
      ? []
      : [{ country, view: { place, name, says: 'open' as const, since: at, signals: [] } }],
  );
}

/** What all data sources together say of one place. */
export interface PlaceView {
  place: string;
  name: string;
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

function lastWords(levels: readonly Level[]): Level[] {
  const last = new Map<string, Level>();
  for (const one of levels) {
    const key = `${one.place} ${one.datasource}`;
    if (one.at >= (last.get(key)?.at ?? 0)) last.set(key, one);
  }
  return [...last.values()];
}

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

const WINDOW = 24 * HOUR;
const TIMEOUT_MS = 30_000;
const MAX_BYTES = 8_000_000;
/** One poll asks for so long; countries whose regions were not asked for are first next time. */
const SLICE_MS = 50_000;
/** Names asked for as regions of: more than one poll asks anyway. */
const MAX_PLACES = 300;
/** Per page: the interface cuts pages after merging, so one page holds all. */
const LIMIT = '5000';
const STATE = 'cut';

/** What was read of the regions of a country. */
interface Regional {
  country: string;
  outages: readonly Outage[];
  views: PlaceView[];
}

const regionalOf = (country: string, own: readonly Outage[], failures: readonly Span[], now: number): Regional => ({
  country,
  outages: own,
  views: viewsOf(own, { levels: [], failures, now }),
});

/**
 * IODA: outages of countries and their regions. Two data sources that fell together make a shutdown; when everything is down at once, it is the
 * observatory that is. Signals are never read raw: what is not published yet is no outage.
 */
export function createSource(config: IodaConfig, deps: SourceDeps): Source {
  const { host } = new URL(config.url);
  /** Countries whose regions come next. */
  let next = 0;
  /** The regions of no country could be read when they were last asked for. */
  let isBlind = false;

  function noteRegions(read: number, failed: unknown): void {
    const isNow = failed !== null && read === 0;
    if (isNow && !isBlind)
      deps.log.warn('The regions of no country can be read: only whole countries are watched', {
        source: config.id,
        code: codeOf(failed),
      });
    if (isBlind && read > 0) deps.log.info('The regions of countries can be read again', { source: config.id });
    isBlind = isNow || (isBlind && read === 0);
  }

  async function rows(path: string, query: Record<string, string>, { now, signal }: PollContext): Promise<unknown[]> {
    const url = new URL(`${config.url}${path}`);
    const span = { from: String(Math.floor((now - WINDOW) / 1_000)), until: String(Math.floor(now / 1_000)) };
    for (const [name, value] of Object.entries({ ...span, ...query, limit: LIMIT })) url.searchParams.set(name, value);
    const headers = { accept: 'application/json' };
    const answer = await deps.http({ url: url.href, headers, signal, timeoutMs: TIMEOUT_MS, maxBytes: MAX_BYTES });
    if (answer.status !== 200) throw statusError(answer, host, now);
    const body = objectOf(answer, host);
    if (!Array.isArray(body.data) || (body.error !== null && body.error !== undefined))
      throw other(host, 'an answer without "data"');
    return body.data;
  }

  /** A list of rows of which none has the shape is another interface. */
  function checked<T>(
    list: readonly unknown[],
    read: readonly T[],
    isKnown: (row: Record<string, unknown>) => boolean,
  ): readonly T[] {
    if (list.length > 0 && read.length === 0 && !list.some((row) => isKnown(loose(row))))
      throw other(host, 'rows of another shape');
    return read;
  }

  async function outages(query: Record<string, string>, context: PollContext): Promise<readonly Outage[]> {
    const list = await rows('/outages/events', { ...query, format: 'codf' }, context);
    const isKnown = (row: Record<string, unknown>): boolean =>
      typeof row.location === 'string' || typeof loose(row.entity).code === 'string';
    return checked(list, outagesOf(list, context.now), isKnown);
  }

  /** The regions of as many countries as there is time for, each country's turn after the others. */
  async function regions(
    countries: readonly string[],
    { began, failures }: { began: number; failures: readonly Span[] },
    context: PollContext,
  ): Promise<Regional[]> {
    const found: Regional[] = [];
    let failed: unknown = null;
    for (let i = 0; i < countries.length && deps.clock.monotonic() - began < SLICE_MS; i++) {
      const country = countries[next % countries.length]!;
      next++;
      const query = { entityType: 'region', relatedTo: `country/${country}` };
      try {
        const own = (await outages(query, context)).filter(({ place }) => place.startsWith('region/'));
        found.push(regionalOf(country, own, failures, context.now));
      } catch (error) {
        if (
          context.signal.aborted ||
          codeOf(error) === 'rate_limited' ||
          (error instanceof TocsinError && error.facts.retryAfterMs)
        )
          throw error;
        failed = error;
        deps.log.debug('The regions of a country could not be read', { country, code: codeOf(error) });
      }
    }
    noteRegions(found.length, failed);
    return found;
  }

  /** A region that has just been cut may be the begin of the observatory's own failure: all countries are looked at once more before it is told. */
  async function confirmed(parts: Regional[], before: CutPlaces, context: PollContext): Promise<Regional[]> {
    const isNew = ({ place, says }: PlaceView): boolean => says === 'cut' && !(place in before);
    if (!parts.some(({ views }) => views.some(isNew))) return parts;
    const failures = globalFailures(await outages({ entityType: 'country' }, context), [], context.now);
    return parts.map(({ country, outages: own }) => regionalOf(country, own, failures, context.now));
  }

  async function poll(context: PollContext): Promise<PollResult> {
    const began = deps.clock.monotonic();
    const { now } = context;
    const countries = config.countries ?? (await deps.followed?.())?.countries ?? [];
    const national = await outages({ entityType: 'country' }, context);
    const list = await rows('/outages/alerts', { entityType: 'country' }, context).catch((error: unknown) => {
      if (context.signal.aborted || codeOf(error) === 'rate_limited') throw error;
      // Events say the same, half an hour later.
      return [];
    });
    const levels: readonly Level[] = levelsOf(list, now);
    const countrywide = [...national, ...outagesOfLevels(levels, national)];
    const failures = globalFailures(countrywide, levels, now);
    const views = viewsOf(countrywide, { levels, failures, now }).filter(({ place }) => place.startsWith('country/'));
    const own = views.flatMap((view) => {
      const country = view.place.slice('country/'.length);
      return countries.includes(country) ? [{ country, view }] : [];
    });
    const off = own.filter(({ view }) => view.says === 'cut').map(({ country }) => country);
    // Where the whole country is off, its regions are as well.
    const asked = countries.filter((country) => !off.includes(country)).slice(0, MAX_PLACES);
    const before = cutPlacesOf(await deps.state.get(STATE));
    const read = await regions(asked, { began, failures }, context);
    const parts = await confirmed(read, before, context);
    const regional = parts.flatMap(({ country, views: list }) => list.map((view) => ({ country, view })));
    const all = [...own, ...regional];
    const listed = new Set([...countrywide.map(({ place }) => place), ...all.map(({ view }) => view.place)]);
    const lookedAt = new Set(parts.map(({ country }) => country));
    const isAsked = (place: string, country: string): boolean => place.startsWith('country/') || lookedAt.has(country);
    const gone = takenBack(before, listed, isAsked);
    const cut: CutPlaces = { ...before };
    for (const { country, view } of [...all, ...gone]) {
      if (view.says === 'cut') cut[view.place] = { country, name: view.name, at: now };
      else if (now - view.since > 2 * HOUR) delete cut[view.place];
    }
    const changed = JSON.stringify(cut) !== JSON.stringify(before);
    return {
      items: [],
      measurements: [...all, ...gone].map(({ country, view }) => measurementOf(config.id, country, view, now)),
      unchanged: false,
      notBefore: null,
      ...(changed ? { commit: () => deps.state.set(STATE, cut) } : {}),
    };
  }

  return {
    id: config.id,
    kind: 'ioda',
    label: `${config.id} (${host})`,
    cron: config.cron,
    host,
    poll,
  };
}
