import { type Action, severityOf } from '../model/action.ts';
import type { BaselineEntry } from '../model/baseline.ts';
import { type Incident, isInForce } from '../model/incident.ts';
import type { IncidentTable } from '../ports/store.ts';

/** A platform that is cut off somewhere, as far as is known: by an incident, or long since by the public record. */
export interface CutOff {
  country: string;
  /** When it began, or became worse than it had been, ms since the epoch; null = it is what has been for long. */
  since: number | null;
  /** Null: by the public record; every level knows. */
  incident: Pick<Incident, 'id' | 'confidence' | 'liftConfidence' | 'state'> | null;
}

/** What counts: the platform itself cannot be reached, or is slowed down. A part of it (calls) is not the messages. */
const ACTIONS: ReadonlySet<string> = new Set(['block', 'throttle', 'shutdown']);
const INCIDENTS = 500;

type Record = Pick<BaselineEntry, 'country' | 'action'>;

/**
 * Where the platform's service is cut off now: by its open incidents, and by the public record. An incident that is no worse than the record says
 * tells what has been for long once more. Pure. `worseAt`: when each became worse than it began, by its id.
 */
export function cutOffBy(
  incidents: readonly Incident[],
  record: readonly Record[] = [],
  worseAt: ReadonlyMap<string, number> = new Map(),
): CutOff[] {
  const longSince = new Map(record.filter(({ action }) => ACTIONS.has(action)).map((one) => [one.country, one.action]));
  const isWorse = (action: Action, country: string): boolean => {
    const before = longSince.get(country);
    return before === undefined || severityOf(action) > severityOf(before);
  };
  const open = incidents.flatMap((incident): CutOff[] => {
    const { country, family, action, openedAt, id } = incident;
    if (country === null || family !== 'access' || !ACTIONS.has(action) || !isInForce(incident)) return [];
    const since = isWorse(action, country) ? Math.max(openedAt, worseAt.get(id) ?? 0) : null;
    return [{ country, since, incident }];
  });
  return [...open, ...[...longSince.keys()].map((country) => ({ country, since: null, incident: null }))];
}

/** Of one platform, now. `service`: its id in the catalogue; null = it is none of those. */
export async function cutOffNow(
  service: string | null,
  incidents: Pick<IncidentTable, 'list' | 'transitionsOf'>,
  baseline: readonly BaselineEntry[],
): Promise<CutOff[]> {
  if (service === null) return [];
  const open = await incidents.list({ service, family: 'access', open: true, limit: INCIDENTS });
  const changes = open.length === 0 ? new Map() : await incidents.transitionsOf(open.map(({ id }) => id));
  const worseAt = new Map<string, number>();
  for (const [id, all] of changes)
    for (const { change, at } of all) if (change === 'escalated') worseAt.set(id, Math.max(at, worseAt.get(id) ?? 0));
  return cutOffBy(
    open,
    baseline.filter((one) => one.service === service),
    worseAt,
  );
}
