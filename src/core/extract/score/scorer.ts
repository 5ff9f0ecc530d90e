/**
 * From what the rules found to what the text reports. Two linear models judge: one whether the text is news of access, one each candidate
 * (service, country, action). Nothing the rules say decides by itself; all of it is evidence, and every event carries how likely it is right.
 */
import type { Action } from '../../model/action.ts';
import { type ExtractedEvent, MAX_EVENTS } from '../../model/extraction.ts';
import { FIRM_READING } from '../../model/report.ts';
import type { Analysis } from '../analysis.ts';
import { methodOf, regionOf } from '../detail.ts';
import { isVague } from '../events.ts';
import type { Claim } from '../settle.ts';
import { candidatesOf, leading } from './candidates.ts';
import { type Cell, cellsOf, type Take } from './cells.ts';
import { bucket, clear, createFeatures, type Features, laneBucket } from './features.ts';
import { textFeatures } from './text-features.ts';
import type { Model, Weights } from './weights.ts';

/** A candidate with its log-odds of being right. Texts that are no news were learnt from as well, though little. */
export interface Scored {
  service: string;
  country: string;
  action: Action;
  score: number;
}

export interface Verdict {
  /** Probability that the text is news of access. */
  relevant: number;
  /** Every candidate, best first; empty where the text was not likely enough to look at them. */
  candidates: Scored[];
  /** What the text reports, at most `MAX_EVENTS`. */
  events: ExtractedEvent[];
}

/**
 * Least log-odds by which a text is news, and least probability of a triple of a text that is. Set where the cross-fitted F1 was best;
 * calibration changes what is said of a reading, not whether it is one.
 */
export const LEAST_ODDS = 0.1;
export const LEAST_TRIPLE = 0.4;
/** Least log-odds of a triple that stands only because there is no better one, or because its list does (one in five): doubtful, and said to be. */
export const LEAST_TOP = -1.4;

/** How much less likely, in log-odds, one name of a list may be than another that stands. */
const MATE = 1;

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

export const logistic = (x: number): number => 1 / (1 + Math.exp(-x));

/** Features of the whole text, in `to`. */
export function relevanceOf(analysis: Analysis, to: Features): Features {
  textFeatures(analysis, clear(to));
  return to;
}

/**
 * Picks the triples of a text that is news: for each service and country one state, and a threat beside one that leaves room for it.
 * Where none is likely enough, the likeliest stands, as the text does report something; but not a mere guess.
 */
export function choose(cells: readonly Scored[], least: number = LEAST_TRIPLE): Scored[] {
  const floor = Math.log(least / (1 - least));
  const best = new Map<string, Scored>();
  const warned = new Map<string, Scored>();
  let top: Scored | null = null;
  for (const cell of cells) {
    if (top === null || cell.score > top.score) top = cell;
    if (cell.score < floor) continue;
    const key = `${cell.country} ${cell.service}`;
    const into = cell.action === 'warn' ? warned : best;
    const known = into.get(key);
    if (known === undefined || cell.score > known.score) into.set(key, cell);
  }
  const out = [...best.values()];
  for (const [key, warn] of warned) {
    const state = best.get(key);
    // Of two that are told side by side, the state must be likelier than not.
    if (state === undefined || (LEAVES_ROOM.has(state.action) && state.score >= 0)) out.push(warn);
    else if (warn.score > state.score) out[out.indexOf(state)] = warn;
  }
  if (out.length > 0) return [...out, ...matesOf(out, cells)];
  return top !== null && top.score >= LEAST_TOP ? [top] : [];
}

/**
 * Of names that one action hits in one country, or countries that have one name cut, some fall short by a hair: they are told with those that
 * do not, where nothing else is told of them.
 */
function matesOf(chosen: readonly Scored[], cells: readonly Scored[]): Scored[] {
  const told = new Set(chosen.map(pairOf));
  const mates = new Map<string, Scored>();
  for (const cell of cells) {
    const pair = pairOf(cell);
    if (cell.score < LEAST_TOP || told.has(pair) || !chosen.some((one) => areMates(one, cell))) continue;
    const known = mates.get(pair);
    if (known === undefined || cell.score > known.score) mates.set(pair, cell);
  }
  return [...mates.values()];
}

const pairOf = ({ country, service }: Scored): string => `${country} ${service}`;
const areMates = (one: Scored, cell: Scored): boolean =>
  one.action === cell.action &&
  (one.country === cell.country || one.service === cell.service) &&
  one.score - cell.score <= MATE;

/** What is slowed or limited may be threatened with more. */
const LEAVES_ROOM: ReadonlySet<Action> = new Set(['throttle', 'restrict']);

export type Scorer = (analysis: Analysis) => Verdict;

export function createScorer({ relevance, triple, event }: Weights): Scorer {
  const scratch = createFeatures();
  const take: Take<number> = {
    one: (part) => dot(triple, part),
    each: (part) => dots(triple, part),
  };
  return (analysis) => {
    const all = candidatesOf(analysis);
    const beside = analysis.found.claims.filter((c) => c.rank === 2);
    if ((all.services.length === 0 || all.countries.length === 0) && beside.length === 0)
      return { relevant: 0, candidates: [], events: [] };
    const odds = dot(relevance, relevanceOf(analysis, scratch));
    const relevant = logistic(relevance.slope * odds + relevance.offset);
    if (odds < LEAST_ODDS) return { relevant, candidates: [], events: [] };
    const candidates = scored(cellsOf(analysis, { all, scratch, take }));
    // What only the article tells is left to the rules: the models have not seen articles.
    const first = beside.length > 0 && !analysis.found.claims.some((c) => c.rank < 2) ? [] : choose(candidates);
    const billed = speaksOfBill(analysis);
    const sure: Sure = (cell) =>
      logistic(
        event.offset +
          event.relevant * Math.min(odds, MOST) +
          event.triple * Math.min(cell.score, MOST) +
          (isClaimed(cell, analysis) ? event.claimed : 0) +
          (billed && cell.action !== 'warn' ? event.billed : 0),
      );
    return { relevant, candidates, events: [...eventsOf(first, analysis, sure), ...secondary(beside, analysis)] };
  };
}

/** Beyond these log-odds nothing is surer. */
const MOST = 8;

/** How likely a triple that is reported is right. */
type Sure = (cell: Scored) => number;

/** Do the rules alone say just that? */
const isClaimed = ({ service, country, action }: Scored, { noise, found: { claims } }: Analysis): boolean =>
  noise.silent === null && claims.some((c) => c.id === service && c.action === action && c.countries.includes(country));

/** A bill, a draft, a vote in title or lead: where such a text is read as a measure in force, it is more often a threat than elsewhere. */
export const speaksOfBill = ({ fields }: Analysis): boolean =>
  leading(fields).some(({ cues }) => cues.some((cue) => cue.cls === 'bill'));

/** Best first. */
const scored = (cells: Cell<number>[]): Scored[] =>
  cells
    .map(({ service, country, action, parts }): Scored => {
      let score = 0;
      for (const part of parts) score += part;
      return { service, country, action, score };
    })
    .sort((a, b) => b.score - a.score);

const kindOf = (service: string): string => (service === 'internet' || service === '' ? service : '+');

/** Triples put together: one event for each action and set of countries; what is doubtful stands apart from what is firm. */
function eventsOf(chosen: Scored[], analysis: Analysis, sure: Sure): ExtractedEvent[] {
  const order = new Map<string, number>();
  for (const claim of analysis.found.claims)
    for (const code of claim.countries) if (!order.has(code)) order.set(code, order.size);
  const rankOf = (code: string): number => order.get(code) ?? order.size;
  const byService = new Map<string, Scored[]>();
  for (const cell of chosen) {
    const key = `${cell.service} ${cell.action}`;
    byService.set(key, [...(byService.get(key) ?? []), cell]);
  }
  const events = new Map<string, ExtractedEvent>();
  for (const cells of [...byService.values()].sort(
    (a, b) => positionOf(a[0]!, analysis) - positionOf(b[0]!, analysis),
  )) {
    const { service, action } = cells[0]!;
    const countries = cells.map((c) => c.country).sort((a, b) => rankOf(a) - rankOf(b));
    const confidence = Math.min(...cells.map(sure));
    const key = `${action} ${[...countries].sort().join()} ${kindOf(service)} ${confidence >= FIRM_READING}`;
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
    if (detailOf(cells[0]!, analysis).vague !== true) delete known.vague;
  }
  return [...events.values()];
}

/** Claims keep their order; what no rule claimed comes last. */
function positionOf({ service, action }: Scored, { found: { claims } }: Analysis): number {
  const exact = claims.findIndex((c) => c.id === service && c.action === action);
  if (exact >= 0) return exact;
  const near = claims.findIndex((c) => c.id === service);
  return near >= 0 ? near + 0.5 : claims.length;
}

/** Method, region and firmness of the word, as the rules know them of the service or of the text. */
function detailOf({ service, action }: Scored, { found: { claims }, fields }: Analysis): Partial<ExtractedEvent> {
  const first = claims.filter((c) => c.rank < 2);
  const own = first.filter((c) => c.id === service);
  const claim = own.find((c) => c.action === action) ?? own[0] ?? first[0];
  if (claim === undefined) return {};
  const fact = { ...claim.fact, action };
  const method = methodOf(fact, fields);
  const region = regionOf(fact, fields);
  return {
    ...(method === null ? {} : { method }),
    ...(region === null ? {} : { region }),
    ...(claim.action === action && isVague(claim) ? { vague: true } : {}),
  };
}

/** Events of the article's body, as the rules put them together. */
function secondary(claims: Claim[], { found, fields }: Analysis): ExtractedEvent[] {
  if (claims.length === 0) return [];
  const own = found.events.filter((e) => e.secondary === true);
  if (own.length > 0) return own;
  return fields.some((f) => f.name === 'body') && !found.claims.some((c) => c.rank < 2) ? found.events : [];
}
