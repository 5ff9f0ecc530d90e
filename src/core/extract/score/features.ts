import type { Field } from '../field.ts';

/**
 * Sparse features by hashing: a feature is a 32-bit key and a value, and a model holds one weight for each bucket of keys.
 * Names of features are short strings ("t:", "title", "block") that are hashed once and stored; pairs are mixed as numbers.
 *
 * Keys are signed 32-bit numbers and live in typed arrays that are used again for every part of every text: making features allocates nothing.
 */
export interface Features {
  /** The first `size` entries count, in the order of adding. */
  keys: Int32Array;
  values: Float64Array;
  size: number;
  /** Keys since `startRound`: an open hash table whose slots are taken where their stamp is the round's. */
  slots: Int32Array;
  stamps: Int32Array;
  round: number;
  /** Distinct keys in this round. */
  distinct: number;
}

const SIZE = 1024;

export const createFeatures = (): Features => ({
  keys: new Int32Array(SIZE),
  values: new Float64Array(SIZE),
  size: 0,
  slots: new Int32Array(2 * SIZE),
  stamps: new Int32Array(2 * SIZE),
  round: 1,
  distinct: 0,
});

/** Empties them for the next part. */
export function clear(features: Features): Features {
  features.size = 0;
  startRound(features);
  return features;
}

/** From here on every key counts as new again; what was added stays. */
export function startRound(features: Features): void {
  features.distinct = 0;
  features.round++;
  if (features.round < 0x7fffffff) return;
  features.stamps.fill(0);
  features.round = 1;
}

export function add(to: Features, key: number, value = 1): void {
  if (to.size === to.keys.length) lengthen(to);
  to.keys[to.size] = key;
  to.values[to.size] = value;
  to.size++;
}

function lengthen(to: Features): void {
  const { keys, values } = to;
  to.keys = new Int32Array(2 * keys.length);
  to.keys.set(keys);
  to.values = new Float64Array(2 * values.length);
  to.values.set(values);
}

/** Is this the first time in the round? */
export function isNew(to: Features, key: number): boolean {
  const { slots, stamps, round } = to;
  const last = slots.length - 1;
  let at = (Math.imul(key, 0x9e3779b1) >>> 15) & last;
  while (stamps[at] === round) {
    if (slots[at] === key) return false;
    at = (at + 1) & last;
  }
  stamps[at] = round;
  slots[at] = key;
  to.distinct++;
  if (2 * to.distinct > last) widen(to);
  return true;
}

function widen(to: Features): void {
  const { slots, stamps, round } = to;
  to.slots = new Int32Array(2 * slots.length);
  to.stamps = new Int32Array(2 * slots.length);
  to.distinct = 0;
  for (let i = 0; i < slots.length; i++) if (stamps[i] === round) isNew(to, slots[i]!);
}

/** Adds what this round has not had. */
export function addOnce(to: Features, key: number, value: number): void {
  if (isNew(to, key)) add(to, key, value);
}

/** Names come from classes, rules and catalogues: a few thousand. What a stranger writes is never stored here. */
const MAX_NAMES = 20_000;
const names = new Map<string, number>();

/** Key of a name of ours: stored, so that it is hashed once. */
export function keyOf(name: string): number {
  const known = names.get(name);
  if (known !== undefined) return known;
  const key = hash(name) | 0;
  if (names.size < MAX_NAMES) names.set(name, key);
  return key;
}

/** FNV-1a over UTF-16 units, of a part of a text; unsigned. */
export function hash(text: string, from = 0, to: number = text.length): number {
  return keyOfPart(text, from, to) >>> 0;
}

/** The same as a key, without a copy of the part. */
export function keyOfPart(text: string, from: number, to: number): number {
  let h = 0x811c9dc5 | 0;
  for (let i = from; i < to; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h;
}

const STEM = 6;
/** Key of the first letters of a word. */
export const stemKey = (w: string): number => keyOfPart(w, 0, Math.min(w.length, STEM));

/** How far apart two words are, roughly. */
export const far = (gap: number): string => (gap <= 0 ? '0' : gap <= 1 ? '1' : gap <= 3 ? '3' : gap <= 6 ? '6' : 'far');

/** Key of two together; order matters. */
export function mix(a: number, b: number): number {
  const h = Math.imul(a ^ (b >>> 15), 0x85ebca6b) ^ Math.imul((b + 0x9e3779b9) | 0, 0xc2b2ae35);
  return h ^ (h >>> 13);
}

type Part = string | number | boolean;

const partKey = (part: Part): number =>
  typeof part === 'string' ? keyOf(part) : typeof part === 'number' ? Math.round(part * 2) + 64 : part ? 1 : 2;

/** Key of several together: names of ours, small numbers, yes or no. No string and no list is made. */
export function keyed(first: string, a?: Part, b?: Part, c?: Part): number {
  let key = keyOf(first);
  if (a !== undefined) key = mix(key, partKey(a));
  if (b !== undefined) key = mix(key, partKey(b));
  if (c !== undefined) key = mix(key, partKey(c));
  return key;
}

/** Actions have their weights side by side: a key that is meant together with each of them is looked up once. */
const LANE_BITS = 3;

/** Buckets by themselves (null), or in one lane: together with an action. */
export const bucketsOf = ({ keys, size }: Features, bits: number, lane: number | null): Int32Array =>
  keys.slice(0, size).map((key) => (lane === null ? bucket(key, bits) : laneBucket(key, bits) + lane));

/** The first lane of a key. */
export const laneBucket = (key: number, bits: number): number => bucket(mix(LANES, key), bits - LANE_BITS) << LANE_BITS;
const LANES = keyOf('lanes');

/** The bucket of a key in a model of 2^bits weights. */
export function bucket(key: number, bits: number): number {
  let h = Math.imul(key ^ (key >>> 16), 0x45d9f3b);
  h ^= h >>> 15;
  return h & ((1 << bits) - 1);
}

/** The cues, names and places of a field in the order of the text. */

const NAME = keyOf('NAME');
const FIRM = keyOf('name');

/** Their keys, at most `most`. What begins at the same word stands as cue, name, place. */
export function symbolsOf({ cues, mentions, places }: Field, most: number): number[] {
  const symbols: number[] = [];
  let [c, m, p] = [0, 0, 0];
  while (symbols.length < most) {
    const cue = cues[c]?.from ?? NONE_LEFT;
    const name = mentions[m]?.from ?? NONE_LEFT;
    const place = places[p]?.from ?? NONE_LEFT;
    if (cue === NONE_LEFT && name === NONE_LEFT && place === NONE_LEFT) break;
    if (cue <= name && cue <= place) symbols.push(cues[c++]!.key);
    else if (name <= place) symbols.push(mentions[m++]!.role === null ? NAME : FIRM);
    else symbols.push(keyOf(places[p++]!.kind));
  }
  return symbols;
}
const NONE_LEFT = Number.POSITIVE_INFINITY;
