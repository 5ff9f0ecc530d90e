/** Pairs of chats, and boards, in the running bot: what `app.ts` needs of them. */
import type { Config } from './config/schema.ts';
import { keptIdentity } from './core/account/identity.ts';
import { createBoardWatch } from './core/board/watch.ts';
import type { AccountName } from './core/commands/link.ts';
import { createPairWatch, type PairAccount, type PairWatch } from './core/link/watch.ts';
import type { ChatAdapter } from './core/ports/chat-adapter.ts';
import type { Clock } from './core/ports/clock.ts';
import type { Ids } from './core/ports/ids.ts';
import type { Log } from './core/ports/log.ts';
import type { Store } from './core/ports/store.ts';
import { faceOf, type ProcessParts } from './units/process.ts';

const PIN_MS = 10_000;

interface CommonDeps {
  store: Store;
  clock: Clock;
  ids: Ids;
  log: Log;
  /** Deliveries were written. */
  wake(): void;
}

export const openPairs = (
  deps: CommonDeps & { config: Pick<Config, 'baseline'>; accounts(): PairAccount[] },
): PairWatch => createPairWatch({ ...deps, baseline: deps.config.baseline });

/** Boards are pinned where the platform can do that. */
export function openBoards(deps: CommonDeps & Pick<ProcessParts, 'faces' | 'here'>) {
  const { here } = deps;
  const adapterOf = (id: string) => here.accounts.get(id)?.adapter ?? faceOf(deps, id);
  return createBoardWatch({
    ...deps,
    async pin(address, messageRef) {
      const adapter = adapterOf(address.accountId);
      if (!adapter) return 'elsewhere';
      if (!adapter.pin) return 'never';
      return (await adapter.pin(address, messageRef, AbortSignal.timeout(PIN_MS))) ? 'pinned' : 'refused';
    },
  });
}

/** How people write to each account: its name as the platform says, once it has said so. */
export const accountNames = (
  store: Pick<Store, 'state'>,
  adapters: readonly Pick<ChatAdapter, 'accountId' | 'platform' | 'commandPrefix' | 'oneTarget'>[],
): Promise<AccountName[]> =>
  Promise.all(
    // Nobody writes to a webhook.
    adapters
      .filter((one) => !one.oneTarget)
      .map(async ({ accountId, platform, commandPrefix }) => {
        const name = (await keptIdentity(store.state(`account/${accountId}`)))?.name ?? null;
        return { id: accountId, platform, commandPrefix, name };
      }),
  );
