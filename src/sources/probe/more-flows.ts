import { answered, type Flow } from '../../core/judge/observations.ts';
import { LIMITS } from './config.ts';
import type { Endpoint } from './endpoint.ts';
import { close, type EndpointPlan, shake, taint } from './flows.ts';
import type { Session } from './session.ts';

/** Forbidden name at an unrelated address (only where no helper answers): does the name alone decide? */
export async function neutralTest(session: Session, name: string, signal: AbortSignal): Promise<Flow | null> {
  const configured = session.vantage.sni_control;
  const site = configured === false ? undefined : (configured ?? session.vantage.reference_sites.at(-1));
  const address = site?.v4 ?? site?.v6;
  if (!address) return null;
  const plan: EndpointPlan = {
    name,
    address,
    port: 443,
    fromControl: false,
    fromSystem: false,
    helper: false,
    trust: session.trust,
    page: false,
    tcpOnly: false,
    budget: Number.POSITIVE_INFINITY,
  };
  return session.lock(address, async () => {
    const seen = close(await shake(session, session.direct, plan, { sni: name, tlsMs: LIMITS.tls }, signal));
    if (seen.tcp === 'ok' && !answered(seen)) taint(session, plan, seen);
    return seen;
  });
}

/** More flows of both names, in turn, for the test of partial blocks: until `rounds` are done or the monotonic clock shows `untilMs`. */
export async function burst(
  session: Session,
  plan: EndpointPlan,
  e: Endpoint,
  { rounds, untilMs }: { rounds: number; untilMs: number },
  signal: AbortSignal,
): Promise<void> {
  await session.lock(plan.address, async () => {
    for (let n = 0; n < rounds && session.clock.monotonic() < untilMs && !signal.aborted; n++) {
      e.innocuous.push(
        close(await shake(session, session.direct, plan, { sni: session.innocuous, tlsMs: LIMITS.repeatTls }, signal)),
      );
      const seen = close(await shake(session, session.direct, plan, { sni: plan.name, tlsMs: 4_000 }, signal));
      e.target.push(seen);
      if (seen.tcp === 'ok' && seen.tls !== 'ok') taint(session, plan, seen);
    }
  });
}
