import { logFailure } from '../failures.ts';
import type { ChatAddress } from '../model/chat.ts';
import type { MessageDocument } from '../model/message.ts';
import type { ChatAdapter, Outgoing, SendOutcome } from '../ports/chat-adapter.ts';
import type { OwedAnswer } from '../ports/outbox.ts';
import type { Clock, Ids, Log } from '../ports/runtime.ts';
import {
  ALERTS_BESIDE_FLOODERS,
  ALERTS_BESIDE_PEOPLE,
  type Asker,
  answerNext,
  askerOf,
  crowdAt,
  isFlood,
  join,
  type Merged,
  NOTHING,
  order,
  type Reply,
  takeOne,
  type Waiting,
} from './answer-plan.ts';
import { createGroupShare, type Pacer } from './pacer.ts';

export type { Reply } from './answer-plan.ts';

interface ReplyQueueDeps {
  adapter: Pick<ChatAdapter, 'accountId' | 'pace'>;
  send(message: Outgoing, priority: 'reply', signal: AbortSignal): Promise<SendOutcome>;
  pacer: Pacer;
  clock: Clock;
  ids: Ids;
  log: Log;
  move(from: ChatAddress, to: ChatAddress): Promise<void>;
  /** A send ended: there may be room for another. */
  onSettled(): void;
  /** These wait no more: they were sent, or never will be. */
  onOver?: ((answers: readonly OwedAnswer[]) => void) | undefined;
}

/** An answer that may go as far as its own chat is concerned; when the account's turn is, the sender decides. */
interface DueAnswer {
  id: string;
  chat: string;
}

/**
 * Answers to people, the foremost lane of an account's sender. What they are about is carried out and stored, and the outbox knows who is owed
 * one (`Outbox.noteAnswers`). One at a time in a chat, in order; what waits is bounded by chats, never by commands (`answer-plan.ts`).
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
  send(id: string, now: number, signal: AbortSignal): void;
  inFlight(): number;
  /** Chats that wait, those under way not counted. */
  waiting(): number;
}

/** A message that was taken out of the queue; `merged`: not made yet. */
interface Sending {
  reply: Reply;
  merged: Merged | null;
  /** The same for every attempt: a platform that remembers it shows the answer once. */
  key: string;
  attempts: number;
  notBefore: number;
  /** When it was sent first, ms of the monotonic clock. */
  since: number;
}

/** Something else must happen first. */
const UNTIL_WOKEN = 5_000;
/** Chats that are looked at in one turn, at most: the others are behind them anyway. */
const LOOKS = 2_000;

export function createReplyQueue(deps: ReplyQueueDeps): ReplyQueue {
  const { adapter, pacer, clock, ids, log } = deps;
  const { accountId } = adapter;
  const chats = createWaitingChats();
  const groups = createGroupShare(adapter.pace.perGroupMinute);
  /** To be sent once more, oldest first. */
  const again = new Map<string, Sending>();
  /** Chats that a message is under way to. */
  const busy = new Set<string>();
  let retries = 0;
  let lost = 0;

  const over = ({ owes = [] }: Reply): void => deps.onOver?.(owes);
  const isCrowd = (waiting: number): boolean => waiting >= crowdAt(pacer.rate());

  function* candidates(): Generator<{ id: string; reply: Reply; notBefore: number }> {
    for (const [id, { reply, notBefore }] of again) yield { id, reply, notBefore };
    for (const [id, { messages, merged }] of chats.inOrder())
      yield { id, reply: messages[0] ?? merged!.reply, notBefore: 0 };
  }

  function take(id: string): Sending | null {
    const repeated = again.get(id);
    if (again.delete(id)) return repeated!;
    const one = chats.take(id);
    if (!one) return null;
    const key = one.reply.key ?? `reply.${ids.next()}`;
    return { ...one, key, attempts: 0, notBefore: 0, since: clock.monotonic() };
  }

  /** What is to be sent once more; null = it is over. */
  async function attempt(entry: Sending, signal: AbortSignal): Promise<Sending | null> {
    const document = await documentOf(entry);
    if (!document) return null;
    const { key } = entry;
    const reply = { ...entry.reply, document };
    const { address, replyTo, edit } = reply;
    const message: Outgoing =
      edit === null
        ? { op: 'send', address, document, key, replyTo }
        : { op: 'edit', address, document, key, messageRef: edit };
    return await settle({ ...entry, merged: null, reply }, await deps.send(message, 'reply', signal));
  }

  async function settle(entry: Sending, outcome: SendOutcome): Promise<Sending | null> {
    const { reply } = entry;
    const now = clock.monotonic();
    const next = answerNext(outcome, { ...entry, ageMs: now - entry.since }, ids.random);
    switch (next.do) {
      case 'again':
        return { ...entry, attempts: next.attempts, notBefore: now + next.waitMs };
      case 'again-there':
        await deps.move(reply.address, next.to);
        return { ...entry, attempts: next.attempts, reply: { ...reply, address: next.to } };
      case 'again-afresh':
        return { ...entry, key: `reply.${ids.next()}`, reply: { ...reply, edit: null } };
      case 'leave-chat':
        for (const left of chats.remove(reply.address)) over(left);
        return null;
      case 'say-less':
        log.info('A picture or file was not sent', { account: accountId, detail: next.detail });
        return null;
      case 'complain':
        log.warn(next.message, { account: accountId, ...next.fields });
        return null;
      case 'done':
        return null;
    }
  }

  return {
    add(reply) {
      const { person, operator } = chats.counts();
      if (chats.add(reply, isCrowd(person + operator))) lost = 0;
      else {
        if (lost++ === 0) log.warn('More chats wait for an answer than can be kept', { account: accountId });
        over(reply);
      }
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
        if (busy.has(chat) || passed.has(chat)) continue;
        passed.add(chat);
        const chatAt = pacer.chatReadyAt({ key: chat, group: reply.group }, now);
        const at = Math.max(notBefore, chatAt, reply.group ? groups.readyAt(chat, now) : 0);
        if (at <= now) answers.push({ id, chat });
        else next = Math.min(next, at - now);
      }
      return { answers, next };
    },
    send(id, now, signal) {
      const entry = take(id);
      if (!entry) return;
      const { address, group } = entry.reply;
      const { chat } = address;
      pacer.take({ key: chat, group }, now);
      if (group) groups.note(chat, now);
      busy.add(chat);
      void attempt(entry, signal)
        .catch((error) => {
          logFailure(log, 'Unable to send an answer', error, { account: accountId });
          return null;
        })
        .then((next) => {
          busy.delete(chat);
          if (next) again.set(`again ${++retries}`, next);
          else over(entry.reply);
          deps.onSettled();
        });
    },
    inFlight: () => busy.size,
    waiting() {
      const { operator, person, flooder } = chats.counts();
      return again.size + operator + person + flooder;
    },
  };
}

/** Null: there is nothing to be said any more. */
async function documentOf({ reply, merged }: Sending): Promise<MessageDocument | null> {
  if (reply.later && (merged || !reply.document)) return await reply.later(merged ?? { ...NOTHING, asked: true });
  return merged?.text ?? reply.document;
}

/** Every chat that waits for an answer, in the order in which they began to wait; memory grows with chats, never with commands. */
interface WaitingChats {
  /** False: more chats wait than are kept; this one's answer is lost. */
  add(reply: Reply, crowded: boolean): boolean;
  /** Those who run the bot, then people, then those who flood; none of them for ever last. */
  inOrder(): Iterable<[id: string, waiting: Waiting]>;
  /** The next message of this chat, taken out. Null = it does not wait. */
  take(id: string): { reply: Reply; merged: Merged | null } | null;
  /** Takes out all that waits there. */
  remove(address: ChatAddress): readonly Reply[];
  counts(): Record<Asker, number>;
}

/** About 500 bytes each. */
const MAX_CHATS = 50_000;

const idOf = ({ chat, thread }: ChatAddress): string => `${chat} ${thread ?? ''}`;

export function createWaitingChats(): WaitingChats {
  const lines: Record<Asker, Map<string, Waiting>> = { operator: new Map(), person: new Map(), flooder: new Map() };
  let taken = 0;

  const counts = (): Record<Asker, number> => ({
    operator: lines.operator.size,
    person: lines.person.size,
    flooder: lines.flooder.size,
  });
  const find = (id: string): Waiting | null =>
    lines.operator.get(id) ?? lines.person.get(id) ?? lines.flooder.get(id) ?? null;

  return {
    counts,
    add(reply, crowded) {
      const id = idOf(reply.address);
      const before = find(id);
      const { operator, person, flooder } = counts();
      if (!before && operator + person + flooder >= MAX_CHATS && askerOf(reply) !== 'operator') return false;
      const after = join(before, reply, crowded);
      if (!after) return true;
      // Who was recognised as a person meanwhile goes to the end of that line.
      if (before && before.asker !== after.asker) lines[before.asker].delete(id);
      lines[after.asker].set(id, after);
      return true;
    },
    *inOrder() {
      for (const asker of order(counts(), taken)) yield* lines[asker];
    },
    take(id) {
      const waiting = find(id);
      if (!waiting) return null;
      const { rest, ...one } = takeOne(waiting);
      taken++;
      const line = lines[waiting.asker];
      line.delete(id);
      // To the end of the line: other chats wait for their first.
      if (rest) line.set(id, rest);
      return one;
    },
    remove(address) {
      const id = idOf(address);
      const waiting = find(id);
      if (!waiting) return [];
      lines[waiting.asker].delete(id);
      return waiting.merged ? [waiting.merged.reply] : waiting.messages;
    },
  };
}
