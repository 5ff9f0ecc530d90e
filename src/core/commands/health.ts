import type { HeldSource } from '../correlate/held-back.ts';
import type { LeftOut } from '../model/observatory.ts';
import type { SourceHealth } from '../poll/health.ts';
import type { AgentStatus } from '../ports/agents.ts';
import type { StoreFault } from '../ports/store.ts';

/** How the bot itself is, so that "nothing happened" differs from "nothing was delivered". Holds no secrets. */
export interface BotHealth {
  sources: SourceHealth[];
  /** Configured, and asking nobody: not among `sources`. Absent = none. */
  off?: readonly OffSource[];
  /** What chats follow, and observatories are not asked for; null or absent = nothing. */
  leftOut?: LeftOut | null;
  accounts: AccountHealth[];
  queue: QueueHealth[];
  /** Machines elsewhere that measure for this bot. */
  agents: AgentHealth[];
  /** Vantage points that should measure, and have long not done so. */
  missingVantages: readonly string[];
  /** Sources that reported more at once than any event brings; absent = none. */
  held?: readonly HeldSource[];
  /** The database file was deleted or replaced under the running bot, or its lock is lost; null or absent = all is well. */
  storeFault?: StoreFault['reason'] | null;
}

export interface OffSource {
  id: string;
  kind: string;
  why: 'no-token';
}

export interface AgentHealth extends AgentStatus {
  /** It was heard of once, and has not been for too long. */
  missing: boolean;
}

export interface AccountHealth {
  id: string;
  platform: string;
  ok: boolean;
  /** One short sentence in English; null when ok. */
  problem: string | null;
  /** A single place outside, which is nobody's way to the bot: the bot is ready without it. */
  target?: true;
  /** Messages a second that leave at present; 0 = unpaced or unknown. */
  rate: number;
}

export interface QueueHealth {
  accountId: string;
  queued: number;
  sending: number;
  oldestCreatedAt: number | null;
}
