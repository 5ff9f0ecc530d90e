import { warnOfFailure } from '../failures.ts';
import type { BaselineEntry } from '../model/catalogue.ts';
import type { Standing } from '../model/incident.ts';
import type { Report } from '../model/report.ts';
import type { Log } from '../ports/runtime.ts';

/**
 * What is on record is news for so long: the record names the day, the month at times, and whoever writes of it then tells what is new. Only what is
 * older stood already.
 */
const STANDS_AFTER = 14 * 86_400_000;

interface StandingDeps {
  log: Log;
  /** Long-standing blocks by the public record; absent = none. */
  baseline?: readonly BaselineEntry[] | undefined;
  /** Services that registers hold as blocked in a country; absent = none does. */
  heldIn?: ((country: string) => Promise<readonly string[]>) | undefined;
}

/** What stood before this report came, or null. */
export type StandsFor = (report: Pick<Report, 'country' | 'service' | 'at' | 'kind'>) => Standing | null;

const keyOf = ({ country, service }: { country: string | null; service: string | null }): string =>
  `${country} ${service}`;

const recorded = ({ action, method, since, monthOnly, reference }: BaselineEntry): Standing => ({
  by: 'record',
  action,
  method,
  since,
  monthOnly,
  reference,
});
const HELD: Standing = {
  by: 'register',
  action: 'block',
  method: null,
  since: null,
  monthOnly: false,
  reference: null,
};

/** What is cut already before anybody reports it, by the public record and by registers: a report of it joins it, and rings nobody. */
export function createStanding({ baseline = [], heldIn, log }: StandingDeps) {
  const entries = Map.groupBy(baseline, keyOf);
  const onRecord: StandsFor = (report) => {
    const stood = (one: BaselineEntry): boolean => one.since <= report.at - STANDS_AFTER;
    const entry = entries.get(keyOf(report))?.findLast(stood);
    return entry ? recorded(entry) : null;
  };

  /** Never throws: without its registers a report counts as news. */
  async function heldOf(country: string): Promise<ReadonlySet<string>> {
    try {
      return new Set(await heldIn?.(country));
    } catch (error) {
      warnOfFailure(log, 'Unable to look up what registers hold; a report of it counts as new', error, { country });
      return new Set();
    }
  }

  return {
    /** By the public record alone. */
    onRecord,
    /** By registers, too, which are asked here, before any transaction. An authority's own word is never old by its own register. */
    async among(reports: readonly Report[]): Promise<StandsFor> {
      const isAsked = ({ kind, country, service }: Report): boolean =>
        kind === 'news' && country !== null && service !== null;
      const held = new Map<string, ReadonlySet<string>>();
      for (const country of new Set(reports.filter(isAsked).map((one) => one.country!)))
        held.set(country, await heldOf(country));
      return (report) => {
        const known = report.kind === 'news' && held.get(report.country ?? '')?.has(report.service ?? '');
        return onRecord(report) ?? (known ? HELD : null);
      };
    },
  };
}
