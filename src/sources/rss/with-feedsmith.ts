import { type AtomFeed, parseFeed, type RdfFeed, type RssFeed } from 'feedsmith';
import { noHints, type RawFeed, type RawItem } from './shape.ts';

/** More than are kept: the newest are picked afterwards, and feeds are not always sorted. */
const READ_ITEMS = 5_000;

/** Reads what rss-parser refuses: loose RSS, prefixed Atom, RDF under other prefixes. Throws the parser's own error. */
export function readWithFeedsmith(text: string): RawFeed {
  const parsed = parseFeed(text, { maxItems: READ_ITEMS, parseDateFn: (raw) => raw });
  if (parsed.format === 'atom') return readAtom(parsed.feed as AtomFeed.Feed<string>);
  if (parsed.format === 'json') throw new Error('JSON is read elsewhere');
  return readRss(parsed.feed as RssFeed.Feed<string> & RdfFeed.Feed<string>);
}

function readAtom(feed: AtomFeed.Feed<string>): RawFeed {
  return {
    ...noHints,
    parser: 'feedsmith',
    title: value(feed.title),
    link: pickLink(feed.links),
    base: feed.xml?.base ?? null,
    lang: feed.xml?.lang ?? null,
    items: (feed.entries ?? []).map((entry): RawItem => {
      const content = value(entry.content);
      return {
        title: value(entry.title),
        link: pickLink(entry.links),
        guid: (entry.id as string | undefined) ?? null,
        dates: [entry.published, entry.updated as string | undefined, ...(entry.dc?.dates ?? [])].filter(
          (date) => date !== undefined,
        ),
        summary:
          value(entry.summary) || entry.media?.description?.value || entry.media?.groups?.[0]?.description?.value || '',
        content,
        base: entry.content?.xml?.base ?? entry.xml?.base ?? null,
        lang: entry.xml?.lang ?? null,
      };
    }),
  };
}

function readRss(feed: RssFeed.Feed<string> & RdfFeed.Feed<string>): RawFeed {
  return {
    parser: 'feedsmith',
    title: String(feed.title ?? ''),
    link: (feed.link as string | undefined) ?? pickLink(feed.atom?.links),
    base: feed.xml?.base ?? null,
    lang: feed.language ?? feed.dc?.languages?.[0] ?? feed.xml?.lang ?? null,
    ttlMinutes: typeof feed.ttl === 'number' ? feed.ttl : null,
    skipHours: feed.skipHours ?? [],
    skipDays: feed.skipDays ?? [],
    dates: [feed.pubDate, feed.lastBuildDate].filter((date): date is string => typeof date === 'string'),
    items: ((feed.items ?? []) as (RssFeed.Item<string> & RdfFeed.Item<string>)[]).map((item): RawItem => {
      const guid = item.guid?.value as string | undefined;
      const link = (item.link as string | undefined) ?? pickLink(item.atom?.links);
      const isPage = item.guid?.isPermaLink !== false && guid !== undefined && /^https?:\/\//i.test(guid);
      return {
        title: String(item.title ?? item.dc?.titles?.[0] ?? item.media?.title?.value ?? ''),
        link: link ?? (isPage ? guid : null),
        guid: guid ?? item.rdf?.about ?? item.dc?.identifiers?.[0] ?? null,
        dates: [
          item.pubDate,
          ...(item.dc?.dates ?? []),
          item.dcterms?.created,
          item.atom?.published,
          item.atom?.updated,
        ]
          .flat()
          .filter((date): date is string => typeof date === 'string'),
        summary:
          item.description ??
          item.itunes?.summary ??
          item.dc?.descriptions?.[0] ??
          item.media?.description?.value ??
          '',
        content: item.content?.encoded ?? '',
        base: item.xml?.base ?? null,
        lang: item.dc?.languages?.[0] ?? item.xml?.lang ?? null,
      };
    }),
  };
}

function value(text: unknown): string {
  if (typeof text === 'string') return text;
  const inner = (text as { value?: unknown } | undefined)?.value;
  return typeof inner === 'string' ? inner : '';
}

function pickLink(links: readonly { href?: unknown; rel?: string; type?: string }[] | undefined): string | null {
  const pages = (links ?? []).filter(
    (link) => typeof link.href === 'string' && link.href !== '' && (link.rel ?? 'alternate') === 'alternate',
  );
  const best = pages.find((link) => !link.type || /html/i.test(link.type)) ?? pages[0];
  return best ? String(best.href) : null;
}
