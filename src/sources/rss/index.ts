import { hash } from 'node:crypto';
import * as v from 'valibot';
import { documentError, loose, type Remedies, unlessUnchanged, validator, validatorsOf } from '../../core/answers.ts';
import { TocsinError } from '../../core/errors.ts';
import { type Heard, hear } from '../../core/federation/hear.ts';
import type { Item } from '../../core/model/item.ts';
import type { Publishers } from '../../core/ports/reading.ts';
import type { Forgettable, HttpResponse, Redirect } from '../../core/ports/runtime.ts';
import type { PollContext, PollResult, Pulse, Source, SourceDeps } from '../../core/ports/source.ts';
import { found as pollResult, ofHost } from '../kind.ts';
import type { RssConfig } from './config.ts';
import { knownOrderOf, learnt, publishedAt } from './day-order.ts';
import { type FeedParser, sharedFeedParser } from './parser-host.ts';
import type { DayOrder, ParsedFeed, ParsedItem } from './shape.ts';

/** What servers and feeds say about when to come again. Everything here only makes polls rarer. */

/** Longest wish of one that answers (Cache-Control, Expires, ttl, skipped hours), ms; the poller bounds it by the schedule, too. */
const MAX_HINT_MS = 6 * 3_600_000;
const HOUR_MS = 3_600_000;

export type FeedHints = Pick<ParsedFeed, 'ttlMs' | 'skipHours' | 'skipDays'>;

/**
 * Earliest next poll, ms since the epoch, or null where nobody asks for patience: the later of what HTTP says (Cache-Control max-age less
 * Age, else Expires) and what the feed says (ttl), then out of its skipped hours and days. At most 6 h from `now`.
 */
export function notBeforeOf(headers: Record<string, string>, hints: FeedHints, now: number): number | null {
  const wait = Math.min(MAX_HINT_MS, Math.max(httpWaitMs(headers, now), hints.ttlMs ?? 0));
  const at = afterSkipped(now + wait, hints, now + MAX_HINT_MS);
  return at > now ? at : null;
}

function httpWaitMs(headers: Record<string, string>, now: number): number {
  const control = (headers['cache-control'] ?? '').toLowerCase();
  if (/\bno-(?:cache|store)\b/.test(control)) return 0;
  const maxAge = /(?:^|[\s,])max-age\s*=\s*"?(\d{1,12})/.exec(control);
  if (maxAge) {
    const age = /^\d{1,9}$/.test(headers.age ?? '') ? Number(headers.age) : 0;
    return Math.max(0, Number(maxAge[1]) - age) * 1_000;
  }
  if (!headers.expires) return 0;
  const expires = Date.parse(headers.expires);
  // By the server's own clock, where it tells: ours may be off.
  const served = Date.parse(headers.date ?? '');
  return Number.isNaN(expires) ? 0 : Math.max(0, expires - (Number.isNaN(served) ? now : served));
}

/** Moves a time to the end of skipped hours and days; a feed that skips everything skips nothing. */
function afterSkipped(at: number, hints: FeedHints, latest: number): number {
  if (hints.skipHours.length >= 24 || hints.skipDays.length >= 7) return at;
  let time = at;
  while (time < latest) {
    const date = new Date(time);
    if (!hints.skipHours.includes(date.getUTCHours()) && !hints.skipDays.includes(date.getUTCDay())) return time;
    time = (Math.floor(time / HOUR_MS) + 1) * HOUR_MS;
  }
  return latest;
}

/** Registrable domain of a host name, or null where it has none (`site.ts`). */
export type DomainOf = (hostname: string) => string | null;

/** The configured address is asked again after so long, ms: a little less than a day, so that a daily feed asks each time. */
const ASK_AGAIN_MS = 23 * 3_600_000;

/** `daily-check`: the feed has moved, and its configured address, which `url` is, has not been asked for a day. */
export interface Ask {
  reason: 'configured' | 'moved' | 'daily-check';
  url: string;
}

/** Which address a poll begins with. */
export function addressToAsk(known: Pick<Remembered, 'url' | 'movedTo' | 'checkedAt'>, now: number): Ask {
  if (known.movedTo === null) return { reason: 'configured', url: known.url };
  const age = now - (known.checkedAt ?? 0);
  // A check in the future is a clock that was wrong.
  return age >= ASK_AGAIN_MS || age < 0
    ? { reason: 'daily-check', url: known.url }
    : { reason: 'moved', url: known.movedTo };
}

export type Move =
  /** The asked address answered itself. */
  | { reason: 'direct' }
  /** To be asked from now on. */
  | { reason: 'within-site'; to: string }
  /** Followed this time only. */
  | { reason: 'temporary' | 'other-site' | 'weaker-scheme' | 'has-password' };

/**
 * May a feed be asked at another address from now on? Only when every redirect on the way was permanent, stayed on the configured site and
 * never went from https to http: whoever can make a server (or a line) send one 301 must not own the feed for good.
 * An address with a password stays, for the new one comes without it.
 */
export function moveOf(configured: string, asked: string, redirects: readonly Redirect[], domainOf: DomainOf): Move {
  const last = redirects.at(-1);
  if (!last) return { reason: 'direct' };
  const home = new URL(configured);
  if (!redirects.every((one) => one.permanent)) return { reason: 'temporary' };
  if (home.username !== '' || home.password !== '') return { reason: 'has-password' };
  let from = new URL(asked);
  for (const { url } of redirects) {
    const to = new URL(url);
    if (from.protocol === 'https:' && to.protocol !== 'https:') return { reason: 'weaker-scheme' };
    if (!sameSite(home, to, domainOf)) return { reason: 'other-site' };
    from = to;
  }
  return { reason: 'within-site', to: last.url };
}

/** Another port is another server, maybe another owner's: both must be their schemes' usual one, or the same. */
function sameSite(a: URL, b: URL, domainOf: DomainOf): boolean {
  if (a.port !== b.port) return false;
  if (a.hostname === b.hostname) return true;
  const domain = domainOf(a.hostname);
  return domain !== null && domain === domainOf(b.hostname);
}

/** Does judging these need the list of public suffixes? It is loaded for a move to another host only. */
export const changesHost = (asked: string, redirects: readonly Redirect[]): boolean =>
  redirects.some(({ url }) => new URL(url).hostname !== new URL(asked).hostname);

/** A Tocsin's feed says what it is before its entries. */
const HEAD = 2_000;
const MARK = /^[\s\ufeff]*\{.*?"_tocsin"\s*:\s*\{/s;
/** What one writes has a tenth of this. */
const MAX_BYTES = 2_000_000;
/** Its Atom feed is for people: what is read there in words would count beside what others say in theirs, and come back to whom it came from. */
const ATOM_MARK = /<generator\b[^>]*>\s*Tocsin\s*<\/generator>/;

/** The feed of another Tocsin, which is read in terms and not in words; null = any other feed. Throws where it is one and cannot be read. */
export function hearPeer(
  body: Uint8Array,
  config: RssConfig,
  now: number,
  publishers?: Pick<Publishers, 'of'>,
): Heard | null {
  const head = new TextDecoder().decode(body.subarray(0, HEAD));
  if (ATOM_MARK.test(head))
    throw new TocsinError('feed_not_a_feed', 'This is the Atom feed of a Tocsin; name its /feed.json instead', {});
  if (!MARK.test(head)) return null;
  if (body.byteLength > MAX_BYTES)
    throw new TocsinError('feed_unreadable', `The feed of a Tocsin holds more than ${MAX_BYTES} bytes`, {});
  const { id, publisher, name = publisher, trusted } = config;
  const ownerOf = (address: string): string | null => publishers?.of(address)?.name ?? null;
  const peer = { id, publisher, name, trusted, ownerOf };
  try {
    return hear(JSON.parse(new TextDecoder().decode(body)), peer, now);
  } catch (error) {
    throw new TocsinError('feed_unreadable', 'The feed of a Tocsin is no JSON', {}, error);
  }
}

/** Looks at who speaks before what they say is taken. */
function createPeers({ instance, log }: SourceDeps) {
  let saidOwn = false;
  let saidLeftOut = 0;
  return async (heard: Heard): Promise<Pick<Heard, 'statements' | 'withdrawals'>> => {
    const { leftOut: incidents } = heard;
    if (heard.instance === (await instance?.())) {
      if (!saidOwn) log.warn('This feed is our own: nothing in it is evidence; take it out of the sources');
      saidOwn = true;
      return { statements: [], withdrawals: [] };
    }
    if (incidents > saidLeftOut)
      log.info('Incidents of another Tocsin are left out: without country or service, or told by others only', {
        incidents,
      });
    saidLeftOut = incidents;
    return heard;
  };
}

const textThat = (isSound: (text: string) => boolean) =>
  v.fallback(v.nullable(v.pipe(v.string(), v.check(isSound))), null);
const header = textThat((text) => validator(text) !== null);
const number = v.fallback(v.nullable(v.number()), null);
const numbers = v.optional(
  v.pipe(
    v.fallback(v.array(v.unknown()), []),
    v.transform((all) => all.filter((each) => typeof each === 'number').slice(0, 24)),
  ),
  [],
);
/** What one feed's last committed poll left behind; may be forgotten at any time. What is of another shape is nothing. */
const remembered = v.object({
  /** The configured address it belongs to. */
  url: v.string(),
  etag: header,
  lastModified: header,
  /** Where a permanent redirect within the site led (`index.ts`). */
  movedTo: textThat(URL.canParse),
  /** When the configured address was last asked, where `movedTo` stands; ms since the epoch. */
  checkedAt: number,
  /** SHA-1 of the entries (`entriesOf`): servers without validators send the same again and again. */
  bodyHash: header,
  ttlMs: number,
  skipHours: numbers,
  skipDays: numbers,
});
export type Remembered = v.InferOutput<typeof remembered>;

const KEY = 'http';
/** In `state`: what was learnt of its dates. */
const DATES = 'dates';

export const nothing = (url: string): Remembered => v.parse(remembered, { url });

/** Reads what was kept; anything for another address is nothing. */
export async function recall(cache: Forgettable, url: string): Promise<Remembered> {
  const kept = loose(await cache.get(KEY));
  if (kept.url !== url) return nothing(url);
  const known = v.parse(remembered, kept);
  // Without its time it was noted before moves were judged: the configured address is asked anew.
  return known.movedTo === null || known.checkedAt === null ? { ...known, movedTo: null, checkedAt: null } : known;
}

export const REMEDIES: Remedies = {
  gone: 'the feed is gone for good; remove it or find its new address.',
  none: 'there is no such feed; check the address.',
  else: 'that is not a feed.',
};

const ACCEPT =
  'application/rss+xml, application/atom+xml, application/feed+json, application/rdf+xml;q=0.9, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5';
const FEED_MAX_BYTES = 5_000_000;
const TIMEOUT_MS = 20_000;
const MOVED = 'The feed has moved for good: its new address is used from now on';
const BACK = 'The feed answers at its configured address again, which is used from now on';
const IN_DOUBT =
  'Dates of a feed may have the day or the month first: until one tells, each is taken for the nearest that is not to come';
const NOT_REMEMBERED = 'The feed redirects to another site or to an unprotected address: followed, but not remembered';

/** What an answer cost on the line: packed, where the server says how much that is. */
function wireBytes({ headers, body }: HttpResponse): number {
  const length = headers['content-length'];
  return HEAD_BYTES + (length !== undefined && /^\d{1,9}$/.test(length) ? Number(length) : body.byteLength);
}
/** Of question and answer. */
const HEAD_BYTES = 1_000;

/**
 * Of XML, what follows the start of its first entry; of all else, and where none is found, the whole. Many write the time of each answer into what stands before, and
 * that is no news: it need not wake the parser.
 */
function entriesOf(body: Uint8Array): Uint8Array {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  if (!/^\s*</.test(bytes.toString('latin1', 0, 200).replace('\u00ef\u00bb\u00bf', ''))) return body;
  const starts = ['<item', '<entry'].map((tag) => bytes.indexOf(tag)).filter((at) => at >= 0);
  return starts.length === 0 ? body : body.subarray(Math.min(...starts));
}

/** Fewer links tell nothing of whose a feed is. */
const MIN_LINKS = 3;

/** The owner to whom most of the links lead, where that is neither the outlet's nor the feed's own site's: it was taken over, or sold. */
function foreignOwner(
  items: readonly Pick<ParsedItem, 'url'>[],
  { url, publisher }: RssConfig,
  publishers: Pick<Publishers, 'of'>,
): string | null {
  const own = [publishers.of(publisher), publishers.of(url)].map((one) => one?.owner);
  const linked = items.flatMap((item) => (item.url === null ? [] : (publishers.of(item.url) ?? [])));
  const others = linked.filter(({ owner, kind }) => !own.includes(owner) && kind !== 'aggregator');
  if (linked.length < MIN_LINKS || others.length * 2 <= linked.length) return null;
  const byOwner = [...Map.groupBy(others, ({ owner }) => owner)].sort((a, b) => b[1].length - a[1].length);
  return byOwner[0]![0];
}

/** Dates to come are somebody's mistake, and tell nothing. */
function pulseOf(items: readonly Pick<ParsedItem, 'publishedAt'>[], now: number): Pulse {
  const dates = items.flatMap(({ publishedAt }) => (publishedAt !== null && publishedAt <= now ? [publishedAt] : []));
  dates.sort((a, b) => b - a);
  const gaps = dates
    .slice(1)
    .map((at, i) => dates[i]! - at)
    .sort((a, b) => a - b);
  return { newestAt: dates[0] ?? null, everyMs: gaps[gaps.length >> 1] ?? null };
}

type Place = Pick<Remembered, 'movedTo' | 'checkedAt'>;

/**
 * A news feed. Conditional requests, and a hash where the server knows none; what makes a later poll skip items is written in `commit`
 * only. `parser` is for tests.
 */
export function createSource(config: RssConfig, deps: SourceDeps, parser: FeedParser = sharedFeedParser()): Source {
  const { host } = new URL(config.url);
  const publisherName = config.name ?? config.publisher;
  /** What the last commit wrote, read from the cache once. */
  let memory: Remembered | null = null;
  const logged = new Set<string>();
  const accept = createPeers(deps);
  /** Nobody can tell days from months in its dates. */
  let ambiguous = false;
  const logOnce = (sentence: string, to: string) => {
    if (logged.has(`${sentence} ${to}`)) return;
    logged.add(`${sentence} ${to}`);
    deps.log.info(sentence, { to: new URL(to).host });
  };

  /** Validators belong to the address that gave them: none goes to the configured one on its daily check. */
  const fetchFeed = async (ask: Ask, known: Remembered, context: PollContext): Promise<HttpResponse> => {
    const isConditional = !context.firstPoll && ask.reason !== 'daily-check';
    const conditions = isConditional ? unlessUnchanged(known) : {};
    const headers = { accept: ACCEPT, ...conditions };
    const bounds = { maxBytes: FEED_MAX_BYTES, timeoutMs: TIMEOUT_MS };
    const response = await deps.http({ url: ask.url, headers, signal: context.signal, ...bounds });
    const isSame = response.status === 304 && Object.keys(conditions).length > 0;
    const good = (response.status >= 200 && response.status < 300) || isSame;
    if (!good) throw documentError(response, host, context.now, REMEDIES);
    return response;
  };

  /** Where the feed is asked from now on, after an answer to `ask`. */
  const placeAfter = async (ask: Ask, response: HttpResponse, known: Remembered, now: number): Promise<Place> => {
    const redirects = response.redirects ?? [];
    const domainOf = changesHost(config.url, redirects) ? (await import('./site.ts')).domainOf : () => null;
    const move = moveOf(config.url, ask.url, redirects, domainOf);
    if (move.reason === 'within-site')
      return { movedTo: move.to, checkedAt: ask.reason === 'moved' ? known.checkedAt : now };
    if (move.reason === 'other-site' || move.reason === 'weaker-scheme') logOnce(NOT_REMEMBERED, response.url);
    return ask.reason === 'moved' ? known : { movedTo: null, checkedAt: null };
  };

  const read = async (ask: Ask, known: Remembered, context: PollContext): Promise<PollResult> => {
    const response = await fetchFeed(ask, known, context);
    const { movedTo, checkedAt } = await placeAfter(ask, response, known, context.now);
    const answer = (after: Remembered, found: Partial<PollResult> = { unchanged: true }): PollResult =>
      pollResult({
        notBefore: notBeforeOf(response.headers, after, context.now),
        bytes: wireBytes(response),
        ...found,
        commit: commitOf(after, known),
      });
    if (response.status === 304) return answer({ ...known, movedTo, checkedAt });
    const bodyHash = hash('sha1', entriesOf(response.body), 'base64');
    const fresh: Remembered = { ...known, ...validatorsOf(response), movedTo, checkedAt, bodyHash };
    if (bodyHash === known.bodyHash && !context.firstPoll) return answer(fresh);
    const heard = hearPeer(response.body, config, context.now, deps.finding?.publishers);
    if (heard) {
      const { statements, withdrawals } = await accept(heard);
      return answer(fresh, { statements, withdrawals });
    }
    const feed = await parser.parse(response.body, response.headers['content-type'] ?? '', response.url);
    const { ttlMs, skipHours, skipDays } = feed;
    deps.log.debug('Feed read', { items: feed.items.length, parser: feed.parser });
    const order = await orderIn(feed, response);
    const items = feed.items.map((item) =>
      toItem({ ...item, publishedAt: publishedAt(item, order, context.now) }, feed, context.now),
    );
    const publishers = deps.finding?.publishers;
    const foreign = publishers ? foreignOwner(items, config, publishers) : null;
    const pulse = { ...pulseOf(feed.items, context.now), ...(foreign === null ? {} : { foreign }) };
    return answer({ ...fresh, ttlMs, skipHours, skipDays }, { items, pulse });
  };

  /** In which order it writes day and month, as far as is known; kept at once: to learn it twice is no harm. */
  const orderIn = async (feed: ParsedFeed, { headers }: HttpResponse): Promise<DayOrder | null> => {
    if (feed.dayOrder === null && !feed.items.some(({ monthFirst }) => monthFirst !== undefined)) return null;
    const known = knownOrderOf(await deps.state.get(DATES));
    const served = [headers['last-modified'], headers.date].map((date) => Date.parse(date ?? ''));
    const now = learnt(feed, known, served.filter(Number.isFinite));
    ambiguous = now.order === null;
    if (now.told && !known.told) deps.log.warn(IN_DOUBT, { source: config.id });
    if (now.order !== known.order || now.told !== known.told) await deps.state.set(DATES, now);
    return now.order;
  };

  const commitOf = (fresh: Remembered, known: Remembered) => {
    if (memory === known && JSON.stringify(fresh) === JSON.stringify(known)) return undefined;
    return async () => {
      if (fresh.movedTo !== null && fresh.movedTo !== known.movedTo) logOnce(MOVED, fresh.movedTo);
      if (fresh.movedTo === null && known.movedTo !== null) logOnce(BACK, config.url);
      memory = fresh;
      await deps.cache.set(KEY, fresh, null);
    };
  };

  const toItem = (item: ParsedItem, feed: ParsedFeed, now: number): Item => ({
    sourceId: config.id,
    guid: item.guid,
    url: item.url,
    title: item.title,
    summary: item.summary,
    ...(item.body === undefined ? {} : { body: item.body }),
    lang: config.lang ?? item.lang ?? feed.lang,
    publishedAt: item.publishedAt === null ? now : Math.min(item.publishedAt, now),
    dated: item.publishedAt !== null,
    publisher: config.publisher,
    publisherName,
    authority: config.authority,
  });

  return {
    ...ofHost(config, host),
    label: `${publisherName} (${host})`,
    aside: () => (ambiguous ? { is: 'ambiguous' } : null),
    async poll(context) {
      memory ??= await recall(deps.cache, config.url);
      let known = memory;
      let ask = addressToAsk(known, context.now);
      if (ask.reason === 'daily-check') {
        try {
          return await read(ask, known, context);
        } catch (error) {
          if (context.signal.aborted) throw error;
          // The old address is dead, as that of a feed that has moved may be: the new one is asked for another day.
          known = { ...known, checkedAt: context.now };
          memory = known;
          // Asked to stay away, we do: the new address is of the same site.
          if (error instanceof TocsinError && error.facts.retryAfterMs !== undefined) throw error;
          ask = addressToAsk(known, context.now);
        }
      }
      try {
        return await read(ask, known, context);
      } catch (error) {
        // A new address that fails is doubted first: the next poll asks the configured one.
        if (known.movedTo !== null && !context.signal.aborted) memory = nothing(config.url);
        throw error;
      }
    },
  };
}
