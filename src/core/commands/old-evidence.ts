import { type Incident, isInForce } from '../model/incident.ts';
import type { ReportTable } from '../ports/store.ts';
import { STATUS_POLICY } from '../status/derive.ts';

/** Each is a question to the store. */
const MAX_LOOKED_UP = 25;
const MAX_REPORTS = 20;

/** Of those whose newest evidence is old: which rest on measurements alone, and so go stale sooner, and which on an authority's word, which stands? */
export async function oldEvidence(
  incidents: readonly Incident[],
  now: number,
  can: { reports: Pick<ReportTable, 'byIncident'> },
): Promise<{ measuredOnly: Set<string>; ordered: Set<string> }> {
  const old = incidents.filter((one) => isInForce(one) && now - one.lastReportAt > STATUS_POLICY.measuredStaleMs);
  const measuredOnly = new Set<string>();
  const ordered = new Set<string>();
  for (const incident of old.slice(0, MAX_LOOKED_UP)) {
    const reports = await can.reports.byIncident(incident.id, MAX_REPORTS);
    if (reports.length > 0 && reports.every((report) => report.kind === 'measurement')) measuredOnly.add(incident.id);
    if (reports.some(({ kind, action }) => kind === 'authority' && action !== 'unblock')) ordered.add(incident.id);
  }
  return { measuredOnly, ordered };
}
