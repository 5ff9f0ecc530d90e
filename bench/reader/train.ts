/**
 * npm run train:reader [-- --check] [-- --write FILE]: makes `config/lexicon/weights.json` from our own labelled sentences and, where they are,
 * the labelled sets of `../shared/data`. The same inputs give the same bytes; `--check` compares instead of writing and ends with 1 where they
 * differ; `--write FILE` keeps the figures.
 *
 * The rules were made on most of these texts, so what they find there is too good: such texts are read with thinned lexicons (thin.ts). The figures
 * are cross-fitted on the set that no rule was tuned on: each fifth of it is read by models that learnt from everything else.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { loadCatalogue, loadLexicon } from '../../src/config/lexicon.ts';
import { createAnalyser } from '../../src/core/extract/analysis.ts';
import type { Lexicon } from '../../src/core/extract/lexicon.ts';
import { hash } from '../../src/core/extract/score/features.ts';
import { logistic, type Scored } from '../../src/core/extract/score/scorer.ts';
import type { StoredModel, StoredWeights } from '../../src/core/extract/score/weights.ts';
import { FIRM_READING } from '../../src/core/model/report.ts';
import { fitOdds, type Sample } from './calibrate.ts';
import { figuresOf, report } from './figures.ts';
import { type Item, loadItems } from './items.ts';
import { type Example, learn, type Settings } from './learn.ts';
import { type Learned, nameOf, type Reading, type Row, readRow, rowsOf } from './rows.ts';
import { blind, thin, weightsOfNoClaim } from './thin.ts';

const BITS = { relevance: 16, triple: 18 };
const FOLDS = 5;
const RELEVANCE: Settings = { epochs: 6, rate: 0.05, decay: 0.03, meanFrom: 2 };
const TRIPLE: Settings = { epochs: 6, rate: 0.05, decay: 0.015, meanFrom: 2 };
/** Texts of an action that few have count more; else it is never said. */
const RARE: Record<string, number> = { throttle: 3, restrict: 3 };
/** How much a text of each kind counts: real ones and those whose rules were not tuned on them most. */
const WEIGHT = { ours: 0.3, oursThin: 0.4, invented: 2, dev: 1, fresh: 3, episode: 1 };
/** And how much each counts once more for triples, read as if no rule had found anything: else the rules are believed whatever the words say. */
const BLIND = { ours: 0.3, invented: 2, dev: 1, fresh: 2 };
/** The weights that readings without rules give by themselves are added to those of all, so much of them: what words say is worth more where rules err. */
const BLIND_SHARE = 0.25;
/** In these, invented texts count so much. */
const BLIND_INVENTED = 0.5;
/** Invented texts help to tell news from noise; which action a triple has is learnt better from real ones. */
const INVENTED_TRIPLES = 0.25;
/** In texts that are no news every triple is wrong: that counts a little, too, so that what is doubtful there stays below what stands. */
const NO_NEWS = 0.3;
const THIN = [
  { share: 0.25, seed: 1 },
  { share: 0.4, seed: 2 },
];
/** Our own sentences are tests, too: those that come out wrong count more in the next round. */
const ROUNDS = 3;
const EMPHASIS = 4;

const root = resolve(import.meta.dirname, '../..');
const target = join(root, 'config/lexicon/weights.json');

interface Rows {
  ours: Row[];
  oursThin: Row[];
  invented: Row[];
  dev: Row[];
  episode: Row[];
  fresh: Row[];
  blind: Row[];
}

function readAll(lexicon: Lexicon, items: readonly Item[]): Rows {
  const catalogue = loadCatalogue();
  const whole = createAnalyser(lexicon, catalogue);
  const thinned = THIN.map(({ share, seed }) => createAnalyser(thin(lexicon, share, seed), catalogue));
  const of = (kind: Item['kind']): Item[] => items.filter((i) => i.kind === kind);
  const twice = (kind: Item['kind'], weight: number): Row[] =>
    thinned.flatMap((analyse) => rowsOf(analyse, of(kind), BITS, weight));
  return {
    ours: rowsOf(whole, of('ours'), BITS, WEIGHT.ours),
    oursThin: twice('ours', WEIGHT.oursThin),
    invented: rowsOf(whole, of('invented'), BITS, WEIGHT.invented),
    dev: twice('dev', WEIGHT.dev),
    episode: twice('episode', WEIGHT.episode),
    fresh: rowsOf(whole, of('fresh'), BITS, WEIGHT.fresh),
    blind: (['ours', 'invented', 'dev', 'fresh'] as const).flatMap((kind) =>
      rowsOf(blind(whole), of(kind), BITS, BLIND[kind]),
    ),
  };
}

/** Of episodes only whether they are news is known. */
function modelOf(rows: readonly Row[], blindly: readonly Row[]): Learned {
  const told = (row: Row): boolean => row.item.kind !== 'episode' && row.cells.length > 0;
  const examples = (list: readonly Row[], invented: number): Example[] =>
    list
      .filter(told)
      .map(({ item, triples: one }) => ({ ...one, weight: one.weight * rarity(item) * shareOf(item, invented) }));
  const all = learn(examples([...rows, ...blindly], INVENTED_TRIPLES), BITS.triple, TRIPLE);
  const words = learn(examples(blindly, BLIND_INVENTED), BITS.triple, TRIPLE);
  for (const at of weightsOfNoClaim(BITS.triple)) words[at] = 0;
  return {
    relevance: learn(
      rows.map((r) => r.relevance),
      BITS.relevance,
      RELEVANCE,
    ),
    triple: all.map((weight, i) => (weight + BLIND_SHARE * words[i]!) / (1 + BLIND_SHARE / 2)),
  };
}

const rarity = ({ want }: Item): number => Math.max(1, ...want.map((triple) => RARE[triple.split('/')[2]!] ?? 1));

const shareOf = ({ kind, want }: Item, invented: number): number =>
  (kind === 'invented' ? invented : 1) * (want.length === 0 ? NO_NEWS : 1);

const foldOf = ({ item }: { item: Item }): number => hash(`fold ${item.id}`) % FOLDS;

/** Every real text, and every one in the manner of real ones, read by models that have not seen it. */
function crossFit({ ours, oursThin, invented, dev, episode, fresh, blind: blindly }: Rows): Reading[] {
  const out: Reading[] = [];
  for (let fold = 0; fold < FOLDS; fold++) {
    const others = [...invented, ...dev, ...fresh].filter((row) => foldOf(row) !== fold);
    const model = modelOf(
      [...ours, ...oursThin, ...episode, ...others],
      blindly.filter((row) => row.item.kind === 'ours' || foldOf(row) !== fold),
    );
    for (const row of [...invented, ...dev, ...fresh]) if (foldOf(row) === fold) out.push(readRow(model, row));
  }
  return out;
}

/** What is said of how sure a reading is, is fitted to the real texts that no rule was tuned on above all. */
const weightOf = ({ item }: Reading): number => (item.kind === 'fresh' ? 1 : 0.25);

/** What tells how likely a reported triple is right: both scores, whether the rules claim it, too, and whether it is a measure in a text about a bill. */
const evidenceOf = ({ odds, rules, billed }: Reading, cell: Scored): number[] => [
  Math.min(odds, 8),
  Math.min(cell.score, 8),
  rules.includes(nameOf(cell)) ? 1 : 0,
  billed && cell.action !== 'warn' ? 1 : 0,
];

interface Calibration {
  relevance: number[];
  triple: number[];
  event: number[];
}

/** Reported triples, right or wrong. */
const eventsOf = (readings: readonly Reading[]): Sample[] =>
  readings.flatMap((r) =>
    r.got.length === 0
      ? []
      : r.chosen.map((cell) => ({
          x: evidenceOf(r, cell),
          right: r.item.want.includes(nameOf(cell)) ? (1 as const) : (0 as const),
          weight: weightOf(r),
        })),
  );

const fitEvents = (readings: readonly Reading[]): number[] => fitOdds(eventsOf(readings), [0, 0.5, 0.5, 0, 0]);

function calibrate(readings: readonly Reading[], rows: Rows): Calibration {
  const byItem = new Map([...rows.invented, ...rows.dev, ...rows.fresh].map((row) => [row.item.id, row.cells]));
  const relevance = readings.map(
    (r): Sample => ({ x: [r.odds], right: r.item.want.length > 0 ? 1 : 0, weight: weightOf(r) }),
  );
  const triple: Sample[] = [];
  for (const r of readings) {
    const wanted = new Set(r.item.want);
    if (r.item.want.length > 0 && byItem.get(r.item.id)?.length === r.scores.length)
      for (const [i, cell] of byItem.get(r.item.id)!.entries())
        triple.push({ x: [r.scores[i]!], right: wanted.has(nameOf(cell)) ? 1 : 0, weight: weightOf(r) });
  }
  return { relevance: fitOdds(relevance, [0, 1]), triple: fitOdds(triple, [0, 1]), event: fitEvents(readings) };
}

/** How sure each triple of a text is said to be, by what was fitted to the texts of the other fifths. */
function nested(readings: readonly Reading[]): (r: Reading) => number[] {
  const fitted = Array.from({ length: FOLDS }, (_, fold) => fitEvents(readings.filter((r) => foldOf(r) !== fold)));
  return (r) => {
    const [offset = 0, ...slopes] = fitted[foldOf(r)]!;
    return r.chosen.map((cell) => logistic(evidenceOf(r, cell).reduce((sum, x, i) => sum + x * slopes[i]!, offset)));
  };
}

/** The models of everything; sentences of ours that come out wrong, though the rules read them right, count more round by round. */
function finalModel(rows: Rows): { model: Learned; wrong: Row[] } {
  const heavier = new Map<Row, number>();
  const all = [...rows.ours, ...rows.oursThin, ...rows.invented, ...rows.dev, ...rows.episode, ...rows.fresh];
  const weighted = (row: Row): Row => {
    const times = heavier.get(row);
    if (times === undefined) return row;
    const more = (e: Example): Example => ({ ...e, weight: e.weight * times });
    return { ...row, relevance: more(row.relevance), triples: more(row.triples) };
  };
  let model = whole(modelOf(all, rows.blind));
  let wrong = wrongOf(model, rows.ours);
  for (let round = 0; round < ROUNDS && wrong.length > 0; round++) {
    for (const row of wrong) heavier.set(row, (heavier.get(row) ?? 1) * EMPHASIS);
    model = whole(modelOf(all.map(weighted), rows.blind));
    wrong = wrongOf(model, rows.ours);
  }
  return { model, wrong };
}

const sorted = (names: readonly string[]): string => [...names].sort().join(' ');

const wrongOf = (model: Learned, rows: readonly Row[]): Row[] =>
  rows.filter(
    (row) => sorted(row.rules) === sorted(row.item.want) && sorted(readRow(model, row).got) !== sorted(row.item.want),
  );

/** One byte a weight. */
function quantised(weights: Float32Array): { scale: number; bytes: Int8Array } {
  const most = weights.reduce((m, w) => Math.max(m, Math.abs(w)), 0);
  const scale = Math.fround(most / 127);
  return { scale, bytes: Int8Array.from(weights, (w) => Math.round(w / scale)) };
}

/** The weights as the reader will have them. */
function whole({ relevance, triple }: Learned): Learned {
  const rounded = (weights: Float32Array): Float32Array => {
    const { scale, bytes } = quantised(weights);
    return Float32Array.from(bytes, (w) => w * scale);
  };
  return { relevance: rounded(relevance), triple: rounded(triple) };
}

function stored(weights: Float32Array, bits: number, [offset = 0, slope = 1]: number[]): StoredModel {
  const { scale, bytes } = quantised(weights);
  return { bits, scale, slope, offset, weights: Buffer.from(bytes.buffer).toString('base64') };
}

/** Hash of all that the weights depend on: labels, phrases, names, and the code that reads and learns. */
function inputsOf(files: Record<string, string>): string {
  const sum = createHash('sha256').update(JSON.stringify(files));
  for (const [folder, ending] of [
    ['config/lexicon', '.yaml'],
    ['src/core/extract', '.ts'],
    ['bench/reader', '.ts'],
  ] as const)
    for (const name of readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).sort())
      if (name.endsWith(ending)) sum.update(name).update(readFileSync(join(root, folder, name)));
  return sum.update(readFileSync(join(root, 'config/services.yaml'))).digest('hex');
}

const { items, files } = loadItems();
const inputs = inputsOf(files);
const { weights: _none, ...lexicon } = loadLexicon();
const rows = readAll(lexicon, items);
const readings = crossFit(rows);
const calibration = calibrate(readings, rows);
const { model, wrong } = finalModel(rows);
const [offset, relevant, triple, claimed, billed] = calibration.event as [number, number, number, number, number];
const out: StoredWeights = {
  inputs,
  relevance: stored(model.relevance, BITS.relevance, calibration.relevance),
  triple: stored(model.triple, BITS.triple, calibration.triple),
  event: { offset, relevant, triple, claimed, billed },
};
const bytes = `${JSON.stringify(out, null, 1)}\n`;
const sureOf = nested(readings);
const text = report({
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
});
process.stdout.write(text);
const file = process.argv.includes('--write') ? process.argv[process.argv.indexOf('--write') + 1] : undefined;
if (file !== undefined) writeFileSync(file, text);
if (process.argv.includes('--check')) {
  const same = readFileSync(target, 'utf8') === bytes;
  process.stdout.write(
    `\nweights.json ${same ? 'is what these inputs give' : 'differs from what these inputs give'}\n`,
  );
  process.exitCode = same ? 0 : 1;
} else writeFileSync(target, bytes);
