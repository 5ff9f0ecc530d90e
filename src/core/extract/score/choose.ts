import type { Action } from '../../model/incident.ts';
import type { Analysis } from '../analysis.ts';
import { besideNames, joinedNames } from '../beside.ts';
import { type Field, isAct, type Mention } from '../field.ts';
import { isYear } from '../rules/when.ts';
import type { Claim } from '../settle.ts';
import { leading } from './cells.ts';
import { MAX_WORDS } from './text-features.ts';
import { EVIDENCE, type EventModel, logistic } from './weights.ts';

/** Which of all candidates a text reports. */

/** Least probability of a triple of a text that is news. Set where the cross-fitted F1 was best; calibration changes what is said of a reading, not whether it is one. */
export const LEAST_TRIPLE = 0.4;
const LEAST_SCORE = Math.log(LEAST_TRIPLE / (1 - LEAST_TRIPLE));
/** Least log-odds of a triple that stands only because its list does: doubtful, and said to be. */
export const LEAST_MATE = -1.4;
/** How much less likely, in log-odds, one name of a list may be than another that stands. */
const MATE = 1;
/** Least log-odds of the best triple of a text of which none is likely: doubtful, too. */
export const leastTop = (odds: number): number => -1 - 0.35 * Math.max(0, odds);

/**
 * Picks the triples of a text that is news: for each service and country one state, and a threat beside one that leaves room for it.
 * Where none is likely enough, the likeliest stands, as the text does report something: the surer it is news, the less likely that one may be.
 * `odds`: log-odds that the text is news.
 */
export function choose(cells: readonly Scored[], odds: number): Scored[] {
  const best = new Map<string, Scored>();
  const warned = new Map<string, Scored>();
  let top: Scored | null = null;
  for (const cell of cells) {
    if (top === null || cell.score > top.score) top = cell;
    if (cell.score < LEAST_SCORE) continue;
    keepBest(cell.action === 'warn' ? warned : best, pairOf(cell), cell);
  }
  const out = [...best.values()];
  for (const [key, warn] of warned) {
    const state = best.get(key);
    // Of two that are told side by side, the state must be likelier than not.
    if (state === undefined || (LEAVES_ROOM.has(state.action) && state.score >= 0)) out.push(warn);
    else if (warn.score > state.score) out[out.indexOf(state)] = warn;
  }
  if (out.length > 0) return [...out, ...matesOf(out, cells)];
  return top !== null && top.score >= leastTop(odds) ? [top, ...matesOf([top], cells)] : [];
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
    if (cell.score < LEAST_MATE || told.has(pair) || !chosen.some((one) => areMates(one, cell))) continue;
    keepBest(mates, pair, cell);
  }
  return [...mates.values()];
}

function keepBest(into: Map<string, Scored>, key: string, cell: Scored): void {
  const known = into.get(key);
  if (known === undefined || cell.score > known.score) into.set(key, cell);
}

const pairOf = ({ country, service }: Scored): string => `${country} ${service}`;
const areMates = (one: Scored, cell: Scored): boolean =>
  one.action === cell.action &&
  (one.country === cell.country || one.service === cell.service) &&
  one.score - cell.score <= MATE;

/** What is slowed or limited may be threatened with more. */
const LEAVES_ROOM: ReadonlySet<Action> = new Set(['throttle', 'restrict']);

/**
 * Names that stand side by side are hit together: "X, Y and Z were blocked". Each is scored by itself, mostly by what stands near it, and the one
 * at the end of a list has less of that. So the scores of a list are drawn together before anything is chosen.
 */

/** Names of a field that are looked at. */
const MAX_NAMES = 40;
/** How far each score goes towards the mean of its list. */
const PULL = 0.9;

export type NameList = ReadonlySet<string>;

/**
 * Services that title or lead name side by side, by id; each list has two at least, and no service is in two lists. "X is back, Y and Z are not"
 * has X beside Y as well: names of which the rules claim different things are no list.
 */
function listsOf(fields: readonly Field[], claims: readonly Claim[]): NameList[] {
  const lists: Set<string>[] = [];
  const claimed = new Map<string, Set<string>>();
  for (const { id, action } of claims) claimed.set(id, (claimed.get(id) ?? new Set()).add(action));
  const differ = (a: string, b: string): boolean => {
    const [of, other] = [claimed.get(a), claimed.get(b)];
    return of !== undefined && other !== undefined && of.isDisjointFrom(other);
  };
  for (const field of fields) {
    const acted = new Set(field.cues.filter(isAct).map((cue) => field.prop[cue.from]));
    const names = field.mentions.filter((m) => m.role === null && acted.has(field.prop[m.from])).slice(0, MAX_NAMES);
    for (const run of runsOf(field, names))
      for (let i = 1; i < run.length; i++) {
        const [left, right] = [run[i - 1]!.id, run[i]!.id];
        if (!differ(left, right)) join(lists, left, right);
      }
  }
  return lists;
}

/** Names beside each other in one proposition, which has an act: two that a word joins, or three. Two with a comma between them may end one and begin the next. */
function* runsOf(field: Field, names: readonly Mention[]): Generator<Mention[]> {
  let run: Mention[] = [];
  let joined = false;
  for (const name of names) {
    const last = run.at(-1);
    const goes = last !== undefined && field.sameClause(last, name) && besideNames(field, last, name);
    if (!goes) {
      if (joined || run.length > 2) yield run;
      run = [];
      joined = false;
    } else joined ||= joinedNames(field, last, name);
    run.push(name);
  }
  if (joined || run.length > 2) yield run;
}

function join(lists: Set<string>[], a: string, b: string): void {
  if (a === b) return;
  const first = lists.find((list) => list.has(a) || list.has(b));
  if (first === undefined) {
    lists.push(new Set([a, b]));
    return;
  }
  const second = lists.find((list) => list !== first && (list.has(a) || list.has(b)));
  for (const id of [a, b, ...(second ?? [])]) first.add(id);
  if (second !== undefined) lists.splice(lists.indexOf(second), 1);
}

/** The same candidates, those of one list, country and action with nearly one score: `PULL` of the way to their mean. */
export function levelled(cells: readonly Scored[], lists: readonly NameList[]): readonly Scored[] {
  if (lists.length === 0) return cells;
  const keyOf = ({ service, country, action }: Scored): string | null => {
    const at = lists.findIndex((list) => list.has(service));
    return at < 0 ? null : `${at} ${country} ${action}`;
  };
  const together = Map.groupBy(cells, keyOf);
  return cells.map((cell) => {
    const key = keyOf(cell);
    if (key === null) return cell;
    const own = together.get(key)!;
    const sum = own.reduce((all, { score }) => all + score, 0);
    return { ...cell, score: (1 - PULL) * cell.score + (PULL * sum) / own.length };
  });
}

/**
 * How likely a triple that is reported is right. Beside its own score it counts what else the text could report. Learnt from readings of texts
 * that the scores had not seen.
 */

/** A candidate with its log-odds of being right. Texts that are no news were learnt from as well, though little. */
export interface Scored {
  service: string;
  country: string;
  action: Action;
  score: number;
}

/** What a text says beside its candidates. */
export interface Grounds {
  /** What the rules alone say: country/service/action. */
  claims: ReadonlySet<string>;
  /** A bill, a draft, a vote in title or lead: where such a text is read as a measure in force, it is more often a threat than elsewhere. */
  billed: boolean;
  /** A year stands in title or lead: news of the day rarely has one. */
  dated: boolean;
  /** Services that the text names side by side. */
  lists: readonly NameList[];
}

const claimOf = ({ country, service, action }: Omit<Scored, 'score'>): string => `${country}/${service}/${action}`;

export function groundsOf({ found, fields }: Analysis): Grounds {
  const claims = new Set<string>();
  for (const { id: service, action, countries } of found.claims)
    for (const country of countries) claims.add(claimOf({ service, country, action }));
  const read = leading(fields);
  return {
    claims,
    billed: read.some(({ cues }) => cues.some((cue) => cue.cls === 'bill')),
    dated: read.some((field) => field.tokens.some((_, i) => i < MAX_WORDS && isYear(field, i))),
    lists: listsOf(read, found.claims),
  };
}

export interface Text extends Grounds {
  /** Log-odds that it is news. */
  odds: number;
  /** All candidates. */
  cells: readonly Scored[];
}

/** Beyond these log-odds nothing is surer, and below nothing less sure. */
const MOST = 8;
const bound = (score: number): number => Math.max(-MOST, Math.min(MOST, score));
/** As good as no rival. */
const NO_RIVAL = -6;

/**
 * `rival`: the same of the likeliest other country, where the text may mean several. `behind`: by how much the text's likeliest triple is likelier.
 * `claimed`: the rules say it, too. `billed`: a measure in a text about a bill. `dated`: a year in the text.
 */
export function evidenceOf(cell: Scored, { odds, cells, claims, billed, dated }: Text): number[] {
  const { score, service, country, action } = cell;
  let top = score;
  let rival = NO_RIVAL;
  for (const other of cells) {
    top = Math.max(top, other.score);
    if (other.service === service && other.action === action && other.country !== country)
      rival = Math.max(rival, other.score);
  }
  const measure = billed && action !== 'warn';
  return [
    bound(odds),
    bound(score),
    bound(rival),
    bound(top - score),
    Number(claims.has(claimOf(cell))),
    Number(measure),
    Number(dated),
  ];
}

/** How likely a triple of a text is right. */
export function surenessOf(event: EventModel, cell: Scored, text: Text): number {
  let sum = event.offset;
  for (const [i, value] of evidenceOf(cell, text).entries()) sum += event[EVIDENCE[i]!] * value;
  return logistic(sum);
}

/** Least probability of being right of a triple that is told beside a surer one. */
const LEAST_SURE = 0.2;

/** The chosen triples of a text but those that are too doubtful beside the surest, which stands in any case. */
export function withoutDoubtful(event: EventModel, chosen: readonly Scored[], text: Text): Scored[] {
  const sure = chosen.map((cell) => surenessOf(event, cell, text));
  const least = Math.min(LEAST_SURE, Math.max(...sure));
  return chosen.filter((_, i) => sure[i]! >= least);
}
