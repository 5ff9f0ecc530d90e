/** What the words around an act say of how it stands. */

import { isContradicted } from './disproof.ts';
import { type Habits, REACH } from './distances.ts';
import { governs } from './governs.ts';
import type { Cue, Field } from './read.ts';
import { clauseOf, cueAfter, cueBefore, cuesAround, hasCue } from './read.ts';
import { actBetween, inSentence, isAct, isPrevented } from './scope.ts';
import { GAP } from './tokens.ts';

/** An act, and how its language says how it stands. */
export interface Posed {
  field: Field;
  act: Cue;
  habits: Habits;
  /** It is a lift, or what a lift lifts. */
  lifting: boolean;
}

/** "access has not been restored", where the whole is one phrase; but "opens without a VPN". */
const isNegatedWithin = (field: Field, act: Cue): boolean =>
  (act.cls === 'unblock' || act.cls === 'lift') &&
  cuesAround(field, act.from).some(
    (c) => c.cls === 'neg' && c.from > act.from && c.to < act.to && !hasCue(field, c.from, 'means'),
  );

/** "not blocked"; with free order also "does not apply new measures to restrict": the verb that is negated has the act as its object. */
export function isNegated({ field, act, habits: { freeOrder } }: Posed): boolean {
  // "yasaklanmadı": languages that negate within the verb.
  if (cuesAround(field, act.from).some((c) => c.cls === 'negverb' && c.from >= act.from && c.to <= act.to)) return true;
  const near = cueBefore(field, act.from, REACH.near, 'neg');
  // "They are left without X: it is blocked": a negation ends with its clause.
  if (near !== null && field.prop[near.from] === field.prop[act.from] && !isOfAnother(field, near, act)) return true;
  if (isNegatedWithin(field, act)) return true;
  if (!freeOrder) return false;
  const neg = cueBefore(field, act.from, REACH.phrase, 'neg');
  if (neg === null || field.prop[neg.from] !== field.prop[act.from]) return false;
  for (let i = neg.to; i <= act.from; i++) if ((field.tokens[i]!.gap & (GAP.comma | GAP.quote)) !== 0) return false;
  return !actBetween(field, neg.to, act.from, field.prop[act.from]!);
}

/** "Not blocked, Kenya slows X down": an act and a comma stand between. */
function isOfAnother(field: Field, neg: Cue, act: Cue): boolean {
  const denied = field.cues.find((c) => c.from >= neg.to && c.to <= act.from && isAct(c));
  if (denied === undefined) return false;
  for (let i = denied.to; i <= act.from; i++) if ((field.tokens[i]!.gap & GAP.comma) !== 0) return true;
  return false;
}

export function isDenied({ field, act }: Posed): boolean {
  const denial = inSentence(field, act.from, 'deny');
  return (
    denial !== null &&
    cueBefore(field, denial.from, REACH.near, 'neg') === null &&
    !isElsewhere(field, act, denial) &&
    !isContradicted(field, denial) &&
    // "under the fake news law"
    cueAfter(field, denial.to, REACH.touching, ['other', 'bill']) === null &&
    // "no descarta": a plan that begins before the denial and reaches into it.
    !cuesAround(field, act.from).some((c) => c.cls === 'modal' && c.from < denial.from && c.to > denial.from) &&
    !isPrevented(field, denial)
  );
}

/** An appeal that the act stands under. */
export function appealOf({ field, act }: Posed): Cue | null {
  const appeal = inSentence(field, act.from, 'appeal');
  return appeal !== null && !isAppended(field, act, appeal) ? appeal : null;
}

/** "blocks X, to restore it if …": the condition is the later act's. */
export function isConditional({ field, act, lifting }: Posed): boolean {
  const condition = inSentence(field, act.from, 'cond');
  return (
    condition !== null &&
    (lifting ||
      (field.prop[condition.from] === field.prop[act.from] &&
        !(condition.from > act.to && liftBetween(field, act.to, condition.from))))
  );
}

export const isMust = ({ field, act, habits }: Posed): boolean => governs(field, act, 'must', habits);

export const isPlanned = ({ field, act, habits }: Posed): boolean =>
  (governs(field, act, 'bill', habits) && inSentence(field, act.from, 'inforce') === null) ||
  governs(field, act, 'modal', habits) ||
  sharesPlan(field, act, habits) ||
  cueBefore(field, act.from, REACH.near, 'maybe') !== null ||
  cueAfter(field, act.to, REACH.beside, 'maybe') !== null;

/** "demands to declare X banned and to limit it": with free order, verbs joined by "and" share the word that governs the first, unless the second is finite. */
function sharesPlan(field: Field, act: Cue, habits: Habits): boolean {
  if (!habits.freeOrder || field.cuesAt[act.from]!.some((c) => c.cls === 'active' || c.cls === 'finite')) return false;
  const and = cueBefore(field, act.from, REACH.touching, 'and');
  if (and === null) return false;
  const { cues } = clauseOf(field, act.from);
  const first = cues.find((c) => isAct(c) && c.to <= and.from);
  return (
    first !== undefined && cues.some((c) => c.cls === 'modal' && c.to <= first.from && first.from - c.to <= REACH.near)
  );
}

/** "ordered providers to block": decided. "considers ordering a block": not yet. The first word rules. */
export function isOrderedFirst({ field, act, lifting }: Posed): boolean {
  const order = lifting ? null : inSentence(field, act.from, 'order');
  // "ruling party": no order.
  if (order === null || hasCue(field, order.to, 'other') || isSpent(field, order, act)) return false;
  if (order.to > act.from || inSentence(field, act.from, 'bill') !== null) return false;
  const modals = cuesAround(field, act.from).filter((c) => c.cls === 'modal');
  // "ruled on the suit that asks to block": asked for by a word of its own between them.
  if (modals.some((c) => c.from >= order.to && c.to <= act.from)) return false;
  return modals.length > 0 && order.from <= modals[0]!.from;
}

/** "the slow-down that the state ordered goes on; officials warn of a ban": in a clause of its own the order has its act. */
const isSpent = (field: Field, order: Cue, act: Cue): boolean =>
  field.prop[order.from] !== field.prop[act.from] &&
  clauseOf(field, order.from).cues.some((c) => isAct(c) && c.from >= order.to && c.to <= act.from);

/** "the net crawls as officials deny a slow-down": what opens the circumstances parts the act from the denial. */
const isElsewhere = (field: Field, act: Cue, denial: Cue): boolean =>
  cuesAround(field, act.from).some((c) => c.cls === 'circumstance' && c.from >= act.to && c.to <= denial.from);

const BIDDEN_REACH = 4;

const ENCLOSED = 6;

/** "ordered to restore X"; where the verb comes last, the order stands behind ("kaldırılmasına karar verdi") or holds the lift as a noun. */
export function isBidden({ field, act, habits: { verbFinal } }: Posed): boolean {
  if (!verbFinal) {
    // "suspends the order and X is back": an order that is lifted bids nothing.
    const order = cuesAround(field, act.from).find((c) => c.cls === 'order' && !isLifted(field, c));
    if (order !== undefined && order.from < act.from) return true;
    // "hat die Aufhebung der Sperre angeordnet": where verbs enclose what they say.
    const encloses = cuesAround(field, act.from).some((c) => c.cls === 'finite' && c.to <= act.from);
    return (
      encloses &&
      order !== undefined &&
      order.from - act.to <= ENCLOSED &&
      field.prop[order.from] === field.prop[act.from]
    );
  }
  const behind = cueAfter(field, act.to, BIDDEN_REACH, 'order');
  if (behind !== null && field.prop[behind.from] === field.prop[act.from]) return true;
  return cueBefore(field, act.from, REACH.touching, 'order') !== null;
}

function isLifted(field: Field, order: Cue): boolean {
  for (let i = Math.max(0, order.from - 5); i < order.from; i++)
    if (field.cuesAt[i]!.some((c) => c.cls === 'lift' && c.to >= order.to)) return true;
  return false;
}

/** "Ban on X: the bill shrinks", "Suspension de X : l'État menace": a thing named as heading, and behind the colon it is only ahead. */
export function isHeading({ field, act }: Posed): boolean {
  if (field.name !== 'title' || act.from > 1 || cueAfter(field, act.from, REACH.beside, 'noun') === null) return false;
  for (let i = act.to; i < field.tokens.length && field.sentence[i] === field.sentence[act.from]; i++)
    if ((field.tokens[i]!.gap & GAP.colon) !== 0)
      return cuesAround(field, act.from).some((c) => c.from >= i && (c.cls === 'bill' || c.cls === 'threat'));
  return false;
}

/** "the police urge the ministry to block X": asked by those who rule, it is more than an opinion. */
export const isDemand = (field: Field, appeal: Cue): boolean =>
  cueBefore(field, appeal.from, REACH.beside, 'auth') !== null ||
  // "an association asks the regulator": a phrase of its own says who asks whom.
  cuesAround(field, appeal.from).some((c) => c.cls === 'modal' && c.from < appeal.from && c.to >= appeal.to) ||
  field.places.some((p) => p.kind !== 'demonym' && appeal.from - p.to >= 0 && appeal.from - p.to <= 1);

/** "blocks X, urging users to move on": said beside what is done. */
const isAppended = (field: Field, act: Cue, appeal: Cue): boolean => {
  if (appeal.from < act.to) return false;
  // "blocks X, US condemns the move": another who speaks.
  const place = field.places.find((p) => p.to === appeal.from);
  return (field.tokens[place?.from ?? appeal.from]!.gap & GAP.comma) !== 0;
};

const liftBetween = (field: Field, from: number, to: number): boolean =>
  cuesAround(field, from).some((c) => (c.cls === 'unblock' || c.cls === 'lift') && c.from >= from && c.to <= to);

/** "Vietnam: revoke the order", "End the shutdown": the bare verb at the head of what is said asks for it. */
export function isImperative({ field, act }: Posed): boolean {
  if (!field.cuesAt[act.from]!.some((c) => c.cls === 'imperative')) return false;
  const { gap } = field.tokens[act.from]!;
  const sentence = field.sentences[field.sentence[act.from]!]!;
  return act.from === sentence.from || (gap & GAP.colon) !== 0;
}

/** "must restore the network and unblock X": what is joined by "and" is asked for, too. */
export function sharesMust({ field, act }: Posed): boolean {
  const and = cueBefore(field, act.from, REACH.touching, 'and');
  if (and === null) return false;
  return clauseOf(field, act.from).cues.some((c) => (c.cls === 'must' || c.cls === 'demand') && c.to <= and.from);
}
