/** Where a chat may be at home, as far as its language and what it follows tell. A guess, to be offered and never taken. Pure. */
import { ANY } from '../model/chat.ts';
import type { Matcher } from './describe.ts';

/** Countries in which most who speak it live; of languages that are spoken everywhere none. */
const HOMES: Record<string, readonly string[]> = {
  ru: ['RU', 'BY', 'KZ'],
  fa: ['IR', 'AF'],
  tr: ['TR'],
  uk: ['UA'],
  de: ['DE', 'AT'],
  es: ['ES', 'VE', 'MX'],
  fr: ['FR', 'CM'],
  ar: ['EG', 'IQ', 'SA'],
  zh: ['CN', 'TW'],
};

/** Of countries with many zones, those of most people; of others the runtime knows. */
const ZONES: Record<string, readonly string[]> = {
  RU: ['Europe/Moscow', 'Asia/Yekaterinburg', 'Asia/Novosibirsk', 'Asia/Vladivostok'],
  US: ['America/New_York', 'America/Chicago', 'America/Denver', 'America/Los_Angeles'],
  KZ: ['Asia/Almaty'],
  UA: ['Europe/Kyiv'],
  CN: ['Asia/Shanghai'],
  DE: ['Europe/Berlin'],
  ES: ['Europe/Madrid'],
  MX: ['America/Mexico_City'],
  BR: ['America/Sao_Paulo', 'America/Manaus'],
  CA: ['America/Toronto', 'America/Vancouver'],
  AU: ['Australia/Sydney', 'Australia/Perth'],
  ID: ['Asia/Jakarta', 'Asia/Makassar'],
  CD: ['Africa/Kinshasa', 'Africa/Lubumbashi'],
};
const PER_COUNTRY = 4;
const MAX_ZONES = 6;

export const homesOf = (lang: string): readonly string[] => HOMES[lang] ?? [];

/** Zones of a country, those of most people first. */
function zonesIn(country: string): readonly string[] {
  const known = ZONES[country];
  if (known) return known;
  try {
    // Newer than the compiler's own types.
    const region = new Intl.Locale(`und-${country}`) as Intl.Locale & { getTimeZones?(): string[] | undefined };
    return region.getTimeZones?.() ?? [];
  } catch {
    return [];
  }
}

/** At most six: of the countries that are followed, then of the language's. */
export function likelyZones(matchers: readonly Matcher[], lang: string): string[] {
  const followed = matchers.map(({ country }) => country).filter((country) => country !== ANY);
  const countries = [...new Set([...followed.slice(0, 2), ...homesOf(lang)])];
  const zones = countries.flatMap((country) => zonesIn(country).slice(0, PER_COUNTRY));
  return [...new Set(zones)].slice(0, MAX_ZONES);
}

/** "11:15 · Moscow Time": what the clock shows there, and what people call it. */
export function zoneLabel(zone: string, lang: string, now: number): string {
  const format = (locale: string): string => {
    const parts = new Intl.DateTimeFormat(locale, {
      timeZone: zone,
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
      timeZoneName: 'shortGeneric',
    }).formatToParts(now);
    const part = (type: string): string => parts.find((one) => one.type === type)?.value ?? '';
    return `${part('hour')}:${part('minute')} · ${part('timeZoneName')}`;
  };
  return format(lang);
}

/** "🇷🇺": of two letters; empty for anything else. */
export const flagOf = (country: string): string =>
  /^[A-Z]{2}$/u.test(country)
    ? String.fromCodePoint(...[...country].map((letter) => 0x1f1e6 + letter.charCodeAt(0) - 65))
    : '';
