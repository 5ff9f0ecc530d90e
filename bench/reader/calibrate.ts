/** From scores to probabilities: a small logistic regression of "right or not" on the scores, fitted on texts that the scores had not seen. */

import { logistic } from '../../src/core/extract/score/weights.ts';

export interface Sample {
  x: number[];
  right: 0 | 1;
  weight: number;
}

const STEPS = 25;
/** Pull of each number towards where it starts, as strong as so many samples. */
const PRIOR = 2;

/** Minus the log-likelihood, and the pull towards where it starts. */
function lossOf(samples: readonly Sample[], at: readonly number[], start: readonly number[], pull: number): number {
  let loss = at.reduce((sum, v, i) => sum + (pull / 2) * (v - start[i]!) ** 2, 0);
  for (const { x, right, weight } of samples) {
    const odds = x.reduce((sum, v, i) => sum + at[i + 1]! * v, at[0]!);
    const away = right === 1 ? -odds : odds;
    loss += weight * (Math.max(0, away) + Math.log1p(Math.exp(-Math.abs(away))));
  }
  return loss;
}

/** Offset, then one slope for each score: Newton's method, which needs a handful of steps; a step that would make it worse is halved. */
export function fitOdds(samples: readonly Sample[], start: readonly number[], pull: number = PRIOR): number[] {
  let at = [...start];
  let loss = lossOf(samples, at, start, pull);
  const size = at.length;
  for (let step = 0; step < STEPS; step++) {
    const slope = at.map((v, i) => pull * (v - start[i]!));
    const bend = at.map((_, i) => at.map((_v, k) => (i === k ? pull : 0)));
    for (const { x, right, weight } of samples) {
      const row = [1, ...x];
      let sum = 0;
      for (let i = 0; i < size; i++) sum += at[i]! * row[i]!;
      const p = logistic(sum);
      const [g, h] = [(p - right) * weight, p * (1 - p) * weight];
      for (let i = 0; i < size; i++) {
        slope[i]! += g * row[i]!;
        for (let k = 0; k < size; k++) bend[i]![k]! += h * row[i]! * row[k]!;
      }
    }
    const move = solved(bend, slope);
    for (let share = 1; share > 1e-3; share /= 2) {
      const next = at.map((v, i) => v - share * move[i]!);
      const nextLoss = lossOf(samples, next, start, pull);
      if (nextLoss > loss) continue;
      at = next;
      loss = nextLoss;
      break;
    }
  }
  return at.map((v) => Math.round(v * 10_000) / 10_000);
}

/** x of a·x = b, for an a that is symmetric and has a positive diagonal throughout (Gauss). Both are used up. */
function solved(a: number[][], b: number[]): number[] {
  const size = b.length;
  for (let i = 0; i < size; i++)
    for (let k = i + 1; k < size; k++) {
      const times = a[k]![i]! / a[i]![i]!;
      for (let j = i; j < size; j++) a[k]![j]! -= times * a[i]![j]!;
      b[k]! -= times * b[i]!;
    }
  for (let i = size - 1; i >= 0; i--) {
    for (let j = i + 1; j < size; j++) b[i]! -= a[i]![j]! * b[j]!;
    b[i]! /= a[i]![i]!;
  }
  return b;
}

export interface Bin {
  from: number;
  to: number;
  count: number;
  said: number;
  was: number;
}

/** Said probabilities against what was right, in bins. */
export function reliability(pairs: readonly { p: number; right: boolean }[]): Bin[] {
  const edges = [0, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0001];
  return edges.slice(1).map((to, i) => {
    const from = edges[i]!;
    const own = pairs.filter(({ p }) => p >= from && p < to);
    const mean = (f: (one: { p: number; right: boolean }) => number): number =>
      own.length === 0 ? Number.NaN : own.reduce((sum, one) => sum + f(one), 0) / own.length;
    return {
      from,
      to: Math.min(to, 1),
      count: own.length,
      said: mean((o) => o.p),
      was: mean((o) => (o.right ? 1 : 0)),
    };
  });
}
