import { isApart, isLate, type RoundTime } from './apart.ts';
import { isSlowed, type TargetState } from './target-state.ts';
import { isBlocking, SPEED_UNTESTED, spell, type TargetVerdict } from './verdict.ts';

/** How many rounds confirm and lift, and from when on what comes and goes is damped. */
export interface TargetRules {
  /** Equal verdicts before a block is said. */
  confirm: number;
  /** Good rounds, and the time they must span, before it is said to be over. */
  liftRounds: number;
  liftSpanMs: number;
  /** Confirmed changes within the window after which a target counts as unstable, and how long it must be quiet then. */
  flapChanges: number;
  flapWindowMs: number;
}

/** When a round was; an agent's counts by when it got here, too. */
export interface RoundMoment extends RoundTime {
  isAgents: boolean;
}

/** A change that has been confirmed in this round and may be reported. */
export interface Change {
  state: TargetState;
  kind: 'new' | 'update' | 'lifted';
  verdict: string;
}

/**
 * Takes one verdict into a target's state: confirmation, hysteresis, damping (probes.md, section 9). Nothing else is looked at: the same
 * states and verdicts come to the same changes.
 */
export function stepTarget(state: TargetState, v: TargetVerdict, time: RoundMoment, rules: TargetRules): Change | null {
  return judged(state, v, time, rules) ?? calmed(state, time.at, rules);
}

function judged(state: TargetState, v: TargetVerdict, time: RoundMoment, rules: TargetRules): Change | null {
  state.seenAt = Math.max(state.seenAt, time.at);
  if (v.verdict === 'inconclusive' || v.verdict === 'vantage_offline') return null;
  if (isBlocking(v.verdict)) return bad(state, v, time, rules);
  if (v.notes.includes(SPEED_UNTESTED) && isSlowed(state)) return null;
  state.streak = 0;
  state.streakWord = null;
  // Broken for everybody is neither a success nor a block.
  if (v.verdict === 'down') {
    state.good = 0;
    state.goodSince = null;
    return null;
  }
  return good(state, time, rules);
}

function good(state: TargetState, time: RoundMoment, rules: TargetRules): Change | null {
  const { at, arrivedAt } = time;
  if (state.now === 'ok' || !adds(state, state.good === 0, time)) return null;
  state.goodSince ??= at;
  if (state.good++ === 0) state.goodArrival = arrivedAt;
  const span = Math.min(at - state.goodSince, arrivedAt - state.goodArrival);
  if (state.good < rules.liftRounds || span < rules.liftSpanMs) return null;
  state.now = 'ok';
  return changed(state, { kind: 'lifted', verdict: state.told ?? 'ok' }, at, rules);
}

function bad(state: TargetState, v: TargetVerdict, time: RoundMoment, rules: TargetRules): Change | null {
  state.good = 0;
  state.goodSince = null;
  const first = state.streakWord !== v.verdict;
  if (!adds(state, first, time)) return null;
  if (first) {
    state.streakWord = v.verdict;
    state.streakSince = time.at;
    state.streak = 0;
  }
  state.streak = Math.min(state.streak + 1, 1_000);
  if (state.streak < rules.confirm) return null;
  if (state.now === 'ok') {
    state.now = 'blocked';
    state.word = v.verdict;
    return changed(state, { kind: 'new', verdict: spell(v) }, time.at, rules);
  }
  if (state.word !== v.verdict && state.status === 'blocked') {
    // Another way of blocking is news about the same thing.
    state.word = v.verdict;
    state.told = spell(v);
    return { state, kind: 'update', verdict: spell(v) };
  }
  return null;
}

/** May this round add to what the one before it began? If so, later ones are held against it. */
function adds(state: TargetState, first: boolean, time: RoundMoment): boolean {
  const { at, arrivedAt, isAgents } = time;
  if (isAgents && isLate(time)) return false;
  const counts = first || !isAgents || isApart({ at: state.countedAt, arrivedAt: state.countedArrival }, time);
  if (counts) {
    state.countedAt = at;
    state.countedArrival = arrivedAt;
  }
  return counts;
}

/** Damping: who comes and goes too often is said to be unstable, once, and then only by the hour until it is quiet. */
function changed(
  state: TargetState,
  { kind, verdict }: { kind: 'new' | 'lifted'; verdict: string },
  at: number,
  rules: TargetRules,
): Change | null {
  state.changes = [...state.changes.filter((t) => at - t < rules.flapWindowMs), at].slice(-20);
  if (state.status === 'unstable') return null;
  if (state.changes.length >= rules.flapChanges) {
    state.status = 'unstable';
    state.lastDigest = at;
    return { state, kind: 'update', verdict: 'unstable' };
  }
  state.status = kind === 'new' ? 'blocked' : 'ok';
  state.told = kind === 'new' ? verdict : null;
  if (kind === 'lifted') state.word = null;
  return { state, kind, verdict };
}

/** What was unstable: quiet again, or the hour is over in which it was said last. */
function calmed(state: TargetState, at: number, rules: TargetRules): Change | null {
  if (state.status !== 'unstable') return null;
  const quiet = at - (state.changes.at(-1) ?? 0) >= rules.flapWindowMs;
  if (quiet) {
    state.changes = [];
    state.status = state.now;
    state.told = state.now === 'blocked' ? (state.word ?? 'ok') : null;
    const verdict = state.now === 'blocked' ? String(state.word) : 'ok';
    return { state, kind: state.now === 'blocked' ? 'update' : 'lifted', verdict };
  }
  if (at - state.lastDigest < rules.flapWindowMs) return null;
  state.lastDigest = at;
  return { state, kind: 'update', verdict: 'unstable' };
}
