/** The probe's schedule, as a pure function: what is due, what goes first, and when each comes again. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Due,
  firstPlace,
  type Intervals,
  type Looked,
  nowDue,
  nudge,
  reschedule,
} from '../../../src/sources/probe/index.ts';

const NOW = 1_000_000_000;
const MINUTE = 60_000;
const every: Intervals = { regular: 10 * MINUTE, speed: 120 * MINUTE };
const well: Looked = { offline: false, unconfirmed: false, doubtful: false, slowed: false, full: false };
const place = (id: string, more: Partial<Due> = {}): Due => ({
  target: { id } as Due['target'],
  next: NOW,
  heavy: NOW + MINUTE,
  last: 0,
  ...more,
});
const planned = (looked: Partial<Looked>, random = 0.5): { next: number; heavy: number } => {
  const d = place('a');
  reschedule(d, { ...well, ...looked }, NOW, every, () => random);
  expect(d.last).toBe(NOW);
  return { next: d.next - NOW, heavy: d.heavy - NOW };
};

describe('when a target comes again', () => {
  test.each<[string, Partial<Looked>, number, number]>([
    ['well: by the interval', {}, 10 * MINUTE, MINUTE],
    ['a change that is not confirmed: within minutes', { unconfirmed: true }, 145_000, MINUTE],
    ['nothing was learned, the line was down: as soon', { offline: true }, 145_000, MINUTE],
    ['a doubt: in between', { doubtful: true }, 290_000, MINUTE],
    ['a doubt about an unconfirmed change: as the change', { doubtful: true, unconfirmed: true }, 145_000, MINUTE],
    ['slowed: with its speed, whenever it comes', { slowed: true }, 10 * MINUTE, 10 * MINUTE],
    ['its speed was measured: again by its own interval', { full: true }, 10 * MINUTE, 120 * MINUTE],
    ['slowed, and measured just now: with the next round', { slowed: true, full: true }, 10 * MINUTE, 10 * MINUTE],
  ])('%s', (_name, looked, next, heavy) => {
    expect(planned(looked)).toEqual({ next, heavy });
  });

  test('whatever was seen: later than now, a change within 200 s, and nothing later than the interval and a fifth', () => {
    const bool = fc.boolean();
    const looks = fc.record({ offline: bool, unconfirmed: bool, doubtful: bool, slowed: bool, full: bool });
    fc.assert(
      fc.property(looks, fc.double({ min: 0, max: 0.999, noNaN: true }), (looked, random) => {
        const { next, heavy } = planned(looked, random);
        expect(next).toBeGreaterThan(0);
        expect(next).toBeLessThanOrEqual(every.regular * 1.2);
        if (looked.unconfirmed) expect(next).toBeLessThanOrEqual(200_000);
        expect(heavy).toBeLessThanOrEqual(every.speed * 1.2);
      }),
      { numRuns: 200 },
    );
  });

  test('speed is never measured: it stays so, also at the first place, whatever chance says', () => {
    const never = { regular: 10 * MINUTE, speed: Number.POSITIVE_INFINITY };
    const first = firstPlace({ id: 'a' } as Due['target'], { start: NOW, count: 1, every: never }, () => 0);
    expect(first).toMatchObject({ next: NOW, heavy: Number.POSITIVE_INFINITY });
    reschedule(first, { ...well, full: true }, NOW, never, () => 0);
    expect(first.heavy).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('what is measured now', () => {
  const ids = ({ list }: { list: Due[] }): string => list.map(({ target }) => target.id).join('');
  const [a, b, c] = [place('a'), place('b', { heavy: NOW }), place('c', { next: NOW + 1 })];

  test('speed first, then the rest, then speed: a round is one or the other', () => {
    expect(ids(nowDue([a, b, c], NOW, false))).toBe('b');
    expect(ids(nowDue([a, b, c], NOW, true))).toBe('a');
  });

  test('nothing but speed is due: it goes, twice in a row as well', () => {
    expect(nowDue([b, c], NOW, true)).toEqual({ full: true, list: [b] });
  });

  test('nothing is due: an empty round, which measures no speed', () => {
    expect(nowDue([c], NOW, false)).toEqual({ full: false, list: [] });
  });

  test('hundreds are due: eight with their speed, or 200 without', () => {
    const many = Array.from({ length: 300 }, (_, i) => place(`t${i}`, { heavy: i % 2 ? NOW : NOW + 1 }));
    expect(nowDue(many, NOW, false).list).toHaveLength(8);
    expect(nowDue(many, NOW, true).list).toHaveLength(150);
    const plain = Array.from({ length: 300 }, (_, i) => place(`t${i}`));
    expect(nowDue(plain, NOW, false)).toMatchObject({ full: false, list: { length: 200 } });
  });
});

describe('somebody waits for word about a target', () => {
  test.each<[string, Partial<Due>, boolean]>([
    ['due in ten minutes, looked at long ago: now', { next: NOW + 10 * MINUTE }, true],
    ['looked at within the minute: as planned', { next: NOW + 10 * MINUTE, last: NOW - MINUTE + 1 }, false],
    ['comes soon to confirm a change: as planned', { next: NOW + 200_000 }, false],
  ])('%s', (_name, more, moved) => {
    const [one, other] = [place('a', more), place('b', more)];
    nudge([one, other], ['a'], NOW);
    expect(one.next === NOW).toBe(moved);
    expect(other.next).toBe(more.next);
  });
});
