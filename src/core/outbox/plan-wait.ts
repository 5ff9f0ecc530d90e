import { type Schedule, slotIn } from './schedule.ts';

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
