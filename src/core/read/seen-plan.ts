import type { Item } from '../model/item.ts';
import type { SeenKeys } from './seen.ts';

/** Why an item is read, or passed over in silence. */
export type SeenReason =
  | 'news'
  /** It was seen before. */
  | 'known'
  /** It stands twice in this fetch; the next one will know it by the other. */
  | 'twice'
  /** Older than what is news at all. */
  | 'archive'
  /** Without a date on a first poll: anything may be old. */
  | 'undated'
  /** Older than what this source had to forget (`seen-bound.ts`): it may have been seen. */
  | 'forgotten';

export interface SeenPlan {
  items: { item: Item; reason: SeenReason; add: string[] }[];
}

export interface SeenFacts {
  firstPoll: boolean;
  /** Nothing that was published earlier is news, ms since the epoch. */
  oldest: number;
  /** What was first seen until then may have been forgotten; 0 = nothing was. */
  forgottenUntil: number;
}

/**
 * Which items of one fetch are news, and what is remembered of each. Of an item that was recognised, a guid, an address or a content that is
 * new says nothing where the feed gives most of its known items a new one: such keys would grow without end, and are left out.
 */
export function planSeen(
  items: readonly Item[],
  keys: readonly SeenKeys[],
  known: ReadonlySet<string>,
  facts: SeenFacts,
): SeenPlan {
  const fickle = fickleKinds(keys, known);
  const met = new Set<string>();
  const planned = items.map((item, i): SeenPlan['items'][number] => {
    const { match, add } = keys[i]!;
    const before = match.some((key) => known.has(key));
    const twice = !before && match.some((key) => met.has(key));
    for (const key of add) met.add(key);
    if (twice) return { item, reason: 'twice', add: [] };
    if (!before) return { item, reason: reasonOf(item, facts), add };
    return { item, reason: 'known', add: add.filter((key) => known.has(key) || !fickle.has(key[0]!)) };
  });
  return { items: planned };
}

function reasonOf(item: Item, { firstPoll, oldest, forgottenUntil }: SeenFacts): SeenReason {
  if (item.publishedAt < oldest) return 'archive';
  if (firstPoll && !item.dated) return 'undated';
  // Without a date it stands with the time of this fetch, and is judged by what it says alone.
  return item.dated && item.publishedAt <= forgottenUntil ? 'forgotten' : 'news';
}

/** Kinds of keys (their first letter) that most of the recognised items bring anew. */
function fickleKinds(keys: readonly SeenKeys[], known: ReadonlySet<string>): Set<string> {
  const recognised = keys.filter(({ match }) => match.some((key) => known.has(key)));
  const anew = new Map<string, number>();
  for (const { add } of recognised)
    for (const key of add) if (!known.has(key)) anew.set(key[0]!, (anew.get(key[0]!) ?? 0) + 1);
  return new Set([...anew].filter(([, count]) => 2 * count > recognised.length).map(([kind]) => kind));
}
