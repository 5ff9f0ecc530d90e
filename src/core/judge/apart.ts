/** When a round was measured, as its vantage point says, and when it got here; ms since the epoch. Equal where we measured ourselves. */
export interface RoundTime {
  at: number;
  arrivedAt: number;
}

/** Rounds closer together than this are one look. */
const LEAST_APART = 2_000;
/** So far apart they count whatever was claimed. */
const SURELY_APART = 60_000;

/** What took longer to get here is history: it is kept, and may be a sign, but no round of a block or of a lift. */
const LATE = 15 * 60_000;

export const isLate = ({ at, arrivedAt }: RoundTime): boolean => arrivedAt - at > LATE;

/**
 * Does a round that an agent brought count beside the last one that did? It must be later by its own word and by our clock, and it must have
 * come at about the pace that it claims: what waited for a link, or was dated back, comes in a bunch and counts as one round at most. An
 * honest agent needs fresh rounds after an outage; what it measured meanwhile is kept as history.
 */
export function isApart(last: RoundTime, next: RoundTime): boolean {
  const claimed = next.at - last.at;
  const arrived = next.arrivedAt - last.arrivedAt;
  if (claimed < LEAST_APART || arrived < LEAST_APART) return false;
  return arrived >= SURELY_APART || arrived >= claimed / 2;
}
