import type { ChatAddress } from '../model/chat.ts';
import { type AnswerEntry, type AnswerFlightsDeps, createAnswerFlights } from './answer-flights.ts';
import {
  ALERTS_BESIDE_FLOODERS,
  ALERTS_BESIDE_PEOPLE,
  crowdAt,
  isFlood,
  messagesOf,
  type OwedAnswer,
  owedOf,
  owes,
  type Reply,
} from './answer-plan.ts';
import { createGroupShare } from './group-share.ts';
import type { Pacer } from './pacer.ts';
import { createWaitingChats } from './waiting-chats.ts';

export type { Reply } from './answer-plan.ts';

export interface ReplyQueueDeps extends Omit<AnswerFlightsDeps, 'leave'> {
  pacer: Pacer;
}

/** An answer that may go as far as its own chat is concerned; when the account's turn is, the sender decides. */
export interface DueAnswer {
  id: number;
  chat: string;
}

/**
 * Answers to people. In memory: what they are about is carried out and stored, and whoever asked can ask again. One at a time in a
 * chat, in order; what waits is bounded by chats, never by commands (`answer-plan.ts`).
 */
export interface ReplyQueue {
  /** Never turns a chat away for being one of many; see `crowded`. */
  add(reply: Reply): void;
  /** More chats wait than are answered within moments: answers are merged, and made when their turn comes. */
  crowded(): boolean;
  /** How many alerts go after an answer, while alerts wait. */
  alertsPerAnswer(): number;
  /** At most `limit` answers whose chats may be sent to now, first come first; in how many ms another may be due, null when none waits. */
  due(now: number, limit: number): { answers: DueAnswer[]; next: number | null };
  /** Sends one that was due: it leaves the queue, and its chat's slot is taken. */
  send(id: number, now: number, signal: AbortSignal): void;
  inFlight(): number;
  /** Chats that changed something and were not notified yet, those under way included. */
  owed(): OwedAnswer[];
  /** Chats whose answers have not all left, and for how many messages each waits; pictures apart, which say nothing more. One may come twice. */
  waiting(): { address: ChatAddress; messages: number }[];
}

/** Something else must happen first. */
const UNTIL_WOKEN = 5_000;
/** Chats that are looked at in one turn, at most: the others are behind them anyway. */
const LOOKS = 2_000;

export function createReplyQueue(deps: ReplyQueueDeps): ReplyQueue {
  const { adapter, pacer, log } = deps;
  const chats = createWaitingChats();
  const groups = createGroupShare(adapter.pace.perGroupMinute);
  const flights = createAnswerFlights({ ...deps, leave: chats.remove });
  let lost = 0;

  const readyAt = ({ address, group }: Reply, now: number): number =>
    Math.max(pacer.chatReadyAt({ key: address.chat, group }, now), group ? groups.readyAt(address.chat, now) : 0);

  const isCrowd = (waiting: number): boolean => waiting >= crowdAt(pacer.rate());

  function take(id: number): AnswerEntry | null {
    const repeated = flights.takeAgain(id);
    if (repeated) return repeated;
    const one = chats.take(id);
    return one && flights.fresh(one.reply, one.merged);
  }

  function* candidates(): Generator<{ id: number; reply: Reply; notBefore: number }> {
    for (const [id, { reply, notBefore }] of flights.again) yield { id, reply, notBefore };
    for (const { id, waiting } of chats.inOrder()) {
      yield { id, reply: waiting.messages[0] ?? waiting.merged!.reply, notBefore: 0 };
    }
  }

  return {
    add(reply) {
      const { person, operator } = chats.counts();
      if (!chats.add(reply, isCrowd(person + operator))) {
        if (lost++ === 0) log.warn('More chats wait for an answer than can be kept', { account: adapter.accountId });
      } else lost = 0;
    },
    crowded() {
      const { person, operator, flooder } = chats.counts();
      return isCrowd(person + operator + flooder);
    },
    alertsPerAnswer: () => (isFlood(chats.counts()) ? ALERTS_BESIDE_FLOODERS : ALERTS_BESIDE_PEOPLE),
    due(now, limit) {
      const answers: DueAnswer[] = [];
      let next: number | null = null;
      let looks = 0;
      const passed = new Set<string>();
      for (const { id, reply, notBefore } of candidates()) {
        next ??= UNTIL_WOKEN;
        if (answers.length >= limit || ++looks > LOOKS) break;
        const { chat } = reply.address;
        // Never before an earlier answer of the same chat.
        if (flights.busy(chat) || passed.has(chat)) continue;
        passed.add(chat);
        const at = Math.max(notBefore, readyAt(reply, now));
        if (at <= now) answers.push({ id, chat });
        else next = Math.min(next, at - now);
      }
      return { answers, next };
    },
    send(id, now, signal) {
      const entry = take(id);
      if (!entry) return;
      const { address, group } = entry.reply;
      pacer.take({ key: address.chat, group }, now);
      if (group) groups.note(address.chat, now);
      flights.send(entry, signal);
    },
    inFlight: flights.size,
    waiting: () => [
      ...flights.waiting().map((address) => ({ address, messages: 1 })),
      ...[...chats.inOrder()].map(({ waiting }) => ({ address: waiting.address, messages: messagesOf(waiting) })),
    ],
    owed: () => [
      ...flights.owed(),
      ...[...chats.inOrder()].filter(({ waiting }) => owes(waiting)).map(({ waiting }) => owedOf(waiting)),
    ],
  };
}
