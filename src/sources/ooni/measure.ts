import type { Measurement } from '../../core/model/measurement.ts';
import type { Log } from '../../core/ports/log.ts';
import type { PollContext } from '../../core/ports/source.ts';
import { type Ask, isEnd, type Pair } from './ask.ts';
import { type Baseline, baselineOf, beforeOf, begunAt, type Counted, countedOf, isAsOldAs, type Row } from './rule.ts';
import { type Looked, lookedAt, methodOf } from './sample.ts';
import { measurementOf } from './view.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** What a closer look came to holds for so long. */
const HOLDS_FOR = 12 * HOUR;
const NOISE_FOR = 2 * HOUR;
const BASELINE_FOR = 6 * HOUR;
const MAX_REMEMBERED = 5_000;
/** Single measurements that cannot be had so often in a row are not waited for: the counts stand alone. */
const PATIENCE = 3;

interface Known {
  baseline: { at: number; value: Baseline | null; since: number; isLong: boolean } | null;
  looked: { at: number; value: Looked } | null;
  /** Looks in a row that failed. */
  failures: number;
}

export interface Measured {
  /** Null = too little is measured there to say anything, or it is noise. */
  measurement: Measurement | null;
  rows: readonly Row[];
  /** It was looked at closely just now: worth knowing at once. */
  isNew: boolean;
}

export const keyOf = ({ country, target }: Pair): string => `${country} ${target.service}`;

/** One pair after the other: its counts, and only where they look like a cut, what was usual, and single measurements. Remembers in memory. */
export function createMeasure({ ask, sourceId, log }: { ask: Ask; sourceId: string; log: Log }) {
  const known = new Map<string, Known>();

  function knownOf(pair: Pair): Known {
    const key = keyOf(pair);
    const own = known.get(key) ?? { baseline: null, looked: null, failures: 0 };
    known.delete(key);
    known.set(key, own);
    for (const oldest of known.keys()) if (known.size > MAX_REMEMBERED) known.delete(oldest);
    return own;
  }

  const isFresh = (at: number, forMs: number, now: number): boolean => now >= at && now - at <= forMs;

  async function baseline(pair: Pair, hours: readonly Row[], counted: Counted, { now, signal }: PollContext) {
    const own = knownOf(pair);
    if (!own.baseline || !isFresh(own.baseline.at, BASELINE_FOR, now)) {
      const days = await ask.days(pair, now, signal);
      const { since, isLong } = begunAt(counted, hours, days);
      const value = baselineOf(days, Math.floor(since / DAY) * DAY) ?? baselineOf(hours, counted.since);
      own.baseline = { at: now, value, since, isLong };
    }
    return own.baseline;
  }

  async function look(pair: Pair, counted: Counted, { now, signal }: PollContext): Promise<Looked> {
    const own = knownOf(pair);
    const holdsFor = own.looked?.value.verdict === 'noise' ? NOISE_FOR : HOLDS_FOR;
    if (own.looked && isFresh(own.looked.at, holdsFor, now)) return own.looked.value;
    try {
      const sample = await ask.sample(pair, counted.since, now, signal);
      own.looked = { at: now, value: lookedAt(sample) };
      own.failures = 0;
      const { verdict, why } = own.looked.value;
      log.debug('OONI measurements looked at', { pair: keyOf(pair), verdict, why, of: sample.length });
      return own.looked.value;
    } catch (error) {
      if (signal.aborted || isEnd(error) || ++own.failures < PATIENCE) throw error;
      return { verdict: 'unread', why: null, failure: null };
    }
  }

  /** `onRead` is called as soon as the counts are read: what fails after that is not the source as a whole. */
  return async (pair: Pair, context: PollContext, onRead: () => void): Promise<Measured> => {
    const { now, signal } = context;
    const rows = await ask.hours(pair, now, signal);
    onRead();
    const counted = countedOf(rows, now);
    if (counted === null) return { measurement: null, rows, isNew: false };
    if (counted.says !== 'cut') {
      if (counted.says === 'open') knownOf(pair).looked = null;
      const measurement = measurementOf(sourceId, pair, counted, { before: 'open', method: null, now });
      return { measurement, rows, isNew: false };
    }
    const usual = await baseline(pair, rows, counted, context);
    const isOld = isAsOldAs(rows, counted.since);
    const before = isOld && usual.isLong ? 'cut' : beforeOf(counted, usual.value);
    if (before === null) return { measurement: null, rows, isNew: false };
    const looked = await look(pair, counted, context);
    if (looked.verdict === 'noise') return { measurement: null, rows, isNew: false };
    const method = methodOf(looked.failure);
    const isNew = knownOf(pair).looked?.at === now;
    const begun = isOld ? { ...counted, since: Math.min(counted.since, usual.since) } : counted;
    return { measurement: measurementOf(sourceId, pair, begun, { before, method, now }), rows, isNew };
  };
}
