import type { Measurement } from '../../core/model/measurement.ts';
import type { ObservatoryView } from '../../core/model/observatory.ts';
import type { Pair } from './ask.ts';
import type { Counted } from './rule.ts';
import type { Pulse } from './silence.ts';

const DAY = 86_400_000;
export const NAME = 'OONI';
/** OONI's data policy. */
const LICENCE = 'CC BY-NC-SA 4.0';

const base = { observatory: 'ooni', name: NAME, licence: LICENCE, signals: [], region: null };

/** What the counts of a pair say, as a measurement of that country. */
export function measurementOf(
  sourceId: string,
  { country, target }: Pair,
  counted: Counted,
  more: Pick<ObservatoryView, 'before' | 'method' | 'isUsual'> & { now: number },
): Measurement {
  const { says, share, since, until, from, measurements } = counted;
  const { before, method, now, isUsual = false } = more;
  const networks = counted.networks.filter((asn) => asn > 0).map((asn) => `AS${asn}`);
  const query = { test_name: target.test, ...(target.domains.length > 0 ? { domain: target.domains.join(',') } : {}) };
  const url = explorer(country, query, since, now);
  const raw: ObservatoryView = {
    ...base,
    url,
    says,
    before,
    ...(isUsual ? { isUsual } : {}),
    method,
    since,
    until,
    from,
    measurements,
    networks,
    action: 'block',
  };
  return {
    id: `${sourceId}/${country}/${target.service}/${says}/${until}/${measurements}`,
    sourceId,
    kind: 'ooni',
    at: now,
    probeCc: country,
    probeAsn: 'AS0',
    vantageId: `${sourceId}/${country}`,
    target: target.service,
    component: null,
    verdict: says === 'cut' ? 'blocked' : says,
    detail: null,
    notes: [`share ${share.toFixed(2)}`],
    raw,
  };
}

/** That nobody measures in a country any more, or does again: a sign that its network is off, and no more. */
export function silenceOf(
  sourceId: string,
  country: string,
  pulse: Pulse,
  says: 'cut' | 'open',
  now: number,
): Measurement {
  const raw: ObservatoryView = {
    ...base,
    url: explorer(country, {}, pulse.last, now),
    says,
    before: 'open',
    ...(says === 'cut' ? { isSign: true, isSilence: true } : {}),
    action: 'shutdown',
    method: null,
    since: says === 'cut' ? pulse.last : pulse.since,
    until: now,
    measurements: 0,
    networks: [],
  };
  return {
    id: `${sourceId}/${country}/internet/${says}/${pulse.last}/${Math.floor(now / 60_000)}`,
    sourceId,
    kind: 'ooni',
    at: now,
    probeCc: country,
    probeAsn: 'AS0',
    vantageId: `${sourceId}/${country}`,
    target: 'internet',
    component: null,
    verdict: says === 'cut' ? 'no measurements any more' : says,
    detail: null,
    notes: [],
    raw,
  };
}

/** The page of the explorer that shows these counts. */
function explorer(country: string, query: Record<string, string>, since: number, now: number): string {
  const url = new URL('https://explorer.ooni.org/chart/mat');
  const day = (at: number): string => new Date(at).toISOString().slice(0, 10);
  const span = { since: day(Math.min(since, now - 7 * DAY)), until: day(now + DAY), axis_x: 'measurement_start_day' };
  for (const [name, value] of Object.entries({ probe_cc: country, ...query, ...span }))
    url.searchParams.set(name, value);
  return url.href;
}
