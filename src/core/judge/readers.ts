import { NETWORK } from '../model/incident.ts';
import type { Report } from '../model/report.ts';
import { MIN_PEOPLE, QUARTER, READERS, type ReaderCount } from '../ports/readers.ts';

/**
 * What readers say, judged; pure. An excess over what is usual that lasts is a suspicion, and no more. Only those count who have been known for long: as many
 * accounts as somebody likes are made within an hour, so what newcomers say is shown, and raises nothing.
 */

/** So many quarters in a row, the one that runs among them: a burst of one rumour is over sooner. */
const LASTS = 3;
/** One chat of so many that follow the country must say so. */
const CHATS_EACH = 1_000;
/** And so many times what is usual, beside a few; and as many more than those whom it works for: in a restless hour both speak. */
const TIMES = 4;
const WORKS_WEIGH = 3;

export interface Excess {
  country: string;
  service: string;
  /** Begin of the first quarter of it. */
  since: number;
  /** Those who spoke within its quarters. */
  fails: number;
  works: number;
}

/** What is known of one service in one country. */
interface HeardIn {
  /** Of the last two hours. */
  lately: readonly ReaderCount[];
  /** How many it failed an hour, in the same hour of the weeks before, one number a week; of a week without readers 0. */
  usual: readonly number[];
  /** Chats that follow the country. */
  chats: number;
}

export const settledOf = (counts: readonly ReaderCount[], verdict: ReaderCount['verdict']): number =>
  counts.reduce((sum, one) => sum + (one.verdict === verdict ? one.settled : 0), 0);

/** How many it must fail within the hour. Of the weeks the second worst tells what is usual: the worst may have been a block. */
const boundOf = ({ usual, chats }: Pick<HeardIn, 'usual' | 'chats'>): number =>
  Math.max(MIN_PEOPLE, chats / CHATS_EACH, MIN_PEOPLE + TIMES * ([...usual].sort((a, b) => b - a)[1] ?? 0));

/** Null: no more than is usual, or not for long enough. */
export function excessOf({ lately, ...usually }: HeardIn, now: number): Omit<Excess, 'country' | 'service'> | null {
  const since = now - (now % QUARTER) - (LASTS - 1) * QUARTER;
  const own = lately.filter(({ at }) => at >= since);
  const [fails, works] = [settledOf(own, 'fails'), settledOf(own, 'works')];
  const bound = boundOf(usually);
  const lasts = Array.from({ length: LASTS }, (_, i) => own.filter(({ at }) => at === since + i * QUARTER)).every(
    (quarter) => settledOf(quarter, 'fails') * 2 * LASTS >= bound,
  );
  return lasts && fails >= bound && fails >= MIN_PEOPLE + WORKS_WEIGH * works ? { since, fails, works } : null;
}

/** Whoever is cut off says nothing, so of the network itself nothing is suspected. */
export const isJudged = ({ service }: Pick<ReaderCount, 'service'>): boolean => service !== NETWORK;

/** As evidence: a sign, which raises and lifts nothing beside any other word (`countedFor`). */
export function reportOf({ country, service, since: at, fails, works }: Excess, id: string): Report {
  const what = { action: 'block', method: null, region: null, secondary: false, kind: 'measurement' } as const;
  const who = { sourceId: READERS, itemId: null, voice: `observatory:${READERS}`, publisherName: 'Readers', url: null };
  const title = `${service}: does not work for ${fails} readers, works for ${works}`;
  const how = { strength: 'anomaly', verdict: 'readers', component: null } as const;
  const measured = { ...how, networks: [], observatory: READERS, measurements: fails + works };
  return { id, at, country, service, ...what, ...who, title, summary: 'readers', lang: 'en', measured };
}
