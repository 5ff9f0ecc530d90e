import { expect } from 'vitest';
import { room } from '../rooms.ts';

/**
 * A bound on what a test measured of the machine: milliseconds, of the clock or of the processor, or bytes of memory. No matter of the gate, where
 * whatever else the machine does would decide: it is looked at in `npm run prove pace`, and where somebody runs the file by hand.
 */
export function expectAtMost(measured: number, most: number): void {
  if (room() === null || room() === 'prove') expect(measured).toBeLessThanOrEqual(most);
}
