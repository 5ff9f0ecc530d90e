/** What follows once the configuration is written: the bot's profile, a check, a test alert. */
import { existsSync } from 'node:fs';
import { isPostgres } from '../../config/addresses.ts';
import type { Config } from '../../config/schema.ts';
import { createRouter } from '../../core/commands/router.ts';
import { codeOf, messageOf } from '../../core/errors.ts';
import type { Asker, SetupDeps } from '../../core/ports/setup.ts';
import type { Store } from '../../core/ports/store.ts';
import { createTranslators } from '../../i18n/index.ts';
import { openStore } from '../../store/open.ts';
import { withAccount } from '../account-command.ts';
import { heartbeatAge } from '../check/database.ts';
import type { CheckDeps } from '../check/table.ts';
import type { Placed } from './accounts.ts';
import { settable } from './options.ts';

/** The running bot beats every 30 s. */
const ALIVE_WITHIN = 120_000;

/** Is a Tocsin running on this configuration's database? */
export async function isRunning(deps: CheckDeps): Promise<boolean> {
  const { database } = deps.config;
  if (database === ':memory:' || (!isPostgres(database) && !existsSync(database))) return false;
  try {
    const age = await heartbeatAge(deps);
    return age !== null && age < ALIVE_WITHIN;
  } catch {
    return false;
  }
}

/** Sets what people see of the new accounts. What does not work is told, and left to the first start. */
export async function introduceAll(
  placed: readonly Placed[],
  { asker, setup, check }: { asker: Asker; setup: SetupDeps; check: CheckDeps },
): Promise<void> {
  const able = placed.filter(({ account }) =>
    settable.some((one) => one.platform === account.platform && one.flags.length > 0),
  );
  let store: Store | null = null;
  try {
    for (const { account, made } of able) {
      const { setup: platformSetup } = await settable.find((one) => one.platform === account.platform)!.load();
      if (!platformSetup.introduce) continue;
      // Where the bot keeps what it has set, so that its start need not set it again.
      store ??= await openStore(check.config.database, check);
      asker.say(`${account.id}: setting commands, descriptions and picture …`);
      const menus = menusOf(check, store);
      const problems = await platformSetup.introduce(made, {
        ...setup,
        state: store.state(`account/${account.id}`),
        menus,
      });
      const rest = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
      asker.say(
        problems.length === 0
          ? `${account.id}: done.`
          : `${account.id}: not all of it: ${problems[0]}${rest}. The next start tries again.`,
      );
    }
  } catch (error) {
    if (codeOf(error) === 'store_locked')
      asker.say('A Tocsin is running on this database: it sets them itself at its next start.');
    else asker.say(`Not set now: ${messageOf(error)}. The first start sets them.`);
  } finally {
    await store?.close();
  }
}

/** What of the new accounts can only be done now that they are written. What does not work is told, with how to do it later. */
export async function completeAll(
  placed: readonly Placed[],
  { asker, setup, config }: { asker: Asker; setup: SetupDeps; config: Config },
): Promise<void> {
  for (const { account, made } of placed) {
    const { complete } = made;
    if (!complete) continue;
    try {
      await withAccount(config, account.id, async (place) => complete(asker, { ...place, ...setup }));
    } catch (error) {
      if (setup.signal.aborted || codeOf(error) === 'canceled') throw error;
      asker.say(`${account.id}: ${messageOf(error)}\nLater: tocsin ${account.platform} verify --account ${account.id}`);
    }
  }
}

/** Names and descriptions of the chat commands: those of a router that nobody asks anything. */
function menusOf({ config, clock, ids, log }: CheckDeps, store: Store) {
  const router = createRouter({
    store,
    clock,
    ids,
    log,
    catalogue: config.catalogue,
    translators: createTranslators(config.catalogue),
    policy: config.policy,
    operators: [],
    health: () => Promise.reject(new Error('not running')),
    retract: async () => false,
    stopAgent: async () => false,
    cache: store.cache,
    account: () => null,
  });
  return router.menus();
}

/**
 * Who runs this, as `platform:id`, of each new account whose platform has no operator yet. `running`: a bot takes what people write to it, so that nobody
 * can be met here.
 */
export async function meetOperators(
  placed: readonly Placed[],
  parts: {
    asker: Asker;
    config: Config;
    setup: SetupDeps;
    follow: readonly string[];
    running: boolean;
    /** Somebody sits there, or it was asked for. */
    patient: boolean;
  },
): Promise<string[]> {
  const { asker, config, setup, follow, running, patient } = parts;
  const found: string[] = [];
  for (const { account, made } of placed) {
    const { platform } = account;
    const named = asker.given(`${platform}-operator`);
    const known = [...config.operators, ...found].some((one) => one.startsWith(`${platform}:`));
    if (known && !named) continue;
    const { setup: platformSetup } = await settable.find((one) => one.platform === platform)!.load();
    if (running && !named) {
      asker.say(
        `${account.id}: a Tocsin is running with this configuration, so it gets what you write to the bot. Stop it and run tocsin setup again, which then waits for you; or name a chat: tocsin test-alert --account ${account.id} --chat ID`,
      );
      continue;
    }
    if (!patient && !named) continue;
    const person = await platformSetup.meet(made, asker, { ...setup, follow });
    if (person !== null) found.push(`${platform}:${person}`);
  }
  return found;
}
