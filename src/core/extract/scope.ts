import type { Cue, Field } from './read.ts';
import { cueAfter, cueBefore, cuesAround, hasCue, mentionsAround } from './read.ts';
import type { Sentence } from './tokens.ts';
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
export type Time = 'now' | 'soft' | 'past';

const ACT_CLASSES = new Set([
  'block',
  'restrict',
  'throttle',
  'shutdown',
  'cut',
  'down',
  'fail',
  'unblock',
  'lift',
  'delist',
  'legal',
  'ban',
  'leave',
]);
export const isAct = (cue: Cue): boolean => ACT_CLASSES.has(cue.cls);

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

function actBetween(field: Field, from: number, to: number, prop: number): boolean {
  for (let i = from; i < to; i++) {
    if (field.prop[i] !== prop) continue;
    for (const cue of field.cuesAt[i]!) if (isAct(cue) && cue.cls !== 'restrict') return true;
  }
  return false;
}

export function inSentence(field: Field, at: number, cls: string): Cue | null {
  for (const cue of cuesAround(field, at)) if (cue.cls === cls) return cue;
  return null;
}

/** "to stop the spread of fake news": what a measure is against says nothing about the report. */
export const isPrevented = (field: Field, cue: Cue): boolean =>
  cueBefore(field, cue.from, 4, 'prevent') !== null || cueAfter(field, cue.to, 3, 'prevent') !== null;

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
  governs(field, act, 'will', verbFinal ? 6 : freeOrder ? 3 : 1) || isInfinitive(field, act);

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

export function timeOf(field: Field, act: Cue, lift?: Cue): Time {
  const sentence = field.sentences[field.sentence[act.from]!]!;
  const prop = field.prop[act.from];
  for (const cue of cuesAround(field, act.from)) {
    // "on blocked sites": a quality of the thing, no event.
    if (
      cue.cls === 'attr' &&
      cue.from <= act.from &&
      cue.to >= act.to &&
      cueBefore(field, cue.from, 2, 'still') === null
    )
      return 'past';
    if (cue.cls === 'past' || (cue.cls === 'pluperfect' && !isReported(field, cue))) {
      const beside =
        (cue.to <= act.from && act.from - cue.to <= 2) ||
        (cue.from >= act.to &&
          cue.from - act.to <= 1 &&
          field.prop[cue.from] === prop &&
          (field.tokens[cue.from]!.gap & GAP.comma) === 0);
      if (beside || (cue.from <= act.from && cue.to >= act.to)) return 'past';
      if (field.prop[cue.from] === prop && cue.to <= act.from && !otherActBetween(field, cue.to, act.from))
        return 'past';
      if (cue.from - sentence.from <= 2 && field.name !== 'title') return 'past';
    }
    if (cue.cls === 'lead' && field.name !== 'title' && cue.from - sentence.from <= 1 && !isDay(field, cue.to))
      return 'past';
  }
  if (isOutrun(field, act) || goesOn(field, act)) return 'past';
  const year = field.name === 'title' ? null : bareYear(field, act);
  if (year !== null) return year;
  if (field.name !== 'title' && isDated(field, act)) return 'soft';
  // "Sources on the blocking of X": a topic, no assertion.
  // "Blocking X: can it be done?": a topic, no assertion.
  if (field.name === 'title') {
    const ask = inSentence(field, act.from, 'ask');
    if (ask !== null && ask.from > act.to && field.prop[ask.from] !== prop) return 'soft';
  }
  // "अमल के बाद": languages that say "after" behind what came first.
  const behind = cueAfter(field, act.to, 4, 'afterpost');
  if (behind !== null && field.prop[behind.from] === prop && !otherActBetween(field, act.to, behind.from))
    return 'soft';
  const topic = cueBefore(field, act.from, 1, 'about');
  if (topic !== null && cueBefore(field, topic.from, 2, ['say', 'begin']) === null) return 'soft';
  return afterScope(field, act, sentence, lift ?? act) ? 'soft' : 'now';
}

const NEXT_STEP = 8;
const isBack = (cue: Cue): boolean => cue.cls === 'unblock' || cue.cls === 'lift';
const isCut = (cue: Cue): boolean => isAct(cue) && !isBack(cue) && !['legal', 'fail', 'leave'].includes(cue.cls);

/** "was back for two hours before authorities cut it again", "unblocked, only to be blocked": the later step is the news. */
function isOutrun(field: Field, act: Cue): boolean {
  for (const cue of cuesAround(field, act.from)) {
    if (cue.cls !== 'before' || cue.from < act.to || !(isBack(act) || isCut(act))) continue;
    for (let i = cue.from; i < Math.min(cue.to + NEXT_STEP, field.tokens.length); i++)
      if (field.sentence[i] === field.sentence[act.from] && field.cuesAt[i]!.some(isBack(act) ? isCut : isBack))
        return true;
  }
  return false;
}

/** A sentence of the text that opens with "earlier", "the day before": it tells what came first. */
export function isHistory(field: Field, at: number): boolean {
  if (field.name === 'title') return false;
  const { from, to } = field.sentences[field.sentence[at]!]!;
  // "Another country did so in 2020."
  if (from > 0)
    for (let i = from + 1; i < to; i++) if (isYear(field, i) && cueBefore(field, i, 0, 'inyear') !== null) return true;
  return cuesAround(field, at).some(
    (c) => c.cls === 'disclaimer' || ((c.cls === 'past' || c.cls === 'lead') && c.from - from <= 2),
  );
}

/** "Earlier it blocked X. Y was out of reach, too": the sentence behind one of history goes on with it. */
function goesOn(field: Field, act: Cue): boolean {
  const before = field.sentence[act.from]! - 1;
  if (field.name === 'title' || before < 0 || inSentence(field, act.from, 'also') === null) return false;
  return isHistory(field, field.sentences[before]!.from) && inSentence(field, act.from, 'still') === null;
}

/** "confirmed on Tuesday that it had told providers": past of what is said now, no history. */
const isReported = (field: Field, cue: Cue): boolean =>
  cuesAround(field, cue.from).some((c) => c.cls === 'say' && c.to <= cue.from && cue.from - c.to <= 6);

function otherActBetween(field: Field, from: number, to: number): boolean {
  for (let i = from; i < to; i++) for (const cue of field.cuesAt[i]!) if (isAct(cue)) return true;
  return false;
}

const isDay = (field: Field, i: number): boolean => {
  const w = field.tokens[i]?.w ?? '';
  return /^\d{1,2}(st|nd|rd|th)?$/u.test(w);
};

/** "were limited in August", "has been slow since last month", in the text: what came before. */
function isDated(field: Field, act: Cue): boolean {
  const prop = field.prop[act.from];
  for (const c of cuesAround(field, act.from)) {
    if ((c.cls !== 'month' && c.cls !== 'past') || field.prop[c.from] !== prop) continue;
    if (c.cls === 'past' ? c.from < act.to : isDay(field, c.to) || isYear(field, c.to)) continue;
    if (cueBefore(field, c.from, 0, 'inyear') !== null && !isReported(field, c)) return true;
  }
  return false;
}
const isYear = (field: Field, i: number): boolean => /^(?:19|20)\d\d$/u.test(field.tokens[i]?.w ?? '');

/** "in 2022", "2022 yılında". */
export const isDatedYear = (field: Field, i: number): boolean =>
  cueBefore(field, i, 0, 'inyear') !== null ||
  (cueAfter(field, i + 1, 0, 'inyearpost') !== null && !hasComma(field, i + 1));

const hasComma = (field: Field, i: number): boolean => (field.tokens[i]!.gap & GAP.comma) !== 0;

/** "in 2022" with no month or day before it, in the act's proposition: history. */
function bareYear(field: Field, act: Cue): Time | null {
  const prop = field.prop[act.from];
  const from = Math.max(0, act.from - 14);
  const to = Math.min(field.tokens.length, act.to + 14);
  for (let i = from; i < to; i++) {
    if (field.prop[i] !== prop || !/^(?:19|20)\d\d$/u.test(field.tokens[i]!.w)) continue;
    if (isDatedYear(field, i)) return 'past';
    // A month without a day may be this one.
    if (
      cueBefore(field, i, 1, 'month') !== null &&
      !isDay(field, i - 1) &&
      !isDay(field, i - 2) &&
      !isDay(field, i - 3)
    )
      return 'soft';
  }
  return null;
}

/** "Nach dem Putsch sperrt das Militär …", "Wegen der Wahl hat das Regime … gesperrt": the act, or what helps it, is a finite verb. */
const isFiniteVerb = (field: Field, from: number, act: Cue): boolean =>
  cuesAround(field, act.from).some(
    (c) => (c.cls === 'active' && c.from === act.from) || (c.cls === 'finite' && c.from >= from && c.to <= act.to),
  );

const OPENING = 4;
const isFirst = (field: Field, from: number, act: Cue): boolean => {
  for (let i = from; i <= act.from; i++) if ((field.tokens[i]!.gap & GAP.comma) !== 0) return false;
  return !cuesAround(field, act.from).some((c) => isAct(c) && c.cls !== 'lift' && c.to <= act.from);
};

/** What the title begins with, right before "after", is a network, platforms or a service. */
const hasOnline = (field: Field, verb: Cue, after: Cue): boolean =>
  !otherActBetween(field, field.sentences[field.sentence[verb.from]!]!.from, after.from) &&
  (cueBefore(field, after.from, 0, ['net', 'social']) !== null ||
    mentionsAround(field, verb.from).some((m) => m.to === after.from && m.role === null));

/** "after blocking Telegram, …", "… months after restricting it": what follows the word is the older step. */
function afterScope(field: Field, act: Cue, { from, to }: Sentence, verb: Cue): boolean {
  for (const cue of cuesAround(field, act.from)) {
    if (cue.cls !== 'after' || cue.to > act.from || cue.from < from || cue.from >= to) continue;
    if (field.prop[cue.from] !== field.prop[act.from]) continue;
    // "after Facebook, X is blocked, too": one name that came first.
    if (mentionsAround(field, act.from).some((m) => m.from === cue.to && m.role === 'comparison')) continue;
    const holds = cueBefore(field, act.from, 4, 'still');
    if (holds !== null && holds.from >= cue.to) continue;
    // "Hours after the president stepped in access was restored": the main clause, with the first act of the sentence.
    const main = cue.from - from <= OPENING && isFiniteVerb(field, cue.to, verb) && isFirst(field, cue.to, act);
    // "Internet nach Totalausfall wieder verfügbar": in a title without verbs what is back is the news.
    if (field.name === 'title' && verb.cls === 'unblock' && verb.from > cue.to && hasOnline(field, verb, cue)) continue;
    if (cue.from - from > 1 && !main) return true;

    // At the head of a sentence the scope ends at the first comma behind an act or a name.
    let comma = -1;
    for (let i = cue.to + 1; i < act.from; i++) if ((field.tokens[i]!.gap & (GAP.comma | GAP.clause)) !== 0) comma = i;
    if (comma >= 0) continue;
    let later = false;
    for (let i = act.to; i < to; i++) if ((field.tokens[i]!.gap & (GAP.comma | GAP.clause)) !== 0) later = true;
    // "Nach den Protesten haben die Behörden …" without a comma: what is far behind is the main clause, and so is a finite verb.
    if (later || (act.from - cue.to <= 6 && !isFiniteVerb(field, cue.to, verb))) return true;
  }
  return false;
}
