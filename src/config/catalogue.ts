import { readFileSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { domainToASCII } from 'node:url';
import * as v from 'valibot';
import { COUNTRIES } from '../core/commands/asking/country-names.ts';
import { createGazetteer } from '../core/correlate/regions.ts';
import { createPublishers, type PublisherRows } from '../core/correlate/whose.ts';
import { CLASSES, isCueClass } from '../core/extract/rules/classes.ts';
import type { BaselineEntry, Catalogue, Service } from '../core/model/catalogue.ts';
import { METHODS, NETWORK } from '../core/model/incident.ts';
import type {
  DisputedPlace,
  Gazetteer,
  NamesInLanguage,
  Publishers,
  RegionNames,
  ServiceHosts,
} from '../core/ports/reading.ts';
import type { ZonePlaces } from '../core/wall-clock.ts';
import { fitted, placeOf, readPart } from './blocks.ts';
import { suggestion } from './problems.ts';
import { type FileConfig, serviceSchema } from './schema.ts';
import type { Place } from './secrets.ts';

const FOLDER = new URL('../../config/', import.meta.url);
const LANG = /^[a-z]{2}$/;

/**
 * The bundled regions. A country's line of the file is read when one of its regions is first spoken of, and its names in a language when a chat
 * speaks it; nothing else stays in memory.
 */
export const bundledRegions = (): Gazetteer =>
  createGazetteer(
    (country) => lineOf<RegionNames>('regions.json', country),
    readAll,
    (country, lang) => (LANG.test(lang) ? lineOf<NamesInLanguage>(`region-names/${lang}.json`, country) : null),
    furtherNames,
    dataOf<{ places: DisputedPlace[] }>('disputed-places.json').places,
  );

/** Names in all languages, and of the cities. */
function furtherNames(country: string): RegionNames {
  const names: Record<string, string[]> = {};
  const add = (code: string, more: readonly string[]): void => void (names[code] ??= []).push(...more);
  for (const file of readdirSync(new URL('region-names/', FOLDER)))
    for (const [code, name] of Object.entries(lineOf<NamesInLanguage>(`region-names/${file}`, country) ?? {}))
      add(code, [name]);
  for (const [code, list] of Object.entries(lineOf<RegionNames>('region-places.json', country) ?? {})) add(code, list);
  return names;
}

const readAll = (): Record<string, RegionNames> => dataOf('regions.json');

/** All of a file but what it says about itself. */
function dataOf<T>(file: string): T {
  const { about: _, ...data } = JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8'));
  return data as T;
}

/** Null = the file is not there, or has no such country. */
function lineOf<T>(file: string, country: string): T | null {
  let text: string;
  try {
    text = readFileSync(new URL(file, FOLDER), 'utf8');
  } catch {
    if (file === 'regions.json') throw new Error('config/regions.json is missing');
    return null;
  }
  const start = text.indexOf(`\n"${country}":`);
  if (start < 0) return null;
  const line = text.slice(start + 6, text.indexOf('\n', start + 1)).replace(/,$/, '');
  return JSON.parse(line) as T;
}

const require = createRequire(import.meta.url);

/** Customers of hosting platforms are owners of their own. The list of suffixes is loaded when a domain that nobody knows turns up. */
const domainOf = (host: string): string | null =>
  (require('tldts') as typeof import('tldts')).getDomain(host, { allowPrivateDomains: true, validateHostname: false });

/** The bundled publishers, read when somebody first asks: YAML that is JSON too, apart from lines of comment. */
export function bundledPublishers(): Publishers {
  let made: Publishers | null = null;
  const read = (): PublisherRows =>
    JSON.parse(readFileSync(new URL('publishers.yaml', FOLDER), 'utf8').replace(/^#.*$/gm, ''));
  const all = () => (made ??= createPublishers(read(), domainOf));
  return { of: (address) => all().of(address), named: (id) => all().named(id) };
}

const file = v.record(v.string(), v.array(v.string()));
const HOST = /^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/;
/** Names before a domain that people take for the domain itself. */
const SAME = /^(?:\*|www|m|web|mobile)\./;

/** The bundled domains, and the host names among the aliases, of the services that the catalogue has. Read when it is first asked for. */
export async function loadServiceHosts(catalogue: Catalogue): Promise<ServiceHosts> {
  const [text, { parse }] = await Promise.all([
    readFile(new URL('service-domains.yaml', FOLDER), 'utf8'),
    import('yaml'),
  ]);
  return serviceHosts(catalogue, v.parse(file, parse(text)));
}

export function serviceHosts({ services }: Catalogue, bundled: Record<string, readonly string[]>): ServiceHosts {
  const domains = new Map<string, { service: string; alone: boolean }>();
  const byService = new Map<string, string[]>();
  const add = (service: string, domain: string, alone: boolean): void => {
    if (domains.has(domain)) return;
    domains.set(domain, { service, alone });
    byService.set(service, [...(byService.get(service) ?? []), domain]);
  };
  for (const { id } of services)
    for (const written of bundled[id] ?? []) add(id, written.replace(/^=/, ''), written.startsWith('='));
  for (const { id, aliases } of services)
    for (const alias of aliases) if (HOST.test(alias.toLowerCase())) add(id, alias.toLowerCase(), false);
  return {
    services: [...byService.keys()],
    domainsOf: (service) => byService.get(service) ?? [],
    find(written) {
      const host = hostOf(written);
      if (host === null) return null;
      const bare = host.replace(SAME, '');
      for (let domain = host.replace(/^\*\./, ''); domain.includes('.'); domain = domain.replace(/^[^.]*\./, '')) {
        const found = domains.get(domain);
        if (!found) continue;
        const whole = domain === bare || domain === host;
        return found.alone && !whole ? null : { service: found.service, domain, whole };
      }
      return null;
    },
  };
}

/** In lower case and punycode, a mask kept; null = no host name. */
function hostOf(written: string): string | null {
  const text = written.trim().replace(/\.$/, '').toLowerCase();
  const mask = text.startsWith('*.');
  const name = mask ? text.slice(2) : text;
  const host = /[^\x21-\x7e]/.test(name) ? domainToASCII(name) : name;
  return HOST.test(host) ? (mask ? `*.${host}` : host) : null;
}

/** Towns of each time zone. Read when somebody shares a place, which is seldom, and not kept. */
export const bundledZonePlaces = (): ZonePlaces => dataOf('zone-places.json');

const cataloguefile = v.strictObject({ services: v.array(v.unknown()) });

/** The operator's catalogue or the bundled one, with the additions under `extract`. Ids and names are unique. */
export async function readCatalogue(root: FileConfig, place: Place): Promise<Catalogue> {
  const at = placeOf(root.services ?? 'bundled:services.yaml', place);
  const data = await readPart(at, root.services ? { file: place.name, path: 'services' } : null);
  if (data === undefined) return { services: [] };
  const listed = fitted(cataloguefile, Array.isArray(data) ? { services: data } : data, '', at);
  if (!listed) return { services: [] };
  const services = new Map<string, Service>();
  for (const [i, block] of listed.services.entries()) addService(services, block, `services[${i}]`, at);
  for (const [i, service] of root.extract.services.entries())
    addService(services, service, `extract.services[${i}]`, place);
  for (const [id, aliases] of Object.entries(root.extract.aliases)) {
    const service = services.get(id);
    if (service) service.aliases = [...new Set([...service.aliases, ...aliases])];
    else {
      const how = suggestion(id, [...services.keys()], 'add the service under extract.services first');
      place.problems.add(place.name, `extract.aliases.${id}`, 'is no service of the catalogue', how);
    }
  }
  return { services: [...services.values()] };
}

function addService(services: Map<string, Service>, block: unknown, path: string, place: Place): void {
  const { name, problems } = place;
  const service = fitted(serviceSchema, block, path, place);
  if (!service) return;
  const taken = `"${service.id}" is in the catalogue already`;
  if (services.has(service.id))
    problems.add(name, `${path}.id`, taken, 'give it an id of its own, or add names under extract.aliases');
  else services.set(service.id, { ...service, aliases: [...service.aliases] });
}

/** Added phrases must belong to a language that there is, and to a class that the rules know: nothing else would ever read them. */
export function checkPhrases({ extract }: FileConfig, { name, problems }: Place): void {
  const written = Object.entries(extract.phrases);
  if (written.length === 0) return;
  const files = readdirSync(new URL('lexicon/', FOLDER)).filter((name) => /^[a-z]{2,3}\.yaml$/.test(name));
  const languages = [...files.map((name) => name.slice(0, -'.yaml'.length)), 'any'];
  for (const [lang, classes] of written) {
    const path = `extract.phrases.${lang}`;
    if (!languages.includes(lang)) {
      problems.add(name, path, 'is no language that Tocsin reads', `known here: ${languages.join(', ')}`);
      continue;
    }
    for (const meaning of Object.keys(classes)) {
      if (!isCueClass(meaning))
        problems.add(name, `${path}.${meaning}`, 'is no meaning', suggestion(meaning, Object.keys(CLASSES)));
    }
  }
}

const DAY = /^(\d{4})-(\d{2})(?:-(\d{2}))?$/;
/** Of a month its first day; NaN for what is none, or lies before 1990. */
const timeOf = (text: string): number => {
  const [, year, month, day] = DAY.exec(text) ?? [];
  const at = Date.UTC(Number(year), Number(month) - 1, Number(day ?? 1));
  return new Date(at).getUTCMonth() === Number(month) - 1 && Number(year) >= 1990 ? at : Number.NaN;
};

const NO_DAY = 'is no day; write it as 2022-03-04, or 2022-03 where the day is not known';
const NO_PAGE = 'must be the address of a page that says so; it begins with https://';

const baselineSchema = v.strictObject({
  country: v.pipe(
    v.string(),
    v.check((code) => COUNTRIES.includes(code), 'is no country; take its code of ISO 3166-1, such as RU'),
  ),
  service: v.pipe(v.string(), v.nonEmpty()),
  action: v.picklist(['block', 'throttle', 'restrict', 'shutdown']),
  method: v.optional(v.nullable(v.picklist(METHODS)), null),
  part: v.optional(v.picklist(['calls'])),
  since: v.pipe(
    v.string(),
    v.check((text) => !Number.isNaN(timeOf(text)), NO_DAY),
  ),
  reference: v.pipe(
    v.string(),
    v.maxLength(500),
    v.check((text) => URL.canParse(text) && text.startsWith('https://'), NO_PAGE),
  ),
});

/**
 * The long-standing blocks: of the operator's file, or the bundled ones as far as the catalogue has their services; none where the key says null. Every
 * fault is a problem with its place.
 */
export async function readBaseline(named: string | null | undefined, catalogue: Catalogue, place: Place) {
  if (named === null) return [];
  const at = placeOf(named ?? 'bundled:baseline.yaml', place);
  const { name, problems } = at;
  const data = await readPart(at, named ? { file: place.name, path: 'baseline' } : null);
  if (data === undefined) return [];
  if (!Array.isArray(data)) {
    const how = 'write a line "- { country: …, service: …, action: …, since: …, reference: … }" each';
    problems.add(name, '', 'should be a list', how);
    return [];
  }
  const known = [...catalogue.services.map(({ id }) => id), NETWORK];
  const entries = new Map<string, BaselineEntry>();
  for (const [i, block] of (data as unknown[]).entries()) {
    const entry = fitted(baselineSchema, block, `[${i}]`, at);
    if (!entry) continue;
    const { country, service, since, ...rest } = entry;
    if (!known.includes(service)) {
      if (named)
        problems.add(name, `[${i}].service`, `"${service}" is no service of the catalogue`, suggestion(service, known));
      continue;
    }
    const key = `${country} ${service}`;
    if (entries.has(key)) problems.add(name, `[${i}]`, `${key} stands here twice`, 'keep one of the two');
    const monthOnly = DAY.exec(since)![3] === undefined;
    entries.set(key, { country, service, since: timeOf(since), monthOnly, ...rest });
  }
  return [...entries.values()];
}
