import type { VerdictWord } from './verdict.ts';

/** State of one target of one vantage point over the rounds; JSON-able. Times are ms since the epoch, 0 = never. */
export interface TargetState {
  target: string;
  /** What was confirmed last. `unstable` keeps silent until an hour without a change. */
  status: 'ok' | 'blocked' | 'unstable';
  /** Verdict that the open block was reported with. The key is durable, as all of this is: it keeps its name. */
  told: string | null;
  word: VerdictWord | null;
  /** Equal blocking verdicts in a row that count, and the time of the first. */
  streakWord: VerdictWord | null;
  streak: number;
  streakSince: number;
  /** Good rounds in a row since the block: when the first was measured and when it arrived; first and count are enough. */
  goodSince: number | null;
  goodArrival: number;
  good: number;
  /** The last round that counted: when it was measured and when it arrived. */
  countedAt: number;
  countedArrival: number;
  /** Times of confirmed changes, newest last; bounded. */
  changes: number[];
  /** Under `unstable`: what is true now. */
  now: 'ok' | 'blocked';
  lastDigest: number;
  /** When something was last reported of it: an anomaly, a block, that it goes on; null = never. */
  reportedAt: number | null;
  /** Newest round about it. */
  seenAt: number;
  /** Others saw the block end while this vantage point went on to see it: what it says next of it is said anew. */
  overruled: boolean;
  /** It saw the block end, which was not said while others saw it go on. */
  liftHeld: boolean;
}

/** What is kept of a state: only what differs from a fresh one. */
export type KeptState = Partial<TargetState> & { target: string };

export const fresh = (target: string): TargetState => ({
  target,
  status: 'ok',
  told: null,
  word: null,
  streakWord: null,
  streak: 0,
  streakSince: 0,
  goodSince: null,
  goodArrival: 0,
  good: 0,
  countedAt: 0,
  countedArrival: 0,
  changes: [],
  now: 'ok',
  lastDigest: 0,
  reportedAt: null,
  seenAt: 0,
  overruled: false,
  liftHeld: false,
});

/** A slow-down is in force, or was seen and waits to be confirmed: only a round that measured speed may speak about it. */
export const isSlowed = (state: Pick<TargetState, 'word' | 'streakWord'>): boolean =>
  state.word === 'throttled' || state.streakWord === 'throttled';

const HOUR = 3_600_000;
/** A target that nobody has measured for so long is forgotten. */
const FORGET_AFTER = 14 * 24 * HOUR;

/** Nothing would be lost with it at `now`: the target is well and was so for an hour, or it is measured no more. */
export function isForgettable(state: TargetState, now: number): boolean {
  if (now - state.seenAt > FORGET_AFTER) return true;
  const isWell = state.status === 'ok' && state.now === 'ok' && state.streak === 0 && !state.liftHeld;
  return (
    isWell &&
    now - (state.reportedAt ?? Number.NEGATIVE_INFINITY) > HOUR &&
    state.changes.every((at) => now - at > HOUR)
  );
}

/** Who goes first where there is no room: what is not confirmed, then what was seen longest ago. */
export const leastMissed = (a: TargetState, b: TargetState): number =>
  Number(a.now === 'blocked') - Number(b.now === 'blocked') || a.seenAt - b.seenAt;

export function keptOf(state: TargetState): KeptState {
  const plain = fresh(state.target) as unknown as Record<string, unknown>;
  const differs = ([key, value]: [string, unknown]): boolean =>
    key === 'target' || (Array.isArray(value) ? value.length > 0 : value !== plain[key]);
  return Object.fromEntries(Object.entries(state).filter(differs)) as unknown as KeptState;
}
