/**
 * Names that stand side by side are hit together: "X, Y and Z were blocked". Each is scored by itself, mostly by what stands near it, and the one
 * at the end of a list has less of that. So the scores of a list are drawn together before anything is chosen.
 */
import { besideNames } from '../aside.ts';
import type { Field } from '../read.ts';

/** Names of a field that are looked at. */
const MAX_NAMES = 40;
/** How far each score goes towards the mean of its list. */
const PULL = 0.9;

export type NameList = ReadonlySet<string>;

/** Services that title or lead name side by side, by id; each list has two at least, and no service is in two lists. */
export function listsOf(fields: readonly Field[]): NameList[] {
  const lists: Set<string>[] = [];
  for (const field of fields) {
    const names = field.mentions.filter((m) => m.role === null).slice(0, MAX_NAMES);
    for (let i = 1; i < names.length; i++) {
      const [left, right] = [names[i - 1]!, names[i]!];
      if (field.sentence[left.from] === field.sentence[right.from] && besideNames(field, left, right))
        join(lists, left.id, right.id);
    }
  }
  return lists;
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
