import type { Code } from '../errors.ts';
import type { LogFields } from '../ports/log.ts';

export interface Failure {
  source: string;
  kind: string;
  code: Code;
  reason: string;
}

export interface Ended {
  source: string;
  failures: number;
  failedForMinutes: number;
}

/** What is known of the sources' failures, and what of it was not said yet. Times are monotonic ms. */
export interface NewsState {
  all: readonly string[];
  noun: 'feeds' | 'sources';
  beganAt: number;
  /** Not polled since the start. */
  unasked: Set<string>;
  /** Id → code, of all that fail now. */
  failing: Map<string, Code>;
  held: Failure[];
  ended: Ended[];
  /** First and last event that was not said yet. */
  firstAt: number | null;
  lastAt: number | null;
  /** How many had a line of their own since `eachSince`; what drips in one by one is many, too. */
  each: number;
  eachSince: number;
  /** When many were last logged in one line. */
  manyAt: number | null;
  /** Of the first round: is something still to be said? */
  firstRound: 'running' | 'logged';
}

export interface NewsLine {
  level: 'info' | 'warn';
  message: string;
  fields: LogFields;
}

/** More than these at one time are one line. */
const FEW = 3;
const MAX_NAMES = 5;
/** The first round may take so long before what is known is said. */
const FIRST_MS = 20_000;
const QUIET_MS = 3_000;
const MOST_MS = 15_000;
/** After a line about many: whoever reads it knows, and the rest may gather for longer. */
const KNOWN_MS = 600_000;
const KNOWN_QUIET_MS = 60_000;
const KNOWN_MOST_MS = 300_000;
/** The line of this machine, rather than a server of that name. */
const NETWORK: readonly Code[] = ['fetch_dns', 'fetch_connection', 'fetch_timeout', 'fetch_proxy', 'timeout'];

/** When there is something to be said; null = nothing waits. */
export function newsDueAt(state: NewsState): number | null {
  const { firstAt, lastAt, manyAt, beganAt } = state;
  if (state.firstRound === 'running') {
    if (state.unasked.size === 0) return beganAt;
    if (manyAt === null) return firstAt === null ? null : beganAt + FIRST_MS;
  }
  if (firstAt === null || lastAt === null) return null;
  const known = manyAt !== null && firstAt - manyAt < KNOWN_MS;
  const [quiet, most] = known ? [KNOWN_QUIET_MS, KNOWN_MOST_MS] : [QUIET_MS, MOST_MS];
  return Math.min(lastAt + quiet, firstAt + most);
}

/** What to say now, and what is known afterwards. Says nothing before it is due. Pure: the given state is left as it is. */
export function planNews(state: NewsState, now: number): { lines: NewsLine[]; next: NewsState } {
  const due = newsDueAt(state);
  if (due === null || due > now) return { lines: [], next: state };
  const lately = now - state.eachSince < KNOWN_MS ? state.each : 0;
  const failures = failureLines(state, lately);
  const lines = [...failures.lines, ...endLines(state)];
  const first = state.firstRound === 'running' && state.unasked.size === 0;
  if (first && state.failing.size === 0 && state.all.length > 0) lines.push(allRead(state));
  const next: NewsState = {
    ...state,
    held: [],
    ended: [],
    firstAt: null,
    lastAt: null,
    each: failures.many ? 0 : lately + failures.lines.length,
    eachSince: lately === 0 ? now : state.eachSince,
    manyAt: failures.many ? now : state.manyAt,
    firstRound: first ? 'logged' : state.firstRound,
  };
  return { lines, next };
}

const allRead = ({ all, noun }: NewsState): NewsLine => ({
  level: 'info',
  message: all.length === 1 ? `The ${noun.slice(0, -1)} was read` : `All ${all.length} ${noun} were read`,
  fields: {},
});

function failureLines(state: NewsState, lately: number): { lines: NewsLine[]; many: boolean } {
  const { held, failing, all, noun } = state;
  const names = [...new Set(held.map((one) => one.source))];
  const dripping = failing.size > FEW && names.length + lately > 2 * FEW;
  if (names.length <= FEW && (!dripping || names.length === 0)) {
    const lines = held.map(
      (one): NewsLine => ({ level: 'warn', message: 'Unable to read source', fields: { ...one } }),
    );
    return { lines, many: false };
  }
  const unreachable = [...failing.values()].filter((code) => NETWORK.includes(code)).length;
  const share = `${failing.size} of ${all.length} ${noun} cannot be`;
  const network = unreachable * 2 > failing.size;
  const everywhere = failing.size === all.length || (network && failing.size >= all.length * 0.8);
  const message = `${share} ${network ? 'reached' : 'read'}${everywhere ? ': is there internet?' : ''}`;
  const shown = names.length > MAX_NAMES ? [...names.slice(0, MAX_NAMES), '…'] : names;
  // Where all fail alike, their names say nothing.
  const which = everywhere ? {} : { sources: shown.join(' ') };
  const { code, reason } = commonest(held);
  const fields = { ...which, code, reason, details: 'the command sources, or TOCSIN_LOG=debug' };
  return { lines: [{ level: 'warn', message, fields }], many: true };
}

/** The first of the code that most of them have. */
function commonest(held: readonly Failure[]): Failure {
  const counts = new Map<Code, number>();
  for (const { code } of held) counts.set(code, (counts.get(code) ?? 0) + 1);
  const [code] = [...counts].reduce((a, b) => (b[1] > a[1] ? b : a));
  return held.find((one) => one.code === code)!;
}

function endLines({ ended, failing, all, noun }: NewsState): NewsLine[] {
  if (ended.length <= FEW)
    return ended.map((one) => ({ level: 'info', message: 'Source is readable again', fields: { ...one } }));
  const rest = failing.size === 0 ? `all ${all.length} ${noun} are readable` : `${failing.size} still fail`;
  return [{ level: 'info', message: `${ended.length} ${noun} are readable again; ${rest}`, fields: {} }];
}
