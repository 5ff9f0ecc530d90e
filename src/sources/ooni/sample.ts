import { word } from './read.ts';

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

type Loose = Record<string, unknown>;
const loose = (value: unknown): Loose =>
  value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Loose) : {};
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
