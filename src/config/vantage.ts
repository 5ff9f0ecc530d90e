import { dirname, resolve } from 'node:path';
import * as v from 'valibot';
import { sourceKinds } from '../sources/index.ts';
import { addIssues, FIRST_FAULT } from './issues.ts';
import type { Loading } from './loading.ts';
import { displayName, readData, replaceMissing } from './read.ts';
import type { VantageConfig } from './schema.ts';
import type { Place } from './secrets.ts';

/** Reads the file of the own vantage point and hands it to the schema of the kind of source that probes. */
export async function readVantage(
  written: string | null,
  place: Place,
  loading: Loading,
): Promise<VantageConfig | null> {
  if (written === null) return null;
  const { problems, cwd } = loading;
  const file = resolve(place.folder, written);
  const name = displayName(file, cwd);
  loading.files.add(file);
  const data = await readData(file, name, problems);
  if (data === undefined) {
    replaceMissing(problems, name, {
      file: place.name,
      path: 'vantage',
      remedy: 'create it, or leave the key out to run without probes of your own',
    });
    return null;
  }
  const { schema, paths } = sourceKinds.find((kind) => kind.vantage)!.vantage!;
  const result = v.safeParse(schema, data, FIRST_FAULT);
  if (result.success) return { file, data: located(result.output, paths, dirname(file)) };
  addIssues(result.issues, schema, { name, path: '', problems });
  return null;
}

function located<T extends object>(data: T, paths: readonly string[], folder: string): T {
  const named = Object.entries(data).filter(([key, value]) => paths.includes(key) && typeof value === 'string');
  return { ...data, ...Object.fromEntries(named.map(([key, value]) => [key, resolve(folder, value)])) };
}
