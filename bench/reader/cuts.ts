/**
 * node src/launch.mjs bench/reader/cuts.ts [N]: the cross-fitted figures over N (three) ways to cut the texts into fifths, mean and spread, and those on
 * the texts held back, which nothing is learnt from. What differs less than two cuts do is luck.
 */
import { loadCatalogue, loadLexicon } from '../../src/config/lexicon.ts';
import { createAnalyser } from '../../src/core/extract/analysis.ts';
import { FIRM_READING } from '../../src/core/model/report.ts';
import { f1, figuresOf, firmOf } from './figures.ts';
import { BITS, calibrate, crossFit, eventModel, modelOf, nested, readAll, surenessIn } from './fit.ts';
import { dataFolder } from './items.ts';
import { heldItems, trainingItems } from './labelled.ts';
import { type Reading, readRow, rowsOf } from './rows.ts';

const cuts = Number(process.argv[2] ?? 3);
const { items } = await trainingItems(dataFolder);
const { weights: _none, ...lexicon } = loadLexicon();
const rows = readAll(lexicon, items);
const SETS: Record<string, (r: Reading) => boolean> = {
  'not tuned on': (r) => r.item.kind === 'fresh' || r.item.kind === 'far',
  'tuned on, thinned lexicons': (r) => r.item.kind === 'dev',
  invented: (r) => r.item.kind === 'invented',
};

function measured(readings: readonly Reading[], sure: (r: Reading) => number[]): Record<string, number> {
  const judged = readings.map((r) => ({ ...r, sure: sure(r) }));
  const loss = readings.reduce((sum, r) => sum + Math.log1p(Math.exp(r.item.want.length > 0 ? -r.odds : r.odds)), 0);
  return {
    ...Object.fromEntries(Object.entries(figuresOf(readings)).map(([name, counts]) => [name, f1(counts)])),
    ...firmOf(judged, FIRM_READING),
    loss: loss / readings.length,
  };
}

function print(title: string, all: readonly Record<string, number>[]): void {
  process.stdout.write(`\n${title}\n`);
  for (const name of Object.keys(all[0]!)) {
    const values = all.map((one) => one[name]!);
    const mean = values.reduce((a, b) => a + b) / values.length;
    const spread = values.length > 1 ? ` (${Math.min(...values).toFixed(3)} – ${Math.max(...values).toFixed(3)})` : '';
    process.stdout.write(`  ${name}: ${mean.toFixed(3)}${spread}\n`);
  }
}

const all = Array.from({ length: cuts }, (_, cut) => {
  const readings = crossFit(rows, cut);
  return { readings, sure: nested(readings, cut) };
});
for (const [name, isOf] of Object.entries(SETS))
  print(
    name,
    all.map(({ readings, sure }) => measured(readings.filter(isOf), sure)),
  );
const learnt = [rows.ours, rows.oursThin, rows.invented, rows.dev, rows.episode, rows.fresh, rows.far].flat();
const model = modelOf(learnt, rows.blind);
const event = eventModel(calibrate(all[0]!.readings).event);
const held = rowsOf(createAnalyser(lexicon, loadCatalogue()), await heldItems(dataFolder), BITS, 1);
for (const kind of ['invented', 'dev'])
  print(`held back, ${kind === 'dev' ? 'real' : kind}`, [
    measured(
      held.filter(({ item }) => item.kind === kind).map((row) => readRow(model, row)),
      surenessIn(event),
    ),
  ]);
