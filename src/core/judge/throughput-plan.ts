import type { ThroughputObservations } from './observations.ts';
import { helperFaster, isFree, isHeld, judgeThroughput } from './throughput.ts';

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
  const ours = o.pairs
    .map((p) => p.target)
    .filter(isHeld)
    .map((t) => t.rate ?? 0);
  return o.helper !== null && helperFaster(o.helper, Math.max(0, ...ours));
}
