/** Regions, cities and operators named in a sentence. Pure but for the gazetteer, which reads its file when a place may be named. */
import type { Gazetteer } from '../../ports/gazetteer.ts';
import { keyOf } from '../target-names.ts';
import { cyrillicForms, headsOf } from './endings.ts';
import { isState } from './names.ts';
import { noise } from './noise.ts';
import { OPERATORS, ORDINARY, PLACE_NAMES } from './places.ts';

export interface Place {
  /** As written. */
  word: string;
  /** Regions that it may be. */
  ids: readonly string[];
  /** People often speak of it: it may name its country beside another. */
  isListed: boolean;
}

export interface FoundPlaces {
  places: Place[];
  /** Countries of the operators that are named. */
  operators: string[];
  /** Keys of the words that name these. */
  used: Set<string>;
}

const MAX_WORDS = 3;
const MAX_PLACES = 3;
const MAX_LOOKUPS = 24;
/** Words of a text that are looked at. */
const MAX_KEYS = 200;
/** The shortest name that is looked up in all the world: shorter ones are words somewhere. */
const MIN_LETTERS = 5;
/** Names of so many regions say nothing. */
const MAX_MEANINGS = 5;

interface Lists {
  places: Map<string, string[]>;
  operators: Map<string, string>;
}
let lists: Lists | null = null;

function knownPlaces(): Lists {
  if (lists) return lists;
  const places = new Map<string, string[]>();
  const operators = new Map<string, string>();
  for (const [id, names] of PLACE_NAMES)
    for (const name of names.split('|'))
      for (const form of [keyOf(name), ...cyrillicForms(keyOf(name))]) {
        const ids = places.get(form) ?? [];
        if (!ids.includes(id)) places.set(form, [...ids, id]);
      }
  for (const [country, , , names] of OPERATORS)
    for (const name of names.split('|'))
      for (const form of [keyOf(name), ...cyrillicForms(keyOf(name))]) operators.set(form, country);
  lists = { places, operators };
  return lists;
}

const ordinary: ReadonlySet<string> = new Set(ORDINARY.split(' '));

/** Could it be the name of a region, going by its looks? */
const isPlausible = (key: string): boolean =>
  key.length >= MIN_LETTERS && !ordinary.has(key) && key.split(' ').every((word) => !noise.has(word) && !isState(word));

/** `unknown`: keys of words that nothing else has a meaning for; all `keys` in their order. `gazetteer` null: by the list alone. */
export function findPlaces(
  keys: readonly string[],
  unknown: ReadonlySet<string>,
  gazetteer: Pick<Gazetteer, 'everywhere'> | null,
): FoundPlaces {
  const found: FoundPlaces = { places: [], operators: [], used: new Set() };
  const { places, operators } = knownPlaces();
  let lookups = 0;
  for (let at = 0; at < Math.min(keys.length, MAX_KEYS) && found.places.length < MAX_PLACES; ) {
    let taken = 0;
    for (let length = Math.min(MAX_WORDS, keys.length - at); length > 0 && taken === 0; length--) {
      const words = keys.slice(at, at + length);
      const key = words.join(' ');
      const heads = length === 1 ? [key, ...headsOf(key)] : [key];
      const operator = heads.map((head) => operators.get(head)).find((one) => one !== undefined);
      let ids = heads.map((head) => places.get(head)).find((one) => one !== undefined) ?? null;
      const isListed = ids !== null;
      if (
        ids === null &&
        operator === undefined &&
        gazetteer &&
        words.every((word) => unknown.has(word)) &&
        isPlausible(key)
      ) {
        for (const head of heads.slice(0, 3)) {
          if (lookups++ >= MAX_LOOKUPS || ordinary.has(head) || head.length < MIN_LETTERS) break;
          const named = gazetteer.everywhere(head);
          if (named.length === 0) continue;
          ids = [...named];
          break;
        }
      }
      if (operator !== undefined) found.operators.push(operator);
      else if (ids !== null && ids.length <= MAX_MEANINGS) found.places.push({ word: key, ids, isListed });
      else continue;
      taken = length;
      for (const word of words) found.used.add(word);
    }
    at += Math.max(1, taken);
  }
  findHan(keys, places, operators, found);
  return found;
}

/** Chinese has no spaces: names of the list, wherever they stand. */
function findHan(
  keys: readonly string[],
  places: Lists['places'],
  operators: Lists['operators'],
  found: FoundPlaces,
): void {
  const signs = keys.filter((key) => /\p{Script=Han}/u.test(key)).join(' ');
  if (signs === '') return;
  for (const [name, ids] of places)
    if (/\p{Script=Han}/u.test(name) && signs.includes(name) && found.places.length < MAX_PLACES)
      found.places.push({ word: name, ids, isListed: true });
  for (const [name, country] of operators)
    if (/\p{Script=Han}/u.test(name) && signs.includes(name)) found.operators.push(country);
}
