import { type IsBogon, sameNetwork } from './address.ts';
import { controlAddresses, controlView, type DnsFinding, judgeDns, systemAddresses, trustedOf } from './dns.ts';
import { type EndpointFinding, isMixed, judgeEndpoint, judgePartial } from './endpoint.ts';
import { judgeHttp } from './http.ts';
import { authentic, type EndpointObservations, type IpFamily, type TargetObservations } from './observations.ts';
import { judgeThroughput } from './throughput.ts';
import type { VantageCheck } from './vantage-check.ts';
import {
  type Finding,
  familyKey,
  finding,
  firstLayer,
  isBlocking,
  layerOf,
  type Noted,
  OK,
  spell,
  type TargetVerdict,
} from './verdict.ts';

export interface JudgeContext {
  vantageCheck: VantageCheck;
  isBogon: IsBogon;
  /** Lower-case parts of issuers' names that are known to sign for other people's names. */
  censorIssuers: readonly string[];
  /** The name resolved on at least three earlier rounds within seven days. */
  knownName: boolean;
}

/** What one address family of a target came to. */
interface FamilyResult {
  family: IpFamily;
  main: Finding;
  layers: Finding[];
  notes: string[];
  withoutHelper: boolean;
  /** Plain HTTP answered, and as it should. */
  httpClean: boolean;
}

/** All observations of one target in one round → its verdict (probes.md, sections 5 to 8). Pure: the same facts give the same words. */
export function judgeTarget(o: TargetObservations, context: JudgeContext): TargetVerdict {
  const results = ([4, 6] as const)
    .filter((family) => context.vantageCheck.families[family])
    .flatMap((family) => judgeFamily(o, family, context) ?? []);
  const notes = new Set<string>();
  const families: TargetVerdict['families'] = {};
  for (const r of results) families[familyKey(r.family)] = spell(r.main);
  const main = mergeFamilies(results, notes, o);
  const also = new Set<string>();
  for (const r of results) {
    if (main.verdict === 'ok' && r.main.verdict !== 'ok') continue;
    for (const note of r.notes) notes.add(note);
    for (const layer of r.layers) if (layer.verdict !== main.verdict) also.add(spell(layer));
  }
  if (main.verdict === 'ok') also.clear();
  if (o.quic === 'blocked') notes.add('quic_blocked');
  if (context.vantageCheck.intercepted) notes.add('tls_intercepted');
  if (context.vantageCheck.controlsBlocked) notes.add('controls_blocked');
  return {
    ...main,
    also: [...also],
    notes: [...notes].sort(),
    families,
    confidence: confidenceOf(main, results, o, context),
  };
}

function mergeFamilies(results: FamilyResult[], notes: Set<string>, o: TargetObservations): Finding {
  if (results.length === 0) {
    if (o.dns === null) return finding('inconclusive', 'untested');
    const view = controlView(o.dns.controls);
    if (view === 'unavailable') return finding('inconclusive', 'no_control');
    return view === 'address' ? finding('inconclusive', 'no_family') : finding('down', 'dns');
  }
  const working = results.filter((r) => r.main.verdict === 'ok');
  if (working.length > 0) {
    for (const r of results) {
      if (isBlocking(r.main.verdict))
        notes.add(`${familyKey(r.family)}_${r.main.verdict === 'throttled' ? 'throttled' : 'blocked'}`);
    }
    // HTTPS is fine in every family: plain HTTP must be so in one of them.
    const replaced = results.find((r) => r.main.verdict === 'http_blockpage');
    if (replaced && !working.some((r) => r.httpClean)) {
      notes.delete(`${familyKey(replaced.family)}_blocked`);
      return replaced.main;
    }
    return OK;
  }
  const blocked = results.map((r) => r.main).filter((main) => isBlocking(main.verdict));
  if (blocked.length > 0) return firstLayer(blocked);
  const down = results.filter((r) => r.main.verdict === 'down');
  if (down.length === results.length || down[0]?.family === 4) return down[0]!.main;
  return results.find((r) => r.main.verdict === 'inconclusive')!.main;
}

function judgeFamily(o: TargetObservations, family: IpFamily, context: JudgeContext): FamilyResult | null {
  const { vantageCheck } = context;
  const all = o.endpoints.filter((e) => e.family === family);
  const dns: DnsFinding = o.dns
    ? judgeDns(o.dns, family, { ...context, endpoints: all, sharedAddress: o.shared.address })
    : { state: 'skip', detail: null, notes: [] };
  if (dns.state === 'absent') return null;
  // Layer by layer: blocks, and what stands against a clean word.
  const layers: Finding[] = [];
  const doubts: Finding[] = [];
  const notes = [...dns.notes];
  const take = (f: Finding | null): void => {
    if (f && isBlocking(f.verdict)) layers.push(f);
    else if (f && f.verdict !== 'ok') doubts.push(f);
  };
  const used = dns.state === 'down' ? [] : usedEndpoints(o, family, all, dns);
  const judged = used.map((e) => judgeEndpoint(e, context));
  const endpoint = mergeAddresses(judged, notes);
  // A mixed family is counted together with the other, if that is mixed as well.
  const others = isMixed(used) ? o.endpoints.filter((e) => e.family !== family && isMixed([e])) : [];
  const partial = judgePartial([...used, ...others], vantageCheck.lossy);
  if (partial === 'flaky') notes.push('flaky');

  if (dns.state === 'blocked') take(finding('dns_blocked', dns.detail));
  if (dns.state === 'down' || dns.state === 'inconclusive') take(finding(dns.state, dns.detail));
  take(endpoint);
  if (partial === 'partial' && endpoint?.verdict === 'ok') take(finding('sni_blocked', 'partial'));
  if (partial === 'unclear' && endpoint?.verdict === 'ok') take(finding('inconclusive', 'partial'));
  const httpClean = takeHttp();
  const speed = o.throughput.find((t) => t.family === family);
  if (speed) takeNoted(judgeThroughput(speed, vantageCheck.lossy));
  if (dns.state === 'unjudged') take(finding('inconclusive', 'dns_dead'));
  if (!o.dns && used.length === 0) take(finding('inconclusive', 'untested'));
  const isSilent = layers.length === 0 && doubts.length === 0;
  if (dns.state !== 'down' && used.length === 0 && isSilent) take(finding('inconclusive', 'no_address'));

  layers.sort((a, b) => layerOf(a.verdict) - layerOf(b.verdict));
  const main = layers[0] ?? doubts.find((d) => d.verdict === 'down') ?? doubts[0] ?? OK;
  return { family, main, layers, notes, withoutHelper: judged.some((j) => j.withoutHelper), httpClean };

  function takeNoted({ finding: found, notes: more }: Noted<Finding | null>): void {
    notes.push(...more);
    take(found);
  }

  /** Plain HTTP, where it was tried and nobody tampers with all of it. True: it answered, and as it should. */
  function takeHttp(): boolean {
    const plain = used.find((e) => e.http !== null);
    if (!plain) return false;
    if (vantageCheck.httpTampered) {
      notes.push('http_tampered');
      return false;
    }
    const speaks = plain.target.some(authentic) ? (plain.page?.status ?? 0) : null;
    const http = judgeHttp(plain, o.name, speaks, o.shared.redirect);
    takeNoted(http);
    return http.finding === null && (plain.http?.status ?? 0) > 0;
  }
}

/**
 * Whose fate counts: the addresses that an ordinary user gets, as far as they are true. With geo-DNS these are the system's own; when
 * the system lies they are the controls'.
 */
function usedEndpoints(o: TargetObservations, family: IpFamily, all: EndpointObservations[], dns: DnsFinding) {
  const fromSystem = all.filter((e) => e.fromSystem);
  if (dns.state === 'consistent') {
    const known = controlAddresses(o.dns, family);
    const system = systemAddresses(o.dns, family);
    const shared = known.length === 0 || system.some((s) => known.some((k) => k === s || sameNetwork(k, s)));
    if (!shared && fromSystem.length > 0) return fromSystem;
    if (known.length === 0) return fromSystem;
    return all.filter((e) => e.fromControl || e.fromSystem);
  }
  const fromControl = all.filter((e) => e.fromControl);
  if (fromControl.length > 0 || (o.dns && o.dns.controls.length > 0)) return fromControl;
  return o.dns ? fromSystem : all;
}

/**
 * k of n addresses: blocked only when all that live (per control) are; `down` ones do not count beside others. Of several the same one is taken in
 * whatever order they come: resolvers turn them round, and a word that turned with them would never be confirmed.
 */
function mergeAddresses(judged: EndpointFinding[], notes: string[]): Finding | null {
  if (judged.length === 0) return null;
  const working = judged.filter((j) => j.finding.verdict === 'ok');
  if (working.length > 0) {
    for (const j of working) notes.push(...j.notes);
    if (judged.some((j) => isBlocking(j.finding.verdict))) notes.push('address_blocked');
    return OK;
  }
  for (const j of judged) notes.push(...j.notes);
  const alive = judged.map((j) => j.finding).filter((f) => f.verdict !== 'down');
  if (alive.length === 0) return firstBySpelling(judged.map((j) => j.finding));
  const doubts = alive.filter((f) => f.verdict === 'inconclusive');
  const named = alive.filter((f) => f.verdict === 'sni_blocked' || f.verdict === 'tls_mitm');
  if (named.length > 0) return firstBySpelling(named);
  return firstBySpelling(doubts.length > 0 ? doubts : alive);
}

const firstBySpelling = (list: Finding[]): Finding => list.reduce((a, b) => (spell(b) < spell(a) ? b : a));

function confidenceOf(main: Finding, results: FamilyResult[], o: TargetObservations, context: JudgeContext) {
  if (main.verdict === 'inconclusive') return 'low';
  const operators = new Set(trustedOf(o.dns?.controls ?? []).map((c) => c.operator)).size;
  if (main.verdict === 'ok') return operators >= 1 ? 'high' : 'medium';
  if (context.vantageCheck.lossy || (o.dns !== null && operators === 0)) return 'low';
  if (main.detail === 'partial' || operators < 2 || context.vantageCheck.controlsBlocked) return 'medium';
  const { reasons } = context.vantageCheck;
  if (reasons.includes('reference_unreachable') || reasons.includes('no_reference')) return 'medium';
  const helperNeeded = ['ip_blocked', 'sni_blocked', 'tls_mitm', 'throttled', 'down'].includes(main.verdict);
  if (helperNeeded && main.detail !== 'dns' && results.some((r) => r.withoutHelper)) return 'medium';
  return results.some((r) => r.main.verdict === 'inconclusive') ? 'medium' : 'high';
}
