import { loadCatalogue, loadLexicon } from '../../../src/config/lexicon.ts';
import { createExtractor } from '../../../src/core/extract/extractor.ts';
import type { ExtractedEvent } from '../../../src/core/model/extraction.ts';

/** The extractor as it is shipped, made once for all tests of a file. */
export const lexicon = loadLexicon();
export const catalogue = loadCatalogue();
export const extractor = createExtractor(lexicon, catalogue);

/** Events as sorted `COUNTRY/service/action` words; `-` where none is named; "NO" for no event. */
export function triples(events: ExtractedEvent[]): string {
  const out = events.flatMap(({ action, countries, services }) =>
    (countries.length > 0 ? countries : ['-']).flatMap((country) =>
      (services.length > 0 ? services : ['-']).map((service) => `${country}/${service}/${action}`),
    ),
  );
  return [...new Set(out)].sort().join(' ') || 'NO';
}

export const read = (title: string, summary = '', lang: string | null = null): string =>
  triples(extractor.extract({ title, summary, lang }).events);
