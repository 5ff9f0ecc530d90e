import type { FirstLook } from '../../core/ports/reading.ts';
import type { PollContext, PollResult, Source, SourceDeps } from '../../core/ports/source.ts';
import { nobodyAsked, ofHost } from '../kind.ts';
import { createArticleList } from './article-list.ts';
import type { SearchConfig } from './config.ts';
import { createDocSearch } from './doc-search.ts';
import { type Hit, sift } from './sift.ts';

const PLACES = {
  'gdelt-gal': 'https://data.gdeltproject.org/gdeltv3/gal/feed.rss',
  'gdelt-doc': 'https://api.gdeltproject.org/api/v2/doc/doc',
} as const;
const MIRROR = 'https://storage.googleapis.com/data.gdeltproject.org/gdeltv3/gal/feed.rss';

/**
 * An index of the world's news, for what chats follow: titles that may tell of access, each the word of the outlet that wrote it. It lags by hours: a second
 * voice, and not the alarm. While nobody follows a country, nothing is asked.
 */
export function createSource(config: SearchConfig, deps: SourceDeps): Source {
  const { id, provider } = config;
  const url = config.url ?? PLACES[provider];
  const { host } = new URL(url);
  const mirror = url === PLACES['gdelt-gal'] ? MIRROR : null;
  const list = provider === 'gdelt-gal' ? createArticleList({ id, url, mirror }, deps) : null;
  const search = provider === 'gdelt-doc' ? createDocSearch(url, deps) : null;

  /** Made anew when other countries are wanted. */
  let looked: { key: string; look: FirstLook } | null = null;

  async function poll(context: PollContext): Promise<PollResult> {
    const { finding } = deps;
    const countries = new Set(config.countries ?? (await finding?.wanted()) ?? []);
    if (countries.size === 0 || !finding) return nobodyAsked();
    const key = [...countries].sort().join(' ');
    if (looked?.key !== key) looked = { key, look: await finding.firstLook(countries) };
    const sieve = { look: looked.look, publishers: finding.publishers, countries, sourceId: id, now: context.now };
    const take = (hit: Hit) => sift(hit, sieve);
    return list
      ? await list.poll(context, take)
      : await search!.poll(context, { countries, thin: await finding.thin() }, take);
  }

  return {
    ...ofHost(config, host),
    poll,
    aside: () => (list ? list.aside() : search!.aside(deps.clock.now())),
    nudge: (_services, country) => void (country !== null && search?.nudge(country)),
  };
}
