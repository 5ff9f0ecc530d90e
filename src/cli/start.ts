import { fstatSync } from 'node:fs';
import { createApp } from '../app/app.ts';
import { isConsole } from '../config/accounts.ts';
import type { Config } from '../config/schema.ts';
import { isPostgres } from '../config/secrets.ts';
import { codeOf, messageOf, TocsinError } from '../core/errors.ts';
import { ALL_ROLES } from '../core/lease.ts';
import type { Role } from '../core/ports/leases.ts';
import type { Log } from '../core/ports/runtime.ts';
import { onceLeft } from '../launch.mjs';
import { terminalStyle } from '../platform/log.ts';
import { lastBeat, reading } from './open-database.ts';
import { configOf, onEnding, optionsOf, type Runtime, runtimeOf } from './runtime.ts';

/** `--role ingest,bot`: what this process does; absent: everything. Throws `usage`, naming what is wrong and what there is. */
export function rolesOf(given: string | undefined): readonly Role[] {
  if (given === undefined) return ALL_ROLES;
  const named = given.split(',').map((one) => one.trim());
  const unknown = named.filter((one) => !(ALL_ROLES as readonly string[]).includes(one));
  const wrong = unknown[0] ? `there is no role "${unknown[0].slice(0, 40)}"` : 'a role is missing';
  const how = `Name one or more of ${ALL_ROLES.join(', ')}, with commas between; without --role a process does all of it.`;
  if (unknown.length > 0) throw new TocsinError('usage', `--role ${given}: ${wrong}. ${how}`);
  return ALL_ROLES.filter((role) => named.includes(role));
}

/** Nobody hears a bot whose only chat is a terminal that is not there: under systemd, or in a container that runs by itself. */
function assertHeard({ accounts, web }: Pick<Config, 'accounts' | 'web'>): void {
  // Of what is no terminal, /dev/null is the one device; scripts have pipes and files.
  const isNowhere = !process.stdin.isTTY && fstatSync(0).isCharacterDevice();
  if (!isNowhere || web !== null || !accounts.every(isConsole)) return;
  const how = 'name an account in the configuration (tocsin setup does), or give TELEGRAM_TOKEN';
  throw new TocsinError(
    'config_invalid',
    `Nobody would hear this bot: no account is named, and no terminal is there: ${how}.`,
  );
}

/** Every delivery is durable before it is sent: at this age of a stop, ms, the program ends as it is. */
const STOP_WITHIN = 4_500;

/** Resolves with 0 after a wish to end it and a clean stop. */
export async function run(args: string[]): Promise<number> {
  const { values } = optionsOf(args, ['config', 'role']);
  const roles = rolesOf(values.role);
  const config = await configOf(values.config);
  assertHeard(config);
  const terminal = terminalStyle(process.stderr, process.env);
  const { clock, ids, log } = runtimeOf(config, config.logLevel, { terminal });
  const app = createApp(config, { roles, clock, ids, log });

  const stopped = askedToStop(log);
  // Node would print what ends the program as it is, with whatever stands in it.
  process.on('uncaughtException', (error) => {
    log.error('The program ends by a mistake of its own; please report it', { error: error.stack ?? error.message });
    process.exit(1);
  });
  process.on('unhandledRejection', (reason) => {
    log.error('A mistake in the program; please report it', {
      error: reason instanceof Error ? (reason.stack ?? reason.message) : String(reason),
    });
  });

  const starting = app.start();
  try {
    await Promise.race([starting, stopped]);
  } catch (error) {
    await app.stop().catch(() => undefined);
    if (codeOf(error) === 'store_locked') throw await withPid(error as TocsinError, config, { clock, ids, log });
    if (error instanceof TocsinError) throw error;
    log.debug('Where the start failed', { error: error instanceof Error ? error.stack : String(error) });
    log.error('Unable to start, by a mistake of the program; please report it (TOCSIN_LOG=debug shows where)', {
      error: messageOf(error),
    });
    return 1;
  }
  await stopped;
  // It may not have got through yet: then it fails at what is closed now, which is nobody's concern.
  starting.catch(() => undefined);
  await app.stop();
  // Sockets of libraries may linger: what had to be written is written.
  setTimeout(() => process.exit(0), 100).unref();
  return 0;
}

/** Who starts a second one is told which process the first is, where it says so. */
async function withPid(locked: TocsinError, { database }: Config, runtime: Runtime): Promise<TocsinError> {
  const beat = await reading(database, runtime, (store) => lastBeat(store, runtime.clock)).catch(() => null);
  if (!beat?.running || isPostgres(database)) return locked;
  return new TocsinError('store_locked', `${locked.message} It is process ${beat.pid}.`, { pid: beat.pid }, locked);
}

/** Resolves at the first SIGTERM or SIGINT, or when npm that began it was ended; at a second signal the process ends at once. */
function askedToStop(log: Log): Promise<'stopped'> {
  const { promise, resolve } = Promise.withResolvers<'stopped'>();
  let asked = false;
  const end = (): void => {
    asked = true;
    setTimeout(() => {
      log.warn('Not everything has ended in time; whatever is left is done at the next start');
      process.exit(0);
    }, STOP_WITHIN).unref();
    resolve('stopped');
  };
  onEnding(() => (asked ? process.exit(1) : end()));
  onceLeft(() => asked || end());
  return promise;
}
