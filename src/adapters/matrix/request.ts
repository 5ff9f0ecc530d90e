import { AsyncLocalStorage } from 'node:async_hooks';
import type { Dispatcher } from 'undici';
import { Agent, proxyAgent, request, socksAgent } from '../../platform/undici.ts';

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
  encoding?: null;
  timeout: number;
}

type Callback = (
  error: unknown,
  response?: { statusCode: number; headers: unknown; body: unknown },
  body?: unknown,
) => void;

export function requestFn(options: RequestOptions, callback: Callback): void {
  exchange(options).then(
    (answer) => callback(null, answer, answer.body),
    (error: unknown) => callback(error),
  );
}

async function exchange(options: RequestOptions): Promise<{ statusCode: number; headers: unknown; body: unknown }> {
  const ctx = context.getStore();
  if (!ctx) throw new Error('A Matrix request outside of its port');
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
  const bytes = await readBounded(body, ctx.maxBytes);
  return { statusCode, headers, body: options.encoding === null ? bytes : bytes.toString('utf8') };
}

async function readBounded(
  body: AsyncIterable<Uint8Array> & { destroy(): unknown },
  maxBytes: number,
): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > maxBytes) {
      body.destroy();
      throw new AnswerTooLarge(maxBytes);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

export class AnswerTooLarge extends Error {
  constructor(maxBytes: number) {
    super(`the answer is larger than ${maxBytes} bytes`);
    this.name = 'AnswerTooLarge';
  }
}

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
