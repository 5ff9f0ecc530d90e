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
export const MAX_WAIT_MS = 60 * 60_000;

/**
 * The one place that knows what matrix-bot-sdk and undici throw: a `MatrixError`, a bare response object (a body that is not JSON), a
 * socket error, an abort. Gives a `TocsinError` with `FailureFacts`. No token and no text of a person gets into it.
 */
export function toFailure(error: unknown, ctx: RequestContext, call: string): TocsinError {
  if (error instanceof TocsinError) return error;
  if (ctx.signal?.aborted) return failure('canceled', call, 'canceled', ctx, null, error);
  const shape = (typeof error === 'object' && error !== null ? error : {}) as Record<string, unknown>;
  const errcode = typeof shape.errcode === 'string' ? bounded(shape.errcode, 60) : null;
  const status = typeof shape.statusCode === 'number' ? shape.statusCode : ctx.status;
  // Below 300 an `errcode` is part of somebody's state event, not the server's word.
  if (status < 300) {
    if (error instanceof AnswerTooLarge) return failure('server', call, error.message, ctx, null, error);
    return failure(isTimeout(shape) ? 'timeout' : 'server', call, reasonOf(shape), ctx, null, error);
  }
  const asked = typeof shape.retryAfterMs === 'number' && shape.retryAfterMs >= 0 ? shape.retryAfterMs : null;
  const facts = { ...ctx, status, retryAfterMs: ctx.retryAfterMs ?? asked };
  const detail = errcode ? bounded(String(shape.error ?? ''), 200) : 'an answer that is not from a Matrix server';
  return failure(
    codeFor(status, errcode),
    call,
    `${status} ${errcode ?? ''} ${detail}`.replace(/\s+/g, ' '),
    facts,
    errcode,
    error,
  );
}

function codeFor(status: number, errcode: string | null): Code {
  if (errcode !== null && ACCOUNT_ERRORS.has(errcode)) return 'auth';
  if (status === 429 || errcode === 'M_LIMIT_EXCEEDED') return 'rate_limited';
  if (status === 401 && errcode !== null) return 'auth';
  if (errcode === null || errcode === 'M_RESOURCE_LIMIT_EXCEEDED') return 'server';
  return status >= 400 && status < 500 ? 'client' : 'server';
}

function failure(
  code: Code,
  call: string,
  detail: string,
  ctx: Pick<RequestContext, 'status' | 'retryAfterMs'>,
  errcode: string | null,
  cause: unknown,
): TocsinError {
  const wait = ctx.retryAfterMs === null ? null : Math.min(Math.ceil(ctx.retryAfterMs), MAX_WAIT_MS);
  const facts: FailureFacts = { status: ctx.status, errcode, retryAfterMs: wait };
  // A response object as a cause would carry headers and people's texts into logs.
  return new TocsinError(code, `Matrix ${call}: ${detail}`, { ...facts }, cause instanceof Error ? cause : undefined);
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
