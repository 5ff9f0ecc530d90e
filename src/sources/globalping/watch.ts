import type { Look } from './answer.ts';
import { freeAt, type Spent } from './budget.ts';
import { costOfNames } from './round.ts';
import { delistedBy, type Verdict } from './verdict.ts';

/** What the watch over a national DNS knows of names (`RU whatsapp`), and whose turn it is. Times: ms since the epoch. */
export interface Watched {
  names: Record<string, 'there' | 'gone'>;
  /** Index of the next pair. */
  next: number;
  lookedAt: number | null;
}

/** Of the tests of an hour so large a part is the watch's; the rest is for incidents. */
const SHARE = 0.5;
const HOUR = 3_600_000;
/** Names that are remembered: what is followed, forty services in a few countries. */
const MAX_NAMES = 500;

/** What was kept, whatever its shape. */
export function watchedOf(kept: unknown): Watched {
  const { names, next, lookedAt } = (kept ?? {}) as Partial<Watched>;
  const known = names !== null && typeof names === 'object' ? Object.entries(names) : [];
  return {
    names: Object.fromEntries(known.filter(([, one]) => one === 'there' || one === 'gone').slice(-MAX_NAMES)),
    next: typeof next === 'number' && Number.isInteger(next) && next >= 0 ? next : 0,
    lookedAt: typeof lookedAt === 'number' ? lookedAt : null,
  };
}

export interface Pair {
  service: string;
  country: string;
}

export type WatchPlan =
  | { do: 'look'; pair: Pair; next: number }
  | { do: 'wait'; because: 'nothing-to-watch' | 'not-yet' | 'no-tests-left' };

/** One name a turn, evenly over the hour, and never from the tests that incidents need. A clock that was set back is not waited for. */
export function planWatch(
  { next, lookedAt }: Watched,
  pairs: readonly Pair[],
  { spent, perHour, now }: { spent: Spent; perHour: number; now: number },
): WatchPlan {
  if (pairs.length === 0) return { do: 'wait', because: 'nothing-to-watch' };
  const every = (HOUR * costOfNames()) / (perHour * SHARE);
  if (lookedAt !== null && lookedAt <= now && now - lookedAt < every) return { do: 'wait', because: 'not-yet' };
  if (freeAt(spent, costOfNames(), perHour, now) > now) return { do: 'wait', because: 'no-tests-left' };
  const index = next % pairs.length;
  return { do: 'look', pair: pairs[index]!, next: index + 1 };
}

/** What probes heard of a name: gone by the rule of a round, there where all heard it; null = neither is sure. */
export function nameSeen(dns: { asked: readonly Look[]; controls: readonly Look[] }): 'there' | 'gone' | null {
  if (delistedBy({ dns }) !== null) return 'gone';
  const counted = dns.asked.filter(({ found }) => found !== 'unclear');
  return counted.length >= 2 && counted.every(({ found }) => found === 'fine') ? 'there' : null;
}

/**
 * A look's outcome: what is known then, and whether the service is worth a closer look, for its name has come or gone. News is not known before the closer look has
 * borne it out (`settled`): what a kill takes comes again with its next turn.
 */
export function afterLook(
  watched: Watched,
  pair: Pair,
  seen: 'there' | 'gone' | null,
  how: { next: number; now: number },
): { watched: Watched; isNews: boolean } {
  const name = `${pair.country} ${pair.service}`;
  const before = watched.names[name];
  const isNews = before !== undefined && seen !== null && seen !== before;
  const names = seen === null || isNews ? watched.names : { ...watched.names, [name]: seen };
  return { watched: { names, next: how.next, lookedAt: how.now }, isNews };
}

/** What a closer look came to of a name that is watched; of others nothing is kept. */
export function settled(names: Watched['names'], name: string, { says, method }: Pick<Verdict, 'says' | 'method'>) {
  if (!(name in names) || says === 'unclear') return names;
  return { ...names, [name]: method === 'dns' ? ('gone' as const) : ('there' as const) };
}
