import type { Catalogue } from '../../model/catalogue.ts';
import { NETWORK } from '../../model/incident.ts';
import type { Words } from '../../ports/translate.ts';
import { onceFor } from '../../recent.ts';
import { COUNTRIES, codeOfFlag, countrySpellings, FLAG } from './country-names.ts';
import { keyOf, longestOf, type Vocabulary, vocabularyOf } from './vocabulary.ts';

/** A region is named by its id ("RU-DA"), and stands for its country wherever only countries count. */
export type Target = { kind: 'country' | 'service' | 'region'; id: string };

export type RankedTarget = Target & { rank: number };

/** Shared by all names of one target (14,000 names, 1,000 entries), hence never changed. */
type Entry = Readonly<RankedTarget>;
type NameIndex = ReturnType<typeof nameIndex>;

/** Rank of what people of a country and things from there are called. */
export const WEAK = 3;

/** "Côte d'Ivoire" is typed "cote d ivoire" too. */
const keysOf = (name: string): string[] =>
  /['’ʼ]/u.test(name) ? [keyOf(name), keyOf(name.replace(/['’ʼ]/gu, ' '))] : [keyOf(name)];

type Named = { key: string; entry: Entry };

/** The same for every catalogue, dear to make; kept only as long as memory is not wanted for something else. */
const countries = new WeakMap<Vocabulary, WeakRef<Named[]>>();

function countryKeys(known: Vocabulary): Named[] {
  const kept = countries.get(known)?.deref();
  if (kept) return kept;
  const entryOf = new Map<string, Entry>();
  const country = (id: string, rank: number): Entry =>
    entryOf.getOrInsertComputed(`${id}${rank}`, () => ({ kind: 'country', id, rank }));
  // A code is what people mean by two letters, unless no country has it: "dw", "vk", "rt" are services.
  const made = COUNTRIES.map((code) => ({ key: keyOf(code), entry: country(code, 0) }));
  for (const { name, code, weak } of countrySpellings(known))
    for (const key of keysOf(name)) made.push({ key, entry: country(code, weak ? WEAK : 1) });
  countries.set(known, new WeakRef(made));
  return made;
}

function nameIndex(catalogue: Catalogue, known: Vocabulary) {
  const short = known.words.under('service.');
  const byKey = new Map<string, readonly Entry[]>();
  let longest = 1;
  const onlyOf = onceFor((entry: Entry): readonly Entry[] => [entry]);
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
    for (const alias of [...aliases, ...(short.get(id) ?? [])]) add(alias, other);
  }
  const network: Entry = { kind: 'service', id: NETWORK, rank: 2 };
  for (const name of known.words.all('network')) add(name, network);
  for (const { key, entry } of countryKeys(known)) addKey(key, entry);
  for (const [keys, codes] of known.twins) {
    const entries = codes.map((id): Entry => ({ kind: 'country', id, rank: 1 }));
    for (const key of keys) byKey.set(key, entries);
  }
  const small = [...short].flatMap(([id, names]) =>
    names.filter((name) => COUNTRIES.includes(name.toUpperCase())).map((name) => [name, id] as const),
  );
  return {
    /** Every name, folded (`keyOf`), and what it may stand for. */
    byKey,
    /** Words of the longest. */
    longest,
    /** Codes of countries by which far more people mean a service, unless they write them as codes ("TG": Togo). */
    small: new Map(small),
  };
}

/** What a name stands for, with one meaning more, or with a better rank for one it has; null where it is the first. */
function withEntry(known: readonly Entry[] | undefined, entry: Entry): readonly Entry[] | null {
  if (!known) return null;
  const at = known.findIndex((one) => one.kind === entry.kind && one.id === entry.id);
  if (at < 0) return [...known, entry];
  if (known[at]!.rank <= entry.rank) return known;
  return known.length === 1 ? null : known.with(at, entry);
}

/** Longest word that is compared; longer ones have no neighbours. */
const MAX_WORD = 40;

/** Edits (insert, delete, replace, swap of neighbours) from a to b; more than `limit` counts as `limit + 1`. */
export function distance(a: string, b: string, limit: number): number {
  const left = [...a];
  const right = [...b];
  if (Math.abs(left.length - right.length) > limit) return limit + 1;
  let before: number[] = [];
  let last = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i++) {
    const row = [i];
    let best = i;
    for (let j = 1; j <= right.length; j++) {
      const same = left[i - 1] === right[j - 1];
      let cost = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && left[i - 1] === right[j - 2] && left[i - 2] === right[j - 1]) {
        cost = Math.min(cost, before[j - 2]! + 1);
      }
      row.push(cost);
      best = Math.min(best, cost);
    }
    if (best > limit) return limit + 1;
    before = last;
    last = row;
  }
  return Math.min(last[right.length]!, limit + 1);
}

/** Which letters a word has, as bits: one edit changes two of them at the most. */
function lettersOf(word: string): number {
  let bits = 0;
  for (let i = 0; i < word.length; i++) bits |= 1 << (word.charCodeAt(i) & 31);
  return bits;
}

function countBits(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++;
  return count;
}

/** Candidates that a typing error could have meant, nearest first. Words that begin with it count as near. */
export function nearest(word: string, candidates: Iterable<string>, max: number): string[] {
  const length = [...word].length;
  if (length < 2 || length > MAX_WORD) return [];
  // A guess that is far away ("Atlantis": Arjantin) is worse than none.
  const limit = length < 4 ? 1 : length < 10 ? 2 : 3;
  const found: { candidate: string; score: number }[] = [];
  const letters = lettersOf(word);
  for (const candidate of candidates) {
    // Thousands of names are far away at a glance; a name is compared letter by letter only when it may be near.
    const far =
      Math.abs(candidate.length - word.length) > limit * 2 || countBits(letters ^ lettersOf(candidate)) > limit * 2;
    const whole = far ? limit + 1 : distance(word, candidate, limit);
    const score = whole <= limit ? whole : length >= 3 && candidate.startsWith(word) ? limit + 0.5 : null;
    if (score !== null) found.push({ candidate, score });
  }
  return found
    .sort(
      (a, b) => a.score - b.score || a.candidate.length - b.candidate.length || (a.candidate < b.candidate ? -1 : 1),
    )
    .slice(0, max)
    .map((one) => one.candidate);
}

export interface ParsedTargets {
  countries: string[];
  services: string[];
  /** Ids of regions; their countries are among `countries`. Absent = none. */
  regions?: string[];
  /** Networks ("AS8359"). Absent = none. */
  networks?: string[];
  /** How often "everything" or "anywhere" was said. */
  all: number;
  /** Words that mean nothing here, or more than one thing: nothing may be done before the person has chosen. */
  problems: { word: string; ambiguous: boolean; options: Target[] }[];
}

export interface TargetIndex {
  parse(text: string): ParsedTargets;
  /** Every name, folded (`keyOf`), and what it may stand for; the lowest rank is meant first. */
  names(): ReadonlyMap<string, readonly RankedTarget[]>;
  /** Small letters that are the code of a country, and mean a service. */
  small(): ReadonlyMap<string, string>;
}

/** What a name means first. */
export function bestOf(entries: readonly RankedTarget[]): RankedTarget[] {
  const best = Math.min(...entries.map(({ rank }) => rank));
  return entries.filter(({ rank }) => rank === best);
}

/** More words than this in one command are not looked at; the last problem then names the first that was left out. */
const MAX_TOKENS = 60;
const MAX_PROBLEMS = 5;

/** Built on first use: a few thousand names in a dozen languages. */
export function createTargetIndex(catalogue: Catalogue, words: Words): TargetIndex {
  const known = vocabularyOf(words);
  let made: NameIndex | null = null;
  const index = (): NameIndex => (made ??= nameIndex(catalogue, known));
  return {
    parse: (text) => parse(text, index(), known),
    names: () => index().byKey,
    small: () => index().small,
  };
}

function parse(text: string, index: NameIndex, known: Vocabulary): ParsedTargets {
  const out: ParsedTargets = { countries: [], services: [], all: 0, problems: [] };
  const typed = takeIds(text, out, index)
    .replace(FLAG, (flag) => ` ${codeOfFlag(flag)} `)
    .split(/[\s,;、،]+/u)
    .filter((token) => keyOf(token) !== '');
  // A token such as "би-би-си" is three words of a key.
  const tokens = typed.slice(0, MAX_TOKENS).flatMap((token) =>
    keyOf(token)
      .split(' ')
      .map((key) => ({ key, token })),
  );
  const take = (entry: Target): void => {
    const list = entry.kind === 'service' ? out.services : out.countries;
    if (!list.includes(entry.id)) list.push(entry.id);
  };
  for (let at = 0; at < tokens.length;) {
    const { key, token } = tokens[at]!;
    const small = token === key ? index.small.get(key) : undefined;
    if (small !== undefined && index.byKey.has(small)) {
      take({ kind: 'service', id: small });
      at++;
      continue;
    }
    const found = longestOf(tokens, at, index.longest, (name) => index.byKey.get(name));
    if (!found || (found.length === 1 && isPreposition(tokens, at, index, known))) {
      if (known.all.has(key)) out.all++;
      else if (!known.fillers.has(key) && !(at === 0 && known.pronouns.has(key)))
        addProblem(out, token, key, index, known);
      at++;
      continue;
    }
    const options = bestOf(found.value);
    if (options.length === 1) take(options[0]!);
    else if (out.problems.length < MAX_PROBLEMS) {
      const word = tokens
        .slice(at, at + found.length)
        .map((one) => one.token)
        .join(' ');
      out.problems.push({ word, ambiguous: true, options: options.slice(0, 5).map(({ kind, id }) => ({ kind, id })) });
    }
    at += found.length;
  }
  if (typed.length > MAX_TOKENS && out.problems.length < MAX_PROBLEMS) {
    out.problems.push({ word: typed[MAX_TOKENS]!, ambiguous: false, options: [] });
  }
  return out;
}

const NETWORK_ID = /(?<![\p{L}\p{N}])(?:(?:ASN?|АС) ?-?(\d{2,10})|asn?(\d{3,10})|ас ?(\d{3,10}))(?![\p{L}\p{N}])/gu;
const REGION_ID = /(?<![\p{L}\p{N}-])([A-Z]{2})-([A-Z0-9]{1,3})(?![\p{L}\p{N}-])/gu;
const MAX_IDS = 5;

/** Networks in a text, taken out of it: "AS8359", "АС 8359". */
export function takeNetworks(text: string, into: string[]): string {
  return text.replace(NETWORK_ID, (_, upper?: string, lower?: string, other?: string) => {
    const network = `AS${Number(upper ?? lower ?? other)}`;
    if (into.length < MAX_IDS && !into.includes(network)) into.push(network);
    return ' ';
  });
}

/** Regions and networks by their ids, as the bot's own buttons write them; "RU-VK" is a country and a service. */
function takeIds(text: string, out: ParsedTargets, index: NameIndex): string {
  const networks: string[] = [];
  const regions: string[] = [];
  const rest = takeNetworks(text, networks).replace(REGION_ID, (whole, country: string, part: string) => {
    const isService = index.byKey.get(keyOf(part))?.some(({ kind }) => kind === 'service') ?? false;
    if (!COUNTRIES.includes(country) || isService || regions.length >= MAX_IDS) return whole;
    regions.push(whole);
    if (!out.countries.includes(country)) out.countries.push(country);
    return ' ';
  });
  if (regions.length > 0) out.regions = [...new Set(regions)];
  if (networks.length > 0) out.networks = networks;
  return rest;
}

/**
 * "whatsapp in russia" is not about India, nor "status at …" about Austria: small words that are codes too stand for nothing when
 * written in lower case before the name of a country, or before what nobody knows. Before a service ("in whatsapp") and before another code
 * ("in pk") they are a code.
 */
function isPreposition(
  tokens: { key: string; token: string }[],
  at: number,
  index: NameIndex,
  { fillers, pronouns }: Vocabulary,
): boolean {
  const { key, token } = tokens[at]!;
  const next = tokens[at + 1];
  if (at === 0 && pronouns.has(key) && token === token.toLowerCase() && next && fillers.has(next.key)) return true;
  if (!fillers.has(key) || token !== token.toLowerCase() || next === undefined) return false;
  // "subscribe to telegram", "subscribe me to telegram": neither Tonga nor Montenegro.
  if (key === 'to' && (at === 0 || (at === 1 && pronouns.has(tokens[0]!.key)))) return true;
  if (next.key.length <= 2) return false;
  const named = longestOf(tokens, at + 1, index.longest, (name) => index.byKey.get(name));
  return named === null || named.value.some((entry) => entry.kind === 'country');
}

/** A guess that is far away is worse than none: no code for three letters and more, the same beginning but for long words, one letter in short ones. */
const isNear = (key: string, candidate: string): boolean =>
  candidate.length > 2 &&
  !/\d/u.test(key) &&
  (candidate[0] === key[0] || key.length >= 6) &&
  (key.length > 4 || candidate.startsWith(key) || distance(key, candidate, 1) <= 1);

function addProblem(out: ParsedTargets, word: string, key: string, index: NameIndex, { noise }: Vocabulary): void {
  if (out.problems.length >= MAX_PROBLEMS || out.problems.some((one) => one.word === word)) return;
  const options: Target[] = [];
  const near = noise.has(key) ? [] : nearest(key, index.byKey.keys(), 12).filter((candidate) => isNear(key, candidate));
  for (const candidate of near) {
    for (const { kind, id } of index.byKey.get(candidate)!) {
      if (!options.some((one) => one.kind === kind && one.id === id)) options.push({ kind, id });
    }
  }
  out.problems.push({ word, ambiguous: false, options: options.slice(0, 3) });
}

/** (country, service) pairs that the words stand for; `*` = any. Empty where nothing was named. */
export function matchersOf(parsed: ParsedTargets): { country: string; service: string }[] {
  const { countries, services, all } = parsed;
  if (countries.length + services.length + all === 0) return [];
  const orAny = (ids: readonly string[]) => (ids.length > 0 ? ids : ['*']);
  return orAny(countries).flatMap((country) => orAny(services).map((service) => ({ country, service })));
}

/** `RU-whatsapp-3f9k`, in any case; also several in a row. */
const ID = /^[a-z]{2}-[a-z0-9-]{1,60}-[a-z0-9]{4,8}$/iu;

const looksLikeId = (word: string): boolean => ID.test(word);

const canonicalId = (word: string): string => {
  const at = word.indexOf('-');
  return word.slice(0, at).toUpperCase() + word.slice(at).toLowerCase();
};

/** Ids and the other words of a text. */
export function splitIds(text: string, max: number): { ids: string[]; rest: string } {
  const ids: string[] = [];
  const rest: string[] = [];
  for (const word of text.split(/[\s,;]+/u)) {
    if (!looksLikeId(word)) rest.push(word);
    else if (ids.length < max) ids.push(canonicalId(word));
  }
  return { ids: [...new Set(ids)], rest: rest.join(' ').trim() };
}

/** What an id says that it is about; `*` where no country or service was named. Null = no id. */
export function aboutOf(id: string): { country: string; service: string } | null {
  if (!looksLikeId(id)) return null;
  const [country = '', ...rest] = canonicalId(id).split('-');
  const service = rest.slice(0, -1).join('-');
  return { country: country === 'XX' ? '*' : country, service: service === 'any' ? '*' : service };
}
