import { AsyncLocalStorage } from 'node:async_hooks';
import type { Dispatcher } from 'undici';
import { type Code, codeOf, messageOf, TocsinError } from '../../core/errors.ts';
import { Agent, proxyAgent, request, socksAgent } from '../../platform/undici.ts';

export interface CallOptions {
  signal?: AbortSignal;
  /** Whole exchange; default 30,000 ms. */
  timeoutMs?: number;
}

/** What every failure of a call tells; its code is one of auth, rate_limited, client, server, timeout, canceled. */
type FailureFacts = ReturnType<typeof factsOf>;

/**
 * The function that matrix-bot-sdk sends its requests with, shaped like the old `request` package. It adds what the SDK has no argument
 * for: an abort signal, a bound on the answer, a proxy, and the `Retry-After` header. These travel beside the call in `context`.
 */
export interface RequestContext {
  dispatcher: Dispatcher;
  signal: AbortSignal | undefined;
  maxBytes: number;
  /** Wall clock, for a `Retry-After` that is a date. */
  now: () => number;
  /** Filled in: the HTTP status as soon as there is one, and the header's wait in ms. */
  status: number;
  retryAfterMs: number | null;
}

export const context = new AsyncLocalStorage<RequestContext>();

interface RequestOptions {
  uri: string;
  method: string;
  qs?: Record<string, unknown> | null;
  headers: Record<string, string>;
  body?: string | Buffer;
  timeout: number;
}

export function requestFn(options: RequestOptions, callback: (error: unknown, ...answer: unknown[]) => void): void {
  const ctx = context.getStore();
  const done = ctx ? exchange(options, ctx) : Promise.reject(new Error('A Matrix request outside of its port'));
  done.then(
    (answer) => callback(null, answer, answer.body),
    (error: unknown) => callback(error),
  );
}

/** One request, with its answer as text. */
async function exchange(options: RequestOptions, ctx: RequestContext) {
  const url = new URL(options.uri);
  for (const [key, value] of Object.entries(options.qs ?? {}))
    if (value !== undefined && value !== null) url.searchParams.append(key, String(value));
  const deadline = AbortSignal.timeout(options.timeout);
  const signal = ctx.signal ? AbortSignal.any([ctx.signal, deadline]) : deadline;
  const { statusCode, headers, body } = await request(url, {
    method: options.method as Dispatcher.HttpMethod,
    headers: options.headers,
    body: options.body ?? null,
    signal,
    dispatcher: ctx.dispatcher,
  });
  ctx.status = statusCode;
  ctx.retryAfterMs = retryAfter(headers['retry-after'], ctx.now);
  const chunks: Uint8Array[] = [];
  let left = ctx.maxBytes;
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    left -= chunk.byteLength;
    // Leaving the loop ends the connection.
    if (left < 0) throw new TocsinError(TOO_LARGE, `the answer is larger than ${ctx.maxBytes} bytes`);
    chunks.push(chunk);
  }
  return { statusCode, headers, body: Buffer.concat(chunks).toString('utf8') };
}

const TOO_LARGE = 'fetch_too_large';

/** Did a call fail because its answer is larger than it may be? */
export const isTooLarge = (error: unknown): boolean =>
  error instanceof TocsinError && codeOf(error.cause) === TOO_LARGE;

/** Milliseconds of a header in seconds or as an HTTP date; null when it is neither. */
export function retryAfter(header: string | string[] | undefined, now: () => number): number | null {
  const text = (Array.isArray(header) ? header[0] : header)?.trim();
  if (!text) return null;
  if (/^\d{1,9}(\.\d+)?$/.test(text)) return Math.ceil(Number(text) * 1000);
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : Math.max(0, at - now());
}

/** Connections of one account. `proxy` is the operator's: `http:`, `https:`, `socks5:`. */
export function connections(proxy: string | null): Dispatcher {
  const limits = { connections: 16, headersTimeout: 0, bodyTimeout: 0 };
  if (!proxy) return new Agent({ ...limits, connect: { timeout: 10_000 } });
  return /^socks/i.test(proxy) ? socksAgent(proxy, limits) : proxyAgent({ uri: proxy, ...limits });
}

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
  const failed = (code: Code, detail: string, errcode: string | null = null, facts: Facts = ctx): TocsinError => {
    const wait = facts.retryAfterMs === null ? null : Math.min(Math.ceil(facts.retryAfterMs), MAX_WAIT_MS);
    const seen = { status: facts.status, errcode, retryAfterMs: wait } satisfies FailureFacts;
    // A response object as a cause would carry headers and people's texts into logs.
    return new TocsinError(code, `Matrix ${call}: ${detail}`, seen, error instanceof Error ? error : undefined);
  };
  if (ctx.signal?.aborted) return failed('canceled', 'canceled');
  if (codeOf(error) === TOO_LARGE) return failed('server', messageOf(error));
  if (error instanceof TocsinError) return error;
  const shape = (typeof error === 'object' && error !== null ? error : {}) as Record<string, unknown>;
  const errcode = typeof shape.errcode === 'string' ? bounded(shape.errcode, 60) : null;
  const status = typeof shape.statusCode === 'number' ? shape.statusCode : ctx.status;
  // Below 300 an `errcode` is part of somebody's state event, not the server's word.
  if (status < 300) {
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

const isTimeout = (shape: Record<string, unknown>): boolean =>
  shape.name === 'TimeoutError' || /TIMEOUT|TIMEDOUT/.test(String(shape.code ?? ''));

function reasonOf(shape: Record<string, unknown>): string {
  if (isTimeout(shape)) return 'no answer in time';
  const code = shape.code;
  return typeof code === 'string' ? bounded(code, 60) : bounded(String(shape.message ?? 'no answer'), 120);
}

const bounded = (text: string, length: number): string => text.slice(0, length).toWellFormed();

/** Facts of a failed call; zeros for anything else. */
export function factsOf(error: unknown) {
  const facts: Record<string, unknown> = error instanceof TocsinError ? error.facts : {};
  return {
    /** HTTP status, or 0 when there was no answer. */
    status: typeof facts.status === 'number' ? facts.status : 0,
    /** Matrix error code; null when the body was not Matrix's (a proxy's page): nothing may be concluded about rooms or tokens then. */
    errcode: typeof facts.errcode === 'string' ? facts.errcode : null,
    /** How long the server asks to wait, or null. */
    retryAfterMs: typeof facts.retryAfterMs === 'number' ? facts.retryAfterMs : null,
  };
}
