import { logFailure } from '../failures.ts';
import type { Priority } from '../model/alert.ts';
import type { ChatAddress } from '../model/chat.ts';
import type { MessageDocument } from '../model/message.ts';
import type { ChatAdapter, Outgoing, SendOutcome } from '../ports/chat-adapter.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ids } from '../ports/ids.ts';
import type { Log } from '../ports/log.ts';
import type { AccountWatch } from './account-watch.ts';
import { answerAgain } from './answer-attempts.ts';
import {
  ALERTS_BESIDE_FLOODERS,
  ALERTS_BESIDE_PEOPLE,
  crowdAt,
  isFlood,
  isOwed,
  type Merged,
  NOTHING,
  type OwedAnswer,
  owedOf,
  owes,
  type Reply,
} from './answer-plan.ts';
import { createGroupShare } from './group-share.ts';
import type { Pacer } from './pacer.ts';
import { createWaitingChats } from './waiting-chats.ts';

export type { Reply } from './answer-plan.ts';

export interface ReplyQueueDeps {
  adapter: ChatAdapter;
  pacer: Pacer;
  account: AccountWatch;
  clock: Clock;
  ids: Ids;
  log: Log;
  move(from: ChatAddress, to: ChatAddress): Promise<void>;
  onOutcome?: ((outcome: SendOutcome['kind'] | 'superseded', priority: Priority) => void) | undefined;
  /** A send ended: there may be room for another. */
  onSettled(): void;
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
}

/** A chat that moves on and on is given up. */
const MAX_MOVES = 5;
/** Something else must happen first. */
const UNTIL_WOKEN = 5_000;
/** Chats that are looked at in one turn, at most: the others are behind them anyway. */
const LOOKS = 2_000;

/** A message that was taken out of the queue; `merged`: not made yet. */
interface Entry {
  reply: Reply;
  merged: Merged | null;
  /** The same for every attempt: a platform that remembers it shows the answer once. */
  key: string;
  attempts: number;
  notBefore: number;
  /** When it was sent first, ms of the monotonic clock. */
  since: number;
}

export function createReplyQueue(deps: ReplyQueueDeps): ReplyQueue {
  const { adapter, pacer, clock, ids, log } = deps;
  const chats = createWaitingChats();
  const groups = createGroupShare(adapter.pace.perGroupMinute);
  /** Those that must be sent once more, by the negative of their number; no other answer overtakes them in their chat. */
  const again = new Map<number, Entry>();
  const busy = new Set<string>();
  const underWay = new Set<Entry>();
  let retries = 0;
  let lost = 0;

  const readyAt = ({ address, group }: Reply, now: number): number =>
    Math.max(pacer.chatReadyAt({ key: address.chat, group }, now), group ? groups.readyAt(address.chat, now) : 0);

  const isCrowd = (waiting: number): boolean => waiting >= crowdAt(pacer.rate());

  /** Null: there is nothing to be said any more. */
  async function documentOf({ reply, merged }: Entry): Promise<MessageDocument | null> {
    if (reply.later && (merged || !reply.document)) return await reply.later(merged ?? { ...NOTHING, asked: true });
    return merged?.text ?? reply.document;
  }

  function repeat(entry: Entry): void {
    again.set(-++retries, entry);
  }

  async function settle(entry: Entry, outcome: SendOutcome): Promise<void> {
    const { reply } = entry;
    deps.account.note(outcome);
    deps.onOutcome?.(outcome.kind, 'reply');
    switch (outcome.kind) {
      case 'delivered':
        return;
      case 'retry': {
        const age = { attempts: entry.attempts, ageMs: clock.monotonic() - entry.since };
        const verdict = answerAgain(outcome, age, ids.random());
        if (verdict.next === 'give-up')
          return complain('An answer could not be sent', { code: outcome.reason, why: verdict.why });
        return repeat({ ...entry, attempts: verdict.attempts, notBefore: clock.monotonic() + verdict.waitMs });
      }
      case 'moved':
        if (entry.attempts >= MAX_MOVES) return;
        await deps.move(reply.address, outcome.to);
        return repeat({ ...entry, attempts: entry.attempts + 1, reply: { ...reply, address: outcome.to } });
      case 'gone':
        // It may be the account that is wrong: whether a chat ends is decided with the next alerts, among all chats (`gone-watch.ts`).
        return chats.remove(reply.address);
      case 'rejected':
        // The message to replace may be gone: say it afresh.
        if (reply.edit !== null)
          return repeat({ ...entry, key: `reply.${ids.next()}`, reply: { ...reply, edit: null } });
        // The text before it has said the same.
        if (reply.document?.picture ?? reply.document?.file)
          return log.info('A picture or file was not sent', { account: adapter.accountId, detail: outcome.detail });
        return complain('The platform refused an answer', { code: outcome.reason, detail: outcome.detail });
    }
  }

  function complain(message: string, fields: Record<string, string>): void {
    log.warn(message, { account: adapter.accountId, ...fields });
  }

  async function sendOne(entry: Entry, signal: AbortSignal): Promise<void> {
    const document = await documentOf(entry);
    if (!document) return;
    const { address, replyTo, edit } = entry.reply;
    const { key } = entry;
    const message: Outgoing =
      edit === null
        ? { op: 'send', address, document, key, replyTo }
        : { op: 'edit', address, document, key, messageRef: edit };
    const made: Entry = { ...entry, merged: null, reply: { ...entry.reply, document } };
    await settle(made, await adapter.send(message, signal));
  }

  function fly(entry: Entry, signal: AbortSignal): void {
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
  }

  function take(id: number): Entry | null {
    const repeated = again.get(id);
    if (repeated) {
      again.delete(id);
      return repeated;
    }
    const one = chats.take(id);
    if (!one) return null;
    const { reply, merged } = one;
    return { reply, merged, key: `reply.${ids.next()}`, attempts: 0, notBefore: 0, since: clock.monotonic() };
  }

  function* candidates(): Generator<{ id: number; reply: Reply; notBefore: number }> {
    for (const [id, { reply, notBefore }] of again) yield { id, reply, notBefore };
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
        if (busy.has(chat) || passed.has(chat)) continue;
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
      fly(entry, signal);
    },
    inFlight: () => underWay.size,
    owed: () => [
      ...[...underWay, ...again.values()]
        .filter(({ reply, merged }) => isOwed(reply, merged))
        .map(({ reply }) => owedOf(reply)),
      ...[...chats.inOrder()].filter(({ waiting }) => owes(waiting)).map(({ waiting }) => owedOf(waiting)),
    ],
  };
}
