/** How everything is, for `/status` and the listener: what runs in this process from memory, what runs elsewhere from the database. */
import type { BotHealth } from './core/commands/health.ts';
import { createHeldBack } from './core/correlate/held-back.ts';
import { storedHealth } from './core/poll/health.ts';
import type { createHousekeeping } from './housekeeping.ts';
import type { OpenSources } from './open-sources.ts';
import { nextRun } from './platform/schedule.ts';
import { accountsNow } from './units/accounts-health.ts';
import type { ProcessParts } from './units/process.ts';

export type Watched = Pick<ProcessParts, 'store' | 'clock' | 'log' | 'desk' | 'here' | 'faces' | 'supervisor'> & {
  housekeeping: Pick<ReturnType<typeof createHousekeeping>, 'fault'>;
  /** The sources of the configuration where nobody polls them: to be named. */
  described(): Promise<OpenSources>;
};

/** An agent is missing after so long, ms, where another process keeps watch over them. */
const AGENT_MS = 30 * 60_000;

export async function healthOf(watched: Watched): Promise<BotHealth> {
  const { store, desk, here, housekeeping } = watched;
  const common = {
    accounts: await accountsNow(watched),
    queue: await store.outbox.depth(),
    storeFault: housekeeping.fault()?.reason ?? null,
  };
  const { ingest } = here;
  if (ingest) {
    const { missing, open, poller, pipeline } = ingest;
    return {
      ...common,
      sources: poller.health(),
      off: open.off,
      leftOut: open.leftOut(),
      agents: (desk?.list() ?? []).map((one) => ({ ...one, missing: missing.agents().includes(one.id) })),
      missingVantages: missing.vantages(),
      held: await pipeline.held(),
    };
  }
  const open = await watched.described();
  await desk?.refresh();
  const missing = desk?.missing(AGENT_MS) ?? [];
  const vantages = await store.state('missing').get('vantages');
  return {
    ...common,
    sources: await storedHealth(open.sources, store.sourceStates, { now: watched.clock.now(), nextRun }),
    off: open.off,
    leftOut: open.leftOut(),
    agents: (desk?.list() ?? []).map((one) => ({ ...one, missing: missing.includes(one.id) })),
    missingVantages: Array.isArray(vantages) ? vantages.filter((id) => typeof id === 'string') : [],
    held: await createHeldBack(watched).list(),
  };
}
