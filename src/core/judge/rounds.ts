import { type Change, type RoundMoment, stepTarget, type TargetRules } from './step-target.ts';
import { fresh, type KeptState, type TargetState } from './target-state.ts';
import type { TargetVerdict } from './verdict.ts';

/** What one round came to, for the rules over rounds. `at`: ms since the epoch; rounds come in order of time. */
export interface RoundInput {
  at: number;
  /** When an agent's round got here; absent = our own, which counts whenever it was. */
  arrivedAt?: number;
  /** Trouble of the vantage point itself, or null. */
  offline: string | null;
  /** Null = left unjudged. */
  verdicts: { target: string; verdict: TargetVerdict | null }[];
}

/** One thing worth telling. `target` null with `targets`: many at once; without: the vantage point itself. */
export interface RoundAlert {
  type: 'alert';
  kind: 'new' | 'update' | 'lifted' | 'vantage_offline';
  /** ISO 8601, UTC. */
  at: string;
  target: string | null;
  targets?: string[];
  /** In the words of probes.md; `unstable` for one that comes and goes. */
  verdict: string;
}

export interface RoundRules extends TargetRules {
  /** Share and number of targets that change in one round before one alert speaks for all, one round later. */
  groupShare: number;
  groupLeast: number;
}

const ROUND_RULES: RoundRules = {
  confirm: 3,
  liftRounds: 3,
  liftSpanMs: 600_000,
  flapChanges: 3,
  flapWindowMs: 3_600_000,
  groupShare: 0.5,
  groupLeast: 3,
};

/**
 * Confirmation, hysteresis and damping over rounds (probes.md, section 9). `take` gets one round and returns what to tell; the states can be
 * read for keeping and given back to go on where one left off.
 */
export function createRounds(rules: Partial<RoundRules> = {}, kept: readonly KeptState[] = []) {
  const r: RoundRules = { ...ROUND_RULES, ...rules };
  const states = new Map<string, TargetState>(
    kept.map((s) => [s.target, { ...fresh(s.target), ...s, changes: [...(s.changes ?? [])] }]),
  );
  let outage: string | null = null;
  let soundRounds = 0;
  let lossyRounds = 0;
  let held: Change[] = [];

  function vantage(at: number, offline: string | null): RoundAlert[] {
    if (offline === null) {
      lossyRounds = 0;
      // One outage lasts until the line has been sound twice.
      if (outage !== null && ++soundRounds >= 2) outage = null;
      return [];
    }
    soundRounds = 0;
    if (offline === 'lossy' && ++lossyRounds < 3) return [];
    if (outage !== null) return [];
    outage = offline;
    return [
      { type: 'alert', kind: 'vantage_offline', at: iso(at), target: null, verdict: `vantage_offline:${offline}` },
    ];
  }

  function take(round: RoundInput): RoundAlert[] {
    const alerts = vantage(round.at, round.offline);
    // Nothing about targets changes while the line is down; what was judged in spite of a dead resolver or losses still counts.
    const changes: Change[] = [];
    let judged = 0;
    for (const { target, verdict } of round.verdicts) {
      if (!verdict) continue;
      judged++;
      const state = states.get(target) ?? fresh(target);
      states.set(target, state);
      const change = stepTarget(state, verdict, momentOf(round), r);
      if (change) changes.push(change);
    }
    if (round.offline !== null && changes.length === 0) return alerts;
    for (const kind of ['new', 'lifted'] as const) {
      const waiting = held.filter((c) => c.kind === kind);
      if (waiting.length > 0) alerts.push(grouped(waiting, round.at));
    }
    held = [];
    for (const kind of ['new', 'update', 'lifted'] as const) {
      const alike = changes.filter((c) => c.kind === kind);
      if (kind !== 'update' && alike.length >= r.groupLeast && alike.length > judged * r.groupShare)
        held.push(...alike);
      else
        for (const c of alike)
          alerts.push({ type: 'alert', kind, at: iso(round.at), target: c.state.target, verdict: c.verdict });
    }
    return alerts;
  }

  return {
    take,
    states: (): TargetState[] => [...states.values()],
    /** Of one target; made when there is none. */
    state(target: string): TargetState {
      const state = states.get(target) ?? fresh(target);
      states.set(target, state);
      return state;
    },
    forget: (target: string): void => void states.delete(target),
    /** Targets whose last verdicts differ from what is confirmed: worth asking again soon. */
    unconfirmed: (): string[] =>
      [...states.values()].filter((s) => (s.now === 'ok' ? s.streak > 0 : s.good > 0)).map((s) => s.target),
  };
}
export type Rounds = ReturnType<typeof createRounds>;

function grouped(changes: Change[], at: number): RoundAlert {
  const words = new Set(changes.map((c) => c.verdict));
  const targets = changes.map((c) => c.state.target);
  return {
    type: 'alert',
    kind: changes[0]!.kind,
    at: iso(at),
    target: null,
    targets,
    verdict: words.size === 1 ? [...words][0]! : 'several',
  };
}

const momentOf = ({ at, arrivedAt }: RoundInput): RoundMoment => ({
  at,
  arrivedAt: arrivedAt ?? at,
  isAgents: arrivedAt !== undefined,
});
const iso = (ms: number): string => new Date(ms).toISOString();
