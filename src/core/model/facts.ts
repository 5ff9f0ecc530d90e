import type { ChangeKind, Incident, Part, SinceKind, Transition } from './incident.ts';

/** What an alert tells, as data: sent beside its text to a platform that is a program, such as a webhook (`OnlyChat`). Each list is bounded as it says. */
export interface AlertFacts {
  /** Those of the alert's incidents that its text is about. */
  incidents: IncidentFacts[];
}

export interface IncidentFacts {
  /** As chats of this level know it; `items` of its newest 60 reports, `phases` of its newest 100 transitions. */
  incident: IncidentLine;
  /** Its newest 100 transitions, oldest first. */
  changes: ChangeFacts[];
  /** `seq` of the first of these that the chat could hear of: its level was reached, and it followed by then. Else the last; 0 = there is none. */
  heardFrom: number;
  /** Of its newest reports, one a publisher: 20 at most, newest first. */
  sources: SourceFacts[];
  /** Why it was withdrawn, at most 300 characters. */
  withdrawnBecause: string | null;
}

/** One line of the transition log, as it left the incident. */
export interface ChangeFacts extends Pick<Transition, 'seq' | 'action' | 'state' | 'confidence' | 'method'> {
  /** ISO 8601, UTC. */
  at: string;
  kind: ChangeKind;
  /** The report that caused it, where it is among the newest 60; else null (an operator, the clock, an older report). */
  source: SourceFacts | null;
}

/** Titles are the publisher's words: at most 300 characters, and no more to be trusted than any stranger's. */
export interface SourceFacts {
  publisher: string;
  title: string;
  url: string | null;
  /** ISO 8601, UTC. */
  at: string;
}

export const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

/** An incident for programs: what `replay`, `incidents --json` and webhooks say of it (architecture.md, "Doors that stay put"). Times ISO 8601, UTC. */
export interface IncidentLine extends Pick<
  Incident,
  'id' | 'country' | 'service' | 'action' | 'method' | 'state' | 'confidence'
> {
  type: 'incident';
  openedAt: string | null;
  corroboratedAt: string | null;
  closedAt: string | null;
  items: string[];
  phases: { at: string | null; action: string; state: string }[];
  /** When what is in force began, or, of what is over, had begun; null = it stood for longer than is known. */
  since: string | null;
  sinceKind: SinceKind;
  /** Parts of the country where it holds, as in `Incident`; empty = nation-wide or not stated. */
  regions: readonly string[];
  part: Part | null;
}
