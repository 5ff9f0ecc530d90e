import { splitIds } from '../../../core/commands/incident-id.ts';
import { matchersOf } from '../../../core/commands/targets.ts';
import { ANY } from '../../../core/model/chat.ts';
import { oneLine } from '../../../core/render/plain.ts';
import { type Html, html } from '../html.ts';
import type { Made } from '../shelf.ts';
import { framed } from './frame.ts';
import { countryLink, incidentLine, serviceLink } from './lines.ts';
import type { View } from './view.ts';

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
