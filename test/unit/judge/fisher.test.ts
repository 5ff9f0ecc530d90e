import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fisherGreater } from '../../../src/core/judge/endpoint.ts';

/** All ways of spreading the failures over the flows, counted. */
function counted(badA: number, a: number, badB: number, b: number): number {
  const choose = (n: number, k: number): bigint => {
    let out = 1n;
    for (let i = 1n; i <= BigInt(k); i++) out = (out * (BigInt(n) - BigInt(k) + i)) / i;
    return k < 0 || k > n ? 0n : out;
  };
  const bad = badA + badB;
  let ways = 0n;
  for (let k = badA; k <= Math.min(a, bad); k++) ways += choose(a, k) * choose(b, bad - k);
  return Number((ways * 1_000_000_000n) / choose(a + b, bad)) / 1e9;
}

const table = fc
  .tuple(fc.integer({ min: 1, max: 45 }), fc.integer({ min: 1, max: 45 }))
  .chain(([a, b]) => fc.tuple(fc.nat(a), fc.constant(a), fc.nat(b), fc.constant(b)));

test('any counts: what counting all ways gives, between 0 and 1', () => {
  fc.assert(
    fc.property(table, ([badA, a, badB, b]) => {
      const p = fisherGreater(badA, a, badB, b);
      expect(p).toBeGreaterThanOrEqual(0);
      expect(p).toBeLessThanOrEqual(1);
      if (badA + badB > 0) expect(p).toBeCloseTo(counted(badA, a, badB, b), 6);
    }),
  );
});

test('one failure more of the name: never likelier to be chance; one more of the innocuous name: never less', () => {
  fc.assert(
    fc.property(table, ([badA, a, badB, b]) => {
      const p = fisherGreater(badA, a, badB, b);
      if (badA < a) expect(fisherGreater(badA + 1, a, badB, b)).toBeLessThanOrEqual(p + 1e-9);
      if (badB < b && badA > 0) expect(fisherGreater(badA, a, badB + 1, b)).toBeGreaterThanOrEqual(p - 1e-9);
    }),
  );
});

test('nothing failed, or nothing to compare with: chance', () => {
  expect([fisherGreater(0, 20, 0, 20), fisherGreater(5, 5, 0, 0), fisherGreater(0, 0, 3, 9)]).toEqual([1, 1, 1]);
});
