/** Days ahead that headlines name: only with day and month, only to come, never reckoned. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { datesAhead, dayIn } from '../../../src/core/regular.ts';
import { anyCharacter } from '../../fakes/any-text.ts';
import { expectAtMost } from '../../fakes/pace.ts';
import { measured, report } from '../render/support.ts';

const WRITTEN = Date.UTC(2026, 10, 28, 9);
const DAY = 86_400_000;
const shown = (text: string, lang: string | null = 'en'): string | null => {
  const at = dayIn(text, lang, WRITTEN);
  return at === null ? null : new Date(at).toISOString().slice(0, 10);
};

describe('the day that a headline names', () => {
  test.each<[string, string, string | null]>([
    ['Court to hear appeal on December 5', 'en', '2026-12-05'],
    ['Law in force from 1 March 2027', 'en', '2027-03-01'],
    ['Ban takes effect March 1st, 2027', 'en', '2027-03-01'],
    ['С 1 марта Telegram заблокируют', 'ru', '2027-03-01'],
    ['Суд рассмотрит дело 15-го декабря', 'ru', '2026-12-15'],
    ['з 10 грудня', 'uk', '2026-12-10'],
    ['ab dem 3. Januar 2027 gesperrt', 'de', '2027-01-03'],
    ['bloqueado desde el 12 de enero', 'es', '2027-01-12'],
    ['à partir du 1er janvier', 'fr', '2027-01-01'],
    ['1 Aralık 2026 tarihinde', 'tr', '2026-12-01'],
    ['يوم 5 ديسمبر', 'ar', '2026-12-05'],
    ['12月5日起封锁', 'zh', '2026-12-05'],
    ['2027年1月1日生效', 'zh', '2027-01-01'],
    ['01.12.2026', 'ru', '2026-12-01'],
    ['From May 10 on', 'en', '2027-05-10'],
    ['It may 10 times over', 'en', null],
    ['27 November: blocked', 'en', null],
    ['31 February', 'en', null],
    ['32 December', 'en', null],
    ['in December', 'en', null],
    ['December 5:30', 'en', null],
    ['by the end of 2027', 'en', null],
    ['13.13.2026', 'en', null],
    ['Version 10.12.2 is out', 'en', null],
    ['1984', 'en', null],
    ['', 'en', null],
    ['December 5', 'xx', '2026-12-05'],
    ['December 5', '../..', '2026-12-05'],
  ])('%s (%s)', (text, lang, day) => expect(shown(text, lang)).toBe(day));

  test('without its year: the next of that name, when that is soon; the far one is not guessed', () => {
    expect(shown('on 28 November')).toBe('2026-11-28');
    expect(shown('on 20 October')).toBeNull();
    expect(shown('on 20 October 2027')).toBe('2027-10-20');
  });

  test('whatever somebody writes: a day at noon, or none, within moments', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: anyCharacter, maxLength: 300 }),
        fc.constantFrom('en', 'ru', 'zh', 'ar', 'tr'),
        (text, lang) => {
          const at = dayIn(`${text} 5 December ${text}`, lang, WRITTEN);
          expect(at === null || at % DAY === DAY / 2).toBe(true);
        },
      ),
      { numRuns: 100 },
    );
    const before = process.cpuUsage();
    dayIn('1 de '.repeat(20_000), 'es', WRITTEN);
    expectAtMost(process.cpuUsage(before).user / 1_000, 500);
  });
});

describe('of what is followed', () => {
  const told = (id: string, ...titles: string[]) => ({
    incident: { id },
    reports: titles.map((title, i) =>
      report({ id: `${id}${i}`, title, publisherName: 'Wire', at: WRITTEN - i * DAY, lang: 'en' }),
    ),
  });

  test('the next first; of one day and incident the newest headline; what is over or years ahead is left out', () => {
    const all = [
      told('a', 'Hearing on 5 December', 'Hearing set for December 5', 'Blocked on 20 November 2026'),
      told('b', 'Law from 1 December 2026', 'Law from 1 January 2031'),
    ];
    expect(datesAhead(all, WRITTEN)).toEqual([
      { at: Date.UTC(2026, 11, 1, 12), what: 'Law from 1 December 2026', who: 'Wire' },
      { at: Date.UTC(2026, 11, 5, 12), what: 'Hearing on 5 December', who: 'Wire' },
    ]);
    expect(datesAhead(all, Date.UTC(2026, 11, 6))).toEqual([]);
  });

  test('five at most; measurements have no headlines', () => {
    const many = Array.from({ length: 9 }, (_, i) => told(`i${i}`, `Hearing on ${i + 1} December 2026`));
    expect(datesAhead(many, WRITTEN).length).toBe(5);
    const reports = [measured(['AS1'], { title: '5 December 2026' })];
    expect(datesAhead([{ incident: { id: 'x' }, reports }], WRITTEN)).toEqual([]);
  });
});
