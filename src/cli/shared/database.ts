import { loadConfig } from '../../config/load.ts';
import type { Store } from '../../core/ports/store.ts';
import { systemClock } from '../../platform/clock.ts';
import { createIds } from '../../platform/ids.ts';
import { createLog, createSecrets } from '../../platform/log.ts';
import { openStore } from '../../store/open.ts';

/** The store that `--database` names, else the config's; `--database` needs no config. */
export async function openDatabase(
  flags: { config?: string; database?: string },
  options: { readOnly: boolean },
): Promise<Store> {
  const clock = systemClock;
  if (flags.database !== undefined) {
    const log = createLog({ clock, level: 'warn', secrets: createSecrets([flags.database]) });
    return openStore(flags.database, { clock, log, ids: createIds(clock) }, options);
  }
  const config = await loadConfig({ file: flags.config ?? null, env: process.env, cwd: process.cwd() });
  const log = createLog({ clock, level: config.logLevel, secrets: createSecrets(config.redactions) });
  return openStore(config.database, { clock, log, ids: createIds(clock) }, options);
}

/** One file argument, `-` for the pipe. */
export const FILE_OPTIONS = { config: { type: 'string' }, database: { type: 'string' } } as const;

/** What was moved, for people: tables with rows, and the sum. */
export function summary(digests: { table: string; rows: number; checksum: string }[]): string {
  const filled = digests.filter(({ rows }) => rows > 0);
  const lines = filled.map(
    ({ table, rows, checksum }) => `${table.padEnd(18)} ${String(rows).padStart(10)}  ${checksum.slice(0, 16)}`,
  );
  const rows = filled.reduce((sum, digest) => sum + digest.rows, 0);
  return [...lines, `${rows} rows in ${filled.length} tables.`].join('\n');
}
