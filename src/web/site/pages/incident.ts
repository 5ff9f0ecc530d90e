import type { Transition } from '../../../core/model/incident.ts';
import type { Report } from '../../../core/model/report.ts';
import { drawCard, THEMES } from '../../../core/picture.ts';
import { type Card, cardOf, cardText, citation } from '../../../core/render/evidence-card.ts';
import { countingOf, extentOf, factsOf } from '../../../core/render/evidence.ts';
import { changeOf, headlineOf } from '../../../core/render/headline.ts';
import { timelineView } from '../../../core/render/timeline.ts';
import { type Html, html, incidentPath, inlineHtml, outward, type View, ZONE } from '../html.ts';
import { DAYS, heldIfUnsure } from '../known.ts';
import type { Made } from '../shelf.ts';
import { framed } from './frame.ts';
import {
  axis,
  countryLink,
  type Drawn,
  joined,
  leftOut,
  legend,
  nameOfService,
  pngOf,
  serviceLink,
  strip,
  tableSection,
} from './lines.ts';

/** Reports of one card; the rest are counted. As in a chat. */
const MAX_REPORTS = 200;
/** Of these so many are shown, the first and the newest. */
const MAX_SHOWN = 30;
const MAX_STEPS = 40;

type Whole = NonNullable<Awaited<ReturnType<typeof wholeOf>>>;

/** `reports`: newest first. */
async function wholeOf(id: string, { deps, words, now }: View) {
  const { incidents, reports: table } = deps.record;
  const incident = await incidents.get(id);
  if (!incident) return null;
  const reports = await table.byIncident(id, MAX_REPORTS);
  const count = (await table.countByIncident([id])).get(id) ?? reports.length;
  const log = await incidents.transitions(id);
  return { incident, reports, count, log, card: cardOf({ incident, reports, count, log, timeZone: ZONE, now }, words) };
}

/** The whole story of one incident: how it stands, its days, what happened when, every voice with its words and its link, and how to cite it. */
export async function incidentPage(id: string, view: View): Promise<Made | null> {
  const { words, deps, now } = view;
  const whole = await wholeOf(id, view);
  if (!whole) return null;
  const { reports, card } = whole;
  const incident = heldIfUnsure(whole.incident);
  const shown = { ...incident, reports };
  const extent = extentOf(shown, deps.categoryOf, 'corroborated');
  const headline = headlineOf(incident, words, extent);
  const facts = factsOf(shown, { timeZone: ZONE, now }, words, extent);
  const { columns, ...days } = await deps.known.days(whole.incident);
  const path = incidentPath(id);
  const body = html`<p class="small">${joined([countryLink(incident.country, view), serviceLink(incident.service, view), html`<bdi>${id}</bdi>`])}</p>
<h1>${view.text(headline)}</h1>
<ul class="facts">${facts.map((one) => html`<li>${inlineHtml(one, view)}</li>`)}</ul>
<section class="alone"><h2>${words.say('site.days', { n: DAYS })}</h2>${strip(nameOfService(incident.service, view), incident.open ? days : { cells: days.cells }, columns, view)}${axis(columns, view)}${legend(view)}</section>
${logSection(whole.log, view)}
${evidenceSection(whole, view)}
${vantageSection(card, view)}
${citeSection(whole, view)}`;
  const summary = plainFacts(facts).slice(0, 3).join(' · ');
  const picture = { path: `${path}/card.png?lang=${view.lang}`, alt: headline };
  return framed({ title: headline, summary, path, picture, body }, view);
}

const plainFacts = (facts: ReturnType<typeof factsOf>): string[] =>
  facts.map((one) => one.filter((piece) => typeof piece === 'string').join(''));

function logSection(log: readonly Transition[], view: View): Html | string {
  if (log.length === 0) return '';
  const { words } = view;
  const shown = log.length > MAX_STEPS ? [...log.slice(0, 3), ...log.slice(3 - MAX_STEPS)] : log;
  const steps = shown.map((step) => {
    const before = log[log.indexOf(step) - 1] ?? null;
    return html`<li>${view.moment(step.at)}${words.dash}${view.text(changeOf(step, before, words))}</li>`;
  });
  const left = log.length - shown.length;
  return html`<section><h2>${words.say('incident.log')}</h2>
<ol class="log">${steps}</ol>${leftOut(left, view)}</section>`;
}

/** Every voice, oldest first; what it says in its own language. */
function evidenceSection({ reports, count, card }: Whole, view: View): Html {
  const { words } = view;
  const { sources } = card;
  const shown = sources.length > MAX_SHOWN ? [...sources.slice(0, 5), ...sources.slice(5 - MAX_SHOWN)] : sources;
  const rows = shown.map((one) => {
    const said = words.say(`label.${one.action as 'block'}`);
    return html`<tr><td>${view.moment(Date.parse(one.at.utc))}</td><th scope="row">${outward(one.link, view.text(one.publisher))}</th><td>${one.title === '' ? '' : html`<span lang="${langTag(one.lang)}" dir="auto">${one.title}</span><br>`}<span class="small">${said}${one.measured ? measuredOf(one, view) : ''}</span></td></tr>`;
  });
  const left = count - shown.length;
  const notes = notesOf(reports, view);
  const heads = [words.say('site.when'), words.say('site.source'), words.say('site.what')];
  const title = words.say('incident.evidence', { n: count });
  return tableSection('evidence', title, heads, rows, html`\n${leftOut(left, view)}${notes}`);
}

/** A tag is letters, digits and dashes; whatever else a source says of itself is no language. */
const langTag = (lang: string): string => (/^[a-z]{2,3}(-[a-z0-9]{2,8}){0,2}$/i.test(lang) ? lang : 'und');

function measuredOf({ measured }: Card['sources'][number], view: View): Html {
  const { words } = view;
  const parts = [
    measured!.verdict,
    words.list(measured!.networks.slice(0, 8)),
    measured!.measurements === null ? '' : words.say('count.measurements', { n: measured!.measurements }),
    measured!.licence ?? '',
  ].filter((one) => one !== '');
  return html`${parts.map((one) => html` · <bdi>${one}</bdi>`)}`;
}

function notesOf(reports: readonly Report[], { words }: View): Html | string {
  const measured = reports.flatMap((report) => report.measured ?? []);
  const news = reports.filter((report) => report.kind !== 'measurement');
  const isMere = measured.length > 0 && measured.every(({ strength }) => strength === 'anomaly');
  const notes = [...(isMere ? [words.say('incident.anomaly')] : []), ...countingOf(news, words)];
  return html`${notes.map((one) => html`<p class="small">${one}</p>`)}`;
}

function vantageSection({ vantages }: Card, view: View): Html | string {
  if (vantages.length === 0) return '';
  const items = vantages.map(
    ({ country, network, reports }) => html`<li>${view.words.country(country)} <bdi>${network}</bdi> × ${reports}</li>`,
  );
  return html`<section><h2>${view.words.say('evidence.vantages')}</h2><ul class="services">${items}</ul></section>`;
}

function citeSection({ incident, card }: Whole, view: View): Html {
  const { words, deps } = view;
  const path = incidentPath(incident.id);
  const at = `${deps.publicUrl ?? deps.base}${path}`;
  return html`<section><h2>${words.say('evidence.cite')}</h2>
<p class="cite">${view.text(citation(card, words))} <bdi>${deps.publicUrl === null ? '' : at}</bdi></p>
<p>${joined([
    html`<a href="${at}">${words.say('site.permalink')}</a>`,
    html`<a href="${view.to(`${path}/picture.png`)}">${words.say('site.picture')}</a>`,
  ])}</p>
<p>${words.say('site.text')}: ${joined([
    html`<a href="${view.to(`${path}/evidence.txt`)}">${words.say('button.text')}</a>`,
    html`<a href="${view.to(`${path}/evidence.json`)}">JSON</a>`,
  ])}</p>
<p class="small">${view.text(words.say('evidence.hash', { hash: card.sha256 }))}</p></section>`;
}

async function timelineOf({ incident }: Whole, view: View): Promise<Drawn> {
  const { words, now, deps } = view;
  const { columns, ...days } = await deps.known.days(incident);
  const label = nameOfService(incident.service, view);
  const title = headlineOf(heldIfUnsure(incident), words);
  return timelineView({ title, columns, rows: [{ label, ...days }], more: 0, timeZone: ZONE, now }, words);
}

/** For those who pass the link on: what the page says first, how sure that is among it. */
async function previewOf({ incident: told, reports }: Whole, view: View): Promise<Drawn> {
  const { words, now, deps, lang } = view;
  const incident = heldIfUnsure(told);
  const shown = { ...incident, reports };
  const extent = extentOf(shown, deps.categoryOf, 'corroborated');
  const [since, ...facts] = plainFacts(factsOf(shown, { timeZone: ZONE, now }, words, extent));
  const days = await deps.known.days(told);
  const where = deps.publicUrl === null ? null : new URL(deps.publicUrl).host;
  const lines = [...facts.slice(0, 1), since!, ...facts.slice(1)];
  return drawCard({ ...days, lang, title: headlineOf(incident, words, extent), lines, where }, THEMES.light);
}

const PICTURES = { picture: timelineOf, card: previewOf };

export async function incidentPicture(id: string, kind: keyof typeof PICTURES, view: View): Promise<Made | null> {
  const whole = await wholeOf(id, view);
  if (!whole) return null;
  return await pngOf(await PICTURES[kind](whole, view), view.deps);
}

/** The evidence card as the chat's command gives it, for those who check it. */
export async function cardFile(id: string, ending: 'json' | 'txt', view: View): Promise<Made | null> {
  const whole = await wholeOf(id, view);
  if (!whole) return null;
  const isJson = ending === 'json';
  return {
    type: `${isJson ? 'application/json' : 'text/plain'}; charset=utf-8`,
    body: isJson ? `${JSON.stringify(whole.card, null, 1)}\n` : cardText(whole.card, view.words),
    headers: {
      'content-disposition': `inline; filename="tocsin-${id}.${ending}"`,
      vary: 'accept-encoding, accept-language',
    },
  };
}
