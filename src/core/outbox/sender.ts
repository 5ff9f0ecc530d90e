import { onceWhileFailing } from '../errors.ts';
import type { Priority } from '../model/alert.ts';
import type { Chat, ChatAddress } from '../model/chat.ts';
import type { MessageDocument } from '../model/message.ts';
import {
  type AccountHalf,
  type ChatAdapter,
  type Outage,
  type Outgoing,
  type SendOutcome,
  isTarget,
} from '../ports/chat-adapter.ts';
import type { Claim, OwedAnswer, Settlement } from '../ports/outbox.ts';
import type { Clock, Tools } from '../ports/runtime.ts';
import type { Store } from '../ports/store.ts';
import { onceForEach } from '../recent.ts';
import { createClockWatch, wakeable } from '../wakeable.ts';
import type { Composed } from './compose.ts';
import { type Flights, type GoneWatch, createFlights, createGoneWatch, createSettlement } from './flights.ts';
import { type PacedChat, type Pacer, type Schedule, accountBackoff, createPacer, slotIn, slotTaken } from './pacer.ts';
import { type Reply, type ReplyQueue, createReplyQueue } from './reply-queue.ts';

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
  /** So many sends that may have arrived are made again. */
  onRequeued?(count: number): void;
  /** Are edits made, too, that change nothing? Absent: they are left out. */
  everyEdit?: boolean;
  onOutcome?(outcome: SendOutcome['kind'] | 'superseded', priority: Priority): void;
  /** Answers went, or never will. */
  onAnswered?: ((answers: readonly OwedAnswer[]) => void) | undefined;
}

export type Sender = ReturnType<typeof createSender>;

/** Chats that were sent to right before a stop, answers included: those are on no other record. Who was killed is replaced later than a chat has to rest. */
const LAST_TOLD = 'told';
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
  const state = store.state(`account/${accountId}`);
  const goneWatch = createGoneWatch({ accountId, state, clock, log });
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

  /** Brings the queue in order where that is needed, then makes one turn. Returns how long to pause, ms. */
  async function step(cut: AbortSignal): Promise<number> {
    if (!restored) {
      await goneWatch.restore();
      const told = ((await state.get(LAST_TOLD)) ?? []) as string[];
      for (const key of told) pacer.remember({ key, group: false }, clock.monotonic());
      // Of a chat that is forgotten nothing may be left.
      if (told.length > 0) await state.delete(LAST_TOLD);
      restored = true;
    }
    if (doubtful && flights.size === 0) {
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
    const told = pacer.toldSince(clock.monotonic() - pace.perChatMs);
    if (told.length > 0) await state.set(LAST_TOLD, told).catch(() => undefined);
  }

  return {
    wake: loop.wake,
    /** Beside the alerts, and never instead of them. */
    reply(reply: Reply): void {
      replies.add(reply);
      loop.wake();
    },
    /** Many chats wait for an answer: those that come now are merged to one a chat, and made when their turn comes. A reader's word is one of many beside alerts, too. */
    crowded: (isWord = false): boolean => replies.crowded() || (isWord && turn.alertsWait()),
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

/** What the planner knows of an account between two moments. Times are of the clock that only goes forward, ms. */
export interface TurnState {
  readonly schedule: Schedule;
  /** Do chats have limits of their own? Then one message a chat and turn. */
  readonly chatLimits: boolean;
  /** How many deliveries may begin: the platform's window less what is under way. */
  readonly room: number;
  /** Alerts that go before the next answer; below 0, answers that may go before any. */
  readonly owed: number;
  /** So many alerts go after each answer while alerts wait; at least 1, so that they have half of the pace. */
  readonly alertsPerAnswer: number;
  /** Did alerts wait when the outbox was last looked into? */
  readonly alertsWait: boolean;
}

/** A delivery that is due, as the outbox offers it: at most one a chat, none of a chat whose earlier message is under way. */
export interface Offer {
  readonly claim: Claim;
  /** How the pacer knows the chat. */
  readonly chat: string;
  /** When the chat's own limits allow it. */
  readonly readyAt: number;
  /** Null: an earlier piece of the same alert for this chat is queued or under way. */
  readonly content: Composed | null;
}

type TurnAction =
  | { do: 'begin'; id: number; why: 'in-order' }
  | { do: 'drop'; id: number; why: string }
  | { do: 'put-off'; id: number; as: 'hold' | 'wait'; until: number; why: string }
  | { do: 'hold'; chatId: number; until: number; why: 'chat-pace' | 'earlier-piece-first' }
  | { do: 'leave'; id: number; why: 'account-pace' | 'window-full' | 'same-chat' };

interface TurnPlan {
  actions: TurnAction[];
  /** The state after the actions were carried out. */
  state: TurnState;
  /** Alerts had their chance, and none can go for reasons other than the account's pace: answers need not wait for one. */
  answersFreed: boolean;
}

/** An edit or a reply whose first message is still on its way looks again after this, ms. */
const WAIT_FOR_FIRST = 300;

const PRIORITY_ORDER: Record<Priority, number> = { reply: 0, critical: 1, alert: 2, digest: 3 };
const byPriority = (a: Offer, b: Offer): number => PRIORITY_ORDER[a.claim.priority] - PRIORITY_ORDER[b.claim.priority];

/** Alerts that went while nobody asked let so many answers go at once: who asks waits for one slot while answers take less than their share of the pace. */
const CREDIT = 4;

/**
 * How many of the answers that are due go now, and why no further one; null = all of them do. Pure. People's answers come before deliveries; for each
 * `alertsPerAnswer` deliveries go, before or after it, as long as any can go.
 */
export function planAnswers(state: TurnState, due: number, now: number) {
  const paced = state.schedule.full > 0;
  let { schedule } = state;
  let go = 0;
  let stop: 'alerts-first' | 'account-pace' | null = null;
  while (go < due) {
    if (state.owed > 0 || (paced && state.alertsWait && state.owed + go * state.alertsPerAnswer > 0))
      stop = 'alerts-first';
    else if (slotIn(schedule, now) > 0) stop = 'account-pace';
    if (stop !== null) break;
    schedule = slotTaken(schedule, now);
    go++;
  }
  const owed = paced ? state.owed + go * state.alertsPerAnswer : 0;
  return { go, stop, state: { ...state, schedule, owed } };
}

/** What becomes of the deliveries that are due, by priority and in the order given; null = the outbox was not looked into. Pure. */
export function planTurn(state: TurnState, offers: readonly Offer[] | null, now: number): TurnPlan {
  const actions: TurnAction[] = [];
  /** Rows that were looked at, and chats that a message of this turn goes to: threads are rows of their own. */
  const looked = new Set<number>();
  const used = new Set<string>();
  let { schedule, room } = state;
  let accountReady = now >= schedule.pausedUntil;
  for (const { claim, chat, readyAt, content } of (offers ?? []).toSorted(byPriority)) {
    const { id, chatId } = claim;
    if (content === null) actions.push({ do: 'hold', chatId, until: now + WAIT_FOR_FIRST, why: 'earlier-piece-first' });
    else if ('skip' in content) actions.push({ do: 'drop', id, why: content.skip });
    else if ('later' in content)
      actions.push({ do: 'put-off', id, as: content.later, until: content.until, why: content.why });
    else if (looked.has(chatId) || (state.chatLimits && used.has(chat)))
      actions.push({ do: 'leave', id, why: 'same-chat' });
    else if (room <= 0) actions.push({ do: 'leave', id, why: 'window-full' });
    else if (readyAt > now && now >= schedule.pausedUntil)
      actions.push({ do: 'hold', chatId, until: readyAt, why: 'chat-pace' });
    else if (slotIn(schedule, now) > 0) {
      accountReady = false;
      actions.push({ do: 'leave', id, why: 'account-pace' });
    } else {
      used.add(chat);
      schedule = slotTaken(schedule, now);
      room--;
      actions.push({ do: 'begin', id, why: 'in-order' });
    }
    looked.add(chatId);
  }
  const begun = state.room - room;
  // Alerts that went pay what is owed to them; where none can go, though the account is ready, nothing is owed any more. Where none wait, no answer goes before them.
  const paid = begun === 0 && accountReady ? Math.min(0, state.owed) : Math.max(-CREDIT, state.owed - begun);
  const owed = offers?.length === 0 ? 0 : paid;
  const alertsWait = offers === null ? state.alertsWait : offers.length > 0;
  const answersFreed = state.owed > 0 && owed === 0 && begun === 0;
  return { actions, state: { ...state, schedule, room, owed, alertsWait }, answersFreed };
}

/** What a turn has found and done; times in ms from now unless said otherwise. */
export interface TurnFacts {
  now: number;
  schedule: Schedule;
  /** When the next answer may go; null = none waits. */
  answersIn: number | null;
  /** Was the outbox looked into? */
  looked: boolean;
  /** Deliveries that it offered. */
  claims: number;
  begun: number;
  /** Was a delivery left for the account's pace? */
  leftForPace: boolean;
  /** When a chat that was held in this turn may be sent to. */
  heldUntil: number | null;
  /** Room for deliveries when the turn began. */
  room: number;
  settled: number;
  inFlight: number;
  /** When the next queued delivery is due; null = none, or not asked for. */
  dueIn: number | null;
  /** Some chats are held: what is due may be theirs. */
  someHeld: boolean;
  answersFreed: boolean;
  /** When a paused account may try one chat; null = it is not paused. */
  tryIn: number | null;
  /** When a suspicion that chats are gone is decided at the latest. */
  decideIn: number | null;
}

/** Looks at least this often, ms. */
const LOOK_EVERY = 5_000;
/** What is due and cannot be had is asked for no more often than this, ms. */
const DUE_AGAIN = 5;
const NEVER = Number.POSITIVE_INFINITY;

/** How long the sender may pause after a turn, unless it is woken, ms, and for which of its reasons. Pure. */
export function planWait(facts: TurnFacts) {
  const { now, schedule, room, claims, begun, dueIn } = facts;
  const slot = slotIn(schedule, now);
  const paced = schedule.full > 0;
  const nothing = facts.looked && claims === 0;
  // Due now, yet not to be had: its chat is held, and its release ends the pause.
  const blocked = facts.settled > 0 || facts.inFlight > 0 || (dueIn !== null && dueIn <= 0 && facts.someHeld);
  const waits = {
    'look-again': LOOK_EVERY,
    'next-answer': facts.answersIn ?? NEVER,
    paused: schedule.pausedUntil > now ? schedule.pausedUntil - now : NEVER,
    'account-pace': facts.leftForPace ? slot : NEVER,
    'chat-pace': (facts.heldUntil ?? NEVER) - now,
    // A chat whose message has just been settled was left out: look again at once.
    'chats-came-free': nothing && facts.settled > 0 ? 0 : NEVER,
    'next-due': nothing && !blocked ? Math.max(dueIn ?? NEVER, DUE_AGAIN) : NEVER,
    'more-waits': !paced && claims > 0 && begun < room ? 0 : NEVER,
    'answers-next': facts.answersFreed ? 0 : NEVER,
    'gone-or-not': facts.decideIn ?? NEVER,
    'single-try': (facts.inFlight === 0 && facts.tryIn) || NEVER,
    'next-slot': paced && begun > 0 ? slot : NEVER,
  };
  const ms = Math.min(...Object.values(waits));
  return { ms, why: (Object.keys(waits) as (keyof typeof waits)[]).find((why) => waits[why] === ms)! };
}

interface RecoverDeps extends Pick<Tools, 'clock' | 'log'> {
  store: Store;
  accountId: string;
  pacer: Pacer;
  /** How long the platform's transaction ids hold, ms; null = it has none. */
  recallFor: number | null;
  /** So many that may have arrived are sent again. */
  onRequeued?: ((count: number) => void) | undefined;
}

/** Limits of the last minute hold across a restart, ms. */
const REMEMBER = 60_000;

const pacedChatOf = (chat: Pick<Chat, 'chat' | 'kind'>): PacedChat => ({
  key: chat.chat,
  group: chat.kind !== 'private',
});

/**
 * Brings the account's queue in order after a crash, or when it is not known whether a transaction was carried out: what was under way
 * is due again, and the pacer learns of what was sent lately.
 */
async function recover(deps: RecoverDeps): Promise<void> {
  const { store, accountId, clock, log, pacer } = deps;
  const [at, now] = [clock.now(), clock.monotonic()];
  const recent = pacer.schedule().full === 0 ? [] : await store.outbox.recentSends(accountId, at - REMEMBER);
  // What was under way may have arrived just before: for the limits of its chat it did.
  for (const sent of recent.reverse()) pacer.remember(pacedChatOf(sent), now - Math.max(0, at - (sent.at ?? at)));
  const before = deps.recallFor === null ? null : clock.now() - deps.recallFor;
  const { requeued, unknown } = await store.outbox.recover(accountId, before);
  await store.outbox.rewind(accountId, clock.now());
  deps.onRequeued?.(requeued);
  if (requeued > 0) log.info('Sends that a stop cut off are made again', { account: accountId, count: requeued });
  if (unknown > 0)
    log.warn('Sends of long ago whose outcome is unknown are not repeated', { account: accountId, count: unknown });
}

/** A document as it is kept with the first attempt: written out once for all chats that share it. */
export const payloadOf = onceForEach((document: MessageDocument): string => JSON.stringify(document));

/** Messages remembered at least; twice as many at most. */
const SHOWN_KEPT = 2_500;

type Shown = ReturnType<typeof createShown>;

/** What remembers nothing: every edit is made. */
export const nothingShown: Shown = { note: () => undefined, already: () => false };

/** What a chat's message of an alert shows now: two changes of one moment need one edit. Forgotten, an edit is made once more. */
export function createShown() {
  // Two generations: dropping the older one whole costs nothing, dropping one entry for each send does.
  let young = new Map<string, string>();
  let old = young;
  const keyOf = (claim: Claim): string => `${claim.chatId} ${claim.alertId}`;
  return {
    note(claim: Claim, document: MessageDocument): void {
      if (claim.op === 'reply') return;
      if (young.size >= SHOWN_KEPT) {
        old = young;
        young = new Map();
      }
      young.set(keyOf(claim), payloadOf(document));
    },
    /** Would this edit change nothing? */
    already(claim: Claim, document: MessageDocument): boolean {
      if (claim.op !== 'edit' || claim.messageRef === null) return false;
      const key = keyOf(claim);
      return (young.get(key) ?? old.get(key)) === payloadOf(document);
    },
  };
}

interface TurnDeps extends Pick<Tools, 'clock' | 'ids'> {
  store: Store;
  adapter: ChatAdapter;
  pacer: Pacer;
  held: ReturnType<typeof createHeldChats>;
  shown: Shown;
  flights: Flights;
  replies: ReplyQueue;
  goneWatch: GoneWatch;
  compose(claims: Claim[]): Promise<Composed[]>;
  onOutcome?: ((outcome: SendOutcome['kind'] | 'superseded', priority: Priority) => void) | undefined;
}

interface Begin {
  claim: Claim;
  document: MessageDocument;
}

/** A paused account tries one of so many. */
const SAMPLE = 1_000;

/**
 * The effects of `planTurn`: one look at what may be sent, one transaction, and off it goes; returns how long to pause, ms. `looks` false: nothing
 * new is begun. Throws what the store throws; then it is not known what began.
 */
function createTurn(deps: TurnDeps) {
  const { store, clock, pacer, held, shown, flights, replies, goneWatch } = deps;
  const { accountId, pace } = deps.adapter;
  /** How slots are shared between alerts and answers, from turn to turn. */
  let sharing: Pick<TurnState, 'owed' | 'alertsWait'> = { owed: 0, alertsWait: false };

  const stateNow = (room: number): TurnState => ({
    ...sharing,
    schedule: pacer.schedule(),
    chatLimits: pace.perChatMs > 0 || pace.perGroupMinute > 0,
    room,
    alertsPerAnswer: replies.alertsPerAnswer(),
  });

  /** Returns in how many ms the next may go, or null. */
  function sendAnswers(now: number, cut: AbortSignal): number | null {
    // What is owed after an answer to a flooder is no debt of the person who came meanwhile.
    sharing = { ...sharing, owed: Math.min(sharing.owed, replies.alertsPerAnswer()) };
    if (sharing.owed > 0) return null;
    const due = replies.due(now, pace.window - replies.inFlight());
    const plan = planAnswers(stateNow(0), due.answers.length, now);
    for (const id of due.answers.slice(0, plan.go)) replies.send(id, now, cut);
    sharing = { ...sharing, owed: plan.state.owed };
    if (plan.stop !== 'account-pace') return due.next;
    return Math.min(due.next ?? Number.POSITIVE_INFINITY, pacer.schedule().next - now);
  }

  /** How many deliveries may begin while so many that ended are settled; of a paused account one at a time. */
  function roomFor(ended: number): number {
    const tryIn = goneWatch.tryIn();
    if (tryIn === null) return pace.window - flights.size + ended;
    return tryIn === 0 && flights.size === ended ? 1 : 0;
  }

  /** Due, by priority; of a paused account any one: those that come first may well be those that left first. */
  async function claimsFor(room: number): Promise<Claim[]> {
    const busy = [...new Set([...flights.chatIds(), ...held.ids()])];
    if (goneWatch.tryIn() !== null) {
      const found = await store.outbox.peek(accountId, SAMPLE, clock.now(), busy);
      const at = Math.floor(deps.ids.random() * found.length);
      return found.slice(at, at + 1);
    }
    const rate = pacer.rate();
    const limit = Number.isFinite(rate) ? Math.min(room, Math.max(4, Math.ceil(rate / 50))) : room;
    return await store.outbox.peek(accountId, limit, clock.now(), busy);
  }

  async function offersFor(room: number): Promise<Offer[]> {
    const claims = await claimsFor(room);
    const live = claims.filter((claim) => !claim.waitsForEarlier);
    const composed = live.length > 0 ? await deps.compose(live) : [];
    const contents = new Map(live.map((claim, i) => [claim.id, composed[i]!]));
    const now = clock.monotonic();
    return claims.map((claim) => {
      const content = contents.get(claim.id) ?? null;
      const isShown = content !== null && 'document' in content && shown.already(claim, content.document);
      const chat = pacedChatOf(claim.chat);
      const readyAt = pacer.chatReadyAt(chat, now);
      return { claim, chat: chat.key, readyAt, content: isShown ? { skip: 'shown-already' } : content };
    });
  }

  /** Takes the slots, holds the chats; returns what is to begin and what is settled without being sent. */
  function carryOut(plan: TurnPlan, offers: readonly Offer[], now: number) {
    const byId = new Map(offers.map((offer) => [offer.claim.id, offer]));
    const begins: Begin[] = [];
    const drops: Settlement[] = [];
    for (const action of plan.actions) {
      if (action.do === 'hold') held.hold(action.chatId, action.until);
      // What waits for the end of quiet hours takes no slot.
      if (action.do === 'put-off') drops.push(putOff(action));
      if (action.do !== 'begin' && action.do !== 'drop') continue;
      const { claim, content } = byId.get(action.id)!;
      if (action.do === 'drop') {
        drops.push({ id: action.id, outcome: 'superseded', reason: action.why });
        deps.onOutcome?.('superseded', claim.priority);
      } else if (content !== null && 'document' in content) {
        pacer.take(pacedChatOf(claim.chat), now);
        begins.push({ claim, document: content.document });
      }
    }
    sharing = { owed: plan.state.owed, alertsWait: plan.state.alertsWait };
    return { begins, drops };
  }

  /** Returns those that did begin. */
  async function commit(settled: Settlement[], begins: Begin[]): Promise<Begin[]> {
    if (settled.length === 0 && begins.length === 0) return [];
    const begun = begins.map(({ claim, document }) => ({
      id: claim.id,
      payload: claim.payload ?? payloadOf(document),
    }));
    const began = new Set(await store.outbox.advance(settled, begun, clock.now()));
    return begins.filter(({ claim }) => began.has(claim.id));
  }

  const turn = async (looks: boolean, cut: AbortSignal): Promise<number> => {
    // Answers wait for no look into the store.
    let answersIn = sendAnswers(clock.monotonic(), cut);
    const ended = flights.takeEnded();
    // What is settled in the same transaction makes room: a kill finds no more than the window unaccounted.
    const room = roomFor(ended.length);
    const looked = looks && pacer.pausedUntil() <= clock.monotonic() && room > 0 && !cut.aborted;
    try {
      const offers = looked ? await offersFor(room) : [];
      const now = clock.monotonic();
      // Nor is a slot that came meanwhile an alert's while somebody waits for it: timers are early by a moment, and the look takes longer.
      if (looked) answersIn = sendAnswers(now, cut);
      // Not looked: nothing can begin, and answers need not wait for it, unless the whole account waits.
      const plan = planTurn(stateNow(room), looked ? offers : null, now);
      const { begins, drops } = carryOut(plan, offers, now);
      const quiet = looked && offers.length === 0 && flights.size === ended.length;
      const gone = goneWatch.decide(quiet);
      const settled = [...ended, ...drops, ...gone.ended];
      const idle = quiet && settled.length === 0;
      const dueAt = idle ? await store.outbox.nextDueAt(accountId) : null;
      const started = await commit(settled, begins);
      flights.forget(ended);
      for (const { claim, document } of started) flights.begin(claim, document, cut);
      const leftForPace = plan.actions.some((one) => one.do === 'leave' && one.why === 'account-pace');
      const holds = plan.actions.flatMap((one) => (one.do === 'hold' && one.why === 'chat-pace' ? [one.until] : []));
      flights.nearSlot(pace.perSecond > 0 && pacer.rate() >= 10 && (started.length > 0 || leftForPace));
      return planWait({
        now: clock.monotonic(),
        schedule: pacer.schedule(),
        answersIn,
        looked,
        claims: offers.length,
        begun: started.length,
        leftForPace,
        heldUntil: holds.length > 0 ? Math.min(...holds) : null,
        room,
        settled: settled.length,
        inFlight: flights.size,
        dueIn: dueAt === null ? null : dueAt - clock.now(),
        someHeld: held.size > 0,
        answersFreed: plan.answersFreed,
        tryIn: goneWatch.tryIn(),
        decideIn: gone.again,
      }).ms;
    } catch (error) {
      // Nothing is lost: what was settled is put back; what was to begin did not, or is found by `recover`.
      flights.putBack(ended);
      throw error;
    }
  };
  return Object.assign(turn, { alertsWait: () => sharing.alertsWait });
}

const putOff = ({ id, as, until }: { id: number; as: 'hold' | 'wait'; until: number }): Settlement =>
  as === 'hold' ? { id, outcome: 'held', until } : { id, outcome: 'retry', nextAt: until };

/** Chats that wait for their own limits or for an earlier message of theirs. */
export function createHeldChats(clock: Clock) {
  const held = new Map<number, number>();
  return {
    /** `until` by the clock that only goes forward. */
    hold: (chatId: number, until: number): void => void held.set(chatId, until),
    /** Lets go whose time has come; in how many ms the next one's does, or null. */
    release(): number | null {
      const now = clock.monotonic();
      let soonest: number | null = null;
      for (const [chatId, until] of held) {
        if (until <= now) held.delete(chatId);
        else soonest = Math.min(soonest ?? Infinity, until - now);
      }
      return soonest;
    },
    ids: () => held.keys(),
    get size(): number {
      return held.size;
    },
  };
}
