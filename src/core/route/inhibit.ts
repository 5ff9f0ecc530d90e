import { severityOf } from '../model/action.ts';
import type { Incident, Level } from '../model/incident.ts';
import { reaches } from '../model/incident.ts';
import type { Tables } from '../ports/store.ts';

/** A shutdown of which nothing was heard for so long does not speak for others any more. */
const SPEAKS_FOR = 7 * 24 * 3_600_000;

export type Inhibition = { by: string; why: 'shutdown-covers' | 'measure-in-force' } | null;

/**
 * Does a larger incident speak for this one, for chats of this level? A nation-wide shutdown covers blocks of services there; a measure
 * in force on a service covers threats against it.
 */
export async function inhibitedBy(tables: Tables, incident: Incident, level: Level, now: number): Promise<Inhibition> {
  if (incident.country === null) return null;
  if (incident.family === 'warn') {
    const inForce = await tables.incidents.openByKey(incident.country, incident.service, 'access');
    return inForce && reaches(inForce.confidence, level) ? { by: inForce.id, why: 'measure-in-force' } : null;
  }
  if (incident.service === 'internet') return null;
  const shutdown = await tables.incidents.openByKey(incident.country, 'internet', 'access');
  if (!shutdown || severityOf(shutdown.action) < severityOf('shutdown') || shutdown.regions.length > 0) return null;
  const covers =
    reaches(shutdown.confidence, level) &&
    shutdown.openedAt <= incident.openedAt &&
    now - shutdown.lastReportAt < SPEAKS_FOR;
  return covers ? { by: shutdown.id, why: 'shutdown-covers' } : null;
}
