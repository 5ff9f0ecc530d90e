import { fold } from '../../extract/text/normalise.ts';
import type { Level } from '../../model/incident.ts';
import type { CommandName, Words } from '../../ports/translate.ts';
import { onceFor, onceForEach } from '../../recent.ts';

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

/** Does a text say one of these (words or phrases, as keys)? Chinese has no spaces. */
export function saysAny(text: string, keys: ReadonlySet<string>): boolean {
  const said = ` ${keyOf(text)} `;
  return [...keys].some((one) => said.includes(/^\p{Script=Han}/u.test(one) ? one : ` ${one} `));
}

/** The longest run of words from `at` on, of `most` at most, that means something; null = none does. */
export function longestOf<T>(
  tokens: readonly { key: string; han?: boolean }[],
  at: number,
  most: number,
  meaning: (key: string) => T | undefined,
): { value: T; length: number } | null {
  for (let length = Math.min(most, tokens.length - at); length > 0; length--) {
    const part = tokens.slice(at, at + length);
    const value = meaning(part.map(({ key }) => key).join(part.every(({ han }) => han) ? '' : ' '));
    if (value !== undefined) return { value, length };
  }
  return null;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const UNITS = { minute: MINUTE, hour: HOUR, day: DAY, week: 7 * DAY, month: 30 * DAY, year: 365 * DAY };

export type DayPart = 'morning' | 'noon' | 'evening' | 'night' | 'midnight';

/** The settings that `settings` itself changes; those of `OtherSetting` are commands by themselves. */
export type SettingName = 'quiet' | 'critical' | 'digest' | 'sound' | 'pictures' | 'reminders' | 'report';
export type OtherSetting = 'language' | 'timezone' | 'level' | 'link';

/** What a sentence asks for: something about countries and services, nothing in particular, a time of day, a place whose clock is meant. */
type FormKind = 'targets' | 'plain' | 'timed' | 'zone';

/** One form of what a sentence asks for: what it begins with, what comes later in it or ends it. */
export interface Form {
  name: CommandName;
  /** What is typed after the command's name. */
  args: string;
  kind: FormKind;
  head: string;
  tail: string;
  /** Words of all forms of this command; signs of Chinese stand together. */
  own: Set<string>;
  /** "No more …": may be said of what is cut off, too. */
  absence: boolean;
}

/** What people type, as tables whose keys are folded words (`keyOf`). */
export type Vocabulary = ReturnType<typeof createVocabulary>;

export const vocabularyOf = onceForEach((words: Words): Vocabulary => createVocabulary(words));

function createVocabulary(words: Words) {
  const setOf = (key: string): ReadonlySet<string> => new Set(words.all(key).map(keyOf));
  /** Each word of a phrase by itself: "don't" is two. */
  const piecesOf = (key: string): ReadonlySet<string> =>
    new Set(words.all(key).flatMap((word) => keyOf(word).split(' ')));
  /** By what follows the beginning in the keys: `unit.` gives "min" → minute. */
  const mapOf = <T>(beginning: string, valueOf: (name: string) => T): ReadonlyMap<string, T> =>
    new Map(
      [...words.under(beginning)].flatMap(([name, list]) => list.map((word) => [keyOf(word), valueOf(name)] as const)),
    );
  const named = <T extends string>(beginning: string) => mapOf(beginning, (name) => name as T);
  /** Of signs rather than words, as Chinese is written. */
  const pattern = (name: string, flags = 'iu'): RegExp =>
    new RegExp(words.all(`pattern.${name}`).join('|') || '(?!)', flags);

  return onDemand({
    words: () => words,
    /** The words of a list, by its key. */
    list: () => onceFor(setOf),
    /** Words of a list as the inside of a regular expression. */
    anyOf: () => (key: string) => words.all(key).join('|'),

    // Times.
    units: () => mapOf('unit.', (name) => UNITS[name as keyof typeof UNITS] ?? HOUR),
    /** One word that is a whole duration, ms. */
    lasting: () => mapOf('lasting.', (minutes) => Number(minutes) * MINUTE),
    numbers: () => mapOf('number.', Number),
    parts: () => named<DayPart>('part.'),
    /** "Half past seven", in minutes of the day, and the words of that. */
    clocks: () => mapOf('clock.', Number),
    clockWords: () => new Set([...mapOf('clock.', Number).keys()].flatMap((key) => key.split(' '))),
    /** Beside the hour: "at 9 o'clock", "las 9", "saat 9'a". */
    besideHours: () => setOf('beside.hour'),
    /** Before a time that ends it. */
    until: () => setOf('until'),
    /** Written together with what follows: the prefix, and the article that it swallowed. */
    untilPrefixes: () => words.all('until.prefix').map((one) => one.split(' ') as [prefix: string, article?: string]),
    /** Before how long it lasts. */
    during: () => setOf('during'),
    /** Days of the week from Sunday (0) on, as calendars write them and as people do. */
    weekdays: () => weekdaysOf(words, mapOf('day.', Number)),

    // Settings and their values.
    settings: () => named<SettingName | OtherSetting>('setting.'),
    on: () => setOf('on'),
    off: () => setOf('off'),
    daily: () => setOf('daily'),
    weekly: () => setOf('weekly'),
    dailySigns: () => pattern('daily'),
    weeklySigns: () => pattern('weekly'),
    /** Said beside a value: "every day at 9", "по понедельникам в 10". */
    besideValue: () => setOf('beside.value'),
    days: () => setOf('days'),
    /** "From 23 to 8". */
    hours: () => hoursBy(words),
    /** What stands together in a run of Chinese signs, else each by itself. */
    compounds: () => new RegExp([...words.all('compound'), '\\p{Script=Han}'].join('|'), 'gu'),
    levels: () => named<Level>('level.'),
    /** Codes of languages by their names in all of them: "in English", "по-русски". */
    languages: () => named<string>('language.'),
    pages: () => named<'country' | 'service'>('page.'),
    pairs: () => named<string>('pair.'),
    /** How a typed confirmation ends. */
    yes: () => new RegExp(`\\s*(?<![\\p{L}\\p{N}])(?:${words.all('yes').join('|')})[.!]?\\s*$`, 'iu'),

    // Names.
    all: () => new Set([...setOf('all'), '*']),
    fillers: () => setOf('filler'),
    /** Who is to hear of it ("subscribe me to …"); some are codes of countries, too. */
    pronouns: () => setOf('pronoun'),
    /** Names that are ordinary words in one of the languages: meant only where no other service is named. */
    weakNames: () => [...words.under('weak.')].map(([id, names]) => [id, new Set(names.map(keyOf))] as const),
    /** Names of several countries: it is asked which. */
    twins: () => [...words.under('either.')].map(([codes, names]) => [names.map(keyOf), codes.split('.')] as const),
    /** Is one of somebody's people named? */
    kin: () => {
      const [beginnings, whole] = [true, false].map((is) =>
        words
          .all('kin')
          .filter((one) => one.endsWith('*') === is)
          .map(keyOf)
          .flatMap((one) => (/^\p{Script=Cyrillic}{3,}$/u.test(one) ? [one, latinBy(words)(one)] : [one])),
      );
      const signs = whole!.filter((one) => /^\p{Script=Han}/u.test(one));
      const names = new Set(whole);
      return (said: readonly string[]): boolean =>
        [...new Set(said)].some(
          (word) =>
            names.has(word) ||
            beginnings!.some((one) => word.startsWith(one)) ||
            signs.some((one) => word.includes(one)),
        );
    },
    /** Names in a sentence that are asked about, whatever the catalogue says: the country and the state. */
    doubtful: () =>
      new Map(
        ['either.', 'doubtful.']
          .flatMap((beginning) => [...words.under(beginning)])
          .flatMap(([codes, names]) => names.map((name) => [keyOf(name), codes.split('.')] as const)),
      ),
    /** Regions that are called like ordinary words: not taken for places in a sentence. */
    ordinary: () => new Set(words.all('ordinary')),
    /** Countries whose regions people name in this script, in small letters as well. */
    near: () => onceFor((script: string) => new Set(words.all(`near.${script}`))),
    /** Words that everybody says and that are, or look like, names: names only where they are written so. */
    common: () => setOf('common'),
    operators: () => operatorsOf(words),

    // Sentences.
    isState: () => statesOf(words, pattern('state')),
    stateSigns: () => pattern('state'),
    /** "断网" names no network, and means it. */
    offlineSigns: () => pattern('offline'),
    /** Words that say nothing: they are no codes of countries, no typing errors, and may stand in a request without making it doubtful. */
    noise: () => piecesOf('noise'),
    noiseSigns: () => pattern('noise'),
    /** Codes of countries that are small words somewhere. */
    particles: () => setOf('particle'),
    /** What a question that goes on begins or ends with: "and in Chad?". */
    further: () => pattern('further'),
    /** Before a place, behind it ("Van'da"), and around it in Chinese. */
    locatives: () => ({
      before: setOf('locative'),
      /** Only before what is written as a name: "on Atlantis". */
      named: setOf('locative.named'),
      behind: setOf('locative.behind'),
      signs: pattern('locative.signs', 'u'),
    }),
    /** One is "in" these, and they are no places: beginnings of words; small ones are whole words ("el", and not "Elbonia"). */
    nowhere: () => {
      const all = words.all('nowhere');
      const isWhole = (one: string): boolean => /^[\p{L}\p{M}]{1,3}$/u.test(one) && !/\p{Script=Han}/u.test(one);
      const whole = new Set(all.filter(isWhole).map(keyOf));
      const beginnings = all.filter((one) => !isWhole(one)).map(keyOf);
      return (word: string): boolean => whole.has(word) || beginnings.some((one) => word.startsWith(one));
    },
    /** What is asked of others: the hour, the weather, scores, prices. A country in such a sentence is not asked about. */
    elsewhere: () => words.all('elsewhere').map((phrase) => ` ${keyOf(phrase)} `),
    elsewhereSigns: () => pattern('elsewhere'),
    forms: () => formsOf(words),
    /** Before a name that is not meant ("not the"), and behind it. */
    denials: () => ({ before: setOf('denial'), behind: setOf('denial.behind'), signs: pattern('denial', 'u') }),
    /** "Only Germany": what alone is wanted from now on. */
    only: () => setOf('only'),
    /** Words of the patterns of what is wanted: spelt as they are meant. */
    wanted: () =>
      new Set(
        [...words.under('intent.')].flatMap(([, list]) => list.flatMap((one) => one.split(/[\s/_]+/u).map(keyOf))),
      ),
    /** What narrows an order down: such a one is not understood by half. */
    limits: () => new Set([...setOf('limit'), ...setOf('except')]),
    /** What is to be told when it happens. */
    conditions: () => setOf('condition'),
    conditionEndings: () => pattern('condition'),
    /** Where one wish ends and another may begin. */
    partSigns: () => pattern('part'),
    /** Before a verb: whom it is said to, and manners. */
    polite: () => piecesOf('polite'),
    politeSigns: () => pattern('manners'),
    /** Words of greetings, each by itself. */
    greetings: () => piecesOf('greeting'),
    /** Words that may stand beside a language's name where it is asked for. */
    besideLanguage: () => piecesOf('beside.language'),
    besideLanguageSigns: () => pattern('beside.language', 'gu'),

    // Grammar.
    headsOf: () => headsBy(words),
    casesOf: () => casesBy(words),
    countryCases: () => countryCasesBy(words),
    latin: () => latinBy(words),
  });
}

/** Each is made when it is first asked for. */
const onDemand = <T extends object>(makers: { [K in keyof T]: () => T[K] }): Readonly<T> =>
  new Proxy({} as T, { get: (made, key) => (made[key as keyof T] ??= makers[key as keyof T]?.()) });

function weekdaysOf(words: Words, other: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const cases = casesBy(words);
  const days = words.languages.flatMap((lang) => {
    const format = new Intl.DateTimeFormat(`${lang}-u-ca-gregory`, { weekday: 'long', timeZone: 'UTC' });
    return Array.from({ length: 7 }, (_, day) => [keyOf(format.format(Date.UTC(2026, 0, 4 + day))), day] as const);
  });
  return new Map([...days, ...other].flatMap(([key, day]) => [key, ...cases(key)].map((form) => [form, day] as const)));
}

/** "23-8", "с 23 до 8": hours and minutes, twice. */
function hoursBy(words: Words): RegExp {
  const anyOf = (key: string): string => words.all(key).map(folded).join('|');
  const clock = `(\\d{1,2})(?:[:.h](\\d{2}))?\\s*(?:${anyOf('hours.hour')})?`;
  const between = `\\s*(?:[-–—−]|(?:${anyOf('hours.to')})(?=[\\s\\d])|\\s)\\s*`;
  return new RegExp(`^(?:(?:${anyOf('hours.from')})(?=[\\s\\d]))?\\s*${clock}${between}${clock}$`, 'u');
}

/** `operator.RU.AS8359`: its name as it writes it, then what people call it; `keys`: that, folded, with its cases. */
function operatorsOf(words: Words) {
  const cases = casesBy(words);
  return [...words.under('operator.')].map(([id, [name = '', ...names]]) => {
    const [country = '', asn = ''] = id.split('.');
    return { country, asn, name, keys: names.map(keyOf).flatMap((key) => [key, ...cases(key)]) };
  });
}

/** Remembered answers of `isState`. */
const MAX_KNOWN = 2_000;

/** Does a word say how access is: "blocked", "works"? */
function statesOf(words: Words, signs: RegExp): (word: string) => boolean {
  const written = [...new Set(words.all('state'))];
  /** Short ones, and those with "=", are whole words: "cut" begins names, too. */
  const isWhole = (state: string): boolean =>
    state.endsWith('=') || (state.length < 4 && !/^\p{Script=Arabic}/u.test(state));
  const whole = new Set(written.filter(isWhole).map(keyOf));
  const latin = latinBy(words);
  // "Rabotaet": Russian in Latin letters.
  const beginnings = written
    .filter((state) => !isWhole(state))
    .map(keyOf)
    .flatMap((state) => (/^\p{Script=Cyrillic}{5,}$/u.test(state) ? [state, latin(state)] : [state]));
  const is = (word: string): boolean =>
    whole.has(word) || beginnings.some((state) => word.startsWith(state)) || signs.test(word);
  const known = onceFor(is, MAX_KNOWN);
  return (word) => (word.length < 30 ? known(word) : is(word));
}

/** `ask.targets.mute`, `ask.plain.level early`: "form" begins the sentence, "… form" ends it, "form … form" does both. The longest first: "stop" after "stop telling". */
function formsOf(words: Words): readonly Form[] {
  const kinds = ['targets', 'absence', 'plain', 'timed', 'zone'] as const;
  const owned = new Map<string, Set<string>>();
  return kinds
    .flatMap((kind) =>
      [...words.under(`ask.${kind}.`)].flatMap(([command, written]) => {
        const [name = '', ...args] = command.split(' ');
        const own = owned.getOrInsertComputed(command, () => new Set());
        return written.map((form): Form => {
          const [head = '', tail = ''] = form.split('…').map(keyOf);
          for (const word of `${head} ${tail}`.split(' ')) own.add(word);
          const absence = kind === 'absence';
          const about = absence ? 'targets' : kind;
          return { name: name as CommandName, args: args.join(' '), kind: about, head, tail, own, absence };
        });
      }),
    )
    .sort((a, b) => b.head.length + b.tail.length - (a.head.length + a.tail.length));
}

/** A word without the endings and prefixes that languages put on names, nearest first. */
function headsBy(words: Words): (key: string) => Generator<string> {
  const [latinEndings, arabicEndings] = [words.all('ending.Latin'), words.all('ending.Arabic')];
  const [prefixes, [article = '']] = [words.all('prefix.Arabic'), words.all('article.Arabic')];
  return function* headsOf(key) {
    // "3iraq": Arabic in Latin letters, with a number for the sound that they lack.
    if (/^[2357][a-z]{4,}$/u.test(key)) yield key.slice(1);
    if (/^[a-z]+$/u.test(key)) {
      for (const ending of latinEndings) {
        const length = key.length - ending.length;
        if (key.endsWith(ending) && length >= (ending.length === 1 ? 5 : 3)) yield key.slice(0, length);
      }
    } else if (/^\p{Script=Arabic}+$/u.test(key)) {
      yield article + key;
      for (const prefix of prefixes) {
        if (!key.startsWith(prefix) || key.length - prefix.length < 3) continue;
        yield key.slice(prefix.length);
        yield article + key.slice(prefix.length);
      }
      for (const ending of arabicEndings)
        if (key.endsWith(ending) && key.length - ending.length >= 4) yield key.slice(0, -ending.length);
    }
  };
}

/** `case.noun.ия$`: of words that end so, how many letters go, and what comes instead; the first that fits. Null: none does. */
function inflection(words: Words, kind: string): (word: string) => string[] | null {
  const rules = [...words.under(`case.${kind}.`)].map(
    ([ending, [cut = '', ...endings]]) => [new RegExp(ending, 'iu'), Number(cut), endings] as const,
  );
  return (word) => {
    const [, cut = 0, endings] = rules.find(([ending]) => ending.test(word)) ?? [];
    return endings?.map((ending) => word.slice(0, word.length - cut) + ending) ?? null;
  };
}

/** Russian and Ukrainian cases of a name of one word, or of an adjective and a noun. */
function casesBy(words: Words): (key: string) => string[] {
  const [noun, adjective] = [inflection(words, 'noun'), inflection(words, 'adjective')];
  const letters = new RegExp(`^[${words.all('letters.noun').join('')}]+$`, 'u');
  return (key) => {
    const parts = key.split(' ');
    const last = parts.at(-1)!;
    if (parts.length > 2 || last.length < 4 || !parts.every((word) => letters.test(word))) return [];
    const nouns = noun(last) ?? [];
    if (parts.length === 1) return nouns;
    return (adjective(parts[0]!) ?? [parts[0]!]).flatMap((one) => [last, ...nouns].map((form) => `${one} ${form}`));
  };
}

/** Russian cases of a country's name of one word, as it is written. */
function countryCasesBy(words: Words): (name: string) => string[] {
  const cases = inflection(words, 'name');
  const letters = new RegExp(`^[${words.all('letters.name').join('')}-]+$`, 'iu');
  return (name) => (letters.test(name) && name.length >= 4 ? (cases(name) ?? []) : []);
}

/** A word of Cyrillic letters as people type it in Latin ones. */
function latinBy(words: Words): (word: string) => string {
  const letters = new Map([...words.under('latin.')].map(([letter, [written = '']]) => [letter, written]));
  return (word) => [...word].map((letter) => letters.get(letter) ?? letter).join('');
}
