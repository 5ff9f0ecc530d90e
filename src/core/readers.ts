import { createHmac } from 'node:crypto';
import { type Excess, excessOf, isJudged, settledOf } from './judge/readers.ts';
import { NETWORK } from './model/incident.ts';
import {
  MIN_PEOPLE,
  QUARTER,
  type ReaderCount,
  type ReaderReport,
  type ReaderReports,
  type ReaderVoice,
} from './ports/readers.ts';
import type { Clock, Ids } from './ports/runtime.ts';
import type { Store } from './ports/store.ts';
import { keepNewest } from './recent.ts';

/** Readers as a kind of evidence: what is taken from them, and what their counts say. Whoever is counted cannot be found again. */

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** One voice a person and service within each of these, which end with the day, as the key does. */
const WINDOW = 6 * HOUR;
/** Verdicts of one report. */
const MAX_VERDICTS = 20;
/** Voices of one day, all over: what a flood can write is bounded by it. */
const MAX_VOICES = 200_000;
/** So long a chat is known before whoever is there counts as settled. */
export const SETTLED_AFTER = 30 * DAY;

interface ReadersDeps {
  store: Pick<Store, 'transaction'>;
  clock: Clock;
  ids: Pick<Ids, 'tail'>;
  isCountry(code: string): boolean;
  isService(id: string): boolean;
}

export function createReaders({ store, clock, ids, isCountry, isService }: ReadersDeps): ReaderReports {
  return {
    async take(report) {
      const verdicts = [...new Map(report.verdicts.slice(0, MAX_VERDICTS).map((one) => [one.service, one])).values()];
      const { country, operator = '' } = report;
      const isOurs = verdicts.every(({ service }) => service === NETWORK || isService(service));
      if (!isOurs || verdicts.length === 0 || !isCountry(country)) return 'refused';
      if (operator !== '' && !/^AS[1-9]\d{0,9}$/u.test(operator)) return 'refused';
      const now = clock.now();
      return await store.transaction(async ({ readers }) => {
        const secret = await readers.secret(Math.floor(now / DAY), ids.tail(48));
        if ((await readers.voices()) >= MAX_VOICES) return 'refused';
        const voices = verdicts.map((one) => voiceOf({ ...report, ...one, operator }, secret, now));
        return (await readers.add(voices)) > 0 ? 'taken' : 'known';
      });
    },
  };
}

type Said = Required<Pick<ReaderReport, 'operator'>> & ReaderReport & ReaderReport['verdicts'][number];

/** The country is no part of the digest: one person is in one of them. */
function voiceOf(said: Said, secret: string, now: number): ReaderVoice {
  const { country, operator, service, verdict, door, token, settled = false } = said;
  const own = JSON.stringify([token, service, Math.floor(now / WINDOW)]);
  const digest = createHmac('sha256', secret).update(own).digest('base64url').slice(0, 22);
  return { digest, at: now - (now % QUARTER), country, operator, service, verdict, door, settled };
}

/** What people said within the last hour of one service in one country. */
export interface ReadersSay {
  fails: number;
  works: number;
  /** From when on most of those fail who said so within six hours; null = it is nothing that began. */
  since: number | null;
  /** Most have come lately. */
  manyNew: boolean;
}

const MOST = 0.8;

/** Null = fewer spoke than may be counted; pure. */
export function readersSay(counts: readonly ReaderCount[], now: number): ReadersSay | null {
  const lately = counts.filter(({ at }) => at > now - HOUR - QUARTER);
  const [fails, works] = [failing(lately), sumOf(lately) - failing(lately)];
  if (fails + works < MIN_PEOPLE) return null;
  const settled = lately.reduce((sum, one) => sum + one.settled, 0);
  return { fails, works, since: sinceOf(counts, now), manyNew: settled * 2 < fails + works };
}

/** The latest quarter since which four in five of those spoke whom it fails; null where too few did, or it has been so all along. */
function sinceOf(counts: readonly ReaderCount[], now: number): number | null {
  const fails = counts.filter(({ at, verdict }) => verdict === 'fails' && at > now - WINDOW);
  const all = sumOf(fails);
  const quarters = [...new Set(fails.map(({ at }) => at))].sort((a, b) => b - a);
  const since = quarters.find((from) => sumOf(fails.filter(({ at }) => at >= from)) >= all * MOST);
  return all < MIN_PEOPLE || since === undefined || since < now - WINDOW + 2 * HOUR ? null : since;
}

export const sumOf = (counts: readonly ReaderCount[]): number => counts.reduce((sum, { people }) => sum + people, 0);
const failing = (counts: readonly ReaderCount[]): number => sumOf(counts.filter(({ verdict }) => verdict === 'fails'));

/** Hours in which enough people spoke to be counted, newest first; pure. */
export const hoursOf = (counts: readonly ReaderCount[]): { at: number; fails: number; works: number }[] =>
  [...Map.groupBy(counts, ({ at }) => at - (at % HOUR))]
    .map(([at, own]) => ({ at, fails: failing(own), works: sumOf(own) - failing(own) }))
    .filter(({ fails, works }) => fails + works >= MIN_PEOPLE)
    .sort((a, b) => b.at - a.at);

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

const WEEK = 7 * DAY;
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
    const lately = all.filter(isJudged);
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
