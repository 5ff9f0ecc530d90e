import { adapterKinds } from '../../adapters/index.ts';
import type { AccountConfig, Config } from '../../config/schema.ts';
import { createOutage } from '../../core/outbox/outage.ts';
import type { AdapterDeps, ChatAdapter } from '../../core/ports/chat-adapter.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Ids } from '../../core/ports/ids.ts';
import type { Log } from '../../core/ports/log.ts';
import { createHttp } from '../../platform/http.ts';
import { throwaway } from '../check/table.ts';

export interface PassingDeps {
  config: Pick<Config, 'network'>;
  clock: Clock;
  ids: Ids;
  log: Log;
}

/** The adapter of an account for one look or one message: it receives nothing and keeps nothing, so a bot that runs with the same account misses nothing. */
export async function passingAdapter(account: AccountConfig, deps: PassingDeps): Promise<ChatAdapter> {
  const { createAdapter } = await adapterKinds.find((kind) => kind.platform === account.platform)!.load();
  return createAdapter(account, passingAdapterDeps(deps));
}

export function passingAdapterDeps({ config, clock, ids, log }: PassingDeps): AdapterDeps {
  // Never closed: a connection that waits for nothing keeps no command from its end.
  const { http, resolves } = createHttp(config.network);
  return {
    clock,
    ids,
    log,
    outage: createOutage(),
    ...throwaway(),
    http,
    resolves,
    pageOf: () => null,
    proxy: config.network.proxy,
    knownChats: async () => [],
    commandMenu: () => [],
  };
}
