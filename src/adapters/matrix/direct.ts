import type { ChatKind } from '../../core/model/chat.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Memory } from './memory.ts';
import type { MatrixPort } from './port.ts';

/** Tells direct chats from rooms. A room of two is not direct by itself: the invitation says it, and nobody else may be in it. */
export interface Directness {
  /** False when it cannot be known. */
  isDirect(roomId: string): Promise<boolean>;
  kindOf(roomId: string): Promise<ChatKind>;
  /** True when we are the only one in the room. False when it cannot be known. */
  isAlone(roomId: string): Promise<boolean>;
  /** Members came or went. */
  forget(roomId: string): void;
}

const KEEP_MS = 10 * 60_000;
const MAX_KEPT = 1_000;

export function createDirectness(
  port: Pick<MatrixPort, 'joinedMembers'>,
  memory: Memory,
  clock: Clock,
  signal: AbortSignal,
): Directness {
  const kept = new Map<string, { count: number; until: number }>();

  /** Joined members, at least; null when the server cannot be asked. */
  async function count(roomId: string): Promise<number | null> {
    const known = kept.get(roomId);
    if (known && known.until > clock.monotonic()) return known.count;
    try {
      const members = await port.joinedMembers(roomId, { signal, timeoutMs: 10_000 });
      if (kept.size >= MAX_KEPT) kept.clear();
      kept.set(roomId, { count: members.length, until: clock.monotonic() + KEEP_MS });
      return members.length;
    } catch {
      return null;
    }
  }

  const isDirect = async (roomId: string): Promise<boolean> => {
    if (!memory.room(roomId)?.direct) return false;
    const members = await count(roomId);
    return members !== null && members <= 2;
  };

  return {
    isDirect,
    kindOf: async (roomId) => ((await isDirect(roomId)) ? 'private' : 'group'),
    async isAlone(roomId) {
      kept.delete(roomId);
      return (await count(roomId)) === 1;
    },
    forget: (roomId) => void kept.delete(roomId),
  };
}
