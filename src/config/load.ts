import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { LOG_LEVELS, type LogLevel } from '../platform/log-level.ts';
import { hasChat, readAccounts } from './accounts.ts';
import { parseListen } from './addresses.ts';
import { readAgents } from './agents.ts';
import { checkAskedFor } from './asked-for.ts';
import { readBaseline } from './baseline.ts';
import { readDatabase } from './database.ts';
import { type Loading, PACKAGE_ROOT } from './loading.ts';
import { readOperators } from './operators.ts';
import { checkPosts } from './posts.ts';
import { ENVIRONMENT, Problems, suggestion } from './problems.ts';
import { displayName, readData } from './read.ts';
import { checkRoot } from './root.ts';
import type { Config, FileConfig, WebConfig } from './schema.ts';
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

/** Reads, checks and completes the configuration; throws one `config_invalid` that names every problem. */
export async function loadConfig(options: LoadOptions): Promise<Config> {
  const loading: Loading = {
    env: options.env,
    cwd: options.cwd,
    packageRoot: PACKAGE_ROOT,
    problems: new Problems(),
    redactions: new Set(),
    files: new Set(),
    unset: [],
  };
  const { problems } = loading;
  const logLevel = readLogLevel(loading);
  const file = findFile(options);
  const name = file ? displayName(file, options.cwd) : 'built-in defaults';
  if (file) loading.files.add(file);
  const data = file ? await readData(file, name, problems) : {};
  const place: Place = {
    name,
    folder: file ? dirname(file) : options.cwd,
    env: options.env,
    problems,
    redactions: loading.redactions,
  };
  // What stands in a broken file is not known: only the environment is left to be checked.
  if (data === undefined) {
    readDatabase(undefined, place, loading);
    problems.raise();
  }
  const root = checkRoot(data, name, problems);
  const parts = await readParts(root, data, place, { file, loading });
  problems.raise();
  const listen = root.web ? parseListen(root.web.listen) : null;
  return {
    ...parts,
    file,
    files: [...loading.files],
    unset: loading.unset,
    phrases: root.extract.phrases,
    policy: root.policy,
    network: { ...root.network, proxy: keepPassword(root.network.proxy, loading.redactions) },
    web: root.web && listen ? webOf(root.web, listen) : null,
    logLevel,
    redactions: [...loading.redactions],
  };
}

/** Who names an address for people wants them to find something there. */
const webOf = (
  { publicUrl, pages, trustProxy }: NonNullable<FileConfig['web']>,
  listen: { host: string; port: number },
): WebConfig => ({ ...listen, publicUrl, pages: pages ?? publicUrl !== null, trustProxy });

type Parts = Pick<
  Config,
  'accounts' | 'sources' | 'catalogue' | 'baseline' | 'vantage' | 'agents' | 'operators' | 'model' | 'database'
>;

/** Each part by its own loader; all of them, whatever is wrong with one. */
async function readParts(
  root: FileConfig,
  data: unknown,
  place: Place,
  { file, loading }: { file: string | null; loading: Loading },
): Promise<Parts> {
  const accounts = readAccounts(root.accounts, place);
  const sources = await readSources(root, place, file, loading);
  const catalogue = await readCatalogue(root, place, loading);
  const baseline = await readBaseline(root.baseline, catalogue, place, loading);
  await checkPhrases(root, place, loading);
  const vantage = await readVantage(root.vantage ?? null, place, loading);
  // A faulty "web" is reported already.
  const listens = root.web !== null || (data as { web?: unknown }).web != null;
  checkPosts(sources, listens, place);
  checkAskedFor(sources, catalogue, place);
  // Loaded where it is needed: it knows names and languages that few commands want.
  if (accounts.accounts.some(hasChat)) (await import('./follow.ts')).checkFollow(accounts.accounts, catalogue, place);
  const agents = readAgents(root.agents, place, { listens, vantageId: vantage?.data.id ?? null });
  const operators = readOperators(root.operators, place, accounts.platforms);
  const model = readModel(root.extract.model, place);
  const database = readDatabase(root.database, place, loading);
  return { accounts: accounts.accounts, sources, catalogue, baseline, vantage, agents, operators, model, database };
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

function readLogLevel({ env, problems }: Loading): LogLevel {
  const named = env.TOCSIN_LOG?.trim().toLowerCase();
  if (!named) return 'info';
  const level = LOG_LEVELS.find((known) => known === named);
  if (!level) problems.add(ENVIRONMENT, 'TOCSIN_LOG', 'is no log level', suggestion(named, LOG_LEVELS));
  return level ?? 'info';
}
