import {
  authentic,
  type Flow,
  type IpFamily,
  type ReferenceObservations,
  type VantageObservations,
} from './observations.ts';

export type OfflineDetail = 'link' | 'captive_portal' | 'dns' | 'abroad' | 'lossy' | 'clock';

/** What the vantage point is good for in this round. */
export interface VantageCheck {
  /** Set: nothing can be said about any target, for this reason. */
  offline: Exclude<OfflineDetail, 'dns' | 'lossy'> | null;
  /** The system resolver fails for names that must resolve: no verdict about names, the rest is measured with control answers. */
  dnsDead: boolean;
  /** Silence says nothing; resets and wrong answers still do. */
  lossy: boolean;
  controlsBlocked: boolean;
  /** Plain HTTP to a reference is not what it should be although HTTPS is: no verdict from plain HTTP. */
  httpTampered: boolean;
  /** Families in which a reference site was reached. */
  families: Record<IpFamily, boolean>;
  helper: Record<IpFamily, boolean>;
  clockOff: boolean;
  /** Every reference shows a foreign certificate although the line is no captive portal. */
  intercepted: boolean;
  reasons: string[];
}

const DAY = 86_400_000;
/** A SYN is sent again after one second: slower than this beside fast neighbours means that a packet was lost. */
const SLOW_CONNECT = 900;
const FAST_CONNECT = 300;

const timedOut = (f: Flow): boolean => f.tcp === 'timeout' || f.tls === 'timeout';
const failed = (f: Flow): boolean => f.tcp !== 'ok' || f.tls !== 'ok';
const wrongCertificate = (f: Flow): boolean => f.tls === 'ok' && f.certificate?.valid === false;
const dateError = (f: Flow): boolean => /EXPIRED|NOT_YET_VALID/.test(f.certificate?.error ?? '');

/** The decision table (probes.md, section 4). */
export function judgeVantage(o: VantageObservations): VantageCheck {
  const references = o.references.filter((r) => !r.tainted && r.flows.length > 0 && r.helperReaches !== false);
  const flows = references.flatMap((r) => r.flows);
  const reached = (f: IpFamily): boolean => flows.some((x) => x.family === f && authentic(x));
  const vantageCheck: VantageCheck = {
    offline: null,
    dnsDead: o.system.length > 0 && o.system.every((s) => !s.expected),
    lossy: false,
    controlsBlocked: o.controlsAsked > 0 && o.controlsAnswered === 0,
    httpTampered: o.portal !== null && o.portal.status !== 204 && o.portal.status !== 0,
    families: { 4: reached(4), 6: reached(6) },
    helper: { 4: o.helper.reachable && o.helper.family4, 6: o.helper.reachable && o.helper.family6 },
    clockOff: o.portal?.skewMs !== null && o.portal?.skewMs !== undefined && Math.abs(o.portal.skewMs) > DAY,
    intercepted: false,
    reasons: [],
  };
  if (references.length === 0) {
    // Nothing to go by: references are down for everybody, or our own doing has made them useless.
    vantageCheck.families = {
      4: true,
      6: o.references.some((r) => r.flows.some((f) => f.family === 6 && f.tcp === 'ok')),
    };
    vantageCheck.reasons.push('no_reference');
    return vantageCheck;
  }
  if (!vantageCheck.families[4] && !vantageCheck.families[6]) return offline(vantageCheck, o, flows);
  vantageCheck.lossy = isLossy(references, vantageCheck, o);
  if (vantageCheck.dnsDead) vantageCheck.reasons.push('dns_dead');
  if (vantageCheck.controlsBlocked) vantageCheck.reasons.push('controls_blocked');
  return vantageCheck;
}

/** Two looks at one vantage point as one: a busy minute must not pass for a bad line. What is not counted is the later look's. */
export function bothLooks(a: VantageObservations, b: VantageObservations): VantageObservations {
  const before = new Map(a.references.map((r) => [r.name, r]));
  const references = b.references.map((r) => ({ ...r, flows: [...(before.get(r.name)?.flows ?? []), ...r.flows] }));
  return { ...b, references, system: [...a.system, ...b.system] };
}

function offline(vantageCheck: VantageCheck, o: VantageObservations, flows: Flow[]): VantageCheck {
  const portalAnswered = (o.portal?.status ?? 0) > 0;
  const portalClean = o.portal?.status === 204;
  const wrong = flows.filter(wrongCertificate);
  if (wrong.length > 0) {
    if (vantageCheck.clockOff && wrong.every(dateError)) vantageCheck.offline = 'clock';
    else if (!portalClean) vantageCheck.offline = 'captive_portal';
    else if (vantageCheck.helper[4] || vantageCheck.helper[6]) {
      vantageCheck.intercepted = true;
      vantageCheck.families = { 4: wrong.some((f) => f.family === 4), 6: wrong.some((f) => f.family === 6) };
      vantageCheck.reasons.push('tls_intercepted');
    } else vantageCheck.offline = 'captive_portal';
    return vantageCheck;
  }
  if (portalAnswered && !portalClean) vantageCheck.offline = 'captive_portal';
  else vantageCheck.offline = o.system.some((s) => s.expected) ? 'abroad' : 'link';
  return vantageCheck;
}

/**
 * Lossy: more than a fifth of the vantage point's own flows were lost or needed a second packet, or a reference fails now and then. A
 * reference that fails every time beside a flawless one is out of order by itself (or blocked): that is no loss.
 */
function isLossy(references: ReferenceObservations[], vantageCheck: VantageCheck, o: VantageObservations): boolean {
  let seen = 0;
  let lost = 0;
  const fastest = Math.min(...references.flatMap((r) => r.flows.map((f) => f.tcpMs)));
  const slow = (f: Flow): boolean => Math.max(f.tcpMs, f.tlsMs ?? 0) - (f.lagMs ?? 0) > SLOW_CONNECT;
  for (const r of references) {
    for (const family of [4, 6] as const) {
      const flows = r.flows.filter((f) => f.family === family);
      if (!vantageCheck.families[family] || flows.length === 0) continue;
      if (flows.length > 1 && flows.every(failed)) {
        vantageCheck.reasons.push('reference_unreachable');
        continue;
      }
      seen += flows.length;
      lost += flows.filter((f) => timedOut(f) || (slow(f) && fastest < FAST_CONNECT)).length;
    }
  }
  for (const s of o.system) {
    if (s.answer.kind === 'timeout') continue;
    seen += s.answer.tries;
    lost += s.answer.tries - 1;
  }
  return lost >= 2 && lost / seen > 0.2;
}
