/** Atom 1.0 (RFC 4287), written by hand: the library that reads feeds here takes 24 MB, and has a process of its own for that. */
import { type Html, html, raw } from '../html.ts';
import type { Entry } from './entry.ts';
import type { Feed } from './json-feed.ts';

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
