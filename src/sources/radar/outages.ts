import { type Loose, loose, text } from '../../core/answers.ts';

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

const time = (value: unknown): number | null => {
  const at = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isFinite(at) ? at : null;
};
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value.slice(0, MAX_EACH) : []);

/** Rows of a wrong shape, and of the time to come, are passed over. */
export function annotationsOf(rows: readonly unknown[], now: number): Annotation[] {
  return rows.slice(0, MAX_ROWS).flatMap((one) => annotationOf(loose(one), now));
}

function annotationOf(row: Loose, now: number): Annotation[] {
  const start = time(row.startDate);
  if (start === null || start > now) return [];
  const end = time(row.endDate);
  const outage = loose(row.outage);
  const cause = text(outage.outageCause, 40) ?? 'UNKNOWN';
  const link = text(row.linkedUrl, 500);
  const named = list(row.locations);
  const detailed = list(row.locationsDetails).map((one) => loose(one).code);
  const countries = (named.length > 0 ? named : detailed).filter(
    (one): one is string => typeof one === 'string' && /^[A-Z]{2}$/.test(one),
  );
  return [...new Set(countries)].map((country) => ({
    country,
    region: partOf(row, text(outage.outageType, 20)),
    start,
    end: end !== null && end <= now ? end : null,
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
    const start = time(row.startDate);
    const details = loose(row.locationDetails ?? row.location);
    const country = text(details.code, 2);
    if (row.status !== 'VERIFIED' || start === null || start > now || !/^[A-Z]{2}$/.test(country ?? '')) return [];
    const end = time(row.endDate);
    return [
      {
        country: country!,
        region: null,
        start,
        end: end !== null && end <= now ? end : null,
        isOrdered: false,
        cause: 'TRAFFIC_ANOMALY',
        url: null,
      },
    ];
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
