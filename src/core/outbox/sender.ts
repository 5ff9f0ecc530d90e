import { onceWhileFailing } from '../failures.ts';
import type { Priority } from '../model/alert.ts';
import type { ChatAddress } from '../model/chat.ts';
import type { ChatAdapter, Outage, SendOutcome } from '../ports/chat-adapter.ts';
import type { Claim, OwedAnswer } from '../ports/outbox.ts';
import type { Clock, Ids, Log } from '../ports/runtime.ts';
import type { Store } from '../ports/store.ts';
import { createClockWatch, type Wakeable, wakeable } from '../wakeable.ts';
import { createAccountWatch } from './account-watch.ts';
import type { Composed } from './compose.ts';
import { createFlights, createSettlement, type Flights } from './flights.ts';
import { createGoneWatch, type GoneWatch } from './gone-watch.ts';
import { accountBackoff, createPacer, type Pacer } from './pacer.ts';
import { createReplyQueue, type Reply, type ReplyQueue } from './reply-queue.ts';
import {
  createHeldChats,
  createShown,
  createTurns,
  type HeldChats,
  nothingShown,
  recover,
  type Turns,
} from './turn.ts';

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

/** Sends for one account: replies to people first, then the outbox, inside the pace. Exactly one per account runs. */
export interface Sender {
  /** Until aborted; then waits for sends under way and settles them. */
  loop(signal: AbortSignal): Promise<void>;
  /**
   * Instead of `loop`, where the caller lets time pass: sends what is due now, and resolves when it is settled. Of an account that may not
   * send it resolves at once. Throws what the store throws.
   */
  drain(signal: AbortSignal): Promise<void>;
  wake(): void;
  /** Beside the alerts, and never instead of them. */
  reply(reply: Reply): void;
  /** Many chats wait for an answer: those that come now are merged to one a chat, and made when their turn comes. */
  crowded(): boolean;
  /** As `ReplyQueue.waiting`. */
  waiting: ReplyQueue['waiting'];
  rate(): number;
  inFlight(): number;
  /** One sentence for the status of the account; null = it sends. */
  problem(): string | null;
}

const STORE_AGAIN = 5_000;
const UNTIL_WOKEN = 60_000;
/** After a stop, what is under way gets so long to end, ms; then it is cut. */
const LAST_SENDS = 1_500;

export function createSender(deps: SenderDeps): Sender {
  const { store, adapter, clock } = deps;
  const { accountId } = adapter;
  const loop = wakeable(clock);
  const parts = partsOf(deps, loop);
  const { pacer, flights, replies, goneWatch } = parts;
  const step = createStep(deps, parts);
  const failing = createStoreTrouble(deps);

  async function run(signal: AbortSignal): Promise<void> {
    const cut = new AbortController();
    while (!signal.aborted) {
      loop.begin();
      try {
        const wait = await step(cut.signal);
        failing.ended();
        await loop.pause(wait, signal);
      } catch (error) {
        loop.begin();
        await loop.pause(failing.begins(error), signal);
      }
    }
    await finish(cut, { clock, store, flights, answers: replies.inFlight });
  }

  return {
    wake: loop.wake,
    reply(reply) {
      replies.add(reply);
      loop.wake();
    },
    crowded: replies.crowded,
    waiting: replies.waiting,
    rate: () => pacer.rate(),
    problem: goneWatch.problem,
    inFlight: () => flights.size + replies.inFlight(),
    loop: run,
    async drain(signal) {
      for (let idle = false; !idle && !signal.aborted; ) {
        loop.begin();
        const wait = await step(signal);
        const due = flights.size > 0 ? clock.now() : await store.outbox.nextDueAt(accountId);
        idle = due === null || due > clock.now() || (flights.size === 0 && deps.cleared?.() === false);
        if (!idle && wait > 0) await loop.pause(wait, signal);
      }
    },
  };
}

interface SenderParts {
  pacer: Pacer;
  held: HeldChats;
  flights: Flights;
  replies: ReplyQueue;
  turns: Turns;
  goneWatch: GoneWatch;
}

/** What one account sends with, joined. */
function partsOf(deps: SenderDeps, loop: Wakeable): SenderParts {
  const { store, adapter, clock, ids, log } = deps;
  const { accountId, pace } = adapter;
  const pacer = createPacer(pace, clock.monotonic());
  const held = createHeldChats(clock);
  const shown = deps.everyEdit ? nothingShown : createShown();
  async function move(from: ChatAddress, to: ChatAddress): Promise<void> {
    await store.chats.move(from, to);
    log.info('A chat moved', { account: accountId });
  }
  const goneWatch = createGoneWatch({ accountId, state: store.state(`account/${accountId}`), clock, log });
  const { oneTarget = false } = adapter;
  const settlementOf = createSettlement({ accountId, clock, ids, log, move, oneTarget, gone: goneWatch.gone });
  const account = createAccountWatch({ accountId, pacer, clock, ids, log, outage: deps.outage });
  const flights = createFlights({
    adapter,
    clock,
    log,
    loop,
    settlementOf,
    onOutcome(claim, document, outcome) {
      account.note(outcome);
      deps.onOutcome?.(outcome.kind, claim.priority);
      if (outcome.kind !== 'delivered') return;
      shown.note(claim, document);
      goneWatch.delivered();
    },
  });
  const replies = createReplyQueue({
    adapter,
    pacer,
    account,
    clock,
    ids,
    log,
    move,
    onOutcome: deps.onOutcome,
    onOver: deps.onAnswered,
    onSettled: loop.wake,
  });
  const { alertsPerAnswer } = replies;
  const turns = createTurns({ ...deps, pacer, held, shown, flights, replies, goneWatch, alertsPerAnswer });
  return { pacer, held, flights, replies, turns, goneWatch };
}

/** A step brings the queue in order where that is needed, then makes one turn. It returns how long to pause, ms. */
function createStep(deps: SenderDeps, { pacer, held, flights, turns, goneWatch }: SenderParts) {
  const { store, clock, log, recallFor, onRequeued, alerts = true } = deps;
  const { accountId } = deps.adapter;
  const setBack = createClockWatch(clock);
  // Rows may be `sending` that nobody sends: after a crash, and when it is not known whether a transaction was carried out.
  let doubtful = alerts;
  if (deps.restFirst) pacer.pause(clock.monotonic() + deps.restFirst, false);
  let restored = false;
  const cleared = deps.cleared ?? (() => true);

  return async (cut: AbortSignal): Promise<number> => {
    if (doubtful && flights.size === 0) {
      if (!restored) await goneWatch.restore();
      restored = true;
      await recover({ store, accountId, clock, log, pacer, recallFor, onRequeued });
      doubtful = false;
    } else if (alerts && setBack() > 0) await store.outbox.rewind(accountId, clock.now());
    const released = held.release();
    if (!cleared()) return UNTIL_WOKEN;
    try {
      const wait = Math.min(await turns.turn(alerts && !doubtful, cut), released ?? Number.POSITIVE_INFINITY);
      return doubtful && flights.size === 0 ? 0 : wait;
    } catch (error) {
      doubtful = true;
      throw error;
    }
  };
}

/** What is under way gets a moment, then is cut; it is settled, or found as `sending` by the next start. */
async function finish(
  cut: AbortController,
  { clock, store, flights, answers }: { clock: Clock; store: Store; flights: Flights; answers(): number },
): Promise<void> {
  const deadline = clock.monotonic() + LAST_SENDS;
  while ((flights.airborne() > 0 || answers() > 0) && clock.monotonic() < deadline) await clock.sleep(20);
  cut.abort();
  await store.outbox.advance(flights.takeEnded(), [], clock.now()).catch(() => undefined);
}

/** A store that fails is one line when it begins and one when it ends. `begins` returns how long to wait, ms. */
function createStoreTrouble({ adapter, ids, log }: SenderDeps) {
  const trouble = onceWhileFailing(log, {
    begins: 'Unable to work on the outbox; will go on trying',
    ends: 'The store works again',
    fields: { account: adapter.accountId },
    level: 'error',
  });
  let failures = 0;
  return {
    begins(error: unknown): number {
      failures++;
      trouble.failing(error);
      return Math.min(STORE_AGAIN, accountBackoff(failures, ids.random()));
    },
    ended(): void {
      trouble.working();
      failures = 0;
    },
  };
}
