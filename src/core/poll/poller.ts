import { TocsinError, codeOf, messageOf, wasLogged } from '../errors.ts';
import type { Metrics, PollOutcome } from '../ports/metrics.ts';
import type { Clock, Tools } from '../ports/runtime.ts';
import type { PollContext, PollResult, Source, SourceState, SourceStates } from '../ports/source.ts';
import { wakeable } from '../wakeable.ts';
import { type NextRun, type PollEnd, createTiming, dueAfter, firstDue, hash, noted, restOf } from './plan.ts';
import { MOST } from './press.ts';
import {
  NETWORK,
  type SourceHealth,
  type SourceNews,
  createStateWriter,
  emptyState,
  sourceHealth,
} from './source-state.ts';

export interface Limited {
  /** Null: talks to nobody, bounded by the whole only. */
  readonly host: string | null;
  /** Its last poll took long: it may well hold its place for long again. */
  readonly slow: boolean;
}

/** Every so many starts of what had to wait, a slow one goes first: it must be able to show that it has recovered. */
const SLOW_TURN = 4;

/**
 * Polls at a time: so many in all, so many to one host; first come, first served. Slow ones never hold all places while the limit is two or
 * more: one place of each host and half of the whole stay for the others, so that ten black-holed feeds do not silence a hundred good ones.
 */
export class PollLimits<T extends Limited> {
  readonly #all: number;
  readonly #perHost: number;
  /** Who holds a place, and whether it was taken as a slow one. */
  readonly #held = new Map<T, boolean>();
  readonly #waiting: T[] = [];
  #turn = 0;

  constructor(all: number, perHost: number) {
    this.#all = all;
    this.#perHost = perHost;
  }

  get active(): number {
    return this.#held.size;
  }

  /** Takes a place for `thing` and says true, or queues it and says false; `release` hands out what was queued. */
  enter(thing: T): boolean {
    const fits = this.#fits(thing);
    if (fits) this.#held.set(thing, thing.slow);
    else this.#waiting.push(thing);
    return fits;
  }

  /** Gives a place back; yields those that may start now. Their places are taken. */
  release(thing: T): T[] {
    if (!this.#held.delete(thing)) return [];
    const starting: T[] = [];
    for (let at = this.#next(); at >= 0; at = this.#next()) {
      const [next] = this.#waiting.splice(at, 1);
      this.#held.set(next!, next!.slow);
      this.#turn++;
      starting.push(next!);
    }
    return starting;
  }

  /** Where in the queue the next stands that fits; -1 = none does. */
  #next(): number {
    if (this.#held.size >= this.#all) return -1;
    const slowFirst = this.#turn % SLOW_TURN === SLOW_TURN - 1;
    const first = this.#waiting.findIndex((one) => one.slow === slowFirst && this.#fits(one));
    return first >= 0 ? first : this.#waiting.findIndex((one) => this.#fits(one));
  }

  #fits({ host, slow }: T): boolean {
    const held = [...this.#held];
    const isFree = (some: typeof held, limit: number, slowLimit: number): boolean =>
      some.length < limit && (!slow || some.filter(([, isSlow]) => isSlow).length < Math.max(1, slowLimit));
    const here = held.filter(([one]) => one.host === host);
    if (host !== null && !isFree(here, this.#perHost, this.#perHost - 1)) return false;
    return isFree(held, this.#all, this.#all >> 1);
  }
}

/** How often the loop looks at the clock even with nothing due: it notices a clock that jumped, and polls that hang. */
const LOOK_MS = 15_000;
/** A wall clock that went backwards by more than this moves the plan with it. */
const JUMP_MS = 5_000;
/** No source may take longer than this for one poll. */
const POLL_LIMIT_MS = 120_000;

/** Which source is polled when, and the loop's sleep until then. */
function createAgenda(clock: Clock) {
  const dueAt = new Map<Entry, number>();
  const pause = wakeable(clock);
  /** While the loop sleeps: until when, by the monotonic clock; else 0. */
  let sleepsUntil = 0;

  /** Wakes the loop where it would sleep beyond this, by the monotonic clock. */
  function wakeBefore(monotonic: number): void {
    if (monotonic < sleepsUntil) pause.wake();
  }

  return {
    /** The wall clock at which the next is due; Infinity = none. */
    get nextAt() {
      return dueAt.values().reduce((least, at) => Math.min(least, at), Number.POSITIVE_INFINITY);
    },
    /** At this time by the wall clock; Infinity: not any more. */
    add(entry: Entry, at: number): void {
      entry.state.nextDueAt = Number.isFinite(at) ? at : null;
      if (!Number.isFinite(at)) return;
      dueAt.set(entry, at);
      wakeBefore(clock.monotonic() + at - clock.now());
    },
    /** Those that are due, the earliest first. */
    takeDue(now: number): Entry[] {
      const due = [...dueAt].filter(([, at]) => at <= now).sort(([, a], [, b]) => a - b);
      return due.map(([entry]) => (dueAt.delete(entry), entry));
    },
    /** The wall clock was set back by `-ms`: what was planned stays as far away as it was. */
    move(ms: number, entries: readonly Entry[]): void {
      for (const [entry, at] of dueAt) dueAt.set(entry, at + ms);
      for (const entry of entries) {
        const { state } = entry;
        entry.slot = null;
        if (state.nextDueAt !== null) state.nextDueAt += ms;
        if (state.notBefore !== null) state.notBefore += ms;
      }
    },
    wake: pause.wake,
    wakeBefore,
    /** To be called before the loop looks at its work: what wakes it from here on makes `nap` return at once. */
    begin: pause.begin,
    /** Sleeps until the next is due, `flushAt` at most (by the monotonic clock), or woken. */
    async nap(now: { wall: number; monotonic: number }, flushAt: number): Promise<void> {
      const ms = Math.max(0, Math.min(LOOK_MS, this.nextAt - now.wall, flushAt - now.monotonic));
      sleepsUntil = now.monotonic + ms;
      await pause.pause(ms);
      sleepsUntil = 0;
    },
  };
}

type Entry = ReturnType<typeof createEntry>;

/** One source as the poller keeps it. */
const createEntry = (source: Source, nextRun: NextRun) => ({
  source,
  host: source.host,
  timing: createTiming(source.id, source.cron, nextRun),
  state: emptyState(),
  /** The due time of the schedule that is served next, or null where the poll falls outside it. */
  slot: null as number | null,
  /** When its poll began, on the monotonic clock. */
  startedAt: 0,
  /** The place of its poll was given back already: that of one that hangs. */
  givenUp: false,
  abort: null as AbortController | null,
  slow: false,
  /** It is not asked more often than this, ms. */
  everyMs: 0,
  /** It is due, and waits for its turn. */
  hasTurn: false,
  /** It is not looked after any more. */
  dropped: false,
  /** Codes that this process has warned of since the source was last readable: one that wavers between two is warned of once. */
  warned: new Set<string>(),
});

/**
 * Reads a source once and has the yield stored. Never rejects. An aborted poll is a failure, whatever the source answers. `outcome`: as the
 * metrics count it.
 */
async function readOnce(
  source: Source,
  context: PollContext,
  ingest: (source: Source, result: PollResult, context: PollContext) => Promise<void>,
): Promise<{ end: PollEnd; outcome: PollOutcome }> {
  let at: 'source' | 'store' = 'source';
  try {
    const result = await source.poll(context);
    if (context.signal.aborted) throw context.signal.reason;
    at = 'store';
    const found = result.items.length + result.measurements.length + (result.statements?.length ?? 0) > 0;
    if (found) await ingest(source, result, context);
    if (result.commit) await result.commit();
    const outcome = found ? 'items' : result.unchanged ? 'unchanged' : 'empty';
    const { notBefore, again = false, asked = true, pulse, bytes } = result;
    const read = { ...(pulse ? { pulse } : {}), ...(bytes === undefined ? {} : { bytes }) };
    return { end: { ok: true, notBefore, again, asked, ...read }, outcome };
  } catch (error) {
    return { end: { ok: false, error: error ?? new Error('unknown failure'), at }, outcome: 'failed' };
  }
}

/** When a feed that comes and goes is asked again at the soonest: its pace, and its rest, which no failure of our own line brings it. */
function notSooner({ source, state, everyMs }: Entry, dueAt: number, now: number, isCut: boolean): number {
  const { lastPollAt } = state;
  // A last poll in the future is a clock that was wrong.
  if (!source.press || lastPollAt === null || lastPollAt > now) return dueAt;
  return Math.max(dueAt, lastPollAt + Math.max(everyMs, isCut ? 0 : (restOf(state, now)?.ms ?? 0)));
}

/** When nothing has come from any of so many hosts for so long, it is our line that is cut and not theirs. */
const CUT_HOSTS = 3;
const CUT_AFTER_MS = 3_600_000;
function createLine(clock: Clock) {
  const silent = new Set<string>();
  let heardAt = clock.monotonic();
  return {
    note(host: string | null, end: PollEnd): void {
      if (host === null || (end.ok && end.asked === false)) return;
      if (!end.ok && NETWORK.includes(codeOf(end.error))) silent.add(host);
      else {
        silent.clear();
        heardAt = clock.monotonic();
      }
    },
    isCut: () => silent.size >= CUT_HOSTS && clock.monotonic() - heardAt >= CUT_AFTER_MS,
  };
}

/** A poll that took longer makes its source a slow one, which may not hold all places. */
const SLOW_MS = 3_000;

/** Polls under way, each with a place of its own; what has none waits for one. */
function createPolls(
  deps: PollerDeps,
  agenda: ReturnType<typeof createAgenda>,
  writer: ReturnType<typeof createStateWriter>,
) {
  const { clock, ids, log, news } = deps;
  const line = createLine(clock);
  const limits = new PollLimits<Entry>(deps.concurrency ?? 32, deps.perHost ?? 2);
  const running = new Set<Entry>();
  const settled = new Set<Promise<void>>();
  let stopping = false;

  /** Takes the end of a poll into the entry, with its line in the log: one a failure, one when it is over. True where it is news. */
  const record = (entry: Entry, startedAt: number, end: PollEnd): boolean => {
    const { state: before, source, warned } = entry;
    const after = noted(before, startedAt, end);
    entry.state = after.state;
    if (end.ok) {
      // What the store was guilty of was logged by the store, and so is its end.
      if (before.failures > 0 && (warned.size > 0 || before.lastCode !== 'store_failed')) {
        const failedForMinutes = Math.round((startedAt - (before.failingSince ?? startedAt)) / 60_000);
        if (!source.press) news.readable(source, { failures: before.failures, failedForMinutes });
      }
      warned.clear();
    } else warn(entry, end);
    return after.news !== null;
  };

  /** Once a process and code. */
  const warn = ({ source, state, warned }: Entry, { error, at }: PollEnd & { ok: false }): void => {
    const code = codeOf(error);
    if (wasLogged(error) || warned.has(code)) return;
    warned.add(code);
    const reason = state.lastMessage ?? messageOf(error);
    if (at === 'source' && source.press)
      log.debug('Unable to read a feed of the catalogue', { source: source.id, code, reason });
    else if (at === 'source') news.failed(source, code, reason);
    else log.warn('Unable to store what a source reported', { source: source.id, kind: source.kind, code, reason });
  };

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
      if (stopping || next.dropped) leave(next);
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
    if ((stopping || entry.dropped) && !end.ok) return;
    if (!entry.givenUp)
      deps.metrics?.polled(source.press ? 'press' : source.kind, outcome, end.ok ? null : codeOf(end.error));
    // A poll that was given up has failed already.
    const changed = end.ok || !entry.givenUp ? record(entry, context.now, end) : true;
    if (!source.press) news.polled(source);
    entry.state.aside = source.aside?.() ?? null;
    line.note(entry.host, end);
    const isCut = line.isCut();
    const { timing, slot } = entry;
    const state = isCut ? { ...entry.state, failures: 1 } : entry.state;
    const facts = { state, timing, slot, polledAt: context.now, now: clock.now(), random: ids.random() };
    const due = dueAfter(facts, end);
    entry.state.notBefore = due.kept;
    const dueAt = notSooner(entry, due.dueAt, clock.now(), isCut);
    entry.slot = due.reason === 'asked' || dueAt > due.dueAt ? null : due.dueAt;
    if (!stopping && !entry.dropped) agenda.add(entry, dueAt);
    note(entry, changed);
  };

  return {
    /** Those that have not ended. */
    running,
    /** Begins it, or queues it for a place. */
    start(entry: Entry): void {
      if (limits.enter(entry)) launch(entry);
    },
    /** Frees the place of a poll that hangs; such a source is not polled again before its poll ends. */
    giveUp(entry: Entry): void {
      entry.givenUp = true;
      const error = new TocsinError('timeout', 'The poll took longer than two minutes and was stopped.');
      entry.abort?.abort(error);
      deps.metrics?.polled(entry.source.press ? 'press' : entry.source.kind, 'failed', error.code);
      note(entry, record(entry, clock.now(), { ok: false, error, at: 'source' }));
      leave(entry);
    },
    /** It is not looked after any more: what is under way is aborted. */
    drop(entry: Entry): void {
      entry.dropped = true;
      if (running.has(entry)) entry.abort?.abort(new TocsinError('canceled', 'The source is not read any more.'));
    },
    /** Nothing begins any more, and what is under way is aborted. Resolves when all of it has ended. */
    stop(): Promise<unknown> {
      stopping = true;
      for (const entry of running) entry.abort?.abort(new TocsinError('canceled', 'Tocsin is stopping.'));
      return Promise.all(settled);
    },
  };
}

export interface PollerDeps extends Tools {
  /**
   * Stores what a poll yielded, in one transaction; the poller then calls the result's `commit`. Rejects = nothing was stored.
   * Not called for a poll that yielded nothing. `context` is the one that the source was polled with.
   */
  ingest(source: Source, result: PollResult, context: PollContext): Promise<void>;
  /** Polls at one time, in all and to one host. */
  concurrency?: number;
  perHost?: number;
  metrics?: Pick<Metrics, 'polled'>;
  sources: readonly Source[];
  nextRun: NextRun;
  states: SourceStates;
  /** Says which sources fail. */
  news: SourceNews;
}

export type Poller = ReturnType<typeof createPoller>;

const FIRST_SPREAD_MS = 4_000;
/** Feeds that come and go are asked so far apart, whatever is due at once. */
const NEXT_MS = 60_000 / MOST.pollsAMinute;
const STOP_WAIT_MS = 1_500;

/** One loop for the clock; what becomes of a source after a poll, `plan.ts` decides. */
export function createPoller(deps: PollerDeps) {
  const { clock, log, states } = deps;
  const agenda = createAgenda(clock);
  const writer = createStateWriter(states, clock, log);
  const polls = createPolls(deps, agenda, writer);
  const entries = deps.sources.map((source) => createEntry(source, deps.nextRun));
  /** Those that come and go, by id, in the order in which they are wanted. */
  let followed = new Map<string, Entry>();
  /** By the monotonic clock. */
  let nextTurnAt = 0;
  let stopping = false;
  let since = 0;
  let looping: Promise<void> = Promise.resolve();
  let lookedAt: number | null = null;

  const both = () => ({ wall: clock.now(), monotonic: clock.monotonic() });

  /** Nobody's clock, and no number of feeds that are due at once, makes the press ask more often than it may. */
  const startInTurn = (entry: Entry, now: number) => {
    if (entry.dropped) return;
    if (entry.source.press && !entry.hasTurn) {
      const wait = Math.max(0, nextTurnAt - clock.monotonic());
      nextTurnAt = clock.monotonic() + wait + NEXT_MS;
      if (wait > 0) {
        entry.hasTurn = true;
        agenda.add(entry, now + wait);
        return;
      }
    }
    entry.hasTurn = false;
    polls.start(entry);
  };

  const readStates = (ids: readonly string[]) =>
    states.getMany(ids).catch((error: unknown) => {
      log.warn('Unable to read the states of sources: starting without them', { reason: messageOf(error) });
      return new Map<string, SourceState>();
    });

  const healthOf = ({ source, state, timing }: Entry): SourceHealth => {
    const now = clock.now();
    return sourceHealth(source, state, { intervalMs: timing.intervalMs(now), now, since });
  };

  const loop = async () => {
    let last = both();
    // oxlint-disable-next-line no-unmodified-loop-condition -- `stop` changes it
    while (!stopping) {
      agenda.begin();
      const now = both();
      const jump = now.wall - last.wall - (now.monotonic - last.monotonic);
      if (jump < -JUMP_MS) {
        log.info('The clock went back: the plan of polls moves with it', { seconds: Math.round(-jump / 1000) });
        agenda.move(jump, [...entries, ...followed.values()]);
      }
      for (const one of polls.running)
        if (!one.givenUp && now.monotonic - one.startedAt >= POLL_LIMIT_MS) polls.giveUp(one);
      for (const entry of agenda.takeDue(now.wall)) startInTurn(entry, now.wall);
      if (writer.flushAt <= now.monotonic) void writer.flush().then(() => agenda.wakeBefore(writer.flushAt));
      last = now;
      lookedAt = now.monotonic;
      await agenda.nap(now, writer.flushAt);
    }
  };

  return {
    /** Reads the stored states and begins; resolves when the first polls are planned. */
    async start(): Promise<void> {
      const now = clock.now();
      since = now;
      const stored = await readStates(entries.map(({ source }) => source.id));
      const spread = Math.min(FIRST_SPREAD_MS, 50 * (entries.length - 1));
      for (const entry of entries) {
        const known = stored.get(entry.source.id);
        if (known) Object.assign(entry.state, known);
        const soon = now + Math.floor((spread * hash(`${entry.source.id} first`)) / 4_294_967_296);
        agenda.add(entry, firstDue(entry.state, entry.timing, now, soon));
      }
      looping = loop();
    },
    /** Aborts the polls under way, waits for them (at most 1.5 s) and writes the states. */
    async stop(): Promise<void> {
      stopping = true;
      agenda.wake();
      const ended = polls.stop();
      const enough = new AbortController();
      await Promise.race([Promise.all([ended, looping]), clock.sleep(STOP_WAIT_MS, enough.signal).catch(() => {})]);
      enough.abort();
      await writer.flush();
    },
    /** When it last looked at what is due, by the monotonic clock; null = it does not run. */
    lookedAt: (): number | null => (stopping ? null : lookedAt),
    /** Polls under way. */
    polling: () => polls.running.size,
    health: (): SourceHealth[] => entries.map(healthOf),
    /**
     * From now on exactly these are read beside those of the start, the first of them first; none is asked more often than its `everyMs`. One call at
     * a time.
     */
    async follow(wanted: readonly { source: Source; everyMs: number }[]): Promise<void> {
      const fresh = wanted.filter(({ source }) => !followed.has(source.id)).map(({ source }) => source.id);
      const stored = fresh.length > 0 ? await readStates(fresh) : new Map<string, SourceState>();
      const now = clock.now();
      const before = followed;
      followed = new Map();
      let soon = now;
      const isCut = [...stored.values()].every(({ lastOkAt }) => lastOkAt === null);
      for (const { source, everyMs } of wanted) {
        const known = before.get(source.id);
        const entry = known ?? createEntry(source, deps.nextRun);
        followed.set(source.id, entry);
        entry.everyMs = everyMs;
        if (known || stopping) continue;
        Object.assign(entry.state, stored.get(source.id));
        agenda.add(entry, notSooner(entry, firstDue(entry.state, entry.timing, now, soon), now, isCut));
        soon += NEXT_MS;
      }
      for (const [id, entry] of before) if (!followed.has(id)) polls.drop(entry);
    },
    /** Of those that come and go. */
    followed: () => [...followed.values()].map((entry) => ({ ...healthOf(entry), bytes: entry.state.bytes ?? null })),
  };
}
