import { logFailure } from '../failures.ts';
import type { Priority } from '../model/alert.ts';
import type { ChatAddress } from '../model/chat.ts';
import type { MessageDocument } from '../model/message.ts';
import type { ChatAdapter, Outgoing, SendOutcome } from '../ports/chat-adapter.ts';
import type { Clock, Ids, Log } from '../ports/runtime.ts';
import type { AccountWatch } from './account-watch.ts';
import {
  ALERTS_BESIDE_FLOODERS,
  ALERTS_BESIDE_PEOPLE,
  type Asker,
  answerNext,
  askerOf,
  crowdAt,
  isFlood,
  isOwed,
  join,
  type Merged,
  messagesOf,
  NOTHING,
  type OwedAnswer,
  order,
  owedOf,
  owes,
  type Reply,
  takeOne,
  type Waiting,
} from './answer-plan.ts';
import { createGroupShare, type Pacer } from './pacer.ts';

interface AnswerFlightsDeps {
  adapter: ChatAdapter;
  account: AccountWatch;
  clock: Clock;
  ids: Ids;
  log: Log;
  move(from: ChatAddress, to: ChatAddress): Promise<void>;
  onOutcome?: ((outcome: SendOutcome['kind'] | 'superseded', priority: Priority) => void) | undefined;
  /** A send ended: there may be room for another. */
  onSettled(): void;
  /** The chat takes nothing. */
  leave(chat: ChatAddress): void;
}

/** A message that was taken out of the queue; `merged`: not made yet. */
interface AnswerEntry {
  reply: Reply;
  merged: Merged | null;
  /** The same for every attempt: a platform that remembers it shows the answer once. */
  key: string;
  attempts: number;
  notBefore: number;
  /** When it was sent first, ms of the monotonic clock. */
  since: number;
}

/** Answers that left the queue: under way, or to be sent once more. */
interface AnswerFlights {
  /** One that was taken out of the queue just now. */
  fresh(reply: Reply, merged: Merged | null): AnswerEntry;
  send(entry: AnswerEntry, signal: AbortSignal): void;
  /** Is a message under way to it? No other answer overtakes it there. */
  busy(chat: string): boolean;
  /** Those to be sent once more, by numbers below zero, oldest first. */
  again: Iterable<[id: number, entry: AnswerEntry]>;
  /** Takes one of these out. Null = there is none of that number. */
  takeAgain(id: number): AnswerEntry | null;
  /** Under way. */
  size(): number;
  owed(): OwedAnswer[];
  /** Chats that something is under way to, or to be sent once more: once a message, pictures apart. */
  waiting(): ChatAddress[];
}

function createAnswerFlights(deps: AnswerFlightsDeps): AnswerFlights {
  const { adapter, clock, ids, log } = deps;
  const again = new Map<number, AnswerEntry>();
  const busy = new Set<string>();
  const underWay = new Set<AnswerEntry>();
  let retries = 0;

  function repeat(entry: AnswerEntry): void {
    again.set(-++retries, entry);
  }

  async function settle(entry: AnswerEntry, outcome: SendOutcome): Promise<void> {
    const { reply } = entry;
    const account = adapter.accountId;
    deps.account.note(outcome);
    deps.onOutcome?.(outcome.kind, 'reply');
    const now = clock.monotonic();
    const next = answerNext(outcome, { ...entry, ageMs: now - entry.since }, ids.random);
    switch (next.do) {
      case 'done':
        return;
      case 'again':
        return repeat({ ...entry, attempts: next.attempts, notBefore: now + next.waitMs });
      case 'again-there':
        await deps.move(reply.address, next.to);
        return repeat({ ...entry, attempts: next.attempts, reply: { ...reply, address: next.to } });
      case 'again-afresh':
        return repeat({ ...entry, key: `reply.${ids.next()}`, reply: { ...reply, edit: null } });
      case 'leave-chat':
        return deps.leave(reply.address);
      case 'say-less':
        return log.info('A picture or file was not sent', { account, detail: next.detail });
      case 'complain':
        return log.warn(next.message, { account, ...next.fields });
    }
  }

  async function sendOne(entry: AnswerEntry, signal: AbortSignal): Promise<void> {
    const document = await documentOf(entry);
    if (!document) return;
    const { address, replyTo, edit } = entry.reply;
    const { key } = entry;
    const message: Outgoing =
      edit === null
        ? { op: 'send', address, document, key, replyTo }
        : { op: 'edit', address, document, key, messageRef: edit };
    const made: AnswerEntry = { ...entry, merged: null, reply: { ...entry.reply, document } };
    await settle(made, await adapter.send(message, signal));
  }

  return {
    again,
    fresh(reply, merged) {
      return {
        reply,
        merged,
        key: reply.key ?? `reply.${ids.next()}`,
        attempts: 0,
        notBefore: 0,
        since: clock.monotonic(),
      };
    },
    send(entry, signal) {
      const { chat } = entry.reply.address;
      underWay.add(entry);
      busy.add(chat);
      void sendOne(entry, signal)
        .catch((error) => logFailure(log, 'Unable to send an answer', error, { account: adapter.accountId }))
        .finally(() => {
          underWay.delete(entry);
          busy.delete(chat);
          deps.onSettled();
        });
    },
    busy: (chat) => busy.has(chat),
    takeAgain(id) {
      const entry = again.get(id) ?? null;
      again.delete(id);
      return entry;
    },
    size: () => underWay.size,
    waiting: () =>
      [...underWay, ...again.values()]
        .filter(({ reply }) => reply.kind !== 'picture')
        .map(({ reply }) => reply.address),
    owed: () =>
      [...underWay, ...again.values()]
        .filter(({ reply, merged }) => isOwed(reply, merged))
        .map(({ reply }) => owedOf(reply)),
  };
}

/** Null: there is nothing to be said any more. */
async function documentOf({ reply, merged }: AnswerEntry): Promise<MessageDocument | null> {
  if (reply.later && (merged || !reply.document)) return await reply.later(merged ?? { ...NOTHING, asked: true });
  return merged?.text ?? reply.document;
}

/** Every chat that waits for an answer, in the order in which they began to wait; memory grows with chats, never with commands. */
interface WaitingChats {
  /** False: more chats wait than are kept; this one's answer is lost. */
  add(reply: Reply, crowded: boolean): boolean;
  /** Those who run the bot, then people, then those who flood; none of them for ever last. */
  inOrder(): Iterable<{ id: number; waiting: Waiting }>;
  /** The next message of this chat, taken out. Null = it does not wait. */
  take(id: number): ReturnType<typeof takeOne> | null;
  remove(address: ChatAddress): void;
  counts(): Record<Asker, number>;
}

/** About 500 bytes each. */
const MAX_CHATS = 50_000;

const keyOf = ({ chat, thread }: ChatAddress): string => `${chat} ${thread ?? ''}`;

export function createWaitingChats(): WaitingChats {
  const ids = new Map<string, number>();
  const queues: Record<Asker, Map<number, Waiting>> = { operator: new Map(), person: new Map(), flooder: new Map() };
  let nextId = 0;
  let taken = 0;

  const counts = (): Record<Asker, number> => ({
    operator: queues.operator.size,
    person: queues.person.size,
    flooder: queues.flooder.size,
  });

  function find(id: number): Waiting | null {
    return queues.operator.get(id) ?? queues.person.get(id) ?? queues.flooder.get(id) ?? null;
  }

  function drop(id: number, waiting: Waiting): void {
    queues[waiting.asker].delete(id);
    ids.delete(keyOf(waiting.address));
  }

  return {
    counts,
    add(reply, crowded) {
      const key = keyOf(reply.address);
      const known = ids.get(key);
      if (known === undefined && ids.size >= MAX_CHATS && askerOf(reply) !== 'operator') return false;
      const id = known ?? nextId++;
      const before = known === undefined ? null : find(id);
      const after = join(before, reply, crowded);
      if (!after) return true;
      // Who was recognised as a person meanwhile goes to the end of that line.
      if (before && before.asker !== after.asker) queues[before.asker].delete(id);
      queues[after.asker].set(id, after);
      ids.set(key, id);
      return true;
    },
    *inOrder() {
      for (const asker of order(counts(), taken)) for (const [id, waiting] of queues[asker]) yield { id, waiting };
    },
    take(id) {
      const waiting = find(id);
      if (!waiting) return null;
      const one = takeOne(waiting);
      taken++;
      drop(id, waiting);
      if (one.rest) {
        // To the end of the line: other chats wait for their first.
        const again = nextId++;
        ids.set(keyOf(waiting.address), again);
        queues[waiting.asker].set(again, one.rest);
      }
      return one;
    },
    remove(address) {
      const id = ids.get(keyOf(address));
      const waiting = id === undefined ? null : find(id);
      if (waiting) drop(id!, waiting);
    },
  };
}

export type { Reply } from './answer-plan.ts';

interface ReplyQueueDeps extends Omit<AnswerFlightsDeps, 'leave'> {
  pacer: Pacer;
}

/** An answer that may go as far as its own chat is concerned; when the account's turn is, the sender decides. */
interface DueAnswer {
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
