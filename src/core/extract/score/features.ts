/**
 * Sparse features by hashing: a feature is a 32-bit key and a value, and a model holds one weight for each bucket of keys.
 * Names of features are short strings ("t:", "title", "block") that are hashed once and kept; pairs are mixed as numbers.
 */
export interface Features {
  keys: number[];
  values: number[];
  /** Every key is meant together with this one (an action); absent = by itself. Keys and values are shared between such views. */
  by?: number;
}

/** The same features, each together with a key. */
export const together = ({ keys, values }: Features, by: number): Features => ({ keys, values, by });

export const createFeatures = (): Features => ({ keys: [], values: [] });

export function add(to: Features, key: number, value = 1): void {
  to.keys.push(key);
  to.values.push(value);
}

/** Names come from classes, rules and catalogues: a few thousand. What a stranger writes is never kept here. */
const MAX_NAMES = 20_000;
const names = new Map<string, number>();

/** Key of a name of ours: kept, so that it is hashed once. */
export function keyOf(name: string): number {
  let key = names.get(name);
  if (key === undefined) {
    key = hash(name);
    if (names.size < MAX_NAMES) names.set(name, key);
  }
  return key;
}

/** FNV-1a over UTF-16 units, of a part of a text. */
export function hash(text: string, from = 0, to: number = text.length): number {
  let h = 0x811c9dc5;
  for (let i = from; i < to; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h >>> 0;
}

const STEM = 6;
/** Key of the first letters of a word. */
export const stemKey = (w: string): number => hash(w, 0, Math.min(w.length, STEM));

/** Key of two together; order matters. */
export function mix(a: number, b: number): number {
  let h = Math.imul(a ^ (b >>> 15), 0x85ebca6b) ^ Math.imul(b + 0x9e3779b9, 0xc2b2ae35);
  h ^= h >>> 13;
  return h >>> 0;
}

/** Key of several together: names of ours, small numbers, yes or no. No string is made. */
export function keyed(first: string, ...rest: readonly (string | number | boolean)[]): number {
  let key = keyOf(first);
  for (const part of rest)
    key = mix(
      key,
      typeof part === 'string' ? keyOf(part) : typeof part === 'number' ? Math.round(part * 2) + 64 : part ? 1 : 2,
    );
  return key;
}

/** A name's key, or the key as it is. */
export const asKey = (name: string | number): number => (typeof name === 'number' ? name : keyOf(name));

/** The buckets of features in a model, in order. */
export const bucketsOf = ({ keys, by }: Features, bits: number): Int32Array =>
  Int32Array.from(keys, (key) => bucket(by === undefined ? key : mix(by, key), bits));

/** The bucket of a key in a model of 2^bits weights. */
export function bucket(key: number, bits: number): number {
  let h = Math.imul(key ^ (key >>> 16), 0x45d9f3b);
  h ^= h >>> 15;
  return h & ((1 << bits) - 1);
}
