import CITIES from '../../../../config/cities.json' with { type: 'json' };
import { orNull } from '../../errors.ts';
import { ANY } from '../../model/chat.ts';
import type { Words } from '../../ports/translate.ts';
import { onceForEach } from '../../recent.ts';
import { type ZonePlaces, zonesAt } from '../../wall-clock.ts';
import type { Matcher } from '../answer.ts';
import { COUNTRIES } from './country-names.ts';
import { nearest } from './targets.ts';
import { keyOf, type Vocabulary } from './vocabulary.ts';

const zonesBy = onceForEach((known: Vocabulary): ReadonlyMap<string, string> => {
  const index = new Map<string, string>();
  for (const zone of Intl.supportedValuesOf('timeZone')) {
    index.set(keyOf(zone), zone);
    const city = keyOf(zone.split('/').at(-1)!.replaceAll('_', ' '));
    if (!index.has(city)) index.set(city, zone);
  }
  for (const [zone, names] of known.words.under('zone.'))
    for (const key of names.map(keyOf))
      for (const form of [key, ...known.casesOf(key)]) if (!index.has(form) || form === key) index.set(form, zone);
  for (const [city, country] of citiesIn(known)) {
    const [zone] = zonesIn(country, known.words);
    if (zone !== undefined && !index.has(city)) index.set(city, zone);
  }
  return index;
});

/** Countries by their capitals and great cities, in all cases. */
export const citiesIn = onceForEach((known: Vocabulary): ReadonlyMap<string, string> => {
  const countries = new Map<string, string>();
  for (const [country, names] of Object.entries(CITIES))
    if (COUNTRIES.includes(country))
      for (const name of names.split('|'))
        // "N'Djamena", "Nuku'alofa": typed in two words, too.
        for (const key of new Set([
          keyOf(name),
          keyOf(name.replace(/['’ʼʽ-]/gu, ' ')),
          keyOf(name.replace(/\u200c/gu, '')),
        ]))
          for (const form of [key, ...known.casesOf(key)])
            if (form === key || !countries.has(form)) countries.set(form, country);
  return countries;
});

/** "Europe/Moscow", "moscow", "Москва", "UTC+3", "+03:00" → a zone that Intl knows; else the nearest names. */
export function findZone(text: string, vocabulary: Vocabulary): { zone: string } | { nearest: string[] } {
  const offset = /^(?:utc|gmt)?\s*([+\-−])(\d{1,2})(?::?(\d{2}))?$/iu.exec(text.trim());
  if (offset) {
    const [, sign, hours, minutes = '00'] = offset;
    if (Number(hours) > 14 || Number(minutes) > 59) return { nearest: [] };
    return usable(`${sign === '+' ? '+' : '-'}${hours!.padStart(2, '0')}:${minutes}`);
  }
  const zones = zonesBy(vocabulary);
  const key = keyOf(text);
  const known = zones.get(key);
  if (known) return usable(known);
  // Intl lists each zone under one name only, often an old one ("Asia/Calcutta"), and knows the others all the same.
  const written = /^[a-z]+(?:\/[a-z_]+){1,2}$/iu.test(text.trim()) ? usable(capitals(text.trim())) : null;
  if (written && 'zone' in written) return written;
  const near = nearest(key, zones.keys(), 6).map((one) => zones.get(one)!);
  return { nearest: [...new Set(near)].slice(0, 3) };
}

const capitals = (zone: string): string => zone.replace(/(?<=^|[/_])[a-z]/gu, (letter) => letter.toUpperCase());

function usable(zone: string): { zone: string } | { nearest: string[] } {
  const known = orNull(() => new Intl.DateTimeFormat('en', { timeZone: zone }));
  return known ? { zone } : { nearest: [] };
}

/** The zone that a sentence names by its city or by how far it is from UTC ("UTC+3"); null = none. */
export function zoneAmong(text: string, words: readonly string[], known: Vocabulary): string | null {
  const zones = zonesBy(known);
  const offset = /(?:utc|gmt)\s*[+\-−]\s*\d{1,2}(?::?\d{2})?/iu.exec(text)?.[0].replace(/\s/gu, '');
  const found = offset ? findZone(offset, known) : null;
  if (found && 'zone' in found) return found.zone;
  for (let length = Math.min(3, words.length); length > 0; length--)
    for (let at = 0; at + length <= words.length; at++) {
      const key = words.slice(at, at + length).join(' ');
      const zone = [key, ...(length === 1 ? known.headsOf(key) : [])].map((one) => zones.get(one)).find(Boolean);
      if (zone) return zone;
    }
  return null;
}

const countriesOfZones = onceForEach(
  ({ words }: Vocabulary): ReadonlyMap<string, string> =>
    new Map(COUNTRIES.flatMap((country) => zonesIn(country, words).map((zone) => [zone, country] as const))),
);

/** The country of a city that people set their clocks by ("Warsaw"); null = none is called so. */
export function countryOfCity(key: string, known: Vocabulary): string | null {
  const country = citiesIn(known).get(key);
  if (country !== undefined) return country;
  const zone = zonesBy(known).get(key);
  return (zone && countriesOfZones(known).get(zone)) ?? null;
}

/** Where a chat may be at home, as far as its language and what it follows tell. A guess, to be offered and never taken. Pure. */

const PER_COUNTRY = 4;
const MAX_ZONES = 6;

/** Zones of a country, those of most people first: of countries with many by a list, of others as the runtime knows them. */
export function zonesIn(country: string, words: Words): readonly string[] {
  const listed = words.all(`zones.${country}`);
  if (listed.length > 0) return listed;
  // Newer than the compiler's own types.
  type Region = Intl.Locale & { getTimeZones?(): string[] | undefined };
  return orNull(() => (new Intl.Locale(`und-${country}`) as Region).getTimeZones?.()) ?? [];
}

/** At most six: of the countries that are followed, then of the language's. */
export function likelyZones(matchers: readonly Matcher[], lang: string, { words }: Vocabulary): string[] {
  const followed = matchers.map(({ country }) => country).filter((country) => country !== ANY);
  const countries = [...new Set([...followed.slice(0, 2), ...words.homes(lang)])];
  const zones = countries.flatMap((country) => zonesIn(country, words).slice(0, PER_COUNTRY));
  return [...new Set(zones)].slice(0, MAX_ZONES);
}

/** "11:15 · Moscow Time": what the clock shows there, and what people call it. */
export function zoneLabel(zone: string, lang: string, now: number): string {
  const parts = new Intl.DateTimeFormat(lang, {
    timeZone: zone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'shortGeneric',
  }).formatToParts(now);
  const part = (type: string): string => parts.find((one) => one.type === type)?.value ?? '';
  return `${part('hour')}:${part('minute')} · ${part('timeZoneName')}`;
}

/** "🇷🇺": of two letters; empty for anything else. */
export const flagOf = (country: string): string =>
  /^[A-Z]{2}$/u.test(country)
    ? String.fromCodePoint(...[...country].map((letter) => 0x1f1e6 + letter.charCodeAt(0) - 65))
    : '';

/** What stands for a place that was shared with us: the command that an adapter makes of it at once. The place itself goes no further. */

/** Before the zones of the nearest towns; none = a place at sea. */
export const LOCATED = 'located';

export const commandAt = (latitude: number, longitude: number, places: ZonePlaces): string =>
  ['timezone', LOCATED, ...zonesAt(latitude, longitude, places)].join(' ');

/** Zones in which the clock shows this now, give or take: likely ones, else by how far it is from UTC. */
export function clocksNow(
  time: string,
  now: number,
  matchers: readonly Matcher[],
  lang: string,
  known: Vocabulary,
): string[] {
  const minutesOf = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5));
  const isNear = (zone: string): boolean =>
    Math.abs(minutesOf(zoneLabel(zone, 'en', now)) - minutesOf(time)) <= MAX_SLOW;
  const near = likelyZones(matchers, lang, known).filter(isNear);
  if (near.length > 0) return near;
  const utc = Math.round(now / 60_000) % 1_440;
  const hours = Math.round(((minutesOf(time) - utc + 1_440 + 660) % 1_440) / 60) - 11;
  const offset = `UTC${hours < 0 ? '-' : '+'}${Math.abs(hours)}`;
  const shown = (utc + hours * 60 + 1_440) % 1_440;
  return Math.abs(shown - minutesOf(time)) <= MAX_SLOW ? [offset] : [];
}

/** People's clocks, and how long they type, in minutes. */
const MAX_SLOW = 10;
