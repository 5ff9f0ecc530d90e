import type { AdapterHandlers } from '../../core/ports/chat-adapter.ts';
import type { Admins } from './admins.ts';
import type { Routes } from './bot.ts';
import type { ChatNotes } from './chat-notes.ts';
import { addressOf, commandTyped, membershipChanged } from './incoming.ts';
import type { Inline } from './inline.ts';
import { type PressParts, press } from './press.ts';

/** Moves known, so that the second chat that tells of one is not a second move. */
const MAX_MOVES = 1000;

export interface RouteParts extends PressParts {
  notes: ChatNotes;
  admins: Admins;
  handlers: AdapterHandlers;
  inline: Inline;
}

/** From each kind of update to the core, and what the adapter itself learns from it. */
export function createRoutes(parts: RouteParts): Routes {
  const { notes, admins, handlers, whose } = parts;
  const moves = new Map<string, Promise<void>>();
  return {
    /** Both chats tell of a move: the core is given it once, and neither chat's next command comes before it. */
    moved({ chat, to }) {
      notes.moved(chat, to);
      let move = moves.get(chat);
      if (move === undefined) {
        const address = addressOf(whose.accountId, chat, null);
        move = handlers.incoming({ kind: 'moved', address, to: { ...address, chat: to } });
        moves.set(chat, move);
        if (moves.size > MAX_MOVES) moves.delete(moves.keys().next().value!);
      }
      return move;
    },
    async membership(event) {
      if (event.type === 'left') notes.gone(event.chat, 'the bot was removed or blocked');
      else {
        notes.alive(event.chat);
        admins.forget(event.chat);
      }
      const change = membershipChanged(event, whose);
      if (change !== null) await handlers.incoming(change);
    },
    async command(event, ref) {
      notes.alive(event.chat);
      await handlers.incoming({ ...commandTyped(event, whose), ref });
    },
    async inline(event) {
      await parts.inline.answer(event);
    },
    async pressed(event, ref) {
      notes.alive(event.chat);
      await press(event, ref, parts);
    },
  };
}
