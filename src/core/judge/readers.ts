import { NETWORK } from '../model/incident.ts';
import type { Report } from '../model/report.ts';
import { MIN_PEOPLE, QUARTER, READERS, type ReaderCount } from '../ports/readers.ts';
import type { Store } from '../ports/store.ts';
import { keepNewest } from '../recent.ts';

/**
 * What readers say, judged; pure. An excess over what is usual that lasts is a suspicion, and no more. Only those count who have been known for long: as many
 * accounts as somebody likes are made within an hour, so what newcomers say is shown, and raises nothing.
 */

const HOUR = 3_600_000;
const WEEK = 7 * 24 * HOUR;
/** So many quarters in a row, the one that runs among them: a burst of one rumour is over sooner. */
const LASTS = 3;
/** One chat of so many that follow the country must say so. */
const CHATS_EACH = 1_000;
/** And so many times what is usual, beside a few; and as many more than those whom it works for: in a restless hour both speak. */
const TIMES = 4;
const WORKS_WEIGH = 3;

interface Excess {
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

const settledOf = (counts: readonly ReaderCount[], verdict: ReaderCount['verdict']): number =>
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

/** As evidence: a sign, which raises and lifts nothing beside any other word (`countedFor`). Peers and the public read it: of fewer than ten it says no number. */
export function reportOf({ country, service, since: at, fails, works: few }: Excess, id: string): Report {
  const works = few < MIN_PEOPLE ? 0 : few;
  const what = { action: 'block', method: null, region: null, secondary: false, kind: 'measurement' } as const;
  const who = { sourceId: READERS, itemId: null, voice: `observatory:${READERS}`, publisherName: 'Readers', url: null };
  const title = `${service}: does not work for ${fails} readers${works > 0 ? `, works for ${works}` : ''}`;
  const how = { strength: 'anomaly', verdict: 'readers', component: null } as const;
  const measured = { ...how, networks: [], observatory: READERS, measurements: fails + works };
  return { id, at, country, service, ...what, ...who, title, summary: 'readers', lang: 'en', measured };
}

/** In so many countries at once, and in most of those that speak, it is the service itself. */
const PLACES = 3;

/** Countries in which the service fails most of those who spoke within the hour, where that is so nearly wherever enough spoke; else none. */
export function outageOf(counts: readonly ReaderCount[], now: number): string[] {
  const lately = counts.filter(({ at }) => at > now - HOUR - QUARTER);
  const heard = [...Map.groupBy(lately, ({ country }) => country)].flatMap(([country, own]) => {
    const [fails, works] = [settledOf(own, 'fails'), settledOf(own, 'works')];
    return fails + works >= MIN_PEOPLE ? [{ country, isDown: fails >= 2 * works }] : [];
  });
  const down = heard.filter(({ isDown }) => isDown).map(({ country }) => country);
  return down.length >= PLACES && down.length * 3 >= heard.length * 2 ? down : [];
}

/** What the judge makes of what readers say now. */
export interface Heard {
  excesses: readonly Excess[];
  /** Where a service fails whoever speaks, wherever enough do: it is the service itself, and nobody cut it off. */
  outages: readonly Pair[];
}

type Pair = Pick<Excess, 'country' | 'service'>;

/** So many weeks tell what is usual in an hour, by it and the hours beside it. */
const WEEKS = 4;
/** Rows of known people within two hours; the newest count. */
const MAX_LATELY = 20_000;
const MAX_COUNTRIES = 300;
/** What was told is told again so often, ms. */
const AGAIN_MS = HOUR;
const MAX_TOLD = 1_000;

type Known = Pick<Store, 'readers'> & { chats: Pick<Store['chats'], 'figures'> };

/** Looks at what readers say, and tells it; what it has told within the hour it leaves out. Rejects as the store and `tell` do: then it was not told. */
export function createReadersWatch({ readers, chats }: Known, tell: (heard: Heard) => Promise<void>) {
  const told = new Map<string, number>();
  const isFresh = (key: string, now: number): boolean => now - (told.get(key) ?? -Infinity) >= AGAIN_MS;
  const keyOf = ({ country, service }: Pair): string => `${country} ${service}`;

  /** Of one hour of each of the weeks before. */
  const usualOf = (of: Pair, now: number): Promise<number[]> =>
    Promise.all(
      Array.from({ length: WEEKS }, async (_, i) => {
        const then = now - (i + 1) * WEEK;
        const hours = { since: then - 2 * HOUR, until: then + HOUR };
        const counts = await readers.counts({ ...of, ...hours, known: true, limit: MAX_LATELY });
        return settledOf(counts, 'fails') / 3;
      }),
    );

  return async function look(now: number): Promise<void> {
    const all = await readers.counts({ since: now - 2 * HOUR, known: true, limit: MAX_LATELY });
    // Whoever is cut off says nothing, so of the network itself nothing is suspected.
    const lately = all.filter(({ service }) => service !== NETWORK);
    const down = [...Map.groupBy(lately, ({ service }) => service)].flatMap(([service, own]) =>
      outageOf(own, now).map((country) => ({ country, service })),
    );
    const isDown = new Set(down.map(keyOf));
    const excesses: Excess[] = [];
    let following: ReadonlyMap<string, number> | null = null;
    for (const [key, own] of Map.groupBy(lately, keyOf)) {
      const { country, service } = own[0]!;
      if (isDown.has(key) || !isFresh(key, now) || !excessOf({ lately: own, usual: [], chats: 0 }, now)) continue;
      following ??= new Map((await chats.figures(MAX_COUNTRIES)).countries.map((one) => [one.country, one.chats]));
      const usual = await usualOf({ country, service }, now);
      const excess = excessOf({ lately: own, usual, chats: following.get(country) ?? 0 }, now);
      if (excess) excesses.push({ country, service, ...excess });
    }
    const outages = down.filter((one) => isFresh(`down ${keyOf(one)}`, now));
    await tell({ excesses, outages });
    for (const key of [...excesses.map(keyOf), ...outages.map((one) => `down ${keyOf(one)}`)])
      keepNewest(told, key, now, MAX_TOLD);
  };
}
