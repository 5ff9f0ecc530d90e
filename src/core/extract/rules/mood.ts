import type { Mood } from '../fact.ts';
import {
  behindOf,
  type Cue,
  type Field,
  type Governing,
  type Habits,
  isAct,
  negatedBehind,
  REACH,
  within,
  endsBy,
} from '../field.ts';
import { GAP, perWord } from '../text/tokens.ts';
import { classSet } from './classes.ts';
import { type Conditions, firstOf, table } from './table.ts';

/** How an act stands in its sentence: one row a way to say that it is not simply so. */

/** An act, and how its language says how it stands. */
interface Posed {
  field: Field;
  act: Cue;
  habits: Habits;
  /** It is a lift, or what a lift lifts. */
  lifting: boolean;
}

export const moodOf = (at: Posed): Mood => firstOf(MOOD, at, at.field, at.act)?.effect ?? 'asserted';

const MOOD_ROWS: Conditions<'mood', Posed> = {
  negated: isNegated,
  'negated-behind': ({ field, act, habits }) => field.hasAfter(act.to, 'negpost', negatedBehind(habits)),
  denied: isDenied,
  appeal: (at) => appealOf(at) !== null,
  threatened: ({ field, act, habits }) => governs(field, act, 'threat', habits),
  condition: isConditional,
  // A court's order to restore is no restoration; the power that blocked lifts by ordering it.
  'lift-ordered': (at) => at.lifting && at.habits.judged && isBidden(at),
  asked: ({ field, act, habits }) => governs(field, act, 'ask', habits),
  planned: isPlanned,
  ordered: (at) => !at.lifting && governs(at.field, at.act, 'order', at.habits),
};
export const MOOD = table<'mood', Posed, Mood>('mood', MOOD_ROWS);

/** "The state denies it, but NetBlocks confirms the block": behind the denial, and parted from it, somebody who measures. */
function isContradicted(field: Field, denial: Cue): boolean {
  const around = field.cuesAround(denial.from);
  const but = around.find((c) => c.cls === 'split' && c.from > denial.from)?.to;
  return around.some((c) => c.cls === 'monitor' && c.from > denial.from && but !== undefined && c.from >= but);
}

/** Whether a word governs an act: stands before it with no other act between, reaches over it, or stands close behind it. */

/** Words behind an act that begin another one: "blocks X, plans a service of its own". */
const SVO = 5;
/** The act that a word behind governs follows it so soon. */
const NEXT_ACT = 5;

function governs(field: Field, act: Cue, cls: Governing, habits: Habits): boolean {
  const behind = behindOf(cls, habits);
  for (const cue of field.clauseOf(act.from).cues)
    if (
      cue.cls === cls &&
      (reachesOver(act, cue) ||
        (cue.to <= act.from ? governsAhead(field, act, cue) : governsBehind(field, act, cue, behind)))
    )
      return true;
  return false;
}

/** The phrase covers the act, begins it, stands in it or reaches into it. */
function reachesOver(act: Cue, cue: Cue): boolean {
  const { cls } = cue;
  if (cue.from <= act.from && cue.to >= act.to) return true;
  // "prohibirá el acceso": a future that the verb itself tells.
  if ((cls === 'will' || cls === 'ask') && cue.from === act.from && cue.to <= act.to) return true;
  // "access would be reopened": within a phrase of an act, too.
  if ((cls === 'will' || cls === 'modal') && act.cls !== 'down' && cue.from > act.from && cue.to < act.to) return true;
  // "asks Google to remove X": the phrase reaches into the act.
  return cue.from < act.from && cue.to > act.from && cls !== 'threat';
}

const governsAhead = (field: Field, act: Cue, cue: Cue): boolean =>
  act.from - cue.to <= REACH.governs * perWord(field.tokens[act.from]!) &&
  !field.actBetween(cue.to, act.from, field.prop[act.from]!);

function governsBehind(field: Field, act: Cue, cue: Cue, behind: number): boolean {
  const prop = field.prop[act.from]!;
  // "blocks X, plans a service of its own": another act.
  if (
    cue.cls === 'modal' &&
    !field.hasCue(act.to, 'modal') &&
    (field.gapAt(cue.from, GAP.comma) || (behind <= SVO && cue.from - act.to <= behind && startsAnew(field, act, cue)))
  )
    return false;
  return (
    cue.from >= act.to &&
    cue.from - act.to <= behind &&
    !field.actBetween(act.to, cue.from, prop) &&
    // "slows X and threatens it with a block": a phrase that holds an act of its own governs that one.
    !field.actBetween(cue.from, cue.to, prop) &&
    // "The removal may mean a block": the word governs the act that follows it, not the one before.
    !field.actBetween(cue.to, Math.min(cue.to + NEXT_ACT, field.tokens.length), prop)
  );
}

/** "blocks X, citizens are asked to": behind the comma another subject. */
function startsAnew(field: Field, act: Cue, verb: Cue): boolean {
  for (let i = act.to + 1; i < verb.from; i++)
    if (field.gapAt(i, GAP.comma) && !field.mentionsAround(i).some((m) => m.from === i)) return true;
  return false;
}

/** What the words around an act say of how it stands. */

/** "access has not been restored", where the whole is one phrase; but "opens without a VPN". */
const isNegatedWithin = (field: Field, act: Cue): boolean =>
  (act.cls === 'unblock' || act.cls === 'lift') &&
  field.sentenceHas(act.from, 'neg', (c) => c.from > act.from && c.to < act.to && !field.hasCue(c.from, 'means'));

/** "not blocked"; with free order also "does not apply new measures to restrict": the verb that is negated has the act as its object. */
function isNegated({ field, act, habits: { freeOrder } }: Posed): boolean {
  // "yasaklanmadı": languages that negate within the verb.
  if (field.sentenceHas(act.from, 'negverb', within(act.from, act.to))) return true;
  const near = field.cueBefore(act.from, 'neg', REACH.near);
  // "They are left without X: it is blocked": a negation ends with its clause.
  if (near !== null && field.sameClause(near, act) && !isOfAnother(field, near, act)) return true;
  if (isNegatedWithin(field, act)) return true;
  if (!freeOrder) return false;
  const neg = field.cueBefore(act.from, 'neg', REACH.phrase);
  if (neg === null || !field.sameClause(neg, act)) return false;
  return (
    !field.isParted(neg.to, act.from, GAP.comma | GAP.quote) &&
    !field.actBetween(neg.to, act.from, field.prop[act.from]!)
  );
}

/** "Not blocked, Kenya slows X down": an act and a comma stand between. */
function isOfAnother(field: Field, neg: Cue, act: Cue): boolean {
  const denied = field.cues.find((c) => c.from >= neg.to && c.to <= act.from && isAct(c));
  return denied !== undefined && field.isParted(denied.to, act.from);
}

function isDenied({ field, act }: Posed): boolean {
  const denial = field.inSentence(act.from, 'deny');
  return (
    denial !== null &&
    !field.hasBefore(denial.from, 'neg', REACH.near) &&
    !isElsewhere(field, act, denial) &&
    !isContradicted(field, denial) &&
    // "under the fake news law"
    !field.hasAfter(denial.to, ['other', 'bill']) &&
    // "no descarta": a plan that begins before the denial and reaches into it.
    !field.sentenceHas(act.from, 'modal', (c) => c.from < denial.from && c.to > denial.from) &&
    !field.isPrevented(denial)
  );
}

/** An appeal that the act stands under. */
function appealOf({ field, act }: Posed): Cue | null {
  const appeal = field.inSentence(act.from, 'appeal');
  return appeal !== null && !isAside(field, act, appeal) ? appeal : null;
}

/** "blocks X, to restore it if …": the condition is the later act's. */
function isConditional({ field, act, lifting }: Posed): boolean {
  const condition = field.inSentence(act.from, 'cond');
  return (
    condition !== null &&
    (lifting ||
      (field.sameClause(condition, act) && !(condition.from > act.to && liftBetween(field, act.to, condition.from))))
  );
}

function isPlanned({ field, act, habits }: Posed): boolean {
  return (
    (governs(field, act, 'bill', habits) && !field.sentenceHas(act.from, 'inforce')) ||
    governs(field, act, 'modal', habits) ||
    field.hasBefore(act.from, 'maybe', REACH.near) ||
    field.hasAfter(act.to, 'maybe', REACH.beside)
  );
}

/** "the net crawls as officials deny a slow-down": what opens the circumstances parts the act from the denial. */
const isElsewhere = (field: Field, act: Cue, denial: Cue): boolean =>
  field.sentenceHas(act.from, 'circumstance', within(act.to, denial.from));

const BIDDEN_REACH = 4;

const ENCLOSED = 6;

/** "ordered to restore X"; where the verb comes last, the order stands behind ("kaldırılmasına karar verdi") or holds the lift as a noun. */
function isBidden({ field, act, habits: { verbFinal } }: Posed): boolean {
  if (!verbFinal) {
    // "suspends the order and X is back": an order that is lifted bids nothing.
    const order = field.cuesAround(act.from).find((c) => c.cls === 'order' && !isLifted(field, c));
    if (order !== undefined && order.from < act.from) return true;
    // "hat die Aufhebung der Sperre angeordnet": where verbs enclose what they say.
    const encloses = field.sentenceHas(act.from, 'finite', endsBy(act.from));
    return encloses && order !== undefined && order.from - act.to <= ENCLOSED && field.sameClause(order, act);
  }
  const behind = field.cueAfter(act.to, 'order', BIDDEN_REACH);
  return (behind !== null && field.sameClause(behind, act)) || field.hasBefore(act.from, 'order');
}

function isLifted(field: Field, order: Cue): boolean {
  for (let i = Math.max(0, order.from - 5); i < order.from; i++)
    if (field.hasCue(i, 'lift', (c) => c.to >= order.to)) return true;
  return false;
}

/** "blocks X, urging users to move on": said beside what is done. */
const isAside = (field: Field, act: Cue, appeal: Cue): boolean => {
  if (appeal.from < act.to) return false;
  // "blocks X, US condemns the move": another who speaks.
  const place = field.places.find((p) => p.to === appeal.from);
  return field.gapAt(place?.from ?? appeal.from, GAP.comma);
};

const liftBetween = (field: Field, from: number, to: number): boolean =>
  field.sentenceHas(from, ['unblock', 'lift'], within(from, to));

/** Whether an act is only to come. */

/** "will be blocked": planned, unless something ordered it already. */
export const isFuture = (field: Field, act: Cue, habits: Habits): boolean =>
  (governs(field, act, 'will', habits) && !isPresentPassive(field, act)) || isInfinitive(field, act);

/** "In Ghana werden X und Y blockiert": where the word of the future makes the passive, too, and no day ahead is named. */
function isPresentPassive(field: Field, act: Cue): boolean {
  if (!field.hasCue(act.from, 'participle', (c) => c.to >= act.to)) return false;
  const around = field.clauseOf(act.from).cues;
  return around.some((c) => c.cls === 'passive' && c.to <= act.from) && !around.some((c) => c.cls === 'soon');
}

/** "Australia to ban X": a headline's future, when who acts stands right before it. */
function isInfinitive(field: Field, act: Cue): boolean {
  const to = field.cueBefore(act.from, 'inf');
  if (to === null || field.name !== 'title') return false;
  // "the latest state to ban": it has.
  if (field.sentenceHas(act.from, 'latest', (c) => c.to === to.to)) return false;
  return (
    field.hasBefore(to.from, ['auth', 'people', 'social', 'net']) ||
    field.places.some((p) => p.to === to.from) ||
    field.mentionsAround(act.from).some((m) => m.to === to.from)
  );
}

/** Whether an act has a subject that does it by itself: a platform that blocks accounts is not blocked. */

const SUBJECTS = classSet('subjects');

/** A service or its owner right before an active verb does it itself: "Google blocks ads". */
export function actor(field: Field, act: Cue): string | null {
  const to = act.cls === 'unblock' ? null : field.cueBefore(act.from, 'inf');
  if (to !== null && field.tokens[to.to - 1]!.w !== 'be') {
    const asked = field.mentionsAround(act.from).find((m) => m.to === to.from && m.category !== 'media');
    if (asked !== undefined) return asked.id;
  }
  // "WhatsApp has begun to block users": little words may stand between.
  const begin = field.cueBefore(act.from, 'begin');
  const active = field.cuesAround(act.from).find((c) => c.cls === 'active' && c.from <= act.from && c.to >= act.from);
  if (active === undefined && begin === null) return null;
  const owner = field.cueBefore(act.from, 'owner', REACH.beside);
  const { gap } = field.tokens[act.from]!;
  if (owner !== null && (gap === GAP.space || gap === GAP.none)) return 'its owner';
  const verb = firstVerb(field, begin?.from ?? active!.from);
  const service = field.mentionsAround(act.from).find((m) => m.to === verb && m.category !== 'media');
  if (service === undefined || field.gapAt(verb, GAP.comma | GAP.clause)) return null;
  // Only at the head of its clause: "den Zugang zu Twitter blockiert" has another subject; "the image host Imgur" has not.
  const prop = field.prop[act.from];
  // "Rusya YouTube'u engelledi": a country opens the clause, and it is the one that acts.
  if (field.places.some((p) => p.to === service.from && p.kind === 'country' && field.prop[p.from - 1] !== prop))
    return null;
  if (field.prop[service.from - 3] !== prop) return service.id;
  let head = service.from;
  while (head > 0 && field.prop[head - 1] === prop && service.from - head < 5) head--;
  const other = field.hasWord(SUBJECTS, within(head, service.from));
  const place = field.places.some((q) => q.from >= head && q.to <= service.from);
  return field.prop[head - 1] === prop || other || place ? null : service.id;
}

/** "removed or blocked a number of channels": the subject stands before the first of verbs that are joined. */
function firstVerb(field: Field, verb: number): number {
  const and = field.cueBefore(verb, 'and');
  const before = and === null ? null : field.cueBefore(and.from, 'active');
  return before?.from ?? verb;
}

/** Who stands behind an act: those who rule, or the owner of what it hits. */

/** "The regulator wants to fine X": who plans it can do it. */
export const isByState = (field: Field, act: Cue): boolean =>
  field.clauseHas(act.from, 'auth', endsBy(act.from)) ||
  field.clauseOf(act.from).places.some((p) => p.kind !== 'demonym' && p.to <= act.from);
