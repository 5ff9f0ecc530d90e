import type { Priority } from '../model/alert.ts';
import type { Link, Via } from '../model/link.ts';
import type { Notice } from '../model/notice.ts';

/** A piece of an alert that a first chat has not got yet, with what decides whether the second gets it instead. */
export interface Stuck {
  /** Of the delivery. */
  id: number;
  op: 'send' | 'reply';
  state: 'queued' | 'sending';
  /** Attempts begun. */
  attempts: number;
  /** When it was filled in, ms since the epoch. */
  createdAt: number;
  accountId: string;
  spareAccountId: string;
  /** Has the second chat a message, sent or on its way, of every incident of this alert? */
  spareHas: boolean;
}

/** What becomes of a stuck piece: `divert` = the second chat gets a message, and the first does not; `drop` = the second has one. */
export interface Diversion {
  id: number;
  do: 'divert' | 'drop';
}

/** Pairs of chats. Ids are those of any row of a chat; a pair is of the chats themselves. Its rows go with either chat when that is forgotten. */
export interface LinkTable {
  /** The pair that this chat is one of; null = it stands alone. */
  of(chatId: number): Promise<Link | null>;
  /** False, and nothing is done: one of them is in a pair already, has ended, or both are on one account. */
  join(mainId: number, spareId: number, now: number): Promise<boolean>;
  /** Takes the pair apart that this chat is one of; what it was, or null. What waits for either stays. */
  part(chatId: number): Promise<Link | null>;
  /** By the first chat's id; an unknown one changes nothing. */
  update(mainId: number, change: Partial<Pick<Link, 'both' | 'because' | 'monthlyTest' | 'testedAt'>>): Promise<void>;
  /** In the order of the first chats' ids, after one of them. */
  list(afterMainId: number, limit: number): Promise<Link[]>;
  /**
   * What first chats have not got: of these accounts all of it, of others what was filled in before `olderThan` (ms since the epoch); the oldest
   * first. Edits are none of it, nor are notices.
   */
  stuck(accountIds: string[], olderThan: number, limit: number): Promise<Stuck[]>;
  /**
   * One transaction. A piece that was settled meanwhile is left. What is under way cannot be called back: it is not tried again. Returns how many
   * messages were queued for second chats.
   */
  divert(what: Diversion[], now: number): Promise<number>;
  /** What the first chat was sent of this alert, or is about to be, the second gets too, unless it knows. Returns how many were queued (0 or 1). */
  copy(mainId: number, alertId: string, via: Via, now: number): Promise<number>;
  /** For messages that came by a pair: the rows (chat and threads) of the first chat, by the second's id. */
  mains(spareIds: number[]): Promise<Map<number, number[]>>;
}

/** Messages that are about no incident. */
export interface NoticeTable {
  /**
   * Queues a notice for chats that are active, with an alert and a broadcast (both `id`) of its own, in one transaction; the same id again
   * changes nothing. Returns how many were queued.
   */
  tell(id: string, notice: Notice, chatIds: number[], options: { priority: Priority; now: number }): Promise<number>;
  /** The same to every active chat: a broadcast that is filled in along its cursor. False: this id was there. */
  toAll(id: string, notice: Notice, now: number): Promise<boolean>;
  /** By the ids of their alerts; what is no notice is left out. */
  getMany(alertIds: string[]): Promise<Map<string, Notice>>;
}
