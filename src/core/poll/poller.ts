import { codeOf, TocsinError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ids } from '../ports/ids.ts';
import type { Log } from '../ports/log.ts';
import type { PollContext, PollResult, Source } from '../ports/source.ts';
import type { SourceState, SourceStates } from '../ports/source-state.ts';
import { DueQueue } from './due-queue.ts';
import { emptyState, isStale, type SourceHealth } from './health.ts';
import { PollLimits } from './limits.ts';
import { StateWriter } from './state-writer.ts';
import { createTiming, hash, type NextRun, nextDue, type Timing } from './timing.ts';

export interface PollerDeps {
  sources: readonly Source[];
  clock: Clock;
  ids: Ids;
  log: Log;
  nextRun: NextRun;
  states: SourceStates;
  /**
   * Stores what a poll yielded, in one transaction; the poller then calls the result's `commit`. Rejects = nothing was stored.
   * Not called for a poll that yielded nothing. `context` is the one that the source was polled with.
   */
  ingest(source: Source, result: PollResult, context: PollContext): Promise<void>;
  /** Polls at one time, in all and to one host. */
  concurrency?: number;
  perHost?: number;
}

export interface Poller {
  /** Reads the stored states and begins; resolves when the first polls are planned. */
  start(): Promise<void>;
  /** Aborts the polls under way, waits for them (at most 5 s) and writes the states. */
  stop(): Promise<void>;
  health(): SourceHealth[];
}

/** How often the loop looks at the clock even with nothing due: it notices a clock that jumped, and polls that hang. */
const LOOK_MS = 15_000;
/** A wall clock that went backwards by more than this moves the plan with it. */
const JUMP_MS = 5_000;
/** No source may take longer than this for one poll. */
const POLL_LIMIT_MS = 120_000;
const FIRST_SPREAD_MS = 4_000;
/** After a start a failing source is asked at once, but not more often than this: the process may be what fails. */
const RETRY_AT_START_MS = 30_000;
const STOP_WAIT_MS = 5_000;
/** Why the loop's sleep ends early; made once, for a reason of its own is dear. */
const WOKEN = new Error('woken');

interface Entry {
  source: Source;
  host: string | null;
  timing: Timing;
  state: SourceState;
  /** The due time of the schedule that is served next, or null where the poll falls outside it. */
  slot: number | null;
  startedAt: number;
  abort: AbortController | null;
  /** The watchdog gave its place back. */
  givenUp: boolean;
  /** Code that this process has warned of. */
  warned: string | null;
}

export function createPoller(deps: PollerDeps): Poller {
  const { clock, ids, log } = deps;
  const queue = new DueQueue<Entry>();
  const limits = new PollLimits<Entry>(deps.concurrency ?? 32, deps.perHost ?? 2);
  const writer = new StateWriter(deps.states, clock, log);
  const entries: Entry[] = deps.sources.map((source) => ({
    source,
    host: source.host,
    timing: createTiming(source.id, source.cron, deps.nextRun),
    state: emptyState(),
    slot: null,
    startedAt: 0,
    abort: null,
    givenUp: false,
    warned: null,
  }));
  const running = new Set<Entry>();
  const settled = new Set<Promise<void>>();
  let stopping = false;
  let since = 0;
  let wake: AbortController | null = null;
  let sleepsUntil = 0;
  let looping: Promise<void> = Promise.resolve();

  const wakeBefore = (monotonic: number) => {
    if (wake && monotonic < sleepsUntil) wake.abort(WOKEN);
  };

  const plan = (entry: Entry, at: number) => {
    entry.state.nextDueAt = Number.isFinite(at) ? at : null;
    if (!Number.isFinite(at)) return;
    queue.push(at, entry);
    wakeBefore(clock.monotonic() + at - clock.now());
  };

  const launch = (entry: Entry) => {
    entry.givenUp = false;
    entry.startedAt = clock.monotonic();
    entry.abort = new AbortController();
    running.add(entry);
    const done = poll(entry).finally(() => settled.delete(done));
    settled.add(done);
  };

  const leave = (entry: Entry) => {
    const next = limits.release(entry.host);
    if (!next) return;
    if (stopping) leave(next);
    else launch(next);
  };

  const poll = async (entry: Entry) => {
    const { source, state } = entry;
    const context: PollContext = { now: clock.now(), firstPoll: !state.firstPollDone, signal: entry.abort!.signal };
    let failure: unknown = null;
    let notBefore: number | null = null;
    let storing = false;
    try {
      const result = await source.poll(context);
      if (context.signal.aborted) throw context.signal.reason;
      storing = true;
      if (result.items.length > 0 || result.measurements.length > 0) await deps.ingest(source, result, context);
      if (result.commit) await result.commit();
      notBefore = result.notBefore;
    } catch (error) {
      failure = error ?? new Error('unknown failure');
    }
    running.delete(entry);
    if (!entry.givenUp) leave(entry);
    if (stopping && failure !== null) return;
    let urgent = true;
    if (failure === null) urgent = succeeded(entry, context.now);
    else if (!entry.givenUp) urgent = failed(entry, context.now, failure, storing);
    const now = clock.now();
    if (failure !== null) notBefore = askedFor(failure, now);
    // A store that fails is not the source's fault: the next run tries again.
    const failures = storing ? Math.min(1, state.failures) : state.failures;
    const next = nextDue(entry.timing, { now, slot: entry.slot, failures, notBefore, random: ids.random() });
    state.notBefore = next.notBefore;
    entry.slot = next.scheduled ? next.dueAt : null;
    if (!stopping) plan(entry, next.dueAt);
    writer.note(source.id, state, urgent);
    wakeBefore(writer.flushAt);
  };

  const succeeded = (entry: Entry, startedAt: number): boolean => {
    const { source, state } = entry;
    const changed = !state.firstPollDone || state.failures > 0;
    if (state.failures > 0 && (entry.warned !== null || state.lastCode !== null)) {
      const minutes = Math.round((startedAt - (state.failingSince ?? startedAt)) / 60_000);
      log.info('Source is readable again', { source: source.id, failures: state.failures, failedForMinutes: minutes });
    }
    entry.warned = null;
    Object.assign(state, {
      lastPollAt: startedAt,
      lastOkAt: startedAt,
      firstPollDone: true,
      failures: 0,
      failingSince: null,
      lastCode: null,
      lastMessage: null,
    });
    return changed;
  };

  const failed = (entry: Entry, startedAt: number, error: unknown, storing: boolean): boolean => {
    const { source, state } = entry;
    const code = codeOf(error);
    const reason = messageOf(error).slice(0, 300);
    const changed = state.lastCode !== code;
    Object.assign(state, {
      lastPollAt: startedAt,
      failures: state.failures + 1,
      failingSince: state.failingSince ?? startedAt,
      lastCode: code,
      lastMessage: reason,
    });
    const sentence = storing ? 'Unable to store what a source told' : 'Unable to read source';
    if (entry.warned !== code) log.warn(sentence, { source: source.id, kind: source.kind, code, reason });
    entry.warned = code;
    return changed;
  };

  /** Frees the places of polls that hang; such a source is not polled again before its poll ends. */
  const giveUpHanging = () => {
    const now = clock.monotonic();
    for (const entry of running) {
      if (entry.givenUp || now - entry.startedAt < POLL_LIMIT_MS) continue;
      entry.givenUp = true;
      const reason = new TocsinError('timeout', 'The poll took longer than two minutes and was stopped.');
      entry.abort?.abort(reason);
      writer.note(entry.source.id, entry.state, failed(entry, clock.now(), reason, false));
      leave(entry);
    }
  };

  /** The wall clock was set back by `-jump` ms: what was planned stays as far away as it was. */
  const moveBack = (jump: number) => {
    log.info('The clock went back: the plan of polls moves with it', { seconds: Math.round(-jump / 1000) });
    queue.shift(jump);
    for (const entry of entries) {
      const { state } = entry;
      entry.slot = null;
      if (state.nextDueAt !== null) state.nextDueAt += jump;
      if (state.notBefore !== null) state.notBefore += jump;
    }
  };

  const loop = async () => {
    let wall = clock.now();
    let steady = clock.monotonic();
    // oxlint-disable-next-line no-unmodified-loop-condition -- `stop` changes it
    while (!stopping) {
      const now = clock.now();
      const monotonic = clock.monotonic();
      const jump = now - wall - (monotonic - steady);
      if (jump < -JUMP_MS) moveBack(jump);
      wall = now;
      steady = monotonic;
      giveUpHanging();
      for (let entry = queue.popDue(now); entry; entry = queue.popDue(now)) {
        if (limits.enter(entry)) launch(entry);
      }
      if (writer.flushAt <= monotonic) void writer.flush().then(() => wakeBefore(writer.flushAt));
      const wait = Math.min(LOOK_MS, queue.nextAt - now, writer.flushAt - monotonic);
      wake = new AbortController();
      sleepsUntil = monotonic + Math.max(0, wait);
      await clock.sleep(Math.max(0, wait), wake.signal).catch(() => {});
      wake = null;
    }
  };

  return {
    async start() {
      const now = clock.now();
      since = now;
      const stored = await readStates(deps, entries);
      const spread = Math.min(FIRST_SPREAD_MS, 50 * (entries.length - 1));
      for (const entry of entries) {
        const known = stored.get(entry.source.id);
        if (known) Object.assign(entry.state, known);
        const soon = now + Math.floor((spread * hash(`${entry.source.id} first`)) / 4_294_967_296);
        plan(entry, firstDue(entry, now, soon));
      }
      looping = loop();
    },
    async stop() {
      stopping = true;
      wake?.abort(WOKEN);
      for (const entry of running) entry.abort?.abort(new TocsinError('canceled', 'Tocsin is stopping.'));
      const giveUp = new AbortController();
      await Promise.race([
        Promise.all([...settled, looping]),
        clock.sleep(STOP_WAIT_MS, giveUp.signal).catch(() => {}),
      ]);
      giveUp.abort();
      await writer.flush();
    },
    health() {
      const now = clock.now();
      return entries.map(({ source, state, timing }) => ({
        id: source.id,
        kind: source.kind,
        label: source.label,
        lastPollAt: state.lastPollAt,
        lastOkAt: state.lastOkAt,
        failingSince: state.failingSince,
        failures: state.failures,
        lastCode: state.lastCode,
        lastMessage: state.lastMessage,
        nextDueAt: state.nextDueAt,
        stale: isStale(state, timing.intervalMs(now), now, since),
      }));
    },
  };
}

async function readStates(deps: PollerDeps, entries: readonly Entry[]): Promise<Map<string, SourceState>> {
  try {
    return await deps.states.getMany(entries.map((entry) => entry.source.id));
  } catch (error) {
    deps.log.warn('Unable to read the states of sources: starting without them', { reason: messageOf(error) });
    return new Map();
  }
}

/**
 * When a source is due after a start: soon where it was never polled or missed its run, on its schedule where it was polled just now.
 * What the server asked for holds over restarts; our own back-off does not: whoever
 * restarts has mended something, and wants to see it.
 */
function firstDue(entry: Entry, now: number, soon: number): number {
  const { state, timing } = entry;
  // A last poll in the future is a clock that was wrong: as if it were not there.
  const last = state.lastPollAt !== null && state.lastPollAt <= now ? state.lastPollAt : null;
  let scheduled = last === null ? soon : timing.after(last, null);
  if (last !== null && state.failures > 0) scheduled = Math.min(scheduled, Math.max(soon, last + RETRY_AT_START_MS));
  const wished = state.notBefore !== null && state.notBefore - now <= 86_400_000 ? state.notBefore : 0;
  return Math.max(scheduled <= now ? soon : scheduled, wished);
}

function askedFor(error: unknown, now: number): number | null {
  const ms = error instanceof TocsinError ? error.facts.retryAfterMs : null;
  return typeof ms === 'number' && ms > 0 ? now + ms : null;
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
