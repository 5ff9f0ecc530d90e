import type { BaselineEntry } from '../model/baseline.ts';
import type { Incident } from '../model/incident.ts';
import type { IncidentTable } from '../ports/store.ts';

/** ms. What ended since is among the incidents of the last weeks, which an answer reads anyway. */
const FRESH_FOR = 3_600_000;

/** What ended a long-standing block, if anything has. Remembered for an hour: a country has dozens of entries, and asks come in thousands. */
export interface Lifted {
  /** The newest closed incident about it since it began, or null. `now`: ms since the epoch. */
  of(entry: BaselineEntry, now: number): Promise<Incident | null>;
}

export function createLifted(incidents: Pick<IncidentTable, 'lastClosed'>): Lifted {
  const known = new Map<BaselineEntry, { at: number; incident: Incident | null }>();
  return {
    async of(entry, now) {
      const seen = known.get(entry);
      if (seen && Math.abs(now - seen.at) < FRESH_FOR) return seen.incident;
      const incident = await incidents.lastClosed(entry.country, entry.service, 'access', entry.since);
      // As many as the file has lines.
      known.set(entry, { at: now, incident });
      return incident;
    },
  };
}
