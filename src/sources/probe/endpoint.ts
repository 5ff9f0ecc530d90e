import { execFile } from 'node:child_process';
import type { Duplex } from 'node:stream';
import { cutKind } from '../../core/judge/endpoint.ts';
import {
  answered,
  authentic,
  type EndpointObservations,
  type Flow,
  type HelperObservations,
  type Page,
} from '../../core/judge/observations.ts';
import { LIMITS } from './config.ts';
import { assetPaths, pageFacts } from './fingerprints.ts';
import { type Dialer, familyOf, flowOf, handshake, type HandshakeRequest, type Trust } from './net/connection.ts';
import { exchange } from './net/http1.ts';
import type { Session, Work } from './session.ts';

/** One host to measure. */
export interface HostTarget {
  name: string;
  port: number;
  /** Fixed addresses: no DNS is asked. */
  addresses: string[];
  /** Pinned roots of the service's own, PEM. */
  ca: string | null;
  /** Fetch pages; false = handshakes only. */
  page: boolean;
  /** Nothing but the connection counts. */
  tcpOnly: boolean;
}

/** What is measured at one address. */
export interface EndpointPlan extends Pick<HostTarget, 'name' | 'port' | 'page' | 'tcpOnly'> {
  address: string;
  fromControl: boolean;
  fromSystem: boolean;
  /** The helper works for this family. */
  helper: boolean;
  trust: Trust;
  /** Ms of its own turn after which no new flow is begun here. */
  budget: number;
}

export const deadFlow = (session: Session, plan: EndpointPlan, ms: number): Flow =>
  flowOf(
    { tcp: 'timeout', socket: null, ms, errno: 'ETIMEDOUT' },
    { address: plan.address, port: plan.port, sni: null },
    session.clock.now(),
  );

/** Is the time over that there is for the endpoint from now on? */
function latenessOf({ clock, signal }: Work, { budget }: EndpointPlan): () => boolean {
  const until = clock.monotonic() + budget;
  return () => signal.aborted || clock.monotonic() > until;
}

const timedOut = (f: Flow): boolean => f.tcp === 'timeout' || f.tls === 'timeout';

async function connectOnce({ clock, signal }: Work, dialer: Dialer, plan: EndpointPlan): Promise<Flow> {
  const at = clock.now();
  const dialed = await dialer.dial(plan.address, plan.port, LIMITS.tcp, signal);
  dialed.socket?.destroy();
  return flowOf(dialed, { ...plan, sni: null }, at);
}

export function taint(session: Session, { name, address }: Pick<EndpointPlan, 'name' | 'address'>, seen: Flow): void {
  const kind = cutKind([seen]);
  if (!kind) return;
  const now = session.clock.monotonic();
  for (const [other, t] of session.taints) if (now - t.at > LIMITS.residual) session.taints.delete(other);
  session.taints.set(address, { name, kind, at: now });
}

/** By which name, how long it may take, and which way; absent = straight. */
type Hello = Pick<HandshakeRequest, 'sni'> & Partial<HandshakeRequest> & { dialer?: Dialer };

/** A handshake at an address; the caller destroys the socket. */
export function shake(
  work: Work,
  { address, port = 443, trust = work.trust }: { address: string; port?: number; trust?: Trust },
  { sni, tcpMs = LIMITS.tcp, tlsMs = LIMITS.tls, dialer = work.direct }: Hello,
) {
  return handshake(dialer, trust, { address, port, sni, tcpMs, tlsMs }, work);
}

/** A handshake and nothing more. */
export async function shakeOnly(...how: Parameters<typeof shake>): Promise<Flow> {
  const { flow, socket } = await shake(...how);
  socket?.destroy();
  return flow;
}

/** The front page, by an open connection. */
async function readPage(work: Work, stream: Duplex, host: string) {
  const ask = {
    host,
    path: '/',
    maxBytes: LIMITS.pageBytes,
    firstByteMs: LIMITS.firstByte,
    stallMs: LIMITS.stallMs,
    totalMs: LIMITS.pageTotal,
  };
  const answer = await exchange(stream, ask, work);
  return { page: pageFacts(answer, work.fingerprints, work.clock.now()), body: answer.body };
}

/** Port 80, Host = the name, no redirect followed. */
async function plainHttp(work: Work, dialer: Dialer, plan: EndpointPlan, tcpMs: number) {
  const begin = work.clock.monotonic();
  let page: Page | null = null;
  for (let n = 0; n < 2 && (n === 0 || work.clock.monotonic() < begin + plan.budget); n++) {
    const dialed = await dialer.dial(plan.address, 80, tcpMs, work.signal);
    if (dialed.tcp === 'unavailable') return null;
    if (dialed.tcp === 'ok') {
      ({ page } = await readPage(work, dialed.socket, plan.name));
      dialed.socket.destroy();
      if (page.status > 0 || page.outcome !== 'timeout') return page;
      continue;
    }
    page = {
      outcome:
        dialed.tcp === 'timeout' ? 'timeout' : dialed.tcp === 'refused' || dialed.tcp === 'reset' ? 'reset' : 'error',
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
  return page;
}

/** The same address from outside; answers are kept for a minute. Null = the helper was of no use. */
export const askHelper = (work: Work, plan: EndpointPlan) =>
  work.fromOutside(`${plan.name}|${plan.address}|${plan.port}`, work.clock.monotonic(), () =>
    throughHelper(work, plan),
  );

async function throughHelper(work: Work, plan: EndpointPlan) {
  const dialer = work.helper;
  if (!dialer) return null;
  if (plan.tcpOnly) {
    const flow = await connectOnce(work, dialer, plan);
    return flow.tcp === 'unavailable' ? null : { flow, page: null, http: null };
  }
  let best: HelperObservations | null = null;
  const late = latenessOf(work, plan);
  for (let n = 0; n < 2 && !late(); n++) {
    const { flow, socket } = await shake(work, plan, { sni: plan.name, dialer });
    const page = socket && plan.page ? (await readPage(work, socket, plan.name)).page : null;
    socket?.destroy();
    if (flow.tcp !== 'unavailable') best = { flow, page, http: null };
    // One failure seen from outside is not enough to call a site down.
    if (best && authentic(flow) && (!plan.page || (page !== null && page.status > 0))) break;
    if (flow.tls === 'ok' && !authentic(flow)) break;
  }
  if (best && plan.page && !late()) best.http = await plainHttp(work, dialer, plan, LIMITS.tcp);
  return best;
}

export interface Endpoint extends EndpointObservations {
  /** Paths seen in the page, for speed measurements; never stored. */
  assets: string[];
}

/**
 * TCP, the innocuous SNI, the target's SNI with its page, plain HTTP, at one address (probes.md, sections 3 and 6), while the helper
 * does the same from outside. Never more than one of our own flows to an address at a time.
 */
export async function measureEndpoint(work: Work, plan: EndpointPlan): Promise<Endpoint> {
  const outside = plan.helper ? askHelper(work, plan) : null;
  const endpoint = await work.lock(plan.address, () => measureHere(work, plan));
  endpoint.helper = await outside;
  return endpoint;
}

async function measureHere(work: Work, plan: EndpointPlan): Promise<Endpoint> {
  const { address, name } = plan;
  const before = work.taintOf(address);
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
  if (plan.tcpOnly) {
    // It speaks another protocol: two connections at most.
    e.tcpOnly = true;
    for (let n = 0; n < 2 && e.target.at(-1)?.tcp !== 'ok'; n++)
      e.target.push(await connectOnce(work, work.direct, plan));
    return e;
  }
  const late = latenessOf(work, plan);
  // Three targets' worth of silence need not be heard again: one more connection shows whether it lasts.
  if (work.silentLately(address)) {
    const again = await work.direct.dial(address, plan.port, 4_000, work.signal);
    again.socket?.destroy();
    if (again.tcp === 'timeout') {
      e.innocuous.push(deadFlow(work, plan, again.ms));
      return e;
    }
  }
  // Silence is retried once at once; a reset is not.
  for (let n = 0; n < 2 && (n === 0 || timedOut(e.innocuous[0]!)); n++)
    e.innocuous.push(await shakeOnly(work, plan, work.innocuous));
  const reached = e.innocuous.some((f) => f.tcp === 'ok');
  await targetName(work, plan, e, late);
  work.noteSilence(address, [...e.innocuous, ...e.target].every((f) => f.tcp === 'timeout') && before === null);
  if (plan.page && !late()) e.http = await plainHttp(work, work.direct, plan, reached ? LIMITS.tcp : 4_000);
  return e;
}

/**
 * The target's own name: once where it works, three times, with the innocuous name between, where it does not. `late`: the time that there is
 * for this endpoint is over.
 */
async function targetName(work: Work, plan: EndpointPlan, e: Endpoint, late: () => boolean): Promise<void> {
  const reached = e.innocuous.some((f) => f.tcp === 'ok');
  for (let n = 0; n < 3 && !work.signal.aborted && (n === 0 || !late()); n++) {
    const tlsMs = n === 0 ? LIMITS.tls : LIMITS.repeatTls;
    const { flow: seen, socket } = await shake(work, plan, { sni: plan.name, tlsMs });
    e.target.push(seen);
    if (socket && authentic(seen)) {
      if (plan.page) {
        const { page, body } = await readPage(work, socket, plan.name);
        e.page = page;
        if (page.status === 200) e.assets = assetPaths(body, plan.name);
      }
      socket.destroy();
      if (e.page?.status !== 0 || n > 0) return;
      continue;
    }
    socket?.destroy();
    // A foreign certificate is an answer; a dead address was tried often enough by now.
    if (seen.tls === 'ok' || (!reached && seen.tcp !== 'ok')) return;
    if (seen.tcp === 'ok') taint(work, plan, seen);
    if (late()) return;
    const again = await shakeOnly(work, plan, { ...work.innocuous, tlsMs: LIMITS.repeatTls });
    e.innocuous.push(again);
    if (!answered(again)) {
      // What our own forbidden name left behind: nothing more to learn here for some minutes. (Dead before the name was sent: three of a kind.)
      if (e.innocuous.slice(0, -1).some(answered)) return;
      if (n > 0 || timedOut(seen)) return;
    }
  }
}

/** Forbidden name at an unrelated address (only where no helper answers): does the name alone decide? */
export async function neutralTest(work: Work, name: string): Promise<Flow | null> {
  const configured = work.vantage.sni_control;
  const site = configured === false ? undefined : (configured ?? work.vantage.reference_sites.at(-1));
  const address = site?.v4 ?? site?.v6;
  if (!address) return null;
  return work.lock(address, async () => {
    const seen = await shakeOnly(work, { address }, { sni: name });
    if (seen.tcp === 'ok' && !answered(seen)) taint(work, { name, address }, seen);
    return seen;
  });
}

/** More flows of both names, in turn, for the test of partial blocks: until `rounds` are done or the monotonic clock shows `untilMs`. */
export async function burst(work: Work, plan: EndpointPlan, e: Endpoint, rounds: number, untilMs: number) {
  await work.lock(plan.address, async () => {
    for (let n = 0; n < rounds && work.clock.monotonic() < untilMs && !work.signal.aborted; n++) {
      e.innocuous.push(await shakeOnly(work, plan, { ...work.innocuous, tlsMs: LIMITS.repeatTls }));
      const seen = await shakeOnly(work, plan, { sni: plan.name, tlsMs: 4_000 });
      e.target.push(seen);
      if (seen.tcp === 'ok' && seen.tls !== 'ok') taint(work, plan, seen);
    }
  });
}

let curlSpeaksH3: Promise<boolean> | null = null;

const run = (args: string[], signal: AbortSignal): Promise<{ code: number; out: string }> =>
  new Promise((resolve) => {
    const child = execFile('curl', args, { timeout: 8_000, maxBuffer: 65_536, signal }, (error, out) => {
      resolve({ code: error ? (typeof error.code === 'number' ? error.code : 1) : 0, out });
    });
    child.on('error', () => undefined);
  });

/** HTTP/3 by an installed curl that can (Node has no stable QUIC client); null where it cannot be measured. A note, never a verdict. */
export async function measureQuic(
  { vantage, signal }: Pick<Work, 'vantage' | 'signal'>,
  name: string,
  e: Endpoint | null,
) {
  if (!e?.page?.h3 || signal.aborted) return null;
  // Looked for once: whoever is stopped meanwhile must not settle it for all.
  curlSpeaksH3 ??= run(['-V'], new AbortController().signal).then((r) => r.code === 0 && /\bHTTP3\b/.test(r.out));
  if (!(await curlSpeaksH3)) return null;
  if (await speaks(name, e.address, 3, signal)) return 'ok';
  // Does this line carry QUIC at all?
  for (const site of vantage.reference_sites) {
    const address = e.family === 4 ? site.v4 : site.v6;
    if (address && (await speaks(site.name, address, 1, signal))) return 'blocked';
  }
  return null;
}

/** HTTP/3 or nothing, one kilobyte, three seconds. */
const BRIEFLY = '-sk --http3-only -o /dev/null -r 0-1023 -m 3'.split(' ');

async function speaks(name: string, address: string, tries: number, signal: AbortSignal): Promise<boolean> {
  const at = address.includes(':') ? `[${address}]` : address;
  for (let n = 0; n < tries && !signal.aborted; n++) {
    const to = ['--connect-to', `${name}:443:${at}:443`, `https://${name}/`];
    if ((await run([...BRIEFLY, ...to], signal)).code === 0) return true;
  }
  return false;
}
