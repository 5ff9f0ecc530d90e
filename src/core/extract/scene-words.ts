import { type Cue, cueAfter, cueBefore, type Field, otherActBetween, type Place, REACH } from './field.ts';
import type { CueClass } from './rules/classes.ts';
import { GAP } from './text/tokens.ts';

/** What the words around a place say of it. */

/** "near", "about" before the place. "After Australia, Malaysia …": the word is of the name before the comma. */
export function asideOf(field: Field, { from }: Place): Cue | null {
  const near = cueBefore(field, from, REACH.beside, 'notloc');
  const taken =
    near !== null && near.to < from && ((field.tokens[from]!.gap & GAP.comma) !== 0 || isNamed(field, near.to));
  return taken || (near !== null && joinsClauses(field, near)) ? null : near;
}

/** "тогда как": a word of what parts two clauses. */
const joinsClauses = (field: Field, { from, to }: Cue): boolean =>
  [from - 1, from - 2].some((i) => field.cuesAt[i]?.some((c) => c.cls === 'split' && c.to >= to) === true);

/** What says "no scene" stands nearer than what says "in". */
export function isAsideOnly({ field, place }: { field: Field; place: Place }): boolean {
  const aside = asideOf(field, place);
  if (aside === null) return false;
  const inside = cueBefore(field, place.from, REACH.near, 'loc');
  return inside === null || aside.to >= inside.to;
}

/** "ભારત સરકારે … ચાઈનીઝ": the government before the adjective is that of the country before it. */
export function hasOwnAuthorityBefore({ field, place }: { field: Field; place: Place }): boolean {
  const before = cueBefore(field, place.from, REACH.beside, ['auth', 'court']);
  return before !== null && !field.places.some((p) => p !== place && p.to === before.from);
}

export const hasPossessive = ({ field, place: { to } }: { field: Field; place: Place }): boolean =>
  field.tokens[to]?.w === 's' && field.tokens[to]!.gap === GAP.none;

/** "China's app" */
export const ownsThing = (at: { field: Field; place: Place }): boolean =>
  hasPossessive(at) && cueAfter(at.field, at.place.to + 1, REACH.near, ['ownable', 'outlet']) !== null;

export function cameBefore({ field, place: { from, to, kind } }: { field: Field; place: Place }): boolean {
  const next = field.tokens[to];
  const ends = next === undefined || (next.gap & (GAP.comma | GAP.clause | GAP.sentence)) !== 0;
  const after = ends && kind === 'country' ? cueBefore(field, from, REACH.touching, 'after') : null;
  return after !== null && (from > 2 || (next !== undefined && (next.gap & GAP.comma) !== 0 && after.from === 0));
}

/** What follows initials that stand for a state, not for whose a thing is. */
export const MEASURES = [
  'auth',
  'court',
  'block',
  'restrict',
  'shutdown',
  'age',
  'cut',
  'throttle',
  'appstore',
] as const;

/** "Peru's national communications authority": many countries have one of that name, and the one named with it is meant. */
export const isNamedsake = (field: Field, authority: Place): boolean =>
  authority.to - authority.from >= NAME_OF_WORDS &&
  field.places.some((p) => p.kind !== 'authority' && p.code !== authority.code && belongsTo(field, authority, p));

/** "Peru's …", "Peruvian …", "… of Peru", "autoridad nacional … de Perú". */
function belongsTo(field: Field, authority: Place, owner: Place): boolean {
  if (owner.kind === 'city' || Math.abs(owner.from - authority.from) > NAME_REACH) return false;
  if (owner.to <= authority.from) {
    const between = authority.from - owner.to;
    const ending = field.tokens[owner.to]!;
    return between === 0
      ? field.tokens[authority.from]!.gap === GAP.space
      : between === 1 && ending.w === 's' && ending.gap === GAP.none;
  }
  return owner.from - authority.to === 1 && cueBefore(field, owner.from, REACH.touching, 'notloc') !== null;
}
/** A name of one word is of one country only. */
const NAME_OF_WORDS = 2;
const NAME_REACH = 10;

/** "Після Росії Туреччина …": the word has its country already. */
const isNamed = (field: Field, at: number): boolean => field.places.some((p) => p.from === at && p.kind !== 'demonym');

/** "US", "U.S." */
export const isInitials = (field: Field, { from, to }: Place): boolean =>
  to - from <= 2 && field.tokens.slice(from, to).every((t) => t.caps && (to - from === 1 || t.w.length === 1));

export const titleInCapitals = (field: Field): boolean => field.tokens.every((t) => t.caps || t.w.length < 4);

export function isDateline(field: Field, place: Place): boolean {
  if (field.name === 'title' || place.from > 2 || place.kind === 'authority' || place.kind === 'demonym') return false;
  const first = field.tokens[place.from]!;
  const next = field.tokens[place.to];
  if (next === undefined) return false;
  if (opensDateline(field, place)) return true;
  if (place.from > 1) return false;
  const dash = (next.gap & GAP.clause) !== 0 && (next.gap & GAP.colon) === 0;
  if (dash && (place.kind === 'city' || first.caps)) return true;
  return first.caps && (next.gap & (GAP.comma | GAP.clause)) !== 0;
}

/** "Lagos, Nigeria (CNN) …", "Kenya, January 10 2026 - …": nothing but places and a date before the bracket or the dash. */
function opensDateline(field: Field, place: Place): boolean {
  const next = field.places.find((p) => p.from === place.to);
  let i = next?.to ?? place.to;
  if (place.from > 0 && !field.places.some((p) => p.from === 0 && p.to === place.from)) return false;
  const comma = (field.tokens[place.to]!.gap & GAP.comma) !== 0 || place.from > 0;
  if (!comma) return false;
  const begin = i;
  while (
    i < begin + 3 &&
    (/^\d+$/u.test(field.tokens[i]?.w ?? '') || field.cuesAt[i]?.some((c) => c.cls === 'month') === true)
  )
    i++;
  const gap = field.tokens[i]?.gap ?? 0;
  const dash = (gap & GAP.clause) !== 0 && (gap & GAP.colon) === 0;
  const bracket =
    (gap & GAP.open) !== 0 && (((field.tokens[i + 1]?.gap ?? 0) | (field.tokens[i + 2]?.gap ?? 0)) & GAP.close) !== 0;
  return bracket || (dash && i > begin);
}

/** "users in Kazakhstan feel it as well": nothing happens between the word and the place nearest to it. */
export function isFelt({ field, place }: { field: Field; place: Place }): boolean {
  const felt = cueAfter(field, place.to, FELT_REACH, 'felt') ?? cueBefore(field, place.from, REACH.phrase, 'felt');
  if (felt === null) return false;
  // "also hits users in Lithuania": the word is of the place behind it.
  const behind = field.places.some((p) => p.from >= felt.to && p.from - felt.to <= REACH.close);
  if (behind && felt.from >= place.to) return false;
  const [from, to] = felt.from >= place.to ? [place.to, felt.from] : [felt.to, place.from];
  return !otherActBetween(field, from, to) && !field.places.some((p) => p.from >= from && p.to <= to);
}
const FELT_REACH = 6;

/** How surely a named place is where access changes, and where a rule about it looks. */

export const HEADING = 4;
export const SURE = 3;
export const PLAIN = 2;
export const HINT = 1;
export const WEAK = 0;
export const NOT = -1;
/** A city tells more than an adjective and less than a country. */
export const OF_CITY = HINT + 0.5;

/** A place where it is named. */
export interface Naming {
  field: Field;
  place: Place;
}

export const after = ({ field, place }: Naming, reach: number, cls: CueClass | readonly CueClass[]): boolean =>
  cueAfter(field, place.to, reach, cls) !== null;
export const before = ({ field, place }: Naming, reach: number, cls: CueClass | readonly CueClass[]): boolean =>
  cueBefore(field, place.from, reach, cls) !== null;
