/** What "after" makes of an act: the older step, or the news that follows it. */
import { REACH } from './distances.ts';
import type { Cue, Field } from './read.ts';
import { clauseOf, cueBefore, cuesAround, mentionsAround } from './read.ts';
import { isAct, otherActBetween } from './scope.ts';
import { GAP } from './tokens.ts';

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
