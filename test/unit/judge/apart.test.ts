import { expect, test } from 'vitest';
import { isApart, isLate } from '../../../src/core/judge/rounds.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const last = { at: 0, arrivedAt: 0 };

test.each<[string, number, number, boolean]>([
  ['two minutes, as claimed', 2 * MINUTE, 2 * MINUTE, true],
  ['a quick agent: five seconds, as claimed', 5 * SECOND, 5 * SECOND, true],
  ['a quick agent whose courier was a little late before', 5 * SECOND, 3 * SECOND, true],
  ['claims two minutes, comes at once', 2 * MINUTE, 10, false],
  ['claims ten minutes, comes after ten seconds', 10 * MINUTE, 10 * SECOND, false],
  ['claims ten minutes, comes after one', 10 * MINUTE, MINUTE, true],
  ['claims the same moment, comes after an hour', 0, 60 * MINUTE, false],
  ['claims an earlier moment', -MINUTE, 5 * MINUTE, false],
  ['a second apart', SECOND, SECOND, false],
])('%s: counts %o', (_name, at, arrivedAt, counts) => {
  expect(isApart(last, { at, arrivedAt })).toBe(counts);
});

test('more than a quarter of an hour on the way: history', () => {
  expect([14, 16].map((minutes) => isLate({ at: 0, arrivedAt: minutes * MINUTE }))).toEqual([false, true]);
});
