import type { BotHealth } from '../core/commands/health.ts';
import type { Incident } from '../core/model/incident.ts';
import type { LeaseBoard, LeaseName } from '../core/ports/leases.ts';

/** What the listener asks of the running program, when somebody asks it. */
export interface WebFacts {
  /** Also says whether the store answers: it reads the queue from there. */
  health(): Promise<BotHealth>;
  openIncidents(): Promise<Pick<Incident, 'family' | 'confidence'>[]>;
  /** When the poller last looked at what is due, ms of the monotonic clock; null = it does not run. */
  pollerLookedAt(): number | null;
  /** What this process does; what it does not hold, others do, and it need not be ready for. */
  holds(): readonly LeaseName[];
  /** Who holds what, and which processes live; `me`: this one. */
  leases(): Promise<LeaseBoard & { me: string }>;
  /** Does the store fail to write? */
  storeFails(): boolean;
}
