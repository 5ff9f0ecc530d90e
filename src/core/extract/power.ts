/** Who stands behind an act: those who rule, or the owner of what it hits. */
import { REACH } from './distances.ts';
import type { Cue, Field } from './read.ts';
import { cueBefore, cuesAround } from './read.ts';
import { inSentence } from './scope.ts';

/** "The regulator wants to fine X": who plans it can do it. */
export const isByState = (field: Field, act: Cue): boolean =>
  cuesAround(field, act.from).some(
    (c) => c.cls === 'auth' && c.to <= act.from && field.prop[c.from] === field.prop[act.from],
  ) ||
  field.places.some((p) => p.kind !== 'demonym' && p.to <= act.from && field.prop[p.from] === field.prop[act.from]);

/** An authority stands in the act's sentence. */
export const isRuled = (field: Field, act: Cue): boolean =>
  inSentence(field, act.from, 'auth') !== null ||
  field.places.some((p) => p.kind === 'authority' && field.sentence[p.from] === field.sentence[act.from]);

/** "Musk threatens to switch X off", "Musk ordered a block": no state's doing. */
export const isOwners = (field: Field, act: Cue, cls: 'threat' | 'order'): boolean => {
  const word = inSentence(field, act.from, cls);
  const owner = word === null ? null : cueBefore(field, word.from, REACH.beside, 'owner');
  // "Google threatened with a block": it is the target.
  return owner !== null && !field.mentions.some((m) => m.from < owner.to && m.to > owner.from);
};
