import * as v from 'valibot';
import { addIssues, FIRST_FAULT } from './issues.ts';
import type { Problems } from './problems.ts';
import { type FileConfig, fileSchema } from './schema.ts';

type Loose = Record<string, unknown>;

/** The top level, with what is wrong in it left out, so that all the rest can be checked too. */
export function checkRoot(data: unknown, name: string, problems: Problems): FileConfig {
  if (data === null || typeof data !== 'object' || Array.isArray(data)) {
    problems.add(name, '', 'should be a block of keys', 'see config/tocsin.example.yaml');
    return v.parse(fileSchema, {});
  }
  const result = v.safeParse(fileSchema, data, FIRST_FAULT);
  if (result.success) return result.output;
  addIssues(result.issues, fileSchema, { name, path: '', problems });
  const faults = result.issues.map((issue) => (issue.path ?? []).map((item) => item.key));
  for (const depth of [3, 2, 1]) {
    const known = Object.entries(data).filter(([key]) => Object.hasOwn(fileSchema.entries, key));
    const sound = v.safeParse(fileSchema, pruned(Object.fromEntries(known), faults, depth), FIRST_FAULT);
    if (sound.success) return sound.output;
  }
  return v.parse(fileSchema, {});
}

/** A copy without what the paths lead to, each followed to `depth` keys at most. A list loses the faulty entry only by way of its key. */
function pruned(data: Loose, paths: readonly (readonly unknown[])[], depth: number): Loose {
  const copy = structuredClone(data);
  for (const path of paths) {
    const keys: string[] = [];
    for (const key of path.slice(0, depth)) {
      if (typeof key !== 'string') break;
      keys.push(key);
    }
    const last = keys.pop();
    let at: unknown = copy;
    for (const key of keys) at = at !== null && typeof at === 'object' ? (at as Loose)[key] : undefined;
    if (last !== undefined && at !== null && typeof at === 'object') delete (at as Loose)[last];
  }
  return copy;
}
