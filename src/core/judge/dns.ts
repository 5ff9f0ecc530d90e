import { type IsBogon, sameNetwork } from './address.ts';
import {
  authentic,
  type ControlAnswer,
  type DnsAnswer,
  type DnsObservations,
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

const pick = (pair: { a: DnsAnswer; aaaa: DnsAnswer }, family: IpFamily): DnsAnswer =>
  family === 4 ? pair.a : pair.aaaa;
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
export function controlAddresses(dns: DnsObservations | null, family: IpFamily): string[] {
  return [...new Set(trustedOf(dns?.controls ?? []).flatMap((c) => pick(c, family).addresses))];
}

export const systemAddresses = (dns: DnsObservations | null, family: IpFamily): string[] =>
  dns?.system ? pick(dns.system, family).addresses : [];

type Say = (state: DnsFinding['state'], detail?: string | null) => DnsFinding;

/** One family of one name, as the rows of the table need it. */
interface Asked {
  dns: DnsObservations;
  family: IpFamily;
  context: DnsContext;
  /** What the system said. */
  s: DnsAnswer;
  /** What the controls gave. */
  known: string[];
  /** Endpoints at the system's addresses. */
  atSystem: EndpointObservations[];
  notes: string[];
  say: Say;
}

/** The decision table of probes.md, section 5, for one address family. First row that fits wins. */
export function judgeDns(dns: DnsObservations, family: IpFamily, context: DnsContext): DnsFinding {
  const notes: string[] = [];
  const say: Say = (state, detail = null) => ({ state, detail, notes });
  const view = controlView(dns.controls);
  const s = dns.system && pick(dns.system, family);
  if (s?.late) notes.push('dns_injection');
  const known = controlAddresses(dns, family);

  if (view === 'gone') return goneByControls(dns, s, context, say, notes);
  if (view === 'address' && known.length === 0) return say('absent');
  if (view === 'address' && known.every(context.isBogon)) return say('down', 'dns');
  if (s === null || context.vantageCheck.dnsDead) return say('unjudged');

  const atSystem = context.endpoints.filter(
    (e) => e.fromSystem && e.family === family && s.addresses.includes(e.address),
  );
  const asked: Asked = { dns, family, context, s, known, atSystem, notes, say };
  return view === 'address' ? byAnswer(asked) : withoutAddress(view, asked);
}

/** The controls do not say where the name is: only what works at the system's addresses, or what is surely a lie, tells. */
function withoutAddress(view: 'broken' | 'disagree' | 'unavailable', asked: Asked): DnsFinding {
  const { s, say, context, family } = asked;
  const systemWorks = asked.atSystem.some((e) => e.target.some(authentic));
  if (view === 'broken' && s.kind !== 'address') return say('down', 'dns');
  if (systemWorks) return say('consistent');
  if (view === 'broken') return say('inconclusive', 'control_broken');
  if (view === 'disagree') return say('inconclusive', 'control_disagree');
  const lie = isGone(s) || (s.kind === 'address' && s.addresses.every(context.isBogon));
  if (lie && context.knownName) return say('blocked', isGone(s) ? 'nxdomain' : 'bogon');
  return isGone(s) && family === 6 ? say('absent') : say('inconclusive', 'no_control');
}

/** The controls know the name; what does the system say? */
function byAnswer(asked: Asked): DnsFinding {
  const { dns, family, context, s, say } = asked;
  switch (s.kind) {
    case 'nxdomain':
    case 'nodata':
      return say('blocked', 'nxdomain');
    case 'refused':
    case 'servfail':
      return say('blocked', 'refused');
    case 'timeout':
      // Who is silent about a name is silent about both of its record types; else a packet was lost, or the resolver is odd.
      if (pick(dns.system!, family === 4 ? 6 : 4).kind === 'address') return say('inconclusive', 'dns_one_silent');
      return context.vantageCheck.lossy ? say('inconclusive', 'lossy') : say('blocked', 'timeout');
    case 'error':
      return say('inconclusive', 'dns_error');
    case 'address':
      return addresses(asked);
  }
}

function goneByControls(
  { controls }: DnsObservations,
  s: DnsAnswer | null,
  { endpoints }: DnsContext,
  say: Say,
  notes: string[],
): DnsFinding {
  if (s?.kind !== 'address') return say('down', 'dns');
  // One operator alone may be wrong; a valid certificate at the system's address says that it is.
  if (endpoints.some((e) => e.fromSystem && e.target.some(authentic))) return say('consistent');
  notes.push('ghost_dns');
  return trustedOf(controls).length > 1 ? say('down', 'dns') : say('inconclusive', 'one_control');
}

/** The system gave addresses and the controls know the name. */
function addresses({ s, known, atSystem, family, say, notes, context }: Asked): DnsFinding {
  const open = s.addresses.filter((a) => !context.isBogon(a));
  if (open.length === 0) return say('blocked', 'bogon');
  if (open.some((a) => known.some((k) => k === a || sameNetwork(k, a)))) return say('consistent');

  // Disjoint sets: geo-DNS until the certificate says otherwise.
  if (atSystem.some((e) => e.target.some(authentic))) return say('consistent');
  if (atSystem.length === 0) return say('skip');
  if (atSystem.some((e) => e.helper !== null && authentic(e.helper.flow))) {
    notes.push('geo_dns');
    return say('consistent');
  }
  const atControl = context.endpoints.filter((e) => e.fromControl && e.family === family);
  if (atControl.some((e) => e.target.some(authentic))) return say('blocked', 'hijack');
  const liveOutside = atControl.some((e) => e.helper !== null && authentic(e.helper.flow));
  const falseOutside = atSystem.every((e) => e.helper !== null && !authentic(e.helper.flow));
  const blockPage = atSystem.some((e) => (e.http?.fingerprint ?? e.page?.fingerprint ?? null) !== null);
  if (liveOutside && (falseOutside || blockPage || context.sharedAddress)) return say('blocked', 'hijack');
  if (blockPage) notes.push('ghost_dns');
  return say('skip');
}

export interface NationalObservations {
  /** What the national resolver says about the name: both record types, up to three tries each. */
  a: DnsAnswer;
  aaaa: DnsAnswer;
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
