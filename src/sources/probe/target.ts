import { sameNetwork } from '../../core/judge/address.ts';
import { controlAddresses, controlView, systemAddresses } from '../../core/judge/dns.ts';
import { locationHost, registrable } from '../../core/judge/http.ts';
import {
  answered,
  authentic,
  type DnsObservations,
  type DnsPair,
  type TargetObservations,
} from '../../core/judge/observations.ts';
import { judgeTarget } from '../../core/judge/target.ts';
import type { VantageCheck } from '../../core/judge/vantage-check.ts';
import { isBlocking, type TargetVerdict } from '../../core/judge/verdict.ts';
import { LIMITS } from './config.ts';
import {
  burst,
  type Endpoint,
  type EndpointPlan,
  type HostTarget,
  measureEndpoint,
  measureQuic,
  neutralTest,
} from './endpoint.ts';
import { familyOf, type Trust } from './net/connection.ts';
import { askControls, askPlainPair } from './net/dns.ts';
import type { Session, Work } from './session.ts';
import { measureThroughput, pageStalled } from './throughput.ts';

/** A verdict needs more than one target: what others of the session met tells a fault of one server from what is done to many. */

const WEEK = 7 * 86_400_000;

/** What other targets' verdicts may need: foreign redirects and false addresses met, and that the name resolved. */
function remember(session: Session, o: TargetObservations): void {
  const own = registrable(o.name);
  const note = (map: Map<string, Set<string>>, key: string): void => {
    const names = map.get(key) ?? new Set<string>();
    if (names.size < 64) names.add(own);
    if (map.size < 4_096 || map.has(key)) map.set(key, names);
  };
  for (const e of o.endpoints) {
    const host = e.http && e.http.status >= 300 && e.http.status < 400 ? locationHost(e.http.location) : null;
    if (host && registrable(host) !== own) note(session.redirects, registrable(host));
    if (e.http && e.http.status >= 200 && e.http.status < 300 && e.http.sha256) note(session.redirects, e.http.sha256);
    if (e.fromSystem && !e.fromControl && !e.target.some(authentic)) note(session.falseAddresses, e.address);
  }
  if (o.dns && controlView(o.dns.controls) === 'address') {
    const times = session.resolved.get(o.name) ?? [];
    times.push(o.at);
    session.resolved.set(o.name, times.slice(-16));
  }
}

/** Verdict from the observations and from what other targets of the session met. */
export function judge(session: Session, o: TargetObservations, vantageCheck: VantageCheck): TargetVerdict {
  const others = (names: Set<string> | undefined): boolean =>
    names !== undefined && [...names].some((n) => n !== registrable(o.name));
  o.shared = {
    redirect: o.endpoints.some((e) => {
      const host = locationHost(e.http?.location ?? null);
      return (
        (host !== null && others(session.redirects.get(registrable(host)))) ||
        (e.http?.sha256 ? others(session.redirects.get(e.http.sha256)) : false)
      );
    }),
    address: o.endpoints.some((e) => e.fromSystem && others(session.falseAddresses.get(e.address))),
  };
  return judgeTarget(o, {
    vantageCheck,
    isBogon: session.isBogon,
    censorIssuers: session.fingerprints.censorIssuers,
    knownName: (session.resolved.get(o.name) ?? []).filter((t) => o.at - t < WEEK && t < o.at).length >= 3,
  });
}

/** Nothing but `ok`, or a doubt, needs no second look at the vantage point. */
export const isAnomaly = (v: TargetVerdict): boolean => isBlocking(v.verdict) || v.verdict === 'down';

export const hostTarget = (name: string): HostTarget => {
  return { name, port: 443, addresses: [], ca: null, page: true, tcpOnly: false };
};

/**
 * All observations of one host in one round; the verdict is made from them by `core/judge`. Bounded: at most some 60 s. Never throws. `full`: the
 * full method, throughput and QUIC as well.
 */
export async function measureTarget(
  work: Work,
  target: HostTarget,
  { full, vantageCheck }: { full: boolean; vantageCheck: VantageCheck },
): Promise<TargetObservations> {
  const { clock } = work;
  const begin = clock.monotonic();
  const at = clock.now();
  const dns = target.addresses.length === 0 ? await measureDns(work, target.name, vantageCheck) : null;
  const trust = target.ca ? work.pinned(target.ca) : work.trust;
  const plans = planEndpoints(work, target, dns, vantageCheck, trust);
  const endpoints = await Promise.all(plans.map((plan) => measureEndpoint(work, plan)));
  const o: TargetObservations = {
    name: target.name,
    at,
    dns,
    endpoints,
    throughput: [],
    quic: null,
    shared: { redirect: false, address: false },
  };
  const more = (): Promise<void> => {
    const ms = Math.min(LIMITS.burst, begin + LIMITS.burstUntil - clock.monotonic());
    return moreFlows(work, plans, endpoints, ms);
  };

  await withoutHelper(work, target.name, endpoints, vantageCheck);
  const cut = endpoints.some(nameCut);
  // Some flows with the name pass and some do not, at one address or between them: count more of them. (Shares of lost flows cannot be
  // distinguished from shares of cut ones, nor slow lines from slowed names.)
  if (!vantageCheck.lossy && cut && endpoints.some((e) => e.target.some(authentic))) await more();
  const stalled = endpoints.filter((e) => pageStalled(e.page) && e.target.some(authentic));
  // On a line that loses packets slowness says little; that the target is fast still does, and a page's stall does not.
  if (target.page && !endpoints.some(nameCut) && (full || (stalled.length > 0 && !vantageCheck.lossy))) {
    const now = clock.monotonic();
    const until = now + Math.max(LIMITS.speedLeast, begin + LIMITS.speedUntil - now);
    const chosen = ([4, 6] as const)
      .map((family) =>
        (full ? endpoints : stalled).find(
          (e) => e.family === family && e.target.some(authentic) && (e.page?.status ?? 0) < 400,
        ),
      )
      .filter((e) => e !== undefined);
    const requests = chosen.map((endpoint) => ({
      endpoint,
      name: target.name,
      trust,
      helper: vantageCheck.helper[endpoint.family],
      until,
    }));
    [o.quic, o.throughput] = await Promise.all([
      full ? measureQuic(work, target.name, chosen[0] ?? null) : null,
      measureThroughput(work, requests),
    ]);
    // Downloads are handshakes with the name too: a share of flows may be cut that the first ones missed.
    if (o.throughput.some((t) => t.pairs.some((p) => p.target.outcome === 'reset' || p.target.outcome === 'failed')))
      await more();
  }
  remember(work, o);
  return o;
}

async function measureDns(work: Work, name: string, vantageCheck: VantageCheck) {
  const plainServer = work.vantage.resolvers.control.find((c) => c.udp)?.udp;
  const [system, plain, controls] = await Promise.all([
    vantageCheck.dnsDead ? null : askSystem(work, name),
    plainServer ? askPlainPair(plainServer, name, work, { tries: 1, timeoutMs: 2_000 }) : null,
    askControls(work, name),
  ]);
  return { system, plain, controls };
}

/** The configured resolvers in order, as the system would: the next one only where the first is silent. */
async function askSystem(work: Work, name: string): Promise<DnsPair> {
  let pair: DnsPair | null = null;
  for (const server of work.systemResolvers) {
    pair = await askPlainPair(server, name, work);
    if (pair.a.kind !== 'timeout' || pair.aaaa.kind !== 'timeout') break;
  }
  return pair!;
}

/** Up to two addresses a family that the controls gave, and up to two of the system's that are not among them (nor near them). */
function planEndpoints(
  session: Session,
  target: HostTarget,
  dns: DnsObservations | null,
  vantageCheck: VantageCheck,
  trust: Trust,
): EndpointPlan[] {
  const { name, port, page, tcpOnly } = target;
  const usual = { name, port, trust, page, tcpOnly, budget: LIMITS.endpointUntil };
  return ([4, 6] as const).flatMap((family) => {
    if (!vantageCheck.families[family]) return [];
    const plan = (address: string, fromControl: boolean, fromSystem: boolean): EndpointPlan => ({
      ...usual,
      address,
      fromControl,
      fromSystem,
      helper: vantageCheck.helper[family],
    });
    if (dns === null) {
      const fixed = target.addresses.filter((a) => familyOf(a) === family).slice(0, 4);
      return fixed.map((a) => plan(a, true, false));
    }
    const open = (list: string[]): string[] => list.filter((a) => !session.isBogon(a));
    const system = open(systemAddresses(dns, family));
    const known = open(controlAddresses(dns, family));
    const near = system.some((s) => known.some((k) => k === s || sameNetwork(k, s)));
    // The system's own choice first: that is what people use.
    const chosen = [...known.filter((a) => system.includes(a)), ...known.filter((a) => !system.includes(a))];
    return [
      ...chosen.slice(0, LIMITS.addresses).map((a) => plan(a, true, system.includes(a))),
      ...(near ? [] : system.slice(0, LIMITS.addresses).map((a) => plan(a, false, true))),
    ];
  });
}

/** No helper saw it: the name at an unrelated address may still tell. One such flow a round and target. */
async function withoutHelper(work: Work, name: string, endpoints: Endpoint[], vantageCheck: VantageCheck) {
  const unsure = endpoints.filter(
    (e) => e.helper === null && e.innocuous.some(answered) && !e.target.some((f) => f.tls === 'ok'),
  );
  if (unsure.length === 0 || vantageCheck.helper[4] || vantageCheck.helper[6]) return;
  const neutral = await neutralTest(work, name);
  for (const e of unsure) e.neutral = neutral;
}

const nameCut = (e: Endpoint): boolean =>
  e.innocuous.some(answered) && e.target.some((f) => f.tcp === 'ok' && f.tls !== 'ok' && f.tls !== null);

/** `plans`: one for each endpoint. */
async function moreFlows(work: Work, plans: EndpointPlan[], endpoints: Endpoint[], ms: number): Promise<void> {
  const live = endpoints
    .map((e, i) => ({ e, plan: plans[i]! }))
    .filter(({ e }) => e.innocuous.some(answered) && (e.fromControl || e.target.some(authentic)));
  const rounds = Math.min(16, Math.ceil(30 / Math.max(1, live.length)));
  const untilMs = work.clock.monotonic() + ms;
  await Promise.all(live.map(({ e, plan }) => burst(work, plan, e, rounds, untilMs)));
}
