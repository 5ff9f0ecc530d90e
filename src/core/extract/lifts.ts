/** Which word lifts which ban. */

import { hasOtherObject } from './account.ts';
import { gapTo } from './aside.ts';
import { REACH } from './distances.ts';
import type { Cue, Field } from './read.ts';
import { clauseOf, cueBefore, cuesAround } from './read.ts';

/** Words between "lifts" and "ban". */
const LIFT_REACH = 14;

/** "lifts" makes the nearest "ban" of its proposition an unblock: ban cue → lift cue. */
export function lifts(field: Field, used: Set<Cue>): Map<Cue, Cue> {
  const out = new Map<Cue, Cue>();
  for (const lift of field.cues) {
    if (lift.cls !== 'lift') continue;
    let best: Cue | null = null;
    let least = LIFT_REACH;
    for (const cue of clauseOf(field, lift.from).cues) {
      if (!['block', 'restrict', 'shutdown', 'cut', 'throttle'].includes(cue.cls) || used.has(cue)) continue;
      // "suspends the ban": the lifting word itself is no cut.
      if (cue.cls === 'cut' && cue.from >= lift.from && cue.to <= lift.to) {
        used.add(cue);
        continue;
      }
      const distance = gapTo(lift, cue);
      if (distance >= least) continue;
      if (hasOtherObject(field, lift, cue) || isNoBan(field, lift, cue) || isOccasion(field, lift, cue)) continue;
      least = distance;
      best = cue;
    }
    if (best !== null && !out.has(best)) out.set(best, lift);
  }
  return out;
}

/** "the network cut after the autonomy was revoked": what came first lifts nothing that follows from it. */
const isOccasion = (field: Field, lift: Cue, ban: Cue): boolean => {
  const after = ban.to <= lift.from ? cueBefore(field, lift.from, REACH.beside, 'after') : null;
  return after !== null && after.from >= ban.to;
};

/** "removes banned content", "goes dark, removed from stores", "orders a page removed or the site will be blocked": no ban is removed. */
const isNoBan = (field: Field, lift: Cue, ban: Cue): boolean =>
  cuesAround(field, ban.from).some(
    (c) =>
      ((c.cls === 'attr' || c.cls === 'threat') && c.from <= ban.from && c.to >= ban.to) ||
      (c.cls === 'delist' && c.from <= lift.from && c.to >= lift.to && (ban.from >= c.to || ban.to <= c.from)),
  );
