import type { Chat } from 'grammy/types';
import type { ChannelFound } from '../../core/ports/chat-adapter.ts';
import type { Admins } from './admins.ts';
import type { ApiClient } from './client.ts';
import { head, oneLine } from './text.ts';

const ASK_MS = 10_000;
const MAX_TITLE = 128;

/** `@name`, a link to it, or the number of a channel. */
function chatIdOf(ref: string): string | number | null {
  const name = /^(?:@|(?:https?:\/\/)?t\.me\/)?([A-Za-z]\w{3,31})\/?$/.exec(ref)?.[1];
  if (name !== undefined) return `@${name}`;
  return /^-[1-9]\d{4,15}$/.test(ref) ? Number(ref) : null;
}

/** The channel of this name, when this person is one of its administrators and we are in it. */
export async function findChannel(
  client: ApiClient,
  admins: Admins,
  ref: string,
  senderId: string,
): Promise<ChannelFound | null> {
  const chatId = chatIdOf(ref);
  const user = /^telegram:(\d+)$/.exec(senderId)?.[1];
  if (chatId === null || user === undefined) return null;
  const answer = await client.call('getChat', JSON.stringify({ chat_id: chatId }), { deadlineMs: ASK_MS });
  const chat = answer.kind === 'answer' && answer.body.ok ? (answer.body.result as Partial<Chat>) : null;
  if (chat?.type !== 'channel' || !Number.isSafeInteger(chat.id)) return null;
  const id = String(chat.id);
  // Telegram tells the administrators only of channels that we are in.
  if (!(await admins.has(id, user))) return null;
  const title = head(oneLine(chat.title ?? ''), MAX_TITLE) || id;
  return { chat: id, kind: 'channel', title, name: chat.username ? `@${chat.username}` : id };
}
