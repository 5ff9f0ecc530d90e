import * as v from 'valibot';
import { cronProblem } from '../platform/schedule.ts';
import { sourceKinds } from '../sources/index.ts';
import { likeliest } from './guess.ts';
import { type Found, followIncludes } from './includes.ts';
import { addIssues, FIRST_FAULT } from './issues.ts';
import type { Loading } from './loading.ts';
import { suggestion } from './problems.ts';
import type { FileConfig, SourceConfig } from './schema.ts';
import { type Place, resolveBlock, withoutUnset } from './secrets.ts';

const MAX_SOURCES = 20_000;
/** What is read where a configuration names nothing. */
export const BUNDLED_SOURCES = ['bundled:feeds.yaml', 'bundled:observatories.yaml'];

/**
 * The sources that the file names and those of its includes; the bundled feeds and observatories where it names neither. Ids are unique over all files,
 * every cron is valid, every block fits the schema of its kind.
 */
export async function readSources(
  root: FileConfig,
  place: Place,
  file: string | null,
  loading: Loading,
): Promise<SourceConfig[]> {
  const found: Found[] = (root.sources ?? []).map((block, i) => ({ block, path: `sources[${i}]`, place }));
  const named = root.sources || root.include ? (root.include ?? []) : BUNDLED_SOURCES;
  await followIncludes(named, place, { file, loading, found });
  if (found.length > MAX_SOURCES) {
    const wrong = `${found.length} sources are more than ${MAX_SOURCES}`;
    loading.problems.add(place.name, 'sources', wrong, 'split them over several bots');
    return [];
  }
  const sources = found.map((one) => readSource(one, loading));
  // A faulty source still uses up its id: both faults are reported at once.
  const first = new Map<unknown, Found>();
  const twice = new Set<Found>();
  for (const one of found) {
    const id = (one.block as { id?: unknown } | null)?.id;
    if (typeof id !== 'string') continue;
    const earlier = first.get(id);
    if (earlier) {
      twice.add(one);
      tellTwice(one, earlier, id);
    } else first.set(id, one);
  }
  return sources.filter((source, i): source is SourceConfig => source !== null && !twice.has(found[i]!));
}

function tellTwice({ path, place }: Found, earlier: Found, id: string): void {
  const where = earlier.place.name === place.name ? earlier.path : `${earlier.place.name}: ${earlier.path}`;
  const wrong = `"${id}" is the id of ${where}, too`;
  place.problems.add(place.name, `${path}.id`, wrong, 'give each source an id of its own');
}

function readSource({ block: written, path, place }: Found, { unset }: Pick<Loading, 'unset'>): SourceConfig | null {
  const { name, problems } = place;
  if (written === null || typeof written !== 'object' || Array.isArray(written)) {
    const how = 'such as { id: example, kind: rss, url: https://…, cron: "*/5 * * * *" }';
    problems.add(name, path, 'should be a block of keys', how);
    return null;
  }
  const { kind, guessed } = kindOf(written as Record<string, unknown>, path, place);
  if (!kind) return null;
  const { block, unset: variables } = withoutUnset(written as Record<string, unknown>, kind.optional ?? [], place.env);
  for (const variable of variables) unset.push({ id: String(block.id), variable });
  const { block: resolved, unresolved } = resolveBlock(block, path, kind.secrets, place);
  if (guessed) unresolved.add('kind');
  if (!checkCron((block as { cron?: unknown }).cron, path, place)) unresolved.add('cron');
  const result = v.safeParse(kind.schema, resolved, FIRST_FAULT);
  if (result.success) return unresolved.size > 0 ? null : (result.output as SourceConfig);
  const { secrets } = kind;
  addIssues(result.issues, kind.schema, { name, path, problems, secrets, silent: unresolved, guessed });
  return null;
}

/** The kind that the block names; where it names none that there is, that is reported, and the likeliest serves to find what else is wrong. */
function kindOf(
  block: Record<string, unknown>,
  path: string,
  { name, problems }: Place,
): { kind: (typeof sourceKinds)[number] | null; guessed: boolean } {
  const kinds = sourceKinds.map((kind) => kind.kind);
  const named = block.kind;
  const kind = sourceKinds.find((candidate) => candidate.kind === named);
  if (kind) return { kind, guessed: false };
  if (named === undefined) problems.add(name, `${path}.kind`, 'is missing', `add one of: ${kinds.join(', ')}`);
  else {
    const wrong = `${JSON.stringify(named)} is no kind of source`;
    problems.add(name, `${path}.kind`, wrong, suggestion(String(named), kinds));
  }
  return { kind: likeliest(block, sourceKinds, 'kind') ?? sourceKinds[0]!, guessed: true };
}

function checkCron(cron: unknown, path: string, { name, problems }: Place): boolean {
  const wrong = typeof cron === 'string' ? cronProblem(cron) : null;
  if (!wrong) return true;
  const how = 'write 5 or 6 fields, such as "*/5 * * * *" for every 5 minutes';
  problems.add(name, `${path}.cron`, `${JSON.stringify(cron)} is no schedule: ${wrong}`, how);
  return false;
}
