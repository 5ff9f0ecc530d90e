import { dirname, resolve } from 'node:path';
import * as v from 'valibot';
import { addIssues, FIRST_FAULT, suggestion } from './problems.ts';
import { displayName, readData, replaceMissing } from './read.ts';
import { PACKAGE_ROOT, type Place } from './secrets.ts';

/** What the loaders of accounts, sources, agents, services share: a block of keys, its kind, its schema, its file. */

type Block = Record<string, unknown>;
/** What a register's line tells of its blocks. */
interface Kind {
  schema: v.GenericSchema;
}
type Named = Pick<Place, 'name' | 'problems'>;

/** Null, and a problem, where it is no block; `example`: how one looks. */
export function blockOf(block: unknown, path: string, { name, problems }: Named, example: string): Block | null {
  if (block !== null && typeof block === 'object' && !Array.isArray(block)) return block as Block;
  problems.add(name, path, 'should be a block of keys', `such as ${example}`);
  return null;
}

/**
 * What a block is by its `key` ("kind", "platform"); where it names none that there is, that is reported, and the likeliest serves to find what else is
 * wrong. `noun`: what it should have named.
 */
export function kindOf<K extends string, T extends Kind & Record<K, string>>(
  block: Block,
  path: string,
  { name, problems }: Named,
  { kinds, key, noun }: { kinds: readonly T[]; key: K; noun: string },
): { kind: T | null; guessed: boolean } {
  const written = block[key];
  const kind = kinds.find((one) => one[key] === written);
  if (kind) return { kind, guessed: false };
  const names = kinds.map((one) => one[key]);
  if (written === undefined) problems.add(name, `${path}.${key}`, 'is missing', `add one of: ${names.join(', ')}`);
  else {
    const wrong = `${JSON.stringify(written)} is no ${noun}`;
    problems.add(name, `${path}.${key}`, wrong, suggestion(String(written), names));
  }
  return { kind: likeliest(block, kinds, key), guessed: true };
}

/**
 * The kind that a block most looks like, by its keys, so that whatever else is wrong with it can be reported as well. Among equals the first of the
 * register; null where the block looks like none.
 */
function likeliest<T extends Kind>(block: Block, kinds: readonly T[], own: string): T | null {
  let best: { kind: T; score: number } | null = null;
  for (const kind of kinds) {
    const { entries } = kind.schema as { entries?: object };
    const known = Object.keys(entries ?? {}).filter((key) => key !== own);
    const score = Object.keys(block).filter((key) => known.includes(key)).length;
    if (score > 0 && (best === null || score > best.score)) best = { kind, score };
  }
  return best?.kind ?? null;
}

/** As the schema yields it; null where it does not fit, which is reported, or where a key of `silent` was at fault before. */
export function fitted<S extends v.GenericSchema>(
  schema: S,
  block: unknown,
  path: string,
  { name, problems }: Named,
  more: { secrets?: readonly string[]; silent?: ReadonlySet<string>; guessed?: boolean } = {},
): v.InferOutput<S> | null {
  const result = v.safeParse(schema, block, FIRST_FAULT);
  if (result.success) return (more.silent?.size ?? 0) > 0 ? null : result.output;
  addIssues(result.issues, schema, { name, path, problems, ...more });
  return null;
}

/** Takes a key that only one may have; who has it already, if somebody does. */
export function claimed<K, H>(holders: Map<K, H>, key: K, holder: H): H | undefined {
  const earlier = holders.get(key);
  if (earlier === undefined) holders.set(key, holder);
  return earlier;
}

/**
 * Reports ids that stand twice, and gives what has them in vain. A faulty block still uses up its id: both faults are reported at once. `first`: who has
 * an id already.
 */
export function doubled<T extends Claim>(noun: string, all: readonly T[], first = new Map<unknown, Claim>()): Set<T> {
  const twice = new Set<T>();
  for (const one of all) {
    const { id, path, place } = one;
    const earlier = typeof id === 'string' ? claimed(first, id, one) : undefined;
    if (!earlier) continue;
    twice.add(one);
    const where = earlier.place.name === place.name ? earlier.path : `${earlier.place.name}: ${earlier.path}`;
    const wrong = `${JSON.stringify(id)} is the id of ${where}, too`;
    place.problems.add(place.name, `${path}.id`, wrong, `give each ${noun} an id of its own`);
  }
  return twice;
}

interface Claim {
  id: unknown;
  path: string;
  place: Named;
}

/** Names a file that comes with Tocsin, wherever the config lies. */
const BUNDLED = 'bundled:';

/** A file as another names it: relative to that one, or one that comes with Tocsin. */
export function placeOf(written: string, from: Place): Place & { file: string } {
  const isBundled = written.startsWith(BUNDLED);
  const file = isBundled
    ? resolve(PACKAGE_ROOT, 'config', written.slice(BUNDLED.length))
    : resolve(from.folder, written);
  return { ...from, file, name: isBundled ? written : displayName(file, from.cwd), folder: dirname(file) };
}

/** The data of a file; undefined = it is at fault, which is reported: where it is named, if it is not there. `named` null: it comes with Tocsin. */
export async function readPart(
  { file, name, files, problems }: ReturnType<typeof placeOf>,
  named: { file: string; path: string; remedy?: string } | null,
): Promise<unknown> {
  files.add(file);
  const data = await readData(file, name, problems);
  const remedy = 'create it, or correct its name (it is relative to the file that names it)';
  if (data === undefined && named) replaceMissing(problems, name, { remedy, ...named });
  return data;
}
