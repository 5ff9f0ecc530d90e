/** Whether a word governs an act: stands before it with no other act between, reaches over it, or stands close behind it. */
import { behindOf, type Governing, type Habits, REACH } from './distances.ts';
import type { Cue, Field } from './read.ts';
import { clauseOf, mentionsAround } from './read.ts';
import { actBetween } from './scope.ts';
import { GAP, perWord } from './tokens.ts';

/** Words behind an act that begin another one: "blocks X, plans a service of its own". */
const SVO = 5;
/** The act that a word behind governs follows it so soon. */
const NEXT_ACT = 5;

export function governs(field: Field, act: Cue, cls: Governing, habits: Habits): boolean {
  const behind = behindOf(cls, habits);
  for (const cue of clauseOf(field, act.from).cues)
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
  !actBetween(field, cue.to, act.from, field.prop[act.from]!);

function governsBehind(field: Field, act: Cue, cue: Cue, behind: number): boolean {
  const prop = field.prop[act.from]!;
  // "blocks X, plans a service of its own": another act.
  if (
    cue.cls === 'modal' &&
    !field.cuesAt[act.to]?.some((c) => c.cls === 'modal') &&
    ((field.tokens[cue.from]!.gap & GAP.comma) !== 0 ||
      (behind <= SVO && cue.from - act.to <= behind && startsAnew(field, act, cue)))
  )
    return false;
  return (
    cue.from >= act.to &&
    cue.from - act.to <= behind &&
    !actBetween(field, act.to, cue.from, prop) &&
    // "slows X and threatens it with a block": a phrase that holds an act of its own governs that one.
    !actBetween(field, cue.from, cue.to, prop) &&
    // "The removal may mean a block": the word governs the act that follows it, not the one before.
    !actBetween(field, cue.to, Math.min(cue.to + NEXT_ACT, field.tokens.length), prop)
  );
}

/** "blocks X, citizens are asked to": behind the comma another subject. */
function startsAnew(field: Field, act: Cue, verb: Cue): boolean {
  for (let i = act.to + 1; i < verb.from; i++)
    if ((field.tokens[i]!.gap & GAP.comma) !== 0 && !mentionsAround(field, i).some((m) => m.from === i)) return true;
  return false;
}
