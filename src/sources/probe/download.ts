import type { Transfer } from '../../core/judge/observations.ts';
import { type Progress, steadyRate } from '../../core/judge/steady-rate.ts';
import type { Clock } from '../../core/ports/clock.ts';
import { LIMITS } from './config.ts';
import type { Dialer } from './net/dial.ts';
import { exchange, type HttpAnswer } from './net/http1.ts';
import { handshake, type Trust } from './net/tls.ts';

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
export async function download(place: Place, depth: Depth, clock: Clock, signal: AbortSignal): Promise<Transfer> {
  const begin = clock.monotonic();
  const request = {
    address: place.address,
    port: 443,
    sni: place.sni,
    tcpMs: LIMITS.vantageTcp,
    tlsMs: LIMITS.repeatTls,
  };
  const { flow, socket, wireBytes } = await handshake(place.dialer, place.trust, request, clock, signal);
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
    const end = meter.end();
    return outcome === 'refused'
      ? nothing('failed')
      : {
          outcome,
          bytes: end.bytes,
          ms: end.ms,
          rate: steadyRate(end.samples, end.ms),
          tcpMs: flow.tcpMs,
          lagMs: end.lagMs,
          series: seriesOf(end.samples),
        };
  } finally {
    meter.end();
    socket.destroy();
  }
}

interface Reading {
  socket: import('node:tls').TLSSocket;
  meter: Meter;
  clock: Clock;
}

/** `refused`: the server answers with an error, which says nothing about speed. */
async function read(place: Place, depth: Depth, r: Reading): Promise<Transfer['outcome'] | 'refused'> {
  const { socket, meter, clock } = r;
  const alone = place.paths.length === 1 && place.paths[0] !== '/';
  const requests = place.paths.length > 1 ? REQUESTS : REPEATS;
  const start = clock.monotonic();
  let bytes = 0;
  let outcome: Transfer['outcome'] = 'complete';
  for (let n = 0; n < requests; n++) {
    const left = depth.ms - (clock.monotonic() - start);
    if (left <= 0) return 'slow';
    if (bytes >= depth.bytes || meter.signal.aborted) break;
    const ask = {
      host: place.sni,
      path: place.paths[n % place.paths.length]!,
      maxBytes: depth.bytes - bytes,
      // Silence is the meter's business: it sees bytes before they make a whole record.
      firstByteMs: left,
      stallMs: left,
      totalMs: left,
      keepAlive: true,
    };
    const got = await exchange(socket, ask, clock, meter.signal);
    if (got.status >= 500 || (got.status > 0 && alone && got.status !== 200)) return 'refused';
    // A server may close a kept connection between two answers: that is no fault of the way. A reset there may be.
    if (n > 0 && got.outcome === 'eof' && got.status === 0 && got.bytes === 0) break;
    bytes += got.bytes;
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

interface Meter {
  /** Aborts on silence, and with the caller's own. */
  signal: AbortSignal;
  stalled(): boolean;
  end(): { bytes: number; ms: number; lagMs: number; samples: Progress[] };
}

/** Watches the wire: how far at which time, for how long nothing came, and for how long this process could not look. */
function createMeter(clock: Clock, wireBytes: () => number, outer: AbortSignal): Meter {
  const silence = new AbortController();
  const start = clock.monotonic();
  const base = wireBytes();
  const samples: Progress[] = [];
  let last = start;
  let grew = start;
  let lagMs = 0;
  let ended: ReturnType<Meter['end']> | null = null;
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
