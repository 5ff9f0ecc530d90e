/** Where things happen: each place of a field gets a score, and lists of places share it. */
import { REACH } from './distances.ts';
import type { Cue, Field, Place } from './read.ts';
import { clauseOf, cueBefore } from './read.ts';
import { cameFirstOfAll } from './scene-lists.ts';
import { scoreOf } from './scene-rules.ts';
import { HINT, NOT, PLAIN, SURE, WEAK } from './scene-scores.ts';
import { isAct } from './scope.ts';
import { GAP, perWord } from './tokens.ts';

/** "After Australia, …": tokens that may stand before a name which only opens the sentence. */
const OPENING = 2;

/** Gives every place of a field its score: datelines, owners and outlets are no scene, "in X" and its authorities are. */
export function scorePlaces(field: Field): void {
  for (const place of field.places) place.score = scoreOf(field, place);
  for (const place of field.places)
    if (isCircumstance(field, place) || cameFirst(field, place)) place.score = Math.min(place.score, WEAK);
  for (const [i, place] of field.places.entries()) {
    // "Rusya ve Türkiye'de": the ending of the last is that of all in the list.
    const before = place.at ? field.places[i - 1] : undefined;
    if (before?.kind === 'country' && isListed(field, before, place))
      before.score = Math.max(before.score, place.score);
  }
  const first = cameFirstOfAll(field);
  for (const place of field.places) {
    if (first.has(place)) place.score = Math.min(place.score, WEAK);
    else if (place.score >= PLAIN) lift(field, place);
    else if (place.score === WEAK) lower(field, place);
  }
}

/** "X bans Y over an article about Z", "cut in X as Z attacks": behind the act a word that opens its circumstances, and a scene named before. */
function isCircumstance(field: Field, { from, code, score }: Place): boolean {
  if (score < HINT) return false;
  const sentence = field.sentence[from];
  for (const cue of field.cuesIn[sentence!]!) {
    if (cue.cls !== 'circumstance' || cue.to > from) continue;
    const act = field.cuesIn[sentence!]!.find((c) => isAct(c) && c.to <= cue.from);
    if (act === undefined || hasActBetween(field, cue.to, from) || tellsOfItsOwn(field, from, act)) continue;
    const scene = field.places.some(
      (p) => p.score >= PLAIN && p.to <= cue.from && field.sentence[p.from] === sentence && p.code !== code,
    );
    if (scene && !field.places.some((p) => p.code === code && p.to <= cue.from && p.score >= HINT))
      return !DEPENDENT.has(code);
  }
  return false;
}
/** "… while Jordan blocks X", "… while Gabon enacts an internet blackout": a clause in which something happens to a name, or to the network of the country that opens it, is news of its own. */
function tellsOfItsOwn(field: Field, from: number, act: Cue): boolean {
  const { cues, mentions } = clauseOf(field, from);
  if (field.prop[act.from] === field.prop[from]) return false;
  if (mentions.some((m) => m.from > from && cues.some((c) => isAct(c) && c.from > from && c.to <= m.from))) return true;
  return (
    cues.every((c) => c.from > from || !isAct(c)) &&
    cues.some((c) => c.from > from && (c.cls === 'shutdown' || c.cls === 'cut' || c.cls === 'unblock')) &&
    cues.some((c) => c.from > from && (c.cls === 'net' || c.cls === 'shutdown'))
  );
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

/** "in Iran and Iraq", "Algeria, Iraq": what stands beside a scene in a list is one. */
function lift(field: Field, place: Place): void {
  const at = field.places.indexOf(place);
  const next = field.places[at + 1];
  if (next === undefined || next.from - place.to > REACH.beside || next.score < WEAK || next.score >= place.score)
    return;
  if (next.kind === 'demonym') return;
  if (isListed(field, place, next)) next.score = place.score;
}

/** "joins India and Nepal": what stands beside one that is no scene is none either. But "After Australia, Malaysia plans …". */
function lower(field: Field, place: Place): void {
  const { gap } = field.tokens[place.to] ?? { gap: 0 };
  const aside = cueBefore(field, place.from, REACH.touching, 'notloc');
  if ((aside?.from ?? place.from) <= OPENING && (gap & GAP.comma) !== 0) return;
  const next = field.places[field.places.indexOf(place) + 1];
  const open = next !== undefined && (next.score === PLAIN || (next.score === SURE && !next.at));
  if (open && next.kind !== 'authority' && isListed(field, place, next)) next.score = WEAK;
}

/** Nothing but a comma or "and" between two places. */
export function isListed(field: Field, place: Place, next: Place): boolean {
  const { gap } = field.tokens[next.from]!;
  return next.from - place.to === 1
    ? cueBefore(field, next.from, REACH.touching, 'and') !== null
    : next.from === place.to && (gap & GAP.comma) !== 0;
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
