import type { ChatAddress } from '../../core/model/chat.ts';
import type { IncomingCommand, IncomingMembership, PressedButton, Sender } from '../../core/ports/chat-adapter.ts';
import type { ButtonEvent, CommandEvent, From, MembershipEvent } from './events.ts';

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

function senderOf(from: From, chat: string, whose: Whose): Sender {
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
  const passedOn = event.forwarded ? { forwarded: event.forwarded } : {};
  return { ...commandFrom(event, whose), text: event.text, button: null, messageRef, ...passedOn };
}

/** A pressed command. */
export function commandPressed(event: ButtonEvent, text: string, button: PressedButton, whose: Whose): IncomingCommand {
  return { ...commandFrom(event, whose), text, button, messageRef: null };
}

const commandFrom = (event: CommandEvent | ButtonEvent, whose: Whose) => ({
  kind: 'command' as const,
  address: addressOf(whose.accountId, event.chat, event.thread),
  chatKind: event.chatKind,
  sender: senderOf(event.from, event.chat, whose),
});

/** Null for a person who unblocks us: they write a command next, and that is the cue for a greeting, not this. */
export function membershipChanged(event: MembershipEvent, whose: Whose): IncomingMembership | null {
  if (event.type === 'joined' && event.chatKind === 'private') return null;
  const address = addressOf(whose.accountId, event.chat, event.thread);
  const sender = event.from && senderOf(event.from, event.chat, whose);
  // A private chat with a person has that person's number.
  const privately = event.from && { ...address, chat: event.from.id };
  return { kind: event.type, address, chatKind: event.chatKind, sender, privately };
}
