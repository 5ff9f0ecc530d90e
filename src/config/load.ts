import { existsSync, statSync } from 'node:fs';
import { dirname, isAbsolute, resolve, sep } from 'node:path';
import * as v from 'valibot';
import { orNull } from '../core/errors.ts';
import { PERCENT_REMEDY, percentFault, readPostgresAddress } from '../core/model/connection-address.ts';
import { LOG_LEVELS, type LogLevel } from '../platform/log.ts';
import { hasChat, readAccounts, readAgents, readOperators, readVantage } from './accounts.ts';
import { checkPhrases, readBaseline, readCatalogue } from './catalogue.ts';
import { ENVIRONMENT, FIRST_FAULT, Problems, addIssues, suggestion } from './problems.ts';
import { above, displayName, readData } from './read.ts';
import { type Config, DEFAULT_DATABASE, type FileConfig, fileSchema } from './schema.ts';
import { type Env, PACKAGE_ROOT, type Place, isPostgres, keepPassword, resolveText } from './secrets.ts';
import { checkAskedFor, checkPosts, feedsOf, readSources } from './sources.ts';

const POSTGRES = 'write it as postgres://user@host/database';
const KNOWN = 'name a file, or postgres://user@host/database';

/**
 * Where the data lies: an address of PostgreSQL, an absolute path, or `:memory:`. `TOCSIN_DATABASE` stands before the file: whoever starts the
 * process knows best where its data may lie.
 */
function readDatabase(written: string | undefined, place: Place): string {
  const { env, cwd, redactions } = place;
  const fromEnv = env.TOCSIN_DATABASE?.trim();
  const at: Place = fromEnv ? { ...place, name: ENVIRONMENT, folder: cwd } : place;
  const path = fromEnv ? 'TOCSIN_DATABASE' : 'database';
  const text = resolveText(fromEnv || written || DEFAULT_DATABASE, path, true, at);
  if (text === null || text === ':memory:') return text ?? '';
  // What stands in the file was looked at when it was read.
  const malformed = fromEnv === text ? percentFault(text) : null;
  if (malformed !== null) at.problems.add(at.name, path, malformed, PERCENT_REMEDY);
  if (isPostgres(text)) {
    const address = readPostgresAddress(text);
    if (typeof address === 'string') at.problems.add(at.name, path, address, POSTGRES);
    else if (/^postgres(ql)?:\/\/\/?(#.*)?$/i.test(text))
      at.problems.add(at.name, path, 'names no host and no database', POSTGRES);
    keepPassword(text, redactions);
    return text;
  }
  const fault = fileFault(text, cwd);
  if (fault !== null) at.problems.add(at.name, path, fault[0], fault[1]);
  return isAbsolute(text) ? text : resolve(cwd, text);
}

/** Why this can be no file of ours, and the remedy; null where it may be one. Changes nothing. */
function fileFault(text: string, cwd: string): [wrong: string, remedy: string] | null {
  // One letter is a drive of Windows.
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(text)?.[1];
  if (scheme !== undefined) {
    const nearly = /^postgres/i.test(scheme) ? POSTGRES : KNOWN;
    return [`${JSON.stringify(scheme)} is no database that Tocsin knows`, nearly];
  }
  const file = resolve(cwd, text);
  if (text.endsWith('/') || text.endsWith(sep) || isFolder(file)) return [`${text} is a folder`, 'name a file in it'];
  const place = above(file);
  return isFolder(place) ? null : [`${place} is no folder, so ${text} cannot lie in it`, 'correct the path'];
}

const isFolder = (path: string): boolean => orNull(() => statSync(path).isDirectory()) ?? false;

type Loose = Record<string, unknown>;

/** The top level, with what is wrong in it left out, so that all the rest can be checked too. */
function checkRoot(data: unknown, name: string, problems: Problems): FileConfig {
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

interface LoadOptions {
  /** `--config`; else TOCSIN_CONFIG, else `config/tocsin.yaml` here or in the package, else the built-in defaults. */
  file?: string | null;
  env: Env;
  /** Relative names on the command line, in the environment and of the database start here. */
  cwd: string;
}

/** Reads, checks and completes the configuration; throws one `config_invalid` that names every problem. */
export async function loadConfig(options: LoadOptions): Promise<Config> {
  const { env, cwd } = options;
  const file = findFile(options);
  const name = file ? displayName(file, cwd) : 'built-in defaults';
  const problems = new Problems();
  const place: Place = {
    name,
    folder: file ? dirname(file) : cwd,
    env,
    cwd,
    problems,
    redactions: new Set(),
    files: new Set(file ? [file] : []),
    unset: [],
  };
  const logLevel = readLogLevel(place);
  const data = file ? await readData(file, name, problems) : {};
  // What stands in a broken file is not known: only the environment is left to be checked.
  if (data === undefined) {
    readDatabase(undefined, place);
    problems.raise();
  }
  const root = checkRoot(data, name, problems);
  const parts = await readParts(root, data, place, file);
  problems.raise();
  return {
    ...parts,
    file,
    files: [...place.files],
    unset: place.unset,
    phrases: root.extract.phrases,
    encoder: root.extract.encoder,
    policy: root.policy,
    network: { ...root.network, proxy: keepPassword(root.network.proxy, place.redactions) },
    web: root.web,
    about: root.about,
    remindOfBackups: root.remindOfBackups,
    logLevel,
    redactions: [...place.redactions],
  };
}

/** Each part by its own loader; all of them, whatever is wrong with one. */
async function readParts(root: FileConfig, data: unknown, place: Place, file: string | null) {
  const accounts = readAccounts(root.accounts, place);
  const sources = await readSources(root, place, file);
  const feeds = feedsOf(root.feeds, sources, place);
  const catalogue = await readCatalogue(root, place);
  const baseline = await readBaseline(root.baseline, catalogue, place);
  checkPhrases(root, place);
  const vantage = await readVantage(root.vantage ?? null, place);
  // A faulty "web" is reported already.
  const listens = root.web !== null || (data as { web?: unknown }).web != null;
  checkPosts(sources, listens, place);
  checkAskedFor(sources, catalogue, place);
  // Loaded where it is needed: it knows names and languages that few commands want.
  if (accounts.some(hasChat)) (await import('./follow.ts')).checkFollow(accounts, catalogue, place);
  const agents = readAgents(root.agents, place, { listens, vantageId: vantage?.data.id ?? null });
  const operators = readOperators(root.operators, place);
  const model = readModel(root.extract.model, place);
  const database = readDatabase(root.database, place);
  return { accounts, sources, feeds, catalogue, baseline, vantage, agents, operators, model, database };
}

/** The endpoint of a language model; its key may be a reference, and is never printed. */
function readModel(model: FileConfig['extract']['model'], place: Place): Config['model'] {
  if (model === null) return null;
  const { timeout: timeoutMs, ...rest } = model;
  const key = model.key === null ? null : resolveText(model.key, 'extract.model.key', true, place);
  if (key) place.redactions.add(key);
  return { ...rest, key, timeoutMs };
}

/** The file that these would name, absolute; null = there is none. */
export function findFile({ file, env, cwd }: LoadOptions): string | null {
  const named = file ?? env.TOCSIN_CONFIG?.trim();
  if (named) return resolve(cwd, named);
  const usual = [cwd, PACKAGE_ROOT].map((folder) => resolve(folder, 'config/tocsin.yaml'));
  return usual.find((path) => existsSync(path)) ?? null;
}

function readLogLevel({ env, problems }: Place): LogLevel {
  const named = env.TOCSIN_LOG?.trim().toLowerCase();
  if (!named) return 'info';
  const level = LOG_LEVELS.find((known) => known === named);
  if (!level) problems.add(ENVIRONMENT, 'TOCSIN_LOG', 'is no log level', suggestion(named, LOG_LEVELS));
  return level ?? 'info';
}
