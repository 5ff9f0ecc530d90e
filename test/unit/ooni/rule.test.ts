import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Row } from '../../../src/core/judge/counts.ts';
import { begunAt, countedOf, levelOf } from '../../../src/core/judge/counts.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = Date.UTC(2026, 1, 11, 12);

/** Counts of one network in the hour that began so many hours ago. */
const hour = (ago: number, asn: number, bad: number, ok: number): Row => ({
  at: NOW - ago * HOUR,
  span: HOUR,
  asn,
  bad,
  ok,
});
/** The same counts on these networks. */
const on = (ago: number, asns: readonly number[], bad: number, ok: number): Row[] =>
  asns.map((asn) => hour(ago, asn, bad, ok));
const says = (rows: Row[]): string => countedOf(rows, NOW)?.says ?? '-';

describe('what counts come to', () => {
  test.each<[string, Row[], string]>([
    ['nothing', [], '-'],
    ['nineteen, all bad', [...on(1, [1, 2], 6, 0), hour(1, 3, 7, 0)], '-'],
    ['twenty, all bad, of three networks', [...on(1, [1, 2], 7, 0), hour(1, 3, 6, 0)], 'cut'],
    ['twenty, all bad, of two networks', on(1, [1, 2], 10, 0), '-'],
    ['a share of 0.6', on(1, [1, 2, 3, 4, 5], 3, 2), 'cut'],
    ['a share of just less', on(1, [1, 2, 3, 4, 5], 29, 21), '-'],
    ['a share of 0.45', on(1, [1, 2, 3, 4], 9, 11), 'partly'],
    ['a share of more than 0.45', on(1, [1, 2, 3, 4], 10, 11), '-'],
    ['a share of 0.3', on(1, [1, 2, 3, 4], 3, 7), 'open'],
    ['a share of just more', on(1, [1, 2, 3, 4], 31, 69), 'partly'],
    ['all well', on(1, [1, 2, 3], 0, 7), 'open'],
    ['a thousand of one network, with strays of others', [hour(1, 1, 1_000, 0), ...on(1, [2, 3, 4], 1, 0)], '-'],
    ['one large network that is cut, two that are half cut', [hour(1, 1, 100, 0), ...on(1, [2, 3], 3, 3)], 'cut'],
    [
      'one that is cut, four half: still 0.6 when each counts alike',
      [hour(1, 1, 100, 0), ...on(1, [2, 3, 4, 5], 3, 3)],
      'cut',
    ],
    ['one that is cut, five half: less', [hour(1, 1, 200, 0), ...on(1, [2, 3, 4, 5, 6], 3, 3)], '-'],
    ['two of three networks see it', [...on(1, [1, 2], 10, 0), hour(1, 3, 0, 3)], '-'],
    ['three of four see it', [...on(1, [1, 2, 3], 10, 0), hour(1, 4, 0, 10)], 'cut'],
    ['three of five see it', [...on(1, [1, 2, 3], 20, 0), ...on(1, [4, 5], 0, 3)], '-'],
    ['a day of counts where an hour has too few', [1, 5, 9, 13].flatMap((ago) => on(ago, [1, 2, 3], 2, 0)), 'cut'],
    ['spread over more than two days', [1, 30, 60].flatMap((ago) => on(ago, [1, 2, 3], 3, 0)), '-'],
    ['the last hour is well, the day before was cut', [...on(1, [1, 2, 3], 0, 7), ...on(8, [1, 2, 3], 20, 0)], 'open'],
    ['the last hour is cut, the day before was well', [...on(1, [1, 2, 3], 7, 0), ...on(8, [1, 2, 3], 0, 40)], 'cut'],
    [
      'the fresh counts look bad and are too narrow: what is older does not make them well',
      [hour(1, 1, 30, 0), ...on(1, [2, 3], 1, 0), ...on(8, [1, 2, 3], 0, 90)],
      '-',
    ],
    ['of the time to come', on(-1, [1, 2, 3], 10, 0), '-'],
    ['empty rows are no networks', [hour(1, 1, 20, 0), ...on(1, [2, 3], 0, 0)], '-'],
  ])('%s: %s', (_name, rows, expected) => expect(says(rows)).toBe(expected));

  test('a cut: since when, from how many networks, most affected first', () => {
    const rows = [...on(6, [1, 2, 3], 0, 9), ...on(4, [1, 2, 3], 5, 1), hour(2, 1, 9, 0), ...on(1, [2, 3], 8, 0)];
    expect(countedOf(rows, NOW)).toMatchObject({
      says: 'cut',
      since: NOW - 4 * HOUR,
      until: NOW,
      measurements: 40,
      networks: [1, 2, 3],
    });
  });

  test('an hour with two counts, of which none is bad, does not end a cut on the way back', () => {
    const rows = [...on(4, [1, 2, 3], 5, 0), hour(3, 1, 0, 2), ...on(1, [1, 2, 3], 7, 0)];
    expect(countedOf(rows, NOW)?.since).toBe(NOW - 4 * HOUR);
    expect(countedOf([...rows, hour(3, 2, 0, 1)], NOW)?.since).toBe(NOW - HOUR);
  });

  test('well again: since the hour after the last bad one', () => {
    const rows = [...on(9, [1, 2, 3], 9, 0), ...on(5, [1, 2, 3], 0, 5), ...on(2, [1, 2, 3], 0, 5)];
    expect(countedOf(rows, NOW)).toMatchObject({ says: 'open', since: NOW - 5 * HOUR });
  });

  test('the newest counts are hours old: known until their end, and not until now', () => {
    expect(countedOf(on(5, [1, 2, 3], 7, 0), NOW)?.until).toBe(NOW - 4 * HOUR);
  });

  test.each<[string, number, number, string]>([
    ['as well as three in ten', 0, 0.3, 'open'],
    ['usually four in ten: as well as that', 0.42, 0.4, 'open'],
    ['usually four in ten: half is more', 0.42, 0.48, '-'],
    ['usually half: half is as ever', 0.5, 0.5, 'open'],
    ['usually half: a cut is one', 0.5, 0.7, 'cut'],
  ])('where it usually goes wrong so often, %s', (_name, usual, share, expected) => {
    const rows = on(1, [1, 2, 3], Math.round(share * 50), 50 - Math.round(share * 50));
    expect(countedOf(rows, NOW, usual)?.says ?? '-').toBe(expected);
  });

  test.each<[string, Row[], object | null]>([
    ['nineteen', on(1, [1], 19, 0), null],
    ['twenty of three networks', [...on(1, [1, 2], 7, 0), hour(1, 3, 6, 0)], { bad: 20, all: 20 }],
    ['half of them well', on(1, [1, 2, 3], 5, 5), null],
  ])('of rows as they are, without looking for a window: %s', (_name, rows, expected) =>
    expect(levelOf(rows)).toEqual(expected),
  );

  test('large networks are cut to the size of the second', () => {
    const rows = [hour(1, 1, 400, 0), ...on(1, [2, 3], 9, 1)];
    expect(levelOf(rows)).toEqual({ bad: 28, all: 30 });
  });
});

describe('whatever the counts are', () => {
  const row = fc
    .tuple(fc.integer({ min: -2, max: 50 }), fc.integer({ min: 0, max: 5 }), fc.nat(12), fc.nat(12))
    .map(([ago, asn, bad, ok]) => hour(ago, asn, bad, ok));
  const rows = fc.array(row, { maxLength: 30 });

  test('what is said is borne out by them, and its times are in order', () => {
    fc.assert(
      fc.property(rows, (all) => {
        const counted = countedOf(all, NOW);
        if (counted === null) return;
        expect(counted.since).toBeLessThanOrEqual(counted.until);
        expect(counted.until).toBeLessThanOrEqual(NOW);
        expect(counted.networks.length).toBeGreaterThanOrEqual(3);
        const [least, most] = { cut: [0.6, 1], partly: [0.3, 0.45], open: [0, 0.3] }[counted.says] as [number, number];
        expect(counted.share).toBeGreaterThanOrEqual(least);
        expect(counted.share).toBeLessThanOrEqual(most);
        if (counted.says === 'cut') expect(counted.from).toBeLessThanOrEqual(counted.since);
        else expect(counted.measurements).toBeGreaterThanOrEqual(20);
      }),
    );
  });

  test('neither the order of the rows nor how they are split matters', () => {
    const bare = (all: Row[]) => {
      const counted = countedOf(all, NOW);
      return counted && { ...counted, networks: [...counted.networks].sort() };
    };
    fc.assert(
      fc.property(rows, (all) => {
        const split = all.flatMap((one) => [
          { ...one, ok: 0 },
          { ...one, bad: 0 },
        ]);
        expect(bare(split.reverse())).toEqual(bare(all));
      }),
    );
  });

  test('a cut stays one when still more goes wrong', () => {
    fc.assert(
      fc.property(rows, (all) => {
        const worse = all.map((one) => ({ ...one, bad: one.bad + one.ok, ok: 0 }));
        const after = countedOf(worse, NOW)?.says ?? null;
        expect(after).toBeOneOf(['cut', null]);
        if (countedOf(all, NOW)?.says === 'cut') expect(after).toBe('cut');
      }),
    );
  });
});

describe('how it was before', () => {
  const midnight = Date.UTC(2026, 1, 11);
  /** Days before today, from yesterday on: how many of ten went wrong. */
  const daily = (...bad: number[]): Row[] =>
    bad.map((one, i) => ({ at: midnight - (i + 1) * DAY, span: DAY, asn: 1, bad: one, ok: 10 - one }));
  const lastHours = (from: number): Row[] => Array.from({ length: from }, (_, i) => hour(i, 1, 9, 1));
  const WELL = [0, 0, 0, 0, 0, 0, 0, 0];
  test.each<[string, number, Row[], number | null, boolean]>([
    ['within the hours: as it is', 30, daily(9, 9, 9, ...WELL), null, false],
    ['as old as the hours, and the day before was well', 58, daily(9, 9, ...WELL), null, false],
    ['five days', 58, daily(9, 9, 9, 9, 9, ...WELL), 5, false],
    ['five days, one of them without measurements', 58, daily(9, 9, 9, 9, 9, ...WELL).toSpliced(3, 1), 5, false],
    ['eight days', 58, daily(...Array<number>(8).fill(9), ...WELL), 8, true],
    ['all days', 58, daily(...Array<number>(15).fill(9)), 15, true],
    ['three days, and nothing is known of before', 58, daily(9, 9, 9), 3, true],
    ['no days at all', 58, [], null, false],
  ])('since when, %s', (_name, ago, days, daysAgo, isLong) => {
    const since = NOW - ago * HOUR;
    const found = begunAt({ since, until: NOW }, lastHours(60), days);
    expect(found).toEqual({ since: daysAgo === null ? since : midnight - daysAgo * DAY, isLong });
  });
});
