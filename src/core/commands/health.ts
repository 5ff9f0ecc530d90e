/** How the bot itself is, so that "nothing happened" differs from "nothing was delivered". Holds no secrets. */
export interface BotHealth {
  sources: SourceHealth[];
  accounts: AccountHealth[];
  queue: QueueHealth;
}

export interface SourceHealth {
  id: string;
  /** As people know it. */
  label: string;
  lastOkAt: number | null;
  failingSince: number | null;
  /** One short sentence; null when it works. */
  problem: string | null;
  /** It answers, but has brought nothing new for longer than is usual. */
  stale: boolean;
}

export interface AccountHealth {
  id: string;
  platform: string;
  ok: boolean;
  problem: string | null;
}

export interface QueueHealth {
  /** Messages that wait or are under way, over all accounts. */
  depth: number;
  oldestCreatedAt: number | null;
  /** When the queue will be empty at the present pace, ms from now; null = not known. */
  etaMs: number | null;
}
