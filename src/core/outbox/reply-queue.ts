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
import type { Pacer } from './pacer.ts';
import { backoff } from './retry.ts';

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

/** Answers to people. In memory: whoever asked can ask again. One at a time in a chat, in order. */
export interface ReplyQueue {
  /** True when too many wait: what would be answered now is dropped, and counted as such. */
  full(): boolean;
  /** Many have waited for a while, and more come: not a moment in which many people ask, but a flood. */
  flooded(): boolean;
  /** False when too many wait. */
  add(reply: Reply): boolean;
  /** Sends what may go now: how many went, and in how many ms the next may, null when none waits. */
  sendDue(signal: AbortSignal): { sent: number; wait: number | null };
  inFlight(): number;
}

const MAX_WAITING = 2_000;
/** An answer that comes later than this, s, is no answer: whoever asked has asked again, or gone. */
const MAX_WAIT = 15;
/** So many waiting answers for so long, ms, are a flood. */
const CROWD = 40;
const CROWD_FOR = 5_000;
const MIN_ROOM = 50;
const MAX_ATTEMPTS = 5;
/** Something else must happen first. */
const UNTIL_WOKEN = 5_000;

interface Entry {
  reply: Reply;
  attempts: number;
  notBefore: number;
}

export function createReplyQueue(deps: ReplyQueueDeps): ReplyQueue {
  const { adapter, pacer, store, clock, ids, log } = deps;
  const waiting: Entry[] = [];
  const busy = new Set<string>();
  let flying = 0;
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
        if (entry.attempts >= MAX_ATTEMPTS)
          // An account that fails as a whole was told as such.
          return outcome.scope === 'account'
            ? undefined
            : log.warn('An answer could not be sent', { account: adapter.accountId, code: outcome.reason });
        const wait = outcome.afterMs ?? backoff(entry.attempts, ids.random());
        waiting.unshift({ ...entry, attempts: entry.attempts + 1, notBefore: clock.monotonic() + wait });
        return;
      }
      case 'moved':
        await deps.move(reply.address, outcome.to);
        waiting.unshift({ ...entry, attempts: entry.attempts + 1, reply: { ...reply, address: outcome.to } });
        return;
      case 'gone': {
        const chat = await store.chats.find(reply.address);
        if (chat) await store.chats.end(chat.id);
        return;
      }
      case 'rejected':
        // The message to replace may be gone: say it afresh.
        if (reply.edit !== null) waiting.unshift({ ...entry, reply: { ...reply, edit: null } });
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
    const key = `reply.${ids.next()}`;
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
      waiting.push({ reply, attempts: 0, notBefore: 0 });
      if (waiting.length > CROWD) crowdedAt ??= clock.monotonic();
      return true;
    },
    sendDue(signal) {
      let wait: number | null = null;
      let sent = 0;
      // Those who asked last would wait longest now that answers are fewer.
      if (flooded() && waiting.length > room()) drop(waiting.splice(Math.ceil(room())).length);
      const passed = new Set<string>();
      for (let i = 0; i < waiting.length; ) {
        const entry = waiting[i]!;
        const now = clock.monotonic();
        const chat = { key: entry.reply.address.chat, group: entry.reply.group };
        // Never before an earlier answer of the same chat.
        const mustWait = busy.has(chat.key) || passed.has(chat.key) || flying >= adapter.pace.window;
        const held = mustWait ? UNTIL_WOKEN : Math.max(entry.notBefore - now, pacer.chatReadyAt(chat, now) - now);
        const ask = held > 0 ? held : pacer.take(chat, now);
        if (ask <= 0) {
          waiting.splice(i, 1);
          if (waiting.length <= CROWD / 2) crowdedAt = null;
          if (dropped > 0 && waiting.length < room() / 2) {
            log.info('Answers are no longer dropped', { account: adapter.accountId, dropped });
            dropped = 0;
          }
          fly(entry, signal);
          sent++;
          continue;
        }
        wait = Math.min(wait ?? Number.POSITIVE_INFINITY, ask);
        // The account itself must wait: no other answer can go either.
        if (held <= 0) break;
        passed.add(chat.key);
        i++;
      }
      return { sent, wait };
    },
    inFlight: () => flying,
  };
}
