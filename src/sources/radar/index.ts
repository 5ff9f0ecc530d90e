import { answered, ask, type Loose, loose, other, text, time } from '../../core/answers.ts';
import { asMeasurement, type Measurement } from '../../core/model/measurement.ts';
import type { PollContext, PollResult, Source, SourceDeps } from '../../core/ports/source.ts';
import { found, nobodyAsked, ofHost } from '../kind.ts';
import type { RadarConfig } from './config.ts';

/** One outage of one country (or a part of it), as Radar's editors wrote it down. Times: ms since the epoch. */
export interface Annotation {
  country: string;
  /** Part of the country; null = all of it. */
  region: string | null;
  start: number;
  /** Null = it goes on. */
  end: number | null;
  /** Ordered by a government; all else is weather, power, cables, or unknown. */
  isOrdered: boolean;
  cause: string;
  url: string | null;
}

const MAX_ROWS = 2_000;
const MAX_EACH = 30;

const isCountry = (value: unknown): value is string => typeof value === 'string' && /^[A-Z]{2}$/.test(value);
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value.slice(0, MAX_EACH) : []);

/** When a row began, and when it ended, where that is over; null = it is of a wrong shape, or of the time to come. */
function spanOf(row: Loose, now: number): Pick<Annotation, 'start' | 'end'> | null {
  const [start, end] = [time(row.startDate), time(row.endDate)];
  if (start === null || start > now) return null;
  return { start, end: end !== null && end <= now ? end : null };
}

/** Rows of a wrong shape, and of the time to come, are passed over. */
export const annotationsOf = (rows: readonly unknown[], now: number): Annotation[] =>
  rows.slice(0, MAX_ROWS).flatMap((one) => annotationOf(loose(one), now));

function annotationOf(row: Loose, now: number): Annotation[] {
  const span = spanOf(row, now);
  if (span === null) return [];
  const outage = loose(row.outage);
  const cause = text(outage.outageCause, 40) ?? 'UNKNOWN';
  const link = text(row.linkedUrl, 500);
  const named = list(row.locations);
  const detailed = list(row.locationsDetails).map((one) => loose(one).code);
  const countries = (named.length > 0 ? named : detailed).filter(isCountry);
  return [...new Set(countries)].map((country) => ({
    country,
    region: partOf(row, text(outage.outageType, 20)),
    ...span,
    isOrdered: cause === 'GOVERNMENT_DIRECTED',
    cause,
    url: link !== null && /^https?:\/\//.test(link) ? link : null,
  }));
}

/** Its scope is free text; of networks it names them. */
function partOf(row: Loose, type: string | null): string | null {
  if (type === 'NATIONWIDE') return null;
  const scope = text(row.scope, 60);
  if (scope !== null) return scope;
  const names = list(row.asnsDetails).flatMap((one) => text(loose(one).name, 40) ?? []);
  if (names.length > 0) return names.slice(0, 3).join(', ');
  return type === null ? null : type.toLowerCase();
}

/** Anomalies of a country's traffic that somebody has checked; a sign, and no more. The key of the place differs between versions. */
export function anomaliesOf(rows: readonly unknown[], now: number): Annotation[] {
  return rows.slice(0, MAX_ROWS).flatMap((one) => {
    const row = loose(one);
    const span = spanOf(row, now);
    const country = text(loose(row.locationDetails ?? row.location).code, 2);
    if (row.status !== 'VERIFIED' || span === null || !isCountry(country)) return [];
    return [{ country, region: null, ...span, isOrdered: false, cause: 'TRAFFIC_ANOMALY', url: null }];
  });
}

/** What a place looks like from all that is written of it: what goes on before what is over, what was ordered before the rest. */
export function newestOf(all: readonly Annotation[]): Annotation[] {
  const rank = (one: Annotation): number => (one.end === null ? 2 : 0) + (one.isOrdered ? 1 : 0);
  const groups = Map.groupBy(all, ({ country, region }) => `${country} ${region ?? ''}`);
  return [...groups.values()].map(
    (own) => own.sort((a, b) => rank(b) - rank(a) || (b.end ?? b.start) - (a.end ?? a.start))[0]!,
  );
}

const MAX_BYTES = 4_000_000;
const NAME = 'Cloudflare Radar';
const CENTER = 'https://radar.cloudflare.com/outage-center';
/** Older than this when it is first seen: known to whoever lives there. */
const OLD = 48 * 3_600_000;
/** Places of one poll. */
const MAX_PLACES = 200;

/**
 * Cloudflare Radar: outages with their cause, which its editors write and mend for days, so that the last week is read each time. What a government
 * ordered is a shutdown; the rest is a sign, for those who asked for it. Without a token nothing is asked: it is off then (`config.ts`).
 */
export function createSource(config: RadarConfig, deps: SourceDeps): Source {
  const { host } = new URL(config.url);

  async function rows(path: string, key: string, query: Record<string, string>, { now, signal }: PollContext) {
    const question = { url: `${config.url}${path}`, query: { ...query, format: 'json' }, token: config.token };
    const body = answered(await ask(deps.http, { ...question, signal, maxBytes: MAX_BYTES }), host, now);
    const list = loose(body.result)[key];
    if (body.success === false || !Array.isArray(list)) throw other(host, `an answer without "${key}"`);
    return list;
  }

  function measurementOf({ country, region, start, end, isOrdered, cause, url }: Annotation, now: number): Measurement {
    const says = end === null ? 'cut' : 'open';
    return asMeasurement({
      id: `${config.id}/${country}/${(region ?? '').slice(0, 60)}/${says}/${end ?? start}/${Math.floor(now / 60_000)}`,
      sourceId: config.id,
      at: now,
      country,
      service: 'internet',
      verdict: says === 'cut' ? 'outage' : says,
      detail: cause,
      view: {
        observatory: 'radar',
        name: NAME,
        url: url ?? CENTER,
        says,
        before: now - start > OLD ? 'unknown' : 'open',
        ...(isOrdered ? {} : { isSign: true }),
        action: 'shutdown',
        method: isOrdered && says === 'cut' ? 'legal' : null,
        since: end ?? start,
        until: now,
        region,
      },
    });
  }

  async function poll(context: PollContext): Promise<PollResult> {
    if (config.token === null) return nobodyAsked();
    const { now } = context;
    const countries = config.countries ?? (await deps.followed?.())?.countries ?? [];
    const list = await rows('/radar/annotations/outages', 'annotations', { dateRange: '7d', limit: '500' }, context);
    const read = annotationsOf(list, now);
    if (list.length > 0 && !list.some((row) => typeof loose(row).startDate === 'string'))
      throw other(host, 'outages of another shape');
    const query = { dateRange: '1d', status: 'VERIFIED', type: 'LOCATION', limit: '500' };
    const anomalies = config.outages
      ? anomaliesOf(await rows('/radar/traffic_anomalies', 'trafficAnomalies', query, context), now)
      : [];
    const wanted = [...read, ...anomalies].filter(
      (one) => countries.includes(one.country) && (one.isOrdered || config.outages),
    );
    const measurements = newestOf(wanted)
      .slice(0, MAX_PLACES)
      .map((one) => measurementOf(one, now));
    return found({ measurements, unchanged: measurements.length === 0 });
  }

  return { ...ofHost(config, host), poll };
}
