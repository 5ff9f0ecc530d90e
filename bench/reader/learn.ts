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
  /** The weights are the mean over all steps from this epoch on. */
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

/** Weights on their way. `late`: what each update came to, times the steps that had been counted by then. */
interface Course {
  weights: Float32Array;
  squares: Float32Array;
  late: Float64Array;
  counted: number;
}

/** The mean over all steps from `meanFrom` on: which texts came last hardly matters. */
export function learn(examples: readonly Example[], bits: number, settings: Settings): Float32Array {
  const { epochs, meanFrom } = settings;
  const course: Course = {
    weights: new Float32Array(1 << bits),
    squares: new Float32Array(1 << bits).fill(1e-3),
    late: new Float64Array(1 << bits),
    counted: 0,
  };
  for (let epoch = 0; epoch < epochs; epoch++) {
    const order = shuffled(examples.length, epoch + 1);
    for (let n = 0; n < order.length; n++) {
      step(examples[order[n]!]!, settings, course);
      if (epoch >= meanFrom) course.counted++;
    }
  }
  const { weights, late, counted } = course;
  return weights.map((weight, k) => weight - late[k]! / Math.max(1, counted));
}

/** One example: where it is wrong, the weights of its features move, and all of them a little towards zero. */
function step(example: Example, { rate, decay }: Settings, { weights, squares, late, counted }: Course): void {
  const { parts, cells, weight } = example;
  const sums = parts.map((part) => dotPacked(weights, part));
  const slopes = new Float64Array(parts.length);
  for (const cell of cells) {
    let score = 0;
    for (const p of cell.parts) score += sums[p]!;
    const g = (logistic(score) - cell.want) * weight;
    for (const p of cell.parts) slopes[p]! += g;
  }
  const pull = decay * weight;
  for (let p = 0; p < parts.length; p++) {
    const { at, values } = parts[p]!;
    const slope = slopes[p]!;
    for (let i = 0; i < at.length; i++) {
      const k = at[i]!;
      const g = slope * values[i]! + pull * weights[k]!;
      squares[k]! += g * g;
      const move = (rate * g) / Math.sqrt(squares[k]!);
      weights[k]! -= move;
      late[k]! -= move * counted;
    }
  }
}
