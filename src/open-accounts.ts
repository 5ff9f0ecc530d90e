/** Accounts of the configuration with their adapters, and what an adapter needs of the running bot. */
import { adapterKinds } from './adapters/index.ts';
import type { Config } from './config/schema.ts';
import { bundledZonePlaces } from './config/zone-places.ts';
import type { AccountGuards } from './core/account/guards.ts';
import { commandAt } from './core/commands/located.ts';
import { createOutage } from './core/outbox/outage.ts';
import type { AdapterDeps, ChatAdapter } from './core/ports/chat-adapter.ts';
import type { Clock } from './core/ports/clock.ts';
import type { Ids } from './core/ports/ids.ts';
import type { Log } from './core/ports/log.ts';
import type { Outage } from './core/ports/outage.ts';
import type { Pictures } from './core/ports/pictures.ts';
import type { DurableRows } from './core/ports/rows.ts';
import type { DurableState } from './core/ports/state.ts';
import type { Store } from './core/ports/store.ts';
import type { HttpClient } from './platform/http.ts';
import { borrowed } from './units/split.ts';

interface AccountDeps {
  config: Pick<Config, 'network' | 'web'>;
  client: Pick<HttpClient, 'http' | 'resolves'>;
  account: Config['accounts'][number];
  store: Store;
  state: DurableState;
  rows?: DurableRows;
  clock: Clock;
  ids: Ids;
  log: Log;
  pictures: Pictures;
  outage: Outage;
  guards?: AccountGuards;
  holds?: AdapterDeps['holds'];
  tookOver?: AdapterDeps['tookOver'];
  broken?: AdapterDeps['broken'];
  reopen?: AdapterDeps['reopen'];
  commandMenu: AdapterDeps['commandMenu'];
}

/** Nothing is received or sent yet. */
export async function openAccount(deps: AccountDeps): Promise<ChatAdapter> {
  const { account, config, client, store, guards, holds, tookOver, rows, broken, reopen } = deps;
  const site = config.web?.pages ? config.web.publicUrl : null;
  const kind = adapterKinds.find((known) => known.platform === account.platform)!;
  const { createAdapter } = await kind.load();
  return createAdapter(account, {
    clock: deps.clock,
    ids: deps.ids,
    log: deps.log.child({ account: account.id }),
    outage: deps.outage,
    ...(guards ? { identity: guards.of(account.id, account.identity ?? null) } : {}),
    ...(holds ? { holds } : {}),
    ...(tookOver ? { tookOver } : {}),
    ...(rows ? { rows } : {}),
    ...(broken ? { broken } : {}),
    ...(reopen ? { reopen } : {}),
    state: deps.state,
    cache: store.cache(`account/${account.id}`),
    http: client.http,
    resolves: client.resolves,
    pageOf: (incidentId) => (site === null ? null : `${site}/incident/${encodeURIComponent(incidentId)}`),
    proxy: config.network.proxy,
    knownChats: () => store.chats.addresses(account.id),
    pictures: deps.pictures,
    commandMenu: deps.commandMenu,
    located: (latitude, longitude) => commandAt(latitude, longitude, bundledZonePlaces()),
  });
}

type FaceDeps = Pick<AccountDeps, 'client' | 'store' | 'clock' | 'ids' | 'log' | 'pictures'> & {
  config: Pick<Config, 'network' | 'web' | 'accounts'>;
};

/** One of each account that never starts: it says how the account takes commands, and looks after what needs no lease (pins). */
export const openFaces = (deps: FaceDeps): Promise<ChatAdapter[]> =>
  Promise.all(
    deps.config.accounts.map((account) =>
      openAccount({
        ...deps,
        account,
        state: borrowed(deps.store.state(`account/${account.id}`)),
        outage: createOutage(),
        commandMenu: () => [],
      }),
    ),
  );
