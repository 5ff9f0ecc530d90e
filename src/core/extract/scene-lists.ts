/** Lists of countries that did it before the one that the news is about. */
import { REACH } from './distances.ts';
import type { Field, Place } from './read.ts';
import { cueAfter, cueBefore } from './read.ts';
import { GAP, isJoinedByLetter } from './tokens.ts';

/** Words that may stand before the list: "after", "joining". */
const OPENING = 1;

/** "After Australia, France and Denmark, Malaysia …": the list that opens the sentence, where another country follows it. */
export function cameFirstOfAll(field: Field): ReadonlySet<Place> {
  const out = new Set<Place>();
  for (const [at, place] of field.places.entries()) {
    if (place.kind !== 'country' || !opens(field, place)) continue;
    const list = listFrom(field, at);
    if (list.length < 2) continue;
    const next = field.places[at + list.length];
    if (next === undefined || field.sentence[next.from] !== field.sentence[place.from]) continue;
    if (next.kind === 'country' || next.kind === 'authority') for (const p of list) out.add(p);
  }
  return out;
}

function opens(field: Field, place: Place): boolean {
  const word = cueBefore(field, place.from, REACH.beside, ['after', 'like', 'notloc']);
  return word !== null && word.from - field.sentences[field.sentence[place.from]!]!.from <= OPENING;
}

/** The places up to the one behind "and". */
function listFrom(field: Field, at: number): Place[] {
  const list = [field.places[at]!];
  for (let k = at + 1; k < field.places.length; k++) {
    const last = list.at(-1)!;
    const next = field.places[k]!;
    if (next.kind !== 'country' || next.from - last.to > REACH.near) return [];
    const joined =
      cueAfter(field, last.to, REACH.touching, 'and') !== null || isJoinedByLetter(field.tokens[next.from]!);
    if (!joined && (field.tokens[last.to]!.gap & GAP.comma) === 0) return [];
    list.push(next);
    if (joined) return list;
  }
  return [];
}
