import { type Loose, objectOf, statusError } from '../../core/answers.ts';
import { codeOf } from '../../core/errors.ts';
import type { Http, HttpResponse } from '../../core/ports/http.ts';
import type { Row } from './counts.ts';
import type { Beside } from './elsewhere.ts';
import { besideOf, listOf, rowsOf, word } from './read.ts';
import { type Sampled, sampledOf } from './sample.ts';
import type { OoniTarget } from './targets.ts';

const DAY = 86_400_000;
const TIMEOUT_MS = 30_000;
const MAX_BYTES = 8_000_000;
/** One measurement with its page. */
const MAX_RAW = 4_000_000;
/** Measurements that are looked at closely, of as many networks as there are. */
const SAMPLE = 8;
const MAX_CHANGES = 5_000;
/** Answers of a host that does not have this at all. */
const NOT_THERE = new Set([400, 404, 405, 410, 422, 501]);

export interface Pair {
  country: string;
  target: OoniTarget;
}

export interface Change {
  country: string;
  domain: string;
}

export interface AskDeps {
  http: Http;
  base: string;
  host: string;
}

const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

function address(base: string, path: string, query: Record<string, string>): string {
  const url = new URL(`${base.replace(/\/+$/, '')}${path}`);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url.href;
}

const selecting = ({ country, target }: Pair): Record<string, string> => ({
  test_name: target.test,
  probe_cc: country,
  ...(target.domains.length > 0 ? { domain: target.domains.join(',') } : {}),
});

/** The questions that are put to the API, each one request; every failure is a `TocsinError`. */
export function createAsk({ http, base, host }: AskDeps) {
  async function get(path: string, query: Record<string, string>, signal: AbortSignal, maxBytes = MAX_BYTES) {
    const headers = { accept: 'application/json' };
    return await http({ url: address(base, path, query), headers, signal, timeoutMs: TIMEOUT_MS, maxBytes });
  }

  async function good(response: Promise<HttpResponse>, now: number): Promise<Loose> {
    const answer = await response;
    if (answer.status !== 200) throw statusError(answer, host, now);
    return objectOf(answer, host);
  }

  async function counts(
    pair: Pair,
    span: { grain: string; since: number; now: number },
    signal: AbortSignal,
  ): Promise<Row[]> {
    const query = {
      ...selecting(pair),
      axis_x: 'measurement_start_day',
      axis_y: 'probe_asn',
      time_grain: span.grain,
      since: dayOf(span.since),
      until: dayOf(span.now + DAY),
      format: 'JSON',
    };
    const body = await good(get('/api/v1/aggregation', query, signal), span.now);
    return rowsOf(body, host, { country: pair.country, test: pair.target.test });
  }

  /** By hour and country, or test; empty where the host does not know such a question. */
  async function beside(
    key: 'probe_cc' | 'test_name',
    query: Record<string, string>,
    span: { since: number; now: number },
    signal: AbortSignal,
  ): Promise<Beside[]> {
    const more = {
      axis_x: 'measurement_start_day',
      axis_y: key,
      time_grain: 'hour',
      since: dayOf(span.since - DAY),
      until: dayOf(span.now + DAY),
      format: 'JSON',
    };
    const answer = await get('/api/v1/aggregation', { ...query, ...more }, signal);
    if (NOT_THERE.has(answer.status)) return [];
    if (answer.status !== 200) throw statusError(answer, host, span.now);
    return besideOf(objectOf(answer, host), key);
  }

  async function one(row: Loose, signal: AbortSignal, now: number): Promise<Sampled | null> {
    const uid = typeof row.measurement_uid === 'string' ? row.measurement_uid.slice(0, 200) : null;
    if (uid === null) return null;
    const isConfirmed = row.confirmed === true;
    const meta = await get('/api/v1/measurement_meta', { measurement_uid: uid, full: 'true' }, signal, MAX_RAW);
    if (meta.status === 200) {
      const { raw_measurement: raw } = objectOf(meta, host);
      const body = typeof raw === 'string' && raw !== '' ? parsed(raw) : raw;
      const sampled = sampledOf(body, isConfirmed);
      if (sampled !== null) return sampled;
    } else if (!NOT_THERE.has(meta.status)) throw statusError(meta, host, now);
    const raw = await get('/api/v1/raw_measurement', { measurement_uid: uid }, signal, MAX_RAW);
    if (raw.status === 200) return sampledOf(objectOf(raw, host), isConfirmed);
    if (!NOT_THERE.has(raw.status)) throw statusError(raw, host, now);
    return null;
  }

  return {
    /** By hour and network of the last two days. */
    hours: (pair: Pair, now: number, signal: AbortSignal) =>
      counts(pair, { grain: 'hour', since: now - 2 * DAY, now }, signal),
    /** By day and network of two weeks and a day. */
    days: (pair: Pair, now: number, signal: AbortSignal) =>
      counts(pair, { grain: 'day', since: now - 16 * DAY, now }, signal),
    /** The same service in other countries, and all of the web in this one, since a day before `since`. */
    elsewhere: (pair: Pair, countries: readonly string[], span: { since: number; now: number }, signal: AbortSignal) =>
      beside('probe_cc', { ...selecting(pair), probe_cc: countries.join(',') }, span, signal),
    web: ({ country }: Pair, span: { since: number; now: number }, signal: AbortSignal) =>
      beside('test_name', { probe_cc: country, test_name: 'web_connectivity' }, span, signal),
    /** The whole list of findings. */
    async findings(now: number, signal: AbortSignal): Promise<unknown[]> {
      return listOf(await good(get('/api/v1/incidents/search', {}, signal), now), 'incidents', host);
    },
    /** Where OONI's own detector saw a change within a day, as country and host name; null = the host has no such thing. */
    async changes(countries: readonly string[], now: number, signal: AbortSignal): Promise<Change[] | null> {
      const query = { probe_cc: countries.join(','), since: dayOf(now - DAY), until: dayOf(now + DAY) };
      const answer = await get('/api/v1/detector/changepoints', query, signal);
      if (NOT_THERE.has(answer.status)) return null;
      if (answer.status !== 200) throw statusError(answer, host, now);
      const { results } = objectOf(answer, host);
      if (!Array.isArray(results)) return null;
      return results.slice(0, MAX_CHANGES).flatMap((row) => {
        const { probe_cc: country, domain } = (row ?? {}) as Loose;
        return typeof country === 'string' && typeof domain === 'string' ? [{ country, domain }] : [];
      });
    },
    /** What went wrong lately, looked at one by one; empty where the host does not show it. */
    async sample(pair: Pair, since: number, now: number, signal: AbortSignal): Promise<Sampled[]> {
      const query = {
        ...selecting(pair),
        anomaly: 'true',
        failure: 'false',
        since: new Date(since).toISOString().slice(0, 19),
        until: new Date(now).toISOString().slice(0, 19),
        limit: '100',
        order_by: 'measurement_start_time',
        order: 'desc',
      };
      const answer = await get('/api/v1/measurements', query, signal);
      if (NOT_THERE.has(answer.status)) return [];
      if (answer.status !== 200) throw statusError(answer, host, now);
      const body = objectOf(answer, host);
      const rows = (Array.isArray(body.results) ? body.results.slice(0, 500) : []).filter(
        (row): row is Loose => row !== null && typeof row === 'object' && isAsked(row as Loose, pair),
      );
      const sampled: Sampled[] = [];
      let unread = 0;
      for (const row of spread(rows)) {
        const found = await one(row, signal, now);
        if (found) sampled.push(found);
        // Three that cannot be had: the host keeps them to itself.
        else if (++unread >= 3 && sampled.length === 0) break;
      }
      return sampled;
    },
  };
}
export type Ask = ReturnType<typeof createAsk>;

const isAsked = (row: Loose, { country, target }: Pair): boolean =>
  (row.probe_cc === undefined || row.probe_cc === country) &&
  (row.test_name === undefined || row.test_name === target.test) &&
  row.anomaly !== false;

/** One of each network first, then a second, as far as the sample goes. */
function spread(rows: readonly Loose[]): Loose[] {
  const byNetwork = [...Map.groupBy(rows, (row) => word(row.probe_asn)).values()];
  const picked: Loose[] = [];
  for (let turn = 0; picked.length < SAMPLE && byNetwork.some((own) => own.length > turn); turn++)
    for (const own of byNetwork) if (own[turn] && picked.length < SAMPLE) picked.push(own[turn]!);
  return picked;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** It asks for peace, or we are stopping: no further request. */
export const isEnd = (error: unknown): boolean => {
  const facts = (error as { facts?: { retryAfterMs?: number } }).facts;
  return codeOf(error) === 'rate_limited' || codeOf(error) === 'canceled' || facts?.retryAfterMs !== undefined;
};
