/** A thread may follow things of its own; everything else that is typed in it is about the whole chat. */
import type { Subscription } from '../model/chat.ts';
import type { Block } from '../model/message.ts';
import type { SubscriptionTable } from '../ports/store.ts';
import type { CommandContext } from './command.ts';
import { note } from './document.ts';

export interface Followed {
  /** What the thread follows by itself; empty outside threads. */
  thread: Subscription[];
  chat: Subscription[];
}

export async function followedHere(
  { chat, thread }: CommandContext,
  subscriptions: Pick<SubscriptionTable, 'list'>,
): Promise<Followed> {
  const list = async (id: number | null | undefined) => (typeof id === 'number' ? await subscriptions.list(id) : []);
  return { thread: await list(thread?.id), chat: await list(chat.id) };
}

/** Said after a setting that was typed in a thread. */
export const wholeChat = ({ thread, words }: CommandContext): Block[] =>
  thread ? [note(words.say('thread.whole'))] : [];
