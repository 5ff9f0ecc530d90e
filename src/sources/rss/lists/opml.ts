/** Lists of feeds as other readers write and read them: OPML 2.0 (opml.org/spec2.opml). */
import { generateOpml, type Opml, parseOpml } from 'feedsmith';
import { TocsinError } from '../../../core/errors.ts';
import type { ExportedFeed, Listed } from '../../../core/ports/feed-lists.ts';
import { decodeFeed } from '../decode.ts';

/** Entries that are looked at; `readOpml` says how many there are beyond. */
const MAX_OUTLINES = 10_000;
/** As the library has it: deeper nesting is refused by it. */
const MAX_DEPTH = 90;

/** What OPML has no word for, under a prefix of our own, as the specification asks for. */
const OWN = ['tocsin:id', 'tocsin:cron', 'tocsin:publisher', 'tocsin:authority'] as const;
const OWN_NAMESPACE = 'urn:x-tocsin:opml';

type Outline = Opml.Outline<string, typeof OWN>;

/** Throws `feed_not_a_feed` where it is no OPML, `feed_unreadable` where nothing can be read in it. `beyond`: entries that were not looked at. Entities of a document's own stand for nothing. */
export function readOpml(bytes: Uint8Array, contentType: string): { listed: Listed[]; beyond: number } {
  const { text } = decodeFeed(bytes, contentType);
  if (!/<(?:\w+:)?opml[\s>]/i.test(text.slice(0, 10_000)))
    throw new TocsinError('feed_not_a_feed', `${whatElse(text)}: an OPML file begins with <opml>.`);
  let outlines: Outline[];
  try {
    outlines = parseOpml(text, { extraOutlineAttributes: OWN }).body?.outlines ?? [];
  } catch (error) {
    const why = error instanceof Error && /nested/i.test(String((error.cause as Error | undefined)?.message ?? ''));
    const how = why ? `its outlines are nested deeper than ${MAX_DEPTH} levels` : 'its XML is broken';
    throw new TocsinError('feed_unreadable', `The OPML cannot be read: ${how}.`, {}, error);
  }
  const listed: Listed[] = [];
  let seen = 0;
  const walk = (all: readonly Outline[], commented: boolean): void => {
    for (const one of all) {
      const inside = one.outlines ?? [];
      const off = commented || one.isComment === true;
      // A folder is no entry; one that is both is.
      const folder = inside.length > 0 && !one.xmlUrl && !one.url;
      if (!folder && ++seen <= MAX_OUTLINES) listed.push(entryOf(one, off));
      walk(inside, off);
    }
  };
  walk(outlines, false);
  if (seen === 0)
    throw new TocsinError('feed_unreadable', 'The OPML names no feeds: it is empty, or its XML is broken.');
  return { listed, beyond: Math.max(0, seen - MAX_OUTLINES) };
}

function whatElse(text: string): string {
  if (/<(?:!doctype html|html)\b/i.test(text.slice(0, 2_000))) return 'This is a web page, no list of feeds';
  if (/<(?:rss|feed|rdf:RDF)\b/i.test(text.slice(0, 2_000))) return 'This is a feed itself, no list of feeds';
  return 'This is no OPML';
}

function entryOf(one: Outline, commented: boolean): Listed {
  const title = (one.title ?? one.text ?? '').replace(/\s+/g, ' ').trim();
  const [id, cron, publisher, authority] = OWN.map((name) => one[name] as string | undefined);
  return {
    url: (one.xmlUrl ?? one.url ?? '').trim(),
    title,
    nameless: one.title === undefined && publisher !== undefined && one.text === publisher,
    lang: one.language ?? null,
    type: one.type?.toLowerCase() ?? null,
    commented,
    own: {
      ...(id === undefined ? {} : { id }),
      ...(cron === undefined ? {} : { cron }),
      ...(publisher === undefined ? {} : { publisher }),
      ...(authority === 'true' ? { authority: true } : {}),
    },
  };
}

const ELSEWHERE = 'No one country';

/** An OPML 2.0 document, a folder a country, of one feed or more. What it says of a feed, `readOpml` reads again. */
export function writeOpml(feeds: readonly ExportedFeed[], { title, at }: { title: string; at: Date }): string {
  const folders = Map.groupBy(feeds, ({ country }) => country?.name ?? ELSEWHERE);
  const names = [...folders.keys()].sort(
    (a, b) => Number(a === ELSEWHERE) - Number(b === ELSEWHERE) || a.localeCompare(b, 'en'),
  );
  const outlines = names.map(
    (name): Opml.Outline<Date, typeof OWN> => ({ text: name, outlines: folders.get(name)!.map(outlineOf) }),
  );
  const xml = generateOpml(
    { head: { title, dateCreated: at, docs: 'http://opml.org/spec2.opml' }, body: { outlines } },
    { extraOutlineAttributes: OWN },
  );
  return `${xml.replace('<opml version="2.0">', `<opml version="2.0" xmlns:tocsin="${OWN_NAMESPACE}">`).trimEnd()}\n`;
}

function outlineOf(feed: ExportedFeed): Opml.Outline<Date, typeof OWN> {
  return {
    type: 'rss',
    text: plain(feed.name ?? feed.publisher),
    ...(feed.name === undefined ? {} : { title: plain(feed.name) }),
    xmlUrl: feed.url,
    ...(feed.lang === undefined ? {} : { language: feed.lang }),
    ...(feed.country === null ? {} : { category: `/${feed.country.code}` }),
    'tocsin:id': feed.id,
    'tocsin:cron': feed.cron,
    'tocsin:publisher': feed.publisher,
    ...(feed.authority ? { 'tocsin:authority': 'true' } : {}),
  };
}

/** What no XML document can hold, a line break in an attribute among them. */
const plain = (text: string): string => text.replace(/\p{Cc}+/gu, ' ');
