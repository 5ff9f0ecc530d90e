import type { Field, Place } from './read.ts';
import { cueAfter, cueBefore } from './read.ts';
import { isAct } from './scope.ts';
import { GAP, perWord } from './tokens.ts';

/** How surely a named place is where access changes. */
export const HEADING = 4;
export const SURE = 3;
export const PLAIN = 2;
export const HINT = 1;
export const WEAK = 0;
export const NOT = -1;
/** "After Australia, …": tokens that may stand before a name which only opens the sentence. */
const OPENING = 2;

/** Gives every place of a field its score: datelines, owners and outlets are no scene, "in X" and its authorities are. */
export function scorePlaces(field: Field): void {
  const authorities = field.places.filter((p) => p.kind === 'authority' && p.to - p.from >= NAME_OF_WORDS);
  for (const place of field.places) place.score = scoreOf(field, place, authorities);
  for (const place of field.places)
    if (isCircumstance(field, place) || cameFirst(field, place)) place.score = Math.min(place.score, WEAK);
  for (const [i, place] of field.places.entries()) {
    // "Rusya ve Türkiye'de": the ending of the last is that of all in the list.
    const before = place.at ? field.places[i - 1] : undefined;
    if (before?.kind === 'country' && isListed(field, before, place))
      before.score = Math.max(before.score, place.score);
  }
  for (const place of field.places) {
    if (place.score >= PLAIN) lift(field, place);
    else if (place.score === WEAK) lower(field, place);
  }
}

function scoreOf(field: Field, place: Place, authorities: readonly Place[]): number {
  if (isDateline(field, place)) return place.kind === 'country' ? HINT : NOT;
  if (place.kind === 'authority') {
    if (isNamedsake(field, place)) return NOT;
    return cueAfter(field, place.to, 0, 'notlocafter') === null ? SURE : WEAK;
  }
  if (authorities.some((p) => p.code !== place.code && belongsTo(field, p, place))) return SURE;
  const { from, to } = place;
  if (cueAfter(field, to, 0, 'owned') !== null || cueBefore(field, from, 0, 'ownedby') !== null) return NOT;
  // "Israel-Iran war"
  const twin = field.places.find((p) => p.from === to && field.tokens[to]!.gap === GAP.none);
  if (twin !== undefined && cueAfter(field, twin.to, 0, 'notlocafter') !== null) return WEAK;
  // "several Russian regions"
  if (place.kind === 'demonym' && cueAfter(field, to, 0, 'area') !== null) return SURE;
  // "New Caledonia: France lifts …": the heading is the scene.
  if (
    place.kind === 'country' &&
    field.name === 'title' &&
    from === 0 &&
    ((field.tokens[to]?.gap ?? 0) & GAP.colon) !== 0
  )
    return HEADING;
  const near = cueBefore(field, from, 1, 'notloc');
  // "After Australia, Malaysia …": the word is of the name before the comma.
  const taken =
    near !== null && near.to < from && ((field.tokens[from]!.gap & GAP.comma) !== 0 || isNamed(field, near.to));
  const aside = taken ? null : near;
  const inside = cueBefore(field, from, 2, 'loc');
  // "Türkiyədə", "भारत में": languages that say "in" behind the name.
  if (place.kind !== 'demonym') {
    if (place.at || cueAfter(field, to, 0, 'locafter') !== null) return SURE;
    if (cueAfter(field, to, 0, 'notlocafter') !== null) return WEAK;
  }
  // "US criticises Turkey's ban": who only speaks of it.
  if (field.name === 'title' && cueAfter(field, to, 0, 'reacts') !== null) return WEAK;
  if (place.kind === 'demonym') {
    // "Russian state media": the state there is no authority.
    const whose = field.cuesAt[to]?.find((c) => c.cls === 'ownable' || c.cls === 'outlet');
    if (whose !== undefined && whose.to - whose.from > 1 && cueAfter(field, whose.to, 0, ['auth', 'court']) === null)
      return NOT;
    const before = cueBefore(field, from, 1, ['auth', 'court']);
    // "ભારત સરકારે … ચાઈનીઝ": the government before the adjective is that of the country before it.
    const taken = before !== null && field.places.some((p) => p !== place && p.to === before.from);
    if (cueAfter(field, to, 2, ['auth', 'court']) !== null || (before !== null && !taken)) return SURE;
    if (cueAfter(field, to, 0, 'appstore') !== null) return PLAIN;
    if (cueAfter(field, to, 1, 'people') !== null || cueBefore(field, from, 0, 'people') !== null) return PLAIN;
    if (
      cueAfter(field, to, 2, ['ownable', 'outlet']) !== null ||
      cueBefore(field, from, 0, ['ownable', 'outlet']) !== null
    )
      return NOT;
    // "near the Syrian border": what stands beside the scene.
    return aside !== null && (inside === null || aside.to >= inside.to) ? WEAK : HINT;
  }
  // Without spaces between: "中国应用", an app from China.
  if (
    place.kind === 'country' &&
    from > 0 &&
    field.tokens[to]?.gap === GAP.none &&
    cueAfter(field, to, 0, 'ownable') !== null
  )
    return NOT;
  // "US – The Times" at the end of a title: the paper is no "US paper".
  if (cueAfter(field, to, 0, 'outlet') !== null && (field.tokens[to]!.gap & GAP.clause) === 0) return NOT;
  // "the US messaging platform": initials before a noun say whose it is, unless an authority or a measure follows.
  if (
    place.kind === 'country' &&
    isInitials(field, place) &&
    !titleInCapitals(field) &&
    field.tokens[to]?.gap === GAP.space &&
    cueAfter(field, to, 1, 'ownable') !== null &&
    cueAfter(field, to, 3, ['auth', 'court', 'block', 'restrict', 'shutdown', 'age', 'cut', 'throttle', 'appstore']) ===
      null
  )
    return NOT;
  if (
    field.tokens[to]?.w === 's' &&
    field.tokens[to]!.gap === GAP.none &&
    cueAfter(field, to + 1, 2, ['ownable', 'outlet']) !== null
  ) {
    if (cueAfter(field, to + 1, 3, 'auth') !== null) return SURE;
    // "Australia's social media ban": the measure is the country's, not the platform.
    return cueAfter(field, to + 1, 3, ['block', 'restrict', 'shutdown', 'age']) === null ? NOT : PLAIN;
  }
  // "bans China's TikTok": whose it is.
  if (
    field.tokens[to]?.w === 's' &&
    field.tokens[to]!.gap === GAP.none &&
    field.mentions.some((m) => m.from === to + 1) &&
    cueBefore(field, from, 1, ['block', 'restrict', 'cut', 'throttle', 'shutdown']) !== null
  )
    return NOT;
  // "el gobierno de Cuba", "le régulateur du Togo": whose authority it is.
  if (aside !== null && aside.to === from && cueBefore(field, aside.from, 0, ['auth', 'court']) !== null) return SURE;
  // "blocks Discord after Russia": who came first.
  const next = field.tokens[to];
  const ends = next === undefined || (next.gap & (GAP.comma | GAP.clause | GAP.sentence)) !== 0;
  const after = ends && place.kind === 'country' ? cueBefore(field, from, 0, 'after') : null;
  if (after !== null && (from > 2 || (next !== undefined && (next.gap & GAP.comma) !== 0 && after.from === 0)))
    return WEAK;
  if (aside !== null && (inside === null || aside.to >= inside.to)) return WEAK;
  if (inside !== null) return SURE;
  if (place.kind !== 'city') return PLAIN;
  // "Moscow labels …": at the head of a title a city acts for its country.
  const opens = from <= 1 || (field.tokens[from]!.gap & GAP.colon) !== 0;
  return field.name === 'title' && opens ? PLAIN : HINT + 0.5;
}

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
  return owner.from - authority.to === 1 && cueBefore(field, owner.from, 0, 'notloc') !== null;
}
/** A name of one word is of one country only. */
const NAME_OF_WORDS = 2;
const NAME_REACH = 10;

/** "X bans Y over an article about Z", "cut in X as Z attacks": behind the act a word that opens its circumstances, and a scene named before. */
function isCircumstance(field: Field, { from, code, score }: Place): boolean {
  if (score < HINT) return false;
  const sentence = field.sentence[from];
  for (const cue of field.cuesIn[sentence!]!) {
    if (cue.cls !== 'circumstance' || cue.to > from) continue;
    const act = field.cuesIn[sentence!]!.find((c) => isAct(c) && c.to <= cue.from);
    if (act === undefined || hasActBetween(field, cue.to, from)) continue;
    const scene = field.places.some(
      (p) => p.score >= PLAIN && p.to <= cue.from && field.sentence[p.from] === sentence && p.code !== code,
    );
    if (scene && !field.places.some((p) => p.code === code && p.to <= cue.from && p.score >= HINT))
      return !DEPENDENT.has(code);
  }
  return false;
}
/** "İsrail'in saldırılarının ardından İran …": languages that say "after" behind what came first, and another country goes on. */
function cameFirst(field: Field, place: Place): boolean {
  if (place.kind !== 'country' || place.at || place.score > PLAIN) return false;
  const sentence = field.sentence[place.from]!;
  const after = field.cuesIn[sentence]!.find((c) => c.cls === 'afterpost' && c.from >= place.to);
  if (after === undefined || after.from - place.to > FIRST_REACH * perWord(field.tokens[place.from]!)) return false;
  return field.places.some(
    (p) => p.from >= after.to && field.sentence[p.from] === sentence && p.code !== place.code && p.score >= PLAIN,
  );
}
const FIRST_REACH = 6;

/** Parts of a state with a code of their own. */
const RULED: Record<string, string> = { NC: 'FR', PF: 'FR', RE: 'FR', HK: 'CN', MO: 'CN', PR: 'US', GL: 'DK' };
/** Ruled from elsewhere: who acts is named first, the scene behind. */
const DEPENDENT = new Set(['EH', 'GL', 'HK', 'MO', 'NC', 'PF', 'PR', 'PS', 'RE', 'XK']);

const hasActBetween = (field: Field, from: number, to: number): boolean => {
  for (let i = from; i < to; i++)
    if (field.cuesAt[i]!.some((c) => isAct(c) && c.cls !== 'lift' && c.cls !== 'fail')) return true;
  return false;
};

/** "Після Росії Туреччина …": the word has its country already. */
const isNamed = (field: Field, at: number): boolean => field.places.some((p) => p.from === at && p.kind !== 'demonym');

/** "US", "U.S." */
const isInitials = (field: Field, { from, to }: Place): boolean =>
  to - from <= 2 && field.tokens.slice(from, to).every((t) => t.caps && (to - from === 1 || t.w.length === 1));

const titleInCapitals = (field: Field): boolean => field.tokens.every((t) => t.caps || t.w.length < 4);

/** "in Iran and Iraq", "Algeria, Iraq": what stands beside a scene in a list is one. */
function lift(field: Field, place: Place): void {
  const at = field.places.indexOf(place);
  const next = field.places[at + 1];
  if (next === undefined || next.from - place.to > 1 || next.score < WEAK || next.score >= place.score) return;
  if (next.kind === 'demonym') return;
  if (isListed(field, place, next)) next.score = place.score;
}

/** "joins India and Nepal": what stands beside one that is no scene is none either. But "After Australia, Malaysia plans …". */
function lower(field: Field, place: Place): void {
  const { gap } = field.tokens[place.to] ?? { gap: 0 };
  if (place.from <= OPENING && (gap & GAP.comma) !== 0) return;
  const next = field.places[field.places.indexOf(place) + 1];
  const open = next !== undefined && (next.score === PLAIN || (next.score === SURE && !next.at));
  if (open && next.kind !== 'authority' && isListed(field, place, next)) next.score = WEAK;
}

/** Nothing but a comma or "and" between two places. */
export function isListed(field: Field, place: Place, next: Place): boolean {
  const { gap } = field.tokens[next.from]!;
  return next.from - place.to === 1
    ? cueBefore(field, next.from, 0, 'and') !== null
    : next.from === place.to && (gap & GAP.comma) !== 0;
}

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

/** The countries of a stretch of places: the surest ones, none where only owners and datelines are named. */
export function countriesOf(places: Place[], least: number): string[] {
  const best = Math.max(NOT, ...places.map((p) => p.score));
  if (best < least) return [];
  // "Israel cuts the internet in Gaza": the scene beats the one who acts.
  const floor = best;
  const out = new Set<string>();
  for (const place of places) if (place.score >= floor) out.add(place.code);
  // "New Caledonia: the Council of State …": who rules it from afar is no scene.
  for (const code of out) {
    const ruler = RULED[code];
    if (ruler !== undefined) out.delete(ruler);
  }
  return [...out];
}
