import { isBlocking, SPEED_UNTESTED, spell, type TargetVerdict, type VerdictWord } from './verdict.ts';

/** When a round was measured, as its vantage point says, and when it got here; ms since the epoch. Equal where we measured ourselves. */
interface RoundTime {
  at: number;
  arrivedAt: number;
}

/** Rounds closer together than this are one look. */
const LEAST_APART = 2_000;
/** So far apart they count whatever was claimed. */
const SURELY_APART = 60_000;

/** What took longer to get here is history: it is kept, and may be a sign, but no round of a block or of a lift. */
const LATE = 15 * 60_000;

export const isLate = ({ at, arrivedAt }: RoundTime): boolean => arrivedAt - at > LATE;

/**
 * Does a round that an agent brought count beside the last one that did? It must be later by its own word and by our clock, and it must have
 * come at about the pace that it claims: what waited for a link, or was dated back, comes in a bunch and counts as one round at most. An
 * honest agent needs fresh rounds after an outage; what it measured meanwhile is kept as history.
 */
export function isApart(last: RoundTime, next: RoundTime): boolean {
  const claimed = next.at - last.at;
  const arrived = next.arrivedAt - last.arrivedAt;
  if (claimed < LEAST_APART || arrived < LEAST_APART) return false;
  return arrived >= SURELY_APART || arrived >= claimed / 2;
}

/** State of one target of one vantage point over the rounds, as it begins; JSON-able. Times are ms since the epoch, 0 = never. */
export const fresh = (target: string) => ({
  target,
  /** What was confirmed last. `unstable` keeps silent until an hour without a change. */
  status: 'ok' as 'ok' | 'blocked' | 'unstable',
  /** Verdict that the open block was reported with. The key is durable, as all of this is: it keeps its name. */
  told: null as string | null,
  word: null as VerdictWord | null,
  /** Equal blocking verdicts in a row that count, and the time of the first. */
  streakWord: null as VerdictWord | null,
  streak: 0,
  streakSince: 0,
  /** Good rounds in a row since the block: when the first was measured and when it arrived; first and count are enough. */
  goodSince: null as number | null,
  goodArrival: 0,
  good: 0,
  /** The last round that counted: when it was measured and when it arrived. */
  countedAt: 0,
  countedArrival: 0,
  /** Times of confirmed changes, newest last; bounded. */
  changes: [] as number[],
  /** Under `unstable`: what is true now. */
  now: 'ok' as 'ok' | 'blocked',
  lastDigest: 0,
  /** When something was last reported of it: an anomaly, a block, that it goes on; null = never. */
  reportedAt: null as number | null,
  /** Newest round about it. */
  seenAt: 0,
  /** Others saw the block end while this vantage point went on to see it: what it says next of it is said anew. */
  overruled: false,
  /** It saw the block end, which was not said while others saw it go on. */
  liftHeld: false,
});
export type TargetState = ReturnType<typeof fresh>;

/** What is kept of a state: only what differs from a fresh one. */
export type KeptState = Partial<TargetState> & { target: string };

/** A slow-down is in force, or was seen and waits to be confirmed: only a round that measured speed may speak about it. */
export const isSlowed = (state: Pick<TargetState, 'word' | 'streakWord'>): boolean =>
  state.word === 'throttled' || state.streakWord === 'throttled';

const HOUR = 3_600_000;
/** Clocks differ by so much; what lies further ahead is the mark of a clock that was wrong. */
const AHEAD = 15 * 60_000;

/** A clock that was ahead has left times of the future: as if they were of now, or never were, so that nothing waits until they have come. */
function pullBack(state: TargetState, now: number): void {
  const isAhead = (at: number | null): boolean => at !== null && at > now + AHEAD;
  if (isAhead(state.countedAt) || isAhead(state.countedArrival))
    Object.assign(state, { countedAt: 0, countedArrival: 0 });
  if (isAhead(state.goodSince) || isAhead(state.goodArrival))
    Object.assign(state, { goodSince: now, goodArrival: now });
  if (isAhead(state.reportedAt)) state.reportedAt = null;
  state.changes = state.changes.filter((at) => !isAhead(at));
  for (const key of ['streakSince', 'lastDigest', 'seenAt'] as const) if (isAhead(state[key])) state[key] = now;
}

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

/** Good rounds, and the time they must span, before a block is said to be over. */
export interface RoundRules {
  liftRounds: number;
  liftSpanMs: number;
}

const ROUND_RULES: RoundRules = { liftRounds: 3, liftSpanMs: 600_000 };
/** Equal verdicts before a block is said. */
const CONFIRM = 3;
/** Confirmed changes within the window after which a target counts as unstable, and how long it must be quiet then. */
const FLAP_CHANGES = 3;
const FLAP_WINDOW_MS = HOUR;
/** Share and number of targets that change in one round before one alert speaks for all, one round later. */
const GROUP_SHARE = 0.5;
const GROUP_LEAST = 3;

/** When a round was; an agent's counts by when it got here, too. */
type RoundMoment = RoundTime & { isAgents: boolean };

/** A change that has been confirmed in this round and may be reported. */
interface Change {
  state: TargetState;
  kind: 'new' | 'update' | 'lifted';
  verdict: string;
}

/**
 * Takes one verdict into a target's state: confirmation, hysteresis (probes.md, section 9). Nothing else is looked at: the same states and
 * verdicts come to the same changes.
 */
function stepTarget(state: TargetState, v: TargetVerdict, time: RoundMoment, rules: RoundRules): Change | null {
  pullBack(state, time.arrivedAt);
  state.seenAt = Math.max(state.seenAt, time.at);
  if (v.verdict === 'inconclusive' || v.verdict === 'vantage_offline') return null;
  if (isBlocking(v.verdict)) return bad(state, v, time);
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

function good(state: TargetState, time: RoundMoment, rules: RoundRules): Change | null {
  const { at, arrivedAt } = time;
  if (state.now === 'ok' || !adds(state, state.good === 0, time)) return null;
  state.goodSince ??= at;
  if (state.good++ === 0) state.goodArrival = arrivedAt;
  const span = Math.min(at - state.goodSince, arrivedAt - state.goodArrival);
  if (state.good < rules.liftRounds || span < rules.liftSpanMs) return null;
  state.now = 'ok';
  return changed(state, 'lifted', state.told ?? 'ok', at);
}

function bad(state: TargetState, v: TargetVerdict, time: RoundMoment): Change | null {
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
  if (state.streak < CONFIRM) return null;
  if (state.now === 'ok') {
    state.now = 'blocked';
    state.word = v.verdict;
    return changed(state, 'new', spell(v), time.at);
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
function changed(state: TargetState, kind: 'new' | 'lifted', verdict: string, at: number): Change | null {
  state.changes = [...state.changes.filter((t) => at - t < FLAP_WINDOW_MS), at].slice(-20);
  if (state.status === 'unstable') return null;
  if (state.changes.length >= FLAP_CHANGES) {
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
function calmed(state: TargetState, at: number): Change | null {
  if (state.status !== 'unstable') return null;
  if (at - (state.changes.at(-1) ?? 0) >= FLAP_WINDOW_MS) {
    state.changes = [];
    state.status = state.now;
    state.told = state.now === 'blocked' ? (state.word ?? 'ok') : null;
    const verdict = state.now === 'blocked' ? String(state.word) : 'ok';
    return { state, kind: state.now === 'blocked' ? 'update' : 'lifted', verdict };
  }
  if (at - state.lastDigest < FLAP_WINDOW_MS) return null;
  state.lastDigest = at;
  return { state, kind: 'update', verdict: 'unstable' };
}

/** What one round came to, for the rules over rounds. `at`: ms since the epoch; rounds come in order of time. */
interface RoundInput {
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
  /** Many alike in one round: said one round later. */
  let deferred: Change[] = [];

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
    return [alertOf('vantage_offline', at, { target: null, verdict: `vantage_offline:${offline}` })];
  }

  const stateOf = (target: string): TargetState => states.getOrInsertComputed(target, fresh);

  function take(round: RoundInput): RoundAlert[] {
    const alerts = vantage(round.at, round.offline);
    // Nothing about targets changes while the line is down; what was judged in spite of a dead resolver or losses still counts.
    const changes: Change[] = [];
    let judged = 0;
    const moment = { at: round.at, arrivedAt: round.arrivedAt ?? round.at, isAgents: round.arrivedAt !== undefined };
    for (const { target, verdict } of round.verdicts) {
      if (!verdict) continue;
      judged++;
      const state = stateOf(target);
      const change = stepTarget(state, verdict, moment, r) ?? calmed(state, round.at);
      if (change) changes.push(change);
    }
    if (round.offline !== null && changes.length === 0) return alerts;
    const before = Map.groupBy(deferred, ({ kind }) => kind);
    for (const kind of ['new', 'lifted'] as const) alerts.push(...grouped(kind, before.get(kind) ?? [], round.at));
    deferred = [];
    for (const kind of ['new', 'update', 'lifted'] as const) {
      const alike = changes.filter((c) => c.kind === kind);
      if (kind !== 'update' && alike.length >= GROUP_LEAST && alike.length > judged * GROUP_SHARE)
        deferred.push(...alike);
      else
        for (const { state, verdict } of alike) alerts.push(alertOf(kind, round.at, { target: state.target, verdict }));
    }
    return alerts;
  }

  return {
    take,
    states: (): TargetState[] => [...states.values()],
    /** Of one target; made when there is none. */
    state: stateOf,
    forget: (target: string): void => void states.delete(target),
    /** Targets whose last verdicts differ from what is confirmed: worth asking again soon. */
    unconfirmed: (): string[] =>
      [...states.values()].filter((s) => (s.now === 'ok' ? s.streak > 0 : s.good > 0)).map((s) => s.target),
  };
}
export type Rounds = ReturnType<typeof createRounds>;

const alertOf = (
  kind: RoundAlert['kind'],
  at: number,
  about: Pick<RoundAlert, 'target' | 'targets' | 'verdict'>,
): RoundAlert => ({ type: 'alert', kind, at: new Date(at).toISOString(), ...about });

/** One alert for many; none where there are none. */
function grouped(kind: RoundAlert['kind'], changes: readonly Change[], at: number): RoundAlert[] {
  const words = [...new Set(changes.map((c) => c.verdict))];
  const targets = changes.map((c) => c.state.target);
  const verdict = words.length === 1 ? words[0]! : 'several';
  return targets.length === 0 ? [] : [alertOf(kind, at, { target: null, targets, verdict })];
}
