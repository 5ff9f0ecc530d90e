import { type Action, reaches } from '../model/incident.ts';
import { type Cell, type Column, type DayState, type Period, strengthOf, watchedShare } from '../timeline.ts';
import type { Days, Fold, State, StateKey } from './fold.ts';

/** Less of a stretch than this was watched: what happened in it is not known. */
const WATCHED_ENOUGH = 0.5;

const dayOf = (action: Action): DayState => (action === 'unblock' ? 'open' : action);

/** How a state looks in a picture; null = nothing is known, which only who watched can say more of. */
export function cellOf({ access, was, action, confidence, covered, threat }: State): Cell | null {
  const isSure = (one: State['confidence']): boolean => one === null || reaches(one, 'corroborated');
  if (threat && (access === 'unknown' || access === 'open')) return { state: 'warn', sure: isSure(threat.confidence) };
  if (access === 'unknown') return was === null || was === 'open' ? null : { state: 'stale', sure: true };
  return { state: covered ? 'shutdown' : dayOf(action ?? 'block'), sure: isSure(confidence) };
}

/**
 * One row of a timeline: the fold at each moment at which it may have changed, in each column the worst; and how it stands now, a mark of its own: a
 * day on which it was cut and came back is both. Pure. `watched`: null = always.
 */
export function daysOf(
  fold: Fold,
  key: StateKey,
  columns: readonly Column[],
  { now, watched }: { now: number; watched: readonly Period[] | null },
): Days {
  const from = columns[0]!.from;
  const moments = [...new Set([from, ...fold.moments(key), now])]
    .filter((at) => at >= from && at <= now)
    .sort((a, b) => a - b);
  const seen = moments.map((at) => ({ at, cell: cellOf(fold.at(key, at)) }));
  const calm = (column: Column): Cell => {
    const share = watched === null ? 1 : watchedShare(watched, column.from, Math.min(column.to, now));
    return { state: share >= WATCHED_ENOUGH ? 'none' : 'gap', sure: true };
  };
  const cells = columns.map((column) => {
    // Between two moments it stays as it was.
    const first = seen.findLastIndex(({ at }) => at <= column.from);
    const within = seen.slice(first).filter(({ at }) => at < column.to);
    const told = within.flatMap((one) => one.cell ?? []);
    return told.length === 0 ? calm(column) : told.reduce((a, b) => (strengthOf(b) > strengthOf(a) ? b : a));
  });
  return { cells, now: cellOf(fold.at(key)) ?? calm(columns.at(-1)!) };
}
