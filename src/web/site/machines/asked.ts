import { COUNTRIES } from '../../../core/commands/asking/country-names.ts';
import { NETWORK } from '../../../core/model/incident.ts';
import { oneLine } from '../../../core/render/plain.ts';
import type { SiteDeps } from '../deps.ts';
import { Problem } from '../respond.ts';

/** Reads what a request asks for; throws `Problem` that names the parameter and the remedy. An empty value is none. */

type Known = Pick<SiteDeps, 'catalogue' | 'translators'>;

const countries = new Set(COUNTRIES);

/** The value of a parameter; null where it is absent or empty. */
export function givenOf(query: URLSearchParams, name: string): string | null {
  const all = query.getAll(name);
  if (all.length > 1) throw wrong(name, `"${name}" stands there ${all.length} times; give it once.`);
  return all[0]?.trim() || null;
}

const wrong = (name: string, detail: string): Problem => new Problem(400, name, detail);
const shown = (text: string): string => `"${oneLine(text, 40)}"`;

/** What mail, social networks and advertising append to any link that is passed on. */
const APPENDED = /^(?:utm_[a-z]{1,20}|fbclid|gclid|yclid|igshid|mc_[ce]id)$/;

/** Refuses what is no parameter here: a slip of the pen would else be answered with everything. What others append to links is nobody's wish. */
export function only(query: URLSearchParams, names: readonly string[]): URLSearchParams {
  const strange = query.keys().find((name) => !names.includes(name) && !APPENDED.test(name));
  if (strange === undefined) return query;
  throw wrong(oneLine(strange, 40), `${shown(strange)} is no parameter here; there are ${names.join(', ')}.`);
}

export function countryOf(query: URLSearchParams): string | null {
  const given = givenOf(query, 'country');
  const value = given?.toUpperCase() ?? null;
  if (value !== null && !countries.has(value))
    throw wrong('country', `${shown(given!)} is no country; write two letters of ISO 3166-1, such as RU.`);
  return value;
}

export function serviceOf(query: URLSearchParams, { catalogue }: Known): string | null {
  const given = givenOf(query, 'service');
  const value = given?.toLowerCase() ?? null;
  if (value !== null && value !== NETWORK && !catalogue.services.some(({ id }) => id === value))
    throw wrong('service', `${shown(given!)} is no service here; write an id of the catalogue, such as whatsapp.`);
  return value;
}

export const scopeOf = (query: URLSearchParams, known: Known): Scope => ({
  country: countryOf(query),
  service: serviceOf(query, known),
});

/** A language that the bot speaks; English where none is asked for. */
export function langOf(query: URLSearchParams, { translators }: Known): string {
  const asked = givenOf(query, 'lang');
  const value = asked?.toLowerCase().split(/[-_]/u)[0] ?? 'en';
  const known = translators.languages.map(({ code }) => code).join(', ');
  if (!translators.has(value)) throw wrong('lang', `${shown(asked ?? '')} is no language here; there are ${known}.`);
  return value;
}

export function flagOf(query: URLSearchParams, name: string): boolean | null {
  const value = givenOf(query, name)?.toLowerCase() ?? null;
  if (value === null) return null;
  if (value !== 'true' && value !== 'false') throw wrong(name, `"${name}" must be true or false.`);
  return value === 'true';
}

export function countOf(query: URLSearchParams, name: string, most: number, otherwise: number): number {
  const value = givenOf(query, name);
  if (value === null) return otherwise;
  const count = /^\d{1,6}$/.test(value) ? Number(value) : 0;
  if (count < 1 || count > most) throw wrong(name, `"${name}" must be a number from 1 to ${most}.`);
  return count;
}

const DAY_OR_TIME = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2}))?$/i;

/** ms since the epoch. A plus sign that was not escaped came as a blank. */
export function timeOf(query: URLSearchParams, name: string): number | null {
  const value = givenOf(query, name)?.replace(/ (?=\d{2}:\d{2}$)/, '+') ?? null;
  if (value === null) return null;
  const at = DAY_OR_TIME.test(value) ? Date.parse(value) : Number.NaN;
  if (!Number.isFinite(at))
    throw wrong(name, `"${name}" must be a time with its zone, such as 2026-02-11T09:00:00Z, or a day.`);
  return at;
}

/** Where things are, for whoever reads feeds and answers elsewhere. */
export interface Scope {
  country: string | null;
  service: string | null;
}

/** Query of what is asked for, with the language where it is not the usual one; empty or beginning with "?". */
export function queryOf({ country, service }: Scope, lang: string | null): string {
  const asked = new URLSearchParams();
  if (country !== null) asked.set('country', country);
  if (service !== null) asked.set('service', service);
  if (lang !== null) asked.set('lang', lang);
  return asked.size > 0 ? `?${asked}` : '';
}

/** What a page is about, by its path: `/country/ru`, `/service/whatsapp`; any other is about everything. */
export function scopeOfPage(path: string): Scope {
  const [, kind, name = ''] = /^\/(country|service)\/([A-Za-z0-9-]{1,64})$/.exec(path) ?? [];
  return { country: kind === 'country' ? name.toUpperCase() : null, service: kind === 'service' ? name : null };
}

/** What stands in the head of a page, so that programs find its feeds. `base`: before each path (`SiteDeps.base`). */
export function feedLinks(base: string, scope: Scope, lang: string) {
  const query = queryOf(scope, lang);
  return [
    { type: 'application/atom+xml', title: 'Atom', href: `${base}/feed.atom${query}` },
    { type: 'application/feed+json', title: 'JSON Feed', href: `${base}/feed.json${query}` },
  ];
}
