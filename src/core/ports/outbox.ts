import type { Broadcast, BroadcastKind, Delivery, DeliveryOp } from '../model/alert.ts';
import type { Chat, ChatAddress, ChatKind } from '../model/chat.ts';
import type { ChangeKind, Level } from '../model/incident.ts';
import type { Via } from '../model/link.ts';

/** Recipients of a broadcast: who follows one of these, and did when it was added. */
export interface FillMatcher {
  incidentId: string;
  country: string | null;
  service: string | null;
  /** Only chats that followed before the incident joined this alert, by the order of writing: others have it from the answer to `subscribe`. */
  onlyEarlier: boolean;
  /**
   * A larger incident speaks for it: not for a chat that follows that one and has a message of it, sent or on its way, or followed it only after it
   * was told (the answer to `subscribe` did). Absent = none does.
   */
  spokenFor?: Pick<FillMatcher, 'incidentId' | 'country' | 'service'> | null;
}

export interface FillPlan {
  /** Chats of this level only: each level has alerts of its own. */
  level: Level;
  /** A chat is a recipient by any one of them. */
  matchers: FillMatcher[];
  /** Older broadcasts of the alert whose untried replies this one makes needless. */
  supersedes: string[];
  /** Do `others` get it after the `holders`? */
  othersToo: boolean;
  now: number;
  /** Recipients that one call looks at, at most. */
  chunk: number;
}

export interface FillResult {
  /** Deliveries written. */
  written: number;
  /** The broadcast as it stands now: phase, cursor, state. */
  broadcast: Broadcast;
}

/** A delivery ready to be tried, with what an attempt needs. */
export interface Claim extends Delivery {
  chat: Chat;
  /** The chat's message of this alert, once sent; null before. */
  messageRef: string | null;
  /** It is of what another chat follows; null = of what this one follows itself. */
  via: Via | null;
  /** Is an earlier delivery of this alert to this chat still queued or sending? */
  waitsForEarlier: boolean;
  /** Of its broadcast. */
  kind: BroadcastKind;
  /** The chat's message of this alert is a summary that tells of other things, too: it is answered, and never edited. */
  inSummary: boolean;
  /** Does a piece of this alert wait for the end of this chat's quiet hours? */
  heldBefore: boolean;
}

/** A delivery that waits for the end of its chat's quiet hours, and of which no summary has told. */
export interface HeldPiece {
  chatId: number;
  alertId: string;
  op: DeliveryOp;
  kind: BroadcastKind;
  reason: ChangeKind;
  /** Of the broadcast: what changed. */
  incidentIds: string[];
  /** Another chat follows it: by which way it came here. */
  via: Via | null;
}

/** A chat for which something is to be done: see `core/regular.ts`. */
export interface DueChat {
  chat: Chat;
  /** Since when. */
  wakeAt: number;
  /** Does anything wait for the end of its quiet hours, of which no summary has told? */
  held: boolean;
  /** Does this row (the chat itself, or one of its threads) follow anything? */
  follows: boolean;
}

/** What became of a delivery that was begun. Settling one that has ended already changes nothing. */
export type Settlement =
  | { id: number; outcome: 'sent'; messageRef: string }
  | { id: number; outcome: 'retry'; nextAt: number }
  | { id: number; outcome: 'failed' | 'superseded'; reason: string }
  /** It leaves the queue and waits for `until`, when its chat is looked at again. */
  | { id: number; outcome: 'held'; until: number }
  /** Ends the chat too (`ChatTable.end`). */
  | { id: number; outcome: 'gone'; reason: string };

/** A command whose answer waits: what another process needs to answer it when this one is killed. */
export interface OwedAnswer {
  /** Of `Ids.next`: in the order in which they came. */
  id: string;
  /** Where it is answered. */
  address: ChatAddress;
  chatKind: ChatKind;
  /** What a change did the chat's present state says as well; the others are asked again. */
  kind: 'change' | 'question' | 'text';
  /** `IncomingCommand.ref`. */
  ref: string | null;
  /** When it came, ms since the epoch. */
  at: number;
  /** Null of a change. `from`: the sender's id. */
  command: {
    text: string;
    from: string;
    lang: string | null;
    messageRef: string | null;
    /** As `IncomingCommand.signed`. */
    signed?: true;
    forwarded: boolean;
  } | null;
}

/** What has come of answers since the last note. */
export interface AnswerNote {
  waiting: readonly OwedAnswer[];
  /** Ids of those that were answered, and `at` which time, ms since the epoch. */
  answered: readonly string[];
  at: number;
  /** Ids of those that need no answer any more: nothing is remembered of them. */
  dropped: readonly string[];
}

/**
 * The durable queue. One process sends for an account at a time; `peek` therefore takes no lease, and `begin` marks what is about to
 * be tried. Whatever is `sending` when a process starts was in flight at a crash.
 */
export interface Outbox {
  /**
   * Fills in at most `chunk` recipients of a broadcast, after its cursor, in one transaction with the cursor's advance:
   * `holders` get `edit` (unless an untried send or edit of the alert is queued for them: it will show the newest version) and, when
   * loud, `reply` (unless an untried send is queued); untried older replies in `supersedes` become `superseded`.
   * `others` (level as given, active, a matching subscription, no unfinished or sent message of any alert with one of these incidents)
   * get `send`. Unlike all else, a step may be undone by a loss of power until something is written after it: the cursor goes back with it,
   * and nothing that it has filled in was begun. Chats that silenced every one of their matching incidents get nothing. Unique by (broadcast, chat, op).
   */
  fill(broadcast: Broadcast, plan: FillPlan): Promise<FillResult>;
  /**
   * Queued and due, by priority, then oldest; never two of one chat at a time, nor one of a chat in `busyChats`. Where an earlier piece of the same
   * alert is due as well, that one stands in its place, whatever its own priority.
   */
  peek(accountId: string, limit: number, now: number, busyChats: number[]): Promise<Claim[]>;
  /**
   * One transaction: settles what ended, then marks what begins as `sending` with its payload. Returns the ids that did begin: one that
   * was superseded since it was peeked at does not. A summary that begins tells of all that is held of its chat by then; when it was
   * sent, its message is that of the alerts told of; when it ends otherwise, what it told of counts as not told.
   */
  advance(settled: Settlement[], begun: { id: number; payload: string }[], now: number): Promise<number[]>;
  /** A send of this broadcast (a regular one, `done`) for each of these chats, due at `now`. What is there already stays. */
  put(broadcastId: string, chatIds: number[], now: number): Promise<void>;
  /** What waits of these chats, in the order of writing, at most `limit` a chat: what a summary that begins now tells of. */
  heldOf(chatIds: number[], limit: number): Promise<Map<number, HeldPiece[]>>;
  /** After a start: `sending` rows become due again with their payload; `before` = those begun earlier become `failed` (their outcome is unknown and can no longer be found out). */
  recover(accountId: string, before: number | null): Promise<{ requeued: number; unknown: number }>;
  /** The clock was set back, or was wrong when this was written: what is queued for later than now is due now. Returns how many were. */
  rewind(accountId: string, now: number): Promise<number>;
  /** When the next queued row is due, ms since the epoch; null = nothing queued. */
  nextDueAt(accountId: string): Promise<number | null>;
  /** What is `sending` (`at` null), and what was sent since, at most 5,000, newest first: for pacing across a restart. */
  recentSends(accountId: string, since: number): Promise<(Pick<Chat, 'chat' | 'kind'> & { at: number | null })[]>;
  /** In one transaction, in this order: these wait, these were answered, these are dropped. Unknown ids change nothing. */
  noteAnswers(note: AnswerNote): Promise<void>;
  /**
   * After a start: what waits of this account, oldest first; and which commands were answered at or after `since`, oldest first, at most the
   * newest 500. What waits moves with its chat, and is deleted when that ends or is forgotten.
   */
  owedAnswers(
    accountId: string,
    since: number,
  ): Promise<{ waiting: OwedAnswer[]; answered: { ref: string; at: number }[] }>;
  /** By account, for the status; costs the same whatever waits. `oldestCreatedAt`: when the oldest broadcast of the queue began to be filled in. */
  depth(): Promise<{ accountId: string; queued: number; sending: number; oldestCreatedAt: number | null }[]>;
}
