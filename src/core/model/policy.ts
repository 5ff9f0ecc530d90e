import type { Level } from './incident.ts';

/** The operator's policy; durations in milliseconds. Defaults in `config/schema.ts`. */
export interface Policy {
  /** How long a new alert waits for others of its country. 0 for confirmed ones, whatever it says. */
  groupWait: number;
  /** Level of a chat that did not choose. */
  level: Level;
  /** Without a report for so long, an incident takes no more: the next report opens a new one. */
  quietAfter: number;
  /** On the first poll of a source, nothing older alerts. */
  firstPollWindow: number;
  /** An incident that comes through an item about one that was notified is added to that alert for so long. */
  widenWithin: number;
}

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** What holds where the configuration says nothing; the reasons stand in docs/domain.md. */
export const DEFAULT_POLICY: Policy = {
  groupWait: MINUTE,
  level: 'corroborated',
  quietAfter: 45 * DAY,
  firstPollWindow: 6 * 60 * MINUTE,
  widenWithin: 7 * DAY,
};
