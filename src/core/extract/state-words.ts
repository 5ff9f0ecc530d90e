/** Whether words that sound like something else tell a state's doing. */
import { REACH } from './distances.ts';
import type { Cue, Field } from './read.ts';
import { clauseOf, cueAfter, cueBefore } from './read.ts';
import { isAct } from './scope.ts';

/** "blocks Wikipedia under a law": a service, and no judge, within the phrase. */
export const hitsService = (field: Field, cue: Cue): boolean =>
  // "Pornhub blocks Utah over an ID law": a site that goes over an age check.
  (field.mentions.some((m) => m.to === cue.from && m.category === 'adult') &&
    field.cuesIn[field.sentence[cue.from]!]!.some((c) => c.cls === 'age')) ||
  (field.mentions.some((m) => m.from > cue.from && m.to < cue.to && !m.everyday) &&
    cueAfter(field, cue.from, REACH.touching, 'noun') === null &&
    !field.cuesIn[field.sentence[cue.from]!]!.some((c) => c.cls === 'court'));

/** "access to the site of the radio station", "the internet and the radio are cut": not only its programmes. */
export const namesSite = (field: Field, cue: Cue): boolean =>
  field.cuesIn[field.sentence[cue.from]!]!.some(
    (c) =>
      c.cls === 'access' ||
      c.cls === 'net' ||
      (c.cls === 'social' && field.cuesAt[c.from]!.some((k) => k.cls === 'kind' && k.to === c.to)),
  );

/** "orders X to cease its operations": a state's doing, though the words are those of one that leaves. */
export const isBidden = (field: Field, cue: Cue): boolean =>
  field.cuesIn[field.sentence[cue.from]!]!.some((c) => c.cls === 'order' && c.to <= cue.from) ||
  (opensAct(field, cue) && (stateBefore(field, cue.from) || isSecondVerb(field, cue)));

/** "Peru blocks X and closes its offices" */
const isSecondVerb = (field: Field, cue: Cue): boolean =>
  cueBefore(field, cue.from, REACH.touching, 'and') !== null &&
  clauseOf(field, cue.from).cues.some((c) => isAct(c) && c.to <= cue.from && stateBefore(field, c.from));

const opensAct = (field: Field, cue: Cue): boolean =>
  field.cuesAt[cue.from]!.some((c) => isAct(c) && c.cls !== 'leave');

/** "Nigeria suspends …", "Peru's regulator halts …": a state right before the verb. */
export const stateBefore = (field: Field, at: number): boolean =>
  field.places.some((p) => p.to === at && (p.kind === 'country' || p.kind === 'authority')) ||
  cueBefore(field, at, REACH.touching, 'auth') !== null;
