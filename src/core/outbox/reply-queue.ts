import { isTold } from '../errors.ts';
import type { Lane } from '../model/alert.ts';
import type { ChatAddress } from '../model/chat.ts';
import type { MessageDocument } from '../model/message.ts';
import type { ChatAdapter, Outgoing, SendOutcome } from '../ports/chat-adapter.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ids } from '../ports/ids.ts';
import type { Log } from '../ports/log.ts';
import type { Store } from '../ports/store.ts';
import type { AccountWatch } from './account-watch.ts';
import { answerAgain } from './answer-attempts.ts';
import type { PacedChat, Pacer } from './pacer.ts';

export interface Reply {
  address: ChatAddress;
  group: boolean;
  document: MessageDocument;
  replyTo: string | null;
  /** Replace this message instead of sending a fresh one (a pressed button's message). */
  edit: string | null;
}

export interface ReplyQueueDeps {
  adapter: ChatAdapter;
  pacer: Pacer;
  account: AccountWatch;
  store: Store;
  clock: Clock;
  ids: Ids;
  log: Log;
  move(from: ChatAddress, to: ChatAddress): Promise<void>;
  counted?: ((outcome: SendOutcome['kind'] | 'superseded', lane: Lane) => void) | undefined;
  /** A send ended: there may be room for another. */
  landed(): void;
  /** Which part of the pace answers have now, 0–1: all of it, or what alerts that wait leave. */
  share(): number;
}

/** An answer that may go as far as its own chat is concerned; when the account's turn is, the sender decides. */
export interface DueAnswer {
  id: number;
  chat: string;
}

/** Answers to people. In memory: whoever asked can ask again. One at a time in a chat, in order. */
export interface ReplyQueue {
  /** True when too many wait: what would be answered now is dropped, and counted as such. */
  full(): boolean;
  /** Many have waited for a while, and more come: not a moment in which many people ask, but a flood. */
  flooded(): boolean;
  /** False when too many wait. */
  add(reply: Reply): boolean;
  /** At most `limit` answers whose chats may be sent to now, the oldest first; in how many ms another may be due, null when none waits. */
  due(now: number, limit: number): { answers: DueAnswer[]; next: number | null };
  /** Sends one that was due: it leaves the queue, and its chat's slot is taken. */
  send(id: number, now: number, signal: AbortSignal): void;
  inFlight(): number;
}

const MAX_WAITING = 2_000;
/** An answer that comes later than this, s, is no answer: whoever asked has asked again, or gone. */
const MAX_WAIT = 15;
/** So many waiting answers for so long, ms, are a flood. */
const CROWD = 40;
const CROWD_FOR = 5_000;
const MIN_ROOM = 50;
/** Something else must happen first. */
const UNTIL_WOKEN = 5_000;

const pacedChat = ({ address, group }: Reply): PacedChat => ({ key: address.chat, group });

interface Entry {
  id: number;
  reply: Reply;
  /** The same for every attempt: a platform that remembers it shows the answer once. */
  key: string;
  attempts: number;
  notBefore: number;
  /** When it was queued, ms of the monotonic clock. */
  since: number;
}

export function createReplyQueue(deps: ReplyQueueDeps): ReplyQueue {
  const { adapter, pacer, store, clock, ids, log } = deps;
  const waiting: Entry[] = [];
  const busy = new Set<string>();
  let flying = 0;
  let nextId = 0;
  let dropped = 0;
  let crowdedAt: number | null = null;

  async function settle(entry: Entry, outcome: SendOutcome): Promise<void> {
    const { reply } = entry;
    deps.account.heard(outcome);
    deps.counted?.(outcome.kind, 'reply');
    switch (outcome.kind) {
      case 'delivered':
        return;
      case 'retry': {
        const age = { attempts: entry.attempts, ageMs: clock.monotonic() - entry.since };
        const verdict = answerAgain(outcome, age, ids.random());
        if (verdict.next === 'give-up')
          return log.warn('An answer could not be sent', {
            account: adapter.accountId,
            code: outcome.reason,
            why: verdict.why,
          });
        const { attempts, waitMs } = verdict;
        waiting.unshift({ ...entry, attempts, notBefore: clock.monotonic() + waitMs });
        return;
      }
      case 'moved':
        await deps.move(reply.address, outcome.to);
        waiting.unshift({ ...entry, attempts: entry.attempts + 1, reply: { ...reply, address: outcome.to } });
        return;
      case 'gone': {
        const chat = await store.chats.find({ ...reply.address, thread: null });
        if (chat) await store.chats.end(chat.id);
        return;
      }
      case 'rejected':
        // The message to replace may be gone: say it afresh.
        if (reply.edit !== null)
          waiting.unshift({ ...entry, key: `reply.${ids.next()}`, reply: { ...reply, edit: null } });
        else
          log.warn('The platform refused an answer', {
            account: adapter.accountId,
            code: outcome.reason,
            detail: outcome.detail,
          });
    }
  }

  function fly(entry: Entry, signal: AbortSignal): void {
    const { address, document, replyTo, edit } = entry.reply;
    const { key } = entry;
    const message: Outgoing =
      edit === null
        ? { op: 'send', address, document, key, replyTo }
        : { op: 'edit', address, document, key, messageRef: edit };
    flying++;
    busy.add(address.chat);
    void adapter
      .send(message, signal)
      .then((outcome) => settle(entry, outcome))
      .catch((error) => {
        if (!isTold(error)) log.error('Unable to send an answer', { account: adapter.accountId, error: String(error) });
      })
      .finally(() => {
        flying--;
        busy.delete(address.chat);
        deps.landed();
      });
  }

  const room = (): number => Math.min(MAX_WAITING, Math.max(MIN_ROOM, pacer.rate() * deps.share() * MAX_WAIT));
  function full(): boolean {
    if (waiting.length < room()) return false;
    drop(1);
    return true;
  }
  function drop(count: number): void {
    if (count > 0 && dropped === 0)
      log.warn('Too many answers wait: new ones are dropped', { account: adapter.accountId });
    dropped += count;
  }
  const flooded = (): boolean => crowdedAt !== null && clock.monotonic() - crowdedAt >= CROWD_FOR;

  return {
    full,
    flooded,
    add(reply) {
      if (full()) return false;
      waiting.push({
        id: nextId++,
        reply,
        key: `reply.${ids.next()}`,
        attempts: 0,
        notBefore: 0,
        since: clock.monotonic(),
      });
      if (waiting.length > CROWD) crowdedAt ??= clock.monotonic();
      return true;
    },
    due(now, limit) {
      // Those who asked last would wait longest now that answers are fewer.
      if (flooded() && waiting.length > room()) drop(waiting.splice(Math.ceil(room())).length);
      const answers: DueAnswer[] = [];
      let next: number | null = waiting.length > 0 ? UNTIL_WOKEN : null;
      const passed = new Set<string>();
      for (const { id, reply, notBefore } of waiting) {
        if (answers.length >= limit) break;
        const chat = reply.address.chat;
        // Never before an earlier answer of the same chat.
        if (busy.has(chat) || passed.has(chat)) continue;
        passed.add(chat);
        const readyAt = Math.max(notBefore, pacer.chatReadyAt(pacedChat(reply), now));
        if (readyAt <= now) answers.push({ id, chat });
        else next = Math.min(next!, readyAt - now);
      }
      return { answers, next };
    },
    send(id, now, signal) {
      const at = waiting.findIndex((entry) => entry.id === id);
      const [entry] = at < 0 ? [] : waiting.splice(at, 1);
      if (!entry) return;
      pacer.take(pacedChat(entry.reply), now);
      if (waiting.length <= CROWD / 2) crowdedAt = null;
      if (dropped > 0 && waiting.length < room() / 2) {
        log.info('Answers are no longer dropped', { account: adapter.accountId, dropped });
        dropped = 0;
      }
      fly(entry, signal);
    },
    inFlight: () => flying,
  };
}
