/**
 * An observatory's counts by hour, day and network, and single measurements of it → what they say of one service in one country. Pure: whoever asks
 * the observatory (`sources/ooni`) asks further by what is said here. What is made of that is `observatory.ts`.
 */

/** Counts of one network in one hour or day. */
export interface Row {
  /** Begin of the bucket and its length, ms. */
  at: number;
  span: number;
  /** 0 where the answer does not tell. */
  asn: number;
  /** Anomalies and confirmed blocks. */
  bad: number;
  ok: number;
}

type Counts = Pick<Row, 'bad' | 'ok'>;

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const count = ({ bad, ok }: Counts): number => bad + ok;

function totalOf(list: Iterable<Counts>): Counts {
  const total = { bad: 0, ok: 0 };
  for (const { bad, ok } of list) {
    total.bad += bad;
    total.ok += ok;
  }
  return total;
}

const sumBy = (rows: readonly Row[], keyOf: (row: Row) => number): Map<number, Counts> =>
  new Map([...Map.groupBy(rows, keyOf)].map(([key, own]) => [key, totalOf(own)]));

const networksOf = (rows: readonly Row[]): Map<number, Counts> => sumBy(rows, ({ asn }) => asn);

/** By network. */
type Networks = ReadonlyMap<number, Counts>;

function sumOf(rows: readonly Row[]): Counts & { networks: Networks } {
  const counted = rows.filter((row) => count(row) > 0);
  return { ...totalOf(counted), networks: networksOf(counted) };
}

/** What the counts come to. `since`, `until`: ms since the epoch, in the observatory's own time. */
export interface Counted {
  says: 'cut' | 'partly' | 'open';
  share: number;
  since: number;
  until: number;
  /** Begin of what was counted. */
  from: number;
  /** Those that say so: bad ones of a cut, all of a return. */
  measurements: number;
  networks: number[];
}

interface Level {
  bad: number;
  all: number;
}

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

/**
 * The rule: in the freshest window with at least 20 measurements from three networks, a share of 0.6 that went wrong, in three networks, and not
 * in one alone with strays beside. Failures of the measurement itself are in no row. Null = too little to say anything. `usual`: the share up to
 * which it counts as open where more goes wrong than elsewhere.
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
    const from = Math.min(...inside.map((row) => row.at));
    if (share >= CUT_SHARE) {
      if (levelled(sum.networks) !== null) return { says: 'cut', share, until, ...cutSince(past, from) };
      // The fresh counts look bad, and are not enough to say so: more of them may be.
      looksBad = true;
    }
    if (looksBad) continue;
    if (share > Math.max(PARTLY_SHARE, usual)) return null;
    const says = share <= openShare ? 'open' : 'partly';
    const most = says === 'open' ? openShare : CUT_SHARE;
    const since = beginOf(past, from, (one) => one <= most);
    return { says, share, since, until, from, measurements: count(sum), networks: [...sum.networks.keys()] };
  }
  return null;
}

/** The begin of a cut that a window from `windowBegin` on shows, and what has gone wrong since. */
function cutSince(past: readonly Row[], windowBegin: number) {
  const since = beginOf(past, Math.max(...past.map((row) => row.at)), (share) => share >= BAD_SHARE);
  const from = Math.min(since, windowBegin);
  const networks = [...networksOf(past.filter((row) => row.at >= from))].filter(([, own]) => own.bad > 0);
  networks.sort((a, b) => b[1].bad - a[1].bad);
  const measurements = networks.reduce((total, [, own]) => total + own.bad, 0);
  return { since, from, measurements, networks: networks.map(([asn]) => asn) };
}

/** Back from the newest bucket as long as it was so, and from `latest` in any case; buckets of a few counts tell nothing. */
function beginOf(past: readonly Row[], latest: number, isSo: (share: number) => boolean): number {
  const newestFirst = [...sumBy(past, ({ at }) => at)].sort((a, b) => b[0] - a[0]);
  let begin = latest;
  let newer: number | null = null;
  for (const [at, bucket] of newestFirst) {
    if (count(bucket) >= MIN_BUCKET) {
      // What went before inside the window is of the time before.
      if (!isSo(bucket.bad / count(bucket))) return newer ?? at;
      begin = Math.min(begin, at);
    }
    newer = at;
  }
  return begin;
}

/**
 * The counts with the large networks cut to size, if most networks see it: a thousand from one network, with strays of others beside, are one
 * network. Null = it is not so wide, or not so bad when each counts alike.
 */
function levelled(networks: Networks): Level | null {
  const active = [...networks.values()].filter((own) => count(own) >= MIN_BAD);
  const bad = active.filter((own) => own.bad >= MIN_BAD && own.bad >= count(own) * BAD_SHARE);
  const needed = active.length <= FEW_NETWORKS ? active.length : Math.ceil(active.length * MOST_NETWORKS);
  if (bad.length < Math.max(MIN_NETWORKS, needed)) return null;
  const level = alike(networks);
  return level.bad >= level.all * CUT_SHARE ? { bad: Math.floor(level.bad), all: Math.round(level.all) } : null;
}

/** With the large networks cut to size, however it looks. */
function alike(networks: Networks): Level {
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

/** The same of a window by itself: null where the rule does not hold in it. */
export function levelOf(rows: readonly Row[], least = MIN_COUNT): Level | null {
  const sum = sumOf(rows);
  if (count(sum) < least || sum.networks.size < MIN_NETWORKS || sum.bad < count(sum) * CUT_SHARE) return null;
  return levelled(sum.networks);
}

/** What lies between cut and open, where more goes wrong than elsewhere while all is as ever: as well as usual is well. */
export const easedOf = (hours: readonly Row[], { share, isCut }: Usual, now: number): Counted | null =>
  countedOf(hours, now, isCut ? 0 : share + ABOVE_USUAL);
/** As good as usual is what lies so little above it. */
const ABOVE_USUAL = 0.12;

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
  const byDay = sumBy(days, ({ at }) => Math.floor(at / DAY));
  let begin = since;
  for (let day = Math.floor(since / DAY) - 1; byDay.size > 0 && day >= Math.min(...byDay.keys()); day--) {
    const sum = byDay.get(day);
    if (!sum || count(sum) < MIN_BUCKET) continue;
    if (sum.bad / count(sum) < BAD_SHARE) break;
    begin = day * DAY;
  }
  return { since: begin, isLong: begin < since && (until - begin > LONG || usualOf(days, begin) === null) };
}

/** Buckets of hours that stand for days where the days tell nothing. */
const SPAN = 3 * HOUR;

/** How it was before what looks like a cut, by the days of two weeks. */
export type Before = ReturnType<typeof beforeOf>;
export function beforeOf(looks: Counted, hours: readonly Row[], days: readonly Row[]) {
  /** Since when it has been cut, where that is longer than the hours tell; `isLong`: for longer than anybody looked. */
  const begun = begunAt(looks, hours, days);
  const byDays = usualOf(days, Math.floor(begun.since / DAY) * DAY);
  const byHours = byDays?.isWell ? null : usualOf(hours, looks.since, SPAN);
  const usual = byHours?.isWell ? byHours : (byDays ?? byHours);
  return {
    /** Null = too little was measured to know. */
    usual,
    ...begun,
    /** For as long as the hours tell, or longer. */
    isAsOld: isAsOldAs(hours, looks.since),
  };
}

/** How it was in the weeks before, by the days that were well: what chance, bad days and networks with troubles of their own may bring. */
export type Usual = NonNullable<ReturnType<typeof usualOf>>;

/** Days that are enough to know how it is when it is well. */
const MIN_DAYS = 4;
/** A day of so much tells of a cut, and not of the usual, where others do not. */
const CUT_DAY = 0.5;
/** A day that went so badly was cut, whatever the others were. */
const SURELY_CUT = 0.8;

/** Of the days before `before`, or of shorter spans of them; null = too little was measured to know. */
export function usualOf(rows: readonly Row[], before: number, span = DAY) {
  const dayOf = ({ at }: Row): number => Math.floor(at / span);
  const tellingDays = (list: readonly Row[]) => [...sumBy(list, dayOf)].filter(([, day]) => count(day) >= MIN_BUCKET);
  const past = rows.filter((row) => row.at + row.span <= before && row.at >= before - 15 * DAY);
  const known = tellingDays(past);
  const measurements = known.reduce((sum, [, day]) => sum + count(day), 0);
  if (measurements < MIN_COUNT) return null;
  const well = known.filter(([, day]) => day.bad < CUT_DAY * count(day));
  const share = middleOf(well.length > 0 ? well : known);
  // Of days that were cut nothing is learnt of how it is when it is well.
  const wellDays = new Set(well.map(([day]) => day));
  const networks: Networks = networksOf(past.filter((row) => wellDays.has(dayOf(row))));
  const own = past.filter(({ asn }) => !isFiltered(networks.get(asn)));
  const troubles = new Map(
    [...Map.groupBy(own, dayOf)].map(([day, list]) => [day, troublesOf(networksOf(list), networks)]),
  );
  const rest = tellingDays(own);
  const likely = rest.filter(([, day]) => day.bad < SURELY_CUT * count(day));
  const wellRest = rest.filter(([day]) => wellDays.has(day));
  return {
    /** Share of the median day, of those that were well. */
    share,
    /** The same without networks that always fail, by a filter of their own. */
    unfiltered: wellRest.length > 0 ? middleOf(wellRest) : share,
    /** Most days were cut. */
    isCut: well.length < MIN_DAYS && middleOf(known) >= CUT_DAY,
    /** There were days that were well. */
    isWell: well.length > 0,
    measurements,
    /** How far bad days lie above it: of the log-odds, as a standard deviation. */
    spread: spreadOf(likely.map(([day, all]) => withoutTroubles(all, troubles.get(day)))),
    /** How likely a network has trouble of its own at any time: nearly all that is measured there goes wrong. */
    trouble: troubleOf([...troubles].flatMap(([day, list]) => (wellDays.has(day) ? list : []))),
    /** Of each network that was measured. */
    networks,
  };
}

const shareIn = (counts: Counts): number => counts.bad / count(counts);
const middleOf = (days: readonly (readonly [number, Counts])[]): number => middle(days.map(([, day]) => shareIn(day)));
const middle = (list: readonly number[]): number => quantile(list, 0.5);

function quantile(list: readonly number[], q: number): number {
  const sorted = [...list].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))]!;
}

/** Of a network with fewer nothing is known. */
const MIN_KNOWN = 5;

/** Does it fail as a rule, whatever the others do? */
const isFiltered = (network: Counts | undefined): boolean =>
  network !== undefined && count(network) >= MIN_KNOWN && network.bad >= count(network) * CUT_DAY;

/** What is expected of networks of which little is known: trouble in one of a hundred network-days. */
const TROUBLE_PRIOR = { bad: 0.3, all: 30 };
const SPREAD_UNKNOWN = 0.6;

/** As is, where nothing is known of before. */
export const UNKNOWN: Usual = {
  share: 0.1,
  unfiltered: 0.1,
  isCut: false,
  isWell: true,
  measurements: 0,
  spread: SPREAD_UNKNOWN,
  trouble: TROUBLE_PRIOR.bad / TROUBLE_PRIOR.all,
  networks: new Map(),
};

/** Days differ at least, and at most, by that. */
const SPREADS = [0.5, 1.2] as const;
const LEAST_SHARE = 0.05;
/** Of the days, the one that stands for the bad ones, and how many standard deviations it lies above the middle. */
const BAD_DAY = { quantile: 0.8, deviations: 0.84 };

function spreadOf(days: readonly Counts[]): number {
  const telling = days.filter((day) => count(day) >= 5);
  if (telling.length < MIN_DAYS) return SPREAD_UNKNOWN;
  // What lies below matters to nobody, and its log-odds would differ widely by one or two measurements.
  const shares = telling.map((day) => Math.min(0.95, Math.max(LEAST_SHARE, day.bad / count(day))));
  const odds = shares.map((share) => Math.log(share / (1 - share)));
  const above = (quantile(odds, BAD_DAY.quantile) - middle(odds)) / BAD_DAY.deviations;
  // What small counts make of themselves is no difference between days.
  const noises = shares.map((share, i) => 1 / (count(telling[i]!) * share * (1 - share)));
  const noise = middle(noises);
  return Math.min(SPREADS[1], Math.max(SPREADS[0], Math.sqrt(Math.max(0, above ** 2 - noise))));
}

/** A network on one day; `weight`: how surely it had trouble that it does not have always. */
interface NetworkDay extends Counts {
  weight: number;
}

/** Counts of a network and day that tell of trouble. */
const MIN_NETWORK_DAY = 4;
const MOSTLY_BAD = 0.5;
const PART_BAD = 0.3;
const MORE = 0.2;
const USUAL_TROUBLE_MOST = 0.3;

/** Of one day, networks of which there were enough counts. */
function troublesOf(day: Networks, networks: Networks): NetworkDay[] {
  return [...day].flatMap(([asn, counts]) => {
    const usual = networks.get(asn);
    if (!usual || count(counts) < MIN_NETWORK_DAY) return [];
    const share = counts.bad / count(counts);
    const isMore = share - usual.bad / count(usual) >= MORE;
    return { ...counts, weight: !isMore || share < PART_BAD ? 0 : share < MOSTLY_BAD ? 0.5 : 1 };
  });
}

function troubleOf(list: readonly NetworkDay[]): number {
  const bad = TROUBLE_PRIOR.bad + list.reduce((sum, { weight }) => sum + weight, 0);
  return Math.min(USUAL_TROUBLE_MOST, bad / (TROUBLE_PRIOR.all + list.length));
}

/** A day without the networks that had trouble of their own; where most had, it was not their own. */
function withoutTroubles(day: Counts, list: readonly NetworkDay[] = []): Counts {
  const troubled = list.filter(({ weight }) => weight > 0);
  if (troubled.length * 2 >= list.length) return day;
  const { bad, ok } = totalOf(troubled);
  return { bad: day.bad - bad, ok: day.ok - ok };
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
/** Of one network and hour no more are counted, and so many must be left of all. */
const MOST_OF_HOUR = 12;
const JUDGED_MIN_COUNT = 15;
/** A cut must be seen within the two days that are asked for by the hour. */
const MAX_HOURS = 48;

/**
 * What looks like a cut, held against how it was before. Null = it may well be chance. `isKnown`: it was found to be cut, and that goes on.
 * `isUsual`: not more than what is usual there, chance and bad days may bring: it opens nothing.
 */
export function judgedOf(
  rows: readonly Row[],
  { usual, isLong, isAsOld }: Before,
  { now, isKnown, evidence = EVIDENCE }: { now: number; isKnown: boolean; evidence?: number },
): { before: 'open' | 'cut' | 'unknown'; isUsual: boolean } | null {
  const isNever = usual === null ? isLong : !usual.isWell;
  const isUsual = isNever || !isBeyondChance(rows, usual ?? UNKNOWN, { now, evidence, isAsOld });
  if (isLong || usual?.isCut) return { before: 'cut', isUsual };
  return isUsual && !isKnown ? null : { before: usual === null ? 'unknown' : 'open', isUsual };
}

/**
 * Is there a time since when more goes wrong, in more networks, than chance, bad days and troubles of single networks bring? `isAsOld`: it may
 * have begun before the hours that are known, so what went before says nothing.
 */
function isBeyondChance(
  rows: readonly Row[],
  usual: Usual,
  { now, evidence, isAsOld }: { now: number; evidence: number; isAsOld: boolean },
): boolean {
  const isTelling = ({ at, asn }: Row): boolean => at <= now && !isFiltered(usual.networks.get(asn));
  const telling = rows.filter(isTelling).map(withoutBurst);
  const newestFirst = telling.sort((a, b) => b.at - a.at);
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
  const before = alike(sumOf(dayBefore).networks);
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

/** A network in a window, and how it was before. */
interface Seen extends Counts {
  /** Hours within which it turned bad; null = it was so before, or nobody measured. */
  turned: number | null;
  /** Hours for which it has gone wrong. */
  lasts: number;
}

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
    const counts = totalOf(since);
    if (count(counts) > 0) seen.set(asn, { ...counts, turned: turnedIn(own, since, from), lasts: lastsFor(since) });
  }
  return seen;
}

const WELL_BEFORE = 24 * HOUR;
const WELL_SHARE = 0.4;

/** Hours between when it was last well, shortly before, and when it first went wrong. */
function turnedIn(own: readonly Row[], since: readonly Row[], from: number): number | null {
  const before = own.filter(({ at }) => at < from && at >= from - WELL_BEFORE);
  const sum = totalOf(before);
  const first = Math.min(...since.filter((row) => row.bad > 0).map(({ at }) => at));
  const last = Math.max(...before.filter((row) => row.ok > row.bad).map(({ at }) => at));
  if (sum.bad > count(sum) * WELL_SHARE || !Number.isFinite(first - last)) return null;
  return (first - last) / HOUR;
}

function lastsFor(since: readonly Row[]): number {
  const bad = since.filter((row) => row.bad > row.ok).map(({ at }) => at);
  return bad.length > 0 ? (Math.max(...bad) - Math.min(...bad)) / HOUR : 0;
}

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
  return Math.exp(lnChoose(bad + ok, bad) + lnBeta(bad + a, ok + b) - lnBeta(a, b));
}

/** In how many ways so many can be chosen of so many: the logarithm. */
export const lnChoose = (n: number, k: number): number => lnGamma(n + 1) - lnGamma(k + 1) - lnGamma(n - k + 1);

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

/** Counts of one country, or of one test, in one hour. */
export interface Beside extends Omit<Row, 'asn'> {
  key: string;
}

/** Where nobody blocks what chats ask for as a rule, and many measure. */
const CALM = ['US', 'DE', 'GB', 'NL', 'FR', 'CA', 'BR', 'JP', 'AU', 'ES'];
const MAX_COUNTRIES = 40;

/** Countries to compare with: those, and what is followed as well. */
export const countriesBeside = (own: string, followed: readonly string[]): string[] =>
  [...new Set([...CALM, ...followed])].filter((one) => one !== own).slice(0, MAX_COUNTRIES);

/** So many measurements before and since tell how it goes. */
const BESIDE_MIN_COUNT = 5;
const BESIDE_WELL_SHARE = 0.35;
/** In so many other countries, and in half of those where it was well: it is the service, and no country. */
const MIN_COUNTRIES = 3;
/** What the web of a country is measured by: a thousand sites, of which no country blocks most. */
const WEB = 'web_connectivity';
const MIN_WEB = 10;

/** What turned bad since, of what had been well the day before; and how much of that was measured at least `least` times. */
function turnedSince(rows: readonly Beside[], since: number, least: number): { known: number; turned: number } {
  const lately = rows.filter(({ at }) => at >= since - DAY);
  const known = [...Map.groupBy(lately, ({ key }) => key).values()].flatMap((own) => {
    const before = totalOf(own.filter(({ at }) => at < since));
    const after = totalOf(own.filter(({ at }) => at >= since));
    const wasWell = count(before) >= BESIDE_MIN_COUNT && before.bad <= count(before) * BESIDE_WELL_SHARE;
    return wasWell && count(after) >= least ? after : [];
  });
  return { known: known.length, turned: known.filter((one) => one.bad >= count(one) * CUT_SHARE).length };
}

/** The same service turned bad in other countries, too, where it had been well the day before: an outage of its own. */
export function isEverywhere(rows: readonly Beside[], since: number): boolean {
  const { known, turned } = turnedSince(rows, since, BESIDE_MIN_COUNT);
  return turned >= MIN_COUNTRIES && turned * 2 >= known;
}

/** Most of the web turned bad in that country at the same time: its lines are broken, or all is cut. */
export function isWholeWeb(rows: readonly Beside[], since: number): boolean {
  const web = rows.filter(({ key }) => key === WEB);
  return turnedSince(web, since, MIN_WEB).turned > 0;
}

type Dropped =
  | 'vpn'
  | 'local-filter'
  | 'old-version'
  | 'page-differs'
  | 'not-blocked'
  | 'status-only'
  | 'control-failed';
/** One measurement looked at closely: whether it can tell of a block, and what it saw. */
export interface Sampled {
  asn: string;
  /** Of the probe's program and of its test. */
  version: string;
  /** `dns_nxdomain_error`, `connection_reset` …; null = none is named. */
  failure: string | null;
  /** Why it says nothing of the country; null = it counts. */
  dropped: Dropped | null;
}

/** What single measurements, and what was measured beside them, come to. */
export interface Looked {
  /** `unread`: nothing can be looked at there, so the counts stand alone. */
  verdict: 'holds' | 'noise' | 'unread';
  why: 'few-left' | 'one-version' | 'one-network' | 'mixed-failures' | 'everywhere' | 'whole-web' | null;
  /** The failure of most. */
  failure: string | null;
}

export const UNREAD: Looked = { verdict: 'unread', why: null, failure: null };
export const noise = (why: Looked['why']): Looked => ({ verdict: 'noise', why, failure: null });

const KEPT_SHARE = 0.6;
const MIN_READ = 3;

/** Do these bear out a block? Most must count, from two versions of the program and two networks, and two networks must see the same failure. */
export function lookedAt(sample: readonly Sampled[]): Looked {
  if (sample.length < MIN_READ) return UNREAD;
  const kept = sample.filter((one) => one.dropped === null);
  if (kept.length < MIN_READ || kept.length < sample.length * KEPT_SHARE) return noise('few-left');
  if (new Set(kept.map((one) => one.version)).size < 2) return noise('one-version');
  const networksIn = (group: readonly Sampled[]): number => new Set(group.map((one) => one.asn)).size;
  if (networksIn(kept) < 2) return noise('one-network');
  const byFailure = Map.groupBy(kept, (one) => one.failure);
  const [failure, group] = [...byFailure].sort((a, b) => networksIn(b[1]) - networksIn(a[1]))[0]!;
  return networksIn(group) < 2 ? noise('mixed-failures') : { verdict: 'holds', why: null, failure };
}

/** How it is cut, as far as the failure tells. */
export function methodOf(failure: string | null): 'dns' | 'sni' | 'ip' | 'http' | null {
  if (failure === null) return null;
  if (/^(dns|android_dns)/.test(failure)) return 'dns';
  if (/^(connection_reset|ssl_|eof_error)/.test(failure)) return 'sni';
  if (/^(tcp_|endpoints_blocked|connection_refused|host_unreachable)/.test(failure)) return 'ip';
  return failure === 'http-diff' ? 'http' : null;
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
const MIN_MEASURED = 50;

/** Adds the counts of one pair. Days, where hours were asked for, tell nothing of a gap of hours. */
export function withRows(pulse: Pulse | undefined, rows: readonly Row[], now: number): Pulse | undefined {
  const hours = rows.filter((row) => row.span === HOUR && row.at <= now && count(row) > 0);
  if (hours.length === 0) return pulse;
  const known = new Set([...(pulse?.hours ?? []), ...hours.map((row) => row.at)]);
  const sorted = [...known].sort((a, b) => a - b);
  const since = sorted.findLast((at, i) => i === 0 || at - sorted[i - 1]! > MIN_GAP)!;
  const measurements = (pulse?.measurements ?? 0) + count(totalOf(hours));
  return { first: sorted[0]!, last: Math.min(sorted.at(-1)! + HOUR, now), since, measurements, hours: known };
}

function isSilent({ first, last, measurements }: Pulse, now: number): boolean {
  const gap = now - last - LAG;
  const span = Math.max(HOUR, last - first);
  return gap >= MIN_GAP && measurements >= MIN_MEASURED && (measurements / span) * gap >= MISSING;
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
