/** Longest pause that failures of its own bring a source, ms. */
const MAX_BACKOFF_MS = 6 * 3_600_000;
/** Longest pause that a server in trouble may ask for (Retry-After), ms: a hostile or careless header must not silence a source for good. */
export const MAX_RETRY_AFTER_MS = 24 * 3_600_000;
/** A source that answers may ask for patience (Cache-Control, ttl) up to so many intervals of its schedule, and up to so long, ms. */
const MAX_STRETCH = 4;
const MAX_STRETCH_MS = 6 * 3_600_000;

/** The longest time that a source's wish may keep us away, counted from its last poll, ms. */
export const stretchMs = (intervalMs: number): number => Math.min(MAX_STRETCH_MS, MAX_STRETCH * intervalMs);

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
