import { type Classes, type Cue, type Field, type Place, REACH } from '../field.ts';
import { GAP } from '../text/tokens.ts';
import { classSet } from './classes.ts';
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
  namesake: ({ field, place }) => place.kind === 'authority' && isNamedsake(field, place),
  'authority-aside': (at) => at.place.kind === 'authority' && after(at, 'notlocafter'),
  authority: ({ place }) => place.kind === 'authority',
  owner: (at) => after(at, 'owned') || before(at, 'ownedby'),
  // "Blocked in Russia, users in Kazakhstan feel it, too": who only meets it.
  felt: isFelt,
  // "several Russian regions"
  area: (at) => at.place.kind === 'demonym' && after(at, 'area'),
  // "New Caledonia: France lifts …": the heading is the scene.
  heading: ({ field, place }) =>
    place.kind === 'country' && field.name === 'title' && place.from === 0 && field.gapAt(place.to, GAP.colon),
  // "Türkiyədə", "भारत में": languages that say "in" behind the name.
  'in-behind': (at) => at.place.kind !== 'demonym' && (at.place.at || after(at, 'locafter')),
  // "US criticises Turkey's ban": who only speaks of it.
  reacts: (at) => at.field.name === 'title' && after(at, 'reacts'),
};
export const SCENE = table('scene', SCENE_ROWS, SCORES);

const NAMED_ROWS: Conditions<'named', Naming> = {
  // Without spaces between: "中国应用", an app from China.
  'glued-product': (at) =>
    at.place.kind === 'country' &&
    at.place.from > 0 &&
    at.field.tokens[at.place.to]?.gap === GAP.none &&
    after(at, 'ownable'),
  // "US – The Times" at the end of a title: the paper is no "US paper".
  outlet: (at) => after(at, 'outlet') && !at.field.gapAt(at.place.to, GAP.clause),
  // "the US messaging platform": initials before a noun say whose it is, unless an authority or a measure follows.
  initials: (at) =>
    at.place.kind === 'country' &&
    isInitials(at.field, at.place) &&
    !titleInCapitals(at.field) &&
    at.field.tokens[at.place.to]?.gap === GAP.space &&
    after(at, 'ownable', REACH.beside) &&
    !after(at, MEASURES, REACH.close),
  'possessive-authority': (at) => ownsThing(at) && at.field.hasAfter(at.place.to + 1, 'auth', REACH.close),
  // "Australia's social media ban": the measure is the country's, not the platform.
  'possessive-measure': (at) =>
    ownsThing(at) && at.field.hasAfter(at.place.to + 1, ['block', 'restrict', 'shutdown', 'age'], REACH.close),
  possessive: ownsThing,
  // "bans China's TikTok": whose it is.
  'owner-of-target': (at) =>
    hasPossessive(at) &&
    at.field.mentions.some((m) => m.from === at.place.to + 1) &&
    before(at, ['block', 'restrict', 'cut', 'throttle', 'shutdown'], REACH.beside),
  // "el gobierno de Cuba", "le régulateur du Togo": whose authority it is.
  'authority-of': ({ field, place }) => {
    const aside = asideOf(field, place);
    return aside !== null && aside.to === place.from && field.hasBefore(aside.from, ['auth', 'court']);
  },
  // "blocks Discord after Russia": who came first.
  'came-first': cameBefore,
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
  'its-store': (at) => after(at, 'appstore'),
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

const hasPossessive = ({ field, place: { to } }: Naming): boolean =>
  field.tokens[to]?.w === 's' && field.tokens[to]!.gap === GAP.none;

/** "China's app" */
function ownsThing(at: Naming): boolean {
  return hasPossessive(at) && at.field.hasAfter(at.place.to + 1, ['ownable', 'outlet'], REACH.near);
}

function cameBefore({ field, place: { from, to, kind } }: Naming): boolean {
  const next = field.tokens[to];
  const ends = next === undefined || (next.gap & (GAP.comma | GAP.clause | GAP.sentence)) !== 0;
  const after = ends && kind === 'country' ? field.cueBefore(from, 'after') : null;
  return after !== null && (from > 2 || (next !== undefined && (next.gap & GAP.comma) !== 0 && after.from === 0));
}

/** What follows initials that stand for a state, not for whose a thing is. */
const MEASURES = classSet('measures');

/** "Peru's national communications authority": many countries have one of that name, and the one named with it is meant. */
const isNamedsake = (field: Field, authority: Place): boolean =>
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
  return owner.from - authority.to === 1 && field.hasBefore(owner.from, 'notloc');
}
/** A name of one word is of one country only. */
const NAME_OF_WORDS = 2;
const NAME_REACH = 10;

/** "Після Росії Туреччина …": the word has its country already. */
const isNamed = (field: Field, at: number): boolean => field.places.some((p) => p.from === at && p.kind !== 'demonym');

/** "US", "U.S." */
const isInitials = (field: Field, { from, to }: Place): boolean =>
  to - from <= 2 && field.tokens.slice(from, to).every((t) => t.caps && (to - from === 1 || t.w.length === 1));

const titleInCapitals = (field: Field): boolean => field.tokens.every((t) => t.caps || t.w.length < 4);

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

/** "users in Kazakhstan feel it as well": nothing happens between the word and the place nearest to it. */
function isFelt({ field, place }: Naming): boolean {
  const felt = field.cueAfter(place.to, 'felt', FELT_REACH) ?? field.cueBefore(place.from, 'felt', REACH.phrase);
  if (felt === null) return false;
  // "also hits users in Lithuania": the word is of the place behind it.
  const behind = field.places.some((p) => p.from >= felt.to && p.from - felt.to <= REACH.close);
  if (behind && felt.from >= place.to) return false;
  const [from, to] = felt.from >= place.to ? [place.to, felt.from] : [felt.to, place.from];
  return !field.otherActBetween(from, to) && !field.places.some((p) => p.from >= from && p.to <= to);
}
const FELT_REACH = 6;

const after = ({ field, place }: Naming, cls: Classes, reach?: number): boolean => field.hasAfter(place.to, cls, reach);
const before = ({ field, place }: Naming, cls: Classes, reach?: number): boolean =>
  field.hasBefore(place.from, cls, reach);
