import type { Cue, Field } from './read.ts';
import { cueAfter, cueBefore, cuesAround, hasCue } from './read.ts';

/** Tokens between an act and the accounts that it hits; more where a number opens what it hits. */
const REACH = 3;
const COUNTED = 5;

/** "blocks the account of", "banned over 23 lakh Indian users"; but "cuts off X after accounts were hacked" names its object first. */
export function hitsAccount(field: Field, act: Cue): boolean {
  if (cueBefore(field, act.from, REACH, 'account') !== null) return true;
  const account = isCounted(field, act.to)
    ? cueAfter(field, act.to, COUNTED, ['account', 'people'])
    : cueAfter(field, act.to, REACH, 'account');
  if (account === null) return false;
  return !cuesAround(field, act.from).some((c) => c.cls === 'after' && c.from > act.to && c.to <= account.from);
}

/** "30 …", "over 2.3 million …". */
function isCounted(field: Field, i: number): boolean {
  const count = field.cuesAt[i]?.find((c) => c.cls === 'count');
  return /^\d/u.test(field.tokens[count?.to ?? i]?.w ?? '');
}

/** A verb of lifting that has accounts, posts or the like for its object ("removed the accounts of") lifts no ban that stands elsewhere. */
export function hasOtherObject(field: Field, lift: Cue, ban: Cue): boolean {
  for (let i = lift.to; i <= lift.to + REACH; i++) {
    if (ban.from >= lift.to && i >= ban.from) return false;
    if (hasCue(field, i, 'account') || hasCue(field, i, 'channel') || hasCue(field, i, 'content')) return true;
  }
  return false;
}
