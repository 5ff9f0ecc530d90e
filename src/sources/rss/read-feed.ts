import { createRequire } from 'node:module';
import { setPriority } from 'node:os';
import type { MessagePort } from 'node:worker_threads';
import { decodeHTML } from 'entities';
import type Parser from 'rss-parser';
import elements from '../../../config/feed-reading/elements.json' with { type: 'json' };
import { TocsinError } from '../../core/errors.ts';
import { decodeFeed } from './decode.ts';
import { type ParseAnswer, type ParsedFeed, type ParseJob, type RawFeed, type RawItem, shapeFeed } from './shape.ts';

/** Elements that hold text or HTML for reading, under any prefix. */
const READABLE = /<((?:[A-Za-z_][\w.-]{0,30}:)?(?:title|description|summary|content|encoded))(\s[^<>]{0,4000})?>/g;
/** Elements of these vocabularies hold elements of their own. */
const STRUCTURED = /^(?:media|itunes|podcast|georss):/i;
/** A text element that swallows an item was never closed. */
const SWALLOWS = /<\/?(?:[A-Za-z_][\w.-]{0,30}:)?(?:item|entry|channel)[\s>]/;
const MAX_INNER = 1_000_000;
/** So many text elements that make no sense, and the document is left as it is: the search must stay linear. */
const MAX_ODD = 200;

/**
 * Markup that stands unescaped inside titles and texts (XHTML in Atom, or mere carelessness) is wrapped into CDATA: XML parsers lose the order
 * of words around its tags, and refuse it where it is HTML (`<br>`, `&nbsp;`).
 */
export function wrapMarkup(text: string): string {
  const closes = new Map<string, number>();
  const parts: string[] = [];
  let done = 0;
  let odd = 0;
  READABLE.lastIndex = 0;
  for (let match = READABLE.exec(text); match; match = READABLE.exec(text)) {
    const [tag, name, attributes = ''] = match as unknown as [string, string, string?];
    if (attributes.endsWith('/') || STRUCTURED.test(name)) continue;
    const from = match.index + tag.length;
    const close = `</${name}`;
    let end = closes.get(name) ?? -1;
    if (end < from && end !== Number.POSITIVE_INFINITY) {
      end = text.indexOf(close, from);
      if (end < 0) end = Number.POSITIVE_INFINITY;
      closes.set(name, end);
    }
    if (end === Number.POSITIVE_INFINITY) continue;
    const next = text.indexOf('<', from);
    // Plain text: the usual case.
    if (next === end) continue;
    const inner = end - from > MAX_INNER ? null : text.slice(from, end);
    if (inner === null || SWALLOWS.test(inner)) {
      if (++odd > MAX_ODD) break;
      continue;
    }
    READABLE.lastIndex = end;
    if (/^\s*<!\[CDATA\[/.test(inner)) {
      // A `</title>` inside CDATA is text: go on behind its real end.
      const cdataEnd = text.indexOf(']]>', from);
      if (cdataEnd > end) {
        READABLE.lastIndex = cdataEnd;
        closes.set(name, -1);
      }
      continue;
    }
    parts.push(text.slice(done, from), '<![CDATA[', inner.replaceAll('<![CDATA[', '').replaceAll(']]>', ''), ']]>');
    done = end;
  }
  if (parts.length === 0) return text;
  parts.push(text.slice(done));
  return parts.join('');
}

/** Elements that begin a feed, under any prefix. */
const ROOT = /<(?:[A-Za-z_][\w.-]{0,30}:)?(?:rss|feed|rdf)(?=[\s>/])/i;

const BARE_AMPERSAND = /&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});)(\w{2,31};)?/g;

/** Where a feed begins in a text: index of its root element, or -1. */
const rootAt = (text: string): number => text.search(ROOT);

/**
 * What strict parsers stumble over and no reader misses: junk before the root element, the document type with its entities (never
 * expanded), markup that is not escaped, characters that XML forbids, bare `&` and HTML's named entities. In time linear in the text.
 */
export function tidyXml(text: string): string {
  const root = rootAt(text);
  const body = closeLastTag(root > 0 ? text.slice(root) : text);
  const legal = wrapMarkup(body)
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
    .toWellFormed();
  if (!legal.includes('&')) return legal;
  const parts: string[] = [];
  for (let at = 0; at < legal.length;) {
    // CDATA holds its `&` as they are.
    const open = legal.indexOf('<![CDATA[', at);
    const close = open < 0 ? -1 : legal.indexOf(']]>', open);
    const end = close < 0 ? legal.length : open;
    parts.push(legal.slice(at, end).replace(BARE_AMPERSAND, entity));
    if (close >= 0) parts.push(legal.slice(open, close + 3));
    at = close < 0 ? legal.length : close + 3;
  }
  return parts.join('');
}

/** A document cut inside its last tag: `</rss` gets its `>`, anything else goes. */
function closeLastTag(text: string): string {
  const open = text.lastIndexOf('<');
  if (open < 0 || text.lastIndexOf('>') > open || text.indexOf(']]>', open) >= 0) return text;
  return /^<\/[\w:.-]+\s*$/.test(text.slice(open)) ? `${text.trimEnd()}>` : text.slice(0, open);
}

/** `&nbsp;` → its character, `&` in front of anything else → `&amp;`. */
function entity(_whole: string, name: string | undefined): string {
  if (!name) return '&amp;';
  const decoded = decodeHTML(`&${name}`);
  return decoded === `&${name}` ? `&amp;${name}` : decoded.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

/** The start tag of the root with its namespaces, as written; '' where there is none. */
function rootTag(text: string): string {
  const at = rootAt(text);
  if (at < 0) return '';
  const end = text.indexOf('>', at);
  return end < 0 || end - at > 20_000 ? '' : text.slice(at, end + 1);
}

/**
 * A broken document made anew: its whole items, then what stands before them, so that what was not closed there takes none in. Of a document that is cut off
 * the last item goes; null = then nothing is whole.
 */
export function wholeItems(text: string): string | null {
  const tag = rootTag(text);
  const name = /^<([\w:.-]+)/.exec(tag)?.[1];
  if (!name) return null;
  const isCut = !text.includes(`</${name}`);
  const start = /<((?:[A-Za-z_][\w.-]{0,30}:)?(?:item|entry))(?=[\s>])/g;
  const items: string[] = [];
  let match = start.exec(text);
  const head = text.slice(rootAt(text) + tag.length, match?.index);
  for (; match; match = start.exec(text)) {
    const close = `</${match[1]}>`;
    let end = text.indexOf(close, match.index);
    if (end < 0 && isCut) break;
    if (end < 0) end = text.length;
    // An item that was never closed: the last one that begins before the end is whole.
    const last = text.lastIndexOf(`<${match[1]}`, end);
    const isTag = /^(?!\s*\/)[\s>]/.test(text.slice(last + match[1]!.length + 1, last + 100));
    const from = last > match.index && isTag ? last : match.index;
    start.lastIndex = end + close.length;
    items.push(text.slice(from, start.lastIndex));
  }
  if (isCut && items.length === 0 && (match || !text.trimEnd().endsWith('>'))) return null;
  const [channel = ''] = /rss$/i.test(name) ? (/<channel[^<>]{0,1000}>/.exec(head) ?? []) : [];
  return `${tag.replace(/\/>$/, '>')}${channel}${items.join('')}${head.replace(channel, '')}</${name}>`;
}

/** Reads JSON Feed 1.0 and 1.1. Throws where the text is other JSON, or none. */
function readJsonFeed(text: string): RawFeed {
  const feed = record(JSON.parse(text));
  if (!feed || !Array.isArray(feed.items)) throw new Error('JSON without a list of items');
  if (!string(feed.version).includes('jsonfeed') && typeof feed.title !== 'string')
    throw new Error('JSON that is no JSON Feed');
  if (feed.items.length > 0 && !feed.items.some(record)) throw new Error('JSON whose items are none');
  return {
    parser: 'json',
    title: string(feed.title),
    link: string(feed.home_page_url) || null,
    lang: string(feed.language) || null,
    items: feed.items.flatMap((raw): RawItem | [] => {
      const item = record(raw);
      if (!item) return [];
      const text = string(item.content_text);
      // Text is no markup: what looks like a tag in it is meant as it stands.
      const content = string(item.content_html) || text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
      const id = typeof item.id === 'number' ? String(item.id) : string(item.id);
      return {
        title: string(item.title),
        link: string(item.url) || string(item.external_url) || (/^https?:\/\//i.test(id) ? id : null),
        guid: id || null,
        dates: [string(item.date_published), string(item.date_modified)].filter((date) => date !== ''),
        summary: string(item.summary),
        content,
        base: null,
        lang: string(item.language) || null,
      };
    }),
  };
}

const record = (value: unknown): Record<string, unknown> | null =>
  value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Record<string, unknown>) : null;
const string = (value: unknown): string => (typeof value === 'string' ? value : '');

const require = createRequire(import.meta.url);
// Its snippets are quadratic on a flood of `<` (13 s for 100 KB), and it stumbles over links without attributes; neither can be turned off, and nobody here
// reads what comes of them.
Object.assign(require('rss-parser/lib/utils.js') as object, { getSnippet: () => '', getLink: () => '' });
const RssParser = require('rss-parser') as typeof Parser;

/** A node as xml2js gives it. */
type Node = string | { _?: unknown; $?: Record<string, string>; [child: string]: unknown } | undefined | null;
type Nodes = Node[] | undefined;

/** Elements of items and feeds, for each thing those that may hold it, the best first. */
const { feed: FEED, made: MADE, ...ITEM } = elements;
const kept = (names: string[]) => names.map((name) => [name.toLowerCase(), `raw:${name}`, { keepArray: true }]);
const customFields = { item: kept(Object.values(ITEM).flat()), feed: kept([...FEED, ...MADE]) };
const ATOM = /xmlns:([\w.-]{1,30})\s*=\s*["']http:\/\/(?:www\.w3\.org\/2005\/Atom|purl\.org\/atom\/ns#)["']/g;
const lower = (name: string): string => name.toLowerCase();

/**
 * What the parser is made with for a document. Elements lose the prefix of its root, and in Atom any that stands for Atom; case counts for nothing. RSS that
 * tells no version is 2.0. `strict`: false = tags that nobody closed, attributes without quotes and the like are no error.
 */
function optionsFor(text: string, strict: boolean): Parser.ParserOptions<object, object> {
  const [, own, root] = /^<(?:([\w.-]+):)?([\w.-]+)/.exec(rootTag(text)) ?? [];
  const declared = /^feed$/i.test(root ?? '') ? [...text.matchAll(ATOM)].map(([, prefix]) => prefix!) : [];
  const prefixes = new Set([own ?? '', ...declared].map(lower));
  const bare = (name: string): string => {
    const [prefix, local] = lower(name).split(':', 2) as [string, string?];
    const plain = local !== undefined && prefixes.has(prefix) ? local : lower(name);
    return plain === 'rdf' ? 'rdf:RDF' : plain;
  };
  const xml2js = { strict, tagNameProcessors: [bare], attrNameProcessors: [lower] };
  // Typed for names of fields known beforehand.
  return { customFields, defaultRSS: 2, xml2js } as unknown as Parser.ParserOptions<object, object>;
}

/** Reads RSS 0.9x, 2.0, RDF and Atom. Rejects with the parser's own error. */
async function readWithRssParser(text: string, strict: boolean): Promise<RawFeed> {
  // It works at once or never: on some broken documents xml2js calls nobody back. A parser of its own each time holds no leftovers.
  const never = new Promise<never>((_, reject) => {
    setImmediate(() => reject(new Error('no answer')));
  });
  const answer = new RssParser(optionsFor(text, strict)).parseString(text);
  const feed = (await Promise.race([answer, never])) as unknown as Record<string, unknown> & {
    items: Record<string, unknown>[];
  };
  const field = (name: string) => feed[`raw:${name}`] as Nodes;
  const own = attributes(feed['raw:$']);
  const links = field('link');
  if (!Array.isArray(feed.items)) throw new Error('no items');
  return {
    parser: 'rss-parser',
    title: textOf(first(field('title'))),
    link: pickLink(links),
    base: own['xml:base'] ?? null,
    lang: textOf(first(field('language'))) || textOf(first(field('dc:language'))) || own['xml:lang'] || null,
    ttlMinutes: numberOf(textOf(first(field('ttl')))),
    skipHours: children(first(field('skipHours')), 'hour').map((node) => Number(textOf(node))),
    skipDays: children(first(field('skipDays')), 'day').map(textOf),
    dates: MADE.flatMap((name) => datesIn(field(name))),
    items: feed.items.map(readItem),
  };
}

function readItem(item: Record<string, unknown>): RawItem {
  const all = (name: string) => item[`raw:${name}`] as Nodes;
  const one = (names: string[]) => names.map((name) => textOf(first(all(name)))).find((text) => text !== '') ?? '';
  const own = attributes(item['raw:$']);
  const guidNode = first(all('guid')) ?? first(all('id'));
  const guid = textOf(guidNode) || own['rdf:about'] || '';
  const isPermaLink =
    attributes(guidNode && typeof guidNode === 'object' ? guidNode.$ : undefined).ispermalink?.toLowerCase() !==
    'false';
  const link = one(['feedburner:origLink']) || pickLink(all('link')) || pickLink(all('atom:link'));
  const group = first(all('media:group'));
  return {
    title: one(ITEM.title),
    link: link || (isPermaLink && /^https?:\/\//i.test(guid) ? guid : null),
    guid: guid || null,
    dates: ITEM.dates.flatMap((name) => datesIn(all(name))),
    summary: one(ITEM.summary) || textOf(children(group, 'media:description')[0]),
    content: one(ITEM.content),
    base: own['xml:base'] ?? null,
    lang: one(['dc:language']) || own['xml:lang'] || null,
  };
}

/** The page that people read: rel alternate (or none) with an HTML type before others. */
function pickLink(nodes: Nodes): string | null {
  let best: string | null = null;
  let rank = 0;
  for (const node of nodes ?? []) {
    const attrs = typeof node === 'object' && node ? attributes(node.$) : {};
    const href = (attrs.href ?? textOf(node)).trim();
    const rel = attrs.rel ?? 'alternate';
    if (href === '' || rel === 'self' || rel === 'hub' || rel === 'enclosure' || rel === 'edit') continue;
    const value = rel === 'alternate' ? (!attrs.type || /html/i.test(attrs.type) ? 3 : 2) : 1;
    if (value > rank) {
      rank = value;
      best = href;
    }
  }
  return best;
}

/** Of one element no more are looked at: each costs some 30 µs. */
const MAX_DATES = 5;

/** The dates of one element, however often it stands there. */
const datesIn = (nodes: Nodes): string[] => (nodes ?? []).slice(0, MAX_DATES).flatMap(datesOf).slice(0, MAX_DATES);

/** A date as written; before it the one that a `<time datetime>` inside it tells (Drupal). */
function datesOf(node: Node): string[] {
  const times = children(node, 'time').map((time) =>
    time && typeof time === 'object' ? (attributes(time.$).datetime ?? '') : '',
  );
  return [...times, textOf(node)].filter((text) => text !== '');
}

/** All text inside a node, in the order that xml2js left. */
function textOf(node: unknown, depth = 0): string {
  if (typeof node === 'string') return node;
  if (!node || typeof node !== 'object' || depth > 20) return '';
  if (Array.isArray(node)) return node.map((each) => textOf(each, depth + 1)).join(' ');
  const parts: string[] = [];
  for (const [name, value] of Object.entries(node)) {
    if (name === '$') continue;
    const text = textOf(value, depth + 1);
    if (text !== '') parts.push(text);
  }
  return parts.join(' ').trim();
}

const first = (nodes: Nodes): Node => (Array.isArray(nodes) ? nodes[0] : undefined);

function children(node: Node, name: string): Node[] {
  if (!node || typeof node !== 'object') return [];
  const found = node[name];
  return Array.isArray(found) ? (found as Node[]) : [];
}

const attributes = (value: unknown): Record<string, string> =>
  value && typeof value === 'object' ? (value as Record<string, string>) : {};

function numberOf(text: string): number | null {
  const value = Number.parseFloat(text);
  return Number.isFinite(value) ? value : null;
}

/**
 * Bytes as served → feed. Throws `TocsinError`. `salvage` false: what is not well-formed, or holds nothing, is `feed_unreadable` at once; trying
 * more takes longest. Bounded by the caller (`parser-host.ts`).
 */
export async function readFeed(
  bytes: Uint8Array,
  contentType: string,
  url: string,
  salvage = true,
): Promise<ParsedFeed> {
  const { text } = decodeFeed(bytes, contentType);
  const start = text.slice(0, 2_000).trimStart();
  if (start === '') throw new TocsinError('feed_not_a_feed', 'The document is empty.');
  if (start.startsWith('{')) return shaped(json(text), url);
  if (rootAt(text) < 0) throw notAFeed(start);
  const raw = await readXml(text, salvage);
  if (!raw)
    throw new TocsinError(
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
  throw new TocsinError(
    'feed_unreadable',
    'None of its entries has a title, a text or a link: its form may have changed; open the address in a browser.',
  );
}

function json(text: string): RawFeed {
  try {
    return readJsonFeed(text);
  } catch {
    throw new TocsinError('feed_not_a_feed', 'It is JSON, but no JSON Feed: look for the address of the feed itself.');
  }
}

/** As it stands; else, where that is no XML or holds nothing, its whole items, by looser rules. */
async function readXml(text: string, salvage: boolean): Promise<RawFeed | null> {
  const tidy = tidyXml(text);
  const strictly = await attempt(() => readWithRssParser(tidy, true));
  if (strictly && strictly.items.length > 0) return strictly;
  if (!salvage) return null;
  const whole = wholeItems(tidy);
  const loosely = whole && (await attempt(() => readWithRssParser(whole, false)));
  return loosely ? { ...loosely, parser: 'salvage' } : strictly;
}

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

function notAFeed(start: string): TocsinError {
  if (/<(?:!doctype html|html|head|body)\b/i.test(start)) {
    return new TocsinError(
      'feed_not_a_feed',
      'It is a web page, not a feed: the site may be down, block us or ask for a log-in; open the address in a browser and look for its RSS link.',
    );
  }
  return new TocsinError('feed_not_a_feed', 'It is neither RSS, Atom, RDF nor JSON Feed: check the address.');
}

/** In a worker thread: takes jobs one at a time and answers each; the host ends it when it takes too long. */
export function serve(port: MessagePort): void {
  // On Linux the priority belongs to the thread that sets it: on a busy machine the main loop, which answers people, goes first.
  try {
    if (process.platform === 'linux') setPriority(0, 5);
  } catch {
    // A sandbox that forbids it: then it is not so.
  }
  port.on('message', async ({ id, bytes, contentType, url }: ParseJob) => {
    let answer: ParseAnswer;
    try {
      answer = { id, feed: await readFeed(bytes, contentType, url) };
    } catch (error) {
      const known = error instanceof TocsinError;
      answer = {
        id,
        code: known ? error.code : 'feed_unreadable',
        message: known ? error.message : 'It cannot be read as a feed.',
      };
    }
    port.postMessage(answer);
  });
  port.postMessage('ready');
}
