import type { Report } from '../model/report.ts';
import type { Clock, Log } from '../ports/runtime.ts';
import type { Store, Tables } from '../ports/store.ts';

/**
 * How much one source may report. The largest events reported many services of one country (a register of 80 apps, 13 names off the national
 * DNS) or of one matter in a few countries; hundreds of services at once, or dozens of countries, are a feed that is broken, taken over or lying.
 * What drips in over an hour may be more: a register that is read name by name.
 */
export const FLOOD = {
  windowMs: 3_600_000,
  /** Pairs of country and service, and countries, in one poll: well above the largest ban. */
  atOnce: { pairs: 100, countries: 20 },
  /** The same within the window. */
  inAll: { pairs: 300, countries: 60 },
  /** An agent measures one country, and there perhaps a whole catalogue, all of it blocked. */
  measuredAtOnce: { pairs: 200, countries: 20 },
} as const;

/**
 * How often one source may say the same (the same action, of one service in one country) in a day: a monitor that reports every ten minutes stays within.
 * `inAll`: of all that it says more than `each` times. What is more joins nothing, and is counted.
 */
const REPEATS = { windowMs: 86_400_000, ofOne: 150, inAll: 3_000, each: 3 } as const;
/** Reports of one source that an incident keeps, beside the first of each voice and what changed something; looked at after so many more. */
const KEPT = 200;
const COMPACT_EVERY = 50;
/** Sources and incidents that are counted at a time. */
const MAX_COUNTED = 20_000;

/** What is remembered of one source. Times: ms since the epoch. */
export interface FloodMemory {
  /** When it last spoke of a pair, the newest last; bounded. */
  pairs: { pair: string; country: string | null; at: number }[];
  floodedAt: number | null;
}

interface FloodPlan {
  hold: boolean;
  why: 'within-bounds' | 'hundreds-of-services' | 'dozens-of-countries' | 'flooded-within-the-hour' | 'over-and-over';
  memory: FloodMemory;
}

export const NO_FLOOD: FloodMemory = { pairs: [], floodedAt: null };
const MAX_PAIRS = 1_000;

function beyond(mentions: FloodMemory['pairs'], bounds: { pairs: number; countries: number }): FloodPlan['why'] | null {
  if (mentions.length > bounds.pairs) return 'hundreds-of-services';
  return new Set(mentions.map(({ country }) => country)).size > bounds.countries ? 'dozens-of-countries' : null;
}

/**
 * Does what a source tells in one poll, or within the hour, go beyond what any event brings? Who flooded is held for the rest of the hour.
 * Pure; `memory`: of the last plan.
 */
export function planFlood(memory: FloodMemory, reports: readonly Report[], now: number): FloodPlan {
  const isLately = (at: number): boolean => now - at < FLOOD.windowMs;
  const mentions = reports.map(({ country, service }) => ({ pair: `${country} ${service}`, country, at: now }));
  const eachOnce = (list: FloodMemory['pairs']) => [...new Map(list.map((one) => [one.pair, one])).values()];
  const together = eachOnce(mentions);
  const all = eachOnce([...memory.pairs.filter(({ at }) => isLately(at)), ...together]);
  const isMeasured = reports.length > 0 && reports.every(({ kind }) => kind === 'measurement');
  const flood = beyond(together, isMeasured ? FLOOD.measuredAtOnce : FLOOD.atOnce) ?? beyond(all, FLOOD.inAll);
  const before = memory.floodedAt !== null && isLately(memory.floodedAt);
  const floodedAt = flood ? now : before ? memory.floodedAt : null;
  const why = flood ?? (before ? 'flooded-within-the-hour' : 'within-bounds');
  return { hold: why !== 'within-bounds', why, memory: { pairs: all.slice(-MAX_PAIRS), floodedAt } };
}

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

/** How often a source said what since when. */
interface Said {
  since: number;
  times: Map<string, number>;
  /** Beyond `REPEATS.each` of each. */
  repeated: number;
  dropped: number;
}
const nothingSaid = (since: number): Said => ({ since, times: new Map(), repeated: 0, dropped: 0 });

function isAnew(own: Said, { country, service, action }: Report): boolean {
  const key = `${country} ${service} ${action}`;
  const times = (own.times.get(key) ?? 0) + 1;
  own.times.set(key, times);
  if (times > REPEATS.each) own.repeated++;
  const isMore = times > REPEATS.ofOne || (times > REPEATS.each && own.repeated > REPEATS.inAll);
  if (isMore) own.dropped++;
  return !isMore;
}

/**
 * Holds back what floods (`held-back.ts`). A source is held for an hour after its last flood; what it tells meanwhile is held with the rest. What
 * counts as lately is forgotten with a restart, what was held is not.
 */
export function createHeldBack(deps: { store: Pick<Store, 'state'>; clock: Clock; log: Log }) {
  const { store, clock, log } = deps;
  const memories = new Map<string, FloodMemory>();
  const warnedAt = new Map<string, number>();
  const said = new Map<string, Said>();
  const joined = new Map<string, number>();

  async function read(state: Pick<Tables, 'state'>): Promise<Kept[]> {
    const kept = (await state.state('held').get(STATE_KEY)) as Kept[] | null | undefined;
    return (kept ?? []).filter((one) => clock.now() - one.since < KEPT_FOR);
  }

  function warn(sourceId: string, why: FloodPlan['why'], reports: number): void {
    const now = clock.monotonic();
    const key = `${sourceId} ${why === 'over-and-over'}`;
    const last = warnedAt.get(key);
    if (last !== undefined && now - last < 3_600_000) return;
    warnedAt.set(key, now);
    const facts = { source: sourceId, why, reports };
    if (why === 'over-and-over')
      log.warn('A source says the same over and over; what is more is counted, and not kept', facts);
    else log.warn('A source tells of more at once than any event brings; it is held back', facts);
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
    /** Those among its reports that are not the same over and over; the rest is counted, and gone. */
    anew(sourceId: string, reports: readonly Report[]): Report[] {
      const now = clock.now();
      const known = said.get(sourceId);
      const own = known && now - known.since < REPEATS.windowMs && now >= known.since ? known : nothingSaid(now);
      said.set(sourceId, own);
      const kept = reports.filter((one) => isAnew(own, one));
      if (kept.length < reports.length) warn(sourceId, 'over-and-over', own.dropped);
      return kept;
    },
    /** What joined an incident: now and then what its source said before is compacted, in the same transaction. */
    async keptOf(tables: Tables, incidentId: string, sourceId: string, isNew: boolean): Promise<void> {
      const key = `${incidentId} ${sourceId}`;
      // How many there were before the start nobody knows: anywhere between, so that restarts each night put nothing off for good.
      const count = (joined.get(key) ?? (isNew ? 0 : clock.now() % COMPACT_EVERY)) + 1;
      if (joined.size >= MAX_COUNTED) joined.clear();
      joined.set(key, count);
      if (count % COMPACT_EVERY !== 0) return;
      const dropped = await tables.reports.compact(incidentId, sourceId, KEPT);
      if (dropped > 0)
        log.info('Old reports of a source were compacted', { source: sourceId, incident: incidentId, dropped });
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
      const held = (await read(store)).map((one) => ({ ...one, reports: one.reports.length }));
      const repeating = [...said].flatMap(([sourceId, { since, dropped }]): HeldSource[] => {
        const isLately = clock.now() - since < REPEATS.windowMs;
        return dropped > 0 && isLately ? [{ sourceId, since, why: 'over-and-over', reports: 0, dropped }] : [];
      });
      return [...held, ...repeating];
    },
    /** Takes them out for good; null = nothing of this source is held. The next flood of it is judged anew. */
    async release(tables: Tables, sourceId: string): Promise<Report[] | null> {
      const all = await read(tables);
      const own = all.find((one) => one.sourceId === sourceId);
      if (!own) return null;
      const others = all.filter((one) => one !== own);
      await tables.state('held').set(STATE_KEY, others);
      memories.delete(sourceId);
      warnedAt.delete(`${sourceId} false`);
      return own.reports;
    },
  };
}
