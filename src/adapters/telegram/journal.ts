import type { Update } from 'grammy/types';
import { onceWhileFailing } from '../../core/failures.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Log } from '../../core/ports/log.ts';
import type { DurableState } from '../../core/ports/state.ts';
import type { Journal } from './inbox.ts';
import { type OldEntry, updateOf } from './old-journal.ts';

const KEY = 'updates';
/** Telegram keeps updates for 24 hours; after a week without any it starts to count from a new number. */
const VALID_MS = 86_400_000;

interface Kept {
  /** Ms since the epoch. */
  at: number;
  handled: number[];
  unfinished: (Update | OldEntry)[];
}

/**
 * Telegram forgets an update once a later offset is asked for, and takes only one offset. So that one slow handler does not keep
 * everybody waiting, updates that are still with their handlers are written down here before the offset goes past them.
 */
export async function readJournal(state: DurableState, clock: Clock): Promise<Journal> {
  const kept = (await state.get(KEY)) as Kept | null | undefined;
  if (!kept || !Array.isArray(kept.unfinished) || !Array.isArray(kept.handled)) return { handled: [], unfinished: [] };
  const recent = Math.abs(clock.now() - kept.at) < VALID_MS;
  const unfinished = kept.unfinished.map((one) => ('event' in one ? updateOf(one) : one));
  return { handled: recent ? kept.handled : [], unfinished };
}

/** False = it could not be kept: do not acknowledge. Logged once, until it works again. */
export function journalWriter(state: DurableState, clock: Clock, log: Log): (journal: Journal) => Promise<boolean> {
  const trouble = onceWhileFailing(log, { begins: 'Unable to keep the state of updates', ends: null });
  return async ({ handled, unfinished }) => {
    try {
      await state.set(KEY, { at: clock.now(), handled, unfinished });
      trouble.working();
      return true;
    } catch (error) {
      trouble.failing(error);
      return false;
    }
  };
}
