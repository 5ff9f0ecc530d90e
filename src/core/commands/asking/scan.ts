import type { Catalogue } from '../../model/catalogue.ts';
import { NETWORK } from '../../model/incident.ts';
import type { Gazetteer, ServiceHosts } from '../../ports/reading.ts';
import { onceForEach } from '../../recent.ts';
import { codeOfFlag, FLAG } from './country-names.ts';
import { bestOf, type RankedTarget, type Target, distance, nearest, type TargetIndex, WEAK } from './targets.ts';
import { isTimeWord } from './times.ts';
import { keyOf, longestOf, type Vocabulary } from './vocabulary.ts';
import { citiesIn, countryOfCity } from './zones.ts';

/** What a word of a sentence may stand for: names in any case and script, with the endings and prefixes that languages put on them. */

export type Names = ReturnType<typeof createNames>;

/** No name in a sentence is longer. */
const MAX_WORDS = 7;
/** Spellings of Russian sounds in Latin letters, as one: "fejstajm", "feystaym". */
const plainLatin = (word: string): string =>
  word
    .replace(/[jyi]+/gu, 'i')
    .replaceAll('kh', 'h')
    .replaceAll('ts', 'c');

export function createNames(targets: TargetIndex, catalogue: Catalogue, known: Vocabulary) {
  const { casesOf, headsOf, latin, noise } = known;
  const all = targets.names();
  const forms = new Map<string, readonly RankedTarget[]>();
  const addForm = (form: string, entries: readonly RankedTarget[]): void => {
    if (!all.has(form) && !forms.has(form)) forms.set(form, entries);
  };
  for (const [key, entries] of all) {
    for (const form of casesOf(key)) {
      addForm(form, entries);
      // They are written in Latin letters, too: "v rossii".
      addForm(latin(form), entries);
    }
    // "Fejstajm", "fejstaim": people write й, и and ы as they like.
    if (/^\p{Script=Cyrillic}{5,}$/u.test(key)) addForm(plainLatin(latin(key)), entries);
  }
  const everyday = new Set(catalogue.services.flatMap((service) => (service.everyday ?? []).map(keyOf)));
  const lookup = (key: string): readonly RankedTarget[] | null =>
    all.get(key) ?? forms.get(key) ?? (/^[a-z]{6,}$/u.test(key) ? (forms.get(plainLatin(key)) ?? null) : null);
  const guessable = [...all.keys()].filter((key) => key.length >= 5 && !key.includes(' ') && !everyday.has(key));
  return {
    known,
    small: targets.small(),
    lookup,
    /** An ordinary word as well ("Signal", "Max"). */
    isEveryday: (key: string): boolean => everyday.has(key),
    /** Is it a word of what this country is called: "Guinea" of Equatorial Guinea? */
    isPart: (key: string, id: string): boolean =>
      [...all].some(
        ([name, entries]) =>
          name.includes(' ') &&
          name.split(' ').includes(key) &&
          entries.some((one) => one.kind === 'country' && one.id === id),
      ),
    /** A single word without its endings and prefixes. */
    bare: (key: string): readonly RankedTarget[] | null =>
      headsOf(key).reduce<readonly RankedTarget[] | null>(
        (found, head) => found ?? (everyday.has(head) || noise.has(head) ? null : lookup(head)),
        null,
      ),
    /** A name that a typing error could have meant: near, and the only one. */
    guess(key: string): RankedTarget | null {
      const limit = key.length >= 9 ? 2 : 1;
      if (key.length < 4) return null;
      const near = nearest(key, guessable, 4).filter((one) => one[0] === key[0] && distance(key, one, limit) <= limit);
      // Two letters off is some other word sooner than "Panamanians".
      const found = near.flatMap((one) =>
        (all.get(one) ?? []).filter(({ rank }) => rank < WEAK || distance(key, one, 1) <= 1),
      );
      const [first] = found;
      return first && found.every((one) => one.id === first.id) ? first : null;
    },
  };
}

/** Regions, cities and operators named in a sentence. Pure but for the gazetteer, which reads its file when a place may be named. */

interface Place {
  /** As written. */
  word: string;
  /** Regions that it may be. */
  ids: readonly string[];
  /** People often speak of it: it may name its country beside another. */
  isListed: boolean;
  /** It may be no place: only in a country that is named. */
  isLoose: boolean;
}

const MAX_PLACE_WORDS = 5;
const MAX_PLACES = 3;
const MAX_LOOKUPS = 24;
/** Words of a text that are looked at. */
const MAX_KEYS = 200;
/** The shortest name that is looked up in all the world: shorter ones are words somewhere. */
const MIN_LETTERS = 5;
/** Names of so many regions say nothing. */
const MAX_MEANINGS = 5;

/** Of the lists: names of regions and operators, folded. */
const placesIn = onceForEach((known: Vocabulary) => {
  const places = new Map<string, string[]>();
  for (const [id, names] of known.words.under('place.'))
    for (const key of names.map(keyOf))
      for (const form of [key, ...known.casesOf(key)].flatMap((one) => [...new Set([one, known.latin(one)])])) {
        const ids = places.get(form) ?? [];
        if (!ids.includes(id)) places.set(form, [...ids, id]);
      }
  return {
    places,
    operators: new Map(known.operators.flatMap((one) => one.keys.map((key) => [key, one]))),
  };
});

/** Could it be the name of a region, going by its looks? */
const isPlausible = (key: string, known: Vocabulary): boolean =>
  key.length >= MIN_LETTERS && !known.ordinary.has(key) && key.split(' ').every((word) => !isOrdinary(word, known));

/** It says nothing, or how access is, or when, or everybody says it: no name, and no name that was mistyped. */
const isOrdinary = (word: string, known: Vocabulary): boolean =>
  known.noise.has(word) || known.common.has(word) || known.isState(word) || isTimeWord(word, known);

/** Their words are unknown no more. `gazetteer` null: by the list alone. */
function takePlaces(run: Run, gazetteer: Pick<Gazetteer, 'everywhere'> | null): void {
  const { found, inNames, tokens } = run;
  const { known } = run.names;
  const unknown = new Set(run.unknown);
  const keys = found.words.filter((key) => !inNames.has(key));
  const used = new Set<string>();
  const { places, operators } = placesIn(known);
  const tokenAt = (key: string): number => tokens.findIndex((one) => one.key === key);
  let lookups = 0;
  for (let at = 0; at < Math.min(keys.length, MAX_KEYS) && found.places.length < MAX_PLACES;) {
    let taken = 0;
    for (let length = Math.min(MAX_PLACE_WORDS, keys.length - at); length > 0 && taken === 0; length--) {
      const words = keys.slice(at, at + length);
      const key = words.join(' ');
      const heads = length === 1 ? [key, ...known.headsOf(key)] : [key];
      const isSaidOften = length === 1 && isOrdinaryHere(run, tokenAt(key), key);
      const prior = tokens[tokenAt(words[0]!) - 1]?.key ?? '';
      const meant = heads.map((head) => operators.get(head)).find((one) => one !== undefined);
      // "My calls", "who is behind you, the secret service?": no Etisalat, no TCI, but "the internet of TCI" is.
      const isMeant =
        !isSaidOften ||
        (meant !== undefined && found.countries.includes(meant.country)) ||
        (operators.has(key) && known.list('network').has(prior));
      const operator = isMeant ? meant : undefined;
      const isUnknown = operator === undefined && words.every((word) => unknown.has(word));
      const isSure = length > 1 || (key.length >= MIN_LETTERS && !known.common.has(key));
      const isMaybe = !isOrdinary(key, known) && !known.ordinary.has(key) && isPlaced(run, tokenAt(words[0]!));
      const isCity = isUnknown && (isSure || isMaybe || isWritten(run, tokenAt(words[0]!)));
      const city = isCity && !places.has(key) ? countryOfCity(key, known) : null;
      const isKin = (head: string): boolean => known.list('kin').has(head);
      const listed = isSaidOften || city !== null ? [] : heads.filter((head) => !isKin(head));
      let ids = listed.map((head) => places.get(head)).find((one) => one !== undefined) ?? null;
      const isListed = ids !== null;
      let isLoose = false;
      if (city !== null) ids = [city];
      else if (ids === null && isUnknown && gazetteer && isPlausible(key, known)) {
        for (const head of heads.slice(0, 3)) {
          if (lookups++ >= MAX_LOOKUPS || !isPlausible(head, known)) break;
          const named = gazetteer.everywhere(head);
          // "Такого" is a word sooner than a place in Cambodia or in Thailand.
          if (named.length === 0) continue;
          const isNear = named.length === 1 && known.near(scriptOf(head)).has(named[0]!.slice(0, 2));
          isLoose = !isNear && !isPlaced(run, tokenAt(words[0]!));
          ids = [...named];
          break;
        }
      }
      if (operator !== undefined) takeOperator(operator, found);
      else if (ids !== null && ids.length <= MAX_MEANINGS) found.places.push({ word: key, ids, isListed, isLoose });
      else continue;
      taken = length;
      for (const word of words) used.add(word);
    }
    at += Math.max(1, taken);
  }
  takeHanOperators(keys, known, found);
  run.unknown = run.unknown.filter((key) => !used.has(key));
  settlePlaces(run);
}

/** Written as names are, in a sentence where not all is, or behind a word of place. */
function isWritten({ tokens, names, shouted }: Run, at: number): boolean {
  const { before, named, behind } = names.known.locatives;
  const [prior = '', raw = ''] = [tokens[at - 1]?.key, tokens[at]?.raw];
  const isName = /^\p{Lu}/u.test(raw) && !shouted && (at > 0 || tokens.length <= MAX_PLACED);
  return isName || before.has(prior) || named.has(prior) || behind.has(tokens[at + 1]?.key ?? '');
}

const scriptOf = (key: string): string =>
  /\p{Script=Cyrillic}/u.test(key) ? 'Cyrillic' : /\p{Script=Arabic}/u.test(key) ? 'Arabic' : 'Latin';

/** So, or in a short sentence. */
const isPlaced = (run: Run, at: number): boolean => isWritten(run, at) || run.tokens.length <= MAX_PLACED;
/** Three words about a place are about it. */
const MAX_PLACED = 3;

function takeOperator({ asn, country }: { asn: string; country: string }, { networks, operators }: Found): void {
  add(networks, asn);
  add(operators, country);
}

/** Chinese has no spaces: operators, wherever they stand. */
function takeHanOperators(keys: readonly string[], known: Vocabulary, found: Found): void {
  const signs = keys.filter((key) => /\p{Script=Han}/u.test(key)).join(' ');
  if (signs === '') return;
  for (const [name, operator] of placesIn(known).operators)
    if (/\p{Script=Han}/u.test(name) && signs.includes(name)) takeOperator(operator, found);
}

/** Finds services, countries and hosts in a sentence, whatever stands around them. Pure; bounded by the length of the text. */

export type Found = ReturnType<typeof nothingFound>;

type Doubt = { word: string; options: Target[] };

const nothingFound = () => ({
  services: [] as string[],
  countries: [] as string[],
  /** Names of more than one thing. */
  doubts: [] as Doubt[],
  /** Names that were mistyped, as they were taken. */
  guesses: [] as Doubt[],
  /** Regions, in the order in which they are named; their countries are among `countries` once they are settled. */
  regions: [] as string[],
  /** Places that may be one of several regions, or whose country is not settled. */
  places: [] as Place[],
  /** Operators that are named, and their countries. */
  networks: [] as string[],
  operators: [] as string[],
  /** Host names that are no service's. */
  hosts: [] as string[],
  /** A place that nobody knows ("in Narnia"); null = none is named. */
  lost: null as string | null,
  /** Words that are neither names nor known to say nothing. */
  rest: [] as string[],
  /** Of these what is written as names are, as it is written ("El Pitazo"). */
  strangers: [] as string[],
  /** Every word, folded. */
  words: [] as string[],
});

interface Token {
  key: string;
  raw: string;
}

const MAX_TEXT = 4_000;
const MAX_FOUND = 6;
/** Typing errors are looked for in short texts only. */
const MAX_GUESSED = 14;
/** In longer sentences there is no asking back whether a strange word is a country. */
const MAX_ASKED = 5;
const MAX_HAN = 12;
const HOST =
  /(?<![@\p{L}\p{N}.-])(?:https?:\/\/)?((?:[\p{L}\p{N}][\p{L}\p{N}-]{0,62}\.){1,6}[\p{L}]{2,24})(?::\d{1,5})?(?:[/?#][^\s，。、؟]{0,2000})?/giu;
const WORD = /[\p{L}\p{N}\p{M}+.\u200c]+/gu;
const HAN = /^\p{Script=Han}$/u;
/** Half of what is written in capitals says nothing about capitals. */
const isShouted = (text: string): boolean => /\p{Lu}/u.test(text) && !/\p{Ll}/u.test(text) && /\s/u.test(text.trim());

export function scan(
  written: string,
  names: Names,
  hosts: ServiceHosts | null,
  gazetteer: Pick<Gazetteer, 'everywhere'> | null = null,
): Found {
  const found = nothingFound();
  // "刚果（金）" is one name.
  const joined = written.slice(0, MAX_TEXT).replace(/(?<=\p{Script=Han})[（(](\p{Script=Han})[）)]/gu, '$1');
  const text = takeHosts(joined, found, names, hosts);
  const tokens = tokensOf(text.replace(FLAG, (flag) => ` ${codeOfFlag(flag)} `));
  found.words = tokens.map((token) => token.key);
  const run: Run = {
    tokens,
    names,
    found,
    shouted: isShouted(text),
    maybe: [],
    unknown: [],
    codes: [],
    inNames: new Set(),
    denied: new Set(),
  };
  for (let at = 0; at < tokens.length;) at += isHan(tokens[at]!.key) ? takeHan(run, at) : takeAt(run, at);
  settleCodes(run);
  takePlaces(run, gazetteer);
  // "Not Niger, Nigeria", "Irak değil İran": what is denied is not meant, where another is named.
  const left = found.countries.filter((id) => !run.denied.has(id));
  if (left.length > 0) found.countries = left;
  settleEveryday(run);
  guess(run);
  const { noise, noiseSigns } = names.known;
  found.rest = run.unknown.filter((key) => !noise.has(key) && !noiseSigns.test(key));
  if (found.countries.length + found.doubts.length === 0) found.lost = lostIn(run);
  found.strangers = strangersIn(run);
  return found;
}

function strangersIn({ tokens, found, names, shouted }: Run): string[] {
  const isName = ({ raw, key }: Token, at: number): boolean =>
    at > 0 && !shouted && /^\p{Lu}\p{L}{2}/u.test(raw) && found.rest.includes(key) && !isOrdinary(key, names.known);
  return tokens.flatMap((token, at) => {
    if (!isName(token, at) || (at > 1 && isName(tokens[at - 1]!, at - 1))) return [];
    const end = tokens.findIndex((one, i) => i > at && !isName(one, i));
    return [
      tokens
        .slice(at, end < 0 ? undefined : end)
        .map(({ raw }) => raw)
        .join(' '),
    ];
  });
}

const MIN_LOST = 4;

/** "In Narnia", "у Нарнії", "Narnia'da": what follows a word of place (or has such an ending), and means nothing else. */
function lostIn({ tokens, names, found }: Run): string | null {
  const { before, named, behind, signs } = names.known.locatives;
  const { polite, noise, noiseSigns, nowhere } = names.known;
  const isStrange = ({ key }: Token): boolean =>
    found.rest.includes(key) &&
    key.length >= MIN_LOST &&
    !polite.has(key) &&
    !isOrdinary(key, names.known) &&
    !nowhere(key);
  const keyAt = (at: number): string => tokens[at]?.key ?? '';
  const isPlace = (token: Token, i: number): boolean => {
    const prior = keyAt(i - 1);
    if (!isStrange(token)) return false;
    if (before.has(prior) || behind.has(keyAt(i + 1))) return true;
    // "On Atlantis", "in the Shire": written as names are, or all that is strange.
    const isName = /^\p{Lu}/u.test(token.raw);
    const isOnly = found.rest.length === 1 && tokens.length <= MAX_ASKED + 3;
    return (isName && named.has(prior)) || ((isName || isOnly) && noise.has(prior) && before.has(keyAt(i - 2)));
  };
  const at = tokens.findIndex(isPlace);
  // "Grand Zembria."
  const isOfName = (token: Token | undefined): boolean =>
    token !== undefined && /^\p{Lu}/u.test(token.raw) && isStrange(token);
  const isLong = isOfName(tokens[at]) && isOfName(tokens[at + 1]);
  if (at >= 0) return isLong ? `${tokens[at]!.raw} ${tokens[at + 1]!.raw}` : tokens[at]!.raw;
  const shown = found.rest.flatMap((run) => signs.exec(run)?.slice(1) ?? []).filter(Boolean);
  return shown.find((one) => !noiseSigns.test(one) && !nowhere(one)) ?? null;
}

interface Run {
  tokens: readonly Token[];
  names: Names;
  found: Found;
  shouted: boolean;
  /** Services whose names are everyday words: which, and was it written as a name? */
  maybe: { id: string; key: string; sure: boolean }[];
  unknown: string[];
  /** Codes of countries in small letters, with the word before: they may be words. */
  codes: { id: string; key: string; before: string }[];
  /** Words of names of several words: "Moscow" of a newspaper is no place, nor "Papua" of New Guinea. */
  inNames: Set<string>;
  /** Countries that are not meant. */
  denied: Set<string>;
}

function isDenied({ tokens, names }: Run, from: number, to: number): boolean {
  const { before, behind } = names.known.denials;
  const said = tokens.slice(Math.max(0, from - 3), from).map(({ key }) => key);
  return said.some((_, at) => before.has(said.slice(at).join(' '))) || behind.has(tokens[to]?.key ?? '');
}

const isHan = (key: string): boolean => /^\p{Script=Han}/u.test(key);

function takeHosts(text: string, found: Found, names: Names, hosts: ServiceHosts | null): string {
  if (!text.includes('.')) return text;
  return text.replace(HOST, (whole, host: string) => {
    const service = hosts?.find(host)?.service ?? names.lookup(keyOf(host.replace(/^(?:www|m)\./iu, '')))?.[0]?.id;
    if (service !== undefined) add(found.services, service);
    // "Blocked.Why": a full stop without a space.
    else if (/\.\p{Lu}/u.test(host) && !whole.includes('://')) return whole.replaceAll('.', ' ');
    else if (found.hosts.length < MAX_FOUND) add(found.hosts, host.toLowerCase().slice(0, 80));
    return ' ';
  });
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  for (const [raw] of text.matchAll(WORD)) {
    // "WhatsApp在俄罗斯": scripts part words.
    for (const part of raw.split(/(?<=\p{Script=Han})(?!\p{Script=Han})|(?<!\p{Script=Han})(?=\p{Script=Han})/u)) {
      for (const key of keyOf(part).split(' ')) if (key !== '' && key !== '+') tokens.push({ key, raw: part });
    }
  }
  return tokens;
}

function takeAt(run: Run, at: number): number {
  const { tokens, names } = run;
  const { doubtful, noise } = names.known;
  // "St Petersburg": no São Tomé.
  const { places } = placesIn(names.known);
  const cities = citiesIn(names.known);
  const isPlace = (key: string): true | undefined =>
    (places.has(key) || cities.has(key)) && !names.lookup(key) ? true : undefined;
  const placed = longestOf(tokens, at, MAX_PLACE_WORDS, isPlace);
  if (placed && placed.length > 1) {
    for (const { key } of tokens.slice(at, at + placed.length)) run.unknown.push(key);
    return placed.length;
  }
  for (let length = Math.min(MAX_WORDS, tokens.length - at); length > 0; length--) {
    const part = tokens.slice(at, at + length);
    const key = part.map((token) => token.key).join(' ');
    const entries = names.lookup(key);
    if (length === 1 && (isNoise(run, at) || isOrdinaryHere(run, at, key))) break;
    if (doubtful.has(key)) {
      doubt(run, part.map(({ raw }) => raw).join(' '), doubtful.get(key)!);
      return length;
    }
    if (entries && !isInitials(part) && take(run, part, key, entries)) return length;
  }
  const { key, raw } = tokens[at]!;
  if (!noise.has(key) && !isOrdinaryHere(run, at, key)) {
    const small = names.small.get(key);
    if (small !== undefined && names.lookup(small)) {
      const service: Target = { kind: 'service', id: small };
      if (raw === raw.toUpperCase() && !run.shouted)
        run.found.doubts.push({ word: raw, options: [{ kind: 'country', id: raw }, service] });
      else add(run.found.services, small);
      return 1;
    }
    const entries = names.bare(key);
    const stem = entries && [...doubtful.keys()].find((one) => key.startsWith(one) && key.length - one.length < 4);
    if (stem) {
      doubt(run, raw, doubtful.get(stem)!);
      return 1;
    }
    if (entries && take(run, [tokens[at]!], key, entries)) return 1;
  }
  run.unknown.push(key);
  return 1;
}

/** "r u there": small letters, one by one, are no "R. U." */
const isInitials = (part: readonly Token[]): boolean =>
  part.length > 1 && part.every(({ raw }) => raw.length === 1 && raw !== raw.toUpperCase());

/** A word that everybody says ("мали": had) is a name only where it is written as one, or hardly anything else is said. */
const isOrdinaryHere = (run: Run, at: number, key: string): boolean =>
  run.names.known.common.has(key) &&
  run.tokens.length > 2 &&
  !isWritten(run, at) &&
  // "封了ins吗" is of another language.
  ![at - 1, at + 1].some((beside) => isHan(run.tokens[beside]?.key ?? ''));

/** "is it in …": small words that are codes of countries too, unless somebody wrote them as codes. */
function isNoise({ tokens, names, shouted }: Run, at: number): boolean {
  const { key, raw } = tokens[at]!;
  if (names.small.has(key)) return true;
  if (!names.known.noise.has(key)) return false;
  // "В Того", and not "в того".
  if (
    at > 0 &&
    /^\p{Lu}\p{Script=Cyrillic}{2}/u.test(raw) &&
    names.lookup(key)?.some(({ kind, rank }) => kind === 'country' && rank < WEAK)
  )
    return false;
  return !(key.length === 2 && raw === raw.toUpperCase() && /^\p{Script=Latin}+$/u.test(raw) && !shouted);
}

function doubt({ found }: Run, word: string, codes: readonly string[]): void {
  if (found.doubts.length < MAX_FOUND)
    found.doubts.push({ word, options: codes.map((id) => ({ kind: 'country' as const, id })) });
}

function take(run: Run, part: readonly Token[], key: string, entries: readonly RankedTarget[]): boolean {
  const options = bestOf(entries);
  const [only] = options;
  const from = run.tokens.indexOf(part[0]!);
  const prior = run.tokens[from - 1]?.key ?? '';
  if (options.length > 1) {
    const word = part.map((token) => token.raw).join(' ');
    if (run.found.doubts.length < MAX_FOUND)
      run.found.doubts.push({ word, options: options.slice(0, 5).map(({ kind, id }) => ({ kind, id })) });
  } else if (only!.kind === 'service' && run.names.isEveryday(key)) {
    // "Which messengers work": none by that name.
    if (run.names.known.list('which').has(prior)) return false;
    const { before, named } = run.names.known.locatives;
    const isName = !run.shouted && /^\p{Lu}/u.test(part[0]!.raw) && part[0] !== run.tokens[0];
    const sure = isName || before.has(prior) || named.has(prior);
    run.maybe.push({ id: only!.id, key, sure });
  } else if (only!.kind === 'country' && part.length === 1 && isSmallCode(part[0]!.raw, only!.id))
    run.codes.push({ id: only!.id, key, before: prior });
  else add(only!.kind === 'service' ? run.found.services : run.found.countries, only!.id);
  if (only!.kind === 'country' && from >= 0 && isDenied(run, from, from + part.length)) run.denied.add(only!.id);
  if (part.length > 1) for (const token of part) run.inNames.add(token.key);
  return true;
}

/** "na", and "Na" at the beginning; "NA" is written as a code. */
const isSmallCode = (raw: string, id: string): boolean => raw !== id && raw.toUpperCase() === id;

/** Chinese has no spaces: the longest name that begins at each sign of a run. */
function takeHan(run: Run, at: number): number {
  const { doubtful, denials } = run.names.known;
  const { places } = placesIn(run.names.known);
  const cities = citiesIn(run.names.known);
  const signs = run.tokens[at]!.key;
  let rest = '';
  for (let from = 0; from < signs.length;) {
    let length = Math.min(MAX_HAN, signs.length - from);
    for (; length > 1; length--) {
      const key = signs.slice(from, from + length);
      const entries = run.names.lookup(key);
      const ids = places.get(key) ?? (cities.has(key) && !entries ? [cities.get(key)!] : null);
      if (doubtful.has(key)) doubt(run, key, doubtful.get(key)!);
      else if (ids !== null && run.found.places.length < MAX_PLACES) {
        run.found.places.push({ word: key, ids, isListed: true, isLoose: false });
        if (entries) take(run, [{ key, raw: key }], key, entries);
      } else if (!entries || !take(run, [{ key, raw: key }], key, entries)) continue;
      else if (denials.signs.test(signs.slice(0, from))) for (const { id } of entries) run.denied.add(id);
      break;
    }
    if (length <= 1 && HAN.test(signs[from]!)) rest += signs[from];
    from += Math.max(1, length);
  }
  if (rest !== '') run.unknown.push(rest);
  return 1;
}

/** A place in a country that is named is there; one of one country names that country; of several it is asked which. */
function settlePlaces(run: Run): void {
  const { places, operators, countries, regions, services, doubts } = run.found;
  const isSure = ({ ids, isLoose }: Place): boolean => ids.length === 1 && !isLoose;
  // "Guinea, the one of Malabo": the other one is not meant.
  const [other, ...others] = countries;
  const home = places.find((one) => isSure(one) && !countries.includes(one.ids[0]!.slice(0, 2)))?.ids[0]!.slice(0, 2);
  if (other !== undefined && others.length === 0 && home !== undefined) {
    const isOther = (key: string): boolean =>
      run.names.lookup(key)?.some(({ kind, id }) => kind === 'country' && id === other) ?? false;
    if (run.tokens.some(({ key }) => isOther(key) && run.names.isPart(key, home))) countries.length = 0;
  }
  const named = [...countries, ...places.flatMap((one) => (isSure(one) ? one.ids[0]!.slice(0, 2) : []))];
  for (const place of places) {
    const { word, ids, isListed, isLoose } = place;
    const inside = ids.filter((id) => named.includes(id.slice(0, 2)));
    const isOne = isSure(place) && (isListed || countries.length === 0);
    const meant = isOne ? ids : inside.length > 0 ? inside : named.length === 0 && !isLoose ? ids : [];
    if (meant.length === 1) {
      if (meant[0]!.length > 2) add(regions, meant[0]!);
      add(countries, meant[0]!.slice(0, 2));
    } else if (meant.length > 1 && doubts.length < MAX_FOUND)
      doubts.push({
        word,
        options: meant.map((id) => ({ kind: id.length > 2 ? ('region' as const) : ('country' as const), id })),
      });
    // What is not taken for a place is as strange as it was: "in Macondo" is nowhere, and not here.
    else if (meant.length === 0) run.unknown.push(...word.split(' '));
  }
  if (operators.length > 0 && countries.length === 0) countries.push(...operators.slice(0, 2));
  if (operators.length > 0 && services.length === 0) services.push(NETWORK);
}

/** Orders after which nothing is told any more. */
export const ENDING: ReadonlySet<string> = new Set(['mute', 'unsubscribe']);

/** "Whatsapp pk" is about Pakistan; "za vpn sazhayut" is not about South Africa: beside words that mean nothing here, a code is one only behind "in". */
function settleCodes({ codes, tokens, names, found, unknown }: Run): void {
  if (codes.length === 0) return;
  const { noise, isState, particles, locatives, forms } = names.known;
  // "Unmute ru whatsapp now": what orders begin with is not strange.
  const isVerb = (key: string): boolean => forms.some(({ own }) => own.has(key));
  const isClear = unknown.every((key) => noise.has(key) || isState(key) || isVerb(key));
  // "Stop it" is not about Italy.
  const isEnd = forms.some(({ name, own }) => ENDING.has(name) && own.has(tokens[0]!.key));
  for (const { id, key, before } of codes)
    if (
      (tokens.length <= 2 && !(isEnd && particles.has(key))) ||
      locatives.before.has(before) ||
      (isClear && !particles.has(key))
    )
      add(found.countries, id);
    else unknown.push(key);
}

/** "signal" is Signal where it is all that was named, or stands in a short question. */
function settleEveryday(run: Run): void {
  const { maybe, names, found, tokens, unknown } = run;
  for (const { id, key, sure } of maybe) {
    if (sure || tokens.length <= MAX_GUESSED + 2 || found.services.length > 0) add(found.services, id);
    else unknown.push(key);
  }
  if (found.services.length > 0) return;
  for (const [id, keys] of names.known.weakNames)
    if (tokens.some(({ key }, at) => keys.has(key) && (tokens.length <= MAX_ASKED || !isOrdinaryHere(run, at, key))))
      add(found.services, id);
}

/** A name that was mistyped, where none of its kind was found. */
function guess(run: Run): void {
  const { tokens, names, found } = run;
  if (tokens.length > MAX_GUESSED || (found.services.length > 0 && found.countries.length > 0)) return;
  const { before } = names.known.locatives;
  run.unknown = run.unknown.filter((key) => {
    if (isOrdinary(key, names.known) || names.known.wanted.has(key) || key.length < 4) return true;
    const target = names.guess(key);
    const list = target?.kind === 'service' ? found.services : found.countries;
    if (!target || list.length > 0) return true;
    const at = tokens.findIndex((token) => token.key === key);
    const isAlone = tokens.length > 1 && found.services.length === 0 && !before.has(tokens[at - 1]?.key ?? '');
    if (key.length === 4 || (isAlone && target.kind === 'country' && key.length < 8)) {
      // "Egyt", "is libgen down": so short a word may be another one, so it is asked; and only of a country.
      const isOther = key.length === 4 ? found.services.length === 0 : tokens.length > MAX_ASKED;
      if (target.kind !== 'country' || isOther || names.known.languages.has(key) || found.doubts.length > 0)
        return true;
      found.doubts.push({ word: key, options: [{ kind: target.kind, id: target.id }] });
      return false;
    }
    list.push(target.id);
    found.guesses.push({ word: key, options: [{ kind: target.kind, id: target.id }] });
    return false;
  });
}

function add(list: string[], id: string): void {
  if (list.length < MAX_FOUND && !list.includes(id)) list.push(id);
}
