import type { CueClass } from './classes.ts';
import { REACH } from './distances.ts';
/** What belongs to one sentence or clause, for all who ask how an act stands in it. */
import type { Cue, Field } from './read.ts';
import { cueAfter, cueBefore, cuesAround } from './read.ts';

/** Cue classes that tell what happens to something. */
export const ACTS = [
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
] as const;
/** With those that need a ban, a law or an age check beside them. */
const ALL_ACTS: ReadonlySet<CueClass> = new Set<CueClass>([...ACTS, 'legal', 'leave']);

export const ACT_SET: ReadonlySet<CueClass> = new Set(ACTS);
export const isAct = (cue: Cue): boolean => ALL_ACTS.has(cue.cls);

export function actBetween(field: Field, from: number, to: number, prop: number): boolean {
  for (let i = from; i < to; i++) {
    if (field.prop[i] !== prop) continue;
    for (const cue of field.cuesAt[i]!) if (isAct(cue) && cue.cls !== 'restrict') return true;
  }
  return false;
}

export function inSentence(field: Field, at: number, cls: CueClass): Cue | null {
  for (const cue of cuesAround(field, at)) if (cue.cls === cls) return cue;
  return null;
}

/** "to stop the spread of fake news": what a measure is against says nothing about the report. */
export const isPrevented = (field: Field, cue: Cue): boolean =>
  cueBefore(field, cue.from, REACH.phrase, 'prevent') !== null ||
  cueAfter(field, cue.to, REACH.close, 'prevent') !== null;

export function otherActBetween(field: Field, from: number, to: number): boolean {
  for (let i = from; i < to; i++) for (const cue of field.cuesAt[i]!) if (isAct(cue)) return true;
  return false;
}
