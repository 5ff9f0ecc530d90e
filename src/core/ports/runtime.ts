/** Time, handed in. */
export interface Clock {
  /** Milliseconds since the epoch, UTC. May jump (NTP, suspended laptops): never measure a duration with it. */
  now(): number;
  /** Milliseconds of a clock that only goes forward; its zero means nothing. */
  monotonic(): number;
  /** Resolves after `ms`, or rejects with the signal's reason as soon as it aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Chance, handed in. */
export interface Ids {
  /** A unique, time-ordered id of 16 characters [0-9a-z]. */
  next(): string;
  /** `length` random characters [0-9a-z], for the tail of an incident's id. */
  tail(length: number): string;
  /** A number in [0, 1), for jitter. */
  random(): number;
}

/** The one guarded fetch (`platform/http.ts`). Everything it returns is hostile text of bounded size. */
export interface HttpRequest {
  /** `http:` or `https:`; a name and a password in it are sent as a header, and shown nowhere. */
  url: string;
  /** Default GET. GET and HEAD may be sent twice where a kept connection turns out to be closed. */
  method?: 'GET' | 'POST' | 'PUT' | 'HEAD';
  /** Names in any case. Credentials and cookies do not follow a redirect to another origin. */
  headers?: Record<string, string>;
  body?: string | Uint8Array;
  /** Whole exchange, redirects included; default 20,000 ms. */
  timeoutMs?: number;
  /** After inflation; default 5 MB. */
  maxBytes?: number;
  /**
   * For bodies too large to be held: called with each piece as it comes, inflated, one after another; `body` is empty then. Only for a status
   * of 200 to 299: what another one says is no document. What it throws ends the request.
   */
  onChunk?: (chunk: Uint8Array) => void;
  /** Status and headers are all that is wanted: `body` is empty, and what the server sends there, however long or slow, is left. */
  statusOnly?: true;
  /** Default 5; each hop is checked anew. */
  maxRedirects?: number;
  /** Awaited before a redirect is followed to that host (with its port): who has manners waits there. Its time is the request's. */
  onHop?: (host: string, signal: AbortSignal) => Promise<void>;
  /** Aborts with the code `canceled`. */
  signal?: AbortSignal;
}

/** One redirect: where it led (without credentials), and whether the server called it permanent (301, 308). */
export interface Redirect {
  url: string;
  permanent: boolean;
}

export interface HttpResponse {
  status: number;
  /** Where it ended after redirects. */
  url: string;
  /** Every redirect on the way, in order; absent or empty where the asked address answered itself. */
  redirects?: readonly Redirect[];
  /** Names in lower case; several of one name are joined. */
  headers: Record<string, string>;
  /** Inflated, never longer than `maxBytes`: what is longer is an error (`fetch_too_large`), not cut. */
  body: Uint8Array;
}

/**
 * Resolves with any status that the server gave; throws `TocsinError` with a `fetch_*` code otherwise. Refuses private and reserved
 * addresses (also after redirects and at connect time) unless the operator allows them. Never retries.
 */
export type Http = (request: HttpRequest) => Promise<HttpResponse>;

export type LogFields = Record<string, string | number | boolean | null | undefined>;

/** A fixed sentence plus fields. Never a token, never a person's message; chat ids shortened. */
export interface Log {
  /** For whoever looks for a fault: each step; off unless `TOCSIN_LOG=debug`. */
  debug(message: string, fields?: LogFields): void;
  /** What an operator wants to know once: started, filled, works again. */
  info(message: string, fields?: LogFields): void;
  /** Needs a look, and the bot goes on. When a failure is new or has changed, not at each try. */
  warn(message: string, fields?: LogFields): void;
  /** Something was not done that should have been. */
  error(message: string, fields?: LogFields): void;
  /** The same log with these fields on every line. */
  child(fields: LogFields): Log;
}

/** What nearly every part is handed. */
export interface Tools {
  clock: Clock;
  ids: Ids;
  log: Log;
}

/** Says nothing. */
export const quietLog: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => quietLog };

/** How far long work is, for whoever waits for it. Never part of an answer: it goes where people look, and is gone at the end. */
interface Progress extends Disposable {
  /** So many are done, of so many; `all` null where nobody knows. May be called for each one: it draws only now and then. */
  tell(done: number, all?: number | null): void;
  /** Before something else is written to the same place. */
  hide(): void;
  /** Takes away what is left of it, as the end of its block does. May be called again. */
  end(): void;
}

/** `what` is being done, such as "replaying", counted in `unit`, such as "items". */
export type BeginProgress = (what: string, unit: string) => Progress;

/**
 * Small durable facts that must survive (sync tokens, "this room is encrypted", judge memory). JSON values: what comes back is a copy, in
 * whose shape an older version may have written it, so whoever reads it checks it. All throw `store_failed` when the store fails.
 */
export interface DurableState {
  /** Undefined where nothing was set. */
  get(key: string): Promise<unknown>;
  /** Resolves when it is durable; the last call wins. An undefined value is kept as null. */
  set(key: string, value: unknown): Promise<void>;
  /** Nothing there is no error. */
  delete(key: string): Promise<void>;
}

/**
 * What may be forgotten (HTTP validators, callback texts, pickers, link codes). Never throws. A failing store reads as a miss: correctness
 * never rests on it.
 */
export interface Forgettable {
  /** Undefined where nothing is kept, or not any more. */
  get(key: string): Promise<unknown>;
  /** `ttlMs` null = until cleared. False = not kept. */
  set(key: string, value: unknown, ttlMs: number | null): Promise<boolean>;
  /** False = nothing was there, or the store fails. */
  delete(key: string): Promise<boolean>;
}

/** One row: `bucket` and `key` are its name, both any text; `value` is bytes. */
export interface Row {
  bucket: string;
  key: string;
  value: Uint8Array;
}

/** A null value deletes; a row that is not there is no error. */
export type RowChange = Omit<Row, 'value'> & { value: Uint8Array | null };

/**
 * Rows that somebody keeps as a copy of what it has in memory, and that must never be older than what it did: the keys of encrypted rooms. They are part of
 * no export and no digest, since going on from an old copy would repeat what may be used once. All throw `store_failed` when the store fails, and
 * `lease_lost` when another process has taken over.
 */
export interface DurableRows {
  /** All of them, in no order. */
  all(): Promise<Row[]>;
  /** Those of one bucket. */
  of(bucket: string): Promise<Row[]>;
  get(bucket: string, key: string): Promise<Uint8Array | null>;
  /** All or nothing; resolves when it is durable. The last change of a row counts. */
  write(changes: readonly RowChange[]): Promise<void>;
}
