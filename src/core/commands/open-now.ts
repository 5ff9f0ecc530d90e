import { ANY } from '../model/chat.ts';
import { type Incident, type Level, reaches } from '../model/incident.ts';
import type { IncidentTable } from '../ports/store.ts';
import { sayingOf, worstFirst } from '../render/headline.ts';
import type { Matcher } from './describe.ts';

const PER_MATCHER = 200;

/** Open incidents that these matchers cover and that have reached the chat's level: worst first, then newest. */
export async function openNow(
  incidents: Pick<IncidentTable, 'list'>,
  matchers: readonly Matcher[],
  level: Level,
): Promise<Incident[]> {
  const found = new Map<string, Incident>();
  for (const { country, service } of matchers) {
    const listed = await incidents.list({
      ...(country === ANY ? {} : { country }),
      ...(service === ANY ? {} : { service }),
      open: true,
      limit: PER_MATCHER,
    });
    for (const incident of listed) if (reaches(incident.confidence, level)) found.set(incident.id, incident);
  }
  return [...found.values()].sort((a, b) => worstFirst(sayingOf(a), sayingOf(b)) || b.openedAt - a.openedAt);
}

/** The same without order of severity: what came last comes first. */
export const newestFirst = (incidents: readonly Incident[]): Incident[] =>
  [...incidents].sort((a, b) => b.openedAt - a.openedAt);
