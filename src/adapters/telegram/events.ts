import type { CallbackQuery, Chat, ChatMember, ChatMemberUpdated, Message, Update, User } from 'grammy/types';
import type { ChatKind } from '../../core/model/chat.ts';
import { clean, head, oneLine } from './text.ts';

/** The updates that we ask Telegram for. */
export const ALLOWED_UPDATES = ['message', 'channel_post', 'callback_query', 'my_chat_member'] as const;
const MAX_COMMAND = 1000;
const MAX_NAME = 64;

/** What an update tells, small and plain enough to be kept as JSON until it is handled. */
export type ChatEvent = CommandEvent | ButtonEvent | MembershipEvent | MoveEvent;

interface Place {
  chat: string;
  chatKind: ChatKind;
  /** Forum topic, or null. */
  thread: string | null;
}
export interface CommandEvent extends Place {
  type: 'command';
  from: From;
  messageId: number;
  text: string;
}
export interface ButtonEvent extends Place {
  type: 'button';
  from: From;
  messageId: number;
  queryId: string;
  data: string;
}
export interface MembershipEvent extends Place {
  type: 'joined' | 'left';
  from: From | null;
}
export interface MoveEvent {
  type: 'moved';
  chat: string;
  to: string;
  /** Told in both chats; each must hear of it before its next command. */
  seenIn: string;
}
export interface From {
  /** Telegram's id of the user, or of the chat that they speak as. */
  id: string;
  name: string;
  lang: string | null;
  /** `ask`: look among the chat's administrators. */
  admin: boolean | 'ask';
}

export interface Me {
  id: number;
  username: string;
}

/** Null when an update is none of our business. Reads defensively: a stranger may hold the webhook's secret, a server may be anyone's. */
export function eventOf(update: Update, me: Me): ChatEvent | null {
  try {
    if (update.message) return fromMessage(update.message, me);
    if (update.channel_post) return fromMessage(update.channel_post, me);
    if (update.callback_query) return fromButton(update.callback_query);
    if (update.my_chat_member) return fromMembership(update.my_chat_member);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
  return null;
}

function fromMessage(message: Message, me: Me): ChatEvent | null {
  const chat = idOf(message.chat);
  if (message.migrate_to_chat_id) return { type: 'moved', chat, to: String(message.migrate_to_chat_id), seenIn: chat };
  if (message.migrate_from_chat_id)
    return { type: 'moved', chat: String(message.migrate_from_chat_id), to: chat, seenIn: chat };
  if (typeof message.text !== 'string' || message.forward_origin || message.via_bot) return null;
  const from = senderOf(message);
  if (from === null) return null;
  const kind = kindOf(message.chat);
  const text = commandOf(message.text, kind, me);
  if (text === null) return null;
  return {
    type: 'command',
    chat,
    chatKind: kind,
    thread: threadOf(message),
    from,
    messageId: message.message_id,
    text,
  };
}

/** Null for other bots, but for the two that Telegram puts in the place of people who speak as a chat. */
function senderOf(message: Message): From | null {
  const as = message.sender_chat;
  if (as) {
    // In a channel, or as the group itself (an anonymous administrator): both take an administrator's right.
    const name = message.author_signature ?? ('title' in as && as.title ? as.title : 'channel');
    return { id: idOf(as), name: nameOf(name), lang: null, admin: as.id === message.chat.id };
  }
  if (!message.from)
    return message.chat.type === 'channel'
      ? {
          id: idOf(message.chat),
          name: nameOf(message.author_signature ?? message.chat.title),
          lang: null,
          admin: true,
        }
      : null;
  return message.from.is_bot ? null : userOf(message.from, message.chat);
}

function userOf(user: User, chat: Chat): From {
  const lang = /^[a-z]{2}(?![a-z])/.exec(user.language_code ?? '')?.[0] ?? null;
  return {
    id: String(user.id),
    name: nameOf([user.first_name, user.last_name].filter(Boolean).join(' ')),
    lang,
    admin: chat.type === 'private' ? true : 'ask',
  };
}

/**
 * The command in a text, without slash and name, or null. `/cmd@other` is another bot's. In a private chat plain words are a command
 * too; in groups a text addressed to us by name is.
 */
export function commandOf(raw: string, kind: ChatKind, me: Me): string | null {
  let text = clean(head(raw, MAX_COMMAND + 100)).trim();
  const name = me.username.toLowerCase();
  if (!text.startsWith('/') && text.toLowerCase().startsWith(`@${name} `)) text = text.slice(name.length + 2).trim();
  else if (!text.startsWith('/') && kind !== 'private') return null;
  if (text.startsWith('/')) {
    const match = /^\/([\p{L}\p{N}_]{1,64})(?:@(\w{1,64}))?(?:\s+([\s\S]*))?$/u.exec(text);
    if (!match) return null;
    const [, command, addressee, args = ''] = match;
    if (addressee !== undefined && addressee.toLowerCase() !== name) return null;
    text = `${command} ${command === 'start' ? deepLink(args.trim()) : args}`;
  }
  text = head(text.replace(/\s+/g, ' ').trim(), MAX_COMMAND).trimEnd();
  return text === '' ? null : text;
}

/** A deep link's payload holds no spaces (`?start=ru_whatsapp`); "_" stands for them. */
const deepLink = (args: string): string =>
  /^[A-Za-z0-9_-]{1,64}$/.test(args) ? args.replaceAll('_', ' ').trim() : args;

function fromButton(query: CallbackQuery): ChatEvent | null {
  const message = query.message;
  if (!message || typeof query.data !== 'string' || query.from.is_bot) return null;
  return {
    type: 'button',
    chat: idOf(message.chat),
    chatKind: kindOf(message.chat),
    thread: threadOf(message as Message),
    from: userOf(query.from, message.chat),
    messageId: message.message_id,
    queryId: String(query.id).slice(0, 100),
    data: query.data.slice(0, 100),
  };
}

function fromMembership(change: ChatMemberUpdated): ChatEvent | null {
  const before = isIn(change.old_chat_member);
  const now = isIn(change.new_chat_member);
  if (before === now) return null;
  const chatKind = kindOf(change.chat);
  const from = change.from.is_bot ? null : userOf(change.from, change.chat);
  return { type: now ? 'joined' : 'left', chat: idOf(change.chat), chatKind, thread: null, from };
}

const isIn = (member: ChatMember): boolean =>
  member.status === 'restricted' ? member.is_member : member.status !== 'left' && member.status !== 'kicked';
/** Only a forum's topics are places of their own; elsewhere `message_thread_id` names a chain of replies. */
const threadOf = (message: Message): string | null =>
  message.is_topic_message && message.message_thread_id ? String(message.message_thread_id) : null;
const kindOf = (chat: Chat): ChatKind => (chat.type === 'private' || chat.type === 'channel' ? chat.type : 'group');
const nameOf = (name: string | undefined): string => head(oneLine(name ?? ''), MAX_NAME);

function idOf(chat: Chat): string {
  if (!Number.isSafeInteger(chat.id)) throw new TypeError('a chat without an id');
  return String(chat.id);
}
