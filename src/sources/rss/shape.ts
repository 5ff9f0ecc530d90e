import { canonicalUrl } from '../../core/correlate/canonical.ts';
import { parseDate } from './dates.ts';
import { MAX_BODY, MAX_GUID, MAX_ITEMS, MAX_SUMMARY, MAX_TITLE, type ParsedFeed, type ParsedItem } from './parsed.ts';
import type { RawFeed, RawItem } from './raw.ts';
import { cutText, plainText } from './text.ts';

/** Where an item has no title, this much of its text stands for it, characters. */
const TITLE_FROM_TEXT = 200;
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/** Cleans a raw feed up and bounds it. `url` is where it was fetched. */
export function shapeFeed(raw: RawFeed, url: string): ParsedFeed {
  const base = baseOf(raw, withoutQuery(url));
  return {
    title: plainText(raw.title, MAX_TITLE, 'title'),
    lang: langOf(raw.lang),
    items: newest(raw.items, base),
    ttlMs: ttlOf(raw),
    // Some count 1 to 24.
    skipHours: [
      ...new Set(
        raw.skipHours.filter((hour) => Number.isInteger(hour) && hour >= 0 && hour <= 24).map((hour) => hour % 24),
      ),
    ],
    skipDays: [
      ...new Set(
        raw.skipDays.map((day) => DAYS.indexOf(day.trim().slice(0, 3).toLowerCase())).filter((day) => day >= 0),
      ),
    ],
    parser: raw.parser,
  };
}

/** The newest so many, in the feed's order where it has no more; cleaning text is the dear part, so dates come first. */
function newest(raw: readonly RawItem[], base: string): ParsedItem[] {
  let dated = raw.map((item) => ({ item, at: dateOf(item) }));
  if (dated.length > MAX_ITEMS) {
    // Undated ones are taken for new: they stay in front, in their order.
    dated = dated
      .toSorted((a, b) => (b.at ?? Number.MAX_SAFE_INTEGER) - (a.at ?? Number.MAX_SAFE_INTEGER))
      .slice(0, MAX_ITEMS);
  }
  return dated.flatMap(({ item, at }) => shapeItem(item, at, base) ?? []);
}

function shapeItem(item: RawItem, publishedAt: number | null, base: string): ParsedItem | null {
  const own = item.base && URL.canParse(item.base, base) ? new URL(item.base, base).href : base;
  const content = item.content === '' ? '' : plainText(item.content, MAX_BODY);
  const lead = item.summary === '' ? '' : plainText(item.summary, MAX_BODY);
  const summary = cutText(lead || content, MAX_SUMMARY);
  const url = item.link === null ? null : canonicalUrl(item.link, own);
  // Nothing but a link is still an item: it may be distinguished and be opened.
  const title = plainText(item.title, MAX_TITLE, 'title') || cutText(lead || content || (url ?? ''), TITLE_FROM_TEXT);
  if (title === '') return null;
  const body = content.length >= lead.length ? content : lead;
  const shaped: ParsedItem = {
    guid: item.guid === null ? null : cutText(item.guid.trim(), MAX_GUID) || null,
    url,
    title,
    summary,
    publishedAt,
    lang: langOf(item.lang),
  };
  if (body !== '' && body !== summary) shaped.body = body;
  return shaped;
}

function dateOf(item: RawItem): number | null {
  for (const date of item.dates) {
    const at = parseDate(date);
    if (at !== null) return at;
  }
  return null;
}

/** "#top" as a link leads to the feed's own address, whose query may hold the operator's key. */
function withoutQuery(url: string): string {
  const bare = new URL(url);
  bare.search = '';
  return bare.href;
}

/** xml:base, else the fetched address; the site's own where a feed is hosted elsewhere and writes relative links. */
function baseOf(raw: RawFeed, url: string): string {
  if (raw.base && URL.canParse(raw.base, url)) return new URL(raw.base, url).href;
  const link = raw.link?.trim();
  if (link && URL.canParse(link) && /^https?:/i.test(link) && new URL(link).host !== new URL(url).host) return link;
  return url;
}

/** `ru-RU` → `ru`; null for what is no language code of two letters. */
function langOf(lang: string | null): string | null {
  const match = /^\s*([a-z]{2})(?:[-_][a-z0-9_-]+)?\s*$/i.exec(lang ?? '');
  return match ? match[1]!.toLowerCase() : null;
}

/**
 * `ttl` only. `sy:updatePeriod` is left aside: WordPress writes "hourly" into every feed unasked, and an alarm that believed it would come an
 * hour late.
 */
function ttlOf(raw: RawFeed): number | null {
  const minutes = raw.ttlMinutes ?? 0;
  return Number.isFinite(minutes) && minutes > 0 ? minutes * 60_000 : null;
}
