import { resolve } from 'node:path';
import * as v from 'valibot';
import { COUNTRIES } from '../core/commands/country-names.ts';
import { METHODS } from '../core/model/action.ts';
import type { BaselineEntry } from '../core/model/baseline.ts';
import type { Catalogue } from '../core/model/catalogue.ts';
import { NETWORK } from '../core/model/incident.ts';
import { addIssues, FIRST_FAULT } from './issues.ts';
import type { Loading } from './loading.ts';
import { suggestion } from './problems.ts';
import { displayName, readData, replaceMissing } from './read.ts';
import type { Place } from './secrets.ts';

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
  { problems, cwd, packageRoot, files }: Loading,
): Promise<BaselineEntry[]> {
  if (named === null) return [];
  const file = named ? resolve(place.folder, named) : resolve(packageRoot, 'config/baseline.yaml');
  const name = named ? displayName(file, cwd) : 'bundled:baseline.yaml';
  files.add(file);
  const data = await readData(file, name, problems);
  if (data === undefined) {
    const remedy = 'create it, or correct its name (it is relative to the file that names it)';
    if (named) replaceMissing(problems, name, { file: place.name, path: 'baseline', remedy });
    return [];
  }
  if (!Array.isArray(data)) {
    problems.add(
      name,
      '',
      'should be a list',
      'write a line "- { country: …, service: …, action: …, since: …, reference: … }" each',
    );
    return [];
  }
  const known = [...catalogue.services.map(({ id }) => id), NETWORK];
  const entries = new Map<string, BaselineEntry>();
  for (const [i, block] of (data as unknown[]).entries()) {
    const result = v.safeParse(baselineSchema, block, FIRST_FAULT);
    if (!result.success) {
      addIssues(result.issues, baselineSchema, { name, path: `[${i}]`, problems });
      continue;
    }
    const { country, service, since, ...rest } = result.output;
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
