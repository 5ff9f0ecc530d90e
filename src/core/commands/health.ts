import type { SourceHealth } from '../poll/health.ts';

/** How the bot itself is, so that "nothing happened" differs from "nothing was delivered". Holds no secrets. */
export interface BotHealth {
  sources: SourceHealth[];
  accounts: AccountHealth[];
  queue: QueueHealth[];
}

export interface AccountHealth {
  id: string;
  platform: string;
  ok: boolean;
  /** One short sentence in English; null when ok. */
  problem: string | null;
  /** Messages a second that leave at present; 0 = unpaced or unknown. */
  rate: number;
}

export interface QueueHealth {
  accountId: string;
  queued: number;
  sending: number;
  oldestCreatedAt: number | null;
}
