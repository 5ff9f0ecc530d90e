import type { Chat, ChatMember, Message, Update, User, UserFromGetMe } from 'grammy/types';
import { head } from '../../core/answers.ts';
import { orNull } from '../../core/errors.ts';
import type { ChatAddress, ChatKind } from '../../core/model/chat.ts';
import {
  type IncomingCommand,
  type IncomingMembership,
  type PressedButton,
  type Sender,
  UNREAD,
} from '../../core/ports/chat-adapter.ts';
import { Context } from './grammy.ts';
import { clean, oneLine } from './render.ts';

/** The updates that we ask Telegram for. */
export const ALLOWED_UPDATES = ['message', 'channel_post', 'callback_query', 'my_chat_member', 'inline_query'] as const;
const MAX_COMMAND = 1000;
const MAX_NAME = 64;

/** What an update says, small and plain. */
export type ChatEvent = CommandEvent | ButtonEvent | MembershipEvent | MoveEvent | InlineEvent;
type CommandEvent = NonNullable<ReturnType<typeof commandOf>>;
export type ButtonEvent = NonNullable<ReturnType<typeof pressOf>>;
type MembershipEvent = NonNullable<ReturnType<typeof membershipOf>>;
export type MoveEvent = ReturnType<typeof moveOf>;
/** Typed behind our name, in whatever chat: Telegram does not say in which. */
export type InlineEvent = NonNullable<ReturnType<typeof inlineOf>>;

export interface From {
  /** Telegram's id of the user, or of the chat that they speak as. */
  id: string;
  name: string;
  lang: string | null;
  /** Speaks as another chat than this one: whether an administrator, nobody can tell. */
  as?: true;
  /** `ask`: look among the chat's administrators. */
  admin: boolean | 'ask';
}

/** grammY's filter queries for what we listen to, and what is read there; the first that fits counts. */
const READERS: [fits: (ctx: Context) => boolean, read: (ctx: Context) => ChatEvent | null][] = [
  [Context.has.filterQuery(['message:migrate_to_chat_id', 'message:migrate_from_chat_id']), moveOf],
  [Context.has.filterQuery(['message:text', 'channel_post:text', 'message:file']), commandOf],
  [Context.has.filterQuery('callback_query:data'), pressOf],
  [Context.has.filterQuery('my_chat_member'), membershipOf],
  [Context.has.filterQuery('inline_query'), inlineOf],
];

/** Whose update it is: what the inbox orders and counts by. */
export interface Claim {
  /** Updates of one chat are handled in order. A move is seen in both chats, and counts in the one where it was seen. */
  chat: string;
  /** Whoever typed or pressed, in this chat; null = the platform said it, which is never a flood. */
  person: string | null;
}

/** Null when an update is none of our business. Reads defensively: a stranger may hold the webhook's secret, a server may be anyone's. */
export function claimOf(ctx: Context): Claim | null {
  const event = eventOf(ctx);
  if (event === null) return null;
  if (event.type === 'inline') {
    const person = `inline ${event.from.id}`;
    return { chat: person, person };
  }
  const chat = idOf(ctx.chat!);
  const person = event.type === 'command' || event.type === 'button' ? `${chat} ${event.from.id}` : null;
  return { chat, person };
}

/** What an update says, or null when it is none of our business. */
export function eventOf(ctx: Context): ChatEvent | null {
  try {
    return READERS.find(([fits]) => fits(ctx))?.[1](ctx) ?? null;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return null;
  }
}

/** Both chats tell of a move; the same move is read from either. */
function moveOf(ctx: Context) {
  const message = ctx.message!;
  const here = idOf(message.chat);
  const to = message.migrate_to_chat_id;
  const [chat, next] = to === undefined ? [numbered(message.migrate_from_chat_id), here] : [here, numbered(to)];
  return { type: 'moved' as const, chat, to: next };
}

/** Null for what is no command to us: other people's words, texts that were forwarded in a group or that an inline bot wrote. */
function commandOf(ctx: Context) {
  const message = ctx.msg!;
  const chat = idOf(message.chat);
  if (message.via_bot) return null;
  const typed = message.text ?? message.caption ?? null;
  if (typed !== null && typeof typed !== 'string') return null;
  const from = senderOf(message);
  if (from === null) return null;
  const kind = kindOf(message.chat);
  if (message.forward_origin && kind !== 'private') return null;
  // In a group a picture without a word to us is for the others.
  const text = typed ? commandIn(typed, kind, ctx.me) : kind === 'private' ? UNREAD : null;
  if (text === null) return null;
  const messageId = Number(numbered(message.message_id));
  /** Behind a slash. */
  const signed = typed !== null && /^\s*(?:@\w+\s+)?\//u.test(typed) ? { signed: true as const } : {};
  /** Somebody else's words, passed on in a private chat. */
  const passedOn = message.forward_origin ? { forwarded: true as const } : {};
  const thread = threadOf(message);
  return { type: 'command' as const, chat, chatKind: kind, thread, from, messageId, text, ...signed, ...passedOn };
}

/** Null for other bots, but for the two that Telegram puts in the place of people who speak as a chat. */
function senderOf(message: Message): From | null {
  const as = message.sender_chat;
  if (as) {
    // In a channel, or as the group itself (an anonymous administrator): both take an administrator's right.
    const name = message.author_signature ?? ('title' in as && as.title ? as.title : 'channel');
    const same = as.id === message.chat.id;
    return { id: idOf(as), name: nameOf(name), lang: null, admin: same, ...(same ? {} : { as: true as const }) };
  }
  if (message.from) return message.from.is_bot ? null : userOf(message.from, message.chat);
  if (message.chat.type !== 'channel') return null;
  const name = nameOf(message.author_signature ?? message.chat.title);
  return { id: idOf(message.chat), name, lang: null, admin: true };
}

function userOf(user: User, chat: Chat): From {
  const lang = /^[a-z]{2}(?![a-z])/.exec(user.language_code ?? '')?.[0] ?? null;
  const name = nameOf([user.first_name, user.last_name].filter(Boolean).join(' '));
  return { id: numbered(user.id), name, lang, admin: chat.type === 'private' ? true : 'ask' };
}

/**
 * The command in a text, without slash and name, or null. `/cmd@other` is another bot's. In a private chat plain words are a command
 * too; in groups a text addressed to us by name is. (grammY's `bot.command` wants the names beforehand, in Latin, and Telegram's own word
 * that they are commands; here `/старт` is one, and near names are answered.)
 */
export function commandIn(raw: string, kind: ChatKind, me: Pick<UserFromGetMe, 'username'>): string | null {
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

/** Null for a button under a message that Telegram no longer shows us, and for one without data. */
function pressOf(ctx: Context) {
  const query = ctx.callbackQuery!;
  const message = query.message;
  if (!message || typeof query.data !== 'string' || query.from.is_bot) return null;
  return {
    type: 'button' as const,
    chat: idOf(message.chat),
    chatKind: kindOf(message.chat),
    thread: threadOf(message as Message),
    from: userOf(query.from, message.chat),
    messageId: Number(numbered(message.message_id)),
    queryId: String(query.id).slice(0, 100),
    data: query.data.slice(0, 100),
  };
}

/** Null for what has no text, and for other bots. */
function inlineOf(ctx: Context) {
  const query = ctx.inlineQuery!;
  if (typeof query.query !== 'string' || query.from.is_bot || query.offset) return null;
  const from = userOf(query.from, { type: 'private' } as Chat);
  const queryId = String(query.id).slice(0, 100);
  return { type: 'inline' as const, from, queryId, text: head(clean(query.query), 256) };
}

/** Null for changes of rights, which leave us where we were. */
function membershipOf(ctx: Context) {
  const change = ctx.myChatMember!;
  const before = isIn(change.old_chat_member);
  const now = isIn(change.new_chat_member);
  if (before === now) return null;
  const chatKind = kindOf(change.chat);
  const from = change.from.is_bot ? null : userOf(change.from, change.chat);
  const type = now ? ('joined' as const) : ('left' as const);
  return { type, chat: idOf(change.chat), chatKind, thread: null, from };
}

const isIn = (member: ChatMember): boolean =>
  member.status === 'restricted' ? member.is_member : member.status !== 'left' && member.status !== 'kicked';
/** The forum's topic, or null: only these are places of their own; elsewhere `message_thread_id` names a chain of replies. */
const threadOf = (message: Message): string | null =>
  message.is_topic_message && message.message_thread_id ? numbered(message.message_thread_id) : null;
const kindOf = (chat: Chat): ChatKind => (chat.type === 'private' || chat.type === 'channel' ? chat.type : 'group');
const nameOf = (name: string | undefined): string => head(oneLine(name ?? ''), MAX_NAME);

const idOf = (chat: Chat): string => numbered(chat.id);

function numbered(id: unknown): string {
  if (!Number.isSafeInteger(id)) throw new TypeError('an id that is no number');
  return String(id);
}

/**
 * What of an update is read anywhere: nothing else is carried, or written down while it waits. A handler that needs a further field adds it here.
 */
const FIELDS = new Set(
  `update_id ${ALLOWED_UPDATES.join(' ')} message_id chat from sender_chat author_signature id type title first_name last_name username is_bot
  language_code text is_topic_message message_thread_id migrate_to_chat_id migrate_from_chat_id forward_origin via_bot data
  old_chat_member new_chat_member status is_member query offset`.split(/\s+/),
);
/** Longer than anything that is read of a text. */
const MAX_STRING = MAX_COMMAND + 100;

/** A place that somebody sent to us alone, as the command that it stands for: before the update waits anywhere or is written down. */
export function placeless(update: Update, located: (latitude: number, longitude: number) => string): Update {
  const { message } = update;
  if (!message?.location || message.chat?.type !== 'private') return update;
  const { location, ...others } = message;
  const [latitude, longitude] = [Number(location.latitude), Number(location.longitude)];
  const text = `/${located(latitude, longitude)}`;
  return { ...update, message: { ...others, text } as typeof message };
}

/** An update with only what we read of it, its texts bounded: small enough to wait in memory and in the journal. Null = it cannot be read. */
export function trimmed(update: Update): Update | null {
  const keep = (key: string, value: unknown): unknown => {
    if (key !== '' && !FIELDS.has(key)) return undefined;
    return typeof value === 'string' ? head(value, MAX_STRING) : value;
  };
  // Nested past what the stack takes: no server of Telegram sends that.
  return orNull(() => JSON.parse(JSON.stringify(update, keep)) as Update);
}

/** What an event alone does not say of the people in it. */
export interface Whose {
  accountId: string;
  /** Of people whose Telegram tells no language. */
  lang: string | null;
  /** Asks Telegram whether this user is an administrator of the chat. */
  isAdmin(chat: string, user: string): Promise<boolean>;
}

export const addressOf = (accountId: string, chat: string, thread: string | null): ChatAddress => ({
  accountId,
  chat,
  thread,
});

function incomingSender(from: From, chat: string, whose: Whose): Sender {
  return {
    id: `telegram:${from.id}`,
    name: from.name,
    lang: from.lang ?? whose.lang,
    ...(from.as ? { unnamed: from.as } : {}),
    isAdmin: () => (from.admin === 'ask' ? whose.isAdmin(chat, from.id) : Promise.resolve(from.admin)),
  };
}

/** A typed command. In a private chat the answer quotes nothing: a quotation of each command would only be noise. */
export function commandTyped(event: CommandEvent, whose: Whose): IncomingCommand {
  const messageRef = event.chatKind === 'private' ? null : String(event.messageId);
  const { text, signed, forwarded } = event;
  const how = { ...(signed ? { signed } : {}), ...(forwarded ? { forwarded } : {}) };
  return { ...commandFrom(event, whose), text, button: null, messageRef, ...how };
}

/** A pressed command. */
export function commandPressed(event: ButtonEvent, text: string, button: PressedButton, whose: Whose): IncomingCommand {
  return { ...commandFrom(event, whose), text, button, messageRef: null };
}

const commandFrom = (event: CommandEvent | ButtonEvent, whose: Whose) => ({
  kind: 'command' as const,
  address: addressOf(whose.accountId, event.chat, event.thread),
  chatKind: event.chatKind,
  sender: incomingSender(event.from, event.chat, whose),
});

/** Null for a person who unblocks us: they write a command next, and that is the cue for a greeting, not this. */
export function membershipChanged(event: MembershipEvent, whose: Whose): IncomingMembership | null {
  if (event.type === 'joined' && event.chatKind === 'private') return null;
  const address = addressOf(whose.accountId, event.chat, event.thread);
  const sender = event.from && incomingSender(event.from, event.chat, whose);
  // A private chat with a person has that person's number.
  const privately = event.from && { ...address, chat: event.from.id };
  return { kind: event.type, address, chatKind: event.chatKind, sender, privately };
}
