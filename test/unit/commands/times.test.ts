import { describe, expect, test } from 'vitest';
import { parseDuration, parseUntil, splitTime } from '../../../src/core/commands/asking/times.ts';
import { findZone } from '../../../src/core/commands/asking/zones.ts';
import { known } from '../../fakes/known.ts';

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
  ])('"%s": %s', (text, expected) => expect(parseDuration(text, known)).toBe(expected));
});

describe('durations in the eight newer languages', () => {
  test.each<[number, string[]]>([
    [
      8 * HOUR,
      [
        '8 годин',
        '8 Stunden',
        'acht Stunden',
        '8 horas',
        'huit heures',
        '8h',
        '8 saat',
        'sekiz saat',
        '۸ ساعت',
        'هشت ساعت',
        '٨ ساعات',
        '8小时',
        '八个小时',
      ],
    ],
    [
      HOUR / 2,
      [
        'пів години',
        'півгодини',
        'eine halbe Stunde',
        'media hora',
        'une demi heure',
        'yarım saat',
        'نیم ساعت',
        'نصف ساعة',
        '半小时',
        'half an hour',
      ],
    ],
    [2 * DAY, ['2 дні', 'zwei Tage', 'dos días', 'deux jours', 'iki gün', 'دو روز', 'يومين', '两天']],
    [7 * DAY, ['тиждень', 'eine Woche', 'una semana', 'une semaine', 'bir hafta', 'یک هفته', 'أسبوع', '一周']],
    [
      HOUR,
      ['годину', 'eine Stunde', 'una hora', 'une heure', 'bir saat', 'یک ساعت', 'ساعة واحدة', '一小时', 'an hour'],
    ],
  ])('%s ms', (expected, typed) => {
    for (const text of typed) expect(parseDuration(text, known), text).toBe(expected);
  });
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
  ])('"%s" in Moscow: %s', (text, expected) =>
    expect(iso(parseUntil(text, now, 'Europe/Moscow', known))).toBe(expected),
  );

  test.each<[string, string[]]>([
    [
      '2026-02-15T05:00',
      [
        'morning',
        'утра',
        'завтрашнего утра',
        'ранку',
        'morgen',
        'morgen früh',
        'mañana',
        'mañana por la mañana',
        'demain matin',
        'yarın sabaha',
        'فردا صبح',
        'الصباح',
        'الغد',
        '明天早上',
        'tomorrow',
      ],
    ],
    [
      '2026-02-15T06:00',
      ['9', '9 утра', '9 ранку', '9 Uhr', 'las 9 de la mañana', '9h', "saat 9'a", 'ساعت ۹', 'الساعة ٩', '9点'],
    ],
    ['2026-02-14T18:00', ['9 вечера', '9 pm', '9 abends', '晚上9点']],
    [
      '2026-02-16T05:00',
      [
        'monday',
        'понедельника',
        'понеділка',
        'Montag',
        'el lunes',
        'lundi',
        'pazartesiye',
        'دوشنبه',
        'الاثنين',
        '周一',
        '星期一',
      ],
    ],
  ])('%s in Moscow', (expected, typed) => {
    for (const text of typed) expect(iso(parseUntil(text, now, 'Europe/Moscow', known)), text).toBe(expected);
  });

  test('a night on which the clock changes: the wall time is kept', () => {
    const before = Date.parse('2026-03-28T12:00:00Z');
    expect(iso(parseUntil('2026-03-30 08:00', before, 'Europe/Berlin', known))).toBe('2026-03-30T06:00');
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
    ['RU-dw-3d9k', 'RU-dw-3d9k', null],
    ['russland für 8 stunden bitte', 'russland bitte', 8 * HOUR],
    ['俄罗斯8小时', '俄罗斯', 8 * HOUR],
    ['rusya 3 gün boyunca', 'rusya', 3 * DAY],
  ])('"%s"', (text, what, ms) => {
    expect(splitTime(text, now, 'UTC', known)).toEqual({ what, until: ms === null ? null : now + ms, bad: null });
  });

  test.each([
    ['ru for ages', 'ages'],
    ['ru for', 'for'],
    ['ru 8', '8'],
    ['ru 3 fortnights', '3 fortnights'],
    ['россия на потом', 'потом'],
    ['rusia por siempre', 'siempre'],
    ['russland für immer', 'immer'],
    ['ru until yesterday', 'yesterday'],
    ['俄罗斯 到永远', null],
    ['', null],
  ])('"%s", a time that is none: named', (text, bad) => expect(splitTime(text, now, 'UTC', known).bad).toBe(bad));

  test('4,000 signs of a time: read at once', () => {
    for (const part of ['8 ', 'until 8 ', '半', 'до ', 'für ', 'nine ', '8h ', 'half a '])
      expect(splitTime(part.repeat(1_000), now, 'UTC', known).what.length).toBeGreaterThan(0);
  });
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
  ])('%s: %s', (text, zone) => expect(findZone(text, known)).toEqual({ zone }));

  test('nearly right: the nearest first', () => {
    const found = findZone('mosco', known);
    expect('nearest' in found && found.nearest[0]).toBe('Europe/Moscow');
  });
  test('nonsense: nothing', () => expect(findZone('UTC+99', known)).toEqual({ nearest: [] }));
});
