import { codeOf, messageOf, TocsinError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ids } from '../ports/ids.ts';
import type { Log } from '../ports/log.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { PollContext, PollResult, Source } from '../ports/source.ts';
import type { SourceState, SourceStates } from '../ports/source-state.ts';
import { wakeable } from '../wakeable.ts';
import { DueQueue } from './due-queue.ts';
import { createEntry, type Entry, readOnce, record } from './entry.ts';
import { isStale, type SourceHealth } from './health.ts';
import { PollLimits } from './limits.ts';
import { dueAfter, firstDue, napMs, type PollAction, type PollEnd, planPoll } from './plan.ts';
import { plainNews, type SourceNews } from './source-news.ts';
import { StateWriter } from './state-writer.ts';
import { hash, type NextRun } from './timing.ts';

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
  metrics?: Pick<Metrics, 'polled'>;
  /** Says which sources fail; default: a line each, at once. */
  news?: SourceNews;
}

export interface Poller {
  /** Reads the stored states and begins; resolves when the first polls are planned. */
  start(): Promise<void>;
  /** Aborts the polls under way, waits for them (at most 1.5 s) and writes the states. */
  stop(): Promise<void>;
  health(): SourceHealth[];
  /** When it last looked at what is due, by the monotonic clock; null = it does not run. */
  lookedAt(): number | null;
}

/** A poll that took longer makes its source a slow one, which may not hold all places. */
const SLOW_MS = 3_000;
const FIRST_SPREAD_MS = 4_000;
const STOP_WAIT_MS = 1_500;

/** Carries out what `plan.ts` decides: one loop for the clock, one call for each poll under way. */
export function createPoller(deps: PollerDeps): Poller {
  const { clock, ids, log } = deps;
  const news = deps.news ?? plainNews(log);
  const queue = new DueQueue<Entry>();
  const limits = new PollLimits<Entry>(deps.concurrency ?? 32, deps.perHost ?? 2);
  const writer = new StateWriter(deps.states, clock, log);
  const entries = deps.sources.map((source) => createEntry(source, deps.nextRun));
  const running = new Set<Entry>();
  const settled = new Set<Promise<void>>();
  let stopping = false;
  let since = 0;
  const pause = wakeable(clock);
  /** While the loop sleeps: until when, by the monotonic clock; else 0. */
  let sleepsUntil = 0;
  let looping: Promise<void> = Promise.resolve();
  let lookedAt: number | null = null;

  const both = () => ({ wall: clock.now(), monotonic: clock.monotonic() });

  const wakeBefore = (monotonic: number) => {
    if (monotonic < sleepsUntil) pause.wake();
  };

  const plan = (entry: Entry, at: number) => {
    entry.state.nextDueAt = Number.isFinite(at) ? at : null;
    if (!Number.isFinite(at)) return;
    queue.push(at, entry);
    wakeBefore(clock.monotonic() + at - clock.now());
  };

  const note = (entry: Entry, urgent: boolean) => {
    writer.note(entry.source.id, entry.state, urgent);
    wakeBefore(writer.flushAt);
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
    for (const next of limits.release(entry)) {
      if (stopping) leave(next);
      else launch(next);
    }
  };

  const poll = async (entry: Entry) => {
    const { source } = entry;
    const { firstPollDone } = entry.state;
    const context: PollContext = { now: clock.now(), firstPoll: !firstPollDone, signal: entry.abort!.signal };
    const { end, outcome } = await readOnce(source, context, deps.ingest);
    running.delete(entry);
    if (!entry.givenUp) leave(entry);
    entry.slow = clock.monotonic() - entry.startedAt > SLOW_MS;
    if (stopping && !end.ok) return;
    if (!entry.givenUp) deps.metrics?.polled(source.kind, outcome, end.ok ? null : codeOf(end.error));
    // A poll that was given up has failed already.
    const changed = end.ok || !entry.givenUp ? record(entry, context.now, end, { log, news }) : true;
    news.polled(source);
    settle(entry, context.now, end);
    note(entry, changed);
  };

  const settle = (entry: Entry, polledAt: number, end: PollEnd) => {
    const { state, timing, slot } = entry;
    const due = dueAfter({ state, timing, slot, polledAt, now: clock.now(), random: ids.random() }, end);
    entry.state.notBefore = due.kept;
    entry.slot = due.reason === 'asked' ? null : due.dueAt;
    if (!stopping) plan(entry, due.dueAt);
  };

  /** Frees the place of a poll that hangs; such a source is not polled again before its poll ends. */
  const giveUp = (entry: Entry) => {
    entry.givenUp = true;
    const error = new TocsinError('timeout', 'The poll took longer than two minutes and was stopped.');
    entry.abort?.abort(error);
    deps.metrics?.polled(entry.source.kind, 'failed', error.code);
    note(entry, record(entry, clock.now(), { ok: false, error, at: 'source' }, { log, news }));
    leave(entry);
  };

  const movePlan = (ms: number) => {
    log.info('The clock went back: the plan of polls moves with it', { seconds: Math.round(-ms / 1000) });
    queue.shift(ms);
    for (const entry of entries) {
      const { state } = entry;
      entry.slot = null;
      if (state.nextDueAt !== null) state.nextDueAt += ms;
      if (state.notBefore !== null) state.notBefore += ms;
    }
  };

  const carryOut = (action: PollAction<Entry>, now: number) => {
    switch (action.do) {
      case 'move-plan':
        return movePlan(action.ms);
      case 'give-up':
        return giveUp(action.poll);
      case 'start-due':
        for (let entry = queue.popDue(now); entry; entry = queue.popDue(now)) if (limits.enter(entry)) launch(entry);
        return;
      case 'write-states':
        void writer.flush().then(() => wakeBefore(writer.flushAt));
    }
  };

  const loop = async () => {
    let last = both();
    // oxlint-disable-next-line no-unmodified-loop-condition -- `stop` changes it
    while (!stopping) {
      pause.begin();
      const now = both();
      const state = { last, running, nextDueAt: queue.nextAt, flushAt: writer.flushAt };
      for (const action of planPoll(state, now)) carryOut(action, now.wall);
      last = now;
      lookedAt = now.monotonic;
      const nap = napMs({ nextDueAt: queue.nextAt, flushAt: writer.flushAt }, now);
      sleepsUntil = now.monotonic + nap;
      await pause.pause(nap);
      sleepsUntil = 0;
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
        plan(entry, firstDue(entry.state, entry.timing, now, soon));
      }
      looping = loop();
    },
    async stop() {
      stopping = true;
      pause.wake();
      for (const entry of running) entry.abort?.abort(new TocsinError('canceled', 'Tocsin is stopping.'));
      const enough = new AbortController();
      await Promise.race([
        Promise.all([...settled, looping]),
        clock.sleep(STOP_WAIT_MS, enough.signal).catch(() => {}),
      ]);
      enough.abort();
      await writer.flush();
    },
    lookedAt: () => (stopping ? null : lookedAt),
    health: () => entries.map((entry) => healthOf(entry, clock.now(), since)),
  };
}

function healthOf({ source, state, timing }: Entry, now: number, since: number): SourceHealth {
  return {
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
    blind: source.isBlind?.() ?? false,
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
