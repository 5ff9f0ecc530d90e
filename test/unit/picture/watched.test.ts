/** When this bot looked at all: spells that grow, end, are forgotten and are read back from whatever was written. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { JOINS_MS, readPeriods, type Period, watchedShare, withLook } from '../../../src/core/timeline.ts';
import { DAY, NOON } from './support.ts';

const HOUR = 3_600_000;

describe('a look', () => {
  const cases: [name: string, before: Period[], after: Period[]][] = [
    ['the first one begins a spell', [], [[NOON, NOON]]],
    ['soon after the last: the spell goes on', [[NOON - HOUR, NOON - JOINS_MS]], [[NOON - HOUR, NOON]]],
    [
      'later: a new spell, and a gap between',
      [[NOON - 2 * HOUR, NOON - HOUR]],
      [
        [NOON - 2 * HOUR, NOON - HOUR],
        [NOON, NOON],
      ],
    ],
    ['the clock was set back: what is written stands', [[NOON - HOUR, NOON + HOUR]], [[NOON - HOUR, NOON + HOUR]]],
    ['what ended over a year ago is forgotten', [[NOON - 500 * DAY, NOON - 401 * DAY]], [[NOON, NOON]]],
  ];
  test.each(cases)('%s', (_, before, after) => {
    expect(withLook(before, NOON)).toEqual(after);
  });

  test('of too many spells the two that lie closest become one', () => {
    const periods: Period[] = Array.from({ length: 500 }, (_, i) => [
      NOON - (501 - i) * HOUR,
      NOON - (501 - i) * HOUR + 1,
    ]);
    periods[7] = [periods[7]![0] - 1_800_000, periods[7]![1]];
    const after = withLook(periods, NOON);
    expect(after).toHaveLength(500);
    expect(after[6]).toEqual([periods[6]![0], periods[7]![1]]);
    expect(after.at(-1)).toEqual([NOON, NOON]);
  });

  test('any series of looks: in order, never touching, never more than 500, and the newest is in it', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 60_000, max: 3 * HOUR }), { maxLength: 700 }), (pauses) => {
        let periods: Period[] = [];
        let now = NOON;
        for (const pause of pauses) {
          now += pause;
          periods = withLook(periods, now);
        }
        expect(periods.length).toBeLessThanOrEqual(500);
        for (const [at, [from, to]] of periods.entries()) {
          expect(from).toBeLessThanOrEqual(to);
          if (at > 0) expect(from - periods[at - 1]![1]).toBeGreaterThan(JOINS_MS);
        }
        if (pauses.length > 0) expect(periods.at(-1)![1]).toBe(now);
        expect(readPeriods(JSON.parse(JSON.stringify(periods)))).toEqual(periods);
      }),
      { numRuns: 40 },
    );
  });
});

test('the share of a stretch that was watched', () => {
  const periods: Period[] = [
    [0, 10],
    [20, 25],
  ];
  const cases: [from: number, to: number, share: number][] = [
    [0, 10, 1],
    [5, 15, 0.5],
    [10, 20, 0],
    [0, 30, 0.5],
    [24, 26, 0.5],
    [7, 7, 0],
    [9, 3, 0],
  ];
  for (const [from, to, share] of cases) expect(watchedShare(periods, from, to)).toBe(share);
});

test('what was written is read back; whatever is no spell is left out', () => {
  expect(readPeriods([[1, 2], 'x', [3], [5, 4], [null, 3], [6, 8], [7, 9], [Number.NaN, 1]])).toEqual([
    [1, 2],
    [6, 8],
  ]);
  for (const odd of [undefined, null, 7, 'spells', {}, { 0: [1, 2] }]) expect(readPeriods(odd)).toEqual([]);
});
