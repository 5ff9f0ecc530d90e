import { dirname, resolve } from 'node:path';
import * as v from 'valibot';
import { cronProblem } from '../platform/schedule.ts';
import { sourceKinds } from '../sources/index.ts';
import { addIssues, FIRST_FAULT } from './issues.ts';
import type { Loading } from './load.ts';
import { suggestion } from './problems.ts';
import { displayName, readData } from './read.ts';
import { type FileConfig, includeSchema, type SourceConfig } from './schema.ts';
import { type Place, resolveBlock } from './secrets.ts';

/** Files below files below files: nobody needs more, and a mistake must end. */
const MAX_INCLUDE_DEPTH = 8;
const MAX_INCLUDED_FILES = 200;
const MAX_SOURCES = 20_000;
/** Names a file that comes with Tocsin, wherever the config lies. */
const BUNDLED = 'bundled:';

interface Found {
  block: unknown;
  path: string;
  place: Place;
}

/**
 * The sources that the file names and those of its includes; the bundled feeds where it names neither. Ids are unique over all files,
 * every cron is valid, every block fits the schema of its kind.
 */
export async function readSources(
  root: FileConfig,
  place: Place,
  file: string | null,
  loading: Loading,
): Promise<SourceConfig[]> {
  const { problems } = loading;
  const found: Found[] = (root.sources ?? []).map((block, i) => ({ block, path: `sources[${i}]`, place }));
  const seen = new Set<string>(file ? [file] : []);
  if (root.sources || root.include) {
    await follow(root.include ?? [], place, file ? [file] : [], seen, found, loading);
  } else {
    await follow([`${BUNDLED}feeds.yaml`], place, [], seen, found, loading);
  }
  if (found.length > MAX_SOURCES) {
    problems.add(
      place.name,
      'sources',
      `${found.length} sources are more than ${MAX_SOURCES}`,
      'split them over several bots',
    );
    return [];
  }
  const sources: SourceConfig[] = [];
  const first = new Map<string, Found>();
  for (const one of found) {
    const source = readSource(one);
    if (!source) continue;
    const earlier = first.get(source.id);
    if (earlier) {
      const where = earlier.place.name === one.place.name ? earlier.path : `${earlier.place.name}: ${earlier.path}`;
      problems.add(
        one.place.name,
        `${one.path}.id`,
        `"${source.id}" is the id of ${where}, too`,
        'give each source an id of its own',
      );
      continue;
    }
    first.set(source.id, one);
    sources.push(source);
  }
  return sources;
}

async function follow(
  names: string[],
  from: Place,
  chain: string[],
  seen: Set<string>,
  found: Found[],
  loading: Loading,
): Promise<void> {
  const { problems, cwd } = loading;
  for (const [i, written] of names.entries()) {
    const path = `include[${i}]`;
    const file = written.startsWith(BUNDLED)
      ? resolve(loading.packageRoot, 'config', written.slice(BUNDLED.length))
      : resolve(from.folder, written);
    const name = written.startsWith(BUNDLED) ? written : displayName(file, cwd);
    if (chain.includes(file)) {
      const circle = [...chain.slice(chain.indexOf(file)), file].map((step) => displayName(step, cwd));
      problems.add(from.name, path, `goes in a circle: ${circle.join(' → ')}`, 'take one of these includes out');
      continue;
    }
    // Named twice on different ways is harmless: its sources are taken once.
    if (seen.has(file)) continue;
    if (chain.length > MAX_INCLUDE_DEPTH || seen.size >= MAX_INCLUDED_FILES) {
      problems.add(
        from.name,
        path,
        `includes nest deeper than ${MAX_INCLUDE_DEPTH} or name more than ${MAX_INCLUDED_FILES} files`,
        'name the files in one place',
      );
      return;
    }
    seen.add(file);
    loading.files.add(file);
    const before = problems.list.length;
    const data = await readData(file, name, problems);
    if (data === undefined) {
      const fault = problems.list[before];
      if (fault?.wrong === 'there is no such file') {
        problems.list[before] = {
          file: from.name,
          path,
          wrong: `there is no file ${name}`,
          remedy: 'create it, or correct its name (it is relative to the file that names it)',
        };
      }
      continue;
    }
    const place: Place = { ...from, name, folder: dirname(file) };
    const result = v.safeParse(includeSchema, Array.isArray(data) ? { sources: data } : data, FIRST_FAULT);
    if (!result.success) {
      addIssues(result.issues, includeSchema, { name, path: '', problems });
      continue;
    }
    for (const [j, block] of (result.output.sources ?? []).entries())
      found.push({ block, path: `sources[${j}]`, place });
    await follow(result.output.include ?? [], place, [...chain, file], seen, found, loading);
  }
}

function readSource({ block, path, place }: Found): SourceConfig | null {
  const { name, problems } = place;
  const kinds = sourceKinds.map((kind) => kind.kind);
  if (block === null || typeof block !== 'object' || Array.isArray(block)) {
    problems.add(
      name,
      path,
      'should be a block of keys',
      'such as { id: example, kind: rss, url: https://…, cron: "*/5 * * * *" }',
    );
    return null;
  }
  const { kind: named, cron } = block as Record<string, unknown>;
  if (named === undefined) {
    problems.add(name, `${path}.kind`, 'is missing', `add one of: ${kinds.join(', ')}`);
    return null;
  }
  const kind = sourceKinds.find((candidate) => candidate.kind === named);
  if (!kind) {
    problems.add(
      name,
      `${path}.kind`,
      `${JSON.stringify(named)} is no kind of source`,
      suggestion(String(named), kinds),
    );
    return null;
  }
  const { block: resolved, unresolved } = resolveBlock(block as Record<string, unknown>, path, kind.secrets, place);
  const wrong = typeof cron === 'string' ? cronProblem(cron) : null;
  if (wrong) {
    problems.add(
      name,
      `${path}.cron`,
      `${JSON.stringify(cron)} is no schedule: ${wrong}`,
      'write 5 or 6 fields, such as "*/5 * * * *" for every 5 minutes',
    );
    unresolved.add('cron');
  }
  const result = v.safeParse(kind.schema, resolved, FIRST_FAULT);
  if (result.success) return wrong ? null : (result.output as SourceConfig);
  addIssues(result.issues, kind.schema, { name, path, problems, secrets: kind.secrets, silent: unresolved });
  return null;
}
