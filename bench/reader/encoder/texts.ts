/**
 * node src/launch.mjs bench/reader/encoder/texts.ts FILE: every labelled text as the encoder learns it, a JSON line each: title and lead, what they report,
 * and where each candidate stands in them.
 */
import { writeFileSync } from 'node:fs';
import { loadCatalogue, loadLexicon } from '../../../src/config/lexicon.ts';
import { createAnalyser } from '../../../src/core/extract/analysis.ts';
import { askedOf } from '../../../src/core/extract/score/asked.ts';
import { foldOf } from '../fit.ts';
import { dataFolder } from '../items.ts';
import { heldItems, trainingItems } from '../labelled.ts';

const [target] = process.argv.slice(2);
if (target === undefined) throw new Error('Say where the texts shall go.');
const { weights: _none, ...lexicon } = loadLexicon();
const analyse = createAnalyser(lexicon, loadCatalogue());
const { items } = await trainingItems(dataFolder);
const held = (await heldItems(dataFolder)).map((item) => ({ ...item, kind: 'held' }));
const lines = [...items, ...held].map(({ id, kind, lang, want, ...text }) => {
  const analysis = analyse({ ...text, lang });
  const fold = kind === 'held' ? -1 : foldOf({ item: { id } }, 0);
  return JSON.stringify({
    id,
    kind,
    fold,
    lang: analysis.lang,
    want,
    title: text.title,
    summary: text.summary,
    services: [],
    countries: [],
    ...askedOf(analysis),
  });
});
writeFileSync(target, `${lines.join('\n')}\n`);
process.stdout.write(`${lines.length} texts\n`);
