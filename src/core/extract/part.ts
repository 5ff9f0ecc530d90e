/** Whether an act hits a whole service or a part of it, and what says so. */

import { gapTo } from './aside.ts';
import type { CueClass } from './classes.ts';
import { REACH } from './distances.ts';
import type { Cue, Field, Mention } from './read.ts';
import { clauseOf, cueAfter, cueBefore, cuesAround, hasCue } from './read.ts';
import { GAP, perWord } from './tokens.ts';

export const isPart = (field: Field, act: Cue, cls: CueClass): boolean => {
  const reach = cls === 'func' ? 4 : 4 * perWord(field.tokens[act.from]!);
  return clauseOf(field, act.from).cues.some(
    (c) =>
      c.cls === cls &&
      gapTo(act, c) <= reach &&
      // "ne fonctionne toujours pas": in the midst of the words of the act it is none.
      !(cls === 'func' && c.from > act.from && c.to < act.to) &&
      !(cls === 'func' && (apart(field, act, c) || isReason(field, c) || isOfKind(field, c) || isNotice(field, c))),
  );
};

/** "with a block page": what stands in the place of the site. */
const isNotice = (field: Field, thing: Cue): boolean =>
  cuesAround(field, thing.from).some((c) => c.cls === 'blockpage' && c.from <= thing.from && c.to >= thing.to);

/** "live-audio chat app X": what kind of app it is, no part of it. */
const isOfKind = (field: Field, thing: Cue): boolean => {
  let end = thing.to;
  while (hasCue(field, end, 'func') && !hasCue(field, end, 'kind')) end++;
  const kind = field.cuesAt[end]?.find((c) => c.cls === 'kind');
  if (kind === undefined) return false;
  // A name that no list knows is written with a capital.
  return field.mentions.some((m) => m.from === kind.to) || field.tokens[kind.to]?.cap === true;
};

/** "… fotoğrafları nedeniyle …": languages that say "because of" behind the reason. */
const isReason = (field: Field, thing: Cue): boolean => cueAfter(field, thing.to, REACH.touching, 'afterpost') !== null;

/** "cuts off 26 platforms, not registered in time": what a comma or "because of" parts from the act is no object of it. */
function apart(field: Field, act: Cue, thing: Cue): boolean {
  if (thing.from < act.to) return false;
  if (cueAfter(field, act.to, REACH.touching, 'after') !== null) return true;
  for (let i = act.to; i <= thing.from; i++) {
    if (i > act.to && (hasCue(field, i, 'after') || hasCue(field, i, 'about'))) return true;
    if ((field.tokens[i]!.gap & GAP.comma) !== 0 && !field.mentions.some((m) => m.from === i)) return true;
  }
  return false;
}

/** "Calls on X and Y still do not work": the function stands with the names, however far the act. */
export const functionOf = (field: Field, act: Cue, mentions: Mention[]): boolean =>
  clauseOf(field, act.from).cues.some(
    (c) =>
      c.cls === 'func' &&
      c.to <= act.from &&
      mentions.some((m) => m.to <= act.from && m.from - c.to >= 0 && m.from - c.to <= REACH.beside),
  );

export const limitsAccess = (field: Field, act: Cue): boolean =>
  clauseOf(field, act.from).cues.some((c) => c.cls === 'access' && gapTo(act, c) <= (c.to <= act.from ? 10 : 4));

/** "partly blocked" */
export const isPartly = (field: Field, act: Cue): boolean =>
  cueBefore(field, act.from, REACH.beside, 'partly') !== null ||
  cueAfter(field, act.to, REACH.touching, 'partly') !== null;
