import type { Core } from './compose-core.ts';
import type { AccountGuards } from './core/account/guards.ts';
import type { BotHealth } from './core/commands/health.ts';
import type { Poller } from './core/poll/poller.ts';
import type { AgentDesk } from './core/ports/agents.ts';
import type { ChatAdapter } from './core/ports/chat-adapter.ts';
import type { Store } from './core/ports/store.ts';
import type { createMissingWatch } from './core/status/missing.ts';
import type { createHousekeeping } from './housekeeping.ts';
import type { OpenSources } from './open-sources.ts';

export interface Watched {
  store: Pick<Store, 'outbox'>;
  core: Core;
  /** Read at each look. */
  adapters: readonly ChatAdapter[];
  poller: Pick<Poller, 'health'>;
  guards: AccountGuards;
  desk: AgentDesk | null;
  missing: ReturnType<typeof createMissingWatch>;
  housekeeping: Pick<ReturnType<typeof createHousekeeping>, 'fault'>;
  open: Pick<OpenSources, 'off' | 'leftOut'>;
}

/** How everything is, for `/status` and the listener. */
export async function healthOf(watched: Watched): Promise<BotHealth> {
  const { store, core, poller, guards, desk, missing, housekeeping, open } = watched;
  return {
    sources: poller.health(),
    off: open.off,
    leftOut: open.leftOut(),
    accounts: watched.adapters.map((adapter) => ({
      id: adapter.accountId,
      platform: adapter.platform,
      ...guards.healthOf(adapter, core.sender(adapter.accountId)?.problem() ?? null),
      rate: core.sender(adapter.accountId)?.rate() ?? 0,
      ...(adapter.oneTarget ? { target: true as const } : {}),
    })),
    queue: await store.outbox.depth(),
    agents: (desk?.list() ?? []).map((one) => ({ ...one, missing: missing.agents().includes(one.id) })),
    missingVantages: missing.vantages(),
    held: await core.pipeline.held(),
    storeFault: housekeeping.fault()?.reason ?? null,
  };
}
