import type { Report } from '../model/report.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Store, Tables } from '../ports/store.ts';
import { type FloodMemory, type FloodPlan, NO_FLOOD, planFlood } from './flood.ts';

/** A source that reported more at once than any event brings: its reports are kept aside, join nothing and notify nobody. */
export interface HeldSource {
  sourceId: string;
  /** When it began, ms since the epoch. */
  since: number;
  why: FloodPlan['why'];
  /** Reports that wait for an operator's word. */
  reports: number;
  /** Older ones that were let go for room. */
  dropped: number;
}

interface Kept extends Omit<HeldSource, 'reports'> {
  reports: Report[];
}

const MAX_REPORTS = 500;
const MAX_SOURCES = 50;
const MAX_SUMMARY = 200;
/** After that nobody asks for them any more. */
const KEPT_FOR = 14 * 86_400_000;
const STATE_KEY = 'sources';

/**
 * Holds back what floods (`flood.ts`). A source is held for an hour after its last flood; what it tells meanwhile is held with the rest. What
 * counts as lately is forgotten with a restart, what was held is not.
 */
export function createHeldBack(deps: { store: Pick<Store, 'state'>; clock: Clock; log: Log }) {
  const { store, clock, log } = deps;
  const memories = new Map<string, FloodMemory>();
  const warnedAt = new Map<string, number>();

  async function read(state: Pick<Tables, 'state'>): Promise<Kept[]> {
    const kept = (await state.state('held').get(STATE_KEY)) as Kept[] | null | undefined;
    return (kept ?? []).filter((one) => clock.now() - one.since < KEPT_FOR);
  }

  function warn(sourceId: string, why: FloodPlan['why'], reports: number): void {
    const now = clock.monotonic();
    const last = warnedAt.get(sourceId);
    if (last !== undefined && now - last < 3_600_000) return;
    warnedAt.set(sourceId, now);
    log.warn('A source tells of more at once than any event brings; it is held back', {
      source: sourceId,
      why,
      reports,
    });
  }

  return {
    /** Is this to be held? Call once for all reports of one poll. */
    judge(sourceId: string, reports: readonly Report[]): FloodPlan {
      const plan = planFlood(memories.get(sourceId) ?? NO_FLOOD, reports, clock.now());
      if (plan.memory.pairs.length > 0 || plan.hold) memories.set(sourceId, plan.memory);
      else memories.delete(sourceId);
      if (plan.hold) warn(sourceId, plan.why, reports.length);
      return plan;
    },
    /** Keeps them aside, in the transaction that marks their items as seen. */
    async hold(tables: Tables, sourceId: string, reports: readonly Report[], why: FloodPlan['why']): Promise<void> {
      const all = await read(tables);
      const none: Kept = { sourceId, since: clock.now(), why, reports: [], dropped: 0 };
      const own = all.find((one) => one.sourceId === sourceId) ?? none;
      const short = reports.map((one) => ({ ...one, summary: one.summary.slice(0, MAX_SUMMARY) }));
      const together = [...own.reports, ...short];
      const kept = together.slice(-MAX_REPORTS);
      const dropped = own.dropped + together.length - kept.length;
      const others = all.filter((one) => one.sourceId !== sourceId).slice(1 - MAX_SOURCES);
      await tables.state('held').set(STATE_KEY, [...others, { ...own, reports: kept, dropped }]);
    },
    async list(): Promise<HeldSource[]> {
      return (await read(store)).map((one) => ({ ...one, reports: one.reports.length }));
    },
    /** Takes them out for good; null = nothing of this source is held. The next flood of it is judged anew. */
    async release(tables: Tables, sourceId: string): Promise<Report[] | null> {
      const all = await read(tables);
      const own = all.find((one) => one.sourceId === sourceId);
      if (!own) return null;
      const others = all.filter((one) => one !== own);
      await tables.state('held').set(STATE_KEY, others);
      memories.delete(sourceId);
      warnedAt.delete(sourceId);
      return own.reports;
    },
  };
}
export type HeldBack = ReturnType<typeof createHeldBack>;
