/** A chat's board: one message that is kept up to date. Ids are those of the chat's own row; a board goes with its chat. */
export interface Board {
  chatId: number;
  /** Of its message's notice; null = none was queued yet. */
  noticeId: string | null;
  /** The message, once it is there; null = not yet, or not any more (the chat moved). */
  messageRef: string | null;
  /** Is a send or an edit of it queued or under way? */
  pending: boolean;
  /** How its last send or edit ended; null = well, or there was none. */
  failed: 'send' | 'edit' | null;
  /** What it shows, as a short text that changes with it. */
  shown: string;
  /** When it was last sent or edited, ms since the epoch; 0 = never. */
  changedAt: number;
  /** Was pinning it tried? */
  pinned: boolean;
}

export interface BoardTable {
  of(chatId: number): Promise<Board | null>;
  /** False: it has one. */
  add(chatId: number): Promise<boolean>;
  /** False: it had none. Its last message stays as it is. */
  remove(chatId: number): Promise<boolean>;
  /** Of active chats, in the order of their ids, after one of them. */
  list(afterChatId: number, limit: number): Promise<Board[]>;
  /** Queues a message of its own (a notice with this id) in place of the one before, in one transaction. */
  send(chatId: number, noticeId: string, shown: string, now: number): Promise<void>;
  /** Queues an edit of its message, as a broadcast with this id. */
  edit(chatId: number, broadcastId: string, shown: string, now: number): Promise<void>;
  pinned(chatId: number): Promise<void>;
}
