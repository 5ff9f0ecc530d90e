/** What the poller does next, decided from what it knows: no clock, no log, no effects. `poller.ts` carries it out. */
import { codeOf, messageOf, TocsinError } from '../errors.ts';
import type { SourceState } from '../ports/source-state.ts';
import { type Due, honoured, nextDue, type Timing } from './timing.ts';

/** How often the loop looks at the clock even with nothing due: it notices a clock that jumped, and polls that hang. */
export const LOOK_MS = 15_000;
/** A wall clock that went backwards by more than this moves the plan with it. */
const JUMP_MS = 5_000;
/** No source may take longer than this for one poll. */
export const POLL_LIMIT_MS = 120_000;
/** A poll that has more to ask goes on after this. */
const AGAIN_MS = 1_000;
const MAX_REASON = 300;
/** After a start a failing source is asked at once, but not more often than this: the process may be what fails. */
const RETRY_AT_START_MS = 30_000;
/** What a server asked for before a restart is believed for as long. */
const MAX_WISH_MS = 86_400_000;

/** A poll under way. */
export interface Under {
  /** On the monotonic clock. */
  startedAt: number;
  /** Its place was given back already. */
  givenUp: boolean;
}

export interface PollState<Poll extends Under> {
  /** Both clocks when the loop looked last. */
  last: { wall: number; monotonic: number };
  running: Iterable<Poll>;
  /** When the next source is due, ms of the wall clock; Infinity = none. */
  nextDueAt: number;
  /** When the states want to be written, on the monotonic clock; Infinity = nothing to write. */
  flushAt: number;
}

export type PollAction<Poll> =
  /** The wall clock was set back by `-ms`: what was planned stays as far away as it was. */
  | { do: 'move-plan'; ms: number; because: 'clock-went-back' }
  /** Its place is for others now; the source is not polled again before its poll ends. */
  | { do: 'give-up'; poll: Poll; because: 'poll-hangs' }
  | { do: 'start-due'; because: 'due' }
  | { do: 'write-states'; because: 'states-wait' };

/** One look of the loop, in the order in which it is to be carried out. */
export function planPoll<Poll extends Under>(
  state: PollState<Poll>,
  now: { wall: number; monotonic: number },
): PollAction<Poll>[] {
  const actions: PollAction<Poll>[] = [];
  const jump = now.wall - state.last.wall - (now.monotonic - state.last.monotonic);
  const back = jump < -JUMP_MS ? jump : 0;
  if (back < 0) actions.push({ do: 'move-plan', ms: back, because: 'clock-went-back' });
  for (const poll of state.running)
    if (!poll.givenUp && now.monotonic - poll.startedAt >= POLL_LIMIT_MS)
      actions.push({ do: 'give-up', poll, because: 'poll-hangs' });
  if (state.nextDueAt + back <= now.wall) actions.push({ do: 'start-due', because: 'due' });
  if (state.flushAt <= now.monotonic) actions.push({ do: 'write-states', because: 'states-wait' });
  return actions;
}

/** How long the loop may sleep, ms. */
export const napMs = (
  { nextDueAt, flushAt }: Pick<PollState<Under>, 'nextDueAt' | 'flushAt'>,
  now: { wall: number; monotonic: number },
): number => Math.max(0, Math.min(LOOK_MS, nextDueAt - now.wall, flushAt - now.monotonic));

/** How a poll ended. `again`: it had more to ask than time. `stored`: the source was read, and what it yielded could not be stored. */
export type PollEnd =
  | { ok: true; notBefore: number | null; again?: boolean }
  | { ok: false; error: unknown; at: 'source' | 'store' };

export interface Noted {
  state: SourceState;
  /** `first`: never read before; `again`: a failure is over; `failure`: another code than before; null: more of the same. */
  news: 'first' | 'again' | 'failure' | null;
}

/** The state of a source after a poll that began at `startedAt`. */
export function noted(before: SourceState, startedAt: number, end: PollEnd): Noted {
  if (end.ok) {
    const news = !before.firstPollDone ? 'first' : before.failures > 0 ? 'again' : null;
    const well = { failures: 0, failingSince: null, lastCode: null, lastMessage: null };
    return { news, state: { ...before, ...well, lastPollAt: startedAt, lastOkAt: startedAt, firstPollDone: true } };
  }
  const lastCode = codeOf(end.error);
  const state = {
    ...before,
    lastPollAt: startedAt,
    failures: before.failures + 1,
    failingSince: before.failingSince ?? startedAt,
    lastCode,
    lastMessage: messageOf(end.error).slice(0, MAX_REASON),
  };
  return { state, news: before.lastCode === lastCode ? null : 'failure' };
}

export interface AfterPoll {
  /** As `noted` left it. */
  state: SourceState;
  timing: Timing;
  slot: number | null;
  polledAt: number;
  now: number;
  /** In [0, 1). */
  random: number;
}

/** When the source is due again, with the wish that is kept over a restart. */
export function dueAfter({ state, timing, ...facts }: AfterPoll, end: PollEnd): Due & { kept: number | null } {
  const asked = askedFor(end.ok ? null : end.error, facts.now);
  // A store that fails is not the source's fault: the next run tries again.
  const failures = end.ok ? 0 : end.at === 'store' ? 1 : Math.max(1, state.failures);
  const notBefore = end.ok ? end.notBefore : (asked.server ?? asked.source);
  if (end.ok && end.again && notBefore === null)
    return { reason: 'asked', dueAt: facts.now + AGAIN_MS, notBefore: null, kept: null };
  const due = nextDue(timing, { ...facts, failures, notBefore });
  return { ...due, kept: !end.ok && asked.server === null ? null : due.notBefore };
}

/**
 * When a source is due after a start: `soon` where it was never polled or missed its run, on its schedule where it was polled just now.
 * What the server asked for holds over restarts; our own back-off does not: whoever restarts has mended something, and wants to see it.
 */
export function firstDue(state: SourceState, timing: Timing, now: number, soon: number): number {
  // A last poll in the future is a clock that was wrong: as if it were not there.
  const last = state.lastPollAt !== null && state.lastPollAt <= now ? state.lastPollAt : null;
  let scheduled = last === null ? soon : timing.after(last, null);
  if (last !== null && state.failures > 0) scheduled = Math.min(scheduled, Math.max(soon, last + RETRY_AT_START_MS));
  return Math.max(scheduled <= now ? soon : scheduled, wishBefore(state, timing, last ?? now, now));
}

/** What a server asked for before a restart, within the bounds of now: the schedule may be another. */
function wishBefore({ notBefore, failures }: SourceState, timing: Timing, polledAt: number, now: number): number {
  if (notBefore === null || notBefore - now > MAX_WISH_MS) return 0;
  return honoured({ notBefore, failures, polledAt, now }, timing.intervalMs(now)) ?? 0;
}

/**
 * What a failure asks for, as times: `server` (`facts.retryAfterMs`) holds over a restart, `source` (`facts.backOffMs`: gone for good, say)
 * does not, for the restart may well bring another address.
 */
function askedFor(failure: unknown, now: number): { server: number | null; source: number | null } {
  const facts = failure instanceof TocsinError ? failure.facts : {};
  const after = (ms: unknown) => (typeof ms === 'number' && ms > 0 ? now + ms : null);
  return { server: after(facts.retryAfterMs), source: after(facts.backOffMs) };
}
