/** From scores to probabilities: a small logistic regression of "right or not" on the scores, fitted on texts that the scores had not seen. */

export interface Sample {
  x: number[];
  right: 0 | 1;
  weight: number;
}

const logistic = (x: number): number => 1 / (1 + Math.exp(-x));
const STEPS = 4_000;
const RATE = 0.05;
/** Pull towards "the score is the log-odds", as strong as so many samples. */
const PRIOR = 2;

/** Offset, then one slope for each score. */
export function fitOdds(samples: readonly Sample[], start: readonly number[]): number[] {
  const at = [...start];
  const total = samples.reduce((sum, s) => sum + s.weight, 0) + PRIOR;
  for (let step = 0; step < STEPS; step++) {
    const slope = at.map((v, i) => (PRIOR * (v - start[i]!)) / total);
    for (const { x, right, weight } of samples) {
      let sum = at[0]!;
      for (const [i, value] of x.entries()) sum += at[i + 1]! * value;
      const g = ((logistic(sum) - right) * weight) / total;
      slope[0]! += g;
      for (const [i, value] of x.entries()) slope[i + 1]! += g * value;
    }
    for (const [i, g] of slope.entries()) at[i]! -= RATE * g;
  }
  return at.map((v) => Math.round(v * 10_000) / 10_000);
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
