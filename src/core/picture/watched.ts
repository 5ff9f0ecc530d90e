/**
 * When this bot looked at all. Without it a night in which the machine was off would look as calm as one in which nothing happened.
 */

/** From and to, ms since the epoch; in order, none touching the next. */
export type Spell = readonly [from: number, to: number];

/** A look so soon after the last one goes on with its spell. */
export const JOINS_MS = 15 * 60_000;
const KEPT_MS = 400 * 86_400_000;
const MOST = 500;

/** The spells after a look at `now`. Old ones go; of too many the two that lie closest become one. Pure. */
export function withLook(spells: readonly Spell[], now: number): Spell[] {
  const kept = spells.filter(([, to]) => to > now - KEPT_MS);
  const last = kept.at(-1);
  // The clock was set back: what is written stands, and goes on when its time has come again.
  if (last && now <= last[1]) return kept;
  if (last && now - last[1] <= JOINS_MS) kept[kept.length - 1] = [last[0], now];
  else kept.push([now, now]);
  return kept.length > MOST ? joined(kept) : kept;
}

function joined(spells: readonly Spell[]): Spell[] {
  let at = 1;
  for (let next = 2; next < spells.length; next++)
    if (spells[next]![0] - spells[next - 1]![1] < spells[at]![0] - spells[at - 1]![1]) at = next;
  return [...spells.slice(0, at - 1), [spells[at - 1]![0], spells[at]![1]], ...spells.slice(at + 1)];
}

/** What share of a stretch was looked at, 0 … 1. Of an empty stretch none. */
export function watchedShare(spells: readonly Spell[], from: number, to: number): number {
  if (to <= from) return 0;
  const looked = spells.reduce((sum, spell) => sum + Math.max(0, Math.min(to, spell[1]) - Math.max(from, spell[0])), 0);
  return looked / (to - from);
}

/** Spells as they were written by this or an older version; whatever is none is left out. */
export function readSpells(value: unknown): Spell[] {
  if (!Array.isArray(value)) return [];
  const spells = value.slice(-MOST).flatMap((one: unknown): Spell[] => {
    const [from, to] = Array.isArray(one) ? (one as unknown[]) : [];
    return Number.isFinite(from) && Number.isFinite(to) && (from as number) <= (to as number)
      ? [[from as number, to as number]]
      : [];
  });
  return spells.filter(([from], at) => at === 0 || from > spells[at - 1]![1]);
}
