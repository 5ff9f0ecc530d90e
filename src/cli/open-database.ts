import type { Config } from '../config/schema.ts';
import type { SharedStore } from '../core/ports/leases.ts';
import type { Clock, Log } from '../core/ports/runtime.ts';
import type { Store } from '../core/ports/store.ts';
import { type OpenOptions, openStore } from '../store/open.ts';
import { ALIVE_WITHIN, configOf, runtimeOf } from './runtime.ts';

/** The store that `--database` names, else the config's; `--database` needs no config. */
export async function openDatabase(
  flags: { config?: string; database?: string },
  options: { readOnly: boolean },
): Promise<Store> {
  const { database } = flags;
  if (database !== undefined) return openStore(database, runtimeOf({ redactions: [database] }, 'warn'), options);
  const config = await configOf(flags.config);
  return openStore(config.database, runtimeOf(config, config.logLevel), options);
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

/** What the commands that only look share: config, and the store opened for reading beside a running bot; `beside`: to leave it a word. */
export async function openForReading(
  file: string | undefined,
  options: Pick<OpenOptions, 'beside'> = {},
): Promise<{ config: Config; store: SharedStore; clock: Clock; log: Log }> {
  const config = await configOf(file);
  const { clock, ids, log } = runtimeOf(config, config.logLevel);
  const store = await openStore(config.database, { clock, log, ids }, { readOnly: true, ...options });
  return { config, store, clock, log };
}

/** Does a bot run on this database, and when was it last known to? ms since the epoch, null = never. */
export async function lastBeat(
  store: Pick<Store, 'state'>,
  clock: Pick<Clock, 'now'>,
): Promise<{ running: boolean; at: number | null }> {
  const beat = (await store.state('app').get('heartbeat')) as { at: number } | null | undefined;
  const at = beat?.at ?? null;
  return { running: at !== null && clock.now() - at < ALIVE_WITHIN, at };
}
