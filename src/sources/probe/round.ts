import { sameNetwork } from '../../core/judge/address.ts';
import { controlAddresses, controlView, systemAddresses } from '../../core/judge/dns.ts';
import { locationHost, registrable } from '../../core/judge/http.ts';
import {
  answered,
  authentic,
  type DnsObservations,
  type DnsPair,
  type TargetObservations,
  type VantageObservations,
} from '../../core/judge/observations.ts';
import { judgeTarget } from '../../core/judge/target.ts';
import type { OfflineDetail, VantageCheck } from '../../core/judge/vantage-check.ts';
import { isBlocking, type TargetVerdict } from '../../core/judge/verdict.ts';
import { eachLimited } from '../../core/wakeable.ts';
import { mergeService, type ServicePlan } from './components.ts';
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
import { observeVantage } from './vantage-check.ts';

/** One thing to judge: a host, or a service made of components. */
export type ProbeTarget =
  | { id: string; kind: 'host'; name: string }
  | { id: string; kind: 'service'; service: ServicePlan };

export interface RoundResult {
  at: number;
  /** The vantage point's own trouble: one event an outage, never one a target. */
  offline: OfflineDetail | null;
  vantageCheck: VantageCheck;
  vantageObservations: VantageObservations;
  /** In the order asked for; null = left unjudged because of the vantage point. */
  results: TargetResult[];
}

/** The one event of a vantage point that is of no use. */
export const offlineOf = ({ offline, vantageCheck }: RoundResult) => {
  return { target: null, verdict: 'vantage_offline', detail: offline, notes: vantageCheck.reasons };
};

export interface TargetResult {
  target: ProbeTarget;
  verdict: TargetVerdict | null;
  /** Component of the service that failed, else null. */
  component: string | null;
  observations: TargetObservations[];
}

export interface RoundOptions {
  full: boolean;
  /** Targets at a time. */
  width: number;
  /** Wait for addresses that our own flows have made dead, up to the residual time. */
  patient: boolean;
  /** Ms; absent = as long as it takes. */
  deadlineMs?: number;
  onProgress?: (done: number, all: number) => void;
}

/**
 * One whole round over the targets (probes.md, section 3). Never throws. What `signal` cuts short stays unjudged; `deadlineMs` does the same
 * for what is not done after that time, while the rest of the round is finished.
 */
export async function runRound(
  work: Work,
  targets: readonly ProbeTarget[],
  options: RoundOptions,
): Promise<RoundResult> {
  const { signal } = work;
  const at = work.clock.now();
  const { vantageCheck, observations } = await observeVantage(work);
  const round: RoundResult = {
    at,
    // Flows that an abort cut short say nothing of the line.
    offline: signal.aborted ? null : vantageCheck.offline,
    vantageCheck,
    vantageObservations: observations,
    results: targets.map((target) => ({ target, verdict: null, component: null, observations: [] })),
  };
  if (vantageCheck.offline || signal.aborted) return round;

  let done = 0;
  const { deadlineMs, full } = options;
  const how = { vantageCheck, full };
  const measuring = deadlineMs === undefined ? signal : AbortSignal.any([signal, AbortSignal.timeout(deadlineMs)]);
  const within: Work = { ...work, signal: measuring };
  // Two ids of one host are one measurement.
  const hosts = new Map<string, Promise<Measured>>();
  const once = (target: ProbeTarget): Promise<Measured> => {
    const running = (target.kind === 'host' && hosts.get(target.name)) || measureOne(within, target, how);
    if (target.kind === 'host') hosts.set(target.name, running);
    return running;
  };
  const measured = await eachLimited(targets, options.width, async (target): Promise<Measured | null> => {
    if (measuring.aborted) return null;
    const got = await once(target);
    if (measuring.aborted) return null;
    options.onProgress?.(++done, targets.length);
    return got;
  });
  if (options.patient) await secondChance(work, targets, measured, how);
  const verdicts = (by: VantageCheck): TargetResult[] =>
    measured.map((m, i) => (m ? verdictOf(work, targets[i]!, m, by) : round.results[i]!));
  round.results = verdicts(vantageCheck);

  const anomalies = round.results.filter((r) => r.verdict !== null && isAnomaly(r.verdict));
  if (anomalies.length > 0 && signal.aborted) for (const r of anomalies) r.verdict = null;
  else if (anomalies.length > 0) {
    const after = await observeVantage(work);
    if (after.vantageCheck.offline || signal.aborted) {
      round.offline = signal.aborted ? null : after.vantageCheck.offline;
      for (const r of anomalies) r.verdict = null;
    } else {
      // What the line did meanwhile counts for the whole round.
      const worse: VantageCheck = {
        ...vantageCheck,
        lossy: vantageCheck.lossy || after.vantageCheck.lossy,
        dnsDead: vantageCheck.dnsDead || after.vantageCheck.dnsDead,
      };
      if (worse.lossy !== vantageCheck.lossy || worse.dnsDead !== vantageCheck.dnsDead) {
        round.vantageCheck = worse;
        round.results = verdicts(worse);
      }
    }
  }
  leaveUnjudged(round);
  return round;
}

/** Doubts that only the vantage point's trouble explains become its one event. */
function leaveUnjudged(round: RoundResult): void {
  for (const r of round.results) {
    if (r.verdict?.verdict !== 'inconclusive') continue;
    const trouble = r.verdict.detail === 'dns_dead' ? 'dns' : r.verdict.detail === 'lossy' ? 'lossy' : null;
    if (!trouble) continue;
    r.verdict = null;
    round.offline ??= trouble;
  }
  if (round.vantageCheck.dnsDead) round.offline ??= 'dns';
}

type Measured = Map<string, TargetObservations>;

/** By the full method, or without speeds; and what is known of the line. */
interface How {
  full: boolean;
  vantageCheck: VantageCheck;
}

async function measureOne(work: Work, target: ProbeTarget, how: How): Promise<Measured> {
  if (target.kind === 'host') return new Map([[target.name, await measureTarget(work, hostTarget(target.name), how)]]);
  const got: Measured = new Map();
  for (const component of target.service.components) {
    await eachLimited(component.members, 4, async (member) => {
      const full = how.full && component.throughput;
      got.set(member.key, await measureTarget(work, member.host, { ...how, full }));
    });
  }
  return got;
}

function verdictOf(session: Session, target: ProbeTarget, measured: Measured, by: VantageCheck): TargetResult {
  const observations = [...measured.values()];
  if (target.kind === 'host')
    return { target, verdict: judge(session, measured.get(target.name)!, by), component: null, observations };
  const merged = mergeService(target.service, (key) => {
    const o = measured.get(key);
    return o ? judge(session, o, by) : null;
  });
  return { target, ...merged, observations };
}

const isResidual = ({ verdict: v }: TargetResult): boolean => v?.verdict === 'inconclusive' && v.detail === 'residual';

/** An address that died because of another target's forbidden name is asked again when the censor has forgotten. */
async function secondChance(
  work: Work,
  targets: readonly ProbeTarget[],
  measured: (Measured | null)[],
  how: How,
): Promise<void> {
  const { clock, signal } = work;
  const isDead = (target: ProbeTarget, seen: Measured | null | undefined): boolean =>
    seen != null && isResidual(verdictOf(work, target, seen, how.vantageCheck));
  for (const [i, target] of targets.entries()) {
    const until = clock.monotonic() + LIMITS.residual + 10_000;
    while (isDead(target, measured[i]) && clock.monotonic() < until && !signal.aborted) {
      await clock.sleep(30_000, signal).catch(() => undefined);
      measured[i] = await measureOne(work, target, how);
    }
  }
}

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
  const more = () =>
    moreFlows(work, plans, endpoints, Math.min(LIMITS.burst, begin + LIMITS.burstUntil - clock.monotonic()));

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
    const fit = (full ? endpoints : stalled).filter((e) => e.target.some(authentic) && (e.page?.status ?? 0) < 400);
    const chosen = ([4, 6] as const).flatMap((family) => fit.find((e) => e.family === family) ?? []);
    const { name } = target;
    const requests = chosen.map((endpoint) => {
      return { endpoint, name, trust, helper: vantageCheck.helper[endpoint.family], until };
    });
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
  const live = endpoints.flatMap((e, i) =>
    e.innocuous.some(answered) && (e.fromControl || e.target.some(authentic)) ? { e, plan: plans[i]! } : [],
  );
  const rounds = Math.min(16, Math.ceil(30 / Math.max(1, live.length)));
  const untilMs = work.clock.monotonic() + ms;
  await Promise.all(live.map(({ e, plan }) => burst(work, plan, e, rounds, untilMs)));
}
