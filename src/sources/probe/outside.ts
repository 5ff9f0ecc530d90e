import { authentic, type HelperObservations, type Page } from '../../core/judge/observations.ts';
import { LIMITS } from './config.ts';
import { pageFacts } from './fingerprints.ts';
import { connectOnce, type EndpointPlan, pageAsk, plainHttp, shake } from './flows.ts';
import { exchange } from './net/http1.ts';
import type { Session } from './session.ts';

/** The same address from outside; answers are kept for a minute. Null = the helper was of no use. */
export function askHelper(
  session: Session,
  plan: EndpointPlan,
  signal: AbortSignal,
): Promise<HelperObservations | null> {
  const key = `${plan.name}|${plan.address}|${plan.port}`;
  const now = session.clock.monotonic();
  const kept = session.helperCache.get(key);
  if (kept && now - kept.at < LIMITS.helperCache) return kept.value;
  for (const [k, entry] of session.helperCache) if (now - entry.at >= LIMITS.helperCache) session.helperCache.delete(k);
  const value = throughHelper(session, plan, signal);
  session.helperCache.set(key, { at: now, value });
  return value;
}

async function throughHelper(
  session: Session,
  plan: EndpointPlan,
  signal: AbortSignal,
): Promise<HelperObservations | null> {
  const dialer = session.helper;
  if (!dialer) return null;
  if (plan.tcpOnly) {
    const flow = await connectOnce(session, dialer, plan, signal);
    return flow.tcp === 'unavailable' ? null : { flow, page: null, http: null };
  }
  let best: HelperObservations | null = null;
  const until = session.clock.monotonic() + plan.budget;
  const late = (): boolean => signal.aborted || session.clock.monotonic() > until;
  for (let n = 0; n < 2 && !late(); n++) {
    const { flow, socket } = await shake(session, dialer, plan, { sni: plan.name, tlsMs: LIMITS.tls }, signal);
    let page: Page | null = null;
    if (socket && plan.page)
      page = pageFacts(
        await exchange(socket, pageAsk(plan.name), session.clock, signal),
        session.fingerprints,
        session.clock.now(),
      );
    socket?.destroy();
    if (flow.tcp !== 'unavailable') best = { flow, page, http: null };
    // One failure seen from outside is not enough to call a site down.
    if (best && authentic(flow) && (!plan.page || (page !== null && page.status > 0))) break;
    if (flow.tls === 'ok' && !authentic(flow)) break;
  }
  if (best && plan.page && !late()) best.http = await plainHttp(session, dialer, plan, LIMITS.tcp, signal);
  return best;
}
