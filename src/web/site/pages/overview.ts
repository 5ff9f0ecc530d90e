import { matchersOf, splitIds } from '../../../core/commands/asking/targets.ts';
import { sightText } from '../../../core/commands/look/health.ts';
import { ANY } from '../../../core/model/chat.ts';
import { drawCard, THEMES } from '../../../core/picture.ts';
import { hoursOf } from '../../../core/readers.ts';
import { oneLine } from '../../../core/render/plain.ts';
import { wordOfDay } from '../../../core/render/timeline.ts';
import { isPresent, type State } from '../../../core/state/fold.ts';
import { cellOf } from '../../../core/state/world.ts';
import { type Cell, type Column, type Period, watchedShare } from '../../../core/timeline.ts';
import type { Look, PublicProcess, PublicVantage } from '../deps.ts';
import { countryPath, type Html, html, servicePath, type View } from '../html.ts';
import {
  type About,
  type CountryNow,
  DAYS,
  isOneWord,
  lastDays,
  type PlaceNow,
  type WorldNow,
  worstOf,
} from '../known.ts';
import type { Made } from '../shelf.ts';
import { framed } from './frame.ts';
import {
  axis,
  countryLink,
  fitted,
  incidentLine,
  joined,
  leftOut,
  legend,
  nameOfRow,
  pager,
  pngOf,
  serviceLink,
  sign,
  sizeOf,
  statusLine,
  strip,
  tableSection,
  warning,
} from './lines.ts';

/** Of one country; the rest is on its own page. */
const PER_COUNTRY = 3;
const MAX_SERVICES = 30;
const MAX_ENDED = 12;
/** Of a country told in a line, under each word. */
const MAX_NAMES = 6;
/** More countries than there are. */
const MAX_COUNTRIES = 300;
/** Rows of one place that are named, whatever there is room for; more are counted. */
const MAX_NAMED = 150;

/** What is cut off now, country by country: what is sure and reaches far first. */
export async function homePage(asked: View): Promise<Made> {
  const world = await asked.deps.known.world();
  const view = { ...asked, now: world.read.at };
  const { words } = view;
  const rows = world.countries.flatMap((one) => one.rows);
  // Of a network that is off, and of what it speaks for, one.
  const told = rows.filter(({ was, incident, threat }) => threat !== null || (was === null && incident !== null));
  const ids = told.flatMap(({ was, incident, threat }) => [was === null && incident?.id, threat?.id].filter(Boolean));
  const n = new Set(ids).size;
  const lands = new Set(told.flatMap(({ country }) => country ?? [])).size;
  // Above a long red list nobody should read that all is well.
  const nothingNew = [words.say('status.worldNone'), ...(rows.length > 0 ? [words.say('subscribe.standing')] : [])];
  const before = html`${warning(world.sight, view)}
<h1>${words.say('site.now')}</h1>
<p class="lead">${n > 0 ? html`${words.say('site.open', { n })} ${words.say('site.inCountries', { n: lands })}` : view.text(nothingNew.join(' '))}</p>
<p class="small">${view.text(words.say('status.rest'))}</p>
${rows.length > 0 ? legend(view) : ''}`;
  const after = html`${servicesSection(world, view)}
${endedSection(world, view)}`;
  const body = (bytes: number): Html => html`${before}
${countriesIn(world, view, bytes - sizeOf(before) - sizeOf(after))}
${after}`;
  const summary = summaryOf(
    world.countries.map((one) => one.rows[0]!),
    null,
    view,
  );
  return framed({ ...summary, path: '/', body, read: world.read }, view);
}

/** The first with their days and their lines; the others in a line each, or, where even that is too much, by name, under what is worst there. */
function countriesIn(world: WorldNow, view: View, bytes: number): Html {
  const countries = world.countries.slice(0, MAX_COUNTRIES);
  const brief = countries.map((one) => countryBrief(one, view));
  const isRoomy = brief.reduce((sum, one) => sum + sizeOf(one), 0) < bytes / 2;
  const names = () =>
    countries.map(({ country, rows }) => html`<li>${countryLink(country, view)} (${rows.length})</li>`);
  const short = isRoomy ? brief : names();
  const long = fitted(countries, (one) => countrySection(one, world, view), short, bytes - MARGIN);
  const rest = short.slice(long.length);
  if (isRoomy) return html`${long}${rest.length > 0 ? html`<ul class="list">${rest}</ul>` : ''}`;
  const wordAt = (at: number): string => wordOfRow(countries[long.length + at]!.rows[0]!, view);
  const folded = [...Map.groupBy(rest.keys(), wordAt)].map(
    ([word, all]) =>
      html`<details class="legend"><summary>${word}: ${view.words.say('site.inCountries', { n: all.length })}</summary><ul class="services">${all.map((at) => rest[at]!)}</ul></details>`,
  );
  return html`${long}${folded}`;
}

/** Bytes of the words around what is fitted in. */
const MARGIN = 1_500;

/** "blocked", "reported: blocked". */
function wordOfRow(state: State, { words }: View): string {
  const cell = cellOf(state);
  const word = wordOfDay(cell?.state ?? 'none', words);
  return isOneWord(state) ? `${words.say('confidence.reported')}: ${word}` : word;
}

/** A country in a line: "China: blocked: Facebook, Signal, 7 more". */
function countryBrief({ country, rows }: CountryNow, view: View): Html {
  const { words } = view;
  const said = [...Map.groupBy(rows, (one) => wordOfRow(one, view))].map(([word, all]) => {
    const names = all.slice(0, MAX_NAMES).map((one) => nameOfRow(one, false, view).label);
    if (all.length > names.length) names.push(words.say('list.more', { n: all.length - names.length }));
    return view.text(`${word}: ${words.list(names)}`);
  });
  return html`<li>${countryLink(country, view)} <span class="small">${joined(said)}</span></li>`;
}

function countrySection({ country, rows, days }: CountryNow, { columns }: WorldNow, view: View): Html {
  const { words } = view;
  const shown = rows.slice(0, PER_COUNTRY);
  const rest = rows.length - shown.length;
  const lines = shown.map((one) => statusLine(one, false, null, view));
  const more =
    rest > 0
      ? html`<li class="small">${country === null ? words.say('list.more', { n: rest }) : html`<a href="${view.to(countryPath(country))}">${words.say('list.more', { n: rest })}</a>`}</li>`
      : '';
  return html`<section class="place"><h2>${countryLink(country, view)}</h2>
${days ? html`<div class="days">${strip(`${words.country(country)}, ${words.say('site.days', { n: DAYS })}`, days, columns, view)}${axis(columns, view)}</div>` : ''}
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
export async function placePage(about: About, page: number, asked: View): Promise<Made> {
  const { words } = asked;
  const { known } = asked.deps;
  const { country } = about;
  const ofService = isOfService(about);
  const name = titleOf(about, asked);
  const path = pathOf(about);
  const now = page === 1 ? await known.place(about) : null;
  const view = now ? { ...asked, now: now.read.at } : asked;
  const { incidents, more } = now?.earlier ?? (await known.earlier(about, page));
  const past = incidents.map((one) => incidentLine(one, view));
  const said = now && !ofService ? await readersSection(country, view) : '';
  const before = html`${now ? warning(now.sight, view) : ''}
<h1>${ofService ? html`<bdi>${name}</bdi>` : name}</h1>
`;
  const earlier: Html | string =
    past.length > 0
      ? html`<section><h2>${words.say('site.earlier')}</h2><ul class="list">${past}</ul>${pager(path, page, more, view)}</section>`
      : '';
  const after = html`${said}${earlier}`;
  const states = (bytes: number): Html | string => {
    if (!now) return '';
    const rows =
      now.rows.length > 0
        ? rowsIn(now, ofService, view, bytes)
        : html`<p>${view.text(words.say('status.nothing', { what: name }))}</p>`;
    return html`<section><h2>${words.say('site.days', { n: DAYS })}</h2>
${rows}
<p class="small">${view.text(words.say('status.rest'))}</p></section>`;
  };
  const body = (bytes: number): Html => html`${before}${states(bytes - sizeOf(before) - sizeOf(after))}${after}`;
  const present = now?.rows.map(({ state }) => state).filter(isPresent) ?? [];
  return framed(
    { ...summaryOf(present, about, view), path, query: page > 1 ? { page } : {}, body, read: now?.read },
    view,
  );
}

/** As many as fit onto a card. */
const MAX_LINES = 5;

/** "WhatsApp: blocked · confirmed", "Russia: WhatsApp: blocked · confirmed". */
function lineInCard(state: State, about: About | null, view: View): string {
  const { words } = view;
  const sure = state.confidence ?? state.threat?.confidence ?? null;
  const { label } = nameOfRow(state, about !== null && isOfService(about), view);
  const where = about === null && state.region === null ? `${words.country(state.country)}: ` : '';
  const said = `${where}${label}: ${wordOfDay(cellOf(state)?.state ?? 'none', words)}`;
  return sure === null ? said : `${said} · ${words.say(`confidence.${sure}`)}`;
}

const linesOf = (rows: readonly State[], about: About | null, view: View): string[] =>
  rows.slice(0, MAX_LINES).map((one) => lineInCard(one, about, view));

/** What others show of the link to all (null), a country or a service: its name, what is cut there now, how sure that is. */
function summaryOf(rows: readonly State[], about: About | null, view: View) {
  const title = titleOf(about, view);
  const path = `${about === null ? '' : pathOf(about)}/card.png?lang=${view.lang}`;
  const summary = linesOf(rows, about, view).join('; ');
  return { title, ...(summary === '' ? {} : { summary }), picture: { path, alt: title } };
}

/** The picture of that. */
export async function overviewCard(about: About | null, view: View): Promise<Made> {
  const { deps, lang } = view;
  const world = await deps.known.world();
  const rows = about === null ? [] : (await deps.known.place(about)).rows.filter(({ state }) => isPresent(state));
  const states = about === null ? world.countries.map((one) => one.rows[0]!) : rows.map(({ state }) => state);
  const days = worstOf(rows.flatMap((row) => row.days ?? []));
  const where = deps.publicUrl === null ? null : new URL(deps.publicUrl).host;
  const lines = linesOf(states, about, view);
  // What "nothing" is worth, where the bot sees little.
  const told =
    lines.length > 0 ? lines : [sightText(world.sight.sight, view.words) ?? view.words.say('status.worldNone')];
  return await pngOf(drawCard({ ...days, lang, title: titleOf(about, view), lines: told, where }, THEMES.light), deps);
}

const isOfService = ({ country }: About): boolean => country === ANY;
const pathOf = (about: About): string => (isOfService(about) ? servicePath(about.service) : countryPath(about.country));
const titleOf = (about: About | null, { words }: View): string =>
  about === null
    ? words.say('site.now')
    : isOfService(about)
      ? words.service(about.service)
      : words.country(about.country);

/** Two days of what readers said, an hour and service each: so many rows, of so many counts. */
const READERS_MS = 48 * 3_600_000;
const MAX_HOURS = 12;
const MAX_COUNTS = 20_000;

async function readersSection(country: string, view: View): Promise<Html | string> {
  const { words, now, deps } = view;
  const counts = await deps.record.readers.counts({ country, since: now - READERS_MS, limit: MAX_COUNTS });
  const hours = [...Map.groupBy(counts, ({ service }) => service)]
    .flatMap(([service, own]) => hoursOf(own).map((hour) => ({ service, ...hour })))
    .sort((a, b) => b.at - a.at || b.fails - a.fails)
    .slice(0, MAX_HOURS);
  if (hours.length === 0) return '';
  const lines = hours.map(
    ({ at, service, fails, works }) =>
      html`<li>${view.moment(at)} ${serviceLink(service, view)} <span class="small">${fails} / ${works}</span></li>`,
  );
  return html`<section><h2>${words.say('readers.hours')}</h2><ul class="list">${lines}</ul></section>`;
}

/** As many rows with their days as there is room for, the others by name. */
function rowsIn({ rows, columns }: PlaceNow, isOfService: boolean, view: View, bytes: number): Html {
  const long = ({ state, days }: PlaceNow['rows'][number]): Html =>
    statusLine(state, isOfService, days ? { days, columns } : null, view);
  const named = rows.slice(0, MAX_NAMED);
  const short = named.map(
    ({ state }) =>
      html`<li>${nameOfRow(state, isOfService, view).link} <span class="small">${wordOfRow(state, view)}</span></li>`,
  );
  const head = html`${legend(view)}<div class="row"><span></span><span></span>${axis(columns, view)}</div>`;
  const told = fitted(named, long, short, bytes - sizeOf(head) - MARGIN);
  const rest = short.slice(told.length);
  const others = rest.length > 0 ? html`<ul class="services">${rest}</ul>` : '';
  return html`${head}<ul class="rows">${told}</ul>${others}${leftOut(rows.length - named.length, view)}`;
}

export const MAX_TYPED = 100;
const MAX_FOUND = 25;
const MAX_IDS = 10;

/** What is meant by a text, as countries, services and incidents; in any language that names are known in. */
async function meantBy(text: string, { deps }: View) {
  const { incidents } = deps.record;
  const { ids, rest } = splitIds(text, MAX_IDS);
  const byId = ids.length > 0 ? await incidents.getMany(ids) : [];
  const parsed = deps.targets.parse(rest || (byId.length === 0 ? text : ''));
  const options = parsed.problems.flatMap(({ options }) => options);
  const meant = (kind: 'country' | 'service') => options.filter((one) => one.kind === kind).map(({ id }) => id);
  const [only] = matchersOf(parsed);
  const about =
    only && only.country !== ANY && only.service !== ANY ? await incidents.list({ ...only, limit: MAX_FOUND }) : [];
  return {
    countries: [...new Set([...parsed.countries, ...meant('country')])].slice(0, MAX_FOUND),
    services: [...new Set([...parsed.services, ...meant('service')])].slice(0, MAX_FOUND),
    incidents: [...new Map([...byId, ...about].map((one) => [one.id, one])).values()],
  };
}

/** Lists of links; none where nothing is meant. */
function linksTo({ countries, services, incidents }: Awaited<ReturnType<typeof meantBy>>, view: View): Html[] {
  const places = [...countries.map((one) => countryLink(one, view)), ...services.map((one) => serviceLink(one, view))];
  const lists = [places.map((link) => html`<li>${link}</li>`), incidents.map((one) => incidentLine(one, view))];
  return lists.filter((items) => items.length > 0).map((items) => html`<ul class="list">${items}</ul>`);
}

/** What was typed. */
export async function searchPage(typed: string, view: View): Promise<Made> {
  const { words } = view;
  const text = oneLine(typed, MAX_TYPED);
  const links = linksTo(await meantBy(text, view), view);
  const nothing = links.length === 0;
  const body = html`<h1>${words.say('site.search')}${text === '' ? '' : html`: <bdi>${text}</bdi>`}</h1>
${nothing && text !== '' ? html`<p role="status">${words.say('site.noneFound', { text })}</p>` : ''}
${nothing ? html`<p>${words.say('site.missingHelp')}</p>` : ''}
${links}`;
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
${strip(words.say('site.days', { n: DAYS }), { cells }, columns, view)}${axis(columns, view)}
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
const lookOf = (look: Look, { words }: View): Html =>
  html`${sign(LOOKS[look])} <span class="whole">${words.say(`site.look.${look}`)}</span>`;

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

/** For an address under which there is nothing: links to what its words mean, else to where something is cut off. They are not repeated: a stranger wrote them. */
export async function missingPage(typed: string, view: View, sentence: string | null = null): Promise<Made> {
  const { words, deps } = view;
  const title = words.say('site.missing');
  const meant = linksTo(await meantBy(typed, view), view);
  const { countries } = await deps.known.world();
  const cut = countries.flatMap(({ country }) => country ?? []).slice(0, MAX_FOUND);
  const elsewhere = html`<h2>${words.say('site.now')}</h2>${linksTo({ countries: cut, services: [], incidents: [] }, view)}`;
  const body = html`<h1>${title}</h1>
${sentence === null ? '' : html`<p>${view.text(sentence)}</p>`}
<p>${words.say('site.missingHelp')}</p>
${meant.length > 0 || cut.length === 0 ? meant : html`<section>${elsewhere}</section>`}`;
  return framed({ title, path: '/', status: 404, unlisted: true, body }, view);
}
