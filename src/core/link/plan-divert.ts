import type { Diversion, Stuck } from '../ports/links.ts';

/** How long an account has been in trouble without a pause, ms, by its id; those that are absent are well. */
export type Troubles = ReadonlyMap<string, number>;

/** The platform counts as failing after so long, ms. */
export const FAILS_AFTER = 5 * 60_000;
/** What waited that long already when a process begins need not wait that long again; but trouble of a moment is none. */
const SURE_AFTER = 30_000;
/** Even of an account that has failed for long, what is new is tried first, ms: so a platform that is back is noticed, and nobody is told twice. */
const TRIED_FOR = 20_000;
/** A second chat that is in trouble itself for so long, ms, helps nobody. */
const SPARE_FAILS_AFTER = 60_000;
/** A single chat that its platform does not take messages for: so many attempts at least. */
const ATTEMPTS = 2;

export type DivertWhy =
  /** The first chat's account has failed for five minutes. */
  | 'account-fails'
  /** The account fails now, and this has waited for five minutes; or it was tried again and again meanwhile. */
  | 'waits-too-long'
  | 'spare-has-it'
  | 'not-yet'
  | 'spare-fails-too';

/** `wait`: it is looked at again. */
export interface DivertDecision {
  id: number;
  do: Diversion['do'] | 'wait';
  why: DivertWhy;
}

/**
 * What becomes of something that a first chat has not got. Never both: what the second chat is told, or has, the first is not told any more, so
 * that a platform that comes back repeats nothing. Pure. `now`: ms since the epoch.
 */
export function planDivert(stuck: Stuck, troubles: Troubles, now: number): DivertDecision {
  const { id } = stuck;
  const why = failing(stuck, troubles, now);
  if (why === null) return { id, do: 'wait', why: 'not-yet' };
  if (stuck.spareHas) return { id, do: 'drop', why: 'spare-has-it' };
  if ((troubles.get(stuck.spareAccountId) ?? 0) >= SPARE_FAILS_AFTER) return { id, do: 'wait', why: 'spare-fails-too' };
  return { id, do: 'divert', why };
}

function failing(
  { accountId, attempts, createdAt }: Stuck,
  troubles: Troubles,
  now: number,
): 'account-fails' | 'waits-too-long' | null {
  const trouble = troubles.get(accountId) ?? 0;
  const age = now - createdAt;
  if (trouble >= FAILS_AFTER && age >= TRIED_FOR) return 'account-fails';
  if (age < FAILS_AFTER) return null;
  return trouble >= SURE_AFTER || attempts >= ATTEMPTS ? 'waits-too-long' : null;
}
