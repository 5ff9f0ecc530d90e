import { ANY } from '../../../core/model/chat.ts';
import { type Html, html } from '../html.ts';
import type { Made } from '../shelf.ts';
import { framed } from './frame.ts';
import type { Known } from './known.ts';
import { axis, countryLink, incidentLine, nameOfService, pager, serviceLink, statusLine, warning } from './lines.ts';
import { DAYS, legend } from './strip.ts';
import { countryPath, servicePath, type View } from './view.ts';

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
  const lines = (now?.rows ?? []).map(({ status, cells }) => {
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
