import type { AccountHalf, Outage } from '../ports/outage.ts';

export function createOutage(): Outage {
  const failing = new Set<AccountHalf>();
  return {
    begins(half) {
      const first = [...failing].every((one) => one === half);
      failing.add(half);
      return first;
    },
    ends: (half) => void failing.delete(half),
  };
}
