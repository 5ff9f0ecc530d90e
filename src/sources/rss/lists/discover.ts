/** The feeds that a web page names (rssboard.org/rss-autodiscovery): hints for whoever typed the address of a site. */

import type { Hint } from '../../../core/ports/feed-lists.ts';

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
