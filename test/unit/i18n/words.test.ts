/** Dates, ages and counts as the catalogues' languages say them, whatever they are given. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bundledRegions } from '../../../src/config/catalogue.ts';
import type { PhraseKey } from '../../../src/core/ports/translate.ts';
import { createTranslators } from '../../../src/i18n/index.ts';
import { languages, sayIn } from '../../../src/i18n/packs.ts';
import { consentText } from '../../../src/sources/probe/agent-command.ts';
import { isWhole, phrasesOf, placeholdersIn } from '../../fakes/packs.ts';

const translators = createTranslators({
  services: [
    { id: 'whatsapp', name: 'WhatsApp', aliases: [], category: 'messenger' },
    { id: 'internet', name: 'Internet (whole network)', aliases: [], category: 'network' },
  ],
});
const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000];
const [en, ru] = [translators.of('en'), translators.of('ru')];
const spaces = (text: string): string => text.replace(/[\u00a0\u202f]/g, ' ');

describe('how long', () => {
  test.each<[number, string, string]>([
    [0, '1 minute', '1 мин'],
    [59 * MINUTE, '59 minutes', '59 мин'],
    [HOUR + MINUTE, '1 hour 1 minute', '1 ч 1 мин'],
    [2 * DAY + 20 * HOUR + 40 * MINUTE, '2 days 20 hours', '2 дн. 20 ч'],
    [2 * DAY, '2 days', '2 дн.'],
    [29_600, '1 minute', '1 мин'],
    [HOUR - 1, '1 hour', '1 ч'],
    [DAY - 20_000, '1 day', '1 дн.'],
  ])('%i ms', (ms, english, russian) => {
    expect([spaces(en.duration(ms)), spaces(ru.duration(ms))]).toEqual([english, russian]);
  });

  test.each<[number, string, string]>([
    [0, 'less than a minute', 'меньше минуты'],
    [MINUTE, '1 minute', '1 мин'],
    [119 * MINUTE, '119 minutes', '119 мин'],
    [2 * HOUR, '2 hours', '2 ч'],
    [47 * HOUR, '47 hours', '47 ч'],
    [2 * DAY, '2 days', '2 дн.'],
    [400 * DAY, '400 days', '400 дн.'],
  ])('%i ms ago', (ms, english, russian) => {
    expect([spaces(en.age(ms)), spaces(ru.age(ms))]).toEqual([english, russian]);
  });

  test('any time: never nothing, and a longer one never reads shorter', () => {
    fc.assert(
      fc.property(fc.nat(400 * DAY), (ms) => {
        for (const words of [en, ru]) {
          expect(words.duration(ms)).toMatch(/^\d/);
          expect(words.age(ms).length).toBeGreaterThan(0);
        }
        // Read back: within a minute below a day, within an hour from there on.
        const read = [...en.duration(ms).matchAll(/(\d+) (day|hour|minute)/g)].reduce(
          (sum, [, n, unit]) =>
            sum + Number(n) * { day: DAY, hour: HOUR, minute: MINUTE }[unit as 'day' | 'hour' | 'minute'],
          0,
        );
        expect(Math.abs(read - Math.max(ms, MINUTE))).toBeLessThanOrEqual(
          ms < DAY - MINUTE ? MINUTE / 2 + MINUTE : HOUR + MINUTE,
        );
      }),
      { numRuns: 500 },
    );
  });
});

describe('when', () => {
  const at = Date.UTC(2026, 1, 12, 22, 30);
  test.each<[string, number, string, string]>([
    ['UTC', at, '12 Feb, 22:30 UTC', '12 февраля в 22:30 UTC'],
    ['Europe/Moscow', at, '13 Feb, 01:30 MSK', '13 февраля в 01:30 МСК'],
    ['+05:30', at, '13 Feb, 04:00 GMT+5:30', '13 февраля в 04:00 GMT+5:30'],
    ['Mars/Olympus', at, '12 Feb, 22:30 UTC', '12 февраля в 22:30 UTC'],
    ['', at, '12 Feb, 22:30 UTC', '12 февраля в 22:30 UTC'],
  ])('in %j', (zone, time, english, russian) => {
    expect([spaces(en.dateTime(time, zone, time)), spaces(ru.dateTime(time, zone, time))]).toEqual([english, russian]);
  });

  test('another year: named; the year is the zone’s', () => {
    const eve = Date.UTC(2025, 11, 31, 22, 0);
    expect(en.day(eve, 'UTC', at)).toContain('2025');
    expect(en.day(eve, 'Europe/Moscow', at)).toBe('1 Jan');
    expect(en.day(at, 'UTC', eve)).toContain('2026');
  });

  test('whatever time and zone: a text, never an exception', () => {
    const times = fc.oneof(
      fc.integer({ min: -8.64e15, max: 8.64e15 }),
      fc.double(),
      fc.constantFrom(Number.NaN, Infinity, -1),
    );
    const zones = fc.oneof(fc.constantFrom('UTC', 'Asia/Tehran', '+14:00'), fc.string());
    fc.assert(
      fc.property(times, zones, times, (time, zone, now) => {
        for (const words of [en, ru]) {
          if (Math.abs(time) <= 8.64e15 || !Number.isFinite(time)) {
            const base = Number.isFinite(now) && Math.abs(now) <= 8.64e15 ? now : 0;
            if (!Number.isFinite(time)) expect(words.dateTime(time, zone, base)).toBe('?');
            else expect(words.dateTime(time, zone, base).length).toBeGreaterThan(3);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  test('more zones than are kept: all are right, again and again', () => {
    const zones = Intl.supportedValuesOf('timeZone');
    const first = zones.map((zone) => en.dateTime(at, zone, at));
    expect(zones.map((zone) => en.dateTime(at, zone, at))).toEqual(first);
  });
});

describe('names', () => {
  test.each<[string | null, string, string]>([
    ['RU', 'Russia', 'Россия'],
    ['HK', 'Hong Kong', 'Гонконг'],
    ['XX', 'XX', 'XX'],
    ['EU', 'European Union', 'Европейский союз'],
    ['XK', 'Kosovo', 'Косово'],
    [null, 'Country not named', 'Страна не названа'],
    ['no code', 'no code', 'no code'],
    ['', '', ''],
    ['__proto__', '__proto__', '__proto__'],
    ['constructor', 'constructor', 'constructor'],
  ])('country %j', (code, english, russian) => {
    expect([en.country(code), ru.country(code)]).toEqual([english, russian]);
  });

  test('the network itself: the one service with a name in each language', () => {
    expect([en.service('internet'), ru.service('internet')]).toEqual(['Internet (whole network)', 'Интернет']);
  });

  test.each(['toString', '__proto__', 'unheard-of'])('service %s that is in no catalogue: as it is', (id) => {
    expect([en.service(id), ru.service(id), en.service('whatsapp')]).toEqual([id, id, 'WhatsApp']);
  });
});

describe('phrases', () => {
  test('Russian counts: one, few, many', () => {
    const say = (n: number): string => ru.say('why.outlets', { n });
    expect([1, 2, 5, 11, 21, 22, 100].map(say)).toEqual([
      'пишет 1 издание',
      'пишут 2 издания',
      'пишут 5 изданий',
      'пишут 11 изданий',
      'пишет 21 издание',
      'пишут 22 издания',
      'пишут 100 изданий',
    ]);
  });

  test('an argument that looks like a placeholder: shown as it is, and nothing else takes its place', () => {
    expect(en.say('headline', { country: '{what}', what: 'x' })).toBe('{what}: x');
    expect(en.rich('error.help', { command: { code: '{command}' } })).toEqual([
      { code: '{command}' },
      ' lists all I can do.',
    ]);
  });

  const counting = (code: string): PhraseKey[] =>
    Object.entries(phrasesOf(code)).flatMap(([key, text]) => (typeof text === 'string' ? [] : [key as PhraseKey]));
  const argsOf = (key: string): object =>
    Object.fromEntries(placeholdersIn(JSON.stringify(phrasesOf('en')[key])).map((name) => [name, 'x']));

  test.each(['en', 'ru'])(
    'every plural in %s, for any number: a sentence that names it where it must, and no empty one',
    (code) => {
      const words = translators.of(code);
      fc.assert(
        fc.property(fc.constantFrom(...counting(code)), fc.nat(1_000_000), (key, n) => {
          const say = words.say as (key: PhraseKey, args: object) => string;
          const text = spaces(say(key, { ...argsOf(key), n }));
          expect(text.trim()).not.toBe('');
          if (n > 1) expect(text.replace(/[ ,]/g, '')).toContain(String(n));
        }),
        { numRuns: 500 },
      );
    },
  );

  test('a language that there is not: English; a room in it, too', () => {
    expect([translators.of('xx').lang, translators.of('xx', 'room').lang, translators.has('xx')]).toEqual([
      'en',
      'en',
      false,
    ]);
    expect(translators.of('ru', 'room').say('thread.follows')).toBe('В этой ветке слежу за:');
  });
});

describe('few words of adapters', () => {
  const cut = (lang: string): string => sayIn(lang, 'message.cut', { lines: '3' });

  test.each(languages.filter(isWhole).map(({ code }) => code))(
    '%s: a shortened message and an old button are said so',
    (lang) => {
      expect(sayIn(lang, 'message.shortened')).toMatch(/^[(（].+[)）]$/);
      // The bound of Telegram's popups.
      expect(sayIn(lang, 'button.tooOld').length).toBeLessThanOrEqual(200);
      expect(sayIn(lang, 'button.tooOld')).toContain('/help');
    },
  );

  test('another language, or none: English', () => {
    expect([
      sayIn('xx', 'message.shortened'),
      sayIn('xx', 'button.tooOld'),
      sayIn(null, 'button.tooOld'),
      sayIn('xx', 'message.update'),
    ]).toEqual([
      sayIn('en', 'message.shortened'),
      sayIn('en', 'button.tooOld'),
      sayIn('en', 'button.tooOld'),
      'Update',
    ]);
    expect(cut('xx')).toBe(cut('en'));
    for (const { code: lang } of languages.slice(1).filter(isWhole)) {
      expect(cut(lang)).toMatch(/^\[….*3.*\]$/);
      expect([cut(lang), sayIn(lang, 'message.update')]).not.toContain(cut('en'));
      expect(sayIn(lang, 'message.update')).not.toBe('Update');
    }
    expect([cut('ru'), sayIn('ru', 'message.update')]).toEqual(['[… не поместилось в сообщение: ещё 3]', 'Обновление']);
  });

  test.each([
    ['ru_RU.UTF-8', 'владельцы'],
    ['RU', 'владельцы'],
    ['fa_IR', 'STOP'],
    ['tr_TR.UTF-8', 'STOP'],
    ['uk', 'власники'],
    ['de_DE', 'Inhaber'],
    ['es_VE', 'titulares'],
    ['fr', 'propriétaires'],
    ['ar_EG', 'STOP'],
    ['zh_CN', '主人'],
    ['C', 'agree'],
    ['', 'agree'],
  ])('consent where LANG is %j', (lang, part) => expect(consentText(lang)).toContain(part));
});

test('a region: by its id in the language, else as it is', () => {
  const bundled = createTranslators({ services: [] }, bundledRegions());
  const said = (text: string) => ['en', 'ru'].map((lang) => bundled.of(lang).region(text));
  expect(said('RU-DA')).toEqual(['Dagestan', 'Дагестан']);
  for (const text of ['Махачкале', 'RU-XYZ', '']) expect(said(text)).toEqual([text, text]);
  expect(ru.region('RU-DA')).toBe('RU-DA');
});
