import { correlate, type IncidentChange } from './correlate/correlate.ts';
import { createHeldBack, type HeldSource } from './correlate/held-back.ts';
import { reportsOf } from './correlate/reports.ts';
import { seenKeys } from './correlate/seen.ts';
import { createSeenBound } from './correlate/seen-bound.ts';
import { planSeen } from './correlate/seen-plan.ts';
import { messageOf } from './errors.ts';
import { createMeasurementJudge, type JudgeMemory, type MeasurementJudge } from './judge/measured.ts';
import type { ChangeKind, Incident } from './model/incident.ts';
import type { Item } from './model/item.ts';
import { agentOf, type Measurement } from './model/measurement.ts';
import type { Policy } from './model/policy.ts';
import type { Report } from './model/report.ts';
import type { Clock } from './ports/clock.ts';
import type { Extractor } from './ports/extractor.ts';
import type { Ids } from './ports/ids.ts';
import type { Log } from './ports/log.ts';
import type { Store, Tables } from './ports/store.ts';
import { route } from './route/route.ts';

export interface PipelineDeps {
  store: Store;
  extractor: Extractor;
  policy: Policy;
  clock: Clock;
  ids: Ids;
  log: Log;
  /** Called after a commit that may have made broadcasts. */
  wake(): void;
  /** Called after the commit when an incident about this service opens, rises or eases: worth a look of one's own. */
  turned?(service: string, country: string | null): void;
}

export interface Pipeline {
  /** Items of one poll of one source, in any order. Resolves when everything is durable. `firstPoll`: nothing older than the window alerts. */
  items(sourceId: string, items: Item[], firstPoll: boolean): Promise<void>;
  /** Reports that are no news: a judge's, an authority's registry. One transaction. */
  reports(reports: Report[]): Promise<void>;
  /** Rounds of own probes and agents: kept raw, judged, and what they mean joins the incidents. A measurement that is known already is passed over. */
  measurements(measurements: Measurement[]): Promise<void>;
  /** One recorded item, with its voice; no seen-check. For `replay`. */
  recorded(item: Item, itemId: string, voice: string): Promise<void>;
  /** An operator takes an incident back; false when there is no such incident. */
  retract(incidentId: string, because: string): Promise<boolean>;
  /** Vantage points that have measured once, and not since (ms since the epoch). */
  silentVantages(since: number): Promise<string[]>;
  /** Sources that told of more at once than any event brings. */
  held(): Promise<HeldSource[]>;
  /** An operator lets what was held of a source count after all: how many reports; null = nothing is held of it. */
  release(sourceId: string): Promise<number | null>;
}

/** Changes that a measurement can bear out or contradict. */
const TURNS: ReadonlySet<ChangeKind> = new Set([
  'opened',
  'confidence-up',
  'escalated',
  'widened',
  'named',
  'easing',
  'lifted',
  'resumed',
]);

/** Items older than this are for the record of what was seen only: a feed that opens its archive is not news. */
const ARCHIVE = 14 * 86_400_000;
const UNREADABLE_KEPT = 1_000;
/** After so long, ms, the event loop gets a turn: texts that are dear to read are dearer than twenty of the others. */
const TURN = 8;

/** Joins the steps: item → extraction → reports → incidents → broadcasts. One at a time: correlation reads before it writes. */
export function createPipeline(deps: PipelineDeps): Pipeline {
  const { store, clock, ids, log, policy } = deps;
  let tail: Promise<unknown> = Promise.resolve();
  const serially = <T>(work: () => Promise<T>): Promise<T> => {
    const result = tail.then(work);
    tail = result.catch(() => undefined);
    return result;
  };

  async function keep(tables: Tables, reports: Report[]): Promise<IncidentChange[]> {
    const changes: IncidentChange[] = [];
    for (const report of reports) changes.push(...(await correlate(tables, report, { policy, ids })));
    for (const { after, kinds, report } of changes) {
      for (const change of kinds)
        log.debug('Incident changed', {
          incident: after.id,
          change,
          confidence: after.confidence,
          source: report.sourceId,
        });
    }
    await route(tables, changes, { policy, ids, now: clock.now() });
    return changes.filter((change) => change.kinds.length > 0);
  }

  /** What a commit has changed reaches those who wait for it. */
  function committed(changes: readonly IncidentChange[]): void {
    if (changes.length > 0) deps.wake();
    for (const { after, kinds } of changes)
      if (after.service !== null && kinds.some((kind) => TURNS.has(kind))) deps.turned?.(after.service, after.country);
  }

  const bound = createSeenBound(store);
  const heldBack = createHeldBack({ store, clock, log });

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

  // Texts that the extractor failed at: told once each, tried again with each poll, and in nobody's way.
  const unreadable = new Set<string>();

  async function reportsIn(item: Item, itemId: string): Promise<Report[] | null> {
    try {
      const extraction = await deps.extractor.extract(item);
      return extraction.relevant ? reportsOf(item, extraction, { itemId }, ids) : [];
    } catch (error) {
      if (unreadable.size >= UNREADABLE_KEPT) unreadable.clear();
      if (!unreadable.has(itemId))
        log.error('Unable to make sense of an item; it is passed over', {
          source: item.sourceId,
          url: item.url,
          error: messageOf(error),
        });
      unreadable.add(itemId);
      return null;
    }
  }

  async function ingest(sourceId: string, items: Item[], firstPoll: boolean): Promise<void> {
    const keys = seenKeys(items);
    const known = await store.seen.known(
      sourceId,
      keys.flatMap((one) => one.match),
    );
    const now = clock.now();
    const oldest = now - (firstPoll ? policy.firstPollWindow : ARCHIVE);
    const forgottenUntil = await bound.forgottenUntil(sourceId);
    const plan = planSeen(items, keys, known, { firstPoll, oldest, forgottenUntil });
    const silent: string[] = [];
    const fresh: { item: Item; keys: string[] }[] = [];
    for (const { item, reason, add } of plan.items)
      if (reason === 'news') fresh.push({ item, keys: add });
      else silent.push(...add);
    fresh.sort((a, b) => a.item.publishedAt - b.item.publishedAt);
    const relevant: { item: Item; keys: string[]; reports: Report[] }[] = [];
    let turned = clock.monotonic();
    for (const one of fresh) {
      if (clock.monotonic() - turned > TURN) {
        await clock.sleep(0);
        turned = clock.monotonic();
      }
      const reports = await reportsIn(one.item, `${sourceId}/${one.keys[0]}`);
      if (reports === null) continue;
      if (reports.length > 0) relevant.push({ ...one, reports });
      else silent.push(...one.keys);
    }
    if (silent.length > 0) await store.seen.add(sourceId, silent, now);
    const told = relevant.flatMap(({ reports }) => reports);
    const flood = told.length > 0 ? heldBack.judge(sourceId, told) : null;
    if (flood?.hold)
      await store.transaction(async (tables) => {
        await tables.seen.add(
          sourceId,
          relevant.flatMap((one) => one.keys),
          now,
        );
        await heldBack.hold(tables, sourceId, told, flood.why);
      });
    for (const one of flood?.hold ? [] : relevant) {
      const changed = await store.transaction(async (tables) => {
        await tables.seen.add(sourceId, one.keys, now);
        return await keep(tables, one.reports);
      });
      committed(changed);
    }
    const added = plan.items.reduce((sum, { add }) => sum + add.filter((key) => !known.has(key)).length, 0);
    await bound.added(
      sourceId,
      added,
      keys.flatMap((one) => one.match),
    );
  }

  // Made from what the store remembers, and again after a transaction that failed: then it has seen what was not kept.
  let judge: MeasurementJudge | null = null;

  async function judgeOfNow(): Promise<MeasurementJudge> {
    const memory = judge ? null : ((await store.state('judge').get('memory')) as JudgeMemory | null | undefined);
    judge ??= createMeasurementJudge({ ids }, memory ?? null);
    return judge;
  }

  async function measured(measurements: Measurement[]): Promise<void> {
    const own = await judgeOfNow();
    judge = null;
    const now = clock.now();
    const { judged, changed } = await store.transaction(async (tables) => {
      const fresh: Measurement[] = [];
      for (const one of measurements)
        if (await tables.measurements.add(one)) fresh.push(agentOf(one) === null ? one : { ...one, arrivedAt: now });
      const judged = own.take(fresh);
      const changed = await keep(tables, await sift(tables, judged.reports));
      await tables.state('judge').set('memory', own.memory());
      return { judged, changed };
    });
    judge = own;
    for (const outage of judged.outages)
      log.warn('A vantage point says nothing about others while its own line fails', {
        vantage: outage.vantageId,
        verdict: outage.verdict,
      });
    committed(changed);
  }

  return {
    measurements: (measurements) => serially(() => measured(measurements)),
    silentVantages: (since) => serially(async () => (await judgeOfNow()).silent(since).map((one) => one.vantageId)),
    items: (sourceId, items, firstPoll) => serially(() => ingest(sourceId, items, firstPoll)),
    reports: (reports) =>
      serially(async () => {
        committed(await store.transaction(async (tables) => keep(tables, await sift(tables, reports))));
      }),
    held: () => heldBack.list(),
    release: (sourceId) =>
      serially(async () => {
        const { reports, changed } = await store.transaction(async (tables) => {
          const reports = await heldBack.release(tables, sourceId);
          return { reports, changed: await keep(tables, reports ?? []) };
        });
        committed(changed);
        return reports?.length ?? null;
      }),
    recorded: (item, itemId, voice) =>
      serially(async () => {
        const extraction = await deps.extractor.extract(item);
        const reports = extraction.relevant ? reportsOf(item, extraction, { itemId, voice }, ids) : [];
        if (reports.length > 0) committed(await store.transaction((tables) => keep(tables, reports)));
      }),
    retract: (incidentId, because) =>
      serially(async () => {
        const found = await store.transaction(async (tables) => {
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
            reportId: null,
          });
          await route(tables, [{ before, after, kinds: ['withdrawn'], report: null }], { policy, ids, now });
          return true;
        });
        deps.wake();
        return found;
      }),
  };
}
