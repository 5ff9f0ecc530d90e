/** Longest pause that failures of its own bring a source, ms. */
export const MAX_BACKOFF_MS = 6 * 3_600_000;
/** Longest pause that a server may ask for, ms: a hostile or careless header must not silence a source for good. */
export const MAX_NOT_BEFORE_MS = 24 * 3_600_000;

/**
 * How long to leave a source alone after its `failures`-th failure in a row, ms, on top of its schedule: nothing after the first (the
 * next run comes anyway), then 1, 3, 7 … intervals. `random` in [0, 1) takes up to half of it away, so that sources that failed
 * together do not come back together.
 */
export function backoffMs(failures: number, intervalMs: number, random: number): number {
  if (failures <= 1) return 0;
  const full = Math.min(MAX_BACKOFF_MS, intervalMs * (2 ** Math.min(failures - 1, 40) - 1));
  return full * (1 - random / 2);
}
