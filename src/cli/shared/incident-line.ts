import type { Incident } from '../../core/model/incident.ts';
import { type IncidentLine, incidentLineOf } from '../../core/model/incident-line.ts';
import type { Store } from '../../core/ports/store.ts';
import type { Paint, Tone } from '../../platform/terminal.ts';

export async function incidentLine(store: Store, incident: Incident): Promise<IncidentLine> {
  const reports = await store.reports.byIncident(incident.id, 100_000);
  return incidentLineOf(incident, reports, await store.incidents.transitions(incident.id));
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
