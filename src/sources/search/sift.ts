import { decodeHTML } from 'entities';
import { canonicalUrl } from '../../core/correlate/canonical.ts';
import { orNull } from '../../core/errors.ts';
import type { Item } from '../../core/model/item.ts';
import type { FirstLook, Publishers } from '../../core/ports/reading.ts';

/** What a search index knows of an article. `at`: when it was published or seen, ms since the epoch; null = it does not say. */
export interface Hit {
  title: string;
  summary?: string;
  url: string;
  lang?: string | null;
  at: number | null;
  /** `at` is when the index saw it, whenever it was published. */
  seen?: true;
}

interface Sieve {
  look: FirstLook;
  publishers: Pick<Publishers, 'of'>;
  countries: ReadonlySet<string>;
  sourceId: string;
  now: number;
}

/** What is older is history: an index sees an old article late. */
const NEWS_MS = 48 * 3_600_000;
const MAX_TITLE = 500;
const MAX_SUMMARY = 2_000;
const LANGUAGE = /^[a-z]{2}$/;
/** Addresses that only lead to the article's own. */
const VIA =
  /^https?:\/\/(?:www\.google\.[a-z.]{2,6}\/(?:amp\/s?\/?|url\?(?:.*&)?(?:url|q)=)|[\w-]+\.cdn\.ampproject\.org\/[cv]\/(?:s\/)?)/i;

/** The article's own address, where this one is a stand-in's. */
export function unwrapped(url: string): string {
  const via = VIA.exec(url)?.[0];
  if (via === undefined) return url;
  const rest = url.slice(via.length);
  const written = rest.split('&')[0]!;
  const bare = via.includes('?') ? (orNull(() => decodeURIComponent(written)) ?? written) : rest;
  return /^https?:\/\//i.test(bare) ? bare : `https://${bare}`;
}

/** A title as people write it: an index parts it into tokens ("X , Y 's") and hangs the outlet's name behind it. */
export const tidy = (title: string): string =>
  decodeHTML(title.slice(0, 4 * MAX_TITLE))
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .replace(/ (?=[,.:;?!)\]»”](?:\s|$))/g, '')
    .replace(/ (['’]) ?(?=\p{L})/gu, '$1')
    .replace(/([([«“]) /g, '$1')
    .replace(/ \| [^|]{1,40}$/, '')
    .trim()
    .slice(0, MAX_TITLE)
    .toWellFormed();

/** The hit as an item, where it may be news of a country that is asked for; null = it is none. Cheapest test first. */
export function sift(hit: Hit, { look, publishers, countries, sourceId, now }: Sieve): Item | null {
  if (hit.at !== null && hit.at < now - NEWS_MS) return null;
  const found = look.mayTell(hit.title);
  if (found === null) return null;
  const url = canonicalUrl(unwrapped(hit.url));
  const publisher = url === null ? null : publishers.of(url);
  if (publisher === null || publisher.kind === 'aggregator') return null;
  if (!found.isNamed && !countries.has(publisher.country ?? '')) return null;
  const title = tidy(hit.title);
  if (title === '') return null;
  return {
    sourceId,
    guid: null,
    url,
    title,
    summary: tidy(hit.summary ?? '').slice(0, MAX_SUMMARY),
    lang: LANGUAGE.test(hit.lang ?? '') ? hit.lang! : null,
    publishedAt: Math.min(hit.at ?? now, now),
    dated: hit.at !== null && !hit.seen,
    publisher: publisher.id,
    publisherName: publisher.name,
    authority: false,
    found: true,
  };
}
