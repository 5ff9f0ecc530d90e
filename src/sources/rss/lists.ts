import { generateOpml, type Opml, parseOpml } from 'feedsmith';
import * as v from 'valibot';
import { TocsinError } from '../../core/errors.ts';
import type { ExportedFeed, FeedLists, Hint, Listed, Planned, PlanOptions } from '../../core/ports/feed-lists.ts';
import { rssSchema } from './config.ts';
import { decodeFeed } from './decode.ts';
import { createFeedParser } from './parser-host.ts';
import { domainOf } from './site.ts';

/** The feeds that a web page names (rssboard.org/rss-autodiscovery): hints for whoever typed the address of a site. */

const MAX_PAGE = 500_000;
const MAX_HINTS = 10;
const TYPES = /^application\/(?:rss|atom|rdf|feed)\+(?:xml|json)$|^application\/json$|^text\/xml$/i;

/** In the order of the page, each address once; `url`: where the page came from. */
export function feedsNamedBy(html: string, url: string): Hint[] {
  const page = html.slice(0, MAX_PAGE);
  const base = absolute(attributesOf(/<base\b([^<>]{0,2000})>/i.exec(page)?.[1] ?? '').href ?? '', url) ?? url;
  const hints = new Map<string, Hint>();
  for (const [, inside] of page.matchAll(/<link\b([^<>]{0,4000})>/gi)) {
    const { rel = '', type = '', href = '', title = '' } = attributesOf(inside!);
    if (!/(?:^|\s)(?:alternate|feed)(?:\s|$)/i.test(rel) || !TYPES.test(type.trim())) continue;
    const address = absolute(href, base);
    if (address !== null && !hints.has(address)) hints.set(address, { url: address, title: title.slice(0, 100) });
    if (hints.size === MAX_HINTS) break;
  }
  return [...hints.values()];
}

function attributesOf(text: string): Record<string, string> {
  const found: Record<string, string> = Object.create(null);
  for (const [, name, double, single, bare] of text.matchAll(
    /([\w-]{1,40})\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/g,
  ))
    found[name!.toLowerCase()] ??= (double ?? single ?? bare ?? '').replace(/&amp;/g, '&').trim();
  return found;
}

function absolute(href: string, base: string): string | null {
  if (href === '' || href.length > 2_000 || !URL.canParse(href, base)) return null;
  const url = new URL(href, base);
  return /^https?:$/.test(url.protocol) ? url.href : null;
}

/** Lists of feeds as other readers write and read them: OPML 2.0 (opml.org/spec2.opml). */

/** Entries that are looked at; `readOpml` says how many there are beyond. */
const MAX_OUTLINES = 10_000;
/** As the library has it: deeper nesting is refused by it. */
const MAX_DEPTH = 90;

/** What OPML has no word for, under a prefix of our own, as the specification asks for. */
const OWN = ['tocsin:id', 'tocsin:cron', 'tocsin:publisher', 'tocsin:authority'] as const;
const OWN_NAMESPACE = 'urn:x-tocsin:opml';

type Outline = Opml.Outline<string, typeof OWN>;

/**
 * The feeds that an OPML file lists. Throws `feed_not_a_feed` for what is no OPML, `feed_unreadable` where nothing can be read in it. `beyond`: how many
 * entries came after the most that are read. Entities that the document defines itself are not expanded.
 */
export function readOpml(bytes: Uint8Array, contentType: string): { listed: Listed[]; beyond: number } {
  const { text } = decodeFeed(bytes, contentType);
  if (!/<(?:\w+:)?opml[\s>]/i.test(text.slice(0, 10_000)))
    throw new TocsinError('feed_not_a_feed', `${whatElse(text)}: an OPML file begins with <opml>.`);
  let outlines: Outline[];
  let title: string | undefined;
  try {
    const { head, body } = parseOpml(text, { extraOutlineAttributes: OWN });
    [title, outlines] = [head?.title, body?.outlines ?? []];
  } catch (error) {
    const why = error instanceof Error && /nested/i.test(String((error.cause as Error | undefined)?.message ?? ''));
    const how = why ? `its outlines are nested deeper than ${MAX_DEPTH} levels` : 'its XML is broken';
    throw new TocsinError('feed_unreadable', `The OPML cannot be read: ${how}.`, {}, error);
  }
  const listed: Listed[] = [];
  let seen = 0;
  const walk = (all: readonly Outline[], path: readonly string[], commented: boolean): void => {
    for (const one of all) {
      const inside = one.outlines ?? [];
      const off = commented || one.isComment === true;
      // A folder is no entry; one that is both is.
      const folder = inside.length > 0 && !one.xmlUrl && !one.url;
      if (!folder && ++seen <= MAX_OUTLINES) listed.push(entryOf(one, path.length > 0 ? path : named(title), off));
      walk(inside, folder ? [...path, ...named(one.text ?? one.title)] : path, off);
    }
  };
  walk(outlines, [], false);
  if (seen === 0)
    throw new TocsinError('feed_unreadable', 'The OPML names no feeds: it is empty, or its XML is broken.');
  return { listed, beyond: Math.max(0, seen - MAX_OUTLINES) };
}

function whatElse(text: string): string {
  if (/<(?:!doctype html|html)\b/i.test(text.slice(0, 2_000))) return 'This is a web page, no list of feeds';
  if (/<(?:rss|feed|rdf:RDF)\b/i.test(text.slice(0, 2_000))) return 'This is a feed itself, no list of feeds';
  return 'This is no OPML';
}

/** A folder's name, or a list's, as a part of a path: none, or one. */
const named = (name = ''): string[] => [name.replace(/[\s/]+/g, ' ').trim()].filter(Boolean);

/** `path`: the folders that it lies in, else the title of the list. Of our own lists only what was stated so: the rest are guesses, by country. */
function entryOf(one: Outline, path: readonly string[], commented: boolean): Listed {
  const title = (one.title ?? one.text ?? '').replace(/\s+/g, ' ').trim();
  const [id, cron, publisher, authority] = OWN.map((name) => one[name] as string | undefined);
  return {
    url: (one.xmlUrl ?? one.url ?? '').trim(),
    title,
    nameless: one.title === undefined && publisher !== undefined && one.text === publisher,
    lang: one.language ?? null,
    type: one.type?.toLowerCase() ?? null,
    commented,
    folder: id === undefined || one.category === `/${path.join('/')}` ? path.join('/') : '',
    own: defined({ id, cron, publisher, authority: authority === 'true' || undefined }),
  };
}

/** Without the keys that hold nothing. */
const defined = <T extends object>(all: T): T =>
  Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as T;

const ELSEWHERE = 'No one country';

/** An OPML 2.0 document, a folder a country, of one feed or more. What it says of a feed, `readOpml` reads again. */
export function writeOpml(feeds: readonly ExportedFeed[], { title, at }: { title: string; at: Date }): string {
  const filed = feeds.map((feed) => {
    const path = feed.folder?.split('/') ?? [feed.country?.name ?? ELSEWHERE];
    return { path, outline: outlineOf(feed) };
  });
  const xml = generateOpml(
    { head: { title, dateCreated: at, docs: 'http://opml.org/spec2.opml' }, body: { outlines: inFolders(filed) } },
    { extraOutlineAttributes: OWN },
  );
  return `${xml.replace('<opml version="2.0">', `<opml version="2.0" xmlns:tocsin="${OWN_NAMESPACE}">`).trimEnd()}\n`;
}

type Filed = { path: string[]; outline: Opml.Outline<Date, typeof OWN> };

/** Folders by name, then what lies beside them. */
function inFolders(all: readonly Filed[]): Filed['outline'][] {
  const folders = Map.groupBy(all, ({ path }) => path[0] ?? '');
  const names = [...folders.keys()].filter(Boolean);
  names.sort((a, b) => Number(a === ELSEWHERE) - Number(b === ELSEWHERE) || a.localeCompare(b, 'en'));
  const inside = (name: string) => folders.get(name)!.map(({ path, outline }) => ({ path: path.slice(1), outline }));
  return [
    ...names.map((name) => ({ text: plain(name), outlines: inFolders(inside(name)) })),
    ...(folders.get('') ?? []).map(({ outline }) => outline),
  ];
}

function outlineOf(feed: ExportedFeed): Filed['outline'] {
  return defined({
    type: 'rss',
    text: plain(feed.name ?? feed.publisher),
    title: feed.name === undefined ? undefined : plain(feed.name),
    xmlUrl: feed.url,
    language: feed.lang,
    category: feed.folder ? `/${feed.folder}` : feed.country === null ? undefined : `/${feed.country.code}`,
    'tocsin:id': feed.id,
    'tocsin:cron': feed.cron,
    'tocsin:publisher': feed.publisher,
    'tocsin:authority': feed.authority ? 'true' : undefined,
  });
}

/** What no XML document can hold, a line break in an attribute among them. */
const plain = (text: string): string => text.replace(/\p{Cc}+/gu, ' ');

/** What becomes of each entry of a list of feeds: pure. */

const MAX_NAME = 100;
/** What would steer a terminal or turn text around in the configuration; but for what parts the letters of a Persian word. */
const UNSEEN = /(?!(?<=\p{Script=Arabic})\u200c\p{Script=Arabic})[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;
const DEFAULT_CRON = v.getDefault(rssSchema.entries.cron);

export function planImport(listed: readonly Listed[], options: PlanOptions): Planned {
  const plan: Planned = { added: [], leftOut: [] };
  const ids = new Set(options.sources.map(({ id }) => id));
  const known = new Map(options.feeds.map(({ url }) => [feedKey(url), 'it is read already']));
  const voices = new Map<string, string>();
  for (const { url, publisher } of options.feeds) {
    const site = siteOf(url);
    if (site !== null && !voices.has(site)) voices.set(site, publisher);
  }
  for (const one of listed) {
    const address = addressOf(one.url);
    const why = whyNot(one, address, options) ?? known.get(feedKey(address!)) ?? null;
    if (why !== null) {
      plan.leftOut.push({ title: one.title, url: one.url, why });
      continue;
    }
    known.set(feedKey(address!), 'it stands in the list twice');
    const made = sourceOf(one, address!, { ...options, ids, voices });
    ids.add(made.source.id);
    plan.added.push(made);
  }
  return plan;
}

/** Null where nothing speaks against it. */
function whyNot(one: Listed, address: string | null, { isPrivate }: PlanOptions): string | null {
  if (one.commented) return 'it is commented out there';
  if (one.type === 'include') return 'it includes another list: import that one by itself';
  if (one.type === 'link') return 'it links to a page or a list, not to a feed';
  if (one.url === '') return 'it has no address (xmlUrl)';
  if (address === null) return 'its address is none that can be read: it must begin with http:// or https://';
  return isPrivate(new URL(address).hostname)
    ? 'its address is in a private network, which is not read (network.allowPrivateAddresses)'
    : null;
}

/** As browsers write it. `feed:` is what some readers put before an address. */
function addressOf(written: string): string | null {
  const text = written.replace(/^feed:(?:\/\/)?(?=https?:)/i, '').replace(/^feed:\/\//i, 'http://');
  const parsed = v.safeParse(rssSchema.entries.url, text);
  if (!parsed.success || text.length > 2_000 || !URL.canParse(text) || /[\u0000-\u0020]/.test(text)) return null;
  return text;
}

/** One feed has several spellings: with `www.` and without, http and https, a slash at its end. */
function feedKey(address: string): string {
  const url = new URL(address);
  const host = url.hostname.replace(/^www\./, '').replace(/\.$/, '');
  return `${host}${url.port && `:${url.port}`}${url.pathname.replace(/\/+$/, '')}${url.search}`;
}

/** Who one voice is: a site, so that two feeds of it never corroborate each other. */
function siteOf(address: string): string | null {
  const host = new URL(address).hostname.replace(/^\[|\]$/g, '');
  return domainOf(host) ?? host;
}

/** `voices`: the publisher of each site. */
type Taken = PlanOptions & { ids: ReadonlySet<string>; voices: Map<string, string> };

function sourceOf(one: Listed, url: string, { ids, voices, fromNet, cronProblem }: Taken): Planned['added'][number] {
  const notes: string[] = [];
  const site = siteOf(url)!;
  const stated = valid(rssSchema.entries.publisher, one.own.publisher);
  // A stranger's list may not split one site into several voices that corroborate each other.
  const publisher = (fromNet ? undefined : stated) ?? voices.get(site) ?? nameFrom(site);
  if (!voices.has(site)) voices.set(site, publisher);
  else if (publisher === voices.get(site)) notes.push(`one voice with the other feeds of ${publisher}`);
  const title = one.title.replace(UNSEEN, ' ').replace(/\s+/gu, ' ').trim();
  const name = valid(
    rssSchema.entries.name,
    one.nameless ? undefined : title.slice(0, MAX_NAME).toWellFormed().trim() || undefined,
  );
  const lang = valid(rssSchema.entries.lang, one.lang?.slice(0, 2).toLowerCase());
  const cron = valid(rssSchema.entries.cron, one.own.cron);
  const usual = cron === undefined || cron === DEFAULT_CRON || cronProblem(cron) !== null;
  if (one.own.authority)
    notes.push(
      fromNet
        ? 'that it is an authority is not taken from the net: set "authority" yourself'
        : 'an authority: one statement of it corroborates',
    );
  const id = free(valid(rssSchema.entries.id, one.own.id) ?? nameFrom(one.title || site, site), ids);
  const authority = (one.own.authority && !fromNet) || undefined;
  const folder = valid(rssSchema.entries.folder, one.folder.replace(UNSEEN, ' ') || undefined);
  return {
    source: defined({ id, kind: 'rss', url, cron: usual ? undefined : cron, publisher, name, lang, folder, authority }),
    notes,
  };
}

function valid(schema: v.GenericSchema<unknown, unknown>, value: string | undefined): string | undefined {
  return value !== undefined && v.safeParse(schema, value).success ? value : undefined;
}

/** `The Moscow Times` → `the-moscow-times`; a title in another script is called after its site. */
function nameFrom(text: string, otherwise = 'feed'): string {
  const plain = text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  const latin = plain.replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '');
  const most = /[^\p{ASCII}\p{P}\p{Z}]/u.test(plain) ? '' : latin;
  return (most || otherwise.replace(/[^a-z0-9]+/gi, '-').toLowerCase()).slice(0, 50).replace(/-+$/, '') || 'feed';
}

function free(wanted: string, ids: ReadonlySet<string>): string {
  let id = wanted;
  for (let n = 2; ids.has(id); n++) id = `${wanted.slice(0, 58)}-${n}`;
  return id;
}

export function createLists(): FeedLists {
  const parser = createFeedParser();
  return {
    readList: readOpml,
    writeList: writeOpml,
    planImport,
    decode: decodeFeed,
    // The parser takes the bytes away.
    look: (bytes, contentType, url) => parser.parse(Uint8Array.from(bytes), contentType, url),
    feedsNamedBy,
    stop: () => parser.stop(),
  };
}
