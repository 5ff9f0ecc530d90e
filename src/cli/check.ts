import { displayName } from '../config/read.ts';
import type { Config } from '../config/schema.ts';
import { paintFor } from '../platform/log.ts';
import {
  beatOf,
  type CheckDeps,
  checkAccounts,
  checkDatabase,
  checkPictures,
  checkSources,
  checkVantage,
  type Row,
  tableOf,
} from './looks.ts';
import { configOf, counted, isThere, optionsOf, runtimeOf, UNSAID } from './runtime.ts';

/** 0 all well, 1 something is wrong, 2 the config is. Changes nothing: it may run beside a running bot. */
export async function run(args: string[]): Promise<number> {
  // `offline`: the config alone; `alive`: only whether a bot runs on this database, for a container's health check.
  const { values } = optionsOf(args, ['config'], ['json', 'offline', 'alive']);
  const config = await configOf(values.config);
  // What fails stands in the table; what the parts would log on top of it is noise here.
  const { secrets, ...runtime } = runtimeOf(config, 'error', UNSAID);
  const deps: CheckDeps = { config, ...runtime };
  if (values.alive) return alive(deps);

  const rows: Row[] = [configRow(config)];
  if (!values.offline) rows.push(...(await everything(deps)));
  const safe = rows.map((row) => ({ ...row, name: secrets.redact(row.name), detail: secrets.redact(row.detail) }));
  const failed = safe.filter((row) => !row.ok).length;
  if (values.json) for (const row of safe) process.stdout.write(`${JSON.stringify(row)}\n`);
  else {
    const sentence = failed === 0 ? 'All is well.' : `Of ${safe.length} parts, ${failed} failed.`;
    const paint = paintFor(process.stdout, process.env);
    process.stdout.write(`${tableOf(safe, paint)}\n${paint(failed === 0 ? 'good' : 'bad', sentence)}\n`);
  }
  return failed === 0 ? 0 : 1;
}

async function everything(deps: CheckDeps): Promise<Row[]> {
  const { config } = deps;
  const rows = await Promise.all([
    checkDatabase(deps),
    checkAccounts(deps),
    checkSources(deps),
    checkPictures(deps),
    config.vantage ? checkVantage(config.vantage, deps) : [],
  ]);
  return rows.flat();
}

function configRow(config: Config): Row {
  const { accounts, sources, catalogue } = config;
  const counts = [
    counted(accounts.length, 'account'),
    counted(sources.length, 'source'),
    counted(catalogue.services.length, 'service'),
  ].join(', ');
  const name = config.file ? displayName(config.file, process.cwd()) : 'built-in defaults';
  return { part: 'config', name, ok: true, detail: counts };
}

async function alive(deps: CheckDeps): Promise<number> {
  const { database } = deps.config;
  const beat = database === ':memory:' || isThere(database) ? await beatOf(deps) : null;
  const at = beat?.at ?? null;
  const said = at === null ? 'no heartbeat' : `last heartbeat ${Math.round((deps.clock.now() - at) / 1_000)} s ago`;
  process.stdout.write(`${beat?.running ? 'alive' : 'not alive'}: ${said}\n`);
  return beat?.running ? 0 : 1;
}
