import type { ThroughputObservations, Transfer } from './observations.ts';
import { finding, type Noted, OK } from './verdict.ts';

const MEGABIT = 1e6;
const TARGET_SLOW = 2 * MEGABIT;
const REFERENCE_SLOW = MEGABIT;
const EXTREME = 0.1;
const NOTABLE = 0.33;
const HELPER_FASTER = 3;
/** Slow pairs that it takes. */
const ENOUGH = 2;
/** A SYN is sent again after one second: slower means that a packet was lost. */
const SLOW_CONNECT = 900;
/** Our own process was held up for so long, ms, that moderate slowness may be its own. */
const HELD_UP = 500;

function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const mid = sorted.length >> 1;
  return sorted.length % 2 ? sorted[mid]! : (sorted[mid - 1]! + sorted[mid]!) / 2;
}

const rates = (list: readonly (Transfer | null)[]): number[] =>
  list.map((t) => t?.rate ?? null).filter((r) => r !== null);
/** It went through, or at least went on until our time was up. */
const moved = (t: Transfer): boolean =>
  t.outcome === 'complete' || t.outcome === 'capped' || (t.outcome === 'slow' && (t.rate ?? 0) > 0);

/** Slow enough to ask why. */
export const isHeld = (t: Transfer): boolean => t.outcome === 'stall' || (t.rate !== null && t.rate < TARGET_SLOW);
export const isFree = (t: Transfer): boolean => t.rate !== null && !isHeld(t);
/** The helper's download was clearly faster than ours. */
const helperFaster = (helper: Transfer, ours: number): boolean =>
  moved(helper) && (helper.rate ?? 0) >= HELPER_FASTER * ours;

/**
 * Throttling (probes.md, section 6.4) from interleaved pairs of one family. `ok` stands on proof alone: the target itself was fast, or is
 * slow for the helper too; where neither is known it is `inconclusive`. Throttled: slow twice and in most pairs, against the innocuous name at
 * its address or a reference, and against the helper, on a path that loses nothing at rest.
 */
export function judgeThroughput(o: ThroughputObservations, lossy: boolean): Noted {
  const held = o.pairs.filter((p) => isHeld(p.target));
  const free = o.pairs.filter((p) => isFree(p.target));
  if (held.length === 0) return fine(free.length === 0 && o.pairs.length > 0 ? ['speed_unknown'] : []);
  if (free.length >= ENOUGH && free.length > held.length) return fine();
  const rate = median(rates(held.map((p) => p.target))) ?? 0;
  if (o.helper && slowOutside(o.helper, rate)) {
    if (o.helper.outcome === 'stall') return doubt('stalls_everywhere');
    return fine(['slow_everywhere']);
  }
  // A few fast ones beside slow ones: cut short, or a share of the flows only.
  if (held.length < ENOUGH || held.length <= free.length) return doubt('uneven_speed');
  const stalls = held.filter((p) => p.target.outcome === 'stall');
  return stalls.length >= ENOUGH && stalls.length * 2 >= held.length ? judgeStall() : judgeSlow();

  function judgeSlow(): Noted {
    const low = (pick: 'sameAddress' | 'reference'): number =>
      held.filter((p) => p.target.rate !== null && p[pick]?.rate && p.target.rate / p[pick].rate <= EXTREME).length;
    const same = rates(held.map((p) => p.sameAddress));
    const site = rates(held.map((p) => p.reference));
    const byName = low('sameAddress') >= ENOUGH;
    const byAddress = !byName && low('reference') >= ENOUGH;
    const best = byName || site.length === 0 ? median(same) : median(site);
    if (best === null) return doubt('no_reference');
    if (best < REFERENCE_SLOW) return doubt('slow_vantage');
    const ratio = rate / best;
    if (byName || byAddress) return accuse(ratio.toPrecision(2), byAddress);
    if (ratio <= EXTREME) return doubt('uneven_speed');
    if (heldUp(o)) return doubt('busy');
    return fine(ratio < NOTABLE ? ['slower_than_reference'] : []);
  }

  function judgeStall(): Noted {
    const references = o.pairs.flatMap((p) => [p.reference, p.sameAddress]).filter((t) => t !== null);
    if (references.length > 0 && !references.some((t) => moved(t) && (t.rate ?? 0) >= REFERENCE_SLOW))
      return doubt('slow_vantage');
    // Connections that never came to a transfer are another layer's matter.
    return stalls.every((p) => p.target.bytes === 0) ? doubt('unsteady') : accuse('stall', true);
  }

  function accuse(detail: string, byAddress: boolean): Noted {
    if (o.helper === null || !moved(o.helper)) return doubt('no_helper');
    // Policing loses packets under load alone; a path that loses them at rest as well is broken or congested.
    if (o.atRest ? losesAtRest(o.atRest, lossy) : !lossy && byAddress && losesHandshakes(o))
      return lossy ? doubt('lossy') : doubt('lossy_path', ['lossy_path']);
    // A line that seemed to lose packets, and lost none of those: it was our machine that was slow.
    return lossy && !o.atRest ? doubt('lossy') : { finding: finding('throttled', detail), notes: [] };
  }
}

const fine = (notes: string[] = []): Noted => ({ finding: OK, notes });
const doubt = (detail: string, notes: string[] = []): Noted => ({ finding: finding('inconclusive', detail), notes });

/** Slow for the helper as well. A download that failed there, or came to nothing, does not know. */
const slowOutside = (helper: Transfer, rate: number): boolean =>
  helper.outcome === 'stall' || (helper.rate !== null && helper.rate > 0 && helper.rate < HELPER_FASTER * rate);

const lost = (ms: number | null): boolean => ms === null || ms > SLOW_CONNECT;
/** One lost packet may be chance, unless the vantage point's own line was seen to lose some. */
export const losesAtRest = (connects: readonly (number | null)[], lossy = false): boolean =>
  connects.filter(lost).length >= (lossy ? 1 : 2);

/** For records without connections at rest: those of the transfers themselves. */
function losesHandshakes(o: ThroughputObservations): boolean {
  const times = o.pairs.flatMap((p) => [p.target.tcpMs, p.sameAddress?.tcpMs ?? null]).filter((t) => t !== null);
  return times.length > 0 && times.filter(lost).length / times.length >= 0.3;
}

const heldUp = (o: ThroughputObservations): boolean =>
  o.pairs.some((p) => [p.target, p.sameAddress, p.reference].some((t) => (t?.lagMs ?? 0) > HELD_UP));

/** What to measure next: a download of the target, one of its controls, bare connections after a rest, or nothing more. */
export type SpeedStep = 'target' | 'same' | 'reference' | 'helper' | 'rest' | 'done';

export interface SpeedMeans {
  /** The innocuous name is answered at the target's address. */
  same: boolean;
  reference: boolean;
  helper: boolean;
  /** Downloads through the helper so far. */
  helperTries: number;
  /** No new pair is begun. */
  late: boolean;
}

const PAIRS = 3;
/** Where three do not agree. */
const PAIRS_AT_MOST = 4;
const HELPER_TRIES = 2;

/**
 * The next step of a speed measurement. A fast target needs no control; a slow one is compared with each control in turn, and with the helper
 * once (twice where that was slow too); nobody is accused before connections at rest were tried. Ends after four pairs whatever comes.
 */
export function nextSpeedStep(o: ThroughputObservations, means: SpeedMeans): SpeedStep {
  const pair = o.pairs.at(-1);
  if (!pair) return means.late ? 'done' : 'target';
  const held = o.pairs.filter((p) => isHeld(p.target));
  // A pair that was begun is finished: half of one tells nothing.
  if (isHeld(pair.target)) {
    if (means.same && pair.sameAddress === null && sameTells(o)) return 'same';
    if (means.reference && pair.reference === null) return 'reference';
  }
  if (held.length > 0 && means.helper && means.helperTries < HELPER_TRIES && !outrun(o)) return 'helper';
  const { verdict, detail } = judgeThroughput({ ...o, atRest: o.atRest ?? [] }, false).finding;
  if (verdict === 'throttled') return o.atRest ? 'done' : 'rest';
  if (means.late || o.pairs.length >= PAIRS_AT_MOST) return 'done';
  if (held.length > 0 && verdict === 'ok' && !o.pairs.some((p) => isFree(p.target))) return 'done';
  if (o.pairs.length < PAIRS) return held.length >= 2 && detail === 'no_helper' ? 'done' : 'target';
  return verdict === 'inconclusive' && detail !== 'no_helper' ? 'target' : 'done';
}

/** The innocuous name was as slow the first time: it will not tell name from name. */
function sameTells(o: ThroughputObservations): boolean {
  const first = o.pairs[0]!;
  return o.pairs.length === 1 || first.sameAddress === null || !isHeld(first.target) || !isHeld(first.sameAddress);
}

/** The helper has shown that the target can be fast. */
function outrun(o: ThroughputObservations): boolean {
  const ours = o.pairs.filter((p) => isHeld(p.target)).map((p) => p.target.rate ?? 0);
  return o.helper !== null && helperFaster(o.helper, Math.max(0, ...ours));
}

/** How far a transfer had come: bytes on the wire since its request, at so many ms after it. */
export interface Progress {
  at: number;
  bytes: number;
}

/** What slow start and the smallest burst buckets let through. */
const FIRST = 32_768;
/** A tail shorter than this, in bytes or ms, is chance. */
const TAIL_BYTES = 32_768;
const TAIL_MS = 1_000;

/**
 * Bits a second of a transfer's slowest tail: a policer lets a burst through, of whatever size, and only what comes after it shows the
 * pace that is allowed. `samples` in order of time; `ms`: when the transfer ended or was given up. Null where nothing can be said.
 */
export function steadyRate(samples: readonly Progress[], ms: number): number | null {
  const total = samples.at(-1)?.bytes ?? 0;
  if (total === 0) return ms >= TAIL_MS ? 0 : null;
  const start = total >= FIRST + TAIL_BYTES ? FIRST : 0;
  let slowest: number | null = null;
  for (const s of samples) {
    if (s.bytes < start || total - s.bytes < TAIL_BYTES || ms - s.at < TAIL_MS) continue;
    const rate = ((total - s.bytes) * 8_000) / (ms - s.at);
    if (slowest === null || rate < slowest) slowest = rate;
  }
  if (slowest !== null) return Math.round(slowest);
  const first = samples.find((s) => s.bytes >= start && total - s.bytes >= TAIL_BYTES);
  const bytes = total - (first?.bytes ?? 0);
  return Math.round((bytes * 8_000) / Math.max(1, ms - (first?.at ?? 0)));
}
