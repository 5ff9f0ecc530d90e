import { expect, test } from 'vitest';
import { monthsOf, pairsOf } from './months.ts';
import { HARSH, PLAIN } from './noise.ts';

/** A few draws; `false-alarms.long.test.ts` has whole ones, `bench/ooni-alarms.ts` many. */
const SEED = 20_260_101;
/** On a busy machine; it takes a second or two otherwise. */
const TIMEOUT_MS = 120_000;

test(
  `90 days of noise of every kind for three pairs (seed ${SEED}): no false alarm`,
  () => {
    expect(monthsOf(pairsOf(SEED, HARSH, false).slice(0, 3)).falsely).toEqual([]);
  },
  TIMEOUT_MS,
);

test(
  `blocks of six hours to thirty days for four pairs (seed ${SEED}): at most one is missed, half are told within two polls`,
  () => {
    const { falsely, seen, missed, late } = monthsOf(pairsOf(SEED, PLAIN, true).slice(0, 4));
    expect({ falsely, missed: missed.slice(1) }).toEqual({ falsely: [], missed: [] });
    expect(seen).toBeGreaterThan(5);
    expect([...late].sort((a, b) => a - b)[Math.floor(late.length / 2)]).toBeLessThanOrEqual(2);
  },
  TIMEOUT_MS,
);
