import { type Counts, count, isFiltered, MIN_KNOWN, type Row, UNKNOWN, type Usual, usualOf } from './usual.ts';

interface Level {
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
const alikeIn = (rows: readonly Row[]): Level => alike(sumOf(rows).networks);

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

/** A network in a window, and how it was before. */
interface Seen extends Counts {
  /** Hours within which it turned bad; null = it was so before, or nobody measured. */
  turned: number | null;
  /** Hours for which it has gone wrong. */
  lasts: number;
}

/**
 * How much the counts of a window speak for a cut, and against all being as ever: the log of the likelihood ratio, summed over networks. Each
 * network is either as usual, or in trouble of its own, or cut; so a network, however much is measured there, never weighs more than trouble of
 * its own is rare, and one that goes on as usual speaks against. Troubles of several networks seldom begin in the same hours; a cut does.
 */
export function evidenceOf(networks: ReadonlyMap<number, Seen>, usual: Usual, hours: number): number {
  // In a longer window trouble is more likely to be met.
  const trouble = Math.min(TROUBLE_MOST, usual.trouble * (1 + hours / TROUBLE_HOURS));
  const begun = (within: number): number => Math.max(TROUBLE_LEAST, (usual.trouble * (within + 1)) / TROUBLE_HOURS);
  let sum = 0;
  for (const [asn, own] of networks) {
    const before = usual.networks.get(asn);
    const isNew = usual.measurements > 0 && (before === undefined || count(before) < MIN_KNOWN);
    const asEver = betaBinomial(own, shareOf(before, usual.share), AS_EVER);
    const wrong = betaBinomial(own, WRONG, WRONG_SPREAD);
    const turned = own.turned === null ? trouble : Math.min(trouble, begun(own.turned));
    const known = Math.max(TROUBLE_LEAST, turned * Math.exp(-Math.max(0, own.lasts - TROUBLE_HOURS) / TROUBLE_FADES));
    const t = isNew ? Math.max(NEWCOMER, trouble) : known;
    const otherwise = (1 - t) * asEver + t * wrong;
    sum += Math.log(((1 - SPARED) * wrong + SPARED * otherwise) / otherwise);
  }
  return sum;
}

/** Networks in the rows since a time; rows are of hours. */
export function seenSince(rows: readonly Row[], from: number): Map<number, Seen> {
  const seen = new Map<number, Seen>();
  for (const [asn, own] of Map.groupBy(rows, (row) => row.asn)) {
    const since = own.filter(({ at }) => at >= from);
    const sum = (list: readonly Row[], key: 'bad' | 'ok'): number => list.reduce((total, row) => total + row[key], 0);
    const [bad, ok] = [sum(since, 'bad'), sum(since, 'ok')];
    if (bad + ok > 0) seen.set(asn, { bad, ok, turned: turnedIn(own, since, from), lasts: lastsFor(since) });
  }
  return seen;
}

/** Hours between when it was last well, shortly before, and when it first went wrong. */
function turnedIn(own: readonly Row[], since: readonly Row[], from: number): number | null {
  const before = own.filter(({ at }) => at < from && at >= from - WELL_BEFORE);
  const bad = before.reduce((sum, row) => sum + row.bad, 0);
  const all = before.reduce((sum, row) => sum + count(row), 0);
  const first = Math.min(...since.filter((row) => row.bad > 0).map(({ at }) => at));
  const last = Math.max(...before.filter((row) => row.ok > row.bad).map(({ at }) => at));
  if (bad > all * WELL_SHARE || !Number.isFinite(first - last)) return null;
  return (first - last) / HOUR;
}

function lastsFor(since: readonly Row[]): number {
  const bad = since.filter((row) => row.bad > row.ok).map(({ at }) => at);
  return bad.length > 0 ? (Math.max(...bad) - Math.min(...bad)) / HOUR : 0;
}

const WELL_BEFORE = 24 * HOUR;
const WELL_SHARE = 0.4;
/** Trouble of a network's own lasts about so long. */
const TROUBLE_HOURS = 12;
const TROUBLE_MOST = 0.4;
/** And longer ones are as much rarer. */
const TROUBLE_FADES = 18;
const TROUBLE_LEAST = 0.003;
/** A network of which nothing is known may well have a filter of its own. */
const NEWCOMER = 0.25;
/** So many networks do not carry out a block. */
const SPARED = 0.12;
/** Share of what goes wrong where it is cut, and how much the networks differ in it. */
const WRONG = 0.86;
const WRONG_SPREAD = 5;
/** How much a network's hours differ while all is as ever. */
const AS_EVER = 10;
/** What is known of the pair counts as so many measurements of the network. */
const SHRINK = 5;
const SHARES = [0.04, 0.97] as const;

function shareOf(before: Counts | undefined, usual: number): number {
  const { bad, ok } = before ?? { bad: 0, ok: 0 };
  const share = (bad + SHRINK * usual) / (bad + ok + SHRINK);
  return Math.min(SHARES[1], Math.max(SHARES[0], share));
}

/** Probability of so many of so many, where the share itself differs from time to time: mean, and concentration of its beta distribution. */
function betaBinomial({ bad, ok }: Counts, mean: number, concentration: number): number {
  const [a, b] = [mean * concentration, (1 - mean) * concentration];
  const choose = lnGamma(bad + ok + 1) - lnGamma(bad + 1) - lnGamma(ok + 1);
  return Math.exp(choose + lnBeta(bad + a, ok + b) - lnBeta(a, b));
}

const lnBeta = (a: number, b: number): number => lnGamma(a) + lnGamma(b) - lnGamma(a + b);

/** By Stirling's series, shifted to where it is exact enough. */
function lnGamma(x: number): number {
  let shift = 0;
  let z = x;
  for (; z < 8; z++) shift += Math.log(z);
  const z2 = z * z;
  return (
    (z - 0.5) * Math.log(z) - z + 0.5 * Math.log(2 * Math.PI) + (1 / 12 - (1 / 360 - 1 / (1_260 * z2)) / z2) / z - shift
  );
}

/** Log of the likelihood ratio that a cut must reach. */
const EVIDENCE = 12;
/** And so many standard deviations of the days its share must lie above the usual, */
const BEYOND = 4.5;
/** less so many of the counts themselves, to be on the safe side; */
const DOUBT = 1.5;
/** or so high, whatever the days are (log-odds; twenty of twenty). */
const SURELY = 1.5;
/** Usual shares are taken to lie between these (log-odds; 0.05 and 0.9). */
const JUDGED_SHARES = [-2.9, 2.2] as const;
/** Measurements of the day before that tell how it was then. */
const MIN_BEFORE = 15;
/** As good as usual is what lies so little above it. */
const ABOVE_USUAL = 0.12;
/** Buckets of hours that stand for days where the days tell nothing. */
const SPAN = 3 * HOUR;
/** Of one network and hour no more are counted, and so many must be left of all. */
const MOST_OF_HOUR = 12;
const JUDGED_MIN_COUNT = 15;
/** A cut must be seen within the two days that are asked for by the hour. */
const MAX_HOURS = 48;

/** How it was before what looks like a cut, by the days of two weeks. */
export interface Before {
  /** Null = too little was measured to know. */
  usual: Usual | null;
  /** Since when it has been cut, where that is longer than the hours tell. */
  since: number;
  /** For longer than anybody looked. */
  isLong: boolean;
  /** For as long as the hours tell, or longer. */
  isAsOld: boolean;
}

export function beforeOf(looks: Counted, hours: readonly Row[], days: readonly Row[]): Before {
  const { since, isLong } = begunAt(looks, hours, days);
  const byDays = usualOf(days, Math.floor(since / DAY) * DAY);
  const begun = { since, isLong, isAsOld: isAsOldAs(hours, looks.since) };
  if (byDays?.isWell) return { usual: byDays, ...begun };
  const byHours = usualOf(hours, looks.since, SPAN);
  return { usual: byHours?.isWell ? byHours : (byDays ?? byHours), ...begun };
}

/** A cut, and how it was before. */
interface Judged {
  before: 'open' | 'cut' | 'unknown';
  /** Not more than what is usual there, chance and bad days may bring: it opens nothing. */
  isUsual: boolean;
}

/** What looks like a cut, held against how it was before. Null = it may well be chance. `isKnown`: it was found to be cut, and that goes on. */
export function judgedOf(
  rows: readonly Row[],
  { usual, isLong, isAsOld }: Before,
  { now, isKnown, evidence = EVIDENCE }: { now: number; isKnown: boolean; evidence?: number },
): Judged | null {
  const isNever = usual === null ? isLong : !usual.isWell;
  const isUsual = isNever || !isBeyondChance(rows, { now, evidence, usual: usual ?? UNKNOWN, isAsOld });
  if (isLong || usual?.isCut) return { before: 'cut', isUsual };
  return isUsual && !isKnown ? null : { before: usual === null ? 'unknown' : 'open', isUsual };
}

interface Looking {
  now: number;
  evidence: number;
  usual: Usual;
  /** It may have begun before the hours that are known: what went before says nothing then. */
  isAsOld: boolean;
}

/** Is there a time since when more goes wrong, in more networks, than chance, bad days and troubles of single networks bring? */
function isBeyondChance(rows: readonly Row[], { now, evidence, usual, isAsOld }: Looking): boolean {
  const isTelling = ({ at, asn }: Row): boolean => at <= now && !isFiltered(usual.networks.get(asn));
  const past = rows.filter(isTelling).map(withoutBurst);
  const newestFirst = past.sort((a, b) => b.at - a.at);
  let [next, bad, all] = [0, 0, 0];
  for (let hours = 1; hours <= MAX_HOURS; hours++) {
    const from = Math.floor((now - hours * HOUR) / HOUR) * HOUR;
    const begin = next;
    for (let row = newestFirst[next]; row && row.at >= from; row = newestFirst[++next]) {
      bad += row.bad;
      all += count(row);
    }
    if (next === begin || bad < all / 2) continue;
    const level = levelOf(newestFirst.slice(0, next), JUDGED_MIN_COUNT);
    if (level === null || level.all < JUDGED_MIN_COUNT) continue;
    const before = isAsOld ? [] : newestFirst.slice(next).filter(({ at }) => at >= from - DAY);
    if (leastOf(level) < boundOf(usual, before)) continue;
    if (evidenceOf(seenSince(newestFirst, from), usual, hours) >= evidence) return true;
  }
  return false;
}

/** One eager volunteer is no more than a few measurements of the hour. */
function withoutBurst(row: Row): Row {
  const part = Math.min(1, MOST_OF_HOUR / count(row));
  return part < 1 ? { ...row, bad: row.bad * part, ok: row.ok * part } : row;
}

/** Log-odds that lie above the bad days, and above the day before: what has gone wrong half of the time for a day has no begin in one bad hour. */
function boundOf({ unfiltered: share, spread }: Usual, dayBefore: readonly Row[]): number {
  const usual = Math.log(share / (1 - share));
  const before = alikeIn(dayBefore);
  const middle = Math.max(
    before.all >= MIN_BEFORE ? leastOf(before) : usual,
    Math.max(JUDGED_SHARES[0], Math.min(JUDGED_SHARES[1], usual)),
  );
  return Math.min(middle + BEYOND * spread, Math.max(SURELY, middle + 1));
}

/** Log-odds that the counts bear out: a few of them may be high by chance. */
function leastOf({ bad, all }: Level): number {
  const [wrong, well] = [bad + 0.5, all - bad + 0.5];
  return Math.log(wrong / well) - DOUBT * Math.sqrt(1 / wrong + 1 / well);
}

/** What lies between cut and open, where more goes wrong than elsewhere while all is as ever: as well as usual is well. */
export function easedOf(hours: readonly Row[], { share, isCut }: Usual, now: number): Counted | null {
  return countedOf(hours, now, isCut ? 0 : share + ABOVE_USUAL);
}
