import type { Clock } from '../../core/ports/clock.ts';
import type { Memory } from './memory.ts';
import type { CallOptions, MatrixPort } from './port.ts';

/** Keeps plain text out of encrypted rooms. */
export interface EncryptionGuard {
  /** Throws when it cannot be known: then nothing may be sent. */
  isEncrypted(roomId: string, options: CallOptions): Promise<boolean>;
  /** As far as it was seen, without asking: to be looked at once more right before something goes out in the clear. */
  wasSeen(roomId: string): boolean;
  /** An `m.room.encryption` event was seen. */
  saw(roomId: string): void;
  /** The stream of events goes on: all until now was seen. */
  heard(): void;
  /** The stream of events was interrupted: rooms may have changed unseen, so "not encrypted" is asked anew. */
  interrupted(): void;
}

const MAX_PLAIN = 10_000;
/** Without a word of the stream for longer, ms (it has one each half minute), rooms may have changed unseen as well. */
const HEARD_MS = 45_000;

/**
 * `always`: asks before each message in the clear. Between the answer and the message, and between an event and its sync, the room may still become encrypted: both are
 * as short as a way to the server, and no client can close them.
 */
export function createEncryptionGuard(
  port: Pick<MatrixPort, 'stateContent'>,
  memory: Memory,
  clock: Pick<Clock, 'monotonic'>,
  always: boolean,
): EncryptionGuard {
  let plain = new Set<string>();
  let heardAt = Number.NEGATIVE_INFINITY;
  const wasSeen = (roomId: string): boolean => memory.room(roomId)?.encrypted === true;

  return {
    wasSeen,
    async isEncrypted(roomId, options) {
      if (wasSeen(roomId)) return true;
      // Whoever does not listen, or hears nothing, asks each time.
      if (!always && plain.has(roomId) && clock.monotonic() - heardAt <= HEARD_MS) return false;
      const before = plain;
      const state = await port.stateContent(roomId, 'm.room.encryption', options);
      if (state !== null) await memory.setRoom(roomId, { encrypted: true });
      // It may have been seen, or the stream interrupted, while we asked.
      if (wasSeen(roomId)) return true;
      if (before === plain && plain.size < MAX_PLAIN) plain.add(roomId);
      return false;
    },
    saw(roomId) {
      plain.delete(roomId);
      void memory.setRoom(roomId, { encrypted: true });
    },
    heard() {
      heardAt = clock.monotonic();
    },
    interrupted() {
      plain = new Set();
      heardAt = Number.NEGATIVE_INFINITY;
    },
  };
}
