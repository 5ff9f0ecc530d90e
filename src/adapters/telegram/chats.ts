import type { Chat, ChatMember, Message } from 'grammy/types';
import { head } from '../../core/answers.ts';
import type { ChatAddress } from '../../core/model/chat.ts';
import type { Outgoing, SendOutcome } from '../../core/ports/chat-adapter.ts';
import type { Clock } from '../../core/ports/runtime.ts';
import { keepNewest } from '../../core/recent.ts';
import { type ApiClient, resultOf } from './client.ts';
import { oneLine } from './render.ts';

/** A demoted administrator keeps their word for a minute; a new one is believed after five seconds. */
const FRESH_MS = 60_000;
const FRESH_NO_MS = 5000;
const MAX_CHATS = 1000;

export type Admins = ReturnType<typeof createAdmins>;

/** Asks for the whole list: `getChatMember` answers only bots that are administrators themselves, this one answers all. */
export function createAdmins(client: ApiClient, clock: Clock) {
  const lists = new Map<string, { at: number; users: Set<string> }>();
  const asking = new Map<string, Promise<Set<string> | null>>();

  const ask = async (chat: string): Promise<Set<string> | null> => {
    const answer = await client.call('getChatAdministrators', `{"chat_id":${chat}}`, { deadlineMs: 10_000 });
    const members = resultOf(answer) as ChatMember[] | undefined;
    if (!Array.isArray(members)) return null;
    const users = new Set(members.map((member) => String(member.user?.id)));
    keepNewest(lists, chat, { at: clock.monotonic(), users }, MAX_CHATS);
    return users;
  };

  return {
    /** Whether Telegram lists this user among the chat's administrators. False when it cannot be asked. */
    async has(chat: string, user: string): Promise<boolean> {
      const list = lists.get(chat);
      if (list) {
        const yes = list.users.has(user);
        if (clock.monotonic() - list.at < (yes ? FRESH_MS : FRESH_NO_MS)) return yes;
      }
      const question = asking.getOrInsertComputed(chat, () => ask(chat).finally(() => asking.delete(chat)));
      return (await question)?.has(user) ?? false;
    },
    forget: (chat: string) => void lists.delete(chat),
  };
}

const ASK_MS = 10_000;
const MAX_TITLE = 128;

/** `@name`, a link to it, or the number of a channel. */
function chatIdOf(ref: string): string | number | null {
  const name = /^(?:@|(?:https?:\/\/)?t\.me\/)?([A-Za-z]\w{3,31})\/?$/.exec(ref)?.[1];
  if (name !== undefined) return `@${name}`;
  return /^-[1-9]\d{4,15}$/.test(ref) ? Number(ref) : null;
}

/** The channel of this name, when this person is one of its administrators and we are in it. */
export async function findChannel(client: ApiClient, admins: Admins, ref: string, senderId: string) {
  const chatId = chatIdOf(ref);
  const user = /^telegram:(\d+)$/.exec(senderId)?.[1];
  if (chatId === null || user === undefined) return null;
  const answer = await client.call('getChat', JSON.stringify({ chat_id: chatId }), { deadlineMs: ASK_MS });
  const chat = resultOf(answer) as Partial<Chat> | undefined;
  if (chat?.type !== 'channel' || !Number.isSafeInteger(chat.id)) return null;
  const id = String(chat.id);
  // Telegram tells the administrators only of channels that we are in.
  if (!(await admins.has(id, user))) return null;
  const title = head(oneLine(chat.title ?? ''), MAX_TITLE) || id;
  return { chat: id, kind: 'channel' as const, title, name: chat.username ? `@${chat.username}` : id };
}

/** A chat that sent us away may take us back without our hearing of it. */
const GONE_MS = 600_000;
const MAX_NOTES = 10_000;

export type ChatNotes = ReturnType<typeof createChatNotes>;

type Note = { type: 'gone'; detail: string; until: number } | { type: 'moved'; to: string } | { type: 'flat' };

/**
 * What the last answers said about chats, so that messages queued behind one that was refused do not knock again: Telegram counts
 * these against a bot. Kept in memory only; forgotten when the chat shows a sign of life.
 */
export function createChatNotes(clock: Clock) {
  const notes = new Map<string, Note>();
  const put = (chat: string, note: Note): Note => keepNewest(notes, chat, note, MAX_NOTES);
  const gone = (chat: string, detail: string): Note =>
    put(chat, { type: 'gone', detail, until: clock.monotonic() + GONE_MS });

  return {
    /** An outcome that needs no request, or null. */
    known(address: ChatAddress): SendOutcome | null {
      const note = notes.get(address.chat);
      if (note === undefined || note.type === 'flat') return null;
      if (note.type === 'moved') return { kind: 'moved', to: { ...address, chat: note.to, thread: null } };
      if (note.until > clock.monotonic()) return { kind: 'gone', reason: 'client', detail: note.detail };
      notes.delete(address.chat);
      return null;
    },
    /** False for a chat of which we learnt that it is no forum (any more). */
    isForum: (chat: string) => notes.get(chat)?.type !== 'flat',
    learn({ address }: Outgoing, outcome: SendOutcome, result: unknown): void {
      if (outcome.kind === 'gone') gone(address.chat, outcome.detail);
      else if (outcome.kind === 'moved' && outcome.to.chat !== address.chat)
        put(address.chat, { type: 'moved', to: outcome.to.chat });
      else if (outcome.kind === 'delivered' && address.thread !== null && isFlat(result))
        put(address.chat, { type: 'flat' });
    },
    gone,
    moved: (chat: string, to: string) => put(chat, { type: 'moved', to }),
    alive(chat: string): void {
      if (notes.get(chat)?.type === 'gone') notes.delete(chat);
    },
  };
}

/** A message that was sent to a topic and came back without one: the chat's topics were switched off. */
function isFlat(result: unknown): boolean {
  const { message_thread_id: thread, chat } = (result ?? {}) as Partial<Message.TextMessage>;
  return thread === undefined && chat?.type === 'supergroup' && chat.is_forum !== true;
}
