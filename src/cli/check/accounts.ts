import { adapterKinds } from '../../adapters/index.ts';
import type { AccountConfig } from '../../config/schema.ts';
import { createOutage } from '../../core/outbox/outage.ts';
import type { ChatAdapter } from '../../core/ports/chat-adapter.ts';
import { type CheckDeps, failure, type Row, throwaway, within } from './table.ts';

const DEADLINE_MS = 15_000;

/** Asks each platform once whether it knows the account; receives nothing, so a running bot misses nothing. */
export const checkAccounts = (deps: CheckDeps): Promise<Row[]> =>
  Promise.all(deps.config.accounts.map((account) => checkAccount(account, deps)));

async function checkAccount(account: AccountConfig, deps: CheckDeps): Promise<Row> {
  const { clock, ids, log, config } = deps;
  const name = `${account.id} (${account.platform})`;
  let adapter: ChatAdapter | null = null;
  try {
    const { createAdapter } = await adapterKinds.find((kind) => kind.platform === account.platform)!.load();
    adapter = createAdapter(account, {
      clock,
      ids,
      log,
      outage: createOutage(),
      ...throwaway(),
      proxy: config.network.proxy,
      knownChats: async () => [],
      commandMenu: () => [],
    });
    const asked = adapter.check;
    if (!asked) return { part: 'account', name, ok: true, detail: 'needs no login' };
    const health = await within(DEADLINE_MS, (signal) => asked.call(adapter, signal), deps);
    return { part: 'account', name, ok: health.ok, detail: health.problem ?? 'logged in' };
  } catch (error) {
    return failure('account', name, error);
  } finally {
    await adapter?.stop().catch(() => undefined);
  }
}
