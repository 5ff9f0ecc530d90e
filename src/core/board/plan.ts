import type { Board } from '../ports/boards.ts';

/** Two edits are so far apart at least, ms: an hour of news must not use up a group's pace. */
export const EDIT_EVERY = 60_000;
/** What does not change is told anew so often: it says as of when, and a message that was deleted is noticed. */
export const REFRESH_EVERY = 6 * 3_600_000;
/** A message that cannot be sent (no right to write) is tried again after so long. */
export const AGAIN_AFTER = 3_600_000;

export type BoardPlan =
  | { do: 'send'; why: 'first' | 'lost' | 'deleted' | 'again' }
  | { do: 'edit'; why: 'changed' | 'refresh' }
  | { do: 'pin'; why: 'new' }
  | { do: 'wait'; why: 'under-way' | 'refused' | 'too-soon' | 'up-to-date' };

/** What is to be done about a board that should show `content` now. Pure. `now`: ms since the epoch. */
export function planBoard(board: Board, content: string, now: number): BoardPlan {
  // A clock that was set back must not hold a board for ever.
  const age = Math.abs(now - board.changedAt);
  if (board.pending) return { do: 'wait', why: 'under-way' };
  if (board.failed === 'send')
    return age >= AGAIN_AFTER ? { do: 'send', why: 'again' } : { do: 'wait', why: 'refused' };
  if (board.noticeId === null) return { do: 'send', why: 'first' };
  if (age < EDIT_EVERY && (board.failed === 'edit' || board.messageRef === null))
    return { do: 'wait', why: 'too-soon' };
  // Whoever deleted it did not switch it off: it comes back, once a minute at most.
  if (board.failed === 'edit') return { do: 'send', why: 'deleted' };
  if (board.messageRef === null) return { do: 'send', why: 'lost' };
  if (!board.pinned) return { do: 'pin', why: 'new' };
  if (board.shown !== content)
    return age >= EDIT_EVERY ? { do: 'edit', why: 'changed' } : { do: 'wait', why: 'too-soon' };
  return age >= REFRESH_EVERY ? { do: 'edit', why: 'refresh' } : { do: 'wait', why: 'up-to-date' };
}
