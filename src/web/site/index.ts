import { Hono } from 'hono';
import { createBuckets } from '../../core/recent.ts';
import { countsAs, type Route, type WebAnswer, type WebRequest, type WebServer } from '../server.ts';
import type { SiteDeps, SiteEnv } from './deps.ts';
import { createTeller, MAX_BYTES } from './here/tell.ts';
import { createKnown, type SitePart } from './known.ts';
import { api } from './machines/api.ts';
import { badges } from './machines/badges.ts';
import { events } from './machines/events.ts';
import { feeds } from './machines/feeds.ts';
import { pages } from './pages/index.ts';
import { Problem, refused, TOO_MANY, told, wholeOf } from './respond.ts';

/** Everything on the site, a line a part; the first that takes a path has it. */
const parts: readonly SitePart[] = [feeds, api, badges, events, pages];

/**
 * The public site on the web listener: pages for people, and what other programs read. A page or an endpoint is a function that puts its routes on `site`
 * (`SitePart`) and a line in the list below; what it makes goes through `respond()`. What it may know is `SiteDeps`, where there are no chats.
 */

/** What one address may ask for: each answer takes 1, each that has to be made takes more. */
export const EACH = { burst: 1_000, perSecond: 50, most: 10_000 };
/** As many as there are connections: what is dear is bounded where it is made (`shelf.ts`). */
const CONCURRENCY = 256;
/** What a route may know of a request: no cookie, no name of a program. */
const HEADERS = ['accept', 'accept-language', 'accept-encoding', 'if-none-match', 'last-event-id'];
/** Anybody's page may read this: there is nothing here that is not public. */
const OPEN_TO_ALL = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'etag, retry-after, link',
};
const PREFLIGHT = {
  ...OPEN_TO_ALL,
  'access-control-allow-methods': 'GET, HEAD, OPTIONS',
  'access-control-allow-headers': 'accept, cache-control, if-none-match, last-event-id',
  'access-control-max-age': '86400',
};
/** The connection ends with it: what a flood has written behind is not read. */
const REFUSED: WebAnswer = {
  status: 429,
  headers: { 'retry-after': '1', connection: 'close', ...OPEN_TO_ALL },
  body: TOO_MANY,
};

/** Everything below "/" that nothing else takes. `routes`: for tests. */
export function mountSite(mount: WebServer['mount'], deps: SiteDeps, routes: readonly SitePart[] = parts): void {
  const buckets = createBuckets(EACH);
  const site = new Hono<SiteEnv>();
  site.onError(told);
  const own = Object.assign(deps, { known: createKnown(deps) });
  for (const part of routes) part(site, own);

  const route: Route = {
    methods: ['GET', 'OPTIONS'],
    concurrency: CONCURRENCY,
    admit: (client) => (buckets.take(countsAs(client), 1, deps.clock.monotonic()) === 0 ? null : REFUSED),
    async handle(asked) {
      if (deps.stopping.aborted) return { status: 503, headers: { 'retry-after': '5', ...OPEN_TO_ALL } };
      if (asked.method === 'OPTIONS') return { status: 204, headers: PREFLIGHT };
      const spend = (cost: number) => buckets.take(countsAs(asked.client), cost, deps.clock.monotonic()) === 0;
      const env = { client: asked.client, signal: asked.signal, spend };
      return await answerOf(await site.fetch(requestOf(asked), env));
    },
  };
  mount('/*', route);
  const { here, readerReports } = deps;
  if (here === null || readerReports === null) return;
  const tell = createTeller(readerReports, deps.clock, { ...deps, hosts: here });
  // What another site's page makes its visitors send has not this type, or asks before (OPTIONS), in vain.
  const isOwn = ({ headers }: WebRequest) => headers['content-type']?.startsWith('application/json') === true;
  mount('/here', {
    ...route,
    methods: ['GET', 'POST'],
    maxBytes: MAX_BYTES,
    async handle(asked) {
      if (asked.method !== 'POST' || deps.stopping.aborted) return await route.handle(asked);
      try {
        if (!isOwn(asked)) throw new Problem(415, null, 'Send it as application/json.');
        return await tell(countsAs(asked.client), await asked.body());
      } catch (error) {
        if (error instanceof Problem) return await answerOf(refused(error));
        throw error;
      }
    },
  });
}

function requestOf({ path, query, headers: all, signal }: WebRequest): Request {
  const headers = new Headers();
  for (const name of HEADERS) {
    const value = all[name];
    if (typeof value === 'string') headers.set(name, value);
  }
  const asked = query.size > 0 ? `?${query}` : '';
  return new Request(`http://site/${path.replace(/^\/+/, '')}${asked}`, { headers, signal });
}

/** Streams stay streams. */
async function answerOf(response: Response): Promise<WebAnswer> {
  const { 'content-type': type, 'content-length': _, ...headers } = Object.fromEntries(response.headers);
  const whole = wholeOf.get(response) ?? null;
  const streams = type?.startsWith('text/event-stream') === true;
  return {
    status: response.status,
    ...(type === undefined ? {} : { type }),
    headers: { ...headers, ...OPEN_TO_ALL },
    ...(whole ? { body: whole } : {}),
    ...(response.body ? { body: streams ? response.body : new Uint8Array(await response.arrayBuffer()) } : {}),
  };
}
