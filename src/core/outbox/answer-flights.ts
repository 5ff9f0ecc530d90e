import { logFailure } from '../failures.ts';
import type { Priority } from '../model/alert.ts';
import type { ChatAddress } from '../model/chat.ts';
import type { MessageDocument } from '../model/message.ts';
import type { ChatAdapter, Outgoing, SendOutcome } from '../ports/chat-adapter.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ids } from '../ports/ids.ts';
import type { Log } from '../ports/log.ts';
import type { AccountWatch } from './account-watch.ts';
import { answerNext } from './answer-attempts.ts';
import { isOwed, type Merged, NOTHING, type OwedAnswer, owedOf, type Reply } from './answer-plan.ts';

export interface AnswerFlightsDeps {
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
export interface AnswerEntry {
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
export interface AnswerFlights {
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

export function createAnswerFlights(deps: AnswerFlightsDeps): AnswerFlights {
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
