import { accessSync, existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
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

export type Runtime = Pick<ReturnType<typeof runtimeOf>, 'clock' | 'ids' | 'log'>;

/** The machine's clock, ids, and a log that shows no secret of the configuration. `log`: where its lines go, default stderr, and how they look. */
export function runtimeOf(
  { redactions }: Pick<Config, 'redactions'>,
  level: LogLevel,
  log: Pick<Parameters<typeof createLog>[0], 'write' | 'terminal'> = {},
) {
  const clock = systemClock;
  const secrets = createSecrets(redactions);
  return { clock, ids: createIds(clock), log: createLog({ clock, level, secrets, ...log }), secrets };
}

/** Options with a value and switches, as `parseArgs` reads them and refuses others; with `words`, what stands beside them as well. */
export function optionsOf<Text extends string, Switch extends string = never>(
  args: string[],
  texts: readonly Text[],
  switches: readonly Switch[] = [],
  words: 'words' | null = null,
) {
  const typed = (names: readonly string[], type: 'string' | 'boolean') =>
    names.map((name) => [name, { type }] as const);
  const options = Object.fromEntries([...typed(texts, 'string'), ...typed(switches, 'boolean')]);
  const { values, positionals } = parseArgs({ args, options, allowPositionals: words !== null });
  return { values: values as Partial<Record<Text, string> & Record<Switch, boolean>>, words: positionals };
}

/** What would be logged on top of an answer that tells it. */
export const UNSAID = { write: (): void => {} };

/** Is there a database to look into? One in memory is another's. */
export const isThere = (database: string): boolean =>
  database !== ':memory:' && (isPostgres(database) || existsSync(database));

/** The running bot beats every 30 s (`app/housekeeping.ts`). */
export const ALIVE_WITHIN = 120_000;

export const counted = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;

/** Has this user that right there (`constants` of node:fs)? */
export function may(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}

/** One Ctrl-C may come several times: from the terminal to all of its processes, and passed on by npm and the launcher. */
const SAME_WISH_MS = 1_000;

/** Calls at each wish of whoever sits there to end it (SIGINT, SIGTERM). Gives what stops listening. */
export function onEnding(wish: () => void): () => void {
  let lastAt = Number.NEGATIVE_INFINITY;
  const heard = (): void => {
    const now = systemClock.monotonic();
    if (now - lastAt < SAME_WISH_MS) return;
    lastAt = now;
    wish();
  };
  process.on('SIGINT', heard).on('SIGTERM', heard);
  return () => void process.off('SIGINT', heard).off('SIGTERM', heard);
}
