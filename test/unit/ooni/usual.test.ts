import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Row, usualOf } from '../../../src/core/judge/counts.ts';

const DAY = 86_400_000;
const TODAY = Date.UTC(2026, 1, 11);

const day = (ago: number, bad: number, ok: number, asn = 1): Row => ({
  at: TODAY - ago * DAY,
  span: DAY,
  asn,
  bad,
  ok,
});
/** Fourteen days of these networks, each with as many. */
const days = (asns: readonly number[], bad: number, ok: number): Row[] =>
  Array.from({ length: 14 }, (_, i) => asns.map((asn) => day(i + 1, bad, ok, asn))).flat();

describe('how often it usually goes wrong', () => {
  test.each<[string, Row[], { share: number; measurements: number; isWell: boolean; isCut?: boolean } | null]>([
    ['nothing known', [], null],
    ['nineteen counts', [day(1, 0, 10), day(2, 0, 9)], null],
    ['twenty', [day(1, 0, 10), day(2, 0, 10)], { share: 0, measurements: 20, isWell: true }],
    [
      'days of two counts tell nothing',
      [day(1, 0, 20), day(2, 2, 0), day(3, 2, 0), day(4, 2, 0)],
      { share: 0, measurements: 20, isWell: true },
    ],
    [
      'the median day, and not the mean',
      [day(1, 0, 10), day(2, 1, 9), day(3, 10, 90), day(4, 4, 6), day(5, 1, 9)],
      { share: 0.1, measurements: 140, isWell: true },
    ],
    [
      'cut days among four that were well: left out',
      [...[1, 2, 3, 4].map((ago) => day(ago, 0, 10)), ...[5, 6, 7, 8, 9, 10].map((ago) => day(ago, 10, 0))],
      { share: 0, measurements: 100, isWell: true, isCut: false },
    ],
    [
      'cut days among three that were well: it was cut',
      [...[1, 2, 3].map((ago) => day(ago, 0, 10)), ...[4, 5, 6, 7].map((ago) => day(ago, 10, 0))],
      { share: 0, measurements: 70, isWell: true, isCut: true },
    ],
    ['cut on all days', days([1, 2], 9, 1), { share: 0.9, measurements: 280, isWell: false, isCut: true }],
    [
      'today, and later days: not before',
      [day(0, 20, 0), day(-1, 20, 0), day(1, 0, 20)],
      { share: 0, measurements: 20, isWell: true },
    ],
    ['more than two weeks ago: not known any more', [day(16, 20, 0), day(17, 20, 0)], null],
  ])('%s', (_name, rows, expected) =>
    expect(usualOf(rows, TODAY)).toEqual(expected === null ? null : expect.objectContaining(expected)),
  );

  test('by shorter spans, where these are asked for', () => {
    const HOUR = 3_600_000;
    const hours = Array.from({ length: 12 }, (_, i) => ({
      ...day(0, i < 6 ? 0 : 5, i < 6 ? 5 : 0),
      at: TODAY + i * HOUR,
      span: HOUR,
    }));
    expect(usualOf(hours, TODAY + 12 * HOUR, 3 * HOUR)).toMatchObject({ isWell: true, measurements: 60 });
  });
});

describe('what may go wrong of itself', () => {
  const quiet = days([1, 2, 3, 4], 1, 9);

  test('a network with days of its own trouble: trouble is less rare, its usual share is higher, and days are as even as before', () => {
    const troubled = quiet.map((row) => (row.asn === 1 && row.at % (3 * DAY) === 0 ? { ...row, bad: 9, ok: 1 } : row));
    const [before, after] = [usualOf(quiet, TODAY)!, usualOf(troubled, TODAY)!];
    expect(before.trouble).toBeLessThan(0.01);
    expect(after.trouble).toBeGreaterThan(0.04);
    expect(after.networks.get(1)!.bad).toBeGreaterThan(after.networks.get(2)!.bad);
    expect(after.spread).toBe(before.spread);
  });

  test('a network that always fails: a filter, and no trouble', () => {
    const filtered = quiet.map((row) => (row.asn === 1 ? { ...row, bad: 10, ok: 0 } : row));
    expect(usualOf(filtered, TODAY)!.trouble).toBeLessThan(0.01);
  });

  test('bad days of all networks: days differ more', () => {
    const uneven = quiet.map((row) => (row.at % (3 * DAY) === 0 ? { ...row, bad: 4, ok: 6 } : row));
    expect(usualOf(uneven, TODAY)!.spread).toBeGreaterThan(usualOf(quiet, TODAY)!.spread);
  });

  test('whatever was counted: within bounds', () => {
    const row = fc
      .tuple(fc.integer({ min: -1, max: 18 }), fc.integer({ min: 0, max: 6 }), fc.nat(40), fc.nat(40))
      .map(([ago, asn, bad, ok]) => day(ago, bad, ok, asn));
    fc.assert(
      fc.property(fc.array(row, { maxLength: 80 }), (rows) => {
        const usual = usualOf(rows, TODAY);
        if (usual === null) return;
        expect(usual.share).toBeGreaterThanOrEqual(0);
        expect(usual.share).toBeLessThanOrEqual(1);
        expect(usual.spread).toBeGreaterThanOrEqual(0.5);
        expect(usual.spread).toBeLessThanOrEqual(1.2);
        expect(usual.trouble).toBeGreaterThan(0);
        expect(usual.trouble).toBeLessThanOrEqual(0.3);
        expect(usual.measurements).toBeGreaterThanOrEqual(20);
      }),
    );
  });
});
