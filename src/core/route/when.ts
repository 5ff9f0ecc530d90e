import type { Delivery, Regular } from '../model/alert.ts';
import { REGULAR } from '../model/alert.ts';
import type { Claim } from '../ports/outbox.ts';

/**
 * When a piece goes to its chat that has something to say. `hold`: it leaves the queue, and the summary of the quiet hours tells of it.
 * `wait`: it stays in the queue as it is. `drop`: another message says it.
 */
export type When =
  | { do: 'send'; why: 'not-quiet' | 'makes-no-sound' | 'critical' }
  | { do: 'hold'; until: number; why: 'quiet-hours' | 'behind-what-waits' }
  | { do: 'wait'; until: number; why: 'begun-already' | 'regular' }
  | { do: 'drop'; why: 'summary-shows-it' | 'summary-stays' };

type Piece = Pick<Claim, 'op' | 'kind' | 'messageRef' | 'inSummary' | 'heldBefore'> & {
  /** Its text was fixed by an attempt: whether that one arrived may not be known. */
  begun: boolean;
};

/** Is it one of those that come at their time, and are about no alert? */
export const isRegular = (kind: Claim['kind']): kind is Regular => (REGULAR as readonly string[]).includes(kind);

/** What makes a sound: edits never do. */
const rings = (op: Delivery['op']): boolean => op !== 'edit';

/**
 * Quiet hours hold what rings; what the chat has is kept true all the same. Pure.
 *
 * @param quietUntil end of the chat's quiet hours, ms since the epoch; null = none hold
 * @param critical does it ring in quiet hours, too? By `breaksThrough` of `audience.ts`, where the chat asked for it
 */
export function whenFor(piece: Piece, quietUntil: number | null, critical: boolean, now: number): When {
  if (isRegular(piece.kind))
    return quietUntil === null ? { do: 'send', why: 'not-quiet' } : { do: 'wait', until: quietUntil, why: 'regular' };
  if (!rings(piece.op)) return whenEdited(piece, critical && quietUntil !== null);
  if (quietUntil !== null && critical) return { do: 'send', why: 'critical' };
  if (quietUntil !== null)
    return piece.begun
      ? { do: 'wait', until: quietUntil, why: 'begun-already' }
      : { do: 'hold', until: quietUntil, why: 'quiet-hours' };
  // Its summary is about to be sent: a second one follows it, rather than an answer to nothing.
  const isBehind = piece.op === 'reply' && piece.heldBefore && piece.messageRef === null && !piece.begun;
  return isBehind ? { do: 'hold', until: now, why: 'behind-what-waits' } : { do: 'send', why: 'not-quiet' };
}

function whenEdited({ messageRef, inSummary, heldBefore }: Piece, critical: boolean): When {
  if (inSummary) return { do: 'drop', why: 'summary-stays' };
  // What waits has become critical, as when a block is confirmed: as a message, since there is none to edit.
  if (messageRef === null && heldBefore)
    return critical ? { do: 'send', why: 'critical' } : { do: 'drop', why: 'summary-shows-it' };
  return { do: 'send', why: 'makes-no-sound' };
}
