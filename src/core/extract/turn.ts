/** A story that turns within a sentence. */
import type { Fact } from './fact.ts';
import { clauseOf } from './read.ts';

/** "lifts the ban on X, but the app does not open": behind what is said to be back, in a clause that "but" opens, it does not work. */
export const turnsBack = ({ field, act, down, weak, part }: Fact, back: Fact): boolean =>
  down &&
  !weak &&
  !part &&
  back.action === 'unblock' &&
  back.state === 'now' &&
  back.field === field &&
  back.act.to <= act.from &&
  field.sentence[back.act.from] === field.sentence[act.from] &&
  field.prop[back.act.from] !== field.prop[act.from] &&
  clauseOf(field, act.from).cues.some((c) => c.cls === 'split' && c.from < act.from);
