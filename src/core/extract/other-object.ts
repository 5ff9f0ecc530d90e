/** An act that hits something else than access: "blocks imports", "restores trust". */

import type { Objects } from './about.ts';
import { isOfFirst } from './account.ts';
import type { Acting } from './act-rules.ts';
import { gapTo } from './aside.ts';
import { REACH } from './distances.ts';
import type { Cue, Field } from './read.ts';
import { cueAfter, cueBefore, cuesAround, hasCue } from './read.ts';

export function hitsOther({ field, act, lift, setting }: Acting, objects: Objects): boolean {
  if (act.cls === 'legal' || (act.cls === 'unblock' && objects.net)) return false;
  const reach = objects.carried ? 2 : 3;
  const inside = cuesAround(field, act.from).find(
    (c) => c.cls === 'other' && act.cls !== 'shutdown' && c.from > act.from && c.to < act.to,
  );
  const other = inside ?? cueAfter(field, act.to, reach, 'other') ?? cueBefore(field, act.from, reach, 'other');
  if (other === null || field.prop[other.from] !== field.prop[act.from]) return false;
  // "officials threaten a ban": who rules is not what is hit.
  if (other.to <= act.from && inside === undefined && hasCue(field, other.from, 'auth')) return false;
  if (inside === undefined && gapTo(act, other) >= objects.nearest) return false;
  if (objects.part && cueAfter(field, other.from, REACH.touching, 'account') !== null) return false;
  // "in contact over the lifting of a ban"
  if (lift !== undefined && other.to <= lift.from && lift.to <= act.from) return false;
  return (
    !isTool(field, act, other) &&
    !isBeside(field, act, other) &&
    !isOfFirst(field, other, act) &&
    !(setting.verbFinal && isNearerPart(field, act, other))
  );
}

/** "a law to block X": what is to do it is not what it hits. */
const isTool = (field: Field, act: Cue, other: Cue): boolean => {
  const to = other.to <= act.from ? cueBefore(field, act.from, REACH.touching, 'inf') : null;
  if (to !== null && to.from === other.to) return true;
  // "a bill would ban"
  const would = other.to <= act.from ? cueBefore(field, act.from, REACH.touching, ['modal', 'will']) : null;
  return (
    (would !== null && would.from <= other.to && would.to === act.from) ||
    (other.to <= act.from &&
      cuesAround(field, act.from).some((c) => c.cls === 'bill' && c.from <= other.from && c.to >= act.to))
  );
};

/** "goes offline as protests spread": what opens the circumstances names no object. */
const isBeside = (field: Field, act: Cue, other: Cue): boolean =>
  other.from >= act.to &&
  cuesAround(field, act.from).some((c) => c.cls === 'circumstance' && c.from >= act.to && c.to <= other.from);

/** "access to the account of a journalist is barred": where the verb comes last, the part stands right before it. */
const isNearerPart = (field: Field, act: Cue, other: Cue): boolean =>
  other.to <= act.from &&
  cuesAround(field, act.from).some((c) => c.cls === 'func' && c.from >= other.to && c.to <= act.from);
