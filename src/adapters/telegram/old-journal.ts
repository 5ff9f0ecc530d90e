import type { Update } from 'grammy/types';
import type { ChatEvent, From, InlineEvent } from './events.ts';

/** An entry as the journal held it until 27 November 2026: what had been read of an update, not the update. */
export interface OldEntry {
  id: number;
  event: Exclude<ChatEvent, InlineEvent>;
}

/** The update that is read as this event again, so that what waited over the change of versions is handled too. */
export function updateOf({ id, event }: OldEntry): Update {
  const is = (parts: object): Update => ({ update_id: id, ...parts }) as Update;
  if (event.type === 'moved')
    return is({ message: { message_id: 1, chat: chatOf(event.chat, 'group'), migrate_to_chat_id: Number(event.to) } });
  const chat = chatOf(event.chat, event.chatKind);
  if (!('messageId' in event)) {
    const [before, now] = event.type === 'joined' ? ['left', 'member'] : ['member', 'left'];
    const from = event.from ? userOf(event.from) : { id: 1, is_bot: true };
    const members = { old_chat_member: { status: before }, new_chat_member: { status: now } };
    return is({ my_chat_member: { chat, from, ...members } });
  }
  const thread = event.thread === null ? {} : { is_topic_message: true, message_thread_id: Number(event.thread) };
  const message = { message_id: event.messageId, chat, ...thread };
  if (event.type === 'button')
    return is({ callback_query: { id: event.queryId, from: userOf(event.from), data: event.data, message } });
  // Without its slash where plain words are commands: they may have been such.
  const text = event.chatKind === 'private' ? event.text : `/${event.text}`;
  const whole = { ...message, text, ...authorOf(event.from, event.chatKind) };
  return is(event.chatKind === 'channel' ? { channel_post: whole } : { message: whole });
}

const chatOf = (id: string, type: string): object => ({ id: Number(id), type });
const userOf = ({ id, name, lang }: From): object => ({
  id: Number(id),
  is_bot: false,
  first_name: name,
  ...(lang === null ? {} : { language_code: lang }),
});

/** A person, or the chat that they spoke as. */
const authorOf = (from: From, kind: string): object =>
  kind === 'private' || from.admin === 'ask'
    ? { from: userOf(from) }
    : { sender_chat: { id: Number(from.id), type: 'channel', title: from.name } };
