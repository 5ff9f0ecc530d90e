import { ANY } from '../model/chat.ts';
import type { Press } from '../ports/source.ts';
import { restOf } from './plan.ts';
import type { SourceHealth } from './source-state.ts';

/** Which countries' press is read, how often, and how well each country is heard. Decisions alone: `app/press.ts` carries them out. */

/** Followed in every country: these services, or, by `*`, everything; and countries by name. */
export interface WantedBy {
  countries: readonly string[];
  services: readonly string[];
}

/** A country's press is read for so long after the last chat that followed it. */
const RESTS_AFTER_MS = 86_400_000;

/** When each country was last wanted, ms since the epoch; those that are read. `all`: what a chat follows that follows the whole world. */
export function wantedAt(
  before: Readonly<Record<string, number>>,
  { countries, services }: WantedBy,
  { inTheNews, all, now }: { inTheNews: readonly string[]; all: readonly string[]; now: number },
): Record<string, number> {
  const wanted = services.includes(ANY) ? all : [...countries, ...inTheNews];
  // A time to come is of a clock that was ahead.
  const lately = Object.entries(before).filter(([, at]) => at <= now && now - at < RESTS_AFTER_MS);
  return { ...Object.fromEntries(lately), ...Object.fromEntries(wanted.map((country) => [country, now])) };
}

/** What the whole catalogue may cost. */
export const MOST = { pollsAMinute: 200, bytesAnHour: 500_000_000 };
/** How often a feed of the catalogue is asked where nothing stretches it. */
export const PRESS_EVERY_MS = 300_000;
/** No feed takes more than this part of the bytes, unless once an hour is more. */
const SHARE = 0.01;
const LONGEST_SHARE_MS = 3_600_000;
/** What those that come first may take where all of it is not enough for everybody. */
const FIRST_PART = 0.75;
/** Two owners ring: so many come first. */
const FIRST_OWNERS = 2;
/** Of a feed that was never read. */
const USUAL_BYTES = 30_000;

type Paced = Press & { id: string; bytes: number | null };

/** Those that come first (one feed of each of the first two owners of every country), then the others; each in the given order. */
export function byTurn<T extends Press>(feeds: readonly T[]): { first: T[]; others: T[] } {
  const owners = new Map<string, Set<string>>();
  const { first = [], others = [] } = Object.groupBy(feeds, ({ country, owner }) => {
    const known = owners.getOrInsertComputed(country, () => new Set());
    if (known.has(owner) || known.size === FIRST_OWNERS) return 'others';
    known.add(owner);
    return 'first';
  });
  return { first, others };
}

/**
 * How often each is asked at most, ms, within what the whole may cost. Where that is too little for everybody, the first two owners of each country go before all
 * others, and the others share what is left: asked more seldom, never left out.
 */
export function pacesOf(feeds: readonly Paced[], most = MOST) {
  const { first, others } = byTurn(feeds);
  const own = (feed: Paced): number => {
    const share = ((feed.bytes ?? USUAL_BYTES) / (most.bytesAnHour * SHARE)) * 3_600_000;
    return Math.max(PRESS_EVERY_MS, Math.min(LONGEST_SHARE_MS, share));
  };
  const load = (some: readonly Paced[]): number => {
    const polls = some.reduce((sum, feed) => sum + 60_000 / own(feed), 0) / most.pollsAMinute;
    const bytes = some.reduce((sum, one) => sum + (3_600_000 / own(one)) * (one.bytes ?? USUAL_BYTES), 0);
    return Math.max(polls, bytes / most.bytesAnHour);
  };
  const [a, b] = [load(first), load(others)];
  const fits = a + b <= 1;
  const firstBy = fits ? 1 : Math.max(1, a / FIRST_PART);
  const othersBy = fits ? 1 : Math.max(1, b / (1 - a / firstBy));
  const every = new Map<string, number>();
  for (const feed of first) every.set(feed.id, own(feed) * firstBy);
  for (const feed of others) every.set(feed.id, own(feed) * othersBy);
  return { every, firstMs: PRESS_EVERY_MS * firstBy, othersMs: PRESS_EVERY_MS * othersBy };
}

/** How well a country is heard. */
export interface Heard {
  country: string;
  feeds: number;
  /** Owners of its outlets, and of those that are read well. */
  owners: number;
  heard: number;
  /** Feeds that rest or cannot be read. */
  troubled: number;
  newestAt: number | null;
  /** Of the feeds that are read well. */
  languages: string[];
  /** Not every feed was asked yet, and none has answered. */
  waiting: boolean;
}

/** A poll that fails now and then makes nobody deaf. */
const HEARD_FOR_MS = 3_600_000;

/** A feed that was read well lately, and lives. */
const isHeard = (source: SourceHealth, now: number): boolean =>
  source.lastOkAt !== null &&
  (source.failures === 0 || now - source.lastOkAt < HEARD_FOR_MS) &&
  restOf(source, now) === null;

/** By country, the worst heard first. */
export function heardBy(sources: readonly SourceHealth[], now: number): Heard[] {
  const by = Map.groupBy(sources, ({ press }) => press?.country ?? '');
  by.delete('');
  const all = [...by].map(([country, feeds]): Heard => {
    const well = feeds.filter((one) => isHeard(one, now));
    const dates = well.flatMap(({ pulse }) => pulse?.newestAt ?? []);
    return {
      country,
      feeds: feeds.length,
      owners: ownersOf(feeds),
      heard: ownersOf(well),
      troubled: feeds.filter((one) => one.lastPollAt !== null && !isHeard(one, now)).length,
      newestAt: dates.length > 0 ? Math.max(...dates) : null,
      languages: [...new Set(well.flatMap(({ press }) => press?.lang ?? []))].sort(),
      waiting: well.length === 0 && feeds.some(({ lastPollAt }) => lastPollAt === null),
    };
  });
  return all.sort((a, b) => a.heard - b.heard || (a.country < b.country ? -1 : 1));
}

const ownersOf = (feeds: readonly SourceHealth[]): number => new Set(feeds.map(({ press }) => press?.owner)).size;
