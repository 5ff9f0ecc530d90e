import type { Beat } from '../app/housekeeping.ts';
import { findFile, loadConfig } from '../config/load.ts';
import type { Config } from '../config/schema.ts';
import { afterwards } from '../core/errors.ts';
import type { SharedStore } from '../core/ports/leases.ts';
import type { Clock } from '../core/ports/runtime.ts';
import { type OpenOptions, openStore } from '../store/open.ts';
import { runningBot } from './running-bot.ts';
import { ALIVE_WITHIN, configOf, type Runtime, runtimeOf } from './runtime.ts';

/** The store that `--database` names, else the config's; `--database` needs no config. */
export async function openDatabase(flags: { config?: string; database?: string }, options: OpenOptions) {
  const { database } = flags;
  if (database !== undefined) return openStore(database, runtimeOf({ redactions: [database] }, 'warn'), options);
  const config = await (options.readOnly || options.beside ? besideConfigOf : configOf)(flags.config);
  return openStore(config.database, runtimeOf(config, config.logLevel), options);
}

/** As the bot reads it that runs with this file: with its environment, behind one's own, and from where it was begun; whoever names the database knows better. */
async function besideConfigOf(named: string | undefined): Promise<Config> {
  const place = { env: process.env, cwd: process.cwd() };
  const file = findFile({ file: named ?? null, ...place });
  const bot = place.env.TOCSIN_DATABASE ? null : runningBot(file, place.cwd);
  return loadConfig({ file, env: { ...bot?.env, ...place.env }, cwd: bot?.cwd ?? place.cwd });
}

/** Reads a database beside a running bot. */
export async function reading<T>(
  database: string,
  { clock, log, ids }: Runtime,
  read: (store: SharedStore) => Promise<T>,
  options: Pick<OpenOptions, 'beside'> = {},
): Promise<T> {
  const store = await openStore(database, { clock, log, ids }, { readOnly: true, ...options });
  await using _ = afterwards(() => store.close());
  return await read(store);
}

/** A command that only looks: at the configuration, and at its database; `beside`: to leave it a word. Resolves with the exit code. */
export async function looking(
  file: string | undefined,
  look: (at: { config: Config; store: SharedStore; clock: Clock }) => Promise<void>,
  options: Pick<OpenOptions, 'beside'> = {},
): Promise<number> {
  const config = await besideConfigOf(file);
  const runtime = runtimeOf(config, config.logLevel);
  await reading(config.database, runtime, (store) => look({ config, store, clock: runtime.clock }), options);
  return 0;
}

/** Does a bot run on this database, as which process, and when was it last known to? ms since the epoch, null = never. */
export async function lastBeat(store: Pick<SharedStore, 'state' | 'inUse'>, clock: Pick<Clock, 'now'>) {
  const beat = (await store.state('app').get('heartbeat')) as Beat | null | undefined;
  const at = beat?.at ?? null;
  return {
    running: (await store.inUse()) ?? (at !== null && beat?.ended !== true && clock.now() - at < ALIVE_WITHIN),
    at,
    pid: beat?.pid ?? null,
  };
}
