import type { Catalogue, Service } from '../../model/catalogue.ts';
import type { Cue } from '../field.ts';
import { CLASSES, type CueClass } from '../rules/classes.ts';
import { keyOf } from '../score/features.ts';
import type { Weights } from '../score/weights.ts';
import { fold } from './normalise.ts';
import type { Writing } from './tokens.ts';
import { Trie } from './trie.ts';

/** Endings as the files of the languages list them: `u` is hung on a name, `a-u` takes the place of its last letter "a". */

/** A name with each of the endings that it can take: "Quora" → "Quory" by `a-y`, "Imgur" → "Imguru" by `u`. */
function declensions(name: string, endings: readonly string[]): string[] {
  return endings.flatMap((ending) => {
    const cut = ending.indexOf('-');
    if (cut < 0) return [name + ending];
    const from = ending.slice(0, cut);
    return name.endsWith(from) ? [name.slice(0, name.length - from.length) + ending.slice(cut + 1)] : [];
  });
}

const replaces = (ending: string): boolean => ending.includes('-');

/** Each word with exactly these capitals. */
const cased = (name: string): string =>
  name
    .split(/\s+/u)
    .map((word) => `=${word}`)
    .join(' ');

/** Marks that end a name of India and go before an ending: "இரான்", "இரானில்". */
const VIRAMA: RegExp = /[\u094d\u09cd\u0acd\u0bcd\u0c4d\u0ccd\u0d4d\u0dca]$/u;

/** Knowledge of one language, as its file in config/lexicon holds it: every value is a list of phrases parted by commas (see trie.ts). */
export interface LanguageData {
  lang: string;
  /** The country meant by "the country" in this language when a text names none. */
  home?: string;
  /** Of a language of many countries: country code → institutions that tell whose "the country" is where a text names none. */
  homes?: Record<string, string>;
  /** Letters or short words that tell this language from its neighbours. */
  hints: string;
  /** Cue class → phrases. */
  cues: Partial<Record<CueClass, string>>;
  /** Country code → phrases. */
  places?: Record<string, string>;
  demonyms?: Record<string, string>;
  cities?: Record<string, string>;
  authorities?: Record<string, string>;
  /** Country names as the Unicode CLDR spells them; widened to short endings where the language inflects. */
  names?: Record<string, string>;
  /** The press of this language writes countries as that of another, too (Swahili: English): those names, with their capitals. */
  also?: string;
  foreign?: Record<string, string>;
  /** What a name takes to own something: "Myanmars Militär". */
  genitive?: string;
  /** The language declines names: a stem with a short ending is the same name. */
  inflects?: boolean;
  /** Endings that a name takes to say "in" it ("Türkiyədə"). */
  at?: string;
  /** Endings of names in other cases, as they are: of short places, and of services in Latin letters. */
  endings?: string;
  /** Endings of services in Latin letters alone, where on a short place they would make another word ("Maliye"). */
  cases?: string;
  /** Letters that hang before a word ("and", "the", "to"), short forms whose full stop ends no sentence: see `Writing`. */
  clitics?: string;
  abbreviations?: string;
}

/** Which languages write what (`shared.yaml`). */
export interface Scripts {
  /** Language → the stretch of Unicode that it alone writes: `0980-09ff`. */
  blocks: Record<string, string>;
  /** Script → the one language of ours that writes it. */
  alone: Record<string, string>;
  /** Script → the language that most of its headlines are in. */
  largest: Record<string, string>;
}

export interface Agency {
  id: string;
  names: string;
}

export interface Lexicon {
  /** Learned weights; without them the rules decide alone. */
  weights?: Weights;
  languages: LanguageData[];
  /** Names that are the same in every language: regulators, operators, leaders, regions. */
  shared: Pick<LanguageData, 'places' | 'demonyms' | 'cities' | 'authorities' | 'cues'> & Scripts;
  agencies: Agency[];
}

type PlaceKind = 'country' | 'demonym' | 'city' | 'authority';
export type Tag =
  | ({ kind: 'cue'; gapped: boolean } & Pick<Cue, 'cls' | 'key' | 'says' | 'group' | 'phrase'>)
  | { kind: 'place'; code: string; place: PlaceKind; at?: boolean; alone?: boolean; capitals?: 1 | 2 }
  | { kind: 'service'; id: string; category: string; everyday: boolean }
  | { kind: 'agency'; id: string }
  | { kind: 'home'; code: string };

const SECTIONS: [keyof Pick<LanguageData, 'places' | 'demonyms' | 'cities' | 'authorities'>, PlaceKind][] = [
  ['places', 'country'],
  ['demonyms', 'demonym'],
  ['cities', 'city'],
  ['authorities', 'authority'],
];

export const phrasesOf = (list: string): string[] =>
  list
    .split(/[,\n]/u)
    .map((p) => p.trim())
    .filter((p) => p !== '');

/** "豪、": one letter that is a country where it stands by itself. */
const ALONE = '、';

/**
 * `capitals`: names count with the capital (1) or the capitals (2) that they are written with; what all languages share must not be a word of any:
 * "puțin" is no Putin, "Čak" no CAK.
 */
function addPlaces(trie: Trie<Tag>, data: Partial<LanguageData>, capitals = false): void {
  for (const [section, place] of SECTIONS) {
    for (const [code, list] of Object.entries(data[section] ?? {})) {
      const tag: Tag & { kind: 'place' } = { kind: 'place', code, place };
      const [capital, initials] = [
        { ...tag, capitals: 1 as const },
        { ...tag, capitals: 2 as const },
      ];
      for (const phrase of phrasesOf(list)) {
        if (capitals && /^\p{Lu}/u.test(phrase)) trie.add(phrase, /^\p{Lu}{2}/u.test(phrase) ? initials : capital);
        else if (phrase.endsWith(ALONE)) trie.add(phrase.slice(0, -ALONE.length), { ...tag, alone: true });
        else {
          trie.add(phrase, tag);
          if (place === 'country' || place === 'city') addLocatives(trie, phrase.replace(/[*~]$/u, ''), tag, data.at);
        }
      }
    }
  }
}

/** "Türkiyədə", "이란에서": the ending says that this is the scene. */
function addLocatives(trie: Trie<Tag>, name: string, tag: Tag & { kind: 'place' }, at: string | undefined): void {
  const there = { ...tag, at: true };
  for (const ending of phrasesOf(at ?? '')) trie.add(name + ending, there);
}

const LONG_NAME = 5;

/**
 * A name in a language that hangs endings on it: those that the file lists. Where it lists those that say "in", endings follow each other and long
 * names take any short one.
 */
function addSuffixed(trie: Trie<Tag>, name: string, tag: Tag & { kind: 'place' }, data: LanguageData): void {
  const stem = name.replace(VIRAMA, '');
  addLocatives(trie, stem, tag, data.at);
  if (stem !== name) addLocatives(trie, name, tag, data.at);
  const endings = phrasesOf(data.endings ?? '');
  const open = data.at !== undefined && stem.length >= LONG_NAME;
  if (open) trie.add(`${stem}~`, tag);
  addForms(trie, name, tag, open ? endings.filter(replaces) : endings);
}

/** "Kuba", "Kuby": what is too short for room behind its stem, in each of its cases. */
function addShort(trie: Trie<Tag>, name: string, tag: Tag & { kind: 'place' }, { endings }: LanguageData): void {
  if (endings === undefined || /\s/u.test(name) || widen(name).length > 1) return;
  addForms(trie, name, tag, phrasesOf(endings));
}

/** With its capital, since such forms are words, too ("činy", "peruna"). */
function addForms(trie: Trie<Tag>, name: string, tag: Tag, endings: readonly string[]): void {
  const capital = /^\p{Lu}/u.test(name);
  for (const form of declensions(name, endings)) trie.add(capital ? cased(form) : form, tag);
}

/** Classes that compete for a stretch have one number. */
const RIVALS = [...new Set(Object.entries(CLASSES).map(([cls, { rivals = cls }]) => rivals))];
export const GROUPS = RIVALS.length;

function addCues(trie: Trie<Tag>, cues: LanguageData['cues']): void {
  for (const [cls, list] of Object.entries(cues) as [CueClass, string][]) {
    const { says, rivals = cls } = CLASSES[cls];
    const ofClass = { kind: 'cue', cls, key: keyOf(cls), says, group: RIVALS.indexOf(rivals) } as const;
    for (const phrase of phrasesOf(list)) trie.add(phrase, { ...ofClass, gapped: phrase.includes('..'), phrase });
  }
}

const VOWEL_END = /[аеиіїоуыэюяйьъaeiouyàáâãäåæèéêëìíîïòóôõöøùúûüýÿαειουη]$/u;

/** A name as the CLDR spells it, widened for languages that decline: "Россия" → "росси~". Short stems stay as they are. */
export function widen(name: string): string[] {
  if (/\s/u.test(name)) return [name];
  const stem = VOWEL_END.test(name) ? name.slice(0, -1) : name;
  return stem.length >= 5 ? [`${stem}~`, name] : [name];
}

export function compileLanguage(data: LanguageData): Trie<Tag> {
  const trie = new Trie<Tag>();
  addCues(trie, data.cues);
  addPlaces(trie, data);
  for (const [code, name] of Object.entries(data.names ?? {})) {
    const tag: Tag & { kind: 'place' } = { kind: 'place', code, place: 'country' };
    for (const bare of partsOf(name)) {
      for (const phrase of data.inflects === true ? widen(bare) : [bare]) trie.add(phrase, tag);
      if (data.genitive !== undefined && !bare.endsWith(data.genitive)) trie.add(bare + data.genitive, tag);
      if (data.inflects === true) addShort(trie, bare, tag, data);
      else if (data.at !== undefined || data.endings !== undefined) addSuffixed(trie, bare, tag, data);
    }
  }
  for (const [code, list] of Object.entries(data.homes ?? {}))
    for (const phrase of phrasesOf(list)) trie.add(phrase, { kind: 'home', code });
  for (const [code, name] of Object.entries(data.foreign ?? {}))
    for (const bare of partsOf(name)) trie.add(cased(bare), { kind: 'place', code, place: 'country' });
  return trie;
}

/** "Myanmar (Burma)": two names. */
const partsOf = (name: string): string[] =>
  name
    .split(/[(),]/u)
    .map((part) => part.trim())
    .filter((part) => part !== '');

/** Adds what all languages share. */
export function addShared(trie: Trie<Tag>, lexicon: Lexicon): void {
  addPlaces(trie, lexicon.shared, true);
  addCues(trie, lexicon.shared.cues);
  for (const agency of lexicon.agencies) {
    for (const phrase of phrasesOf(agency.names)) trie.add(phrase, { kind: 'agency', id: agency.id });
  }
}

/** How the languages of a lexicon write, joined. */

export function writingOf(languages: readonly LanguageData[]): Writing {
  const words = (key: 'clitics' | 'abbreviations'): string[] =>
    languages.flatMap((data) => phrasesOf(data[key] ?? '')).map(fold);
  const clitics = Map.groupBy(new Set(words('clitics')), (clitic) => clitic.charAt(0));
  return { clitics, abbreviations: new Set(words('abbreviations')) };
}

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
