/** The press by country at the running bot: what chats follow is read from the store, the poller is told; and how well a country is heard. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { followPress, pressHealth } from '../../src/app/press.ts';
import { readPress, type PressFeed } from '../../src/config/press.ts';
import type { Poller } from '../../src/core/poll/poller.ts';
import { emptyState } from '../../src/core/poll/source-state.ts';
import type { Source } from '../../src/core/ports/source.ts';
import type { Store } from '../../src/core/ports/store.ts';
import { createIds } from '../../src/platform/ids.ts';
import { openStore } from '../../src/store/open.ts';
import { follower, incident, pairs } from '../contract/store/samples.ts';
import { FakeClock } from '../fakes/fake-clock.ts';
import { recordingLog } from '../fakes/fake-log.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const catalogue = readPress();
const idsOf = (...countries: string[]) => countries.flatMap((one) => catalogue.of(one)).map(({ source }) => source.id);

let clock: FakeClock;
let store: Store;
let log: ReturnType<typeof recordingLog>;
let ending: AbortController;
/** What the poller was told last. */
let told: { source: Source; everyMs: number }[];
let looping: Promise<void>;

beforeEach(async () => {
  clock = new FakeClock();
  log = recordingLog();
  store = await openStore(':memory:', { clock, log: log.log, ids: createIds(clock) });
  ending = new AbortController();
  told = [];
});
afterEach(async () => {
  ending.abort();
  await looping;
  await store.close();
});

const config = {
  feeds: { countries: [] as string[], follow: true },
  sources: [] as { id: string; kind: string }[],
  baseline: [],
};

/** Begins, as the ingester does. */
function begin(change: Partial<typeof config> = {}) {
  const poller: Pick<Poller, 'follow' | 'followed'> = {
    follow: async (wanted) => void (told = [...wanted]),
    followed: () => [],
  };
  const open = { feed: async ({ source, ...press }: PressFeed) => ({ id: source.id, press }) as unknown as Source };
  const deps = { config: { ...config, ...change }, store, clock, log: log.log };
  looping = followPress(deps, { poller, open, signal: ending.signal });
}
const read = () => told.map(({ source }) => source.id).sort();
/** The store answers in its own time. */
async function pass(ms: number) {
  for (let i = 0; i < 20; i++) await new Promise((done) => setImmediate(done));
  await clock.pass(ms);
  for (let i = 0; i < 20; i++) await new Promise((done) => setImmediate(done));
}

test('a chat follows a country: its press is read within half a minute; a day after the last follower it rests', async () => {
  begin();
  await pass(MINUTE);
  expect(read()).toEqual([]);
  const chat = await follower(store, 'a', 'UG whatsapp');
  await pass(30_000);
  expect(read()).toEqual(idsOf('UG').sort());
  expect(log.said()).toEqual(['info The press of the countries that chats follow is read']);
  await store.subscriptions.remove(chat.id, pairs(['UG whatsapp']));
  await pass(23 * 60 * MINUTE);
  expect(read()).toEqual(idsOf('UG').sort());
  await pass(2 * 60 * MINUTE);
  expect(read()).toEqual([]);
});

test('begun anew: what was followed within the last day is read at once', async () => {
  await follower(store, 'a', 'UG *');
  begin();
  await pass(1_000);
  ending.abort();
  await looping;
  await store.subscriptions.removeAll((await store.chats.find({ accountId: 'tg', chat: 'a' } as never))?.id ?? 1);
  ending = new AbortController();
  told = [];
  begin();
  await pass(1_000);
  expect(read()).toEqual(idsOf('UG').sort());
});

test('a service alone: where it stands blocked by the record, and where it is in the news; no other country', async () => {
  const blocked = {
    country: 'TM',
    service: 'signal',
    action: 'block',
    method: null,
    since: 0,
    monthOnly: false,
    reference: 'https://r.example',
  } as const;
  await store.transaction(async ({ incidents }) => {
    await incidents.insert(
      incident({
        id: 'UG-signal-1',
        country: 'UG',
        service: 'signal',
        openedAt: clock.now(),
        lastReportAt: clock.now(),
      }),
    );
    await incidents.insert(incident({ id: 'KE-telegram-1', country: 'KE', service: 'telegram' }));
    const over = {
      open: false,
      closedAt: clock.now() - 30 * DAY,
      openedAt: clock.now() - 40 * DAY,
      lastReportAt: clock.now() - 31 * DAY,
    };
    await incidents.insert(incident({ id: 'NG-signal-1', country: 'NG', service: 'signal', ...over }));
  });
  await follower(store, 'a', '* signal');
  begin({ baseline: [blocked] as never });
  await pass(30_000);
  expect(read()).toEqual(idsOf('TM', 'UG').sort());
});

test('everything: the whole catalogue, the first two owners of each country before all others', async () => {
  await follower(store, 'a', '* *');
  begin();
  await pass(30_000);
  expect(read()).toEqual(idsOf(...catalogue.countries()).sort());
  expect(told.every(({ everyMs }) => everyMs < 5 * MINUTE)).toBe(true);
  const first = told.slice(0, 100).map(({ source }) => `${source.press?.country} ${source.press?.owner}`);
  expect(new Set(first).size, 'an owner once').toBe(100);
});

test('countries of the configuration: read whoever follows; without following, these alone', async () => {
  await follower(store, 'a', 'UG *');
  begin({ feeds: { countries: ['TR'], follow: false } });
  await pass(30_000);
  expect(read()).toEqual(idsOf('TR').sort());
});

test('nothing of it is wanted: the store is not asked', async () => {
  await follower(store, 'a', 'UG *');
  begin({ feeds: { countries: [], follow: false } });
  await pass(DAY);
  expect(told).toEqual([]);
  expect(await store.state('press').get('wanted')).toBeUndefined();
});

test('what the configuration reads already is not read twice, and counts for its country', async () => {
  await follower(store, 'a', 'UG *');
  const [one, ...others] = catalogue.of('UG');
  const sources = [{ id: 'mine', kind: 'rss', url: one!.source.url.replace('https://', 'http://').replace(/\/$/, '') }];
  begin({ sources });
  await pass(30_000);
  expect(read()).toEqual(others.map(({ source }) => source.id).sort());
  const now = clock.now();
  const well = { ...emptyState(), lastPollAt: now, lastOkAt: now, firstPollDone: true };
  await store.sourceStates.setMany([{ id: 'mine', state: well }]);
  const health = await pressHealth({ config: { ...config, sources }, store, clock }, null);
  expect(health?.countries).toMatchObject([{ country: 'UG', heard: 1, waiting: false }]);
  expect(health?.owners.UG).toBe(catalogue.ownersOf('UG'));
  expect(
    await pressHealth({ config: { ...config, feeds: { countries: [], follow: false } }, store, clock }, null),
  ).toBeNull();
});
