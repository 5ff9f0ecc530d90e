/** Whether an act is only to come. */

import { type Habits, REACH } from './distances.ts';
import { governs } from './governs.ts';
import type { Cue, Field } from './read.ts';
import { clauseOf, cueBefore, cuesAround, mentionsAround } from './read.ts';

/** "will be blocked": planned, unless something ordered it already. */
export const isFuture = (field: Field, act: Cue, habits: Habits): boolean =>
  (governs(field, act, 'will', habits) && !isPresentPassive(field, act)) || isInfinitive(field, act);

/** "In Ghana werden X und Y blockiert": where the word of the future makes the passive, too, and no day ahead is named. */
function isPresentPassive(field: Field, act: Cue): boolean {
  if (!field.cuesAt[act.from]!.some((c) => c.cls === 'participle' && c.to >= act.to)) return false;
  const around = clauseOf(field, act.from).cues;
  return around.some((c) => c.cls === 'passive' && c.to <= act.from) && !around.some((c) => c.cls === 'soon');
}

/** "Australia to ban X": a headline's future, when who acts stands right before it. */
function isInfinitive(field: Field, act: Cue): boolean {
  const to = cueBefore(field, act.from, REACH.touching, 'inf');
  if (to === null || field.name !== 'title') return false;
  // "the latest state to ban": it has.
  if (cuesAround(field, act.from).some((c) => c.cls === 'latest' && c.to === to.to)) return false;
  return (
    cueBefore(field, to.from, REACH.touching, ['auth', 'people', 'social', 'net']) !== null ||
    field.places.some((p) => p.to === to.from) ||
    mentionsAround(field, act.from).some((m) => m.to === to.from)
  );
}
