import { codeOf, TocsinError } from '../../core/errors.ts';
import type { SendOutcome, SendReason } from '../../core/ports/chat-adapter.ts';
import { factsOf } from './failure.ts';

/** Waits where the server names none, ms. */
const AUTH_WAIT_MS = 60_000;
const LIMIT_WAIT_MS = 5_000;
const SERVER_WAIT_MS = 2_000;

/** A room's refusal (403 or 404 by a Matrix server) says too little: `rooms.ts` finds out what it means. */
export type Verdict = SendOutcome | { kind: 'refused' };

/** What a failed send means. Only a Matrix error code may end anything: a proxy's own 403 or 404 page is an outage. Pure. */
export function verdictOf(error: unknown, signal: AbortSignal): Verdict {
  const detail = error instanceof TocsinError ? error.message : `unexpected: ${String(error).slice(0, 200)}`;
  const { status, errcode, retryAfterMs } = factsOf(error);
  if (signal.aborted) return { kind: 'retry', afterMs: null, scope: 'chat', reason: 'canceled', detail: 'stopped' };
  const retry = (reason: SendReason, scope: 'account' | 'chat', afterMs: number | null): SendOutcome => ({
    kind: 'retry',
    afterMs: retryAfterMs ?? afterMs,
    scope,
    reason,
    detail,
  });
  switch (codeOf(error)) {
    case 'auth':
      return retry('auth', 'account', AUTH_WAIT_MS);
    case 'rate_limited':
      return retry('rate_limited', 'account', LIMIT_WAIT_MS);
    case 'timeout':
      return retry('timeout', 'chat', null);
    case 'canceled':
      return retry('canceled', 'chat', null);
    case 'client':
      if (errcode === 'M_UNRECOGNIZED') return retry('server', 'account', SERVER_WAIT_MS);
      return status === 403 || status === 404 ? { kind: 'refused' } : { kind: 'rejected', reason: 'client', detail };
    case 'server':
      // A body that no server takes is ours to blame even when a proxy says so.
      if (status === 413) return { kind: 'rejected', reason: 'client', detail };
      return retry('server', status === 0 || status >= 502 || errcode === null ? 'account' : 'chat', SERVER_WAIT_MS);
    default:
      return retry('server', 'chat', null);
  }
}
