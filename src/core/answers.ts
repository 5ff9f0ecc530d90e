/** What answers of strangers' servers are read with: statuses, waits, JSON of any shape. Errors name the host and what to do. */
import { TocsinError, codeOf, orNull } from './errors.ts';
import type { Http, HttpResponse } from './ports/runtime.ts';

/** An object of an answer whose shape nobody vouches for. */
export type Loose = Record<string, unknown>;

/** Longest time that a server (Retry-After) keeps us away, ms. */
const MAX_WAIT_MS = 24 * 3_600_000;
/** Where a server says "too many" and not for how long, ms. */
const PAUSE_MS = 3_600_000;

/** Retry-After: seconds or an HTTP date → ms from `now`, at most 24 h; null where it is missing or nonsense. */
export function retryAfterMs(header: string | undefined, now: number): number | null {
  if (!header) return null;
  const text = header.trim();
  const ms = /^\d{1,12}$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - now;
  return Number.isFinite(ms) && ms > 0 ? Math.min(ms, MAX_WAIT_MS) : null;
}

/** A status that brings no answer → the named error; `facts.retryAfterMs`: how long it wants us to stay away. */
export function statusError({ status, headers }: HttpResponse, host: string, now: number): TocsinError {
  const facts: Record<string, string | number> = { host, status };
  const wait = retryAfterMs(headers['retry-after'], now) ?? (status === 429 ? PAUSE_MS : null);
  if (wait !== null) facts.retryAfterMs = wait;
  const remedy =
    status === 429 ? 'its quota is used up; it is asked again later.' : 'its data cannot be read at present.';
  return new TocsinError('fetch_status', `${host} answered ${status}: ${remedy}`, facts);
}

/** What to do where a document is gone for good, where there is none, and where it is something else. */
export type Remedies = Readonly<Record<'gone' | 'none' | 'else', string>>;

/**
 * A status that brings no document from an address that somebody chose → the named error, with what to do about it. `facts.retryAfterMs`: how long the
 * server wants us to stay away; `facts.backOffMs`: how long it makes no sense to come.
 */
export function documentError(
  { status, headers }: Pick<HttpResponse, 'status' | 'headers'>,
  host: string,
  now: number,
  remedies: Remedies,
): TocsinError {
  const facts: Record<string, string | number> = { host, status };
  const wait = retryAfterMs(headers['retry-after'], now);
  if (wait !== null) facts.retryAfterMs = wait;
  if (status === 410) facts.backOffMs = MAX_WAIT_MS;
  return new TocsinError('fetch_status', `${host} answered ${status}: ${remedyOf(status, remedies)}`, facts);
}

function remedyOf(status: number, remedies: Remedies): string {
  if (status === 410) return remedies.gone;
  if (status === 404) return remedies.none;
  if (status === 401 || status === 403 || status === 451)
    return 'access is refused; the site may block this network or want a log-in.';
  if (status === 429) return 'we ask too often; a slower cron helps.';
  return status >= 500 ? 'the server has trouble.' : remedies.else;
}

/** Longer validators are nonsense, and would be sent back each time. */
const MAX_VALIDATOR = 1_000;

/** A header value that may be sent back: printable, of sane length. */
export const validator = (value: unknown): string | null =>
  typeof value === 'string' && value.length <= MAX_VALIDATOR && /^[\x20-\x7e\x80-\xff]+$/.test(value) ? value : null;

/** What recognises a document that has not changed; null = its server tells none. */
type Validators = Record<'etag' | 'lastModified', string | null>;

export const validatorsOf = ({ headers }: Pick<HttpResponse, 'headers'>): Validators => ({
  etag: validator(headers.etag),
  lastModified: validator(headers['last-modified']),
});

/** Headers that ask for a document only where it has changed; none where nothing is known of it. */
export const unlessUnchanged = ({ etag, lastModified }: Validators): Record<string, string> => ({
  ...(etag && { 'if-none-match': etag }),
  ...(lastModified && { 'if-modified-since': lastModified }),
});

export const other = (host: string, what: string): TocsinError =>
  new TocsinError('feed_not_a_feed', `${host} sent ${what}; the interface may have changed.`, { host });

/** The body as an object, or a named error. */
export function objectOf(response: HttpResponse, host: string): Loose {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(response.body));
  } catch {
    throw new TocsinError('feed_unreadable', `${host} sent what is no JSON.`, { host });
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value)) throw other(host, 'JSON of another shape');
  return value as Loose;
}

/** What is asked of a public interface: the address with its query, and what the answer may cost. */
interface Question {
  url: string;
  query?: Record<string, string>;
  /** Posted as JSON; absent = it is got. */
  body?: object | undefined;
  /** Sent as a bearer's; absent = nobody in particular asks. */
  token?: string | null;
  signal?: AbortSignal;
  maxBytes: number;
  timeoutMs?: number;
}

/** Asks for JSON; whatever status comes. */
export async function ask(
  http: Http,
  { url, query = {}, body, token, signal, maxBytes, timeoutMs = 30_000 }: Question,
): Promise<HttpResponse> {
  const address = new URL(url);
  for (const [name, value] of Object.entries(query)) address.searchParams.set(name, value);
  const headers = {
    accept: 'application/json',
    ...(body && { 'content-type': 'application/json' }),
    ...(token && { authorization: `Bearer ${token}` }),
  };
  const posted = body && { method: 'POST' as const, body: JSON.stringify(body) };
  return await http({ url: address.href, ...posted, headers, ...(signal && { signal }), timeoutMs, maxBytes });
}

/** The answer's object; a status other than 200 is an error. */
export function answered(answer: HttpResponse, host: string, now: number): Loose {
  if (answer.status !== 200) throw statusError(answer, host, now);
  return objectOf(answer, host);
}

/** It asks for peace, or we are stopping: no further request. */
export const isEnd = (error: unknown): boolean => {
  const facts = (error as { facts?: { retryAfterMs?: number } }).facts;
  return codeOf(error) === 'rate_limited' || codeOf(error) === 'canceled' || facts?.retryAfterMs !== undefined;
};

/** ms since the epoch, of a time that `Date.parse` reads; null for anything else. */
export function time(value: unknown): number | null {
  const at = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isFinite(at) ? at : null;
}

/** What JSON says; null for what is none. */
export const json = (text: string): unknown => orNull(() => JSON.parse(text));

/** An object inside an answer; anything else is empty. */
export const loose = (value: unknown): Loose =>
  value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Loose) : {};

/** Text of at most so many characters; null for anything else. */
export const text = (value: unknown, max: number): string | null =>
  typeof value === 'string' && value.trim() !== '' ? value.trim().slice(0, max) : null;

/** The first `max` UTF-16 units, or one less where a character would be split. */
export function head(text: string, max: number): string {
  if (text.length <= max) return text;
  const last = text.charCodeAt(max - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? max - 1 : max);
}

/** At most `max` UTF-16 units, never half a character, with "…" where something is missing. */
export const clip = (text: string, max: number): string =>
  text.length <= max ? text : `${head(text, Math.max(0, max - 1))}…`;
