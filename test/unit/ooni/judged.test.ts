import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  beforeOf,
  countedOf,
  easedOf,
  evidenceOf,
  judgedOf,
  type Row,
  seenSince,
  UNKNOWN,
  type Usual,
  usualOf,
} from '../../../src/core/judge/counts.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const MIDNIGHT = Date.UTC(2026, 1, 11);
const NOW = MIDNIGHT + 12 * HOUR;

const hour = (ago: number, asn: number, bad: number, ok: number): Row => ({
  at: NOW - ago * HOUR,
  span: HOUR,
  asn,
  bad,
  ok,
});
/** The same counts on these networks in each of these hours. */
const on = (from: number, to: number, asns: readonly number[], bad: number, ok: number): Row[] =>
  Array.from({ length: from - to }, (_, i) => asns.map((asn) => hour(from - i, asn, bad, ok))).flat();
/** Fourteen days before today. */
const days = (asns: readonly number[], bad: number, ok: number): Row[] =>
  Array.from({ length: 14 }, (_, i) =>
    asns.map((asn) => ({ at: MIDNIGHT - (i + 1) * DAY, span: DAY, asn, bad, ok })),
  ).flat();

/** As the source does: what the counts look like, and what it comes to. */
function judged(hours: Row[], before: Row[], isKnown = false): string {
  const looks = countedOf(hours, NOW);
  if (looks?.says !== 'cut') return looks?.says ?? '-';
  const found = judgedOf(hours, beforeOf(looks, hours, before), { now: NOW, isKnown });
  return found ? `${found.before}${found.isUsual ? ', as usual' : ''}` : 'chance';
}

const FIVE = [1, 2, 3, 4, 5];
const quietDays = days(FIVE, 2, 38);
const quiet = on(50, 3, FIVE, 0, 2);

describe('what looks like a cut', () => {
  test.each<[string, Row[], Row[], string]>([
    ['all five networks went wrong three hours ago', [...quiet, ...on(3, 0, FIVE, 4, 0)], quietDays, 'open'],
    [
      'of three networks that were quiet',
      [...on(50, 3, [1, 2, 3], 0, 2), ...on(3, 0, [1, 2, 3], 4, 0)],
      days([1, 2, 3], 2, 38),
      'open',
    ],
    ['nobody measured before', on(3, 0, FIVE, 4, 0), [], 'unknown'],
    ['it was so on all days', on(60, 0, FIVE, 2, 0), days(FIVE, 38, 2), 'cut, as usual'],
    [
      'networks with filters, as ever, and one more',
      [...on(50, 3, FIVE, 2, 0), ...on(3, 0, FIVE, 4, 0)],
      [...days([1, 2, 3, 4], 19, 1), ...days([6, 7, 8, 9, 10], 0, 40)],
      'chance',
    ],
    [
      'networks that nobody had seen before, among those that go on as usual',
      [...quiet, ...on(3, 0, [11, 12, 13, 14], 9, 0), ...on(3, 0, [1, 2], 0, 1)],
      quietDays,
      'chance',
    ],
    [
      'three networks of many, which often have trouble',
      [...on(50, 3, [1, 2, 3], 1, 1), ...on(3, 0, [1, 2, 3], 4, 0)],
      days([1, 2, 3], 2, 38).map((row) =>
        row.at % (3 * DAY) === row.asn * DAY - DAY ? { ...row, bad: 30, ok: 10 } : row,
      ),
      'chance',
    ],
    [
      'days that are often nearly as bad',
      [...on(50, 3, FIVE, 1, 1), ...on(3, 0, FIVE, 5, 2)],
      days(FIVE, 10, 30).map((row) => (row.at % (2 * DAY) === 0 ? { ...row, bad: 22, ok: 18 } : row)),
      'chance',
    ],
    [
      'three in ten always fail, and now nearly all',
      [...on(50, 3, FIVE, 1, 2), ...on(3, 0, FIVE, 8, 0)],
      days(FIVE, 12, 28),
      'open',
    ],
    [
      'three in ten always fail, and now two thirds',
      [...on(50, 3, FIVE, 1, 2), ...on(3, 0, FIVE, 2, 1)],
      days(FIVE, 12, 28),
      'chance',
    ],
  ])('%s', (...[, hours, before, expected]) => expect(judged(hours, before)).toBe(expected));

  test('found to be cut before, and it goes on, less surely than then: still cut, and no news', () => {
    const hours = [...quiet, ...on(3, 0, [11, 12, 13, 14], 9, 0), ...on(3, 0, [1, 2], 0, 1)];
    expect(judged(hours, quietDays, true)).toBe('open, as usual');
  });

  test('back after weeks for some hours, and cut again: what was well for hours tells how it is when it is well', () => {
    const hours = [...on(60, 12, FIVE, 3, 0), ...on(12, 4, FIVE, 0, 3), ...on(4, 0, FIVE, 4, 0)];
    // Not as usual: news for whoever saw it come back.
    expect(judged(hours, days(FIVE, 38, 2))).toBe('cut');
  });
});

describe('how much it speaks for a cut', () => {
  const usual = usualOf(quietDays, MIDNIGHT)!;
  const evidence = (rows: Row[], hours: number, of: Usual = usual): number =>
    evidenceOf(seenSince(rows, NOW - hours * HOUR), of, hours);

  test('a thousand of one network weigh hardly more than a few', () => {
    const few = evidence([...quiet, hour(1, 1, 6, 0)], 1);
    expect(evidence([...quiet, hour(1, 1, 1_000, 0)], 1) - few).toBeLessThan(1);
    expect(evidence([...quiet, ...on(1, 0, [1, 2], 6, 0)], 1) - few).toBeGreaterThan(3);
  });

  test('networks that turned in the same hours weigh more than those that were so before', () => {
    const before = on(20, 3, FIVE, 2, 0);
    const troubled = { ...usual, trouble: 0.06 };
    expect(evidence([...quiet, ...on(3, 0, FIVE, 2, 0)], 3, troubled)).toBeGreaterThan(
      evidence([...before, ...on(3, 0, FIVE, 2, 0)], 3, troubled) + 5,
    );
  });

  test('one that goes on as usual speaks against', () => {
    const without = [...quiet, ...on(2, 0, [1, 2, 3], 4, 0)];
    expect(evidence([...without, ...on(2, 0, [4, 5], 0, 4)], 2)).toBeLessThan(evidence(without, 2) - 3);
  });

  test('one with a filter of its own says nothing', () => {
    const filtered = usualOf(
      quietDays.map((row) => (row.asn === 5 ? { ...row, bad: 40, ok: 0 } : row)),
      MIDNIGHT,
    )!;
    const without = [...quiet, ...on(2, 0, [1, 2, 3], 4, 0)];
    const more = evidence([...without, hour(1, 5, 30, 0)], 2, filtered) - evidence(without, 2, filtered);
    expect(Math.abs(more)).toBeLessThan(1);
  });

  test('whatever is counted: a number, and never less for more networks that turn', () => {
    const row = fc
      .tuple(fc.integer({ min: 1, max: 48 }), fc.integer({ min: 1, max: 8 }), fc.nat(2_000), fc.nat(2_000))
      .map(([ago, asn, bad, ok]) => hour(ago, asn, bad, ok));
    fc.assert(
      fc.property(fc.array(row, { maxLength: 40 }), fc.constantFrom(UNKNOWN, usual), (rows, of) => {
        const found = evidence(rows, 48, of);
        expect(Number.isFinite(found)).toBe(true);
        expect(evidence([...rows, hour(1, 99, 10, 0)], 48, of)).toBeGreaterThan(found);
      }),
    );
  });
});

test('a part is back of what usually fails in four of ten: as well as usual is well', () => {
  const usual = usualOf(days(FIVE, 16, 24), MIDNIGHT)!;
  const rows = on(3, 0, FIVE, 2, 3);
  expect(countedOf(rows, NOW)?.says).toBe('partly');
  expect(easedOf(rows, usual, NOW)?.says).toBe('open');
  expect(easedOf(rows, usualOf(quietDays, MIDNIGHT)!, NOW)?.says).toBe('partly');
  expect(easedOf(rows, usualOf(days(FIVE, 38, 2), MIDNIGHT)!, NOW)?.says).toBe('partly');
});
