import { adapterKinds } from '../adapters/index.ts';
import { bundledZonePlaces } from '../config/catalogue.ts';
import type { Config } from '../config/schema.ts';
import { commandAt } from '../core/commands/asking/zones.ts';
import { createOutage } from '../core/outbox/sender.ts';
import type { AdapterDeps, ChatAdapter, Pace, SendOutcome } from '../core/ports/chat-adapter.ts';
import type { DurableState } from '../core/ports/runtime.ts';
import type { Store } from '../core/ports/store.ts';
import type { HttpClient } from '../platform/http.ts';

/** An adapter as it may be used under a lease. */

/** Whoever sends alerts while another process answers has two thirds of the pace, the other one third: together never more than all of it. */
const SHARES = { whole: 1, alerts: 2 / 3, answers: 1 / 3 } as const;
type Part = keyof typeof SHARES;

/** Nothing is rounded up: the platform counts what both send. What is unpaced (0) stays so. */
export function paceOf(pace: Pace, part: Part): Pace {
  const share = SHARES[part];
  if (share === 1) return pace;
  const whole = (n: number): number => (n === 0 ? 0 : Math.max(1, Math.floor(n * share)));
  const { perSecond, perGroupMinute, window } = pace;
  return { ...pace, perSecond: perSecond * share, perGroupMinute: whole(perGroupMinute), window: whole(window) };
}

const OVER: SendOutcome = {
  kind: 'retry',
  afterMs: null,
  scope: 'chat',
  reason: 'canceled',
  detail: 'another process sends for this account now',
};

/** Asked right before each send: a process that was asleep meanwhile sends nothing more. */
export function underLease(adapter: ChatAdapter, part: Part, valid: () => boolean): ChatAdapter {
  return {
    ...adapter,
    pace: paceOf(adapter.pace, part),
    send: async (message, signal) => (valid() ? await adapter.send(message, signal) : OVER),
  };
}

/** Reads what is kept, and keeps what is written in memory: the account's state belongs to whoever receives. */
export function borrowed(state: DurableState): DurableState {
  const written = new Map<string, unknown>();
  return {
    get: async (key) => (written.has(key) ? structuredClone(written.get(key)) : await state.get(key)),
    set: async (key, value) => void written.set(key, structuredClone(value ?? null)),
    delete: async (key) => void written.set(key, undefined),
  };
}

/** Accounts of the configuration with their adapters, and what an adapter needs of the running bot. */

type MadeHere = 'cache' | 'http' | 'resolves' | 'pageOf' | 'proxy' | 'knownChats' | 'located';

interface AccountDeps extends Omit<AdapterDeps, MadeHere> {
  config: Pick<Config, 'network' | 'web'>;
  client: Pick<HttpClient, 'http' | 'resolves'>;
  account: Config['accounts'][number];
  store: Store;
}

/** Nothing is received or sent yet. */
export async function openAccount({ account, config, client, store, ...own }: AccountDeps): Promise<ChatAdapter> {
  const site = config.web?.pages ? config.web.publicUrl : null;
  const kind = adapterKinds.find((known) => known.platform === account.platform)!;
  const { createAdapter } = await kind.load();
  return createAdapter(account, {
    ...own,
    log: own.log.child({ account: account.id }),
    cache: store.cache(`account/${account.id}`),
    http: client.http,
    resolves: client.resolves,
    pageOf: (incidentId) => (site === null ? null : `${site}/incident/${encodeURIComponent(incidentId)}`),
    proxy: config.network.proxy,
    knownChats: () => store.chats.addresses(account.id),
    located: (latitude, longitude) => commandAt(latitude, longitude, bundledZonePlaces()),
  });
}

type IdleAdapterDeps = Pick<AccountDeps, 'client' | 'store' | 'clock' | 'ids' | 'log' | 'pictures'> & {
  config: Pick<Config, 'network' | 'web' | 'accounts'>;
};

/** One of each account that never starts: it says how the account takes commands, and looks after what needs no lease (pins). */
export const openIdleAdapters = (deps: IdleAdapterDeps): Promise<ChatAdapter[]> =>
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

export const idleAdapterOf = ({ idleAdapters }: { idleAdapters: readonly ChatAdapter[] }, accountId: string) =>
  idleAdapters.find((one) => one.accountId === accountId);
