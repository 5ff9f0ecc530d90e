import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { quietUntil, wallOf } from '../../src/core/wall-clock.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const hours = (text: string) => {
  const [from, to] = text.split('-').map((one) => {
    const [hour, minute] = one.split(':').map(Number);
    return hour! * 60 + (minute ?? 0);
  });
  return { from: from!, to: to!, critical: false };
};

describe('quiet hours', () => {
  const CASES: [string, string, string, string, string | null][] = [
    ['in the evening', '23-8', 'Europe/Moscow', '2026-02-06T20:00Z', '2026-02-07T05:00Z'],
    ['after midnight', '23-8', 'Europe/Moscow', '2026-02-07T01:00Z', '2026-02-07T05:00Z'],
    ['a minute before they begin', '23-8', 'Europe/Moscow', '2026-02-06T19:59Z', null],
    ['at their end', '23-8', 'Europe/Moscow', '2026-02-07T05:00Z', null],
    ['within one day', '13-15', 'Europe/Moscow', '2026-02-06T11:00Z', '2026-02-06T12:00Z'],
    ['within one day, at night', '13-15', 'Europe/Moscow', '2026-02-06T22:00Z', null],
    ['Berlin, the night that is an hour short', '23-8', 'Europe/Berlin', '2026-03-28T23:00Z', '2026-03-29T06:00Z'],
    ['Berlin, the night that is an hour longer', '23-8', 'Europe/Berlin', '2026-10-25T00:30Z', '2026-10-25T07:00Z'],
    [
      'Berlin: their end is skipped, so they end at the change',
      '23-2:30',
      'Europe/Berlin',
      '2026-03-29T00:30Z',
      '2026-03-29T01:00Z',
    ],
    [
      'Berlin: their end comes twice, so they last until the second',
      '23-2:30',
      'Europe/Berlin',
      '2026-10-25T00:45Z',
      '2026-10-25T01:30Z',
    ],
    [
      'Berlin: their begin comes twice, so they begin with the first',
      '2:30-8',
      'Europe/Berlin',
      '2026-10-25T00:45Z',
      '2026-10-25T07:00Z',
    ],
    [
      'Berlin: their begin is skipped, so they begin at the change',
      '2:30-8',
      'Europe/Berlin',
      '2026-03-29T01:00Z',
      '2026-03-29T06:00Z',
    ],
    ['New York, spring', '22-7', 'America/New_York', '2026-03-08T08:00Z', '2026-03-08T11:00Z'],
    ['New York, autumn', '22-7', 'America/New_York', '2026-11-01T08:00Z', '2026-11-01T12:00Z'],
    ['Tehran, the night without a midnight', '0-7', 'Asia/Tehran', '2021-03-21T20:30Z', '2021-03-22T02:30Z'],
    ['Tehran, just before', '0-7', 'Asia/Tehran', '2021-03-21T20:29Z', null],
    ['Tehran, the doubled hour before midnight', '23:30-7', 'Asia/Tehran', '2021-09-21T19:40Z', '2021-09-22T03:30Z'],
    ['all but a minute', '8:01-8', 'UTC', '2026-02-06T08:00Z', null],
  ];
  test.each(CASES)('%s', (_name, quiet, zone, now, ends) => {
    expect(quietUntil(hours(quiet), zone, Date.parse(now))).toBe(ends === null ? null : Date.parse(ends));
  });

  test('none: never', () => {
    expect(quietUntil(null, 'Europe/Moscow', Date.parse('2026-02-06T23:00Z'))).toBeNull();
  });

  const zones = fc.constantFrom('Europe/Berlin', 'America/New_York', 'Asia/Tehran', 'Australia/Lord_Howe', 'UTC');
  const times = fc.integer({ min: 0, max: 1_439 });
  const moments = fc.integer({ min: 1_577_836_800 / 60, max: 1_830_297_600 / 60 }).map((minutes) => minutes * 60_000);

  test('any: by the clock that people read they hold within, end later today or tomorrow, and are over at their end', () => {
    fc.assert(
      fc.property(zones, times, times, moments, (zone, from, to, now) => {
        fc.pre(from !== to);
        const quiet = { from, to, critical: false };
        const until = quietUntil(quiet, zone, now);
        const { hour, minute } = wallOf(now, zone);
        const shown = hour * 60 + minute;
        const within = from < to ? shown >= from && shown < to : shown >= from || shown < to;
        if (within) expect(until).not.toBeNull();
        if (until === null) return;
        expect(until).toBeGreaterThan(now);
        expect(until - now).toBeLessThanOrEqual(DAY + HOUR);
        // The same hours may begin again at once only where the clock goes back.
        const next = quietUntil(quiet, zone, until);
        if (next !== null) expect(next).toBeGreaterThan(until);
        // While they hold, their end does not move.
        const middle = now + Math.floor((until - now) / 2 / 60_000) * 60_000;
        expect(quietUntil(quiet, zone, middle)).toBe(until);
      }),
      { numRuns: 400 },
    );
  });
});
