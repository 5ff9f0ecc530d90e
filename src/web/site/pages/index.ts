import type { Context } from 'hono';
import { accepts } from 'hono/accepts';
import { COUNTRIES } from '../../../core/commands/asking/country-names.ts';
import { aboutOf, splitIds } from '../../../core/commands/asking/targets.ts';
import { orNull } from '../../../core/errors.ts';
import { ANY } from '../../../core/model/chat.ts';
import { NETWORK } from '../../../core/model/incident.ts';
import type { Translators } from '../../../core/ports/translate.ts';
import { oneLine } from '../../../core/render/plain.ts';
import type { SiteEnv } from '../deps.ts';
import { echoOf, herePage } from '../here/page.ts';
import { type View, viewOf } from '../html.ts';
import { MAX_PAGES, type SitePart } from '../known.ts';
import { respond } from '../respond.ts';
import type { Made } from '../shelf.ts';
import { cardFile, incidentPage, incidentPicture } from './incident.ts';
import { homePage, MAX_TYPED, missingPage, overviewCard, placePage, searchPage, sourcesPage } from './overview.ts';

const primary = (tag: string): string => tag.trim().toLowerCase().split(/[-_]/u)[0] ?? '';

/** The language of a page: the one that its address asks for, else the one that the browser likes best of those that there are, else English. */
function languageOf(c: Context<SiteEnv>, translators: Translators): string {
  const asked = primary(c.req.query('lang') ?? '');
  if (translators.has(asked)) return asked;
  return accepts(c, {
    header: 'Accept-Language',
    supports: [],
    default: 'en',
    match: (liked) => primary(liked.find(({ type, q }) => q > 0 && translators.has(primary(type)))?.type ?? 'en'),
  });
}

/** Pages for people. Each is made by a function of its own in this folder; here is which address shows which. */

export const pages: SitePart = (site, deps) => {
  const services = new Set([NETWORK, ...deps.catalogue.services.map(({ id }) => id)]);
  const countries = new Set(COUNTRIES);

  /** `key`: what the page depends on beside the language; null = it is no page, and says so. */
  const show = (
    c: Context<SiteEnv>,
    key: string | null,
    make: (view: View) => Promise<Made>,
    shelf = deps.shelf,
  ): Promise<Response> => {
    const lang = languageOf(c, deps.translators);
    const view = () => viewOf(deps, lang);
    return key === null
      ? respond(c, deps, `missing ${lang} ${wordsOf(c)}`, () => missingPage(wordsOf(c), view()))
      : respond(c, { shelf, clock: deps.clock }, `page ${lang} ${key}`, () => make(view()));
  };

  /** Services that an older catalogue knew may still be on the record. */
  const isService = async (id: string): Promise<boolean> =>
    services.has(id) ||
    (/^[a-z0-9][a-z0-9-]{0,63}$/.test(id) && (await deps.record.incidents.list({ service: id, limit: 1 })).length > 0);

  site.get('/', (c) => show(c, 'home', homePage));
  site.get('/card.png', (c) => show(c, 'card', (view) => overviewCard(null, view), deps.album));
  site.get('/sources', (c) => show(c, 'sources', sourcesPage));

  if (deps.here !== null) {
    const hosts = deps.here;
    site.get('/here', (c) => {
      const typed = c.req.query('country')?.toUpperCase() ?? null;
      const country = typed !== null && countries.has(typed) ? typed : null;
      const asked = c.req.query('service') ?? '';
      const first = Object.hasOwn(hosts.services, asked) ? asked : null;
      return show(c, `here ${country} ${first}`, (view) => herePage(country, first, hosts, view));
    });
    site.get('/here/echo/:number', (c) => {
      const number = echoOf(c.req.param('number'));
      return number === null ? c.notFound() : c.text(number);
    });
    site.get('/here/ads/banner-ad.js', (c) => c.body(null, 204));
  }

  site.get('/country/:code', (c) => {
    const country = c.req.param('code').toUpperCase();
    const page = pageOf(c);
    const key = countries.has(country) && page !== null ? `country ${country} ${page}` : null;
    return show(c, key, (view) => placePage({ country, service: ANY }, page ?? 1, view));
  });

  site.get('/country/:code/card.png', (c) => {
    const country = c.req.param('code').toUpperCase();
    const key = countries.has(country) ? `card ${country}` : null;
    return show(c, key, (view) => overviewCard({ country, service: ANY }, view), deps.album);
  });
  site.get('/service/:id/card.png', async (c) => {
    const service = c.req.param('id').toLowerCase();
    const key = (await isService(service)) ? `card ${service}` : null;
    return await show(c, key, (view) => overviewCard({ country: ANY, service }, view), deps.album);
  });

  site.get('/service/:id', async (c) => {
    const service = c.req.param('id').toLowerCase();
    const page = pageOf(c);
    const key = page !== null && (await isService(service)) ? `service ${service} ${page}` : null;
    return await show(c, key, (view) => placePage({ country: ANY, service }, page ?? 1, view));
  });

  site.get('/search', (c) => {
    const typed = oneLine(c.req.query('q') ?? '', MAX_TYPED);
    return show(c, `search ${typed}`, (view) => searchPage(typed, view));
  });

  const incident = (
    path: string,
    kind: string,
    make: (id: string, view: View) => Promise<Made | null>,
    shelf = deps.shelf,
  ): void => {
    site.get(path, (c) => {
      const [id = null] = splitIds(c.req.param('id') ?? '', 1).ids;
      const key = id !== null && aboutOf(id) !== null ? `${kind} ${id}` : null;
      const made = async (view: View): Promise<Made> => {
        const none = () => missingPage(wordsOf(c), view, view.words.say('incident.none', { id: id ?? '' }));
        return (await make(id ?? '', view)) ?? (await none());
      };
      return show(c, key, made, shelf);
    });
  };
  incident('/incident/:id', 'incident', incidentPage);
  for (const kind of ['picture', 'card'] as const)
    incident(`/incident/:id/${kind}.png`, kind, (id, view) => incidentPicture(id, kind, view), deps.album);
  incident('/incident/:id/evidence.json', 'json', (id, view) => cardFile(id, 'json', view));
  incident('/incident/:id/evidence.txt', 'txt', (id, view) => cardFile(id, 'txt', view));

  // As people type it, or a program writes it, with one slash too many.
  site.get('/:kind{country|service|incident}/:name{[A-Za-z0-9-]+}/', (c) => {
    const { kind, name } = c.req.param();
    const lang = c.req.query('lang');
    const asked = lang === undefined ? '' : `?${new URLSearchParams({ lang })}`;
    return c.body(null, 308, { location: `${deps.base}/${kind}/${name}${asked}` });
  });

  site.notFound((c) => show(c, null, (view) => missingPage(wordsOf(c), view)));
};

/** What the address was to say. */
const wordsOf = (c: Context<SiteEnv>): string =>
  oneLine((orNull(() => decodeURIComponent(c.req.path)) ?? '').replace(/[^\p{L}\p{M}\p{N}]+/gu, ' '), MAX_TYPED);

/** Null: no page of a list that there can be. */
function pageOf(c: Context<SiteEnv>): number | null {
  const text = c.req.query('page') ?? '1';
  const page = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  return page >= 1 && page <= MAX_PAGES ? page : null;
}
