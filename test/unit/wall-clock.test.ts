/** Clocks on walls: where a time is skipped, where it is shown twice, and where it is neither. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { momentsOn, nextAt, wallOf } from '../../src/core/wall-clock.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const ZONES = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Asia/Tehran',
  'Europe/Moscow',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  '+05:30',
];
const zones = fc.constantFrom(...ZONES);
/** From 1 January 2015 to 2035. */
const moments = fc.integer({ min: 1_420_070_400, max: 2_051_222_400 }).map((s) => s * 1_000);
const times = fc.integer({ min: 0, max: 1_439 });

const timeOf = ({ hour, minute }: { hour: number; minute: number }): number => hour * 60 + minute;
const momentsOf = (wall: Temporal.PlainDateTime | Temporal.ZonedDateTime, zone: string) =>
  momentsOn(Temporal.PlainDate.from(wall), timeOf(wall), zone);

describe('a change of clocks', () => {
  const CASES: [string, string, string, string, string][] = [
    [
      'Berlin, spring: what is skipped comes at the change',
      'Europe/Berlin',
      '2026-03-29 02:30',
      '2026-03-29T01:00Z',
      '2026-03-29T01:00Z',
    ],
    ['Berlin, spring: after it', 'Europe/Berlin', '2026-03-29 03:00', '2026-03-29T01:00Z', '2026-03-29T01:00Z'],
    ['Berlin, autumn: shown twice', 'Europe/Berlin', '2026-10-25 02:30', '2026-10-25T00:30Z', '2026-10-25T01:30Z'],
    ['Berlin, autumn: before it', 'Europe/Berlin', '2026-10-25 01:59', '2026-10-24T23:59Z', '2026-10-24T23:59Z'],
    ['New York, spring', 'America/New_York', '2026-03-08 02:15', '2026-03-08T07:00Z', '2026-03-08T07:00Z'],
    ['New York, autumn', 'America/New_York', '2026-11-01 01:15', '2026-11-01T05:15Z', '2026-11-01T06:15Z'],
    [
      'Tehran, spring: midnight itself is skipped',
      'Asia/Tehran',
      '2021-03-22 00:00',
      '2021-03-21T20:30Z',
      '2021-03-21T20:30Z',
    ],
    [
      'Tehran, autumn: the last hour of a day twice',
      'Asia/Tehran',
      '2021-09-21 23:30',
      '2021-09-21T19:00Z',
      '2021-09-21T20:00Z',
    ],
    ['Tehran, since 2023 no change', 'Asia/Tehran', '2026-03-22 00:00', '2026-03-21T20:30Z', '2026-03-21T20:30Z'],
    ['Lord Howe: half an hour', 'Australia/Lord_Howe', '2026-10-04 02:15', '2026-10-03T15:30Z', '2026-10-03T15:30Z'],
  ];
  test.each(CASES)('%s', (_name, zone, shown, first, last) => {
    const iso = (at: number): string => `${new Date(at).toISOString().slice(0, 16)}Z`;
    const found = momentsOf(Temporal.PlainDateTime.from(shown), zone);
    expect([iso(found.first), iso(found.last)]).toEqual([first, last]);
  });

  test('any moment: what its clock shows comes at that moment, or a change of clocks apart', () => {
    fc.assert(
      fc.property(zones, moments, (zone, at) => {
        const { first, last } = momentsOf(wallOf(at, zone), zone);
        const minute = Math.floor(at / 60_000) * 60_000;
        expect([first, last]).toContain(minute);
        expect(last - first).toBeGreaterThanOrEqual(0);
        expect(last - first).toBeLessThanOrEqual(DAY);
      }),
    );
  });

  test('any day and time: the first moment is not after the last, and no earlier clock time comes after it', () => {
    fc.assert(
      fc.property(zones, moments, times, times, (zone, at, a, b) => {
        const day = wallOf(at, zone).toPlainDate();
        const [early, late] = [Math.min(a, b), Math.max(a, b)];
        const [one, other] = [momentsOn(day, early, zone), momentsOn(day, late, zone)];
        expect(one.first).toBeLessThanOrEqual(one.last);
        expect(one.first).toBeLessThanOrEqual(other.first);
        expect(one.last).toBeLessThanOrEqual(other.last);
      }),
    );
  });

  test('a zone that nobody knows: UTC', () => {
    expect(wallOf(0, 'Mars/Olympus').toString()).toBe('1970-01-01T00:00:00+00:00[UTC]');
  });
});

describe('next time', () => {
  const at = (text: string): number => Date.parse(text);
  const CASES: [string, string, 'day' | 'week', string, string, string][] = [
    ['later today', '09:00', 'day', 'Europe/Moscow', '2026-02-06T05:59Z', '2026-02-06T06:00Z'],
    ['just now: tomorrow', '09:00', 'day', 'Europe/Moscow', '2026-02-06T06:00Z', '2026-02-07T06:00Z'],
    ['on Monday', '09:00', 'week', 'Europe/Moscow', '2026-02-06T06:00Z', '2026-02-09T06:00Z'],
    ['this Monday is over', '09:00', 'week', 'Europe/Moscow', '2026-02-09T06:00Z', '2026-02-16T06:00Z'],
    ['a skipped time: at the change', '02:30', 'day', 'Europe/Berlin', '2026-03-28T12:00Z', '2026-03-29T01:00Z'],
    ['a time shown twice: the first', '02:30', 'day', 'Europe/Berlin', '2026-10-24T12:00Z', '2026-10-25T00:30Z'],
    ['a time shown twice: once', '02:30', 'day', 'Europe/Berlin', '2026-10-25T00:30Z', '2026-10-26T01:30Z'],
    [
      'over a change the clock counts, not the hours',
      '09:00',
      'day',
      'America/New_York',
      '2026-03-07T14:00Z',
      '2026-03-08T13:00Z',
    ],
  ];
  test.each(CASES)('%s', (_name, time, every, zone, after, expected) => {
    const [hour, minute] = time.split(':').map(Number);
    expect(nextAt(hour! * 60 + minute!, every === 'day' ? 1 : 7, zone, at(after))).toBe(at(expected));
  });

  test('any: after, within a day and some hours (a week), shown by the clock or skipped by it, and on a Monday', () => {
    fc.assert(
      fc.property(zones, moments, times, fc.constantFrom(1, 3, 7), (zone, after, time, days) => {
        const next = nextAt(time, days, zone, after);
        expect(next).toBeGreaterThan(after);
        // Apia left out a whole day once.
        expect(next - after).toBeLessThanOrEqual((days + 1) * DAY + HOUR);
        const wall = wallOf(next, zone);
        const { first } = momentsOn(wall.toPlainDate(), time, zone);
        expect([timeOf(wall) === time, first === next]).toContain(true);
        if (days === 7) expect(wall.dayOfWeek).toBe(1);
      }),
    );
  });
});
