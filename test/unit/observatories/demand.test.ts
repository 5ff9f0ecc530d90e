import { expect, test } from 'vitest';
import { createDemand, followedOf, WATCH_LIST } from '../../../src/core/poll/demand.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';

const pair = (text: string) => {
  const [country = '*', service = '*'] = text.split(' ');
  return { country, service };
};

test('nobody follows anything: the watch list', () => {
  expect(followedOf([])).toEqual(WATCH_LIST);
});

test('what chats follow: before the watch list, the most wanted first, "any" left out', () => {
  const { countries, services } = followedOf(['KE signal', 'UG *', '* zalo', 'UG zalo'].map(pair));
  expect(countries.slice(0, 2)).toEqual(['UG', 'KE']);
  expect(services[0]).toBe('zalo');
  expect(countries).toEqual(expect.arrayContaining(WATCH_LIST.countries));
  expect([...countries, ...services]).not.toContain('*');
});

test('the whole world is followed: 60 countries and 40 services', () => {
  const all = Array.from({ length: 500 }, (_, i) => ({ country: `C${i}`, service: `s${i}` }));
  const { countries, services } = followedOf(all);
  expect([countries.length, services.length]).toEqual([60, 40]);
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
  const followed = createDemand({ subscriptions, clock });
  await Promise.all([followed(), followed(), followed()]);
  expect(reads).toBe(1);
  await clock.pass(11 * 60_000);
  fails = true;
  await expect(followed()).rejects.toThrow('disk full');
  fails = false;
  expect((await followed()).countries[0]).toBe('KE');
});
