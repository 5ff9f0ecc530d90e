import { createHmac } from 'node:crypto';
import { outageOf } from './judge/readers.ts';
import { NETWORK } from './model/incident.ts';
import {
  MIN_PEOPLE,
  QUARTER,
  type ReaderCount,
  type ReaderReport,
  type ReaderReports,
  type ReadersSay,
  type ReaderVoice,
} from './ports/readers.ts';
import type { Clock, Ids } from './ports/runtime.ts';
import type { Store } from './ports/store.ts';
import { createRecent } from './recent.ts';
import { oneMore } from './wakeable.ts';

/** Readers as a kind of evidence: what is taken from them, and what their counts say. Whoever is counted cannot be found again. */

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** One voice a person and service within each of these, which end with the day, as the key does. */
const WINDOW = 6 * HOUR;
/** Verdicts of one report; no page tells more. */
const MAX_VERDICTS = 20;
/** What a flood can write in a day, at each door: whoever speaks after so many others is refused until the day ends. */
const MAX_VOICES = 200_000;
/** So long a chat is known before whoever is there counts as settled. */
export const SETTLED_AFTER = 30 * DAY;
/** What is said of one thing is kept so long for whoever asks next, ms: a crowd taps on one alert. */
const KEPT_MS = 2_000;
const MAX_KEPT = 500;
/** Rows of one thing within six hours; ten of them a quarter and country would be many. */
const MAX_COUNTS = 5_000;

interface ReadersDeps {
  store: Pick<Store, 'transaction' | 'readers'>;
  clock: Clock;
  ids: Pick<Ids, 'tail'>;
  isCountry(code: string): boolean;
  isService(id: string): boolean;
}

export function createReaders({ store, clock, ids, isCountry, isService }: ReadersDeps): ReaderReports {
  const kept = createRecent<ReadersSay>(KEPT_MS, MAX_KEPT);
  let waiting: { report: ReaderReport; outcome: Awaited<ReturnType<ReaderReports['take']>> }[] = [];
  let spoken = { day: 0, voices: 0 };

  const isOurs = ({ verdicts, country, operator = '' }: ReaderReport): boolean =>
    verdicts.length > 0 &&
    verdicts.every(({ service }) => service === NETWORK || isService(service)) &&
    isCountry(country) &&
    (operator === '' || /^AS[1-9]\d{0,9}$/u.test(operator));

  /** One transaction at a time, for all who spoke meanwhile. */
  const write = oneMore(async () => {
    const taken = waiting;
    waiting = [];
    const now = clock.now();
    const day = Math.floor(now / DAY);
    if (spoken.day !== day) spoken = { day, voices: 0 };
    await store.transaction(async ({ readers }) => {
      const secret = await readers.secret(day, ids.tail(48));
      for (const one of taken) {
        if (spoken.voices >= MAX_VOICES) continue;
        const added = await readers.add(voicesOf(one.report, secret, now));
        spoken.voices += added;
        one.outcome = added > 0 ? 'taken' : 'known';
      }
    });
  });

  return {
    async take(report) {
      const verdicts = [...new Map(report.verdicts.slice(0, MAX_VERDICTS).map((one) => [one.service, one])).values()];
      if (!isOurs({ ...report, verdicts })) return 'refused';
      const one: (typeof waiting)[number] = { report: { ...report, verdicts }, outcome: 'refused' };
      waiting.push(one);
      await write();
      return one.outcome;
    },
    said: ({ country, service }) =>
      kept(`${country} ${service}`, clock.monotonic(), async () => {
        const now = clock.now();
        const everywhere = { service, since: now - HOUR - QUARTER, limit: MAX_COUNTS };
        const places = outageOf(await store.readers.counts(everywhere), now);
        const counts = await store.readers.counts({ ...everywhere, country, since: now - WINDOW });
        const isSilent = sumOf(latelyOf(counts, now)) === 0;
        return { hour: readersSay(counts, now), isSilent, places: places.includes(country) ? places.length : 0 };
      }),
  };
}

/** The country is no part of the digest: one person is in one of them. */
function voicesOf({ verdicts, token, settled = false, ...said }: ReaderReport, secret: string, now: number) {
  const { country, operator = '', door } = said;
  return verdicts.map(({ service, verdict }): ReaderVoice => {
    const own = JSON.stringify([token, service, Math.floor(now / WINDOW)]);
    const digest = createHmac('sha256', secret).update(own).digest('base64url').slice(0, 22);
    return { digest, at: now - (now % QUARTER), country, operator, service, verdict, door, settled };
  });
}

const MOST = 0.8;

/** Null = fewer spoke than may be counted; pure. */
export function readersSay(counts: readonly ReaderCount[], now: number): ReadersSay['hour'] {
  const lately = latelyOf(counts, now);
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

const latelyOf = (counts: readonly ReaderCount[], now: number) => counts.filter(({ at }) => at > now - HOUR - QUARTER);
const sumOf = (counts: readonly ReaderCount[]): number => counts.reduce((sum, { people }) => sum + people, 0);
const failing = (counts: readonly ReaderCount[]): number => sumOf(counts.filter(({ verdict }) => verdict === 'fails'));

/** Hours in which enough people spoke to be counted, newest first; pure. */
export const hoursOf = (counts: readonly ReaderCount[]): { at: number; fails: number; works: number }[] =>
  [...Map.groupBy(counts, ({ at }) => at - (at % HOUR))]
    .map(([at, own]) => ({ at, fails: failing(own), works: sumOf(own) - failing(own) }))
    .filter(({ fails, works }) => fails + works >= MIN_PEOPLE)
    .sort((a, b) => b.at - a.at);
