/** What the program brings along, read once by each process that tests: the same for all, and nobody changes it. */

import { loadServiceHosts } from '../../src/config/catalogue.ts';
import { bundledPublishers } from '../../src/config/catalogue.ts';
import { loadCatalogue, loadLexicon } from '../../src/config/lexicon.ts';
import { createExtractor } from '../../src/core/extract/extractor.ts';
import { createFirstLook } from '../../src/core/first-look.ts';

function once<T>(make: () => T): () => T {
  let made: { value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

export const bundledCatalogue = once(() => loadCatalogue());
export const bundledLexicon = once(() => loadLexicon());
export const bundledExtractor = once(() => createExtractor(bundledLexicon(), bundledCatalogue()));
export const bundledHosts = once(() => loadServiceHosts(bundledCatalogue()));
/** What a source that looks through an index of news is handed. */
export const bundledFinding = {
  wanted: async (): Promise<ReadonlySet<string>> => new Set(),
  thin: async (): Promise<ReadonlySet<string>> => new Set(),
  firstLook: (countries: ReadonlySet<string>) =>
    createFirstLook({ lexicon: bundledLexicon(), catalogue: bundledCatalogue() }, countries, async () => {}),
  publishers: bundledPublishers(),
};
