import { retryAfterMs } from '../../core/answers.ts';
import { codeOf, messageOf } from '../../core/errors.ts';
import type { SendReason } from '../../core/ports/chat-adapter.ts';
import type { HttpResponse } from '../../core/ports/http.ts';

/** What a target's answer, or the lack of one, means. `detail`: a sentence that names the host alone. */
export type Verdict =
  | { is: 'taken' }
  /** It wants nothing any more (410). */
  | { is: 'over'; detail: string }
  | { is: 'failed'; reason: SendReason; detail: string; afterMs: number | null }
  | { is: 'canceled' };

/** A target may ask for so much patience, ms, and no more: after a day it is given up. */
export const LONGEST_PATIENCE = 3_600_000;

const MEANS: Record<number, string> = {
  400: 'it does not understand what is sent: check the preset',
  401: 'it does not know us: check the secret, or the address',
  403: 'it does not let us in: check the secret, or the address',
  404: 'there is nothing at that address: check the url',
  405: 'that address takes no messages: check the url',
  413: 'the message is too large for it',
};

/** Anything but 2xx is a failure, and tried again: a wrong secret or a missing route is mended by people, and nothing must be lost until then. */
export function verdictOf(
  { status, headers }: Pick<HttpResponse, 'status' | 'headers'>,
  host: string,
  now: number,
): Verdict {
  if (status >= 200 && status < 300) return { is: 'taken' };
  if (status === 410) return { is: 'over', detail: `${host} answered 410: it wants nothing any more` };
  const means = MEANS[status];
  const detail = `${host} answered ${status}${means === undefined ? '' : `: ${means}`}`;
  const asked = retryAfterMs(headers['retry-after'], now);
  return {
    is: 'failed',
    reason: reasonOf(status),
    detail,
    afterMs: asked === null ? null : Math.min(asked, LONGEST_PATIENCE),
  };
}

function reasonOf(status: number): SendReason {
  if (status === 429) return 'rate_limited';
  if (status === 408) return 'timeout';
  if (status === 401 || status === 403) return 'auth';
  return status >= 500 ? 'server' : 'client';
}

export function verdictOfError(error: unknown, host: string, signal: AbortSignal): Verdict {
  if (signal.aborted) return { is: 'canceled' };
  const failed = (reason: SendReason, detail: string): Verdict => ({ is: 'failed', reason, detail, afterMs: null });
  switch (codeOf(error)) {
    case 'fetch_redirect':
      return failed(
        'client',
        `${host} sends us elsewhere (a redirect), which is not followed: put the address it means into url`,
      );
    case 'fetch_blocked_address':
      return failed('client', messageOf(error));
    case 'fetch_timeout':
      return failed('timeout', messageOf(error));
    default:
      return failed('server', messageOf(error).slice(0, 200));
  }
}
