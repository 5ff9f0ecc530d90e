/**
 * node src/launch.mjs bench/reader/encoder/mix.ts: figures by group of languages without the encoder and with it, five-fold: each text read by models, and
 * weighed by shares, that have not seen it.
 */
import { readFileSync } from 'node:fs';
import { loadLexicon } from '../../../src/config/lexicon.ts';
import { choose, evidenceOf, levelled } from '../../../src/core/extract/score/choose.ts';
import { LEAST_ODDS } from '../../../src/core/extract/score/scorer.ts';
import { type EncoderMix, type Group, groupOf, mixed } from '../../../src/core/extract/score/weights.ts';
import { ACTIONS } from '../../../src/core/model/incident.ts';
import { FIRM_READING } from '../../../src/core/model/report.ts';
import { fitOdds, type Sample } from '../calibrate.ts';
import { f1, figuresOf, firmOf } from '../figures.ts';
import { calibrate, crossFit, eventModel, foldOf, nested, readAll, surenessIn } from '../fit.ts';
import { dataFolder } from '../items.ts';
import { trainingItems } from '../labelled.ts';
import { nameOf, type Reading } from '../rows.ts';

/** What encoders that had not seen a text say of it (build.py). */
interface Said {
  news: number;
  services: string[];
  countries: string[];
  candidates: number[];
}

const said = JSON.parse(readFileSync(new URL('said.json', import.meta.url), 'utf8')) as Record<string, Said>;

export const isSaid = ({ item }: Reading): boolean => said[item.id] !== undefined;

const GROUPS: readonly Group[] = ['en', 'ru', 'ten', 'rest'];
/** Real texts above all; those that rules were tuned on, and invented ones, less. */
const WEIGHT = { ours: 0, episode: 0, invented: 0.15, dev: 0.4, fresh: 1, far: 1 };
const weightOf = ({ item }: Reading): number => WEIGHT[item.kind];
/** Of a candidate that only a thinned lexicon has. */
const UNKNOWN = -3;

function ofCell({ item }: Reading, { service, country, action }: Reading['apart'][number]): number {
  const { services, countries, candidates } = said[item.id]!;
  const [s, c] = [services.indexOf(service), countries.indexOf(country)];
  return s < 0 || c < 0 ? UNKNOWN : candidates[(s * countries.length + c) * ACTIONS.length + ACTIONS.indexOf(action)]!;
}

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

export function fitMix(readings: readonly Reading[]): EncoderMix {
  const heard = readings.filter(isSaid);
  const relevance = heard.map((r) => ({
    group: groupOf(r.lang),
    x: [r.odds, said[r.item.id]!.news],
    right: r.item.want.length > 0 ? (1 as const) : (0 as const),
    weight: weightOf(r),
  }));
  const triple = heard
    .filter((r) => r.item.want.length > 0)
    .flatMap((r) =>
      r.apart.map((cell) => ({
        group: groupOf(r.lang),
        x: [cell.score, ofCell(r, cell)],
        right: r.item.want.includes(nameOf(cell)) ? (1 as const) : (0 as const),
        weight: weightOf(r),
      })),
    );
  const mix: EncoderMix = {
    relevance: byGroup(relevance, (all) => all),
    // The reader's word alone.
    triple: byGroup(triple, () => [0, 1, 0]),
    event: eventModel([0]),
  };
  return { ...mix, event: eventModel(calibrate(heard.map((r) => withMix(r, mix))).event) };
}

/** A reading as it is with the encoder heard. */
export function withMix(reading: Reading, mix: EncoderMix): Reading {
  const group = groupOf(reading.lang);
  const odds = mixed(mix.relevance[group], reading.odds, said[reading.item.id]!.news);
  const apart = reading.apart.map((cell) => ({
    ...cell,
    score: mixed(mix.triple[group], cell.score, ofCell(reading, cell)),
  }));
  const cells = levelled(apart, reading.lists);
  const chosen = odds < LEAST_ODDS ? [] : choose(cells, odds);
  return { ...reading, odds, apart, cells, chosen, got: chosen.map(nameOf) };
}

/** Each reading with the encoder heard, by shares that were fitted to the other fifths. */
export function crossMixed(readings: readonly Reading[]): (Reading & { sure: number[] })[] {
  const heard = readings.filter(isSaid);
  return [0, 1, 2, 3, 4].flatMap((fold) => {
    const mix = fitMix(heard.filter((r) => foldOf(r, 0) !== fold));
    const sure = surenessIn(mix.event);
    return heard
      .filter((r) => foldOf(r, 0) === fold)
      .map((r) => {
        const own = withMix(r, mix);
        return { ...own, sure: sure(own) };
      });
  });
}

const SETS: Record<string, (r: Reading) => boolean> = {
  'all real': ({ item }) => item.kind !== 'invented',
  'not tuned on (news-dev-2)': ({ item }) => item.kind === 'fresh',
  'far languages (news-dev-3)': ({ item }) => item.kind === 'far',
  'tuned on, thinned lexicons': ({ item }) => item.kind === 'dev',
};
const OF_GROUP: Record<string, (r: Reading) => boolean> = {
  all: () => true,
  English: (r) => groupOf(r.lang) === 'en',
  Russian: (r) => groupOf(r.lang) === 'ru',
  'ten others': (r) => groupOf(r.lang) === 'ten',
  'the rest': (r) => groupOf(r.lang) === 'rest',
};

/** `plain`: how sure the reader alone says that it is, fitted on the other fifths. */
export function tables(readings: readonly Reading[], plain: (r: Reading) => number[]): string {
  const without = readings.filter(isSaid).map((r) => ({ ...r, sure: plain(r) }));
  const withIt = crossMixed(readings);
  const lines: string[] = [];
  for (const [set, isOf] of Object.entries(SETS)) {
    const names = ['texts', 'relevant', 'countries', 'services', 'triples', 'firm: right', 'firm: found'];
    lines.push('', `## ${set}: without → with`, '', `| group | ${names.join(' | ')} |`, `|---|${'---|'.repeat(7)}`);
    for (const [group, isIn] of Object.entries(OF_GROUP)) {
      const [a, b] = [without, withIt].map((list) => list.filter((r) => isOf(r) && isIn(r)));
      if (a!.length === 0) continue;
      const [before, after] = [a!, b!].map((list) => [
        ...Object.entries(figuresOf(list)).flatMap(([name, counts]) => (name.includes(',') ? [] : [f1(counts)])),
        ...Object.values(firmOf(list, FIRM_READING)).slice(0, 2),
      ]);
      const cells = before!.map((value, i) => `${value.toFixed(3)} → ${after![i]!.toFixed(3)}`);
      lines.push(`| ${group} | ${a!.length} | ${cells.join(' | ')} |`);
    }
  }
  return `${lines.join('\n').trim()}\n`;
}

if (import.meta.main) {
  const { items } = await trainingItems(dataFolder);
  const { weights: _none, ...lexicon } = loadLexicon();
  const readings = crossFit(readAll(lexicon, items), 0);
  process.stdout.write(tables(readings, nested(readings, 0)));
}
