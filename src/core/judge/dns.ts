import { type IsBogon, sameNetwork } from './address.ts';
import {
  authentic,
  type ControlAnswer,
  type DnsAnswer,
  type DnsObservations,
  type DnsPair,
  type EndpointObservations,
  type IpFamily,
} from './observations.ts';
import type { VantageCheck } from './vantage-check.ts';
import { type Finding, finding, OK } from './verdict.ts';

/** How the two operators together see the name. */
export type ControlView = 'address' | 'gone' | 'broken' | 'disagree' | 'unavailable';

export interface DnsFinding {
  /**
   * consistent: go on · absent: the name has no address of this family · skip: the DNS part says nothing, the endpoint decides ·
   * unjudged: the system resolver is dead for everything.
   */
  state: 'consistent' | 'blocked' | 'down' | 'inconclusive' | 'absent' | 'skip' | 'unjudged';
  detail: string | null;
  notes: string[];
}

export interface DnsContext {
  vantageCheck: Pick<VantageCheck, 'dnsDead' | 'lossy'>;
  isBogon: IsBogon;
  endpoints: EndpointObservations[];
  /** The same false address was given for an unrelated target. */
  sharedAddress: boolean;
  /** The name resolved on at least three earlier rounds within seven days. */
  knownName: boolean;
}

const pick = (pair: DnsPair, family: IpFamily): DnsAnswer => (family === 4 ? pair.a : pair.aaaa);
const isGone = (a: DnsAnswer): boolean => a.kind === 'nxdomain' || a.kind === 'nodata';

/** Those that nobody on the path can answer for. */
export const trustedOf = (controls: readonly ControlAnswer[]): ControlAnswer[] =>
  controls.filter(({ transport }) => transport !== 'udp');

export function controlView(controls: readonly ControlAnswer[]): ControlView {
  const trusted = trustedOf(controls);
  if (trusted.length === 0) return 'unavailable';
  const exists = trusted.filter((c) => c.a.kind === 'address' || c.aaaa.kind === 'address').length;
  const gone = trusted.filter((c) => isGone(c.a) && isGone(c.aaaa)).length;
  if (exists > 0 && gone > 0) return 'disagree';
  if (exists > 0) return 'address';
  if (gone > 0) return 'gone';
  const broken = (a: DnsAnswer): boolean => a.kind === 'servfail' || a.kind === 'refused';
  return trusted.some((c) => broken(c.a) || broken(c.aaaa)) ? 'broken' : 'unavailable';
}

/** Addresses that the trusted controls gave, pooled, without doubles. */
export const controlAddresses = (dns: DnsObservations | null, family: IpFamily): string[] => [
  ...new Set(trustedOf(dns?.controls ?? []).flatMap((c) => pick(c, family).addresses)),
];

export const systemAddresses = (dns: DnsObservations | null, family: IpFamily): string[] =>
  dns?.system ? pick(dns.system, family).addresses : [];

const speaksTruly = (e: EndpointObservations): boolean => e.target.some(authentic);
const isTrueOutside = (e: EndpointObservations): boolean => e.helper !== null && authentic(e.helper.flow);

/** The decision table of probes.md, section 5, for one address family. First row that fits wins. */
export function judgeDns(dns: DnsObservations, family: IpFamily, context: DnsContext): DnsFinding {
  const { endpoints, isBogon, vantageCheck, sharedAddress, knownName } = context;
  const notes: string[] = [];
  const say = (state: DnsFinding['state'], detail: string | null = null): DnsFinding => ({ state, detail, notes });
  const view = controlView(dns.controls);
  const s = dns.system && pick(dns.system, family);
  if (s?.late) notes.push('dns_injection');
  const known = controlAddresses(dns, family);

  if (view === 'gone') return goneByControls();
  if (view === 'address' && known.length === 0) return say('absent');
  if (view === 'address' && known.every(isBogon)) return say('down', 'dns');
  if (s === null || vantageCheck.dnsDead) return say('unjudged');
  const { kind, addresses } = s;
  const atSystem = endpoints.filter((e) => e.fromSystem && e.family === family && addresses.includes(e.address));
  return view === 'address' ? byAnswer() : withoutAddress();

  function goneByControls(): DnsFinding {
    if (s?.kind !== 'address') return say('down', 'dns');
    // One operator alone may be wrong; a valid certificate at the system's address says that it is.
    if (endpoints.some((e) => e.fromSystem && speaksTruly(e))) return say('consistent');
    notes.push('ghost_dns');
    return trustedOf(dns.controls).length > 1 ? say('down', 'dns') : say('inconclusive', 'one_control');
  }

  /** The controls do not say where the name is: only what works at the system's addresses, or what is surely a lie, tells. */
  function withoutAddress(): DnsFinding {
    if (view === 'broken' && kind !== 'address') return say('down', 'dns');
    if (atSystem.some(speaksTruly)) return say('consistent');
    if (view === 'broken') return say('inconclusive', 'control_broken');
    if (view === 'disagree') return say('inconclusive', 'control_disagree');
    const gone = kind === 'nxdomain' || kind === 'nodata';
    const lie = gone || (kind === 'address' && addresses.every(isBogon));
    if (lie && knownName) return say('blocked', gone ? 'nxdomain' : 'bogon');
    return gone && family === 6 ? say('absent') : say('inconclusive', 'no_control');
  }

  /** The controls know the name; what does the system say? */
  function byAnswer(): DnsFinding {
    switch (kind) {
      case 'nxdomain':
      case 'nodata':
        return say('blocked', 'nxdomain');
      case 'refused':
      case 'servfail':
        return say('blocked', 'refused');
      case 'timeout':
        // Who is silent about a name is silent about both of its record types; else a packet was lost, or the resolver is odd.
        if (pick(dns.system!, family === 4 ? 6 : 4).kind === 'address') return say('inconclusive', 'dns_one_silent');
        return vantageCheck.lossy ? say('inconclusive', 'lossy') : say('blocked', 'timeout');
      case 'error':
        return say('inconclusive', 'dns_error');
      case 'address':
        return byAddresses();
    }
  }

  /** The system gave addresses and the controls know the name. */
  function byAddresses(): DnsFinding {
    const open = addresses.filter((a) => !isBogon(a));
    if (open.length === 0) return say('blocked', 'bogon');
    if (open.some((a) => known.some((k) => k === a || sameNetwork(k, a)))) return say('consistent');

    // Disjoint sets: geo-DNS until the certificate says otherwise.
    if (atSystem.some(speaksTruly)) return say('consistent');
    if (atSystem.length === 0) return say('skip');
    if (atSystem.some(isTrueOutside)) {
      notes.push('geo_dns');
      return say('consistent');
    }
    const atControl = endpoints.filter((e) => e.fromControl && e.family === family);
    if (atControl.some(speaksTruly)) return say('blocked', 'hijack');
    const falseOutside = atSystem.every((e) => e.helper !== null);
    const blockPage = atSystem.some((e) => (e.http?.fingerprint ?? e.page?.fingerprint ?? null) !== null);
    if (atControl.some(isTrueOutside) && (falseOutside || blockPage || sharedAddress)) return say('blocked', 'hijack');
    if (blockPage) notes.push('ghost_dns');
    return say('skip');
  }
}

/** What the national resolver says about the name: both record types, up to three tries each. */
export interface NationalObservations extends DnsPair {
  /** It answers for names that must resolve. */
  alive: boolean;
  /** How the trusted controls outside see the name. */
  view: ControlView;
}

/**
 * A name that resolves everywhere and does not exist for a country's own resolver has been delisted there: a block by decree, whatever the
 * packets do. The same name resolving again is its return.
 */
export function judgeNational(o: NationalObservations): Finding {
  if (o.a.kind === 'address' || o.aaaa.kind === 'address') return OK;
  if (!o.alive) return finding('inconclusive', 'national_resolver_dead');
  if (o.view === 'gone') return finding('down', 'dns');
  if (o.view !== 'address') return finding('inconclusive', 'no_control');
  if (isGone(o.a) && isGone(o.aaaa)) return finding('dns_blocked', 'delisted');
  return finding('inconclusive', 'national_resolver_silent');
}
