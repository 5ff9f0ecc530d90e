import { codeOf } from '../../core/errors.ts';
import type { AdapterDeps, Incoming } from '../../core/ports/chat-adapter.ts';
import { inOrderByKey } from '../../core/wakeable.ts';
import { type Cipher, createEncryptionGuard } from './cipher.ts';
import type { Names } from './commands.ts';
import type { MatrixAccount } from './config.ts';
import { openMemory } from './memory.ts';
import { createDirectness, createPowerLevels, createSenders } from './people.ts';
import type { MatrixPort } from './port.ts';
import { factsOf } from './request.ts';

/** What the running parts of one account share. */
export type Context = Awaited<ReturnType<typeof openContext>>;

const MAX_PER_ROOM = 20;
const MAX_COMMANDS = 1_000;

/** `signal`: aborts when nothing more is received or begun. Throws where the store cannot be read. */
export async function openContext(account: MatrixAccount, deps: AdapterDeps, port: MatrixPort, signal: AbortSignal) {
  const { id: accountId, lang = null, e2ee = false } = account;
  const { clock, ids, log } = deps;
  const memory = await openMemory(deps.state, log);
  const names: Names = { userId: '', displayName: null };
  const power = createPowerLevels(port, clock);
  const direct = createDirectness(port, memory, clock, signal);
  return {
    port,
    memory,
    names,
    guard: createEncryptionGuard(port, memory, clock, e2ee),
    /** Null: encrypted rooms are not served, but left. */
    cipher: null as Cipher | null,
    power,
    direct,
    senders: createSenders({ lang, power, direct, log, signal }),
    /** Work in order within a room, rooms beside each other. */
    queues: inOrderByKey({ perKey: MAX_PER_ROOM, total: MAX_COMMANDS }),
    clock,
    ids,
    log,
    signal,
    address: (chat: string) => ({ accountId, chat, thread: null }),
    /** Tries again a few times with growing waits; false when it never worked. */
    persist: persistence({ clock, signal }),
    /** Chats of the store. */
    knownChats: async () => [...new Set((await deps.knownChats()).map(({ chat }) => chat))],
    /** Nobody listens yet. */
    emit: async (_event: Incoming): Promise<void> => {},
  };
}

const PERSIST_WAITS_MS = [500, 2_000, 8_000];

const persistence =
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
