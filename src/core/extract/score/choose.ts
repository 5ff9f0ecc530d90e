/** Which of all candidates a text reports. */
import type { Action } from '../../model/action.ts';
import type { Scored } from './sure.ts';

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
