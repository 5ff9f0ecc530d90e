import { closeSync, existsSync, fsyncSync, openSync, writeFileSync } from 'node:fs';
import { loadConfig } from '../config/load.ts';
import type { Config } from '../config/schema.ts';
import { isPostgres } from '../config/secrets.ts';
import { systemClock } from '../platform/clock.ts';
import { createIds } from '../platform/ids.ts';
import { createLog, createSecrets, type LogLevel } from '../platform/log.ts';

/** What commands begin with. */

/** The configuration that `--config` names, or the usual one. Throws `config_invalid`. */
export const configOf = (file: string | null | undefined): Promise<Config> =>
  loadConfig({ file: file ?? null, env: process.env, cwd: process.cwd() });

/** The machine's clock, ids, and a log that shows no secret of the configuration. `write`: default stderr. */
export function runtimeOf({ redactions }: Pick<Config, 'redactions'>, level: LogLevel, write?: (line: string) => void) {
  const clock = systemClock;
  const secrets = createSecrets(redactions);
  return { clock, ids: createIds(clock), log: createLog({ clock, level, secrets, write }), secrets };
}

/** Is there a database to look into? One in memory is another's. */
export const isThere = (database: string): boolean =>
  database !== ':memory:' && (isPostgres(database) || existsSync(database));

/** The running bot beats every 30 s (`app/housekeeping.ts`). */
export const ALIVE_WITHIN = 120_000;

export const counted = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;

/** A file that is not there yet, whole on the disk when this returns. */
export function writeNew(file: string, text: string, mode: number): void {
  const handle = openSync(file, 'wx', mode);
  try {
    writeFileSync(handle, text);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
