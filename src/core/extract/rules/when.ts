import { type Cue, type Field, isAct, REACH } from '../field.ts';
import { GAP } from '../text/tokens.ts';
import { type Conditions, firstOf, table } from './table.ts';

/** When an act took place: now, in what the text may tell as background, or in the past. */
export type Time = 'now' | 'soft' | 'past';

/** When an act took place: one row a way to say that it is not now. */

interface Timed {
  field: Field;
  act: Cue;
  /** The word that lifts it, or the act itself. */
  verb: Cue;
}

export const timeOf = (field: Field, act: Cue, lift?: Cue): Time =>
  firstOf(TIME, { field, act, verb: lift ?? act }, field, act)?.effect ?? 'now';

const TIME_ROWS: Conditions<'time', Timed> = {
  // "on blocked sites": a quality of the thing, no event.
  quality: isQuality,
  'past-beside': isPastBeside,
  'past-before': (at) =>
    pasts(at).some(
      (c) => at.field.sameClause(c, at.act) && c.to <= at.act.from && !at.field.otherActBetween(c.to, at.act.from),
    ),
  'background-opens': (at) =>
    at.field.name !== 'title' &&
    at.field.sentenceHas(at.act.from, 'lead', (c) => c.from - opening(at) <= REACH.beside && !isDay(at.field, c.to)),
  year: (at) => yearOf(at) === 'past',
  'year-and-month': (at) => yearOf(at) === 'soft',
  month: ({ field, act }) => field.name !== 'title' && isDated(field, act),
  // "Sources on the blocking of X", too.
  topic: isTopic,
  after: ({ field, act, verb }) => afterScope(field, act, verb),
};
export const TIME = table<'time', Timed, Time>('time', TIME_ROWS);

const opening = ({ field, act }: Timed): number => field.sentenceOf(act.from).from;

const pasts = ({ field, act }: Timed): Cue[] =>
  field.cuesAround(act.from).filter((c) => c.cls === 'past' || (c.cls === 'pluperfect' && !isReported(field, c)));

function isQuality({ field, act }: Timed): boolean {
  return field.sentenceHas(
    act.from,
    'attr',
    (c) => c.from <= act.from && c.to >= act.to && !field.hasBefore(c.from, 'still', REACH.near),
  );
}

function isPastBeside(at: Timed): boolean {
  const { field, act } = at;
  return pasts(at).some(
    (c) =>
      (c.to <= act.from && act.from - c.to <= REACH.near) ||
      (c.from >= act.to &&
        c.from - act.to <= REACH.beside &&
        field.sameClause(c, act) &&
        !field.gapAt(c.from, GAP.comma)) ||
      (c.from <= act.from && c.to >= act.to),
  );
}

const yearOf = ({ field, act }: Timed): Time | null => (field.name === 'title' ? null : bareYear(field, act));

function isTopic({ field, act }: Timed): boolean {
  const topic = field.cueBefore(act.from, 'about', REACH.beside);
  return topic !== null && !field.hasBefore(topic.from, ['say', 'begin'], REACH.near);
}

/** Years, days and months around an act, and sentences that tell history. */

/** A sentence of the text that opens with "earlier", "the day before": it tells what came first. */
export function isHistory(field: Field, at: number): boolean {
  if (field.name === 'title') return false;
  const { from, to } = field.sentenceOf(at);
  // "Another country did so in 2020."
  if (from > 0) for (let i = from + 1; i < to; i++) if (isYear(field, i) && field.hasBefore(i, 'inyear')) return true;
  return field
    .cuesAround(at)
    .some((c) => c.cls === 'disclaimer' || ((c.cls === 'past' || c.cls === 'lead') && c.from - from <= REACH.near));
}

/** "confirmed on Tuesday that it had asked providers": past of what is said now, no history. */
const isReported = (field: Field, cue: Cue): boolean =>
  field.sentenceHas(cue.from, 'say', (c) => c.to <= cue.from && cue.from - c.to <= 6);

const isDay = (field: Field, i: number): boolean => /^\d{1,2}(st|nd|rd|th)?$/u.test(field.tokens[i]?.w ?? '');

/** "were limited in August", "has been slow since last month", in the text: what came before. */
function isDated(field: Field, act: Cue): boolean {
  for (const c of field.clauseOf(act.from).cues) {
    if (c.cls !== 'month' && c.cls !== 'past') continue;
    // With its day ("May 20", "the 20th of May") it may be this very one.
    const dayed = isYear(field, c.to) || [c.to, c.from - 1, c.from - 2].some((i) => isDay(field, i));
    if (c.cls === 'past' ? c.from < act.to : dayed) continue;
    if (field.hasBefore(c.from, 'inyear') && !isReported(field, c)) return true;
  }
  return false;
}

export function isYear({ tokens }: Field, i: number): boolean {
  const w = tokens[i]?.w;
  return w !== undefined && w.length === 4 && /^(?:19|20)\d\d$/u.test(w);
}

/** "in 2022", "2022 yılında". */
const isDatedYear = (field: Field, i: number): boolean =>
  field.hasBefore(i, 'inyear') || (field.hasAfter(i + 1, 'inyearpost') && !field.isParted(i + 1, i + 1));

/** "in 2022" with no month or day before it, in the act's proposition: history. */
function bareYear(field: Field, act: Cue): Time | null {
  const prop = field.prop[act.from];
  const from = Math.max(0, act.from - 14);
  const to = Math.min(field.tokens.length, act.to + 14);
  for (let i = from; i < to; i++) {
    if (field.prop[i] !== prop || !isYear(field, i)) continue;
    if (isDatedYear(field, i)) return 'past';
    // A month without a day may be this one.
    if (field.hasBefore(i, 'month', REACH.beside) && ![i - 1, i - 2, i - 3].some((k) => isDay(field, k))) return 'soft';
  }
  return null;
}

/** What "after" makes of an act: the older step, or the news that follows it. */

/** "Nach dem Putsch sperrt das Militär …", "Wegen der Wahl hat das Regime … gesperrt": the act, or what helps it, is a finite verb. */
const isFiniteVerb = (field: Field, from: number, act: Cue): boolean =>
  field
    .cuesAround(act.from)
    .some(
      (c) => (c.cls === 'active' && c.from === act.from) || (c.cls === 'finite' && c.from >= from && c.to <= act.to),
    );

const OPENING = 4;

const isFirst = (field: Field, from: number, act: Cue): boolean =>
  !field.isParted(from, act.from) &&
  !field.cuesAround(act.from).some((c) => isAct(c) && c.cls !== 'lift' && c.to <= act.from);

/** What the title begins with, right before "after", is a network, platforms or a service. */
const hasOnline = (field: Field, verb: Cue, after: Cue): boolean =>
  !field.otherActBetween(field.sentenceOf(verb.from).from, after.from) &&
  (field.hasBefore(after.from, ['net', 'social']) ||
    field.mentionsAround(verb.from).some((m) => m.role === null && (m.to === after.from || isPlaced(field, m, after))));

/** "X in Pakistan after a block back": the place belongs to what the title begins with. */
const isPlaced = (field: Field, { to }: { to: number }, after: Cue): boolean =>
  field.places.some((p) => p.to === after.from && p.from >= to && p.from - to <= 1);

/** "after blocking Telegram, …", "… months after restricting it": what follows the word is the older step. `verb`: the lift, where there is one. */
function afterScope(field: Field, act: Cue, verb: Cue): boolean {
  const { from } = field.sentenceOf(act.from);
  return field.clauseOf(act.from).cues.some((cue) => {
    if (cue.cls !== 'after' || cue.to > act.from || isSpared(field, act, verb, cue)) return false;
    // "Hours after the president stepped in access was restored": the main clause, with the first act of the sentence.
    const main = cue.from - from <= OPENING && isFiniteVerb(field, cue.to, verb) && isFirst(field, cue.to, act);
    if (cue.from - from > REACH.beside && !main) return true;
    // At the head of a sentence the scope ends at the first comma behind an act or a name.
    if (lastComma(field, cue.to + 1, act.from) >= 0) return false;
    // "Nach den Protesten haben die Behörden …" without a comma: what is far behind is the main clause, and so is a finite verb.
    return partsBehind(field, act) || (act.from - cue.to <= MAIN_CLAUSE && !isFiniteVerb(field, cue.to, verb));
  });
}
const MAIN_CLAUSE = 6;

/** The act is the news, though "after" stands before it. */
function isSpared(field: Field, act: Cue, verb: Cue, after: Cue): boolean {
  // "after Facebook, X is blocked, too": one name that came first.
  if (field.mentionsAround(act.from).some((m) => m.from === after.to && m.role === 'comparison')) return true;
  const holds = field.cueBefore(act.from, 'still', REACH.phrase);
  if (holds !== null && holds.from >= after.to) return true;
  // "Internet nach Totalausfall wieder verfügbar": in a title without verbs what is back is the news.
  if (field.name === 'title') return verb.cls === 'unblock' && verb.from > after.to && hasOnline(field, verb, after);
  // "The state, following the start of its vote, has blocked …": behind the comma its own verb goes on.
  const resumed = lastComma(field, after.to + 1, act.from);
  return resumed >= 0 && goesOnBehind(field, resumed, act);
}

/** A comma or a dash in the sentence behind the act. */
const partsBehind = (field: Field, act: Cue): boolean => lastComma(field, act.to, field.sentenceOf(act.from).to) >= 0;

/** The last token of a stretch that stands behind a comma or a dash; -1 = none does. */
function lastComma(field: Field, from: number, to: number): number {
  let comma = -1;
  for (let i = from; i < to; i++) if (field.gapAt(i, GAP.comma | GAP.clause)) comma = i;
  return comma;
}

/** ", has blocked": a verb at once behind the comma whose subject acts itself. */
const goesOnBehind = (field: Field, comma: number, act: Cue): boolean =>
  field.sentenceHas(
    act.from,
    ['active', 'finite'],
    (c) => c.from - comma <= REACH.beside && c.from >= comma && c.to >= act.to,
  );
