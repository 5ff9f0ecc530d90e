import { decodeFeed } from './decode.ts';
import { MAX_ITEMS, type ParsedFeed, type ParseFailure } from './parsed.ts';
import type { RawFeed } from './raw.ts';
import { rootAt, rootTag, salvageItems, tidyXml } from './repair.ts';
import { shapeFeed } from './shape.ts';
import { readJsonFeed } from './with-json.ts';
import { readWithRssParser } from './with-rss-parser.ts';

/** Salvaging parses item by item: so many at most. */
const MAX_SALVAGED = 100;

/** Why there is no feed, in a sentence that says what to do. */
export class FeedProblem extends Error {
  readonly code: ParseFailure;
  constructor(code: ParseFailure, message: string) {
    super(message);
    this.code = code;
  }
}

/** Bytes as served → feed. Throws `FeedProblem`. Bounded by the caller: it runs in a worker with a deadline. */
export async function readFeed(bytes: Uint8Array, contentType: string, url: string): Promise<ParsedFeed> {
  const { text } = decodeFeed(bytes, contentType);
  const start = text.slice(0, 2_000).trimStart();
  if (start === '') throw new FeedProblem('feed_not_a_feed', 'The document is empty.');
  if (start.startsWith('{')) return shaped(json(text), url);
  if (rootAt(text) < 0) throw notAFeed(start);
  const raw = await readXml(text);
  if (!raw)
    throw new FeedProblem(
      'feed_unreadable',
      'It begins like a feed, but neither it nor any of its items can be read as XML.',
    );
  raw.base ??= attribute(text, 'base');
  raw.lang ??= attribute(text, 'lang');
  return shaped(raw, url);
}

/**
 * Several entries of which none holds anything have changed their shape: that is no silence. A single bare one, or none, is met in feeds of
 * real outlets that have nothing to say yet (`test/unit/rss/all-feeds.test.ts`).
 */
function shaped(raw: RawFeed, url: string): ParsedFeed {
  const feed = shapeFeed(raw, url);
  if (feed.items.length > 0 || raw.items.length < 2) return feed;
  throw new FeedProblem(
    'feed_unreadable',
    'None of its entries has a title, a text or a link: its form may have changed; open the address in a browser.',
  );
}

function json(text: string): RawFeed {
  try {
    return readJsonFeed(text);
  } catch {
    throw new FeedProblem('feed_not_a_feed', 'It is JSON, but no JSON Feed: look for the address of the feed itself.');
  }
}

/** rss-parser, then feedsmith, then item by item. The parser that finds more items wins where the first finds none. */
async function readXml(text: string): Promise<RawFeed | null> {
  const tidy = tidyXml(text);
  const primary = await attempt(() => readWithRssParser(tidy));
  if (primary && primary.items.length > 0) return primary;
  const second = await attempt(() => loose(tidy));
  if (second && second.items.length > 0) return second;
  const salvaged = await salvage(tidy);
  return salvaged ?? primary ?? second;
}

async function salvage(tidy: string): Promise<RawFeed | null> {
  let feed: RawFeed | null = null;
  for (const document of salvageItems(tidy, MAX_SALVAGED)) {
    const one = (await attempt(() => readWithRssParser(document))) ?? (await attempt(() => loose(document)));
    if (!one) continue;
    feed ??= { ...one, parser: 'salvage', title: '', items: [] };
    feed.items.push(...one.items.slice(0, MAX_ITEMS - feed.items.length));
  }
  return feed;
}

const loose = async (text: string) => (await import('./with-feedsmith.ts')).readWithFeedsmith(text);

async function attempt(read: () => Promise<RawFeed>): Promise<RawFeed | null> {
  try {
    return await read();
  } catch {
    // Whatever a parser throws on a stranger's text (also a stack overflow) means that it could not read it.
    return null;
  }
}

function attribute(text: string, name: string): string | null {
  return new RegExp(`\\sxml:${name}\\s*=\\s*["']([^"']{1,2000})["']`, 'i').exec(rootTag(text))?.[1] ?? null;
}

function notAFeed(start: string): FeedProblem {
  if (/<(?:!doctype html|html|head|body)\b/i.test(start)) {
    return new FeedProblem(
      'feed_not_a_feed',
      'It is a web page, not a feed: the site may be down, block us or ask for a log-in; open the address in a browser and look for its RSS link.',
    );
  }
  return new FeedProblem('feed_not_a_feed', 'It is neither RSS, Atom, RDF nor JSON Feed: check the address.');
}
