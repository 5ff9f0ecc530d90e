import { cutKind } from '../../core/judge/endpoint.ts';
import type { Flow, Page } from '../../core/judge/observations.ts';
import { LIMITS } from './config.ts';
import { pageFacts } from './fingerprints.ts';
import type { Dialer } from './net/dial.ts';
import { exchange, type HttpAnswer } from './net/http1.ts';
import { familyOf, handshake, type Trust } from './net/tls.ts';
import type { Session } from './session.ts';

export interface EndpointPlan {
  name: string;
  address: string;
  port: number;
  fromControl: boolean;
  fromSystem: boolean;
  /** The helper works for this family. */
  helper: boolean;
  trust: Trust;
  /** Fetch `/` and plain HTTP; false = handshake only. */
  page: boolean;
  tcpOnly: boolean;
  /** Ms of its own turn after which no new flow is begun here. */
  budget: number;
}

export const pageAsk = (host: string, path = '/') => ({
  host,
  path,
  maxBytes: LIMITS.pageBytes,
  firstByteMs: LIMITS.firstByte,
  stallMs: LIMITS.stallMs,
  totalMs: LIMITS.pageTotal,
});

export const close = (r: Awaited<ReturnType<typeof handshake>>): Flow => {
  r.socket?.destroy();
  return r.flow;
};

export const deadFlow = (session: Session, plan: EndpointPlan, ms: number): Flow => ({
  address: plan.address,
  family: familyOf(plan.address),
  port: plan.port,
  sni: null,
  at: session.clock.now(),
  tcp: 'timeout',
  tcpMs: ms,
  tls: null,
  tlsMs: null,
  serverBytes: 0,
  certificate: null,
  errno: 'ETIMEDOUT',
});

export const timedOut = (f: Flow): boolean => f.tcp === 'timeout' || f.tls === 'timeout';

export async function connectOnce(
  session: Session,
  dialer: Dialer,
  plan: EndpointPlan,
  signal: AbortSignal,
): Promise<Flow> {
  const at = session.clock.now();
  const dialed = await dialer.dial(plan.address, plan.port, LIMITS.tcp, signal);
  dialed.socket?.destroy();
  const errno = dialed.tcp === 'ok' ? null : dialed.errno;
  return { ...deadFlow(session, plan, dialed.ms), at, tcp: dialed.tcp, errno };
}

export function taint(session: Session, plan: EndpointPlan, seen: Flow): void {
  const kind = cutKind([seen]);
  if (!kind) return;
  const now = session.clock.monotonic();
  for (const [address, t] of session.taints) if (now - t.at > LIMITS.residual) session.taints.delete(address);
  session.taints.set(plan.address, { name: plan.name, kind, at: now });
}

export function shake(
  session: Session,
  dialer: Dialer,
  plan: EndpointPlan,
  hello: { sni: string; tlsMs: number },
  signal: AbortSignal,
) {
  const request = { address: plan.address, port: plan.port, tcpMs: LIMITS.tcp, ...hello };
  return handshake(dialer, plan.trust, request, session.clock, signal);
}

/** Port 80, Host = the name, no redirect followed. */
export async function plainHttp(
  session: Session,
  dialer: Dialer,
  plan: EndpointPlan,
  tcpMs: number,
  signal: AbortSignal,
): Promise<Page | null> {
  const begin = session.clock.monotonic();
  let page: Page | null = null;
  for (let n = 0; n < 2 && (n === 0 || session.clock.monotonic() < begin + plan.budget); n++) {
    const dialed = await dialer.dial(plan.address, 80, tcpMs, signal);
    if (dialed.tcp === 'unavailable') return null;
    let answer: HttpAnswer | null = null;
    if (dialed.tcp === 'ok') {
      answer = await exchange(dialed.socket, pageAsk(plan.name), session.clock, signal);
      dialed.socket.destroy();
      page = pageFacts(answer, session.fingerprints, session.clock.now());
      if (page.status > 0 || answer.outcome !== 'timeout') return page;
    } else {
      const outcome =
        dialed.tcp === 'timeout' ? 'timeout' : dialed.tcp === 'refused' || dialed.tcp === 'reset' ? 'reset' : 'error';
      page = {
        outcome,
        status: 0,
        location: null,
        bytes: 0,
        title: null,
        sha256: null,
        headers: [],
        fingerprint: null,
        benign: null,
        h3: false,
        skewMs: null,
        ms: dialed.ms,
      };
      if (dialed.tcp !== 'timeout' || tcpMs < LIMITS.tcp) return page;
    }
  }
  return page;
}
