import { inhibition } from './audience.ts';
import { type Incident, type Level, NETWORK } from './model/incident.ts';
import type { Tables } from './ports/store.ts';

/** The open incident that speaks for one, for chats of a level, or null. What may be asked of several is looked up once. */
export function createSpeakers({ incidents }: { incidents: Pick<Tables['incidents'], 'openByKey'> }) {
  const kept = new Map<string, Promise<Incident | null>>();
  const larger = ({ country, service, family }: Incident): Promise<Incident | null> | null => {
    if (country === null || (family !== 'warn' && service === NETWORK)) return null;
    const of = family === 'warn' ? service : NETWORK;
    const key = `${country} ${of}`;
    const found = kept.get(key) ?? incidents.openByKey(country, of, 'access');
    kept.set(key, found);
    return found;
  };
  return async (incident: Incident, level: Level, now: number): Promise<Incident | null> => {
    const found = await larger(incident);
    return inhibition(incident, found, level, now) === null ? null : found;
  };
}
