/** Years that a text names. News of the day seldom does; chronicles, encyclopedias and look-backs do. */
import { isYear } from '../dates.ts';
import type { Field } from '../read.ts';
import { addOnce, type Features, keyed, keyOf, mix } from './features.ts';

/** Words of a field that are looked at. */
export const MAX_WORDS = 70;
const VALUE = 0.7;

const FIRST = keyOf('year at the head');
const WITHIN = keyOf('year within');
const LAST = keyOf('year at the end');
const IN_FIRST = keyOf('year in the first sentence');
const BESIDE = keyOf('year beside');

/** How many a field names, where, and beside which cues; in the round of the field's other features. */
export function yearFeatures(field: Field, to: Features): void {
  const where = keyOf(field.name);
  const { tokens, sentence } = field;
  let count = 0;
  for (let i = 0; i < tokens.length && i < MAX_WORDS; i++) {
    if (!isYear(field, i)) continue;
    count++;
    addOnce(to, mix(where, i === 0 ? FIRST : WITHIN), VALUE);
    if (i === tokens.length - 1) addOnce(to, mix(where, LAST), VALUE);
    if (sentence[i] === 0) addOnce(to, mix(where, IN_FIRST), VALUE);
    cuesBeside(field, i, to);
  }
  addOnce(to, mix(where, keyed('years', Math.min(count, 3))), VALUE);
}

function cuesBeside(field: Field, at: number, to: Features): void {
  for (const cue of field.cuesIn[field.sentence[at]!]!)
    if (cue.to === at || cue.to === at - 1 || cue.from === at + 1) addOnce(to, mix(BESIDE, keyOf(cue.cls)), VALUE);
}
