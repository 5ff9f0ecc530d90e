/** What a word of a sentence may stand for: names in any case and script, with the endings and prefixes that languages put on them. */
import type { Catalogue } from '../../model/catalogue.ts';
import { distance, nearest } from '../nearest.ts';
import { keyOf, type RankedTarget } from '../target-names.ts';
import type { TargetIndex } from '../targets.ts';
import { DOUBTFUL, NOISE, STATE_SIGNS, STATE_WORDS } from './lists.ts';

export interface Names {
  /** Words of the longest name. */
  longest: number;
  lookup(key: string): readonly RankedTarget[] | null;
  /** A single word without its endings and prefixes. */
  bare(key: string): readonly RankedTarget[] | null;
  /** A name that a typing error could have meant: near, and the only one. */
  guess(key: string): RankedTarget | null;
  /** An ordinary word as well ("Signal", "Max"). */
  isEveryday(key: string): boolean;
}

export const noise: ReadonlySet<string> = new Set(NOISE.split(' ').flatMap((word) => keyOf(word).split(' ')));
export const doubtful = new Map(
  DOUBTFUL.flatMap(([words, codes]) => words.split(' ').map((word) => [keyOf(word), codes] as const)),
);

const states = STATE_WORDS.split('|').map(keyOf);

/** It says how access is: "blocked", "works". */
export const isState = (word: string): boolean =>
  states.some((state) => word.startsWith(state)) || STATE_SIGNS.test(word);

/** No name in a sentence is longer. */
const MAX_WORDS = 5;
const LATIN_ENDINGS =
  'daki deki taki teki dan den tan ten nin nun yla yle lar ler da de ta te ya ye yi yu si in un a e i u n s'.split(' ');
const ARABIC_PREFIXES = ['وال', 'بال', 'فال', 'کال', 'ولل', 'لل', 'ال', 'وب', 'و', 'ب', 'ل', 'ف', 'ک'];
const PERSIAN_ENDINGS = ['ست', 'ها', 'رو', 'ه', 'و', 'م', 'ی'];

export function createNames(targets: TargetIndex, catalogue: Catalogue): Names {
  const known = targets.names();
  const forms = new Map<string, readonly RankedTarget[]>();
  const addForm = (form: string, entries: readonly RankedTarget[]): void => {
    if (!known.has(form) && !forms.has(form)) forms.set(form, entries);
  };
  for (const [key, entries] of known) {
    for (const form of cyrillicForms(key)) {
      addForm(form, entries);
      // Countries and the network are written in Latin letters, too: "v rossii".
      if (entries.every(({ kind }) => kind === 'country')) addForm(latin(form), entries);
    }
  }
  const everyday = new Set(catalogue.services.flatMap((service) => (service.everyday ?? []).map(keyOf)));
  const lookup = (key: string): readonly RankedTarget[] | null => known.get(key) ?? forms.get(key) ?? null;
  const guessable = [...known.keys()].filter((key) => key.length >= 5 && !key.includes(' ') && !everyday.has(key));
  return {
    longest: MAX_WORDS,
    lookup,
    isEveryday: (key) => everyday.has(key),
    bare(key) {
      for (const head of headsOf(key)) {
        const found = everyday.has(head) || noise.has(head) ? null : lookup(head);
        if (found) return found;
      }
      return null;
    },
    guess(key) {
      const limit = key.length >= 8 ? 2 : 1;
      if (key.length < 5) return null;
      const near = nearest(key, guessable, 4).filter((one) => one[0] === key[0] && distance(key, one, limit) <= limit);
      const found = near.flatMap((one) => known.get(one) ?? []);
      const [first] = found;
      return first && found.every((one) => one.id === first.id) ? first : null;
    },
  };
}

/** A word without its endings and prefixes, nearest first. */
export function* headsOf(key: string): Generator<string> {
  // "3iraq": Arabic in Latin letters, with a number for the sound that they lack.
  if (/^[2357][a-z]{4,}$/u.test(key)) yield key.slice(1);
  if (/^[a-z]+$/u.test(key)) {
    for (const ending of LATIN_ENDINGS) {
      const length = key.length - ending.length;
      if (key.endsWith(ending) && length >= (ending.length === 1 ? 5 : 3)) yield key.slice(0, length);
    }
  } else if (/^\p{Script=Arabic}+$/u.test(key)) {
    yield `ال${key}`;
    for (const prefix of ARABIC_PREFIXES) {
      if (!key.startsWith(prefix) || key.length - prefix.length < 3) continue;
      yield key.slice(prefix.length);
      yield `ال${key.slice(prefix.length)}`;
    }
    for (const ending of PERSIAN_ENDINGS)
      if (key.endsWith(ending) && key.length - ending.length >= 4) yield key.slice(0, -ending.length);
  }
}

const LATIN: Readonly<Record<string, string>> = {
  а: 'a',
  б: 'b',
  в: 'v',
  г: 'g',
  д: 'd',
  е: 'e',
  ж: 'zh',
  з: 'z',
  и: 'i',
  й: 'y',
  к: 'k',
  л: 'l',
  м: 'm',
  н: 'n',
  о: 'o',
  п: 'p',
  р: 'r',
  с: 's',
  т: 't',
  у: 'u',
  ф: 'f',
  х: 'kh',
  ц: 'ts',
  ч: 'ch',
  ш: 'sh',
  щ: 'sch',
  ъ: '',
  ы: 'y',
  ь: '',
  э: 'e',
  ю: 'yu',
  я: 'ya',
  і: 'i',
  ї: 'i',
  є: 'ye',
  ґ: 'g',
};
const latin = (word: string): string => [...word].map((letter) => LATIN[letter] ?? letter).join('');

/** Russian and Ukrainian cases of a name of one word, or of an adjective and a noun. */
export function cyrillicForms(key: string): string[] {
  const words = key.split(' ');
  const last = words.at(-1)!;
  if (words.length > 2 || last.length < 4 || !words.every((word) => /^[а-яіїєґ]+$/u.test(word))) return [];
  const nouns = nounForms(last);
  if (words.length === 1) return nouns;
  const adjectives = adjectiveForms(words[0]!);
  return adjectives.flatMap((one) => [last, ...nouns].map((noun) => `${one} ${noun}`));
}

function nounForms(word: string): string[] {
  const stem = word.slice(0, -1);
  const give = (base: string, endings: string): string[] => endings.split(' ').map((ending) => base + ending);
  if (word.endsWith('ия')) return give(stem, 'и ю ей');
  if (word.endsWith('ія')) return give(stem, 'ї ю єю');
  if (word.endsWith('я')) return give(stem, 'и ю е і ї ей єю');
  if (word.endsWith('а')) return give(stem, 'ы и е і у ой ою');
  if (/[ьй]$/u.test(word)) return give(stem, 'я ю и і ї е ем єм ью єю');
  if (/[ыи]$/u.test(word)) return give(stem, 'ах ам ов ів ами');
  if (/[бвгджзклмнпрстфхцчшщ]$/u.test(word)) return give(word, 'а у е і ом ові');
  return [];
}

function adjectiveForms(word: string): string[] {
  const stem = word.slice(0, -2);
  if (/[аяі]я$/u.test(word)) return ['ой', 'ую', 'ою'].map((ending) => stem + ending);
  if (/[иы]й$/u.test(word)) return ['ого', 'ому', 'ом', 'ым', 'им'].map((ending) => stem + ending);
  if (word.endsWith('а')) return ['ої', 'ій', 'у', 'ою'].map((ending) => word.slice(0, -1) + ending);
  return [word];
}
