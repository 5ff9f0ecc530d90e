/**
 * How much the encoder's word counts beside the reader's own, by group of languages: fitted on texts that neither learnt from.
 * node src/launch.mjs bench/reader/encoder/mix.ts: figures on them without the encoder and with it, each fifth by shares that were fitted to the others.
 */
import CARD from '../../../config/encoder/card.json' with { type: 'json' };
import { loadCatalogue, loadLexicon } from '../../../src/config/lexicon.ts';
import { type Analyser, createAnalyser } from '../../../src/core/extract/analysis.ts';
import { askedOf, encodedOf } from '../../../src/core/extract/score/asked.ts';
import { choose, levelled } from '../../../src/core/extract/score/choose.ts';
import { LEAST_ODDS } from '../../../src/core/extract/score/scorer.ts';
import {
  type EncoderMix,
  type EventModel,
  type Group,
  groupOf,
  mixed,
  type Model,
} from '../../../src/core/extract/score/weights.ts';
import { FIRM_READING } from '../../../src/core/model/report.ts';
import type { Asked, Encoded } from '../../../src/core/ports/encoder.ts';
import { createModel } from '../../../src/encoder/model.ts';
import { fitOdds, type Sample } from '../calibrate.ts';
import { f1, figuresOf, firmOf } from '../figures.ts';
import { BITS, calibrate, eventModel, foldOf, surenessIn } from '../fit.ts';
import { dataFolder } from '../items.ts';
import { trainingItems } from '../labelled.ts';
import { nameOf, type Reading, readRow, rowsOf } from '../rows.ts';

/** What the encoder says of a text, as the program hears it. */
type Said = Encoded & { asked: Asked };

/** A reading of a text with a candidate, and what the encoder says of it. */
export interface Heard {
  reading: Reading;
  said: Said;
}

/** `readings` of `items`, in the same order; those without a candidate, of which it is not asked, are left out. */
export function hear(analyse: Analyser, readings: readonly Reading[]): Heard[] {
  const file = new URL('../../../config/encoder/encoder.bin', import.meta.url);
  const model = createModel(file, CARD.sha256);
  return readings.flatMap((reading) => {
    const asked = askedOf(analyse(reading.item));
    return asked === null ? [] : [{ reading, said: { ...model(asked), asked } }];
  });
}

const GROUPS: readonly Group[] = ['en', 'ru', 'ten', 'rest'];
const ofCell = ({ asked, ...said }: Said, cell: Reading['apart'][number]): number =>
  encodedOf(
    said,
    { services: asked.services.map(({ id }) => id), countries: asked.countries.map(({ id }) => id) },
    cell,
  );

/** One fit for all, and one a group that is pulled towards it. `unknown`: for a group without samples, made of that for all. */
function byGroup(
  samples: readonly (Sample & { group: Group })[],
  unknown: (all: number[]) => number[],
): Record<Group, number[]> {
  const all = fitOdds(samples, [0, 0.5, 0.5]);
  const own = (group: Group): number[] => {
    const known = samples.filter((one) => one.group === group);
    return known.length === 0 ? unknown(all) : fitOdds(known, all);
  };
  return Object.fromEntries(GROUPS.map((group) => [group, own(group)])) as Record<Group, number[]>;
}

export function fitMix(heard: readonly Heard[]): EncoderMix {
  const relevance = heard.map(({ reading: r, said }) => ({
    group: groupOf(r.lang),
    x: [r.odds, said.relevant],
    right: r.item.want.length > 0 ? (1 as const) : (0 as const),
    weight: 1,
  }));
  const triple = heard
    .filter(({ reading }) => reading.item.want.length > 0)
    .flatMap(({ reading: r, said }) =>
      r.apart.map((cell) => ({
        group: groupOf(r.lang),
        x: [cell.score, ofCell(said, cell)],
        right: r.item.want.includes(nameOf(cell)) ? (1 as const) : (0 as const),
        weight: 1,
      })),
    );
  const mix: EncoderMix = {
    relevance: byGroup(relevance, (all) => all),
    // The reader's word alone.
    triple: byGroup(triple, () => [0, 1, 0]),
    event: eventModel([0]),
  };
  return { ...mix, event: eventModel(calibrate(heard.map((one) => withMix(one, mix))).event) };
}

/** A reading as it is with the encoder heard. */
function withMix({ reading, said }: Heard, mix: EncoderMix): Reading {
  const group = groupOf(reading.lang);
  const odds = mixed(mix.relevance[group], reading.odds, said.relevant);
  const apart = reading.apart.map((cell) => ({
    ...cell,
    score: mixed(mix.triple[group], cell.score, ofCell(said, cell)),
  }));
  const cells = levelled(apart, reading.lists);
  const chosen = odds < LEAST_ODDS ? [] : choose(cells, odds);
  return { ...reading, odds, apart, cells, chosen, got: chosen.map(nameOf) };
}

const OF_GROUP: Record<string, (r: Reading) => boolean> = {
  all: () => true,
  English: (r) => groupOf(r.lang) === 'en',
  Russian: (r) => groupOf(r.lang) === 'ru',
  'ten others': (r) => groupOf(r.lang) === 'ten',
  'the rest': (r) => groupOf(r.lang) === 'rest',
};

/** Each reading, with how sure it is said to be, by what was fitted to the other fifths. */
function crossed(
  heard: readonly Heard[],
  by: (others: readonly Heard[]) => { event: EventModel; read: (one: Heard) => Reading },
): (Reading & { sure: number[] })[] {
  return [0, 1, 2, 3, 4].flatMap((fold) => {
    const isOwn = ({ reading }: Heard): boolean => foldOf(reading, 0) === fold;
    const { event, read } = by(heard.filter((one) => !isOwn(one)));
    const sure = surenessIn(event);
    return heard.filter(isOwn).map((one) => {
      const own = read(one);
      return { ...own, sure: sure(own) };
    });
  });
}

/** `mute`: readings of texts without a candidate, which are the same in both. */
function table(heard: readonly Heard[], mute: readonly Reading[]): string {
  const same = mute.map((r) => ({ ...r, sure: [] }));
  const without = crossed(heard, (others) => ({
    event: eventModel(calibrate(others.map(({ reading }) => reading)).event),
    read: ({ reading }) => reading,
  }));
  const withIt = crossed(heard, (others) => {
    const mix = fitMix(others);
    return { event: mix.event, read: (one) => withMix(one, mix) };
  });
  const names = ['texts', 'relevant', 'countries', 'services', 'triples', 'firm: right', 'firm: found'];
  const lines = [`| without → with | ${names.join(' | ')} |`, `|---|${'---|'.repeat(names.length)}`];
  for (const [group, isIn] of Object.entries(OF_GROUP)) {
    const [before, after] = [without, withIt].map((list) => {
      const own = [...list, ...same].filter(isIn);
      const figures = Object.entries(figuresOf(own)).filter(([name]) => !name.includes(','));
      return [...figures.map(([, counts]) => f1(counts)), ...Object.values(firmOf(own, FIRM_READING)).slice(0, 2)];
    });
    const cells = before!.map((value, i) => `${value.toFixed(3)} → ${after![i]!.toFixed(3)}`);
    if (cells.length > 2)
      lines.push(`| ${group} | ${[...without, ...mute].filter(isIn).length} | ${cells.join(' | ')} |`);
  }
  return `${lines.join('\n')}\n`;
}

if (import.meta.main) {
  const { weights, ...lexicon } = loadLexicon();
  const { items } = await trainingItems(dataFolder);
  const far = items.filter(({ kind }) => kind === 'far');
  const opened = (model: Model): Float32Array => Float32Array.from(model.weights, (weight) => weight * model.scale);
  const models = { relevance: opened(weights!.relevance), triple: opened(weights!.triple) };
  const analyse = createAnalyser(lexicon, loadCatalogue());
  const readings = rowsOf(analyse, far, BITS, 1).map((row) => readRow(models, row));
  const mute = readings.filter(({ apart }) => apart.length === 0);
  process.stdout.write(table(hear(analyse, readings), mute));
}
