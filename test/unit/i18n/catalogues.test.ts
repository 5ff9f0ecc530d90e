import { describe, expect, test } from 'vitest';
import { createTranslators, languages } from '../../../src/i18n/index.ts';

const placeholders = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/gu)].map((match) => match[1]!).sort();
const formsOf = (text: string | Record<string, string>): string[] =>
  typeof text === 'string' ? [text] : Object.values(text);
const used = (text: string | Record<string, string>): string[] =>
  [...new Set(formsOf(text).flatMap(placeholders))].sort();

const first = languages[0]!;
const translators = createTranslators({
  services: [
    { id: 'whatsapp', name: 'WhatsApp', aliases: [], category: 'messenger' },
    { id: 'internet', name: 'Internet (whole network)', aliases: [], category: 'network' },
  ],
});

describe.each(languages.map((language) => [language.code, language] as const))('catalogue %s', (_, language) => {
  const entries = Object.entries(language.texts) as [keyof typeof language.texts, string | Record<string, string>][];

  test('keys: the same as in the first language', () => {
    expect(Object.keys(language.texts).sort()).toEqual(Object.keys(first.texts).sort());
  });

  test('every phrase: the same placeholders as in the first language', () => {
    for (const [key, text] of entries) {
      expect({ key, placeholders: used(text) }).toEqual({ key, placeholders: used(first.texts[key]) });
    }
  });

  test('every plural: all forms that the language has, and no other', () => {
    const categories = new Intl.PluralRules(language.locale).resolvedOptions().pluralCategories;
    for (const [key, text] of entries) {
      expect({ key, plural: typeof text }).toEqual({ key, plural: typeof first.texts[key] });
      if (typeof text === 'object')
        expect({ key, forms: Object.keys(text).sort() }).toEqual({ key, forms: [...categories].sort() });
    }
  });

  test('every plural: forms use the same placeholders, only the number may be left out', () => {
    for (const [key, text] of entries) {
      for (const form of formsOf(text)) {
        expect({ key, rest: placeholders(form).filter((name) => name !== 'n') }).toEqual({
          key,
          rest: used(text).filter((name) => name !== 'n'),
        });
      }
    }
  });

  test('every phrase: not empty, no stray spaces', () => {
    for (const [key, text] of entries) {
      for (const form of formsOf(text)) expect({ key, form: form.trim() }).toEqual({ key, form: form || 'something' });
    }
  });
});

describe('translator', () => {
  test('Russian counts: one, few, many', () => {
    const words = translators.of('ru');
    const say = (n: number): string => words.say('why.outlets', { n });
    expect([1, 2, 5, 11, 21, 22, 100].map(say)).toEqual([
      '1 издание',
      '2 издания',
      '5 изданий',
      '11 изданий',
      '21 издание',
      '22 издания',
      '100 изданий',
    ]);
  });

  test('an argument that looks like a placeholder: stays as it is', () => {
    expect(translators.of('en').say('headline', { country: '{what}', what: 'x' })).toBe('{what}: x');
  });

  test('dates: in the zone of the chat, the year only when it is another', () => {
    const at = Date.parse('2026-02-12T22:30:00Z');
    const now = Date.parse('2026-03-01T00:00:00Z');
    expect(translators.of('en').dateTime(at, 'Europe/Moscow', now)).toBe('13 Feb, 01:30 MSK');
    expect(translators.of('ru').dateTime(at, 'Europe/Moscow', now)).toBe('13 февраля в 01:30 МСК');
    expect(translators.of('en').day(at, 'UTC', Date.parse('2027-01-01T00:00:00Z'))).toBe('12 Feb 2026');
  });

  test('a zone that nobody knows: UTC, which the text says', () => {
    expect(translators.of('en').dateTime(0, 'Mars/Olympus', 0)).toBe('1 Jan, 00:00 UTC');
  });

  test('a time that is none: a question mark instead of a throw', () => {
    expect(translators.of('en').dateTime(Number.NaN, 'UTC', 0)).toBe('?');
  });

  test('countries: in the language of the chat, the EU too, unknown codes as they are', () => {
    const ru = translators.of('ru');
    expect([ru.country('RU'), ru.country('EU'), ru.country('XX'), ru.country('nonsense'), ru.country(null)]).toEqual([
      'Россия',
      'Европейский союз',
      'XX',
      'nonsense',
      'Страна не названа',
    ]);
  });

  test('services: as the catalogue spells them, only the network itself is translated', () => {
    const ru = translators.of('ru');
    expect([ru.service('whatsapp'), ru.service('internet'), ru.service('gone')]).toEqual([
      'WhatsApp',
      'Интернет',
      'gone',
    ]);
    expect(translators.of('en').service('internet')).toBe('Internet (whole network)');
  });

  test('durations: the two largest units, never nothing', () => {
    const HOUR = 3_600_000;
    const ru = translators.of('ru');
    expect([0, 5 * 60_000, 21 * HOUR + 60_000, 68 * HOUR, 72 * HOUR].map((ms) => ru.duration(ms))).toEqual([
      '1 мин',
      '5 мин',
      '21 ч 1 мин',
      '2 дн. 20 ч',
      '3 дн.',
    ]);
  });

  test('a language without a catalogue: English', () => {
    expect(translators.of('tlh').lang).toBe('en');
    expect(translators.has('tlh')).toBe(false);
  });
});
