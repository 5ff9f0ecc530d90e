import { noHints, type RawFeed, type RawItem, Unreadable } from './raw.ts';

/** Reads JSON Feed 1.0 and 1.1. Throws where the text is other JSON, or none. */
export function readJsonFeed(text: string): RawFeed {
  const feed = record(JSON.parse(text));
  if (!feed || !Array.isArray(feed.items)) throw new Unreadable('JSON without a list of items');
  if (!string(feed.version).includes('jsonfeed') && typeof feed.title !== 'string')
    throw new Unreadable('JSON that is no JSON Feed');
  if (feed.items.length > 0 && !feed.items.some(record)) throw new Unreadable('JSON whose items are none');
  return {
    ...noHints,
    parser: 'json',
    title: string(feed.title),
    link: string(feed.home_page_url) || null,
    lang: string(feed.language) || null,
    items: feed.items.flatMap((raw): RawItem[] => {
      const item = record(raw);
      if (!item) return [];
      const text = string(item.content_text);
      // Text is no markup: what looks like a tag in it is meant as it stands.
      const content = string(item.content_html) || text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
      const id = typeof item.id === 'number' ? String(item.id) : string(item.id);
      return [
        {
          title: string(item.title),
          link: string(item.url) || string(item.external_url) || (/^https?:\/\//i.test(id) ? id : null),
          guid: id || null,
          dates: [string(item.date_published), string(item.date_modified)].filter((date) => date !== ''),
          summary: string(item.summary),
          content,
          base: null,
          lang: string(item.language) || null,
        },
      ];
    }),
  };
}

const record = (value: unknown): Record<string, unknown> | null =>
  value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Record<string, unknown>) : null;
const string = (value: unknown): string => (typeof value === 'string' ? value : '');
