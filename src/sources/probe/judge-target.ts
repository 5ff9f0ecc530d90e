/** A verdict needs more than one target: what others of the session met tells a fault of one server from what is done to many. */
import { controlView } from '../../core/judge/dns.ts';
import { locationHost, registrable } from '../../core/judge/http.ts';
import { type JudgeContext, judgeTarget } from '../../core/judge/merge.ts';
import { authentic, type TargetObservations } from '../../core/judge/observations.ts';
import type { VantageCheck } from '../../core/judge/vantage-check.ts';
import { isBlocking, type TargetVerdict } from '../../core/judge/verdict.ts';
import type { Session } from './session.ts';

const WEEK = 7 * 86_400_000;

/** What other targets' verdicts may need: foreign redirects and false addresses met, and that the name resolved. */
export function remember(session: Session, o: TargetObservations): void {
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
  const known = (session.resolved.get(o.name) ?? []).filter((t) => o.at - t < WEEK && t < o.at).length >= 3;
  const context: JudgeContext = {
    vantageCheck,
    isBogon: session.isBogon,
    censorIssuers: session.fingerprints.censorIssuers,
    knownName: known,
  };
  return judgeTarget(o, context);
}

/** Nothing but `ok`, or a doubt, needs no second look at the vantage point. */
export const isAnomaly = (v: TargetVerdict): boolean => isBlocking(v.verdict) || v.verdict === 'down';
