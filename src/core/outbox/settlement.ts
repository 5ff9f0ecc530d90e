import type { ChatAddress } from '../model/chat.ts';
import type { SendOutcome } from '../ports/chat-adapter.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ids } from '../ports/ids.ts';
import type { Log } from '../ports/log.ts';
import type { Claim, Settlement } from '../ports/outbox.ts';
import { backoff, GIVE_UP_AFTER } from './retry.ts';

export interface SettlementDeps {
  accountId: string;
  clock: Clock;
  ids: Ids;
  log: Log;
  move(from: ChatAddress, to: ChatAddress): Promise<void>;
  /** One place outside, in order (`ChatAdapter.oneTarget`). */
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
