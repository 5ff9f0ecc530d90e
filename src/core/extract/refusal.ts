/** Acts that somebody asks for and nobody does: a request, motion or suit that is turned down, an order that has not come. */
import type { CueClass } from './classes.ts';
import { REACH } from './distances.ts';
import type { Fact } from './fact.ts';
import type { Cue, Field } from './read.ts';
import { cueBefore, cuesAround, hasCue } from './read.ts';
import { isAct } from './scope.ts';
import { GAP } from './tokens.ts';

/** Words between what is asked and the act that it asks for. */
const ASKED = 6;
/** Words between those two and what turns them down. */
const REFUSED = 8;
const PARTS = GAP.comma | GAP.clause | GAP.colon | GAP.sentence;

/** "rejects motion to ban X", "dismisses suit seeking a block": but what is brought against a ban and turned down leaves the ban. */
export function isRefused({ field, act, action, state }: Fact): boolean {
  if (action === 'unblock' || state === 'held') return false;
  const around = cuesAround(field, act.from);
  if (around.some((c) => c.cls === 'challenge')) return false;
  const refusals = around.filter((c) => c.cls === 'refuse' && cueBefore(field, c.from, REACH.touching, 'neg') === null);
  return around.some(
    (plea) => plea.cls === 'plea' && asksFor(field, plea, act) && refusals.some((c) => isOver(field, c, plea, act)),
  );
}

/** Before the two with nothing that parts it from them, or behind them; not between: "blocked X after it rejected a request". */
function isOver(field: Field, refusal: Cue, plea: Cue, act: Cue): boolean {
  const [first, second] = plea.from < act.from ? [plea, act] : [act, plea];
  if (refusal.from >= first.to)
    return refusal.to > second.from && refusal.from - second.to <= REFUSED && !hasComma(field, second.to, refusal.from);
  if (first.from - refusal.to > REFUSED) return false;
  for (let i = refusal.from + 1; i <= first.from; i++)
    if ((field.tokens[i]!.gap & PARTS) !== 0 || (i < first.from && field.cuesAt[i]!.some(parts))) return false;
  return true;
}

/** "files request to block X, its owner refuses": another who speaks. */
function hasComma(field: Field, from: number, to: number): boolean {
  for (let i = from; i <= to; i++) if ((field.tokens[i]!.gap & GAP.comma) !== 0) return true;
  return false;
}

/** Beside each other, and nothing joins or parts them. */
function asksFor(field: Field, plea: Cue, act: Cue): boolean {
  const [first, second] = plea.from < act.from ? [plea, act] : [act, plea];
  if (second.from - first.to > ASKED) return false;
  // "rejects suit while Kenya blocks X": a verb that acts may have a subject of its own.
  const own =
    act === second && hasCue(field, act.from, 'active') && cueBefore(field, act.from, REACH.touching, 'inf') === null;
  if (own && field.places.some((p) => p.from >= first.to && p.to <= second.from)) return false;
  for (let i = first.to; i <= second.from; i++) {
    // "keine Weisung, X zu sperren": a comma before what is asked for.
    if ((field.tokens[i]!.gap & (i === plea.to && !own ? PARTS & ~GAP.comma : PARTS)) !== 0) return false;
    if (
      i < second.from &&
      field.cuesAt[i]!.some(
        (c) => (parts(c) && !joinsNames(field, c)) || (own && OPENS.has(c.cls) && !isOfBill(field, c)),
      )
    )
      return false;
  }
  return true;
}

/** "to block X or Y" */
const joinsNames = (field: Field, c: Cue): boolean => c.cls === 'and' && field.mentions.some((m) => m.to === c.from);

/** "projeto que proíbe": the word belongs to the bill. */
const isOfBill = (field: Field, { from, to }: Cue): boolean =>
  cuesAround(field, from).some((c) => c.cls === 'bill' && c.from < from && c.to >= to);

const OPENS: ReadonlySet<CueClass> = new Set<CueClass>(['split', 'circumstance']);
const parts = (c: Cue): boolean => c.cls === 'and' || (isAct(c) && c.cls !== 'legal');
