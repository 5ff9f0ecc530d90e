/** Builders of observations: a sound vantage point and a healthy site, with what a case changes. */
import { bogonTest } from '../../../src/core/judge/address.ts';
import type {
  CertificateFacts,
  ControlAnswer,
  DnsAnswer,
  DnsKind,
  EndpointObservations,
  Flow,
  HelperObservations,
  Page,
  TargetObservations,
  Transfer,
} from '../../../src/core/judge/observations.ts';
import type { JudgeContext } from '../../../src/core/judge/target.ts';
import type { VantageCheck } from '../../../src/core/judge/vantage-check.ts';
import type { TargetVerdict } from '../../../src/core/judge/verdict.ts';

export const V4 = '93.184.216.34';
export const V6 = '2606:2800:220:1::1';
export const NAME = 'www.example.org';

export const certificate = (over: Partial<CertificateFacts> = {}): CertificateFacts => ({
  valid: true,
  error: null,
  issuer: 'Good CA',
  subject: NAME,
  sha256: 'aa',
  spki: 'bb',
  ...over,
});

export const flow = (over: Partial<Flow> = {}): Flow => ({
  address: V4,
  family: over.address?.includes(':') ? 6 : 4,
  port: 443,
  sni: NAME,
  at: 0,
  tcp: 'ok',
  tcpMs: 20,
  tls: 'ok',
  tlsMs: 40,
  serverBytes: 3000,
  certificate: certificate(),
  errno: null,
  ...over,
});

export const noTcp = (tcp: Flow['tcp'], over: Partial<Flow> = {}): Flow =>
  flow({ tcp, tls: null, tlsMs: null, serverBytes: 0, certificate: null, ...over });
export const cut = (tls: 'reset' | 'timeout' | 'eof' | 'alert' = 'reset', over: Partial<Flow> = {}): Flow =>
  flow({ tls, serverBytes: tls === 'alert' ? 7 : 0, certificate: null, ...over });
export const foreign = (issuer = 'Other CA', over: Partial<Flow> = {}): Flow =>
  flow({
    certificate: certificate({ valid: false, error: 'SELF_SIGNED_CERT_IN_CHAIN', issuer, sha256: 'cc' }),
    ...over,
  });

export const page = (over: Partial<Page> = {}): Page => ({
  outcome: 'ok',
  status: 200,
  location: null,
  bytes: 18_000,
  title: 'Front page: stories and services',
  sha256: 'dd',
  headers: ['content-type', 'date', 'x-site'],
  fingerprint: null,
  benign: null,
  h3: false,
  skewMs: 0,
  ms: 50,
  ...over,
});

export const moved = (to: string, over: Partial<Page> = {}): Page =>
  page({ status: 301, location: to, bytes: 0, title: null, ...over });
export const silent = (outcome: Page['outcome'] = 'timeout'): Page =>
  page({ outcome, status: 0, bytes: 0, title: null, sha256: null, headers: [] });

export const helper = (over: Partial<HelperObservations> = {}): HelperObservations => ({
  flow: flow(),
  page: page(),
  http: moved(`https://${NAME}/`),
  ...over,
});

export const endpoint = (over: Partial<EndpointObservations> = {}): EndpointObservations => ({
  address: V4,
  family: over.address?.includes(':') ? 6 : 4,
  fromControl: true,
  fromSystem: true,
  innocuous: [
    flow({ sni: 'shop.example.com', certificate: certificate({ valid: false, error: 'HOSTNAME_MISMATCH' }) }),
  ],
  target: [flow()],
  page: page(),
  http: moved(`https://${NAME}/`),
  helper: helper(),
  neutral: null,
  taintedByOther: false,
  taintedBySelf: null,
  ...over,
});

export const answer = (kind: DnsKind, addresses: string[] = [], over: Partial<DnsAnswer> = {}): DnsAnswer => ({
  kind,
  addresses,
  ms: 20,
  late: null,
  tries: 1,
  ...over,
});
export const has = (...addresses: string[]): DnsAnswer =>
  addresses.length > 0 ? answer('address', addresses) : answer('nodata');
export const control = (operator: string, v4: string[] = [V4], v6: string[] = []): ControlAnswer => ({
  operator,
  transport: 'doh',
  a: has(...v4),
  aaaa: has(...v6),
});
export const controlSays = (operator: string, kind: DnsKind): ControlAnswer => ({
  operator,
  transport: 'doh',
  a: answer(kind),
  aaaa: answer(kind),
});
export const both = (v4: string[] = [V4], v6: string[] = []): ControlAnswer[] => [
  control('one', v4, v6),
  control('two', v4, v6),
];

export const target = (over: Partial<TargetObservations> = {}): TargetObservations => ({
  name: NAME,
  at: 0,
  dns: { system: { a: has(V4), aaaa: answer('nodata') }, controls: both(), plain: null },
  endpoints: [endpoint()],
  throughput: [],
  quic: null,
  shared: { redirect: false, address: false },
  ...over,
});

export const vantageCheck = (over: Partial<VantageCheck> = {}): VantageCheck => ({
  offline: null,
  dnsDead: false,
  lossy: false,
  controlsBlocked: false,
  httpTampered: false,
  families: { 4: true, 6: true },
  helper: { 4: true, 6: true },
  clockOff: false,
  intercepted: false,
  reasons: [],
  ...over,
});

export const context = (over: Partial<JudgeContext> = {}): JudgeContext => ({
  vantageCheck: vantageCheck(),
  isBogon: bogonTest([]),
  censorIssuers: ['qaznet'],
  knownName: false,
  ...over,
});

export const transfer = (rate: number | null, over: Partial<Transfer> = {}): Transfer => ({
  outcome: rate !== null && rate < 300_000 ? 'slow' : 'complete',
  bytes: 262_144,
  ms: 100,
  rate,
  tcpMs: 20,
  series: [],
  ...over,
});

export const verdict = (word: TargetVerdict['verdict'], detail: string | null = null): TargetVerdict => ({
  verdict: word,
  detail,
  also: [],
  notes: [],
  families: {},
  confidence: 'high',
});
