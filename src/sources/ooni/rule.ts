import { type Counts, count, type Row } from './counts.ts';
import { usualOf } from './usual.ts';

export interface Level {
  bad: number;
  all: number;
}

/** What the counts come to. `since`, `until`: ms since the epoch, in OONI's own time. */
export interface Counted {
  says: 'cut' | 'partly' | 'open';
  share: number;
  since: number;
  until: number;
  /** Begin of what was counted. */
  from: number;
  /** Of a cut: the counts with large networks cut to size, for what chance may bring. */
  level?: Level;
  /** Those that say so: bad ones of a cut, all of a return. */
  measurements: number;
  networks: number[];
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Windows that are tried, the freshest that holds enough counts. In busy countries an hour is enough, in small ones it takes two days. */
const WINDOWS = [1, 2, 3, 4, 6, 9, 12, 18, 24, 36, 48];
const MIN_COUNT = 20;
const MIN_NETWORKS = 3;
const CUT_SHARE = 0.6;
/** A return is one below this; below the next a part is back; what lies between that and a cut says nothing new. */
const OPEN_SHARE = 0.3;
const PARTLY_SHARE = 0.45;
/** Of a network half must be bad, and two at least: one stray is none. */
const BAD_SHARE = 0.5;
const MIN_BAD = 2;
/** Of the networks with two or more counts so many must see it; of a few, all. */
const MOST_NETWORKS = 2 / 3;
const FEW_NETWORKS = 3;
/** No network counts more than the second largest, or than this. */
const MIN_CAP = 5;
/** A bucket of so few tells nothing by itself. */
const MIN_BUCKET = 3;

interface Sum {
  bad: number;
  ok: number;
  networks: Map<number, { bad: number; ok: number }>;
}

function sumOf(rows: readonly Row[]): Sum {
  const sum: Sum = { bad: 0, ok: 0, networks: new Map() };
  for (const { asn, bad, ok } of rows) {
    if (bad + ok === 0) continue;
    sum.bad += bad;
    sum.ok += ok;
    const own = sum.networks.get(asn) ?? { bad: 0, ok: 0 };
    sum.networks.set(asn, { bad: own.bad + bad, ok: own.ok + ok });
  }
  return sum;
}

/** A cut that is as old as the hours that were asked for may be older: so near to their begin it has to be. */
const NEAR_BEGIN = 6 * HOUR;
export const isAsOldAs = (hours: readonly Row[], since: number): boolean =>
  since - Math.min(...hours.map(({ at }) => at)) <= NEAR_BEGIN;

/** A cut that had lasted for longer when it was first looked at is known to whoever lives there. */
const LONG = 7 * DAY;

/**
 * Since when it has been cut, by the days where it is as old as the hours: back as long as each day was. `isLong`: for more than a week, or there are too few
 * days before it to tell how it was then.
 */
export function begunAt(
  { since, until }: Pick<Counted, 'since' | 'until'>,
  hours: readonly Row[],
  days: readonly Row[],
): { since: number; isLong: boolean } {
  if (!isAsOldAs(hours, since)) return { since, isLong: false };
  const byDay = Map.groupBy(days, ({ at }) => Math.floor(at / DAY));
  let begin = since;
  for (let day = Math.floor(since / DAY) - 1; byDay.size > 0 && day >= Math.min(...byDay.keys()); day--) {
    const { bad, ok } = sumOf(byDay.get(day) ?? []);
    if (bad + ok < MIN_BUCKET) continue;
    if (bad / (bad + ok) < BAD_SHARE) break;
    begin = day * DAY;
  }
  return { since: begin, isLong: begin < since && (until - begin > LONG || usualOf(days, begin) === null) };
}

/**
 * The rule: in the freshest window with at least 20 measurements from three networks, a share of 0.6 that went wrong, in three networks, and not
 * in one alone with strays beside. Failures of the measurement itself are in no row. Null = too little to say anything.
 */
export function countedOf(rows: readonly Row[], now: number, usual = 0): Counted | null {
  const openShare = Math.max(OPEN_SHARE, usual);
  const past = rows.filter((row) => row.at <= now && count(row) > 0);
  const until = Math.min(now, Math.max(0, ...past.map((row) => row.at + row.span)));
  let looksBad = false;
  for (const hours of WINDOWS) {
    const inside = past.filter((row) => row.at >= Math.floor((now - hours * HOUR) / HOUR) * HOUR);
    const sum = sumOf(inside);
    if (count(sum) < MIN_COUNT || sum.networks.size < MIN_NETWORKS) continue;
    const share = sum.bad / count(sum);
    const windowBegin = Math.min(...inside.map((row) => row.at));
    if (share >= CUT_SHARE) {
      const cut = cutOf(past, sum, { share, until, windowBegin });
      if (cut !== null) return cut;
      // The fresh counts look bad, and are not enough to say so: more of them may be.
      looksBad = true;
    }
    if (looksBad) continue;
    if (share > Math.max(PARTLY_SHARE, usual)) return null;
    const says = share <= openShare ? 'open' : 'partly';
    const most = says === 'open' ? openShare : CUT_SHARE;
    const since = beginOf(past, inside, (one) => one <= most);
    return {
      says,
      share,
      since,
      until,
      from: windowBegin,
      measurements: count(sum),
      networks: [...sum.networks.keys()],
    };
  }
  return null;
}

/**
 * The counts with the large networks cut to size, if most networks see it: a thousand from one network, with strays of others beside, are one
 * network. Null = it is not so wide, or not so bad when each counts alike.
 */
function levelled({ networks }: Sum): Level | null {
  const active = [...networks.values()].filter((own) => count(own) >= MIN_BAD);
  const bad = active.filter((own) => own.bad >= MIN_BAD && own.bad >= count(own) * BAD_SHARE);
  const needed = active.length <= FEW_NETWORKS ? active.length : Math.ceil(active.length * MOST_NETWORKS);
  if (bad.length < Math.max(MIN_NETWORKS, needed)) return null;
  const level = alike(networks);
  return level.bad >= level.all * CUT_SHARE ? { bad: Math.floor(level.bad), all: Math.round(level.all) } : null;
}

function alike(networks: ReadonlyMap<number, Counts>): Level {
  const sizes = [...networks.values()].map(count).sort((a, b) => b - a);
  const cap = Math.max(MIN_CAP, sizes[1] ?? 0);
  const level = { bad: 0, all: 0 };
  for (const own of networks.values()) {
    const size = Math.min(cap, count(own));
    level.bad += (own.bad / count(own)) * size;
    level.all += size;
  }
  return level;
}

/** All rows with the large networks cut to size, however it looks. */
export const alikeIn = (rows: readonly Row[]): Level => alike(sumOf(rows).networks);

/** The same of a window by itself: null where the rule does not hold in it. */
export function levelOf(rows: readonly Row[], least = MIN_COUNT): Level | null {
  const sum = sumOf(rows);
  if (count(sum) < least || sum.networks.size < MIN_NETWORKS || sum.bad < count(sum) * CUT_SHARE) return null;
  return levelled(sum);
}

interface Window {
  share: number;
  until: number;
  windowBegin: number;
}

function cutOf(past: readonly Row[], sum: Sum, { share, until, windowBegin }: Window): Counted | null {
  const level = levelled(sum);
  if (level === null) return null;
  const begin = beginOf(past, [], (one) => one >= 0.5);
  const within = sumOf(past.filter((row) => row.at >= Math.min(begin, windowBegin)));
  const networks = [...within.networks].filter(([, own]) => own.bad > 0);
  return {
    says: 'cut',
    share,
    level,
    since: begin,
    until,
    from: Math.min(begin, windowBegin),
    measurements: networks.reduce((total, [, own]) => total + own.bad, 0),
    networks: networks.sort((a, b) => b[1].bad - a[1].bad).map(([asn]) => asn),
  };
}

/** Back from the newest bucket as long as it was so; buckets of a few counts tell nothing. `inside`: rows that belong to it in any case. */
function beginOf(past: readonly Row[], inside: readonly Row[], isSo: (share: number) => boolean): number {
  const buckets = new Map<number, { bad: number; ok: number }>();
  for (const { at, bad, ok } of past) {
    const own = buckets.get(at) ?? { bad: 0, ok: 0 };
    buckets.set(at, { bad: own.bad + bad, ok: own.ok + ok });
  }
  const newestFirst = [...buckets].sort((a, b) => b[0] - a[0]);
  let begin = Math.min(...(inside.length > 0 ? inside : past).map((row) => row.at));
  if (inside.length === 0) begin = newestFirst[0]![0];
  for (const [at, bucket] of newestFirst) {
    if (count(bucket) < MIN_BUCKET) continue;
    if (!isSo(bucket.bad / count(bucket))) {
      // What went before inside the window is of the time before.
      const after = newestFirst.filter(([one]) => one > at).map(([one]) => one);
      return after.length > 0 ? Math.min(...after) : at;
    }
    begin = Math.min(begin, at);
  }
  return begin;
}
