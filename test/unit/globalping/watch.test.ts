/** The watch over a national DNS: whose turn it is, what a look tells, and a source that finds a name gone although nobody has spoken of it. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Look } from '../../../src/core/judge/looks.ts';
import {
  afterLook,
  NOTHING_SPENT,
  nameSeen,
  planWatch,
  type Spent,
  settled,
  spend,
  type Watched,
  watchedOf,
} from '../../../src/sources/globalping/index.ts';
import { globalpingEntry } from '../../contract/source-globalping.ts';
import { openWorld } from '../../contract/source-world.ts';
import { FINE_DNS, FINE_HTTP, type Finds, GONE, globalping } from './server.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NOW = Date.UTC(2026, 1, 11, 12);
const PAIRS = ['whatsapp', 'signal', 'bbc'].map((service) => ({ service, country: 'RU' }));
const NOTHING: Watched = { names: {}, next: 0, lookedAt: null };

describe('whose turn it is', () => {
  const plan = (watched: Partial<Watched>, spent: Spent = NOTHING_SPENT, pairs = PAIRS, perHour = 40) =>
    planWatch({ ...NOTHING, ...watched }, pairs, { spent, perHour, now: NOW });

  test.each<[string, ReturnType<typeof plan>, object]>([
    ['the first', plan({}), { do: 'look', pair: PAIRS[0], next: 1 }],
    ['the last', plan({ next: 2 }), { do: 'look', pair: PAIRS[2], next: 3 }],
    ['the first again', plan({ next: 3 }), { do: 'look', pair: PAIRS[0], next: 1 }],
    ['of a list that has become short', plan({ next: 700 }), { do: 'look', pair: PAIRS[1], next: 2 }],
    ['a quarter of an hour later', plan({ lookedAt: NOW - 15 * MINUTE }), { do: 'look' }],
    ['sooner', plan({ lookedAt: NOW - 15 * MINUTE + 1 }), { do: 'wait', because: 'not-yet' }],
    ['after the clock was set back', plan({ lookedAt: NOW + HOUR }), { do: 'look' }],
    ['nothing is followed', plan({}, NOTHING_SPENT, []), { do: 'wait', because: 'nothing-to-watch' }],
    ['incidents took the tests', plan({}, spend(NOTHING_SPENT, 36, NOW)), { do: 'wait', because: 'no-tests-left' }],
  ])('%s', (_name, found, expected) => expect(found).toMatchObject(expected));

  test('a day of it, whatever the allowance: never more than half of the tests of an hour, and all names have their turn', () => {
    fc.assert(
      fc.property(fc.integer({ min: 12, max: 500 }), fc.integer({ min: 1, max: 40 }), (perHour, n) => {
        const pairs = Array.from({ length: n }, (_, i) => ({ service: `s${i}`, country: 'RU' }));
        let watched = NOTHING;
        let spent = NOTHING_SPENT;
        const looks: { at: number; service: string }[] = [];
        for (let now = NOW; now < NOW + 24 * HOUR; now += MINUTE) {
          const found = planWatch(watched, pairs, { spent, perHour, now });
          if (found.do === 'wait') continue;
          looks.push({ at: now, service: found.pair.service });
          spent = spend(spent, 5, now);
          watched = { ...watched, next: found.next, lookedAt: now };
        }
        for (const { at } of looks) {
          const inHour = looks.filter((one) => one.at >= at && one.at < at + HOUR).length;
          expect(inHour * 5).toBeLessThanOrEqual(perHour / 2 + 5);
        }
        expect(new Set(looks.map(({ service }) => service)).size).toBe(Math.min(n, looks.length));
      }),
      { numRuns: 20 },
    );
  });
});

describe('what a look tells', () => {
  const looks = (...found: Look['found'][]): Look[] =>
    found.map((one, i) => ({ country: 'RU', asn: `AS${i + 1}`, found: one }));
  test.each<[string, Look[], Look[], 'there' | 'gone' | null]>([
    ['all hear of it', looks('fine', 'fine', 'fine'), looks('fine', 'fine'), 'there'],
    ['nobody does', looks('gone', 'gone', 'gone'), looks('fine', 'fine'), 'gone'],
    ['nobody does, nor abroad: it is gone for all', looks('gone', 'gone'), looks('gone', 'gone'), null],
    ['one of three does', looks('gone', 'fine', 'gone'), looks('fine', 'fine'), null],
    ['only one could ask', looks('gone', 'unclear', 'unclear'), looks('fine', 'fine'), null],
    ['only one could ask, and heard of it', looks('fine', 'unclear'), looks('fine'), null],
    ['nobody abroad could ask', looks('gone', 'gone'), looks('unclear'), null],
    ['nobody at all', [], [], null],
  ])('%s', (_name, asked, controls, expected) => expect(nameSeen({ asked, controls })).toBe(expected));

  const [pair] = PAIRS;
  const how = { next: 1, now: NOW };
  test.each<[string, Watched['names'], 'there' | 'gone' | null, Watched['names'], boolean]>([
    ['for the first time there', {}, 'there', { 'RU whatsapp': 'there' }, false],
    ['for the first time gone: it may have been so for years', {}, 'gone', { 'RU whatsapp': 'gone' }, false],
    ['unclear', { 'RU whatsapp': 'there' }, null, { 'RU whatsapp': 'there' }, false],
    [
      'gone: looked at closely before it is known',
      { 'RU whatsapp': 'there' },
      'gone',
      { 'RU whatsapp': 'there' },
      true,
    ],
    ['back', { 'RU whatsapp': 'gone' }, 'there', { 'RU whatsapp': 'gone' }, true],
  ])('%s', (_name, names, seen, after, isNews) => {
    const found = afterLook({ ...NOTHING, names }, pair!, seen, how);
    expect(found).toEqual({ watched: { names: after, next: 1, lookedAt: NOW }, isNews });
  });

  test.each([
    ['cut by DNS', { says: 'cut', method: 'dns' }, 'gone'],
    ['cut in another way: its name is there', { says: 'cut', method: null }, 'there'],
    ['open', { says: 'open', method: null }, 'there'],
    ['unclear: as it was', { says: 'unclear', method: null }, 'there'],
  ] as const)('a closer look, %s', (_name, verdict, expected) => {
    expect(settled({ a: 'there' }, 'a', verdict)).toEqual({ a: expected });
    expect(settled({ a: 'there' }, 'b', verdict)).toEqual({ a: 'there' });
  });

  test('whatever was kept: of the right shape', () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), fc.anything(), (names, next, lookedAt) => {
        const found = watchedOf({ names, next, lookedAt });
        expect(Number.isInteger(found.next) && found.next >= 0).toBe(true);
        expect(Object.values(found.names).every((one) => one === 'there' || one === 'gone')).toBe(true);
      }),
    );
    for (const kept of [null, undefined, 7, 'x']) expect(watchedOf(kept)).toEqual(NOTHING);
  });
});

describe('a source that watches', () => {
  const entry = {
    ...globalpingEntry,
    followed: { countries: ['RU', 'DE'], services: ['whatsapp', 'max', 'signal'] },
    config: (base: string, secret: string) => ({ ...globalpingEntry.config(base, secret), watch: true }),
  };
  const well: Finds = ({ type }) => (type === 'http' ? FINE_HTTP : FINE_DNS);
  const without =
    (name: string): Finds =>
    ({ type, target, resolver }) =>
      type === 'http' ? FINE_HTTP : target === name && resolver !== '1.1.1.1' ? GONE : FINE_DNS;

  async function watching() {
    const world = await openWorld(entry);
    let server = globalping(well);
    world.answer(server.listener);
    const turn = async (finds: Finds, times = 1) => {
      server = globalping(finds);
      world.answer(server.listener);
      const measurements = [];
      for (let i = 0; i < times; i++) {
        await world.clock.pass(16 * MINUTE);
        for (const _ of [1, 2]) {
          const result = await world.poll();
          await result.commit?.();
          measurements.push(...result.measurements);
        }
      }
      return { measurements, posts: server.told.posts };
    };
    return { world, turn };
  }

  test('a name after the other, in the country that has a DNS of its own; nothing is told', async () => {
    const { turn } = await watching();
    const { measurements, posts } = await turn(well, 4);
    expect(measurements).toEqual([]);
    expect(new Set(posts.map(({ type }) => type))).toEqual(new Set(['dns']));
    expect(posts).toHaveLength(8);
    expect(new Set(posts.map(({ target }) => target)).size).toBeGreaterThanOrEqual(2);
  });

  test('a name goes: looked at closely, and told as cut by DNS of what was well before; back: told as open', async () => {
    const { turn } = await watching();
    await turn(well, 4);
    const { measurements } = await turn(without('signal.org'), 3);
    expect(measurements).toMatchObject([
      { target: 'signal', verdict: 'dns_blocked:delisted', raw: { says: 'cut', method: 'dns', before: 'open' } },
    ]);
    const back = await turn(well, 4);
    expect(back.measurements[0]).toMatchObject({ target: 'signal', raw: { says: 'open' } });
  });

  test('killed before the closer look: found again with its next turn', async () => {
    const { world, turn } = await watching();
    await turn(well, 4);
    world.answer(globalping(without('signal.org')).listener);
    for (let i = 0; i < 3; i++) {
      await world.clock.pass(16 * MINUTE);
      await world.poll();
      await world.restart();
    }
    const { measurements } = await turn(without('signal.org'), 4);
    expect(measurements).toMatchObject([{ target: 'signal', raw: { before: 'open' } }]);
  });

  test('gone from the first look on: nothing is told', async () => {
    const { turn } = await watching();
    expect((await turn(without('signal.org'), 8)).measurements).toEqual([]);
  });

  test('not asked to watch: nothing is asked', async () => {
    const world = await openWorld({ ...entry, config: globalpingEntry.config });
    await world.poll();
    expect(world.arrived()).toBe(0);
  });
});
