import type { Priority } from '../model/alert.ts';
import { type Schedule, slotIn, slotTaken } from './pacer.ts';

/** What the planner knows of an account between two moments. Times are of the clock that only goes forward, ms. */
export interface TurnState {
  readonly schedule: Schedule;
  /** Do chats have limits of their own? Then one message a chat and turn. */
  readonly chatLimits: boolean;
  /** How many deliveries may begin: the platform's window less what is under way. */
  readonly room: number;
  /** How many answers may begin. */
  readonly answerRoom: number;
  /** Alerts that go before the next answer. */
  readonly owed: number;
  /** So many alerts go after each answer while alerts wait; at least 1, so that they have half of the pace. */
  readonly alertsPerAnswer: number;
  /** Did alerts wait when the outbox was last looked into? */
  readonly alertsWait: boolean;
}

/** A delivery that is due, as the outbox offers it: at most one a chat, none of a chat whose earlier message is under way. */
export interface ClaimFacts {
  readonly id: number;
  readonly chatId: number;
  /** How the pacer knows the chat. */
  readonly chat: string;
  readonly priority: Priority;
  /** When the chat's own limits allow it. */
  readonly readyAt: number;
  /** An earlier piece of the same alert for this chat is queued or under way. */
  readonly waitsForEarlier: boolean;
  /** There is nothing to say any more, and why; null = there is. */
  readonly skip: string | null;
  /** The chat's quiet hours: it leaves the queue (`hold`), or stays in it until then (`wait`). Absent = it may go now. */
  readonly later?: { as: 'hold' | 'wait'; until: number; why: string };
}

/** An answer whose turn it is within its chat, and whose chat may be sent to. */
export interface AnswerFacts {
  readonly id: string;
  readonly chat: string;
}

type TurnAction =
  | { do: 'answer'; id: string; chat: string; why: 'people-first' }
  | { do: 'begin'; id: number; chat: string; why: 'in-order' }
  | { do: 'drop'; id: number; why: string }
  | { do: 'put-off'; id: number; as: 'hold' | 'wait'; until: number; why: string }
  | { do: 'hold'; chatId: number; until: number; why: 'chat-pace' | 'earlier-piece-first' }
  | { do: 'leave'; id: number; why: 'account-pace' | 'window-full' | 'same-chat' };

export interface TurnPlan {
  actions: TurnAction[];
  /** The state after the actions were carried out. */
  state: TurnState;
  /** Why no further answer goes now; null = none is left. */
  answersStop: 'alerts-first' | 'window-full' | 'account-pace' | null;
  /** Alerts had their chance, and none can go for reasons other than the account's pace: answers need not wait for one. */
  answersFreed: boolean;
}

/** An edit or a reply whose first message is still on its way looks again after this, ms. */
const WAIT_FOR_FIRST = 300;

const PRIORITY_ORDER: Record<Priority, number> = { reply: 0, critical: 1, alert: 2, digest: 3 };

/**
 * Decides what an account sends now. Pure. People's answers come first, then deliveries by priority and in the order given; after an
 * answer, `alertsPerAnswer` deliveries go before the next one, as long as any can go. `claims` null: the outbox was not looked into.
 */
export function planTurn(
  state: TurnState,
  claims: readonly ClaimFacts[] | null,
  answers: readonly AnswerFacts[],
  now: number,
): TurnPlan {
  const used = new Set<string>();
  const answered = planAnswers(state, answers, { now, used });
  if (claims === null) return { ...answered, answersFreed: false };
  const begun = planClaims(answered.state, claims, { now, used });
  const settled = settleDebt(begun.state, begun.count, begun.accountReady && now >= state.schedule.pausedUntil);
  return {
    actions: [...answered.actions, ...begun.actions],
    state: { ...settled.state, alertsWait: claims.length > 0 },
    answersStop: answered.answersStop,
    answersFreed: settled.freed,
  };
}

interface Moment {
  now: number;
  /** Chats that a message of this turn goes to. */
  used: Set<string>;
}

function planAnswers(
  state: TurnState,
  answers: readonly AnswerFacts[],
  { now, used }: Moment,
): Pick<TurnPlan, 'actions' | 'state' | 'answersStop'> {
  const actions: TurnAction[] = [];
  const paced = state.schedule.full > 0;
  let { schedule } = state;
  let stop: TurnPlan['answersStop'] = null;
  for (const { id, chat } of answers) {
    const owed = state.owed > 0 || (paced && state.alertsWait && actions.length > 0);
    if (owed) stop = 'alerts-first';
    else if (actions.length >= state.answerRoom) stop = 'window-full';
    else if (slotIn(schedule, now) > 0) stop = 'account-pace';
    if (stop !== null) break;
    if (used.has(chat)) continue;
    used.add(chat);
    schedule = slotTaken(schedule, now);
    actions.push({ do: 'answer', id, chat, why: 'people-first' });
  }
  const owed = paced ? state.owed + actions.length * state.alertsPerAnswer : 0;
  const answerRoom = state.answerRoom - actions.length;
  return { actions, state: { ...state, schedule, owed, answerRoom }, answersStop: stop };
}

function planClaims(
  state: TurnState,
  claims: readonly ClaimFacts[],
  { now, used }: Moment,
): { actions: TurnAction[]; state: TurnState; count: number; accountReady: boolean } {
  const actions: TurnAction[] = [];
  const chats = new Set<number>();
  let { schedule, room } = state;
  let accountReady = true;
  for (const claim of claims.toSorted((a, b) => PRIORITY_ORDER[a.priority] - PRIORITY_ORDER[b.priority])) {
    const { id, chatId, chat } = claim;
    if (claim.waitsForEarlier)
      actions.push({ do: 'hold', chatId, until: now + WAIT_FOR_FIRST, why: 'earlier-piece-first' });
    else if (claim.skip !== null) actions.push({ do: 'drop', id, why: claim.skip });
    else if (claim.later) actions.push({ do: 'put-off', id, ...claim.later });
    else if (chats.has(chatId) || (state.chatLimits && used.has(chat)))
      actions.push({ do: 'leave', id, why: 'same-chat' });
    else if (room <= 0) actions.push({ do: 'leave', id, why: 'window-full' });
    else if (claim.readyAt > now && now >= schedule.pausedUntil)
      actions.push({ do: 'hold', chatId, until: claim.readyAt, why: 'chat-pace' });
    else if (slotIn(schedule, now) > 0) {
      accountReady = false;
      actions.push({ do: 'leave', id, why: 'account-pace' });
    } else {
      used.add(chat);
      schedule = slotTaken(schedule, now);
      room--;
      actions.push({ do: 'begin', id, chat, why: 'in-order' });
    }
    chats.add(chatId);
  }
  return { actions, state: { ...state, schedule, room }, count: state.room - room, accountReady };
}

/** Alerts that went pay what is owed to them; where none can go, though the account is ready, nothing is owed any more. */
export function settleDebt(
  state: TurnState,
  begun: number,
  accountReady: boolean,
): { state: TurnState; freed: boolean } {
  if (state.owed === 0) return { state, freed: false };
  const owed = begun === 0 && accountReady ? 0 : Math.max(0, state.owed - begun);
  return { state: { ...state, owed }, freed: owed === 0 && begun === 0 };
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

export interface Wait {
  ms: number;
  why:
    | 'look-again'
    | 'next-answer'
    | 'paused'
    | 'account-pace'
    | 'chat-pace'
    | 'more-waits'
    | 'chats-came-free'
    | 'next-due'
    | 'answers-next'
    | 'next-slot'
    | 'single-try'
    | 'gone-or-not';
}

/** Looks at least this often, ms. */
const LOOK_EVERY = 5_000;
/** What is due and cannot be had is asked for no more often than this, ms. */
const DUE_AGAIN = 5;

/** How long the sender may pause after a turn, unless it is woken. Pure. */
export function planWait(facts: TurnFacts): Wait {
  const waits: Wait[] = [{ ms: LOOK_EVERY, why: 'look-again' }];
  const { now, schedule, room, claims, begun } = facts;
  const paced = schedule.full > 0;
  if (facts.answersIn !== null) waits.push({ ms: facts.answersIn, why: 'next-answer' });
  if (schedule.pausedUntil > now) waits.push({ ms: schedule.pausedUntil - now, why: 'paused' });
  if (facts.leftForPace) waits.push({ ms: slotIn(schedule, now), why: 'account-pace' });
  if (facts.heldUntil !== null) waits.push({ ms: facts.heldUntil - now, why: 'chat-pace' });
  if (facts.looked && claims === 0) {
    // A chat whose message has just been settled was left out: look again at once.
    if (facts.settled > 0) waits.push({ ms: 0, why: 'chats-came-free' });
    // Due now, yet not to be had: its chat is held, and its release ends the pause.
    else if (facts.dueIn !== null && facts.inFlight === 0 && !(facts.dueIn <= 0 && facts.someHeld))
      waits.push({ ms: Math.max(facts.dueIn, DUE_AGAIN), why: 'next-due' });
  }
  if (!paced && claims > 0 && begun < room) waits.push({ ms: 0, why: 'more-waits' });
  if (facts.answersFreed) waits.push({ ms: 0, why: 'answers-next' });
  if (facts.decideIn !== null) waits.push({ ms: facts.decideIn, why: 'gone-or-not' });
  if (facts.tryIn !== null && facts.inFlight === 0 && facts.tryIn > 0)
    waits.push({ ms: facts.tryIn, why: 'single-try' });
  if (paced && begun > 0) waits.push({ ms: slotIn(schedule, now), why: 'next-slot' });
  return waits.reduce((soonest, one) => (one.ms < soonest.ms ? one : soonest));
}
