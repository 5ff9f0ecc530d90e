import type { Source } from '../ports/source.ts';
import type { SourceState, SourceStates } from '../ports/source-state.ts';
import { createTiming, type NextRun } from './timing.ts';

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

/** Of one source, as the poller keeps it. */
export function sourceHealth(
  source: Source,
  state: SourceState,
  { intervalMs, now, since }: { intervalMs: number; now: number; since: number },
): SourceHealth {
  return {
    id: source.id,
    kind: source.kind,
    label: source.label,
    lastPollAt: state.lastPollAt,
    lastOkAt: state.lastOkAt,
    failingSince: state.failingSince,
    failures: state.failures,
    lastCode: state.lastCode,
    lastMessage: state.lastMessage,
    nextDueAt: state.nextDueAt,
    stale: isStale(state, intervalMs, now, since),
    blind: source.isBlind?.() ?? false,
  };
}

/** Of sources that another process polls, by what it has kept. */
export async function storedHealth(
  sources: readonly Source[],
  states: Pick<SourceStates, 'getMany'>,
  { now, nextRun }: { now: number; nextRun: NextRun },
): Promise<SourceHealth[]> {
  const kept = await states.getMany(sources.map(({ id }) => id));
  return sources.map((source) => {
    const state = { ...emptyState(), ...kept.get(source.id) };
    const intervalMs = createTiming(source.id, source.cron, nextRun).intervalMs(now);
    return sourceHealth(source, state, { intervalMs, now, since: now });
  });
}
