import { type Correction, CORRECTS_WITHIN, isCorrected } from './corrections.ts';
import { type IncidentChange, addTransition, correlate, expire } from './correlate/correlate.ts';
import { type HeldSource, createHeldBack } from './correlate/held-back.ts';
import { type TakenBack, takeBack } from './correlate/retract.ts';
import { attributed } from './correlate/whose.ts';
import { createJudges } from './judge/all-judges.ts';
import { type Heard, reportOf } from './judge/readers.ts';
import type { Policy } from './model/alert.ts';
import type { ChangeKind, Incident } from './model/incident.ts';
import type { Item } from './model/item.ts';
import { type Measurement, agentOf } from './model/measurement.ts';
import { MAX_STATEMENTS, MAX_WITHDRAWALS, type Report, type Statement, type Withdrawal } from './model/report.ts';
import { EVERYWHERE, READERS } from './ports/readers.ts';
import type { Extractor, Gazetteer, Publishers } from './ports/reading.ts';
import type { Tools } from './ports/runtime.ts';
import type { PollContext, PollResult, Source } from './ports/source.ts';
import type { Store, Tables } from './ports/store.ts';
import {
  type ReadPoll,
  type StatedHow,
  bounded,
  createItemReading,
  createSeenBound,
  createStatementReading,
  itemsOf,
  placedOnly,
  reportsOf,
} from './read.ts';
import { route } from './route.ts';
import { createLately } from './state/lately.ts';
import { type StandsFor, createStanding } from './state/standing.ts';
import type { WorldDeps } from './state/world.ts';
import { inOrder, inOrderByKey } from './wakeable.ts';

export interface PipelineDeps extends Tools, Pick<WorldDeps, 'baseline' | 'heldIn'> {
  store: Store;
  extractor: Extractor;
  policy: Policy;
  /** Absent: regions stay in the texts' own words. */
  gazetteer?: Gazetteer;
  /** Absent: every publisher is an owner of its own. */
  publishers?: Publishers;
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

/** Reports of a post that join in one transaction: an alert of others waits for no more. */
const PUSHED = 4;
/** Readers who go on say so within a day; after that it is something new. */
const READERS_QUIET = 24 * 3_600_000;
/** Open incidents of one country that are looked through for who speaks already. */
const MAX_OPEN = 100;

type Joining = Pick<PipelineDeps, 'policy' | 'clock' | 'ids' | 'log' | 'gazetteer' | 'publishers'> & {
  standsFor: StandsFor;
  heldBack: Pick<ReturnType<typeof createHeldBack>, 'keptOf'>;
};

/** Reports join incidents, and what that changes becomes broadcasts, in the caller's transaction. Returns the changes that have a name. */
async function correlateAndRoute(tables: Tables, reports: Report[], deps: Joining): Promise<IncidentChange[]> {
  const { policy, ids, log, clock, publishers } = deps;
  const changes: IncidentChange[] = [];
  for (const report of reports) {
    const whose = await attributed(tables, bounded(report), { publishers, now: clock.now() });
    changes.push(...(await correlate(tables, whose, deps)));
  }
  for (const { before, after, report } of changes)
    await deps.heldBack.keptOf(tables, after.id, report.sourceId, before === null);
  for (const { after, kinds, report } of changes) {
    const { id: incident, confidence } = after;
    for (const change of kinds)
      log.debug('Incident changed', { incident, change, confidence, source: report.sourceId });
    // Once an incident: what a register holds by mistake would silence true reports, and nobody would know.
    if (kinds.includes('stands') && after.standing)
      log.info('A report of what is on record as cut already rings nobody', {
        incident,
        by: after.standing.by,
        source: report.sourceId,
      });
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
  deps: Pick<Joining, 'policy' | 'ids' | 'clock'>,
): Promise<boolean> {
  const { policy, ids, clock } = deps;
  const before = await tables.incidents.get(incidentId);
  if (!before || before.state === 'withdrawn') return before !== null;
  const now = clock.now();
  const over = { state: 'withdrawn', open: false, closedAt: now, withdrawnBecause: because } as const;
  const after: Incident = { ...before, ...over, version: before.version + 1 };
  await tables.incidents.update(after);
  await addTransition(tables, after, { change: 'withdrawn', at: now, reportId });
  await route(tables, [{ before, after, kinds: ['withdrawn'], report: null }], { policy, ids, now });
  return true;
}

/** A source's own words are taken back, in the caller's transaction; what rests on nothing else is withdrawn. */
async function takenBack(
  tables: Tables,
  taken: readonly TakenBack[],
  because: string,
  deps: Pick<Joining, 'policy' | 'ids' | 'clock'>,
): Promise<void> {
  const { policy, ids, clock } = deps;
  const now = clock.now();
  for (const one of taken) {
    const change = await takeBack(tables, one, now);
    if (change) await route(tables, [{ ...change, report: null }], { policy, ids, now });
    else await withdraw(tables, one.incidentId, { because, reportId: one.reportIds[0]! }, deps);
  }
}

/** An outlet says that it was wrong: what it reported of that, through the same source, is taken back. */
async function correct(tables: Tables, correction: Correction, deps: Parameters<typeof takenBack>[3]): Promise<void> {
  const { sourceId, publisher, at, because } = correction;
  const said = await tables.reports.saidBy(sourceId, publisher, at - CORRECTS_WITHIN);
  const own = Map.groupBy(
    said.filter(({ report }) => isCorrected(report, correction)),
    ({ incidentId }) => incidentId,
  );
  const taken = [...own].map(([incidentId, list]) => ({ incidentId, reportIds: list.map(({ report }) => report.id) }));
  await takenBack(tables, taken, because, deps);
}

/**
 * Joins the steps: item → extraction → reports → incidents → broadcasts. From the reports on it is one at a time: correlation reads before
 * it writes. Extraction goes before that, in the order of its source.
 */
export function createPipeline(deps: PipelineDeps) {
  const { store, clock, ids, log } = deps;
  const serially = inOrder();
  const bySource = inOrderByKey();
  const standing = createStanding({ ...deps, cutIn: createLately(store.measurements).cutIn });
  const heldBack = createHeldBack({ store, clock, log });
  const join = (tables: Tables, reports: Report[], standsFor: StandsFor) =>
    correlateAndRoute(tables, reports, { ...deps, standsFor, heldBack });

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
  const readItems = createItemReading({ ...deps, bound });
  const readStatements = createStatementReading({ ...deps, bound });

  /** Keeps what is not held back; each source by itself. Our own probe is held by nobody. `together`: all that came with them, of one source. */
  async function sift(tables: Tables, reports: Report[], together?: readonly Report[]): Promise<Report[]> {
    const passed: Report[] = [];
    for (const [sourceId, own] of Map.groupBy(reports, (one) => one.sourceId)) {
      const isOurs = own.every(({ kind, measured }) => kind === 'measurement' && measured?.agent === undefined);
      const { hold, why } = isOurs
        ? { hold: false, why: 'within-bounds' as const }
        : heldBack.judge(sourceId, together ?? own);
      if (hold) await heldBack.hold(tables, sourceId, own, why);
      else passed.push(...(isOurs ? own : heldBack.anew(sourceId, own)));
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
        if (one.correction) await correct(tables, one.correction, deps);
        return await join(tables, heldBack.anew(sourceId, one.reports), standsFor);
      });
      committed(changed);
      if (one.correction) deps.wake();
    }
    await bound.added(sourceId, added, carried);
  }

  async function stated(sourceId: string, statements: readonly Statement[], how: StatedHow): Promise<number> {
    const { at, reports, fresh, keys } = await readStatements(sourceId, statements, how);
    const standsFor = await standing.among(reports);
    const size = how.pushed ? PUSHED : Math.max(1, reports.length);
    for (let from = 0; from === 0 || from < reports.length; from += size) {
      const some = reports.slice(from, from + size);
      const isLast = from + size >= reports.length;
      const known = isLast ? keys : some.map(({ itemId }) => itemId!.slice(sourceId.length + 1));
      await serially(async () => {
        const changed = await store.transaction(async (tables) => {
          await tables.seen.add(sourceId, known, at);
          return await join(tables, await sift(tables, some, reports), standsFor);
        });
        committed(changed);
      });
      if (!isLast) await how.pause?.();
    }
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
        const reports = placedOnly(judged.reports, deps);
        return { judged, changed: await join(tables, await sift(tables, reports), standing.onRecord) };
      }),
    );
    for (const { vantageId: vantage, verdict } of judged.outages)
      log.warn('A vantage point says nothing about others while its own line fails', { vantage, verdict });
    committed(changed);
  }

  /** What is open of it, or of services that nobody named, and whether readers alone say so. */
  async function openOf(tables: Tables, { country, service }: { country: string; service: string }) {
    const open = await tables.incidents.list({ country, family: 'access', open: true, limit: MAX_OPEN });
    const about = open.filter((one) => one.service === service || one.service === null);
    const isTheirs = async ({ id }: Incident): Promise<boolean> =>
      (await tables.reports.byIncident(id, MAX_OPEN)).every(({ measured }) => measured?.observatory === READERS);
    return await Promise.all(about.map(async (incident) => ({ incident, isTheirs: await isTheirs(incident) })));
  }

  /** A suspicion where nobody else speaks and nothing stood; what readers alone carried is taken back where it is the service itself. */
  async function heard({ excesses, outages }: Heard): Promise<void> {
    const now = clock.now();
    const reports = excesses.map((one) => reportOf(one, ids.next()));
    const asNews = reports.map((one) => ({ ...one, kind: 'news' as const }));
    const stands = await standing.among(asNews);
    const changed = await store.transaction(async (tables) => {
      for (const one of outages)
        for (const { incident, isTheirs } of await openOf(tables, one))
          if (isTheirs) await withdraw(tables, incident.id, { because: EVERYWHERE, reportId: null }, deps);
      const said: Report[] = [];
      for (const [at, one] of excesses.entries()) {
        const open = await openOf(tables, one);
        if (stands(asNews[at]!) !== null || open.some(({ isTheirs }) => !isTheirs)) continue;
        for (const { incident } of open)
          if (now - incident.lastReportAt > READERS_QUIET) await expire(tables, incident, now);
        said.push(reports[at]!);
      }
      return await join(tables, said, standing.onRecord);
    });
    committed(changed);
    if (outages.length > 0) deps.wake();
    for (const { service, country } of [...excesses, ...outages]) deps.onIncidentChanged?.(service, country);
  }

  const pipeline = {
    /** What readers say, by the judge. They corroborate, confirm and lift nothing; that they speak is worth measuring. */
    readers: (said: Heard): Promise<void> => serially(() => heard(said)),
    /** What a poll of a source brought, in the order in which it becomes durable. */
    async ingest(
      { id }: Pick<Source, 'id'>,
      found: PollResult,
      { firstPoll }: Pick<PollContext, 'firstPoll'>,
    ): Promise<void> {
      const { items, statements = [], withdrawals = [], measurements } = found;
      if (items.length > 0) await pipeline.items(id, items, firstPoll);
      if (statements.length > 0) await pipeline.statements(id, statements, { firstPoll, pushed: false });
      if (withdrawals.length > 0) await pipeline.withdrawals(id, withdrawals);
      if (measurements.length > 0) await pipeline.measurements(measurements);
    },
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
     * What a source states in terms: in one transaction, with what makes it known; what was pushed, a few at a time, and what others bring goes between.
     * Resolves, when it is durable, with how many were new; none of these is ever taken again.
     */
    statements: (sourceId: string, statements: readonly Statement[], how: StatedHow): Promise<number> =>
      bySource(sourceId, () => stated(sourceId, statements, how)),
    /** A source takes back what it stated: its word counts for nothing any more, and incidents that rest on nothing else are withdrawn. */
    withdrawals: (sourceId: string, withdrawals: readonly Withdrawal[]): Promise<void> =>
      serially(async () => {
        for (const { statements, because } of withdrawals.slice(0, MAX_WITHDRAWALS)) {
          const items = statements.slice(0, MAX_STATEMENTS).flatMap((one) => itemsOf(sourceId, one));
          await store.transaction(async (tables) => {
            const said = await tables.reports.ofItems(sourceId, items);
            const taken = [...said].map(([incidentId, reportIds]) => ({ incidentId, reportIds }));
            await takenBack(tables, taken, because, deps);
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
        const read = extraction.relevant
          ? reportsOf(item, extraction, { itemId, voice, publishers: deps.publishers }, ids)
          : [];
        const reports = placedOnly(read, deps);
        if (reports.length === 0) return;
        const standsFor = await standing.among(reports);
        await serially(async () => committed(await store.transaction((tables) => join(tables, reports, standsFor))));
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
  return pipeline;
}
