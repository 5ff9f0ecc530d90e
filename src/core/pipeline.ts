import { type IncidentChange, correlate } from './correlate/correlate.ts';
import { type HeldSource, createHeldBack } from './correlate/held-back.ts';
import { createJudges } from './judge/all-judges.ts';
import type { Policy } from './model/alert.ts';
import type { BaselineEntry } from './model/catalogue.ts';
import type { ChangeKind, Incident } from './model/incident.ts';
import type { Item } from './model/item.ts';
import { type Measurement, agentOf } from './model/measurement.ts';
import { MAX_STATEMENTS, MAX_WITHDRAWALS, type Report, type Statement, type Withdrawal } from './model/report.ts';
import type { Extractor, Gazetteer } from './ports/reading.ts';
import type { Clock, Ids, Log } from './ports/runtime.ts';
import type { Store, Tables } from './ports/store.ts';
import {
  type ReadPoll,
  type StatedHow,
  createItemReading,
  createSeenBound,
  createStatementReading,
  itemsOf,
  reportsOf,
} from './read.ts';
import { route } from './route.ts';
import { type StandsFor, createStanding } from './state/standing.ts';

/** Runs `work` when all that was handed in before has ended, well or not. Resolves and rejects as `work` does. */
type InOrder = <T>(work: () => Promise<T>) => Promise<T>;

export function inOrder(): InOrder {
  let tail: Promise<unknown> = Promise.resolve();
  return (work) => {
    const result = tail.then(work);
    tail = result.catch(() => undefined);
    return result;
  };
}

/** The same for each key by itself; keys do not wait for each other. Nothing is kept of a key that has no work. */
export function inOrderByKey(): <T>(key: string, work: () => Promise<T>) => Promise<T> {
  const queues = new Map<string, { run: InOrder; waiting: number }>();
  return async (key, work) => {
    const queue = queues.get(key) ?? { run: inOrder(), waiting: 0 };
    queues.set(key, queue);
    queue.waiting++;
    try {
      return await queue.run(work);
    } finally {
      queue.waiting--;
      if (queue.waiting === 0) queues.delete(key);
    }
  };
}

export interface PipelineDeps {
  store: Store;
  extractor: Extractor;
  policy: Policy;
  clock: Clock;
  ids: Ids;
  log: Log;
  /** Absent: regions stay in the texts' own words. */
  gazetteer?: Gazetteer;
  /** Long-standing blocks by the public record; absent = none. */
  baseline?: readonly BaselineEntry[];
  /** Services that registers hold as blocked in a country; absent = none does. */
  heldIn?(country: string): Promise<readonly string[]>;
  /** Called after a commit that may have made broadcasts. */
  wake(): void;
  /** Called after the commit when an incident about this service opens, rises or eases: worth a look of one's own. */
  onIncidentChanged?(service: string, country: string | null): void;
}

export type Pipeline = ReturnType<typeof createPipeline>;

/** Changes that a measurement can bear out or contradict. */
const WORTH_MEASURING: ReadonlySet<ChangeKind> = new Set([
  'opened',
  'confidence-up',
  'escalated',
  'widened',
  'named',
  'easing',
  'lifted',
  'resumed',
]);

type Joining = Pick<PipelineDeps, 'policy' | 'clock' | 'ids' | 'log' | 'gazetteer'> & { standsFor: StandsFor };

/** Reports join incidents, and what that changes becomes broadcasts, in the caller's transaction. Returns the changes that have a name. */
async function correlateAndRoute(tables: Tables, reports: Report[], deps: Joining): Promise<IncidentChange[]> {
  const { policy, ids, log, clock } = deps;
  const changes: IncidentChange[] = [];
  for (const report of reports) changes.push(...(await correlate(tables, report, deps)));
  for (const { after, kinds, report } of changes) {
    const { id: incident, confidence } = after;
    for (const change of kinds)
      log.debug('Incident changed', { incident, change, confidence, source: report.sourceId });
  }
  await route(tables, changes, { policy, ids, now: clock.now() });
  return changes.filter((change) => change.kinds.length > 0);
}

/**
 * Takes an incident back, in the caller's transaction; false when there is none. One that was taken back before stays as it is. `reportId`: of the source
 * whose word it is; null = an operator's.
 */
async function withdraw(
  tables: Tables,
  incidentId: string,
  { because, reportId }: { because: string; reportId: string | null },
  deps: Omit<Joining, 'standsFor'>,
): Promise<boolean> {
  const { policy, ids, clock } = deps;
  const before = await tables.incidents.get(incidentId);
  if (!before || before.state === 'withdrawn') return before !== null;
  const now = clock.now();
  const after: Incident = {
    ...before,
    state: 'withdrawn',
    open: false,
    closedAt: now,
    withdrawnBecause: because,
    version: before.version + 1,
  };
  await tables.incidents.update(after);
  const { id, action, state, confidence, method } = after;
  await tables.incidents.addTransition({
    incidentId: id,
    at: now,
    change: 'withdrawn',
    action,
    state,
    confidence,
    method,
    reportId,
  });
  await route(tables, [{ before, after, kinds: ['withdrawn'], report: null }], { policy, ids, now });
  return true;
}

/** Reports of an incident that are looked at to see whether all are of one source; one with more is kept. */
const RESTING = 200;

/** Incidents that these items report on, and nothing of another source; each with one of its reports. */
async function restingOn(
  tables: Tables,
  sourceId: string,
  items: readonly string[],
): Promise<{ id: string; reportId: string }[]> {
  const ids = new Set<string>();
  for (const item of items) for (const id of await tables.reports.incidentsOfItem(item)) ids.add(id);
  const resting: { id: string; reportId: string }[] = [];
  for (const id of ids) {
    const reports = await tables.reports.byIncident(id, RESTING);
    if (reports.length < RESTING && reports.every((one) => one.sourceId === sourceId))
      resting.push({ id, reportId: reports[0]!.id });
  }
  return resting;
}

/**
 * Joins the steps: item → extraction → reports → incidents → broadcasts. From the reports on it is one at a time: correlation reads before
 * it writes. Extraction goes before that, in the order of its source.
 */
export function createPipeline(deps: PipelineDeps) {
  const { store, clock, ids, log } = deps;
  const serially = inOrder();
  const bySource = inOrderByKey();
  const standing = createStanding(deps);
  const join = (tables: Tables, reports: Report[], standsFor: StandsFor) =>
    correlateAndRoute(tables, reports, { ...deps, standsFor });

  /** What a commit has changed reaches those who wait for it. */
  function committed(changes: readonly IncidentChange[]): void {
    if (changes.length > 0) deps.wake();
    for (const { after, kinds, report } of changes) {
      if (after.service === null) continue;
      if (kinds.some((kind) => WORTH_MEASURING.has(kind))) deps.onIncidentChanged?.(after.service, after.country);
      if (kinds.includes('opened') && report.kind !== 'measurement') judges.spokenOf(after.country, after.service);
    }
  }

  const bound = createSeenBound(store);
  const heldBack = createHeldBack({ store, clock, log });
  const readItems = createItemReading({ ...deps, bound });
  const readStatements = createStatementReading({ ...deps, bound });

  /** Keeps what is not held back; each source by itself. Our own probe is held by nobody. */
  async function sift(tables: Tables, reports: Report[]): Promise<Report[]> {
    const passed: Report[] = [];
    for (const [sourceId, own] of Map.groupBy(reports, (one) => one.sourceId)) {
      const isOurs = own.every(({ kind, measured }) => kind === 'measurement' && measured?.agent === undefined);
      const { hold, why } = isOurs ? { hold: false, why: 'within-bounds' as const } : heldBack.judge(sourceId, own);
      if (hold) await heldBack.hold(tables, sourceId, own, why);
      else passed.push(...own);
    }
    return passed;
  }

  /** An item's keys are remembered in the transaction that stores its reports: a crash loses neither, and repeats neither. */
  async function storePoll({ sourceId, at, relevant, silent, added, carried }: ReadPoll): Promise<void> {
    if (silent.length > 0) await store.seen.add(sourceId, silent, at);
    const reports = relevant.flatMap((one) => one.reports);
    const flood = reports.length > 0 ? heldBack.judge(sourceId, reports) : null;
    if (flood?.hold) {
      const keys = relevant.flatMap((one) => one.keys);
      await store.transaction(async (tables) => {
        await tables.seen.add(sourceId, keys, at);
        await heldBack.hold(tables, sourceId, reports, flood.why);
      });
    }
    const standsFor = await standing.among(reports);
    for (const one of flood?.hold ? [] : relevant) {
      const changed = await store.transaction(async (tables) => {
        await tables.seen.add(sourceId, one.keys, at);
        return await join(tables, one.reports, standsFor);
      });
      committed(changed);
    }
    await bound.added(sourceId, added, carried);
  }

  async function stated(sourceId: string, statements: readonly Statement[], how: StatedHow): Promise<number> {
    const { at, reports, fresh, keys } = await readStatements(sourceId, statements, how);
    const standsFor = await standing.among(reports);
    const changed = await store.transaction(async (tables) => {
      await tables.seen.add(sourceId, keys, at);
      return await join(tables, await sift(tables, reports), standsFor);
    });
    committed(changed);
    await bound.added(sourceId, fresh, keys);
    return fresh;
  }

  const judges = createJudges({ ids });

  async function measured(measurements: Measurement[]): Promise<void> {
    const now = clock.now();
    const { judged, changed } = await judges.take(store.state('judge'), now, (judge) =>
      store.transaction(async (tables) => {
        const fresh: Measurement[] = [];
        for (const one of measurements)
          if (await tables.measurements.add(one)) fresh.push(agentOf(one) === null ? one : { ...one, arrivedAt: now });
        const judged = await judge(fresh, tables.state('judge'));
        return { judged, changed: await join(tables, await sift(tables, judged.reports), standing.onRecord) };
      }),
    );
    for (const { vantageId: vantage, verdict } of judged.outages)
      log.warn('A vantage point says nothing about others while its own line fails', { vantage, verdict });
    committed(changed);
  }

  return {
    /** Rounds of own probes and agents: kept raw, judged, and what they mean joins the incidents. A measurement that is known already is passed over. */
    measurements: (measurements: Measurement[]): Promise<void> => serially(() => measured(measurements)),
    /** Vantage points that have measured once, and not since (ms since the epoch). */
    missingVantages: (since: number): Promise<string[]> => serially(() => judges.missing(store.state('judge'), since)),
    /**
     * Items of one poll of one source, in any order. Resolves when everything is durable. `firstPoll`: nothing older than the window alerts.
     * Texts are read before anything else is held up: an extractor that takes long delays its own source alone.
     */
    items: (sourceId: string, items: Item[], firstPoll: boolean): Promise<void> =>
      bySource(sourceId, async () => {
        const poll = await readItems(sourceId, items, firstPoll);
        await serially(() => storePoll(poll));
      }),
    /**
     * What a source states in terms: in one transaction, with what makes it known. Resolves, when it is durable, with how many were new; none of
     * these is ever taken again.
     */
    statements: (sourceId: string, statements: readonly Statement[], how: StatedHow): Promise<number> =>
      serially(() => stated(sourceId, statements, how)),
    /** A source takes back what it stated: incidents that rest on its word alone are withdrawn, and nothing else happens to any other. */
    withdrawals: (sourceId: string, withdrawals: readonly Withdrawal[]): Promise<void> =>
      serially(async () => {
        for (const { statements, because } of withdrawals.slice(0, MAX_WITHDRAWALS)) {
          const items = statements.slice(0, MAX_STATEMENTS).flatMap((one) => itemsOf(sourceId, one));
          await store.transaction(async (tables) => {
            for (const { id, reportId } of await restingOn(tables, sourceId, items))
              await withdraw(tables, id, { because, reportId }, deps);
          });
        }
        if (withdrawals.length > 0) deps.wake();
      }),
    /** Reports that are no news: a judge's. One transaction. */
    reports: (reports: Report[]): Promise<void> =>
      serially(async () => {
        committed(
          await store.transaction(async (tables) => join(tables, await sift(tables, reports), standing.onRecord)),
        );
      }),
    /** Sources that reported more at once than any event brings. */
    held: (): Promise<HeldSource[]> => heldBack.list(),
    /** An operator lets what was held of a source count after all: how many reports; null = nothing is held of it. */
    release: (sourceId: string): Promise<number | null> =>
      serially(async () => {
        const { reports, changed } = await store.transaction(async (tables) => {
          const reports = await heldBack.release(tables, sourceId);
          return { reports, changed: await join(tables, reports ?? [], standing.onRecord) };
        });
        committed(changed);
        return reports?.length ?? null;
      }),
    /** One recorded item, with its voice; no seen-check. For `replay`. */
    recorded: (item: Item, itemId: string, voice: string): Promise<void> =>
      bySource(item.sourceId, async () => {
        const extraction = await deps.extractor.extract(item);
        const reports = extraction.relevant ? reportsOf(item, extraction, { itemId, voice }, ids) : [];
        if (reports.length === 0) return;
        await serially(async () =>
          committed(await store.transaction((tables) => join(tables, reports, standing.onRecord))),
        );
      }),
    /** An operator takes an incident back; false when there is no such incident. */
    retract: (incidentId: string, because: string): Promise<boolean> =>
      serially(async () => {
        const found = await store.transaction((tables) =>
          withdraw(tables, incidentId, { because, reportId: null }, deps),
        );
        deps.wake();
        return found;
      }),
  };
}
