import { codeOf } from '../../core/errors.ts';
import type { ChatAddress } from '../../core/model/chat.ts';
import type { AdapterDeps, Incoming } from '../../core/ports/chat-adapter.ts';
import type { Clock, Ids, Log } from '../../core/ports/runtime.ts';
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
  queues: RoomQueues;
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

/** Work in order within a room, rooms beside each other. */
export type RoomQueues = ReturnType<typeof createRoomQueues>;

export function createRoomQueues(perRoom: number, total: number) {
  const tails = new Map<string, { last: Promise<unknown>; length: number }>();
  let size = 0;
  let whenIdle: (() => void)[] = [];

  return {
    /** Null when it is full and `must` is not set; else resolves when the job is done. A job that throws is the caller's mistake and ends only itself. */
    push<T>(roomId: string, job: () => Promise<T>, must = false): Promise<T> | null {
      const queue = tails.get(roomId) ?? { last: Promise.resolve(), length: 0 };
      if (!must && (queue.length >= perRoom || size >= total)) return null;
      tails.set(roomId, queue);
      queue.length++;
      size++;
      const done = queue.last.then(job);
      queue.last = done
        .catch(() => {})
        .finally(() => {
          queue.length--;
          size--;
          if (queue.length === 0) tails.delete(roomId);
          if (size > 0) return;
          for (const resolve of whenIdle) resolve();
          whenIdle = [];
        });
      return done;
    },
    /** Jobs waiting or under way. */
    size: () => size,
    idle: () => (size === 0 ? Promise.resolve() : new Promise<void>((resolve) => whenIdle.push(resolve))),
  };
}
