import { type Html, html } from '../html.ts';
import type { Made } from '../shelf.ts';
import { framed } from './frame.ts';
import type { CountryNow, Known, WorldNow } from './known.ts';
import { axis, countryLink, incidentLine, serviceLink, statusLine, warning } from './lines.ts';
import { DAYS, legend, strip } from './strip.ts';
import { countryPath, type View } from './view.ts';

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
