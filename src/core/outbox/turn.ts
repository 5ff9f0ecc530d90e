import type { Priority } from '../model/alert.ts';
import type { Chat } from '../model/chat.ts';
import type { MessageDocument } from '../model/message.ts';
import type { ChatAdapter, SendOutcome } from '../ports/chat-adapter.ts';
import type { Claim, Settlement } from '../ports/outbox.ts';
import type { Clock, Ids, Log } from '../ports/runtime.ts';
import type { Store } from '../ports/store.ts';
import type { Composed } from './compose.ts';
import type { Flights } from './flights.ts';
import type { GoneWatch } from './gone-watch.ts';
import type { PacedChat, Pacer } from './pacer.ts';
import { type ClaimFacts, planTurn, planWait, settleDebt, type TurnPlan, type TurnState } from './plan-turn.ts';
import type { ReplyQueue } from './reply-queue.ts';

interface RecoverDeps {
  store: Store;
  accountId: string;
  clock: Clock;
  log: Log;
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
const written = new WeakMap<MessageDocument, string>();
export function payloadOf(document: MessageDocument): string {
  let payload = written.get(document);
  if (payload === undefined) {
    payload = JSON.stringify(document);
    written.set(document, payload);
  }
  return payload;
}

/** Messages remembered at least; twice as many at most. */
const SHOWN_KEPT = 2_500;

/** What a chat's message of an alert shows now: two changes of one moment need one edit. Forgotten, an edit is made once more. */
interface Shown {
  note(claim: Claim, document: MessageDocument): void;
  /** Would this edit change nothing? */
  already(claim: Claim, document: MessageDocument): boolean;
}

/** What remembers nothing: every edit is made. */
export const nothingShown: Shown = { note: () => undefined, already: () => false };

export function createShown(): Shown {
  // Two generations: dropping the older one whole costs nothing, dropping one entry for each send does.
  let young = new Map<string, string>();
  let old = young;
  const keyOf = (claim: Claim): string => `${claim.chatId} ${claim.alertId}`;
  return {
    note(claim, document) {
      if (claim.op === 'reply') return;
      if (young.size >= SHOWN_KEPT) {
        old = young;
        young = new Map();
      }
      young.set(keyOf(claim), payloadOf(document));
    },
    already(claim, document) {
      if (claim.op !== 'edit' || claim.messageRef === null) return false;
      const key = keyOf(claim);
      return (young.get(key) ?? old.get(key)) === payloadOf(document);
    },
  };
}

interface TurnDeps {
  store: Store;
  adapter: ChatAdapter;
  clock: Clock;
  ids: Ids;
  pacer: Pacer;
  held: HeldChats;
  shown: Shown;
  flights: Flights;
  replies: ReplyQueue;
  goneWatch: GoneWatch;
  compose(claims: Claim[]): Promise<Composed[]>;
  onOutcome?: ((outcome: SendOutcome['kind'] | 'superseded', priority: Priority) => void) | undefined;
}

/** A delivery with what it says, as the planner decides about it. */
interface Offer {
  claim: Claim;
  content: Composed | null;
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
    answerRoom: pace.window - replies.inFlight(),
    alertsPerAnswer: replies.alertsPerAnswer(),
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
    return claims.map((claim) => ({ claim, content: contents.get(claim.id) ?? null }));
  }

  function factsOf({ claim, content }: Offer, now: number): ClaimFacts {
    const { id, chatId, priority, waitsForEarlier } = claim;
    const chat = pacedChatOf(claim.chat);
    const facts = { id, chatId, chat: chat.key, priority, waitsForEarlier, readyAt: pacer.chatReadyAt(chat, now) };
    if (content === null) return { ...facts, skip: null };
    if ('skip' in content) return { ...facts, skip: content.skip };
    if ('document' in content)
      return { ...facts, skip: shown.already(claim, content.document) ? 'shown-already' : null };
    return { ...facts, skip: null, later: { as: content.later, until: content.until, why: content.why } };
  }

  /** Nothing can begin: answers need not wait for it, unless the whole account waits. */
  function planNothing(room: number, now: number): TurnPlan {
    const { state, freed } = settleDebt(stateNow(room), 0, pacer.pausedUntil() <= now);
    return { actions: [], state, answersStop: null, answersFreed: freed };
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
      const facts = offers.map((offer) => factsOf(offer, now));
      const plan = looked ? planTurn(stateNow(room), facts, [], now) : planNothing(room, now);
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
interface HeldChats {
  /** `until` by the clock that only goes forward. */
  hold(chatId: number, until: number): void;
  /** Lets go whose time has come; in how many ms the next one's does, or null. */
  release(): number | null;
  ids(): Iterable<number>;
  readonly size: number;
}

export function createHeldChats(clock: Clock): HeldChats {
  const held = new Map<number, number>();
  return {
    hold: (chatId, until) => void held.set(chatId, until),
    release() {
      const now = clock.monotonic();
      let soonest: number | null = null;
      for (const [chatId, until] of held) {
        if (until <= now) held.delete(chatId);
        else soonest = Math.min(soonest ?? Infinity, until - now);
      }
      return soonest;
    },
    ids: () => held.keys(),
    get size() {
      return held.size;
    },
  };
}
