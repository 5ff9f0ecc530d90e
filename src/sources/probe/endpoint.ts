import { answered, authentic, type EndpointObservations, type Flow, type Page } from '../../core/judge/observations.ts';
import { LIMITS } from './config.ts';
import { assetPaths, pageFacts } from './fingerprints.ts';
import {
  close,
  connectOnce,
  deadFlow,
  type EndpointPlan,
  pageAsk,
  plainHttp,
  shake,
  taint,
  timedOut,
} from './flows.ts';
import { exchange } from './net/http1.ts';
import { familyOf, type handshake } from './net/tls.ts';
import { askHelper } from './outside.ts';
import type { Session } from './session.ts';

export interface Endpoint extends EndpointObservations {
  /** Paths seen in the page, for speed measurements; never stored. */
  assets: string[];
}

/**
 * TCP, the innocuous SNI, the target's SNI with its page, plain HTTP, at one address (probes.md, sections 3 and 6), while the helper
 * does the same from outside. Never more than one of our own flows to an address at a time.
 */
export async function measureEndpoint(session: Session, plan: EndpointPlan, signal: AbortSignal): Promise<Endpoint> {
  const outside = plan.helper ? askHelper(session, plan, signal) : Promise.resolve(null);
  const endpoint = await session.lock(plan.address, () => measureHere(session, plan, signal));
  endpoint.helper = await outside;
  return endpoint;
}

async function measureHere(session: Session, plan: EndpointPlan, signal: AbortSignal): Promise<Endpoint> {
  const { address, name } = plan;
  const before = session.taintOf(address);
  const e: Endpoint = {
    address,
    family: familyOf(address),
    fromControl: plan.fromControl,
    fromSystem: plan.fromSystem,
    innocuous: [],
    target: [],
    page: null,
    http: null,
    helper: null,
    neutral: null,
    taintedByOther: before !== null && before.name !== name,
    taintedBySelf: before !== null && before.name === name ? before.kind : null,
    assets: [],
  };
  if (plan.tcpOnly) return connectionOnly(session, plan, e, signal);
  const flow = (sni: string, tlsMs: number = LIMITS.tls) =>
    shake(session, session.direct, plan, { sni, tlsMs }, signal);

  const until = session.clock.monotonic() + plan.budget;
  const late = (): boolean => signal.aborted || session.clock.monotonic() > until;
  // Three targets' worth of silence need not be heard again: one more connection shows whether it lasts.
  if (session.silentLately(address)) {
    const again = await session.direct.dial(address, plan.port, 4_000, signal);
    again.socket?.destroy();
    if (again.tcp === 'timeout') {
      e.innocuous.push(deadFlow(session, plan, again.ms));
      return e;
    }
  }
  await innocuousFirst(e, () => flow(session.innocuous).then((r) => close(r)));
  const reached = e.innocuous.some((f) => f.tcp === 'ok');
  await targetName(session, plan, e, { reached, flow, late }, signal);
  session.noteSilence(address, [...e.innocuous, ...e.target].every((f) => f.tcp === 'timeout') && before === null);
  if (plan.page && !late())
    e.http = await plainHttp(session, session.direct, plan, reached ? LIMITS.tcp : 4_000, signal);
  return e;
}

/** Silence is retried once at once; a reset is not. */
async function innocuousFirst(e: Endpoint, flow: () => Promise<Flow>): Promise<void> {
  const first = await flow();
  e.innocuous.push(first);
  if (timedOut(first)) e.innocuous.push(await flow());
}

interface Way {
  /** The address has answered to the innocuous name. */
  reached: boolean;
  flow(sni: string, tlsMs?: number): ReturnType<typeof handshake>;
  /** The time that there is for this endpoint is over. */
  late(): boolean;
}

/** The target's own name: once where it works, three times, with the innocuous name between, where it does not. */
async function targetName(
  session: Session,
  plan: EndpointPlan,
  e: Endpoint,
  { reached, flow, late }: Way,
  signal: AbortSignal,
): Promise<void> {
  for (let n = 0; n < 3 && !signal.aborted && (n === 0 || !late()); n++) {
    const { flow: seen, socket } = await flow(plan.name, n === 0 ? LIMITS.tls : LIMITS.repeatTls);
    e.target.push(seen);
    if (socket && authentic(seen)) {
      if (plan.page) await readPage(session, plan, e, socket, signal);
      socket.destroy();
      if (!pageCut(e.page) || n > 0) return;
      continue;
    }
    socket?.destroy();
    // A foreign certificate is an answer; a dead address was tried often enough by now.
    if (seen.tls === 'ok' || (!reached && seen.tcp !== 'ok')) return;
    if (seen.tcp === 'ok') taint(session, plan, seen);
    if (late()) return;
    const again = close(await flow(session.innocuous, LIMITS.repeatTls));
    e.innocuous.push(again);
    if (!answered(again)) {
      // What our own forbidden name left behind: nothing more to learn here for some minutes. (Dead before the name was sent: three of a kind.)
      if (e.innocuous.slice(0, -1).some(answered)) return;
      if (n > 0 || timedOut(seen)) return;
    }
  }
}

/** Endpoints that speak another protocol: two connections at most. */
async function connectionOnly(
  session: Session,
  plan: EndpointPlan,
  e: Endpoint,
  signal: AbortSignal,
): Promise<Endpoint> {
  e.tcpOnly = true;
  for (let n = 0; n < 2; n++) {
    const flow = await connectOnce(session, session.direct, plan, signal);
    e.target.push(flow);
    if (flow.tcp === 'ok') break;
  }
  return e;
}

const pageCut = (page: Page | null): boolean => page !== null && page.status === 0;

async function readPage(
  session: Session,
  plan: EndpointPlan,
  e: Endpoint,
  socket: import('node:tls').TLSSocket,
  signal: AbortSignal,
): Promise<void> {
  const answer = await exchange(socket, pageAsk(plan.name), session.clock, signal);
  e.page = pageFacts(answer, session.fingerprints, session.clock.now());
  if (e.page.status === 200) e.assets = assetPaths(answer.body, plan.name);
}
