import type { Dispatcher } from 'undici';
import { TocsinError } from '../../core/errors.ts';
import type { CallOptions, Json, MatrixPort, SyncRequest } from './port.ts';
import { connections, context, type RequestContext, requestFn, toFailure } from './request.ts';
import { isUserId } from './untrusted.ts';

const MB = 1024 * 1024;
const DEFAULT_TIMEOUT_MS = 30_000;
/** A sync answer is parsed in one go on the main loop, so it must stay small; the loop asks for less when it meets this. */
const MAX_SYNC_BYTES = 8 * MB;
const MESSAGES_A_PAGE = 100;
const ONLY_MESSAGES = JSON.stringify({ types: ['m.room.message', 'm.reaction'], lazy_load_members: true });
const MAX_ANSWER_BYTES = 2 * MB;
/** Devices of 250 people, each with its keys and signatures. */
const MAX_KEYS_BYTES = 32 * MB;

/**
 * `MatrixPort` over matrix-bot-sdk: its requests and errors. Its sync loop and send helpers are not used, since they lose events, never
 * abort and cannot repeat a transaction id (docs/decisions/2026-11-25-matrix-own-loop.md). Only the part that makes requests is loaded:
 * its index pulls in a web server, an HTML parser and a database driver, 39 MB of memory (docs/decisions/2026-11-27-matrix-memory.md).
 */
export async function connectSdk(
  homeserver: string,
  accessToken: string,
  proxy: string | null,
  now: () => number,
): Promise<MatrixPort> {
  const { doHttpRequest } = await loadSdk();
  const headers = { Authorization: `Bearer ${accessToken}` };
  const ask: Ask = ({ method, path, qs, body, timeout, contentType }) =>
    doHttpRequest(homeserver, method, path, qs, body, headers, timeout, false, contentType);
  return portOver(ask, homeserver, connections(proxy), now);
}

type Method = 'GET' | 'POST' | 'PUT';
interface Question {
  method: Method;
  path: string;
  qs: object | null;
  /** Sent as JSON, or as it is where it is a Buffer. */
  body: object | null;
  /** ms. */
  timeout: number;
  contentType: string | undefined;
}
type Ask = (question: Question) => Promise<unknown>;

function portOver(ask: Ask, homeserver: string, dispatcher: Dispatcher, now: () => number): MatrixPort {
  const contextOf = (signal: AbortSignal | undefined, maxBytes: number): RequestContext => ({
    dispatcher,
    signal,
    maxBytes,
    now,
    status: 0,
    retryAfterMs: null,
  });

  async function call(
    name: string,
    method: Method,
    path: string,
    options: CallOptions & { qs?: object; body?: object; contentType?: string; maxBytes?: number } = {},
  ): Promise<Json> {
    const { signal, qs = null, body = null, contentType, maxBytes = MAX_ANSWER_BYTES } = options;
    const ctx = contextOf(signal, maxBytes);
    const timeout = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    try {
      const answer: unknown = await context.run(ctx, () => ask({ method, path, qs, body, timeout, contentType }));
      if (isJson(answer)) return answer;
    } catch (error) {
      throw toFailure(error, ctx, name);
    }
    throw new TocsinError('server', `Matrix ${name}: an answer that is not from a Matrix server`, {
      status: ctx.status,
      errcode: null,
      retryAfterMs: null,
    });
  }

  /** 404 alone means "there is none", and only from a Matrix server. A state event may itself hold an `errcode`: go by the status. */
  async function orNull(answer: Promise<Json>): Promise<Json | null> {
    try {
      return await answer;
    } catch (error) {
      if (error instanceof TocsinError && error.facts.status === 404 && error.facts.errcode === 'M_NOT_FOUND')
        return null;
      throw error;
    }
  }

  const room = (roomId: string, rest: string): string => `/_matrix/client/v3/rooms/${enc(roomId)}/${rest}`;

  return {
    async whoami(options) {
      const answer = await call('whoami', 'GET', '/_matrix/client/v3/account/whoami', options);
      const deviceId = answer.device_id;
      return { userId: text(answer, 'user_id', 'whoami'), deviceId: typeof deviceId === 'string' ? deviceId : null };
    },
    async displayName(userId, options) {
      const answer = await orNull(
        call('profile', 'GET', `/_matrix/client/v3/profile/${enc(userId)}/displayname`, options),
      );
      const name = answer?.displayname;
      return typeof name === 'string' ? name : null;
    },
    sync(request: SyncRequest, options) {
      const qs = { timeout: request.timeoutMs, filter: request.filter, ...(request.since && { since: request.since }) };
      return call('sync', 'GET', '/_matrix/client/v3/sync', { ...options, qs, maxBytes: MAX_SYNC_BYTES });
    },
    async sendEvent(roomId, type, txnId, content, options) {
      const answer = await call('send', 'PUT', room(roomId, `send/${enc(type)}/${enc(txnId)}`), {
        ...options,
        body: content,
      });
      return text(answer, 'event_id', 'send');
    },
    async upload({ bytes, contentType, name }, options) {
      const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      const qs = { filename: name };
      const answer = await call('upload', 'POST', '/_matrix/media/v3/upload', { ...options, qs, body, contentType });
      const address = text(answer, 'content_uri', 'upload');
      if (!/^mxc:\/\/[^/\s]+\/[\w-]+$/.test(address)) throw malformed('upload');
      return address;
    },
    async messages(roomId, { from, to }, options) {
      const qs = { dir: 'b', limit: MESSAGES_A_PAGE, from, to, filter: ONLY_MESSAGES };
      const answer = await call('messages', 'GET', room(roomId, 'messages'), {
        ...options,
        qs,
        maxBytes: MAX_SYNC_BYTES,
      });
      return { chunk: answer.chunk, end: typeof answer.end === 'string' ? answer.end : null };
    },
    event: (roomId, eventId, options) => orNull(call('event', 'GET', room(roomId, `event/${enc(eventId)}`), options)),
    async joinedRooms(options) {
      const answer = await call('joined_rooms', 'GET', '/_matrix/client/v3/joined_rooms', options);
      return strings(answer.joined_rooms, 'joined_rooms');
    },
    async joinedMembers(roomId, options) {
      const answer = await call('joined_members', 'GET', room(roomId, 'joined_members'), options);
      const joined = answer.joined;
      return isJson(joined) ? Object.keys(joined) : strings(null, 'joined_members');
    },
    async roomMembers(roomId, options) {
      const answer = await call('members', 'GET', room(roomId, 'members'), {
        ...options,
        qs: { not_membership: 'leave' },
        maxBytes: MAX_KEYS_BYTES,
      });
      if (!Array.isArray(answer.chunk)) throw malformed('members');
      return answer.chunk.flatMap((event: unknown): [string, string][] => {
        const { state_key: userId, content } = isJson(event) ? event : {};
        const { membership } = isJson(content) ? content : {};
        return isUserId(userId) && typeof membership === 'string' ? [[userId, membership]] : [];
      });
    },
    stateContent: (roomId, type, options) => orNull(call('state', 'GET', room(roomId, `state/${enc(type)}/`), options)),
    async setState(roomId, type, content, options) {
      await call('state', 'PUT', room(roomId, `state/${enc(type)}/`), { ...options, body: content });
    },
    createEvent: (roomId, options) =>
      orNull(call('state', 'GET', room(roomId, 'state/m.room.create/'), { ...options, qs: { format: 'event' } })),
    async join(roomId, via, options) {
      const query = via.map((server) => `server_name=${enc(server)}&via=${enc(server)}`).join('&');
      const path = `/_matrix/client/v3/join/${enc(roomId)}${query && `?${query}`}`;
      return text(await call('join', 'POST', path, { ...options, body: {} }), 'room_id', 'join');
    },
    async createDirectRoom(personId, encrypted, options) {
      const encryption = { type: 'm.room.encryption', state_key: '', content: { algorithm: 'm.megolm.v1.aes-sha2' } };
      const state = encrypted ? { initial_state: [encryption] } : {};
      const body = { preset: 'trusted_private_chat', is_direct: true, invite: [personId], ...state };
      return text(
        await call('createRoom', 'POST', '/_matrix/client/v3/createRoom', { ...options, body }),
        'room_id',
        'createRoom',
      );
    },
    async leave(roomId, reason, options) {
      await call('leave', 'POST', room(roomId, 'leave'), { ...options, body: { reason } });
    },
    accountData: (userId, type, options) =>
      orNull(call('account_data', 'GET', `/_matrix/client/v3/user/${enc(userId)}/account_data/${enc(type)}`, options)),
    async setAccountData(userId, type, content, options) {
      const path = `/_matrix/client/v3/user/${enc(userId)}/account_data/${enc(type)}`;
      await call('account_data', 'PUT', path, { ...options, body: content });
    },
    async hasEncryptionKeys(userId, options) {
      const body = { device_keys: { [userId]: [] } };
      const answer = await call('keys/query', 'POST', '/_matrix/client/v3/keys/query', { ...options, body });
      const keys = isJson(answer.device_keys) ? answer.device_keys[userId] : null;
      return isJson(keys) && Object.keys(keys).length > 0;
    },
    async wellKnown(options) {
      const ctx = contextOf(options?.signal, 64 * 1024);
      const uri = new URL('/.well-known/matrix/client', homeserver).href;
      return new Promise((resolve) => {
        context.run(ctx, () =>
          requestFn({ uri, method: 'GET', headers: {}, timeout: 5_000 }, (error, _response, body) => {
            resolve(error ? null : baseUrlIn(body));
          }),
        );
      });
    },
    ask: ({ method, path, body }, options) =>
      call(`${method} ${path.split('/')[4] ?? ''}`, method, path, {
        ...options,
        maxBytes: MAX_KEYS_BYTES,
        ...(body !== null && { body: JSON.parse(body) as object }),
      }),
    close: () => dispatcher.destroy(),
  };
}

const enc = encodeURIComponent;
const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

function malformed(call: string): TocsinError {
  return new TocsinError('server', `Matrix ${call}: an answer without what the specification says`, {
    status: 200,
    errcode: null,
    retryAfterMs: null,
  });
}

function text(answer: Json, key: string, call: string): string {
  const value = answer[key];
  if (typeof value !== 'string' || value === '' || value.length > 255) throw malformed(call);
  return value;
}

function strings(value: unknown, call: string): string[] {
  if (!Array.isArray(value)) throw malformed(call);
  return value.filter((one): one is string => typeof one === 'string' && one.length <= 255);
}

function baseUrlIn(body: unknown): string | null {
  try {
    const url: unknown = JSON.parse(String(body))?.['m.homeserver']?.base_url;
    return typeof url === 'string' && url.length < 300 && URL.canParse(url) ? url : null;
  } catch {
    return null;
  }
}

type SdkHttp = typeof import('matrix-bot-sdk/lib/http.js');
let loading: Promise<SdkHttp> | undefined;

/** Loads it once a process, silent: it logs whole answers by itself. */
function loadSdk(): Promise<SdkHttp> {
  loading ??= (async () => {
    const [http, { setRequestFn }, { LogService }] = await Promise.all([
      import('matrix-bot-sdk/lib/http.js'),
      import('matrix-bot-sdk/lib/request.js'),
      import('matrix-bot-sdk/lib/logging/LogService.js'),
    ]);
    const silent = (): void => {};
    LogService.setLogger({ trace: silent, debug: silent, info: silent, warn: silent, error: silent });
    setRequestFn(requestFn);
    return http;
  })();
  return loading;
}
