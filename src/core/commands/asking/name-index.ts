import { fold } from '../../extract/text/normalise.ts';
import type { Catalogue } from '../../model/catalogue.ts';
import { NETWORK } from '../../model/incident.ts';
import { COUNTRIES, countrySpellings } from './country-names.ts';
import { NETWORK_NAMES, SHORT_NAMES } from './name-words.ts';

/** A region is named by its id ("RU-DA"), and stands for its country wherever only countries count. */
export type Target = { kind: 'country' | 'service' | 'region'; id: string };

export type RankedTarget = Target & { rank: number };

const SHORT = new Map(Object.entries(SHORT_NAMES).map(([id, names]) => [id, names.split('|')] as const));

/** Codes of countries by which far more people mean a service, unless they write them as codes ("TG": Togo). */
export const SMALL: ReadonlyMap<string, string> = new Map(
  [...SHORT].flatMap(([id, names]) =>
    names.filter((name) => COUNTRIES.includes(name.toUpperCase())).map((name) => [name, id] as const),
  ),
);

/** Names of two countries: it is asked which. */
export const TWINS: readonly (readonly [words: string, codes: readonly string[]])[] = [
  ['korea kore corea coree корея корее кореи корею кореєю кореї кореа کره کوریا', ['KP', 'KR']],
  ['congo kongo конго کنگو کونغو الکونغو 刚果', ['CD', 'CG']],
];

/** Shared by all names of one target (14,000 names, 1,000 entries), hence never changed. */
export type Entry = Readonly<RankedTarget>;
/** Every name, folded (`keyOf`), and what it may stand for. */
export interface NameIndex {
  byKey: Map<string, readonly Entry[]>;
  /** Words of the longest. */
  longest: number;
}

/** Case, width, diacritics and kinds of digits fall away; punctuation stays. */
export const folded = (text: string): string => fold(text);

/** Case, width, diacritics and punctuation fall away; dots inside a name stay ("google.ru" is not "google ru"). */
export function keyOf(text: string): string {
  if (text === '*') return text;
  return fold(text)
    .replace(/['"«»„“”]/gu, '')
    .replace(/[^\p{L}\p{N}\p{M}.+]+/gu, ' ')
    .replace(/(^|\s)\.+|\.+(?=\s|$)/gu, '$1')
    .replace(/\s+/gu, ' ')
    .trim();
}

/** "Côte d'Ivoire" is typed "cote d ivoire" too. */
const keysOf = (name: string): string[] =>
  /['’ʼ]/u.test(name) ? [keyOf(name), keyOf(name.replace(/['’ʼ]/gu, ' '))] : [keyOf(name)];

type Named = { key: string; entry: Entry };

/** The same for every catalogue, and dear to make; kept only as long as memory is not wanted for something else. */
let countries: WeakRef<Named[]> | null = null;

function countryKeys(): Named[] {
  const kept = countries?.deref();
  if (kept) return kept;
  const entryOf = new Map<string, Entry>();
  const country = (id: string, rank: number): Entry => {
    const known = entryOf.get(`${id}${rank}`) ?? { kind: 'country', id, rank };
    entryOf.set(`${id}${rank}`, known);
    return known;
  };
  // A code is what people mean by two letters, unless no country has it: "dw", "vk", "rt" are services.
  const made = COUNTRIES.map((code) => ({ key: keyOf(code), entry: country(code, 0) }));
  for (const { name, code, weak } of countrySpellings())
    for (const key of keysOf(name)) made.push({ key, entry: country(code, weak ? 3 : 1) });
  countries = new WeakRef(made);
  return made;
}

export function nameIndex(catalogue: Catalogue): NameIndex {
  const byKey = new Map<string, readonly Entry[]>();
  const alone = new Map<Entry, readonly Entry[]>();
  let longest = 1;
  const onlyOf = (entry: Entry): readonly Entry[] => {
    const list = alone.get(entry) ?? [entry];
    alone.set(entry, list);
    return list;
  };
  const addKey = (key: string, entry: Entry): void => {
    if (key === '') return;
    byKey.set(key, withEntry(byKey.get(key), entry) ?? onlyOf(entry));
    longest = Math.max(longest, key.split(' ').length);
  };
  const add = (name: string, entry: Entry): void => {
    for (const key of keysOf(name)) addKey(key, entry);
  };
  for (const { id, name, aliases } of catalogue.services) {
    const spelt: Entry = { kind: 'service', id, rank: 1 };
    for (const own of [id, name, name.replace(/\s*\(.*\)\s*$/u, '')]) add(own, spelt);
    const other: Entry = { kind: 'service', id, rank: 2 };
    for (const alias of [...aliases, ...(SHORT.get(id) ?? [])]) add(alias, other);
  }
  const network: Entry = { kind: 'service', id: NETWORK, rank: 2 };
  for (const name of NETWORK_NAMES.split('|')) add(name, network);
  for (const { key, entry } of countryKeys()) addKey(key, entry);
  for (const [words, codes] of TWINS)
    for (const word of words.split(' '))
      byKey.set(
        keyOf(word),
        codes.map((id) => ({ kind: 'country', id, rank: 1 })),
      );
  return { byKey, longest };
}

/** What a name stands for, with one meaning more, or with a better rank for one it has; null where it is the first. */
function withEntry(known: readonly Entry[] | undefined, entry: Entry): readonly Entry[] | null {
  if (!known) return null;
  const at = known.findIndex((one) => one.kind === entry.kind && one.id === entry.id);
  if (at < 0) return [...known, entry];
  if (known[at]!.rank <= entry.rank) return known;
  return known.length === 1 ? null : known.with(at, entry);
}

/** Endings and prefixes that languages put on names. Pure. */

const LATIN_ENDINGS =
  'daki deki taki teki dan den tan ten nin nun yla yle lar ler da de ta te ya ye yi yu si in un a e i u n s'.split(' ');
const ARABIC_PREFIXES = ['وال', 'بال', 'فال', 'کال', 'ولل', 'لل', 'ال', 'وب', 'و', 'ب', 'ل', 'ف', 'ک'];
const PERSIAN_ENDINGS = ['ست', 'ها', 'رو', 'ه', 'و', 'م', 'ی'];

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
/** A word of Cyrillic letters as people type it in Latin ones. */
export const latin = (word: string): string => [...word].map((letter) => LATIN[letter] ?? letter).join('');

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
  if (/[бвдкклмнпрстхч]ів$/u.test(word)) return give(`${word.slice(0, -2)}ов`, 'а у і ом ові');
  if (word.endsWith('їв')) return give(`${word.slice(0, -2)}єв`, 'а у і ом ові');
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
