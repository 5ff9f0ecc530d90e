import { onceWhileFailing } from '../failures.ts';
import type { Later, OwedAnswer, Reply } from '../outbox/answer-plan.ts';
import type { IncomingCommand } from '../ports/chat-adapter.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { DurableState } from '../ports/state.ts';
import type { Store } from '../ports/store.ts';
import type { Router } from './routing.ts';

export interface OwedAnswersDeps {
  accounts: readonly string[];
  sender(accountId: string): { reply(reply: Reply): void; crowded(): boolean; owed(): OwedAnswer[] } | null;
  router: Pick<Router, 'later'>;
  store: Pick<Store, 'chats'> & { state(namespace: string): DurableState };
  clock: Clock;
  log: Log;
}

/**
 * Chats that changed something and were not answered when the process ended: a crowd waits for minutes, and its answers are the catch-up
 * without which whoever has just subscribed never hears of what is open. Written down every few seconds while a crowd waits, and at a
 * stop; so a kill costs the answers of the last seconds, and repeats a few.
 */
export interface OwedAnswers {
  /** What an earlier process owed waits again. Never throws. */
  restore(): Promise<void>;
  loop(signal: AbortSignal): Promise<void>;
  /** For the end, when nothing is under way any more. Never throws. */
  save(): Promise<void>;
}

const KEY = 'owed';
const SAVE_EVERY = 2_000;

export function createOwedAnswers(deps: OwedAnswersDeps): OwedAnswers {
  const { store, clock, log } = deps;
  /** Accounts for which something is written down. */
  const kept = new Set<string>();
  const trouble = onceWhileFailing(log, { begins: 'Unable to keep which chats wait for an answer', ends: null });

  async function save(last: boolean): Promise<void> {
    for (const accountId of deps.accounts) {
      const sender = deps.sender(accountId);
      if (!sender || !(last || kept.has(accountId) || sender.crowded())) continue;
      const owed = sender.owed();
      const state = store.state(`answers/${accountId}`);
      if (owed.length > 0) await state.set(KEY, owed);
      else if (kept.has(accountId)) await state.delete(KEY);
      if (owed.length > 0) kept.add(accountId);
      else kept.delete(accountId);
    }
    trouble.working();
  }

  function replyTo(accountId: string, { chat, thread, group }: OwedAnswer): Reply {
    const address = { accountId, chat, thread };
    const later: Later = async (merged) =>
      (await store.chats.find(address)) ? await deps.router.later(asking(address, group))(merged) : null;
    return { address, group, document: null, replyTo: null, edit: null, kind: 'change', later };
  }

  return {
    async restore() {
      for (const accountId of deps.accounts) {
        try {
          const owed = (await store.state(`answers/${accountId}`).get(KEY)) as OwedAnswer[] | null | undefined;
          if (!Array.isArray(owed)) continue;
          kept.add(accountId);
          const sound = owed.filter((one) => typeof one?.chat === 'string');
          for (const one of sound) deps.sender(accountId)?.reply(replyTo(accountId, one));
          log.info('Chats that wait for an answer since before the start', { account: accountId, count: owed.length });
        } catch (error) {
          trouble.failing(error);
        }
      }
    },
    async loop(signal) {
      while (!signal.aborted) {
        await clock.sleep(SAVE_EVERY, signal).catch(() => undefined);
        if (!signal.aborted) await save(false).catch(trouble.failing);
      }
    },
    save: () => save(true).catch(trouble.failing),
  };
}

/** Nobody asks: the chat's language is the one that it chose. */
function asking(address: IncomingCommand['address'], group: boolean): IncomingCommand {
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
