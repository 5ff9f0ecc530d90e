import { type Counts, count, type Row } from './counts.ts';
import { MIN_KNOWN, type Usual } from './usual.ts';

const HOUR = 3_600_000;

/** A network in a window, and how it was before. */
export interface Seen extends Counts {
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
