import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Item } from '../../../src/core/model/item.ts';
import type { Extractor } from '../../../src/core/ports/reading.ts';
import { quietLog } from '../../../src/core/ports/runtime.ts';
import type { Store } from '../../../src/core/ports/store.ts';
import { createItemReading, createSeenBound, planSeen, seenKeys } from '../../../src/core/read.ts';
import { createIds } from '../../../src/platform/ids.ts';
import { openStore } from '../../../src/store/open.ts';
import { deps, NOW } from '../../contract/store/samples.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';

const MINUTE = 60_000;
let store: Store;
beforeEach(async () => {
  store = await openStore(':memory:', deps);
});
afterEach(() => store.close());

const item = (title: string, over: Partial<Item> = {}): Item => ({
  sourceId: 's',
  guid: title,
  url: null,
  title,
  summary: '',
  lang: null,
  publishedAt: NOW,
  dated: true,
  publisher: 'p',
  publisherName: 'P',
  authority: false,
  ...over,
});
const rows = async (): Promise<number> => (await store.digest()).find(({ table }) => table === 'seen')!.rows;

describe('what is remembered of one source', () => {
  test('ever-new items for a day: bounded; what the feed carries stays known; what was forgotten is not news when it comes back', async () => {
    const bound = createSeenBound(store, 1_000);
    const news: string[] = [];
    const fetch = async (titles: Item[], now: number): Promise<void> => {
      const keys = seenKeys(titles);
      const known = await store.seen.known('s', keys.flat());
      const forgottenUntil = await bound.forgottenUntil('s', now);
      const plan = planSeen(titles, keys, known, { firstPoll: false, oldest: 0, forgottenUntil });
      const added = plan.flatMap(({ add }) => add);
      await store.seen.add('s', added, now);
      await bound.added('s', added.length, keys.flat());
      news.push(...plan.filter(({ reason }) => reason === 'news').map((one) => one.item.title));
    };
    const pinned = item('pinned', { publishedAt: NOW });
    for (let poll = 0; poll < 288; poll++) {
      const now = NOW + poll * 5 * MINUTE;
      await fetch([pinned, ...Array.from({ length: 50 }, (_, i) => item(`${poll}/${i}`, { publishedAt: now }))], now);
      expect(await rows()).toBeLessThanOrEqual(1_100);
    }
    expect(news.filter((title) => title === 'pinned')).toHaveLength(1);
    expect(news).toHaveLength(1 + 288 * 50);
    const end = NOW + 288 * 5 * MINUTE;
    await fetch(
      Array.from({ length: 50 }, (_, i) => item(`0/${i}`, { publishedAt: NOW })),
      end,
    );
    expect(news).toHaveLength(1 + 288 * 50);
    await fetch([item('really new', { publishedAt: end })], end);
    expect(news.at(-1)).toBe('really new');
    // As after a restart.
    expect(await createSeenBound(store, 1_000).forgottenUntil('s', end)).toBeGreaterThan(NOW);
  });

  test('a search shows ever new titles that tell nothing, each twice: one key each, and none is read twice', async () => {
    const bound = createSeenBound(store, 1_000);
    const clock = new FakeClock();
    const read: string[] = [];
    const extract: Extractor['extract'] = ({ title }) => {
      read.push(title);
      return { relevant: false, events: [], lang: 'en', credit: null };
    };
    const reading = createItemReading({
      store,
      extractor: { extract },
      policy: { firstPollWindow: 0 },
      bound,
      clock,
      ids: createIds(clock),
      log: quietLog,
    });
    const found = (n: number) =>
      item(`${n}`, { guid: null, url: `https://p.example/${n}`, found: true, publishedAt: clock.now() });
    let before: Item[] = [];
    for (let poll = 0; poll < 48; poll++) {
      const fresh = Array.from({ length: 20 }, (_, i) => found(20 * poll + i));
      const { silent, added, carried } = await reading('s', [...before, ...fresh], false);
      await store.seen.add('s', silent, clock.now());
      await bound.added('s', added, carried);
      before = fresh;
      await clock.pass(10 * MINUTE);
    }
    expect([read.length, new Set(read).size, await rows()]).toEqual([960, 960, 960]);
    expect(await bound.forgottenUntil('s', clock.now())).toBe(0);
  });

  test('a source within its bound forgets nothing, and no other source pays for one that is not', async () => {
    await store.seen.add('quiet', ['ca', 'cb'], NOW);
    await store.seen.add(
      'loud',
      Array.from({ length: 2_000 }, (_, i) => `g${i}`),
      NOW + 1,
    );
    const bound = createSeenBound(store, 500);
    await bound.added('loud', 2_000, []);
    await bound.added('quiet', 2, []);
    expect(await rows()).toBe(450 + 2);
    expect([await bound.forgottenUntil('loud', NOW + 1), await bound.forgottenUntil('quiet', NOW)]).toEqual([
      NOW + 1,
      0,
    ]);
  });
});

describe('what is news in one fetch', () => {
  const facts = { firstPoll: false, oldest: NOW - 100, forgottenUntil: 0 };
  const reasons = (items: Item[], known: string[] = [], over: Partial<typeof facts> = {}) =>
    planSeen(items, seenKeys(items), new Set(known), { ...facts, ...over }).map(({ reason }) => reason);
  test.each([
    ['new', item('a'), {}, 'news'],
    ['too old', item('a', { publishedAt: NOW - 101 }), {}, 'archive'],
    ['undated on a first poll', item('a', { dated: false }), { firstPoll: true }, 'undated'],
    ['undated later', item('a', { dated: false }), {}, 'news'],
    ['from before what was forgotten', item('a', { publishedAt: NOW - 1 }), { forgottenUntil: NOW }, 'forgotten'],
    ['from after it', item('a', { publishedAt: NOW + 1 }), { forgottenUntil: NOW }, 'news'],
  ] as const)('%s', (_name, one, over, reason) => {
    expect(reasons([one], [], over)).toEqual([reason]);
  });

  test('seen, and twice in one fetch', () => {
    const [keys] = seenKeys([item('a')]);
    expect(reasons([item('a', { guid: 'x' })], keys)).toEqual(['known']);
    expect(reasons([item('b'), item('b', { guid: 'y' })])).toEqual(['news', 'twice']);
  });

  test('one of ten known items has a new guid: it is remembered; most of them have: none is', () => {
    const before = Array.from({ length: 10 }, (_, i) => item(`${i}`));
    const known = new Set(seenKeys(before).flat());
    const added = (changed: number): number => {
      const now = before.map((one, i) => (i < changed ? { ...one, guid: `new${i}` } : one));
      const plan = planSeen(now, seenKeys(now), known, facts);
      return plan.flatMap(({ add }) => add).filter((key) => !known.has(key)).length;
    };
    expect([added(1), added(5), added(6), added(10)]).toEqual([1, 5, 0, 0]);
  });
});
