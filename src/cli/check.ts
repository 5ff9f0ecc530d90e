import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { loadConfig } from '../config/load.ts';
import { displayName } from '../config/read.ts';
import type { Config } from '../config/schema.ts';
import { systemClock } from '../platform/clock.ts';
import { createIds } from '../platform/ids.ts';
import { createLog, createSecrets, paintFor } from '../platform/log.ts';
import { type CheckDeps, type Row, tableOf } from './check-table.ts';
import { checkAccounts, checkDatabase, checkPictures, checkSources, heartbeatAge } from './looks.ts';

/** The running bot beats every 30 s. */
const ALIVE_WITHIN = 120_000;

/** 0 all well, 1 something is wrong, 2 the config is. Changes nothing: it may run beside a running bot. */
export async function run(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      config: { type: 'string' },
      json: { type: 'boolean' },
      /** The config alone. */
      offline: { type: 'boolean' },
      /** Only: does a bot run on this database? For a container's health check. */
      alive: { type: 'boolean' },
    },
  });
  const config = await loadConfig({ file: values.config ?? null, env: process.env, cwd: process.cwd() });
  const secrets = createSecrets(config.redactions);
  // What fails stands in the table; what the parts would log on top of it is noise here.
  const log = createLog({ clock: systemClock, level: 'error', secrets, write: () => {} });
  const deps: CheckDeps = {
    config,
    clock: systemClock,
    ids: createIds(systemClock),
    log,
    signal: new AbortController().signal,
  };
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
  const vantage = config.vantage
    ? (await import('./looks.ts')).checkVantage(config.vantage, deps)
    : Promise.resolve([]);
  const [database, accounts, sources, pictures, probe] = await Promise.all([
    checkDatabase(deps),
    checkAccounts(deps),
    checkSources(deps),
    checkPictures(deps),
    vantage,
  ]);
  return [...database, ...accounts, ...sources, ...pictures, ...probe];
}

function configRow(config: Config): Row {
  const { accounts, sources, catalogue } = config;
  const many = (n: number, noun: string) => `${n} ${noun}${n === 1 ? '' : 's'}`;
  const counts = [
    many(accounts.length, 'account'),
    many(sources.length, 'source'),
    many(catalogue.services.length, 'service'),
  ].join(', ');
  const name = config.file ? displayName(config.file, process.cwd()) : 'built-in defaults';
  return { part: 'config', name, ok: true, detail: counts };
}

async function alive(deps: CheckDeps): Promise<number> {
  const { database } = deps.config;
  const isFile = !/^postgres/i.test(database) && database !== ':memory:';
  const age = isFile && !existsSync(database) ? null : await heartbeatAge(deps);
  const ok = age !== null && age < ALIVE_WITHIN;
  const said = age === null ? 'no heartbeat' : `last heartbeat ${Math.round(age / 1_000)} s ago`;
  process.stdout.write(`${ok ? 'alive' : 'not alive'}: ${said}\n`);
  return ok ? 0 : 1;
}
