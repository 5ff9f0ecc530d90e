import { ANY } from '../model/chat.ts';
import { type Incident, isInForce, type Level, liftReaches, reaches } from '../model/incident.ts';

/** A platform that is cut off somewhere, as far as is known: by an incident, or long since by the public record. */
export interface CutOff {
  country: string;
  /** Null: long since; every level knows. */
  incident: Pick<Incident, 'id' | 'confidence' | 'liftConfidence' | 'state'> | null;
}

/** What counts: the platform itself cannot be reached, or is slowed down. A part of it (calls) is not the messages. */
const ACTIONS: ReadonlySet<string> = new Set(['block', 'throttle', 'shutdown']);

/** Where the platform's service is cut off now, of its open incidents. */
export const cutOffBy = (incidents: readonly Incident[]): CutOff[] =>
  incidents.flatMap((incident) =>
    incident.country !== null && incident.family === 'access' && ACTIONS.has(incident.action) && isInForce(incident)
      ? [{ country: incident.country, incident }]
      : [],
  );

/**
 * For which of these does a chat of that level get its alerts in both chats? Only for a country that it follows by name: whoever follows
 * everything lives somewhere, and nobody knows where. What is news comes first. Null = for none. Pure.
 */
export function planBoth(
  chat: { level: Level; countries: ReadonlySet<string> },
  cutOff: readonly CutOff[],
): CutOff | null {
  const known = cutOff.filter(
    ({ country, incident }) =>
      country !== ANY &&
      chat.countries.has(country) &&
      (incident === null || (reaches(incident.confidence, chat.level) && !liftReaches(incident, chat.level))),
  );
  return known.find((one) => one.incident !== null) ?? known[0] ?? null;
}
