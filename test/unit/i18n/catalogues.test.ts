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
