/**
 * From what the rules found to what the text reports. Two linear models judge: one whether the text is news of access, one each candidate
 * (service, country, action). Nothing the rules say decides by itself; all of it is evidence, and every event carries how likely it is right.
 */
import type { Action } from '../../model/incident.ts';
import { type ExtractedEvent, MAX_EVENTS } from '../../model/item.ts';
import { FIRM_READING } from '../../model/report.ts';
import type { Encoded } from '../../ports/encoder.ts';
import type { Analysis } from '../analysis.ts';
import { isVague, mannerOf, objectOf } from '../events.ts';
import type { Claim } from '../settle.ts';
import { encodedOf } from './asked.ts';
import { type Candidates, type Cell, candidatesOf, cellsOf, type Take } from './cells.ts';
import { choose, groundsOf, levelled, type NameList, type Scored, surenessOf, withoutDoubtful } from './choose.ts';
import { bucket, createFeatures, type Features, laneBucket } from './features.ts';
import { textFeatures } from './text-features.ts';
import { type EncoderMix, type EventModel, groupOf, logistic, mixed, type Model, type Weights } from './weights.ts';

export interface Verdict {
  /** Probability that the text is news of access. */
  relevant: number;
  /** Every candidate, best first; empty where the text was not likely enough to look at them. */
  candidates: Scored[];
  /** What the text reports, at most `MAX_EVENTS`. */
  events: ExtractedEvent[];
}

/** Least log-odds by which a text is news: set where the cross-fitted F1 was best. */
export const LEAST_ODDS = -0.3;

/** The score of features. */
function dot({ weights, bits, scale }: Model, { keys, values, size }: Features): number {
  let sum = 0;
  for (let i = 0; i < size; i++) sum += weights[bucket(keys[i]!, bits)]! * values[i]!;
  return sum * scale;
}

/** The same together with each action. */
function dots({ weights, bits, scale }: Model, { keys, values, size }: Features): number[] {
  let [a, b, c, d, e, f] = [0, 0, 0, 0, 0, 0];
  for (let i = 0; i < size; i++) {
    const at = laneBucket(keys[i]!, bits);
    const value = values[i]!;
    a += weights[at]! * value;
    b += weights[at + 1]! * value;
    c += weights[at + 2]! * value;
    d += weights[at + 3]! * value;
    e += weights[at + 4]! * value;
    f += weights[at + 5]! * value;
  }
  return [a * scale, b * scale, c * scale, d * scale, e * scale, f * scale];
}

/** `encoded`: what the encoder says of the text; null = it was not heard. */
type Scorer = (analysis: Analysis, encoded: Encoded | null) => Verdict;

export function createScorer({ relevance, triple, event, encoder }: Weights): Scorer {
  const scratch = createFeatures();
  const take: Take<number> = {
    one: (part) => dot(triple, part),
    each: (part) => dots(triple, part),
  };
  return (analysis, encoded) => {
    const all = candidatesOf(analysis);
    const beside = analysis.found.claims.filter((c) => c.rank === 2);
    if ((all.services.length === 0 || all.countries.length === 0) && beside.length === 0)
      return { relevant: 0, candidates: [], events: [] };
    const heard =
      encoder === null || encoded === null ? null : hearingOf(encoder, encoded, { all, lang: analysis.lang });
    const own = dot(relevance, textFeatures(analysis, scratch));
    const odds = heard?.news(own) ?? own;
    const relevant = logistic(heard === null ? relevance.slope * odds + relevance.offset : odds);
    if (odds < LEAST_ODDS) return { relevant, candidates: [], events: [] };
    const grounds = groundsOf(analysis);
    const candidates = scored(cellsOf(analysis, { all, scratch, take }), grounds.lists, heard);
    // What only the article tells is left to the rules: the models have not seen articles.
    const chosen = beside.length > 0 && !analysis.found.claims.some((c) => c.rank < 2) ? [] : choose(candidates, odds);
    const text = { odds, cells: candidates, ...grounds };
    const first = heard === null ? chosen : withoutDoubtful(heard.event, chosen, text);
    const sure: Sure = (cell) => surenessOf(heard?.event ?? event, cell, text);
    return { relevant, candidates, events: [...eventsOf(first, analysis, sure), ...secondary(beside, analysis)] };
  };
}

/** What the encoder says, weighed with what the models say. */
interface Heard {
  news(odds: number): number;
  triple(cell: Scored): number;
  event: EventModel;
}

function hearingOf(mix: EncoderMix, encoded: Encoded, { all, lang }: { all: Candidates; lang: string }): Heard {
  const group = groupOf(lang);
  return {
    event: mix.event[group],
    news: (odds) => mixed(mix.relevance[group], odds, encoded.relevant),
    triple: ({ service, country, action, score }) =>
      mixed(mix.triple[group], score, encodedOf(encoded, all, { service, country, action })),
  };
}

/** How likely a triple that is reported is right. */
type Sure = (cell: Scored) => number;

/** Best first. */
function scored(cells: Cell<number>[], lists: readonly NameList[], heard: Heard | null): Scored[] {
  const apart = cells.map(({ service, country, action, parts }): Scored => {
    let score = 0;
    for (const part of parts) score += part;
    return { service, country, action, score: heard?.triple({ service, country, action, score }) ?? score };
  });
  return levelled(apart, lists).toSorted((a, b) => b.score - a.score);
}

/** Triples put together: one event for each action and set of countries; what is doubtful stands apart from what is firm. */
function eventsOf(chosen: Scored[], analysis: Analysis, sure: Sure): ExtractedEvent[] {
  const order = new Map<string, number>();
  for (const claim of analysis.found.claims)
    for (const code of claim.countries) if (!order.has(code)) order.set(code, order.size);
  const rankOf = (code: string): number => order.get(code) ?? order.size;
  const byService = Map.groupBy(chosen, ({ service, action }) => `${service} ${action}`);
  const events = new Map<string, ExtractedEvent>();
  const positionOf = positionIn(analysis);
  for (const cells of [...byService.values()].sort((a, b) => positionOf(a[0]!) - positionOf(b[0]!))) {
    const { service, action } = cells[0]!;
    const countries = cells.map((c) => c.country).sort((a, b) => rankOf(a) - rankOf(b));
    const confidence = Math.min(...cells.map(sure));
    const key = `${action} ${[...countries].sort().join()} ${objectOf(service)} ${confidence >= FIRM_READING}`;
    const known = events.get(key);
    if (known === undefined) {
      if (events.size < MAX_EVENTS)
        events.set(key, {
          action,
          countries,
          services: service === '' ? [] : [service],
          confidence,
          ...detailOf(cells[0]!, analysis),
        });
      continue;
    }
    if (service !== '') known.services.push(service);
    known.confidence = Math.min(known.confidence ?? 1, confidence);
    if (!isVagueOf(claimOf(cells[0]!, analysis), action)) delete known.vague;
  }
  return [...events.values()];
}

/** Claims keep their order; what no rule claimed comes last. */
const positionIn =
  ({ found: { claims } }: Analysis) =>
  ({ service, action }: Scored): number => {
    const exact = claims.findIndex((c) => c.id === service && c.action === action);
    if (exact >= 0) return exact;
    const near = claims.findIndex((c) => c.id === service);
    return near >= 0 ? near + 0.5 : claims.length;
  };

/** What the rules claim of the service, or else of the text. */
function claimOf({ service, action }: Scored, { found: { claims } }: Analysis): Claim | undefined {
  const first = claims.filter((c) => c.rank < 2);
  const own = first.filter((c) => c.id === service);
  return own.find((c) => c.action === action) ?? own[0] ?? first[0];
}

const isVagueOf = (claim: Claim | undefined, action: Action): boolean => claim?.action === action && isVague(claim);

/** Method, region and firmness of the word, as the rules know them. */
function detailOf(cell: Scored, analysis: Analysis): Partial<ExtractedEvent> {
  const claim = claimOf(cell, analysis);
  if (claim === undefined) return {};
  const { action } = cell;
  const manner = mannerOf({ ...claim.fact, action }, analysis.fields);
  return { ...manner, ...(isVagueOf(claim, action) ? { vague: true } : {}) };
}

/** Events of the article's body, as the rules put them together. */
function secondary(claims: Claim[], { found, fields }: Analysis): ExtractedEvent[] {
  if (claims.length === 0) return [];
  const own = found.events.filter((e) => e.secondary === true);
  if (own.length > 0) return own;
  return fields.some((f) => f.name === 'body') && !found.claims.some((c) => c.rank < 2) ? found.events : [];
}
