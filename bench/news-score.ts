import type { SyncExtractor } from '../src/core/extract/extractor.ts';
import type { ExtractedEvent } from '../src/core/model/item.ts';

export interface Labelled {
  id: string;
  lang: string;
  title: string;
  summary: string;
  relevant: boolean;
  events: Pick<ExtractedEvent, 'action' | 'countries' | 'services'>[];
}

export interface Counts {
  tp: number;
  fp: number;
  fn: number;
}
export interface Figure extends Counts {
  precision: number;
  recall: number;
  f1: number;
}

export interface Miss {
  id: string;
  lang: string;
  want: string[];
  got: string[];
}

type Events = Labelled['events'];
const countriesOf = (events: Events): string[] => events.flatMap((e) => e.countries);
const servicesOf = (events: Events): string[] => events.flatMap((e) => e.services);
const triplesOf = (events: Events): string[] =>
  events.flatMap(({ action, countries, services }) =>
    (countries.length > 0 ? countries : ['-']).flatMap((c) =>
      (services.length > 0 ? services : ['-']).map((s) => `${c}/${s}/${action}`),
    ),
  );

export function figure({ tp, fp, fn }: Counts): Figure {
  const precision = tp + fp === 0 ? 1 : tp / (tp + fp);
  const recall = tp + fn === 0 ? 1 : tp / (tp + fn);
  const f1 = precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall);
  return { tp, fp, fn, precision, recall, f1 };
}

/** Micro-averaged figures of each field, and what was got wrong. */
export function score(extractor: SyncExtractor, items: Labelled[]): { fields: Record<string, Figure>; misses: Miss[] } {
  const counts = new Map<string, Counts>();
  const misses: Miss[] = [];
  const compare = (field: string, got: string[], want: string[]): void => {
    const count = counts.get(field) ?? { tp: 0, fp: 0, fn: 0 };
    counts.set(field, count);
    const expected = new Set(want);
    const found = new Set(got);
    for (const one of found)
      if (expected.has(one)) count.tp++;
      else count.fp++;
    for (const one of expected) if (!found.has(one)) count.fn++;
  };
  for (const item of items) {
    const { relevant, events } = extractor.extract({ title: item.title, summary: item.summary, lang: item.lang });
    const want = item.relevant ? item.events : [];
    const yes = (on: boolean): string[] => (on ? ['yes'] : []);
    compare('relevant', yes(relevant), yes(item.relevant));
    if (item.lang !== 'en') compare('relevant, not English', yes(relevant), yes(item.relevant));
    compare('countries', countriesOf(events), countriesOf(want));
    compare('services', servicesOf(events), servicesOf(want));
    compare('triples', triplesOf(events), triplesOf(want));
    compare(`triples, ${item.lang}`, triplesOf(events), triplesOf(want));
    const got = [...new Set(triplesOf(events))].sort();
    const expected = [...new Set(triplesOf(want))].sort();
    if (got.join(' ') !== expected.join(' ')) misses.push({ id: item.id, lang: item.lang, want: expected, got });
  }
  return { fields: Object.fromEntries([...counts].map(([field, count]) => [field, figure(count)])), misses };
}
