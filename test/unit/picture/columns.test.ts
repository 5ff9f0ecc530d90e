/** Days of a time zone as columns: their borders, changes of clocks, several days a column, and which of them get a date. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { columnsOf, daysOf, tickColumns } from '../../../src/core/timeline.ts';
import { DAY, NOON } from './support.ts';

const iso = (at: number) => new Date(at).toISOString();

describe('borders', () => {
  const cases: [name: string, zone: string, now: string, first: string, last: string][] = [
    ['UTC', 'UTC', '2026-11-28T12:00:00Z', '2026-11-22T00:00:00.000Z', '2026-11-28T00:00:00.000Z'],
    [
      'Moscow: midnight is three hours earlier',
      'Europe/Moscow',
      '2026-11-28T12:00:00Z',
      '2026-11-21T21:00:00.000Z',
      '2026-11-27T21:00:00.000Z',
    ],
    [
      'Moscow: it is tomorrow there already',
      'Europe/Moscow',
      '2026-11-28T22:30:00Z',
      '2026-11-22T21:00:00.000Z',
      '2026-11-28T21:00:00.000Z',
    ],
    [
      'Tehran: half an hour off',
      'Asia/Tehran',
      '2026-11-28T12:00:00Z',
      '2026-11-21T20:30:00.000Z',
      '2026-11-27T20:30:00.000Z',
    ],
    [
      'Berlin over the end of summer time',
      'Europe/Berlin',
      '2026-10-27T12:00:00Z',
      '2026-10-20T22:00:00.000Z',
      '2026-10-26T23:00:00.000Z',
    ],
    [
      'a zone that nobody knows is UTC',
      'Mars/Olympus',
      '2026-11-28T12:00:00Z',
      '2026-11-22T00:00:00.000Z',
      '2026-11-28T00:00:00.000Z',
    ],
  ];
  test.each(cases)('%s', (_, zone, now, first, last) => {
    const columns = columnsOf(Date.parse(now), zone, 7, 92);
    expect(columns).toHaveLength(7);
    expect([iso(columns[0]!.from), iso(columns.at(-1)!.from)]).toEqual([first, last]);
  });

  test('the day on which clocks change is 25 hours long, and one day all the same', () => {
    const columns = columnsOf(Date.parse('2026-10-27T12:00:00Z'), 'Europe/Berlin', 7, 92);
    const long = columns.filter(({ from, to }) => to - from === DAY + 3_600_000);
    expect(long.map(({ from }) => iso(from))).toEqual(['2026-10-24T22:00:00.000Z']);
    expect(columns.map(daysOf)).toEqual([1, 1, 1, 1, 1, 1, 1]);
  });

  test('any moment, zone and number of days: columns touch, the last one holds the moment, and none is too many', () => {
    const zones = fc.constantFrom(
      'UTC',
      'Europe/Moscow',
      'America/New_York',
      'Asia/Tehran',
      'Pacific/Apia',
      'Australia/Lord_Howe',
      'Asia/Kathmandu',
    );
    const moments = fc.integer({ min: Date.UTC(2015, 0), max: Date.UTC(2035, 0) });
    fc.assert(
      fc.property(moments, zones, fc.integer({ min: -5, max: 4_000 }), (now, zone, days) => {
        const columns = columnsOf(now, zone, days, 92);
        expect(columns.length).toBeGreaterThan(0);
        expect(columns.length).toBeLessThanOrEqual(92);
        for (const [at, { from, to }] of columns.entries()) {
          expect(to).toBeGreaterThan(from);
          if (at > 0) expect(from).toBe(columns[at - 1]!.to);
        }
        const last = columns.at(-1)!;
        expect(last.from <= now && now < last.to).toBe(true);
        // Samoa left out a day, 30 December 2011.
        const least = (Math.max(1, days) - (zone === 'Pacific/Apia' ? 1 : 0)) * DAY - 2 * 3_600_000;
        expect(last.to - columns[0]!.from).toBeGreaterThanOrEqual(least);
      }),
      { numRuns: 60 },
    );
  });
});

test('a month in which Samoa left out a day: a column less a day long, and they touch all the same', () => {
  const columns = columnsOf(Date.UTC(2012, 0, 10), 'Pacific/Apia', 28, 4);
  expect(columns.map(({ from, to }) => (to - from) / DAY)).toEqual([7, 7, 6, 7]);
  for (const [at, { from }] of columns.entries()) if (at > 0) expect(from).toBe(columns[at - 1]!.to);
});

describe('several days a column', () => {
  const cases: [days: number, columns: number, each: number][] = [
    [7, 7, 1],
    [30, 30, 1],
    [90, 90, 1],
    [92, 92, 1],
    [93, 14, 7],
    [365, 53, 7],
    [1_000, 72, 14],
    [3_650, 61, 60],
  ];
  test.each(cases)('%i days: %i columns of %i', (days, count, each) => {
    const columns = columnsOf(NOON, 'UTC', days, 92);
    expect([columns.length, daysOf(columns[0]!)]).toEqual([count, each]);
  });
});

test('dates: each day of a week, each week of a month, each second week of a quarter; always today', () => {
  expect(tickColumns(7)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  expect(tickColumns(30)).toEqual([1, 8, 15, 22, 29]);
  expect(tickColumns(90)).toEqual([5, 19, 33, 47, 61, 75, 89]);
  expect(tickColumns(1)).toEqual([0]);
});
