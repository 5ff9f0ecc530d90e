import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import * as v from 'valibot';
import { COUNTRIES } from '../core/commands/asking/country-names.ts';
import { CLASSES, isCueClass } from '../core/extract/rules/classes.ts';
import type { BaselineEntry, Catalogue, Service } from '../core/model/catalogue.ts';
import { METHODS, NETWORK } from '../core/model/incident.ts';
import { fitted, readPart } from './blocks.ts';
import { suggestion } from './problems.ts';
import { displayName } from './read.ts';
import { type FileConfig, serviceSchema } from './schema.ts';
import type { Loading, Place } from './secrets.ts';

const cataloguefile = v.strictObject({ services: v.array(v.unknown()) });

/** The operator's catalogue or the bundled one, with the additions under `extract`. Ids and names are unique. */
export async function readCatalogue(root: FileConfig, place: Place, loading: Loading): Promise<Catalogue> {
  const { problems, cwd, packageRoot } = loading;
  const file = root.services ? resolve(place.folder, root.services) : resolve(packageRoot, 'config/services.yaml');
  const name = root.services ? displayName(file, cwd) : 'bundled:services.yaml';
  const data = await readPart(file, name, root.services ? { file: place.name, path: 'services' } : null, loading);
  if (data === undefined) return { services: [] };
  const listed = fitted(cataloguefile, Array.isArray(data) ? { services: data } : data, '', { name, problems });
  if (!listed) return { services: [] };
  const services = new Map<string, Service>();
  for (const [i, block] of listed.services.entries()) addService(services, block, `services[${i}]`, name, loading);
  for (const [i, service] of root.extract.services.entries())
    addService(services, service, `extract.services[${i}]`, place.name, loading);
  for (const [id, aliases] of Object.entries(root.extract.aliases)) {
    const service = services.get(id);
    if (service) service.aliases = [...new Set([...service.aliases, ...aliases])];
    else problems.add(place.name, `extract.aliases.${id}`, 'is no service of the catalogue', nearIds(id, services));
  }
  return { services: [...services.values()] };
}

function addService(
  services: Map<string, Service>,
  block: unknown,
  path: string,
  name: string,
  { problems }: Loading,
): void {
  const service = fitted(serviceSchema, block, path, { name, problems });
  if (!service) return;
  const taken = `"${service.id}" is in the catalogue already`;
  if (services.has(service.id))
    problems.add(name, `${path}.id`, taken, 'give it an id of its own, or add names under extract.aliases');
  else services.set(service.id, { ...service, aliases: [...service.aliases] });
}

function nearIds(id: string, services: Map<string, Service>): string {
  const hint = suggestion(id, [...services.keys()]);
  return hint.startsWith('did') ? hint : 'add the service under extract.services first';
}

/** Added phrases must belong to a language that there is, and to a class that the rules know: nothing else would ever read them. */
export async function checkPhrases(
  { extract }: FileConfig,
  place: Place,
  { packageRoot, problems }: Loading,
): Promise<void> {
  const written = Object.entries(extract.phrases);
  if (written.length === 0) return;
  const folder = resolve(packageRoot, 'config/lexicon');
  const files = readdirSync(folder).filter((name) => /^[a-z]{2,3}\.yaml$/.test(name));
  const languages = [...files.map((name) => name.slice(0, -'.yaml'.length)), 'any'];
  for (const [lang, classes] of written) {
    const path = `extract.phrases.${lang}`;
    if (!languages.includes(lang)) {
      problems.add(place.name, path, 'is no language that Tocsin reads', `known here: ${languages.join(', ')}`);
      continue;
    }
    for (const meaning of Object.keys(classes)) {
      if (!isCueClass(meaning))
        problems.add(place.name, `${path}.${meaning}`, 'is no meaning', suggestion(meaning, Object.keys(CLASSES)));
    }
  }
}

const DAY = /^(\d{4})-(\d{2})(?:-(\d{2}))?$/;
const isTime = (text: string): boolean => {
  const [, year, month, day] = DAY.exec(text) ?? [];
  const at = Date.UTC(Number(year), Number(month) - 1, Number(day ?? 1));
  return year !== undefined && new Date(at).getUTCMonth() === Number(month) - 1 && Number(year) >= 1990;
};

const baselineSchema = v.strictObject({
  country: v.pipe(
    v.string(),
    v.check((code) => COUNTRIES.includes(code), 'is no country; take its code of ISO 3166-1, such as RU'),
  ),
  service: v.pipe(v.string(), v.nonEmpty()),
  action: v.picklist(['block', 'throttle', 'restrict', 'shutdown']),
  method: v.optional(v.nullable(v.picklist(METHODS)), null),
  since: v.pipe(
    v.string(),
    v.check(isTime, 'is no day; write it as 2022-03-04, or 2022-03 where the day is not known'),
  ),
  reference: v.pipe(
    v.string(),
    v.maxLength(500),
    v.check(
      (text) => URL.canParse(text) && text.startsWith('https://'),
      'must be the address of a page that says so; it begins with https://',
    ),
  ),
});

/**
 * The long-standing blocks: of the operator's file, or the bundled ones as far as the catalogue has their services; none where the key says null. Every
 * fault is a problem with its place.
 */
export async function readBaseline(
  named: string | null | undefined,
  catalogue: Catalogue,
  place: Place,
  loading: Loading,
): Promise<BaselineEntry[]> {
  if (named === null) return [];
  const { problems, cwd, packageRoot } = loading;
  const file = named ? resolve(place.folder, named) : resolve(packageRoot, 'config/baseline.yaml');
  const name = named ? displayName(file, cwd) : 'bundled:baseline.yaml';
  const data = await readPart(file, name, named ? { file: place.name, path: 'baseline' } : null, loading);
  if (data === undefined) return [];
  if (!Array.isArray(data)) {
    const how = 'write a line "- { country: …, service: …, action: …, since: …, reference: … }" each';
    problems.add(name, '', 'should be a list', how);
    return [];
  }
  const known = [...catalogue.services.map(({ id }) => id), NETWORK];
  const entries = new Map<string, BaselineEntry>();
  for (const [i, block] of (data as unknown[]).entries()) {
    const entry = fitted(baselineSchema, block, `[${i}]`, { name, problems });
    if (!entry) continue;
    const { country, service, since, ...rest } = entry;
    if (!known.includes(service)) {
      if (named)
        problems.add(name, `[${i}].service`, `"${service}" is no service of the catalogue`, suggestion(service, known));
      continue;
    }
    const key = `${country} ${service}`;
    if (entries.has(key)) problems.add(name, `[${i}]`, `${key} stands here twice`, 'keep one of the two');
    const [, year, month, day] = DAY.exec(since)!;
    const at = Date.UTC(Number(year), Number(month) - 1, Number(day ?? 1));
    entries.set(key, { country, service, since: at, monthOnly: day === undefined, ...rest });
  }
  return [...entries.values()];
}
