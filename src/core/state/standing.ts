import { warnOfFailure } from '../errors.ts';
import type { BaselineEntry } from '../model/catalogue.ts';
import { severityOf, type Standing } from '../model/incident.ts';
import type { Report } from '../model/report.ts';
import { type ObservedCut, pairOf } from './fold.ts';
import type { WorldDeps } from './world.ts';

/**
 * What is on record is news for so long: the record names the day, the month at times, and whoever writes of it then tells what is new. Only what is
 * older stood already.
 */
const STANDS_AFTER = 14 * 86_400_000;

interface StandingDeps extends Pick<WorldDeps, 'log' | 'baseline' | 'heldIn'> {
  /** What observatories see cut in a country; absent = they are not asked. */
  cutIn?: ((country: string, now: number) => Promise<readonly ObservedCut[]>) | undefined;
}

/** What stood before this report came, or null. */
export type StandsFor = (report: Pick<Report, 'country' | 'service' | 'at' | 'kind'>) => Standing | null;

const UNDATED = { method: null, since: null, monthOnly: false, reference: null };

/** What is cut already before anybody reports it, by the public record and by registers: a report of it joins it, and rings nobody. */
export function createStanding({ baseline = [], heldIn, cutIn, log }: StandingDeps) {
  const entries = Map.groupBy(baseline, pairOf);
  const onRecord: StandsFor = (report) => {
    const stood = (one: BaselineEntry): boolean => one.since <= report.at - STANDS_AFTER;
    const entry = entries.get(pairOf(report))?.findLast(stood);
    if (!entry) return null;
    const { country: _country, service: _service, ...standing } = entry;
    return { by: 'record', ...standing };
  };

  /** By service: what registers hold, and what observatories see cut for longer than they look back. Never throws: without it a report counts as news. */
  async function heldOf(country: string, at: number): Promise<ReadonlyMap<string, Standing>> {
    try {
      const seen = ((await cutIn?.(country, at)) ?? []).filter(
        ({ since, action }) => since === null && severityOf(action) > 0,
      );
      const held = (await heldIn?.(country)) ?? [];
      return new Map([
        ...seen.map(({ service, action }) => [service, { by: 'observatory', action, ...UNDATED } as Standing] as const),
        ...held.map((service) => [service, { by: 'register', action: 'block', ...UNDATED } as Standing] as const),
      ]);
    } catch (error) {
      const line = 'Unable to look up what registers hold and observatories see; a report of it counts as new';
      warnOfFailure(log, line, error, { country });
      return new Map();
    }
  }

  return {
    /** By the public record alone. */
    onRecord,
    /** By registers and observatories, too, which are asked here, before any transaction. An authority's own word is never old by its own register. */
    async among(reports: readonly Report[]): Promise<StandsFor> {
      const isAsked = ({ kind, country, service }: Report): boolean =>
        kind === 'news' && country !== null && service !== null;
      const held = new Map<string, ReadonlyMap<string, Standing>>();
      for (const { country, at } of reports.filter(isAsked))
        if (!held.has(country!)) held.set(country!, await heldOf(country!, at));
      const known: StandsFor = ({ kind, country, service }) =>
        (kind === 'news' && held.get(country ?? '')?.get(service ?? '')) || null;
      return (report) => onRecord(report) ?? known(report);
    },
  };
}
