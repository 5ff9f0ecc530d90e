import { authentic, type Page, type ThroughputObservations, type Transfer } from '../../core/judge/observations.ts';
import { isFree, losesAtRest } from '../../core/judge/throughput.ts';
import { nextSpeedStep, type SpeedMeans, type SpeedStep } from '../../core/judge/throughput-plan.ts';
import { LIMITS } from './config.ts';
import { download, type Place } from './download.ts';
import type { Endpoint } from './endpoint.ts';
import { exchange } from './net/http1.ts';
import { watchLag } from './net/lag.ts';
import { handshake, type Trust } from './net/tls.ts';
import type { Session } from './session.ts';

export interface SpeedRequest {
  endpoint: Endpoint;
  name: string;
  trust: Trust;
  /** The helper works for this family. */
  helper: boolean;
  /** Monotonic ms after which no new pair is begun. */
  until: number;
}

/** Who is compared, and how often the helper was asked. */
interface Contest {
  target: Place;
  same: Place | null;
  reference: Place | null;
  helper: Place | null;
  helperTries: number;
}

/**
 * The speeds of one target at one address of each family, side by side, as `nextSpeedStep` asks for them; then, with all downloads ended,
 * the bare connections that tell a policed path from one that loses packets.
 */
export async function measureThroughput(
  session: Session,
  requests: readonly SpeedRequest[],
  signal: AbortSignal,
): Promise<ThroughputObservations[]> {
  const done = await Promise.all(requests.map((r) => compare(session, r, signal)));
  const wanting = done.filter((d) => d.step === 'rest');
  if (wanting.length > 0 && !signal.aborted) {
    await session.clock.sleep(LIMITS.rest, signal).catch(() => undefined);
    await Promise.all(wanting.map((d) => atRest(session, d.o, d.address, signal)));
  }
  return done.map((d) => d.o);
}

async function compare(session: Session, r: SpeedRequest, signal: AbortSignal) {
  const o: ThroughputObservations = { family: r.endpoint.family, pairs: [], helper: null, atRest: null };
  const contest = await contestants(session, r, signal);
  const means = (): SpeedMeans => ({
    same: contest.same !== null,
    reference: contest.reference !== null,
    helper: contest.helper !== null,
    helperTries: contest.helperTries,
    late: signal.aborted || session.clock.monotonic() > r.until,
  });
  let step = nextSpeedStep(o, means());
  while (step !== 'done' && step !== 'rest') {
    await take(session, o, contest, step, signal);
    step = nextSpeedStep(o, means());
  }
  return { o, step, address: r.endpoint.address };
}

async function take(
  session: Session,
  o: ThroughputObservations,
  contest: Contest,
  step: Exclude<SpeedStep, 'rest' | 'done'>,
  signal: AbortSignal,
): Promise<void> {
  const deep = { bytes: LIMITS.deepBytes, ms: LIMITS.targetMs };
  const control = { ...deep, ms: LIMITS.controlMs };
  const pair = o.pairs.at(-1);
  if (step === 'target') {
    const brief = o.pairs.length > 0 && o.pairs.every((p) => isFree(p.target));
    const depth = brief ? { ...deep, bytes: LIMITS.briefBytes } : deep;
    const target = await download(contest.target, depth, session.clock, signal);
    o.pairs.push({ target, sameAddress: null, reference: null });
  } else if (step === 'helper') {
    contest.helperTries++;
    const helper = await download(contest.helper!, control, session.clock, signal);
    o.helper = better(o.helper, helper);
  } else if (step === 'same') pair!.sameAddress = await download(contest.same!, control, session.clock, signal);
  else pair!.reference = await download(contest.reference!, control, session.clock, signal);
}

const better = (a: Transfer | null, b: Transfer): Transfer => (a === null || (b.rate ?? -1) > (a.rate ?? -1) ? b : a);

async function contestants(session: Session, r: SpeedRequest, signal: AbortSignal): Promise<Contest> {
  const { endpoint: e, name, trust } = r;
  const target: Place = {
    dialer: session.direct,
    address: e.address,
    sni: name,
    paths: await objectPaths(session, r, signal),
    trust,
  };
  const site = session.vantage.reference_sites.find((s) => (e.family === 4 ? s.v4 : s.v6));
  const address = e.family === 4 ? site?.v4 : site?.v6;
  const objects = session.vantage.blobs.length > 0 ? session.vantage.blobs.slice(-1) : ['/'];
  return {
    target,
    same: e.innocuous.some((f) => f.tls === 'ok') ? { ...target, sni: session.innocuous } : null,
    reference:
      site && address
        ? { dialer: session.direct, address, sni: site.name, paths: objects, trust: session.trust }
        : null,
    helper: r.helper && session.helper ? { ...target, dialer: session.helper } : null,
    helperTries: 0,
  };
}

/** Connections without a word on them, one after the other; ends early where it is clear that packets are lost. */
async function atRest(
  session: Session,
  o: ThroughputObservations,
  address: string,
  signal: AbortSignal,
): Promise<void> {
  const seen: (number | null)[] = [];
  const lag = watchLag(session.clock);
  o.atRest = seen;
  while (seen.length < LIMITS.restConnects && !losesAtRest(seen) && !signal.aborted) {
    const before = lag.total();
    const dialed = await session.direct.dial(address, 443, LIMITS.vantageTcp, signal);
    dialed.socket?.destroy();
    seen.push(dialed.tcp === 'ok' ? Math.max(0, Math.round(dialed.ms - (lag.total() - before))) : null);
    await session.clock.sleep(LIMITS.restGap, signal).catch(() => undefined);
  }
  lag.stop();
}

/** The smallest of the vantage file's objects that is large enough, else the largest that is there, else the page's own parts. */
async function objectPaths(session: Session, r: SpeedRequest, signal: AbortSignal): Promise<string[]> {
  const { endpoint: e, name } = r;
  const blobs = session.vantage.blobs;
  const request = { address: e.address, port: 443, sni: name, tcpMs: LIMITS.tcp, tlsMs: LIMITS.tls };
  let best: string | null = null;
  if (blobs.length > 0) {
    const { flow, socket } = await handshake(session.direct, r.trust, request, session.clock, signal);
    if (socket && authentic(flow)) {
      for (const path of blobs.slice(0, 6)) {
        const ask = {
          host: name,
          path,
          method: 'HEAD' as const,
          maxBytes: 1_024,
          firstByteMs: 4_000,
          stallMs: 4_000,
          totalMs: 5_000,
          keepAlive: true,
        };
        const got = await exchange(socket, ask, session.clock, signal);
        if (got.outcome !== 'ok') break;
        if (got.status !== 200) continue;
        best = path;
        if (Number(got.headers.get('content-length') ?? 0) >= LIMITS.deepBytes) break;
      }
    }
    socket?.destroy();
    // The handshake or the question may itself be what is held up: then take the last one on trust.
    best ??= socket && flow.tls === 'ok' ? null : blobs.at(-1)!;
  }
  if (best) return [best];
  return e.assets.length > 0 ? ['/', ...e.assets] : ['/'];
}

/** A page that stopped in the middle asks for a closer look. */
export const pageStalled = (page: Page | null): boolean =>
  page !== null && (page.outcome === 'stall' || page.outcome === 'timeout');
