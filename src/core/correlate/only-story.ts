import { type Incident, NETWORK } from '../model/incident.ts';
import type { Report } from '../model/report.ts';
import type { Tables } from '../ports/store.ts';

/** Stories heard of in this time are preferred to older ones that are merely still open. */
const CURRENT = 7 * 86_400_000;
/** More open incidents than this are no single story. */
const MAX_MEMBERS = 16;
const ITEMS = 40;

/** Are these incidents reported together by their texts: does one item lead to another incident, and so to all? */
async function isOneStory(tables: Tables, incidents: Incident[]): Promise<boolean> {
  if (incidents.length > MAX_MEMBERS) return false;
  const items: Set<string>[] = [];
  for (const incident of incidents) {
    const reports = await tables.reports.byIncident(incident.id, ITEMS);
    items.push(new Set(reports.flatMap((report) => report.itemId ?? [])));
  }
  const reached = new Set([0]);
  for (const i of reached) {
    for (const [j, other] of items.entries()) if (!reached.has(j) && !items[i]!.isDisjointFrom(other)) reached.add(j);
  }
  return reached.size === incidents.length;
}

/** The open incidents that form the only story of their country and family, or none where there are several (or none). */
export async function onlyStory(tables: Tables, open: Incident[], at: number): Promise<Incident[]> {
  const current = open.filter((one) => at - one.lastReportAt <= CURRENT);
  const candidates = current.length > 0 ? current : open;
  if (candidates.length <= 1) return candidates;
  return (await isOneStory(tables, candidates)) ? candidates : [];
}

/** Measures that began within this time of each other are of one wave: a nameless lift ends all of them. */
const WAVE = 7 * 86_400_000;

/**
 * What a lift that names no service ends: the measures against services that are open in its country, where they all began within a week.
 * Where older ones are open beside newer ones nobody knows which are meant. The network is no "platforms": it is named when it is back.
 */
export function wave(open: readonly Incident[], lift: Pick<Report, 'at'>): Incident[] {
  const hit = open.filter((one) => one.service !== NETWORK && one.openedAt <= lift.at);
  const times = hit.map((one) => one.openedAt);
  return Math.max(...times) - Math.min(...times) <= WAVE ? hit : [];
}
