import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Row } from '../../../src/core/judge/counts.ts';
import { type Pulse, silentOf, withRows } from '../../../src/core/judge/counts.ts';

const HOUR = 3_600_000;
const NOW = Date.UTC(2026, 1, 11, 12);
const hour = (ago: number, n = 10): Row => ({ at: NOW - ago * HOUR, span: HOUR, asn: 1, bad: 0, ok: n });
const hours = (from: number, to: number, n = 10): Row[] =>
  Array.from({ length: from - to + 1 }, (_, i) => hour(from - i, n));

describe('what is measured in a country', () => {
  test('hours with counts: begin, end, how many', () => {
    const pulse = withRows(undefined, [hour(5), hour(4), hour(4), hour(2, 0)], NOW)!;
    expect(pulse).toMatchObject({
      first: NOW - 5 * HOUR,
      last: NOW - 3 * HOUR,
      since: NOW - 5 * HOUR,
      measurements: 30,
    });
  });
  test('several tests together: the hours of all, counts added', () => {
    const one = withRows(undefined, [hour(9)], NOW);
    expect(withRows(one, [hour(8), hour(1)], NOW)).toMatchObject({
      first: NOW - 9 * HOUR,
      last: NOW,
      measurements: 30,
    });
  });
  test('after a gap of more than three hours: since then', () => {
    expect(withRows(undefined, [hour(9), hour(6), hour(2), hour(1)], NOW)!.since).toBe(NOW - 2 * HOUR);
    expect(withRows(undefined, [hour(9), hour(6), hour(3), hour(1)], NOW)!.since).toBe(NOW - 9 * HOUR);
  });
  test('the hour that runs: until now, and no later', () => {
    expect(withRows(undefined, [hour(0.5)], NOW)!.last).toBe(NOW);
  });
  test.each<[string, Row[]]>([
    ['days', [{ ...hour(24), span: 24 * HOUR }]],
    ['the time to come', [hour(-2)]],
    ['hours without counts', [hour(3, 0)]],
    ['nothing', []],
  ])('%s: tell nothing', (_name, rows) => {
    expect(withRows(undefined, rows, NOW)).toBeUndefined();
    const known = withRows(undefined, [hour(5)], NOW);
    expect(withRows(known, rows, NOW)).toBe(known);
  });
});

describe('who is silent', () => {
  const pulse = (from: number, to: number, n: number): Pulse => withRows(undefined, hours(from, to, n), NOW)!;
  const lively = pulse(47, 1, 10);
  const silent = (own: Pulse, others: Pulse[] = [lively, lively]) =>
    silentOf(new Map([own, ...others].map((one, i) => [i === 0 ? 'IR' : `A${i}`, one])), NOW);

  test.each<[string, Pulse, string[]]>([
    ['ten an hour, and none for eight', pulse(47, 9, 10), ['IR']],
    ['none for five: it may be late', pulse(47, 5, 10), []],
    ['none for six: the gap is three hours beyond what is usual', pulse(47, 6, 10), ['IR']],
    ['one an hour, and none for eight: may be chance', pulse(47, 9, 1), []],
    ['two an hour, and none for a day', pulse(47, 24, 3), ['IR']],
    ['fewer than fifty in all', pulse(20, 17, 12), []],
    ['goes on', lively, []],
  ])('%s', (_name, own, expected) => expect(silent(own)).toEqual(expected));

  test('all are silent, or the only one: it is the observatory', () => {
    const gone = pulse(47, 9, 10);
    expect(silent(gone, [])).toEqual([]);
    expect(silent(gone, [gone, gone])).toEqual([]);
    expect(silent(gone, [gone, lively])).toEqual([]);
    expect(silent(gone, [gone, lively, lively])).toEqual(['IR', 'A1']);
  });

  test('whatever is known: never more than half are called silent, and nobody who was just heard of', () => {
    const any = fc.tuple(
      fc.integer({ min: 20, max: 47 }),
      fc.integer({ min: 0, max: 19 }),
      fc.integer({ min: 1, max: 30 }),
    );
    fc.assert(
      fc.property(fc.array(any, { maxLength: 6 }), (list) => {
        const pulses = new Map(list.map(([from, to, n], i) => [`A${i}`, pulse(from, to, n)]));
        const found = silentOf(pulses, NOW);
        expect(found.length * 2).toBeLessThanOrEqual(pulses.size);
        for (const one of found) expect(NOW - pulses.get(one)!.last).toBeGreaterThanOrEqual(5 * HOUR);
      }),
    );
  });
});
