import { JUDGED_KIND, type Measurement, type ObservatoryView, viewOf } from '../model/measurement.ts';
import type { MeasurementFilter, MeasurementTable } from '../ports/store.ts';
import type { ObservedCut, SeenOpen } from './model.ts';

const DAY = 86_400_000;
/** Each observatory has looked anew by then. */
const JUST_NOW = 3 * 3_600_000;
const MAX_MEASUREMENTS = 200;
/** ms. */
const FRESH_FOR = 60_000;
/** Questions; each holds up to `MAX_MEASUREMENTS`. */
const MAX_REMEMBERED = 20;
/** Of what has lasted for longer than observatories are asked for the begin is not known. */
const KNOWN_FOR = 14 * DAY;

/** What was measured lately, whether or not it was told; read once a minute, however many ask. `now`: ms since the epoch. */
export interface Lately {
  /** Of a service in the last day, newest first. */
  of(service: string, now: number): Promise<readonly Measurement[]>;
  /** What observatories see cut in that country, by the newest word of each. */
  cutIn(country: string, now: number): Promise<readonly ObservedCut[]>;
  /** The same of a service, wherever. */
  cutOf(service: string, now: number): Promise<readonly ObservedCut[]>;
  /** The newest of each observatory about this service of this country, signs and parts left out. */
  viewsOf(country: string, service: string, now: number): Promise<ObservatoryView[]>;
  /** A service that all observatories which measured it there within the last day see open; null = it is not so, or nobody looked. */
  openIn(country: string, service: string, now: number): Promise<SeenOpen | null>;
}

export function createLately(measurements: Pick<MeasurementTable, 'recent'>): Lately {
  const known = new Map<string, { at: number; found: readonly Measurement[] }>();

  async function read(key: string, now: number, filter: Omit<MeasurementFilter, 'limit'>) {
    const seen = known.get(key);
    if (seen && Math.abs(now - seen.at) < FRESH_FOR) return seen.found;
    const found = await measurements.recent({ ...filter, limit: MAX_MEASUREMENTS });
    if (known.size >= MAX_REMEMBERED) known.clear();
    known.set(key, { at: now, found });
    return found;
  }

  const of: Lately['of'] = (service, now) => read(service, now, { target: service, since: now - DAY });

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
    async cutIn(country, now) {
      const filter = { country, notKind: JUDGED_KIND, since: now - JUST_NOW };
      return cutsAmong(await read(`in ${country}`, now, filter));
    },
    async cutOf(service, now) {
      return cutsAmong((await of(service, now)).filter(({ at }) => at >= now - JUST_NOW));
    },
    async openIn(country, service, now) {
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
    newest.set(key, view.says === 'cut' && !view.isSign ? cutOf(one.probeCc, one.target!, view) : null);
  }
  return [...newest.values()].filter((one) => one !== null);
}

const cutOf = (country: string, service: string, { action, since, until }: ObservatoryView): ObservedCut => ({
  country,
  service,
  action,
  since: until - since >= KNOWN_FOR ? null : since,
  until,
});
