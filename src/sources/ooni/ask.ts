import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import { parse } from 'yaml';
import { answered, ask, json, type Loose, loose, other, text as textOf } from '../../core/answers.ts';
import { TocsinError } from '../../core/errors.ts';
import type { Beside, Row, Sampled } from '../../core/judge/counts.ts';
import type { ServiceHosts } from '../../core/ports/reading.ts';
import type { Http, HttpResponse } from '../../core/ports/runtime.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Networks times hours of a week, of the largest country. */
const MAX_ROWS = 50_000;
const MAX_COUNT = 1e9;
const MAX_ASN = 4_294_967_295;

/** The list under that key; anything else there is an error, and never "nothing happened". */
function listOf(body: Loose, key: string, host: string): unknown[] {
  const list = body[key];
  if (!Array.isArray(list)) throw other(host, `an answer without "${key}"`);
  if (list.length > MAX_ROWS) throw new TocsinError('feed_unreadable', `${host} sent more than can be true.`, { host });
  return list;
}

/** Text or number as text; '' for anything else, of which no text can be made without trouble. */
const word = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');

const whole = (value: unknown): number | null =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= MAX_COUNT ? value : null;

/**
 * Rows of an aggregation by time and network. Failures of the measurement are left out. A row of a wrong shape is passed over, one of
 * another country or test, too; a list of nothing but such rows is an error.
 */
export function rowsOf(body: Loose, host: string, asked: { country: string; test: string }): Row[] {
  const list = listOf(body, 'result', host);
  const rows = list.map((one) => rowOf(one, asked)).filter((row) => row !== null);
  if (list.length > 0 && rows.length === 0) throw other(host, 'counts of another shape');
  return rows.filter((row) => row !== 'another');
}

/** Rows by hour and country, or test: for comparison, so what has another shape is no error and says nothing. */
export function besideOf(body: Loose, key: 'probe_cc' | 'test_name'): Beside[] {
  const list = Array.isArray(body.result) ? body.result.slice(0, MAX_ROWS) : [];
  return list.flatMap((one) => {
    const row = rowOf(one, null);
    const name = row === null ? '' : word((one as Loose)[key]);
    return row === null || row === 'another' || name === '' ? [] : { key: name, ...row };
  });
}

function rowOf(one: unknown, asked: { country: string; test: string } | null): Row | 'another' | null {
  const row = loose(one);
  const at = typeof row.measurement_start_day === 'string' ? Date.parse(row.measurement_start_day) : Number.NaN;
  const [anomaly, confirmed, ok] = [row.anomaly_count, row.confirmed_count, row.ok_count].map(whole);
  if (!Number.isFinite(at) || anomaly == null || confirmed == null || ok == null) return null;
  if (asked && typeof row.probe_cc === 'string' && row.probe_cc !== asked.country) return 'another';
  if (asked && typeof row.test_name === 'string' && row.test_name !== asked.test) return 'another';
  const asn = Number(word(row.probe_asn).replace(/^AS/, ''));
  const span = String(row.measurement_start_day).includes('T') ? HOUR : DAY;
  return { at, span, asn: Number.isInteger(asn) && asn > 0 && asn <= MAX_ASN ? asn : 0, bad: anomaly + confirmed, ok };
}

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value.slice(0, 200) : []);
const text = (value: unknown): string | null => textOf(value, 80);

const SIGNAL_CA = Date.parse('2023-11-07T00:00:00Z');
const SIGNAL_HOSTS = Date.parse('2023-05-02T00:00:00Z');

/** `1.2.10` after `1.2.9`; what is no version is the oldest. */
function isBelow(version: string | null, bound: string): boolean {
  const parts = (one: string): number[] => one.split(/[.-]/).map((part) => (/^\d+$/.test(part) ? Number(part) : 0));
  const [a, b] = [parts(version ?? '0'), parts(bound)];
  for (let i = 0; i < 3; i++) if ((a[i] ?? 0) !== (b[i] ?? 0)) return (a[i] ?? 0) < (b[i] ?? 0);
  return false;
}

/** Signal changed its certificates and hosts: older probes call it blocked wherever they are. */
function isOldSignal(raw: Loose): boolean {
  if (raw.test_name !== 'signal') return false;
  const at = Date.parse(`${word(raw.measurement_start_time).replace(' ', 'T').replace(/Z?$/, 'Z')}`);
  const test = text(raw.test_version);
  if (test === '0.2.4') return true;
  if (!(at < SIGNAL_CA) && isBelow(test, '0.2.4')) return true;
  return !(at < SIGNAL_HOSTS) && isBelow(text(loose(raw.annotations).engine_version), '3.17.2');
}

const NOWHERE = new Set(['0.0.0.0', '::']);

/** Every name answered with "nowhere": a filter of the phone or the house. A state's resolver gives an address of its own, or none. */
function isLocalFilter(keys: Loose): boolean {
  const answers = list(keys.queries).flatMap((query) => list(loose(query).answers).map(loose));
  const addresses = answers.flatMap((one) => text(one.ipv4) ?? text(one.ipv6) ?? []);
  return addresses.length > 0 && addresses.every((one) => NOWHERE.has(one));
}

function failureOf(test: unknown, keys: Loose): string | null {
  switch (test) {
    case 'whatsapp':
      return (
        text(keys.registration_server_failure) ??
        text(keys.whatsapp_web_failure) ??
        (keys.whatsapp_endpoints_status === 'blocked' ? 'endpoints_blocked' : null)
      );
    case 'telegram':
      return text(keys.telegram_web_failure) ?? (keys.telegram_tcp_blocking === true ? 'tcp_blocked' : null);
    case 'signal':
      return text(keys.signal_backend_failure);
    case 'facebook_messenger':
      if (keys.facebook_dns_blocking === true) return 'dns_blocked';
      return keys.facebook_tcp_blocking === true ? 'tcp_blocked' : null;
    default:
      return (
        text(keys.dns_experiment_failure) ??
        text(keys.http_experiment_failure) ??
        text(keys.blocking) ??
        text(keys.failure)
      );
  }
}

function droppedBecause(raw: Loose, keys: Loose, isConfirmed: boolean): Sampled['dropped'] {
  if (text(loose(raw.annotations).network_type) === 'vpn') return 'vpn';
  if (isLocalFilter(keys)) return 'local-filter';
  if (isOldSignal(raw)) return 'old-version';
  if (raw.test_name === 'whatsapp') {
    const only =
      keys.whatsapp_web_failure === 'http_unexpected_status_code' &&
      keys.registration_server_status !== 'blocked' &&
      keys.whatsapp_endpoints_status !== 'blocked';
    return only ? 'status-only' : null;
  }
  if (raw.test_name !== 'web_connectivity') return null;
  if (text(keys.control_failure) !== null) return 'control-failed';
  if (isConfirmed) return null;
  if (keys.blocking === false || keys.blocking === null || keys.blocking === undefined) return 'not-blocked';
  return keys.blocking === 'http-diff' ? 'page-differs' : null;
}

/** The raw body of one measurement, of whatever shape, as hostile as any. Null = there is nothing in it. */
export function sampledOf(body: unknown, isConfirmed: boolean): Sampled | null {
  const raw = loose(body);
  if (text(raw.test_name) === null) return null;
  const keys = loose(raw.test_keys);
  const asn = /^AS[1-9]\d{0,9}$/.exec(word(raw.probe_asn))?.[0];
  const version = `${text(raw.software_version) ?? '?'} ${text(raw.test_version) ?? '?'}`;
  return {
    asn: asn ?? 'AS0',
    version,
    failure: failureOf(raw.test_name, keys),
    dropped: droppedBecause(raw, keys, isConfirmed),
  };
}

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

export const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

const aggregated = (by: string, grain: 'hour' | 'day', { since, now }: Since): Record<string, string> => ({
  axis_x: 'measurement_start_day',
  axis_y: by,
  time_grain: grain,
  since: dayOf(since),
  until: dayOf(now + DAY),
  format: 'JSON',
});

const selecting = ({ country, target }: Pair): Record<string, string> => ({
  test_name: target.test,
  probe_cc: country,
  ...(target.domains.length > 0 ? { domain: target.domains.join(',') } : {}),
});

interface Since {
  since: number;
  now: number;
}

/** The questions that are put to the API, each one request; every failure is a `TocsinError`. */
export function createAsk(http: Http, base: string) {
  const { host } = new URL(base);
  const asked = async (path: string, query: Record<string, string>, signal: AbortSignal, maxBytes = MAX_BYTES) =>
    await ask(http, { url: `${base.replace(/\/+$/, '')}${path}`, query, signal, maxBytes });

  /** Null = the host does not have this at all. */
  const ifThere = (answer: HttpResponse, now: number): Loose | null =>
    NOT_THERE.has(answer.status) ? null : answered(answer, host, now);

  /** Counts by hour or day, and network. */
  async function counts(pair: Pair, grain: 'hour' | 'day', { since, now }: Since, signal: AbortSignal): Promise<Row[]> {
    const query = { ...selecting(pair), ...aggregated('probe_asn', grain, { since, now }) };
    const body = answered(await asked('/api/v1/aggregation', query, signal), host, now);
    return rowsOf(body, host, { country: pair.country, test: pair.target.test });
  }

  /** By hour and country, or test, since a day before; empty where the host does not know such a question. */
  async function beside(
    key: 'probe_cc' | 'test_name',
    query: Record<string, string>,
    { since, now }: Since,
    signal: AbortSignal,
  ): Promise<Beside[]> {
    const all = { ...query, ...aggregated(key, 'hour', { since: since - DAY, now }) };
    const body = ifThere(await asked('/api/v1/aggregation', all, signal), now);
    return body === null ? [] : besideOf(body, key);
  }

  async function one(row: Loose, signal: AbortSignal, now: number): Promise<Sampled | null> {
    const uid = typeof row.measurement_uid === 'string' ? row.measurement_uid.slice(0, 200) : null;
    if (uid === null) return null;
    const isConfirmed = row.confirmed === true;
    const read = async (path: string, query: Record<string, string>) =>
      ifThere(await asked(path, { measurement_uid: uid, ...query }, signal, MAX_RAW), now);
    const raw = (await read('/api/v1/measurement_meta', { full: 'true' }))?.raw_measurement;
    const sampled = sampledOf(typeof raw === 'string' && raw !== '' ? json(raw) : raw, isConfirmed);
    return sampled ?? sampledOf(await read('/api/v1/raw_measurement', {}), isConfirmed);
  }

  return {
    /** By hour and network of the last two days. */
    hours: (pair: Pair, now: number, signal: AbortSignal) =>
      counts(pair, 'hour', { since: now - 2 * DAY, now }, signal),
    /** By day and network of two weeks and a day. */
    days: (pair: Pair, now: number, signal: AbortSignal) => counts(pair, 'day', { since: now - 16 * DAY, now }, signal),
    /** The same service in other countries, and all of the web in this one, since a day before `since`. */
    elsewhere: (pair: Pair, countries: readonly string[], span: Since, signal: AbortSignal) =>
      beside('probe_cc', { ...selecting(pair), probe_cc: countries.join(',') }, span, signal),
    web: ({ country }: Pair, span: Since, signal: AbortSignal) =>
      beside('test_name', { probe_cc: country, test_name: 'web_connectivity' }, span, signal),
    /** The whole list of findings. */
    findings: async (now: number, signal: AbortSignal): Promise<unknown[]> =>
      listOf(answered(await asked('/api/v1/incidents/search', {}, signal), host, now), 'incidents', host),
    /** Where OONI's own detector saw a change within a day, as country and host name; null = the host has no such thing. */
    async changes(countries: readonly string[], now: number, signal: AbortSignal) {
      const query = { probe_cc: countries.join(','), since: dayOf(now - DAY), until: dayOf(now + DAY) };
      const results = ifThere(await asked('/api/v1/detector/changepoints', query, signal), now)?.results;
      if (!Array.isArray(results)) return null;
      return results.slice(0, MAX_CHANGES).flatMap((row) => {
        const { probe_cc: country, domain } = loose(row);
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
      const results = ifThere(await asked('/api/v1/measurements', query, signal), now)?.results;
      const rows = (Array.isArray(results) ? results.slice(0, 500) : []).filter(
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

/** What OONI measures of a service: a test of its own, or its sites by the general test of the web. */
interface OoniTarget {
  service: string;
  test: string;
  /** Of `web_connectivity`: host names as OONI's test lists spell them. */
  domains: readonly string[];
}

const file = v.strictObject({
  tests: v.record(v.string(), v.string()),
  sites: v.record(v.string(), v.array(v.string())),
});
const listed = v.parse(file, parse(readFileSync(new URL('../../../config/ooni-tests.yaml', import.meta.url), 'utf8')));
const APPS = new Map(Object.entries(listed.tests));
const SITES = new Map(Object.entries(listed.sites));

/** Sites of one service that are asked for together. */
const MAX_SITES = 4;

/** By its own test, by its sites in `config/ooni-tests.yaml`, or by the domains that `hosts` knows of it; null where there are none. */
export function targetOf(service: string, hosts: Pick<ServiceHosts, 'domainsOf'> | null): OoniTarget | null {
  const test = APPS.get(service);
  if (test !== undefined) return { service, test, domains: [] };
  const domains = SITES.get(service) ?? hosts?.domainsOf(service).slice(0, MAX_SITES) ?? [];
  return domains.length === 0 ? null : { service, test: 'web_connectivity', domains };
}

/** Is there need for `hosts` to know what OONI measures of it? */
export const isListed = (service: string): boolean => APPS.has(service) || SITES.has(service);

/** Services that a finding names by its tests and domains, each once. */
export function servicesNamed(tests: readonly string[], domains: readonly string[], hosts: Pick<ServiceHosts, 'find'>) {
  const apps = [...APPS].flatMap(([service, test]) => (tests.includes(test) ? service : []));
  const sites = domains.flatMap((domain) => hosts.find(domain)?.service ?? []);
  return [...new Set([...apps, ...sites])];
}
