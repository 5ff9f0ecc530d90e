/** A command that belongs to a platform of the register and is about one of its accounts. */
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { AccountCommand } from '../adapters/kind.ts';
import type { AccountConfig, Config } from '../config/schema.ts';
import { afterwards, codeOf, TocsinError } from '../core/errors.ts';
import type { Store } from '../core/ports/store.ts';
import { langOf } from '../i18n/packs.ts';
import { openStore } from '../store/open.ts';
import type { CliCommand } from './index.ts';
import { configOf, optionsOf, runtimeOf } from './runtime.ts';
import { isCanceled, openSession } from './setup/session.ts';

export function asCommand<Account>(platform: string, command: AccountCommand<Account>): CliCommand {
  return { help: command.help, run: (args) => run(platform, command, args) };
}

async function run<Account>(platform: string, command: AccountCommand<Account>, args: string[]): Promise<number> {
  const flags = command.flags.map(({ name }) => name);
  const { values, words } = optionsOf(args, [...flags, 'config', 'account'], [...command.switches, 'plain'], 'words');
  if (words.length !== 1 || words[0] !== command.action)
    throw new TocsinError('usage', `Usage: ${command.help.usage.split('\n')[0]}`);
  const config = await configOf(text(values.config));
  const account = accountIn(config, platform, text(values.account));
  const given = new Map(
    command.flags.flatMap(({ name }) => (typeof values[name] === 'string' ? [[name, values[name]] as const] : [])),
  );
  const switched = command.switches.flatMap((name) => (values[name] === true ? [[name, 'yes'] as const] : []));
  const files = new Set(command.flags.filter(({ file }) => file).map(({ name }) => name));
  const session = await openSession({ values: given, files, yes: false, plain: values.plain === true }, process.env);
  const { asker, signal } = session;
  try {
    const more = { asker, signal, values: new Map(switched), lang: langOf(process.env) ?? 'en' };
    const run = (place: Place) => command.run(account as Account, { ...place, ...more });
    const beside = async (place: Place) => (await command.beside?.(account as Account, { ...place, ...more })) ?? null;
    return await withAccount(config, account.id, run, beside);
  } catch (error) {
    if (!isCanceled(error) && !signal.aborted) throw error;
    process.stderr.write('\nEnded.\n');
    return 1;
  } finally {
    session.close();
  }
}

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);

function accountIn({ accounts }: Config, platform: string, id: string | null): AccountConfig {
  const own = accounts.filter((one) => one.platform === platform);
  const found = id === null ? own : own.filter((one) => one.id === id);
  if (found.length === 1) return found[0]!;
  const there = own.map((one) => one.id).join(', ');
  if (own.length === 0)
    throw new TocsinError('usage', `the configuration has no account of ${platform}: tocsin setup makes one`);
  throw new TocsinError('usage', `which account? --account takes one of: ${there}`);
}

type Place = ReturnType<typeof placeOf>;

/** The account's place in the database, which nobody else has open meanwhile. `beside`: what may be done while somebody has; null: nothing. */
export async function withAccount<T>(
  config: Config,
  id: string,
  work: (place: Place) => Promise<T>,
  beside: (place: Place) => Promise<T | null> = async () => null,
): Promise<T> {
  const runtime = runtimeOf(config, config.logLevel === 'debug' ? 'debug' : 'warn');
  const lost =
    'the database is in memory, and what this is about needs one that lasts (database: in the configuration)';
  if (config.database === ':memory:') throw new TocsinError('usage', lost);
  const opened = await openStore(config.database, runtime).catch(async (error: unknown) => {
    if (codeOf(error) !== 'store_locked') throw error;
    const store = await openStore(config.database, runtime, { beside: true });
    await using _ = afterwards(() => store.close());
    const done = await beside(placeOf(config, id, store, runtime));
    if (done !== null) return { done };
    const said =
      "A Tocsin runs on this database, and the account's keys are its alone. Stop it, run this again, and start it: what comes meanwhile waits on the homeserver, and alerts in the queue.";
    throw new TocsinError('store_locked', said, {}, error);
  });
  if ('done' in opened) return opened.done;
  await using _ = afterwards(() => opened.close());
  return await work(placeOf(config, id, opened, runtime));
}

function placeOf(config: Config, id: string, store: Store, { clock, log, ids }: ReturnType<typeof runtimeOf>) {
  return {
    clock,
    ids,
    log: log.child({ account: id }),
    env: process.env,
    proxy: config.network.proxy,
    state: store.state(`account/${id}`),
    rows: store.rows(`account/${id}`),
    random: (length: number): Uint8Array => randomBytes(length),
    keep,
  };
}

/** A new file for its owner alone, whole or not at all. */
function keep(file: string, secret: string): void {
  try {
    writeFileSync(resolve(process.cwd(), file), `${secret}\n`, { flag: 'wx', mode: 0o600, flush: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const wrong =
      code === 'EEXIST' ? 'is there already: name a new file' : `cannot be written (${code ?? 'unexpected error'})`;
    throw new TocsinError('usage', `${file} ${wrong}`);
  }
}
