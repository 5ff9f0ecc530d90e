import type { Rounds } from './rounds.ts';
import { isForgettable, type KeptState, keptOf, leastMissed } from './target-state.ts';

/** What the judge must remember over a restart; JSON-able, bounded. Key: vantage id. */
export interface JudgeMemory {
  vantages: Record<
    string,
    { probeCc: string; probeAsn: string; lastAt: number; agent?: string | null; states: KeptState[] }
  >;
}

/** What the judge knows of one vantage point. */
export interface JudgedVantage {
  id: string;
  probeCc: string;
  probeAsn: string;
  /** Id of the agent whose it is; null = ours. */
  agent: string | null;
  /** Newest round, ms since the epoch. */
  lastAt: number;
  rounds: Rounds;
}

/** Targets of one agent (or of our own probes) of which something is remembered: a whole catalogue, blocked, on three resolvers. */
const MAX_STATES = 512;
/** Vantage points of one agent (or of our own): the line itself, and the resolvers of its country. */
const MAX_VANTAGES = 24;
/** A vantage point of which nothing is remembered and nothing was heard for so long is forgotten. */
const FORGET_VANTAGE = 30 * 24 * 3_600_000;

/**
 * Forgets what would not be missed, and beyond the bounds of each agent what is missed least: however much one agent posts, it takes no room
 * from others. `now`: the newest round of anybody.
 */
export function prune(vantages: Map<string, JudgedVantage>, now: number): void {
  const byAgent = new Map<string | null, JudgedVantage[]>();
  for (const vantage of vantages.values()) {
    for (const state of vantage.rounds.states()) if (isForgettable(state, now)) vantage.rounds.forget(state.target);
    if (vantage.rounds.states().length === 0 && now - vantage.lastAt > FORGET_VANTAGE) vantages.delete(vantage.id);
    else byAgent.set(vantage.agent, [...(byAgent.get(vantage.agent) ?? []), vantage]);
  }
  for (const list of byAgent.values()) {
    const newest = list.sort((a, b) => b.lastAt - a.lastAt);
    for (const { id } of newest.splice(MAX_VANTAGES)) vantages.delete(id);
    const states = newest.flatMap(({ rounds }) => rounds.states().map((state) => ({ state, rounds })));
    if (states.length <= MAX_STATES) continue;
    states.sort((a, b) => leastMissed(a.state, b.state));
    for (const { state, rounds } of states.slice(0, states.length - MAX_STATES)) rounds.forget(state.target);
  }
}

export function memoryOf(vantages: Iterable<JudgedVantage>): JudgeMemory {
  const out: JudgeMemory = { vantages: {} };
  for (const { id, probeCc, probeAsn, lastAt, agent, rounds } of vantages)
    out.vantages[id] = {
      probeCc,
      probeAsn,
      lastAt,
      ...(agent === null ? {} : { agent }),
      states: rounds.states().map(keptOf),
    };
  return out;
}
