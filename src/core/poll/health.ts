import type { SourceState } from '../ports/source-state.ts';

/** What `/status`, `status --json` and the metrics tell of one source. */
export interface SourceHealth {
  id: string;
  kind: string;
  label: string;
  lastPollAt: number | null;
  lastOkAt: number | null;
  failingSince: number | null;
  failures: number;
  lastCode: string | null;
  lastMessage: string | null;
  nextDueAt: number | null;
  /** Nothing was read for three runs or the poll is overdue: what this source would tell is unknown, not "nothing". */
  stale: boolean;
  /** It is read, and shows nothing of the world: what it looks through is out of order. Absent = it sees. */
  blind?: boolean;
}

export const emptyState = (): SourceState => ({
  lastPollAt: null,
  lastOkAt: null,
  firstPollDone: false,
  failures: 0,
  failingSince: null,
  lastCode: null,
  lastMessage: null,
  notBefore: null,
  nextDueAt: null,
});

/** `since`: when the poller began to look after the source. */
export function isStale(state: SourceState, intervalMs: number, now: number, since: number): boolean {
  const grace = Math.max(intervalMs, 60_000);
  if (state.nextDueAt !== null && state.nextDueAt + grace < now) return true;
  return state.failures > 0 && now - (state.lastOkAt ?? state.failingSince ?? since) > 3 * intervalMs;
}
