import { NETWORK } from '../../../core/model/incident.ts';
import type { SiteDeps, SitePart } from '../deps.ts';
import { queryOf, type Scope } from './addresses.ts';
import { answered } from './answers.ts';
import { langOf, only, scopeOf } from './asked.ts';
import { atomFeed } from './atom.ts';
import { changesOf } from './changes.ts';
import { entryOf } from './entry.ts';
import { type Feed, jsonFeed } from './json-feed.ts';

/** Another Tocsin asks no sooner: news for its chats. */
const CACHE = 'public, max-age=5';
const FORMATS = [
  { path: '/feed.atom', type: 'application/atom+xml; charset=utf-8', write: atomFeed },
  { path: '/feed.json', type: 'application/feed+json; charset=utf-8', write: jsonFeed },
];

interface Asked extends Scope {
  lang: string;
}

/** `/feed.atom` and `/feed.json`: every change of every incident, of a country, of a service. */
export const feeds: SitePart = (site, deps) => {
  for (const { path, type, write } of FORMATS)
    site.get(path, (c) => {
      const query = new URL(c.req.url).searchParams;
      return answered(
        c,
        deps,
        (): Asked => {
          only(query, ['country', 'service', 'lang']);
          return { ...scopeOf(query, deps), lang: langOf(query, deps) };
        },
        {
          key: (asked) => `${path}${queryOf(asked, asked.lang)}`,
          make: async (asked) => ({
            type,
            body: write(await feedOf(path, asked, deps)),
            headers: { 'cache-control': CACHE },
          }),
        },
      );
    });
};

async function feedOf(path: string, { lang, ...scope }: Asked, deps: SiteDeps): Promise<Feed> {
  const { record, clock, translators, publicUrl } = deps;
  const words = translators.of(lang);
  const instance = await deps.instance();
  const changes = await changesOf(record, scope, clock.now());
  const { country, service } = scope;
  const about = [
    ...(country === null ? [] : [words.country(country)]),
    ...(service === null ? [] : [service === NETWORK ? words.say('noun.internet') : words.service(service)]),
  ];
  const query = queryOf(scope, lang === 'en' ? null : lang);
  return {
    title: ['Tocsin', ...about].join(words.dash),
    lang,
    instance,
    home: publicUrl === null ? null : `${publicUrl}/${lang === 'en' ? '' : `?lang=${lang}`}`,
    self: publicUrl === null ? null : `${publicUrl}${path}${query}`,
    entries: changes.map((change) => entryOf(change, { words, publicUrl, instance })),
  };
}
