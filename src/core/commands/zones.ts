import { cyrillicForms, headsOf } from './ask/endings.ts';
import { nearest } from './nearest.ts';
import { keyOf } from './target-names.ts';
import { ZONE_NAMES } from './zone-names.ts';

let index: Map<string, string> | null = null;

function zones(): Map<string, string> {
  if (index) return index;
  index = new Map();
  for (const zone of Intl.supportedValuesOf('timeZone')) {
    index.set(keyOf(zone), zone);
    const city = keyOf(zone.split('/').at(-1)!.replaceAll('_', ' '));
    if (!index.has(city)) index.set(city, zone);
  }
  for (const [zone, names] of Object.entries(ZONE_NAMES))
    for (const name of names.split('|'))
      for (const form of [keyOf(name), ...cyrillicForms(keyOf(name))])
        if (!index.has(form) || form === keyOf(name)) index.set(form, zone);
  return index;
}

/** "Europe/Moscow", "moscow", "Москва", "UTC+3", "+03:00" → a zone that Intl knows; else the nearest names. */
export function findZone(text: string): { zone: string } | { nearest: string[] } {
  const offset = /^(?:utc|gmt)?\s*([+\-−])(\d{1,2})(?::?(\d{2}))?$/iu.exec(text.trim());
  if (offset) {
    const [, sign, hours, minutes = '00'] = offset;
    if (Number(hours) > 14 || Number(minutes) > 59) return { nearest: [] };
    return usable(`${sign === '+' ? '+' : '-'}${hours!.padStart(2, '0')}:${minutes}`);
  }
  const key = keyOf(text);
  const known = zones().get(key);
  if (known) return usable(known);
  // Intl lists each zone under one name only, often an old one ("Asia/Calcutta"), and knows the others all the same.
  const written = /^[a-z]+(?:\/[a-z_]+){1,2}$/iu.test(text.trim()) ? usable(capitals(text.trim())) : null;
  if (written && 'zone' in written) return written;
  const near = nearest(key, zones().keys(), 6).map((one) => zones().get(one)!);
  return { nearest: [...new Set(near)].slice(0, 3) };
}

const capitals = (zone: string): string => zone.replace(/(?<=^|[/_])[a-z]/gu, (letter) => letter.toUpperCase());

function usable(zone: string): { zone: string } | { nearest: string[] } {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone }).format(0);
    return { zone };
  } catch {
    return { nearest: [] };
  }
}

/** The zone that a sentence names by its city or by how far it is from UTC ("UTC+3"); null = none. */
export function zoneAmong(text: string, words: readonly string[]): string | null {
  const offset = /(?:utc|gmt)\s*[+\-−]\s*\d{1,2}(?::?\d{2})?/iu.exec(text)?.[0].replace(/\s/gu, '');
  const found = offset ? findZone(offset) : null;
  if (found && 'zone' in found) return found.zone;
  for (let length = Math.min(3, words.length); length > 0; length--)
    for (let at = 0; at + length <= words.length; at++) {
      const key = words.slice(at, at + length).join(' ');
      const zone = [key, ...(length === 1 ? headsOf(key) : [])].map((one) => zones().get(one)).find(Boolean);
      if (zone) return zone;
    }
  return null;
}
