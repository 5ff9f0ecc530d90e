/** Finds services, countries and hosts in a sentence, whatever stands around them. Pure; bounded by the length of the text. */
import { NETWORK } from '../../model/incident.ts';
import type { Gazetteer } from '../../ports/gazetteer.ts';
import type { ServiceHosts } from '../../ports/service-hosts.ts';
import { codeOfFlag, FLAG } from '../country-names.ts';
import { WEAK_NAMES } from '../short-names.ts';
import { keyOf, type RankedTarget, SMALL, type Target } from '../target-names.ts';
import { findPlaces, type Place } from './find-places.ts';
import { NOISE_SIGNS, WHICH_WORDS } from './lists.ts';
import { doubtful, isState, type Names } from './names.ts';
import { noise } from './noise.ts';

export interface Found {
  services: string[];
  countries: string[];
  /** Names of more than one thing. */
  doubts: { word: string; options: Target[] }[];
  /** Names that were mistyped, as they were taken. */
  guesses: { word: string; options: Target[] }[];
  /** Regions, in the order in which they are named; their countries are among `countries` once they are settled. */
  regions: string[];
  /** Places that may be one of several regions, or whose country is not settled. */
  places: Place[];
  /** Countries of the operators that are named. */
  operators: string[];
  /** Host names that are no service's. */
  hosts: string[];
  /** Words that are neither names nor known to say nothing. */
  rest: string[];
  /** Every word, folded. */
  words: string[];
}

interface Token {
  key: string;
  raw: string;
}

const weakNames = Object.entries(WEAK_NAMES).map(([id, names]) => [id, new Set(names.split('|').map(keyOf))] as const);

const WHICH: ReadonlySet<string> = new Set(WHICH_WORDS.split(' ').map(keyOf));

const MAX_TEXT = 4_000;
const MAX_FOUND = 6;
/** Typing errors are looked for in short texts only. */
const MAX_GUESSED = 14;
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
  const found: Found = {
    services: [],
    countries: [],
    doubts: [],
    guesses: [],
    regions: [],
    places: [],
    operators: [],
    hosts: [],
    rest: [],
    words: [],
  };
  // "刚果（金）" is one name.
  const joined = written.slice(0, MAX_TEXT).replace(/(?<=\p{Script=Han})[（(](\p{Script=Han})[）)]/gu, '$1');
  const text = takeHosts(joined, found, names, hosts);
  const tokens = tokensOf(text.replace(FLAG, (flag) => ` ${codeOfFlag(flag)} `));
  found.words = tokens.map((token) => token.key);
  const run: Run = { tokens, names, found, shouted: isShouted(text), maybe: [], unknown: [], inNames: new Set() };
  for (let at = 0; at < tokens.length; ) at += isHan(tokens[at]!.key) ? takeHan(run, at) : takeAt(run, at);
  takePlaces(run, gazetteer);
  settleEveryday(run);
  guess(run);
  found.rest = run.unknown.filter((key) => !noise.has(key) && !NOISE_SIGNS.test(key));
  return found;
}

interface Run {
  tokens: readonly Token[];
  names: Names;
  found: Found;
  shouted: boolean;
  /** Services whose names are everyday words: which, and was it written as a name? */
  maybe: { id: string; key: string; sure: boolean }[];
  unknown: string[];
  /** Words of services' names of several words: "Moscow" of a newspaper is no place. */
  inNames: Set<string>;
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
      for (const key of keyOf(part).split(' ')) if (key !== '') tokens.push({ key, raw: part });
    }
  }
  return tokens;
}

function takeAt(run: Run, at: number): number {
  const { tokens, names } = run;
  for (let length = Math.min(names.longest, tokens.length - at); length > 0; length--) {
    const part = tokens.slice(at, at + length);
    const key = part.map((token) => token.key).join(' ');
    const entries = names.lookup(key);
    if (length === 1 && isNoise(run, at)) break;
    if (doubtful.has(key)) {
      doubt(run, part[0]!.raw, doubtful.get(key)!);
      return length;
    }
    if (entries && take(run, part, key, entries)) return length;
  }
  const { key, raw } = tokens[at]!;
  if (!noise.has(key)) {
    const small = SMALL.get(key);
    if (small !== undefined && names.lookup(small)) {
      const service: Target = { kind: 'service', id: small };
      if (raw === raw.toUpperCase() && !run.shouted)
        run.found.doubts.push({ word: raw, options: [{ kind: 'country', id: raw }, service] });
      else add(run.found.services, small);
      return 1;
    }
    const entries = names.bare(key);
    const stem = [...doubtful.keys()].find(
      (one) => key.startsWith(one) && names.bare(key) && key.length - one.length < 4,
    );
    if (stem !== undefined) {
      doubt(run, raw, doubtful.get(stem)!);
      return 1;
    }
    if (entries && take(run, [tokens[at]!], key, entries)) return 1;
  }
  run.unknown.push(key);
  return 1;
}

/** "is it in …": small words that are codes of countries too, unless somebody wrote them as codes. */
function isNoise({ tokens, shouted }: Run, at: number): boolean {
  const { key, raw } = tokens[at]!;
  if (SMALL.has(key)) return true;
  if (!noise.has(key)) return false;
  return !(key.length === 2 && raw === raw.toUpperCase() && /^\p{Script=Latin}+$/u.test(raw) && !shouted);
}

function doubt({ found }: Run, word: string, codes: readonly string[]): void {
  if (found.doubts.length < MAX_FOUND)
    found.doubts.push({ word, options: codes.map((id) => ({ kind: 'country' as const, id })) });
}

function take(run: Run, part: readonly Token[], key: string, entries: readonly RankedTarget[]): boolean {
  const best = Math.min(...entries.map((one) => one.rank));
  const options = entries.filter((one) => one.rank === best);
  const [only] = options;
  if (options.length > 1) {
    const word = part.map((token) => token.raw).join(' ');
    if (run.found.doubts.length < MAX_FOUND)
      run.found.doubts.push({ word, options: options.slice(0, 5).map(({ kind, id }) => ({ kind, id })) });
  } else if (only!.kind === 'service' && run.names.isEveryday(key)) {
    // "Which messengers work": none by that name.
    if (WHICH.has(run.tokens[run.tokens.indexOf(part[0]!) - 1]?.key ?? '')) return false;
    const sure = !run.shouted && /^\p{Lu}/u.test(part[0]!.raw) && part[0] !== run.tokens[0];
    run.maybe.push({ id: only!.id, key, sure });
  } else add(only!.kind === 'service' ? run.found.services : run.found.countries, only!.id);
  if (only!.kind === 'service' && part.length > 1) for (const token of part) run.inNames.add(token.key);
  return true;
}

/** Chinese has no spaces: the longest name that begins at each sign of a run. */
function takeHan(run: Run, at: number): number {
  const signs = run.tokens[at]!.key;
  let rest = '';
  for (let from = 0; from < signs.length; ) {
    let length = Math.min(MAX_HAN, signs.length - from);
    for (; length > 1; length--) {
      const key = signs.slice(from, from + length);
      const entries = run.names.lookup(key);
      if (doubtful.has(key)) doubt(run, key, doubtful.get(key)!);
      else if (!entries || !take(run, [{ key, raw: key }], key, entries)) continue;
      break;
    }
    if (length <= 1 && HAN.test(signs[from]!)) rest += signs[from];
    from += Math.max(1, length);
  }
  if (rest !== '') run.unknown.push(rest);
  return 1;
}

function takePlaces(run: Run, gazetteer: Pick<Gazetteer, 'everywhere'> | null): void {
  const { places, operators, used } = findPlaces(
    run.found.words.filter((key) => !run.inNames.has(key)),
    new Set(run.unknown),
    gazetteer,
  );
  run.found.places = places;
  run.found.operators = [...new Set(operators)];
  run.unknown = run.unknown.filter((key) => !used.has(key));
  settlePlaces(run.found);
}

/** A place in a country that is named is there; one of one country names that country; of several it is asked which. */
function settlePlaces({ places, operators, countries, regions, services, doubts }: Found): void {
  const named = [...countries];
  for (const { word, ids, isListed } of places) {
    const inside = ids.filter((id) => named.includes(id.slice(0, 2)));
    const meant = inside.length > 0 ? inside : named.length === 0 || (isListed && ids.length === 1) ? ids : [];
    if (meant.length === 1) {
      if (meant[0]!.length > 2) add(regions, meant[0]!);
      add(countries, meant[0]!.slice(0, 2));
    } else if (meant.length > 1 && doubts.length < MAX_FOUND)
      doubts.push({
        word,
        options: meant.map((id) => ({ kind: id.length > 2 ? ('region' as const) : ('country' as const), id })),
      });
  }
  if (operators.length > 0 && countries.length === 0) countries.push(...operators.slice(0, 2));
  if (operators.length > 0 && services.length === 0) services.push(NETWORK);
}

/** "signal" is Signal where it is all that was named, or stands in a short question. */
function settleEveryday({ maybe, found, tokens, unknown }: Run): void {
  for (const { id, key, sure } of maybe) {
    if (sure || tokens.length <= 12) add(found.services, id);
    else unknown.push(key);
  }
  if (found.services.length > 0) return;
  for (const [id, keys] of weakNames) if (tokens.some(({ key }) => keys.has(key))) add(found.services, id);
}

/** A name that was mistyped, where none of its kind was found. */
function guess(run: Run): void {
  const { tokens, names, found } = run;
  if (tokens.length > MAX_GUESSED || (found.services.length > 0 && found.countries.length > 0)) return;
  run.unknown = run.unknown.filter((key) => {
    if (noise.has(key) || isState(key) || key.length < 5) return true;
    const target = names.guess(key);
    const list = target?.kind === 'service' ? found.services : found.countries;
    if (!target || list.length > 0) return true;
    list.push(target.id);
    found.guesses.push({ word: key, options: [{ kind: target.kind, id: target.id }] });
    return false;
  });
}

function add(list: string[], id: string): void {
  if (list.length < MAX_FOUND && !list.includes(id)) list.push(id);
}
