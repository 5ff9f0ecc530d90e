import { loadConfig } from '../../config/load.ts';
import { TocsinError } from '../../core/errors.ts';
import type { ExportedFeed, Feed } from '../../core/ports/feed-lists.ts';
import { systemClock } from '../../platform/clock.ts';
import { feedsOf } from './kind.ts';

/** Prints the configured feeds as OPML 2.0; resolves with the exit code. */
export async function exportFeeds({ config: named }: { config: string | undefined }): Promise<number> {
  const config = await loadConfig({ file: named ?? null, env: process.env, cwd: process.cwd() });
  const { lists, feeds } = await feedsOf(config);
  if (feeds.length === 0)
    throw new TocsinError(
      'usage',
      'No feeds are configured: there is nothing to export, and no OPML without an entry.',
    );
  const exported = feeds.map((feed): ExportedFeed => ({ ...feed, country: countryOf(feed) }));
  process.stdout.write(lists.writeList(exported, { title: 'Feeds of Tocsin', at: new Date(systemClock.now()) }));
  const others = config.sources.length - feeds.length;
  if (others > 0)
    process.stderr.write(`${others} sources that are no feeds are left out: OPML has no words for them.\n`);
  return 0;
}

/** Domains of a country that are sold to all the world as words. */
const SOLD = new Set([
  'ai',
  'cc',
  'co',
  'eu',
  'fm',
  'gg',
  'im',
  'io',
  'is',
  'li',
  'ly',
  'me',
  'sh',
  'st',
  'to',
  'tv',
  'vc',
  'ws',
]);
/** Languages that are read in one country above all. */
const HOMES: Record<string, string> = {
  be: 'BY',
  de: 'DE',
  fa: 'IR',
  he: 'IL',
  hi: 'IN',
  id: 'ID',
  ja: 'JP',
  ka: 'GE',
  kk: 'KZ',
  ko: 'KR',
  my: 'MM',
  pl: 'PL',
  ru: 'RU',
  th: 'TH',
  tr: 'TR',
  uk: 'UA',
  vi: 'VN',
};
const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });

/** For the folders of other readers: a guess by domain, else by language. Nothing in Tocsin rests on it. */
function countryOf({ url, lang }: Pick<Feed, 'url' | 'lang'>): ExportedFeed['country'] {
  const last = /\.([a-z]{2})$/.exec(new URL(url).hostname)?.[1];
  const domain = last === undefined || SOLD.has(last) ? null : last === 'uk' ? 'GB' : last.toUpperCase();
  const code = domain ?? HOMES[lang ?? ''] ?? null;
  const name = code === null ? undefined : names.of(code);
  return code === null || name === undefined ? null : { code, name };
}
