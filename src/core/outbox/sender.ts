import { onceWhileFailing } from '../errors.ts';
import type { Priority } from '../model/alert.ts';
import type { ChatAddress } from '../model/chat.ts';
import {
  type AccountHalf,
  type ChatAdapter,
  isTarget,
  type Outage,
  type Outgoing,
  type SendOutcome,
} from '../ports/chat-adapter.ts';
import type { Claim, OwedAnswer } from '../ports/outbox.ts';
import type { Tools } from '../ports/runtime.ts';
import type { Store } from '../ports/store.ts';
import { createClockWatch, wakeable } from '../wakeable.ts';
import type { Composed } from './compose.ts';
import { createFlights, createGoneWatch, createSettlement } from './flights.ts';
import { accountBackoff, createPacer, type Pacer } from './pacer.ts';
import { createReplyQueue, type Reply } from './reply-queue.ts';
import { createHeldChats, createShown, createTurn, nothingShown, recover } from './turn.ts';

export interface SenderDeps extends Tools {
  store: Store;
  adapter: ChatAdapter;
  /** The one that the adapter has, too. */
  outage: Outage;
  compose(claims: Claim[]): Promise<Composed[]>;
  /** A platform without idempotent sends gets null: what was in flight at a crash is sent again. Else how long its transaction ids hold, ms. */
  recallFor: number | null;
  /** May this account send: has its platform said who it is? Woken when that changes. */
  cleared?(): boolean;
  /** False: it answers people, and leaves the outbox to the process that sends alerts. Absent: both. */
  alerts?: boolean;
  /** Another process sent with this account until just now: what it sent last that is on no record (answers) is given this long, ms. */
  restFirst?: number;
  /** So many sends that may have arrived are made again. */
  onRequeued?(count: number): void;
  /** Are edits made, too, that change nothing? Absent: they are left out. */
  everyEdit?: boolean;
  onOutcome?(outcome: SendOutcome['kind'] | 'superseded', priority: Priority): void;
  /** Answers went, or never will. */
  onAnswered?: ((answers: readonly OwedAnswer[]) => void) | undefined;
}

export type Sender = ReturnType<typeof createSender>;

const STORE_AGAIN = 5_000;
const UNTIL_WOKEN = 60_000;
/** After a stop, what is under way gets so long to end, ms; then it is cut. */
const LAST_SENDS = 1_500;

/** Sends for one account: replies to people first, then the outbox, inside the pace. Exactly one per account runs. */
export function createSender(deps: SenderDeps) {
  const { store, adapter, clock, ids, log, recallFor, onRequeued, alerts = true, cleared = () => true } = deps;
  const { accountId, pace } = adapter;
  const loop = wakeable(clock);
  const pacer = createPacer(pace, clock.monotonic());
  const held = createHeldChats(clock);
  const shown = deps.everyEdit ? nothingShown : createShown();
  const goneWatch = createGoneWatch({ accountId, state: store.state(`account/${accountId}`), clock, log });
  const account = createAccountWatch({ accountId, pacer, clock, ids, log, outage: deps.outage });
  const setBack = createClockWatch(clock);
  // A store that fails is one line when it begins and one when it ends.
  const trouble = onceWhileFailing(log, {
    begins: 'Unable to work on the outbox; will go on trying',
    ends: 'The store works again',
    fields: { account: accountId },
    level: 'error',
  });
  let failures = 0;
  async function move(from: ChatAddress, to: ChatAddress): Promise<void> {
    await store.chats.move(from, to);
    log.info('A chat moved', { account: accountId });
  }
  /** The one way out, for alerts and answers. */
  async function send(message: Outgoing, priority: Priority, signal: AbortSignal): Promise<SendOutcome> {
    const outcome = await adapter.send(message, signal);
    account.note(outcome);
    deps.onOutcome?.(outcome.kind, priority);
    return outcome;
  }
  const oneTarget = isTarget(adapter);
  const flights = createFlights({
    pace,
    send,
    clock,
    log,
    loop,
    settlementOf: createSettlement({ accountId, clock, ids, log, move, oneTarget, gone: goneWatch.gone }),
    onDelivered(claim, document) {
      shown.note(claim, document);
      goneWatch.delivered();
    },
  });
  const replies = createReplyQueue({ ...deps, send, pacer, move, onSettled: loop.wake });
  const turn = createTurn({ ...deps, pacer, held, shown, flights, replies, goneWatch });
  // Rows may be `sending` that nobody sends: after a crash, and when it is not known whether a transaction was carried out.
  let doubtful = alerts;
  let restored = false;
  if (deps.restFirst) pacer.pause(clock.monotonic() + deps.restFirst, false);

  /** Brings the queue in order where that is needed, then makes one turn. Returns how long to pause, ms. */
  async function step(cut: AbortSignal): Promise<number> {
    if (doubtful && flights.size === 0) {
      if (!restored) await goneWatch.restore();
      restored = true;
      await recover({ store, accountId, clock, log, pacer, recallFor, onRequeued });
      doubtful = false;
    } else if (alerts && setBack() > 0) await store.outbox.rewind(accountId, clock.now());
    const released = held.release();
    if (!cleared()) return UNTIL_WOKEN;
    try {
      const wait = Math.min(await turn(alerts && !doubtful, cut), released ?? Number.POSITIVE_INFINITY);
      return doubtful && flights.size === 0 ? 0 : wait;
    } catch (error) {
      doubtful = alerts;
      throw error;
    }
  }

  /** What is under way gets a moment, then is cut; it is settled, or found as `sending` by the next start. */
  async function finish(cut: AbortController): Promise<void> {
    const deadline = clock.monotonic() + LAST_SENDS;
    while (flights.airborne() + replies.inFlight() > 0 && clock.monotonic() < deadline) await clock.sleep(20);
    cut.abort();
    await store.outbox.advance(flights.takeEnded(), [], clock.now()).catch(() => undefined);
  }

  return {
    wake: loop.wake,
    /** Beside the alerts, and never instead of them. */
    reply(reply: Reply): void {
      replies.add(reply);
      loop.wake();
    },
    /** Many chats wait for an answer: those that come now are merged to one a chat, and made when their turn comes. */
    crowded: replies.crowded,
    waiting: replies.waiting,
    rate: () => pacer.rate(),
    /** One sentence for the status of the account; null = it sends. */
    problem: goneWatch.problem,
    inFlight: () => flights.size + replies.inFlight(),
    /** Until aborted; then waits for sends under way and settles them. */
    async loop(signal: AbortSignal): Promise<void> {
      const cut = new AbortController();
      while (!signal.aborted) {
        loop.begin();
        try {
          const wait = await step(cut.signal);
          trouble.working();
          failures = 0;
          await loop.pause(wait, signal);
        } catch (error) {
          loop.begin();
          trouble.failing(error);
          await loop.pause(Math.min(STORE_AGAIN, accountBackoff(++failures, ids.random())), signal);
        }
      }
      await finish(cut);
    },
    /**
     * Instead of `loop`, where the caller lets time pass: sends what is due now, and resolves when it is settled. Of an account that may not
     * send it resolves at once. Throws what the store throws.
     */
    async drain(signal: AbortSignal): Promise<void> {
      for (let idle = false; !idle && !signal.aborted;) {
        loop.begin();
        const wait = await step(signal);
        const due = flights.size > 0 ? clock.now() : await store.outbox.nextDueAt(accountId);
        idle = due === null || due > clock.now() || (flights.size === 0 && !cleared());
        if (!idle && wait > 0) await loop.pause(wait, signal);
      }
    },
  };
}

/** So long without trouble, ms, and sending works again. */
const CALM = 10_000;

/** Watches an account as a whole: one that refuses or does not answer holds everybody, once, instead of each send finding out anew. */
export function createAccountWatch(deps: Tools & { accountId: string; pacer: Pacer; outage: Outage }) {
  const { accountId, pacer, clock, ids, log, outage } = deps;
  let failures = 0;
  let troubled = false;
  let troubledAt = 0;
  let watching = false;

  /** A line that breaks every third send is one trouble, not one after another. */
  async function calm(): Promise<void> {
    watching = true;
    const seen = troubledAt;
    await clock.sleep(CALM).catch(() => undefined);
    watching = false;
    if (!troubled || seen !== troubledAt) return;
    troubled = false;
    outage.ends('sending');
    log.info('Sending works again', { account: accountId });
  }

  return {
    note(outcome: SendOutcome): void {
      if (outcome.kind === 'delivered') {
        failures = 0;
        if (troubled && !watching) void calm();
        return;
      }
      if (outcome.kind !== 'retry' || outcome.scope !== 'account') return;
      const now = clock.monotonic();
      troubledAt = now;
      const limited = outcome.reason === 'rate_limited';
      // What was under way when the account was asked to wait fails with it: that is the same trouble, not another one.
      const same = pacer.pausedUntil() > now;
      const wait = limited
        ? (outcome.afterMs ?? 1_000)
        : Math.max(outcome.afterMs ?? 0, same ? 0 : accountBackoff(failures++, ids.random()));
      pacer.pause(now + wait, limited && !same);
      if (limited && same) return;
      if (limited) {
        const rate = Math.round(pacer.rate() * 10) / 10;
        log.info('The platform asks to wait', { account: accountId, ms: wait, rate });
      } else if (!troubled) {
        troubled = true;
        const line = outcome.reason === 'server' || outcome.reason === 'timeout';
        const fields = { account: accountId, code: outcome.reason, detail: outcome.detail };
        if (!line || outage.begins('sending')) log.warn('Unable to send; will go on trying', fields);
        else log.info('Unable to send, either', fields);
      }
    },
  };
}

export function createOutage(): Outage {
  const failing = new Set<AccountHalf>();
  return {
    begins(half) {
      const first = [...failing].every((one) => one === half);
      failing.add(half);
      return first;
    },
    ends: (half) => void failing.delete(half),
  };
}
