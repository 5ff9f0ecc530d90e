import { accessSync, constants, existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { isPostgres } from '../../config/addresses.ts';
import { displayName } from '../../config/read.ts';
import { withoutPassword } from '../../config/secrets.ts';
import { keptIdentity } from '../../core/account/identity.ts';
import { TocsinError } from '../../core/errors.ts';
import { leftOutOf } from '../../core/poll/demand.ts';
import type { Identity } from '../../core/ports/chat-adapter.ts';
import type { Store } from '../../core/ports/store.ts';
import { sourceKinds } from '../../sources/index.ts';
import { openStore } from '../../store/open.ts';
import { type CheckDeps, failure, type Row, within } from './table.ts';

const DEADLINE_MS = 10_000;

/** Opens the database for reading only; one that is not there yet is well if it could be made. */
export async function checkDatabase(deps: CheckDeps): Promise<Row[]> {
  const { database } = deps.config;
  const name = isPostgres(database) ? withoutPassword(database) : displayName(database, process.cwd());
  if (database === ':memory:') return [{ part: 'database', name, ok: true, detail: 'kept in memory, lost at the end' }];
  if (!isPostgres(database) && !existsSync(database)) return [absent(database, name)];
  try {
    const age = await heartbeatAge(deps);
    const running = age !== null && age < 120_000;
    const left = await leftOut(deps);
    const detail = `readable${running ? '; a bot is running on it' : ''}`;
    return [{ part: 'database', name, ok: true, detail: left === null ? detail : `${detail}; ${left}` }];
  } catch (error) {
    const { reason, found } = error instanceof TocsinError ? error.facts : {};
    if (reason === 'not migrated') {
      const detail =
        found === 0 ? 'empty; the first start sets it up' : 'of an older version; the next start migrates it';
      return [{ part: 'database', name, ok: true, detail }];
    }
    return [failure('database', name, error)];
  }
}

function absent(database: string, name: string): Row {
  let folder = dirname(database);
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder);
  try {
    accessSync(folder, constants.W_OK);
    return { part: 'database', name, ok: true, detail: 'not there yet; the first start makes it' };
  } catch {
    const detail = `not there, and ${folder} may not be written to: give the user that runs Tocsin the right`;
    return { part: 'database', name, ok: false, detail };
  }
}

/** How long ago the bot on this database beat last, ms; null = never. */
export async function heartbeatAge(deps: CheckDeps): Promise<number | null> {
  return await reading(deps, async (store) => {
    const beat = (await store.state('app').get('heartbeat')) as { at?: number } | null | undefined;
    return typeof beat?.at === 'number' ? deps.clock.now() - beat.at : null;
  });
}

/** Whom each account was known as so far, by account id. None where there is no database yet, or it cannot be read: its own row tells that. */
export async function knownIdentities(deps: CheckDeps): Promise<ReadonlyMap<string, Identity>> {
  const { database, accounts } = deps.config;
  const known = new Map<string, Identity>();
  if (!isPostgres(database) && !existsSync(database)) return known;
  const read = reading(deps, async (store) => {
    for (const { id } of accounts) {
      const kept = await keptIdentity(store.state(`account/${id}`));
      if (kept) known.set(id, kept);
    }
  });
  await read.catch(() => undefined);
  return known;
}

/** What chats follow beyond what observatories are asked for; null = nothing, or there is none that asks for what is followed. */
async function leftOut(deps: CheckDeps): Promise<string | null> {
  const kinds = sourceKinds.filter(({ follows }) => follows).map(({ kind }) => kind);
  if (!deps.config.sources.some((one) => kinds.includes(one.kind) && !('countries' in one && one.countries)))
    return null;
  const { countries, services, isMore } = await reading(deps, (store) => leftOutOf(store.subscriptions));
  if (countries + services === 0) return null;
  return `chats follow more than observatories are asked for: ${isMore ? 'at least ' : ''}${countries} countries and ${services} services are left out`;
}

async function reading<T>(deps: CheckDeps, read: (store: Store) => Promise<T>): Promise<T> {
  const { clock, ids, log, config } = deps;
  const open = async () => {
    const store = await openStore(config.database, { clock, log, ids }, { readOnly: true });
    try {
      return await read(store);
    } finally {
      await store.close();
    }
  };
  return within(DEADLINE_MS, open, deps);
}
