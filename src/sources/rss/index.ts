import { hash } from 'node:crypto';
import { TocsinError } from '../../core/errors.ts';
import type { Item } from '../../core/model/item.ts';
import type { HttpResponse } from '../../core/ports/http.ts';
import type { PollContext, PollResult, Source, SourceDeps } from '../../core/ports/source.ts';
import type { RssConfig } from './config.ts';
import { notBeforeOf } from './freshness.ts';
import { type Ask, addressToAsk, changesHost, moveOf } from './moved.ts';
import type { ParsedFeed, ParsedItem } from './parsed.ts';
import { type FeedParser, sharedFeedParser } from './parser-host.ts';
import { createPeers, hearPeer } from './peer.ts';
import { keep, nothing, type Remembered, recall, same, validator } from './remembered.ts';
import { statusError } from './status.ts';

const ACCEPT =
  'application/rss+xml, application/atom+xml, application/feed+json, application/rdf+xml;q=0.9, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5';
const MAX_BYTES = 5_000_000;
const TIMEOUT_MS = 20_000;
const MOVED = 'The feed has moved for good: its new address is used from now on';
const BACK = 'The feed answers at its configured address again, which is used from now on';
const NOT_REMEMBERED = 'The feed redirects to another site or to an unprotected address: followed, but not remembered';

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
  const peers = createPeers(deps);
  const logOnce = (sentence: string, to: string) => {
    if (logged.has(`${sentence} ${to}`)) return;
    logged.add(`${sentence} ${to}`);
    deps.log.info(sentence, { to: new URL(to).host });
  };

  /** Validators belong to the address that gave them: none goes to the configured one on its daily check. */
  const fetchFeed = async (ask: Ask, known: Remembered, context: PollContext): Promise<HttpResponse> => {
    const headers: Record<string, string> = { accept: ACCEPT };
    const conditional = !context.firstPoll && ask.reason !== 'daily-check';
    if (conditional && known.etag) headers['if-none-match'] = known.etag;
    if (conditional && known.lastModified) headers['if-modified-since'] = known.lastModified;
    const response = await deps.http({
      url: ask.url,
      headers,
      signal: context.signal,
      maxBytes: MAX_BYTES,
      timeoutMs: TIMEOUT_MS,
    });
    const asked = headers['if-none-match'] ?? headers['if-modified-since'];
    const good = (response.status >= 200 && response.status < 300) || (response.status === 304 && asked !== undefined);
    if (!good) throw statusError(response.status, response.headers, host, context.now);
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
    if (response.status === 304) {
      return {
        ...result(response, known, context.now),
        commit: commitOf({ ...known, movedTo, checkedAt }, known),
      };
    }
    const bodyHash = hash('sha1', response.body, 'base64');
    const fresh: Remembered = {
      ...known,
      etag: validator(response.headers.etag),
      lastModified: validator(response.headers['last-modified']),
      movedTo,
      checkedAt,
      bodyHash,
    };
    if (bodyHash === known.bodyHash && !context.firstPoll) {
      return { ...result(response, known, context.now), commit: commitOf(fresh, known) };
    }
    const heard = hearPeer(response.body, config, context.now);
    if (heard) {
      const { statements, withdrawals } = await peers.accept(heard);
      return {
        ...result(response, fresh, context.now),
        statements,
        withdrawals,
        unchanged: false,
        commit: commitOf(fresh, known),
      };
    }
    const feed = await parser.parse(response.body, response.headers['content-type'] ?? '', response.url);
    Object.assign(fresh, { ttlMs: feed.ttlMs, skipHours: feed.skipHours, skipDays: feed.skipDays });
    deps.log.debug('Feed read', { items: feed.items.length, parser: feed.parser });
    const items = feed.items.map((item) => toItem(item, feed, context.now));
    return { ...result(response, fresh, context.now), items, unchanged: false, commit: commitOf(fresh, known) };
  };

  const result = (response: HttpResponse, hints: Remembered, now: number): PollResult => ({
    items: [],
    measurements: [],
    unchanged: true,
    notBefore: notBeforeOf(response.headers, hints, now),
  });

  const commitOf = (fresh: Remembered, known: Remembered) => {
    if (memory === known && same(fresh, known)) return undefined;
    return async () => {
      if (fresh.movedTo !== null && fresh.movedTo !== known.movedTo) logOnce(MOVED, fresh.movedTo);
      if (fresh.movedTo === null && known.movedTo !== null) logOnce(BACK, config.url);
      memory = fresh;
      await keep(deps.cache, fresh);
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
    fetchedAt: now,
    publisher: config.publisher,
    publisherName,
    authority: config.authority,
  });

  return {
    id: config.id,
    kind: 'rss',
    label: `${publisherName} (${host})`,
    cron: config.cron,
    host,
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
