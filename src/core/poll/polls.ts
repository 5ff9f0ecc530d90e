import { codeOf, TocsinError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ids } from '../ports/ids.ts';
import type { Log } from '../ports/log.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { PollContext, PollResult, Source } from '../ports/source.ts';
import type { Agenda } from './agenda.ts';
import { type Entry, readOnce, record } from './entry.ts';
import { PollLimits } from './limits.ts';
import { dueAfter } from './plan.ts';
import type { SourceNews } from './source-news.ts';
import type { StateWriter } from './state-writer.ts';

export interface PollsDeps {
  clock: Clock;
  ids: Ids;
  log: Log;
  /**
   * Stores what a poll yielded, in one transaction; the poller then calls the result's `commit`. Rejects = nothing was stored.
   * Not called for a poll that yielded nothing. `context` is the one that the source was polled with.
   */
  ingest(source: Source, result: PollResult, context: PollContext): Promise<void>;
  /** Polls at one time, in all and to one host. */
  concurrency?: number;
  perHost?: number;
  metrics?: Pick<Metrics, 'polled'>;
}

/** Polls under way, each with a place of its own; what has none waits for one. */
export interface Polls {
  /** Begins it, or queues it for a place. */
  start(entry: Entry): void;
  /** Frees the place of a poll that hangs; such a source is not polled again before its poll ends. */
  giveUp(entry: Entry): void;
  /** Those that have not ended. */
  running: ReadonlySet<Entry>;
  /** Nothing begins any more, and what is under way is aborted. Resolves when all of it has ended. */
  stop(): Promise<unknown>;
}

/** A poll that took longer makes its source a slow one, which may not hold all places. */
const SLOW_MS = 3_000;

export function createPolls(deps: PollsDeps, parts: { agenda: Agenda; writer: StateWriter; news: SourceNews }): Polls {
  const { clock, ids, log } = deps;
  const { agenda, writer, news } = parts;
  const limits = new PollLimits<Entry>(deps.concurrency ?? 32, deps.perHost ?? 2);
  const running = new Set<Entry>();
  const settled = new Set<Promise<void>>();
  let stopping = false;

  const note = (entry: Entry, urgent: boolean) => {
    writer.note(entry.source.id, entry.state, urgent);
    agenda.wakeBefore(writer.flushAt);
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
    const { state, timing, slot } = entry;
    const facts = { state, timing, slot, polledAt: context.now, now: clock.now(), random: ids.random() };
    const due = dueAfter(facts, end);
    entry.state.notBefore = due.kept;
    entry.slot = due.reason === 'asked' ? null : due.dueAt;
    if (!stopping) agenda.add(entry, due.dueAt);
    note(entry, changed);
  };

  return {
    running,
    start(entry) {
      if (limits.enter(entry)) launch(entry);
    },
    giveUp(entry) {
      entry.givenUp = true;
      const error = new TocsinError('timeout', 'The poll took longer than two minutes and was stopped.');
      entry.abort?.abort(error);
      deps.metrics?.polled(entry.source.kind, 'failed', error.code);
      note(entry, record(entry, clock.now(), { ok: false, error, at: 'source' }, { log, news }));
      leave(entry);
    },
    stop() {
      stopping = true;
      for (const entry of running) entry.abort?.abort(new TocsinError('canceled', 'Tocsin is stopping.'));
      return Promise.all(settled);
    },
  };
}
