import { onceWhileFailing } from '../failures.ts';
import type { ChatAddress } from '../model/chat.ts';
import type { Later, OwedAnswer, Reply } from '../outbox/answer-plan.ts';
import type { IncomingCommand } from '../ports/chat-adapter.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Store } from '../ports/store.ts';
import { wakeable } from '../wakeable.ts';
import { answerKey } from './asked-questions.ts';
import type { Router } from './routing.ts';

export interface OwedAnswersDeps {
  accounts: readonly string[];
  sender(accountId: string): { reply(reply: Reply): void; crowded(): boolean; owed(): OwedAnswer[] } | null;
  router: Pick<Router, 'later'>;
  store: Pick<Store, 'chats' | 'transaction'>;
  clock: Clock;
  log: Log;
  /** `IncomingCommand.ref` of the change that a chat is owed an answer to; null = not known. */
  changed?(address: ChatAddress): string | null;
  /** Another process may take over at any time: what was answered is noted sooner, for a few commits more. */
  eager?: boolean;
}

/**
 * Chats that changed something and were not answered when the process ended: a crowd waits for minutes, and its answers are the catch-up
 * without which whoever has just subscribed never hears of what is open.
 *
 * An answer to a change is noted in the store before the command counts as handled, and until then the adapter's inbox has the command: so a kill
 * at any time leaves one or the other. The note goes shortly after the answer went; what a kill finds in between is said twice.
 */
export interface OwedAnswers {
  /** Where answers go: as the account's sender, but `reply` resolves when a kill loses nothing any more. Null: nobody sends. */
  sender(accountId: string): { reply(reply: Reply): Promise<void>; crowded(): boolean } | null;
  /** What an earlier process owed waits again, from a moment after `loop` began. Never throws. */
  restore(): Promise<void>;
  loop(signal: AbortSignal): Promise<void>;
  /** For the end, when nothing is under way any more. Never throws. */
  save(): Promise<void>;
}

/** Between looks at what was answered, ms: so many answers a kill repeats, and so many share a transaction. */
const lookEvery = (waiting: number, eager: boolean): number =>
  waiting <= (eager ? 500 : 20) ? 40 : waiting <= 2_000 ? 250 : 1_000;
/** Commands that the platform gives once more after a kill come first, ms: they are answered as commands, and not twice. */
const COMMANDS_FIRST = 2_000;

interface Noting {
  address: ChatAddress;
  /** Null: it waits with the sender already. */
  reply: Reply | null;
  done(): void;
}

const keyOf = ({ accountId, chat, thread }: ChatAddress): string => JSON.stringify([accountId, chat, thread]);

export function createOwedAnswers(deps: OwedAnswersDeps): OwedAnswers {
  const { store, clock, log } = deps;
  const trouble = onceWhileFailing(log, { begins: 'Unable to keep which chats wait for an answer', ends: null });
  const looks = wakeable(clock);
  /** Rows with a note, by the address that is answered; null = the chat has no row to keep one in. */
  const noted = new Map<string, number | null>();
  /** Of an earlier process, not with their senders yet. */
  const restored = new Map<string, Reply>();
  let toNote: Noting[] = [];
  let answered: number[] = [];
  /** The store failed at the last try. */
  let behind = false;
  let writing: Promise<void> | null = null;

  /** One transaction at a time, for all that gathered meanwhile. Never throws. */
  function write(): Promise<void> {
    writing ??= writeAll().finally(() => {
      writing = null;
    });
    return writing;
  }

  async function writeAll(): Promise<void> {
    const again: number[] = [];
    while (toNote.length + answered.length > 0) {
      const [notes, over] = [toNote, answered];
      [toNote, answered] = [[], []];
      behind = !(await writeSome(notes, over));
      if (behind) again.push(...over);
      looks.wake();
      for (const { address, reply, done } of notes) {
        if (reply) deps.sender(address.accountId)?.reply(reply);
        done();
      }
    }
    // At the next look; who waits without a note is known by the sender.
    answered.push(...again);
  }

  async function writeSome(notes: readonly Noting[], over: number[]): Promise<boolean> {
    try {
      const ids = await store.transaction(async ({ chats }) => {
        await chats.answered(over);
        return await chats.owe(notes.map(({ address }) => address));
      });
      for (const [i, { address }] of notes.entries()) noted.set(keyOf(address), ids[i] ?? null);
      trouble.working();
      return true;
    } catch (error) {
      trouble.failing(error);
      return false;
    }
  }

  function note(address: ChatAddress, reply: Reply | null): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    toNote.push({ address, reply, done: resolve });
    void write();
    return promise;
  }

  /** Notes whose answers went are over; what waits without one (its chat moved, the store failed) gets one. */
  function look(): void {
    const waits = new Map<string, ChatAddress>();
    for (const accountId of deps.accounts)
      for (const { chat, thread } of deps.sender(accountId)?.owed() ?? []) {
        const address = { accountId, chat, thread };
        waits.set(keyOf(address), address);
      }
    for (const [key, id] of noted) {
      if (waits.has(key) || restored.has(key)) continue;
      noted.delete(key);
      if (id !== null) answered.push(id);
    }
    for (const [key, address] of waits) if (!noted.has(key)) void note(address, null);
  }

  async function settle(): Promise<void> {
    look();
    await write();
  }

  function release(): void {
    for (const [key, reply] of restored) {
      restored.delete(key);
      deps.sender(reply.address.accountId)?.reply(reply);
    }
  }

  function replyTo(address: ChatAddress, group: boolean): Reply {
    const later: Later = async (merged) =>
      (await store.chats.find({ ...address, thread: null }))
        ? await deps.router.later(asking(address, group))(merged)
        : null;
    const ref = deps.changed?.(address) ?? null;
    const key = ref === null ? {} : { key: answerKey(ref, 0) };
    return { address, group, document: null, replyTo: null, edit: null, kind: 'change', later, ...key };
  }

  return {
    sender(accountId) {
      const sender = deps.sender(accountId);
      if (!sender) return null;
      return {
        crowded: sender.crowded,
        async reply(reply) {
          if (reply.kind !== 'change' || reply.forgotten) return sender.reply(reply);
          const key = keyOf(reply.address);
          // Its own answer says what the other would have said.
          restored.delete(key);
          if (noted.has(key)) return sender.reply(reply);
          await note(reply.address, reply);
        },
      };
    },
    async restore() {
      for (const accountId of deps.accounts) {
        try {
          const owed = await store.chats.owed(accountId);
          for (const { id, address, kind } of owed) {
            noted.set(keyOf(address), id);
            restored.set(keyOf(address), replyTo(address, kind !== 'private'));
          }
          if (owed.length > 0)
            log.info('Chats that wait for an answer since before the start', {
              account: accountId,
              count: owed.length,
            });
        } catch (error) {
          trouble.failing(error);
        }
      }
      looks.wake();
    },
    async loop(signal) {
      const commandsUntil = clock.monotonic() + COMMANDS_FIRST;
      while (!signal.aborted) {
        if (restored.size > 0 && clock.monotonic() >= commandsUntil) release();
        if (noted.size + answered.length === 0 && !behind) {
          looks.begin();
          await looks.pause(60_000, signal);
          continue;
        }
        await clock.sleep(lookEvery(noted.size, deps.eager === true), signal).catch(() => undefined);
        if (!signal.aborted) await settle();
      }
    },
    save: settle,
  };
}

/** Nobody asks: the chat's language is the one that it chose. */
function asking(address: ChatAddress, group: boolean): IncomingCommand {
  return {
    kind: 'command',
    address,
    chatKind: group ? 'group' : 'private',
    sender: { id: '', name: '', lang: null, isAdmin: () => Promise.resolve(false) },
    text: 'subscriptions',
    button: null,
    messageRef: null,
  };
}
