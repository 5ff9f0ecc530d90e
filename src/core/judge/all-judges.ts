import { agentOf, JUDGED_KIND, type Measurement } from '../model/measurement.ts';
import type { DurableState, Ids } from '../ports/runtime.ts';
import { keepNewest } from '../recent.ts';
import { createMeasurementJudge, isBlockingWord, type Judged, type JudgeMemory } from './measured.ts';
import { createObservatoryJudge, type ObservatoryMemory } from './observatory.ts';

/** What our probes saw counts for so long. */
const FRESH_FOR = 3 * 3_600_000;
const MAX_TARGETS = 2_000;
const MAX_NETWORKS = 20;

/** What was last found on each network. */
type Networks = Map<string, { at: number; ok: boolean }>;

/**
 * On which networks own probes and agents found a service well at their last look, to be held against what others say. Kept in memory only: after
 * a start it is known again within a round.
 */
export function createOwnView() {
  const seen = new Map<string, Networks>();
  return {
    /** Measurements of one judged kind, oldest first; inconclusive ones change nothing. */
    take(measurements: readonly Measurement[], isBlocking: (verdict: string) => boolean): void {
      for (const { target, verdict, probeCc, probeAsn, component, at } of measurements) {
        const ok = verdict === 'ok';
        if (target === null || component !== null || (!ok && !isBlocking(verdict))) continue;
        const key = `${probeCc} ${target}`;
        const networks: Networks = seen.get(key) ?? new Map();
        keepNewest(networks, probeAsn, { at, ok }, MAX_NETWORKS);
        keepNewest(seen, key, networks, MAX_TARGETS);
      }
    },
    open(country: string, service: string, now: number): string[] {
      const networks: Networks = seen.get(`${country} ${service}`) ?? new Map();
      return [...networks].flatMap(([asn, { at, ok }]) => (ok && at <= now && now - at <= FRESH_FOR ? asn : []));
    },
  };
}

const PROBES = 'memory';
const OBSERVATORIES = 'observatories';
/** Services that others began to speak of, and of which no observatory was heard since. */
const MAX_SPOKEN = 200;

/**
 * The judges of measurements, one a way of measuring, with what they must know of each other. Made from what the store remembers, and again after a
 * transaction that failed: then they have seen what was not kept.
 */
export function createJudges({ ids }: { ids: Ids }) {
  const view = createOwnView();
  const spoken: { country: string | null; service: string }[] = [];
  let made: ReturnType<typeof make> | null = null;
  /** When the measurements that are judged got here. */
  let now = 0;

  function make(probes: JudgeMemory | null, observatories: ObservatoryMemory | null) {
    const probe = createMeasurementJudge(
      { ids, others: (country, target) => observer.cut(country, target).length > 0 },
      probes,
    );
    const own = {
      open: (country: string, service: string) => view.open(country, service, now),
      blocked: (country: string, service: string) => probe.blockedOn(country, service, now),
    };
    const observer = createObservatoryJudge({ ids, own }, observatories);
    return { probe, observer };
  }

  async function current(state: Pick<DurableState, 'get'>): Promise<ReturnType<typeof make>> {
    const kept = async <Memory>(key: string) => ((await state.get(key)) ?? null) as Memory | null;
    made ??= make(await kept<JudgeMemory>(PROBES), await kept<ObservatoryMemory>(OBSERVATORIES));
    return made;
  }

  return {
    /** Vantage points that have measured once, and not since. */
    missing: async (state: Pick<DurableState, 'get'>, since: number): Promise<string[]> =>
      (await current(state)).probe.missing(since),
    /** Others speak of it now: what observatories see of it is worth saying again. */
    spokenOf(country: string | null, service: string): void {
      spoken.push({ country, service });
      if (spoken.length > MAX_SPOKEN) spoken.shift();
    },
    /**
     * Judges what is new, in `work`'s transaction, and writes there what must be remembered; a failure of `work` makes all judges forget what they have
     * seen in it. `at`: ms since the epoch.
     */
    async take<T>(
      state: Pick<DurableState, 'get'>,
      at: number,
      work: (judge: (fresh: readonly Measurement[], own: DurableState) => Promise<Judged>) => Promise<T>,
    ): Promise<T> {
      const judges = await current(state);
      made = null;
      now = at;
      for (const { country, service } of spoken.splice(0)) judges.observer.sayAgain(country, service);
      const done = await work(async (fresh, own) => {
        const probes = fresh.filter((one) => one.kind === JUDGED_KIND);
        const observed = fresh.filter((one) => one.kind !== JUDGED_KIND && agentOf(one) === null);
        view.take(probes, isBlockingWord);
        const { reports, outages } = judges.probe.take(probes);
        reports.push(...judges.observer.take(observed, now));
        await own.set(PROBES, judges.probe.memory());
        if (observed.length > 0) await own.set(OBSERVATORIES, judges.observer.memory());
        return { reports, outages };
      });
      made = judges;
      return done;
    },
  };
}
