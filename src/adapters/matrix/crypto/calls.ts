/** What setting up the encryption of an account asks of its homeserver, beyond what the running bot asks. */
import { TocsinError } from '../../../core/errors.ts';
import { type Answer, plainCall } from '../plain-call.ts';
import type { Json } from '../port.ts';
import { connections } from '../request.ts';
import { json } from '../sync-answer.ts';
import type { AccountData } from './secret-storage.ts';

export interface Calls {
  /** Any call, with its answer whatever the status is. `path` begins with `/_matrix`. */
  ask(method: 'GET' | 'POST' | 'PUT', path: string, body?: object, timeoutMs?: number): Promise<Answer>;
  /** The same; throws where the answer is no success. */
  need(method: 'GET' | 'POST' | 'PUT', path: string, body?: object, timeoutMs?: number): Promise<Json>;
  /** Where the account keeps data of its own. */
  dataOf(userId: string): AccountData;
  /** Where people confirm a stage of a login in a browser. */
  confirmAt(stage: string, session: string): string;
  close(): Promise<void>;
}

export interface CallsParts {
  homeserver: string;
  accessToken: string;
  proxy: string | null;
  now(): number;
  signal: AbortSignal;
}

/** A sync after a long time away. */
const MAX_BYTES = 16 * 1024 * 1024;

export function connectCalls({ homeserver, accessToken, proxy, now, signal }: CallsParts): Calls {
  const dispatcher = connections(proxy);
  const ask: Calls['ask'] = (method, path, body, timeoutMs) =>
    plainCall(
      homeserver + path,
      { method, token: accessToken, maxBytes: MAX_BYTES, ...(body && { body }), ...(timeoutMs && { timeoutMs }) },
      { dispatcher, now, signal },
    );
  const need: Calls['need'] = async (method, path, body, timeoutMs) => {
    const answer = await ask(method, path, body, timeoutMs);
    if (answer.status === 200) return answer.body;
    throw refused(answer, `${method} ${path.split('?')[0]!.split('/').slice(-2).join('/')}`);
  };
  const enc = encodeURIComponent;
  return {
    ask,
    need,
    dataOf: (userId) => ({
      async get(type) {
        const answer = await ask('GET', `/_matrix/client/v3/user/${enc(userId)}/account_data/${enc(type)}`);
        if (answer.status === 404 && answer.body.errcode === 'M_NOT_FOUND') return null;
        if (answer.status !== 200) throw refused(answer, 'account_data');
        return answer.body;
      },
      async set(type, content) {
        await need('PUT', `/_matrix/client/v3/user/${enc(userId)}/account_data/${enc(type)}`, content);
      },
    }),
    confirmAt: (stage, session) =>
      `${homeserver}/_matrix/client/v3/auth/${enc(stage)}/fallback/web?session=${enc(session)}`,
    close: () => dispatcher.destroy(),
  };
}

/** What a homeserver says when it refuses, as an error with its code. */
export function refused({ status, body, isJson }: Answer, what: string): TocsinError {
  const errcode = isJson && typeof body.errcode === 'string' ? body.errcode.slice(0, 60) : null;
  const code =
    status === 429
      ? 'rate_limited'
      : errcode === 'M_UNKNOWN_TOKEN' || errcode === 'M_MISSING_TOKEN'
        ? 'auth'
        : status >= 500
          ? 'server'
          : 'client';
  const wait = json(body).retry_after_ms;
  const facts = { status, errcode, retryAfterMs: typeof wait === 'number' ? Math.min(wait, 3_600_000) : null };
  return new TocsinError(code, `the homeserver refuses ${what} (${status} ${errcode ?? 'no answer of Matrix'})`, facts);
}
