import { REACH } from './distances.ts';
import type { Cue, Field } from './read.ts';
import { cueAfter, cueBefore, cuesAround, hasCue } from './read.ts';
import { GAP } from './tokens.ts';

/** Tokens between an act and the accounts that it hits, where a number opens what it hits. */
const COUNTED = 5;

/** "blocks the account of", "banned over 23 lakh Indian users"; but "cuts off X after accounts were hacked" names its object first. */
export function hitsAccount(field: Field, act: Cue): boolean {
  const before = cueBefore(field, act.from, REACH.close, 'account');
  // "if it does not hand over the accounts, access will be barred": the comma ends the condition.
  if (
    before !== null &&
    !(hasCondition(field, before.from) && hasComma(field, before.to, act.from)) &&
    !isOfFirst(field, before, act)
  )
    return true;
  // "gets his account back"
  for (let i = act.from + 1; i < act.to - 1; i++) if (hasCue(field, i, 'account')) return true;
  const from = cueAfter(field, act.to, REACH.touching, 'access')?.to ?? act.to;
  const account = isCounted(field, from)
    ? cueAfter(field, from, COUNTED, ['account', 'people'])
    : cueAfter(field, from, REACH.close, 'account');
  if (account === null) return false;
  return !cuesAround(field, act.from).some((c) => c.cls === 'after' && c.from > act.to && c.to <= account.from);
}

/** "withholds accounts and blocks pages of X": they are the first act's. */
export const isOfFirst = (field: Field, account: Cue, act: Cue): boolean =>
  cueBefore(field, act.from, REACH.touching, 'and')?.from === account.to &&
  hasCue(field, act.to, 'func') &&
  cueBefore(field, account.from, REACH.phrase, ['restrict', 'block', 'cut']) !== null;

const hasCondition = (field: Field, at: number): boolean =>
  cuesAround(field, at).some((c) => c.cls === 'cond' && c.to <= at);

function hasComma(field: Field, from: number, to: number): boolean {
  for (let i = from; i <= to; i++) if ((field.tokens[i]!.gap & GAP.comma) !== 0) return true;
  return false;
}

/** "withholds accounts on the order of a court", "Moldova blocks hundreds of accounts": a state's doing, not the house rules. */
export const isStatesDoing = (field: Field, act: Cue): boolean =>
  cuesAround(field, act.from).some((c) => c.cls === 'order') ||
  (field.name === 'title' &&
    field.places.some((p) => p.to === act.from && p.kind !== 'city' && p.kind !== 'demonym') &&
    // "freezes the accounts of a firm": money, where the name is no platform that people have accounts on.
    field.mentions.some((m) => PUBLISHING.has(m.category)));
const PUBLISHING = new Set(['social', 'messenger', 'video']);

/** "30 …", "over 2.3 million …". */
function isCounted(field: Field, i: number): boolean {
  const count = field.cuesAt[i]?.find((c) => c.cls === 'count');
  return /^\d/u.test(field.tokens[count?.to ?? i]?.w ?? '');
}

/** A verb of lifting that has accounts, posts or the like for its object ("removed the accounts of") lifts no ban that stands elsewhere. */
export function hasOtherObject(field: Field, lift: Cue, ban: Cue): boolean {
  // "removed it from the air and blocked its site": two verbs.
  const and = cueBefore(field, ban.from, REACH.touching, 'and');
  if (and !== null && and.from > lift.to) return true;
  for (let i = lift.to; i <= lift.to + REACH.close; i++) {
    if (ban.from >= lift.to && i >= ban.from) return false;
    if (hasCue(field, i, 'account') || hasCue(field, i, 'channel') || hasCue(field, i, 'content')) return true;
  }
  return false;
}
