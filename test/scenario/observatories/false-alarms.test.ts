import { expect, test } from 'vitest';
import { monthsOf, pairsOf } from './months.ts';
import { HARSH, PLAIN } from './noise.ts';

/** A few draws; `false-alarms.long.test.ts` has whole ones, `bench/ooni-alarms.ts` many. */
const SEED = 20_260_101;

test(`90 days of noise of every kind for six pairs (seed ${SEED}): no false alarm`, () => {
  expect(monthsOf(pairsOf(SEED, HARSH, false).slice(0, 6)).falsely).toEqual([]);
});

test(`blocks of six hours to thirty days for eight pairs (seed ${SEED}): at most one is missed, half are told within two polls`, () => {
  const { falsely, seen, missed, late } = monthsOf(pairsOf(SEED, PLAIN, true).slice(0, 8));
  expect({ falsely, missed: missed.slice(1) }).toEqual({ falsely: [], missed: [] });
  expect(seen).toBeGreaterThan(10);
  expect([...late].sort((a, b) => a - b)[Math.floor(late.length / 2)]).toBeLessThanOrEqual(2);
});
