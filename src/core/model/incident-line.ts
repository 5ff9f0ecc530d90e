import type { Incident, Transition } from './incident.ts';
import type { Report } from './report.ts';

export const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

/** An incident for programs: what `replay`, `incidents --json` and webhooks say of it (architecture.md, "Doors that stay put"). Times ISO 8601, UTC. */
export interface IncidentLine {
  type: 'incident';
  id: string;
  country: string | null;
  service: string | null;
  action: string;
  method: string | null;
  state: string;
  confidence: string;
  openedAt: string | null;
  corroboratedAt: string | null;
  closedAt: string | null;
  items: string[];
  phases: { at: string | null; action: string; state: string }[];
}

/** `reports`: its own, newest first; `phases`: its transition log. */
export function incidentLineOf(
  incident: Incident,
  reports: readonly Pick<Report, 'itemId'>[],
  phases: readonly Transition[],
): IncidentLine {
  return {
    type: 'incident',
    id: incident.id,
    country: incident.country,
    service: incident.service,
    action: incident.action,
    method: incident.method,
    state: incident.state,
    confidence: incident.confidence,
    openedAt: iso(incident.openedAt),
    corroboratedAt: iso(incident.corroboratedAt),
    closedAt: iso(incident.closedAt),
    items: [...new Set(reports.flatMap((report) => report.itemId ?? []))].reverse(),
    phases: phases.map((phase) => ({ at: iso(phase.at), action: phase.action, state: phase.state })),
  };
}
