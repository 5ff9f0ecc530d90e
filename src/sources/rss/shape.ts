import { decodeHTML } from 'entities';
import dates from '../../../config/feed-reading/dates.json' with { type: 'json' };
import html from '../../../config/feed-reading/html.json' with { type: 'json' };
import { canonicalUrl } from '../../core/correlate/canonical.ts';
import type { Code } from '../../core/errors.ts';
import type { LookedAt } from '../../core/ports/feed-lists.ts';

/** Dates as feeds write them → ms since the epoch, UTC; null for what is no date (the item is then undated). */

/** First letters of months in lower case, after folding accents: English, German, French, Spanish, Italian, Portuguese, Dutch, Russian, Ukrainian. */
const MONTHS: readonly (readonly string[])[] = dates.months;

/** Hours east of Greenwich. Letters that stand for several zones take the one that feeds mean. */
const ZONES: Record<string, number> = dates.zones;

const MAX_DATE = 100;
const EARLIEST = Date.UTC(1995, 0, 1);
const LATEST = Date.UTC(2100, 0, 1);

export function parseDate(raw: unknown): number | null {
  if (typeof raw !== 'string') return null;
  const text = raw.replace(/\s+/g, ' ').trim();
  if (text === '' || text.length > MAX_DATE) return null;
  const at = byForm(text, ISO) ?? spoken(text) ?? numeric(text);
  // 1970 and 0001 are how programs write "no date".
  return at !== null && at >= EARLIEST && at <= LATEST ? at : null;
}

/** `2026-11-25T08:00:00.5+03:00`, with a blank instead of the T, without seconds, time or day, or `20261125T080000Z`. */
const ISO = [
  /^(?<year>\d{4})-?(?<month>\d{2})(?:-?(?<day>\d{2}))?(?:[Tt ,]\s?(?<hour>\d{1,2}):?(?<minute>\d{2})(?::?(?<second>\d{2}))?(?:[.,]\d{1,9})? ?(?<zone>.{0,12}))?$/,
  /^(?<year>\d{4})\/(?<month>\d{1,2})\/(?<day>\d{1,2})(?: (?<hour>\d{1,2}):(?<minute>\d{2})(?::(?<second>\d{2}))? ?(?<zone>.{0,12}))?$/,
  /^(?<year>\d{4})-(?<month>\d{1,2})-(?<day>\d{1,2})(?:[Tt ](?<hour>\d{1,2}):(?<minute>\d{2})(?::(?<second>\d{2}))? ?(?<zone>.{0,12}))?$/,
];

/** `25 Nov 2026 08:00:00 +0300` and `25 ноября 2026 08:00`, `November 25 2026 8:00 PM EST`, `Nov 25 08:00:00 MSK 2026`. */
const SPOKEN = [
  /^(?<day>\d{1,2})(?:st|nd|rd|th|\.)?[ -](?<month>[\p{L}]{3,12})\.?[ -](?<year>\d{4}|\d{2})(?: (?:г\.? ?)?(?<hour>\d{1,2})[:.](?<minute>\d{2})(?:[:.](?<second>\d{2}))?(?:\.\d+)? ?(?<zone>.{0,20}))?$/u,
  /^(?<month>[\p{L}]{3,12})\.? (?<day>\d{1,2})(?:st|nd|rd|th)? (?<year>\d{4})(?: (?<hour>\d{1,2}):(?<minute>\d{2})(?::(?<second>\d{2}))? ?(?<zone>.{0,20}))?$/u,
  /^(?<month>[\p{L}]{3,12})\.? (?<day>\d{1,2}) (?<hour>\d{1,2}):(?<minute>\d{2}):(?<second>\d{2}) ?(?<zone>[^ ]{0,8}) (?<year>\d{4})$/u,
];

/** `25.11.2026 08:00` and `25/11/2026`. */
const NUMERIC =
  /^(?<day>\d{1,2})[./-](?<month>\d{1,2})[./-](?<year>\d{4})(?:[ ,T]{1,2}(?<hour>\d{1,2}):(?<minute>\d{2})(?::(?<second>\d{2}))? ?(?<zone>.{0,12}))?$/;

/** By the first of these forms that the text has. */
function byForm(text: string, forms: readonly RegExp[]): number | null {
  const found = forms.values().map((form) => form.exec(text)?.groups);
  const parts = found.find((one) => one !== undefined);
  return parts ? build(parts) : null;
}

/** In words, with or without the day of the week: `Wed, 25 Nov 2026 …`. */
function spoken(text: string): number | null {
  const bare = fold(text)
    // The day of the week, wherever a month still follows.
    .replace(/^[\p{L}.]{2,14},? (?=\d{1,2}(?:st|nd|rd|th|\.)?[ -]\p{L}|\p{L}{3,12}\.? \d)/u, '')
    .replace(/,/g, ' ')
    .replace(/\b(?:de|of|at|um|в|г\.?|a las)\b/gu, ' ')
    .replace(/ {2,}/g, ' ')
    .trim();
  return byForm(bare, SPOKEN);
}

/** With the month first. */
const swapped = (parts: Record<string, string>) => ({ ...parts, month: parts.day, day: parts.month });

/** Which number comes first where a feed writes `11/25/2026`. */
export type DayOrder = 'day' | 'month';

/** What one date tells: an order, by a number above twelve; `monthFirst`: it may be read so as well. Null = it is not written so. */
export function dayOrderOf(raw: string): { order: DayOrder } | { monthFirst: number } | null {
  const text = raw.replace(/\s+/g, ' ').trim();
  // Nobody writes the month first before a dot.
  const parts = text.length > MAX_DATE || /^\d{1,2}\./.test(text) ? undefined : NUMERIC.exec(text)?.groups;
  if (!parts || parts.day === parts.month) return null;
  if (Number(parts.day) > 12) return { order: 'day' };
  if (Number(parts.month) > 12) return { order: 'month' };
  const monthFirst = build(swapped(parts as Record<string, string>));
  return monthFirst === null ? null : { monthFirst };
}

/** Day first; `11/25/2026` where only that makes sense; seconds or milliseconds since the epoch. */
function numeric(text: string): number | null {
  const parts = NUMERIC.exec(text)?.groups;
  if (!parts) return /^\d{10}$/.test(text) ? Number(text) * 1000 : /^\d{13}$/.test(text) ? Number(text) : null;
  return build(Number(parts.month) <= 12 ? parts : swapped(parts as Record<string, string>));
}

/** From the parts as they stand there; of the time and the day what is missing is 0, and the first. */
function build(parts: Record<string, string | undefined>): number | null {
  const year = fullYear(parts.year!);
  const month = /^\d/.test(parts.month!) ? Number(parts.month) : monthOf(parts.month!);
  const day = Number(parts.day ?? 1);
  if (month < 1 || month > 12 || day < 1 || day > 31) return null;
  const rest = (parts.zone ?? '').trim().toLowerCase();
  const half = /^([ap])\.?m\.?\b/.exec(rest);
  let hours = Number(parts.hour ?? 0);
  if (half && hours <= 12) hours = (hours % 12) + (half[1] === 'p' ? 12 : 0);
  const [minutes, seconds] = [Number(parts.minute ?? 0), Number(parts.second ?? 0)];
  if (hours > 24 || minutes > 59 || seconds > 60) return null;
  // 31 February would roll over into March.
  if (new Date(Date.UTC(year, month - 1, day)).getUTCDate() !== day) return null;
  const offset = zoneMinutes(rest.slice(half?.[0].length ?? 0).trim());
  return Date.UTC(year, month - 1, day, hours, minutes, seconds) - offset * 60_000;
}

/** Minutes east of Greenwich; 0 where there is no zone or none that is known (RFC 822 says the same of its military letters). */
function zoneMinutes(zone: string): number {
  const numeric = /^(?:gmt|utc|ut|z)? ?([+-])(\d{1,2}):?(\d{2})?(?: ?\(.*)?$/.exec(zone);
  if (numeric) {
    const minutes = Number(numeric[2]) * 60 + Number(numeric[3] ?? 0);
    if (minutes > 14 * 60) return 0;
    return numeric[1] === '-' ? -minutes : minutes;
  }
  const name = /^[a-z]{1,5}/.exec(zone)?.[0];
  return (name === undefined ? 0 : (ZONES[name] ?? 0)) * 60;
}

function monthOf(word: string): number {
  const folded = fold(word);
  return MONTHS.findIndex((names) => names.some((name) => folded.startsWith(name))) + 1;
}

const fold = (text: string) =>
  text
    .toLowerCase()
    .replace(/й/g, 'й')
    .normalize('NFD')
    .replace(/[\u0300-\u0305\u0307-\u036f]/g, '')
    .normalize('NFC');

function fullYear(text: string): number {
  const year = Number(text);
  if (text.length === 4) return year;
  return year < 70 ? 2000 + year : 1900 + year;
}

/** What the worker gets and gives; plain data that can be posted between threads. */
export interface ParseJob {
  id: number;
  bytes: Uint8Array;
  contentType: string;
  /** Where the bytes came from: relative links are resolved against it. */
  url: string;
}

/** `publishedAt`: ms since the epoch, UTC, or null where the feed gives none that can be read. `monthFirst`: it may be this time as well. */
export type ParsedItem = LookedAt['items'][number] & { guid: string | null; monthFirst?: number };

/** `parser`: which one made sense of it, for the log. */
export interface ParsedFeed extends LookedAt {
  /** Newest first, undated ones where they stood; at most 500. */
  items: ParsedItem[];
  /** How long the feed itself asks to be left alone, ms; null where it does not. */
  ttlMs: number | null;
  /** What its dates tell of their order; null = nothing, or both. */
  dayOrder: DayOrder | null;
  /** When it says that it was made, in ways that can be read in one way only. */
  madeAt: number[];
  /** Hours of the day (UTC, 0–23) and days of the week (0 = Sunday) in which it does not change. */
  skipHours: number[];
  skipDays: number[];
}

export type ParseAnswer = { id: number; feed: ParsedFeed } | { id: number; code: Code; message: string };

const MAX_ITEMS = 500;
const MAX_TITLE = 500;
const MAX_SUMMARY = 2_000;
const MAX_BODY = 20_000;
const MAX_GUID = 500;

/** Elements whose text is not for reading. */
const HIDDEN = new Set(html.hidden);
/** Elements that end a line. */
const BLOCKS = new Set(html.blocks);
const KNOWN = new Set([...html.hidden, ...html.blocks, ...html.inline]);

/** Work on one text is bounded by this many characters of markup for each character wanted, and never less than 64,000. */
const MARKUP_FACTOR = 20;
/** An escaped escape: `&amp;lt;p&amp;gt;` and `&amp;quot;` show up as markup after one round; nobody means to show them. */
const STILL_MARKED =
  /<\/?(?:p|br|div|a|b|i|em|strong|img|span|ul|ol|li|h[1-6]|table|figure|blockquote)(?:\s[^<>]{0,500})?\/?>|&(?:[a-z]{2,8}|#\d{2,6}|#x[0-9a-f]{2,5});/i;
const MAX_ROUNDS = 3;

/**
 * HTML (or plain text) → plain text on one line, at most `max` characters, in time linear in its input. Tags go, script and style with
 * their content, entities become characters, white space closes up. In `title` mode only tags that HTML has go: "Use <video> less" is
 * written with a tag, "Vector<T>" is not.
 */
export function plainText(html: string, max: number, mode: 'title' | 'body' = 'body'): string {
  const bounded = html.length > 64_000 ? html.slice(0, Math.max(64_000, max * MARKUP_FACTOR)) : html;
  let text = decodeHTML(stripTags(bounded, mode));
  for (let round = 1; round < MAX_ROUNDS && STILL_MARKED.test(text); round++) text = decodeHTML(stripTags(text, mode));
  return cutText(closeUp(text), max);
}

/** White space and control characters close up to one blank; invisible marks that break words or turn lines around go. */
function closeUp(text: string): string {
  return text
    .replace(
      /[\u0000-\u0008\u000e-\u001f\u007f-\u009f\u00ad\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069\ufffe\uffff]/g,
      '',
    )
    .replace(/\s+/g, ' ')
    .trim();
}

/** At most `max` UTF-16 units, never half a character; what was cut ends in an ellipsis. */
export function cutText(text: string, max: number): string {
  if (text.length <= max) return text.isWellFormed() ? text : text.toWellFormed();
  const cut = text.slice(0, max - 1);
  return `${cut
    .toWellFormed()
    .replace(/\ufffd$/, '')
    .trimEnd()}…`;
}

function stripTags(html: string, mode: 'title' | 'body'): string {
  if (!html.includes('<')) return html;
  const parts: string[] = [];
  let at = 0;
  // Once there is no `>` ahead there will be none later: a flood of `<` must not search again and again.
  let lastClose = html.lastIndexOf('>');
  const unclosed = new Set<string>();
  while (at < html.length) {
    const open = html.indexOf('<', at);
    if (open < 0 || open > lastClose) break;
    parts.push(html.slice(at, open));
    const isCdata = html.startsWith('<![CDATA[', open);
    if (isCdata || html.startsWith('<!--', open)) {
      const end = isCdata ? html.indexOf(']]>', open + 9) : html.indexOf('-->', open + 4);
      if (isCdata) parts.push(html.slice(open + 9, end < 0 ? html.length : end));
      at = end < 0 ? html.length : end + 3;
      continue;
    }
    const name = tagName(html, open);
    const strip = name !== '' && (mode === 'body' || KNOWN.has(name) || name.includes(':'));
    if (!strip) {
      parts.push('<');
      at = open + 1;
      continue;
    }
    const close = html.indexOf('>', open);
    if (close < 0) {
      lastClose = -1;
      at = open;
      break;
    }
    at = close + 1;
    if (BLOCKS.has(name)) parts.push('\n');
    if (HIDDEN.has(name) && html[open + 1] !== '/' && html[close - 1] !== '/' && !unclosed.has(name)) {
      const after = afterElement(html, name, at);
      if (after < 0) unclosed.add(name);
      else at = after;
    }
  }
  if (at < html.length) parts.push(html.slice(at));
  return parts.join('');
}

/** The element's name in lower case, '' where `<` begins none ("a < b"). */
function tagName(html: string, open: number): string {
  let at = open + 1;
  const first = html[at];
  if (first === '/' || first === '!' || first === '?') at++;
  const start = at;
  while (at < html.length && at - start < 40 && /[\w:-]/.test(html[at]!)) at++;
  const name = html.slice(start, at).toLowerCase();
  if (first === '!' || first === '?') return name || '!';
  return /^[a-z]/.test(name) ? name : '';
}

/** Where the element ends, or -1 where it is never closed. */
function afterElement(html: string, name: string, from: number): number {
  const ending = new RegExp(`</${name}\\b`, 'gi');
  ending.lastIndex = from;
  const found = ending.exec(html);
  if (!found) return -1;
  const close = html.indexOf('>', found.index);
  return close < 0 ? html.length : close + 1;
}

/** Where an item has no title, this much of its text stands for it, characters. */
const TITLE_FROM_TEXT = 200;
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/** Cleans a raw feed up and bounds it. `url` is where it was fetched. */
export function shapeFeed(raw: RawFeed, url: string): ParsedFeed {
  const base = baseOf(raw, withoutQuery(url));
  // Some count 1 to 24.
  const { skipHours = [], skipDays = [] } = raw;
  const hours = skipHours.filter((hour) => Number.isInteger(hour) && hour >= 0 && hour <= 24).map((hour) => hour % 24);
  const days = skipDays.map((day) => DAYS.indexOf(day.trim().slice(0, 3).toLowerCase())).filter((day) => day >= 0);
  return {
    title: plainText(raw.title, MAX_TITLE, 'title'),
    lang: langOf(raw.lang),
    items: newest(raw.items, base),
    ttlMs: ttlOf(raw),
    dayOrder: orderIn(raw),
    madeAt: (raw.dates ?? []).flatMap((date) => (dayOrderOf(date) === null ? (parseDate(date) ?? []) : [])),
    skipHours: [...new Set(hours)],
    skipDays: [...new Set(days)],
    parser: raw.parser,
  };
}

function orderIn({ items, dates = [] }: RawFeed): DayOrder | null {
  const told = new Set(
    [...dates, ...items.flatMap((item) => item.dates)].flatMap((date) => {
      const order = dayOrderOf(date);
      return order && 'order' in order ? order.order : [];
    }),
  );
  return told.size === 1 ? [...told][0]! : null;
}

/** The newest so many, in the feed's order where it has no more; cleaning text is the dear part, so dates come first. */
function newest(raw: readonly RawItem[], base: string): ParsedItem[] {
  const dated = raw.map((item) => ({ item, at: dateOf(item) }));
  // Undated ones are taken for new: they stay in front, in their order.
  if (dated.length > MAX_ITEMS)
    dated.sort((a, b) => (b.at ?? Number.MAX_SAFE_INTEGER) - (a.at ?? Number.MAX_SAFE_INTEGER));
  return dated.slice(0, MAX_ITEMS).flatMap(({ item, at }) => shapeItem(item, at, base) ?? []);
}

function shapeItem(item: RawItem, publishedAt: number | null, base: string): ParsedItem | null {
  const own = (item.base && URL.parse(item.base, base)?.href) || base;
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
  const order = dayOrderOf(item.dates.find((date) => parseDate(date) === publishedAt) ?? '');
  if (order && 'monthFirst' in order) shaped.monthFirst = order.monthFirst;
  if (body !== '' && body !== summary) shaped.body = body;
  return shaped;
}

const dateOf = ({ dates }: RawItem): number | null => dates.map(parseDate).find((at) => at !== null) ?? null;

/** "#top" as a link leads to the feed's own address, whose query may hold the operator's key. */
const withoutQuery = (url: string): string => Object.assign(new URL(url), { search: '' }).href;

/** xml:base, else the fetched address; the site's own where a feed is hosted elsewhere and writes relative links. */
function baseOf(raw: RawFeed, url: string): string {
  const own = raw.base && URL.parse(raw.base, url)?.href;
  if (own) return own;
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

/** What a parser (rss-parser, JSON) makes of a feed, before clean-up: strings may be HTML, dates are as written. */
export interface RawFeed {
  parser: string;
  title: string;
  /** The site's address. */
  link: string | null;
  /** xml:base of the root, as written. */
  base?: string | null;
  lang: string | null;
  ttlMinutes?: number | null;
  skipHours?: number[];
  skipDays?: string[];
  /** When it was made, as written; absent = it does not say. */
  dates?: string[];
  items: RawItem[];
}

export interface RawItem {
  title: string;
  link: string | null;
  guid: string | null;
  /** Best first. */
  dates: string[];
  summary: string;
  content: string;
  base: string | null;
  lang: string | null;
}
