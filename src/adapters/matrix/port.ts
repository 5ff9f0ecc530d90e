import { TocsinError } from '../../core/errors.ts';
import { type CallOptions, connections, context, type RequestContext, requestFn, toFailure } from './request.ts';
import { isUserId, type Json, json, list, type SyncAnswer } from './untrusted.ts';

/**
 * What this adapter needs of a Matrix client: some two dozen endpoints, without any vendor's shape. Each is one attempt; every failure is a
 * `TocsinError` with `FailureFacts`.
 */
export type MatrixPort = Awaited<ReturnType<typeof connectPort>>;

const MB = 1024 * 1024;
const DEFAULT_TIMEOUT_MS = 30_000;
/** A sync answer is parsed in one go on the main loop, so it must stay small; the loop asks for less when it meets this. */
const MAX_SYNC_BYTES = 8 * MB;
const MESSAGES_A_PAGE = 100;
const ONLY_MESSAGES = JSON.stringify({ types: ['m.room.message', 'm.reaction', 'm.sticker'], lazy_load_members: true });
const MAX_ANSWER_BYTES = 2 * MB;
/** Where so many rooms in a row fail, it is no trouble of theirs. */
const FEW_ROOMS = 3;
const MAX_NAMED_BYTES = MB / 4;
/** Devices of 250 people, each with its keys and signatures. */
const MAX_KEYS_BYTES = 32 * MB;
const CLIENT = '/_matrix/client/v3';

export interface AskedOf {
  method: 'GET' | 'POST' | 'PUT';
  /** Without the server: "/_matrix/client/v3/keys/query". */
  path: string;
  /** JSON as text; null = none. */
  body: string | null;
}

export interface UploadedFile {
  bytes: Uint8Array;
  contentType: string;
  name: string;
}

/** How a homeserver is reached. */
export interface Reach {
  proxy: string | null;
  /** Wall clock. */
  now(): number;
  /** Of calls that have none of their own. */
  signal?: AbortSignal;
  /** As `AdapterDeps.holds`. */
  holds?: (() => boolean) | undefined;
}

interface Question extends CallOptions {
  /** Not the homeserver, so that our token is none of its business. */
  server?: string;
  qs?: object;
  /** Sent as JSON, or as it is where it is a Buffer. */
  body?: object;
  contentType?: string;
  maxBytes?: number;
  /** An answer with 401 that names a session is one: what has to be done first. */
  mayWantMore?: boolean;
}

/**
 * Over matrix-bot-sdk: its requests and errors. Its sync loop and send helpers are not used, since they lose events, never
 * abort and cannot repeat a transaction id (docs/decisions/matrix.md#our-own-loop-and-send-path). Only the part that makes requests is loaded:
 * its index pulls in a web server, an HTML parser and a database driver, 39 MB of memory (docs/decisions/matrix.md#memory).
 * `accessToken` null: there is none yet, and little can be asked.
 */
export async function connectPort(
  homeserver: string,
  accessToken: string | null,
  { proxy, now, signal: ending, holds = () => true }: Reach,
) {
  const { doHttpRequest } = await loadSdk();
  const dispatcher = connections(proxy);
  let refused: TocsinError | null = null;
  /** Rooms about which the last questions failed. */
  const failing = new Set<string>();

  /** `path` is below the client API, or begins with "/_matrix" or "/.well-known". */
  async function call(name: string, method: AskedOf['method'], path: string, question: Question = {}): Promise<Json> {
    const { server, signal = ending, qs = null, body = null, contentType, maxBytes = MAX_ANSWER_BYTES } = question;
    const ctx: RequestContext = { dispatcher, signal, maxBytes, now, status: 0, retryAfterMs: null };
    const timeout = question.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    const whole = /^\/(?:_matrix|\.well-known)\//.test(path) ? path : CLIENT + path;
    const headers = server || accessToken === null ? {} : { Authorization: `Bearer ${accessToken}` };
    let answer: unknown;
    if (!holds()) throw new TocsinError('canceled', 'Another process holds this account now');
    try {
      answer = await context.run(ctx, () =>
        doHttpRequest(server ?? homeserver, method, whole, qs, body, headers, timeout, false, contentType),
      );
    } catch (error) {
      const { statusCode, body } = json(error);
      if (question.mayWantMore && statusCode === 401 && typeof json(body).session === 'string') return json(body);
      const failure = toFailure(error, ctx, name);
      if (failure.code === 'auth' && !server) refused = failure;
      throw failure;
    }
    if (!server) refused = null;
    if (typeof answer === 'object' && answer !== null && !Array.isArray(answer)) return answer as Json;
    throw unusable(name, 'that is not from a Matrix server', ctx.status);
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

  /** Where a room alone fails, that is its own trouble and holds back no other (`verdictOf`); where many in a row do, or nobody answers, it is not. */
  async function ofRoom<T>(roomId: string, asked: Promise<T>): Promise<T> {
    try {
      const answer = await asked;
      failing.clear();
      return answer;
    } catch (error) {
      const isAnswer = error instanceof TocsinError && error.code === 'server' && error.facts.status !== 0;
      if (!isAnswer || failing.add(roomId).size >= FEW_ROOMS) throw error;
      throw new TocsinError('server', error.message, { ...error.facts, scope: 'chat' }, error);
    }
  }

  const room = (roomId: string, rest: string): string => `/rooms/${enc(roomId)}/${rest}`;
  const data = (userId: string, type: string): string => `/user/${enc(userId)}/account_data/${enc(type)}`;

  return {
    async whoami(options?: CallOptions) {
      const answer = await call('whoami', 'GET', '/account/whoami', options);
      const deviceId = answer.device_id;
      return { userId: text(answer, 'user_id', 'whoami'), deviceId: typeof deviceId === 'string' ? deviceId : null };
    },
    /** Versions of the specification: who answers this is a homeserver. */
    async versions(options?: CallOptions) {
      return strings((await call('versions', 'GET', '/_matrix/client/versions', options)).versions, 'versions');
    },
    /** Ways to log in. */
    async loginTypes(options?: CallOptions) {
      return list((await call('login', 'GET', '/login', options)).flows).map(({ type }) => type);
    },
    async login(body: object, options?: CallOptions) {
      const answer = await call('login', 'POST', '/login', { ...options, body });
      return { userId: text(answer, 'user_id', 'login'), accessToken: text(answer, 'access_token', 'login', 4_096) };
    },
    /** Ends the session of the token. */
    async logout(options?: CallOptions) {
      await call('logout', 'POST', '/logout', { ...options, body: {} });
    },
    /** The display name of our own profile, or null. */
    async displayName(userId: string, options?: CallOptions) {
      const answer = await orNull(call('profile', 'GET', `/profile/${enc(userId)}/displayname`, options));
      const name = answer?.displayname;
      return typeof name === 'string' ? name : null;
    },
    /** One long poll. `timeoutMs` is how long the server may hold it; `filter` is a definition, as JSON. */
    sync(
      { since, timeoutMs, filter }: { since: string | null; timeoutMs: number; filter: string },
      options: CallOptions,
    ): Promise<SyncAnswer> {
      const qs = { timeout: timeoutMs, filter, ...(since && { since }) };
      return call('sync', 'GET', '/sync', { ...options, qs, maxBytes: MAX_SYNC_BYTES });
    },
    /** One attempt; the same `txnId` on the same device gives the same event id, however often (Synapse remembers for a day or so). */
    async sendEvent(roomId: string, type: string, txnId: string, content: object, options: CallOptions) {
      const path = room(roomId, `send/${enc(type)}/${enc(txnId)}`);
      return text(await call('send', 'PUT', path, { ...options, body: content }), 'event_id', 'send');
    },
    /** Keeps a file on the server; returns its address there (`mxc:…`). Repeating it makes a second one. */
    async upload({ bytes, contentType, name }: UploadedFile, options: CallOptions) {
      const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      const qs = { filename: name };
      const answer = await call('upload', 'POST', '/_matrix/media/v3/upload', { ...options, qs, body, contentType });
      const address = text(answer, 'content_uri', 'upload');
      if (!/^mxc:\/\/[^/\s]+\/[\w-]+$/.test(address)) throw malformed('upload');
      return address;
    },
    /** Messages of a room, newest first, between two tokens; `end` is where to go on, null when there is no more. */
    async messages(roomId: string, { from, to }: { from: string; to: string }, options?: CallOptions) {
      const qs = { dir: 'b', limit: MESSAGES_A_PAGE, from, to, filter: ONLY_MESSAGES };
      const question = { ...options, qs, maxBytes: MAX_SYNC_BYTES };
      const { chunk, end } = await call('messages', 'GET', room(roomId, 'messages'), question);
      return { chunk, end: typeof end === 'string' ? end : null };
    },
    /** A whole event with its newest edit; null when there is none that we may see. */
    event: (roomId: string, eventId: string, options?: CallOptions) =>
      orNull(call('event', 'GET', room(roomId, `event/${enc(eventId)}`), options)),
    async joinedRooms(options?: CallOptions) {
      return strings((await call('joined_rooms', 'GET', '/joined_rooms', options)).joined_rooms, 'joined_rooms');
    },
    async joinedMembers(roomId: string, options?: CallOptions) {
      const { joined } = await call('joined_members', 'GET', room(roomId, 'joined_members'), options);
      if (typeof joined !== 'object' || joined === null || Array.isArray(joined)) throw malformed('joined_members');
      return Object.keys(joined);
    },
    /** Everybody who is in the room, is invited to it, or knocks: ids with their membership. */
    async roomMembers(roomId: string, options?: CallOptions) {
      const question = { ...options, qs: { not_membership: 'leave' }, maxBytes: MAX_KEYS_BYTES };
      const { chunk } = await ofRoom(roomId, call('members', 'GET', room(roomId, 'members'), question));
      if (!Array.isArray(chunk)) throw malformed('members');
      return chunk.flatMap((event: unknown): [userId: string, membership: string][] => {
        const { state_key: userId, content } = json(event);
        const { membership } = json(content);
        return isUserId(userId) && typeof membership === 'string' ? [[userId, membership]] : [];
      });
    },
    /** Content of a state event; null when the server says with status 404 that there is none. Any other trouble throws. */
    stateContent: (roomId: string, type: string, options?: CallOptions) =>
      ofRoom(roomId, orNull(call('state', 'GET', room(roomId, `state/${enc(type)}/`), options))),
    /** Sets a state event; a failure with status 403 says that we may not. */
    async setState(roomId: string, type: string, content: object, options?: CallOptions) {
      await call('state', 'PUT', room(roomId, `state/${enc(type)}/`), { ...options, body: content });
    },
    /** The whole `m.room.create` event, for its sender; null as above. */
    createEvent: (roomId: string, options?: CallOptions) =>
      orNull(call('state', 'GET', room(roomId, 'state/m.room.create/'), { ...options, qs: { format: 'event' } })),
    /** Joins by id; `via` are servers to ask. Returns the room's id. */
    async join(roomId: string, via: string[], options?: CallOptions) {
      const query = via.map((server) => `server_name=${enc(server)}&via=${enc(server)}`).join('&');
      const path = `/join/${enc(roomId)}${query && `?${query}`}`;
      return text(await call('join', 'POST', path, { ...options, body: {} }), 'room_id', 'join');
    },
    /** Makes a room for this person and us alone, who is invited and may do there what we may. Returns the room's id. */
    async createDirectRoom(personId: string, encrypted: boolean, options?: CallOptions) {
      const encryption = { type: 'm.room.encryption', state_key: '', content: { algorithm: 'm.megolm.v1.aes-sha2' } };
      const state = encrypted ? { initial_state: [encryption] } : {};
      const body = { preset: 'trusted_private_chat', is_direct: true, invite: [personId], ...state };
      return text(await call('createRoom', 'POST', '/createRoom', { ...options, body }), 'room_id', 'createRoom');
    },
    /** Leaves, or declines an invitation. */
    async leave(roomId: string, reason: string, options?: CallOptions) {
      await call('leave', 'POST', room(roomId, 'leave'), { ...options, body: { reason } });
    },
    /** Content of one of our own account data events; null when there is none. */
    accountData: (userId: string, type: string, options?: CallOptions) =>
      orNull(call('account_data', 'GET', data(userId, type), options)),
    async setAccountData(userId: string, type: string, content: object, options?: CallOptions) {
      await call('account_data', 'PUT', data(userId, type), { ...options, body: content });
    },
    /** Uploads the keys of the account's identity. Null: they are taken; else what is to be confirmed first, as the server says it. */
    async uploadIdentity(body: object, options?: CallOptions) {
      const question = { ...options, body, mayWantMore: true };
      const answer = await call('device_signing', 'POST', '/keys/device_signing/upload', question);
      return answer.session === undefined ? null : answer;
    },
    /** Where people confirm a stage of that in a browser. */
    confirmAt: (stage: string, session: string): string =>
      `${homeserver}${CLIENT}/auth/${enc(stage)}/fallback/web?session=${enc(session)}`,
    /** True when the account has published keys for encryption: clients then open encrypted direct chats with it. */
    async hasEncryptionKeys(userId: string, options?: CallOptions) {
      const body = { device_keys: { [userId]: [] } };
      const answer = await call('keys/query', 'POST', '/keys/query', { ...options, body });
      return Object.keys(json(json(answer.device_keys)[userId])).length > 0;
    },
    /** The server that `https://<host>/.well-known/matrix/client` names, or null. Never throws. */
    async wellKnown(options?: CallOptions) {
      const question = { timeoutMs: 5_000, maxBytes: MAX_NAMED_BYTES, ...options, server: new URL(homeserver).origin };
      const answer = await call('well-known', 'GET', '/.well-known/matrix/client', question).catch(() => null);
      const named = json(answer?.['m.homeserver']).base_url;
      const url = typeof named === 'string' && named.length < 300 ? URL.parse(named) : null;
      return url && /^https?:$/.test(url.protocol) && !url.username ? url.href.replace(/\/+$/, '') : null;
    },
    /** A request of the encryption's own, one attempt: keys, devices, messages to devices. */
    ask: ({ method, path, body }: AskedOf, options?: CallOptions) =>
      call(`${method} ${path.split('/')[4] ?? ''}`, method, path, {
        ...options,
        maxBytes: MAX_KEYS_BYTES,
        ...(body !== null && { body: JSON.parse(body) as object }),
      }),
    /** What the server has against our token, by its last answer. */
    refused: () => refused,
    /** Ends connections under way. */
    close: () => dispatcher.destroy(),
  };
}

const enc = encodeURIComponent;

const unusable = (call: string, what: string, status: number): TocsinError =>
  new TocsinError('server', `Matrix ${call}: an answer ${what}`, { status, errcode: null, retryAfterMs: null });

export const malformed = (call: string, what = 'without what the specification says'): TocsinError =>
  unusable(call, what, 200);

function text(answer: Json, key: string, call: string, most = 255): string {
  const value = answer[key];
  if (typeof value !== 'string' || value === '' || value.length > most) throw malformed(call);
  return value;
}

function strings(value: unknown, call: string): string[] {
  if (!Array.isArray(value)) throw malformed(call);
  return value.filter((one): one is string => typeof one === 'string' && one.length <= 255);
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
