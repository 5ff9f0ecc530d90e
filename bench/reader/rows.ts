/** Labelled texts as the models see them: features of the text, and of every candidate. */
import type { Analyser } from '../../src/core/extract/analysis.ts';
import { cellsOf, type Take } from '../../src/core/extract/score/cells.ts';
import {
  choose,
  type Grounds,
  groundsOf,
  levelled,
  type Scored,
  type Text,
} from '../../src/core/extract/score/choose.ts';
import { createFeatures } from '../../src/core/extract/score/features.ts';
import { LEAST_ODDS } from '../../src/core/extract/score/scorer.ts';
import { textFeatures } from '../../src/core/extract/score/text-features.ts';
import { ACTIONS } from '../../src/core/model/incident.ts';
import type { Item } from './items.ts';
import { type Example, type Packed, pack, scoresOf } from './learn.ts';

export interface Row {
  item: Item;
  /** As the reader sees it. */
  lang: string;
  /** What the rules alone say. */
  rules: string[];
  grounds: Grounds;
  relevance: Example;
  triples: Example;
  cells: Omit<Scored, 'score'>[];
}

export const nameOf = ({ country, service, action }: Omit<Scored, 'score'>): string =>
  `${country}/${service === '' ? '-' : service}/${action}`;

/** A model holds 2^bits weights. */
export interface Bits {
  relevance: number;
  triple: number;
}

const packs = (bits: number): Take<Packed> => ({
  one: (part) => pack(part, bits, null),
  each: (part) => ACTIONS.map((_, lane) => pack(part, bits, lane)),
});

export function rowsOf(analyse: Analyser, items: readonly Item[], bits: Bits, weight: number): Row[] {
  const scratch = createFeatures();
  return items.map((item) => {
    const analysis = analyse(item);
    const all = cellsOf(analysis, { scratch, take: packs(bits.triple) });
    const wanted = new Set(item.want);
    const parts: Packed[] = [];
    const known = new Map<Packed, number>();
    const partOf = (part: Packed): number => {
      let at = known.get(part);
      if (at === undefined) {
        at = parts.push(part) - 1;
        known.set(part, at);
      }
      return at;
    };
    const cells = all.map(({ parts: own, ...cell }) => ({ cell, parts: own.map(partOf) }));
    const grounds = groundsOf(analysis);
    return {
      item,
      lang: analysis.lang,
      rules: [...grounds.claims].map((claim) => claim.replace('//', '/-/')),
      grounds,
      relevance: {
        parts: [pack(textFeatures(analysis, scratch), bits.relevance, null)],
        cells: [{ parts: [0], want: item.want.length > 0 ? 1 : 0 }],
        weight,
      },
      triples: {
        parts,
        cells: cells.map((c) => ({ parts: c.parts, want: wanted.has(nameOf(c.cell)) ? 1 : 0 })),
        weight,
      },
      cells: cells.map((c) => c.cell),
    };
  });
}

export interface Learned {
  relevance: Float32Array;
  triple: Float32Array;
}

export interface Reading extends Text {
  item: Item;
  lang: string;
  /** What the rules alone say. */
  rules: string[];
  /** Its candidates before those of one list were drawn together. */
  apart: Scored[];
  chosen: Scored[];
  got: string[];
}

export function readRow({ relevance, triple }: Learned, row: Row): Reading {
  const odds = scoresOf(relevance, row.relevance)[0]!;
  const scores = scoresOf(triple, row.triples);
  const apart = row.cells.map((cell, i) => ({ ...cell, score: scores[i]! }));
  const cells = levelled(apart, row.grounds.lists);
  const chosen = odds < LEAST_ODDS ? [] : choose(cells, odds);
  const { item, lang, rules, grounds } = row;
  return { ...grounds, item, lang, rules, odds, apart, cells, chosen, got: chosen.map(nameOf) };
}
