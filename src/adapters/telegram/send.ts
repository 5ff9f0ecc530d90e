import { createHash } from 'node:crypto';
import type { MessageDocument, Picture, TextFile } from '../../core/model/message.ts';
import type { AdapterDeps, Outgoing, SendOutcome, SendReason } from '../../core/ports/chat-adapter.ts';
import { onceForEach } from '../../core/recent.ts';
import { type Answer, type ApiClient, inParts } from './client.ts';
import { keyboard, render } from './render.ts';

/** Telegram's bound of a caption, UTF-16 units. */
const MAX_CAPTION = 1024;

type Payload = ReturnType<typeof build>;

/** A document as the end of a request's JSON, ready to be put behind the chat: a broadcast renders its document once. */
export const payloadOf = onceForEach(build);

function build(document: MessageDocument) {
  const { text, entities } = render(document);
  const { rows, keep } = keyboard(document.buttons);
  const styled = entities.length > 0 ? { entities } : {};
  const common = { text, ...styled, link_preview_options: { is_disabled: true } };
  const inline = rows.length > 0 ? { reply_markup: { inline_keyboard: rows } } : {};
  const silent = document.tone === 'notice' ? '"disable_notification":true,' : '';
  // Only a new message brings or takes the keyboard of a chat, and it has no buttons of its own then.
  const markup = document.keyboard ? { reply_markup: replyKeyboard(document.keyboard) } : inline;
  const written = (extra: object): string => JSON.stringify({ ...common, ...extra }).slice(1);
  return {
    send: silent + written(markup),
    edit: written(inline),
    /** Commands of buttons, by callback data, that must be kept before the message leaves. */
    keep,
    /** The keeping, once it has begun: for all messages of the document it is done once. */
    kept: null as Promise<unknown> | null,
  };
}

function replyKeyboard(keyboard: NonNullable<MessageDocument['keyboard']>) {
  if (keyboard === 'gone') return { remove_keyboard: true };
  const buttons = [[{ text: keyboard.place, request_location: true }], [{ text: keyboard.no }]];
  return { keyboard: buttons, resize_keyboard: true, one_time_keyboard: true };
}

/** Where a message goes, as fields of a request; null when the address or a reference is none of Telegram's. */
function placeOf(message: Outgoing): Record<string, unknown> | null {
  const { chat, thread } = message.address;
  if (!CHAT_ID.test(chat)) return null;
  const place = { chat_id: chat.startsWith('@') ? chat : Number(chat) };
  if (message.op === 'edit')
    return MESSAGE_ID.test(message.messageRef) ? { ...place, message_id: Number(message.messageRef) } : null;
  if (thread !== null && !MESSAGE_ID.test(thread)) return null;
  const { replyTo } = message;
  return {
    ...place,
    // Topic 1 is "General", which is written to by naming no topic.
    ...(thread !== null && thread !== '1' ? { message_thread_id: Number(thread) } : {}),
    ...(replyTo !== null && MESSAGE_ID.test(replyTo)
      ? { reply_parameters: { message_id: Number(replyTo), allow_sending_without_reply: true } }
      : {}),
  };
}

/** Fields of a picture's or file's message, without that: what a request in parts and one in JSON have in common. Its place is one of Telegram's (`requestOf`). */
function messageFields(message: Outgoing): Record<string, unknown> {
  const { document } = message;
  const { text, entities } = render(document, MAX_CAPTION);
  const { rows } = keyboard(document.buttons);
  const caption = { caption: text, ...(entities.length > 0 ? { caption_entities: entities } : {}) };
  const markup = rows.length > 0 ? { reply_markup: { inline_keyboard: rows } } : {};
  const place = placeOf(message);
  if (message.op === 'edit') return { ...place, media: { type: 'photo', ...caption }, ...markup };
  return { ...place, ...caption, ...markup, ...(document.tone === 'notice' ? { disable_notification: true } : {}) };
}

/** The method and the JSON of a message; null when the address or a reference is none of Telegram's. `paid`: what is beyond the free pace may cost Stars. */
export function requestOf(message: Outgoing, payload: Payload, paid = false) {
  const place = placeOf(message);
  if (place === null) return null;
  const before = (fields: object): string => `${JSON.stringify(fields).slice(0, -1)},`;
  if (message.op === 'edit') return { method: 'editMessageText', body: before(place) + payload.edit };
  const billed = paid ? { allow_paid_broadcast: true } : {};
  return { method: 'sendMessage', body: before({ ...place, ...billed }) + payload.send };
}

/** By its number, or a channel by its name, as an operator types it. */
const CHAT_ID = /^(-?[1-9]\d{0,15}|@[A-Za-z]\w{3,31})$/;
const MESSAGE_ID = /^[1-9]\d{0,9}$/;

const DEADLINE_MS = 30_000;
/** A number holds as long as Telegram keeps the file, and nobody says how long that is. */
const KNOWN_MS = 30 * 86_400_000;
const BAD_NUMBER = /file identifier|file_id|FILE_REFERENCE|PHOTO_INVALID|remote file/i;

/**
 * Telegram's answer to one attempt; null = there is no picture to be had. A picture is uploaded once, from then on its number is sent. The message's
 * place is one of Telegram's (`requestOf`). Never throws.
 */
export async function sendPhoto(
  client: ApiClient,
  message: Outgoing,
  picture: Picture,
  { cache, pictures }: Pick<AdapterDeps, 'cache' | 'pictures'>,
  signal: AbortSignal,
): Promise<Answer | null> {
  const fields = messageFields(message);
  const key = `photo/${createHash('sha256').update(picture.svg).digest('base64url')}`;
  const method = message.op === 'edit' ? 'editMessageMedia' : 'sendPhoto';
  const options = { deadlineMs: DEADLINE_MS, signal };
  const known = await cache.get(key);
  if (typeof known === 'string') {
    const answer = await client.call(method, JSON.stringify(withPhoto(fields, known)), options);
    if (!isBadNumber(answer)) return answer;
    await cache.delete(key);
  }
  const bytes = (await pictures?.png(picture, signal)) ?? null;
  if (bytes === null) return null;
  const file = { part: 'picture', name: 'timeline.png', type: 'image/png', bytes };
  const { body, contentType } = inParts(withPhoto(fields, 'attach://picture'), file);
  const answer = await client.call(method, body, { ...options, contentType });
  const number = answer.kind === 'answer' && answer.body.ok ? numberOf(answer.body.result) : null;
  if (number !== null) await cache.set(key, number, KNOWN_MS);
  return answer;
}

/** Refused at once and without a message, so the second request is no second send. */
const isBadNumber = (answer: Answer): boolean =>
  answer.kind === 'answer' && answer.body.error_code === 400 && BAD_NUMBER.test(answer.body.description ?? '');

const withPhoto = (fields: Record<string, unknown>, photo: string): Record<string, unknown> =>
  'media' in fields ? { ...fields, media: { ...(fields.media as object), media: photo } } : { ...fields, photo };

/** The number of the largest size. */
function numberOf(result: unknown): string | null {
  const { photo } = (result ?? {}) as { photo?: { file_id?: unknown }[] };
  const number = Array.isArray(photo) ? photo.at(-1)?.file_id : null;
  return typeof number === 'string' && number.length <= 300 ? number : null;
}

/** One attempt to send a file with its caption; the message's place is one of Telegram's (`requestOf`). Never throws. */
export async function sendFile(
  client: ApiClient,
  message: Outgoing,
  { name, type, text }: TextFile,
  signal: AbortSignal,
): Promise<Answer> {
  const fields = { ...messageFields(message), document: 'attach://file' };
  const { body, contentType } = inParts(fields, { part: 'file', name, type, bytes: Buffer.from(text) });
  return await client.call('sendDocument', body, { deadlineMs: DEADLINE_MS, signal, contentType });
}

/** Telegram's longest flood waits last hours; more is a broken server's word. */
const MAX_WAIT_MS = 86_400_000;
/** A refused token does not mend itself within seconds. */
const AUTH_RETRY_MS = 60_000;
/** From so many failed exchanges in a row on, the trouble is the network's or the server's, not one chat's. */
export const NETWORK_WIDE = 3;

const THREAD_GONE = /message thread not found|TOPIC_(CLOSED|DELETED|ID_INVALID)/i;
const CHAT_GONE =
  /chat not found|user not found|PEER_ID_INVALID|CHAT_ID_INVALID|USER_DEACTIVATED|bot was kicked|group chat was deactivated|chat was deleted|CHANNEL_PRIVATE/i;
const NOT_MODIFIED = /message is not modified/i;

/**
 * What Telegram's answer to one send or edit means, by `description` where the code alone does not tell. `failuresBefore` counts
 * the exchanges before this one that failed in a row.
 *
 * - A 429 may mean one chat or the whole bot, and Telegram does not say which: the account waits.
 * - A deleted or closed topic: the chat goes on without it (`moved` to the chat itself). An alarm in the wrong corner beats none.
 * - No right to write: `rejected`, and the subscriptions stay. Admins mute bots for an evening.
 */
export function classify(answer: Answer, message: Outgoing, failuresBefore: number): SendOutcome {
  const { address, op } = message;
  const wide = failuresBefore + 1 >= NETWORK_WIDE;
  if (answer.kind === 'failure') {
    const account = answer.reason !== 'canceled' && (wide || !answer.reached);
    return retry(account ? 'account' : 'chat', answer.reason, answer.detail);
  }
  const { body, status } = answer;
  if (body.ok) return delivered(body.result, message);
  const { retry_after: seconds, migrate_to_chat_id: to } = body.parameters ?? {};
  const code = body.error_code ?? status;
  const description = typeof body.description === 'string' ? body.description.slice(0, 300) : `error ${code}`;
  const rejected: SendOutcome = { kind: 'rejected', reason: 'client', detail: description };

  // A group that became a supergroup.
  if (typeof to === 'number') return { kind: 'moved', to: { ...address, chat: String(to), thread: null } };

  // About us or the server: nothing is said of the chat. What Telegram asks us to wait is not to be relied on.
  if (code === 429) {
    const known = typeof seconds === 'number' && seconds > 0;
    const afterMs = known ? Math.min(MAX_WAIT_MS, Math.ceil(seconds * 1000)) : 1000;
    return retry('account', 'rate_limited', description, afterMs);
  }
  // A malformed token is answered 404 "Not Found", without a method's name.
  if (code === 401 || (code === 404 && /^Not Found$/i.test(description)))
    return retry('account', 'auth', 'the token was refused', AUTH_RETRY_MS);
  if (code >= 500 || status >= 500) return retry(wide ? 'account' : 'chat', 'server', description);

  // About this chat or this message.
  if (code === 400 && op === 'edit' && NOT_MODIFIED.test(description))
    return { kind: 'delivered', messageRef: message.messageRef };
  if (code === 403 || CHAT_GONE.test(description)) return { kind: 'gone', reason: 'client', detail: description };
  if (THREAD_GONE.test(description))
    return address.thread === null || op === 'edit' ? rejected : { kind: 'moved', to: { ...address, thread: null } };
  return code === 409 || code === 408 ? retry('chat', 'server', description) : rejected;
}

const retry = (
  scope: 'account' | 'chat',
  reason: SendReason,
  detail: string,
  afterMs: number | null = null,
): SendOutcome => ({ kind: 'retry', afterMs, scope, reason, detail });

function delivered(result: unknown, message: Outgoing): SendOutcome {
  const { message_id: id } = (result ?? {}) as { message_id?: unknown };
  if (typeof id === 'number') return { kind: 'delivered', messageRef: String(id) };
  if (message.op === 'edit') return { kind: 'delivered', messageRef: message.messageRef };
  return retry('chat', 'server', 'the answer names no message');
}
