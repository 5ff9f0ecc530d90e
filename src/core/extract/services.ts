import type { Catalogue, Service } from '../model/catalogue.ts';
import { cased, declensions, VIRAMA } from './endings.ts';
import type { LanguageData, Tag } from './lexicon.ts';
import { phrasesOf } from './lexicon.ts';
import { fold } from './normalise.ts';
import { Trie } from './trie.ts';

/**
 * All names of all services. Names of one or two letters, all in Latin script, are matched as they are written. A name in Latin letters takes no
 * ending here: what it may take is a matter of the text's language (`addDeclined`), and in a language without cases "reddito" is income.
 * `anyEnding`: it takes any short one, for whoever does not know the language.
 */
export function compileServices(catalogue: Catalogue, anyEnding = false): Trie<Tag> {
  const trie = new Trie<Tag>();
  for (const service of catalogue.services)
    for (const { bare, tag } of namesOf(service)) {
      const tail = tailOf(bare);
      const latin = isLatin(tail);
      const inflects = !tag.everyday && tail.length >= leastTail(tail) && (anyEnding || !latin);
      if (tag.everyday || (bare.length <= 3 && /^[A-Z]/u.test(bare))) {
        trie.add(cased(bare), tag);
        continue;
      }
      // As it stands, too: else the exact name of an agency of that name would win.
      if (inflects) trie.add(bare, tag);
      const words = bare.split(/\s+/u);
      const last = words.length - 1;
      for (const end of inflects || (last > 0 && CYRILLIC.test(words[last]!)) ? endsOf(words[last]!) : [words[last]!])
        trie.add([...words.slice(0, last).map(declined), end].join(' '), tag);
    }
  return trie;
}

/** Names in Latin letters, and names too short for room behind them, with the endings that a language gives to names: "Quoru", "Skypem", "ዙምን". */
export function addDeclined(trie: Trie<Tag>, catalogue: Catalogue, data: LanguageData): void {
  const list = `${data.endings ?? ''},${data.cases ?? ''},${data.at ?? ''}`;
  const cases = phrasesOf(list).filter((e) => /^\p{L}/u.test(e));
  // "App Stores" are any stores.
  const own = data.genitive === undefined ? cases : [...cases, data.genitive];
  if (own.length === 0) return;
  for (const service of catalogue.services)
    for (const { bare, tag } of namesOf(service)) {
      const tail = tailOf(bare);
      if (isLatin(tail) ? tail.length < LEAST_DECLINED : !isShortOf(own[0]!, tail)) continue;
      const exact = tag.everyday || (tail.length <= LONGEST_CASED && /^\p{Lu}\p{Ll}+$/u.test(bare));
      for (const form of declensions(bare, bare.includes(' ') ? cases : own)) trie.add(exact ? cased(form) : form, tag);
    }
}

interface Name {
  bare: string;
  tag: Tag & { kind: 'service' };
}

function namesOf({ id, name, aliases, category, everyday }: Service): Name[] {
  const common = new Set(everyday ?? []);
  return [...new Set([name, ...aliases])].flatMap((alias): Name[] => {
    const bare = alias
      .replace(/[«»„“”"()|]/gu, ' ')
      .replace(/[*~=]/gu, '')
      .trim();
    return bare === '' ? [] : [{ bare, tag: { kind: 'service', id, category, everyday: common.has(alias) } }];
  });
}

const tailOf = (bare: string): string =>
  fold(bare)
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .at(-1)!;
/** Of the alphabet of an ending, and too short to take any. */
const isShortOf = (ending: string, tail: string): boolean =>
  tail.length >= LEAST_SHORT &&
  tail.length < leastTail(tail) &&
  tail.charCodeAt(0) >> BLOCK === ending.charCodeAt(0) >> BLOCK;
const LEAST_SHORT = 2;
/** Characters of one alphabet share all but so many bits. */
const BLOCK = 8;
const isLatin = (tail: string): boolean => /[a-z]$/u.test(tail);
/** Letters from which on a name in Latin letters is declined. */
const LEAST_DECLINED = 5;
/** So short, a form of it may be a word ("meduze"): it counts with its capital. */
const LONGEST_CASED = 6;

/** Letters from which on a name may take an ending; a syllable of Korean is one letter. */
const leastTail = (tail: string): number =>
  /[\uac00-\ud7a3]$/u.test(tail) ? 2 : /[\u0400-\u04ff]$/u.test(tail) ? 5 : isLatin(tail) ? 6 : 4;

const CYRILLIC = /^[\u0400-\u04ff]{4,}$/u;
const ENDING = /(?:[аяыиоеую][йея]|[аяьойыи])$/u;
/** With so few letters before its ending, room for any other makes another word of a name: "Трима" is not "тримає". */
const SHORT_STEM = 5;
const CASES = ['а', 'у', 'ы', 'и', 'і', 'е', 'ой', 'ою', 'ом', 'ам', 'ами', 'ах', 'ов'];

/** A word of a name with room for its endings: "Новая газета" is also "Новой газеты". */
const declined = (word: string): string => (CYRILLIC.test(word) ? `${word.replace(ENDING, '')}~` : word);

/** Letters from which on a name of India goes without its mark before an ending: "டெலிகிராம்", "டெலிகிராமை". */
const LEAST_MARKED = 5;

/** The last word of a name with its endings. */
function endsOf(word: string): string[] {
  if (CYRILLIC.test(word)) {
    const stem = word.replace(ENDING, '');
    return stem.length < SHORT_STEM && stem !== word ? CASES.map((end) => stem + end) : [`${stem}~`];
  }
  const unmarked = word.replace(VIRAMA, '');
  return unmarked !== word && unmarked.length >= LEAST_MARKED ? [`${unmarked}~`, `${word}~`] : [`${word}~`];
}
