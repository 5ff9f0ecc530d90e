/** The accounts of the configuration: each with its adapter, its sender and its place in the guards. */
import { adapterKinds } from './adapters/index.ts';
import type { Core } from './compose-core.ts';
import type { Config } from './config/schema.ts';
import { bundledZonePlaces } from './config/zone-places.ts';
import { openConfiguredChats } from './configured-chats.ts';
import type { AccountGuards } from './core/account/guards.ts';
import { commandAt } from './core/commands/located.ts';
import { createOutage } from './core/outbox/outage.ts';
import type { AdapterDeps, ChatAdapter } from './core/ports/chat-adapter.ts';
import type { Clock } from './core/ports/clock.ts';
import type { Ids } from './core/ports/ids.ts';
import type { Log } from './core/ports/log.ts';
import type { Pictures } from './core/ports/pictures.ts';
import type { Store } from './core/ports/store.ts';
import type { HttpClient } from './platform/http.ts';

export interface AccountsDeps {
  config: Pick<Config, 'accounts' | 'network' | 'catalogue' | 'policy' | 'web'>;
  client: Pick<HttpClient, 'http' | 'resolves'>;
  store: Store;
  clock: Clock;
  ids: Ids;
  log: Log;
  core: Core;
  pictures: Pictures;
  guards: AccountGuards;
  commandMenu: AdapterDeps['commandMenu'];
}

/** Nothing is received or sent yet. `into`: filled one by one, for a stop that comes half-way. */
export async function openAccounts(deps: AccountsDeps, into: ChatAdapter[]): Promise<void> {
  const { config, store, clock, ids, log, core, pictures, guards, commandMenu } = deps;
  const { http, resolves } = deps.client;
  const site = config.web?.pages ? config.web.publicUrl : null;
  await openConfiguredChats(config.accounts, deps);
  for (const account of config.accounts) {
    const kind = adapterKinds.find((known) => known.platform === account.platform)!;
    const { createAdapter } = await kind.load();
    const outage = createOutage();
    const adapter = createAdapter(account, {
      clock,
      ids,
      log: log.child({ account: account.id }),
      outage,
      identity: guards.of(account.id, account.identity ?? null),
      state: store.state(`account/${account.id}`),
      cache: store.cache(`account/${account.id}`),
      http,
      resolves,
      pageOf: (incidentId) => (site === null ? null : `${site}/incident/${encodeURIComponent(incidentId)}`),
      proxy: config.network.proxy,
      knownChats: () => store.chats.addresses(account.id),
      pictures,
      commandMenu,
      located: (latitude, longitude) => commandAt(latitude, longitude, bundledZonePlaces()),
    });
    into.push(adapter);
    core.addAccount({ adapter, outage, cleared: () => guards.cleared(adapter) });
  }
}
