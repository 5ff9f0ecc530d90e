import { codeOf, TocsinError } from '../../core/errors.ts';
import { onceWhileFailing, type WhileFailing } from '../../core/failures.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Ids } from '../../core/ports/ids.ts';
import type { Log } from '../../core/ports/log.ts';
import type { Outage } from '../../core/ports/outage.ts';
import { factsOf } from './failure.ts';
import type { Memory } from './memory.ts';
import { Stopped } from './messages.ts';
import type { MatrixPort, SyncAnswer } from './port.ts';
import { AnswerTooLarge } from './request.ts';
import { filterFor, readSync, type SyncBatch } from './sync-answer.ts';

export interface SyncParts {
  port: Pick<MatrixPort, 'sync'>;
  memory: Memory;
  clock: Clock;
  ids: Ids;
  outage: Outage;
  signal: AbortSignal;
  self(): string;
  /** Whatever has to work before a sync makes sense (who are we, which rooms are we in); called before each, cheap when done. */
  prepare(): Promise<void>;
  /** Of an answer that came just now, before anything of it is worked on. What it throws makes the same answer come again. */
  answered(answer: SyncAnswer, since: string | null): Promise<void>;
  /** Does it serve encrypted rooms? */
  encrypted: boolean;
  /** Starts the work on a batch and returns it. `since`: the token before it, null at the very first. */
  dispatch(batch: SyncBatch, since: string | null): Promise<unknown>[];
  /** The first batch of this process has been worked on. */
  caughtUp(): void;
  /** The stream was interrupted: something may be missed from now on. */
  interrupted(): void;
  /** Waits while too much is under way. */
  breathe(): Promise<void>;
  state: SyncState;
}

export interface SyncState {
  failing: TocsinError | null;
  /** Of the stream as a whole, since before the first sync. */
  trouble: WhileFailing;
}

/** A server that goes down fails in several ways, one after the other: that is one trouble. */
export const syncState = (log: Log, outage: Outage): SyncState => ({
  failing: null,
  trouble: onceWhileFailing(log, {
    begins: 'Unable to receive from Matrix',
    ends: 'Matrix answers again',
    kindOf: codeOf,
    either: {
      says: 'Unable to receive from Matrix, either',
      when: (error) => ['server', 'timeout'].includes(codeOf(error)) && !outage.begins('receiving'),
    },
  }),
});

const POLL_MS = 30_000;
/** Between two answers, ms: a server that answers at once without need must not make us spin. */
const MIN_ROUND_MS = 100;
const TIMELINE = 50;
const IDLE_WRITE_MS = 20_000;

/**
 * The long poll, until the signal aborts. A token is kept only when all that came up to it has been worked on, so that a crash repeats
 * (and the list of handled events recognises) rather than loses. Never throws.
 */
export async function runSync(parts: SyncParts): Promise<void> {
  const { port, memory, clock, signal, state } = parts;
  const keep = tokenKeeper(memory, clock);
  let since: string | null | undefined;
  let limit = TIMELINE;
  let failures = 0;
  let begun = false;
  while (!signal.aborted) {
    const began = clock.monotonic();
    try {
      await parts.prepare();
      if (since === undefined) since = memory.token();
      // What is owed from before a restart waits for the first answer: that one is not held back until there is news.
      const timeoutMs = since === null || failures > 0 || !begun ? 0 : POLL_MS;
      const request = { since, timeoutMs, filter: filterFor(limit, parts.encrypted) };
      const answer = await port.sync(request, { signal, timeoutMs: since === null ? 180_000 : timeoutMs + 20_000 });
      if (typeof answer.next_batch === 'string') await parts.answered(answer, since);
      const batch = readSync(answer, parts.self());
      if (!batch)
        throw new TocsinError('server', 'Matrix sync: an answer without a token', {
          status: 200,
          errcode: null,
          retryAfterMs: null,
        });
      const tasks = parts.dispatch(batch, since);
      keep.later(batch.next, tasks);
      if (!begun) void Promise.allSettled(tasks).then(parts.caughtUp);
      begun = true;
      since = batch.next;
      limit = TIMELINE;
      if (state.failing) parts.outage.ends('receiving');
      state.trouble.working({ failures });
      state.failing = null;
      failures = 0;
      await parts.breathe();
      const rest = MIN_ROUND_MS - (clock.monotonic() - began);
      if (rest > 0) await clock.sleep(rest, signal);
    } catch (error) {
      if (signal.aborted || codeOf(error) === 'canceled') break;
      parts.interrupted();
      failures++;
      if (isTooLarge(error)) {
        // First ask for less of each room; if that does not help, begin anew from now.
        if (limit === 1) since = null;
        limit = 1;
      }
      // A token that the server does not know (it was rebuilt, or lost its data) will never be known again.
      if (isBadToken(error) && failures >= 3) since = null;
      report(error);
      try {
        await clock.sleep(waitFor(error, failures) * (1 + parts.ids.random() / 4), signal);
      } catch {
        break;
      }
    }
  }
  await keep.idle();

  function report(error: unknown): void {
    const failure =
      error instanceof TocsinError ? error : new TocsinError('internal', `Matrix sync: ${String(error).slice(0, 200)}`);
    state.trouble.failing(failure, { attempt: failures });
    state.failing = failure;
  }
}

const isTooLarge = (error: unknown): boolean => error instanceof TocsinError && error.cause instanceof AnswerTooLarge;

const isBadToken = (error: unknown): boolean => codeOf(error) === 'client' && factsOf(error).status === 400;

function waitFor(error: unknown, failures: number): number {
  const asked = factsOf(error).retryAfterMs;
  if (asked !== null) return Math.min(Math.max(asked, 500), 10 * 60_000);
  if (codeOf(error) === 'auth') return 60_000;
  return Math.min(500 * 2 ** Math.min(failures, 10), 30_000);
}

/** Writes tokens in order, each after its batch; those of batches without any work at most every 20 s. */
function tokenKeeper(
  memory: Memory,
  clock: Clock,
): { later(token: string, tasks: Promise<unknown>[]): void; idle(): Promise<void> } {
  let chain: Promise<boolean> = Promise.resolve(true);
  let writtenAt = Number.NEGATIVE_INFINITY;
  return {
    later(token, tasks) {
      const work = Promise.allSettled(tasks);
      chain = chain.then(async (complete) => {
        const results = await work;
        if (!complete || results.some((one) => one.status === 'rejected' && one.reason instanceof Stopped))
          return false;
        if (tasks.length === 0 && clock.monotonic() - writtenAt < IDLE_WRITE_MS) return true;
        writtenAt = clock.monotonic();
        await memory.setToken(token);
        return true;
      });
    },
    idle: async () => void (await chain),
  };
}
