import { resolve } from 'node:path';
import * as v from 'valibot';
import { addIssues, FIRST_FAULT } from './issues.ts';
import type { Loading } from './load.ts';
import { displayName, readData } from './read.ts';
import type { VantageConfig } from './schema.ts';
import type { Place } from './secrets.ts';

/** Reads the file of the own vantage point and hands it to the probe's schema. */
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
  const before = problems.list.length;
  const data = await readData(file, name, problems);
  if (data === undefined) {
    if (problems.list[before]?.wrong === 'there is no such file') {
      problems.list[before] = {
        file: place.name,
        path: 'vantage',
        wrong: `there is no file ${name}`,
        remedy: 'create it, or leave the key out to run without probes of your own',
      };
    }
    return null;
  }
  const schema = await vantageSchema();
  if (!schema) return { file, data };
  const result = v.safeParse(schema, data, FIRST_FAULT);
  if (result.success) return { file, data: result.output };
  addIssues(result.issues, schema, { name, path: '', problems });
  return null;
}

/** The schema belongs to the probe's folder. */
async function vantageSchema(): Promise<v.GenericSchema | null> {
  return null;
}
