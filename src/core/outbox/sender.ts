import { isTold } from '../errors.ts';
import type { Lane } from '../model/alert.ts';
import { deliveryKey } from '../model/alert.ts';
import type { Chat, ChatAddress } from '../model/chat.ts';
import type { MessageDocument } from '../model/message.ts';
import type { ChatAdapter, Outgoing, SendOutcome } from '../ports/chat-adapter.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ids } from '../ports/ids.ts';
import type { Log } from '../ports/log.ts';
import type { Outage } from '../ports/outage.ts';
import type { Claim, Settlement, Store } from '../ports/store.ts';
import { createAccountWatch } from './account-watch.ts';
import { createClockWatch } from './clock-watch.ts';
import { createHeldChats } from './held-chats.ts';
import type { PacedChat, Pacer } from './pacer.ts';
import { createPacer } from './pacer.ts';
import { createReplyQueue, type Reply } from './reply-queue.ts';
import { accountBackoff } from './retry.ts';
import { createSettlement } from './settlement.ts';
import { createShown, payloadOf } from './shown.ts';

/** What a claimed delivery says: a document, or nothing any more (unsubscribed, muted, superseded). */
export type Composed = { document: MessageDocument } | { skip: string };

export interface SenderDeps {
  store: Store;
  adapter: ChatAdapter;
  clock: Clock;
  ids: Ids;
  log: Log;
  /** The one that the adapter has, too. */
  outage: Outage;
  compose(claims: Claim[]): Promise<Composed[]>;
  /** A platform without idempotent sends gets null: what was in flight at a crash is sent again. Else how long its transaction ids hold, ms. */
  recallFor: number | null;
  counted?(outcome: SendOutcome['kind'] | 'superseded', lane: Lane): void;
}

/** Sends for one account: replies to people first, then the outbox, inside the pace. Exactly one per account runs. */
export interface Sender {
  /** Until aborted; then waits for sends under way and settles them. */
  loop(signal: AbortSignal): Promise<void>;
  wake(): void;
  /** Ahead of every alert; not durable: whoever asked can ask again. False when the queue is full. */
  reply(reply: Reply): boolean;
  /** No answer can be queued: a command need not even be worked on. */
  full(): boolean;
  rate(): number;
  inFlight(): number;
}

const LOOK_EVERY = 5_000;
const STORE_AGAIN = 5_000;
/** An edit or a reply whose first message is still on its way looks again after this. */
const WAIT_FOR_FIRST = 300;
/** While alerts wait, so many go after each answer to a person, and more when the questions do not end: they must not hold up the alarm. */
const ALERTS_AN_ANSWER = 2;
const ALERTS_IN_A_FLOOD = 9;
/** Unpaced: how long sends that landed wait for others, so that they share a commit. */
const LINGER = 4;

const pacedChat = (address: ChatAddress, group: boolean): PacedChat => ({ key: address.chat, group });
const isGroup = (chat: Chat): boolean => chat.kind !== 'private';

export function createSender(deps: SenderDeps): Sender {
  const { store, adapter, clock, ids, log } = deps;
  const pacer: Pacer = createPacer(adapter.pace, clock.monotonic());
  const unpaced = adapter.pace.perSecond === 0;
  const flying = new Map<number, number>();
  const finished: Settlement[] = [];
  const shown = createShown();
  // Unpaced, a commit costs more than a send: half the window is settled and begun anew while the other half is under way.
  const batch = unpaced ? Math.max(1, adapter.pace.window >> 1) : 1;
  let lingering = false;
  let beating = false; // The next slot comes within moments: what lands until then is settled with what begins then.
  let owed = 0; // Alerts that go before the next answer.
  let queued = false; // Alerts waited when the outbox was last looked into.
  // Rows may be `sending` that nobody sends: after a crash, and when it is not known whether a transaction was carried out.
  let doubtful = true;
  const setBack = createClockWatch(clock);
  let woken = false;
  let wakeUp: (() => void) | null = null;
  let stopped: AbortSignal = AbortSignal.abort();
  const held = createHeldChats(clock);
  const settlementOf = createSettlement({ accountId: adapter.accountId, clock, ids, log, move });
  const account = createAccountWatch({ accountId: adapter.accountId, pacer, clock, ids, log, outage: deps.outage });
  const replies = createReplyQueue({
    adapter,
    pacer,
    account,
    store,
    clock,
    ids,
    log,
    move,
    counted: deps.counted,
    landed: () => wake(),
    share: () => (queued ? 1 / (1 + alertsAnAnswer()) : 1),
  });

  const alertsAnAnswer = (): number => (replies.flooded() ? ALERTS_IN_A_FLOOD : ALERTS_AN_ANSWER);

  const wake = (): void => {
    woken = true;
    wakeUp?.();
  };

  async function move(from: ChatAddress, to: ChatAddress): Promise<void> {
    await store.chats.move(from, to);
    log.info('A chat moved', { account: adapter.accountId });
  }

  function outgoing(claim: Claim, document: MessageDocument): Outgoing {
    const key = deliveryKey(claim);
    const address: ChatAddress = { accountId: claim.chat.accountId, chat: claim.chat.chat, thread: claim.chat.thread };
    if (claim.op === 'edit' && claim.messageRef !== null)
      return { op: 'edit', address, document, key, messageRef: claim.messageRef };
    return { op: 'send', address, document, key, replyTo: claim.op === 'reply' ? claim.messageRef : null };
  }

  function fly(claim: Claim, document: MessageDocument): void {
    flying.set(claim.id, claim.chatId);
    void adapter
      .send(outgoing(claim, document), stopped)
      .then(async (outcome) => {
        account.heard(outcome);
        deps.counted?.(outcome.kind, claim.lane);
        if (outcome.kind === 'delivered') shown.note(claim, document);
        return await settlementOf(claim, outcome);
      })
      .catch((error): Settlement => {
        if (!isTold(error)) log.error('Unable to settle a delivery', { delivery: claim.id, error: String(error) });
        return { id: claim.id, outcome: 'retry', nextAt: clock.now() + 1_000 };
      })
      .then((settlement) => {
        finished.push(settlement);
        landed();
      });
  }

  function landed(): void {
    if (beating && finished.length < adapter.pace.window / 2) return;
    if (finished.length >= batch || finished.length >= flying.size) wake();
    if (lingering || woken) return;
    lingering = true;
    void clock.sleep(LINGER).then(() => {
      lingering = false;
      wake();
    });
  }

  async function turn(): Promise<number> {
    const answered = owed > 0 ? { sent: 0, wait: null } : replies.sendDue(stopped);
    if (!unpaced) owed += answered.sent * alertsAnAnswer();
    const settled = finished.splice(0);
    const begun: { id: number; payload: string }[] = [];
    let ready: { claim: Claim; document: MessageDocument }[] = [];
    let next = answered.wait ?? LOOK_EVERY;
    let accountReady = true;
    try {
      const now = clock.monotonic();
      // What is settled in the same transaction makes room: a kill finds no more than the window unaccounted.
      const room = adapter.pace.window - flying.size + settled.length;
      if (pacer.pausedUntil() > now) next = Math.min(next, pacer.pausedUntil() - now);
      else if (room > 0 && !doubtful && !stopped.aborted) {
        const settling = new Set(settled.map((one) => one.id));
        const chatsSettling = [...flying].filter(([id]) => settling.has(id)).map(([, chatId]) => chatId);
        const busy = [...new Set([...flying.values(), ...chatsSettling, ...held.ids()])];
        const claims = await store.outbox.peek(
          adapter.accountId,
          unpaced ? room : Math.min(room, Math.max(4, Math.ceil(pacer.rate() / 50))),
          clock.now(),
          busy,
        );
        queued = claims.length > 0;
        const live: Claim[] = [];
        for (const claim of claims) {
          if (claim.waitsForEarlier) held.hold(claim.chatId, clock.monotonic() + WAIT_FOR_FIRST);
          else live.push(claim);
        }
        const composed = live.length > 0 ? await deps.compose(live) : [];
        for (const [i, claim] of live.entries()) {
          let what = composed[i]!;
          if ('document' in what && shown.already(claim, what.document)) what = { skip: 'shown-already' };
          if ('skip' in what) {
            settled.push({ id: claim.id, outcome: 'superseded', reason: what.skip });
            deps.counted?.('superseded', claim.lane);
            continue;
          }
          const chat = pacedChat(claim.chat, isGroup(claim.chat));
          const ask = pacer.take(chat, clock.monotonic());
          if (ask > 0) {
            const chatAt = pacer.chatReadyAt(chat, clock.monotonic());
            if (chatAt > clock.monotonic()) held.hold(claim.chatId, chatAt);
            else accountReady = false;
            next = Math.min(next, ask);
            continue;
          }
          begun.push({ id: claim.id, payload: claim.payload ?? payloadOf(what.document) });
          ready.push({ claim, document: what.document });
        }
        if (unpaced && claims.length > 0 && ready.length < room) next = 0;
        // A chat whose message has just been settled was left out above: look again at once.
        if (claims.length === 0 && settled.length > 0) next = 0;
        else if (claims.length === 0) {
          const due = await store.outbox.nextDueAt(adapter.accountId);
          // Due now, yet not to be had: its chat is held, and its release wakes us.
          const isHeld = due !== null && due <= clock.now() && held.size > 0;
          if (due !== null && flying.size === 0 && !isHeld) next = Math.min(next, Math.max(due - clock.now(), 5));
        }
      }
      if (settled.length > 0 || begun.length > 0) {
        const began = new Set(await store.outbox.advance(settled, begun, clock.now()));
        ready = ready.filter((one) => began.has(one.claim.id));
      }
    } catch (error) {
      // Nothing is lost: what was settled is put back; what was to begin did not, or is found by `recover`.
      finished.unshift(...settled.filter((one) => flying.has(one.id)));
      doubtful = true;
      throw error;
    }
    for (const one of settled) flying.delete(one.id);
    for (const one of ready) fly(one.claim, one.document);
    if (owed > 0) {
      // No alert can go, and not because the account is not ready: answers need not wait for one.
      owed = ready.length === 0 && accountReady && pacer.pausedUntil() <= clock.monotonic() ? 0 : owed - ready.length;
      if (owed <= 0 && ready.length === 0) next = 0;
      owed = Math.max(0, owed);
    }
    beating = !unpaced && pacer.rate() >= 10 && (ready.length > 0 || !accountReady);
    if (!unpaced && ready.length > 0) next = Math.min(next, pacer.nextAt() - clock.monotonic());
    return next;
  }

  async function recover(): Promise<void> {
    const before = deps.recallFor === null ? null : clock.now() - deps.recallFor;
    const { requeued, unknown } = await store.outbox.recover(adapter.accountId, before);
    await store.outbox.rewind(adapter.accountId, clock.now());
    if (requeued > 0)
      log.info('Sends that a stop cut off are made again', { account: adapter.accountId, count: requeued });
    if (unknown > 0)
      log.warn('Sends of long ago whose outcome is unknown are not repeated', {
        account: adapter.accountId,
        count: unknown,
      });
    if (unpaced) return;
    const at = clock.now();
    for (const sent of (await store.outbox.recentSends(adapter.accountId, at - 60_000)).reverse()) {
      const chat = await store.chats.get(sent.chatId);
      if (chat) pacer.remember(pacedChat(chat, isGroup(chat)), clock.monotonic() - Math.max(0, at - sent.at));
    }
  }

  return {
    wake,
    reply(reply) {
      const queued = replies.add(reply);
      if (queued) wake();
      return queued;
    },
    full: replies.full,
    rate: () => pacer.rate(),
    inFlight: () => flying.size + replies.inFlight(),
    async loop(signal) {
      const cut = new AbortController();
      stopped = cut.signal;
      let failing = 0;
      let told = false;
      while (!signal.aborted) {
        woken = false;
        let wait: number;
        try {
          if (doubtful && flying.size === 0) {
            await recover();
            doubtful = false;
          } else if (setBack() > 0) await store.outbox.rewind(adapter.accountId, clock.now());
          const released = held.release();
          wait = Math.min(await turn(), released ?? Infinity);
          if (doubtful && flying.size === 0) wait = 0;
          if (told) log.info('The store works again', { account: adapter.accountId });
          failing = 0;
          told = false;
        } catch (error) {
          if (!told && !isTold(error)) {
            told = true;
            log.error('Unable to work on the outbox; will go on trying', {
              account: adapter.accountId,
              error: error instanceof Error ? error.message : String(error),
            });
          }
          failing++;
          wait = Math.min(STORE_AGAIN, accountBackoff(failing, ids.random()));
          woken = false;
        }
        if (woken || signal.aborted) continue;
        const pause = new AbortController();
        wakeUp = () => pause.abort();
        await clock.sleep(Math.max(0, wait), AbortSignal.any([signal, pause.signal])).catch(() => undefined);
        wakeUp = null;
      }
      // Stop: what is under way gets a moment, then is cut; it is settled, or found as `sending` by the next start.
      const deadline = clock.monotonic() + 4_000;
      while ((flying.size > finished.length || replies.inFlight() > 0) && clock.monotonic() < deadline)
        await clock.sleep(20);
      cut.abort();
      await store.outbox.advance(finished.splice(0), [], clock.now()).catch(() => undefined);
    },
  };
}
