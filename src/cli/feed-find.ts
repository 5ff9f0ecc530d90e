import { TocsinError } from '../core/errors.ts';
import type { HttpResponse } from '../core/ports/runtime.ts';
import { printable } from '../platform/log.ts';
import { type FeedsAsked, feedsOf, fetchOnce, jsonLines } from './feed-lists.ts';
import { configOf, counted } from './runtime.ts';

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
    process.stdout.write(json ? jsonLines(all.map((one) => ({ type: 'feed', ...one }))) : report(all, page.url));
    return all.length > 0 ? 0 : 1;
  } finally {
    await lists.stop();
  }
}

function report(found: readonly Found[], page: string): string {
  if (found.length === 0)
    return `No feed: ${printable(page)} names none that can be read, and none lies at the usual addresses of its site.\n`;
  const lines = found.map(({ url, title, items, lang }) => {
    const facts = [counted(items, 'item'), ...(lang ? [lang] : [])].join(', ');
    return `${printable(url)}  ${printable(title).slice(0, 100)} (${facts})`;
  });
  return `${lines.join('\n')}\nWhat the bot makes of one: tocsin feeds test URL\n`;
}
