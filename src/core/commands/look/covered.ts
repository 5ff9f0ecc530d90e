import { ANY } from '../../model/chat.ts';
import type { Incident } from '../../model/incident.ts';
import type { IncidentFilter, IncidentTable } from '../../ports/store.ts';
import type { Matcher } from '../../state/model.ts';

/** Each incident once that one of these matchers covers; `filter`: of each matcher. */
export async function coveredBy(
  matchers: readonly Matcher[],
  filter: IncidentFilter,
  incidents: Pick<IncidentTable, 'list'>,
): Promise<Incident[]> {
  const found = new Map<string, Incident>();
  for (const { country, service } of matchers) {
    const only = { ...(country === ANY ? {} : { country }), ...(service === ANY ? {} : { service }) };
    for (const one of await incidents.list({ ...only, ...filter })) found.set(one.id, one);
  }
  return [...found.values()];
}
