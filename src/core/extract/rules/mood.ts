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
import { GAP, isEnding, isJoinedByLetter, perWord } from '../text/tokens.ts';
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

/** Of lifts only: what asks for one, or orders it, has not lifted anything. */
const ofLift =
  (when: (at: Posed) => boolean) =>
  (at: Posed): boolean =>
    at.lifting && when(at);

const MOOD_ROWS: Conditions<'mood', Posed> = {
  negated: isNegated,
  'negated-behind': ({ field, act, habits }) => field.hasAfter(act.to, 'negpost', negatedBehind(habits)),
  denied: isDenied,
  // "the police urge the ministry to block X": asked by those who rule, it is more than an opinion.
  'demand-of-rulers': (at) => {
    const appeal = at.lifting || at.act.cls === 'shutdown' ? null : appealOf(at);
    return appeal !== null && isDemand(at.field, appeal);
  },
  appeal: (at) => appealOf(at) !== null,
  // "rally against the ban on X"
  against: ({ field, act }) => field.sentenceHas(act.from, 'against', (c) => c.from < act.from && c.to > act.from),
  threatened: ({ field, act, habits }) => governs(field, act, 'threat', habits),
  condition: isConditional,
  imperative: ofLift(isImperative),
  // "attempted to overturn the order"
  attempt: ofLift(({ field, act }) => field.hasBefore(act.from, 'attempt')),
  'must-lift': ofLift((at) => isMust(at) || sharesMust(at)),
  demanded: ofLift(
    ({ field, act, habits }) => governs(field, act, 'demand', habits) && !field.sentenceHas(act.from, 'court'),
  ),
  // A court's order to restore is no restoration; the power that blocked lifts by ordering it.
  'lift-ordered': ofLift((at) => at.habits.judged && isBidden(at)),
  asked: ({ field, act, habits }) => governs(field, act, 'ask', habits),
  'ordered-first': (at) => isOrderedFirst(at) && isPlanned(at),
  planned: isPlanned,
  // "'Block X again', says a deputy": asked for by one who cannot.
  'imperative-asked': (at) => !at.lifting && isImperative(at),
  'heading-only': (at) => !at.lifting && isHeading(at),
  ordered: (at) => !at.lifting && (isMust(at) || governs(at.field, at.act, 'order', at.habits)),
};
export const MOOD = table<'mood', Posed, Mood>('mood', MOOD_ROWS);

/** "The state denies it, but NetBlocks confirms the block": behind the denial, and parted from it, somebody who measures. */
export function isContradicted(field: Field, denial: Cue): boolean {
  const around = field.cuesAround(denial.from);
  const but = around.find((c) => c.cls === 'split' && c.from > denial.from)?.to;
  return around.some(
    (c) =>
      c.cls === 'monitor' && c.from > denial.from && ((but !== undefined && c.from >= but) || isAppended(field, c)),
  );
}

/** ", NetBlocks", "and NetBlocks"; the "and" of Arabic is a letter of the word. */
const isAppended = (field: Field, { from }: Cue): boolean =>
  field.isParted(from, from, GAP.comma | GAP.clause) ||
  field.hasBefore(from, 'and') ||
  isJoinedByLetter(field.tokens[from]!);

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

const isMust = ({ field, act, habits }: Posed): boolean => governs(field, act, 'must', habits);

function isPlanned({ field, act, habits }: Posed): boolean {
  return (
    (governs(field, act, 'bill', habits) && !field.sentenceHas(act.from, 'inforce')) ||
    governs(field, act, 'modal', habits) ||
    sharesPlan(field, act, habits) ||
    field.hasBefore(act.from, 'maybe', REACH.near) ||
    field.hasAfter(act.to, 'maybe', REACH.beside)
  );
}

/** "demands to declare X banned and to limit it": with free order, verbs joined by "and" share the word that governs the first, unless the second is finite. */
function sharesPlan(field: Field, act: Cue, habits: Habits): boolean {
  if (!habits.freeOrder || field.hasCue(act.from, ['active', 'finite'])) return false;
  const and = field.cueBefore(act.from, 'and');
  if (and === null) return false;
  const { cues } = field.clauseOf(act.from);
  const first = cues.find((c) => isAct(c) && c.to <= and.from);
  return (
    first !== undefined && cues.some((c) => c.cls === 'modal' && c.to <= first.from && first.from - c.to <= REACH.near)
  );
}

/** "ordered providers to block": decided. "considers ordering a block": not yet. The first word rules. */
function isOrderedFirst({ field, act, lifting }: Posed): boolean {
  const order = lifting ? null : field.inSentence(act.from, 'order');
  // "ruling party": no order.
  if (order === null || field.hasCue(order.to, 'other') || isSpent(field, order, act)) return false;
  if (order.to > act.from || field.sentenceHas(act.from, 'bill')) return false;
  const modals = field.cuesAround(act.from).filter((c) => c.cls === 'modal');
  // "ruled on the suit that asks to block": asked for by a word of its own between them.
  if (modals.some((c) => c.from >= order.to && c.to <= act.from)) return false;
  return modals.length > 0 && order.from <= modals[0]!.from;
}

/** "the slow-down that the state ordered goes on; officials warn of a ban": in a clause of its own the order has its act. */
const isSpent = (field: Field, order: Cue, act: Cue): boolean =>
  !field.sameClause(order, act) &&
  field.clauseOf(order.from).cues.some((c) => isAct(c) && c.from >= order.to && c.to <= act.from);

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

/** "Ban on X: the bill shrinks", "Suspension de X : l'État menace": a thing named as heading, and behind the colon it is only ahead. */
function isHeading({ field, act }: Posed): boolean {
  if (field.name !== 'title' || act.from > 1 || !field.hasAfter(act.from, 'noun', REACH.beside)) return false;
  for (let i = act.to; i < field.tokens.length && field.sentence[i] === field.sentence[act.from]; i++)
    if (field.gapAt(i, GAP.colon)) return field.sentenceHas(act.from, ['bill', 'threat'], (c) => c.from >= i);
  return false;
}

/** "the police urge the ministry to block X": asked by those who rule, it is more than an opinion. */
const isDemand = (field: Field, appeal: Cue): boolean =>
  field.hasBefore(appeal.from, 'auth', REACH.beside) ||
  // "an association asks the regulator": a phrase of its own says who asks whom.
  field.sentenceHas(appeal.from, 'modal', (c) => c.from < appeal.from && c.to >= appeal.to) ||
  field.places.some((p) => p.kind !== 'demonym' && appeal.from - p.to >= 0 && appeal.from - p.to <= 1);

/** "blocks X, urging users to move on": said beside what is done. */
const isAside = (field: Field, act: Cue, appeal: Cue): boolean => {
  if (appeal.from < act.to) return false;
  // "blocks X, US condemns the move": another who speaks.
  const place = field.places.find((p) => p.to === appeal.from);
  return field.gapAt(place?.from ?? appeal.from, GAP.comma);
};

const liftBetween = (field: Field, from: number, to: number): boolean =>
  field.sentenceHas(from, ['unblock', 'lift'], within(from, to));

/** "Vietnam: revoke the order", "End the shutdown": the bare verb at the head of what is said asks for it. */
function isImperative({ field, act }: Posed): boolean {
  if (!field.hasCue(act.from, 'imperative')) return false;
  return act.from === field.sentenceOf(act.from).from || field.isParted(act.from, act.from, GAP.colon);
}

/** "must restore the network and unblock X": what is joined by "and" is asked for, too. */
function sharesMust({ field, act }: Posed): boolean {
  const and = field.cueBefore(act.from, 'and');
  if (and === null) return false;
  return field.clauseHas(act.from, ['must', 'demand'], endsBy(and.from));
}

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

/** "a ban on Facebook by Meta", "blocked by WhatsApp": behind "by" stands who does it. */
function agentOf(field: Field, act: Cue): string | null {
  if (act.cls === 'unblock' || act.cls === 'legal') return null;
  for (const by of field.cuesAround(act.from)) {
    if (
      by.cls !== 'byagent' ||
      by.from < act.to ||
      by.from - act.to > REACH.phrase ||
      isOfOwner(field, by) ||
      !field.sameClause(by, act)
    )
      continue;
    if (field.hasCue(by.to, 'owner')) return 'its owner';
    const service = field.mentionsAround(act.from).find((m) => m.from === by.to && m.category !== 'media');
    if (service !== undefined) return service.id;
  }
  return null;
}

/** "owned by Google": nobody does anything. */
const isOfOwner = (field: Field, by: Cue): boolean =>
  field.sentenceHas(by.from, ['parentof', 'ownedby'], (c) => c.from < by.from && c.to >= by.to);

/** A service or its owner right before an active verb does it itself: "Google blocks ads". */
export function actor(field: Field, act: Cue): string | null {
  const to = act.cls === 'unblock' ? null : field.cueBefore(act.from, 'inf');
  if (to !== null && field.tokens[to.to - 1]!.w !== 'be') {
    const asked = field.mentionsAround(act.from).find((m) => m.to === to.from && m.category !== 'media');
    if (asked !== undefined) return asked.id;
  }
  const agent = agentOf(field, act);
  if (agent !== null) return agent;
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
  // "As the agency says, X has limited …": what is said begins behind the comma.
  if (field.gapAt(service.from, GAP.comma) && isSaid(field, service.from)) return service.id;
  while (head > 0 && field.prop[head - 1] === prop && service.from - head < 5) head--;
  const other = field.hasWord(SUBJECTS, within(head, service.from));
  const place = field.places.some((q) => q.from >= head && q.to <= service.from);
  return field.prop[head - 1] === prop || other || place ? null : service.id;
}

/** The clause before it only tells who says so. */
const isSaid = (field: Field, at: number): boolean => {
  const { from } = field.sentenceOf(at);
  return field.sentenceHas(at, 'acc', (c) => c.from - from <= REACH.beside && c.to <= at);
};

/** "removed or blocked a number of channels": the subject stands before the first of verbs that are joined. */
function firstVerb(field: Field, verb: number): number {
  const and = field.cueBefore(verb, 'and');
  const before = and === null ? null : field.cueBefore(and.from, 'active');
  return before?.from ?? verb;
}

const NOT_OPEN = GAP.open | GAP.quote;

/**
 * Where the verb comes last, who acts stands at the head: a bare name ("Twitter, … hesapları kapattı"),
 * neither in the case of an object nor before the word that marks one, and an active verb behind it.
 */
export function headSubject(field: Field, act: Cue): string | null {
  if (act.cls === 'unblock') return null;
  const around = field.cuesAround(act.from);
  if (!around.some((c) => c.cls === 'active' && c.from <= act.from && c.to >= act.to - 1 && c.to > act.from))
    return null;
  const { from } = field.sentenceOf(act.from);
  const name = field.mentionsAround(act.from).find((m) => m.from === from && m.category !== 'media');
  if (name === undefined || name.to >= act.from || !field.sameClause(name, act)) return null;
  const next = field.tokens[name.to]!;
  if (isEnding(next) || (next.gap & NOT_OPEN) !== 0 || field.hasAfter(name.to, ['objmark', 'and'])) return null;
  return name.id;
}

/** Who stands behind an act: those who rule, or the owner of what it hits. */

/** "The regulator wants to fine X": who plans it can do it. */
export const isByState = (field: Field, act: Cue): boolean =>
  field.clauseHas(act.from, 'auth', endsBy(act.from)) ||
  field.clauseOf(act.from).places.some((p) => p.kind !== 'demonym' && p.to <= act.from);

/** An authority stands in the act's sentence. */
export const isRuled = (field: Field, act: Cue): boolean =>
  field.sentenceHas(act.from, 'auth') || field.places.some((p) => p.kind === 'authority' && field.sameSentence(p, act));

/** "Musk threatens to switch X off", "Musk ordered a block": no state's doing. */
export const isOwners = (field: Field, act: Cue, cls: 'threat' | 'order'): boolean => {
  const word = field.inSentence(act.from, cls);
  const owner = word === null ? null : field.cueBefore(word.from, 'owner', REACH.beside);
  // "Google threatened with a block": it is the target.
  return owner !== null && !field.mentions.some((m) => m.from < owner.to && m.to > owner.from);
};

/** Whether words that sound like something else tell a state's doing. */

/** "access to the site of the radio station", "the internet and the radio are cut": not only its programmes. */
export const namesSite = (field: Field, cue: Cue): boolean =>
  field.sentenceHas(cue.from, ['access', 'net']) ||
  field.sentenceHas(cue.from, 'social', (c) => field.hasCue(c.from, 'kind', (k) => k.to === c.to));

/** "orders X to cease its operations": a state's doing, though the words are those of one that leaves. */
export const isStatesDoing = (field: Field, cue: Cue): boolean =>
  field.sentenceHas(cue.from, 'order', endsBy(cue.from)) ||
  (opensAct(field, cue) && (stateBefore(field, cue.from) || isSecondVerb(field, cue)));

/** "Peru blocks X and closes its offices" */
const isSecondVerb = (field: Field, cue: Cue): boolean =>
  field.hasBefore(cue.from, 'and') &&
  field.clauseOf(cue.from).cues.some((c) => isAct(c) && c.to <= cue.from && stateBefore(field, c.from));

const opensAct = (field: Field, cue: Cue): boolean =>
  field.cuesAt[cue.from]!.some((c) => isAct(c) && c.cls !== 'leave');

/** "Nigeria suspends …", "Peru's regulator halts …": a state right before the verb. */
const stateBefore = (field: Field, at: number): boolean =>
  field.places.some((p) => p.to === at && (p.kind === 'country' || p.kind === 'authority')) ||
  field.hasBefore(at, 'auth');
