import { dirname, resolve } from 'node:path';
import * as v from 'valibot';
import type { Vantage } from '../sources/probe/config.ts';
import { addIssues, FIRST_FAULT } from './issues.ts';
import type { Loading } from './load.ts';
import { displayName, readData } from './read.ts';
import type { Place } from './secrets.ts';

export interface VantageConfig {
  file: string;
  /** As the probe's own schema yields it; `ca` is absolute. */
  data: Vantage;
}

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
  // Loaded only when there is a vantage point: most bots have none.
  const { vantageSchema } = await import('../sources/probe/config.ts');
  const result = v.safeParse(vantageSchema, data, FIRST_FAULT);
  if (!result.success) {
    addIssues(result.issues, vantageSchema, { name, path: '', problems });
    return null;
  }
  const { ca } = result.output;
  return { file, data: { ...result.output, ca: ca && resolve(dirname(file), ca) } };
}
