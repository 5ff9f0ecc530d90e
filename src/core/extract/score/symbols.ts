/** The cues, names and places of a field in the order of the text. */
import type { Field } from '../read.ts';
import { keyOf } from './features.ts';

const NAME = keyOf('NAME');
const FIRM = keyOf('name');

/** Their keys, at most `most`. What begins at the same word stands as cue, name, place. */
export function symbolsOf({ cues, mentions, places }: Field, most: number): number[] {
  const from: number[] = [];
  const keys: number[] = [];
  for (let i = 0; i < cues.length && i < 2 * most; i++) insert(from, keys, cues[i]!.from, keyOf(cues[i]!.cls));
  for (let i = 0; i < mentions.length && i < most; i++)
    insert(from, keys, mentions[i]!.from, mentions[i]!.role === null ? NAME : FIRM);
  for (let i = 0; i < places.length && i < most; i++) insert(from, keys, places[i]!.from, keyOf(places[i]!.kind));
  return keys.length > most ? keys.slice(0, most) : keys;
}

/** Behind all that begin at the same word or before: the lists come nearly in order. */
function insert(from: number[], keys: number[], at: number, key: number): void {
  let i = from.length;
  from.push(at);
  keys.push(key);
  for (; i > 0 && from[i - 1]! > at; i--) {
    from[i] = from[i - 1]!;
    keys[i] = keys[i - 1]!;
  }
  from[i] = at;
  keys[i] = key;
}
