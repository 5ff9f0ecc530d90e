/** Sentences are parted into clauses: stretches that say one thing. */
import type { CueClass } from './classes.ts';
import { endOfList, isLackAt } from './not-yet.ts';
import type { Clause, Field, Place, Span } from './read.ts';
import { cuesAround, hasCue, mentionsAround, placeAt } from './read.ts';
import { GAP, isEnding, isJoinedByLetter } from './tokens.ts';

/** Parts the sentences of a field, and gives every clause what stands in it. */
export function divide(field: Field): void {
  const count = propositions(field);
  const { prop, sentence } = field;
  const clauses: Clause[] = Array.from({ length: count }, () => ({ sentence: 0, cues: [], mentions: [], places: [] }));
  for (let i = 0; i < prop.length; i++) clauses[prop[i]!]!.sentence = sentence[i]!;
  for (const cue of field.cues) clauses[prop[cue.from]!]!.cues.push(cue);
  for (const m of field.mentions) clauses[prop[m.from]!]!.mentions.push(m);
  for (const place of field.places) clauses[prop[place.from]!]!.places.push(place);
  field.clauses = clauses;
}

/** Numbers the clauses and returns how many there are. Brackets say something of their own and do not part what surrounds them. */
function propositions(field: Field): number {
  let next = 0;
  for (const sentence of field.sentences) {
    let current = next++;
    const outer: number[] = [];
    let closing = -1;
    for (let i = sentence.from; i < sentence.to; i++) {
      const { gap } = field.tokens[i]!;
      if (i > sentence.from) {
        if ((gap & GAP.close) !== 0 && outer.length > 0) current = outer.pop()!;
        if ((gap & GAP.open) !== 0) {
          if (outer.length < 3) outer.push(current);
          current = next++;
        } else if ((gap & GAP.clause) !== 0 && (gap & GAP.close) === 0 && !isLackAt(field, i)) {
          // "the shutdown – imposed on Monday – was lifted": two dashes are brackets.
          const end = dashed(field, i, sentence.to);
          if (closing === i && outer.length > 0) {
            current = outer.pop()!;
            closing = -1;
          } else if (closing < 0 && end > 0 && outer.length < 3) {
            outer.push(current);
            closing = end;
            current = next++;
          } else current = next++;
        } else if (
          (isSplit(field, i) && !marksTopic(field, i, current)) ||
          holdsApart(field, i, current) ||
          opensAnother(field, i, current)
        )
          current = next++;
      }
      field.prop[i] = current;
    }
  }
  return next;
}

/** "pide que bloqueen", "suspende la orden que bloqueaba": the phrase reaches over the word and holds both sides together. */
const BINDING: ReadonlySet<CueClass> = new Set<CueClass>([
  'modal',
  'order',
  'demand',
  'lift',
  'appeal',
  'must',
  'bill',
]);
const BINDING_REACH = 8;
function isSplit(field: Field, i: number): boolean {
  if (!hasCue(field, i, 'split') || isEnding(field.tokens[i]!)) return false;
  for (let k = Math.max(0, i - BINDING_REACH); k < i; k++)
    if (field.cuesAt[k]!.some((c) => c.to > i && BINDING.has(c.cls))) return false;
  return true;
}

/** "…, Benin ise X'i yasakladı": the country before the word opened the clause already. */
function marksTopic(field: Field, i: number, prop: number): boolean {
  let from = i - 1;
  while (from > 0 && field.prop[from - 1] === prop) from--;
  const place = placeAt(field, from);
  return place !== undefined && place.to === i && from > 0 && field.sentence[from - 1] === field.sentence[i];
}

/** "X and Y are back, Z still blocked": behind the comma a name with a state of its own. */
function holdsApart(field: Field, i: number, prop: number): boolean {
  if ((field.tokens[i]!.gap & GAP.comma) === 0) return false;
  const back = field.cuesIn[field.sentence[i]!]!.some(
    (c) => (c.cls === 'unblock' || c.cls === 'lift') && c.from < i && field.prop[c.from] === prop,
  );
  if (!back) return false;
  const name = field.mentions.find((m) => m.from === i) ?? field.cuesAt[i]!.find((c) => c.cls === 'social');
  if (name === undefined) return false;
  // "lifts the block on X, Y ban remains"
  const end = endOfList(field, name);
  const ban = field.cuesAt[end]?.find((c) => c.cls === 'block');
  return field.cuesAt[ban?.to ?? end]?.some((c) => c.cls === 'still') === true;
}

const HIT: ReadonlySet<CueClass> = new Set<CueClass>([
  'block',
  'restrict',
  'throttle',
  'cut',
  'shutdown',
  'unblock',
  'lift',
  'down',
]);
/** "Turkey blocks X, Russia blocks Y": behind a comma, "and" or "as" another country, which does something of its own to another. */
function opensAnother(field: Field, i: number, prop: number): boolean {
  const and = field.cuesAt[i]!.find((c) => c.cls === 'and' || c.cls === 'circumstance');
  if (and === undefined && (field.tokens[i]!.gap & GAP.comma) === 0 && !isJoinedByLetter(field.tokens[i]!))
    return false;
  const at = and?.to ?? i;
  const place = [placeAt(field, at), placeAt(field, at + 1)].find((p) => p?.kind === 'country');
  if (place === undefined) return false;
  const before = (x: Span): boolean => x.from < i && field.prop[x.from] === prop;
  const behind = (x: Span): boolean => x.from >= place.to;
  const mentions = mentionsAround(field, i);
  const acts = cuesAround(field, i).filter((c) => HIT.has(c.cls));
  if (startsAnew(field, place, before)) return true;
  const nets = cuesAround(field, i).filter((c) => c.cls === 'net');
  const ids = mentions.filter(before).map((m) => m.id);
  const another = ids.length > 0 || nets.some(before);
  return (
    another &&
    (mentions.some((m) => behind(m) && !ids.includes(m.id)) || (ids.length > 0 && nets.some(behind))) &&
    acts.some(before) &&
    acts.some(behind) &&
    field.places.some(
      (p) => p.kind === 'country' && p.code !== place.code && field.sentence[p.from] === field.sentence[i] && before(p),
    )
  );
}

/** "Ghana lifts the shutdown, Togo blocks X": a country, what it does right behind it, and one that did something before. */
function startsAnew(field: Field, place: Place, before: (x: Span) => boolean): boolean {
  const acts = (at: number): boolean => field.cuesAt[at]?.some((c) => HIT.has(c.cls)) === true;
  const thing = (c: Span): boolean => c.from > place.to && c.from - place.to <= OBJECT_REACH;
  return (
    acts(place.to) &&
    field.places.some((p) => p.kind === 'country' && p.code !== place.code && before(p) && acts(p.to)) &&
    (mentionsAround(field, place.from).some(thing) ||
      cuesAround(field, place.from).some((c) => (c.cls === 'net' || c.cls === 'social') && thing(c)))
  );
}
const OBJECT_REACH = 6;

const DASH = GAP.clause;
const NO_DASH = GAP.colon | GAP.open | GAP.close;
const ASIDE_WORDS = 12;

/** Where the second dash of a pair stands, or -1. */
function dashed(field: Field, from: number, to: number): number {
  if ((field.tokens[from]!.gap & NO_DASH) !== 0) return -1;
  for (let i = from + 1; i < Math.min(to, from + ASIDE_WORDS); i++) {
    const { gap } = field.tokens[i]!;
    if ((gap & DASH) !== 0) return (gap & NO_DASH) === 0 ? i : -1;
  }
  return -1;
}
