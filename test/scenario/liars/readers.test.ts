/** Readers as evidence, in a town with a chat of each level: what a cut, an outage and every kind of liar come to. */
import { describe, expect, test } from 'vitest';
import { createReadersWatch } from '../../../src/core/judge/readers.ts';
import { QUARTER, type ReaderReport } from '../../../src/core/ports/readers.ts';
import { createReaders, readersSay } from '../../../src/core/readers.ts';
import { HOUR, MINUTE } from '../harness.ts';
import { chanceOf, poisson } from '../publics.ts';
import { type LiarsTown, liarsTown } from './feeds.ts';

const SEED = 4_711;

async function readersTown(...args: Parameters<typeof liarsTown>) {
  const town: LiarsTown = await liarsTown(...args);
  const { store, clock, pipeline, ids } = town.town;
  const readers = createReaders({
    store,
    clock,
    ids,
    isCountry: (code) => /^[A-Z]{2}$/u.test(code),
    isService: () => true,
  });
  const look = createReadersWatch(store, pipeline.readers);
  const chance = chanceOf(SEED);
  let people = 0;

  const say = async (verdict: 'fails' | 'works', over: Partial<ReaderReport> & { service?: string } = {}) => {
    const { service = 'whatsapp', ...report } = over;
    const verdicts = [{ service, verdict }];
    return readers.take({ country: 'RU', door: 'chat', settled: true, token: `p${++people}`, verdicts, ...report });
  };
  /** So many a quarter say so, for so long; the judge looks each five minutes. */
  async function go(quarters: number, tell: (quarter: number) => Promise<void>): Promise<void> {
    for (let quarter = 0; quarter < quarters; quarter++) {
      await tell(quarter);
      for (let i = 0; i < 3; i++) {
        await look(clock.now());
        await town.town.pass(5 * MINUTE);
      }
    }
  }
  const crowd =
    (n: number, over: Parameters<typeof say>[1] = {}, verdict: 'fails' | 'works' = 'fails') =>
    async () => {
      for (let i = poisson(n, chance); i > 0; i--) await say(verdict, over);
    };
  const counted = async (country = 'RU') =>
    readersSay(await store.readers.counts({ country, service: 'whatsapp', since: 0, limit: 10_000 }), clock.now());
  return { ...town, say, go, crowd, counted };
}

describe('a cut that readers feel', () => {
  test('known people, for three quarters of an hour: suspected, early levels hear that readers say so, the default level hears nothing', async () => {
    const town = await readersTown();
    await town.go(2, town.crowd(20));
    expect(await town.town.incidents()).toEqual([]);
    await town.go(3, town.crowd(20));
    expect(await town.only()).toBe('block suspected active');
    expect(town.newest('early')).toContain('readers say so');
    expect([town.heard('corroborated'), town.heard('confirmed')]).toEqual([[], []]);
  });

  test('one outlet beside them: no more than before; two: corroborated, by themselves', async () => {
    const town = await readersTown();
    await town.go(4, town.crowd(20));
    await town.poll('tass', [{ publisher: 'meduza', says: 'block RU whatsapp' }]);
    await town.town.pass(HOUR);
    expect(await town.only()).toBe('block suspected active');
    expect(town.heard('corroborated')).toEqual([]);
    await town.poll('bbc', [{ publisher: 'bbc', says: 'block RU whatsapp' }]);
    await town.town.pass(HOUR);
    expect(await town.only()).toBe('block corroborated active');
  });

  test('two outlets say that it is slowed down, readers that it does not work: it stays slowed down, whoever spoke first', async () => {
    for (const isFirst of [true, false]) {
      const town = await readersTown();
      const outlets = async () => {
        await town.poll('a', [{ publisher: 'meduza', says: 'throttle RU whatsapp' }]);
        await town.poll('b', [{ publisher: 'bbc', says: 'throttle RU whatsapp' }]);
      };
      if (!isFirst) await outlets();
      await town.go(4, town.crowd(20));
      if (isFirst) await outlets();
      await town.town.pass(HOUR);
      await town.go(4, town.crowd(20));
      expect(await town.only()).toBe('throttle corroborated active');
      await town.poll('c', [{ publisher: 'reuters', says: 'block RU whatsapp' }]);
      await town.town.pass(HOUR);
      expect(await town.only()).toBe('throttle corroborated active');
    }
  });

  test('a name is not given to what outlets leave without one', async () => {
    const town = await readersTown();
    await town.poll('a', [{ publisher: 'meduza', says: 'block RU -' }]);
    await town.go(4, town.crowd(20));
    const [only, ...others] = await town.town.incidents();
    expect([only!.service, others]).toEqual([null, []]);
  });

  test('it is quiet again: nothing is lifted, and the suspicion is unknown a day later; then it begins anew', async () => {
    const town = await readersTown();
    await town.go(4, town.crowd(20));
    await town.go(8, town.crowd(20, {}, 'works'));
    expect(await town.only()).toBe('block suspected active');
    await town.town.pass(30 * HOUR);
    await town.go(4, town.crowd(20));
    expect((await town.town.incidents()).map(({ open, state }) => [open, state]).toSorted()).toEqual([
      [false, 'active'],
      [true, 'active'],
    ]);
  });

  test('on record as cut for years: nobody is told that readers say so', async () => {
    const since = Date.UTC(2024, 1, 1);
    const entry = {
      country: 'RU',
      service: 'whatsapp',
      action: 'block',
      method: null,
      since,
      monthOnly: false,
      reference: 'https://record.example/ru',
    } as const;
    const town = await readersTown('en', [entry]);
    await town.go(6, town.crowd(20));
    expect([await town.town.incidents(), town.heard('early')]).toEqual([[], []]);
  });
});

describe('the service is down everywhere', () => {
  test('readers of four countries: nowhere is a block suspected', async () => {
    const town = await readersTown();
    const all = ['RU', 'DE', 'BR', 'TR'].map((country) => town.crowd(20, { country }));
    await town.go(6, async () => {
      for (const one of all) await one();
    });
    expect([await town.town.incidents(), town.heard('early')]).toEqual([[], []]);
  });

  test('one country was suspected first: it is taken back, and the reason is said', async () => {
    const town = await readersTown();
    await town.go(4, town.crowd(20));
    expect(await town.only()).toBe('block suspected active');
    const all = ['RU', 'DE', 'BR', 'TR'].map((country) => town.crowd(30, { country }));
    await town.go(2, async () => {
      for (const one of all) await one();
    });
    expect(await town.only()).toBe('block suspected withdrawn');
    expect(town.newest('early')).toContain('Readers in every country say that it does not work');
  });
});

describe('liars', () => {
  const nothing = async (town: Awaited<ReturnType<typeof readersTown>>) =>
    expect([await town.town.incidents(), ...(['early', 'corroborated', 'confirmed'] as const).map(town.heard)]).toEqual(
      [[], [], [], []],
    );

  test('5,000 fresh accounts within an hour, fail: nothing rings, no state changes, and it is said that many are new', async () => {
    const town = await readersTown();
    await town.go(6, async (quarter) => {
      if (quarter < 4) for (let i = 0; i < 1_250; i++) await town.say('fails', { settled: false });
    });
    await nothing(town);
    const said = await town.counted();
    expect([said!.manyNew, said!.fails > 1_000]).toEqual([true, true]);
  });

  test('5,000 fresh accounts over a week, as known ones say now and then that it works: nothing', async () => {
    const town = await readersTown();
    for (let day = 0; day < 7; day++) {
      for (let i = 0; i < 714; i++) await town.say('fails', { settled: false });
      await town.go(2, town.crowd(3, {}, 'works'));
      await town.town.pass(24 * HOUR);
    }
    await nothing(town);
  });

  test('fresh accounts that say that it works, while it is cut: it is suspected all the same, and nothing is lifted', async () => {
    const town = await readersTown();
    const cut = town.crowd(20);
    await town.go(5, async () => {
      await cut();
      for (let i = 0; i < 300; i++) await town.say('works', { settled: false });
    });
    expect(await town.only()).toBe('block suspected active');
    expect((await town.counted())!.manyNew).toBe(true);
  });

  test('a competitor of one operator: 500 fresh accounts of it: nothing, and no other operator is named', async () => {
    const town = await readersTown();
    await town.go(4, async () => {
      for (let i = 0; i < 125; i++) await town.say('fails', { settled: false, operator: 'AS8359' });
    });
    await nothing(town);
  });

  test('a bot that posts to the page, with a token for each post: nothing', async () => {
    const town = await readersTown();
    await town.go(4, async () => {
      for (let i = 0; i < 200; i++) await town.say('fails', { door: 'page', settled: false });
    });
    await nothing(town);
  });

  test('replays, and a known troll who presses all day in every group: one voice each six hours', async () => {
    const town = await readersTown();
    await town.go(24, async () => {
      for (let i = 0; i < 20; i++) await town.say('fails', { token: 'troll' });
    });
    await nothing(town);
    expect((await town.town.store.readers.counts({ since: 0, limit: 1_000 })).length).toBeLessThanOrEqual(2);
  });

  test('a clock that goes back and forth: nothing is counted twice within its hours, nothing is suspected', async () => {
    const town = await readersTown();
    const { clock } = town.town;
    for (let i = 0; i < 30; i++) await town.say('fails', { token: `c${i % 9}` });
    clock.moveTo(clock.now() + 2 * QUARTER);
    for (let i = 0; i < 30; i++) await town.say('fails', { token: `c${i % 9}` });
    await town.go(3, async () => {});
    await nothing(town);
  });

  test('of the network itself nothing is suspected: whoever is cut off says nothing', async () => {
    const town = await readersTown();
    await town.go(4, town.crowd(30, { service: 'internet' }));
    await nothing(town);
  });
});
