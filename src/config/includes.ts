import { dirname, resolve } from 'node:path';
import * as v from 'valibot';
import { addIssues, FIRST_FAULT } from './issues.ts';
import type { Loading } from './loading.ts';
import { displayName, readData, replaceMissing } from './read.ts';
import { includeSchema } from './schema.ts';
import type { Place } from './secrets.ts';

/** Files below files below files: nobody needs more, and a mistake must end. */
const MAX_INCLUDE_DEPTH = 8;
const MAX_INCLUDED_FILES = 200;
/** Names a file that comes with Tocsin, wherever the config lies. */
const BUNDLED = 'bundled:';

/** A block of a source, not yet checked, and where it stands. */
export interface Found {
  block: unknown;
  path: string;
  place: Place;
}

interface Walk {
  loading: Loading;
  found: Found[];
  seen: Set<string>;
}

/** Adds the sources of the named files, and of those that they include, to `found`; each file once. */
export async function followIncludes(
  names: readonly string[],
  from: Place,
  { file, loading, found }: { file: string | null; loading: Loading; found: Found[] },
): Promise<void> {
  const chain = file ? [file] : [];
  await follow(names, from, chain, { loading, found, seen: new Set(chain) });
}

async function follow(names: readonly string[], from: Place, chain: readonly string[], walk: Walk): Promise<void> {
  const { loading, seen } = walk;
  const { problems, cwd } = loading;
  for (const [i, written] of names.entries()) {
    const path = `include[${i}]`;
    const file = written.startsWith(BUNDLED)
      ? resolve(loading.packageRoot, 'config', written.slice(BUNDLED.length))
      : resolve(from.folder, written);
    if (chain.includes(file)) {
      const circle = [...chain.slice(chain.indexOf(file)), file].map((step) => displayName(step, cwd));
      problems.add(from.name, path, `goes in a circle: ${circle.join(' → ')}`, 'take one of these includes out');
      continue;
    }
    // Named twice on different ways is harmless: its sources are taken once.
    if (seen.has(file)) continue;
    if (chain.length > MAX_INCLUDE_DEPTH || seen.size >= MAX_INCLUDED_FILES) {
      const wrong = `includes nest deeper than ${MAX_INCLUDE_DEPTH} or name more than ${MAX_INCLUDED_FILES} files`;
      problems.add(from.name, path, wrong, 'name the files in one place');
      return;
    }
    seen.add(file);
    const name = written.startsWith(BUNDLED) ? written : displayName(file, cwd);
    const place: Place = { ...from, name, folder: dirname(file) };
    const deeper = await readOne(file, place, { file: from.name, path }, walk);
    await follow(deeper, place, [...chain, file], walk);
  }
}

/** Reads one file and takes its sources; what it includes itself is the answer. */
async function readOne(
  file: string,
  place: Place,
  named: { file: string; path: string },
  { loading, found }: Walk,
): Promise<readonly string[]> {
  const { problems } = loading;
  const { name } = place;
  loading.files.add(file);
  const data = await readData(file, name, problems);
  if (data === undefined) {
    const remedy = 'create it, or correct its name (it is relative to the file that names it)';
    replaceMissing(problems, name, { ...named, remedy });
    return [];
  }
  const result = v.safeParse(includeSchema, Array.isArray(data) ? { sources: data } : data, FIRST_FAULT);
  if (!result.success) addIssues(result.issues, includeSchema, { name, path: '', problems });
  // What is sound in a file that is not is checked all the same.
  const { sources, include } = result.success ? result.output : soundIn(data);
  for (const [j, block] of (sources ?? []).entries()) found.push({ block, path: `sources[${j}]`, place });
  return include ?? [];
}

function soundIn(data: unknown): { sources?: unknown[]; include?: string[] } {
  const { sources, include } = (data ?? {}) as { sources?: unknown; include?: unknown };
  const named = Array.isArray(include) ? include.filter((one) => typeof one === 'string' && one !== '') : [];
  return { sources: Array.isArray(sources) ? sources : [], include: named };
}
