/** node src/launch.mjs bench/reader/asked.ts: how many sentences of `asked/` the reader gets right. Nothing is learnt from them and no rule is made on them. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { loadCatalogue, loadLexicon } from '../../src/config/lexicon.ts';
import { createExtractor } from '../../src/core/extract/extractor.ts';
import { sentences, triplesOf } from './items.ts';

const extractor = createExtractor(loadLexicon(), loadCatalogue());
const folder = join(import.meta.dirname, 'asked');
for (const name of readdirSync(folder).sort()) {
  const items = sentences(join(folder, name));
  let right = 0;
  for (const { title, summary, lang, want } of items) {
    const got = triplesOf(extractor.extract({ title, summary, lang }).events);
    if ([...got].sort().join(' ') === [...want].sort().join(' ')) right++;
    else process.stdout.write(`${lang} ${title}: ${want.join(' ') || 'no news'} → ${got.join(' ') || 'no news'}\n`);
  }
  process.stdout.write(`${name}: ${right} of ${items.length}\n`);
}
