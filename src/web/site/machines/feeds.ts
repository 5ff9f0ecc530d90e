import { newsOf } from '../../../core/audience.ts';
import { EXTENSION, type ToldFeed, told } from '../../../core/federation/tell.ts';
import { type Incident, NETWORK, type Transition } from '../../../core/model/incident.ts';
import type { Report } from '../../../core/model/report.ts';
import type { Translator } from '../../../core/ports/translate.ts';
import { onceFor } from '../../../core/recent.ts';
import { nameOfSource } from '../../../core/render/evidence.ts';
import { changeOf, headlineOf, markOf, sayingOf, stoodText } from '../../../core/render/headline.ts';
import { capital, oneLine, safeLink } from '../../../core/render/plain.ts';
import { isOver } from '../../../core/state/fold.ts';
import { openAndSince, type PublicRecord, type SiteDeps } from '../deps.ts';
import { type Html, html, raw } from '../html.ts';
import { heldIfUnsure, type SitePart } from '../known.ts';
import { answered } from '../respond.ts';
import { langOf, only, queryOf, type Scope, scopeOf } from './asked.ts';

/** Atom 1.0 (RFC 4287), written by hand: the library that reads feeds here takes 24 MB, and has a process of its own for that. */

/** What XML 1.0 can hold at all: no control characters, no halves of pairs, and not the two that are no characters. */
const NOT_XML = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;
const text = (value: string): string => value.toWellFormed().replace(NOT_XML, '\ufffd');
const iso = (at: number): string => new Date(at).toISOString();

export function atomFeed({ title, lang, instance, home, self, entries }: Feed): string {
  const link = (rel: string, href: string | null): Html | null =>
    href === null ? null : html`<link rel="${rel}" href="${text(href)}"/>`;
  // Of an empty feed: nothing has changed since ever.
  const updated = Math.max(0, ...entries.map(({ at }) => at));
  return String(
    html`${raw('<?xml version="1.0" encoding="utf-8"?>\n')}<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="${lang}"><generator>Tocsin</generator><id>${text(self ?? `urn:tocsin:${instance}`)}</id><title>${text(title)}</title><updated>${iso(updated)}</updated><author><name>Tocsin</name></author>${link('alternate', home)}${link('self', self)}${entries.map(entryXml)}</feed>
`,
  );
}

/** The content is HTML as text: escaped once as HTML, and once more as XML. */
const entryXml = (entry: Entry): Html =>
  html`<entry><id>${text(entry.id)}</id><title>${text(entry.title)}</title><published>${iso(entry.at)}</published><updated>${iso(entry.at)}</updated>${
    entry.url === null ? null : html`<link rel="alternate" href="${text(entry.url)}"/>`
  }${entry.sources.map(({ url, name }) => html`<link rel="via" href="${text(url)}" title="${text(name)}"/>`)}${entry.categories.map(
    (term) => html`<category term="${text(term)}"/>`,
  )}<content type="html">${text(entry.html)}</content></entry>`;

/** Entries of a feed: the newest changes, and the newest of each incident that is open. */
const MAX_CHANGES = 100;
const MAX_OPEN = 100;
/** Older changes are in no feed, unless they are the newest of what is open. */
const KEPT = 30 * 86_400_000;
const MAX_INCIDENTS = 400;
const MAX_REPORTS = 120;

/** The newest changes, newest first. `now`: ms since the epoch. */
async function changesOf(
  { incidents, reports }: Pick<PublicRecord, 'incidents' | 'reports'>,
  { country, service }: Scope,
  now: number,
) {
  const scope = { ...(country === null ? {} : { country }), ...(service === null ? {} : { service }) };
  const all = await openAndSince({ incidents }, scope, now - KEPT, MAX_INCIDENTS);
  const logs = await incidents.transitionsOf(all.map(({ id }) => id));
  const steps = all.flatMap((incident) => stepsOf(incident, newsOf(incident, logs.get(incident.id) ?? [])));
  steps.sort((a, b) => b.step.at - a.step.at || (a.incident.id < b.incident.id ? 1 : -1) || b.step.seq - a.step.seq);
  const news = steps.filter(({ step }) => step.at >= now - KEPT).slice(0, MAX_CHANGES);
  const shown = new Set(news);
  const standing = steps.filter((one) => one.log !== null && one.incident.open && !shown.has(one)).slice(0, MAX_OPEN);
  const saidOf = onceFor((id: string) => reports.byIncident(id, MAX_REPORTS));
  return await Promise.all(
    [...news, ...standing].map(async (one) => {
      const said = await saidOf(one.incident.id);
      // Newest first: all of the incident for its newest change, else what caused it.
      const reports = one.log ? said : said.filter(({ id }) => id === one.step.reportId);
      return { ...one, reports, regions: regionsAt(one.incident, one.step, said) };
    }),
  );
}

/** Where it held as this change left it: whoever reads an older entry must not take a region for its country. */
function regionsAt({ regions }: Incident, { at, reportId }: Transition, said: readonly Report[]): string[] {
  const named = (one: Report): string[] => (one.region === null ? [] : [one.region]);
  const cause = said.filter(({ id }) => id === reportId).flatMap(named);
  const known = new Set(said.filter((one) => one.at <= at).flatMap(named));
  const held = [...new Set([...cause, ...regions.filter((one) => known.has(one))])];
  return held.length > 0 ? held : [...regions];
}

type Change = Awaited<ReturnType<typeof changesOf>>[number];

/** `before`: the line before it in the log. `log`: the whole log, where this is the newest change; null = it is an older one. */
const stepsOf = (incident: Incident, log: readonly Transition[]) =>
  log.map((step, index) => ({
    incident,
    step,
    before: log[index - 1] ?? null,
    log: index === log.length - 1 ? log : null,
  }));

/** One change of an incident as an entry of a feed, in one language. Texts of strangers are one line, without what turns or breaks text. */

type Entry = ReturnType<typeof entryOf>;

const MAX_SOURCES = 10;

function entryOf(
  { incident, step, before, reports, log, regions }: Change,
  { words, publicUrl, instance, now }: { words: Translator; publicUrl: string | null; instance: string; now: number },
) {
  const { action, state, confidence } = step;
  const then = heldIfUnsure({ ...incident, ...(log ? {} : { regions }), action, state });
  const saying = sayingOf(then);
  const mark = saying === 'unblock' && !isOver(then) ? '' : `${markOf(saying)} `;
  const { standing } = incident;
  const change = standing?.changes?.findLast((one) => one.at <= step.at) ?? null;
  const headline = headlineOf(then, words, { regional: true, change });
  const stood = standing && saying !== 'unblock' ? ` · ${stoodText(standing, now, words)}` : '';
  const said = `${mark}${headline} (${words.say(`confidence.${confidence}`)})${stood}`;
  const title = oneLine(said, 300).toWellFormed();
  const what = capital(changeOf(step, before, words)).toWellFormed();
  const sources = reports.slice(0, MAX_SOURCES * 2).flatMap((report) => {
    const url = safeLink(report.url);
    if (url === null) return [];
    const name = nameOfSource(report, words).toWellFormed();
    return [{ name, title: oneLine(report.title, 140).toWellFormed(), url }];
  });
  const links = [...new Map(sources.map((one) => [one.url, one])).values()].slice(0, MAX_SOURCES);
  const place = [incident.country, incident.service].filter((one) => one !== null);
  return {
    // The same in every language and every feed, for ever.
    id: `urn:tocsin:${instance}:${incident.id}:${step.seq}`,
    title,
    url: publicUrl === null ? null : `${publicUrl}/incident/${encodeURIComponent(incident.id)}`,
    at: step.at,
    categories: [...new Set([...place, step.action, step.state, step.confidence])],
    // What changed, and where it is said.
    text: [what, ...links.map(({ name, title: said, url }) => `${name}: ${said} ${url}`), incident.id].join('\n'),
    html: String(
      html`<p>${what}</p><ul>${links.map(
        ({ name, title: said, url }) => html`<li><a href="${url}">${name}</a>: ${said}</li>`,
      )}</ul><p>${incident.id}</p>`,
    ),
    sources: links,
    told: told({ incident, step, newest: log && { reports, log } }),
  };
}

/** A feed, whatever it is written as. */
export type Feed = Awaited<ReturnType<typeof feedOf>>;

/** JSON Feed 1.1 (jsonfeed.org/version/1.1). What it is stands before its entries: readers look there (`sources/rss/index.ts`). */
export function jsonFeed({ title, lang, instance, home, self, entries }: Feed): string {
  const own: ToldFeed = { version: 1, instance };
  return `${JSON.stringify({
    version: 'https://jsonfeed.org/version/1.1',
    [EXTENSION]: own,
    title,
    language: lang,
    ...(home === null ? {} : { home_page_url: home }),
    ...(self === null ? {} : { feed_url: self }),
    items: entries.map((entry) => ({
      id: entry.id,
      ...(entry.url === null ? {} : { url: entry.url }),
      title: entry.title,
      content_text: entry.text,
      content_html: entry.html,
      date_published: iso(entry.at),
      date_modified: iso(entry.at),
      tags: entry.categories,
      [EXTENSION]: entry.told,
    })),
  })}\n`;
}

const FORMATS = [
  { path: '/feed.atom', type: 'application/atom+xml; charset=utf-8', write: atomFeed },
  { path: '/feed.json', type: 'application/feed+json; charset=utf-8', write: jsonFeed },
];

interface Asked extends Scope {
  lang: string;
}

/** `/feed.atom` and `/feed.json`: every change of every incident, of a country, of a service. */
export const feeds: SitePart = (site, deps) => {
  const read = (query: URLSearchParams): Asked => {
    const scope = scopeOf(only(query, ['country', 'service', 'lang']), deps);
    return { ...scope, lang: langOf(query, deps) };
  };
  for (const { path, type, write } of FORMATS)
    site.get(path, (c) =>
      answered(c, deps, read, {
        key: (asked) => `${path}${queryOf(asked, asked.lang)}`,
        make: async (asked) => ({ type, body: write(await feedOf(path, asked, deps)) }),
      }),
    );
};

async function feedOf(path: string, { lang, ...scope }: Asked, deps: SiteDeps) {
  const { record, clock, translators, publicUrl } = deps;
  const now = clock.now();
  const words = translators.of(lang);
  const instance = await deps.instance();
  const changes = await changesOf(record, scope, now);
  const { country, service } = scope;
  const about = [
    ...(country === null ? [] : [words.country(country)]),
    ...(service === null ? [] : [service === NETWORK ? words.say('noun.internet') : words.service(service)]),
  ];
  const query = queryOf(scope, lang === 'en' ? null : lang);
  // `home` and `self`: whole addresses; null where nobody said how the bot is reached. Entries: newest first.
  return {
    title: ['Tocsin', ...about].join(words.dash),
    lang,
    instance,
    home: publicUrl === null ? null : `${publicUrl}/${lang === 'en' ? '' : `?lang=${lang}`}`,
    self: publicUrl === null ? null : `${publicUrl}${path}${query}`,
    entries: changes.map((change) => entryOf(change, { words, publicUrl, instance, now })),
  };
}
