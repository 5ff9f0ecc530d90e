import type { Cell, Column } from '../../../core/picture/timeline.ts';
import { type Spell, watchedShare } from '../../../core/picture/watched.ts';
import { oneLine } from '../../../core/render/plain.ts';
import type { Look, PublicProcess, PublicVantage } from '../deps.ts';
import { type Html, html } from '../html.ts';
import type { Made } from '../shelf.ts';
import { framed } from './frame.ts';
import { axis, warning } from './lines.ts';
import { DAYS, lastDays, sign, strip } from './strip.ts';
import type { View } from './view.ts';

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
  const rest = look.sources.length - rows.length;
  const body = html`${warning(look, view)}
<h1>${words.say('site.sees')}</h1>
<p class="lead">${view.text(words.say('status.rest'))}</p>
<section class="alone"><h2>${words.say('site.watched')}</h2>
${strip(words.say('site.days', { n: DAYS }), cells, columns, view)}${axis(columns, view)}
<p class="small">${sign('gap')} ${words.say('picture.gap')}</p></section>
<section><h2 id="sources">${words.say('site.sources')}</h2>
<table aria-labelledby="sources"><thead><tr><th scope="col">${words.say('site.source')}</th><th scope="col">${words.say('site.state')}</th><th scope="col">${words.say('site.lastLook')}</th></tr></thead><tbody>${rows}</tbody></table>
${rest > 0 ? html`<p class="small">${words.say('list.more', { n: rest })}</p>` : ''}</section>
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
  return html`<section><h2 id="vantages">${words.say('site.vantages')}</h2>
<table aria-labelledby="vantages"><thead><tr><th scope="col">${words.say('site.vantages')}</th><th scope="col">${words.say('site.network')}</th><th scope="col">${words.say('site.state')}</th><th scope="col">${words.say('site.lastLook')}</th></tr></thead><tbody>${rows}</tbody></table></section>`;
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
  return html`<section><h2 id="processes">${words.say('site.processes')}</h2>
<table aria-labelledby="processes"><thead><tr><th scope="col">${words.say('site.processes')}</th><th scope="col">${words.say('site.state')}</th><th scope="col">${words.say('site.since')}</th></tr></thead><tbody>${rows}</tbody></table></section>`;
}

function ladder({ words, text }: View): Html {
  const levels = (['reported', 'suspected', 'corroborated', 'confirmed'] as const).map(
    (level) => html`<li>${text(words.say(`about.${level}`))}</li>`,
  );
  return html`<section><h2>${words.say('about.sure')}</h2><ul class="facts">${levels}</ul></section>`;
}

/** Half of a day watched is a day watched, as in every other drawing. */
const watchedCells = (spells: readonly Spell[], columns: readonly Column[], now: number): Cell[] =>
  columns.map(({ from, to }) => ({
    state: watchedShare(spells, from, Math.min(to, now)) >= 0.5 ? 'none' : 'gap',
    sure: true,
  }));
