import { resolve } from 'node:path';
import { COUNTRIES } from '../core/commands/asking/country-names.ts';
import type { Catalogue } from '../core/model/catalogue.ts';
import { NETWORK } from '../core/model/incident.ts';
import type { Credit } from '../core/ports/source.ts';
import { cronProblem } from '../platform/schedule.ts';
import { sourceKinds } from '../sources/index.ts';
import { blockOf, claimed, doubled, fitted, kindOf, placeOf, readPart } from './blocks.ts';
import { suggestion } from './problems.ts';
import { displayName } from './read.ts';
import { type Config, type FileConfig, includeSchema, type SourceConfig } from './schema.ts';
import { PACKAGE_ROOT, type Place, resolveBlock, withoutUnset } from './secrets.ts';

/** Files below files below files: nobody needs more, and a mistake must end. */
const MAX_INCLUDE_DEPTH = 8;
const MAX_INCLUDED_FILES = 200;

/** A block of a source, not yet checked, and where it stands. */
type Found = ReturnType<typeof foundAt>;

const foundAt = (block: unknown, path: string, place: Place) => ({
  block,
  id: (block as { id?: unknown } | null)?.id,
  path,
  place,
});

interface Walk {
  found: Found[];
  seen: Set<string>;
}

/** Adds the sources of the named files, and of those that they include, to `found`; each file once. */
async function follow(names: readonly string[], from: Place, chain: readonly string[], walk: Walk): Promise<void> {
  const { problems, cwd } = from;
  const { seen } = walk;
  for (const [i, written] of names.entries()) {
    const path = `include[${i}]`;
    const at = placeOf(written, from);
    const { file } = at;
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
    await follow(await readOne(at, { file: from.name, path }, walk), at, [...chain, file], walk);
  }
}

/** Reads one file and takes its sources; what it includes itself is the answer. */
async function readOne(place: ReturnType<typeof placeOf>, named: { file: string; path: string }, { found }: Walk) {
  const data = await readPart(place, named);
  if (data === undefined) return [];
  // What is sound in a file that is not is checked all the same.
  const { sources, include } =
    fitted(includeSchema, Array.isArray(data) ? { sources: data } : data, '', place) ?? soundIn(data);
  for (const [j, block] of (sources ?? []).entries()) found.push(foundAt(block, `sources[${j}]`, place));
  return include ?? [];
}

function soundIn(data: unknown): { sources?: unknown[]; include?: string[] } {
  const { sources, include } = (data ?? {}) as { sources?: unknown; include?: unknown };
  const named = Array.isArray(include) ? include.filter((one) => typeof one === 'string' && one !== '') : [];
  return { sources: Array.isArray(sources) ? sources : [], include: named };
}

const MAX_SOURCES = 20_000;
/** What is read where a configuration names nothing. */
export const BUNDLED_SOURCES = ['bundled:feeds.yaml', 'bundled:observatories.yaml'];

/**
 * The sources that the file names and those of its includes; the bundled feeds and observatories where it names neither. Ids are unique over all files,
 * every cron is valid, every block fits the schema of its kind.
 */
export async function readSources(root: FileConfig, place: Place, file: string | null): Promise<SourceConfig[]> {
  const found: Found[] = (root.sources ?? []).map((block, i) => foundAt(block, `sources[${i}]`, place));
  const named = root.sources || root.include ? (root.include ?? []) : BUNDLED_SOURCES;
  const chain = file ? [file] : [];
  await follow(named, place, chain, { found, seen: new Set(chain) });
  if (found.length > MAX_SOURCES) {
    const wrong = `${found.length} sources are more than ${MAX_SOURCES}`;
    place.problems.add(place.name, 'sources', wrong, 'split them over several bots');
    return [];
  }
  const sources = found.map(readSource);
  const twice = doubled('source', found);
  return sources.filter((source, i): source is SourceConfig => source !== null && !twice.has(found[i]!));
}

/**
 * Who names sources of their own reads these alone: chats follow the press where the bundled feeds are read, the world's news are searched for what they
 * follow, or `feeds` is written.
 */
export function feedsOf(
  written: FileConfig['feeds'],
  sources: readonly SourceConfig[],
  { name, problems, files }: Pick<Place, 'name' | 'problems' | 'files'>,
): Config['feeds'] {
  const countries = [...new Set(written?.countries)];
  for (const code of countries.filter((one) => !COUNTRIES.includes(one)).slice(0, MAX_NAMED))
    problems.add(name, 'feeds.countries', `"${code}" is no country`, asCode());
  const isWide = files.has(resolve(PACKAGE_ROOT, 'config/feeds.yaml')) || sources.some(({ kind }) => kind === 'search');
  return { countries, follow: written?.follow ?? (written !== null || isWide) };
}

function readSource({ block: written, path, place }: Found): SourceConfig | null {
  const whole = blockOf(written, path, place, '{ id: example, kind: rss, url: https://…, cron: "*/5 * * * *" }');
  if (!whole) return null;
  const { kind: found, guessed } = kindOf(whole, path, place, KINDS);
  const { secrets, schema, optional = [] } = found ?? sourceKinds[0]!;
  const { block, unset: variables } = withoutUnset(whole, optional, place.env);
  for (const variable of variables) place.unset.push({ id: String(block.id), variable });
  const { block: resolved, unresolved } = resolveBlock(block, path, secrets, place);
  if (guessed) unresolved.add('kind');
  if (!checkCron(block.cron, path, place)) unresolved.add('cron');
  return fitted(schema, resolved, path, place, { secrets, silent: unresolved, guessed }) as SourceConfig | null;
}

const KINDS = { kinds: sourceKinds, key: 'kind', noun: 'kind of source' } as const;

function checkCron(cron: unknown, path: string, { name, problems }: Place): boolean {
  const wrong = typeof cron === 'string' ? cronProblem(cron) : null;
  if (!wrong) return true;
  const how = 'write 5 or 6 fields, such as "*/5 * * * *" for every 5 minutes';
  problems.add(name, `${path}.cron`, `${JSON.stringify(cron)} is no schedule: ${wrong}`, how);
  return false;
}

/** Sources that post to us need a listener, and a token each: with one token they would be one voice under two names. */
export function checkPosts(sources: readonly SourceConfig[], listens: boolean, { name, problems }: Place): void {
  const kind = sourceKinds.find((one) => one.posts)?.kind;
  const posting = sources.filter((one): one is SourceConfig & { token: string } => one.kind === kind);
  if (posting.length > 0 && !listens) {
    const wrong = `"${posting[0]!.id}" has nowhere to post to`;
    problems.add(name, 'sources', wrong, 'add "web: { listen: 127.0.0.1:8080 }"');
  }
  const first = new Map<string, string>();
  for (const { id, token } of posting) {
    const earlier = claimed(first, token, id);
    const wrong = `the token of "${id}" is that of "${earlier}", too`;
    if (earlier !== undefined) problems.add(name, 'sources', wrong, 'give each source a token of its own');
  }
}

/** Faults that are named of one source. */
const MAX_NAMED = 10;

/** Countries and services that sources name must be some: of one that is mistyped nothing would ever be heard, and nobody would know. */
export function checkAskedFor(
  sources: readonly SourceConfig[],
  { services }: Catalogue,
  { name, problems }: Pick<Place, 'name' | 'problems'>,
): void {
  const ids = [NETWORK, ...services.map(({ id }) => id)];
  const lists: { key: string; known: readonly string[]; what: string; how(word: string): string }[] = [
    { key: 'country', known: COUNTRIES, what: 'is no country', how: asCode },
    { key: 'countries', known: COUNTRIES, what: 'is no country', how: asCode },
    {
      key: 'services',
      known: ids,
      what: 'is no service of the catalogue',
      how: (word) => suggestion(word, ids, NO_SERVICE),
    },
  ];
  for (const source of sources) {
    for (const { key, known, what, how } of lists) {
      const written = (source as unknown as Record<string, unknown>)[key];
      const words = Array.isArray(written) ? written : [written];
      const wrong = words.filter((one): one is string => typeof one === 'string' && !known.includes(one));
      for (const word of wrong.slice(0, MAX_NAMED))
        problems.add(name, 'sources', `"${word}" under "${key}" of "${source.id}" ${what}`, how(word));
    }
  }
}

const asCode = (): string => 'write the two letters of ISO 3166-1, such as RU';

const NO_SERVICE = 'take an id of config/services.yaml, or add it under extract.services';

/** Whom the terms of these sources want to be named, each once. */
export function creditsOf(sources: readonly SourceConfig[]): Credit[] {
  const kinds = new Set(sources.map(({ kind }) => kind));
  return sourceKinds.flatMap(({ kind, credit }) => (credit && kinds.has(kind) ? [credit] : []));
}

type Summarised = Pick<Config, 'sources' | 'feeds' | 'vantage' | 'agents'>;

/** One line for whoever starts the bot: what it sees the world by. */
export function summaryOf({ sources, feeds: { countries, follow }, vantage, agents }: Summarised): string {
  const languages = new Set(sources.flatMap((source) => (source as { lang?: string }).lang ?? [])).size;
  const works = sources.flatMap((source) => {
    const kind = sourceKinds.find((one) => one.kind === source.kind);
    return kind?.off?.(source) ? [] : [{ id: source.id, kind }];
  });
  const asked = works.filter(({ kind }) => kind?.polite);
  const posting = works.filter(({ kind }) => kind?.posts);
  const feeds = works.length - asked.length - posting.length;
  const read = feeds === 0 ? 'reads no feeds' : `reads ${many(feeds, 'feed')}`;
  const spoken = languages > 1 ? ` in ${languages} languages` : '';
  const whose = [...(countries.length > 0 ? [shortened(countries)] : []), ...(follow ? ['what chats follow'] : [])];
  const press = whose.length > 0 ? `, the press of ${whose.join(' and of ')}` : '';
  const own = [
    ...(vantage ? [`from ${vantage.data.id}`] : []),
    ...(agents.length > 0 ? [`by ${many(agents.length, 'agent')}`] : []),
  ];
  const observed = named('asks', asked) + named('takes what is posted by', posting);
  return `${read}${spoken}${press}${observed}; ${own.length > 0 ? `measures ${own.join(' and ')}` : 'no measurements of its own'}`;
}

const named = (does: string, list: readonly { id: string }[]): string =>
  list.length === 0 ? '' : `, ${does} ${shortened(list.map(({ id }) => id))}`;

const shortened = (ids: readonly string[]): string =>
  `${ids.slice(0, 5).join(', ')}${ids.length > 5 ? ` and ${ids.length - 5} more` : ''}`;

const many = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`;
