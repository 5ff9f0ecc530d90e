import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as YAML from 'yaml';
import { TocsinError } from '../core/errors.ts';
import { isCueClass } from '../core/extract/rules/classes.ts';
import { decodeWeights, type StoredWeights } from '../core/extract/score/weights.ts';
import { type Agency, type LanguageData, type Lexicon, phrasesOf } from '../core/extract/text/lexicon.ts';
import type { Catalogue, Service } from '../core/model/catalogue.ts';
import { onceFor } from '../core/recent.ts';

/**
 * The flat part of YAML that the lexicon files keep to: `key: text`, `section:` with `  key: text` below it, `>-` with deeper lines that go
 * on with the text, `#` comments on lines of their own, a text in double quotes. A lexicon is some hundred kilobytes of phrases; reading
 * them with a full YAML parser would cost every start more than all the rest together. A test holds both readings equal.
 */
type Flat = Record<string, string | Record<string, string>>;

const LINE = /^( {0,2})((?:"[^"]*"|[^\s:#"][^:]*)):(?: +(.*))?$/u;

export function parseFlat(text: string): Flat {
  const out: Flat = {};
  let section: Record<string, string> | null = null;
  /** The folded text that deeper lines go on with. */
  let open: { into: Flat | Record<string, string>; key: string; indent: number } | null = null;
  let number = 0;
  for (const raw of text.split('\n')) {
    number++;
    const line = raw.trimEnd();
    const indent = line.length - line.trimStart().length;
    if (open !== null && line !== '' && indent > open.indent) {
      const known = open.into[open.key] as string;
      open.into[open.key] = known === '' ? line.trim() : `${known} ${line.trim()}`;
      continue;
    }
    open = null;
    if (line === '' || line.trimStart().startsWith('#')) continue;
    const match = LINE.exec(line);
    if (match === null) throw new Error(`line ${number} is neither "key: text" nor a section`);
    const depth = match[1]!.length;
    const key = unquote(match[2]!.trim());
    const value = match[3] ?? '';
    const into: Flat | Record<string, string> = depth === 0 ? out : (section ?? fail(number));
    if (value === '>-') {
      into[key] = '';
      open = { into, key, indent: depth };
    } else if (value === '' && depth === 0) {
      section = {};
      out[key] = section;
    } else if (value === '{}' && depth === 0) out[key] = {};
    else into[key] = unquote(value);
  }
  return out;
}

const unquote = (text: string): string =>
  text.length >= 2 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1) : text;

function fail(number: number): never {
  throw new Error(`line ${number} belongs to no section`);
}

/** The bundled `config/` folder. */
export const bundled = join(import.meta.dirname, '..', '..', 'config');

function read<T>(file: string, parse: (text: string) => unknown): T {
  try {
    return parse(readFileSync(file, 'utf8')) as T;
  } catch (cause) {
    throw new TocsinError('config_invalid', `Unable to read ${file}: ${(cause as Error).message}`, { file }, cause);
  }
}

const folder = join(bundled, 'lexicon');

/**
 * Reads every language file of the folder (`xx.yaml`, continued in `xx-part.yaml`), the names that all languages share (`shared.yaml`)
 * and the agencies. A new file is a new language: nothing else names them. `added`: an operator's phrases, by language and cue class.
 */
export function loadLexicon(added: Record<string, Record<string, string[]>> = {}): Lexicon {
  const languages: LanguageData[] = [];
  const names = readdirSync(folder)
    .filter((n) => n.endsWith('.yaml'))
    .sort();
  for (const name of names) {
    if (!/^[a-z]{2,3}\.yaml$/u.test(name)) continue;
    const { inflects, ...rest } = read<LanguageData>(join(folder, name), parseFlat);
    const lang = name.slice(0, -'.yaml'.length);
    for (const part of names.filter((n) => n.startsWith(`${lang}-`))) goOn(rest, read(join(folder, part), parseFlat));
    checkClasses(rest.cues, name);
    languages.push(withNames({ ...rest, inflects: String(inflects) === 'true' }));
  }
  const shared = read<Lexicon['shared']>(join(folder, 'shared.yaml'), parseFlat);
  shared.cues ??= {};
  checkClasses(shared.cues, 'shared.yaml');
  const listed = read<Record<string, string>>(join(folder, 'agencies.yaml'), parseFlat);
  const agencies = Object.entries(listed).map(([id, names]): Agency => ({ id, names }));
  for (const [lang, classes] of Object.entries(added)) {
    const target = lang === 'any' ? shared.cues : languages.find((l) => l.lang === lang)?.cues;
    if (target === undefined)
      throw new TocsinError('config_invalid', `No language "${lang}" to add phrases to`, { lang });
    for (const [cls, phrases] of Object.entries(classes)) {
      if (!isCueClass(cls))
        throw new TocsinError('config_invalid', `No class "${cls}" to add phrases to`, { lang, class: cls });
      target[cls] = [target[cls] ?? '', ...phrases].filter((p) => p !== '').join(', ');
    }
  }
  return { languages, shared, agencies, ...weightsOf(join(folder, 'weights.json')) };
}

/** Which file of the lexicon holds a phrase, read when first asked; null = none does, so an operator added it. A language without a file is read as English. */
export function createPhraseFinder() {
  const cuesOf = onceFor(
    (file: string): Partial<Record<string, string>> =>
      read<Partial<LanguageData>>(join(folder, file), parseFlat).cues ?? {},
  );
  const filesOf = onceFor((lang: string) => {
    const files = readdirSync(folder).filter((n) => n.endsWith('.yaml'));
    const own = files.includes(`${lang}.yaml`) ? lang : 'en';
    return files.filter((n) => n === `${own}.yaml` || n.startsWith(`${own}-`) || n === 'shared.yaml');
  });
  // A text may repeat a phrase a thousand times.
  const setOf = onceFor((key: string) => {
    const [file = '', cls = ''] = key.split('\n');
    return new Set(phrasesOf(cuesOf(file)[cls] ?? ''));
  });
  return (lang: string, word: { class: string; phrase: string }): string | null =>
    filesOf(lang).find((file) => setOf(`${file}\n${word.class}`).has(word.phrase)) ?? null;
}

/** A class that no rule knows would never be read. */
function checkClasses(cues: object, file: string): void {
  const unknown = Object.keys(cues).find((name) => !isCueClass(name));
  const said = `${file}: no class "${unknown}"; src/core/extract/rules/classes.ts lists them`;
  if (unknown !== undefined) throw new TocsinError('config_invalid', said, { file, class: unknown });
}

/** Learned weights beside the phrases; a folder without them is read by the rules alone. */
function weightsOf(file: string): Pick<Lexicon, 'weights'> {
  return existsSync(file) ? { weights: decodeWeights(read<StoredWeights>(file, JSON.parse)) } : {};
}

/** `ru-noise.yaml` goes on with `ru.yaml`: its phrases join those of the same section and key. */
function goOn(data: Omit<LanguageData, 'inflects'>, part: Partial<LanguageData>): void {
  for (const section of ['cues', 'places', 'demonyms', 'cities', 'authorities', 'homes'] as const) {
    const into: Record<string, string> = data[section] ?? {};
    data[section] = into;
    for (const [key, phrases] of Object.entries(part[section] ?? {})) {
      const known = into[key];
      into[key] = known === undefined ? phrases : `${known}, ${phrases}`;
    }
  }
}

/** Reads a catalogue (`services.yaml`). */
export function loadCatalogue(file: string = join(bundled, 'services.yaml')): Catalogue {
  const { services } = read<{ services: Service[] }>(file, (text) => YAML.parse(text));
  return { services: services.map((one) => ({ ...one, aliases: one.aliases ?? [] })) };
}

/** ISO 3166-1 alpha-2 codes, as the runtime's CLDR knows names for them. */
const CODES =
  'AD AE AF AG AL AM AO AR AT AU AZ BA BB BD BE BF BG BH BI BJ BN BO BR BS BT BW BY BZ CA CD CF CG CH CI CL CM CN CO CR CU CV CY CZ DE DJ DK DM DO DZ EC EE EG ER ES ET FI FJ FM FR GA GB GD GE GH GM GN GQ GR GT GW GY HK HN HR HT HU ID IE IL IN IQ IR IS IT JM JO JP KE KG KH KI KM KN KP KR KW KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MG MH MK ML MM MN MO MR MT MU MV MW MX MY MZ NA NC NE NG NI NL NO NP NR NZ OM PA PE PG PH PK PL PR PS PT PW PY QA RO RS RU RW SA SB SC SD SE SG SI SK SL SM SN SO SR SS ST SV SY SZ TD TG TH TJ TL TM TN TO TR TT TV TW TZ UA UG US UY UZ VA VC VE VN VU WS XK YE ZA ZM ZW';

/** Names of countries are looked up when the language is first read: most installations read a few. */
function withNames(data: LanguageData): LanguageData {
  const { lang, names, also } = data;
  if (also !== undefined) Object.defineProperty(data, 'foreign', { enumerable: true, get: () => countryNames(also) });
  let made: Record<string, string> | undefined;
  Object.defineProperty(data, 'names', {
    enumerable: true,
    get: () => (made ??= { ...countryNames(lang), ...names }),
  });
  return data;
}

function countryNames(lang: string): Record<string, string> {
  if (Intl.DisplayNames.supportedLocalesOf([lang]).length === 0) return {};
  const [long, short] = (['long', 'short'] as const).map(
    (style) => new Intl.DisplayNames([lang], { type: 'region', style, fallback: 'none' }),
  ) as [Intl.DisplayNames, Intl.DisplayNames];
  const names: Record<string, string> = {};
  for (const code of CODES.split(' ')) {
    const name = long.of(code);
    if (name === undefined) continue;
    // "Congo - Kinshasa": the larger one is the one that a bare "Congo" means.
    const congo = code === 'CD' ? /^\S+(?= [-–] )/u.exec(name)?.[0] : undefined;
    const other = congo ?? (INITIALS.has(code) ? name : short.of(code)!);
    names[code] = other === name ? name : `${name}, ${other}`;
  }
  return names;
}

/** Their short names are initials, which the files list as they are written. */
const INITIALS: ReadonlySet<string> = new Set(['GB', 'US']);
