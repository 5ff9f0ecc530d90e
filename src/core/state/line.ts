import { type IncidentLine, iso } from '../model/facts.ts';
import type { Incident, Transition } from '../model/incident.ts';
import type { Report } from '../model/report.ts';
import { evidenceOf, MAX_REPORTS } from './evidence.ts';
import { createFold, keysOf } from './fold.ts';

/** An incident for programs, dated as its state is. `reports`: its own, newest first; `phases`: its transition log. */
export function incidentLineOf(
  incident: Incident,
  reports: readonly Report[],
  phases: readonly Transition[],
): IncidentLine {
  const { id, country, service, action, method, state, confidence, regions } = incident;
  return {
    type: 'incident',
    id,
    country,
    service,
    action,
    method,
    state,
    confidence,
    openedAt: iso(incident.openedAt),
    corroboratedAt: iso(incident.corroboratedAt),
    closedAt: iso(incident.closedAt),
    items: [...new Set(reports.flatMap((report) => report.itemId ?? []))].reverse(),
    phases: phases.map((phase) => ({ at: iso(phase.at), action: phase.action, state: phase.state })),
    ...begunOf(incident, reports.slice(0, MAX_REPORTS)),
    regions,
  };
}

/** Of what is over: as it was while it held. A threat began with its first report. */
function begunOf(incident: Incident, reports: readonly Report[]): Pick<IncidentLine, 'since' | 'sinceKind' | 'part'> {
  const { id, openedAt, lastReportAt, part = null } = incident;
  const held: Incident = { ...incident, state: 'active', open: true, closedAt: null, liftConfidence: null };
  const evidence = evidenceOf(held, reports);
  const fold = createFold({ incidents: [held], evidence: new Map([[id, evidence]]) }, lastReportAt);
  const [key] = keysOf(held, evidence);
  const { incident: told, ...state } = fold.at(key!);
  if (told === null) return { since: iso(openedAt), sinceKind: evidence.sinceKind, part };
  return { since: iso(state.since), sinceKind: state.sinceKind!, part: state.part };
}
