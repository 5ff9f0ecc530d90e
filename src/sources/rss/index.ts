import { hash } from 'node:crypto';
import type { Item } from '../../core/model/item.ts';
import type { HttpResponse } from '../../core/ports/http.ts';
import type { PollContext, PollResult, Source, SourceDeps } from '../../core/ports/source.ts';
import type { RssConfig } from './config.ts';
import { notBeforeOf } from './freshness.ts';
import type { ParsedFeed, ParsedItem } from './parsed.ts';
import { type FeedParser, sharedFeedParser } from './parser-host.ts';
import { keep, nothing, type Remembered, recall, same, validator } from './remembered.ts';
import { statusError } from './status.ts';

const ACCEPT =
  'application/rss+xml, application/atom+xml, application/feed+json, application/rdf+xml;q=0.9, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5';
const MAX_BYTES = 5_000_000;
const TIMEOUT_MS = 20_000;

/**
 * A news feed. Conditional requests, and a hash where the server knows none; what makes a later poll skip items is written in `commit`
 * only. `parser` is for tests.
 */
export function createSource(config: RssConfig, deps: SourceDeps, parser: FeedParser = sharedFeedParser()): Source {
  const { host, username } = new URL(config.url);
  const publisherName = config.name ?? config.publisher;
  /** What the last commit wrote, read from the cache once. */
  let memory: Remembered | null = null;
  let toldMove: string | null = null;

  const fetchFeed = async (known: Remembered, context: PollContext): Promise<HttpResponse> => {
    const headers: Record<string, string> = { accept: ACCEPT };
    if (!context.firstPoll && known.etag) headers['if-none-match'] = known.etag;
    if (!context.firstPoll && known.lastModified) headers['if-modified-since'] = known.lastModified;
    const url = known.movedTo ?? config.url;
    const response = await deps.http({
      url,
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

  const read = async (known: Remembered, context: PollContext): Promise<PollResult> => {
    const response = await fetchFeed(known, context);
    // An address with a password stays: the new one comes without it.
    const movedTo = response.movedPermanently && username === '' ? response.url : known.movedTo;
    if (response.status === 304) {
      return {
        ...result(response, known, context.now),
        commit: movedTo === known.movedTo ? undefined : commitOf({ ...known, movedTo }, known),
      };
    }
    const bodyHash = hash('sha1', response.body, 'base64');
    const fresh: Remembered = {
      ...known,
      etag: validator(response.headers.etag),
      lastModified: validator(response.headers['last-modified']),
      movedTo,
      bodyHash,
    };
    if (bodyHash === known.bodyHash && !context.firstPoll) {
      return { ...result(response, known, context.now), commit: commitOf(fresh, known) };
    }
    const feed = await parser.parse(response.body, response.headers['content-type'] ?? '', response.url);
    Object.assign(fresh, { ttlMs: feed.ttlMs, skipHours: feed.skipHours, skipDays: feed.skipDays });
    deps.log.debug('Feed read', { items: feed.items.length, reader: feed.reader });
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
      if (fresh.movedTo !== null && fresh.movedTo !== known.movedTo && fresh.movedTo !== toldMove) {
        toldMove = fresh.movedTo;
        const { host: to } = new URL(fresh.movedTo);
        deps.log.info('The feed has moved for good: its new address is used from now on', { to });
      }
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
      const known = memory;
      try {
        return await read(known, context);
      } catch (error) {
        // A new address that fails is doubted first: the next poll asks the configured one.
        if (known.movedTo !== null && !context.signal.aborted) memory = nothing(config.url);
        throw error;
      }
    },
  };
}
