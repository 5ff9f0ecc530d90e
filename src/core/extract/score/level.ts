/**
 * Names that stand side by side are hit together: "X, Y and Z were blocked". Each is scored by itself, mostly by what stands near it, and the one
 * at the end of a list has less of that. So the scores of a list are drawn together before anything is chosen.
 */
import { besideNames, joinedNames } from '../aside.ts';
import type { Field, Mention } from '../read.ts';
import { isAct } from '../scope.ts';
import type { Claim } from '../settle.ts';

/** Names of a field that are looked at. */
const MAX_NAMES = 40;
/** How far each score goes towards the mean of its list. */
const PULL = 0.9;

export type NameList = ReadonlySet<string>;

/**
 * Services that title or lead name side by side, by id; each list has two at least, and no service is in two lists. "X is back, Y and Z are not"
 * has X beside Y as well: names of which the rules claim different things are no list.
 */
export function listsOf(fields: readonly Field[], claims: readonly Claim[]): NameList[] {
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
    const goes =
      last !== undefined && field.prop[last.from] === field.prop[name.from] && besideNames(field, last, name);
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

/** Candidates as far as lists go. */
interface Scored {
  service: string;
  country: string;
  action: string;
  score: number;
}

/** The same candidates, those of one list, country and action with nearly one score: `PULL` of the way to their mean. */
export function levelled<T extends Scored>(cells: readonly T[], lists: readonly NameList[]): readonly T[] {
  if (lists.length === 0) return cells;
  const sums = new Map<string, { sum: number; count: number }>();
  const keyOf = ({ service, country, action }: T): string | null => {
    const at = lists.findIndex((list) => list.has(service));
    return at < 0 ? null : `${at} ${country} ${action}`;
  };
  const keys = cells.map(keyOf);
  for (const [i, key] of keys.entries()) {
    if (key === null) continue;
    const own = sums.get(key) ?? { sum: 0, count: 0 };
    own.sum += cells[i]!.score;
    own.count++;
    sums.set(key, own);
  }
  return cells.map((cell, i) => {
    const key = keys[i];
    if (key == null) return cell;
    const { sum, count } = sums.get(key)!;
    return { ...cell, score: (1 - PULL) * cell.score + (PULL * sum) / count };
  });
}
