/** What this adapter needs of a Matrix client: a dozen endpoints, without any vendor's shape. `sdk.ts` implements it over matrix-bot-sdk. */
export interface MatrixPort {
  whoami(options?: CallOptions): Promise<{ userId: string; deviceId: string | null }>;
  /** The display name of our own profile, or null. */
  displayName(userId: string, options?: CallOptions): Promise<string | null>;
  /** One long poll. `timeoutMs` is how long the server may hold it. */
  sync(request: SyncRequest, options: CallOptions): Promise<SyncAnswer>;
  /** One attempt; the same `txnId` on the same device gives the same event id, however often (Synapse remembers for a day or so). */
  sendEvent(roomId: string, type: string, txnId: string, content: object, options: CallOptions): Promise<string>;
  /** Keeps a file on the server; returns its address there (`mxc:…`). Repeating it makes a second one. */
  upload(file: UploadedFile, options: CallOptions): Promise<string>;
  /** Messages of a room, newest first, between two tokens; `end` is where to go on, null when there is no more. */
  messages(
    roomId: string,
    range: { from: string; to: string },
    options?: CallOptions,
  ): Promise<{ chunk: unknown; end: string | null }>;
  /** A whole event with its newest edit; null when there is none that we may see. */
  event(roomId: string, eventId: string, options?: CallOptions): Promise<Json | null>;
  joinedRooms(options?: CallOptions): Promise<string[]>;
  /** Everybody who is in the room, is invited to it, or knocks: ids with their membership. */
  roomMembers(roomId: string, options?: CallOptions): Promise<[userId: string, membership: string][]>;
  joinedMembers(roomId: string, options?: CallOptions): Promise<string[]>;
  /** Content of a state event; null when the server says with status 404 that there is none. Any other trouble throws. */
  stateContent(roomId: string, type: string, options?: CallOptions): Promise<Json | null>;
  /** Sets a state event; a failure with status 403 says that we may not. */
  setState(roomId: string, type: string, content: object, options?: CallOptions): Promise<void>;
  /** The whole `m.room.create` event, for its sender; null as above. */
  createEvent(roomId: string, options?: CallOptions): Promise<Json | null>;
  /** Joins by id; `via` are servers to ask. Returns the room's id. */
  join(roomId: string, via: string[], options?: CallOptions): Promise<string>;
  /** Makes a room for this person and us alone, who is invited and may do there what we may. Returns the room's id. */
  createDirectRoom(personId: string, encrypted: boolean, options?: CallOptions): Promise<string>;
  /** Leaves, or declines an invitation. */
  leave(roomId: string, reason: string, options?: CallOptions): Promise<void>;
  /** Content of one of our own account data events; null when there is none. */
  accountData(userId: string, type: string, options?: CallOptions): Promise<Json | null>;
  setAccountData(userId: string, type: string, content: object, options?: CallOptions): Promise<void>;
  /** True when the account has published keys for encryption: clients then open encrypted direct chats with it. */
  hasEncryptionKeys(userId: string, options?: CallOptions): Promise<boolean>;
  /** The server that `https://<host>/.well-known/matrix/client` names, or null. Never throws. */
  wellKnown(options?: CallOptions): Promise<string | null>;
  /** A request of the encryption's own, one attempt: keys, devices, messages to devices. */
  ask(request: AskedOf, options?: CallOptions): Promise<Json>;
  /** Ends connections under way. */
  close(): Promise<void>;
}

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

export type Json = Record<string, unknown>;

export interface CallOptions {
  signal?: AbortSignal;
  /** Whole exchange; default 30,000 ms. */
  timeoutMs?: number;
}

export interface SyncRequest {
  since: string | null;
  timeoutMs: number;
  /** A filter definition, as JSON. */
  filter: string;
}

/** A sync answer, still hostile: read it by `untrusted.ts` only. */
export type SyncAnswer = Json;

/** Every failure of a call is a `TocsinError` with these facts; its code is one of auth, rate_limited, client, server, timeout, canceled. */
export interface FailureFacts {
  /** HTTP status, or 0 when there was no answer. */
  status: number;
  /** Matrix error code; null when the body was not Matrix's (a proxy's page): nothing may be concluded about rooms or tokens then. */
  errcode: string | null;
  /** How long the server asks to wait, or null. */
  retryAfterMs: number | null;
}
