import {
  type Cue,
  clauseOf,
  cueAfter,
  cueBefore,
  cuesAround,
  type Field,
  isAct,
  mentionsAround,
  otherActBetween,
  REACH,
} from './field.ts';
import { GAP } from './text/tokens.ts';

/** Years, days and months around an act, and sentences that tell history. */

/** When an act took place: now, in what the text may tell as background, or in the past. */
export type Time = 'now' | 'soft' | 'past';

/** A sentence of the text that opens with "earlier", "the day before": it tells what came first. */
export function isHistory(field: Field, at: number): boolean {
  if (field.name === 'title') return false;
  const { from, to } = field.sentences[field.sentence[at]!]!;
  // "Another country did so in 2020."
  if (from > 0)
    for (let i = from + 1; i < to; i++)
      if (isYear(field, i) && cueBefore(field, i, REACH.touching, 'inyear') !== null) return true;
  return cuesAround(field, at).some(
    (c) => c.cls === 'disclaimer' || ((c.cls === 'past' || c.cls === 'lead') && c.from - from <= REACH.near),
  );
}

/** "confirmed on Tuesday that it had asked providers": past of what is said now, no history. */
export const isReported = (field: Field, cue: Cue): boolean =>
  cuesAround(field, cue.from).some((c) => c.cls === 'say' && c.to <= cue.from && cue.from - c.to <= 6);

export const isDay = (field: Field, i: number): boolean => {
  const w = field.tokens[i]?.w ?? '';
  return /^\d{1,2}(st|nd|rd|th)?$/u.test(w);
};

/** "were limited in August", "has been slow since last month", in the text: what came before. */
export function isDated(field: Field, act: Cue): boolean {
  for (const c of clauseOf(field, act.from).cues) {
    if (c.cls !== 'month' && c.cls !== 'past') continue;
    // With its day ("May 20", "the 20th of May") it may be this very one.
    const dayed = isYear(field, c.to) || [c.to, c.from - 1, c.from - 2].some((i) => isDay(field, i));
    if (c.cls === 'past' ? c.from < act.to : dayed) continue;
    if (cueBefore(field, c.from, REACH.touching, 'inyear') !== null && !isReported(field, c)) return true;
  }
  return false;
}

export const isYear = (field: Field, i: number): boolean => /^(?:19|20)\d\d$/u.test(field.tokens[i]?.w ?? '');

/** "in 2022", "2022 yılında". */
export const isDatedYear = (field: Field, i: number): boolean =>
  cueBefore(field, i, REACH.touching, 'inyear') !== null ||
  (cueAfter(field, i + 1, REACH.touching, 'inyearpost') !== null && !hasComma(field, i + 1));

const hasComma = (field: Field, i: number): boolean => (field.tokens[i]!.gap & GAP.comma) !== 0;

/** "in 2022" with no month or day before it, in the act's proposition: history. */
export function bareYear(field: Field, act: Cue): Time | null {
  const prop = field.prop[act.from];
  const from = Math.max(0, act.from - 14);
  const to = Math.min(field.tokens.length, act.to + 14);
  for (let i = from; i < to; i++) {
    if (field.prop[i] !== prop || !isYear(field, i)) continue;
    if (isDatedYear(field, i)) return 'past';
    // A month without a day may be this one.
    if (
      cueBefore(field, i, REACH.beside, 'month') !== null &&
      !isDay(field, i - 1) &&
      !isDay(field, i - 2) &&
      !isDay(field, i - 3)
    )
      return 'soft';
  }
  return null;
}

/** What "after" makes of an act: the older step, or the news that follows it. */

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
  (cueBefore(field, after.from, REACH.touching, ['net', 'social']) !== null ||
    mentionsAround(field, verb.from).some(
      (m) => m.role === null && (m.to === after.from || isPlaced(field, m, after)),
    ));

/** "X in Pakistan after a block back": the place belongs to what the title begins with. */
const isPlaced = (field: Field, { to }: { to: number }, after: Cue): boolean =>
  field.places.some((p) => p.to === after.from && p.from >= to && p.from - to <= 1);

/** "after blocking Telegram, …", "… months after restricting it": what follows the word is the older step. `verb`: the lift, where there is one. */
export function afterScope(field: Field, act: Cue, verb: Cue): boolean {
  const { from } = field.sentences[field.sentence[act.from]!]!;
  return clauseOf(field, act.from).cues.some((cue) => {
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
  if (mentionsAround(field, act.from).some((m) => m.from === after.to && m.role === 'comparison')) return true;
  const holds = cueBefore(field, act.from, REACH.phrase, 'still');
  if (holds !== null && holds.from >= after.to) return true;
  // "Internet nach Totalausfall wieder verfügbar": in a title without verbs what is back is the news.
  if (field.name === 'title') return verb.cls === 'unblock' && verb.from > after.to && hasOnline(field, verb, after);
  // "The state, following the start of its vote, has blocked …": behind the comma its own verb goes on.
  const resumed = lastComma(field, after.to + 1, act.from);
  return resumed >= 0 && goesOnBehind(field, resumed, act);
}

/** A comma or a dash in the sentence behind the act. */
const partsBehind = (field: Field, act: Cue): boolean =>
  lastComma(field, act.to, field.sentences[field.sentence[act.from]!]!.to) >= 0;

/** The last token of a stretch that stands behind a comma or a dash; -1 = none does. */
function lastComma(field: Field, from: number, to: number): number {
  let comma = -1;
  for (let i = from; i < to; i++) if ((field.tokens[i]!.gap & (GAP.comma | GAP.clause)) !== 0) comma = i;
  return comma;
}

/** ", has blocked": a verb at once behind the comma whose subject acts itself. */
const goesOnBehind = (field: Field, comma: number, act: Cue): boolean =>
  cuesAround(field, act.from).some(
    (c) =>
      (c.cls === 'active' || c.cls === 'finite') && c.from - comma <= REACH.beside && c.from >= comma && c.to >= act.to,
  );
