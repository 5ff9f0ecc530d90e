import { type Classes, type Cue, type Field, type Place, REACH } from '../field.ts';
import { GAP } from '../text/tokens.ts';
import { type Conditions, firstOf, table } from './table.ts';

/** How surely a named place is where access changes. */

export const HEADING = 4;
export const SURE = 3;
export const PLAIN = 2;
export const HINT = 1;
export const WEAK = 0;
export const NOT = -1;
/** A city tells more than an adjective and less than a country. */
const OF_CITY = HINT + 0.5;

/** A place where it is named. */
interface Naming {
  field: Field;
  place: Place;
}

const SCORES = { heading: HEADING, sure: SURE, plain: PLAIN, weak: WEAK, not: NOT };

export function scoreOf(field: Field, place: Place): number {
  const at: Naming = { field, place };
  const plain = firstOf(SCENE, at, field, place);
  if (plain !== null) return plain.effect;
  return place.kind === 'demonym'
    ? (firstOf(DEMONYM, at, field, place)?.effect ?? HINT)
    : (firstOf(NAMED, at, field, place)?.effect ?? OF_CITY);
}

const SCENE_ROWS: Conditions<'scene', Naming> = {
  dateline: ({ field, place }) => isDateline(field, place),
  authority: ({ place }) => place.kind === 'authority',
  owner: (at) => after(at, 'owned') || before(at, 'ownedby'),
  // "several Russian regions"
  area: (at) => at.place.kind === 'demonym' && after(at, 'area'),
  // "New Caledonia: France lifts …": the heading is the scene.
  heading: ({ field, place }) =>
    place.kind === 'country' && field.name === 'title' && place.from === 0 && field.gapAt(place.to, GAP.colon),
  // "Türkiyədə", "भारत में": languages that say "in" behind the name.
  'in-behind': (at) => at.place.kind !== 'demonym' && (at.place.at || after(at, 'locafter')),
};
export const SCENE = table('scene', SCENE_ROWS, SCORES);

const NAMED_ROWS: Conditions<'named', Naming> = {
  aside: isAsideOnly,
  in: (at) => before(at, 'loc', REACH.near),
  named: ({ place }) => place.kind !== 'city',
  // "Moscow labels …": at the head of a title a city acts for its country.
  'capital-acts': ({ field, place }) =>
    field.name === 'title' && (place.from <= 1 || field.gapAt(place.from, GAP.colon)),
};
export const NAMED = table('named', NAMED_ROWS, SCORES);

/** Adjectives of countries: whose thing it is, or where it happens. */

const DEMONYM_ROWS: Conditions<'demonym', Naming> = {
  'its-authority': (at) => after(at, ['auth', 'court'], REACH.near) || hasOwnAuthorityBefore(at),
  'its-product': (at) => after(at, ['ownable', 'outlet'], REACH.near) || before(at, ['ownable', 'outlet']),
};
export const DEMONYM = table('demonym', DEMONYM_ROWS, SCORES);

/** What the words around a place say of it. */

/** "near", "about" before the place. "After Australia, Malaysia …": the word is of the name before the comma. */
function asideOf(field: Field, { from }: Place): Cue | null {
  const near = field.cueBefore(from, 'notloc', REACH.beside);
  const taken = near !== null && near.to < from && (field.gapAt(from, GAP.comma) || isNamed(field, near.to));
  return taken || (near !== null && joinsClauses(field, near)) ? null : near;
}

/** "тогда как": a word of what parts two clauses. */
const joinsClauses = (field: Field, { from, to }: Cue): boolean =>
  [from - 1, from - 2].some((i) => field.cuesAt[i]?.some((c) => c.cls === 'split' && c.to >= to) === true);

/** What says "no scene" stands nearer than what says "in". */
function isAsideOnly({ field, place }: Naming): boolean {
  const aside = asideOf(field, place);
  if (aside === null) return false;
  const inside = field.cueBefore(place.from, 'loc', REACH.near);
  return inside === null || aside.to >= inside.to;
}

/** "ભારત સરકારે … ચાઈનીઝ": the government before the adjective is that of the country before it. */
function hasOwnAuthorityBefore({ field, place }: Naming): boolean {
  const before = field.cueBefore(place.from, ['auth', 'court'], REACH.beside);
  return before !== null && !field.places.some((p) => p !== place && p.to === before.from);
}

/** "Після Росії Туреччина …": the word has its country already. */
const isNamed = (field: Field, at: number): boolean => field.places.some((p) => p.from === at && p.kind !== 'demonym');

function isDateline(field: Field, place: Place): boolean {
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
  const comma = field.gapAt(place.to, GAP.comma) || place.from > 0;
  if (!comma) return false;
  const begin = i;
  while (i < begin + 3 && (/^\d+$/u.test(field.tokens[i]?.w ?? '') || field.hasCue(i, 'month'))) i++;
  const gap = field.tokens[i]?.gap ?? 0;
  const dash = (gap & GAP.clause) !== 0 && (gap & GAP.colon) === 0;
  const bracket =
    (gap & GAP.open) !== 0 && (((field.tokens[i + 1]?.gap ?? 0) | (field.tokens[i + 2]?.gap ?? 0)) & GAP.close) !== 0;
  return bracket || (dash && i > begin);
}

const after = ({ field, place }: Naming, cls: Classes, reach?: number): boolean => field.hasAfter(place.to, cls, reach);
const before = ({ field, place }: Naming, cls: Classes, reach?: number): boolean =>
  field.hasBefore(place.from, cls, reach);
