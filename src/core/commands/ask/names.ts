/** What a word of a sentence may stand for: names in any case and script, with the endings and prefixes that languages put on them. */
import type { Catalogue } from '../../model/catalogue.ts';
import { distance, nearest } from '../nearest.ts';
import { keyOf, type RankedTarget } from '../target-names.ts';
import type { TargetIndex } from '../targets.ts';
import { cyrillicForms, headsOf, latin } from './endings.ts';
import { DOUBTFUL, STATE_SIGNS, STATE_WORDS } from './lists.ts';
import { noise } from './noise.ts';

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

export const doubtful = new Map(
  DOUBTFUL.flatMap(([words, codes]) => words.split(' ').map((word) => [keyOf(word), codes] as const)),
);

const isArabic = (word: string): boolean => /^\p{Script=Arabic}/u.test(word);
const written = [...new Set(STATE_WORDS.split('|'))];
/** Short ones, and those with "=", are whole words: "cut" begins names, too. */
const isWhole = (state: string): boolean => state.endsWith('=') || (state.length < 4 && !isArabic(state));
const wholeStates = new Set(written.filter(isWhole).map(keyOf));
const states = written.filter((state) => !isWhole(state)).map(keyOf);
const known = new Map<string, boolean>();
const MAX_KNOWN = 2_000;

/** It says how access is: "blocked", "works". */
export function isState(word: string): boolean {
  const kept = known.get(word);
  if (kept !== undefined) return kept;
  const is = wholeStates.has(word) || states.some((state) => word.startsWith(state)) || STATE_SIGNS.test(word);
  if (known.size < MAX_KNOWN && word.length < 30) known.set(word, is);
  return is;
}

/** No name in a sentence is longer. */
const MAX_WORDS = 5;
export function createNames(targets: TargetIndex, catalogue: Catalogue): Names {
  const all = targets.names();
  const forms = new Map<string, readonly RankedTarget[]>();
  const addForm = (form: string, entries: readonly RankedTarget[]): void => {
    if (!all.has(form) && !forms.has(form)) forms.set(form, entries);
  };
  for (const [key, entries] of all) {
    for (const form of cyrillicForms(key)) {
      addForm(form, entries);
      // Countries and the network are written in Latin letters, too: "v rossii".
      if (entries.every(({ kind }) => kind === 'country')) addForm(latin(form), entries);
    }
  }
  const everyday = new Set(catalogue.services.flatMap((service) => (service.everyday ?? []).map(keyOf)));
  const lookup = (key: string): readonly RankedTarget[] | null => all.get(key) ?? forms.get(key) ?? null;
  const guessable = [...all.keys()].filter((key) => key.length >= 5 && !key.includes(' ') && !everyday.has(key));
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
      const found = near.flatMap((one) => all.get(one) ?? []);
      const [first] = found;
      return first && found.every((one) => one.id === first.id) ? first : null;
    },
  };
}
