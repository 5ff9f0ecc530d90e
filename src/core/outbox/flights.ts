import { PAUSED } from '../account-identity.ts';
import { logFailure } from '../errors.ts';
import { type Priority, deliveryKey } from '../model/alert.ts';
import type { ChatAddress } from '../model/chat.ts';
import type { MessageDocument } from '../model/message.ts';
import type { Outgoing, Pace, SendOutcome } from '../ports/chat-adapter.ts';
import type { Claim, Settlement } from '../ports/outbox.ts';
import type { DurableState, Tools } from '../ports/runtime.ts';
import { inOrder, type Wakeable } from '../wakeable.ts';
import { GIVE_UP_AFTER, backoff } from './pacer.ts';

interface FlightsDeps extends Pick<Tools, 'clock' | 'log'> {
  pace: Pace;
  send(message: Outgoing, priority: Priority, signal: AbortSignal): Promise<SendOutcome>;
  /** The sender's loop: woken when enough has ended. */
  loop: Wakeable;
  onDelivered(claim: Claim, document: MessageDocument): void;
  settlementOf(claim: Claim, outcome: SendOutcome): Promise<Settlement>;
}

/** Deliveries under way: begun in the store, and not settled there yet. */
export type Flights = ReturnType<typeof createFlights>;

/** Unpaced: how long sends that ended wait for others, so that they share a commit, ms. */
const LINGER = 4;

export function createFlights(deps: FlightsDeps) {
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
    begin(claim: Claim, document: MessageDocument, signal: AbortSignal): void {
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
    /** What has ended and is not settled yet; whoever takes it settles it, or puts it back. */
    takeEnded(): Settlement[] {
      const taken = ended;
      ended = [];
      return taken;
    },
    putBack(settled: readonly Settlement[]): void {
      ended.unshift(...settled.filter((one) => flying.has(one.id)));
    },
    /** These are settled in the store. */
    forget(settled: readonly Settlement[]): void {
      for (const one of settled) flying.delete(one.id);
    },
    /** Chats that a message is under way to, those whose message has ended included. */
    chatIds: () => [...flying.values()],
    /** The next slot comes within moments: what lands until then is settled with what begins then. */
    nearSlot(near: boolean): void {
      slotIsNear = near;
    },
    /** Begun and not settled. */
    get size(): number {
      return flying.size;
    },
    /** Begun and not ended. */
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

interface SettlementDeps extends Tools {
  accountId: string;
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
        // Among the chats of an account a liar is outvoted (`flights.ts`); one target has nobody beside it.
        if (oneTarget) return { id, outcome: 'gone', reason: outcome.detail };
        return tooOld(claim, clock.now())
          ? { id, outcome: 'failed', reason: `gave up: ${outcome.detail}` }
          : deps.gone(id, outcome.detail);
      case 'moved':
        await move(claim.chat, outcome.to);
        return { id, outcome: 'retry', nextAt: clock.now() };
      case 'rejected': {
        const { reason: code, detail } = outcome;
        // One line a broadcast, not one for each of a hundred thousand chats; the rest is in the metrics.
        if (refused.has(claim.broadcastId)) return { id, outcome: 'failed', reason: detail };
        if (refused.size >= REFUSED_KEPT) refused.clear();
        refused.add(claim.broadcastId);
        const fields = { account: accountId, delivery: id, op: claim.op, code, detail };
        log.warn('The platform refused a message', fields);
        return { id, outcome: 'failed', reason: detail };
      }
      case 'retry': {
        if (tooOld(claim, clock.now())) return { id, outcome: 'failed', reason: `gave up: ${outcome.detail}` };
        // It keeps its place before the others: the account waits, and they with it.
        if (oneTarget) return { id, outcome: 'retry', nextAt: claim.nextAt };
        const ownWait = outcome.scope === 'account' ? 0 : backoff(claim.attempts, ids.random());
        return { id, outcome: 'retry', nextAt: clock.now() + Math.max(outcome.afterMs ?? 0, ownWait) };
      }
    }
  };
}

const tooOld = (claim: Claim, now: number): boolean => now - claim.createdAt > GIVE_UP_AFTER;

/**
 * When an account's chats answer that they are gone (the bot was blocked, removed, is not known): is that people leaving, or is it the
 * account that is wrong (another bot's token, a fault of the platform)? Pure. Times are ms of the clock that only goes forward.
 */
export interface GoneState {
  /** Chats' answers by minute, the newest last; nothing older than `SPAN`. */
  readonly minutes: readonly Minute[];
  /** Gone by their own word, and not ended yet: it is not known whether the word is good. */
  readonly suspects: readonly Suspect[];
  /** The account is paused but for single tries. */
  readonly careful: Careful | null;
  /** It was paused, and single tries have shown that its chats know it: from now on only a far larger share counts against it. */
  readonly proven: boolean;
}

interface Minute {
  at: number;
  delivered: number;
  gone: number;
}

interface Suspect {
  deliveryId: number;
  detail: string;
  since: number;
}

interface Careful {
  /** Tries delivered in a row. */
  run: number;
  /** Between two tries. */
  gap: number;
  nextTryAt: number;
}

type GoneVerdict =
  | { verdict: 'nothing' }
  /** It is not known yet; asked again in `ms` at the latest. */
  | { verdict: 'wait'; ms: number; why: 'more-answers-come' }
  /** These chats are gone: end them. */
  | { verdict: 'end'; suspects: readonly Suspect[]; why: 'most-are-reached' | 'few' }
  /** End nobody, and send single tries only. */
  | { verdict: 'pause'; gone: number; of: number; why: 'most-are-gone' };

/** Answers older than this say nothing about now. */
const SPAN = 10 * 60_000;
/** A suspicion is decided at this age at the latest: some hundred answers at Telegram's pace. */
export const DECIDE_AFTER = 4_000;
/** Fewer than this never count against an account: a small bot may lose two of its three chats in a day. */
export const FLOOR = 5;
/** Of the answers; a tenth of the readers may leave after one alert, half of them do not. */
const SHARE = 0.5;
const SHARE_PROVEN = 0.9;
/** So many answers of which so few are gone need no second thought. */
const CLEAR_ANSWERS = 30;
const CLEAR_SHARE = 0.3;
/** Of suspicions undecided; what is past them is tried again later, as all that is kept. */
const MOST_SUSPECTS = 5_000;
/** Deliveries in a row that show that the chats know the account. */
const PROOF = 3;
const FIRST_GAP = 500;
const LONGEST_GAP = 60_000;

export const trusting: GoneState = { minutes: [], suspects: [], careful: null, proven: false };
export const carefulFrom = (now: number): GoneState => ({
  ...trusting,
  careful: { run: 0, gap: FIRST_GAP, nextTryAt: now },
});

/** Whether a send reached its chat or was answered that the chat is gone; `suspect` for the latter. */
export function noteAnswer(state: GoneState, suspect: Suspect | null, now: number): GoneState {
  const gone = suspect !== null;
  if (state.careful !== null) return { ...state, ...afterTry(state.careful, gone, now) };
  const minutes = counted(state.minutes, gone, now);
  if (!gone || state.suspects.length >= MOST_SUSPECTS) return { ...state, minutes };
  return { ...state, minutes, suspects: [...state.suspects, suspect] };
}

function afterTry(careful: Careful, gone: boolean, now: number): Partial<GoneState> {
  if (!gone && careful.run + 1 >= PROOF) return { careful: null, proven: true, minutes: [], suspects: [] };
  const gap = gone ? Math.min(LONGEST_GAP, careful.gap * 2) : FIRST_GAP;
  return { careful: { run: gone ? 0 : careful.run + 1, gap, nextTryAt: now + gap } };
}

function counted(minutes: readonly Minute[], gone: boolean, now: number): Minute[] {
  const at = Math.floor(now / 60_000) * 60_000;
  const kept = minutes.filter((one) => one.at > now - SPAN);
  const last = kept.at(-1);
  const minute = last?.at === at ? last : { at, delivered: 0, gone: 0 };
  const next = gone ? { ...minute, gone: minute.gone + 1 } : { ...minute, delivered: minute.delivered + 1 };
  return [...kept.filter((one) => one !== minute), next];
}

/** `idle`: nothing is under way or due, so no more answers come by themselves. */
export function decideGone(state: GoneState, idle: boolean, now: number): GoneVerdict {
  if (state.careful !== null || state.suspects.length === 0) return { verdict: 'nothing' };
  const recent = state.minutes.filter((one) => one.at > now - SPAN);
  const gone = recent.reduce((sum, one) => sum + one.gone, 0);
  const of = recent.reduce((sum, one) => sum + one.delivered, gone);
  const clear = of >= CLEAR_ANSWERS && gone / of <= CLEAR_SHARE;
  const age = now - state.suspects[0]!.since;
  if (!idle && !clear && age < DECIDE_AFTER)
    return { verdict: 'wait', ms: DECIDE_AFTER - age, why: 'more-answers-come' };
  if (gone >= FLOOR && gone / of >= (state.proven ? SHARE_PROVEN : SHARE))
    return { verdict: 'pause', gone, of, why: 'most-are-gone' };
  return { verdict: 'end', suspects: state.suspects, why: gone < FLOOR ? 'few' : 'most-are-reached' };
}

/** The state after the verdict was carried out. */
export function afterVerdict(state: GoneState, verdict: GoneVerdict, now: number): GoneState {
  if (verdict.verdict === 'end') return { ...state, suspects: [] };
  return verdict.verdict === 'pause' ? carefulFrom(now) : state;
}

/** In how many ms a single try may begin; null = the account is not paused. */
export const tryIn = (state: GoneState, now: number): number | null =>
  state.careful === null ? null : Math.max(0, state.careful.nextTryAt - now);

interface GoneWatchDeps extends Pick<Tools, 'clock' | 'log'> {
  accountId: string;
  /** The account's; a pause holds across a restart. */
  state: DurableState;
}

/** Ends chats that are gone, unless so many say so that the account itself must be wrong (`flights.ts`). */
export type GoneWatch = ReturnType<typeof createGoneWatch>;

/** A chat that is kept is asked again after this, ms; adapters remember for less long that a chat was gone. */
const ASK_AGAIN = 15 * 60_000;
const REMEDY =
  "check that the account's token is that of the bot its chats know, and put that back; deliveries are kept, and sending goes on by itself when single tries arrive";

export function createGoneWatch({ accountId, state: durable, clock, log }: GoneWatchDeps) {
  let state: GoneState = trusting;
  const inTurn = inOrder();

  function save(paused: boolean): void {
    void inTurn(() => (paused ? durable.set(PAUSED, { at: clock.now() }) : durable.delete(PAUSED))).catch(
      () => undefined,
    );
  }

  function note(suspect: Parameters<typeof noteAnswer>[1]): void {
    const wasPaused = state.careful !== null;
    state = noteAnswer(state, suspect, clock.monotonic());
    if (!wasPaused || state.careful !== null) return;
    save(false);
    log.info('Chats are reached again: the account goes on', { account: accountId });
  }

  return {
    /** Whether the account was paused when the program ended. To be called before the first send. */
    async restore(): Promise<void> {
      if ((await durable.get(PAUSED)) == null) return;
      state = carefulFrom(clock.monotonic());
      log.warn('This account is still paused: most of its chats answered that they are gone', {
        account: accountId,
        remedy: REMEDY,
      });
    },
    delivered: () => note(null),
    /** A chat says that it is gone: what becomes of its delivery meanwhile. */
    gone(id: number, detail: string): Settlement {
      note({ deliveryId: id, detail, since: clock.monotonic() });
      return { id, outcome: 'retry', nextAt: clock.now() + ASK_AGAIN };
    },
    /**
     * What is known by now: deliveries whose chats end with them, and in how many ms to ask again, null = when something lands. `idle`:
     * nothing is due or under way.
     */
    decide(idle: boolean): { ended: Settlement[]; again: number | null } {
      const now = clock.monotonic();
      const verdict = decideGone(state, idle, now);
      state = afterVerdict(state, verdict, now);
      if (verdict.verdict === 'wait') return { ended: [], again: verdict.ms };
      if (verdict.verdict === 'pause') {
        save(true);
        const { gone, of } = verdict;
        log.warn('Most chats of this account answer that they are gone: none is ended, and the account is paused', {
          account: accountId,
          gone,
          of,
          remedy: REMEDY,
        });
      }
      if (verdict.verdict !== 'end') return { ended: [], again: null };
      log.info('Chats are gone; their subscriptions end', {
        account: accountId,
        count: verdict.suspects.length,
        detail: verdict.suspects[0]!.detail,
      });
      const ended = verdict.suspects.map(({ deliveryId, detail }): Settlement => ({
        id: deliveryId,
        outcome: 'gone',
        reason: detail,
      }));
      return { ended, again: null };
    },
    /** Paused: in how many ms a single try may begin; null = not paused. */
    tryIn: () => tryIn(state, clock.monotonic()),
    /** One sentence for the status of the account; null = all is well. */
    problem: () =>
      state.careful === null ? null : 'most chats answer that they are gone: paused but for single tries',
  };
}
