import type { Priority } from '../model/alert.ts';
import type { Chat } from '../model/chat.ts';
import type { MessageDocument } from '../model/message.ts';
import type { ChatAdapter, SendOutcome } from '../ports/chat-adapter.ts';
import type { Claim, Settlement } from '../ports/outbox.ts';
import type { Clock, Tools } from '../ports/runtime.ts';
import type { Store } from '../ports/store.ts';
import { onceForEach } from '../recent.ts';
import type { Composed } from './compose.ts';
import type { Flights, GoneWatch } from './flights.ts';
import { type PacedChat, type Pacer, type Schedule, slotIn, slotTaken } from './pacer.ts';
import type { ReplyQueue } from './reply-queue.ts';

/** What the planner knows of an account between two moments. Times are of the clock that only goes forward, ms. */
export interface TurnState {
  readonly schedule: Schedule;
  /** Do chats have limits of their own? Then one message a chat and turn. */
  readonly chatLimits: boolean;
  /** How many deliveries may begin: the platform's window less what is under way. */
  readonly room: number;
  /** Alerts that go before the next answer. */
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

/**
 * How many of the answers that are due go now, and why no further one; null = all of them do. Pure. People's answers come before deliveries; after an
 * answer, `alertsPerAnswer` deliveries go before the next one, as long as any can go.
 */
export function planAnswers(state: TurnState, due: number, now: number) {
  const paced = state.schedule.full > 0;
  let { schedule } = state;
  let go = 0;
  let stop: 'alerts-first' | 'account-pace' | null = null;
  while (go < due) {
    if (state.owed > 0 || (paced && state.alertsWait && go > 0)) stop = 'alerts-first';
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
  // Alerts that went pay what is owed to them; where none can go, though the account is ready, nothing is owed any more.
  const owed = begun === 0 && accountReady ? 0 : Math.max(0, state.owed - begun);
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

const pacedChatOf = (chat: Chat): PacedChat => ({ key: chat.chat, group: chat.kind !== 'private' });

/**
 * Brings the account's queue in order after a crash, or when it is not known whether a transaction was carried out: what was under way
 * is due again, and the pacer learns of what was sent lately.
 */
export async function recover(deps: RecoverDeps): Promise<void> {
  const { store, accountId, clock, log, pacer } = deps;
  // They may have arrived just before: for the limits of their chats they did.
  const underWay = pacer.schedule().full === 0 ? [] : await store.outbox.underWay(accountId);
  const before = deps.recallFor === null ? null : clock.now() - deps.recallFor;
  const { requeued, unknown } = await store.outbox.recover(accountId, before);
  await store.outbox.rewind(accountId, clock.now());
  deps.onRequeued?.(requeued);
  if (requeued > 0) log.info('Sends that a stop cut off are made again', { account: accountId, count: requeued });
  if (unknown > 0)
    log.warn('Sends of long ago whose outcome is unknown are not repeated', { account: accountId, count: unknown });
  if (pacer.schedule().full === 0) return;
  const at = clock.now();
  for (const chatId of underWay) await remember(chatId, clock.monotonic());
  for (const sent of (await store.outbox.recentSends(accountId, at - REMEMBER)).reverse()) {
    await remember(sent.chatId, clock.monotonic() - Math.max(0, at - sent.at));
  }

  async function remember(chatId: number, when: number): Promise<void> {
    const chat = await store.chats.get(chatId);
    if (chat) pacer.remember(pacedChatOf(chat), when);
  }
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
export function createTurn(deps: TurnDeps): (looks: boolean, cut: AbortSignal) => Promise<number> {
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

  /** Answers wait for no look into the store. Returns in how many ms the next may go, or null. */
  function sendAnswers(cut: AbortSignal): number | null {
    if (sharing.owed > 0) return null;
    const now = clock.monotonic();
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

  return async (looks, cut) => {
    const answersIn = sendAnswers(cut);
    const ended = flights.takeEnded();
    // What is settled in the same transaction makes room: a kill finds no more than the window unaccounted.
    const room = roomFor(ended.length);
    const looked = looks && pacer.pausedUntil() <= clock.monotonic() && room > 0 && !cut.aborted;
    try {
      const offers = looked ? await offersFor(room) : [];
      const now = clock.monotonic();
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
