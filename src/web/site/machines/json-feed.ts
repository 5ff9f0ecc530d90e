import { EXTENSION, type ToldFeed } from '../../../core/federation/wire.ts';
import type { Entry } from './entry.ts';

/** A feed, whatever it is written as. */
export interface Feed {
  title: string;
  /** ISO 639-1. */
  lang: string;
  instance: string;
  /** Whole addresses; null where nobody said how the bot is reached. */
  home: string | null;
  self: string | null;
  /** Newest first. */
  entries: readonly Entry[];
}

const iso = (at: number): string => new Date(at).toISOString();

/** JSON Feed 1.1 (jsonfeed.org/version/1.1). What it is stands before its entries: readers look there (`sources/rss/peer.ts`). */
export function jsonFeed({ title, lang, instance, home, self, entries }: Feed): string {
  const own: ToldFeed = { version: 1, instance };
  return `${JSON.stringify({
    version: 'https://jsonfeed.org/version/1.1',
    [EXTENSION]: own,
    title,
    language: lang,
    ...(home === null ? {} : { home_page_url: home }),
    ...(self === null ? {} : { feed_url: self }),
    items: entries.map((entry) => ({
      id: entry.id,
      ...(entry.url === null ? {} : { url: entry.url }),
      title: entry.title,
      content_text: entry.text,
      content_html: entry.html,
      date_published: iso(entry.at),
      date_modified: iso(entry.at),
      tags: entry.categories,
      [EXTENSION]: entry.told,
    })),
  })}\n`;
}
