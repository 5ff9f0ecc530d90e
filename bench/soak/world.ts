/** The year that a soak plays: who blocks what and when, what outlets write of it, who listens. Made of a seed; it knows nothing of the program but its words. */
import type { Catalogue } from '../../src/core/model/catalogue.ts';

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
export const MONTH_DAYS = 30;
/** 1 January 2026: spring and autumn of both clocks are in it. */
export const T0 = Date.UTC(2026, 0, 1);
export const OUTLETS = 27;

/** Numbers in [0, 1) that are the same for the same seed (mulberry32). */
export function chanceOf(seed: number) {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    next,
    below: (n: number) => Math.floor(next() * n),
    of: <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)]!,
  };
}
export type Chance = ReturnType<typeof chanceOf>;

const names = new Intl.DisplayNames('en', { type: 'region' });
export const COUNTRIES: readonly string[] =
  'RU IR TR PK VE BY ET UG KZ UZ VN EG IQ TZ ZM SN GA NP BD KE NG BR ID MY TH JO AZ KG GE IN'.split(' ');

export interface Pair {
  country: string;
  service: string;
  countryName: string;
  serviceName: string;
}

/** How outlets say it; each of one event in words of its own. */
export const BLOCKS = [
  (p: Pair) => `${p.countryName} blocks ${p.serviceName}, users across the country say`,
  (p: Pair) => `${p.serviceName} has been blocked in ${p.countryName}, regulator confirms`,
  (p: Pair) => `${p.serviceName} is no longer accessible in ${p.countryName} after regulator blocks it`,
];
export const LIFTS = [
  (p: Pair) => `${p.countryName} unblocks ${p.serviceName}`,
  (p: Pair) => `${p.serviceName} works again in ${p.countryName} after block is lifted`,
  (p: Pair) => `Access to ${p.serviceName} restored in ${p.countryName}`,
];
const CALM = [
  'Minister opens a new bridge',
  'Harvest better than last year',
  'Football: the cup goes to the guests',
  'Rain expected until Sunday',
  'New school in the old town',
  'Prices of bread stay where they are',
];

/** Of four letters: half a million of them, none like another. */
const lettersOf = (n: number): string =>
  [17_576, 676, 26, 1].map((of) => String.fromCharCode(97 + (Math.floor(n / of) % 26))).join('');

/** Words that no other text shares in their first six letters, which are what is compared: so no two outlets pass for copies of each other. */
export const ownWords = (n: number): string =>
  Array.from({ length: 10 }, (_, k) => `${lettersOf(n)}${String.fromCharCode(97 + k)}q`).join(' ');

export interface Written {
  at: number;
  outlet: number;
  title: string;
}

export interface Episode {
  pair: number;
  beginsAt: number;
  /** When a measurement confirms it; null = none does. */
  confirmedAt: number | null;
  liftedAt: number;
}

export const SERVICES =
  'whatsapp telegram signal messenger instagram facebook youtube tiktok x discord viber linkedin reddit snapchat wikipedia github spotify netflix twitch medium'.split(
    ' ',
  );

export function pairsOf(catalogue: Catalogue): Pair[] {
  const services = SERVICES.flatMap((id) => catalogue.services.filter((one) => one.id === id));
  return COUNTRIES.flatMap((country) =>
    services.map(({ id, name }) => ({ country, service: id, countryName: names.of(country)!, serviceName: name })),
  );
}

/** Of one pair again only after so long: a new story, not the old one resumed. */
const AGAIN_AFTER = 130 * DAY;
/** Of one country, so that each is a message of its own. */
const APART = 4 * HOUR;

export function episodesOf(pairs: readonly Pair[], days: number, aMonth: number, chance: Chance): Episode[] {
  const lastOf = new Map<number, number>();
  const lastIn = new Map<string, number>();
  const episodes: Episode[] = [];
  const every = (MONTH_DAYS * DAY) / aMonth;
  for (let at = T0 + DAY / 2; at < T0 + days * DAY - 3 * DAY; at += every * (0.5 + chance.next())) {
    for (let tries = 0; tries < 200; tries++) {
      const pair = chance.below(pairs.length);
      const { country } = pairs[pair]!;
      if (at - (lastOf.get(pair) ?? -Infinity) < AGAIN_AFTER || at - (lastIn.get(country) ?? -Infinity) < APART)
        continue;
      const liftedAt = Math.min(at + (0.5 + 20 * chance.next() ** 3) * DAY, T0 + days * DAY - 1.5 * DAY);
      const confirmedAt = chance.next() < 0.4 ? at + (liftedAt - at) * 0.3 * chance.next() : null;
      lastOf.set(pair, liftedAt);
      lastIn.set(country, at);
      episodes.push({ pair, beginsAt: at, confirmedAt, liftedAt });
      break;
    }
  }
  return episodes;
}

/** What all outlets write, by time: of each event three of them, and each day something of which nobody is to hear. */
export function writtenOf(
  pairs: readonly Pair[],
  episodes: readonly Episode[],
  days: number,
  calmADay: number,
  chance: Chance,
): Written[] {
  const all: Written[] = [];
  const threeOf = (at: number, texts: typeof BLOCKS, pair: Pair) => {
    const first = chance.below(OUTLETS);
    for (const [n, text] of texts.entries())
      all.push({ at: at + n * 40 * 60_000 * chance.next(), outlet: (first + n * 7) % OUTLETS, title: text(pair) });
  };
  for (const { pair, beginsAt, liftedAt } of episodes) {
    threeOf(beginsAt, BLOCKS, pairs[pair]!);
    threeOf(liftedAt, LIFTS, pairs[pair]!);
  }
  for (let day = 0; day < days; day++)
    for (let outlet = 0; outlet < OUTLETS; outlet++)
      for (let n = 0; n < calmADay; n++)
        all.push({ at: T0 + (day + chance.next()) * DAY, outlet, title: chance.of(CALM) });
  for (const flood of floodsOf(episodes)) {
    const outlet = chance.below(OUTLETS);
    for (let n = 0; n < FLOOD; n++) {
      const title = n % 2 === 0 ? chance.of(CALM) : chance.of(BLOCKS)(pairs[flood.pair]!);
      all.push({ at: flood.beginsAt + 5 * HOUR + n * 1_000, outlet, title });
    }
  }
  return all.sort((a, b) => a.at - b.at);
}

const FLOOD = 400;
/** Once a month an outlet writes for an hour without end, half of it of one thing that is cut; nobody is to hear more by it. */
const floodsOf = (episodes: readonly Episode[]): Episode[] => {
  const long = episodes.filter(({ beginsAt, liftedAt }) => liftedAt - beginsAt > 8 * HOUR);
  return [...Map.groupBy(long, ({ beginsAt }) => Math.floor((beginsAt - T0) / (MONTH_DAYS * DAY))).values()].map(
    (list) => list[0]!,
  );
};
