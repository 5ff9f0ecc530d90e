import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { FALLBACK, languages, packs } from '../../../src/i18n/packs.ts';
import { missingIn } from '../../docs/translations.ts';
import {
  categoriesOf,
  WHOLE,
  type Form,
  formsOf,
  type Phrase,
  phrasesOf,
  placeholdersIn,
  roomsOf,
} from '../../fakes/packs.ts';

const textsOf = (text: Phrase): string[] => (typeof text === 'string' ? [text] : Object.values(text));
const used = (forms: readonly Form[]): string[] =>
  [...new Set(forms.flatMap(({ text }) => placeholdersIn(text)))].sort();
const english = formsOf(packs.read(FALLBACK));
/** Where a form may leave out the number, the placeholders besides. */
const rest = (text: string): string[] =>
  placeholdersIn(text)
    .filter((name) => name !== 'n')
    .sort();

describe.each(languages.map((language) => [language.code, language] as const))('texts of %s', (code, language) => {
  const phrases = formsOf(packs.read(code));

  test('keys: none that English has not', () => {
    expect([...phrases.keys()].filter((key) => !english.has(key))).toEqual([]);
  });

  test('every phrase: the placeholders of the English one', () => {
    for (const [key, forms] of phrases)
      expect({ key, used: used(forms) }).toEqual({ key, used: used(english.get(key)!) });
  });

  test('every phrase: counts where the English one does, in all forms that whole numbers want there, or in one for all; in no other', () => {
    const categories = categoriesOf(language.locale);
    for (const [key, forms] of phrases) {
      const counts = english.get(key)![0]!.plural !== undefined;
      for (const room of new Set(forms.map((form) => form.room))) {
        const plurals = forms.filter((form) => form.room === room).map(({ plural }) => plural);
        expect({ key, room, plurals: plurals.sort() }).toEqual({
          key,
          room,
          plurals: counts && plurals[0] !== undefined ? categories : [undefined],
        });
      }
    }
  });

  test('every form: the placeholders of the others, only the number may be left out', () => {
    for (const [key, forms] of phrases)
      for (const { text } of forms) expect({ key, rest: rest(text) }).toEqual({ key, rest: rest(forms[0]!.text) });
  });

  test('every form: not empty, no stray spaces', () => {
    for (const [key, forms] of phrases)
      for (const { text } of forms) expect({ key, text: text.trim() }).toEqual({ key, text: text || 'something' });
  });

  test('in a room: something else than in a chat, of phrases that English has for both', () => {
    for (const [key, forms] of phrases) {
      if (!forms.some(({ room }) => room)) continue;
      expect({ key, room: english.get(key)!.some(({ room }) => room) }).toEqual({ key, room: true });
      expect({ key, text: phrasesOf(code, 'room')[key] }).not.toEqual({ key, text: phrasesOf(code)[key] });
    }
  });
});

test.each(WHOLE)('%s is whole: nothing of it is said in English', (code) => {
  expect(missingIn(code)).toEqual([]);
});

test('notes for translators: each of a phrase that there is', () => {
  const notes = JSON.parse(readFileSync(new URL('../../../config/languages/en/notes.json', import.meta.url), 'utf8'));
  expect(Object.keys(notes).filter((key) => !english.has(key))).toEqual([]);
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
  'de button.status',
  'fr group.services',
  'fr button.evidence',
  'fr site.source',
  'fr site.sources',
  'fr first.messages',
  'fr sources.head',
  'fr sources.leftOutServices',
]);

describe.each(languages.slice(1).map(({ code }) => code))('%s is translated', (code) => {
  test('no text is the English one, but for names, signs and placeholders', () => {
    const own = packs.read(code);
    const texts = new Set(Object.values(packs.read(FALLBACK)));
    const alike = Object.entries(own).filter(([key, text]) => {
      const phrase = key.replace(/_.*/, '');
      if (ALIKE.has(phrase) || ALIKE.has(`${code} ${phrase}`) || phrase.startsWith('emoji.')) return false;
      return /[a-z]{3,}/i.test(text.replace(/\{\w+\}/gu, '')) && texts.has(text);
    });
    expect(alike).toEqual([]);
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
  /\btocsin matrix verify --with anybody|\/status [a-z]{2} [a-z]+|\b(Tocsin|STOP|KB|DNS|IP|SNI|BGP|VPN|HTTP|UTC|Wi-Fi|SHA|madeAt|sha256|JSON|JavaScript|WhatsApp|until|8h|3d|RU|AS\d+)\b|\{\w+\}|\/\w+/gu;

describe.each(languages.filter(({ code }) => code in LETTERS).map(({ code }) => code))(
  '%s in its own letters',
  (code) => {
    test.each(Object.entries({ ...phrasesOf(code), ...roomsOf(code) }))('%s', (_key, text) => {
      for (const form of textsOf(text)) {
        const own = form.replace(LATIN_WORDS, '');
        expect(own).not.toMatch(/[a-z]{2,}/i);
        if (/\p{L}/u.test(own)) expect(own).toMatch(LETTERS[code]!);
      }
    });
  },
);

test('Persian: its own letters for k and y, none of the Arabic ones', () => {
  for (const text of Object.values(packs.read('fa'))) expect(text).not.toMatch(/[كيىة]/u);
});
