import { count, type Row } from './counts.ts';
import { evidenceOf, seenSince } from './evidence.ts';
import { alikeIn, begunAt, type Counted, countedOf, isAsOldAs, type Level, levelOf } from './rule.ts';
import { isFiltered, UNKNOWN, type Usual, usualOf } from './usual.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Log of the likelihood ratio that a cut must reach. */
const EVIDENCE = 12;
/** And so many standard deviations of the days its share must lie above the usual, */
const BEYOND = 4.5;
/** less so many of the counts themselves, to be on the safe side; */
const DOUBT = 1.5;
/** or so high, whatever the days are (log-odds; twenty of twenty). */
const SURELY = 1.5;
/** Usual shares are taken to lie between these (log-odds; 0.05 and 0.9). */
const SHARES = [-2.9, 2.2] as const;
/** Measurements of the day before that tell how it was then. */
const MIN_BEFORE = 15;
/** As good as usual is what lies so little above it. */
const ABOVE_USUAL = 0.12;
/** Buckets of hours that stand for days where the days tell nothing. */
const SPAN = 3 * HOUR;
/** Of one network and hour no more are counted, and so many must be left of all. */
const MOST_OF_HOUR = 12;
const MIN_COUNT = 15;
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
export interface Judged {
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
    const level = levelOf(newestFirst.slice(0, next), MIN_COUNT);
    if (level === null || level.all < MIN_COUNT) continue;
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
    Math.max(SHARES[0], Math.min(SHARES[1], usual)),
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
