import { type Code, TocsinError } from '../../core/errors.ts';
import type { FailureFacts } from './port.ts';
import { AnswerTooLarge, type RequestContext } from './request.ts';

/** Errors of an account, whatever the room: the token is not accepted any more, or the account may not act. */
const ACCOUNT_ERRORS = new Set([
  'M_UNKNOWN_TOKEN',
  'M_MISSING_TOKEN',
  'M_USER_DEACTIVATED',
  'M_USER_LOCKED',
  'M_USER_SUSPENDED',
  'M_CONSENT_NOT_GIVEN',
]);
/** Longest wait that a server may impose. */
const MAX_WAIT_MS = 60 * 60_000;

/**
 * The one place that knows what matrix-bot-sdk and undici throw: a `MatrixError`, a bare response object (a body that is not JSON), a
 * socket error, an abort. Gives a `TocsinError` with `FailureFacts`. No token and no text of a person gets into it.
 */
export function toFailure(error: unknown, ctx: RequestContext, call: string): TocsinError {
  if (error instanceof TocsinError) return error;
  const failed = (code: Code, detail: string, errcode: string | null = null, facts: Facts = ctx): TocsinError =>
    failure(code, `Matrix ${call}: ${detail}`, { ...facts, errcode }, error);
  if (ctx.signal?.aborted) return failed('canceled', 'canceled');
  const shape = (typeof error === 'object' && error !== null ? error : {}) as Record<string, unknown>;
  const errcode = typeof shape.errcode === 'string' ? bounded(shape.errcode, 60) : null;
  const status = typeof shape.statusCode === 'number' ? shape.statusCode : ctx.status;
  // Below 300 an `errcode` is part of somebody's state event, not the server's word.
  if (status < 300) {
    if (error instanceof AnswerTooLarge) return failed('server', error.message);
    return failed(isTimeout(shape) ? 'timeout' : 'server', reasonOf(shape));
  }
  const asked = typeof shape.retryAfterMs === 'number' && shape.retryAfterMs >= 0 ? shape.retryAfterMs : null;
  const facts = { ...ctx, status, retryAfterMs: ctx.retryAfterMs ?? asked };
  const detail = errcode ? bounded(String(shape.error ?? ''), 200) : 'an answer that is not from a Matrix server';
  const line = `${status} ${errcode ?? ''} ${detail}`.replace(/\s+/g, ' ');
  return failed(codeFor(status, errcode), line, errcode, facts);
}

function codeFor(status: number, errcode: string | null): Code {
  if (errcode !== null && ACCOUNT_ERRORS.has(errcode)) return 'auth';
  if (status === 429 || errcode === 'M_LIMIT_EXCEEDED') return 'rate_limited';
  if (status === 401 && errcode !== null) return 'auth';
  if (errcode === null || errcode === 'M_RESOURCE_LIMIT_EXCEEDED') return 'server';
  return status >= 400 && status < 500 ? 'client' : 'server';
}

type Facts = Pick<RequestContext, 'status' | 'retryAfterMs'>;

function failure(code: Code, message: string, seen: FailureFacts, cause: unknown): TocsinError {
  const wait = seen.retryAfterMs === null ? null : Math.min(Math.ceil(seen.retryAfterMs), MAX_WAIT_MS);
  const facts: FailureFacts = { status: seen.status, errcode: seen.errcode, retryAfterMs: wait };
  // A response object as a cause would carry headers and people's texts into logs.
  return new TocsinError(code, message, { ...facts }, cause instanceof Error ? cause : undefined);
}

const isTimeout = (shape: Record<string, unknown>): boolean =>
  shape.name === 'TimeoutError' || /TIMEOUT|TIMEDOUT/.test(String(shape.code ?? ''));

function reasonOf(shape: Record<string, unknown>): string {
  if (isTimeout(shape)) return 'no answer in time';
  const code = shape.code;
  return typeof code === 'string' ? bounded(code, 60) : bounded(String(shape.message ?? 'no answer'), 120);
}

const bounded = (text: string, length: number): string => text.slice(0, length).toWellFormed();

/** Facts of a failed call; zeros for anything else. */
export function factsOf(error: unknown): FailureFacts {
  const facts: Record<string, unknown> = error instanceof TocsinError ? error.facts : {};
  return {
    status: typeof facts.status === 'number' ? facts.status : 0,
    errcode: typeof facts.errcode === 'string' ? facts.errcode : null,
    retryAfterMs: typeof facts.retryAfterMs === 'number' ? facts.retryAfterMs : null,
  };
}
