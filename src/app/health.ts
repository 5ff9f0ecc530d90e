import { type AccountHealth, type BotHealth, isIdle } from '../core/commands/look/health.ts';
import { createHeldBack } from '../core/correlate/held-back.ts';
import { halvesOf } from '../core/lease.ts';
import type { PairAccount } from '../core/link.ts';
import { storedHealth } from '../core/poll/source-state.ts';
import { isTarget } from '../core/ports/chat-adapter.ts';
import type { DurableState } from '../core/ports/runtime.ts';
import type { Sight } from '../core/render/regular.ts';
import { keepAtIt } from '../core/wakeable.ts';
import { nextRun } from '../platform/schedule.ts';
import { SILENTLY, type createHousekeeping } from './housekeeping.ts';
import type { OpenSources } from './open-sources.ts';
import type { AccountUnit, IngestUnit, ProcessParts } from './process.ts';

/** How each account is, as whoever receives or sends for it says: here from memory, elsewhere from the database. */

type Told = Pick<AccountHealth, 'ok' | 'problem' | 'rate'>;

const EVERY = 5_000;
const UNSAID: Told = { ok: true, problem: null, rate: 0 };
const NOBODY: Told = { ok: false, problem: 'no process receives and sends for it', rate: 0 };

/** Keyed by lease: each half is told by whoever holds it. */
const keptIn = ({ store }: Pick<ProcessParts, 'store'>): DurableState => store.state('account-health');

const toldIn = (value: unknown): Told | null => {
  const told = value as Partial<Told> | null | undefined;
  if (typeof told?.ok !== 'boolean') return null;
  const problem = typeof told.problem === 'string' ? told.problem : null;
  return { ok: told.ok, problem, rate: typeof told.rate === 'number' ? told.rate : 0 };
};

/** Writes down how an account of this process is, for others, while there are any. Ends with the signal; never rejects. */
export async function tellHealth(parts: ProcessParts, unit: AccountUnit, signal: AbortSignal): Promise<void> {
  let told = '';
  const tell = async () => {
    const { ok, problem } = unit.health();
    const rate = finite(unit.sender.rate());
    const now = JSON.stringify({ ok, problem, rate: Math.round(rate) });
    if (!parts.supervisor().shared() || now === told) return;
    for (const name of unit.holds) await keptIn(parts).set(name, { ok, problem, rate });
    told = now;
  };
  await keepAtIt(tell, EVERY, { ...parts, begins: 'Unable to write down how an account is', ...SILENTLY }, signal);
}

const finite = (rate: number): number => (Number.isFinite(rate) ? rate : 0);

/** Of every account of the configuration. */
async function accountsNow(parts: Pick<ProcessParts, 'store' | 'idleAdapters' | 'here' | 'supervisor'>) {
  const { leases } = parts.supervisor().board();
  const holders = new Set(leases.filter(({ endsIn }) => endsIn > 0).map(({ name }) => name));
  return await Promise.all(
    parts.idleAdapters.map(async (idleAdapter) => {
      const { accountId: id, platform } = idleAdapter;
      const unit = parts.here.accounts.get(id);
      const told: Told[] = unit ? [{ ...unit.health(), rate: finite(unit.sender.rate()) }] : [];
      for (const name of halvesOf(id, ['bot', 'deliver'], new Set())) {
        if (unit?.holds.includes(name)) continue;
        told.push(holders.has(name) ? (toldIn(await keptIn(parts).get(name)) ?? UNSAID) : NOBODY);
      }
      const bad = told.find(({ ok }) => !ok);
      const rate = told.reduce((sum, one) => sum + one.rate, 0);
      return {
        id,
        platform,
        ok: bad === undefined,
        problem: bad?.problem ?? null,
        rate,
        ...(isTarget(idleAdapter) ? { target: true as const } : {}),
      };
    }),
  );
}

/** The same as was seen last, for whoever cannot wait. */
export function createAccountsHealth(parts: ProcessParts) {
  let last: AccountHealth[] = [];
  const look = async (): Promise<void> => {
    last = await accountsNow(parts);
  };
  const lookAtOthers = async () => {
    if (parts.supervisor().shared()) await look();
  };
  return {
    look,
    seen: (): PairAccount[] =>
      parts.idleAdapters.map(({ accountId: id, platform, service = null }) => {
        const ok = parts.here.accounts.get(id)?.health().ok ?? last.find((one) => one.id === id)?.ok ?? true;
        return { id, platform, service, ok };
      }),
    async loop(signal: AbortSignal): Promise<void> {
      const begins = 'Unable to see how accounts are';
      await keepAtIt(lookAtOthers, EVERY, { ...parts, firstAfter: EVERY, begins, ...SILENTLY }, signal);
    },
  };
}

/** How everything is, for `/status` and the listener: what runs in this process from memory, what runs elsewhere from the database. */

type Watched = Pick<ProcessParts, 'store' | 'clock' | 'log' | 'intake' | 'here' | 'idleAdapters' | 'supervisor'> & {
  housekeeping: Pick<ReturnType<typeof createHousekeeping>, 'fault'>;
  /** The sources of the configuration where nobody polls them: to be named. */
  described(): Promise<OpenSources>;
};

/** An agent is missing after so long, ms, where another process keeps watch over them. */
const AGENT_MS = 30 * 60_000;

export async function healthOf(watched: Watched): Promise<BotHealth> {
  const { store, intake, housekeeping } = watched;
  const { open, sources, press, missing, missingVantages, held } = await (watched.here.ingest
    ? polledHere(watched.here.ingest)
    : polledElsewhere(watched));
  return {
    accounts: await accountsNow(watched),
    queue: await store.outbox.depth(),
    storeFault: housekeeping.fault()?.reason ?? null,
    sources,
    press,
    off: open.off,
    leftOut: open.leftOut(),
    agents: (intake?.list() ?? []).map((one) => ({ ...one, missing: missing.includes(one.id) })),
    missingVantages,
    held,
  };
}

const polledHere = async ({ missing, open, poller, pipeline }: IngestUnit) => ({
  open,
  sources: poller.health(),
  press: poller.followed(),
  missing: missing?.agents() ?? [],
  missingVantages: missing?.vantages() ?? [],
  held: await pipeline.held(),
});

async function polledElsewhere(watched: Watched): ReturnType<typeof polledHere> {
  const { store, intake, clock } = watched;
  const open = await watched.described();
  await intake?.refresh();
  const vantages = await store.state('missing').get('vantages');
  return {
    open,
    press: [],
    sources: await storedHealth(open.sources, store.sourceStates, { now: clock.now(), nextRun }),
    missing: intake?.missing(AGENT_MS) ?? [],
    missingVantages: Array.isArray(vantages) ? vantages.filter((id) => typeof id === 'string') : [],
    held: await createHeldBack(watched).list(),
  };
}

/** How well the bot sees, as the report of a quiet week tells it. `own`: id of the vantage point on this machine, or null. */
export function sightOf(
  { sources, agents, missingVantages }: Pick<BotHealth, 'sources' | 'agents' | 'missingVantages'>,
  own: string | null,
): Sight {
  const every = sources
    .flatMap(({ lastPollAt, nextDueAt }) => (lastPollAt === null || nextDueAt === null ? [] : [nextDueAt - lastPollAt]))
    .filter((ms) => ms > 0)
    .sort((a, b) => a - b);
  const measuring = agents.filter((one) => !one.missing && !one.stopped && one.lastSeenAt !== null).length;
  return {
    sources: sources.filter((one) => !isIdle(one)).length,
    answering: sources.filter((one) => one.failingSince === null && !one.stale && one.lastOkAt !== null).length,
    oftenMs: every[(every.length - 1) >> 1] ?? null,
    vantages: measuring + (own !== null && !missingVantages.includes(own) ? 1 : 0),
  };
}
