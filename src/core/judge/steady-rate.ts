/** How far a transfer had come: bytes on the wire since its request, at so many ms after it. */
export interface Progress {
  at: number;
  bytes: number;
}

/** What slow start and the smallest burst buckets let through. */
const FIRST = 32_768;
/** A tail shorter than this, in bytes or ms, is chance. */
const TAIL_BYTES = 32_768;
const TAIL_MS = 1_000;

/**
 * Bits a second of a transfer's slowest tail: a policer lets a burst through, of whatever size, and only what comes after it shows the
 * pace that is allowed. `samples` in order of time; `ms`: when the transfer ended or was given up. Null where nothing can be said.
 */
export function steadyRate(samples: readonly Progress[], ms: number): number | null {
  const total = samples.at(-1)?.bytes ?? 0;
  if (total === 0) return ms >= TAIL_MS ? 0 : null;
  const start = total >= FIRST + TAIL_BYTES ? FIRST : 0;
  let slowest: number | null = null;
  for (const s of samples) {
    if (s.bytes < start || total - s.bytes < TAIL_BYTES || ms - s.at < TAIL_MS) continue;
    const rate = ((total - s.bytes) * 8_000) / (ms - s.at);
    if (slowest === null || rate < slowest) slowest = rate;
  }
  if (slowest !== null) return Math.round(slowest);
  const first = samples.find((s) => s.bytes >= start && total - s.bytes >= TAIL_BYTES);
  const bytes = total - (first?.bytes ?? 0);
  return Math.round((bytes * 8_000) / Math.max(1, ms - (first?.at ?? 0)));
}
