/** Chats that stand in the configuration: what they follow is made so at each start. What was told stays told; what is open is not told again. */
import { adapterKinds } from './adapters/index.ts';
import type { ConfiguredChat } from './adapters/kind.ts';
import type { AccountConfig, Config } from './config/schema.ts';
import { createTargetIndex, matchersOf } from './core/commands/targets.ts';
import { ENDED, RESUME } from './core/model/ended-target.ts';
import type { Clock } from './core/ports/clock.ts';
import type { Store } from './core/ports/store.ts';

export interface ConfiguredChatsDeps {
  config: Pick<Config, 'catalogue' | 'policy'>;
  store: Pick<Store, 'chats' | 'subscriptions' | 'state'>;
  clock: Clock;
}

const chatOf = (account: AccountConfig): ConfiguredChat | null =>
  adapterKinds.find((known) => known.platform === account.platform)?.chat?.(account) ?? null;

/** Key of the durable list of accounts that had such a chat at the last start. */
const KNOWN = 'accounts';

/** Opens those of the configuration, and ends those of accounts that it names no more: nobody would ever send what is queued for them. */
export async function openConfiguredChats(
  accounts: readonly AccountConfig[],
  deps: ConfiguredChatsDeps,
): Promise<void> {
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
  const chat = await chats.ensure(
    { accountId, chat: wanted.chat, thread: null },
    { platform, kind: wanted.kind, lang, now },
  );
  if (chat.lang !== lang || chat.level !== level) await chats.update(chat.id, { lang, level });
  const follow = matchersOf(createTargetIndex(deps.config.catalogue).parse(wanted.follow.join(' ')));
  const is = (one: { country: string; service: string }) => (other: { country: string; service: string }) =>
    one.country === other.country && one.service === other.service;
  const over = (await subscriptions.list(chat.id)).filter((one) => !follow.some(is(one)));
  if (over.length > 0) await subscriptions.remove(chat.id, over);
  await subscriptions.add(chat.id, follow, now);
  // Last: whoever waits for this sends from then on.
  const own = deps.store.state(`account/${accountId}`);
  for (const key of [ENDED, RESUME]) if ((await own.get(key)) != null) await own.delete(key);
}
