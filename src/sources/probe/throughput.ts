import {
  authentic,
  type Page,
  type ThroughputObservations,
  type ThroughputPair,
  type Transfer,
} from '../../core/judge/observations.ts';
import { LIMITS } from './config.ts';
import type { Endpoint } from './endpoint.ts';
import type { Dialer } from './net/dial.ts';
import { exchange, type HttpAnswer } from './net/http1.ts';
import { handshake, type Trust } from './net/tls.ts';
import type { Session } from './session.ts';

const FIRST = 32_768;
const WANTED = 262_144;
const SLOW = 2e6;

interface Place {
  dialer: Dialer;
  address: string;
  sni: string;
  paths: string[];
  trust: Trust;
}

/**
 * Three interleaved pairs: the target's object, then an object under the innocuous name at the same address, then one at a reference
 * site. Stops after two when they agree, and after one when the helper is as slow as we are.
 */
export async function measureThroughput(
  session: Session,
  e: Endpoint,
  name: string,
  trust: Trust,
  helper: boolean,
  until: number,
  signal: AbortSignal,
): Promise<ThroughputObservations> {
  const target: Place = {
    dialer: session.direct,
    address: e.address,
    sni: name,
    paths: await objectPaths(session, e, name, trust, signal),
    trust,
  };
  const same: Place | null = e.innocuous.some((f) => f.tls === 'ok') ? { ...target, sni: session.innocuous } : null;
  const site = session.vantage.reference_sites.find((s) => (e.family === 4 ? s.v4 : s.v6));
  const siteAddress = e.family === 4 ? site?.v4 : site?.v6;
  const reference: Place | null =
    site && siteAddress
      ? {
          dialer: session.direct,
          address: siteAddress,
          sni: site.name,
          paths: objectsOf(session),
          trust: session.trust,
        }
      : null;
  const out: ThroughputObservations = { family: e.family, pairs: [], helper: null };
  const late = (): boolean => signal.aborted || session.clock.monotonic() > until;
  for (let n = 0; n < 3 && !late(); n++) {
    const pair: ThroughputPair = {
      target: await fetchFrom(session, target, signal),
      sameAddress: null,
      reference: null,
    };
    // The same address was as slow the first time: it will not tell name from name.
    const useful = n === 0 || !isSlow(out.pairs[0]!.target) || !isSlow(out.pairs[0]!.sameAddress ?? pair.target);
    if (same && useful && !late()) pair.sameAddress = await fetchFrom(session, same, signal);
    if (reference && !late()) pair.reference = await fetchFrom(session, reference, signal);
    out.pairs.push(pair);
    const slow = isSlow(pair.target);
    if (slow && n === 0 && helper && session.helper) {
      out.helper = await fetchFrom(session, { ...target, dialer: session.helper }, signal);
      if (isSlow(out.helper) && pair.target.outcome !== 'stall') break;
    }
    if (
      n === 1 &&
      out.pairs.every((p) => isSlow(p.target)) &&
      out.pairs[0]!.target.outcome === out.pairs[1]!.target.outcome
    )
      break;
  }
  if (out.helper === null && helper && session.helper && out.pairs.some((p) => isSlow(p.target))) {
    out.helper = await fetchFrom(session, { ...target, dialer: session.helper }, signal);
  }
  return out;
}

const isSlow = (t: Transfer): boolean =>
  t.outcome === 'stall' || t.outcome === 'slow' || (t.rate !== null && t.rate < SLOW);
const objectsOf = (session: Session): string[] =>
  session.vantage.blobs.length > 0 ? session.vantage.blobs.slice(-1) : ['/'];

/** The smallest of the vantage file's objects with at least 256 KB, else the page's own parts. */
async function objectPaths(
  session: Session,
  e: Endpoint,
  name: string,
  trust: Trust,
  signal: AbortSignal,
): Promise<string[]> {
  const request = { address: e.address, port: 443, sni: name, tcpMs: LIMITS.tcp, tlsMs: LIMITS.tls };
  let best: string | null = null;
  if (session.vantage.blobs.length > 0) {
    const { flow, socket } = await handshake(session.direct, trust, request, session.clock, signal);
    if (socket && authentic(flow)) {
      for (const path of session.vantage.blobs.slice(0, 6)) {
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
        if (Number(got.headers.get('content-length') ?? 0) >= WANTED) break;
      }
    }
    socket?.destroy();
    // The handshake or the question may itself be what is held up: then take the last one on trust.
    best ??= socket && flow.tls === 'ok' ? null : session.vantage.blobs.at(-1)!;
  }
  if (best) return [best];
  return e.assets.length > 0 ? ['/', ...e.assets] : ['/'];
}

/** One download on one connection, over as many paths as it takes; capped in bytes and time. */
async function fetchFrom(session: Session, place: Place, signal: AbortSignal): Promise<Transfer> {
  const begin = session.clock.monotonic();
  const request = { address: place.address, port: 443, sni: place.sni, tcpMs: LIMITS.gateTcp, tlsMs: LIMITS.repeatTls };
  const { flow, socket } = await handshake(place.dialer, place.trust, request, session.clock, signal);
  const failed = (outcome: Transfer['outcome']): Transfer => ({
    outcome,
    bytes: 0,
    ms: Math.round(session.clock.monotonic() - begin),
    rate: null,
    tcpMs: flow.tcpMs,
    series: [],
  });
  if (!socket) return failed(flow.tls === 'reset' || flow.tls === 'eof' ? 'reset' : 'failed');
  const start = session.clock.monotonic();
  const arrivals: { at: number; bytes: number }[] = [];
  let bytes = 0;
  let outcome: Transfer['outcome'] = 'complete';
  const turns =
    place.paths.length > 1
      ? place.paths.slice(0, 21)
      : place.paths[0] === '/'
        ? Array<string>(8).fill('/')
        : place.paths;
  for (const path of turns) {
    const left = LIMITS.blobMs - (session.clock.monotonic() - start);
    if (left <= 0 || bytes >= LIMITS.blobBytes || signal.aborted) break;
    const offset = session.clock.monotonic() - start;
    const ask = {
      host: place.sni,
      path,
      maxBytes: LIMITS.blobBytes - bytes,
      firstByteMs: LIMITS.stallMs,
      stallMs: LIMITS.stallMs,
      totalMs: left,
      keepAlive: true,
    };
    const got = await exchange(socket, ask, session.clock, signal);
    if (got.status > 0 && (got.status >= 500 || (turns.length === 1 && got.status !== 200))) {
      socket.destroy();
      return failed('failed');
    }
    bytes += got.bytes;
    for (const a of got.arrivals) arrivals.push({ at: a.at + offset, bytes: a.bytes });
    outcome = outcomeOf(got, left);
    if (outcome !== 'complete' || got.headers.get('connection') === 'close') break;
  }
  socket.destroy();
  const ms = Math.round(session.clock.monotonic() - start);
  return { outcome, bytes, ms, rate: rateOf(arrivals, bytes, ms), tcpMs: flow.tcpMs, series: seriesOf(arrivals) };
}

function outcomeOf(got: HttpAnswer, left: number): Transfer['outcome'] {
  if (got.outcome === 'ok') return got.complete ? 'complete' : 'capped';
  if (got.outcome === 'stall') return 'stall';
  if (got.outcome === 'timeout') return got.ms >= left - 50 ? 'slow' : 'stall';
  return got.outcome === 'reset' ? 'reset' : 'failed';
}

/** Bits a second after the first 32 KB; policers let a burst through. */
function rateOf(arrivals: readonly { at: number; bytes: number }[], bytes: number, ms: number): number | null {
  if (bytes === 0) return ms >= 1_000 ? 0 : null;
  let sum = 0;
  for (const a of arrivals) {
    sum += a.bytes;
    if (sum >= FIRST && bytes - sum >= FIRST) return Math.round(((bytes - sum) * 8_000) / Math.max(1, ms - a.at));
  }
  return Math.round((bytes * 8_000) / Math.max(1, ms));
}

function seriesOf(arrivals: readonly { at: number; bytes: number }[]): number[] {
  const out: number[] = [];
  for (const a of arrivals) {
    const slot = Math.min(79, Math.max(0, Math.floor(a.at / 250)));
    while (out.length <= slot) out.push(0);
    out[slot]! += a.bytes;
  }
  return out;
}

/** A page that stopped in the middle asks for a closer look. */
export const pageStalled = (page: Page | null): boolean =>
  page !== null && (page.outcome === 'stall' || page.outcome === 'timeout');
