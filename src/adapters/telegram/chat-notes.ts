import type { ChatAddress } from '../../core/model/chat.ts';
import type { Outgoing, SendOutcome } from '../../core/ports/chat-adapter.ts';
import type { Clock } from '../../core/ports/clock.ts';

/** A chat that sent us away may take us back without our hearing of it. */
const GONE_MS = 600_000;
const MAX_NOTES = 10_000;

/**
 * What the last answers said about chats, so that messages queued behind one that was refused do not knock again: Telegram counts
 * these against a bot. Kept in memory only; forgotten when the chat shows a sign of life.
 */
export interface ChatNotes {
  /** An outcome that needs no request, or null. */
  known(address: ChatAddress): SendOutcome | null;
  /** False for a chat of which we learnt that it is no forum (any more). */
  isForum(chat: string): boolean;
  learn(message: Outgoing, outcome: SendOutcome, result: unknown): void;
  gone(chat: string, detail: string): void;
  moved(chat: string, to: string): void;
  alive(chat: string): void;
}

type Note = { type: 'gone'; detail: string; until: number } | { type: 'moved'; to: string } | { type: 'flat' };

export function createChatNotes(clock: Clock): ChatNotes {
  const notes = new Map<string, Note>();
  const put = (chat: string, note: Note): void => {
    notes.delete(chat);
    notes.set(chat, note);
    if (notes.size > MAX_NOTES) notes.delete(notes.keys().next().value!);
  };
  const gone = (chat: string, detail: string): void =>
    put(chat, { type: 'gone', detail, until: clock.monotonic() + GONE_MS });

  return {
    known(address) {
      const note = notes.get(address.chat);
      if (note === undefined || note.type === 'flat') return null;
      if (note.type === 'moved') return { kind: 'moved', to: { ...address, chat: note.to, thread: null } };
      if (note.until > clock.monotonic()) return { kind: 'gone', reason: 'client', detail: note.detail };
      notes.delete(address.chat);
      return null;
    },
    isForum: (chat) => notes.get(chat)?.type !== 'flat',
    learn({ address }, outcome, result) {
      if (outcome.kind === 'gone') gone(address.chat, outcome.detail);
      else if (outcome.kind === 'moved' && outcome.to.chat !== address.chat)
        put(address.chat, { type: 'moved', to: outcome.to.chat });
      else if (outcome.kind === 'delivered' && address.thread !== null && isFlat(result))
        put(address.chat, { type: 'flat' });
    },
    gone,
    moved: (chat, to) => put(chat, { type: 'moved', to }),
    alive(chat) {
      if (notes.get(chat)?.type === 'gone') notes.delete(chat);
    },
  };
}

/** A message that was sent to a topic and came back without one: the chat's topics were switched off. */
function isFlat(result: unknown): boolean {
  const message = result as {
    is_topic_message?: unknown;
    message_thread_id?: unknown;
    chat?: { is_forum?: unknown; type?: unknown };
  } | null;
  return (
    typeof message === 'object' &&
    message !== null &&
    message.message_thread_id === undefined &&
    message.chat?.type === 'supergroup' &&
    message.chat.is_forum !== true
  );
}
