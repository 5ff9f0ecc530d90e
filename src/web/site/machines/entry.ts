/** One change of an incident as an entry of a feed, in one language. Texts of strangers are one line, without what turns or breaks text. */
import { told } from '../../../core/federation/tell.ts';
import type { ToldChange } from '../../../core/federation/wire.ts';
import type { Translator } from '../../../core/ports/translate.ts';
import { changeOf } from '../../../core/render/changes.ts';
import { headlineOf, markOf, sayingOf } from '../../../core/render/headline.ts';
import { nameOfSource } from '../../../core/render/observed.ts';
import { capital, oneLine, safeLink } from '../../../core/render/plain.ts';
import { html } from '../html.ts';
import type { Change } from './changes.ts';

export interface Entry {
  /** The same in every language and every feed, for ever. */
  id: string;
  title: string;
  /** Page of the incident; null where nobody said how the bot is reached. */
  url: string | null;
  /** ms since the epoch. */
  at: number;
  categories: string[];
  /** What changed, and where it is said. */
  text: string;
  html: string;
  sources: { name: string; title: string; url: string }[];
  told: ToldChange;
}

export interface EntryView {
  words: Translator;
  /** Null = not known. */
  publicUrl: string | null;
  instance: string;
}

const MAX_SOURCES = 10;

export function entryOf({ incident, step, before, reports, log }: Change, view: EntryView): Entry {
  const { words, publicUrl, instance } = view;
  const then = { ...incident, ...(log ? {} : { regions: [] }), action: step.action, state: step.state };
  const sure = words.say(`confidence.${step.confidence}`);
  const title = oneLine(`${markOf(sayingOf(then))} ${headlineOf(then, words)} (${sure})`, 300).toWellFormed();
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
    id: `urn:tocsin:${instance}:${incident.id}:${step.seq}`,
    title,
    url: publicUrl === null ? null : `${publicUrl}/incident/${encodeURIComponent(incident.id)}`,
    at: step.at,
    categories: [...new Set([...place, step.action, step.state, step.confidence])],
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
