/** Whether an act has a subject that does it by itself: a platform that blocks accounts is not blocked. */
import { REACH } from './distances.ts';
import type { Cue, Field } from './read.ts';
import { cueAfter, cueBefore, cuesAround, mentionsAround } from './read.ts';
import { GAP, isEnding } from './tokens.ts';

const SUBJECTS = new Set(['access', 'auth', 'court', 'order', 'on', 'loc', 'neg', 'means', 'inf']);

/** "a ban on Facebook by Meta", "blocked by WhatsApp": behind "by" stands who does it. */
function agentOf(field: Field, act: Cue): string | null {
  if (act.cls === 'unblock' || act.cls === 'legal') return null;
  for (const by of cuesAround(field, act.from)) {
    if (
      by.cls !== 'byagent' ||
      by.from < act.to ||
      by.from - act.to > REACH.phrase ||
      isOfOwner(field, by) ||
      field.prop[by.from] !== field.prop[act.from]
    )
      continue;
    if (field.cuesAt[by.to]?.some((c) => c.cls === 'owner') === true) return 'its owner';
    const service = mentionsAround(field, act.from).find((m) => m.from === by.to && m.category !== 'media');
    if (service !== undefined) return service.id;
  }
  return null;
}

/** "owned by Google": nobody does anything. */
const isOfOwner = (field: Field, by: Cue): boolean =>
  cuesAround(field, by.from).some(
    (c) => (c.cls === 'parentof' || c.cls === 'ownedby') && c.from < by.from && c.to >= by.to,
  );

/** A service or its owner right before an active verb does it itself: "Google blocks ads". */
export function actor(field: Field, act: Cue): string | null {
  const to = act.cls === 'unblock' ? null : cueBefore(field, act.from, REACH.touching, 'inf');
  if (to !== null && field.tokens[to.to - 1]!.w !== 'be') {
    const asked = mentionsAround(field, act.from).find((m) => m.to === to.from && m.category !== 'media');
    if (asked !== undefined) return asked.id;
  }
  const agent = agentOf(field, act);
  if (agent !== null) return agent;
  // "WhatsApp has begun to block users": little words may stand between.
  const begin = cueBefore(field, act.from, REACH.touching, 'begin');
  const active = cuesAround(field, act.from).find((c) => c.cls === 'active' && c.from <= act.from && c.to >= act.from);
  if (active === undefined && begin === null) return null;
  const owner = cueBefore(field, act.from, REACH.beside, 'owner');
  const { gap } = field.tokens[act.from]!;
  if (owner !== null && (gap === GAP.space || gap === GAP.none)) return 'its owner';
  const verb = firstVerb(field, begin?.from ?? active!.from);
  const service = mentionsAround(field, act.from).find((m) => m.to === verb && m.category !== 'media');
  if (service === undefined || (field.tokens[verb]!.gap & (GAP.comma | GAP.clause)) !== 0) return null;
  // Only at the head of its clause: "den Zugang zu Twitter blockiert" has another subject; "the image host Imgur" has not.
  const prop = field.prop[act.from];
  // "Rusya YouTube'u engelledi": a country opens the clause, and it is the one that acts.
  if (field.places.some((p) => p.to === service.from && p.kind === 'country' && field.prop[p.from - 1] !== prop))
    return null;
  if (field.prop[service.from - 3] !== prop) return service.id;
  let head = service.from;
  // "As the agency says, X has limited …": what is said begins behind the comma.
  if ((field.tokens[service.from]!.gap & GAP.comma) !== 0 && isSaid(field, service.from)) return service.id;
  while (head > 0 && field.prop[head - 1] === prop && service.from - head < 5) head--;
  const other = field.cues.some((c) => c.from >= head && c.to <= service.from && SUBJECTS.has(c.cls));
  const place = field.places.some((q) => q.from >= head && q.to <= service.from);
  return field.prop[head - 1] === prop || other || place ? null : service.id;
}

/** The clause before it only tells who says so. */
const isSaid = (field: Field, at: number): boolean => {
  const { from } = field.sentences[field.sentence[at]!]!;
  return cuesAround(field, at).some((c) => c.cls === 'acc' && c.from - from <= REACH.beside && c.to <= at);
};

/** "removed or blocked a number of channels": the subject stands before the first of verbs that are joined. */
function firstVerb(field: Field, verb: number): number {
  const and = cueBefore(field, verb, REACH.touching, 'and');
  const before = and === null ? null : cueBefore(field, and.from, REACH.touching, 'active');
  return before?.from ?? verb;
}

/** Whose words make it the state's doing. */
const OF_STATE = new Set(['court', 'order']);
const NOT_OPEN = GAP.open | GAP.quote;

/**
 * Where the verb comes last, who acts stands at the head: a bare name ("Twitter, … hesapları kapattı"),
 * neither in the case of an object nor before the word that marks one, and an active verb behind it.
 */
export function headSubject(field: Field, act: Cue): string | null {
  if (act.cls === 'unblock') return null;
  const around = cuesAround(field, act.from);
  if (!around.some((c) => c.cls === 'active' && c.from <= act.from && c.to >= act.to - 1 && c.to > act.from))
    return null;
  const { from } = field.sentences[field.sentence[act.from]!]!;
  const name = mentionsAround(field, act.from).find((m) => m.from === from && m.category !== 'media');
  if (name === undefined || name.to >= act.from || field.prop[name.from] !== field.prop[act.from]) return null;
  const next = field.tokens[name.to]!;
  if (
    isEnding(next) ||
    (next.gap & NOT_OPEN) !== 0 ||
    cueAfter(field, name.to, REACH.touching, ['objmark', 'and']) !== null
  )
    return null;
  // "X … by order of the court": the state's doing all the same.
  if (around.some((c) => OF_STATE.has(c.cls) && c.to <= act.from)) return null;
  return name.id;
}
