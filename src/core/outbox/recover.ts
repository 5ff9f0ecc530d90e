import type { Chat } from '../model/chat.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Store } from '../ports/store.ts';
import type { PacedChat, Pacer } from './pacer.ts';

export interface RecoverDeps {
  store: Store;
  accountId: string;
  clock: Clock;
  log: Log;
  pacer: Pacer;
  /** How long the platform's transaction ids hold, ms; null = it has none. */
  recallFor: number | null;
  /** So many that may have arrived are sent again. */
  onRequeued?: ((count: number) => void) | undefined;
}

/** Limits of the last minute hold across a restart, ms. */
const REMEMBER = 60_000;

export const pacedChatOf = (chat: Chat): PacedChat => ({ key: chat.chat, group: chat.kind !== 'private' });

/**
 * Brings the account's queue in order after a crash, or when it is not known whether a transaction was carried out: what was under way
 * is due again, and the pacer learns of what was sent lately.
 */
export async function recover(deps: RecoverDeps): Promise<void> {
  const { store, accountId, clock, log, pacer } = deps;
  // They may have arrived just before: for the limits of their chats they did.
  const underWay = pacer.schedule().full === 0 ? [] : await store.outbox.underWay(accountId);
  const before = deps.recallFor === null ? null : clock.now() - deps.recallFor;
  const { requeued, unknown } = await store.outbox.recover(accountId, before);
  await store.outbox.rewind(accountId, clock.now());
  deps.onRequeued?.(requeued);
  if (requeued > 0) log.info('Sends that a stop cut off are made again', { account: accountId, count: requeued });
  if (unknown > 0)
    log.warn('Sends of long ago whose outcome is unknown are not repeated', { account: accountId, count: unknown });
  if (pacer.schedule().full === 0) return;
  const at = clock.now();
  for (const chatId of underWay) await remember(chatId, clock.monotonic());
  for (const sent of (await store.outbox.recentSends(accountId, at - REMEMBER)).reverse()) {
    await remember(sent.chatId, clock.monotonic() - Math.max(0, at - sent.at));
  }

  async function remember(chatId: number, when: number): Promise<void> {
    const chat = await store.chats.get(chatId);
    if (chat) pacer.remember(pacedChatOf(chat), when);
  }
}
