// The compiler alone reads this file: with it a key that has no text does not compile. What a text says is no matter of the core.
import type english from '../../../config/languages/en/texts.json';
import type { Inline } from '../model/message.ts';

/** A key of the file without what tells forms of a phrase apart: its plural (`_one`, `_few`), and that it is said in a room. */
type PhraseOf<K extends string> = K extends `${infer P}_${Intl.LDMLPluralRule}`
  ? PhraseOf<P>
  : K extends `${infer P}_room`
    ? P
    : K;
/** A phrase that people may read, by its name in `config/languages/en/texts.json`. */
export type PhraseKey = PhraseOf<keyof typeof english & string>;

/** Every command that a chat knows: it has a description there. */
export type CommandName = PhraseKey extends infer K ? (K extends `command.${infer Name}` ? Name : never) : never;

/** By the names of placeholders; `n` chooses the plural form. In tests one that is missing or too many is an exception (`test/strict-words.ts`). */
type PhraseArguments = Readonly<Record<string, string | number>>;
export type RichArguments = Readonly<Record<string, string | number | Inline | Inline[]>>;

/**
 * Speaks one language. Pure: the same arguments always give the same text. Never throws, whatever country, service or zone it is
 * given: what it does not know it shows as it is.
 */
export interface Translator {
  /** ISO 639-1 of the catalogue. */
  readonly lang: string;
  say(key: PhraseKey, args?: PhraseArguments): string;
  /** The same phrase with marked-up arguments in the places of the placeholders. */
  rich(key: PhraseKey, args: RichArguments): Inline[];
  /** Name of an ISO 3166-1 code or "EU"; null = "country not named". */
  country(code: string | null): string;
  /** Name of a region by its id ("RU-DA"); whatever else it is given, a text's own words, stays as it is: foreign, unbounded. */
  region(idOrText: string): string;
  /** As the operator's catalogue spells it, in every language; only words that are no names (the internet itself) are translated. */
  service(id: string): string;
  /** "12 Feb, 14:05 GMT+3"; the year where it is not that of `now`. */
  dateTime(at: number, timeZone: string, now: number): string;
  /** "12 Feb", the year where it is not that of `now`. */
  day(at: number, timeZone: string, now: number): string;
  /** "12 Feb" without a sentence around it, as short as the language has it; the year where it is not that of `now`. */
  shortDay(at: number, timeZone: string, now: number): string;
  /** "Feb 2022", in the form that follows "since"; in UTC. */
  month(at: number): string;
  /** "2 days 20 hours": the two largest units, abbreviated where the language does so ("2 дн. 20 ч."); "1 minute" at least. */
  duration(ms: number): string;
  /** Between two parts of a line, with its spaces: each language has one kind of dash. */
  readonly dash: string;
  /** "BBC, DW", with the sign that parts the members of a list there; no "and". */
  list(items: readonly string[]): string;
  /** "25 days": the largest unit alone, rounded; for ages, where more would be noise. */
  age(ms: number): string;
}

/** What people call a chat of several: a group or channel, or a room. */
export type Place = 'chat' | 'room';

/** A language that has a catalogue. */
interface Spoken {
  /** ISO 639-1. */
  readonly code: string;
  /** Its name in itself. */
  readonly name: string;
  /** Languages without a catalogue whose speakers mostly read this one rather than English. */
  readonly near?: readonly string[];
  /** Its script, by its name in Unicode; absent = one that many languages share. */
  readonly script?: string | undefined;
  /** Letters that none but this one has among ours of its script. */
  readonly letters?: string | undefined;
}

export interface Translators {
  /** What people type in these languages. */
  readonly typed: Words;
  readonly languages: readonly Spoken[];
  has(lang: string): boolean;
  /** What commands do, without reading the rest of the catalogue: menus are made in every language. English where there is no such catalogue. */
  descriptions(lang: string): Readonly<Record<`command.${CommandName}`, string>>;
  /** The language, or English where there is no such catalogue. `place`: how people call where they talk; default `chat`. */
  of(lang: string, place?: Place): Translator;
}

/** What people type, in every language at once: lists of words by key (`words.json` of each folder of `config/languages/`, and `shared.json`). Pure. */
export interface Words {
  /** Codes of the languages, in their order. */
  readonly languages: readonly string[];
  /** Of one language; none where it has none. */
  in(lang: string, key: string): readonly string[];
  /** Of all languages, in their order, after those that belong to none. */
  all(key: string): readonly string[];
  /** Every key that begins so, without that beginning, with its words as `all` gives them. */
  under(beginning: string): ReadonlyMap<string, readonly string[]>;
  /** Countries in which most who speak the language live; none for those that are spoken everywhere. */
  homes(lang: string): readonly string[];
}
