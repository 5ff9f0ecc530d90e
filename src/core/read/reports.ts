import type { Extraction } from '../model/extraction.ts';
import type { Item } from '../model/item.ts';
import type { Report } from '../model/report.ts';
import type { Ids } from '../ports/ids.ts';

/** One text makes at most so many reports: a list of a hundred names is not a hundred stories. */
const MAX_REPORTS = 40;

export interface Speaker {
  itemId: string;
  /** Stands in for the credit (recordings name whom they repeat). */
  voice?: string;
}

/** Extraction → reports: one for each (country, service, action); a missing side is null. */
export function reportsOf(item: Item, extraction: Extraction, speaker: Speaker, ids: Ids): Report[] {
  const reports: Report[] = [];
  const seen = new Set<string>();
  for (const event of extraction.events) {
    const countries = event.countries.length > 0 ? event.countries : [null];
    const services = event.services.length > 0 ? event.services : [null];
    for (const country of countries) {
      for (const service of services) {
        const key = `${country} ${service} ${event.action} ${event.region ?? ''}`;
        if ((country === null && service === null) || seen.has(key)) continue;
        if (reports.length >= MAX_REPORTS) return reports;
        seen.add(key);
        reports.push({
          id: ids.next(),
          sourceId: item.sourceId,
          itemId: speaker.itemId,
          at: item.publishedAt,
          country,
          service,
          action: event.action,
          method: event.method ?? null,
          region: event.region ?? null,
          secondary: event.secondary === true,
          ...(event.confidence === undefined ? {} : { confidence: event.confidence }),
          ...(event.vague ? { vague: true } : {}),
          ...(services.length > 1 ? { listed: true } : {}),
          kind: item.authority ? 'authority' : 'news',
          voice:
            speaker.voice ?? (item.authority ? `authority:${item.publisher}` : (extraction.credit ?? item.publisher)),
          ...(item.authority ? {} : { publisher: item.publisher }),
          title: item.title,
          url: item.url,
          publisherName: item.publisherName,
          lang: extraction.lang,
          summary: item.summary.slice(0, 600),
          measured: null,
        });
      }
    }
  }
  return reports;
}
