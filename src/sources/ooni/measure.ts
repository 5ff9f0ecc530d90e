import type { Measurement, ObservatoryView } from '../../core/model/measurement.ts';
import type { Log } from '../../core/ports/runtime.ts';
import type { PollContext } from '../../core/ports/source.ts';
import { type Ask, isEnd, type Looked, lookedAt, methodOf, type Pair } from './ask.ts';
import { type Before, beforeOf, type Counted, countedOf, easedOf, isAsOldAs, judgedOf } from './rule.ts';
import { countriesBeside, isEverywhere, isWholeWeb, type Row, type Usual } from './usual.ts';

const DAY = 86_400_000;
export const NAME = 'OONI';
/** OONI's data policy. */
const LICENCE = 'CC BY-NC-SA 4.0';

const base = { observatory: 'ooni', name: NAME, licence: LICENCE, signals: [], region: null };

/** What the counts of a pair say, as a measurement of that country. */
function measurementOf(
  sourceId: string,
  { country, target }: Pair,
  counted: Counted,
  more: Pick<ObservatoryView, 'before' | 'method' | 'isUsual'> & { now: number },
): Measurement {
  const { says, share, since, until, from, measurements } = counted;
  const { before, method, now, isUsual = false } = more;
  const networks = counted.networks.filter((asn) => asn > 0).map((asn) => `AS${asn}`);
  const query = { test_name: target.test, ...(target.domains.length > 0 ? { domain: target.domains.join(',') } : {}) };
  const url = explorer(country, query, since, now);
  const raw: ObservatoryView = {
    ...base,
    url,
    says,
    before,
    ...(isUsual ? { isUsual } : {}),
    method,
    since,
    until,
    from,
    measurements,
    networks,
    action: 'block',
  };
  return {
    id: `${sourceId}/${country}/${target.service}/${says}/${until}/${measurements}`,
    sourceId,
    kind: 'ooni',
    at: now,
    probeCc: country,
    probeAsn: 'AS0',
    vantageId: `${sourceId}/${country}`,
    target: target.service,
    component: null,
    verdict: says === 'cut' ? 'blocked' : says,
    detail: null,
    notes: [`share ${share.toFixed(2)}`],
    raw,
  };
}

/** That nobody measures in a country any more, or does again: a sign that its network is off, and no more. */
export function silenceOf(
  sourceId: string,
  country: string,
  pulse: Pulse,
  says: 'cut' | 'open',
  now: number,
): Measurement {
  const raw: ObservatoryView = {
    ...base,
    url: explorer(country, {}, pulse.last, now),
    says,
    before: 'open',
    ...(says === 'cut' ? { isSign: true, isSilence: true } : {}),
    action: 'shutdown',
    method: null,
    since: says === 'cut' ? pulse.last : pulse.since,
    until: now,
    measurements: 0,
    networks: [],
  };
  return {
    id: `${sourceId}/${country}/internet/${says}/${pulse.last}/${Math.floor(now / 60_000)}`,
    sourceId,
    kind: 'ooni',
    at: now,
    probeCc: country,
    probeAsn: 'AS0',
    vantageId: `${sourceId}/${country}`,
    target: 'internet',
    component: null,
    verdict: says === 'cut' ? 'no measurements any more' : says,
    detail: null,
    notes: [],
    raw,
  };
}

/** The page of the explorer that shows these counts. */
function explorer(country: string, query: Record<string, string>, since: number, now: number): string {
  const url = new URL('https://explorer.ooni.org/chart/mat');
  const day = (at: number): string => new Date(at).toISOString().slice(0, 10);
  const span = { since: day(Math.min(since, now - 7 * DAY)), until: day(now + DAY), axis_x: 'measurement_start_day' };
  for (const [name, value] of Object.entries({ probe_cc: country, ...query, ...span }))
    url.searchParams.set(name, value);
  return url.href;
}

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

interface Measured {
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

/** What is measured in one country by all tests that are asked for, over the last two days. */
export interface Pulse {
  /** Begin of the first hour and end of the last in which anything was measured, ms since the epoch. */
  first: number;
  last: number;
  /** Since when it has been measured without a gap of hours. */
  since: number;
  measurements: number;
  hours: ReadonlySet<number>;
}

/** Published within that time as a rule. */
const LAG = 2 * HOUR;
const MIN_GAP = 3 * HOUR;
/** So many would have come in the gap at the usual pace: nobody measures by chance only once in e^20. */
const MISSING = 20;
const MIN_COUNT = 50;

/** Adds the counts of one pair. Days, where hours were asked for, tell nothing of a gap of hours. */
export function withRows(pulse: Pulse | undefined, rows: readonly Row[], now: number): Pulse | undefined {
  const hours = rows.filter((row) => row.span === HOUR && row.at <= now && row.bad + row.ok > 0);
  if (hours.length === 0) return pulse;
  const known = new Set([...(pulse?.hours ?? []), ...hours.map((row) => row.at)]);
  const sorted = [...known].sort((a, b) => a - b);
  const begin = sorted.findLast((at, i) => i === 0 || at - sorted[i - 1]! > MIN_GAP)!;
  const measurements = (pulse?.measurements ?? 0) + hours.reduce((sum, row) => sum + row.bad + row.ok, 0);
  const last = Math.min(sorted.at(-1)! + HOUR, now);
  return { first: sorted[0]!, last, since: begin, measurements, hours: known };
}

function isSilent({ first, last, measurements }: Pulse, now: number): boolean {
  const gap = now - last - LAG;
  const span = Math.max(HOUR, last - first);
  return gap >= MIN_GAP && measurements >= MIN_COUNT && (measurements / span) * gap >= MISSING;
}

/**
 * Countries from which measurements have stopped, while they go on to come from others: where all are silent, or the only one, it may be the
 * observatory.
 */
export function silentOf(pulses: ReadonlyMap<string, Pulse>, now: number): string[] {
  const silent = [...pulses].filter(([, pulse]) => isSilent(pulse, now)).map(([country]) => country);
  const lively = [...pulses.values()].filter(({ last }) => now - last <= LAG).length;
  return lively > 0 && silent.length * 2 <= pulses.size ? silent : [];
}
