import { codeOf } from '../../core/errors.ts';
import type { ChatAddress } from '../../core/model/chat.ts';
import type { AdapterDeps, Incoming } from '../../core/ports/chat-adapter.ts';
import type { Clock, Ids, Log } from '../../core/ports/runtime.ts';
import type { inOrderByKey } from '../../core/wakeable.ts';
import type { Cipher, EncryptionGuard } from './cipher.ts';
import type { Names } from './commands.ts';
import type { Memory } from './memory.ts';
import type { Directness, PowerLevels, Senders } from './people.ts';
import type { MatrixPort } from './port.ts';
import { factsOf } from './request.ts';

/** What the running parts of one account share; `session.ts` makes it. */
export interface Context {
  accountId: string;
  port: MatrixPort;
  memory: Memory;
  names: Names;
  guard: EncryptionGuard;
  /** Null: encrypted rooms are not served, but left. */
  cipher: Cipher | null;
  power: PowerLevels;
  direct: Directness;
  senders: Senders;
  /** Work in order within a room, rooms beside each other. */
  queues: ReturnType<typeof inOrderByKey>;
  clock: Clock;
  ids: Ids;
  log: Log;
  /** Aborts when nothing more is received or begun. */
  signal: AbortSignal;
  address(chat: string): ChatAddress;
  /** Tries again a few times with growing waits; false when it never worked. */
  persist: ReturnType<typeof persistence>;
  /** Chats of the store. */
  knownChats(): Promise<string[]>;
  emit(event: Incoming): Promise<void>;
}

const PERSIST_WAITS_MS = [500, 2_000, 8_000];

export const persistence =
  ({ clock, signal }: { clock: AdapterDeps['clock']; signal: AbortSignal }) =>
  async (attempt: () => Promise<unknown>): Promise<boolean> => {
    for (let tries = 0; ; tries++) {
      try {
        await attempt();
        return true;
      } catch (error) {
        const wait = PERSIST_WAITS_MS[tries];
        if (wait === undefined || signal.aborted || codeOf(error) === 'auth') return false;
        try {
          await clock.sleep(Math.max(wait, Math.min(factsOf(error).retryAfterMs ?? 0, 60_000)), signal);
        } catch {
          return false;
        }
      }
    }
  };
