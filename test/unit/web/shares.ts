/** What one process by itself does, and sees of others: everything, and nobody. */
import type { WebFacts } from '../../../src/web/metrics.ts';

export const holdsAll: WebFacts['holds'] = () => [
  'ingest',
  'fanout',
  ...['tg', ...Array.from({ length: 100 }, (_, i) => `a${i}`)].map((id) => `receive/${id}` as const),
];

export const nobodyElse: WebFacts['leases'] = async () => ({ me: 'me', leases: [], processes: [] });
