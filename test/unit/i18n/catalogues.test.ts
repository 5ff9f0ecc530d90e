import { describe, expect, test } from 'vitest';
import { languages as register } from '../../../src/i18n/languages.ts';

const placeholders = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/gu)].map((match) => match[1]!).sort();
const formsOf = (text: string | Record<string, string>): string[] =>
  typeof text === 'string' ? [text] : Object.values(text);
const used = (text: string | Record<string, string>): string[] =>
  [...new Set(formsOf(text).flatMap(placeholders))].sort();

const languages = register.map((entry) => entry.load());
const first = languages[0]!;

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

/** A catalogue whose text is the English one has not been translated; what may be alike in some language, by its key. */
const ALIKE = new Set([
  'noun.internet',
  'headline',
  'what.country',
  'what.pair',
  'incident.report',
  'history.span',
  'agents.at',
  'status.part',
  'fr site.source',
  'fr site.sources',
  'fr first.messages',
  'fr sources.head',
  'fr sources.leftOutServices',
]);

describe.each(register.slice(1).map((entry) => [entry.code, entry] as const))('%s is translated', (code, entry) => {
  const language = entry.load();
  const english = first.texts as Record<string, string | Record<string, string>>;

  test('no text is the English one, but for names, signs and placeholders', () => {
    const alike = Object.entries({ ...language.texts, ...language.rooms }).filter(([key, text]) => {
      const forms = formsOf(text).filter((form) => /[a-z]{3,}/i.test(form.replace(/\{\w+\}/gu, '')));
      return (
        !ALIKE.has(key) && !ALIKE.has(`${code} ${key}`) && forms.some((form) => formsOf(english[key]!).includes(form))
      );
    });
    expect(alike).toEqual([]);
  });

  test('rooms: the same keys as in English, each with the placeholders of the chat’s text', () => {
    expect(Object.keys(language.rooms).sort()).toEqual(Object.keys(first.rooms).sort());
    for (const [key, text] of Object.entries(language.rooms)) {
      const chat = language.texts[key as keyof typeof language.texts];
      expect({ key, placeholders: used(text) }).toEqual({ key, placeholders: used(chat) });
      expect(text).not.toEqual(chat);
    }
  });

  test('descriptions of commands: those of the catalogue', () => {
    for (const [key, text] of Object.entries(entry.menu))
      expect(language.texts[key as keyof typeof language.texts]).toBe(text);
  });
});

/** Letters that each language is written with; what is Latin in another script is a name, a command or a technical word. */
const LETTERS: Record<string, RegExp> = {
  ru: /\p{Script=Cyrillic}/u,
  uk: /\p{Script=Cyrillic}/u,
  fa: /\p{Script=Arabic}/u,
  ar: /\p{Script=Arabic}/u,
  zh: /\p{Script=Han}/u,
};
const LATIN_WORDS =
  /\b(Tocsin|DNS|IP|SNI|BGP|VPN|HTTP|UTC|Wi-Fi|SHA|madeAt|sha256|JSON|WhatsApp|until|8h|3d|RU|AS\d+)\b|\{\w+\}|\/\w+/gu;

describe.each(register.filter(({ code }) => code in LETTERS).map((entry) => [entry.code, entry] as const))(
  '%s in its own letters',
  (code, entry) => {
    const language = entry.load();
    test.each(Object.entries({ ...language.texts, ...language.rooms }))('%s', (_key, text) => {
      for (const form of formsOf(text)) {
        const own = form.replace(LATIN_WORDS, '');
        expect(own).not.toMatch(/[a-z]{2,}/i);
        if (/\p{L}/u.test(own)) expect(own).toMatch(LETTERS[code]!);
      }
    });
  },
);

test('Persian: its own letters for k and y, none of the Arabic ones', () => {
  const persian = register.find(({ code }) => code === 'fa')!.load();
  for (const text of Object.values({ ...persian.texts, ...persian.rooms }))
    for (const form of formsOf(text)) expect(form).not.toMatch(/[كيىة]/u);
});
