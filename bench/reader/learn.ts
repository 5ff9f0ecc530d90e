/** Logistic regression over hashed features: AdaGrad in a fixed order, so that the same inputs give the same weights. */
import { bucketsOf, type Features } from '../../src/core/extract/score/features.ts';

export interface Packed {
  at: Int32Array;
  values: Float32Array;
}

export const pack = (features: Features, bits: number, lane: number | null): Packed => ({
  at: bucketsOf(features, bits, lane),
  values: Float32Array.from(features.values.subarray(0, features.size)),
});

/** Cells that share parts and are learned together: one of a text for relevance, all its candidates for triples. */
export interface Example {
  parts: Packed[];
  cells: { parts: number[]; want: 0 | 1 }[];
  weight: number;
}

export interface Settings {
  epochs: number;
  rate: number;
  decay: number;
  /** The weights are the mean over the ends of the epochs from this one on: less depends on the order of the last texts. */
  meanFrom: number;
}

export function shuffled(n: number, seed: number): Int32Array {
  const order = Int32Array.from({ length: n }, (_, i) => i);
  let state = (seed * 2654435761) >>> 0;
  for (let i = n - 1; i > 0; i--) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const k = Math.floor((state / 2 ** 32) * (i + 1));
    const swap = order[i]!;
    order[i] = order[k]!;
    order[k] = swap;
  }
  return order;
}

const logistic = (x: number): number => 1 / (1 + Math.exp(-x));

export function dotPacked(weights: Float32Array, { at, values }: Packed): number {
  let sum = 0;
  for (let i = 0; i < at.length; i++) sum += weights[at[i]!]! * values[i]!;
  return sum;
}

export function scoresOf(weights: Float32Array, { parts, cells }: Example): number[] {
  const sums = parts.map((p) => dotPacked(weights, p));
  return cells.map((cell) => cell.parts.reduce((sum, p) => sum + sums[p]!, 0));
}

export function learn(examples: readonly Example[], bits: number, settings: Settings): Float32Array {
  const { epochs, rate, decay, meanFrom } = settings;
  const weights = new Float32Array(1 << bits);
  const sum = new Float32Array(1 << bits);
  const squares = new Float32Array(1 << bits).fill(1e-3);
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (const n of shuffled(examples.length, epoch + 1)) {
      const example = examples[n]!;
      const scores = scoresOf(weights, example);
      const slopes = new Float32Array(example.parts.length);
      for (const [i, cell] of example.cells.entries()) {
        const g = (logistic(scores[i]!) - cell.want) * example.weight;
        for (const p of cell.parts) slopes[p]! += g;
      }
      for (const [p, { at, values }] of example.parts.entries()) {
        const slope = slopes[p]!;
        for (let i = 0; i < at.length; i++) {
          const k = at[i]!;
          const g = slope * values[i]! + decay * weights[k]! * example.weight;
          squares[k]! += g * g;
          weights[k]! -= (rate * g) / Math.sqrt(squares[k]!);
        }
      }
    }
    if (epoch >= meanFrom) for (const [k, weight] of weights.entries()) sum[k]! += weight;
  }
  return sum.map((weight) => weight / (epochs - meanFrom));
}
