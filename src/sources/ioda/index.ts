import { answered, ask, isEnd, type Loose, loose, other, text } from '../../core/answers.ts';
import { codeOf, onceWhileFailing } from '../../core/errors.ts';
import {
  globalFailures,
  type Level,
  type Outage,
  outagesOfLevels,
  type PlaceView,
  type Span,
  viewsOf,
} from '../../core/judge/outages.ts';
import { asMeasurement, type Measurement } from '../../core/model/measurement.ts';
import type { PollContext, PollResult, Source, SourceDeps } from '../../core/ports/source.ts';
import { found, ofHost } from '../kind.ts';
import type { IodaConfig } from './config.ts';

const MAX_ROWS = 20_000;
const PLACE = /^(country\/[A-Z]{2}|region\/\d{1,9})$/;
const SOURCE = /^[a-z0-9][a-z0-9.-]{0,30}$/;
/** An end so close to the end of what was asked for is none. */
const OPEN_END_MS = 15 * 60_000;

const seconds = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) && value > 0 && value < 1e11 ? value * 1_000 : null;

/** Of which place a row is, by which data source; null = it is of a wrong shape, or of what is neither country nor region. */
function aboutOf(row: Loose): Pick<Outage, 'place' | 'name' | 'datasource'> | null {
  const entity = loose(row.entity);
  const code = typeof entity.code === 'number' ? `${entity.code}` : text(entity.code, 12);
  const place = text(row.location, 40) ?? `${text(entity.type, 10)}/${code}`;
  const datasource = text(row.datasource, 31);
  if (!PLACE.test(place) || datasource === null || !SOURCE.test(datasource)) return null;
  return { place, name: text(row.location_name, 60) ?? text(entity.name, 60) ?? place, datasource };
}

/** In both forms that the interface knows. Of places that are neither country nor region, and of the time to come, nothing is taken; nor of odd rows. */
export function outagesOf(rows: readonly unknown[], now: number): Outage[] {
  return rows.slice(0, MAX_ROWS).flatMap((one) => {
    const row = loose(one);
    const about = aboutOf(row);
    const start = seconds(row.start) ?? seconds(row.from);
    if (about === null || start === null || start > now) return [];
    const lasted = seconds(row.duration);
    const until = seconds(row.until) ?? (lasted === null ? null : start + lasted);
    const goesOn = row.overlaps_window === true || until === null || until > now - OPEN_END_MS;
    // Of an end that the answer itself calls one, two minutes are enough to know it.
    const isEnd = until !== null && row.overlaps_window === false && until <= now;
    return [{ ...about, start, end: goesOn && !isEnd ? null : until }];
  });
}

export function levelsOf(rows: readonly unknown[], now: number): Level[] {
  return rows.slice(0, MAX_ROWS).flatMap((one) => {
    const row = loose(one);
    const about = aboutOf(row);
    const at = seconds(row.time);
    const level = text(row.level, 20);
    if (about === null || at === null || at > now || level === null) return [];
    const [value, usual] = [row.value, row.historyValue];
    const left = typeof value === 'number' && typeof usual === 'number' && usual > 0 ? value / usual : null;
    return [{ ...about, at, isNormal: level === 'normal', left }];
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
type CutPlaces = Record<string, { country: string; name: string; at: number }>;

/** What IODA sees of a place, as a measurement of the network there. `now`: ms since the epoch. */
export function measurementOf(sourceId: string, country: string, view: PlaceView, now: number): Measurement {
  const { place, says, since, signals } = view;
  return asMeasurement({
    id: `${sourceId}/${place}/${says}/${since}/${signals.join('+')}/${Math.floor(now / 60_000)}`,
    sourceId,
    at: now,
    country,
    service: 'internet',
    vantageId: `${sourceId}/${place}`,
    verdict: says === 'cut' ? 'outage' : says,
    detail: signals.join('+'),
    view: {
      observatory: 'ioda',
      name: NAME,
      url: `https://ioda.inetintel.cc.gatech.edu/${place}?from=${Math.floor((since - 6 * HOUR) / 1_000)}&until=${Math.floor(now / 1_000)}`,
      says,
      before: now - since > OLD ? 'unknown' : 'open',
      action: 'shutdown',
      method: signals.includes('bgp') ? 'bgp' : null,
      since,
      until: now,
      signals: [...new Set(signals.map(wordOf))],
      region: place.startsWith('region/') ? view.name : null,
    },
  });
}

/** What was written of the last look, not later than now; anything of another shape in it is passed over. */
function cutPlacesOf(written: unknown, now: number): CutPlaces {
  return Object.fromEntries(
    Object.entries(loose(written)).flatMap(([place, one]) => {
      const { country, name, at } = loose(one);
      const isSound = typeof country === 'string' && typeof name === 'string' && typeof at === 'number';
      return isSound ? [[place, { country, name, at: Math.min(at, now) }]] : [];
    }),
  );
}

const WINDOW = 24 * HOUR;
const MAX_BYTES = 8_000_000;
/** One poll asks for so long; countries whose regions were not asked for are first next time. */
const SLICE_MS = 50_000;
/** Names asked for as regions of: more than one poll asks anyway. */
const MAX_PLACES = 300;
/** Per page: the interface cuts pages after merging, so one page holds all. */
const LIMIT = '5000';
const STATE = 'cut';

/** What was read of the regions of a country. */
const regionalOf = (country: string, own: readonly Outage[], failures: readonly Span[], now: number) => ({
  country,
  outages: own,
  views: viewsOf(own, { levels: [], failures, now }),
});
type Regional = ReturnType<typeof regionalOf>;

/**
 * IODA: outages of countries and their regions. Two data sources that fell together make a shutdown; when everything is down at once, it is the
 * observatory that is. Signals are never read raw: what is not published yet is no outage.
 */
export function createSource(config: IodaConfig, deps: SourceDeps): Source {
  const { host } = new URL(config.url);
  /** Countries whose regions come next. */
  let next = 0;
  const trouble = onceWhileFailing(deps.log, {
    begins: 'The regions of no country can be read: only whole countries are watched',
    ends: 'The regions of countries can be read again',
    fields: { source: config.id },
  });

  async function rows(path: string, query: Record<string, string>, { now, signal }: PollContext): Promise<unknown[]> {
    const span = { from: String(Math.floor((now - WINDOW) / 1_000)), until: String(Math.floor(now / 1_000)) };
    const question = { url: `${config.url}${path}`, query: { ...span, ...query, limit: LIMIT } };
    const body = answered(await ask(deps.http, { ...question, signal, maxBytes: MAX_BYTES }), host, now);
    if (!Array.isArray(body.data) || (body.error !== null && body.error !== undefined))
      throw other(host, 'an answer without "data"');
    return body.data;
  }

  async function outages(query: Record<string, string>, context: PollContext): Promise<readonly Outage[]> {
    const list = await rows('/outages/events', { ...query, format: 'codf' }, context);
    const read = outagesOf(list, context.now);
    const isKnown = list.map(loose).some((row) => {
      const { code } = loose(row.entity);
      return typeof row.location === 'string' || typeof code === 'string';
    });
    // A list of rows of which none has the shape is another interface.
    if (list.length > 0 && read.length === 0 && !isKnown) throw other(host, 'rows of another shape');
    return read;
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
        if (context.signal.aborted || isEnd(error)) throw error;
        failed = error;
        deps.log.debug('The regions of a country could not be read', { country, code: codeOf(error) });
      }
    }
    if (found.length > 0) trouble.working();
    else if (failed !== null) trouble.failing(failed);
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
    const kept = await deps.state.get(STATE);
    const before = cutPlacesOf(kept, now);
    const read = await regions(asked, { began, failures }, context);
    const parts = await confirmed(read, before, context);
    const regional = parts.flatMap(({ country, views: list }) => list.map((view) => ({ country, view })));
    const all = [...own, ...regional];
    const listed = new Set([...countrywide.map(({ place }) => place), ...all.map(({ view }) => view.place)]);
    const lookedAt = new Set(parts.map(({ country }) => country));
    // Events that were taken back: what was cut and is not listed any more is open since it was last seen.
    const gone = Object.entries(before).flatMap(([place, { country, name, at }]) => {
      if (listed.has(place) || (!place.startsWith('country/') && !lookedAt.has(country))) return [];
      return [{ country, view: { place, name, says: 'open' as const, since: at, signals: [] } }];
    });
    const cut: CutPlaces = { ...before };
    for (const { country, view } of [...all, ...gone]) {
      if (view.says === 'cut') cut[view.place] = { country, name: view.name, at: now };
      else if (now - view.since > 2 * HOUR) delete cut[view.place];
    }
    const changed = JSON.stringify(cut) !== JSON.stringify(kept ?? {});
    return found({
      measurements: [...all, ...gone].map(({ country, view }) => measurementOf(config.id, country, view, now)),
      ...(changed ? { commit: () => deps.state.set(STATE, cut) } : {}),
    });
  }

  return { ...ofHost(config, host), poll };
}
