import { familyOf } from '../model/action.ts';
import type { Incident } from '../model/incident.ts';
import type { Policy } from '../model/policy.ts';
import type { Report } from '../model/report.ts';
import type { Tables } from '../ports/store.ts';
import { isCopy, SAME_STORY, similarity } from './similarity.ts';

/** How many of an incident's newest reports a text is compared with: the cost of a report does not grow with its story. */
const COMPARED = 40;
/** Open incidents of one country that are looked through for one that a nameless report may join. */
const CANDIDATES = 50;

export type Found =
  /** It belongs to this one. */
  | { incident: Incident; why: 'key' | 'only-story' | 'same-text' | 'late' }
  /** It opens one; `expired` is the quiet one that it does not join any more. */
  | { incident: null; why: 'new'; expired: Incident | null };

const isQuiet = (incident: Incident, report: Report, policy: Policy): boolean =>
  report.at - incident.lastReportAt > policy.quietAfter;

async function resembles(tables: Tables, incident: Incident, mark: number[], threshold: number): Promise<boolean> {
  const reports = await tables.reports.byIncident(incident.id, COMPARED);
  return reports.some((one) => isCopy(one.fingerprint, mark) || similarity(one.fingerprint, mark) >= threshold);
}

/** Among open incidents without a known place: the one whose text is the same story, if there is just one. */
async function sameStory(tables: Tables, candidates: Incident[], mark: number[]): Promise<Incident | null> {
  const alike: Incident[] = [];
  for (const candidate of candidates.slice(0, 5))
    if (await resembles(tables, candidate, mark, SAME_STORY)) alike.push(candidate);
  return alike.length === 1 ? alike[0]! : null;
}

/**
 * Which incident does a report belong to (domain.md, "Same incident?")? By key (country, service, family); a report without a service
 * joins the only open story of its country and family; one without a country joins the only open story of its service that its text
 * resembles; a lift, and a late copy, belong to the incident that was lifted.
 */
export async function identify(tables: Tables, report: Report, mark: number[], policy: Policy): Promise<Found> {
  const family = familyOf(report.action);
  const { country, service } = report;
  let expired: Incident | null = null;

  if (country !== null || service !== null) {
    const byKey = await tables.incidents.openByKey(country, service, family);
    if (byKey && !isQuiet(byKey, report, policy)) return { incident: byKey, why: 'key' };
    expired = byKey;
  }
  if (country !== null && service === null) {
    const open = await tables.incidents.list({ country, family, open: true, limit: CANDIDATES });
    const awake = open.filter((one) => !isQuiet(one, report, policy));
    if (awake.length === 1) return { incident: awake[0]!, why: 'only-story' };
  }
  if (country === null && service !== null) {
    const open = await tables.incidents.list({ service, family, open: true, limit: CANDIDATES });
    const match = await sameStory(
      tables,
      open.filter((one) => !isQuiet(one, report, policy)),
      mark,
    );
    if (match) return { incident: match, why: 'same-text' };
  }
  const closed =
    country === null && service === null
      ? null
      : await tables.incidents.lastClosed(country, service, family, report.at - policy.quietAfter);
  if (closed && closed.state === 'lifted') {
    if (report.action === 'unblock') return { incident: closed, why: 'late' };
    if (closed.closedAt !== null && report.at < closed.closedAt) return { incident: closed, why: 'late' };
    const reports = await tables.reports.byIncident(closed.id, COMPARED);
    if (reports.some((one) => one.action !== 'unblock' && isCopy(one.fingerprint, mark)))
      return { incident: closed, why: 'late' };
  }
  return { incident: null, why: 'new', expired };
}
