import { onceWhileFailing } from '../failures.ts';
import type { ChatAddress } from '../model/chat.ts';
import type { Board } from '../ports/boards.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ids } from '../ports/ids.ts';
import type { Log } from '../ports/log.ts';
import type { Store } from '../ports/store.ts';
import { planBoard } from './plan.ts';
import { contentOf, openFor } from './render.ts';

export interface BoardWatchDeps {
  store: Pick<Store, 'boards' | 'chats' | 'subscriptions' | 'incidents' | 'notices'>;
  clock: Clock;
  ids: Ids;
  log: Log;
  /**
   * Pins a message where the platform can: `refused` = we may not, which is no error; `never` = nothing is pinned there; `elsewhere` = this process does
   * not have the account. Never throws.
   */
  pin(address: ChatAddress, messageRef: string): Promise<'pinned' | 'refused' | 'never' | 'elsewhere'>;
  /** Deliveries were written: the accounts' senders may look. */
  wake(): void;
}

const LOOK_EVERY = 15_000;
const AT_ONCE = 100;

/** Keeps boards up to date: all of it through the outbox, so that a restart goes on where it was, inside the accounts' pace. */
export function createBoardWatch(deps: BoardWatchDeps): {
  loop(signal: AbortSignal): Promise<void>;
  look(): Promise<void>;
} {
  const { store, clock, ids, log } = deps;

  async function tend(board: Board): Promise<boolean> {
    const chat = await store.chats.get(board.chatId);
    if (!chat) return false;
    const followed = await store.subscriptions.list(chat.id);
    const content = contentOf(chat, await openFor(chat, followed, store.incidents));
    const plan = planBoard(board, content, clock.now());
    if (plan.do === 'send') await store.boards.send(chat.id, ids.next(), content, clock.now());
    else if (plan.do === 'edit') await store.boards.edit(chat.id, ids.next(), content, clock.now());
    else if (plan.do === 'pin') {
      const outcome = await deps.pin(chat, board.messageRef!);
      if (outcome === 'elsewhere') return false;
      const refused = outcome === 'refused';
      const options = { priority: 'reply' as const, now: clock.now() };
      // Said once, also where a kill comes before the next line, and by whoever sends for the account, wherever that is.
      if (refused)
        await store.notices.tell(`${board.noticeId}.unpinned`, { kind: 'board-unpinned' }, [chat.id], options);
      // Once: an admin who unpins it does not want it pinned.
      await store.boards.pinned(chat.id);
      return refused;
    }
    return plan.do === 'send' || plan.do === 'edit';
  }

  async function look(): Promise<void> {
    let written = false;
    for (let after = 0; ; ) {
      const boards = await store.boards.list(after, AT_ONCE);
      for (const board of boards) {
        written = (await tend(board)) || written;
        after = board.chatId;
      }
      if (boards.length < AT_ONCE) break;
      await clock.sleep(0);
    }
    if (written) deps.wake();
  }

  return {
    look,
    async loop(signal) {
      const trouble = onceWhileFailing(log, {
        begins: 'Unable to keep boards up to date; will go on trying',
        ends: 'Boards are kept up to date again',
        level: 'error',
      });
      while (!signal.aborted) {
        try {
          await look();
          trouble.working();
        } catch (error) {
          trouble.failing(error);
        }
        await clock.sleep(LOOK_EVERY, signal).catch(() => undefined);
      }
    },
  };
}
