import type { BotHealth } from '../core/commands/health.ts';
import type { Incident } from '../core/model/incident.ts';

/** What the listener asks of the running program, when somebody asks it. */
export interface WebFacts {
  /** Also says whether the store answers: it reads the queue from there. */
  health(): Promise<BotHealth>;
  openIncidents(): Promise<Pick<Incident, 'family' | 'confidence'>[]>;
  /** When the poller last looked at what is due, ms of the monotonic clock; null = it does not run. */
  pollerLookedAt(): number | null;
  /** Does the store fail to write? */
  storeFails(): boolean;
}
