import { claimOf, nameOfThing, stateCell } from '../../../core/commands/answer.ts';
import { sightText } from '../../../core/commands/look/health.ts';
import { type Action, type Incident, rankOf } from '../../../core/model/incident.ts';
import type { Picture } from '../../../core/model/message.ts';
import { markOf, patternsOf, runsOf, THEMES, type Theme } from '../../../core/picture.ts';
import { sayingOf, whatOf, whereOf } from '../../../core/render/headline.ts';
import { capital, safeLink } from '../../../core/render/plain.ts';
import { rowInWords, wordOfDay } from '../../../core/render/timeline.ts';
import { type Days, isOver, type State, STATUS_POLICY } from '../../../core/state/fold.ts';
import { cellOf } from '../../../core/state/world.ts';
import { type Column, DAY_STATES, type DayState } from '../../../core/timeline.ts';
import type { PublicSight } from '../deps.ts';
import { countryPath, type Html, html, incidentPath, outward, raw, servicePath, type View, ZONE } from '../html.ts';
import { heldIfUnsure, isOneWord } from '../known.ts';
import type { Made } from '../shelf.ts';

/** Timelines as inline SVG: the marks of the chat's picture, in colours that the page's style gives. */

const COLUMN = 10;
const HEIGHT = 56;
/** The present, and what parts it from the days. */
const NOW = 24;
const APART = 8;
/** What stands before the names of the patterns, which all drawings of a page share. */
const ID = 'p';

/** Of a colour of the theme, in the page's style. */
export const variableOf = (mark: string): string => (mark === 'line' ? 'mark-line' : mark);
const COLOURS = {
  ...Object.fromEntries(Object.keys(THEMES.light).map((mark) => [mark, `var(--${variableOf(mark)})`])),
  cut: 'var(--ground)',
} as Theme;

/** What parts one day from the next. */
const between = `<pattern id="${ID}days" width="${COLUMN}" height="${HEIGHT}" patternUnits="userSpaceOnUse"><rect x="${COLUMN - 1.5}" width="1.5" height="${HEIGHT}" fill="var(--ground)"/></pattern>`;

/** Once a page, before any drawing. */
export const patterns = (): Html =>
  html`<svg width="0" height="0" class="defs" aria-hidden="true" focusable="false"><defs>${raw(patternsOf(COLOURS, ID) + between)}</defs></svg>`;

/** A row of days, and, where it is handed, how it stands now: a mark of its own at the end. Told in words to whoever cannot see it. */
export function strip(
  label: string,
  { cells, now }: Pick<Days, 'cells'> & Partial<Days>,
  columns: readonly Column[],
  view: View,
): Html {
  const days = cells.length * COLUMN;
  const width = now ? days + APART + NOW : days;
  const mirrored = (from: number, wide: number): number => (view.rtl ? width - from - wide : from);
  const drawn = (cell: Days['now'], from: number, wide: number): string => {
    const seam = cell.state === 'none' ? 0 : 1;
    return markOf(cell, { x: mirrored(from, wide), y: 0, width: wide - seam, height: HEIGHT }, COLOURS, ID);
  };
  const marks = runsOf(cells).map(({ cell, at, length }) => drawn(cell, at * COLUMN, length * COLUMN));
  marks.push(`<rect x="${mirrored(0, days)}" width="${days}" height="${HEIGHT}" fill="url(#${ID}days)"/>`);
  if (now)
    marks.push(
      `<rect x="${mirrored(days, APART)}" width="${APART}" height="${HEIGHT}" fill="var(--ground)"/>`,
      drawn(now, days + APART, NOW),
    );
  const row = { label, cells, ...(now ? { now } : {}) };
  const words = view.text(rowInWords(row, { columns, timeZone: ZONE, now: view.now }, view.words));
  return html`<svg class="strip" viewBox="0 0 ${width} ${HEIGHT}" role="img" aria-label="${words}">${raw(marks.join(''))}</svg>`;
}

/** The sign of a state, beside its words. */
export function sign(state: DayState, sure = true): Html {
  const mark = markOf({ state, sure }, { x: 0, y: 0, width: 24, height: 24 }, COLOURS, ID);
  return html`<svg class="sign" viewBox="0 0 24 24" aria-hidden="true" focusable="false">${raw(mark)}</svg>`;
}

/** What the signs mean: all of them, the worst first. */
export function legend(view: View): Html {
  const { words } = view;
  const entries = DAY_STATES.toReversed().map((state) => html`<li>${sign(state)} ${wordOfDay(state, words)}</li>`);
  return html`<details class="legend"><summary>${words.say('site.legend')}</summary>
<ul>${entries}<li>${sign('block', false)} ${words.say('picture.unsure')}</li></ul></details>`;
}

/** Lines that several pages show: how a service stands, an incident in one line, what must be read first. */

/** What "nothing is blocked" is worth, where that is not much: before everything else. */
export function warning({ sight }: PublicSight, view: View): Html | string {
  const text = sightText(sight, view.words);
  return text === null ? '' : html`<p class="warned" role="note">${view.text(text)}</p>`;
}

const stateOfAction = (action: Action): DayState => (action === 'unblock' ? 'open' : action);

/** The sign of how it stands. What is not known is no sign of being open. */
function signOf(state: State): Html {
  const cell = cellOf(state) ?? { state: 'none' as const, sure: true };
  return sign(cell.state, cell.sure);
}

export const nameOfService = (service: string | null, view: View): string =>
  service === null ? view.words.say('status.unnamed') : view.words.service(service);

/** A link to a page of ours, or the text alone where there is none. */
const linkTo = (path: string | null, text: Html | string, view: View): Html =>
  path === null ? html`<b>${text}</b>` : html`<a href="${view.to(path)}">${text}</a>`;

const toService = (service: string | null, name: string, view: View): Html =>
  service === null ? linkTo(null, name, view) : linkTo(servicePath(service), html`<bdi>${name}</bdi>`, view);

const toCountry = (country: string | null, name: string, view: View): Html =>
  linkTo(country === null ? null : countryPath(country), name, view);

export const serviceLink = (service: string | null, view: View): Html =>
  toService(service, nameOfService(service, view), view);

export const countryLink = (country: string | null, view: View): Html =>
  toCountry(country, view.words.country(country), view);

/** What a row is of, in words and as links: "WhatsApp", "Dagestan, Russia: mobile internet"; on the page of a service its place. */
export function nameOfRow(state: State, isOfService: boolean, view: View): { label: string; link: Html } {
  const { words } = view;
  const { country, region, service, network } = state;
  const thing = capital(nameOfThing(state, words));
  const place =
    region === null ? words.country(country) : whereOf([{ country, service, regions: [region] }], words, true);
  if (isOfService) {
    const label = network === 'all' ? place : words.say('headline', { country: place, what: thing });
    return { label, link: toCountry(country, label, view) };
  }
  const link = toService(service, thing, view);
  if (region === null) return { label: thing, link };
  return { label: words.say('headline', { country: place, what: thing }), link: html`<span>${place}: ${link}</span>` };
}

/** "reported", where nothing but one outlet's word stands behind it. */
const mark = (state: State, { words }: View): Html | string =>
  isOneWord(state)
    ? html`<span class="mark">${words.say(`confidence.${state.confidence ?? state.threat!.confidence}`)}</span> `
    : '';

/** How it stands, how sure that is and how old: each with its sign, its words, and a link to what it rests on. */
export function statusLine(
  state: State,
  isOfService: boolean,
  days: { days: Days; columns: readonly Column[] } | null,
  view: View,
): Html {
  const { words } = view;
  const { label, link } = nameOfRow(state, isOfService, view);
  const small: (Html | string)[] = [];
  const warned = state.threat && state.access !== 'shutdown' && state.access !== 'blocked' ? state.threat : null;
  if (state.confidence && state.was === null && !isOneWord(state))
    small.push(words.say(`confidence.${state.confidence}`));
  const claim = claimOf(state, words);
  if (claim) small.push(view.text(claim));
  const evidenceAt = state.evidenceAt ?? state.threat?.lastReportAt ?? null;
  if (state.faded && evidenceAt !== null)
    small.push(view.text(words.say('status.confirmed', { when: view.day(evidenceAt) })));
  else if (evidenceAt !== null)
    small.push(view.text(words.say('status.age', { age: words.age(Math.max(0, view.now - evidenceAt)) })));
  else if (!state.standing && !claim) small.push(words.say('status.no'));
  const reference = state.standing?.reference ?? null;
  if (reference !== null && safeLink(reference)) small.push(outward(reference, hostOf(reference)));
  else if (state.standing?.by === 'register') small.push(view.text(words.say('status.register')));
  const id = (state.incident ?? state.threat)?.id;
  if (id) small.push(html`<a class="id" href="${view.to(incidentPath(id))}"><bdi>${id}</bdi></a>`);
  // The place stands in the name already.
  const said = stateCell([{ ...state, region: null }], { chat: { timeZone: ZONE }, words, now: view.now });
  return html`<li class="row${days ? '' : ' plain'}"><div class="who">${signOf(state)} ${link}</div>
<div><p class="state">${mark(state, view)}${view.text(said)}</p>${warned ? html`<p class="state">${view.text(words.say('status.since', { state: words.say('state.warn'), when: view.day(warned.openedAt) }))}</p>` : ''}
<p class="small">${joined(small)}</p></div>
${days ? strip(label, days.days, days.columns, view) : ''}</li>`;
}

const hostOf = (address: string): string => URL.parse(address)?.hostname ?? address;

export const joined = (parts: readonly (Html | string)[]): (Html | string)[] =>
  parts.flatMap((one, at) => (at === 0 ? [one] : [' · ', one]));

/** "WhatsApp blocked · 12 Feb – 14 Feb · 2 days · corroborated · RU-whatsapp-3f9k". */
export function incidentLine(told: Incident, view: View): Html {
  const { words } = view;
  const incident = heldIfUnsure(told);
  const { state, family, action, openedAt, lastReportAt } = incident;
  const closedAt = state === 'easing' ? null : incident.closedAt;
  const saying = sayingOf(incident);
  // Of what is over: what it was; the second date tells that it is over.
  const was = state !== 'lifted' ? saying : family === 'warn' ? 'warn' : action;
  const what = words.say('headline', {
    country: whereOf([incident], words, true),
    what: whatOf(was, incident.service, words),
  });
  const from = view.day(openedAt);
  const small: (Html | string)[] = [];
  if (closedAt === null)
    small.push(view.text(words.say('line.reported', { when: words.dateTime(openedAt, ZONE, view.now) })));
  else {
    const to = view.day(closedAt);
    small.push(view.text(from === to ? from : words.say('history.span', { from, to })));
    if (state !== 'withdrawn' && was !== 'unblock') small.push(words.duration(closedAt - openedAt));
  }
  const age = view.now - lastReportAt;
  const isOld = closedAt === null && age > STATUS_POLICY.newsStaleMs;
  if (isOld) small.push(view.text(words.say('status.age', { age: words.age(age) })));
  small.push(words.say(`confidence.${incident.confidence}`));
  const over = isOver(incident) ? 'open' : state === 'withdrawn' || action === 'unblock' ? 'none' : null;
  const now = isOld ? 'stale' : stateOfAction(family === 'warn' ? 'warn' : action);
  const sure = rankOf(incident.confidence) >= rankOf('corroborated');
  return html`<li>${sign(over ?? now, sure)} <a href="${view.to(incidentPath(incident.id))}">${view.text(what)}</a>
<span class="small">${joined(small)} · <bdi class="id">${incident.id}</bdi></span></li>`;
}

/** Beside a heading, the rows of a table below it. `id`: of the heading, and so of the table. */
export const tableSection = (
  id: string,
  title: string,
  columns: readonly string[],
  rows: readonly Html[],
  after: Html | string = '',
): Html =>
  html`<section><h2 id="${id}">${title}</h2>
<table aria-labelledby="${id}"><thead><tr>${columns.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead><tbody>${rows}</tbody></table>${after}</section>`;

/** How many more there are than are shown; nothing where there are none. */
export const leftOut = (left: number, { words }: View): Html | string =>
  left > 0 ? html`<p class="small">${words.say('list.more', { n: left })}</p>` : '';

/** From when to when the days of the drawings beside it go. */
export const axis = (columns: readonly Column[], view: View): Html =>
  html`<p class="axis"><span>${view.words.shortDay(columns[0]!.from, ZONE, view.now)}</span><span>${view.words.shortDay(columns.at(-1)!.to - 1, ZONE, view.now)}</span></p>`;

/** Two ways through a list that is longer than a page. */
export function pager(path: string, page: number, more: boolean, view: View): Html | string {
  if (page <= 1 && !more) return '';
  const { words } = view;
  return html`<nav class="pages" aria-label="${words.say('site.earlier')}">${page > 1 ? html`<a rel="prev" href="${view.to(path, { page: page - 1 })}">${words.say('site.newer')}</a>` : ''}
${more ? html`<a rel="next" href="${view.to(path, { page: page + 1 })}">${words.say('site.older')}</a>` : ''}</nav>`;
}

export type Drawn = Pick<Picture, 'svg' | 'width' | 'height'>;

/** For other sites to show, too. */
export async function pngOf(drawn: Drawn, { pictures }: View['deps']): Promise<Made> {
  const png = await pictures.png({ ...drawn, alt: '' });
  const headers = { 'cross-origin-resource-policy': 'cross-origin' };
  if (png) return { type: 'image/png', body: new Uint8Array(png), headers };
  const body = 'No picture can be made now.\n';
  return { status: 503, type: 'text/plain; charset=utf-8', body, headers: { 'retry-after': '30' } };
}

/** Bytes of what goes over the wire. */
export const sizeOf = (made: Html | string): number => Buffer.byteLength(String(made));

/** The first ones at length, as many as fit into `bytes` together with all others in short; `short`: each in short, all of which are to fit. */
export function fitted<T>(items: readonly T[], long: (one: T) => Html, short: readonly Html[], bytes: number): Html[] {
  const lean = short.map(sizeOf);
  let left = bytes - lean.reduce((sum, size) => sum + size, 0);
  const made: Html[] = [];
  for (const [at, one] of items.entries()) {
    const whole = long(one);
    left -= sizeOf(whole) - lean[at]!;
    if (left < 0) break;
    made.push(whole);
  }
  return made;
}
