import { type Loose, objectOf, other, statusError } from '../../core/answers.ts';
import { codeOf, TocsinError } from '../../core/errors.ts';
import type { ServiceHosts } from '../../core/ports/reading.ts';
import type { Http, HttpResponse } from '../../core/ports/runtime.ts';
import type { Beside, Row } from './usual.ts';

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
  let odd = 0;
  const rows = list.flatMap((one) => {
    const row = rowOf(one, asked);
    if (row === null) odd++;
    return row ?? [];
  });
  if (list.length > 0 && odd === list.length) throw other(host, 'counts of another shape');
  return rows.flatMap((row) => (row === 'another' ? [] : row));
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
  if (one === null || typeof one !== 'object') return null;
  const row = one as Loose;
  const at = typeof row.measurement_start_day === 'string' ? Date.parse(row.measurement_start_day) : Number.NaN;
  const [anomaly, confirmed, ok] = [row.anomaly_count, row.confirmed_count, row.ok_count].map(whole);
  if (!Number.isFinite(at) || anomaly == null || confirmed == null || ok == null) return null;
  if (asked && typeof row.probe_cc === 'string' && row.probe_cc !== asked.country) return 'another';
  if (asked && typeof row.test_name === 'string' && row.test_name !== asked.test) return 'another';
  const asn = Number(word(row.probe_asn).replace(/^AS/, ''));
  const span = String(row.measurement_start_day).includes('T') ? HOUR : DAY;
  return { at, span, asn: Number.isInteger(asn) && asn > 0 && asn <= MAX_ASN ? asn : 0, bad: anomaly + confirmed, ok };
}

/** One measurement looked at closely: whether it can tell of a block, and what it saw. */
export interface Sampled {
  asn: string;
  /** Of the probe's program and of its test. */
  version: string;
  /** `dns_nxdomain_error`, `connection_reset` …; null = none is named. */
  failure: string | null;
  /** Why it says nothing of the country; null = it counts. */
  dropped:
    | 'vpn'
    | 'local-filter'
    | 'old-version'
    | 'page-differs'
    | 'not-blocked'
    | 'status-only'
    | 'control-failed'
    | null;
}

type LooseSample = Record<string, unknown>;
const loose = (value: unknown): LooseSample =>
  value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as LooseSample) : {};
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value.slice(0, 200) : []);
const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value.slice(0, 80) : null);

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
function isOldSignal(raw: LooseSample): boolean {
  if (raw.test_name !== 'signal') return false;
  const at = Date.parse(`${word(raw.measurement_start_time).replace(' ', 'T').replace(/Z?$/, 'Z')}`);
  const test = text(raw.test_version);
  if (test === '0.2.4') return true;
  if (!(at < SIGNAL_CA) && isBelow(test, '0.2.4')) return true;
  return !(at < SIGNAL_HOSTS) && isBelow(text(loose(raw.annotations).engine_version), '3.17.2');
}

const NOWHERE = new Set(['0.0.0.0', '::']);

/** Every name answered with "nowhere": a filter of the phone or the house. A state's resolver gives an address of its own, or none. */
function isLocalFilter(keys: LooseSample): boolean {
  const answers = list(keys.queries).flatMap((query) => list(loose(query).answers).map(loose));
  const addresses = answers.flatMap((one) => text(one.ipv4) ?? text(one.ipv6) ?? []);
  return addresses.length > 0 && addresses.every((one) => NOWHERE.has(one));
}

function failureOf(test: unknown, keys: LooseSample): string | null {
  switch (test) {
    case 'whatsapp': {
      const endpoints = keys.whatsapp_endpoints_status === 'blocked' ? 'endpoints_blocked' : null;
      return text(keys.registration_server_failure) ?? text(keys.whatsapp_web_failure) ?? endpoints;
    }
    case 'telegram':
      return text(keys.telegram_web_failure) ?? (keys.telegram_tcp_blocking === true ? 'tcp_blocked' : null);
    case 'signal':
      return text(keys.signal_backend_failure);
    case 'facebook_messenger':
      return keys.facebook_dns_blocking === true
        ? 'dns_blocked'
        : keys.facebook_tcp_blocking === true
          ? 'tcp_blocked'
          : null;
    default:
      return (
        text(keys.dns_experiment_failure) ??
        text(keys.http_experiment_failure) ??
        text(keys.blocking) ??
        text(keys.failure)
      );
  }
}

function droppedBecause(raw: LooseSample, keys: LooseSample, isConfirmed: boolean): Sampled['dropped'] {
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

export interface Looked {
  /** `unread`: nothing can be looked at there, so the counts stand alone. */
  verdict: 'holds' | 'noise' | 'unread';
  why: 'few-left' | 'one-version' | 'one-network' | 'mixed-failures' | 'everywhere' | 'whole-web' | null;
  /** The failure of most. */
  failure: string | null;
}

const KEPT_SHARE = 0.6;
const MIN_READ = 3;

/** Do these bear out a block? Most must count, from two versions of the program and two networks, and two networks must see the same failure. */
export function lookedAt(sample: readonly Sampled[]): Looked {
  if (sample.length < MIN_READ) return { verdict: 'unread', why: null, failure: null };
  const kept = sample.filter((one) => one.dropped === null);
  const noise = (why: Looked['why']): Looked => ({ verdict: 'noise', why, failure: null });
  if (kept.length < MIN_READ || kept.length < sample.length * KEPT_SHARE) return noise('few-left');
  if (new Set(kept.map((one) => one.version)).size < 2) return noise('one-version');
  if (new Set(kept.map((one) => one.asn)).size < 2) return noise('one-network');
  const byFailure = Map.groupBy(kept, (one) => one.failure);
  const networksOf = (group: readonly Sampled[]): number => new Set(group.map((one) => one.asn)).size;
  const [failure, group] = [...byFailure].sort((a, b) => networksOf(b[1]) - networksOf(a[1]))[0]!;
  if (networksOf(group) < 2) return noise('mixed-failures');
  return { verdict: 'holds', why: null, failure };
}

/** How it is cut, as far as the failure tells. */
export function methodOf(failure: string | null): 'dns' | 'sni' | 'ip' | 'http' | null {
  if (failure === null) return null;
  if (/^(dns|android_dns)/.test(failure)) return 'dns';
  if (/^(connection_reset|ssl_|eof_error)/.test(failure)) return 'sni';
  if (/^(tcp_|endpoints_blocked|connection_refused|host_unreachable)/.test(failure)) return 'ip';
  return failure === 'http-diff' ? 'http' : null;
}

const ASK_DAY = 86_400_000;
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

interface Change {
  country: string;
  domain: string;
}

interface AskDeps {
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
      until: dayOf(span.now + ASK_DAY),
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
      since: dayOf(span.since - ASK_DAY),
      until: dayOf(span.now + ASK_DAY),
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
      counts(pair, { grain: 'hour', since: now - 2 * ASK_DAY, now }, signal),
    /** By day and network of two weeks and a day. */
    days: (pair: Pair, now: number, signal: AbortSignal) =>
      counts(pair, { grain: 'day', since: now - 16 * ASK_DAY, now }, signal),
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
      const query = { probe_cc: countries.join(','), since: dayOf(now - ASK_DAY), until: dayOf(now + ASK_DAY) };
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

/** What OONI measures of a service: a test of its own, or its sites by the general test of the web. */
interface OoniTarget {
  service: string;
  test: string;
  /** Of `web_connectivity`: host names as OONI's test lists spell them. */
  domains: readonly string[];
}

const APPS: Readonly<Record<string, string>> = {
  whatsapp: 'whatsapp',
  telegram: 'telegram',
  signal: 'signal',
  messenger: 'facebook_messenger',
  tor: 'tor',
  psiphon: 'psiphon',
};

/** Host names of the catalogue's services, in the public test lists or likely to get there. */
const SITES: Readonly<Record<string, readonly string[]>> = {
  facebook: ['www.facebook.com'],
  instagram: ['www.instagram.com'],
  x: ['x.com', 'twitter.com'],
  tiktok: ['www.tiktok.com'],
  linkedin: ['www.linkedin.com'],
  reddit: ['www.reddit.com'],
  snapchat: ['www.snapchat.com'],
  pinterest: ['www.pinterest.com'],
  vk: ['vk.com'],
  odnoklassniki: ['ok.ru'],
  bluesky: ['bsky.app'],
  tumblr: ['www.tumblr.com'],
  quora: ['www.quora.com'],
  youtube: ['www.youtube.com'],
  twitch: ['www.twitch.tv'],
  vimeo: ['vimeo.com'],
  dailymotion: ['www.dailymotion.com'],
  rumble: ['rumble.com'],
  netflix: ['www.netflix.com'],
  soundcloud: ['soundcloud.com'],
  spotify: ['www.spotify.com', 'open.spotify.com'],
  roblox: ['www.roblox.com'],
  steam: ['store.steampowered.com'],
  wikipedia: ['www.wikipedia.org'],
  'internet-archive': ['archive.org', 'web.archive.org'],
  medium: ['medium.com'],
  substack: ['substack.com'],
  wattpad: ['www.wattpad.com'],
  github: ['github.com'],
  gitlab: ['gitlab.com'],
  google: ['www.google.com'],
  'google-news': ['news.google.com'],
  'google-translate': ['translate.google.com'],
  duckduckgo: ['duckduckgo.com'],
  'proton-mail': ['mail.proton.me', 'protonmail.com'],
  protonvpn: ['protonvpn.com'],
  nordvpn: ['nordvpn.com'],
  windscribe: ['windscribe.com'],
  chatgpt: ['chatgpt.com', 'chat.openai.com'],
  deepseek: ['chat.deepseek.com', 'www.deepseek.com'],
  claude: ['claude.ai'],
  discord: ['discord.com'],
  viber: ['www.viber.com'],
  skype: ['www.skype.com'],
  line: ['line.me'],
  wechat: ['www.wechat.com'],
  zoom: ['zoom.us'],
  bbc: ['www.bbc.com', 'www.bbc.co.uk'],
  dw: ['www.dw.com'],
  rferl: ['www.rferl.org', 'www.svoboda.org', 'www.radiofarda.com'],
  currenttime: ['www.currenttime.tv'],
  voa: ['www.voanews.com'],
  themoscowtimes: ['www.themoscowtimes.com'],
  meduza: ['meduza.io'],
  novayagazeta: ['novayagazeta.ru', 'novayagazeta.eu'],
  theinsider: ['theins.ru'],
  dozhd: ['tvrain.tv'],
  republic: ['republic.ru'],
  aljazeera: ['www.aljazeera.com'],
  rt: ['www.rt.com'],
  nytimes: ['www.nytimes.com'],
  hrw: ['www.hrw.org'],
  amnesty: ['www.amnesty.org'],
  patreon: ['www.patreon.com'],
  paypal: ['www.paypal.com'],
  binance: ['www.binance.com'],
  pornhub: ['www.pornhub.com'],
  grindr: ['www.grindr.com'],
  tinder: ['tinder.com'],
  truecaller: ['www.truecaller.com'],
  imgur: ['imgur.com'],
  duolingo: ['www.duolingo.com'],
};

/** Sites of one service that are asked for together. */
const MAX_SITES = 4;

/** By its own test, by the sites above, or by the domains that `hosts` knows of it; null where there are none. */
export function targetOf(service: string, hosts: Pick<ServiceHosts, 'domainsOf'> | null): OoniTarget | null {
  const test = APPS[service];
  if (test !== undefined) return { service, test, domains: [] };
  const domains = SITES[service] ?? hosts?.domainsOf(service).slice(0, MAX_SITES) ?? [];
  return domains.length === 0 ? null : { service, test: 'web_connectivity', domains };
}

/** Is there need for `hosts` to know what OONI measures of it? */
export const isListed = (service: string): boolean => service in APPS || service in SITES;

/** Services that a finding names by its tests and domains, each once. */
export function servicesNamed(
  tests: readonly string[],
  domains: readonly string[],
  hosts: Pick<ServiceHosts, 'find'>,
): string[] {
  const apps = Object.entries(APPS).flatMap(([service, test]) => (tests.includes(test) ? service : []));
  const sites = domains.flatMap((domain) => hosts.find(domain)?.service ?? []);
  return [...new Set([...apps, ...sites])];
}
