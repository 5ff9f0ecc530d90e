import type { Measurement } from '../../core/model/measurement.ts';
import type { Log } from '../../core/ports/log.ts';
import type { PollContext } from '../../core/ports/source.ts';
import { type Ask, isEnd, type Pair } from './ask.ts';
import type { Row } from './counts.ts';
import { countriesBeside, isEverywhere, isWholeWeb } from './elsewhere.ts';
import { type Before, beforeOf, easedOf, judgedOf } from './judged.ts';
import { type Counted, countedOf, isAsOldAs } from './rule.ts';
import { type Looked, lookedAt, methodOf } from './sample.ts';
import type { Usual } from './usual.ts';
import { measurementOf } from './view.ts';

const HOUR = 3_600_000;
/** What a closer look came to holds for so long. */
const HOLDS_FOR = 12 * HOUR;
const NOISE_FOR = 2 * HOUR;
const BEFORE_FOR = 6 * HOUR;
const OLD = 48 * HOUR;
const MAX_REMEMBERED = 5_000;
/** Single measurements that cannot be had so often in a row are not waited for: the counts stand alone. */
const PATIENCE = 3;

interface Known {
  /** How it was before what looks like a cut. */
  before: { at: number; value: Before } | null;
  /** How it was the last time that it was known to be well before a cut. */
  usual: Usual | null;
  /** It was found to be cut, and not well since. */
  isCut: boolean;
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

interface MeasureDeps {
  ask: Ask;
  sourceId: string;
  log: Log;
  /** Countries that are asked for at present. */
  followed: () => readonly string[];
}

export const keyOf = ({ country, target }: Pair): string => `${country} ${target.service}`;

/** One pair after the other: its counts, and only where they look like a cut, what was usual, and single measurements. Remembers in memory. */
export function createMeasure({ ask, sourceId, log, followed }: MeasureDeps) {
  const known = new Map<string, Known>();

  function knownOf(pair: Pair): Known {
    const key = keyOf(pair);
    const own = known.get(key) ?? { before: null, usual: null, isCut: false, looked: null, failures: 0 };
    known.delete(key);
    known.set(key, own);
    for (const oldest of known.keys()) if (known.size > MAX_REMEMBERED) known.delete(oldest);
    return own;
  }

  const isFresh = (at: number, forMs: number, now: number): boolean => now >= at && now - at <= forMs;

  async function before(pair: Pair, hours: readonly Row[], looks: Counted, { now, signal }: PollContext) {
    const own = knownOf(pair);
    if (!own.before || !isFresh(own.before.at, BEFORE_FOR, now))
      own.before = { at: now, value: beforeOf(looks, hours, await ask.days(pair, now, signal)) };
    if (own.before.value.usual?.isWell) own.usual = own.before.value.usual;
    return own.before.value;
  }

  /** Is it more than this service in this country? */
  async function wider(pair: Pair, { since }: Counted, { now, signal }: PollContext): Promise<Looked['why']> {
    // Of what is older the day before is not asked for by the hour any more.
    if (now - since > OLD) return null;
    const span = { since, now };
    const countries = countriesBeside(pair.country, followed());
    if (isEverywhere(await ask.elsewhere(pair, countries, span, signal), since)) return 'everywhere';
    return isWholeWeb(await ask.web(pair, span, signal), since) ? 'whole-web' : null;
  }

  async function closely(pair: Pair, counted: Counted, context: PollContext): Promise<Looked> {
    const why = await wider(pair, counted, context);
    if (why === null) return lookedAt(await ask.sample(pair, counted.since, context.now, context.signal));
    log.info('OONI sees more fail than one service in one country: not told as a block', { pair: keyOf(pair), why });
    return { verdict: 'noise', why, failure: null };
  }

  async function look(pair: Pair, counted: Counted, context: PollContext): Promise<Looked> {
    const { now, signal } = context;
    const own = knownOf(pair);
    const holdsFor = own.looked?.value.verdict === 'noise' ? NOISE_FOR : HOLDS_FOR;
    if (own.looked && isFresh(own.looked.at, holdsFor, now)) return own.looked.value;
    try {
      own.looked = { at: now, value: await closely(pair, counted, context) };
      own.failures = 0;
      const { verdict, why } = own.looked.value;
      log.debug('OONI measurements looked at', { pair: keyOf(pair), verdict, why });
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
    const looks = countedOf(rows, now);
    if (looks?.says !== 'cut') {
      const own = knownOf(pair);
      const counted = own.usual && looks?.says !== 'open' ? easedOf(rows, own.usual, now) : looks;
      if (counted?.says === 'open') Object.assign(own, { looked: null, isCut: false });
      const view = { before: 'open', method: null, now } as const;
      const measurement = counted && measurementOf(sourceId, pair, counted, view);
      return { measurement, rows, isNew: false };
    }
    const usual = await before(pair, rows, looks, context);
    const judged = judgedOf(rows, usual, { now, isKnown: knownOf(pair).isCut });
    const looked = judged && (await look(pair, looks, context));
    if (judged === null || looked?.verdict === 'noise') return { measurement: null, rows, isNew: false };
    const method = methodOf(looked?.failure ?? null);
    const own = knownOf(pair);
    if (!judged.isUsual) own.isCut = true;
    const isOld = isAsOldAs(rows, looks.since);
    const begun = isOld ? { ...looks, since: Math.min(looks.since, usual.since) } : looks;
    const measurement = measurementOf(sourceId, pair, begun, { ...judged, method, now });
    return { measurement, rows, isNew: own.looked?.at === now };
  };
}
