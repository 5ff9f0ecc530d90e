/** A stand-in for OONI's API over measurements that a test makes up: aggregation by hour or day and network, lists, single ones, findings. */
import type { RequestListener } from 'node:http';

export interface Made {
  at: number;
  country: string;
  test: string;
  asn: number;
  outcome: 'ok' | 'anomaly' | 'confirmed' | 'failure';
  /** Of the probe's program. */
  version?: string;
  failure?: string;
  /** More keys of the raw measurement. */
  raw?: Record<string, unknown>;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

export interface OoniApi {
  /** What is published: a test adds to it and takes away. */
  made: Made[];
  findings: unknown[];
  /** Of the detector; null = this host has none. */
  changes: unknown[] | null;
  /** Single measurements in one list at most. */
  listed: number;
  /** Every question, in order. */
  urls: string[];
  listener: RequestListener;
  /** How often each path was asked for. */
  asked: Map<string, number>;
}

/** `published`: when a measurement made at a time can be seen; `now`: the clock of the test. */
export function createOoniApi(now: () => number, published: (one: Made) => number = (one) => one.at): OoniApi {
  const api: OoniApi = { made: [], findings: [], changes: null, listed: 100, urls: [], asked: new Map(), listener };

  function selected(query: URLSearchParams): Made[] {
    const since = Date.parse(query.get('since') ?? '2000-01-01');
    const until = Date.parse(query.get('until') ?? '2100-01-01');
    const countries = query.get('probe_cc')?.split(',') ?? [];
    const tests = query.get('test_name')?.split(',') ?? [];
    return api.made.filter(
      (one) =>
        one.at >= since &&
        one.at < until &&
        published(one) <= now() &&
        (countries.length === 0 || countries.includes(one.country)) &&
        (tests.length === 0 || tests.includes(one.test)),
    );
  }

  function aggregation(query: URLSearchParams): unknown {
    const span = query.get('time_grain') === 'hour' ? HOUR : DAY;
    const axis = query.get('axis_y') ?? 'probe_asn';
    const sideOf = (one: Made): string | number =>
      axis === 'probe_cc' ? one.country : axis === 'test_name' ? one.test : one.asn;
    const cells = Map.groupBy(selected(query), (one) => `${Math.floor(one.at / span) * span} ${sideOf(one)}`);
    const result = [...cells].map(([key, own]) => {
      const [at, side] = [Number(key.split(' ')[0]), key.split(' ')[1]!];
      const count = (outcome: Made['outcome']): number => own.filter((one) => one.outcome === outcome).length;
      const stamp = new Date(at).toISOString();
      return {
        anomaly_count: count('anomaly'),
        confirmed_count: count('confirmed'),
        failure_count: count('failure'),
        ok_count: count('ok'),
        measurement_count: own.length,
        measurement_start_day: span === HOUR ? `${stamp.slice(0, 19)}Z` : stamp.slice(0, 10),
        [axis]: axis === 'probe_asn' ? Number(side) : side,
      };
    });
    return { v: 0, dimension_count: 2, result };
  }

  const uids = new Map<string, Made>();
  const numbers = new WeakMap<Made, string>();
  function uidOf(one: Made): string {
    const uid = numbers.get(one) ?? `uid-${uids.size}`;
    numbers.set(one, uid);
    uids.set(uid, one);
    return uid;
  }

  function measurements(query: URLSearchParams): unknown {
    const wrong = selected(query).filter((one) => one.outcome === 'anomaly' || one.outcome === 'confirmed');
    const results = wrong
      .sort((a, b) => b.at - a.at)
      .slice(0, api.listed)
      .map((one) => ({
        anomaly: true,
        confirmed: one.outcome === 'confirmed',
        failure: false,
        input: null,
        probe_asn: `AS${one.asn}`,
        probe_cc: one.country,
        test_name: one.test,
        measurement_uid: uidOf(one),
        measurement_start_time: new Date(one.at).toISOString(),
      }));
    return { metadata: { count: -1, pages: -1 }, results };
  }

  function meta(query: URLSearchParams): unknown {
    const one = uids.get(query.get('measurement_uid') ?? '');
    return { raw_measurement: one ? JSON.stringify(rawOf(one)) : '' };
  }

  function listener(...[request, response]: Parameters<RequestListener>): void {
    const { pathname, searchParams } = new URL(request.url!, 'http://x');
    api.asked.set(pathname, (api.asked.get(pathname) ?? 0) + 1);
    const answers: Record<string, () => unknown> = {
      '/api/v1/aggregation': () => aggregation(searchParams),
      '/api/v1/measurements': () => measurements(searchParams),
      '/api/v1/measurement_meta': () => meta(searchParams),
      '/api/v1/incidents/search': () => ({ incidents: api.findings }),
    };
    api.urls.push(request.url!);
    if (api.changes) answers['/api/v1/detector/changepoints'] = () => ({ results: api.changes });
    const answer = answers[pathname];
    if (!answer) return void response.writeHead(404).end('{}');
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer()));
  }
  return api;
}

function rawOf(one: Made): Record<string, unknown> {
  const failure = one.failure ?? 'connection_reset';
  const keys: Record<string, Record<string, unknown>> = {
    whatsapp: { registration_server_status: 'blocked', registration_server_failure: failure },
    telegram: { telegram_tcp_blocking: true, telegram_web_failure: failure, telegram_web_status: 'blocked' },
    signal: { signal_backend_status: 'blocked', signal_backend_failure: failure },
    facebook_messenger: { facebook_dns_blocking: true },
    web_connectivity: { blocking: 'dns', dns_experiment_failure: failure, accessible: false },
  };
  return {
    test_name: one.test,
    test_version: '0.2.6',
    software_version: one.version ?? (one.asn % 3 === 0 ? '5.1.0' : '5.0.6'),
    probe_asn: `AS${one.asn}`,
    measurement_start_time: new Date(one.at).toISOString().slice(0, 19).replace('T', ' '),
    annotations: { network_type: 'wifi', engine_version: '3.26.0' },
    test_keys: keys[one.test] ?? {},
    ...one.raw,
  };
}
