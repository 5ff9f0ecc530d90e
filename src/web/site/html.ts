import { html as template } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';
import type { Inline } from '../../core/model/message.ts';
import { safeLink } from '../../core/render/plain.ts';
import { isolated, isRightToLeft } from '../../i18n/direction.ts';
import type { PartDeps } from './known.ts';

/**
 * Templates whose every value is escaped, in text and in attributes (which stand in double quotes, always): `hono/html`. An address from outside passes
 * `safeLink` before it stands in a `href`. `raw` is for what was escaped where it was made: a drawing, the style.
 */

export { raw } from 'hono/html';

export type Html = HtmlEscapedString;
/** What may stand in a template: lists are joined; null, undefined and booleans are nothing. */
type Value = string | number | Html | readonly Value[] | null | undefined | boolean;

/** Nothing in it is waited for, so it is there at once. */
export const html = (strings: TemplateStringsArray, ...values: Value[]): Html =>
  template(strings, ...values) as HtmlEscapedString;

/** One page in the making: for whom, when, and how its links are written. */
export type View = ReturnType<typeof viewOf>;

/** What of dates runs from left to right: days as ISO 8601 has them, and a clock with its zone. */
const TIMES =
  /\p{Nd}{4}-\p{Nd}\p{Nd}-\p{Nd}\p{Nd}(?:[T ][\p{Nd}:.]+Z?)?(?:[ \u00a0](?:UTC|GMT))?|\p{Nd}[\p{Nd}:]+[ \u00a0](?:UTC|GMT)/gu;

/** All times of pages: who reads them is anywhere. */
export const ZONE = 'UTC';

export function viewOf(deps: PartDeps, lang: string) {
  const words = deps.translators.of(lang);
  const now = deps.clock.now();
  const rtl = isRightToLeft(words.lang);
  return {
    words,
    lang: words.lang,
    rtl,
    now,
    deps,
    /** A sentence of ours, with what runs from left to right in it kept together in languages that run from right to left. */
    text: rtl ? (sentence: string): string => isolated(sentence.replace(TIMES, '\u2066$&\u2069')) : String,
    /** A link to a page of this site, in the same language. `path` begins with "/"; its parts are escaped here. */
    to(path: string, more: Record<string, string | number> = {}): string {
      const query = new URLSearchParams({ lang: words.lang });
      for (const [key, value] of Object.entries(more)) query.set(key, String(value));
      return `${deps.base}${encodeURI(path)}?${query}`;
    },
    /** "12 Feb, 14:05 UTC". */
    moment(at: number): Html {
      const iso = Number.isFinite(at) && Math.abs(at) <= 8.64e15 ? new Date(at).toISOString() : '';
      return html`<time datetime="${iso}">${this.text(words.dateTime(at, ZONE, now))}</time>`;
    },
    day: (at: number): string => words.day(at, ZONE, now),
  };
}

/** What chats are told in marked-up pieces, as a page shows it. */
export function inlineHtml(pieces: readonly Inline[], view: View): Html {
  return html`${pieces.map((piece): Html | string => {
    if (typeof piece === 'string') return view.text(piece);
    if ('bold' in piece) return html`<b>${inlineHtml(piece.bold, view)}</b>`;
    if ('italic' in piece) return html`<i>${inlineHtml(piece.italic, view)}</i>`;
    if ('code' in piece) return html`<code><bdi>${piece.code}</bdi></code>`;
    return outward(piece.link, piece.text);
  })}`;
}

/** A link to somebody else's page; its text alone where the address is none that may be shown. */
export function outward(link: string | null, text: string): Html {
  const safe = safeLink(link);
  if (safe === null) return html`<bdi>${text}</bdi>`;
  return html`<a class="out" href="${safe}" rel="noopener noreferrer nofollow external"><bdi>${text}</bdi></a>`;
}

export const countryPath = (country: string): string => `/country/${country.toLowerCase()}`;
export const servicePath = (service: string): string => `/service/${service}`;
export const incidentPath = (id: string): string => `/incident/${id}`;
