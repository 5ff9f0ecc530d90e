import type { Context } from 'hono';
import { accepts } from 'hono/accepts';
import { atEnd } from '../../core/errors.ts';
import type { SiteDeps, SiteEnv } from './deps.ts';
import { Busy, type Made, type Shelved, TooDear } from './shelf.ts';

/** What making one page costs of a budget of which an answer that is there already costs 1: so much, and 1 more for each so many ms that it takes. */
export const MAKING = 10;
const MS_OF_ONE = 2;
/** At most, in answers: where a database hangs for a minute, whoever waited is refused for five seconds, not for ten minutes. */
const MOST_OF_TIME = 250;
/** So old, in seconds, is what anybody reads at most: on the shelf and in caches together. */
export const OLDEST = 15;

/**
 * The answer that stands under `key` (path, language and whatever else it depends on, each bounded: a stranger chooses it), made where there is none of the
 * last seconds; with `ETag`, 304, compression and caching. Whatever is made for a page or an endpoint goes through here, but for streams.
 */
export async function respond(
  c: Context<SiteEnv>,
  { shelf, clock }: Pick<SiteDeps, 'shelf' | 'clock'>,
  key: string,
  make: () => Promise<Made>,
): Promise<Response> {
  const charged = async (): Promise<Made> => {
    const began = clock.monotonic();
    using _ = atEnd(() => c.env.spend(Math.min(MOST_OF_TIME, (clock.monotonic() - began) / MS_OF_ONE)));
    return await make();
  };
  return fromShelf(c, await shelf.get(key, charged, () => c.env.spend(MAKING)));
}

export const TOO_MANY = 'Too many requests come from your address: wait a second, then try again.\n';

/** What a request is told that is not answered as it was asked. Any other error is a fault of ours, and thrown on. */
export function told(error: Error, c: Context<SiteEnv>): Response {
  if (error instanceof Problem) return refused(error);
  if (error instanceof TooDear) return c.text(TOO_MANY, 429, { 'retry-after': '1' });
  if (error instanceof Busy)
    return c.text('Too much is asked at once: try again in a moment.\n', 503, { 'retry-after': '2' });
  throw error;
}

/** What stands on the shelf goes out as it stands there: a body is copied into a response, and out of it again, for each who asks. */
export const wholeOf = new WeakMap<Response, Uint8Array>();

function fromShelf(c: Context<SiteEnv>, { status, type, headers, body, gzipped, etag, age }: Shelved): Response {
  const coding = accepts(c, { header: 'Accept-Encoding', supports: ['gzip'], default: '' });
  const zipped = gzipped !== null && coding === 'gzip';
  const tag = zipped ? `${etag.slice(0, -1)}-gz"` : etag;
  const shared = {
    vary: 'accept-encoding',
    ...(status === 200 ? { etag: tag, 'cache-control': `public, max-age=${Math.max(0, OLDEST - 1 - age)}` } : {}),
    ...headers,
  };
  if (status === 200 && isKnown(c.req.header('if-none-match'), etag))
    return new Response(null, { status: 304, headers: shared });
  const answer = new Response(null, {
    status,
    headers: { ...shared, 'content-type': type, ...(zipped ? { 'content-encoding': 'gzip' } : {}) },
  });
  wholeOf.set(answer, zipped ? gzipped : body);
  return answer;
}

/** Also in the form that says only that it means the same, as caches write it, and for either encoding. */
function isKnown(given: string | undefined, etag: string): boolean {
  if (given === undefined) return false;
  const bare = etag.slice(1, -1);
  return given.split(',').some((one) => {
    const known = one.trim();
    return known === '*' || /^(?:W\/)?"(.*?)(?:-gz)?"$/.exec(known)?.[1] === bare;
  });
}

/** What was wrong with a request, as RFC 9457 has it: what, where, and what to do. */
export class Problem extends Error {
  readonly status: number;
  /** The parameter that is wrong; null = none. */
  readonly field: string | null;

  constructor(status: number, field: string | null, detail: string) {
    super(detail);
    this.status = status;
    this.field = field;
  }
}

const TITLES: Record<number, string> = { 400: 'A parameter is wrong', 404: 'There is nothing of that name' };

const LATER_S = 60;

export function refused({ status, field, message }: Problem): Response {
  const title = TITLES[status] ?? 'This cannot be answered';
  const body = { type: 'about:blank', title, status, detail: message, ...(field === null ? {} : { parameter: field }) };
  const type = { 'content-type': 'application/problem+json', 'cache-control': 'no-store' };
  const headers = { ...type, ...(status === 503 ? { 'retry-after': String(LATER_S) } : {}) };
  return new Response(`${JSON.stringify(body)}\n`, { status, headers });
}

/** What is made for one key stands for so long, ms, and for as long again in caches: others wait for news there, another Tocsin for its chats. */
const FRESH = 5_000;

/** `read`: what the query asks for; `make` is asked for that. What is wrong with it becomes a problem of RFC 9457. */
export async function answered<A>(
  c: Context<SiteEnv>,
  deps: Pick<SiteDeps, 'shelf' | 'clock'>,
  read: (query: URLSearchParams) => A,
  { key, make }: { key(asked: A): string; make(asked: A): Promise<Made> },
): Promise<Response> {
  const asked = read(new URL(c.req.url).searchParams);
  const now = Math.floor(deps.clock.monotonic() / FRESH);
  return await respond(c, deps, `${key(asked)} ${now}`, async () => {
    const made = await make(asked);
    return { ...made, headers: { 'cache-control': `public, max-age=${FRESH / 1_000}`, ...made.headers } };
  });
}
