import { nearest } from './nearest.ts';
import { keyOf } from './target-names.ts';

/** What people call a zone and Intl does not. */
const ALIASES: Record<string, string> = {
  utc: 'UTC',
  gmt: 'UTC',
  москва: 'Europe/Moscow',
  msk: 'Europe/Moscow',
  мск: 'Europe/Moscow',
  киев: 'Europe/Kyiv',
  київ: 'Europe/Kyiv',
  kyiv: 'Europe/Kyiv',
  kiev: 'Europe/Kyiv',
  минск: 'Europe/Minsk',
  берлин: 'Europe/Berlin',
  лондон: 'Europe/London',
  тбилиси: 'Asia/Tbilisi',
  ереван: 'Asia/Yerevan',
  алматы: 'Asia/Almaty',
  ташкент: 'Asia/Tashkent',
  екатеринбург: 'Asia/Yekaterinburg',
  новосибирск: 'Asia/Novosibirsk',
  владивосток: 'Asia/Vladivostok',
  стамбул: 'Europe/Istanbul',
  тегеран: 'Asia/Tehran',
  'new york': 'America/New_York',
  'нью йорк': 'America/New_York',
};

let index: Map<string, string> | null = null;

function zones(): Map<string, string> {
  if (index) return index;
  index = new Map();
  for (const zone of Intl.supportedValuesOf('timeZone')) {
    index.set(keyOf(zone), zone);
    const city = keyOf(zone.split('/').at(-1)!.replaceAll('_', ' '));
    if (!index.has(city)) index.set(city, zone);
  }
  for (const [name, zone] of Object.entries(ALIASES)) index.set(name, zone);
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
