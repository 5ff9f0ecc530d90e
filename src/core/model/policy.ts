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
  /** Do alerts say what their readers can do? `except`: countries (ISO 3166-1 alpha-2) for which the opposite holds. */
  advice: { on: boolean; except: readonly string[] };
}

/** Of alerts about this country; null = no country is named. */
export const advisesOn = ({ advice }: Pick<Policy, 'advice'>, country: string | null): boolean =>
  advice.on !== (country !== null && advice.except.includes(country));

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** What holds where the configuration says nothing; the reasons stand in docs/domain.md. */
export const DEFAULT_POLICY: Policy = {
  groupWait: MINUTE,
  level: 'corroborated',
  quietAfter: 45 * DAY,
  firstPollWindow: 6 * 60 * MINUTE,
  widenWithin: 7 * DAY,
  advice: { on: true, except: [] },
};
