import type { MessageDocument } from '../../core/model/message.ts';
import type { Outgoing } from '../../core/ports/chat-adapter.ts';
import { keyboard } from './keyboard.ts';
import { render } from './render.ts';

/** Telegram's bound of a caption, UTF-16 units. */
const MAX_CAPTION = 1024;

/** A document as the end of a request's JSON, ready to be put behind the chat: a broadcast renders its document once. */
export interface Payload {
  send: string;
  edit: string;
  /** Commands of buttons, by callback data, that must be kept before the message leaves. */
  keep: Map<string, string>;
  /** The keeping, once it has begun: for all messages of the document it is done once. */
  kept: Promise<void> | null;
}

const made = new WeakMap<MessageDocument, Payload>();

export function payloadOf(document: MessageDocument): Payload {
  let payload = made.get(document);
  if (payload === undefined) {
    payload = build(document);
    made.set(document, payload);
  }
  return payload;
}

function build(document: MessageDocument): Payload {
  const { text, entities } = render(document);
  const { rows, keep } = keyboard(document.buttons);
  const common = {
    text,
    ...(entities.length > 0 ? { entities } : {}),
    link_preview_options: { is_disabled: true },
  };
  const inline = rows.length > 0 ? { reply_markup: { inline_keyboard: rows } } : {};
  const silent = document.tone === 'notice' ? '"disable_notification":true,' : '';
  // Only a new message brings or takes the keyboard of a chat, and it has no buttons of its own then.
  const markup = document.keyboard ? { reply_markup: replyKeyboard(document.keyboard) } : inline;
  const written = (extra: object): string => JSON.stringify({ ...common, ...extra }).slice(1);
  return { send: silent + written(markup), edit: written(inline), keep, kept: null };
}

const replyKeyboard = (keyboard: NonNullable<MessageDocument['keyboard']>) =>
  keyboard === 'gone'
    ? { remove_keyboard: true }
    : {
        keyboard: [[{ text: keyboard.place, request_location: true }], [{ text: keyboard.no }]],
        resize_keyboard: true,
        one_time_keyboard: true,
      };

/** Fields of a picture's message, without the picture: what a request in parts and one in JSON have in common. Its place is one of Telegram's (`requestOf`). */
export function photoFields(message: Outgoing): Record<string, unknown> {
  const { document, address } = message;
  const { text, entities } = render(document, MAX_CAPTION);
  const { rows } = keyboard(document.buttons);
  const caption = { caption: text, ...(entities.length > 0 ? { caption_entities: entities } : {}) };
  const markup = rows.length > 0 ? { reply_markup: { inline_keyboard: rows } } : {};
  const chat = { chat_id: Number(address.chat) };
  if (message.op === 'edit')
    return { ...chat, message_id: Number(message.messageRef), media: { type: 'photo', ...caption }, ...markup };
  const { replyTo } = message;
  return {
    ...chat,
    ...caption,
    ...markup,
    ...(address.thread !== null && address.thread !== '1' ? { message_thread_id: Number(address.thread) } : {}),
    ...(replyTo !== null && MESSAGE_ID.test(replyTo)
      ? { reply_parameters: { message_id: Number(replyTo), allow_sending_without_reply: true } }
      : {}),
    ...(document.tone === 'notice' ? { disable_notification: true } : {}),
  };
}

/** The method and the JSON of a message; null when the address or a reference is none of Telegram's. `paid`: what is beyond the free pace may cost Stars. */
export function requestOf(
  message: Outgoing,
  payload: Payload,
  paid = false,
): { method: 'sendMessage' | 'editMessageText'; body: string } | null {
  const { chat, thread } = message.address;
  if (!CHAT_ID.test(chat)) return null;
  if (message.op === 'edit') {
    if (!MESSAGE_ID.test(message.messageRef)) return null;
    return { method: 'editMessageText', body: `{"chat_id":${chat},"message_id":${message.messageRef},${payload.edit}` };
  }
  if (thread !== null && !MESSAGE_ID.test(thread)) return null;
  // Topic 1 is "General", which is written to by naming no topic.
  const topic = thread !== null && thread !== '1' ? `"message_thread_id":${thread},` : '';
  const reply =
    message.replyTo !== null && MESSAGE_ID.test(message.replyTo)
      ? `"reply_parameters":{"message_id":${message.replyTo},"allow_sending_without_reply":true},`
      : '';
  const billed = paid ? '"allow_paid_broadcast":true,' : '';
  return { method: 'sendMessage', body: `{"chat_id":${chat},${topic}${reply}${billed}${payload.send}` };
}

const CHAT_ID = /^-?[1-9]\d{0,15}$/;
const MESSAGE_ID = /^[1-9]\d{0,9}$/;
