import type { AgentIntake } from './ports/intakes.ts';
import type { Tools } from './ports/runtime.ts';
import { keepAtIt } from './wakeable.ts';

/** Agents give signs of life every five minutes. */
const AGENT_MS = 30 * 60_000;
/** Targets are measured every ten minutes or so; who runs an agent may choose up to an hour. */
const VANTAGE_MS = 2 * 3_600_000;
const LOOK_MS = 60_000;

interface MissingDeps extends Pick<Tools, 'clock' | 'log'> {
  intake: Pick<AgentIntake, 'missing' | 'list' | 'refresh'> | null;
  /** The own vantage point; null = there is none. */
  vantageId: string | null;
  /** All that have measured once, and not since (ms since the epoch); also those that are no longer ours. */
  missingVantages(since: number): Promise<string[]>;
  /** Other vantage points than before are missing. */
  onVantages?(ids: readonly string[]): Promise<void>;
}

export type MissingWatch = ReturnType<typeof createMissingWatch>;

/** No news is not good news: operators hear once of each that goes missing, and once when it is back. */
export function createMissingWatch(deps: MissingDeps) {
  const { clock, log, intake, vantageId, missingVantages } = deps;
  const began = clock.monotonic();
  let agents: readonly string[] = [];
  let vantages: readonly string[] = [];
  function logChanges(before: readonly string[], now: readonly string[], key: string, fell: string, back: string) {
    for (const id of now) if (!before.includes(id)) log.warn(fell, { [key]: id });
    for (const id of before) if (!now.includes(id)) log.info(back, { [key]: id });
  }

  /** An agent that is missing, or was stopped, is reported as such. */
  const measuring = (): (string | null)[] => {
    const at = (intake?.list() ?? []).filter(({ id, stopped }) => !stopped && !agents.includes(id));
    return [vantageId, ...at.map(({ id }) => id)];
  };

  async function look(): Promise<void> {
    await intake?.refresh();
    const missing = intake?.missing(AGENT_MS) ?? [];
    logChanges(agents, missing, 'agent', 'An agent is missing', 'An agent is back');
    agents = missing;
    // While this program was away nobody could measure for it.
    if (clock.monotonic() - began < VANTAGE_MS) return;
    const idle = (await missingVantages(clock.now() - VANTAGE_MS)).filter((id) => measuring().includes(id));
    logChanges(vantages, idle, 'vantage', 'A vantage point measures no more', 'A vantage point measures again');
    if (idle.join(' ') !== vantages.join(' ')) await deps.onVantages?.(idle);
    vantages = idle;
  }

  return {
    /** Who is missing at present, by the last look. */
    agents: () => agents,
    vantages: () => vantages,
    look,
    /** Looks every minute until aborted. */
    loop: (signal: AbortSignal): Promise<void> =>
      keepAtIt(look, LOOK_MS, { clock, log, begins: 'Unable to see who is silent', ends: null, level: 'warn' }, signal),
  };
}
