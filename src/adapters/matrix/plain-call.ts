/** One request to a homeserver outside of `MatrixPort`: before there is a token, and where a refusal's body matters. */
import type { Dispatcher } from 'undici';
import { TocsinError } from '../../core/errors.ts';
import type { Json } from './port.ts';
import { context, requestFn } from './request.ts';
import { json } from './sync-answer.ts';

export interface PlainDeps {
  dispatcher: Dispatcher;
  now(): number;
  signal: AbortSignal;
}

export interface PlainCall {
  method: 'GET' | 'POST' | 'PUT';
  body?: object;
  token?: string;
  timeoutMs?: number;
  maxBytes?: number;
}

/** Whatever the status is. */
export interface Answer {
  status: number;
  body: Json;
  isJson: boolean;
}

const TIMEOUT_MS = 15_000;
const MAX_BYTES = 256 * 1024;

/** Throws `server` where there was no answer, whatever the reason. */
export async function plainCall(
  url: string,
  { method, body, token, timeoutMs = TIMEOUT_MS, maxBytes = MAX_BYTES }: PlainCall,
  { dispatcher, now, signal }: PlainDeps,
): Promise<Answer> {
  const ctx = { dispatcher, signal, maxBytes, now, status: 0, retryAfterMs: null };
  const headers = {
    accept: 'application/json',
    ...(body ? { 'content-type': 'application/json' } : {}),
    ...(token ? { authorization: `Bearer ${token}` } : {}),
  };
  const options = { uri: url, method, headers, timeout: timeoutMs, ...(body ? { body: JSON.stringify(body) } : {}) };
  try {
    return await new Promise<Answer>((resolve, reject) => {
      context.run(ctx, () =>
        requestFn(options, (error, response, text) => {
          if (error || !response) return reject(error instanceof Error ? error : new Error('no answer'));
          const parsed = parse(String(text));
          resolve({ status: response.statusCode, body: json(parsed), isJson: parsed !== null });
        }),
      );
    });
  } catch (error) {
    const { code, name } = error as NodeJS.ErrnoException;
    throw new TocsinError('server', `${new URL(url).origin} cannot be reached (${code ?? name})`);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
