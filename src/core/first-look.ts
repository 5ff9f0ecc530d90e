/**
 * A first look at headlines: thousands come in a minute, in all languages, and to read each as news is read would cost a processor, and the memory
 * of every language. It knows words and no grammar, and errs on the side of reading.
 */
import { classesOf, classSet } from './extract/rules/classes.ts';
import { type LanguageData, type Lexicon, phrasesOf, writingOf } from './extract/text/lexicon.ts';
import { fold } from './extract/text/normalise.ts';
import { tokenise } from './extract/text/tokens.ts';
import { expand, Stems } from './extract/text/trie.ts';
import type { Catalogue } from './model/catalogue.ts';
import type { FirstLook } from './ports/reading.ts';

const ACTS = [...classSet('acts'), ...classesOf('legal')];
const OBJECTS = classesOf('net social many');
const PLACES = ['places', 'demonyms', 'cities', 'authorities'] as const;

type Sense = 'act' | 'object' | 'place';
/** The languages, a bit each, in which it tells of an act, of what that is about, or names one of the countries. */
type Senses = Record<Sense, bigint>;
const noSense = (): Senses => ({ act: 0n, object: 0n, place: 0n });

/** A word by itself, and together with another that stands anywhere in the headline. */
interface Word {
  alone: Senses;
  beside: Map<Word, Senses> | null;
}

const ALL = ~0n;
/** A word of fewer letters is one of too many languages; a short name is told by its capitals. */
const LEAST = 3;
const SHORT_NAME = /^\p{Lu}[\p{Lu}\p{N}]{0,2}$/u;
const SPACELESS =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
/** Letters of a text without blanks in which a word is looked for. */
const MAX_WORD = 24;
/** English is written of every country, and in most. */
const EVERYWHERE = 'en';

/** Of these countries: what is mostly read in each, what is mostly read there and nowhere else, and English. */
export function languagesOf(countries: ReadonlySet<string>, known: readonly string[]): Set<string> {
  const likely = [...countries].map((country) => new Intl.Locale(`und-${country}`).maximize().language);
  const own = known.filter((lang) => countries.has(new Intl.Locale(lang).maximize().region ?? ''));
  return new Set([EVERYWHERE, ...likely, ...own]);
}

/** `rest`: awaited in between, so that others get their turn. */
export async function createFirstLook(
  { lexicon, catalogue }: { lexicon: Lexicon; catalogue: Catalogue },
  countries: ReadonlySet<string>,
  rest: () => Promise<void>,
): Promise<FirstLook> {
  const stems = new Stems();
  /** Where they lead, the first of them to 1. */
  const words: Word[] = [];
  /** Short names as they are written. */
  const names = new Map<string, Sense>();
  const writing = writingOf(lexicon.languages);

  function wordOf(element: string): Word | null {
    const stem = fold(element.replace(/^=|[*~]$/g, ''));
    const isSpaceless = SPACELESS.test(stem);
    if (stem.length < (isSpaceless ? 1 : LEAST)) return null;
    const extra = isSpaceless || element.endsWith('*') ? 99 : element.endsWith('~') ? 4 : 0;
    const known = stems.to(0, stem, extra);
    if (known === 0) stems.add(0, stem, extra, words.push({ alone: noSense(), beside: null }));
    return words[(known || words.length) - 1]!;
  }
  /** Of a phrase its two longest words, wherever they stand: the others are too common. */
  function add(phrases: string, sense: Sense, languages: bigint): void {
    for (const phrase of phrasesOf(phrases).flatMap(expand)) {
      const short = phrase.replace(/^=/, '');
      if (sense !== 'act' && SHORT_NAME.test(short)) names.set(short, sense);
      const elements = phrase.split(/[\s'’-]+/u).filter((one) => !one.startsWith('.'));
      const [first, second] = elements.sort((a, b) => b.length - a.length).flatMap((one) => wordOf(one) ?? []);
      if (first === undefined) continue;
      if (second === undefined || second === first) first.alone[sense] |= languages;
      else (first.beside ??= new Map()).getOrInsertComputed(second, noSense)[sense] |= languages;
    }
  }
  async function addLanguage(data: Partial<LanguageData>, languages: bigint): Promise<void> {
    for (const cls of [...ACTS, ...OBJECTS]) {
      add(data.cues?.[cls] ?? '', OBJECTS.includes(cls) ? 'object' : 'act', languages);
      await rest();
    }
    for (const country of countries) {
      for (const section of PLACES) add(data[section]?.[country] ?? '', 'place', languages);
      // With room for an ending, whatever the language.
      for (const name of (data.names?.[country] ?? '').split(/[(),]/u)) add(`${name.trim()}~`, 'place', languages);
    }
  }

  const spoken = languagesOf(
    countries,
    lexicon.languages.map(({ lang }) => lang),
  );
  const used = lexicon.languages.filter(({ lang }) => spoken.has(lang));
  for (const [i, data] of used.entries()) await addLanguage(data, 1n << BigInt(i));
  await addLanguage(lexicon.shared, ALL);
  for (const { name, aliases } of catalogue.services)
    for (const alias of [name, ...aliases]) add(SHORT_NAME.test(alias) ? alias : `${alias}~`, 'object', ALL);

  /** All words that a headline holds. */
  function wordsIn(title: string, found: Senses): Set<Word> {
    const held = new Set<Word>();
    const look = (text: string): void => {
      for (const { to } of [{ to: stems.to(0, text, 0) }, ...stems.of(0, text)]) if (to > 0) held.add(words[to - 1]!);
    };
    const { tokens } = tokenise(title, writing);
    for (const [i, { w, also, start, end }] of tokens.entries()) {
      const sense = names.get(title.slice(start, end));
      if (sense !== undefined) found[sense] = ALL;
      else if (SPACELESS.test(w)) {
        let run = '';
        for (let k = i; k < tokens.length && run.length < MAX_WORD && SPACELESS.test(tokens[k]!.w); k++)
          run += tokens[k]!.w;
        look(run);
      } else for (const reading of [w, ...(also ?? [])]) look(reading);
    }
    return held;
  }

  return {
    mayTell(title) {
      const found = noSense();
      const join = (senses: Senses): void => {
        found.act |= senses.act;
        found.object |= senses.object;
        found.place |= senses.place;
      };
      const held = wordsIn(title, found);
      for (const { alone, beside } of held) {
        join(alone);
        if (beside) for (const other of held) join(beside.get(other) ?? NO_SENSE);
      }
      return (found.act & found.object) === 0n ? null : { isNamed: found.place !== 0n };
    },
  };
}
const NO_SENSE = noSense();
