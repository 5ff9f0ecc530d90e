/** Counting in every language, held to rules that are written out here and not taken from the runtime; months, zones and durations with them. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PhraseKey, Place } from '../../../src/core/ports/translate.ts';
import { createTranslators } from '../../../src/i18n/index.ts';
import { languages } from '../../../src/i18n/packs.ts';
import { isWhole, phrasesOf } from '../../fakes/packs.ts';

type Plural = Record<string, string>;
const translators = createTranslators({ services: [] });
const NUMBERS = [0, 1, 2, 3, 4, 5, 11, 12, 14, 20, 21, 22, 25, 101, 102, 111, 112, 1_001, 1_000_000];

type Form = Intl.LDMLPluralRule;
const slavic = (n: number): Form => {
  const [ones, tens] = [n % 10, n % 100];
  if (ones === 1 && tens !== 11) return 'one';
  return ones >= 2 && ones <= 4 && (tens < 12 || tens > 14) ? 'few' : 'many';
};
const onlyOne = (n: number): Form => (n === 1 ? 'one' : 'other');
const isMillions = (n: number): boolean => n > 0 && n % 1_000_000 === 0;
/** As grammars have it, for whole numbers. */
const RULES: Record<string, (n: number) => Form> = {
  en: onlyOne,
  ru: slavic,
  fa: (n) => (n <= 1 ? 'one' : 'other'),
  tr: onlyOne,
  uk: slavic,
  de: onlyOne,
  es: (n) => (isMillions(n) ? 'many' : onlyOne(n)),
  fr: (n) => (isMillions(n) ? 'many' : n <= 1 ? 'one' : 'other'),
  ar: (n) => {
    if (n <= 2) return (['zero', 'one', 'two'] as const)[n]!;
    const tens = n % 100;
    return tens >= 3 && tens <= 10 ? 'few' : tens >= 11 ? 'many' : 'other';
  },
  zh: () => 'other',
};
const by =
  (sign: string) =>
  (n: number): string =>
    String(n).replace(/\B(?=(\d{3})+$)/g, sign);
const GROUPED: Record<string, (n: number) => string> = {
  en: by(','),
  ru: by('\u00a0'),
  fa: (n) => by('٬')(n).replace(/\d/g, (digit) => '۰۱۲۳۴۵۶۷۸۹'[Number(digit)]!),
  tr: by('.'),
  uk: by('\u00a0'),
  de: by('.'),
  es: (n) => (n < 10_000 ? String(n) : by('.')(n)),
  fr: by('\u202f'),
  ar: by(','),
  zh: by(','),
};

/** Every phrase that counts, with what else it wants. */
const counting = (code: string, place: Place): [PhraseKey, Plural][] =>
  Object.entries(phrasesOf(code, place)).filter((one): one is [PhraseKey, Plural] => typeof one[1] !== 'string');
const namesIn = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!);
const filled = (text: string, args: Record<string, string>): string =>
  text.replace(/\{(\w+)\}/g, (_all, name: string) => args[name]!);

const everywhere = languages.filter(isWhole).flatMap(({ code }) => [[code, 'chat'] as const, [code, 'room'] as const]);

describe.each(everywhere)('counts in %s, in a %s', (code, place) => {
  const words = translators.of(code, place);
  const say = words.say as (key: PhraseKey, args: object) => string;

  test.each(counting(code, place).map(([key, forms]) => ({ key, forms })))(
    '$key: the right form for each number, with the number as it is written there',
    ({ key, forms }) => {
      for (const n of NUMBERS) {
        const form = forms[RULES[code]!(n)]!;
        const names = [...new Set(Object.values(forms).flatMap(namesIn))].filter((name) => name !== 'n');
        const args = Object.fromEntries(names.map((name) => [name, `<${name}>`]));
        expect(say(key, { ...args, n })).toBe(filled(form, { ...args, n: GROUPED[code]!(n) }));
      }
    },
  );

  test('the form for one: where it also counts 21 and 101, it names the number', () => {
    if (RULES[code]!(21) !== 'one') return;
    const silent = counting(code, place).filter(([, forms]) => !forms.one!.includes('{n}'));
    // What is said of "the only one" must not be said of twenty-one.
    expect(silent.map(([key]) => key)).toEqual([]);
  });
});

describe('months', () => {
  const spaces = (text: string): string => text.replace(/[\u00a0\u202f]/g, ' ');
  test.each([
    ['01', 'Jan', 'января'],
    ['02', 'Feb', 'февраля'],
    ['03', 'Mar', 'марта'],
    ['04', 'Apr', 'апреля'],
    ['05', 'May', 'мая'],
    ['06', 'Jun', 'июня'],
    ['07', 'Jul', 'июля'],
    ['08', 'Aug', 'августа'],
    ['09', 'Sept', 'сентября'],
    ['10', 'Oct', 'октября'],
    ['11', 'Nov', 'ноября'],
    ['12', 'Dec', 'декабря'],
  ])('%s: %s, and with a number before it %s', (month, english, russian) => {
    const first = Date.parse(`2022-${month}-01T00:00:00Z`);
    const last = Date.parse(`2022-${month}-28T23:59:59Z`);
    for (const time of [first, last]) {
      expect(translators.of('en').month(time)).toBe(`${english} 2022`);
      expect(spaces(translators.of('ru').month(time))).toMatch(new RegExp(`^${russian} 2022( г\\.)?$`));
      // A day is the month with its number before it.
      for (const lang of ['en', 'ru']) {
        const words = translators.of(lang);
        const day = spaces(words.day(time, 'UTC', 0));
        expect(day.replace(/^\d+ /, '')).toBe(spaces(words.month(time)));
        expect(Number.parseInt(day, 10)).toBe(new Date(time).getUTCDate());
      }
    }
  });
});

describe('zones', () => {
  /** Hours east of Greenwich, by the runtime's own tables. */
  const offsetOf = (zone: string, at: number): number => {
    const parts = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' }).formatToParts(at);
    const name = parts.find(({ type }) => type === 'timeZoneName')!.value;
    const [, sign, hours, minutes] = /([+-])(\d+):(\d+)/.exec(name) ?? ['', '+', '0', '0'];
    return (sign === '-' ? -1 : 1) * (Number(hours) + Number(minutes) / 60);
  };
  const summer = Date.UTC(2026, 6, 1, 12);
  const winter = Date.UTC(2026, 0, 1, 12);

  for (const { code, zones } of languages.filter(({ code }) => ['en', 'ru'].includes(code)))
    test.each(Object.entries(zones))(
      `${code}: %s is called %s: so many hours from Moscow, all year round`,
      (zone, name) => {
        const [, sign, hours] = /^\D+?([+−])?(\d+)?$/u.exec(name)!;
        const named = (sign === '−' ? -1 : 1) * Number(hours ?? 0);
        for (const time of [winter, summer]) {
          expect(offsetOf(zone, time) - offsetOf('Europe/Moscow', time)).toBe(named);
          expect(translators.of(code).dateTime(time, zone, time).endsWith(name)).toBe(true);
        }
      },
    );

  test('a zone of summer time: each date with its own', () => {
    const english = [winter, summer].map((time) => translators.of('en').dateTime(time, 'Europe/London', time));
    expect(english).toEqual(['1 Jan, 12:00 GMT', '1 Jul, 13:00 BST']);
  });

  test('midnight: 00, never 24; the hour of a night that has it twice', () => {
    const night = Date.UTC(2026, 9, 24, 22, 0);
    for (const lang of ['en', 'ru'])
      expect(translators.of(lang).dateTime(night, 'Europe/Berlin', night)).toMatch(/00:00/);
    const twice = [0, 1].map((hour) => Date.UTC(2026, 9, 25, hour, 30));
    const [before, after] = twice.map((time) => translators.of('en').dateTime(time, 'Europe/Berlin', time));
    expect(before).toMatch(/02:30/);
    expect(after).toMatch(/02:30/);
    expect(before).not.toBe(after);
  });

  test('any two times of one day there: the same day, whatever the zone', () => {
    const zone = fc.constantFrom('UTC', 'Asia/Tehran', 'Pacific/Kiritimati', 'America/Los_Angeles', 'Asia/Kathmandu');
    fc.assert(
      fc.property(zone, fc.integer({ min: 0, max: 3_000 }), fc.nat(1_439), (timeZone, day, minute) => {
        const words = translators.of('en');
        const time = Date.UTC(2020, 0, 1) + day * 86_400_000 + minute * 60_000;
        const parts = new Intl.DateTimeFormat('en-CA', { timeZone }).format(time).split('-');
        const text = words.day(time, timeZone, 0);
        expect(Number.parseInt(text, 10)).toBe(Number(parts[2]));
        expect(text.endsWith(parts[0]!)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});

describe('durations in Russian', () => {
  const ru = translators.of('ru');
  const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000];
  const read = (text: string): number =>
    [...text.matchAll(/(\d+)\s(дн|ч|мин)/gu)].reduce(
      (sum, [, n, unit]) => sum + Number(n) * { дн: DAY, ч: HOUR, мин: MINUTE }[unit as 'дн'],
      0,
    );

  test('any time: read back it is the same to the minute below a day, to the hour above', () => {
    fc.assert(
      fc.property(fc.nat(400 * DAY), (ms) => {
        const back = read(ru.duration(ms).replace(/[\u00a0\u202f]/g, ' '));
        if (ms < MINUTE) expect(back).toBe(MINUTE);
        else if (ms < DAY - MINUTE) expect(Math.abs(back - ms)).toBeLessThanOrEqual(MINUTE / 2);
        else expect(Math.abs(back - ms)).toBeLessThan(HOUR + MINUTE);
      }),
      { numRuns: 300 },
    );
  });

  test('two units at most, and none of them nothing', () => {
    for (const lang of ['en', 'ru'])
      fc.assert(
        fc.property(fc.nat(30 * DAY), (ms) => {
          const numbers = translators.of(lang).duration(ms).match(/\d+/g)!.map(Number);
          expect(numbers.length).toBeLessThanOrEqual(2);
          expect(numbers).not.toContain(0);
        }),
        { numRuns: 150 },
      );
  });

  test('an age: never jumps back as time passes', () => {
    const ages = fc
      .tuple(fc.nat(60 * DAY), fc.nat(60 * DAY))
      .map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);
    const asMs = (ms: number): number =>
      /^\d/.test(ru.age(ms)) ? read(ru.age(ms).replace(/[\u00a0\u202f]/g, ' ')) : 0;
    fc.assert(
      fc.property(ages, ([less, more]) => {
        expect(asMs(less)).toBeLessThanOrEqual(asMs(more));
      }),
      { numRuns: 300 },
    );
  });
});
