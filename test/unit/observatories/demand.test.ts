import fc from 'fast-check';
import { expect, test } from 'vitest';
import { WATCH_LIST, createDemand, demandOf, leftOutOf } from '../../../src/core/poll/etiquette.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { recordingLog } from '../../fakes/fake-log.ts';

const pair = (text: string) => {
  const [country = '*', service = '*'] = text.split(' ');
  return { country, service };
};
const followedOf = (pairs: Parameters<typeof demandOf>[0]) => demandOf(pairs).followed;

test('nobody follows anything: the watch list, and nothing is left out', () => {
  expect(demandOf([])).toEqual({
    followed: WATCH_LIST,
    leftOut: { countries: 0, services: 0, isMore: false },
  });
});

test('what chats follow: before the watch list, the most wanted first, "any" left out', () => {
  const { countries, services } = followedOf(['KE signal', 'UG *', '* zalo', 'UG zalo'].map(pair));
  expect(countries.slice(0, 2)).toEqual(['UG', 'KE']);
  expect(services[0]).toBe('zalo');
  expect(countries).toEqual(expect.arrayContaining(WATCH_LIST.countries));
  expect([...countries, ...services]).not.toContain('*');
});

test('the whole world is followed: 60 countries and 40 services, and the rest is counted', () => {
  const all = Array.from({ length: 500 }, (_, i) => ({ country: `C${i}`, service: `s${i}` }));
  const { followed, leftOut } = demandOf(all);
  expect([followed.countries.length, followed.services.length]).toEqual([60, 40]);
  // The watch list has its places beside them.
  expect(leftOut).toEqual({ countries: 448, services: 464, isMore: false });
});

test.each([
  ['52 countries', 52, 0],
  ['the 53rd of those that are not watched anyway', 53, 1],
])('%s: %2$i left out', (_name, n, countries) => {
  const all = Array.from({ length: n }, (_, i) => ({ country: `C${i}`, service: '*' }));
  // What is watched anyway takes no place of others.
  const watched = WATCH_LIST.countries.map((country) => ({ country, service: '*' }));
  expect(demandOf([...all, ...watched]).leftOut).toMatchObject({ countries, services: 0 });
});

test('whatever is followed: within bounds, the watch list in it, each once, and asked or counted as left out', () => {
  const names = fc.constantFrom(...Array.from({ length: 90 }, (_, i) => `N${i}`), ...WATCH_LIST.countries, '*');
  fc.assert(
    fc.property(fc.array(fc.record({ country: names, service: names }), { maxLength: 400 }), (pairs) => {
      const { followed, leftOut } = demandOf(pairs);
      const wanted = new Set(pairs.map(({ country }) => country).filter((one) => one !== '*'));
      const asked = followed.countries.filter((one) => wanted.has(one));
      expect(followed.countries.length).toBeLessThanOrEqual(60);
      expect(followed.services.length).toBeLessThanOrEqual(40);
      expect(new Set(followed.countries).size).toBe(followed.countries.length);
      expect(followed.countries).toEqual(expect.arrayContaining(WATCH_LIST.countries));
      expect(asked.length + leftOut.countries).toBe(wanted.size);
    }),
  );
});

test('more pairs than are read: said', async () => {
  const all = Array.from({ length: 2_000 }, (_, i) => ({ country: `C${i % 70}`, service: `s${i}` }));
  expect(await leftOutOf({ followed: async () => all })).toMatchObject({ countries: 18, isMore: true });
});

test('asked often: read once in ten minutes; a failure is not remembered', async () => {
  const clock = new FakeClock();
  let reads = 0;
  let fails = false;
  const subscriptions = {
    followed: async () => {
      reads++;
      if (fails) throw new Error('disk full');
      return [pair('KE signal')];
    },
  };
  const demand = createDemand({ subscriptions, clock, log: recordingLog().log });
  await Promise.all([demand.ask(), demand.ask(), demand.ask()]);
  expect(reads).toBe(1);
  await clock.pass(11 * 60_000);
  fails = true;
  await expect(demand.ask()).rejects.toThrow('disk full');
  fails = false;
  expect((await demand.ask()).countries[0]).toBe('KE');
  expect(demand.leftOut()).toBeNull();
});

test('more is followed than is asked for: known and logged once, again when it has grown by half', async () => {
  const clock = new FakeClock();
  const { log, lines } = recordingLog();
  let n = 55;
  const followed = async () => Array.from({ length: n }, (_, i) => ({ country: `C${i}`, service: '*' }));
  const demand = createDemand({ subscriptions: { followed }, clock, log });
  expect(demand.leftOut()).toBeNull();
  const numbers: unknown[] = [];
  for (n of [55, 55, 56, 60, 50]) {
    await demand.ask();
    numbers.push(demand.leftOut()?.countries ?? null);
    await clock.pass(11 * 60_000);
  }
  expect(numbers).toEqual([3, 3, 4, 8, null]);
  expect(lines.map(({ level, fields }) => [level, fields.countries])).toEqual([
    ['warn', 3],
    ['warn', 8],
  ]);
});
