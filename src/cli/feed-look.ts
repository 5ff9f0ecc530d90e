import { builtInExtractor } from '../app/built-in-extractor.ts';
import { TocsinError } from '../core/errors.ts';
import type { ExtractedEvent, Extraction } from '../core/model/item.ts';
import type { Hint, LookedAt } from '../core/ports/feed-lists.ts';
import type { HttpResponse } from '../core/ports/runtime.ts';
import { systemClock } from '../platform/clock.ts';
import { createLog, type Paint, paintFor, printable } from '../platform/log.ts';
import { type FeedsAsked, feedsOf, fetchOnce, jsonLines } from './feed-lists.ts';
import { reasonText } from './reason-texts.ts';
import { configOf, counted } from './runtime.ts';

const SHOWN = 30;

interface Read {
  item: LookedAt['items'][number];
  found: Extraction;
}

/** Reads a feed once, as the bot would, and tells what it makes of it. 0 it is a feed; 1 it is none. Keeps nothing. */
export async function testFeed({ config: named, json }: FeedsAsked, url: string): Promise<number> {
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url))
    throw new TocsinError('usage', `"${url.slice(0, 100)}" is no address: begin it with https:// or http://.`);
  const config = await configOf(named);
  const paint = paintFor(process.stdout, process.env);
  const { lists } = await feedsOf(config);
  const refused = (status: number): string => `The server answers ${status}: the bot would read nothing there.`;
  const answer = await fetchOnce({ url }, config, refused);
  const type = answer.headers['content-type'] ?? '';
  const { text, encoding } = lists.decode(answer.body, type);
  const facts = factsOf(answer, type, encoding);
  try {
    const feed = await lists.look(answer.body, type, answer.url);
    const extractor = builtInExtractor(config, createLog({ clock: systemClock, level: 'warn' }));
    const items: Read[] = [];
    for (const item of feed.items)
      items.push({ item, found: await extractor.extract(textOf(item, feed), { explain: true }) });
    await extractor.stop();
    process.stdout.write(json ? jsonOf(facts, feed, items) : report(facts, feed, items, paint));
    return 0;
  } catch (error) {
    if (!(error instanceof TocsinError)) throw error;
    const hints = lists.feedsNamedBy(text, answer.url);
    const why = `${factLines(facts)}${paint('bad', 'No feed')}: ${printable(error.message)}\n${hintLines(hints)}`;
    process.stdout.write(json ? jsonLines([{ type: 'feed', ...facts, error: error.code, feeds: hints }]) : why);
    return 1;
  } finally {
    await lists.stop();
  }
}

type Facts = ReturnType<typeof factsOf>;

const factsOf = (answer: HttpResponse, contentType: string, encoding: string) => ({
  address: answer.url,
  redirects: [...(answer.redirects ?? [])],
  contentType: contentType.slice(0, 200),
  encoding,
  bytes: answer.body.length,
});

const textOf = (item: Read['item'], feed: LookedAt) => ({
  title: item.title,
  summary: item.summary,
  ...(item.body === undefined ? {} : { body: item.body }),
  lang: item.lang ?? feed.lang,
});

function factLines({ address, redirects, contentType, encoding, bytes }: Facts): string {
  const lines = redirects.map(
    ({ url, permanent }) => `Redirect  ${printable(url)} (${permanent ? 'for good: write this address' : 'for now'})`,
  );
  lines.push(
    `Address   ${printable(address)}`,
    `Answer    ${printable(contentType) || 'no type named'}, read as ${encoding}, ${bytes} bytes`,
  );
  return `${lines.join('\n')}\n`;
}

function report(facts: Facts, feed: LookedAt, items: readonly Read[], paint: Paint): string {
  const dates = feed.items.flatMap(({ publishedAt }) => publishedAt ?? []);
  const relevant = items.filter(({ found }) => found.relevant).length;
  const lines = [
    `Feed      ${printable(feed.title).slice(0, 200) || 'without a title'}, language ${feed.lang ?? 'not named'}, by ${feed.parser}`,
    `Items     ${feed.items.length}, ${dates.length === 0 ? 'none with a date' : `${dates.length} with a date: ${day(Math.min(...dates))} to ${day(Math.max(...dates))}`}`,
    '',
    ...items.slice(0, SHOWN).flatMap((one) => itemLines(one, paint)),
  ];
  if (items.length > SHOWN) lines.push(`… and ${items.length - SHOWN} more (--json shows all)`);
  lines.push(
    '',
    `${relevant} of ${items.length} report a change of access. To read it: tocsin feeds import, or a line under "sources".`,
  );
  return `${factLines(facts)}${lines.join('\n')}\n`;
}

const day = (at: number): string => new Date(at).toISOString().slice(0, 16).replace('T', ' ');

function itemLines({ item, found }: Read, paint: Paint): string[] {
  const when = item.publishedAt === null ? 'no date         ' : day(item.publishedAt);
  const head = `${when}  ${printable(item.title).slice(0, 160) || '(no title)'}`;
  if (found.relevant)
    return [head, ...found.events.map((event) => `                  ${paint('bad', eventText(event))}`)];
  const [first] = found.why?.rejected ?? [];
  const why =
    first === undefined ? '' : `: "${printable(first.text).slice(0, 60)}" is ${reasonText(first.why, first.by)}`;
  return [head, `                  ${paint('aside', `nothing of access${why}`)}`];
}

function eventText({ action, services, countries, method, region, confidence }: ExtractedEvent): string {
  const what = services.join(', ') || 'no service named';
  const where = [countries.join(', ') || 'no country named', region].filter(Boolean).join(', ');
  const sure = confidence === undefined ? '' : `, ${Math.round(confidence * 100)} % sure`;
  return printable(`${action}: ${what} in ${where}${method ? `, by ${method}` : ''}${sure}`);
}

function jsonOf(facts: Facts, feed: LookedAt, items: readonly Read[]): string {
  const { title, lang, parser } = feed;
  const lines = [
    { type: 'feed', ...facts, title, lang, parser, items: items.length },
    ...items.map(({ item, found }) => ({
      type: 'item',
      title: item.title,
      url: item.url,
      publishedAt: item.publishedAt === null ? null : new Date(item.publishedAt).toISOString(),
      relevant: found.relevant,
      events: found.events,
      rejected: found.why?.rejected.map(({ text, as, why, by }) => ({ text, as, why: reasonText(why, by) })) ?? [],
    })),
  ];
  return jsonLines(lines);
}

function hintLines(hints: readonly Hint[]): string {
  if (hints.length === 0) return '';
  const lines = hints.map(
    ({ url, title }) => `  tocsin feeds test "${printable(url)}"${title ? `  (${printable(title)})` : ''}`,
  );
  return `The page names ${hints.length === 1 ? 'a feed' : 'feeds'}; try:\n${lines.join('\n')}\n`;
}

/** Where feeds lie by habit; asked where a page names none. */
const USUAL = ['feed/', 'rss', 'rss.xml', 'feed.xml', 'atom.xml', 'index.xml'];
const MAX_BYTES = 5_000_000;

interface Found {
  url: string;
  title: string;
  items: number;
  lang: string | null;
}

/** The feeds of a page: those that it names, else those at the usual addresses of its site; each is read once. 0 there are some; 1 there are none. */
export async function findFeeds({ config: named, json }: FeedsAsked, url: string): Promise<number> {
  const config = await configOf(named);
  const { lists } = await feedsOf(config);
  const refused = (status: number): string => `The server answers ${status}.`;
  const ask = (address: string) => fetchOnce({ url: address, maxBytes: MAX_BYTES }, config, refused);
  const read = async (answer: HttpResponse): Promise<Found> => {
    const { title, items, lang } = await lists.look(answer.body, answer.headers['content-type'] ?? '', answer.url);
    return { url: answer.url, title, items: items.length, lang };
  };
  const none = (error: unknown): null => {
    if (error instanceof TocsinError) return null;
    throw error;
  };
  const readAt = (address: string) => ask(address).then(read).catch(none);
  try {
    const page = await ask(/^https?:\/\//i.test(url) ? url : `https://${url}`);
    const found = new Map<string, Found>();
    const add = (one: Found | null) => one && found.set(one.url, one);
    add(await read(page).catch(none));
    if (found.size === 0) {
      const { text } = lists.decode(page.body, page.headers['content-type'] ?? '');
      for (const hint of lists.feedsNamedBy(text, page.url)) add(await readAt(hint.url));
    }
    for (const path of found.size === 0 ? USUAL : []) add(await readAt(new URL(`/${path}`, page.url).href));
    const all = [...found.values()];
    process.stdout.write(json ? jsonLines(all.map((one) => ({ type: 'feed', ...one }))) : foundLines(all, page.url));
    return all.length > 0 ? 0 : 1;
  } finally {
    await lists.stop();
  }
}

function foundLines(found: readonly Found[], page: string): string {
  if (found.length === 0)
    return `No feed: ${printable(page)} names none that can be read, and none lies at the usual addresses of its site.\n`;
  const lines = found.map(({ url, title, items, lang }) => {
    const facts = [counted(items, 'item'), ...(lang ? [lang] : [])].join(', ');
    return `${printable(url)}  ${printable(title).slice(0, 100)} (${facts})`;
  });
  return `${lines.join('\n')}\nWhat the bot makes of one: tocsin feeds test URL\n`;
}
