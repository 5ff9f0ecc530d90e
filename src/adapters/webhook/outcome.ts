import TROUBLES from '../../../config/trouble-texts.json' with { type: 'json' };
import { retryAfterMs } from '../../core/answers.ts';
import { codeOf, messageOf } from '../../core/errors.ts';
import { ENDED, type EndedTarget, RESUME, readEnded } from '../../core/model/chat.ts';
import type { AdapterDeps, SendReason } from '../../core/ports/chat-adapter.ts';
import type { HttpResponse } from '../../core/ports/runtime.ts';
import { keepAtIt } from '../../core/wakeable.ts';

/** What a target's answer, or the lack of one, means. `detail`: a sentence that names the host alone. */
export type Verdict =
  | { is: 'taken' }
  /** It wants nothing any more (410). */
  | { is: 'over'; detail: string }
  | { is: 'failed'; reason: SendReason; detail: string; afterMs: number | null }
  | { is: 'canceled' };

/** A target may ask for so much patience, ms, and no more: after a day it is given up. */
export const LONGEST_PATIENCE = 3_600_000;

const MEANS: Partial<Record<number, string>> = TROUBLES.webhook;

/** Anything but 2xx is a failure, and tried again: a wrong secret or a missing route is mended by people, and nothing must be lost until then. */
export function verdictOf(
  { status, headers }: Pick<HttpResponse, 'status' | 'headers'>,
  host: string,
  now: number,
): Verdict {
  if (status >= 200 && status < 300) return { is: 'taken' };
  if (status === 410) return { is: 'over', detail: `${host} answered 410: it wants nothing any more` };
  const means = MEANS[status];
  const asked = retryAfterMs(headers['retry-after'], now);
  const afterMs = asked === null ? null : Math.min(asked, LONGEST_PATIENCE);
  return failed(reasonOf(status), `${host} answered ${status}${means === undefined ? '' : `: ${means}`}`, afterMs);
}

const failed = (reason: SendReason, detail: string, afterMs: number | null = null): Verdict => ({
  is: 'failed',
  reason,
  detail,
  afterMs,
});

function reasonOf(status: number): SendReason {
  if (status === 429) return 'rate_limited';
  if (status === 408) return 'timeout';
  if (status === 401 || status === 403) return 'auth';
  return status >= 500 ? 'server' : 'client';
}

export function verdictOfError(error: unknown, host: string, signal: AbortSignal): Verdict {
  if (signal.aborted) return { is: 'canceled' };
  const code = codeOf(error);
  const elsewhere = `${host} sends us elsewhere (a redirect), which is not followed: put the address it means into url`;
  if (code === 'fetch_redirect') return failed('client', elsewhere);
  if (code === 'fetch_blocked_address') return failed('client', messageOf(error));
  if (code === 'fetch_timeout') return failed('timeout', messageOf(error));
  return failed('server', messageOf(error).slice(0, 200));
}

const GIVE_UP_AFTER = 86_400_000;
const FIRST_WAIT = 1_000;
const LONGEST_WAIT = 300_000;
/** Longer than any wait: whoever was not asked for so long has not failed all the while. */
const APART = 3 * 3_600_000;
const KEY = 'failing';

type Failing = Record<'since' | 'last' | 'tries', number>;

/** How long a target has failed: it is given up after a day of nothing else. Survives a restart. */
export function createPatience({ state, clock, ids }: Pick<AdapterDeps, 'state' | 'clock' | 'ids'>) {
  let failing: Failing | null = null;
  return {
    /** To be called before the first message. */
    async restore(): Promise<void> {
      const { since, last, tries } = ((await state.get(KEY)) ?? {}) as Partial<Failing>;
      if (typeof since === 'number' && typeof last === 'number' && typeof tries === 'number')
        failing = { since, last, tries };
    },
    /** In how many ms to try again; null: a day is over. `askedMs`: the target's own wish. */
    async failed(askedMs: number | null): Promise<number | null> {
      const now = clock.now();
      const before = failing !== null && now - failing.last < APART && now >= failing.since ? failing : null;
      const [since, tries] = [before?.since ?? now, (before?.tries ?? 0) + 1];
      failing = { since, last: now, tries };
      await state.set(KEY, failing);
      if (now - since >= GIVE_UP_AFTER) return null;
      const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.min(tries - 1, 9)) * (1 + ids.random() / 5);
      return Math.max(wait, askedMs ?? 0);
    },
    /** It works, or is given up: a later failure begins anew. */
    async over(): Promise<void> {
      if (failing === null) return;
      failing = null;
      await state.delete(KEY);
    },
    /** Since when it fails, ms since the epoch; null = it does not. */
    since: (): number | null => failing?.since ?? null,
  };
}

const LOOK_EVERY = 5_000;

/** Whether a target has ended, over restarts and for whoever takes the account over. It goes on once what is kept of it is gone. */
export function createEnding({ state, clock, log, reopen }: AdapterDeps, host: string) {
  const stopped = new AbortController();
  let ended: EndedTarget | null = null;

  /** Looks now whether somebody wants it to go on; true = it goes on, or had never ended. */
  async function over(): Promise<boolean> {
    if (ended === null) return true;
    if ((await state.get(RESUME)) != null) {
      // First what makes it a target again, then the wish: a kill between repeats this.
      await reopen?.();
      await state.delete(ENDED);
      await state.delete(RESUME);
    }
    if (readEnded(await state.get(ENDED)) !== null) return false;
    ended = null;
    log.info('A webhook goes on', { host });
    return true;
  }

  return {
    over,
    /** To be called before the first message. From then on it is looked every few seconds, while it has ended, whether it is to go on. */
    async restore(): Promise<void> {
      ended = readEnded(await state.get(ENDED));
      const lines = { begins: 'Unable to see whether a webhook is to go on', ends: null, level: 'warn' } as const;
      const look = async (): Promise<void> => void (await over());
      void keepAtIt(look, LOOK_EVERY, { clock, log, firstAfter: LOOK_EVERY, ...lines }, stopped.signal);
    },
    /** Why; null = it has not ended. */
    why: (): string | null => ended?.detail ?? null,
    /** It has. Throws, and has not ended, where that cannot be kept. */
    async begin(detail: string): Promise<void> {
      const kept = { at: clock.now(), detail };
      await state.set(ENDED, kept);
      ended = kept;
    },
    stop: () => stopped.abort(),
  };
}
