import { type Code, onceWhileFailing } from '../errors.ts';
import type { Clock, Log, LogFields } from '../ports/runtime.ts';
import type { Press, Source, SourceState, SourceStates } from '../ports/source.ts';
import { type NextRun, createTiming } from './plan.ts';

export interface Failure {
  source: string;
  kind: string;
  code: Code;
  reason: string;
}

interface Ended {
  source: string;
  failures: number;
  failedForMinutes: number;
}

export type NewsState = ReturnType<typeof atStart>;

/** What is known of the sources' failures, and what of it was not said yet. Times are monotonic ms. */
const atStart = (sources: readonly Source[], beganAt: number) => ({
  all: sources.map(({ id }) => id),
  // What asks nobody measures by itself; observatories and registers beside feeds are none.
  noun: (sources.every(({ host }) => host !== null) && new Set(sources.map(({ kind }) => kind)).size === 1
    ? 'feeds'
    : 'sources') as 'feeds' | 'sources',
  beganAt,
  /** Not polled since the start. */
  unasked: new Set(sources.map(({ id }) => id)),
  /** Id → code, of all that fail now. */
  failing: new Map<string, Code>(),
  held: [] as Failure[],
  ended: [] as Ended[],
  /** First and last event that was not said yet. */
  firstAt: null as number | null,
  lastAt: null as number | null,
  /** How many had a line of their own since `eachSince`; what drips in one by one is many, too. */
  each: 0,
  eachSince: beganAt,
  /** When many were last logged in one line. */
  manyAt: null as number | null,
  /** Of the first round: is something still to be said? */
  firstRound: 'running' as 'running' | 'logged',
});

interface NewsLine {
  level: 'info' | 'warn';
  message: string;
  fields: LogFields;
}

/** More than these at one time are one line. */
const FEW = 3;
const MAX_NAMES = 5;
/** The first round may take so long before what is known is said. */
const FIRST_MS = 20_000;
const QUIET_MS = 3_000;
const MOST_MS = 15_000;
/** After a line about many: whoever reads it knows, and the rest may gather for longer. */
const KNOWN_MS = 600_000;
const KNOWN_QUIET_MS = 60_000;
const KNOWN_MOST_MS = 300_000;
/** The line of this machine, rather than a server of that name. */
export const NETWORK: readonly Code[] = ['fetch_dns', 'fetch_connection', 'fetch_timeout', 'fetch_proxy', 'timeout'];

/** When there is something to be said; null = nothing waits. */
export function newsDueAt(state: NewsState): number | null {
  const { firstAt, lastAt, manyAt, beganAt } = state;
  if (state.firstRound === 'running') {
    if (state.unasked.size === 0) return beganAt;
    if (manyAt === null) return firstAt === null ? null : beganAt + FIRST_MS;
  }
  if (firstAt === null || lastAt === null) return null;
  const known = manyAt !== null && firstAt - manyAt < KNOWN_MS;
  const [quiet, most] = known ? [KNOWN_QUIET_MS, KNOWN_MOST_MS] : [QUIET_MS, MOST_MS];
  return Math.min(lastAt + quiet, firstAt + most);
}

/** What to say now, and what is known afterwards. Says nothing before it is due. Pure: the given state is left as it is. */
export function planNews(state: NewsState, now: number): { lines: NewsLine[]; next: NewsState } {
  const due = newsDueAt(state);
  if (due === null || due > now) return { lines: [], next: state };
  const lately = now - state.eachSince < KNOWN_MS ? state.each : 0;
  const failures = failureLines(state, lately);
  const lines = [...failures.lines, ...endLines(state)];
  const first = state.firstRound === 'running' && state.unasked.size === 0;
  if (first && state.failing.size === 0 && state.all.length > 0) lines.push(allRead(state));
  const next: NewsState = {
    ...state,
    held: [],
    ended: [],
    firstAt: null,
    lastAt: null,
    each: failures.many ? 0 : lately + failures.lines.length,
    eachSince: lately === 0 ? now : state.eachSince,
    manyAt: failures.many ? now : state.manyAt,
    firstRound: first ? 'logged' : state.firstRound,
  };
  return { lines, next };
}

const allRead = ({ all, noun }: NewsState): NewsLine => ({
  level: 'info',
  message: all.length === 1 ? `The ${noun.slice(0, -1)} was read` : `All ${all.length} ${noun} were read`,
  fields: {},
});

function failureLines(state: NewsState, lately: number): { lines: NewsLine[]; many: boolean } {
  const { held, failing, all, noun } = state;
  const names = [...new Set(held.map((one) => one.source))];
  const dripping = failing.size > FEW && names.length + lately > 2 * FEW;
  if (names.length <= FEW && (!dripping || names.length === 0)) {
    const line = { level: 'warn' as const, message: 'Unable to read source' };
    return { lines: held.map((one) => ({ ...line, fields: { ...one } })), many: false };
  }
  const unreachable = [...failing.values()].filter((code) => NETWORK.includes(code)).length;
  const share = `${failing.size} of ${all.length} ${noun} cannot be`;
  const network = unreachable * 2 > failing.size;
  const everywhere = failing.size === all.length || (network && failing.size >= all.length * 0.8);
  const message = `${share} ${network ? 'reached' : 'read'}${everywhere ? ': is there internet?' : ''}`;
  const shown = names.length > MAX_NAMES ? [...names.slice(0, MAX_NAMES), '…'] : names;
  // Where all fail alike, their names say nothing.
  const which = everywhere ? {} : { sources: shown.join(' ') };
  const { code, reason } = commonest(held);
  const fields = { ...which, code, reason, details: 'the command sources, or TOCSIN_LOG=debug' };
  return { lines: [{ level: 'warn', message, fields }], many: true };
}

/** The first of the code that most of them have. */
function commonest(held: readonly Failure[]): Failure {
  const byCode = [...Map.groupBy(held, ({ code }) => code).values()];
  return byCode.reduce((a, b) => (b.length > a.length ? b : a))[0]!;
}

function endLines({ ended, failing, all, noun }: NewsState): NewsLine[] {
  if (ended.length <= FEW)
    return ended.map((one) => ({ level: 'info', message: 'Source is readable again', fields: { ...one } }));
  const rest = failing.size === 0 ? `all ${all.length} ${noun} are readable` : `${failing.size} still fail`;
  return [{ level: 'info', message: `${ended.length} ${noun} are readable again; ${rest}`, fields: {} }];
}

export type SourceNews = ReturnType<typeof gatheredNews>;

/**
 * What the poller has to say of its sources to whoever runs the bot; all calls return at once. Many that fail together are one line: at the start when all were asked once (or after some seconds), later when no more come for a
 * moment. A few have a line each. Each one's own line is there at the level debug.
 */
export function gatheredNews(
  sources: readonly Source[],
  { log, clock, signal }: { log: Log; clock: Clock; signal: AbortSignal },
) {
  let state = atStart(sources, clock.monotonic());
  let waiting: AbortController | null = null;

  const speak = (): void => {
    const { lines, next } = planNews(state, clock.monotonic());
    state = next;
    for (const line of lines) write(line);
    wait();
  };

  const write = ({ level, message, fields }: NewsLine): void => log[level](message, fields);

  const wait = (): void => {
    waiting?.abort(new Error('superseded'));
    const due = newsDueAt(state);
    if (due === null || signal.aborted) return;
    waiting = new AbortController();
    const left = Math.max(0, due - clock.monotonic());
    clock.sleep(left, AbortSignal.any([signal, waiting.signal])).then(speak, () => undefined);
  };

  const happened = (): void => {
    const now = clock.monotonic();
    state.firstAt ??= now;
    state.lastAt = now;
    wait();
  };

  wait();
  return {
    /** It failed in a way that was not logged since it was last readable. */
    failed({ id, kind }: Source, code: Code, reason: string): void {
      log.debug('Unable to read source', { source: id, kind, code, reason });
      state.held.push({ source: id, kind, code, reason });
      state.failing.set(id, code);
      happened();
    },
    /** A failure is over. */
    readable({ id }: Source, facts: Omit<Ended, 'source'>): void {
      log.debug('Source is readable again', { source: id, ...facts });
      const silent = state.held.some((one) => one.source === id);
      state.held = state.held.filter((one) => one.source !== id);
      state.failing.delete(id);
      // What was never said needs no end.
      if (!silent) state.ended.push({ source: id, ...facts });
      happened();
    },
    /** A poll of it has ended, well or not. After `failed` and `readable` of that poll. */
    polled({ id }: Source): void {
      if (state.unasked.delete(id) && state.unasked.size === 0) wait();
    },
  };
}

/** What `/status`, `status --json` and the metrics tell of one source. */
export interface SourceHealth extends Omit<SourceState, 'firstPollDone' | 'notBefore' | 'bytes'> {
  id: string;
  kind: string;
  label: string;
  /** Nothing was read for three runs or the poll is overdue: what this source would tell is unknown, not "nothing". */
  stale: boolean;
  /** It is read, and shows nothing of the world: what it looks through is out of order. Absent = it sees. */
  blind?: boolean;
  /** Whose press it is; absent = it is always read. */
  press?: Press;
}

export const emptyState = (): SourceState => ({
  lastPollAt: null,
  lastOkAt: null,
  firstPollDone: false,
  failures: 0,
  failingSince: null,
  lastCode: null,
  lastMessage: null,
  notBefore: null,
  nextDueAt: null,
});

/** `since`: when the poller began to look after the source. */
export function isStale(state: SourceState, intervalMs: number, now: number, since: number): boolean {
  const grace = Math.max(intervalMs, 60_000);
  if (state.nextDueAt !== null && state.nextDueAt + grace < now) return true;
  // A time to come is of a clock that was ahead, and says nothing of now.
  const known = [state.lastOkAt, state.failingSince].find((at) => at !== null && at <= now) ?? since;
  return state.failures > 0 && now - known > 3 * intervalMs;
}

/** A source to be named, not to be polled. */
type Described = Omit<Source, 'poll'>;

/** Of one source, as the poller keeps it. */
export function sourceHealth(
  source: Described,
  state: SourceState,
  { intervalMs, now, since }: { intervalMs: number; now: number; since: number },
): SourceHealth {
  const { id, kind, label } = source;
  const { firstPollDone: _done, notBefore: _wish, bytes: _bytes, pulse, aside: said, ...polls } = state;
  const stale = isStale(state, intervalMs, now, since);
  const aside = said?.is === 'spent' && said.until <= now ? null : said;
  const press = source.press ? { press: source.press, ...(pulse ? { pulse } : {}) } : {};
  return {
    id,
    kind,
    label,
    ...polls,
    stale,
    blind: source.isBlind?.() ?? false,
    ...(aside ? { aside } : {}),
    ...press,
  };
}

/** Of sources that another process polls, by what it has kept. */
export async function storedHealth(
  sources: readonly Described[],
  states: Pick<SourceStates, 'getMany'>,
  { now, nextRun }: { now: number; nextRun: NextRun },
): Promise<SourceHealth[]> {
  const kept = await states.getMany(sources.map(({ id }) => id));
  return sources.map((source) => {
    const state = { ...emptyState(), ...kept.get(source.id) };
    const intervalMs = createTiming(source.id, source.cron, nextRun).intervalMs(now);
    return sourceHealth(source, state, { intervalMs, now, since: now });
  });
}

const BATCH = 1_000;
const SOON_MS = 200;
const LATER_MS = 5_000;

/**
 * Writes the states of sources in batches: what tells a change (a first success, a failure, its end) soon, what only moves
 * the time of the last poll later. A failing store is logged once and tried again.
 */
export function createStateWriter(states: SourceStates, clock: Clock, log: Log) {
  const trouble = onceWhileFailing(log, {
    begins: 'Unable to keep the states of sources',
    ends: 'States of sources are kept again',
  });
  const dirty = new Map<string, SourceState>();
  let flushAt = Number.POSITIVE_INFINITY;
  let flushing: Promise<void> | null = null;

  async function write(): Promise<void> {
    const taken = [...dirty];
    dirty.clear();
    let written = 0;
    try {
      for (; written < taken.length; written += BATCH) {
        const batch = taken.slice(written, written + BATCH);
        await states.setMany(batch.map(([id, state]) => ({ id, state: { ...state } })));
      }
      trouble.working();
    } catch (error) {
      for (const [id, state] of taken.slice(written)) if (!dirty.has(id)) dirty.set(id, state);
      flushAt = clock.monotonic() + LATER_MS;
      trouble.failing(error);
    } finally {
      flushing = null;
    }
  }

  return {
    /** When `flush` wants to be called, on the monotonic clock; Infinity where there is nothing to write. */
    get flushAt(): number {
      return flushing ? Number.POSITIVE_INFINITY : flushAt;
    },
    note(id: string, state: SourceState, urgent: boolean): void {
      dirty.set(id, state);
      flushAt = Math.min(flushAt, clock.monotonic() + (urgent ? SOON_MS : LATER_MS));
    },
    /** Writes what is waiting. Never rejects; false where something could not be written. */
    async flush(): Promise<boolean> {
      while (flushing) await flushing;
      flushAt = Number.POSITIVE_INFINITY;
      if (dirty.size === 0) return true;
      flushing = write();
      await flushing;
      return dirty.size === 0;
    },
  };
}
