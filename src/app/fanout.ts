import { adapterKinds } from '../adapters/index.ts';
import type { ConfiguredChat } from '../adapters/kind.ts';
import type { AccountConfig, Config } from '../config/schema.ts';
import { keptIdentity } from '../core/account-identity.ts';
import { createBoardWatch } from '../core/board.ts';
import { isSame } from '../core/commands/answer.ts';
import { createTargetIndex, matchersOf } from '../core/commands/asking/targets.ts';
import type { AccountName } from '../core/commands/context.ts';
import type { Unit } from '../core/lease.ts';
import { createPairWatch } from '../core/link.ts';
import { ENDED, RESUME } from '../core/model/chat.ts';
import { type ChatAdapter, isTarget } from '../core/ports/chat-adapter.ts';
import type { LeaseTerm } from '../core/ports/leases.ts';
import type { Clock } from '../core/ports/runtime.ts';
import type { Store } from '../core/ports/store.ts';
import { createWorld } from '../core/state/world.ts';
import { words } from '../i18n/packs.ts';
import { createAccountsHealth } from './health.ts';
import { createHousekeeping, remindOfBackups } from './housekeeping.ts';
import { idleAdapterOf } from './open-accounts.ts';
import type { ProcessParts } from './process.ts';

/** Chats that stand in the configuration: what they follow is made so at each start. What was told stays told; what is open is not told again. */

interface ConfiguredChatsDeps {
  config: Pick<Config, 'catalogue' | 'policy'>;
  store: Pick<Store, 'chats' | 'subscriptions' | 'state'>;
  clock: Clock;
}

const chatOf = (account: AccountConfig): ConfiguredChat | null =>
  adapterKinds.find((known) => known.platform === account.platform)?.chat?.(account) ?? null;

/** Key of the durable list of accounts that had such a chat at the last start. */
const KNOWN = 'accounts';

/** Opens those of the configuration, and ends those of accounts that it names no more: nobody would ever send what is queued for them. */
export async function openConfiguredChats(accounts: readonly AccountConfig[], deps: ConfiguredChatsDeps) {
  const state = deps.store.state('configured-chats');
  const kept = ((await state.get(KNOWN)) ?? {}) as Record<string, string>;
  const now: Record<string, string> = {};
  for (const account of accounts) {
    const wanted = chatOf(account);
    if (!wanted) continue;
    now[account.id] = wanted.chat;
    await openChat(account, wanted, deps);
  }
  for (const [accountId, chat] of Object.entries(kept)) {
    if (now[accountId] === chat) continue;
    const found = await deps.store.chats.find({ accountId, chat, thread: null });
    if (found) await deps.store.chats.end(found.id);
  }
  if (Object.keys(now).length + Object.keys(kept).length > 0) await state.set(KNOWN, now);
}

/** The chat of this one account, where it has one in the configuration. */
export async function reopenConfiguredChat(account: AccountConfig, deps: ConfiguredChatsDeps): Promise<void> {
  const wanted = chatOf(account);
  if (wanted) await openChat(account, wanted, deps);
}

/** The account's chat with its language, level and subscriptions. One that had ended begins anew. */
async function openChat(account: AccountConfig, wanted: ConfiguredChat, deps: ConfiguredChatsDeps): Promise<void> {
  const { chats, subscriptions } = deps.store;
  const now = deps.clock.now();
  const { platform, id: accountId } = account;
  const { lang } = wanted;
  const level = wanted.level ?? deps.config.policy.level;
  const address = { accountId, chat: wanted.chat, thread: null };
  const chat = await chats.ensure(address, { platform, kind: wanted.kind, lang, now });
  if (chat.lang !== lang || chat.level !== level) await chats.update(chat.id, { lang, level });
  const follow = matchersOf(createTargetIndex(deps.config.catalogue, words).parse(wanted.follow.join(' ')));
  const before = await subscriptions.list(chat.id);
  await subscriptions.remove(
    chat.id,
    before.filter((one) => !follow.some((wanted) => isSame(wanted, one))),
  );
  await subscriptions.add(chat.id, follow, now);
  // Last: whoever waits for this sends from then on.
  const own = deps.store.state(`account/${accountId}`);
  for (const key of [ENDED, RESUME]) if ((await own.get(key)) != null) await own.delete(key);
}

/** Pairs of chats, and boards, in the running bot: what `app/app.ts` needs of them. */

const PIN_MS = 10_000;

/** Boards are pinned where the platform can do that. `wake`: deliveries were written. */
function openBoards(deps: ProcessParts, store: Store, wake: () => void) {
  const adapterOf = (id: string) => deps.here.accounts.get(id)?.adapter ?? idleAdapterOf(deps, id);
  const { baseline } = deps.config;
  return createBoardWatch({
    ...deps,
    store,
    wake,
    world: createWorld({ ...store, ...deps, baseline }),
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
  adapters: readonly Pick<ChatAdapter, 'accountId' | 'platform' | 'talk' | 'onlyChat'>[],
): Promise<AccountName[]> =>
  Promise.all(
    // Nobody writes to a webhook.
    adapters
      .filter((one) => !isTarget(one))
      .map(async ({ accountId, platform, talk }) => {
        const { name = null, link = null } = (await keptIdentity(store.state(`account/${accountId}`))) ?? {};
        return { id: accountId, platform, commandPrefix: talk.prefix, name, link };
      }),
  );

/** What runs while this process holds `fanout`: broadcasts become deliveries, what comes at its time is made, pairs and boards are looked after. */

export async function beginFanout(parts: ProcessParts, term: LeaseTerm): Promise<Unit> {
  const { clock, log, here } = parts;
  const store = term.store;
  const { bus } = parts.store;
  await openConfiguredChats(parts.config.accounts, { ...parts, store });
  const ending = new AbortController();
  const { signal } = ending;
  const onFilled = () => bus.tell('outbox');
  const rateOf = (id: string): number =>
    here.accounts.get(id)?.sender.rate() ?? parts.idleAdapters.find((one) => one.accountId === id)?.pace.perSecond ?? 0;
  const { broadcaster, waker } = parts.core.fanout(store, { onFilled, rateOf });
  const health = createAccountsHealth(parts);
  const { baseline } = parts.config;
  const pairs = createPairWatch({ ...parts, store, baseline, accounts: health.seen, wake: onFilled });
  const boards = openBoards(parts, store, onFilled);
  bus.hear('broadcasts', broadcaster.wake, signal);
  await health.look();
  const loops = [broadcaster, waker, pairs, boards, health].map((one) => one.loop(signal));
  loops.push(createHousekeeping({ store, clock, log, pid: process.pid }).prune(signal));
  const operators = (until: AbortSignal) => operatorsChats(parts, store, until);
  if (parts.config.remindOfBackups) loops.push(remindOfBackups({ store, clock, log, operators }, signal));
  return {
    async stop() {
      ending.abort();
      await Promise.allSettled(loops);
    },
  };
}

/** Where operators and a bot are alone, as far as that chat is known. */
async function operatorsChats(
  { config, idleAdapters }: ProcessParts,
  { chats }: Pick<Store, 'chats'>,
  signal: AbortSignal,
) {
  const found = idleAdapters.flatMap((adapter) =>
    config.operators
      .filter((one) => one.startsWith(`${adapter.platform}:`))
      .map(async (one) => {
        const chat = await adapter.privately?.(one.slice(adapter.platform.length + 1), signal).catch(() => null);
        return chat == null ? null : await chats.find({ accountId: adapter.accountId, chat, thread: null });
      }),
  );
  return (await Promise.all(found)).flatMap((chat) => (chat ? [chat.id] : []));
}
