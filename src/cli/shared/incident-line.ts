import type { Incident } from '../../core/model/incident.ts';
import type { Store } from '../../core/ports/store.ts';
import type { Paint, Tone } from '../../platform/terminal.ts';

export const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

/** One line an incident, as `replay` and `incidents` print it (architecture.md, "Doors that stay put"). */
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

export async function incidentLine(store: Store, incident: Incident): Promise<IncidentLine> {
  const reports = await store.reports.byIncident(incident.id, 100_000);
  const phases = await store.incidents.transitions(incident.id);
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
    items: [...new Set(reports.map((report) => report.itemId).filter((id) => id !== null))].reverse(),
    phases: phases.map((phase) => ({ at: iso(phase.at), action: phase.action, state: phase.state })),
  };
}

const TONES: Record<string, Tone> = {
  threatened: 'doubtful',
  active: 'bad',
  easing: 'doubtful',
  lifted: 'good',
  withdrawn: 'aside',
};

/** The same for people, on one line. */
export function incidentText(line: IncidentLine, paint: Paint = (_tone, text) => text): string {
  const { id, action, state, confidence, openedAt, items } = line;
  const what = paint(TONES[state] ?? 'aside', `${action} ${state}`);
  return `${id}  ${what}, ${confidence}, since ${openedAt}, ${items.length} ${items.length === 1 ? 'item' : 'items'}`;
}
