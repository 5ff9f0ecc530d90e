import WORDS from '../../../config/region-words.json' with { type: 'json' };
import type { Incident } from '../model/incident.ts';
import type { Report } from '../model/report.ts';
import type { DisputedPlace, Gazetteer, NamesInLanguage, RegionNames } from '../ports/reading.ts';
import { onceFor } from '../recent.ts';

/** Names of regions in the form in which they are compared: folded, without the words that only say what kind of region it is. */

/** What a qualifying word says. `area`: a region of whichever kind its country has. */
type RegionKind = 'city' | 'oblast' | 'krai' | 'republic' | 'okrug' | 'area';

const KINDS = WORDS.kinds.map(([kind, form]) => [kind as RegionKind, new RegExp(form!, 'u')] as const);

/** Words that tell nothing: where the text comes from a sentence, or how names are put together. */
const EMPTY = new RegExp(WORDS.empty, 'u');

const SPECIAL: Readonly<Record<string, string>> = WORDS.letters;

/** Lower case, without diacritics, apostrophes and punctuation. Meant for short texts: the caller bounds them. */
export const foldedName = (name: string): string =>
  name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[\p{Cf}\u02b0-\u02ff'’‘`´]|[\u0300-\u036f\u064b-\u065f\u0670]/gu, '')
    .replace(/[ßæøœđłıيىكة]/gu, (letter) => SPECIAL[letter]!)
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim();

const cut = (word: string, ending: RegExp): string => {
  const rest = word.replace(ending, '');
  return rest.length >= 3 ? rest : word;
};

/** Behind the stem of an adjective: what is called after Amur is not what is called Amursk. */
const ADJECTIVE = '|';
const VOWELS = /[аеиоуыэюяьі]+$/u;

/** "Дагестане" → "дагестан": without its Russian ending. `withKind`: a word says what kind of region it is, so what ends like one is an adjective. */
function stem(word: string, withKind: boolean): string {
  if (!/^\p{Script=Cyrillic}{4,}$/u.test(word)) return word === 'st' ? 'saint' : word;
  const bare = cut(word, /(?:(?<=[нкв])(?:ыми|ими|ым|им|ых|их)|ого|его|ому|ему|ами|ями|ом|ем|ам|ям|ах|ях)$/u);
  const base = cut(bare, VOWELS);
  return withKind && /[сц]к$/u.test(base) ? base + ADJECTIVE : base;
}

interface RegionKey {
  /** Stems of the words that name it. */
  key: string;
  /** What its qualifying word says; null = it has none. */
  kind: RegionKind | null;
}

/** Of a folded name. */
function regionKey(folded: string): RegionKey {
  const words = folded.split(' ').filter((word) => !EMPTY.test(word));
  const kindOf = (word: string): RegionKind | null => KINDS.find(([, form]) => form.test(word))?.[0] ?? null;
  const named = words.filter((word) => kindOf(word) === null);
  if (named.length === 0) return { key: folded, kind: null };
  const kind = words.flatMap((word) => kindOf(word) ?? [])[0] ?? null;
  const withKind = kind !== null && kind !== 'city';
  return { key: named.map((word) => stem(word, withKind)).join(' '), kind };
}

/**
 * The key of the city after which a region is called: of "Тверская область" that of "Тверь", of "Курская область" that of "Курск", which
 * its English name (folded) tells; null = its name is no adjective.
 */
function cityKey({ key }: RegionKey, english: string): string | null {
  if (!key.includes(ADJECTIVE)) return null;
  const isSk = regionKey(english).key.endsWith('sk');
  const nouns = key.split(' ').map((word) => {
    if (!word.endsWith(ADJECTIVE)) return word;
    const base = word.slice(0, -ADJECTIVE.length);
    return isSk ? base : cut(cut(base, /[сц]к$/u), VOWELS);
  });
  return nouns.join(' ');
}

const ID = /^[A-Z]{2}-[A-Z0-9]{1,4}$/;
const COUNTRY = /^[A-Z]{2}$/;
/** Longer than any name of a region. */
const MAX_TEXT = 100;
/** Countries in which one name is looked up. */
const MAX_COUNTRIES = 8;
/** Places of a region's names: English, Russian. */
const LANGUAGES = ['en', 'ru'];

/** A region by one of its names. */
interface Named extends RegionKey {
  id: string;
}

interface Country {
  names: RegionNames;
  /** Folded name → id; null = of several. */
  byName: Map<string, string | null>;
  byKey: Map<string, Named[]>;
}

function indexOf(country: string, names: RegionNames): Country {
  const all = Object.entries(names).map(([code, list]) => ({ id: `${country}-${code}`, list: list.map(foldedName) }));
  const byName: Country['byName'] = new Map();
  const note = (id: string, list: readonly string[], taken: ReadonlySet<string>): void => {
    for (const name of new Set(list)) if (!taken.has(name)) byName.set(name, byName.has(name) ? null : id);
  };
  for (const { id, list } of all) note(id, list.slice(0, LANGUAGES.length), new Set(['']));
  // What one is called goes before what another is called, too: Maputo and its province.
  const taken = new Set(['', ...byName.keys()]);
  for (const { id, list } of all) note(id, list.slice(LANGUAGES.length), taken);
  const own: Named[] = all.flatMap(({ id, list }) =>
    [...new Set(list)].filter(Boolean).map((folded) => ({ ...regionKey(folded), id })),
  );
  const keys = new Set(own.map(({ key }) => key));
  const cities: Named[] = all.flatMap(({ id, list }) => {
    const called = new Set(list.map((folded) => cityKey(regionKey(folded), list[0]!)));
    return [...called].flatMap((key) => (key === null || keys.has(key) ? [] : { key, kind: null, id }));
  });
  return { names, byName, byKey: Map.groupBy([...own, ...cities], ({ key }) => key) };
}

/** Names without what a sentence adds to them: "İstanbul'da", "Пензенской" (области). */
const bareOf = (text: string): string =>
  text.replace(/(?<=\p{L}{3})['’]\p{L}{1,5}$/u, '').replace(/[сц]к(?:ая|ой|ую)$/u, '$& область');

/** By this name; null = of several; undefined = none has it. */
function named({ byName, byKey }: Country, text: string): string | null | undefined {
  const folded = foldedName(text);
  const whole = byName.get(folded);
  if (whole !== undefined) return whole;
  const { key, kind } = regionKey(folded);
  const found = byKey.get(key);
  return found && meant(found, kind);
}

/**
 * The gazetteer over what is bundled. `read` brings one country's regions, null where it has none; it is asked once a country, when one of
 * its regions is first spoken of. `readIn` brings their names in a language that is not among these (two-letter code), and `further` whatever else
 * they are called, with the cities in them, in the same way. `disputed`: places that lie in one state and in whose networks another's blocks hold.
 */
export function createGazetteer(
  read: (country: string) => RegionNames | null,
  all: () => Record<string, RegionNames> = () => ({}),
  readIn: (country: string, lang: string) => NamesInLanguage | null = () => null,
  further: (country: string) => RegionNames = () => ({}),
  disputed: readonly DisputedPlace[] = [],
): Gazetteer {
  let world: WeakRef<Map<string, string>> | null = null;
  const byRegion = new Map(disputed.flatMap((one) => one.regions.map((region) => [region, one] as const)));
  const namesIn = onceFor((lang: string) => onceFor((country: string) => readIn(country, lang) ?? {}));
  /** Asked only for what no list of regions has. */
  const furtherOf = onceFor((country: string): Country => {
    const lists = Object.entries(further(country)).map(([code, list]) => [code, ['', '', ...list]] as const);
    return indexOf(country, Object.fromEntries(lists));
  });
  const indexFor = onceFor((code: string): Country | null => {
    const names = read(code);
    return names === null ? null : indexOf(code, names);
  });
  const countryOf = (code: string): Country | null => (COUNTRY.test(code) ? indexFor(code) : null);
  /** Key of a name → the countries that have it. Dear to make; kept as long as memory is not wanted for something else. */
  function countriesByKey(): Map<string, string> {
    const kept = world?.deref();
    if (kept) return kept;
    const made = new Map<string, string>();
    for (const [country, names] of Object.entries(all())) {
      if (!COUNTRY.test(country)) continue;
      for (const key of keysIn(names)) {
        const known = made.get(key);
        if (!known?.endsWith(country)) made.set(key, known === undefined ? country : `${known} ${country}`);
      }
    }
    world = new WeakRef(made);
    return made;
  }
  const find: Gazetteer['find'] = (country, text) => {
    if (text.length > MAX_TEXT) return null;
    const index = countryOf(country);
    if (index === null) return null;
    if (ID.test(text)) return text.startsWith(`${country}-`) && Object.hasOwn(index.names, text.slice(3)) ? text : null;
    const tries = [...new Set([text, bareOf(text)])];
    for (const one of [index, furtherOf(country)])
      for (const name of tries) {
        const found = named(one, name);
        if (found !== undefined) return found;
      }
    return null;
  };
  return {
    find,
    regionsOf: (country) => Object.keys(countryOf(country)?.names ?? {}).map((code) => `${country}-${code}`),
    everywhere(text) {
      if (text.length > MAX_TEXT) return [];
      const named = countriesByKey().get(regionKey(foldedName(text)).key);
      return (named?.split(' ') ?? []).slice(0, MAX_COUNTRIES).flatMap((country) => find(country, text) ?? []);
    },
    nameOf(id, lang) {
      if (!ID.test(id)) return null;
      const names = countryOf(id.slice(0, 2))?.names;
      const code = id.slice(3);
      if (!names || !Object.hasOwn(names, code)) return null;
      const list = names[code]!;
      const place = LANGUAGES.indexOf(lang);
      if (place >= 0) return list[place] || list[0]!;
      const others = namesIn(lang)(id.slice(0, 2));
      return (Object.hasOwn(others, code) ? others[code] : undefined) ?? list[0]!;
    },
    disputed: (region) => byRegion.get(region) ?? null,
    place(country, text) {
      const region = find(country, text);
      if (region !== null) return { country, region };
      // "Russia: internet off in Crimea": it is where it is, whosever networks these are.
      for (const [id, { applies, law }] of byRegion) {
        const home = id.slice(0, 2);
        const isMeant = home !== country && (applies === country || law === country);
        if (isMeant && find(home, text) === id) return { country: home, region: id };
      }
      return null;
    },
  };
}

/** Every key by which one of these regions may be meant. */
function* keysIn(names: RegionNames): Generator<string> {
  for (const list of Object.values(names)) {
    const english = foldedName(list[0] ?? '');
    for (const name of list) {
      const key = regionKey(foldedName(name));
      if (key.key === '') continue;
      yield key.key;
      const city = cityKey(key, english);
      if (city !== null) yield city;
    }
  }
}

/** Moscow and Moscow Oblast, Altai Krai and the Altai Republic: the qualifying word tells which. One alone needs none. */
function meant(found: readonly Named[], kind: RegionKind | null): string | null {
  const only = (list: readonly Named[]): string | null => {
    const ids = new Set(list.map(({ id }) => id));
    return ids.size === 1 ? list[0]!.id : null;
  };
  const isCity = kind === null || kind === 'city';
  const alike = found.filter((one) => one.kind === kind || (kind === 'city' && one.kind === null));
  const areas = kind === 'area' ? found.filter((one) => one.kind !== null && one.kind !== 'city') : [];
  return (
    only(found) ?? only(alike) ?? only(areas) ?? (isCity ? only(found.filter((one) => one.kind === 'city')) : null)
  );
}

type Finder = Pick<Gazetteer, 'find'>;

/** The region by its id, where the gazetteer of the report's country has it; else in the text's own words. */
export const placed = <R extends Report>(report: R, gazetteer: Finder | undefined): R =>
  report.region === null ? report : { ...report, region: placeOf(report.country, report.region, gazetteer) };

/** The same for an incident; what an older version wrote has the words of the texts. */
export const placedIncident = (incident: Incident, gazetteer: Finder | undefined): Incident =>
  incident.regions.length === 0
    ? incident
    : { ...incident, regions: [...new Set(incident.regions.map((one) => placeOf(incident.country, one, gazetteer)))] };

const placeOf = (country: string | null, region: string, gazetteer: Finder | undefined): string =>
  (country === null ? null : gazetteer?.find(country, region)) ?? region;

/** Ids are compared as they are. Where there is none, the text's words: texts inflect names, "Белгороде" and "Белгород" are one. */
export function isSameRegion(a: string, b: string): boolean {
  if (a === b || ID.test(a) || ID.test(b)) return a === b;
  const length = Math.max(4, Math.min(a.length, b.length) - 2);
  return a.slice(0, length).toLowerCase() === b.slice(0, length).toLowerCase();
}
