import type { ChatAdapter } from '../ports/chat-adapter.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ids } from '../ports/ids.ts';
import type { Claim } from '../ports/outbox.ts';
import type { Store } from '../ports/store.ts';
import type { Composed } from './composed.ts';
import type { Flights } from './flights.ts';
import type { GoneWatch } from './gone-watch.ts';
import type { HeldChats } from './held-chats.ts';
import type { Pacer } from './pacer.ts';
import type { ClaimFacts } from './plan-turn.ts';
import { pacedChatOf } from './recover.ts';
import type { Shown } from './shown.ts';

export interface LookDeps {
  store: Store;
  adapter: ChatAdapter;
  clock: Clock;
  ids: Ids;
  pacer: Pacer;
  held: HeldChats;
  shown: Shown;
  flights: Flights;
  goneWatch: GoneWatch;
  compose(claims: Claim[]): Promise<Composed[]>;
}

/** A delivery with what it says, as the planner decides about it. */
export interface Offer {
  claim: Claim;
  content: Composed | null;
}

/** What the outbox offers an account; changes nothing. */
export interface Look {
  /** How many deliveries may begin while so many that ended are settled; of a paused account one at a time. */
  room(ended: number): number;
  /** What is due and free; chats under way or held are left out. */
  offers(room: number): Promise<Offer[]>;
  /** An offer as the planner knows it. */
  factsOf(offer: Offer, now: number): ClaimFacts;
}

/** A paused account tries one of so many. */
const SAMPLE = 1_000;

export function createLook(deps: LookDeps): Look {
  const { store, clock, pacer, held, shown, flights, goneWatch } = deps;
  const { accountId, pace } = deps.adapter;

  /** Of a paused account any one: those that come first may well be those that left first. */
  async function claimsFor(room: number, busy: number[]): Promise<Claim[]> {
    if (goneWatch.tryIn() !== null) {
      const found = await store.outbox.peek(accountId, SAMPLE, clock.now(), busy);
      const at = Math.floor(deps.ids.random() * found.length);
      return found.slice(at, at + 1);
    }
    const rate = pacer.rate();
    const limit = Number.isFinite(rate) ? Math.min(room, Math.max(4, Math.ceil(rate / 50))) : room;
    return await store.outbox.peek(accountId, limit, clock.now(), busy);
  }

  return {
    room(ended) {
      const tryIn = goneWatch.tryIn();
      if (tryIn === null) return pace.window - flights.size + ended;
      return tryIn === 0 && flights.size === ended ? 1 : 0;
    },
    async offers(room) {
      const busy = [...new Set([...flights.chatIds(), ...held.ids()])];
      const claims = await claimsFor(room, busy);
      const live = claims.filter((claim) => !claim.waitsForEarlier);
      const composed = live.length > 0 ? await deps.compose(live) : [];
      const contents = new Map(live.map((claim, i) => [claim.id, composed[i]!]));
      return claims.map((claim) => ({ claim, content: contents.get(claim.id) ?? null }));
    },
    factsOf({ claim, content }, now) {
      const chat = pacedChatOf(claim.chat);
      const same = content !== null && 'document' in content && shown.already(claim, content.document);
      const skip = same ? 'shown-already' : content !== null && 'skip' in content ? content.skip : null;
      const { id, chatId, priority, waitsForEarlier } = claim;
      const later =
        content !== null && 'later' in content
          ? { later: { as: content.later, until: content.until, why: content.why } }
          : {};
      const readyAt = pacer.chatReadyAt(chat, now);
      return { id, chatId, chat: chat.key, priority, waitsForEarlier, skip, ...later, readyAt };
    },
  };
}
