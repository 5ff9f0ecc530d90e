/**
 * How much the encoder's word counts beside the reader's own, by group of languages: fitted on real texts that neither had learnt from, each fifth
 * of them read by models that learnt from the others (`folds.json`: what the encoder's said).
 * node src/launch.mjs bench/reader/encoder/mix.ts: figures on the texts held back, without the encoder and with it, by the weights that are in use.
 */
import CARD from '../../../config/encoder/card.json' with { type: 'json' };
import { loadCatalogue, loadLexicon } from '../../../src/config/lexicon.ts';
import { createAnalyser } from '../../../src/core/extract/analysis.ts';
import { askedOf, encodedOf } from '../../../src/core/extract/score/asked.ts';
import { choose, levelled, withoutDoubtful } from '../../../src/core/extract/score/choose.ts';
import { LEAST_ODDS } from '../../../src/core/extract/score/scorer.ts';
import {
  type EncoderMix,
  type EventModel,
  type Group,
  groupOf,
  mixed,
  type Model,
} from '../../../src/core/extract/score/weights.ts';
import { ACTIONS } from '../../../src/core/model/incident.ts';
import { FIRM_READING } from '../../../src/core/model/report.ts';
import { createModel } from '../../../src/encoder/model.ts';
import { fitOdds, type Sample } from '../calibrate.ts';
import { f1, figuresOf, firmOf } from '../figures.ts';
import { BITS, eventModel, eventsOf, fitEvents, foldOf, surenessIn, weightOf } from '../fit.ts';
import { dataFolder, type Item } from '../items.ts';
import { heldItems } from '../labelled.ts';
import { nameOf, type Reading, readRow, rowsOf } from '../rows.ts';
import FOLDS from './folds.json' with { type: 'json' };

/** What the encoder says of a text: that it is news, and of "service country" each action. */
interface Said {
  relevant: number;
  pairs: Record<string, readonly number[]>;
}

/** A reading of a text with a candidate, and what the encoder says of it. */
export interface Heard {
  reading: Reading;
  said: Said;
}

/** A text is real where it is no sentence of ours. */
const REAL: ReadonlySet<Item['kind']> = new Set(['dev', 'fresh', 'far']);

/** The cross-fitted readings of real texts with what the encoder said that had not learnt from them; those of which it is not asked are left out. */
export function hear(readings: readonly Reading[]): Heard[] {
  const said = FOLDS as unknown as Record<string, Said>;
  return readings.flatMap((reading) => {
    const own = said[reading.item.id];
    return REAL.has(reading.item.kind) && own !== undefined && reading.apart.length > 0 ? [{ reading, said: own }] : [];
  });
}

const GROUPS: readonly Group[] = ['en', 'ru', 'ten', 'rest'];

/** A candidate that was not asked about then, as the rules were others: the score's own word. */
const ofCell = ({ pairs }: Said, { service, country, action, score }: Reading['apart'][number]): number =>
  pairs[`${service} ${country}`]?.[ACTIONS.indexOf(action)] ?? score;

type Grouped = Sample & { group: Group };

/** Pull of a group's numbers towards those of all, as strong as so many samples: of the shares, and of how sure readings are said to be. */
const [SHARES_PULL, SURENESS_PULL] = [20, 50];

/** One fit for all, and one a group that is pulled towards it. */
function byGroup(samples: readonly Grouped[], start: readonly number[]): Record<Group, number[]> {
  const all = fitOdds(samples, start);
  const own = (group: Group): number[] =>
    fitOdds(
      samples.filter((one) => one.group === group),
      all,
      SHARES_PULL,
    );
  return Object.fromEntries(GROUPS.map((group) => [group, own(group)])) as Record<Group, number[]>;
}

/** How many of the firm readings of a group shall be right, as far as can be said before: so that .92 of all are, and .88 in each. */
const FIRM_RIGHT: Record<Group, number> = { en: 0.95, ru: 0.95, ten: 0.94, rest: 0.93 };
const logit = (p: number): number => Math.log(p / (1 - p));

/**
 * How sure readings are said to be, by group. Where fewer than `FIRM_RIGHT` of those from `FIRM_READING` on would be right, all are said to be less
 * sure, so that they are: what is said is then too little and never too much.
 */
function surenessByGroup(readings: readonly Reading[]): Record<Group, EventModel> {
  const start = fitEvents(readings);
  const own = (group: Group): EventModel => {
    const some = readings.filter(({ lang }) => groupOf(lang) === group);
    const [offset = 0, ...slopes] = fitOdds(eventsOf(some), start, SURENESS_PULL);
    const sure = surenessIn(eventModel([offset, ...slopes]));
    // Those on which rules were tuned would promise too much.
    const said = some
      .filter((r) => weightOf(r) === 1)
      .flatMap(sure)
      .sort((a, b) => b - a);
    let [line, sum] = [FIRM_RIGHT[group], 0];
    for (const [n, p] of said.entries()) {
      sum += p;
      if (sum / (n + 1) < FIRM_RIGHT[group]) break;
      line = Math.max(p, FIRM_READING);
    }
    return eventModel([Math.round((offset + logit(FIRM_READING) - logit(line)) * 10_000) / 10_000, ...slopes]);
  };
  return Object.fromEntries(GROUPS.map((group) => [group, own(group)])) as Record<Group, EventModel>;
}

export function fitMix(heard: readonly Heard[]): EncoderMix {
  const relevance = heard.map(({ reading: r, said }): Grouped => ({
    group: groupOf(r.lang),
    x: [r.odds, said.relevant],
    right: r.item.want.length > 0 ? 1 : 0,
    weight: weightOf(r),
  }));
  const triple = heard
    .filter(({ reading }) => reading.item.want.length > 0)
    .flatMap(({ reading: r, said }) =>
      r.apart.map((cell): Grouped => ({
        group: groupOf(r.lang),
        x: [cell.score, ofCell(said, cell)],
        right: r.item.want.includes(nameOf(cell)) ? 1 : 0,
        weight: weightOf(r),
      })),
    );
  const shares = { relevance: byGroup(relevance, [0, 0.5, 0.5]), triple: byGroup(triple, [0, 0.5, 0.5]) };
  return { ...shares, event: surenessByGroup(heard.map((one) => withMix(one, shares))) };
}

/** A reading as it is with the encoder heard. */
function withMix({ reading, said }: Heard, mix: Omit<EncoderMix, 'event'>): Reading {
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

type Judged = Reading & { sure: number[] };

const heardBy =
  (mix: EncoderMix) =>
  (one: Heard): Judged => {
    const reading = withMix(one, mix);
    const event = mix.event[groupOf(reading.lang)];
    const chosen = withoutDoubtful(event, reading.chosen, reading);
    const own = { ...reading, chosen, got: chosen.map(nameOf) };
    return { ...own, sure: surenessIn(event)(own) };
  };

/** Each reading, with how sure it is said to be, by what was fitted to the other fifths. */
function crossed(heard: readonly Heard[], by: (others: readonly Heard[]) => (one: Heard) => Judged): Judged[] {
  return [0, 1, 2, 3, 4].flatMap((fold) => {
    const isOwn = ({ reading }: Heard): boolean => foldOf(reading, 0) === fold;
    return heard.filter(isOwn).map(by(heard.filter((one) => !isOwn(one))));
  });
}

const OF_GROUP: Record<string, (r: Reading) => boolean> = {
  all: () => true,
  English: (r) => groupOf(r.lang) === 'en',
  Russian: (r) => groupOf(r.lang) === 'ru',
  'ten others': (r) => groupOf(r.lang) === 'ten',
  'the rest': (r) => groupOf(r.lang) === 'rest',
};

function table(title: string, without: readonly Judged[], withIt: readonly Judged[]): string {
  const names = ['texts', 'relevant', 'countries', 'services', 'triples', 'firm: right', 'firm: found'];
  const lines = [`| ${title}, without → with | ${names.join(' | ')} |`, `|---|${'---|'.repeat(names.length)}`];
  for (const [group, isIn] of Object.entries(OF_GROUP)) {
    const [before, after] = [without, withIt].map((list) => {
      const own = list.filter(isIn);
      const figures = Object.entries(figuresOf(own)).filter(([name]) => !name.includes(',') || group === 'all');
      const named = Object.fromEntries(figures.map(([name, counts]) => [name, f1(counts)]));
      return [
        ...['relevant', 'countries', 'services', 'triples'].map((name) => named[name] ?? 0),
        ...Object.values(firmOf(own, FIRM_READING)).slice(0, 2),
        named['relevant, not English'] ?? 0,
      ];
    });
    const cells = before!.map((value, i) => `${value.toFixed(3)} → ${after![i]!.toFixed(3)}`);
    const other = cells.pop()!;
    if (group === 'all') cells[0] += ` (not English ${other})`;
    lines.push(`| ${group} | ${without.filter(isIn).length} | ${cells.join(' | ')} |`);
  }
  return `${lines.join('\n')}\n\n`;
}

/** Figures on the real texts of `readings`, which are cross-fitted: without the encoder and with it, each fifth by shares that were fitted to the others. */
export function tables(readings: readonly Reading[]): string {
  const heard = hear(readings);
  const cut = new Set(heard.map(({ reading }) => foldOf(reading, 0)));
  const asked = new Set(heard.map(({ reading }) => reading));
  const mute = readings
    .filter((r) => REAL.has(r.item.kind) && !asked.has(r) && r.apart.length === 0 && cut.has(foldOf(r, 0)))
    .map((r): Judged => ({ ...r, sure: r.chosen.map(() => 0) }));
  const without = crossed(heard, (others) => {
    const sure = surenessIn(eventModel(fitEvents(others.map(({ reading }) => reading))));
    return ({ reading }) => ({ ...reading, sure: sure(reading) });
  });
  const withIt = crossed(heard, (others) => heardBy(fitMix(others)));
  const sets: Record<string, readonly Item['kind'][]> = { 'not tuned on': ['fresh', 'far'], 'tuned on': ['dev'] };
  return Object.entries(sets)
    .map(([title, kinds]) => {
      const isOf = (r: Reading): boolean => kinds.includes(r.item.kind);
      return table(title, [...without, ...mute].filter(isOf), [...withIt, ...mute].filter(isOf));
    })
    .join('');
}

if (import.meta.main) {
  const { weights, ...lexicon } = loadLexicon();
  const opened = (model: Model): Float32Array => Float32Array.from(model.weights, (weight) => weight * model.scale);
  const models = { relevance: opened(weights!.relevance), triple: opened(weights!.triple) };
  const analyse = createAnalyser(lexicon, loadCatalogue());
  const ask = createModel(new URL('../../../config/encoder/encoder.bin', import.meta.url), CARD.sha256);
  const sure = surenessIn(weights!.event);
  const hearIt = heardBy(weights!.encoder!);
  const read = rowsOf(analyse, await heldItems(dataFolder), BITS, 1).map((row) => {
    const reading = readRow(models, row);
    const before = { ...reading, sure: sure(reading) };
    const own = askedOf(analyse(row.item));
    if (own === null) return { before, after: before };
    const answer = ask(own);
    const ids = { services: own.services.map(({ id }) => id), countries: own.countries.map(({ id }) => id) };
    const pairs = Object.fromEntries(
      ids.services.flatMap((service) =>
        ids.countries.map((country) => [
          `${service} ${country}`,
          ACTIONS.map((action) => encodedOf(answer, ids, { service, country, action })),
        ]),
      ),
    );
    return { before, after: hearIt({ reading, said: { relevant: answer.relevant, pairs } }) };
  });
  for (const kind of ['invented', 'dev'] as const) {
    const own = read.filter(({ before }) => before.item.kind === kind);
    const [before, after] = [own.map((one) => one.before), own.map((one) => one.after)];
    process.stdout.write(table(`held back, ${kind === 'dev' ? 'real' : 'invented'}`, before, after));
  }
}
