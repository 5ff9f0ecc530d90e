import { agentOf, JUDGED_KIND, type Measurement, type ObservatoryView, viewOf } from '../model/measurement.ts';
import type { MeasurementFilter, MeasurementTable } from '../ports/store.ts';
import { createRecent } from '../recent.ts';
import type { ObservedCut, SeenOpen } from './fold.ts';

const DAY = 86_400_000;
/** Each observatory has looked anew by then. */
const JUST_NOW = 3 * 3_600_000;
const MAX_MEASUREMENTS = 200;
const MAX_IN_COUNTRY = 1_000;
/** ms. */
const FRESH_FOR = 60_000;
/** Questions; each holds up to `MAX_MEASUREMENTS`. */
const MAX_REMEMBERED = 20;
/** Of what has lasted for longer than observatories are asked for the begin is not known. */
const KNOWN_FOR = 14 * DAY;

/** What was measured lately, whether or not it was told; read once a minute, however many ask. `now`: ms since the epoch. */
export function createLately(measurements: Pick<MeasurementTable, 'recent'>) {
  const known = createRecent<readonly Measurement[]>(FRESH_FOR, MAX_REMEMBERED);
  const read = (key: string, now: number, filter: Omit<MeasurementFilter, 'limit'>, limit = MAX_MEASUREMENTS) =>
    known(key, now, () => measurements.recent({ ...filter, limit }));

  /** Of a service in the last day, newest first. */
  const of = (service: string, now: number): Promise<readonly Measurement[]> =>
    read(service, now, { target: service, since: now - DAY });

  /** The newest of each observatory about this service of this country, signs and parts left out. */
  async function viewsOf(country: string, service: string, now: number): Promise<ObservatoryView[]> {
    const newest = new Map<string, ObservatoryView>();
    for (const one of await of(service, now)) {
      const view = one.probeCc === country ? viewOf(one) : null;
      if (view && !newest.has(view.observatory)) newest.set(view.observatory, view);
    }
    return [...newest.values()].filter(({ says, isSign }) => says !== 'partly' && !isSign);
  }

  return {
    of,
    viewsOf,
    /** What observatories see cut in that country, by the newest word of each. */
    async cutIn(country: string, now: number): Promise<readonly ObservedCut[]> {
      const filter = { country, notKind: JUDGED_KIND, since: now - JUST_NOW };
      return cutsAmong(await read(`in ${country}`, now, filter));
    },
    /** The same of a service, wherever. */
    cutOf: async (service: string, now: number): Promise<readonly ObservedCut[]> =>
      cutsAmong((await of(service, now)).filter(({ at }) => at >= now - JUST_NOW)),
    /** Services that were measured open there within the last day, by own probes or observatories, and how often; none that anybody saw cut meanwhile. */
    async measuredOpen(country: string, now: number): Promise<ReadonlyMap<string, number>> {
      const counts = new Map<string, number>();
      const told = new Set<string>();
      const cut = new Set<string>();
      for (const one of await read(`of ${country}`, now, { country, since: now - DAY }, MAX_IN_COUNTRY)) {
        const view = viewOf(one);
        const isOwn = one.kind === JUDGED_KIND && agentOf(one) === null && one.component === null;
        if (one.target === null || (!view && !isOwn)) continue;
        const isOpen = view ? view.says === 'open' && !view.isSign : one.verdict === 'ok';
        // The newest of an observatory speaks for its others; each round of our own counts.
        const name = `${one.kind} ${one.target}`;
        if (view && told.has(name)) continue;
        told.add(name);
        if (!isOpen) cut.add(one.target);
        else counts.set(one.target, (counts.get(one.target) ?? 0) + (view ? Math.max(1, view.measurements) : 1));
      }
      for (const one of cut) counts.delete(one);
      return new Map([...counts].sort((a, b) => b[1] - a[1]));
    },
    /** A service that all observatories which measured it there within the last day see open; null = it is not so, or nobody looked. */
    async openIn(country: string, service: string, now: number): Promise<SeenOpen | null> {
      const views = await viewsOf(country, service, now);
      const until = Math.max(...views.map((one) => one.until));
      const isOpen = views.length > 0 && views.every(({ says }) => says === 'open') && now - until <= DAY;
      return isOpen ? { country, service, until } : null;
    },
  };
}

/** Of the newest word of each observatory about each service of each country, what is cut by its rule; newest first. */
function cutsAmong(found: readonly Measurement[]): ObservedCut[] {
  const newest = new Map<string, ObservedCut | null>();
  for (const one of found) {
    const view = one.target === null ? null : viewOf(one);
    const key = `${one.probeCc} ${one.kind} ${one.target}`;
    if (!view || view.region !== null || newest.has(key)) continue;
    const { action, since, until } = view;
    const known = until - since >= KNOWN_FOR ? null : since;
    const cut = { country: one.probeCc, service: one.target!, action, since: known, until };
    newest.set(key, view.says === 'cut' && !view.isSign ? cut : null);
  }
  return [...newest.values()].filter((one) => one !== null);
}
