import type { MatrixPort } from './port.ts';
import { isEventId } from './sync-answer.ts';

const PINS = 'm.room.pinned_events';
/** What others pinned stays; a room of more pins than this drops its oldest. */
const MAX_PINS = 100;

/** Adds one of our messages to what the room has pinned. False: we may not, or the server cannot be asked. Never throws. */
export async function pinEvent(
  port: Pick<MatrixPort, 'stateContent' | 'setState'>,
  roomId: string,
  eventId: string,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    const content = await port.stateContent(roomId, PINS, { signal });
    const pinned = Array.isArray(content?.pinned) ? content.pinned.filter(isEventId) : [];
    if (pinned.includes(eventId)) return true;
    await port.setState(roomId, PINS, { ...content, pinned: [...pinned, eventId].slice(-MAX_PINS) }, { signal });
    return true;
  } catch {
    return false;
  }
}
