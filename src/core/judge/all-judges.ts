import { agentOf, JUDGED_KIND, type Measurement } from '../model/measurement.ts';
import type { Report } from '../model/report.ts';
import type { Ids } from '../ports/ids.ts';
import type { DurableState } from '../ports/state.ts';
import { createMeasurementJudge, type Judged, type JudgeMemory } from './measured.ts';
import { isBlockingWord } from './measured-report.ts';
import { createObservatoryJudge, type ObservatoryMemory } from './observatory.ts';
import { createOwnView } from './own-view.ts';

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

  function make(probes: JudgeMemory | null, observatories: ObservatoryMemory | null) {
    let now = 0;
    const probe = createMeasurementJudge(
      { ids, others: (country, target) => observer.cut(country, target).length > 0 },
      probes,
    );
    const own = {
      open: (country: string, service: string) => view.open(country, service, now),
      blocked: (country: string, service: string) => probe.blockedOn(country, service, now),
    };
    const observer = createObservatoryJudge({ ids, own }, observatories);
    return {
      probe,
      observer,
      at(time: number) {
        now = time;
      },
    };
  }

  async function current(state: Pick<DurableState, 'get'>): Promise<ReturnType<typeof make>> {
    made ??= make(
      ((await state.get(PROBES)) ?? null) as JudgeMemory | null,
      ((await state.get(OBSERVATORIES)) ?? null) as ObservatoryMemory | null,
    );
    return made;
  }

  return {
    /** Vantage points that have measured once, and not since. */
    missing: async (state: Pick<DurableState, 'get'>, since: number): Promise<string[]> =>
      (await current(state)).probe.missing(since).map((one) => one.vantageId),
    /** Others speak of it now: what observatories see of it is worth saying again. */
    spokenOf(country: string | null, service: string): void {
      spoken.push({ country, service });
      if (spoken.length > MAX_SPOKEN) spoken.shift();
    },
    /**
     * Judges what is new, in `work`'s transaction, and writes there what must be remembered; a failure of `work` makes all judges forget what they have
     * seen in it. `join`: takes the reports in.
     */
    async take<T>(
      state: Pick<DurableState, 'get'>,
      now: number,
      work: (judge: (fresh: readonly Measurement[], own: DurableState) => Promise<Judged>) => Promise<T>,
    ): Promise<T> {
      const judges = await current(state);
      made = null;
      judges.at(now);
      for (const { country, service } of spoken.splice(0)) judges.observer.sayAgain(country, service);
      const done = await work(async (fresh, own) => {
        const probes = fresh.filter((one) => one.kind === JUDGED_KIND);
        const observed = fresh.filter((one) => one.kind !== JUDGED_KIND && agentOf(one) === null);
        view.take(probes, isBlockingWord);
        const { reports, outages } = judges.probe.take(probes);
        const all: Report[] = [...reports, ...judges.observer.take(observed)];
        await own.set(PROBES, judges.probe.memory());
        if (observed.length > 0) await own.set(OBSERVATORIES, judges.observer.memory());
        return { reports: all, outages };
      });
      made = judges;
      return done;
    },
  };
}
