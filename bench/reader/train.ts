/**
 * npm run train:reader [-- --check] [-- --write FILE] [-- --ours-alone]: makes `config/lexicon/weights.json` from our own labelled sentences and the
 * labelled sets of `../shared/data`. The same inputs give the same bytes; `--check` compares instead of writing and ends with 1 where they
 * differ; `--write FILE` keeps the figures. Without the sets it says what it reads wrong, keeps the weights that are there and ends with 1:
 * weights that know no real text read the news worse, and nothing would show it. `--ours-alone` writes them all the same.
 *
 * The rules were made on most of these texts, so what they find there is too good: such texts are read with thinned lexicons (thin.ts). The figures
 * are cross-fitted on the set that no rule was tuned on: each fifth of it is read by models that learnt from everything else.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { loadLexicon } from '../../src/config/lexicon.ts';
import { logistic, type StoredModel, type StoredWeights } from '../../src/core/extract/score/weights.ts';
import { FIRM_READING } from '../../src/core/model/report.ts';
import { fitMix, hear, tables } from './encoder/mix.ts';
import { figuresOf, report } from './figures.ts';
import { BITS, calibrate, crossFit, eventModel, finalModel, nested, quantised, readAll } from './fit.ts';
import { dataFolder } from './items.ts';
import { trainingItems } from './labelled.ts';

const root = resolve(import.meta.dirname, '../..');
const target = join(root, 'config/lexicon/weights.json');

function stored(weights: Float32Array, bits: number, [offset = 0, slope = 1]: number[]): StoredModel {
  const { scale, bytes } = quantised(weights);
  return { bits, scale, slope, offset, weights: Buffer.from(bytes.buffer).toString('base64') };
}

/** Hash of all that the weights depend on: labels, phrases, names, and the code that reads and learns. */
function inputsOf(files: Record<string, string>): string {
  const sum = createHash('sha256').update(JSON.stringify(files));
  for (const [folder, ending] of [
    ['config/lexicon', '.yaml'],
    ['config/rules', '.json'],
    ['src/core/extract', '.ts'],
    ['bench/reader', '.ts'],
    ['bench/reader/encoder', '.json'],
  ] as const)
    for (const name of readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).sort())
      if (name.endsWith(ending)) sum.update(name).update(readFileSync(join(root, folder, name)));
  return sum.update(readFileSync(join(root, 'config/services.yaml'))).digest('hex');
}

const { items, files } = await trainingItems(dataFolder);
const inputs = inputsOf(files);
const { weights: _none, ...lexicon } = loadLexicon();
const rows = readAll(lexicon, items);
const readings = crossFit(rows, 0);
const calibration = calibrate(readings);
const { model, wrong } = finalModel(rows);
const out: StoredWeights = {
  inputs,
  relevance: stored(model.relevance, BITS.relevance, calibration.relevance),
  triple: stored(model.triple, BITS.triple, calibration.triple),
  event: eventModel(calibration.event),
  encoder: fitMix(hear(readings)),
};
const bytes = `${JSON.stringify(out, null, 1)}\n`;
const sureOf = nested(readings, 0);
const text = `${report({
  files,
  counts: Object.fromEntries(Object.entries(rows).map(([kind, list]) => [kind, list.length])),
  rules: figuresOf(rows.fresh.map((row) => ({ item: row.item, got: row.rules }))),
  learned: figuresOf(readings.filter((r) => r.item.kind === 'fresh')),
  readings: readings
    .filter((r) => r.item.kind === 'fresh')
    .map((r) => ({
      ...r,
      relevant: logistic(calibration.relevance[1]! * r.odds + calibration.relevance[0]!),
      sure: sureOf(r),
    })),
  firm: FIRM_READING,
  wrong: wrong.map(({ item }) => `${item.id} ${item.title}`),
  calibration,
})}
${tables(readings)}`;
process.stdout.write(text);
const file = process.argv.includes('--write') ? process.argv[process.argv.indexOf('--write') + 1] : undefined;
if (file !== undefined) writeFileSync(file, text);
if (process.argv.includes('--check')) {
  const same = readFileSync(target, 'utf8') === bytes;
  process.stdout.write(
    `\nweights.json ${same ? 'is what these inputs give' : 'differs from what these inputs give'}\n`,
  );
  process.exitCode = same ? 0 : 1;
} else if ('news-dev-2.jsonl' in files || process.argv.includes('--ours-alone')) writeFileSync(target, bytes);
else {
  process.stderr.write(
    `\nThe labelled sets are not in ${dataFolder}: weights.json stays as it is. Whoever has them (TOCSIN_SHARED names the folder above) trains; --ours-alone writes weights that know our sentences only.\n`,
  );
  process.exitCode = 1;
}
