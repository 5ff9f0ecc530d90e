/** A language's file of texts, read as a translator reads it: phrases with their forms. */
import { packs, type Texts } from '../../src/i18n/packs.ts';

export interface Form {
  text: string;
  /** It is said in a room only. */
  room: boolean;
  /** The CLDR category; absent = the phrase does not count. */
  plural?: string;
}

const FORM = /^(.*?)(_room)?(?:_(zero|one|two|few|many|other))?$/u;

/** The CLDR categories that whole numbers want: nobody counts 1.5 services. */
export function categoriesOf(locale: string): string[] {
  const rules = new Intl.PluralRules(locale);
  return [...new Set([...Array(200).keys(), 1_000_000].map((n) => rules.select(n)))].sort();
}

/** By keys of phrases, in the file's order. */
export function formsOf(texts: Texts): Map<string, Form[]> {
  const phrases = new Map<string, Form[]>();
  for (const [name, text] of Object.entries(texts)) {
    const [, key = '', room, plural] = FORM.exec(name)!;
    const forms = phrases.get(key) ?? [];
    forms.push({ text, room: room !== undefined, ...(plural ? { plural } : {}) });
    phrases.set(key, forms);
  }
  return phrases;
}

export const placeholdersIn = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/gu)].map((match) => match[1]!);

/** A phrase as one text, or by its plural forms. */
export type Phrase = string | Record<string, string>;

/** What is said in a chat, or in a room: there a phrase may have texts of its own, and else has the chat's. */
export function phrasesOf(code: string, place: 'chat' | 'room' = 'chat'): Record<string, Phrase> {
  const said = (forms: Form[]): Phrase =>
    forms[0]!.plural === undefined ? forms[0]!.text : Object.fromEntries(forms.map((one) => [one.plural!, one.text]));
  return Object.fromEntries(
    [...formsOf(packs.read(code))].map(([key, forms]) => {
      const own = forms.filter(({ room }) => room === (place === 'room'));
      return [key, said(own.length > 0 ? own : forms)];
    }),
  );
}

/** Only the texts that a room has of its own. */
export const roomsOf = (code: string): Record<string, Phrase> => {
  const own = [...formsOf(packs.read(code))].filter(([, forms]) => forms.some(({ room }) => room)).map(([key]) => key);
  const all = phrasesOf(code, 'room');
  return Object.fromEntries(own.map((key) => [key, all[key]!]));
};

/** Keys of phrases below these words ("alert", "reply"): what one part of the program says. */
export const keysOf = (...below: string[]): string[] =>
  [...formsOf(packs.read('en')).keys()].filter((key) =>
    below.some((word) => key === word || key.startsWith(`${word}.`)),
  );

/** Languages that are to be whole. A folder beside them may begin small: what it lacks is said in English. */
export const WHOLE: readonly string[] = 'en ru fa tr uk de fr es ar zh'.split(' ');

export const isWhole = ({ code }: { code: string }): boolean => WHOLE.includes(code);
