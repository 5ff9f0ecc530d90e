import type { TLSSocket } from 'node:tls';
import { authentic, type Page, type ThroughputObservations, type Transfer } from '../../core/judge/observations.ts';
import {
  isFree,
  losesAtRest,
  nextSpeedStep,
  type Progress,
  type SpeedMeans,
  type SpeedStep,
  steadyRate,
} from '../../core/judge/throughput.ts';
import type { Clock } from '../../core/ports/runtime.ts';
import { LIMITS } from './config.ts';
import { type Endpoint, shake } from './endpoint.ts';
import { type Dialer, handshake, type Timing, type Trust } from './net/connection.ts';
import { exchange, type HttpAnswer } from './net/http1.ts';
import { watchLag, type Work } from './session.ts';

export interface Place {
  dialer: Dialer;
  address: string;
  sni: string;
  /** Asked for in turn on one connection, again from the first where that is not enough. */
  paths: string[];
  trust: Trust;
}

/** Where a download stops. */
export interface Depth {
  bytes: number;
  ms: number;
}

const TICK = 100;
const SLOT = 250;
const HELD_UP = 250;
const REQUESTS = 21;
const REPEATS = 8;
/** Samples of one transfer at most; ticks alone make some 80. */
const SAMPLES = 2_000;

/**
 * One download on one connection, over as many requests as it takes, bounded in bytes and time. A connection that is met with silence counts as
 * a stall of no bytes. Never throws.
 */
export async function download(place: Place, depth: Depth, { clock, signal }: Timing): Promise<Transfer> {
  const begin = clock.monotonic();
  const { address, sni } = place;
  const request = { address, port: 443, sni, tcpMs: LIMITS.vantageTcp, tlsMs: LIMITS.repeatTls };
  const { flow, socket, wireBytes } = await handshake(place.dialer, place.trust, request, { clock, signal });
  const nothing = (outcome: Transfer['outcome'], rate: number | null = null): Transfer => ({
    outcome,
    bytes: 0,
    ms: Math.round(clock.monotonic() - begin),
    rate,
    tcpMs: flow.tcpMs,
    series: [],
  });
  if (!socket) {
    if (flow.tcp === 'timeout' || flow.tls === 'timeout') return nothing('stall', 0);
    return nothing(flow.tls === 'reset' || flow.tls === 'eof' ? 'reset' : 'failed');
  }
  const meter = createMeter(clock, wireBytes, signal);
  try {
    const outcome = await read(place, depth, { socket, meter, clock });
    if (outcome === 'refused') return nothing('failed');
    const { bytes, ms, lagMs, samples } = meter.end();
    const rate = steadyRate(samples, ms);
    return { outcome, bytes, ms, rate, tcpMs: flow.tcpMs, lagMs, series: seriesOf(samples) };
  } finally {
    meter.end();
    socket.destroy();
  }
}

/** `refused`: the server answers with an error, which says nothing about speed. */
async function read(
  place: Place,
  depth: Depth,
  { socket, meter, clock }: { socket: TLSSocket; meter: Meter; clock: Clock },
): Promise<Transfer['outcome'] | 'refused'> {
  const alone = place.paths.length === 1 && place.paths[0] !== '/';
  const requests = place.paths.length > 1 ? REQUESTS : REPEATS;
  const start = clock.monotonic();
  let bytes = 0;
  let outcome: Transfer['outcome'] = 'complete';
  for (let n = 0; n < requests; n++) {
    const left = depth.ms - (clock.monotonic() - start);
    if (left <= 0) return 'slow';
    if (bytes >= depth.bytes || meter.signal.aborted) break;
    // Silence is the meter's business: it sees bytes before they make a whole record.
    const waits = { firstByteMs: left, stallMs: left, totalMs: left };
    const path = place.paths[n % place.paths.length]!;
    const ask = { host: place.sni, path, maxBytes: depth.bytes - bytes, ...waits, keepAlive: true };
    const got = await exchange(socket, ask, { clock, signal: meter.signal });
    if (got.status >= 500 || (got.status > 0 && alone && got.status !== 200)) return 'refused';
    // A server may close a kept connection between two answers: that is no fault of the way. A reset there may be.
    if (n > 0 && got.outcome === 'eof' && got.status === 0 && got.body.length === 0) break;
    bytes += got.body.length;
    outcome = outcomeOf(got, meter);
    if (outcome !== 'complete' || got.headers.get('connection') === 'close') break;
  }
  return outcome;
}

function outcomeOf(got: HttpAnswer, meter: Meter): Transfer['outcome'] {
  if (got.outcome === 'ok') return got.complete ? 'complete' : 'capped';
  if (meter.stalled()) return 'stall';
  if (got.outcome === 'timeout' || got.outcome === 'stall') return 'slow';
  return got.outcome === 'reset' ? 'reset' : 'failed';
}

type Meter = ReturnType<typeof createMeter>;

/** Watches the wire: how far at which time, for how long nothing came, and for how long this process could not look. */
function createMeter(clock: Clock, wireBytes: () => number, outer: AbortSignal) {
  const silence = new AbortController();
  const start = clock.monotonic();
  const base = wireBytes();
  const samples: Progress[] = [];
  let last = start;
  let grew = start;
  let lagMs = 0;
  let ended: { bytes: number; ms: number; lagMs: number; samples: Progress[] } | null = null;
  const look = (): void => {
    const now = clock.monotonic();
    const late = now - last - TICK;
    last = now;
    if (late > 0) {
      lagMs = Math.max(lagMs, Math.round(late));
      // What came while we were held up has not been read yet. (Every tick is late by a little: that is no such time.)
      if (late > HELD_UP) grew += late;
    }
    const bytes = wireBytes() - base;
    if (bytes > (samples.at(-1)?.bytes ?? 0)) grew = now;
    if (samples.length < SAMPLES) samples.push({ at: now - start, bytes });
    if (now - grew >= LIMITS.stallMs) silence.abort(new Error('silence'));
  };
  const timer = setInterval(look, TICK);
  return {
    /** Aborts on silence, and with the caller's own. */
    signal: AbortSignal.any([silence.signal, outer]),
    stalled: () => silence.signal.aborted,
    end() {
      clearInterval(timer);
      if (!ended) {
        const ms = Math.max(1, Math.round(clock.monotonic() - start));
        const bytes = wireBytes() - base;
        samples.push({ at: ms, bytes });
        ended = { bytes, ms, lagMs, samples };
      }
      return ended;
    },
  };
}

/** Bytes in each quarter of a second. */
function seriesOf(samples: readonly Progress[]): number[] {
  const out: number[] = [];
  let before = 0;
  for (const s of samples) {
    const slot = Math.min(79, Math.max(0, Math.floor(s.at / SLOT)));
    while (out.length <= slot) out.push(0);
    out[slot]! += s.bytes - before;
    before = s.bytes;
  }
  return out;
}

interface SpeedRequest {
  endpoint: Endpoint;
  name: string;
  trust: Trust;
  /** The helper works for this family. */
  helper: boolean;
  /** Monotonic ms after which no new pair is begun. */
  until: number;
}

type Contest = Awaited<ReturnType<typeof contestants>>;

/**
 * The speeds of one target at one address of each family, side by side, as `nextSpeedStep` asks for them; then, with all downloads ended,
 * the bare connections that tell a policed path from one that loses packets.
 */
export async function measureThroughput(work: Work, requests: readonly SpeedRequest[]) {
  const done = await Promise.all(requests.map((r) => compare(work, r)));
  const wanting = done.filter((d) => d.step === 'rest');
  if (wanting.length > 0 && !work.signal.aborted) {
    await work.clock.sleep(LIMITS.rest, work.signal).catch(() => undefined);
    await Promise.all(
      wanting.map(async ({ o, address }) => {
        o.atRest = await atRest(work, address);
      }),
    );
  }
  return done.map((d) => d.o);
}

async function compare(work: Work, r: SpeedRequest) {
  const o: ThroughputObservations = { family: r.endpoint.family, pairs: [], helper: null, atRest: null };
  const contest = await contestants(work, r);
  const means = (): SpeedMeans => ({
    same: contest.same !== null,
    reference: contest.reference !== null,
    helper: contest.helper !== null,
    helperTries: contest.helperTries,
    late: work.signal.aborted || work.clock.monotonic() > r.until,
  });
  let step = nextSpeedStep(o, means());
  while (step !== 'done' && step !== 'rest') {
    await take(work, o, contest, step);
    step = nextSpeedStep(o, means());
  }
  return { o, step, address: r.endpoint.address };
}

async function take(
  work: Work,
  o: ThroughputObservations,
  contest: Contest,
  step: Exclude<SpeedStep, 'rest' | 'done'>,
): Promise<void> {
  const isTarget = step === 'target';
  const isBrief = isTarget && o.pairs.length > 0 && o.pairs.every((p) => isFree(p.target));
  const bytes = isBrief ? LIMITS.briefBytes : LIMITS.deepBytes;
  if (step === 'helper') contest.helperTries++;
  const ms = isTarget ? LIMITS.targetMs : LIMITS.controlMs;
  const got = await download(contest[step]!, { bytes, ms }, work);
  if (isTarget) o.pairs.push({ target: got, sameAddress: null, reference: null });
  else if (step === 'helper') o.helper = better(o.helper, got);
  else o.pairs.at(-1)![step === 'same' ? 'sameAddress' : 'reference'] = got;
}

const better = (a: Transfer | null, b: Transfer): Transfer => (a === null || (b.rate ?? -1) > (a.rate ?? -1) ? b : a);

/** Who is compared, and how often the helper was asked. */
async function contestants(work: Work, r: SpeedRequest) {
  const { endpoint: e, name, trust } = r;
  const paths = await objectPaths(work, r);
  const target: Place = { dialer: work.direct, address: e.address, sni: name, paths, trust };
  const site = work.vantage.reference_sites.find((s) => (e.family === 4 ? s.v4 : s.v6));
  const address = e.family === 4 ? site?.v4 : site?.v6;
  const objects = [work.vantage.blobs.at(-1) ?? '/'];
  return {
    target,
    same: e.innocuous.some((f) => f.tls === 'ok') ? { ...target, ...work.innocuous } : null,
    reference: site && address ? { ...target, address, sni: site.name, paths: objects, trust: work.trust } : null,
    helper: r.helper && work.helper ? { ...target, dialer: work.helper } : null,
    helperTries: 0,
  };
}

/** Connections without a word on them, one after the other; ends early where it is clear that packets are lost. */
async function atRest({ clock, direct, signal }: Work, address: string): Promise<(number | null)[]> {
  const seen: (number | null)[] = [];
  const lag = watchLag(clock);
  while (seen.length < LIMITS.restConnects && !losesAtRest(seen) && !signal.aborted) {
    const before = lag.total();
    const dialed = await direct.dial(address, 443, LIMITS.vantageTcp, signal);
    dialed.socket?.destroy();
    seen.push(dialed.tcp === 'ok' ? Math.max(0, Math.round(dialed.ms - (lag.total() - before))) : null);
    await clock.sleep(LIMITS.restGap, signal).catch(() => undefined);
  }
  lag.stop();
  return seen;
}

/** The smallest of the vantage file's objects that is large enough, else the largest that is there, else the page's own parts. */
async function objectPaths(work: Work, r: SpeedRequest): Promise<string[]> {
  const { endpoint: e, name } = r;
  const { blobs } = work.vantage;
  let best: string | null = null;
  if (blobs.length > 0) {
    const { flow, socket } = await shake(work, { address: e.address, trust: r.trust }, { sni: name });
    if (socket && authentic(flow)) {
      for (const path of blobs.slice(0, 6)) {
        const bounds = { maxBytes: 1_024, firstByteMs: 4_000, stallMs: 4_000, totalMs: 5_000 };
        const ask = { host: name, path, method: 'HEAD' as const, ...bounds, keepAlive: true };
        const got = await exchange(socket, ask, work);
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
