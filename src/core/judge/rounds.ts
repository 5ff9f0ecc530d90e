import { isApart, isLate, type RoundTime } from './apart.ts';
import { fresh, type KeptState, type TargetState } from './target-state.ts';
import { isBlocking, SPEED_UNTESTED, spell, type TargetVerdict } from './verdict.ts';

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

export interface RoundRules {
  /** Equal verdicts before a block is said. */
  confirm: number;
  /** Good rounds, and the time they must span, before it is said to be over. */
  liftRounds: number;
  liftSpanMs: number;
  /** Confirmed changes within the window after which a target counts as unstable, and how long it must be quiet then. */
  flapChanges: number;
  flapWindowMs: number;
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

/** A change that has been confirmed in this round and may be reported. */
interface Change {
  state: TargetState;
  kind: 'new' | 'update' | 'lifted';
  verdict: string;
}

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

  /** May this round add to what the one before it began? If so, later ones are held against it. */
  function adds(state: TargetState, first: boolean, time: RoundTime, isAgents: boolean): boolean {
    if (isAgents && isLate(time)) return false;
    const counts = first || !isAgents || isApart({ at: state.countedAt, arrivedAt: state.countedArrival }, time);
    if (counts) {
      state.countedAt = time.at;
      state.countedArrival = time.arrivedAt;
    }
    return counts;
  }

  function step(state: TargetState, v: TargetVerdict, round: RoundInput): Change | null {
    const { at } = round;
    state.seenAt = Math.max(state.seenAt, at);
    if (v.verdict === 'inconclusive' || v.verdict === 'vantage_offline') return null;
    if (isBlocking(v.verdict)) return bad(state, v, round);
    if (v.notes.includes(SPEED_UNTESTED) && isSlowed(state)) return null;
    state.streak = 0;
    state.streakWord = null;
    // Broken for everybody is neither a success nor a block.
    if (v.verdict === 'down') {
      state.good = 0;
      state.goodSince = null;
      return null;
    }
    if (state.now === 'ok') return null;
    const time = timeOf(round);
    if (!adds(state, state.good === 0, time, round.arrivedAt !== undefined)) return null;
    state.goodSince ??= at;
    if (state.good++ === 0) state.goodArrival = time.arrivedAt;
    const span = Math.min(at - state.goodSince, time.arrivedAt - state.goodArrival);
    if (state.good >= r.liftRounds && span >= r.liftSpanMs) {
      state.now = 'ok';
      return changed(state, 'lifted', state.told ?? 'ok', at);
    }
    return null;
  }

  function bad(state: TargetState, v: TargetVerdict, round: RoundInput): Change | null {
    const { at } = round;
    state.good = 0;
    state.goodSince = null;
    const first = state.streakWord !== v.verdict;
    if (!adds(state, first, timeOf(round), round.arrivedAt !== undefined)) return null;
    if (first) {
      state.streakWord = v.verdict;
      state.streakSince = at;
      state.streak = 0;
    }
    state.streak = Math.min(state.streak + 1, 1_000);
    if (state.streak < r.confirm) return null;
    if (state.now === 'ok') {
      state.now = 'blocked';
      state.word = v.verdict;
      return changed(state, 'new', spell(v), at);
    }
    if (state.word !== v.verdict && state.status === 'blocked') {
      // Another way of blocking is news about the same thing.
      state.word = v.verdict;
      state.told = spell(v);
      return { state, kind: 'update', verdict: spell(v) };
    }
    return null;
  }

  /** Damping: who comes and goes too often is said to be unstable, once, and then only by the hour until it is quiet. */
  function changed(state: TargetState, kind: 'new' | 'lifted', verdict: string, at: number): Change | null {
    state.changes = [...state.changes.filter((t) => at - t < r.flapWindowMs), at].slice(-20);
    if (state.status === 'unstable') return null;
    if (state.changes.length >= r.flapChanges) {
      state.status = 'unstable';
      state.lastDigest = at;
      return { state, kind: 'update', verdict: 'unstable' };
    }
    state.status = kind === 'new' ? 'blocked' : 'ok';
    state.told = kind === 'new' ? verdict : null;
    if (kind === 'lifted') state.word = null;
    return { state, kind, verdict };
  }

  function settle(state: TargetState, at: number): Change | null {
    if (state.status !== 'unstable') return null;
    const quiet = at - (state.changes.at(-1) ?? 0) >= r.flapWindowMs;
    if (quiet) {
      state.changes = [];
      state.status = state.now;
      state.told = state.now === 'blocked' ? (state.word ?? 'ok') : null;
      const verdict = state.now === 'blocked' ? String(state.word) : 'ok';
      return { state, kind: state.now === 'blocked' ? 'update' : 'lifted', verdict };
    }
    if (at - state.lastDigest < r.flapWindowMs) return null;
    state.lastDigest = at;
    return { state, kind: 'update', verdict: 'unstable' };
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
      const change = step(state, verdict, round) ?? settle(state, round.at);
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

const timeOf = ({ at, arrivedAt = at }: RoundInput): RoundTime => ({ at, arrivedAt });
const iso = (ms: number): string => new Date(ms).toISOString();

/** A slow-down is in force, or was seen and waits to be confirmed: only a round that measured speed may speak about it. */
export const isSlowed = (state: Pick<TargetState, 'word' | 'streakWord'>): boolean =>
  state.word === 'throttled' || state.streakWord === 'throttled';
