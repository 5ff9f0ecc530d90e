import { afterAll, beforeAll } from 'vitest';
import { LIMITS } from '../../../src/sources/probe/config.ts';

/** Said by a file for itself: the silence of a resolver is waited for in real time, and nobody is behind its resolvers. */
export function hastyVantage(): void {
  const { vantageDns } = LIMITS;
  beforeAll(() => void Object.assign(LIMITS, { vantageDns: 20 }));
  afterAll(() => void Object.assign(LIMITS, { vantageDns }));
}
