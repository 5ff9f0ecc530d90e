import type { Cue, Field } from './read.ts';
import { cueAfter, cueBefore, cuesAround, hasCue, mentionsAround } from './read.ts';
import { actBetween, inSentence, isPrevented } from './scope.ts';
import { GAP, perWord } from './tokens.ts';

/**
 * How an act stands in its sentence: asserted, or only planned, threatened, denied, asked, conditional, or told as background.
 * Every answer names its rule, so that `--explain` can show it.
 */
export type Mood =
  | 'asserted'
  | 'planned'
  | 'threatened'
  | 'negated'
  | 'denied'
  | 'conditional'
  | 'asked'
  | 'appeal'
  | 'ordered';

const GOVERNS = 20;

/** Cues of a class in the act's proposition that govern it: before it with no other act between, or close behind it. */
function governs(field: Field, act: Cue, cls: string, behind: number): boolean {
  const prop = field.prop[act.from];
  for (const cue of cuesAround(field, act.from)) {
    if (cue.cls !== cls || field.prop[cue.from] !== prop) continue;
    if (cue.from <= act.from && cue.to >= act.to) return true;
    // "prohibirá el acceso": a future that the verb itself tells.
    if ((cls === 'will' || cls === 'ask') && cue.from === act.from && cue.to <= act.to) return true;
    // "access would be reopened": within a phrase of an act, too.
    if ((cls === 'will' || cls === 'modal') && act.cls !== 'down' && cue.from > act.from && cue.to < act.to)
      return true;
    // "asks Google to remove X": the phrase reaches into the act.
    if (cue.from < act.from && cue.to > act.from && cls !== 'threat') return true;
    if (cue.to <= act.from) {
      if (
        act.from - cue.to <= GOVERNS * perWord(field.tokens[act.from]!) &&
        !actBetween(field, cue.to, act.from, prop!)
      )
        return true;
    } else if (
      cls === 'modal' &&
      !field.cuesAt[act.to]?.some((c) => c.cls === 'modal') &&
      ((field.tokens[cue.from]!.gap & GAP.comma) !== 0 ||
        (behind <= SVO && cue.from - act.to <= behind && startsAnew(field, act, cue)))
    ) {
      // "blocks X, plans a service of its own": another act.
    } else if (cue.from >= act.to && cue.from - act.to <= behind && !actBetween(field, act.to, cue.from, prop!)) {
      // "The removal may mean a block": the word governs the act that follows it, not the one before.
      if (!actBetween(field, cue.to, Math.min(cue.to + 5, field.tokens.length), prop!)) return true;
    }
  }
  return false;
}

const SVO = 5;

/** "blocks X, citizens are asked to": behind the comma another subject. */
function startsAnew(field: Field, act: Cue, verb: Cue): boolean {
  for (let i = act.to + 1; i < verb.from; i++)
    if ((field.tokens[i]!.gap & GAP.comma) !== 0 && !mentionsAround(field, i).some((m) => m.from === i)) return true;
  return false;
}

/** Where a language puts the words that govern a verb. */
export interface Habits {
  verbFinal: boolean;
  freeOrder: boolean;
  /** A court stands in the text: who is "ordered to restore" has not yet. */
  judged: boolean;
}

/** "access has not been restored", where the whole is one phrase; but "opens without a VPN". */
const isNegatedWithin = (field: Field, act: Cue): boolean =>
  (act.cls === 'unblock' || act.cls === 'lift') &&
  cuesAround(field, act.from).some(
    (c) => c.cls === 'neg' && c.from > act.from && c.to < act.to && !hasCue(field, c.from, 'means'),
  );

/** "not blocked"; with free order also "does not apply new measures to restrict": the verb that is negated has the act as its object. */
function negates(field: Field, act: Cue, freeOrder: boolean): boolean {
  // "yasaklanmadı": languages that negate within the verb.
  if (cuesAround(field, act.from).some((c) => c.cls === 'negverb' && c.from >= act.from && c.to <= act.to)) return true;
  if (cueBefore(field, act.from, 2, 'neg') !== null || isNegatedWithin(field, act)) return true;
  if (!freeOrder) return false;
  const neg = cueBefore(field, act.from, 4, 'neg');
  if (neg === null || field.prop[neg.from] !== field.prop[act.from]) return false;
  for (let i = neg.to; i <= act.from; i++) if ((field.tokens[i]!.gap & (GAP.comma | GAP.quote)) !== 0) return false;
  return !actBetween(field, neg.to, act.from, field.prop[act.from]!);
}

export function moodOf(field: Field, act: Cue, { verbFinal, freeOrder, judged }: Habits, lifting: boolean): Mood {
  const behind = verbFinal ? 8 : freeOrder ? 5 : 2;
  if (negates(field, act, freeOrder) || cueAfter(field, act.to, freeOrder ? 4 : verbFinal ? 2 : 1, 'negpost') !== null)
    return 'negated';
  const denial = inSentence(field, act.from, 'deny');
  if (
    denial !== null &&
    cueBefore(field, denial.from, 2, 'neg') === null &&
    !isElsewhere(field, act, denial) &&
    // "under the fake news law"
    cueAfter(field, denial.to, 0, ['other', 'bill']) === null &&
    // "no descarta": a plan that begins before the denial and reaches into it.
    !cuesAround(field, act.from).some((c) => c.cls === 'modal' && c.from < denial.from && c.to > denial.from) &&
    !isPrevented(field, denial)
  )
    return 'denied';
  const appeal = inSentence(field, act.from, 'appeal');
  if (appeal !== null && !isAppended(field, act, appeal))
    return !lifting && act.cls !== 'shutdown' && isDemand(field, appeal) ? 'planned' : 'appeal';
  // "rally against the ban on X"
  if (cuesAround(field, act.from).some((c) => c.cls === 'against' && c.from < act.from && c.to > act.from))
    return 'appeal';
  if (governs(field, act, 'threat', verbFinal ? 4 : -1)) return 'threatened';
  const condition = inSentence(field, act.from, 'cond');
  // "blocks X, to restore it if …": the condition is the later act's.
  if (
    condition !== null &&
    (lifting ||
      (field.prop[condition.from] === field.prop[act.from] &&
        !(condition.from > act.to && liftBetween(field, act.to, condition.from))))
  )
    return 'conditional';
  const must = governs(field, act, 'must', verbFinal ? 6 : 0);
  if (lifting) {
    if (isImperative(field, act)) return 'appeal';
    // "attempted to overturn the order"
    if (cueBefore(field, act.from, 0, 'attempt') !== null) return 'planned';
    if (must || sharesMust(field, act)) return 'ordered';
    if (governs(field, act, 'demand', verbFinal ? 4 : 0) && inSentence(field, act.from, 'court') === null)
      return 'appeal';
    // A court's order to restore is no restoration; the power that blocked lifts by ordering it.
    if (judged && isBidden(field, act, verbFinal)) return 'ordered';
  }
  if (governs(field, act, 'ask', 4)) return 'asked';
  const planned =
    (governs(field, act, 'bill', verbFinal ? 4 : 0) && inSentence(field, act.from, 'inforce') === null) ||
    governs(field, act, 'modal', behind) ||
    cueBefore(field, act.from, 2, 'maybe') !== null ||
    cueAfter(field, act.to, 1, 'maybe') !== null;
  const ordered = !lifting && (must || governs(field, act, 'order', 4));
  if (planned && !lifting && inSentence(field, act.from, 'bill') === null) {
    // "ordered providers to block": decided. "considers ordering a block": not yet. The first word rules.
    const order = inSentence(field, act.from, 'order');
    const modal = inSentence(field, act.from, 'modal');
    if (order !== null && modal !== null && order.to <= act.from && order.from <= modal.from) return 'ordered';
  }
  if (planned || (!lifting && isHeading(field, act))) return 'planned';
  return ordered ? 'ordered' : 'asserted';
}

/** "the net crawls as officials deny a slow-down": what opens the circumstances parts the act from the denial. */
const isElsewhere = (field: Field, act: Cue, denial: Cue): boolean =>
  cuesAround(field, act.from).some((c) => c.cls === 'circumstance' && c.from >= act.to && c.to <= denial.from);

const BIDDEN_REACH = 4;

const ENCLOSED = 6;

/** "ordered to restore X"; where the verb comes last, the order stands behind ("kaldırılmasına karar verdi") or holds the lift as a noun. */
function isBidden(field: Field, act: Cue, verbFinal: boolean): boolean {
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
  return cueBefore(field, act.from, 0, 'order') !== null;
}

function isLifted(field: Field, order: Cue): boolean {
  for (let i = Math.max(0, order.from - 5); i < order.from; i++)
    if (field.cuesAt[i]!.some((c) => c.cls === 'lift' && c.to >= order.to)) return true;
  return false;
}

/** "Ban on X: the bill shrinks", "Suspension de X : l'État menace": a thing named as heading, and behind the colon it is only ahead. */
function isHeading(field: Field, act: Cue): boolean {
  if (field.name !== 'title' || act.from > 1 || cueAfter(field, act.from, 1, 'noun') === null) return false;
  for (let i = act.to; i < field.tokens.length && field.sentence[i] === field.sentence[act.from]; i++)
    if ((field.tokens[i]!.gap & GAP.colon) !== 0)
      return cuesAround(field, act.from).some((c) => c.from >= i && (c.cls === 'bill' || c.cls === 'threat'));
  return false;
}

/** "the police urge the ministry to block X": asked by those who rule, it is more than an opinion. */
const isDemand = (field: Field, appeal: Cue): boolean =>
  cueBefore(field, appeal.from, 1, 'auth') !== null ||
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
function isImperative(field: Field, act: Cue): boolean {
  if (!field.cuesAt[act.from]!.some((c) => c.cls === 'imperative')) return false;
  const { gap } = field.tokens[act.from]!;
  const sentence = field.sentences[field.sentence[act.from]!]!;
  return act.from === sentence.from || (gap & GAP.colon) !== 0;
}

/** "must restore the network and unblock X": what is joined by "and" is asked for, too. */
function sharesMust(field: Field, act: Cue): boolean {
  const and = cueBefore(field, act.from, 0, 'and');
  if (and === null) return false;
  return cuesAround(field, act.from).some(
    (c) => (c.cls === 'must' || c.cls === 'demand') && c.to <= and.from && field.prop[c.from] === field.prop[act.from],
  );
}

/** "will be blocked": planned, unless something ordered it already. */
export const isFuture = (field: Field, act: Cue, { verbFinal, freeOrder }: Habits): boolean =>
  (governs(field, act, 'will', verbFinal ? 6 : freeOrder ? 3 : 1) && !isPresentPassive(field, act)) ||
  isInfinitive(field, act);

/** "In Ghana werden X und Y blockiert": where the word of the future makes the passive, too, and no day ahead is named. */
function isPresentPassive(field: Field, act: Cue): boolean {
  if (!field.cuesAt[act.from]!.some((c) => c.cls === 'participle' && c.to >= act.to)) return false;
  const around = cuesAround(field, act.from).filter((c) => field.prop[c.from] === field.prop[act.from]);
  return around.some((c) => c.cls === 'passive' && c.to <= act.from) && !around.some((c) => c.cls === 'soon');
}

/** "Australia to ban X": a headline's future, when who acts stands right before it. */
function isInfinitive(field: Field, act: Cue): boolean {
  const to = cueBefore(field, act.from, 0, 'inf');
  if (to === null || field.name !== 'title') return false;
  // "the latest state to ban": it has.
  if (cuesAround(field, act.from).some((c) => c.cls === 'latest' && c.to === to.to)) return false;
  return (
    cueBefore(field, to.from, 0, ['auth', 'people', 'social', 'net']) !== null ||
    field.places.some((p) => p.to === to.from) ||
    mentionsAround(field, act.from).some((m) => m.to === to.from)
  );
}
