import type { ChatMember } from 'grammy/types';
import type { Clock } from '../../core/ports/clock.ts';
import type { ApiClient } from './client.ts';

/** A demoted administrator keeps their word for a minute; a new one is believed after five seconds. */
const FRESH_MS = 60_000;
const FRESH_NO_MS = 5000;
const MAX_CHATS = 1000;

export interface Admins {
  /** Whether Telegram lists this user among the chat's administrators. False when it cannot be asked. */
  has(chat: string, user: string): Promise<boolean>;
  forget(chat: string): void;
}

/** Asks for the whole list: `getChatMember` answers only bots that are administrators themselves, this one answers all. */
export function createAdmins(client: ApiClient, clock: Clock): Admins {
  const lists = new Map<string, { at: number; users: Set<string> }>();
  const asking = new Map<string, Promise<Set<string> | null>>();

  const ask = async (chat: string): Promise<Set<string> | null> => {
    const answer = await client.call('getChatAdministrators', `{"chat_id":${chat}}`, { deadlineMs: 10_000 });
    if (answer.kind !== 'answer' || !answer.body.ok || !Array.isArray(answer.body.result)) return null;
    const users = new Set((answer.body.result as ChatMember[]).map((member) => String(member.user?.id)));
    lists.delete(chat);
    lists.set(chat, { at: clock.monotonic(), users });
    if (lists.size > MAX_CHATS) lists.delete(lists.keys().next().value!);
    return users;
  };

  return {
    async has(chat, user) {
      const list = lists.get(chat);
      if (list) {
        const age = clock.monotonic() - list.at;
        const yes = list.users.has(user);
        if (age < (yes ? FRESH_MS : FRESH_NO_MS)) return yes;
      }
      let question = asking.get(chat);
      if (question === undefined) {
        question = ask(chat).finally(() => asking.delete(chat));
        asking.set(chat, question);
      }
      return (await question)?.has(user) ?? false;
    },
    forget: (chat) => void lists.delete(chat),
  };
}
