import { logFailure } from '../failures.ts';
import { deliveryKey, type Priority } from '../model/alert.ts';
import type { ChatAddress } from '../model/chat.ts';
import type { MessageDocument } from '../model/message.ts';
import type { Outgoing, Pace, SendOutcome } from '../ports/chat-adapter.ts';
import type { Claim, Settlement } from '../ports/outbox.ts';
import type { Clock, Ids, Log } from '../ports/runtime.ts';
import type { Wakeable } from '../wakeable.ts';
import { backoff, GIVE_UP_AFTER } from './pacer.ts';

interface FlightsDeps {
  pace: Pace;
  send(message: Outgoing, priority: Priority, signal: AbortSignal): Promise<SendOutcome>;
  clock: Clock;
  log: Log;
  /** The sender's loop: woken when enough has ended. */
  loop: Wakeable;
  onDelivered(claim: Claim, document: MessageDocument): void;
  settlementOf(claim: Claim, outcome: SendOutcome): Promise<Settlement>;
}

/** Deliveries under way: begun in the store, and not settled there yet. */
export interface Flights {
  begin(claim: Claim, document: MessageDocument, signal: AbortSignal): void;
  /** What has ended and is not settled yet; whoever takes it settles it, or puts it back. */
  takeEnded(): Settlement[];
  putBack(settled: readonly Settlement[]): void;
  /** These are settled in the store. */
  forget(settled: readonly Settlement[]): void;
  /** Chats that a message is under way to, those whose message has ended included. */
  chatIds(): number[];
  /** The next slot comes within moments: what lands until then is settled with what begins then. */
  nearSlot(near: boolean): void;
  /** Begun and not settled. */
  readonly size: number;
  /** Begun and not ended. */
  airborne(): number;
}

/** Unpaced: how long sends that ended wait for others, so that they share a commit, ms. */
const LINGER = 4;

export function createFlights(deps: FlightsDeps): Flights {
  const { pace, clock, log, loop } = deps;
  const flying = new Map<number, number>();
  let ended: Settlement[] = [];
  let lingering = false;
  let slotIsNear = false;
  // Unpaced, a commit costs more than a send: most of the window is settled and begun anew together, while the rest is under way.
  const batch = pace.perSecond === 0 ? Math.max(1, (pace.window * 3) >> 2) : 1;

  function onEnded(): void {
    if (slotIsNear && ended.length < pace.window / 2) return;
    if (ended.length >= batch || ended.length >= flying.size) loop.wake();
    if (lingering || loop.woken()) return;
    lingering = true;
    void clock.sleep(LINGER).then(() => {
      lingering = false;
      loop.wake();
    });
  }

  return {
    begin(claim, document, signal) {
      flying.set(claim.id, claim.chatId);
      void deps
        .send(outgoingOf(claim, document), claim.priority, signal)
        .then(async (outcome) => {
          if (outcome.kind === 'delivered') deps.onDelivered(claim, document);
          return await deps.settlementOf(claim, outcome);
        })
        .catch((error): Settlement => {
          logFailure(log, 'Unable to settle a delivery', error, { delivery: claim.id });
          return { id: claim.id, outcome: 'retry', nextAt: clock.now() + 1_000 };
        })
        .then((settlement) => {
          ended.push(settlement);
          onEnded();
        });
    },
    takeEnded() {
      const taken = ended;
      ended = [];
      return taken;
    },
    putBack(settled) {
      ended.unshift(...settled.filter((one) => flying.has(one.id)));
    },
    forget(settled) {
      for (const one of settled) flying.delete(one.id);
    },
    chatIds: () => [...flying.values()],
    nearSlot(near) {
      slotIsNear = near;
    },
    get size() {
      return flying.size;
    },
    airborne: () => flying.size - ended.length,
  };
}

function outgoingOf(claim: Claim, document: MessageDocument): Outgoing {
  const key = deliveryKey(claim);
  const { accountId, chat, thread } = claim.chat;
  const address: ChatAddress = { accountId, chat, thread };
  if (claim.op === 'edit' && claim.messageRef !== null)
    return { op: 'edit', address, document, key, messageRef: claim.messageRef };
  return { op: 'send', address, document, key, replyTo: claim.op === 'reply' ? claim.messageRef : null };
}

interface SettlementDeps {
  accountId: string;
  clock: Clock;
  ids: Ids;
  log: Log;
  move(from: ChatAddress, to: ChatAddress): Promise<void>;
  /** One place outside, in order (`isTarget`). */
  oneTarget?: boolean;
  /** What becomes of a delivery whose chat says that it is gone. */
  gone(deliveryId: number, detail: string): Settlement;
}

/** So many broadcasts of which a refusal was logged are remembered. */
const REFUSED_KEPT = 1_000;

/** What an attempt's outcome makes of its delivery. Tells the operator, and lets a chat that moved move. */
export function createSettlement(deps: SettlementDeps): (claim: Claim, outcome: SendOutcome) => Promise<Settlement> {
  const { accountId, clock, ids, log, move, oneTarget = false } = deps;
  const refused = new Set<string>();
  return async (claim, outcome) => {
    const { id } = claim;
    switch (outcome.kind) {
      case 'delivered':
        return { id, outcome: 'sent', messageRef: outcome.messageRef };
      case 'gone':
        // Among the chats of an account a liar is outvoted (`gone-watch.ts`); one target has nobody beside it.
        if (oneTarget) return { id, outcome: 'gone', reason: outcome.detail };
        return tooOld(claim, clock.now())
          ? { id, outcome: 'failed', reason: `gave up: ${outcome.detail}` }
          : deps.gone(id, outcome.detail);
      case 'moved':
        await move(claim.chat, outcome.to);
        return { id, outcome: 'retry', nextAt: clock.now() };
      case 'rejected':
        // One line a broadcast, not one for each of a hundred thousand chats; the rest is in the metrics.
        if (refused.has(claim.broadcastId)) return { id, outcome: 'failed', reason: outcome.detail };
        if (refused.size >= REFUSED_KEPT) refused.clear();
        refused.add(claim.broadcastId);
        log.warn('The platform refused a message', {
          account: accountId,
          delivery: id,
          op: claim.op,
          code: outcome.reason,
          detail: outcome.detail,
        });
        return { id, outcome: 'failed', reason: outcome.detail };
      case 'retry': {
        if (tooOld(claim, clock.now())) return { id, outcome: 'failed', reason: `gave up: ${outcome.detail}` };
        // It keeps its place before the others: the account waits, and they with it.
        if (oneTarget) return { id, outcome: 'retry', nextAt: claim.nextAt };
        const wait =
          outcome.scope === 'account'
            ? (outcome.afterMs ?? 0)
            : Math.max(outcome.afterMs ?? 0, backoff(claim.attempts, ids.random()));
        return { id, outcome: 'retry', nextAt: clock.now() + wait };
      }
    }
  };
}

const tooOld = (claim: Claim, now: number): boolean => now - claim.createdAt > GIVE_UP_AFTER;
