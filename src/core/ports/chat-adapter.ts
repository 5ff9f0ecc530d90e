import type { ChatAddress, ChatKind } from '../model/chat.ts';
import type { MessageDocument, Picture } from '../model/message.ts';
import type { DurableRows, DurableState, Forgettable, Http, Tools } from './runtime.ts';
import type { Place } from './translate.ts';

/** Stands for what cannot be read, where nothing was written with it: a picture, a file, a voice, a sticker. */
export const UNREAD = '📎';

/** Something a person or the platform did. */
export type Incoming = IncomingCommand | IncomingMissed | IncomingMembership | IncomingMove;

export interface IncomingCommand {
  kind: 'command';
  address: ChatAddress;
  chatKind: ChatKind;
  sender: Sender;
  /** The command as typed, without prefix and bot name: "subscribe ru whatsapp"; of a picture or a file what is written below it, or `UNREAD`. Bounded (1,000 characters). */
  text: string;
  /** Typed behind the sign that begins a command here ("/", "!tocsin"): if it names a command, it is that one, and no sentence. Absent = plain words. */
  signed?: true;
  /** Pressed, not typed: the reply may replace the message that held the button. */
  button: PressedButton | null;
  /** Message to answer, where the platform threads replies. */
  messageRef: string | null;
  /** The same when the platform gives it once more, of this account's alone; absent = it never does, or there is no such thing. */
  ref?: string;
  /** Somebody else wrote it, and it was passed on: to be asked about, never to be carried out. */
  forwarded?: true;
  /** When it was sent, ms since the epoch, where that is long ago; absent = just now. */
  sentAt?: number;
}

/** Commands of one chat, oldest first, that came while nobody received: whoever sent them does not wait for an answer any more. */
export interface IncomingMissed {
  kind: 'missed';
  /** The chat itself; the commands may have been given in threads of it. */
  address: ChatAddress;
  chatKind: ChatKind;
  commands: (IncomingCommand & { sentAt: number })[];
}

export interface PressedButton {
  messageRef: string;
  /**
   * Shows whoever pressed it the beginning of a document, and nobody else. There only where others read along (a group, a channel) and
   * the platform can do that. At most one call counts; without one the press is acknowledged and shows nothing.
   */
  whisper?(document: MessageDocument): void;
}

export interface IncomingMembership {
  kind: 'joined' | 'left';
  address: ChatAddress;
  chatKind: ChatKind;
  sender: Sender | null;
  /** Where whoever did it can be written to alone, where the platform has such a place for each person. */
  privately?: ChatAddress | null;
}

/** The chat goes on under another id (supergroup migration, room upgrade): subscriptions move. */
export interface IncomingMove {
  kind: 'moved';
  address: ChatAddress;
  to: ChatAddress;
  /** People see that it is another place now, and should be notified that we came along. Absent: the platform hides the move. */
  upgraded?: { chatKind: ChatKind };
}

export interface Sender {
  /** `platform:id`, as in the config's `operators`. */
  id: string;
  name: string;
  /** Language that the platform tells, ISO 639-1, or null. */
  lang: string | null;
  /** Writes in the name of a channel or group of theirs: nobody can tell who it is. */
  unnamed?: true;
  /** May change this chat's settings: private chat, Telegram admin, Matrix power level ≥ 50. Asked only when needed. */
  isAdmin(): Promise<boolean>;
  /** Where a number tells: the level that it takes to change settings, and the person's own (null: not to be found out). Absent: no such numbers here. */
  power?(): Promise<{ needs: number; has: number | null }>;
}

export type Outgoing =
  | { op: 'send'; address: ChatAddress; document: MessageDocument; key: string; replyTo: string | null }
  | { op: 'edit'; address: ChatAddress; document: MessageDocument; key: string; messageRef: string };

/**
 * What became of a send. The adapter never retries and never sleeps: the outbox does. `key` is the same for every attempt of one
 * delivery (a Matrix transaction id); an edit that changes nothing counts as delivered.
 * - retry: try again, not before `afterMs` (null: back off as you like); scope `account` = nobody may be sent to until then
 * - gone: the chat cannot be reached any more (blocked, kicked, deleted): end its subscriptions
 * - moved: try again at `to`, and move the chat
 * - rejected: our message is wrong (or its target is gone), or has a picture that cannot be made or is not taken here; do not retry
 */
export type SendOutcome =
  | { kind: 'delivered'; messageRef: string }
  | { kind: 'retry'; afterMs: number | null; scope: 'account' | 'chat'; reason: SendReason; detail: string }
  | { kind: 'gone'; reason: SendReason; detail: string }
  | { kind: 'moved'; to: ChatAddress }
  | { kind: 'rejected'; reason: SendReason; detail: string };

export type SendReason = 'auth' | 'rate_limited' | 'client' | 'server' | 'timeout' | 'canceled';

export interface AdapterHandlers {
  /** Resolves when the event is handled; never throws. Awaited per chat in order; chats run beside each other. */
  incoming(event: Incoming): Promise<void>;
  /**
   * Answers what is asked outside of any chat of ours (an inline query): looks, keeps nothing and changes nothing. Null: nothing to say (half a
   * word, a budget, a failure). Never throws. Absent: such questions are not answered.
   */
  asked?(question: Question): Promise<MessageDocument | null>;
}

/** "whatsapp ru", typed behind our name in somebody else's chat. */
export interface Question {
  accountId: string;
  /** As typed; bounded (256 characters). */
  text: string;
  sender: Pick<Sender, 'id' | 'lang'>;
}

export interface AdapterHealth {
  ok: boolean;
  /** One short sentence without secrets, in English, for logs and `status`; null when ok. */
  problem: string | null;
}

export interface AccountCheck extends AdapterHealth {
  /** Who the platform says that this account is; absent = it did not, or knows no such thing. */
  identity?: Identity;
  /** What else was found; a short sentence in English. */
  detail?: string;
}

/**
 * One account on one chat platform. What a platform may lack is a capability: a member that is there or not. Callers look for it once, and never ask
 * which platform it is.
 */
export interface ChatAdapter {
  readonly accountId: string;
  readonly platform: string;
  /** The platform as a service of the catalogue; absent = it is none. */
  readonly service?: string;
  readonly talk: Talk;
  /** Paces that the outbox keeps for this account. `perSecond` 0 = unpaced. */
  readonly pace: Pace;
  /** Everything here goes to one chat. Absent = there are chats that are independent of each other, and people begin them. */
  readonly onlyChat?: OnlyChat;
  /** Whoever receives must be who sends, in one process: it has something (keys) of which there may be but one. Absent = they may be two. */
  readonly oneHolder?: true;
  /** How long the platform recognises a repeated `key`, ms; absent = never: what was in flight at a crash is sent again, whenever that was. */
  readonly keysHoldMs?: number;
  /**
   * Connects and begins to receive; resolves when ready to send. Called once. A failing platform is not an error: it retries in the
   * background and says so in `health`. Throws only for what an operator must mend (a refused token).
   */
  start(handlers: AdapterHandlers): Promise<void>;
  /**
   * One attempt. Never throws. Several may be under way at a time. When the signal aborts it resolves soon, as `retry` with the reason
   * `canceled`: whether the message went out is then unknown.
   */
  send(message: Outgoing, signal: AbortSignal): Promise<SendOutcome>;
  /** As it is known here: asks nobody, and may be called at any time, before `start` as well. */
  health(): AdapterHealth;
  /** What can be asked of the platform about this account; absent = it needs no login. */
  readonly login?: Login;
  /**
   * A channel that we are in, by its name or number, when this person (`Sender.id`) is one of its administrators; else null. Absent where
   * the platform has no channels that people set up from elsewhere.
   */
  channel?(ref: string, senderId: string): Promise<ChannelFound | null>;
  /**
   * The chat in which this person (the id in `Sender.id`, without the platform) and we are alone; found, or opened where a platform lets us. Null: there
   * is none to be had. May be called before `start`. Throws when the platform cannot be asked. Absent where people have no such chats.
   */
  privately?(personId: string, signal: AbortSignal): Promise<string | null>;
  /** Pins one of our messages, without a sound. False: we may not, or it is gone. Never throws. Absent where nothing is pinned. */
  pin?(address: ChatAddress, messageRef: string, signal: AbortSignal): Promise<boolean>;
  /**
   * Stops receiving, waits for handlers under way (at most 2 s: the whole program has five). What was not handled by then comes again after
   * the next start, where the platform or the adapter's state still has it.
   */
  stop(): Promise<void>;
}

/** How people and the bot talk on a platform: what a command looks like there, and what a message may hold beside its text. */
interface Talk {
  /** Before a command ("/", "!tocsin ", ""), for help texts. */
  readonly prefix: string;
  /** Can a message have buttons? Else what they would do is said as a command. */
  readonly buttons: boolean;
  /** Can a chat be shown pictures and be given text files? Else none are made for it. A document that has one all the same is shown as its text. */
  readonly attachments: boolean;
  /** How whoever is alone with us can share where they are (`AdapterDeps.located`); null = they cannot. */
  readonly locations: 'button' | 'message' | null;
  /** What people call a chat of several. */
  readonly place: Place;
}

/** Text alone. */
export const PLAIN_TALK: Talk = { prefix: '', buttons: false, attachments: false, locations: null, place: 'chat' };

/** The one chat of an account that has no others. */
interface OnlyChat {
  readonly chat: string;
  /**
   * Who is there: an operator by nature, as `Sender.id` (whoever sits at the terminal); or null, which makes it a target, a program outside (a webhook).
   * From a target nothing is received. It is told of alerts with `MessageDocument.facts`, and in the order of the queue: a message that must be tried again
   * stays before the others, and its word that it is gone is believed at once.
   */
  readonly operator: string | null;
}

export const isTarget = (adapter: Pick<ChatAdapter, 'onlyChat'> | undefined): boolean =>
  adapter?.onlyChat?.operator === null;

interface Login {
  /** Does the platform know who this account is? Then `AdapterDeps.identity` is asked, and nothing is sent before it has agreed. */
  readonly hasIdentity: boolean;
  /**
   * For `tocsin check`, before `start`: asks the platform once whether it knows this account. Has no effect on anything, so a bot that
   * runs with the same account misses nothing. Never throws.
   */
  check(signal: AbortSignal): Promise<AccountCheck>;
}

interface ChannelFound {
  chat: string;
  kind: ChatKind;
  title: string;
  /** What people type to name it: "@news", or its number. */
  name: string;
}

export interface Pace {
  /** Messages and edits a second over the whole account. */
  perSecond: number;
  /** Least distance of two messages in one chat, ms. */
  perChatMs: number;
  /** In one group or channel, a minute; 0 = no such limit. */
  perGroupMinute: number;
  /** Sends under way at a time. */
  window: number;
}

/** Who an account is on its platform: the number of a Telegram bot, the full id of a Matrix user. */
export interface Identity {
  /** Never changes and is never used again: what is compared. */
  id: string;
  /** As people know it, for messages. */
  name: string;
  /** Where people find it, for the log at the start and the pages. */
  link?: string;
}

interface AccountIdentity {
  /**
   * To be called with what the platform says, after each login and before anything is received. `before`: whom the adapter's own state
   * belongs to, where an older version kept it. Throws `identity_changed` when the account was another one: then nothing may be received or
   * changed. It has been logged by then.
   */
  confirm(seen: Identity, before?: Identity | null): Promise<void>;
}

/** A command in a platform's menu. `inGroups`: whom a group's menu offers it to; absent = everyone. */
export interface MenuEntry {
  name: string;
  description: string;
  inGroups?: 'everyone' | 'admins' | 'nobody';
}

/** What the app hands to an adapter; each account has its own `state` and `cache` namespace. */
export interface AdapterDeps extends Tools {
  /** Asked before a warning that the platform cannot be reached. */
  outage: Outage;
  state: DurableState;
  cache: Forgettable;
  /** What must never be older than what was done with it; this account's alone. Absent where the account neither receives nor sends. */
  rows?: DurableRows;
  /**
   * Something that the account cannot go on without has broken, and what is durable is whole: it is ended, and begun anew in this process or another. To be
   * called once, after it was logged; from then on the adapter only waits for `stop`. Absent where nothing is begun.
   */
  broken?(): void;
  /** Absent where nobody watches (`tocsin check`, tests of other things). */
  identity?: AccountIdentity;
  /** Makes the pictures of documents; absent = there are none to be had. */
  pictures?: Pictures;
  /**
   * The command that stands for a place somebody shared, degrees. To be asked as soon as it is read, before anything is written down: the place itself is
   * kept nowhere. Absent: such messages are none of ours.
   */
  located?(latitude: number, longitude: number): string;
  /** The guarded fetch: for addresses that are the operator's choice and lead to strangers. */
  http: Http;
  /** May that address be called: is it no private one, and has it a name that resolves? Throws a `fetch_*` code; asks no server but the resolver. */
  resolves(url: string): Promise<void>;
  /** The public page of an incident; null = there is none. */
  pageOf(incidentId: string): string | null;
  /** The operator's proxy (`http:`, `socks5:`), or null. */
  proxy: string | null;
  /** Chat ids of this account that have rows in the store, for adapters that must look after rooms they are in. */
  knownChats(): Promise<ChatAddress[]>;
  /** Descriptions of the commands for a platform's menu, by language. */
  commandMenu(): { lang: string; commands: MenuEntry[] }[];
  /**
   * Does this process still hold the account? Asked right before anything is asked of the platform or confirmed to it; false = do neither. Absent:
   * always.
   */
  holds?(): boolean;
  /** The account's chat of the configuration, which had ended, begins anew. Absent: only the next start does that. */
  reopen?(): Promise<void>;
  /** Another process received until just now, and its last request may still be open at the platform: a conflict with it is no trouble yet. */
  tookOver?: boolean;
}

/**
 * Shared by the two halves of an account: a platform that cannot be reached fails both, and the operator hears of it once. For trouble
 * with the line only: a refused token or a second receiver is another matter each time.
 */
export interface Outage {
  /** True when this half is the first to meet it: then it warns. False: the other half has warned. */
  begins(half: AccountHalf): boolean;
  ends(half: AccountHalf): void;
}

export type AccountHalf = 'receiving' | 'sending';

/** Turns drawings into pictures that platforms take. Made somewhere else than on the thread that answers people; costs no memory while nobody asks. */
export interface Pictures {
  /**
   * The picture as a PNG, or null: it cannot be made here (a native part is missing on this system), it takes too long, too many wait, or
   * the drawing is too large. Never throws. Whoever asks for the same one at the same time, or soon after, gets the same bytes: they must not be changed.
   */
  png(picture: Picture, signal?: AbortSignal): Promise<Uint8Array | null>;
  /** One is about to be asked for, after its text: what has to begin for it may begin now. Never throws. */
  soon(): void;
  /** False once it is known that this system can make none: then nobody needs to draw. True until the first was tried. */
  possible(): boolean;
}
