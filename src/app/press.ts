import type { PressFeed } from '../config/press.ts';
import type { Config } from '../config/schema.ts';
import type { PressHealth } from '../core/commands/look/health.ts';
import { ANY } from '../core/model/chat.ts';
import type { Poller } from '../core/poll/poller.ts';
import { byTurn, heardBy, MOST, pacesOf, PRESS_EVERY_MS, wantedAt } from '../core/poll/press.ts';
import { type SourceHealth, storedHealth } from '../core/poll/source-state.ts';
import type { Tools } from '../core/ports/runtime.ts';
import type { Source } from '../core/ports/source.ts';
import type { Store } from '../core/ports/store.ts';
import { createRecent } from '../core/recent.ts';
import { keepAtIt } from '../core/wakeable.ts';
import { nextRun } from '../platform/schedule.ts';
import { SILENTLY } from './housekeeping.ts';
import type { OpenSources } from './open-sources.ts';

/** The press by country: what chats follow is read from the store, whoever wrote it there; what is read is written there, for whoever asks. */

/** A chat that begins to follow a country waits so long at most until its press is asked. */
const LOOK_EVERY_MS = 20_000;
/** Where a service is in the news is looked up so often, and after a new one is followed. */
const NEWS_EVERY_MS = 600_000;
/** An incident keeps a country in the news for so long. */
const IN_THE_NEWS_MS = 7 * 86_400_000;
const MAX_INCIDENTS = 200;
/** Feeds show what they cost: their paces are worked out anew so often. */
const PACED_EVERY_MS = 600_000;
/** That a country is still followed is written down so often. */
const WRITTEN_EVERY_MS = 3_600_000;
const MAX_NAMED = 12;
/** A first look may fall shortly before a run of the schedule. */
const LEAST_MS = 0.9 * PRESS_EVERY_MS;

interface PressDeps extends Pick<Tools, 'clock' | 'log'> {
  config: Pick<Config, 'feeds' | 'sources' | 'baseline'>;
  store: Pick<Store, 'subscriptions' | 'incidents' | 'state' | 'sourceStates'>;
}

type WantedAt = Record<string, number>;

const wantedIn = (value: unknown): WantedAt =>
  value !== null && typeof value === 'object'
    ? Object.fromEntries(Object.entries(value).filter((one): one is [string, number] => typeof one[1] === 'number'))
    : {};

/** As good as the same address. */
const plain = (url: string): string => url.replace(/^https?:\/\/(?:www\.)?/, '').replace(/\/$/, '');

const catalogueOf = async () => (await import('../config/press.ts')).readPress();
let read: ReturnType<typeof catalogueOf> | null = null;
/** Read when a country is first wanted, for the whole process. */
const catalogue = () => (read ??= catalogueOf());

/** What is wanted of the catalogue: the feeds to be read in the order of their turn, and configured sources that are of it. */
async function feedsOf(
  countries: readonly string[],
  config: PressDeps['config'],
  onFault?: Parameters<PressCatalogue['of']>[1],
) {
  const known = await catalogue();
  const ids = new Set(config.sources.map(({ id }) => id));
  const configured = new Map(config.sources.flatMap((one) => ('url' in one ? [[plain(String(one.url)), one.id]] : [])));
  const all = countries.flatMap((country) => known.of(country, onFault));
  const twins = new Map<string, PressFeed>();
  const own = all.filter((feed) => {
    const twin = configured.get(plain(feed.source.url)) ?? (ids.has(feed.source.id) ? feed.source.id : undefined);
    if (twin !== undefined) twins.set(twin, feed);
    return twin === undefined;
  });
  const { first, others } = byTurn(own);
  return { feeds: [...first, ...others], twins };
}

const described = ({ id, kind, url, cron }: PressFeed['source']) => ({
  id,
  kind,
  label: id,
  cron,
  host: new URL(url).host,
});

/** Configured sources that are of the catalogue, too. */
const ofTwins = (sources: readonly SourceHealth[], twins: ReadonlyMap<string, PressFeed>) =>
  sources.flatMap((one) => {
    const press = twins.get(one.id);
    return press ? [{ ...one, press }] : [];
  });

type PressCatalogue = Awaited<ReturnType<typeof catalogueOf>>;

/** How well the followed countries are heard; null = no press is read by this configuration. `poller`: null = another process polls. */
export async function pressHealth(
  { config, store, clock }: Omit<PressDeps, 'log'>,
  poller: Pick<Poller, 'health' | 'followed'> | null,
): Promise<PressHealth | null> {
  if (!config.feeds.follow && config.feeds.countries.length === 0) return null;
  const now = clock.now();
  const wanted = config.feeds.follow ? wantedIn(await store.state('press').get('wanted')) : {};
  const countries = [...new Set([...config.feeds.countries, ...Object.keys(wanted)])];
  const known = await catalogue();
  const { feeds, twins } = await feedsOf(countries, config);
  const stored = (some: readonly PressFeed[]) =>
    storedHealth(
      some.map(({ source, ...press }) => ({ ...described(source), press })),
      store.sourceStates,
      { now, nextRun },
    );
  const own = [...twins].map(([id, feed]) => ({ ...feed, source: { ...feed.source, id } }));
  const polled = poller ? [...poller.followed(), ...ofTwins(poller.health(), twins)] : await stored([...feeds, ...own]);
  const { firstMs, othersMs } = pacesOf(feeds.map((one) => ({ ...one, id: one.source.id, bytes: null })));
  return {
    countries: heardBy(polled, now),
    owners: Object.fromEntries(known.countries().map((country) => [country, known.ownersOf(country)])),
    pollsAMinute: MOST.pollsAMinute,
    megabytesAnHour: MOST.bytesAnHour / 1e6,
    firstMs,
    othersMs,
  };
}

/** Whose news is looked for elsewhere: what is read of the press, and what chats follow by name, whatever is read. */
export async function wantedCountries({ config, store }: Pick<PressDeps, 'config' | 'store'>) {
  const kept = config.feeds.follow ? wantedIn(await store.state('press').get('wanted')) : {};
  const { countries } = await store.subscriptions.places();
  return new Set([...config.feeds.countries, ...Object.keys(kept), ...countries]);
}

/** Fewer owners than these can be silent for one reason. */
const FEW_OWNERS = 3;

/** Of what is read of the press, where few owners are heard at present. */
export async function thinCountries(
  deps: Omit<PressDeps, 'log'>,
  poller: Pick<Poller, 'health' | 'followed'>,
): Promise<ReadonlySet<string>> {
  const { countries = [] } = (await pressHealth(deps, poller)) ?? {};
  return new Set(countries.flatMap(({ country, heard }) => (heard < FEW_OWNERS ? [country] : [])));
}

/** Keeps the poller at what is wanted. Ends with the signal; never rejects. */
export async function followPress(
  { config, store, clock, log }: PressDeps,
  {
    poller,
    open,
    signal,
  }: { poller: Pick<Poller, 'follow' | 'followed'>; open: Pick<OpenSources, 'feed'>; signal: AbortSignal },
): Promise<void> {
  const { countries: always, follow } = config.feeds;
  if (!follow && always.length === 0) return;
  const state = store.state('press');
  const made = new Map<string, Source>();
  const faults = new Set<string>();
  let kept: WantedAt | null = null;
  /** As it stands in the store: an hour older at most, where nothing came or went. */
  let written: WantedAt = {};
  let pacedAt = Number.NEGATIVE_INFINITY;
  let read: readonly string[] = [];
  const news = createRecent<string[]>(NEWS_EVERY_MS, 1);

  /** A service alone is followed: where it stands blocked, or is in the news. */
  async function inTheNews(services: readonly string[], now: number): Promise<string[]> {
    const found = new Set(config.baseline.flatMap((one) => (services.includes(one.service) ? [one.country] : [])));
    for (const service of services)
      for (const filter of [{ open: true }, { since: now - IN_THE_NEWS_MS }])
        for (const one of await store.incidents.list({ service, ...filter, limit: MAX_INCIDENTS }))
          if (one.country !== null) found.add(one.country);
    return [...found];
  }

  async function wanted(now: number): Promise<string[]> {
    if (!follow) return [...always];
    kept ??= written = wantedIn(await state.get('wanted'));
    const places = await store.subscriptions.places();
    const all = places.services.includes(ANY) ? (await catalogue()).countries() : [];
    const told = news(places.services.join(' '), clock.monotonic(), () => inTheNews(places.services, now));
    const next = wantedAt(kept, places, { inTheNews: await told, all, now });
    kept = next;
    const isNew = Object.keys(next).length !== Object.keys(written).length;
    if (isNew || Object.entries(next).some(([country, at]) => !(at - (written[country] ?? 0) < WRITTEN_EVERY_MS))) {
      await state.set('wanted', next);
      written = next;
    }
    return [...new Set([...always, ...Object.keys(next)])];
  }

  async function look(): Promise<void> {
    const countries = await wanted(clock.now());
    const same = countries.length === read.length && countries.every((one) => read.includes(one));
    if (same && (read.length === 0 || clock.monotonic() - pacedAt < PACED_EVERY_MS)) return;
    pacedAt = clock.monotonic();
    const onFault = (at: string, wrong: string) => {
      if (!faults.has(at)) log.warn('A line of the catalogue of feeds is left out', { at, wrong });
      faults.add(at);
    };
    const { feeds } = await feedsOf(countries, config, onFault);
    const bytes = new Map(poller.followed().map((one) => [one.id, one.bytes]));
    const { every } = pacesOf(
      feeds.map((one) => ({ ...one, id: one.source.id, bytes: bytes.get(one.source.id) ?? null })),
    );
    const list: { source: Source; everyMs: number }[] = [];
    for (const feed of feeds) {
      const { id } = feed.source;
      const source = made.get(id) ?? (await open.feed(feed));
      made.set(id, source);
      const ms = every.get(id) ?? 0;
      list.push({ source, everyMs: ms > PRESS_EVERY_MS ? ms : LEAST_MS });
    }
    await poller.follow(list);
    const ids = new Set(list.map(({ source }) => source.id));
    for (const id of made.keys()) if (!ids.has(id)) made.delete(id);
    tell(countries, list.length);
  }

  function tell(countries: readonly string[], feeds: number): void {
    const begins = countries.filter((one) => !read.includes(one));
    const ends = read.filter((one) => !countries.includes(one));
    read = countries;
    if (begins.length + ends.length === 0) return;
    const named = (some: readonly string[]) => [...some.slice(0, MAX_NAMED), ...(some.length > MAX_NAMED ? ['…'] : [])];
    log.info('The press of the countries that chats follow is read', {
      countries: countries.length,
      feeds,
      ...(begins.length > 0 ? { begins: named(begins).join(' ') } : {}),
      ...(ends.length > 0 ? { rests: named(ends).join(' ') } : {}),
    });
  }

  await keepAtIt(look, LOOK_EVERY_MS, { clock, log, begins: 'Unable to see what chats follow', ...SILENTLY }, signal);
}
