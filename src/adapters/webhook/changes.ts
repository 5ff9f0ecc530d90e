import type { AlertFacts, ChangeFacts, IncidentFacts } from '../../core/model/facts.ts';
import type { IncidentLine } from '../../core/model/incident-line.ts';

/** Type of an incident's message. */
export type TellingType = 'incident.opened' | 'incident.updated' | 'incident.lifted' | 'incident.withdrawn';

/** One change of one incident that the target has not been told of. */
export interface Change {
  type: TellingType;
  change: ChangeFacts;
  /** What was before; null = the target knows nothing of the incident, or the log does not go back so far. */
  from: ChangeFacts | null;
  /** The incident as it was then. */
  incident: IncidentLine;
  facts: IncidentFacts;
}

/** The last transition of each incident that the target knows of; absent = none. */
export type Told = ReadonlyMap<string, number>;

/**
 * What is new to the target, incident by incident, in order. To one that does not know the incident, the first that it could hear of is its beginning; what
 * was merged into one delivery since (opened and lifted while the target was down) comes apart.
 */
export const untold = ({ incidents }: AlertFacts, told: Told): Change[] =>
  incidents.flatMap((facts) => {
    const { changes, heardFrom, incident } = facts;
    const known = told.get(incident.id);
    return changes.flatMap((change, i) => {
      if (change.seq < (known === undefined ? heardFrom : known + 1)) return [];
      const begins = known === undefined && change.seq === heardFrom;
      return [
        begins ? changeOf(facts, { ...change, kind: 'opened' }, null) : changeOf(facts, change, changes[i - 1] ?? null),
      ];
    });
  });

function changeOf(facts: IncidentFacts, change: ChangeFacts, from: ChangeFacts | null): Change {
  const incident = asOf(facts, change);
  return { type: typeOf(incident.state, from === null && change.kind === 'opened'), change, from, incident, facts };
}

function typeOf(state: string, first: boolean): TellingType {
  if (state === 'withdrawn') return 'incident.withdrawn';
  if (state === 'lifted') return 'incident.lifted';
  return first ? 'incident.opened' : 'incident.updated';
}

/** Where it stands now is as its chats know it; before that, as the log has it. */
function asOf({ incident, changes }: IncidentFacts, change: ChangeFacts): IncidentLine {
  const later = changes.filter(({ seq }) => seq > change.seq).length;
  if (later === 0) return incident;
  const over = change.state === 'lifted' || change.state === 'withdrawn';
  const { action, state, confidence, method, at } = change;
  const phases = incident.phases.slice(0, incident.phases.length - later);
  return { ...incident, action, state, confidence, method, phases, closedAt: over ? at : null };
}
