import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createInstance } from 'i18next';
import type { PhraseKey, Place, Words } from '../core/ports/translate.ts';

type Named = Readonly<Record<string, string>>;

/** The habits of one language that Intl does not know, as `language.json` of its folder says them; these where it leaves them out. */
const USUAL = {
  /** Its place in lists of languages: the smaller, the earlier. */
  order: 1_000,
  direction: 'ltr' as 'ltr' | 'rtl',
  month: 'long' as 'short' | 'long',
  /** Between parts of a line, with its spaces. */
  dash: ' – ',
  /** Between the members of a list. */
  separator: ', ',
  /** Before a date in a sentence: "desde el 12 de febrero", but "desde febrero". */
  article: '',
  /** Of durations; short where long ones would have to be declined ("1 минуту назад"). */
  units: 'short' as 'short' | 'long',
  /** Words of ages that are declined behind "ago" and "for": { Tage: 'Tagen' }. */
  ages: {} as Named,
  /** Zones that people call by a name which Intl does not know. */
  zones: {} as Named,
  /** Services whose catalogue name is no name but a description (the network itself, a class). All others stay as they are. */
  services: {} as Named,
  /** Countries that Intl names in a way that nobody says ("Hong Kong SAR China"). */
  countries: {} as Named,
  /** As in `Spoken`: whoever writes to us is answered in a language that they read. */
  near: [] as readonly string[],
  /** As in `Words`. */
  homes: [] as readonly string[],
};

export type Language = Readonly<typeof USUAL> & {
  /** The folder's name: ISO 639-1. */
  readonly code: string;
  /** Its name in itself. */
  readonly name: string;
  /** BCP 47, for dates, numbers and names of countries; where it is not the code alone. */
  readonly locale: string;
  readonly script?: string;
  readonly letters?: string;
};

/** Spoken where another language, or a phrase of it, is missing. */
export const FALLBACK = 'en';

/** `texts.json` of a language: a line a phrase, or a form of one (`_few`, `_room`, `_room_few`). */
export type Texts = Named;
/** `words.json` of a language, `shared.json` of all: a line a list, "|" between words. */
type Lists = Named;
type Arguments = Readonly<Record<string, unknown>>;

export type Packs = ReturnType<typeof openPacks>;

/**
 * The languages below `folder`: a folder each. Its texts are read when somebody first speaks the language, in a millisecond or two: memory holds
 * English, and those that chats speak.
 */
export function openPacks(folder: URL) {
  const json = (path: string): unknown => JSON.parse(readFileSync(new URL(path, folder), 'utf8'));
  const read = (code: string): Texts => json(`${code}/texts.json`) as Texts;
  const languages = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name: code }): Language => {
      const own = json(`${code}/language.json`) as Partial<Language> & { name: string };
      return { ...USUAL, locale: code, ...own, code };
    })
    .sort((a, b) => a.order - b.order || (a.code < b.code ? -1 : 1));
  const readLists = (code: string | null): Lists => {
    const path = code === null ? 'shared.json' : `${code}/words.json`;
    return existsSync(new URL(path, folder)) ? (json(path) as Lists) : {};
  };
  const known = new Map(languages.map((language) => [language.code, language]));

  const library = createInstance({
    resources: { [FALLBACK]: { translation: { ...read(FALLBACK) } } },
    lng: FALLBACK,
    fallbackLng: FALLBACK,
    initAsync: false,
    // Keys have dots in them and are flat.
    keySeparator: false,
    nsSeparator: false,
  });
  void library.init();
  const language = (code: string): Language => known.get(code) ?? known.get(FALLBACK)!;

  return {
    languages: languages as readonly Language[],
    words: createWords(languages, readLists),
    /** The language, or English where there is no such folder. */
    language,
    /** Reads the file each time and keeps nothing. */
    read,
    /** A phrase with its placeholders, in the form that `args.n` wants; English where the language has none. */
    template(code: string, key: PhraseKey, args: Arguments, place: Place): string {
      watcher?.(key, args);
      const lng = language(code).code;
      if (!library.hasResourceBundle(lng, 'translation')) library.addResourceBundle(lng, 'translation', read(lng));
      return library.t(key, {
        lng,
        // Arguments may be marked up, and must not be read as placeholders: they are put in by us.
        skipInterpolation: true,
        ...(typeof args.n === 'number' ? { count: args.n } : {}),
        ...(place === 'room' ? { context: place } : {}),
      });
    },
  };
}

/** All are read when the first list is asked for: whatever somebody types may be in any of them. `read`: of a language, or (null) of all. */
function createWords(languages: readonly Language[], read: (code: string | null) => Lists): Words {
  let files: Map<string | null, Lists> | null = null;
  const lists = () =>
    (files ??= new Map([null, ...languages.map(({ code }) => code)].map((code) => [code, read(code)])));
  const listed = (file: Lists | undefined, key: string): readonly string[] => file?.[key]?.split('|') ?? [];
  const all = (key: string): readonly string[] => [...lists().values()].flatMap((file) => listed(file, key));
  return {
    languages: languages.map(({ code }) => code),
    in: (lang, key) => listed(lists().get(lang), key),
    all,
    under(beginning) {
      const keys = [...lists().values()]
        .flatMap((file) => Object.keys(file))
        .filter((key) => key.startsWith(beginning));
      return new Map([...new Set(keys)].map((key) => [key.slice(beginning.length), all(key)]));
    },
    homes: (lang) => languages.find(({ code }) => code === lang)?.homes ?? [],
  };
}

/** The pieces of a text: every second is the name of a placeholder. */
export const piecesOf = (template: string): string[] => template.split(/\{(\w+)\}/u);

type Watcher = (key: PhraseKey, args: Arguments) => void;
let watcher: Watcher | null = null;
/** Tells what is said from now on, with its arguments; for tests, which look that no placeholder is left without one (`test/strict-words.ts`). */
export const watchPhrases = (by: Watcher | null): void => {
  watcher = by;
};

/** What Tocsin itself speaks. */
export const packs = openPacks(new URL('../../config/languages/', import.meta.url));
export const languages = packs.languages;
export const words = packs.words;

/** For the few words of adapters and commands that have no translator at hand. `lang`: ISO 639-1; English where there is no such language. */
export const sayIn = (lang: string | null, key: PhraseKey, args: Readonly<Record<string, string>> = {}): string =>
  filled(packs.template(lang ?? FALLBACK, key, args, 'chat'), args);

/** The text with its placeholders filled in. */
export const filled = (template: string, args: Readonly<Record<string, string>>): string =>
  piecesOf(template)
    .map((piece, i) => (i % 2 === 1 ? (args[piece] ?? '') : piece))
    .join('');

/** The language of a terminal by its environment: `ru_RU.UTF-8` → `ru`; `C`, `POSIX` and nothing → null. */
export function langOf(env: Readonly<Record<string, string | undefined>>): string | null {
  const locale = env.LC_ALL || env.LC_MESSAGES || env.LANG || '';
  return /^([a-z]{2})(?![a-z])/.exec(locale)?.[1] ?? null;
}
