/** Pairs of chats, and boards, in the running bot: what `app.ts` needs of them. */
import type { Core } from './compose-core.ts';
import type { Config } from './config/schema.ts';
import type { AccountGuards } from './core/account/guards.ts';
import { keptIdentity } from './core/account/identity.ts';
import { createBoardWatch } from './core/board/watch.ts';
import type { AccountName } from './core/commands/link.ts';
import { createPairWatch, type PairWatch } from './core/link/watch.ts';
import type { MessageDocument } from './core/model/message.ts';
import type { ChatAdapter } from './core/ports/chat-adapter.ts';
import type { Clock } from './core/ports/clock.ts';
import type { Ids } from './core/ports/ids.ts';
import type { Log } from './core/ports/log.ts';
import type { Store } from './core/ports/store.ts';
import type { Translators } from './core/ports/translate.ts';

const PIN_MS = 10_000;

export interface PairsDeps {
  store: Store;
  clock: Clock;
  ids: Ids;
  log: Log;
  config: Pick<Config, 'baseline'>;
  core: Core;
  guards: AccountGuards;
  /** Read at each look. */
  adapters: readonly ChatAdapter[];
}

export function openPairs({ store, clock, ids, log, config, core, guards, adapters }: PairsDeps): PairWatch {
  return createPairWatch({
    store,
    clock,
    ids,
    log,
    baseline: config.baseline,
    accounts: () =>
      adapters.map((adapter) => ({
        id: adapter.accountId,
        platform: adapter.platform,
        service: adapter.service ?? null,
        ok: guards.healthOf(adapter, core.sender(adapter.accountId)?.problem() ?? null).ok,
      })),
    wake() {
      for (const id of core.accounts()) core.sender(id)?.wake();
    },
  });
}

/** Boards are pinned where the platform can do that. */
export function openBoards(deps: Omit<PairsDeps, 'guards' | 'config'> & { translators: Translators }) {
  const { store, clock, ids, log, core, adapters, translators } = deps;
  return createBoardWatch({
    store,
    clock,
    ids,
    log,
    async pin(address, messageRef) {
      const adapter = adapters.find(({ accountId }) => accountId === address.accountId);
      if (!adapter?.pin) return 'never';
      return (await adapter.pin(address, messageRef, AbortSignal.timeout(PIN_MS))) ? 'pinned' : 'refused';
    },
    unpinned(chat) {
      const adapter = adapters.find(({ accountId }) => accountId === chat.accountId);
      const words = translators.of(chat.lang, chat.kind === 'private' ? 'chat' : adapter?.place);
      const typed = `${adapter?.commandPrefix ?? ''}board on`;
      const inline = words.rich('board.unpinned', { command: { code: typed } });
      const document: MessageDocument = {
        blocks: [{ type: 'paragraph', inline }],
        buttons: [],
        lang: words.lang,
        tone: 'notice',
      };
      const { accountId, chat: id, thread } = chat;
      const address = { accountId, chat: id, thread };
      void core
        .sender(accountId)
        ?.reply({ address, group: chat.kind !== 'private', document, replyTo: null, edit: null });
    },
    wake() {
      for (const id of core.accounts()) core.sender(id)?.wake();
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
