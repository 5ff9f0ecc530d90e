import { codeOf, TocsinError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ids } from '../ports/ids.ts';
import type { Log } from '../ports/log.ts';
import type { Metrics, PollOutcome } from '../ports/metrics.ts';
import type { PollContext, PollResult, Source } from '../ports/source.ts';
import type { SourceState, SourceStates } from '../ports/source-state.ts';
import { DueQueue } from './due-queue.ts';
import { askedFor, createEntry, type Entry, firstDue, messageOf, noteFailure, noteSuccess } from './entry.ts';
import { isStale, type SourceHealth } from './health.ts';
import { PollLimits } from './limits.ts';
import { plainNews, type SourceNews } from './source-news.ts';
import { StateWriter } from './state-writer.ts';
import { hash, type NextRun, nextDue } from './timing.ts';

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

/** How often the loop looks at the clock even with nothing due: it notices a clock that jumped, and polls that hang. */
const LOOK_MS = 15_000;
/** A wall clock that went backwards by more than this moves the plan with it. */
const JUMP_MS = 5_000;
/** No source may take longer than this for one poll. */
const POLL_LIMIT_MS = 120_000;
/** A poll that took longer makes its source a slow one, which may not hold all places. */
const SLOW_MS = 3_000;
const FIRST_SPREAD_MS = 4_000;
const STOP_WAIT_MS = 1_500;
/** Why the loop's sleep ends early; made once, for a reason of its own is dear. */
const WOKEN = new Error('woken');

export function createPoller(deps: PollerDeps): Poller {
  const { clock, ids, log } = deps;
  const news = deps.news ?? plainNews(log);
  const tell = { log, news };
  const queue = new DueQueue<Entry>();
  const limits = new PollLimits<Entry>(deps.concurrency ?? 32, deps.perHost ?? 2);
  const writer = new StateWriter(deps.states, clock, log);
  const entries = deps.sources.map((source) => createEntry(source, deps.nextRun));
  const running = new Set<Entry>();
  const settled = new Set<Promise<void>>();
  let stopping = false;
  let since = 0;
  let wake: AbortController | null = null;
  let sleepsUntil = 0;
  let looping: Promise<void> = Promise.resolve();
  let looked: number | null = null;

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
    for (const next of limits.release(entry)) {
      if (stopping) leave(next);
      else launch(next);
    }
  };

  const poll = async (entry: Entry) => {
    const { source, state } = entry;
    const context: PollContext = { now: clock.now(), firstPoll: !state.firstPollDone, signal: entry.abort!.signal };
    let failure: unknown = null;
    let notBefore: number | null = null;
    let storing = false;
    let outcome: PollOutcome = 'failed';
    try {
      const result = await source.poll(context);
      if (context.signal.aborted) throw context.signal.reason;
      storing = true;
      if (result.items.length > 0 || result.measurements.length > 0) await deps.ingest(source, result, context);
      if (result.commit) await result.commit();
      notBefore = result.notBefore;
      outcome =
        result.items.length + result.measurements.length > 0 ? 'items' : result.unchanged ? 'unchanged' : 'empty';
    } catch (error) {
      failure = error ?? new Error('unknown failure');
    }
    running.delete(entry);
    if (!entry.givenUp) leave(entry);
    entry.slow = clock.monotonic() - entry.startedAt > SLOW_MS;
    if (stopping && failure !== null) return;
    if (!entry.givenUp) deps.metrics?.polled(source.kind, outcome, failure === null ? null : codeOf(failure));
    let urgent = true;
    if (failure === null) urgent = noteSuccess(entry, context.now, news);
    else if (!entry.givenUp) urgent = noteFailure(entry, context.now, failure, storing, tell);
    news.polled(source);
    const now = clock.now();
    const asked = askedFor(failure, now);
    if (failure !== null) notBefore = asked.server ?? asked.source;
    // A store that fails is not the source's fault: the next run tries again.
    const failures = storing ? Math.min(1, state.failures) : state.failures;
    const next = nextDue(entry.timing, {
      now,
      polledAt: context.now,
      slot: entry.slot,
      failures: failure === null ? 0 : Math.max(1, failures),
      notBefore,
      random: ids.random(),
    });
    state.notBefore = failure !== null && asked.server === null ? null : next.notBefore;
    entry.slot = next.reason === 'asked' ? null : next.dueAt;
    if (!stopping) plan(entry, next.dueAt);
    writer.note(source.id, state, urgent);
    wakeBefore(writer.flushAt);
  };

  /** Frees the places of polls that hang; such a source is not polled again before its poll ends. */
  const giveUpHanging = () => {
    const now = clock.monotonic();
    for (const entry of running) {
      if (entry.givenUp || now - entry.startedAt < POLL_LIMIT_MS) continue;
      entry.givenUp = true;
      const reason = new TocsinError('timeout', 'The poll took longer than two minutes and was stopped.');
      entry.abort?.abort(reason);
      deps.metrics?.polled(entry.source.kind, 'failed', reason.code);
      writer.note(entry.source.id, entry.state, noteFailure(entry, clock.now(), reason, false, tell));
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
      looked = monotonic;
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
    lookedAt: () => (stopping ? null : looked),
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
