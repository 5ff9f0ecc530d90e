import { existsSync } from 'node:fs';
import { dirname, isAbsolute, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import { PERCENT_REMEDY, percentFault } from '../core/model/percent.ts';
import { LOG_LEVELS, type LogLevel } from '../platform/log.ts';
import { type AccountKinds, readAccounts } from './accounts.ts';
import { isPostgres, parseListen } from './addresses.ts';
import { readAgents } from './agents.ts';
import { addIssues, FIRST_FAULT } from './issues.ts';
import { ENVIRONMENT, Problems, shown, suggestion } from './problems.ts';
import { displayName, readData } from './read.ts';
import { type Config, DEFAULT_DATABASE, type FileConfig, fileSchema } from './schema.ts';
import { type Env, keepPassword, type Place, resolveText } from './secrets.ts';
import { checkPhrases, readCatalogue } from './services.ts';
import { readSources } from './sources.ts';
import { readVantage } from './vantage.ts';

export interface LoadOptions {
  /** `--config`; else TOCSIN_CONFIG, else `config/tocsin.yaml` here or in the package, else the built-in defaults. */
  file?: string | null;
  env: Env;
  /** Relative names on the command line, in the environment and of the database start here. */
  cwd: string;
}

/** Where the bundled `config/` lies. */
export const PACKAGE_ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** What every reader of a part is handed. */
export interface Loading {
  env: Env;
  cwd: string;
  packageRoot: string;
  problems: Problems;
  redactions: Set<string>;
  files: Set<string>;
}

/** Reads, checks and completes the configuration; throws one `config_invalid` that names every problem. */
export async function loadConfig(options: LoadOptions): Promise<Config> {
  const loading: Loading = {
    env: options.env,
    cwd: options.cwd,
    packageRoot: PACKAGE_ROOT,
    problems: new Problems(),
    redactions: new Set(),
    files: new Set(),
  };
  const { problems } = loading;
  const logLevel = readLogLevel(loading);
  const file = findFile(options);
  const name = file ? displayName(file, options.cwd) : 'built-in defaults';
  if (file) loading.files.add(file);
  const data = file ? await readData(file, name, problems) : {};
  // What stands in a broken file is not known: nothing more can be said about it.
  if (data === undefined) problems.raise();

  const root = checkRoot(data, name, problems);
  const place: Place = {
    name,
    folder: file ? dirname(file) : options.cwd,
    env: options.env,
    problems,
    redactions: loading.redactions,
  };
  const accounts = readAccounts(root.accounts, place);
  const sources = await readSources(root, place, file, loading);
  const catalogue = await readCatalogue(root, place, loading);
  await checkPhrases(root, place, loading);
  const vantage = await readVantage(root.vantage ?? null, place, loading);
  // A faulty "web" is told already.
  const listens = root.web !== null || (data as { web?: unknown }).web != null;
  const agents = readAgents(root.agents, place, { listens, vantageId: vantage?.data.id ?? null });
  const operators = readOperators(root.operators, place, accounts.platforms);
  const model = readModel(root.extract.model, place);
  const database = readDatabase(root.database, place, loading);
  problems.raise();

  const listen = root.web ? parseListen(root.web.listen) : null;
  return {
    file,
    files: [...loading.files],
    database,
    accounts: accounts.accounts,
    sources,
    catalogue,
    phrases: root.extract.phrases,
    model,
    policy: root.policy,
    network: { ...root.network, proxy: keepPassword(root.network.proxy, loading.redactions) },
    vantage,
    web: root.web && listen ? { ...listen, publicUrl: root.web.publicUrl } : null,
    agents,
    operators,
    logLevel,
    redactions: [...loading.redactions],
  };
}

/** The endpoint of a language model; its key may be a reference, and is never printed. */
function readModel(model: FileConfig['extract']['model'], place: Place): Config['model'] {
  if (model === null) return null;
  const { url, name, timeout, perHour } = model;
  const key = model.key === null ? null : resolveText(model.key, 'extract.model.key', true, place);
  if (key) place.redactions.add(key);
  return { url, name, key, timeoutMs: timeout, perHour };
}

function findFile({ file, env, cwd }: LoadOptions): string | null {
  const named = file ?? env.TOCSIN_CONFIG?.trim();
  if (named) return resolve(cwd, named);
  return (
    [resolve(cwd, 'config/tocsin.yaml'), resolve(PACKAGE_ROOT, 'config/tocsin.yaml')].find((path) =>
      existsSync(path),
    ) ?? null
  );
}

/** The top level, with the parts that are wrong replaced by their defaults so that the rest can be checked too. */
function checkRoot(data: unknown, name: string, problems: Problems): FileConfig {
  if (data === null || typeof data !== 'object' || Array.isArray(data)) {
    problems.add(name, '', 'should be a block of keys', 'see config/tocsin.example.yaml');
    return v.parse(fileSchema, {});
  }
  const result = v.safeParse(fileSchema, data, FIRST_FAULT);
  if (result.success) return result.output;
  addIssues(result.issues, fileSchema, { name, path: '', problems });
  const faulty = new Set(result.issues.map((issue) => String(issue.path?.[0]?.key)));
  const known = Object.keys(fileSchema.entries);
  const sound = Object.entries(data).filter(([key]) => known.includes(key) && !faulty.has(key));
  return v.parse(fileSchema, Object.fromEntries(sound));
}

function readLogLevel({ env, problems }: Loading): LogLevel {
  const named = env.TOCSIN_LOG?.trim().toLowerCase();
  if (!named) return 'info';
  const level = LOG_LEVELS.find((known) => known === named);
  if (!level) problems.add(ENVIRONMENT, 'TOCSIN_LOG', 'is no log level', suggestion(named, LOG_LEVELS));
  return level ?? 'info';
}

function readOperators(operators: unknown[], { name, problems }: Place, platforms: AccountKinds): string[] {
  for (const [i, operator] of operators.entries()) {
    const [, platform, id] = /^([a-z]+):(\S+)$/.exec(typeof operator === 'string' ? operator : '') ?? [];
    const path = `operators[${i}]`;
    if (!platform || !id) {
      const how = 'write it as "platform:id", such as "telegram:12345" or "matrix:@ann:example.org", in quotes';
      problems.add(name, path, `${shown(operator)} names no person`, how);
    } else if (!platforms.includes(platform)) {
      problems.add(name, path, `${JSON.stringify(platform)} is no platform`, suggestion(platform, platforms));
    }
  }
  return operators.map(String);
}

/** `TOCSIN_DATABASE` stands before the file: whoever starts the process knows best where its data may lie. */
function readDatabase(written: string | undefined, place: Place, { env, cwd, redactions }: Loading): string {
  const fromEnv = env.TOCSIN_DATABASE?.trim();
  const at: Place = fromEnv ? { ...place, name: ENVIRONMENT, folder: cwd } : place;
  const path = fromEnv ? 'TOCSIN_DATABASE' : 'database';
  const text = resolveText(fromEnv || written || DEFAULT_DATABASE, path, true, at);
  if (text === null || text === ':memory:') return text ?? '';
  // What stands in the file was looked at when it was read.
  const malformed = fromEnv === text ? percentFault(text) : null;
  if (malformed !== null) at.problems.add(at.name, path, malformed, PERCENT_REMEDY);
  if (isPostgres(text)) {
    if (URL.parse(text) === null)
      at.problems.add(at.name, path, 'is no PostgreSQL address', 'write it as postgres://user@host/database');
    keepPassword(text, redactions);
    return text;
  }
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(text)) {
    at.problems.add(
      at.name,
      path,
      `${JSON.stringify(text.split('://')[0])} is no database that Tocsin knows`,
      'name a file, or postgres://user@host/database',
    );
  }
  return isAbsolute(text) ? text : resolve(cwd, text);
}
