import type { Memory } from './memory.ts';
import type { CallOptions, MatrixPort } from './port.ts';

/** Keeps plain text out of encrypted rooms. */
export interface EncryptionGuard {
  /** Throws when it cannot be known: then nothing may be sent. */
  isEncrypted(roomId: string, options: CallOptions): Promise<boolean>;
  /** An `m.room.encryption` event was seen. */
  saw(roomId: string): void;
  /** The stream of events was interrupted: rooms may have changed unseen, so "not encrypted" is asked anew. */
  interrupted(): void;
}

const MAX_PLAIN = 10_000;

export function createEncryptionGuard(port: Pick<MatrixPort, 'stateContent'>, memory: Memory): EncryptionGuard {
  let plain = new Set<string>();

  return {
    async isEncrypted(roomId, options) {
      if (memory.room(roomId)?.encrypted) return true;
      if (plain.has(roomId)) return false;
      const before = plain;
      const state = await port.stateContent(roomId, 'm.room.encryption', options);
      if (state !== null) await memory.setRoom(roomId, { encrypted: true });
      // It may have been seen, or the stream interrupted, while we asked.
      if (memory.room(roomId)?.encrypted) return true;
      if (before === plain && plain.size < MAX_PLAIN) plain.add(roomId);
      return false;
    },
    saw(roomId) {
      plain.delete(roomId);
      void memory.setRoom(roomId, { encrypted: true });
    },
    interrupted() {
      plain = new Set();
    },
  };
}
