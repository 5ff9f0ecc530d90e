import { lnChoose } from './counts.ts';
import { answered, authentic, type EndpointObservations, type Flow, type HelperObservations } from './observations.ts';
import type { VantageCheck } from './vantage-check.ts';
import { type Finding, finding, type Noted, OK } from './verdict.ts';

interface EndpointContext {
  vantageCheck: Pick<VantageCheck, 'lossy' | 'clockOff'>;
  /** Issuers (lower-case parts of their names) that are known to sign for somebody else's names. */
  censorIssuers: readonly string[];
}

export interface EndpointFinding extends Noted {
  /** Nobody but the target's own flows show it: no helper saw it. */
  withoutHelper: boolean;
}

/** The decision tables of probes.md, sections 6.1 and 6.2, for one address. */
export function judgeEndpoint(e: EndpointObservations, context: EndpointContext): EndpointFinding {
  const notes: string[] = [];
  const say = (f: Finding): EndpointFinding => ({ finding: f, notes, withoutHelper: e.helper === null });
  if (e.target.some(authentic)) return say(judgePage(e, notes));

  const flows = [...e.innocuous, ...e.target];
  if (flows.length === 0) return say(finding('inconclusive', 'untested'));
  if (flows.every((f) => f.tcp !== 'ok')) return say(tcpFailed(e, flows, context, notes));

  if (e.tcpOnly) return say(OK);

  const complete = e.target.find((f) => f.tls === 'ok');
  if (complete) return say(wrongCertificate(complete, e.helper, context));
  return say(tlsFailed(e, context, notes));
}

function tcpFailed(e: EndpointObservations, flows: Flow[], context: EndpointContext, notes: string[]): Finding {
  const outside = e.helper?.flow ?? null;
  if (outside && outside.tcp !== 'ok') return finding('down', 'tcp');
  const residual = afterOwnDoing(e, notes);
  if (residual) return residual;
  if (!outside) return finding('inconclusive', 'no_helper');
  const kinds = flows.map((f) => f.tcp);
  if (kinds.every((k) => k === 'timeout'))
    return context.vantageCheck.lossy ? finding('inconclusive', 'lossy') : finding('ip_blocked', 'timeout');
  if (kinds.some((k) => k === 'refused' || k === 'reset')) return finding('ip_blocked', 'reset');
  if (kinds.some((k) => k === 'unreachable')) return finding('ip_blocked', 'unreachable');
  return finding('inconclusive', 'tcp_error');
}

/** The address may be dead because a forbidden name was sent to it a moment ago, by us. */
function afterOwnDoing(e: EndpointObservations, notes: string[]): Finding | null {
  if (e.taintedByOther) return finding('inconclusive', 'residual');
  if (e.taintedBySelf === null) return null;
  notes.push('residual');
  return finding('sni_blocked', e.taintedBySelf);
}

function wrongCertificate(ours: Flow, helper: HelperObservations | null, context: EndpointContext): Finding {
  const issuer = ours.certificate?.issuer ?? '';
  if (context.vantageCheck.clockOff && /EXPIRED|NOT_YET_VALID/.test(ours.certificate?.error ?? ''))
    return finding('inconclusive', 'clock');
  if (!helper || helper.flow.tcp === 'unavailable') {
    const known = context.censorIssuers.some((name) => issuer.toLowerCase().includes(name));
    return known ? finding('tls_mitm', issuer) : finding('inconclusive', 'no_helper');
  }
  if (authentic(helper.flow)) return finding('tls_mitm', issuer);
  if (helper.flow.tls === 'ok') return finding('down', 'tls_cert');
  return finding('down', helper.flow.tcp === 'ok' ? 'tls' : 'tcp');
}

/** How the target's own handshakes ended: of the first one that was begun, since later ones may meet what it left behind. */
export function cutKind(flows: readonly Flow[]): 'rst' | 'timeout' | null {
  const first = flows.find((f) => f.tcp === 'ok' && f.tls !== 'ok');
  return first ? (first.tls === 'timeout' ? 'timeout' : 'rst') : null;
}

function tlsFailed(e: EndpointObservations, context: EndpointContext, notes: string[]): Finding {
  const kind = cutKind(e.target);
  const outside = e.helper?.flow ?? null;
  if (outside && !answered(outside)) return finding('down', outside.tcp === 'ok' ? 'tls' : 'tcp');
  if (kind === null) return afterOwnDoing(e, notes) ?? finding('inconclusive', 'unstable');
  // A refusal that came as a TLS alert is the server's own word when it says the same to others.
  if (outside && outside.tls !== 'ok' && e.target.some((f) => f.tls === 'alert' || f.tls === 'error'))
    return finding('down', 'tls');
  if (kind === 'timeout' && context.vantageCheck.lossy) return finding('inconclusive', 'lossy');

  if (e.innocuous.some(answered)) {
    if (outside) return finding('sni_blocked', kind);
    const failures = e.target.filter((f) => f.tls !== 'ok').length;
    const elsewhere = e.neutral !== null && e.neutral.tcp === 'ok' && !answered(e.neutral);
    return failures >= 3 && elsewhere ? finding('sni_blocked', kind) : finding('inconclusive', 'no_helper');
  }
  const residual = afterOwnDoing(e, notes);
  if (residual) return residual;
  return outside ? finding('ip_blocked', 'tls') : finding('inconclusive', 'no_helper');
}

/** Behind a valid certificate the site itself speaks. */
function judgePage(e: EndpointObservations, notes: string[]): Finding {
  const page = e.page;
  const outside = e.helper?.page ?? null;
  if (!page) return OK;
  if (page.status >= 500) {
    if (outside && outside.status >= 500) return finding('down', 'http_5xx');
    if (!outside) return finding('inconclusive', 'no_helper');
    notes.push('http_5xx_here');
    return OK;
  }
  if (page.status === 451) notes.push('http_451_origin');
  if (page.status === 403) notes.push('origin_403');
  if (page.status > 0 && page.outcome === 'ok') return OK;
  // The handshake was fine and then nothing, or not all of it, came. Speed measurements may know more.
  if (outside && outside.outcome !== 'ok') return page.status > 0 ? OK : finding('down', 'http');
  if (page.outcome === 'timeout' || page.outcome === 'stall') {
    notes.push('page_stalled');
    return page.status > 0 ? OK : finding('inconclusive', 'page_stalled');
  }
  if (page.status > 0) return OK;
  notes.push('cut_after_handshake');
  return outside ? finding('sni_blocked', 'rst') : finding('inconclusive', 'no_helper');
}

/**
 * One-sided Fisher test: how likely are at least `badA` failures among `a` flows, when `badA + badB` failures are spread by chance over
 * `a + b` flows? 6 of 20 against 0 of 20 gives 0.0101. Counts are whole numbers ≥ 0 with bad ≤ all; returns 1 where there is nothing to compare.
 */
export function fisherGreater(badA: number, a: number, badB: number, b: number): number {
  const bad = badA + badB;
  const all = a + b;
  if (a === 0 || b === 0 || bad === 0) return 1;
  let p = 0;
  for (let k = badA; k <= Math.min(a, bad); k++) {
    if (bad - k > b) continue;
    p += Math.exp(lnChoose(a, k) + lnChoose(b, bad - k) - lnChoose(all, bad));
  }
  return Math.min(1, p);
}

const kindOf = (f: Flow): 'rst' | 'timeout' | null => {
  if (f.tcp !== 'ok' || f.tls === null || f.tls === 'ok') return null;
  return f.tls === 'timeout' ? 'timeout' : 'rst';
};

/** Some handshakes with the name passed and some did not: such addresses of both families are counted together. */
export const isMixed = (endpoints: readonly EndpointObservations[]): boolean => {
  const target = endpoints.flatMap((e) => e.target);
  return target.some(authentic) && target.some((f) => kindOf(f) !== null);
};

/**
 * Some handshakes with the name succeed and some fail: a block of a share of flows when at least five of one kind failed and a
 * one-sided Fisher test against the innocuous name gives less than 0.01.
 */
export function judgePartial(endpoints: readonly EndpointObservations[], lossy: boolean) {
  if (!endpoints.some((e) => e.target.some(authentic))) return 'none';
  // Only connections that were made count; silence does not on a lossy line.
  const target = endpoints.flatMap((e) => e.target).filter((f) => f.tcp === 'ok');
  const innocuous = endpoints.flatMap((e) => e.innocuous).filter((f) => f.tcp === 'ok');
  const failed = (kind: 'rst' | 'timeout'): number => target.filter((f) => kindOf(f) === kind).length;
  const bad = Math.max(failed('rst'), lossy ? 0 : failed('timeout'));
  const innocuousBad = innocuous.filter((f) => !answered(f)).length;
  if (bad === 0) return 'none';
  if (bad >= 5 && fisherGreater(bad, target.length, innocuousBad, innocuous.length) < 0.01) return 'partial';
  return bad === 1 || bad / target.length < 0.1 ? 'flaky' : 'unclear';
}
