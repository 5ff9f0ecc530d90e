import type { AlertFacts, IncidentFacts, SourceFacts } from '../model/facts.ts';
import { type Incident, type Level, reaches, type Transition } from '../model/incident.ts';
import { incidentLineOf } from '../model/incident-line.ts';
import type { Report } from '../model/report.ts';

const MAX_CHANGES = 100;
const MAX_SOURCES = 20;
const MAX_TITLE = 300;
const MAX_NAME = 100;

type Reported = Incident & { reports: readonly Report[] };

/** To whom it is told. */
export interface Hearer {
  level: Level;
  /** Since when it follows the incident, ms since the epoch. */
  since(incident: Incident): number;
}

/** The alert for programs. Pure. `transitions`: the whole log of each incident, by its id. */
export const factsOf = (
  incidents: readonly Reported[],
  transitions: ReadonlyMap<string, readonly Transition[]>,
  hearer: Hearer,
): AlertFacts => ({
  incidents: incidents.map((one) => incidentFacts(one, (transitions.get(one.id) ?? []).slice(-MAX_CHANGES), hearer)),
});

function incidentFacts(incident: Reported, log: readonly Transition[], hearer: Hearer): IncidentFacts {
  const since = hearer.since(incident);
  const first = log.find((one) => one.at >= since && reaches(one.confidence, hearer.level)) ?? log.at(-1);
  const { reports } = incident;
  const byId = new Map(reports.map((report) => [report.id, report]));
  const cause = ({ reportId }: Transition): SourceFacts | null => {
    const report = reportId === null ? undefined : byId.get(reportId);
    return report ? sourceOf(report) : null;
  };
  return {
    incident: incidentLineOf(incident, reports, log),
    changes: log.map((one) => ({
      seq: one.seq,
      at: new Date(one.at).toISOString(),
      kind: one.change,
      action: one.action,
      state: one.state,
      confidence: one.confidence,
      method: one.method,
      source: cause(one),
    })),
    heardFrom: first?.seq ?? 0,
    sources: sourcesOf(reports),
    withdrawnBecause: incident.withdrawnBecause?.slice(0, MAX_TITLE).toWellFormed() ?? null,
  };
}

function sourcesOf(reports: readonly Report[]): SourceFacts[] {
  const newest = new Map<string, Report>();
  for (const report of reports.toSorted((a, b) => b.at - a.at))
    if (!newest.has(report.publisherName)) newest.set(report.publisherName, report);
  return [...newest.values()].slice(0, MAX_SOURCES).map(sourceOf);
}

const sourceOf = ({ publisherName, title, url, at }: Report): SourceFacts => ({
  publisher: publisherName.slice(0, MAX_NAME).toWellFormed(),
  title: title.slice(0, MAX_TITLE).toWellFormed(),
  url,
  at: new Date(at).toISOString(),
});
