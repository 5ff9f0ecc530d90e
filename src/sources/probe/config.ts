import * as v from 'valibot';
import { parseAddress, parseRange } from '../../core/judge/address.ts';
import { name } from '../fields.ts';
import type { SourceKind } from '../kind.ts';

const like = (pattern: RegExp, message: string) => v.pipe(v.string(), v.regex(pattern, message));
const text = (isRight: (written: string) => boolean, message: string) => v.pipe(v.string(), v.check(isRight, message));
const url = (scheme: string, message: string) => text((s) => URL.parse(s)?.protocol === scheme, message);

const HOST = /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_.-]*[a-z0-9])?\.?$/;
const host = v.pipe(
  v.string(),
  v.trim(),
  v.toLowerCase(),
  v.regex(HOST, 'must be a host name; write it without scheme and path'),
);
const address = text((s) => parseAddress(s) !== null, 'must be an IP address; write it as 192.0.2.1 or 2001:db8::1');
const id = like(/^[a-z0-9][a-z0-9._-]{0,63}$/i, 'must be a short id; use letters, digits, dots and dashes');
const hostPort = text(
  (s) => splitHostPort(s, 53) !== null,
  'must be an address with a port; write it as 192.0.2.53:853',
);
const proxyUrl = url('http:', 'must be the address of an HTTP CONNECT proxy; begin it with http://');
const httpUrl = url('http:', 'must be a plain http:// address; the answer must be exactly 204');
const range = text((s) => parseRange(s) !== null, 'must be a range of addresses; write it as 192.0.2.0/24');

const control = v.strictObject({
  name: host,
  udp: v.optional(hostPort),
  dot: v.optional(hostPort),
  doh: v.optional(url('https:', 'must be an https:// address')),
  doh_ip: v.optional(address),
});

const nationalResolver = v.strictObject({ id, address, country: v.optional(v.string()) });

const site = v.strictObject({
  id,
  name: host,
  v4: v.optional(v.nullable(address)),
  v6: v.optional(v.nullable(address)),
});

/**
 * The vantage point's own file. Keys as printed by the lab's `lab env`; every key may be missing except `resolvers`. `not_bogons`:
 * ranges that count as public here. `sni_control`: the project's own server, to which a forbidden name may be sent when no helper
 * answers; without it the last reference site is used, `false` switches that test off.
 */
export const vantageSchema = v.strictObject({
  id: v.optional(id, 'vantage'),
  country: v.optional(like(/^[A-Z]{2}$/, 'must be a country code; write two capital letters'), 'XX'),
  asn: v.optional(
    v.pipe(
      v.union([v.string(), v.number()]),
      v.transform((a) => `AS${String(a).replace(/^AS/i, '')}`),
      v.regex(/^AS\d{1,10}$/, 'must be a network number; write it as AS64500'),
    ),
    'AS0',
  ),
  ca: v.optional(v.nullable(v.string()), null),
  client: v.optional(v.unknown()),
  resolvers: v.strictObject({
    /** `auto` = those that this machine is set up with. */
    system: v.optional(
      v.union([v.literal('auto'), address, v.pipe(v.array(address), v.minLength(1), v.maxLength(4))]),
      'auto',
    ),
    control: v.pipe(v.array(control), v.maxLength(8)),
    /** A country's own resolvers; null = those of `config/national-resolvers.yaml` for this country. */
    national: v.optional(v.nullable(v.pipe(v.array(nationalResolver), v.maxLength(16))), null),
  }),
  helper_proxy: v.optional(v.nullable(proxyUrl), null),
  captive_check: v.optional(v.nullable(httpUrl), null),
  reference_sites: v.optional(v.pipe(v.array(site), v.maxLength(8)), []),
  innocuous_sni: v.optional(v.nullable(host), null),
  sni_control: v.optional(v.nullable(v.union([site, v.literal(false)])), null),
  targets: v.optional(v.pipe(v.array(site), v.maxLength(5000)), []),
  blobs: v.optional(v.pipe(v.array(like(/^\/[\x21-\x7e]*$/, 'must be a path; begin it with /')), v.maxLength(20)), []),
  not_bogons: v.optional(v.pipe(v.array(range), v.maxLength(200)), []),
});
export type Vantage = v.InferOutput<typeof vantageSchema>;
export type ControlResolver = Vantage['resolvers']['control'][number];
export type Site = Vantage['targets'][number];

/** "192.0.2.53:853", "[2001:db8::1]:53", or an address alone. */
export function splitHostPort(text: string, defaultPort: number): { address: string; port: number } | null {
  if (parseAddress(text)) return { address: text, port: defaultPort };
  const m = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text);
  const address = m?.[1] ?? m?.[2];
  const port = Number(m?.[3]);
  return address && parseAddress(address) && port > 0 && port < 65_536 ? { address, port } : null;
}

/** Waiting times and bounds (probes.md, section 10), ms and bytes. */
export const LIMITS = {
  dnsTimeout: 4_000,
  dnsTries: 3,
  dnsRetryGap: 1_000,
  lateAnswer: 500,
  tcp: 8_000,
  tls: 10_000,
  repeatTls: 6_000,
  firstByte: 10_000,
  pageTotal: 12_000,
  /** The vantage check's own waits: references are near and well connected. */
  vantageTcp: 5_000,
  vantageTls: 6_000,
  vantageDns: 2_500,
  /** After this no new flow to an address is begun, and no new download. */
  endpointUntil: 28_000,
  burst: 20_000,
  burstUntil: 42_000,
  speedUntil: 36_000,
  speedLeast: 6_000,
  pageBytes: 65_536,
  headBytes: 16_384,
  /** A download for its speed goes beyond the bursts that policers let through; once the target was fast so far, the next are short. */
  deepBytes: 2_097_152,
  briefBytes: 262_144,
  targetMs: 6_500,
  controlMs: 4_000,
  /** Bare connections when nothing else is under way: how many, how far apart, after which rest. */
  restConnects: 20,
  restGap: 100,
  rest: 1_500,
  stallMs: 5_000,
  addresses: 2,
  answerAddresses: 32,
  residual: 200_000,
  helperCache: 60_000,
} as const;

/**
 * A source of scheduled rounds. `vantage`: the contents of a vantage file; `folder`: where its `ca` is looked for. `targets`: hosts, ids of the
 * vantage file, services of the catalogue; empty = all targets of the vantage file, else all services of the catalogue. Asked a few times a minute, it
 * measures what is due: each target every `intervalMinutes`, its speed every `throughputMinutes` (0 = never).
 */
export const probeSchema = v.strictObject({
  id: name,
  kind: v.literal('probe'),
  cron: v.optional(v.string(), '*/20 * * * * *'),
  vantage: vantageSchema,
  folder: v.optional(v.string(), '.'),
  targets: v.optional(v.pipe(v.array(v.string()), v.maxLength(5000)), []),
  intervalMinutes: v.optional(v.pipe(v.number(), v.minValue(0.05), v.maxValue(1440)), 10),
  throughputMinutes: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(10_080)), 60),
});
export type ProbeConfig = v.InferOutput<typeof probeSchema>;

/** One line under `agents` of the centre's config. Two agents of one network count once, so the network must be right. */
const agentSchema = v.strictObject({
  id: like(/^[a-z0-9][a-z0-9.-]{0,31}$/, 'must be a short id; use lower-case letters, digits, "." and "-"'),
  token: like(
    /^[\x21-\x7e]{20,500}$/,
    'must be 20 to 500 letters, digits and signs; make one with: openssl rand -hex 24',
  ),
  country: like(/^[A-Z]{2}$/, 'is no country code; write two capital letters, such as RU'),
  asn: v.pipe(
    v.union(
      [v.string(), v.number()],
      'should be the number of the network that the machine stands in; write it as AS64500',
    ),
    v.check((a) => /^(AS)?[1-9]\d{0,9}$/i.test(String(a)), 'is no network number; write it as AS64500'),
    v.transform((a) => `AS${String(a).replace(/^AS/i, '')}`),
  ),
  /** Ids of the vantage files that it may post under; absent = the first one that it uses. */
  vantages: v.optional(v.pipe(v.array(id), v.minLength(1), v.maxLength(8))),
  /** Hosts, or ids of its vantage file, that it measures beside the services of the catalogue. */
  targets: v.optional(v.pipe(v.array(v.pipe(v.string(), v.maxLength(253))), v.maxLength(500))),
});

export const probeKind: SourceKind<ProbeConfig> = {
  kind: 'probe',
  schema: probeSchema,
  secrets: [],
  vantage: {
    schema: vantageSchema,
    paths: ['ca'],
    source: (vantage, folder) => v.parse(probeSchema, { id: 'probe', kind: 'probe', vantage, folder }),
    load: () => import('./vantage-check.ts'),
  },
  commands: { probe: () => import('./probe-command.ts'), agent: () => import('./agent-command.ts') },
  agents: { schema: agentSchema, secrets: ['token'], load: () => import('./agent-intake.ts') },
  load: () => import('./index.ts'),
};
