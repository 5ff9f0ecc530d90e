import type { Priority } from '../model/alert.ts';
import type { MessageDocument } from '../model/message.ts';
import type { SendOutcome } from '../ports/chat-adapter.ts';
import type { Claim, Settlement } from '../ports/outbox.ts';
import { createLook, type LookDeps, type Offer } from './look.ts';
import { planTurn, settleDebt, type TurnPlan, type TurnState } from './plan-turn.ts';
import { planWait } from './plan-wait.ts';
import { pacedChatOf } from './recover.ts';
import type { ReplyQueue } from './reply-queue.ts';
import { payloadOf } from './shown.ts';

export interface TurnDeps extends LookDeps {
  replies: ReplyQueue;
  onOutcome?: ((outcome: SendOutcome['kind'] | 'superseded', priority: Priority) => void) | undefined;
  /** Alerts that go after each answer while alerts wait. */
  alertsPerAnswer(): number;
}

/** The effects of `planTurn`: what it decides is looked up, made durable and sent. */
export interface Turns {
  /**
   * One look at what may be sent, one transaction, and off it goes; returns how long to pause, ms. `looks` false: nothing new is begun.
   * Throws what the store throws; then it is not known what began.
   */
  turn(looks: boolean, cut: AbortSignal): Promise<number>;
}

interface Begin {
  claim: Claim;
  document: MessageDocument;
}

export function createTurns(deps: TurnDeps): Turns {
  const { store, clock, pacer, held, flights, replies, goneWatch } = deps;
  const { accountId, pace } = deps.adapter;
  const look = createLook(deps);
  /** How slots are shared between alerts and answers, from turn to turn. */
  let sharing: Pick<TurnState, 'owed' | 'alertsWait'> = { owed: 0, alertsWait: false };

  const stateNow = (room: number): TurnState => ({
    ...sharing,
    schedule: pacer.schedule(),
    chatLimits: pace.perChatMs > 0 || pace.perGroupMinute > 0,
    room,
    answerRoom: pace.window - replies.inFlight(),
    alertsPerAnswer: deps.alertsPerAnswer(),
  });

  /** Answers wait for no look into the store. Returns in how many ms the next may go, or null. */
  function sendAnswers(cut: AbortSignal): number | null {
    if (sharing.owed > 0) return null;
    const now = clock.monotonic();
    const state = stateNow(0);
    const due = replies.due(now, state.answerRoom);
    const plan = planTurn(state, null, due.answers, now);
    for (const action of plan.actions) if (action.do === 'answer') replies.send(action.id, now, cut);
    sharing = { owed: plan.state.owed, alertsWait: sharing.alertsWait };
    if (plan.answersStop !== 'account-pace') return due.next;
    return Math.min(due.next ?? Number.POSITIVE_INFINITY, pacer.schedule().next - now);
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

  async function turn(looks: boolean, cut: AbortSignal): Promise<number> {
    const answersIn = sendAnswers(cut);
    const ended = flights.takeEnded();
    // What is settled in the same transaction makes room: a kill finds no more than the window unaccounted.
    const room = look.room(ended.length);
    const looked = looks && pacer.pausedUntil() <= clock.monotonic() && room > 0 && !cut.aborted;
    try {
      const offers = looked ? await look.offers(room) : [];
      const now = clock.monotonic();
      const plan = looked ? planAll(offers, room, now) : planNothing(room, now);
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
  }

  const planAll = (offers: readonly Offer[], room: number, now: number): TurnPlan =>
    planTurn(
      stateNow(room),
      offers.map((offer) => look.factsOf(offer, now)),
      [],
      now,
    );

  /** Nothing can begin: answers need not wait for it, unless the whole account waits. */
  function planNothing(room: number, now: number): TurnPlan {
    const { state, freed } = settleDebt(stateNow(room), 0, pacer.pausedUntil() <= now);
    return { actions: [], state, answersStop: null, answersFreed: freed };
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

  return { turn };
}

const putOff = ({ id, as, until }: { id: number; as: 'hold' | 'wait'; until: number }): Settlement =>
  as === 'hold' ? { id, outcome: 'held', until } : { id, outcome: 'retry', nextAt: until };
