import type { Row } from './counts.ts';

/** What is measured in one country by all tests that are asked for, over the last two days. */
export interface Pulse {
  /** Begin of the first hour and end of the last in which anything was measured, ms since the epoch. */
  first: number;
  last: number;
  /** Since when it has been measured without a gap of hours. */
  since: number;
  measurements: number;
  hours: ReadonlySet<number>;
}

const HOUR = 3_600_000;
/** Published within that time as a rule. */
const LAG = 2 * HOUR;
const MIN_GAP = 3 * HOUR;
/** So many would have come in the gap at the usual pace: nobody measures by chance only once in e^20. */
const MISSING = 20;
const MIN_COUNT = 50;

/** Adds the counts of one pair. Days, where hours were asked for, tell nothing of a gap of hours. */
export function withRows(pulse: Pulse | undefined, rows: readonly Row[], now: number): Pulse | undefined {
  const hours = rows.filter((row) => row.span === HOUR && row.at <= now && row.bad + row.ok > 0);
  if (hours.length === 0) return pulse;
  const known = new Set([...(pulse?.hours ?? []), ...hours.map((row) => row.at)]);
  const sorted = [...known].sort((a, b) => a - b);
  const begin = sorted.findLast((at, i) => i === 0 || at - sorted[i - 1]! > MIN_GAP)!;
  const measurements = (pulse?.measurements ?? 0) + hours.reduce((sum, row) => sum + row.bad + row.ok, 0);
  const last = Math.min(sorted.at(-1)! + HOUR, now);
  return { first: sorted[0]!, last, since: begin, measurements, hours: known };
}

function isSilent({ first, last, measurements }: Pulse, now: number): boolean {
  const gap = now - last - LAG;
  const span = Math.max(HOUR, last - first);
  return gap >= MIN_GAP && measurements >= MIN_COUNT && (measurements / span) * gap >= MISSING;
}

/**
 * Countries from which measurements have stopped, while they go on to come from others: where all are silent, or the only one, it may be the
 * observatory.
 */
export function silentOf(pulses: ReadonlyMap<string, Pulse>, now: number): string[] {
  const silent = [...pulses].filter(([, pulse]) => isSilent(pulse, now)).map(([country]) => country);
  const lively = [...pulses.values()].filter(({ last }) => now - last <= LAG).length;
  return lively > 0 && silent.length * 2 <= pulses.size ? silent : [];
}
