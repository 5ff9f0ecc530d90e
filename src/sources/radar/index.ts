import { loose, objectOf, other, statusError } from '../../core/answers.ts';
import type { Measurement } from '../../core/model/measurement.ts';
import type { ObservatoryView } from '../../core/model/observatory.ts';
import type { PollContext, PollResult, Source, SourceDeps } from '../../core/ports/source.ts';
import type { RadarConfig } from './config.ts';
import { type Annotation, annotationsOf, anomaliesOf, newestOf } from './outages.ts';

const TIMEOUT_MS = 30_000;
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

  async function rows(
    path: string,
    key: string,
    query: Record<string, string>,
    { now, signal }: PollContext,
  ): Promise<unknown[]> {
    const url = new URL(`${config.url}${path}`);
    for (const [name, value] of Object.entries({ ...query, format: 'json' })) url.searchParams.set(name, value);
    const headers = { accept: 'application/json', authorization: `Bearer ${config.token}` };
    const answer = await deps.http({ url: url.href, headers, signal, timeoutMs: TIMEOUT_MS, maxBytes: MAX_BYTES });
    if (answer.status !== 200) throw statusError(answer, host, now);
    const body = objectOf(answer, host);
    const list = loose(body.result)[key];
    if (body.success === false || !Array.isArray(list)) throw other(host, `an answer without "${key}"`);
    return list;
  }

  function measurementOf(one: Annotation, now: number): Measurement {
    const { country, region, start, end, isOrdered, cause, url } = one;
    const says = end === null ? 'cut' : 'open';
    const raw: ObservatoryView = {
      observatory: 'radar',
      name: NAME,
      licence: null,
      url: url ?? CENTER,
      says,
      before: now - start > OLD ? 'unknown' : 'open',
      ...(isOrdered ? {} : { isSign: true }),
      action: 'shutdown',
      method: isOrdered && says === 'cut' ? 'legal' : null,
      since: end ?? start,
      until: now,
      measurements: 0,
      networks: [],
      signals: [],
      region,
    };
    return {
      id: `${config.id}/${country}/${(region ?? '').slice(0, 60)}/${says}/${end ?? start}/${Math.floor(now / 60_000)}`,
      sourceId: config.id,
      kind: 'radar',
      at: now,
      probeCc: country,
      probeAsn: 'AS0',
      vantageId: `${config.id}/${country}`,
      target: 'internet',
      component: null,
      verdict: says === 'cut' ? 'outage' : says,
      detail: cause,
      notes: [],
      raw,
    };
  }

  async function poll(context: PollContext): Promise<PollResult> {
    const result: PollResult = { items: [], measurements: [], unchanged: true, notBefore: null };
    if (config.token === null) return result;
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
    return { ...result, measurements, unchanged: measurements.length === 0 };
  }

  return {
    id: config.id,
    kind: 'radar',
    label: `${config.id} (${host})`,
    cron: config.cron,
    host,
    poll,
  };
}
