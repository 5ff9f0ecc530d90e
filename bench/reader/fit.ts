/** The models of the reader, learnt from rows, and texts read by models that have not seen them. */
import { loadCatalogue } from '../../src/config/lexicon.ts';
import { createAnalyser } from '../../src/core/extract/analysis.ts';
import { evidenceOf, surenessOf } from '../../src/core/extract/score/choose.ts';
import { hash } from '../../src/core/extract/score/features.ts';
import { EVIDENCE, type EventModel, type Evidence } from '../../src/core/extract/score/weights.ts';
import type { Lexicon } from '../../src/core/extract/text/lexicon.ts';
import { fitOdds, type Sample } from './calibrate.ts';
import type { Item } from './items.ts';
import { type Example, learn, type Settings } from './learn.ts';
import { type Learned, nameOf, type Reading, type Row, readRow, rowsOf } from './rows.ts';
import { blind, thin, weightsOfNoClaim } from './thin.ts';

export const BITS = { relevance: 16, triple: 18 };
const FOLDS = 5;
const RELEVANCE: Settings = { epochs: 6, rate: 0.05, decay: 0.015, meanFrom: 2 };
const TRIPLE: Settings = { epochs: 6, rate: 0.05, decay: 0.015, meanFrom: 2 };
/** Texts of an action that few have count more; else it is never said. */
const RARE: Record<string, number> = { throttle: 3, restrict: 3 };
/** How much a text of each kind counts: real ones and those whose rules were not tuned on them most. */
const WEIGHT = { ours: 0.3, oursThin: 0.4, invented: 2, dev: 1, fresh: 3, far: 3, episode: 1 };
/** For whether a text is news real ones count more, and invented ones less, than for what it reports. */
const OF_RELEVANCE: Partial<Record<Item['kind'], number>> = { invented: 0.5, dev: 2, fresh: 1.7, far: 1.7 };
/** And how much each counts once more for triples, read as if no rule had found anything: else the rules are believed whatever the words say. */
const BLIND = { ours: 0.3, invented: 2, dev: 1, fresh: 2, far: 2 };
/** The weights that readings without rules give by themselves are added to those of all, so much of them: what words say is worth more where rules err. */
const BLIND_SHARE = 0.25;
/** In these, invented texts count so much. */
const BLIND_INVENTED = 1;
/** Which action a triple has is learnt better from real texts than from invented ones. */
const INVENTED_TRIPLES = 0.5;
/** In texts that are no news every triple is wrong: that counts a little, too, so that what is doubtful there stays below what stands. */
const NO_NEWS = 0.3;
const THIN = [
  { share: 0.25, seed: 1 },
  { share: 0.4, seed: 2 },
];
/** Our own sentences are tests, too: those that come out wrong count more in the next round. */
const ROUNDS = 3;
const EMPHASIS = 4;

export interface Rows {
  ours: Row[];
  oursThin: Row[];
  invented: Row[];
  dev: Row[];
  episode: Row[];
  fresh: Row[];
  /** Real, most of it of languages that the others hardly have. */
  far: Row[];
  blind: Row[];
}

export function readAll(lexicon: Lexicon, items: readonly Item[]): Rows {
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
    far: rowsOf(whole, of('far'), BITS, WEIGHT.far),
    blind: (['ours', 'invented', 'dev', 'fresh', 'far'] as const).flatMap((kind) =>
      rowsOf(blind(whole), of(kind), BITS, BLIND[kind]),
    ),
  };
}

/** Of episodes only whether they are news is known. */
export function modelOf(rows: readonly Row[], blindly: readonly Row[]): Learned {
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
      rows.map(({ item, relevance }) => ({ ...relevance, weight: relevance.weight * (OF_RELEVANCE[item.kind] ?? 1) })),
      BITS.relevance,
      RELEVANCE,
    ),
    triple: all.map((weight, i) => (weight + BLIND_SHARE * words[i]!) / (1 + BLIND_SHARE / 2)),
  };
}

const rarity = ({ want }: Item): number => Math.max(1, ...want.map((triple) => RARE[triple.split('/')[2]!] ?? 1));

const shareOf = ({ kind, want }: Item, invented: number): number =>
  (kind === 'invented' ? invented : 1) * (want.length === 0 ? NO_NEWS : 1);

/** The fifths may be cut in several ways: how far the figures differ between them is luck. */
export const foldOf = ({ item }: { item: Pick<Item, 'id'> }, cut: number): number =>
  hash(cut === 0 ? `fold ${item.id}` : `fold ${cut} ${item.id}`) % FOLDS;

/** Every real text, and every one in the manner of real ones, read by models that have not seen it. */
export function crossFit(rows: Rows, cut: number): Reading[] {
  const { ours, oursThin, invented, dev, episode, fresh, far, blind: blindly } = rows;
  const judged = [...invented, ...dev, ...fresh, ...far];
  const out: Reading[] = [];
  for (let fold = 0; fold < FOLDS; fold++) {
    const isOwn = (row: Row): boolean => foldOf(row, cut) === fold;
    const others = judged.filter((row) => !isOwn(row));
    const model = modelOf(
      [...ours, ...oursThin, ...episode, ...others],
      blindly.filter((row) => row.item.kind === 'ours' || !isOwn(row)),
    );
    for (const row of judged) if (isOwn(row)) out.push(readRow(model, row));
  }
  return out;
}

/** What is said of how sure a reading is, is fitted to the real texts that no rule was tuned on above all. */
export const weightOf = ({ item }: Reading): number => (item.kind === 'fresh' || item.kind === 'far' ? 1 : 0.25);

export interface Calibration {
  relevance: number[];
  triple: number[];
  event: number[];
}

/** Reported triples, right or wrong. */
export const eventsOf = (readings: readonly Reading[]): Sample[] =>
  readings.flatMap((r) =>
    r.chosen.map((cell) => ({
      x: evidenceOf(cell, r),
      right: r.item.want.includes(nameOf(cell)) ? (1 as const) : (0 as const),
      weight: weightOf(r),
    })),
  );

const START = [0, ...EVIDENCE.map((name) => (name === 'relevant' || name === 'triple' ? 0.5 : 0))];
export const fitEvents = (readings: readonly Reading[]): number[] => fitOdds(eventsOf(readings), START);

export function calibrate(readings: readonly Reading[]): Calibration {
  const relevance = readings.map((r): Sample => ({
    x: [r.odds],
    right: r.item.want.length > 0 ? 1 : 0,
    weight: weightOf(r),
  }));
  const triple = readings
    .filter((r) => r.item.want.length > 0)
    .flatMap((r) =>
      r.cells.map((cell): Sample => ({
        x: [cell.score],
        right: r.item.want.includes(nameOf(cell)) ? 1 : 0,
        weight: weightOf(r),
      })),
    );
  return { relevance: fitOdds(relevance, [0, 1]), triple: fitOdds(triple, [0, 1]), event: fitEvents(readings) };
}

/** How sure each triple of a text is said to be, by what was fitted to the texts of the other fifths. */
export function nested(readings: readonly Reading[], cut: number): (r: Reading) => number[] {
  const fitted = Array.from({ length: FOLDS }, (_, fold) =>
    eventModel(fitEvents(readings.filter((r) => foldOf(r, cut) !== fold))),
  );
  return (r) => surenessIn(fitted[foldOf(r, cut)]!)(r);
}

/** How sure each triple of a text is said to be. */
export const surenessIn =
  (event: EventModel) =>
  (r: Reading): number[] =>
    r.chosen.map((cell) => surenessOf(event, cell, r));

/** By name. */
export function eventModel([offset = 0, ...slopes]: readonly number[]): EventModel {
  const named = Object.fromEntries(EVIDENCE.map((name, i) => [name, slopes[i]!])) as Record<Evidence, number>;
  return { offset, ...named };
}

/** The models of everything; sentences of ours that come out wrong, though the rules read them right, count more round by round. */
export function finalModel(rows: Rows): { model: Learned; wrong: Row[] } {
  const heavier = new Map<Row, number>();
  const all = [
    ...rows.ours,
    ...rows.oursThin,
    ...rows.invented,
    ...rows.dev,
    ...rows.episode,
    ...rows.fresh,
    ...rows.far,
  ];
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
export function quantised(weights: Float32Array): { scale: number; bytes: Int8Array } {
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
