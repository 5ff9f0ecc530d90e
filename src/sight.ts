import type { BotHealth } from './core/commands/health.ts';
import type { Sight } from './core/render/regular.ts';

/** How well the bot sees, as the report of a quiet week tells it. `own`: id of the vantage point on this machine, or null. */
export function sightOf(
  { sources, agents, missingVantages }: Pick<BotHealth, 'sources' | 'agents' | 'missingVantages'>,
  own: string | null,
): Sight {
  const every = sources
    .flatMap(({ lastPollAt, nextDueAt }) => (lastPollAt === null || nextDueAt === null ? [] : [nextDueAt - lastPollAt]))
    .filter((ms) => ms > 0)
    .sort((a, b) => a - b);
  const measuring = agents.filter((one) => !one.missing && !one.stopped && one.lastSeenAt !== null).length;
  return {
    sources: sources.length,
    answering: sources.filter((one) => one.failingSince === null && !one.stale && one.lastOkAt !== null).length,
    oftenMs: every[(every.length - 1) >> 1] ?? null,
    vantages: measuring + (own !== null && !missingVantages.includes(own) ? 1 : 0),
  };
}
