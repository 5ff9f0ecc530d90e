/** From scores to probabilities: what is fitted says what was true. */
import { describe, expect, test } from 'vitest';
import { fitOdds, reliability, type Sample } from '../../../bench/reader/calibrate.ts';
import { logistic } from '../../../src/core/extract/score/weights.ts';

/** Of 1,000 samples with one score so many are right as the odds say. */
const samples = (x: number[], odds: number): Sample[] => {
  const p = logistic(odds);
  return [
    { x, right: 1, weight: 1_000 * p },
    { x, right: 0, weight: 1_000 * (1 - p) },
  ];
};

describe('fitted odds', () => {
  test('scores that follow a line: the line, but for a pull towards where it starts', () => {
    const line = (score: number): number => 0.5 + 2 * score;
    const [offset, slope] = fitOdds(
      [-2, -1, 0, 1, 2].flatMap((score) => samples([score], line(score))),
      [0, 1],
    );
    expect(offset).toBeCloseTo(0.5, 1);
    expect(slope).toBeCloseTo(2, 1);
  });

  test('two pieces of evidence, of which one says nothing: it gets next to no weight', () => {
    const all = [-1, 0, 1].flatMap((score) => [0, 1].flatMap((noise) => samples([score, noise], score)));
    const [, slope, none] = fitOdds(all, [0, 0.5, 0]);
    expect(slope).toBeCloseTo(1, 1);
    expect(none).toBeCloseTo(0, 1);
  });

  test('samples at which whole steps overshoot further and further: the same as from near the answer', () => {
    const all = (
      [
        [7, 0, 0, 7],
        [6, 0, 1, 8],
        [8, 0, 0, 23],
        [1, 0, 0, 36],
        [-1, 0, 0, 19],
        [0, 8, 0, 38],
      ] as const
    ).map(([a, b, right, weight]): Sample => ({ x: [a, b], right, weight }));
    const [offset, slope, rare] = fitOdds(all, [0, 0.5, 0]);
    for (const value of [offset!, slope!, rare!]) expect(Math.abs(value)).toBeLessThan(5);
    expect(offset).toBeLessThan(0);
    expect(rare).toBeLessThan(0);
  });

  test('no samples: where it starts', () => expect(fitOdds([], [0.25, 1])).toEqual([0.25, 1]));

  test('said and true, in bins: each pair in one', () => {
    const pairs = [0.1, 0.2, 0.97, 1].map((p, i) => ({ p, right: i > 1 }));
    const bins = reliability(pairs).filter(({ count }) => count > 0);
    expect(bins.map(({ count, was }) => [count, was])).toEqual([
      [2, 0],
      [2, 1],
    ]);
  });
});
