import { createRequire } from 'node:module';
import type Parser from 'rss-parser';
import { type RawFeed, type RawItem, Unreadable } from './raw.ts';

const require = createRequire(import.meta.url);
// Its snippets are quadratic on a flood of `<` (13 s for 100 KB) and cannot be turned off; nobody here reads them.
(require('rss-parser/lib/utils.js') as { getSnippet: (html: string) => string }).getSnippet = () => '';
const RssParser = require('rss-parser') as typeof Parser;

/** A node as xml2js gives it. */
type Node = string | { _?: unknown; $?: Record<string, string>; [child: string]: unknown } | undefined | null;
type Nodes = Node[] | undefined;

const kept = (...names: string[]) => names.map((name) => [name, `raw:${name}`, { keepArray: true }]);
const ITEM_FIELDS = kept(
  '$',
  'title',
  'link',
  'guid',
  'id',
  'pubDate',
  'pubdate',
  'dc:date',
  'published',
  'updated',
  'issued',
  'created',
  'modified',
  'dcterms:created',
  'dcterms:modified',
  'dcterms:issued',
  'date',
  'description',
  'summary',
  'content',
  'content:encoded',
  'itunes:summary',
  'media:description',
  'dc:description',
  'atom:link',
  'atom:updated',
  'atom:published',
  'atom:summary',
  'feedburner:origLink',
  'dc:language',
  'dc:title',
  'media:title',
  'media:group',
);
const FEED_FIELDS = kept('$', 'title', 'link', 'language', 'dc:language', 'ttl', 'skipHours', 'skipDays');

// Typed for names of fields known beforehand.
const OPTIONS = { customFields: { item: ITEM_FIELDS, feed: FEED_FIELDS } } as unknown as Parser.ParserOptions<
  object,
  object
>;

/** Reads RSS 0.9x, 2.0, RDF and Atom. Rejects with the parser's own error. */
export async function readWithRssParser(text: string): Promise<RawFeed> {
  // It works at once or never: on some broken documents xml2js calls nobody back. A parser of its own each time holds no leftovers.
  const never = new Promise<never>((_, reject) => {
    setImmediate(() => reject(new Unreadable('no answer')));
  });
  const answer = new RssParser(OPTIONS).parseString(text);
  const feed = (await Promise.race([answer, never])) as unknown as Record<string, unknown> & {
    items: Record<string, unknown>[];
  };
  const field = (name: string) => feed[`raw:${name}`] as Nodes;
  const own = attributes(feed['raw:$']);
  const links = field('link');
  const raw: RawFeed = {
    parser: 'rss-parser',
    title: textOf(first(field('title'))),
    link: pickLink(links),
    base: own['xml:base'] ?? null,
    lang: textOf(first(field('language'))) || textOf(first(field('dc:language'))) || own['xml:lang'] || null,
    ttlMinutes: numberOf(textOf(first(field('ttl')))),
    skipHours: children(first(field('skipHours')), 'hour').map((node) => Number(textOf(node))),
    skipDays: children(first(field('skipDays')), 'day').map(textOf),
    items: [],
  };
  if (!Array.isArray(feed.items)) throw new Unreadable('no items');
  for (const item of feed.items) raw.items.push(readItem(item));
  return raw;
}

function readItem(item: Record<string, unknown>): RawItem {
  const all = (name: string) => item[`raw:${name}`] as Nodes;
  const one = (...names: string[]) => {
    for (const name of names) {
      const text = textOf(first(all(name)));
      if (text !== '') return text;
    }
    return '';
  };
  const own = attributes(item['raw:$']);
  const guidNode = first(all('guid')) ?? first(all('id'));
  const guid = textOf(guidNode) || own['rdf:about'] || '';
  const isPermaLink =
    attributes(guidNode && typeof guidNode === 'object' ? guidNode.$ : undefined).isPermaLink?.toLowerCase() !==
    'false';
  const link = one('feedburner:origLink') || pickLink(all('link')) || pickLink(all('atom:link'));
  const group = first(all('media:group'));
  return {
    title: one('title', 'dc:title', 'media:title'),
    link: link || (isPermaLink && /^https?:\/\//i.test(guid) ? guid : null),
    guid: guid || null,
    dates: [
      'pubDate',
      'pubdate',
      'published',
      'dc:date',
      'issued',
      'dcterms:issued',
      'created',
      'dcterms:created',
      'atom:published',
      'date',
      'updated',
      'modified',
      'dcterms:modified',
      'atom:updated',
    ].flatMap((name) => (all(name) ?? []).flatMap(datesOf)),
    summary:
      one('description', 'summary', 'atom:summary', 'itunes:summary', 'dc:description', 'media:description') ||
      textOf(children(group, 'media:description')[0]),
    content: one('content:encoded', 'content'),
    base: own['xml:base'] ?? null,
    lang: one('dc:language') || own['xml:lang'] || null,
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
