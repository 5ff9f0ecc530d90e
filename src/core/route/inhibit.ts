import { severityOf } from '../model/action.ts';
import type { Incident, Level } from '../model/incident.ts';
import { reaches } from '../model/incident.ts';
import type { Tables } from '../ports/store.ts';
import { liftReaches } from './decide.ts';

/** A shutdown of which nothing was heard for so long does not speak for others any more. */
const SPEAKS_FOR = 7 * 24 * 3_600_000;

export type Inhibition = { by: string; why: 'shutdown-covers' | 'measure-in-force' } | null;

/** Is this the shutdown of a whole country's network, in force as far as chats of this level know? */
export const isNationalShutdown = (incident: Incident, level: Level): boolean =>
  incident.open &&
  incident.country !== null &&
  incident.service === 'internet' &&
  severityOf(incident.action) >= severityOf('shutdown') &&
  incident.regions.length === 0 &&
  reaches(incident.confidence, level) &&
  !liftReaches(incident, level);

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
  if (!shutdown || !isNationalShutdown(shutdown, level)) return null;
  const covers = shutdown.openedAt <= incident.openedAt && now - shutdown.lastReportAt < SPEAKS_FOR;
  return covers ? { by: shutdown.id, why: 'shutdown-covers' } : null;
}
