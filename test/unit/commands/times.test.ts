import { describe, expect, test } from 'vitest';
import { parseUntil } from '../../../src/core/commands/moments.ts';
import { parseDuration, splitTime } from '../../../src/core/commands/times.ts';
import { findZone } from '../../../src/core/commands/zones.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const now = Date.parse('2026-02-14T12:00:00Z');
const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString().slice(0, 16));

describe('durations', () => {
  test.each([
    ['8h', 8 * HOUR],
    ['8 hours', 8 * HOUR],
    ['8 часов', 8 * HOUR],
    ['1,5ч', 1.5 * HOUR],
    ['3d', 3 * DAY],
    ['3 дня', 3 * DAY],
    ['неделю', 7 * DAY],
    ['30 минут', HOUR / 2],
    ['2w', 14 * DAY],
    ['1 month', 30 * DAY],
    ['час', HOUR],
    ['0h', null],
    ['999999h', null],
    ['400d', null],
    ['h', null],
    ['ever', null],
    ['', null],
  ])('"%s": %s', (text, expected) => expect(parseDuration(text)).toBe(expected));
});

describe('until', () => {
  test.each([
    ['18:00', '2026-02-14T15:00'],
    ['14:00', '2026-02-15T11:00'],
    ['tomorrow', '2026-02-15T05:00'],
    ['завтра 9:30', '2026-02-15T06:30'],
    ['2026-03-01', '2026-02-28T21:00'],
    ['1.3.', '2026-02-28T21:00'],
    ['01.02 10:00', '2027-02-01T07:00'],
    ['2020-01-01', null],
    ['25:00', null],
    ['someday', null],
  ])('"%s" in Moscow: %s', (text, expected) => expect(iso(parseUntil(text, now, 'Europe/Moscow'))).toBe(expected));

  test('a night on which the clock changes: the wall time is kept', () => {
    const before = Date.parse('2026-03-28T12:00:00Z');
    expect(iso(parseUntil('2026-03-30 08:00', before, 'Europe/Berlin'))).toBe('2026-03-30T06:00');
  });
});

describe('what and how long', () => {
  test.each([
    ['ru for 8h', 'ru', 8 * HOUR],
    ['ru на 8 часов', 'ru', 8 * HOUR],
    ['на 3 дня', '', 3 * DAY],
    ['RU-whatsapp-3f9k for 8h', 'RU-whatsapp-3f9k', 8 * HOUR],
    ['ru 8h', 'ru', 8 * HOUR],
    ['ru 8 hours', 'ru', 8 * HOUR],
    ['all до 18:00', 'all', 6 * HOUR],
    ['the moscow times', 'the moscow times', null],
  ])('"%s"', (text, what, ms) => {
    expect(splitTime(text, now, 'UTC')).toEqual({ what, until: ms === null ? null : now + ms, bad: null });
  });

  test('a time that is none: named', () => expect(splitTime('ru for ages', now, 'UTC').bad).toBe('ages'));
});

describe('time zones', () => {
  test.each([
    ['Europe/Moscow', 'Europe/Moscow'],
    ['europe/moscow', 'Europe/Moscow'],
    ['moscow', 'Europe/Moscow'],
    ['Москва', 'Europe/Moscow'],
    ['New York', 'America/New_York'],
    ['UTC', 'UTC'],
    ['asia/kolkata', 'Asia/Kolkata'],
    ['UTC+3', '+03:00'],
    ['-03:30', '-03:30'],
  ])('%s: %s', (text, zone) => expect(findZone(text)).toEqual({ zone }));

  test('nearly right: the nearest first', () => {
    const found = findZone('mosco');
    expect('nearest' in found && found.nearest[0]).toBe('Europe/Moscow');
  });
  test('nonsense: nothing', () => expect(findZone('UTC+99')).toEqual({ nearest: [] }));
});
