import { matchersOf, splitIds } from '../../../core/commands/asking/targets.ts';
import { ANY } from '../../../core/model/chat.ts';
import { oneLine } from '../../../core/render/plain.ts';
import { type Cell, type Column, type Period, watchedShare } from '../../../core/timeline.ts';
import type { Look, PublicProcess, PublicVantage } from '../deps.ts';
import { countryPath, type Html, html, servicePath, type View } from '../html.ts';
import type { Made } from '../shelf.ts';
import { framed } from './frame.ts';
import type { CountryNow, Known, WorldNow } from './known.ts';
import {
  axis,
  countryLink,
  DAYS,
  incidentLine,
  lastDays,
  leftOut,
  legend,
  nameOfService,
  pager,
  serviceLink,
  sign,
  statusLine,
  strip,
  tableSection,
  warning,
} from './lines.ts';

/** Of one country; the rest is on its own page. */
const PER_COUNTRY = 3;
const MAX_SERVICES = 30;
const MAX_ENDED = 12;
/** Countries without days, after those with. */
const MAX_NAMED = 100;

/** What is cut off now, country by country, the worst first. */
export async function homePage(view: View, known: Known): Promise<Made> {
  const { words } = view;
  const world = await known.world();
  const drawn = world.countries.filter(({ country, cells }) => cells.length > 0 || country === null);
  const named = world.countries.filter((one) => !drawn.includes(one));
  const rows = world.countries.flatMap((one) => one.rows);
  // Of a network that is off, and of what it speaks for, one.
  const n = new Set(
    rows.flatMap(({ incident, was, threat }) => [
      ...(was === null && incident ? [incident.id] : []),
      ...(threat ? [threat.id] : []),
    ]),
  ).size;
  const body = html`${warning(world.sight, view)}
<h1>${words.say('site.now')}</h1>
<p class="lead">${n > 0 ? html`${words.say('site.open', { n })} ${words.say('site.inCountries', { n: world.countries.filter(({ country }) => country !== null).length })}` : view.text(words.say('status.worldNone'))}</p>
<p class="small">${view.text(words.say('status.rest'))}</p>
${drawn.length > 0 ? legend(view) : ''}
${drawn.map((one) => countrySection(one, world, view))}
${named.length > 0 ? html`<ul class="services">${named.slice(0, MAX_NAMED).map((one) => html`<li>${countryLink(one.country, view)} (${one.rows.length})</li>`)}</ul>` : ''}
${servicesSection(world, view)}
${endedSection(world, view)}`;
  return framed({ title: words.say('site.now'), path: '/', body }, view);
}

function countrySection({ country, rows, cells }: CountryNow, { columns }: WorldNow, view: View): Html {
  const { words } = view;
  const shown = rows.slice(0, PER_COUNTRY);
  const rest = rows.length - shown.length;
  const lines = shown.map((one) => statusLine(one, serviceLink(one.service, view), null, view));
  const more =
    rest > 0
      ? html`<li class="small">${country === null ? words.say('list.more', { n: rest }) : html`<a href="${view.to(countryPath(country))}">${words.say('list.more', { n: rest })}</a>`}</li>`
      : '';
  return html`<section class="place"><h2>${countryLink(country, view)}</h2>
${cells.length > 0 ? html`<div class="days">${strip(`${words.country(country)}, ${words.say('site.days', { n: DAYS })}`, cells, columns, view)}${axis(columns, view)}</div>` : ''}
<ul class="rows">${lines}${more}</ul></section>`;
}

function servicesSection({ services }: WorldNow, view: View): Html | string {
  if (services.length === 0) return '';
  const { words } = view;
  const shown = services.slice(0, MAX_SERVICES);
  const rest = services.length - shown.length;
  const items = shown.map(
    ({ service, countries }) =>
      html`<li>${serviceLink(service, view)} <span class="small">${words.say('site.inCountries', { n: countries })}</span></li>`,
  );
  return html`<section><h2>${words.say('site.services')}</h2><ul class="services">${items}${rest > 0 ? html`<li class="small">${words.say('list.more', { n: rest })}</li>` : ''}</ul></section>`;
}

function endedSection({ ended }: WorldNow, view: View): Html | string {
  if (ended.length === 0) return '';
  const lines = ended.slice(0, MAX_ENDED).map((one) => incidentLine(one, view));
  return html`<section><h2>${view.words.say('site.ended')}</h2><ul class="list">${lines}</ul></section>`;
}

/** A country with its services, or a service with its countries: how each stands, the last 90 days, and what was. `page`: of what was, from 1. */
export async function placePage(
  matcher: { country: string; service: string },
  page: number,
  view: View,
  known: Known,
): Promise<Made> {
  const { words } = view;
  const { country, service } = matcher;
  const ofCountry = country !== ANY;
  const name = ofCountry ? words.country(country) : words.service(service);
  const path = ofCountry ? countryPath(country) : servicePath(service);
  const now = page === 1 ? await known.place(matcher) : null;
  const earlier = await known.earlier(matcher, page);
  const lines = (now?.rows ?? []).map(({ state: status, cells }) => {
    const label = ofCountry ? nameOfService(status.service, view) : words.country(status.country);
    const link = ofCountry ? serviceLink(status.service, view) : countryLink(status.country, view);
    return statusLine(status, link, { cells, columns: now!.columns, label }, view);
  });
  const states: Html | string =
    now === null
      ? ''
      : html`<section><h2>${words.say('site.days', { n: DAYS })}</h2>
${lines.length > 0 ? html`${legend(view)}<div class="row"><span></span><span></span>${axis(now.columns, view)}</div><ul class="rows">${lines}${now.more > 0 ? html`<li class="small">${words.say('list.more', { n: now.more })}</li>` : ''}</ul>` : html`<p>${view.text(words.say('status.nothing', { what: name }))}</p>`}
<p class="small">${view.text(words.say('status.rest'))}</p></section>`;
  const past = earlier.incidents.map((one) => incidentLine(one, view));
  const body = html`${now ? warning(now.sight, view) : ''}
<h1>${ofCountry ? name : html`<bdi>${name}</bdi>`}</h1>
${states}
${past.length > 0 ? html`<section><h2>${words.say('site.earlier')}</h2><ul class="list">${past}</ul>${pager(path, page, earlier.more, view)}</section>` : ''}`;
  return framed({ title: name, path, ...(page > 1 ? { query: { page } } : {}), body }, view);
}

export const MAX_TYPED = 100;
const MAX_FOUND = 25;
const MAX_IDS = 10;

/** What was typed, as countries, services and incidents; in any language that names are known in. */
export async function searchPage(typed: string, view: View): Promise<Made> {
  const { words, deps } = view;
  const { incidents } = deps.record;
  const text = oneLine(typed, MAX_TYPED);
  const { ids, rest } = splitIds(text, MAX_IDS);
  const byId = ids.length > 0 ? await incidents.getMany(ids) : [];
  const asked = rest || (byId.length === 0 ? text : '');
  const parsed = deps.targets.parse(asked);
  const options = parsed.problems.flatMap(({ options }) => options);
  const countries = new Set([
    ...parsed.countries,
    ...options.filter(({ kind }) => kind === 'country').map(({ id }) => id),
  ]);
  const services = new Set([
    ...parsed.services,
    ...options.filter(({ kind }) => kind === 'service').map(({ id }) => id),
  ]);
  const [only] = matchersOf(parsed);
  const about =
    only && only.country !== ANY && only.service !== ANY ? await incidents.list({ ...only, limit: MAX_FOUND }) : [];
  const found = [...new Map([...byId, ...about].map((one) => [one.id, one])).values()];
  const links: Html[] = [
    ...[...countries].slice(0, MAX_FOUND).map((one) => html`<li>${countryLink(one, view)}</li>`),
    ...[...services].slice(0, MAX_FOUND).map((one) => html`<li>${serviceLink(one, view)}</li>`),
  ];
  const nothing = found.length === 0 && links.length === 0;
  const body = html`<h1>${words.say('site.search')}${text === '' ? '' : html`: <bdi>${text}</bdi>`}</h1>
${nothing && text !== '' ? html`<p role="status">${words.say('site.noneFound', { text })}</p>` : ''}
${nothing ? html`<p>${words.say('site.missingHelp')}</p>` : ''}
${links.length > 0 ? html`<ul class="list">${links}</ul>` : ''}
${found.length > 0 ? html`<ul class="list">${found.map((one) => incidentLine(one, view))}</ul>` : ''}`;
  return framed({ title: words.say('site.search'), path: '/search', query: { q: text }, unlisted: true, body }, view);
}

/** More sources than anybody configures. */
const MAX_SOURCES = 150;
const MAX_PROCESSES = 20;

/** What the bot sees by: so that "nothing happened" differs from "nothing was seen". */
export async function sourcesPage(view: View): Promise<Made> {
  const { words, deps } = view;
  const look = await deps.look();
  const columns = lastDays(view.now);
  const cells = watchedCells(await deps.watched(), columns, view.now);
  const rows = look.sources
    .slice(0, MAX_SOURCES)
    .map(
      ({ label, look: how, lastOkAt }) =>
        html`<tr><th scope="row"><bdi>${oneLine(label, 80)}</bdi></th><td>${lookOf(how, view)}</td><td>${lastOkAt === null ? '–' : view.text(ago(view.now - lastOkAt, view))}</td></tr>`,
    );
  const heads = [words.say('site.source'), words.say('site.state'), words.say('site.lastLook')];
  const body = html`${warning(look, view)}
<h1>${words.say('site.sees')}</h1>
<p class="lead">${view.text(words.say('status.rest'))}</p>
<section class="alone"><h2>${words.say('site.watched')}</h2>
${strip(words.say('site.days', { n: DAYS }), cells, columns, view)}${axis(columns, view)}
<p class="small">${sign('gap')} ${words.say('picture.gap')}</p></section>
${tableSection('sources', words.say('site.sources'), heads, rows, html`\n${leftOut(look.sources.length - rows.length, view)}`)}
${vantages(look.vantages, view)}
${processes(look.processes, view)}
${ladder(view)}`;
  return framed({ title: words.say('site.sees'), path: '/sources', body }, view);
}

const ago = (ms: number, { words }: View): string => words.age(Math.max(0, ms));

const LOOKS: Record<Look, Cell['state']> = {
  well: 'open',
  waiting: 'none',
  failing: 'block',
  stale: 'stale',
  blind: 'gap',
};
const lookOf = (look: Look, { words }: View): Html => html`${sign(LOOKS[look])} ${words.say(`site.look.${look}`)}`;

function vantages(all: readonly PublicVantage[], view: View): Html | string {
  if (all.length === 0) return '';
  const { words } = view;
  const rows = all
    .slice(0, MAX_SOURCES)
    .map(
      ({ country, network, look, lastSeenHour }) =>
        html`<tr><th scope="row">${country === null ? words.say('site.ownLine') : words.country(country)}</th><td>${network === null ? '–' : html`<bdi>${network}</bdi>`}</td><td>${lookOf(look, view)}</td><td>${lastSeenHour === null ? '–' : view.moment(lastSeenHour)}</td></tr>`,
    );
  const title = words.say('site.vantages');
  const heads = [title, words.say('site.network'), words.say('site.state'), words.say('site.lastLook')];
  return tableSection('vantages', title, heads, rows);
}

/** Who does what, where several processes share the work. */
function processes(all: readonly PublicProcess[], view: View): Html | string {
  if (all.length === 0) return '';
  const { words } = view;
  const rows = all.slice(0, MAX_PROCESSES).flatMap(({ does, startedAt }, at) => {
    const jobs = does.length > 0 ? does : [{ job: 'none' as const, since: startedAt }];
    return jobs.map(
      ({ job, since }) =>
        html`<tr><th scope="row">${words.say('site.process', { no: at + 1 })}</th><td>${words.say(`site.job.${job}`)}</td><td>${view.moment(since)}</td></tr>`,
    );
  });
  const title = words.say('site.processes');
  return tableSection('processes', title, [title, words.say('site.state'), words.say('site.since')], rows);
}

function ladder({ words, text }: View): Html {
  const levels = (['reported', 'suspected', 'corroborated', 'confirmed'] as const).map(
    (level) => html`<li>${text(words.say(`about.${level}`))}</li>`,
  );
  return html`<section><h2>${words.say('about.sure')}</h2><ul class="facts">${levels}</ul></section>`;
}

/** Half of a day watched is a day watched, as in every other drawing. */
const watchedCells = (periods: readonly Period[], columns: readonly Column[], now: number): Cell[] =>
  columns.map(({ from, to }) => ({
    state: watchedShare(periods, from, Math.min(to, now)) >= 0.5 ? 'none' : 'gap',
    sure: true,
  }));

/** For an address under which there is nothing; `path` is not repeated: a stranger wrote it. */
export function missingPage(view: View, sentence: string | null = null): Made {
  const { words } = view;
  const title = words.say('site.missing');
  const body = html`<h1>${title}</h1>
${sentence === null ? '' : html`<p>${view.text(sentence)}</p>`}
<p>${words.say('site.missingHelp')}</p>`;
  return framed({ title, path: '/', status: 404, unlisted: true, body }, view);
}
