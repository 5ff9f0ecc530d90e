/** What answers remember of the store, so that thousands of asks are not thousands of questions to it. */
import { expect, test } from 'vitest';
import { createLately, createLifted } from '../../../src/core/commands/look/known.ts';
import type { BaselineEntry } from '../../../src/core/model/catalogue.ts';
import type { Measurement } from '../../../src/core/model/measurement.ts';
import { at, incident, NOW } from '../render/support.ts';

const HOUR = 3_600_000;
const entry: BaselineEntry = {
  country: 'RU',
  service: 'facebook',
  action: 'block',
  method: null,
  since: at('2022-03-04T00:00:00Z'),
  monthOnly: false,
  reference: 'https://news.example/facebook',
};

test('what ended a long-standing block: looked up once an hour for each entry, an hour later anew, and after the clock was set back', async () => {
  const asked: string[] = [];
  const closed = incident({ id: 'RU-facebook-1111', service: 'facebook', open: false });
  let found: typeof closed | null = null;
  const lifted = createLifted({
    lastClosed: async (country, service, family, since) => {
      asked.push([country, service, family, since].join(' '));
      return found;
    },
  });
  expect([await lifted.of(entry, NOW), await lifted.of(entry, NOW + HOUR - 1)]).toEqual([null, null]);
  found = closed;
  expect(await lifted.of({ ...entry, service: 'x' }, NOW)).toBe(closed);
  expect(await lifted.of(entry, NOW + HOUR)).toBe(closed);
  expect(await lifted.of(entry, NOW - HOUR)).toBe(closed);
  expect(asked).toEqual(['facebook', 'x', 'facebook', 'facebook'].map((one) => `RU ${one} access ${entry.since}`));
});

test('what was measured lately: looked up once a minute for each service, of few services at a time', async () => {
  const asked: string[] = [];
  const lately = createLately({
    recent: async ({ target, since, limit }) => {
      asked.push(`${target} ${NOW - since} ${limit}`);
      return [];
    },
  });
  for (const now of [NOW, NOW + 59_999, NOW + 60_000]) await lately.of('signal', now);
  expect(asked).toEqual([`signal ${24 * HOUR} 200`, `signal ${24 * HOUR - 60_000} 200`]);
  for (let i = 0; i < 19; i++) await lately.of(`s${i}`, NOW);
  await lately.of('one-more', NOW);
  await lately.of('signal', NOW + 60_000);
  expect(asked).toHaveLength(23);
});

test('what observatories see cut in a country: the newest word of each, of whole countries, by no agent; read once a minute', async () => {
  let reads = 0;
  const view = (target: string, says: string, over: object = {}, sourceId = 'ooni') => ({
    kind: 'ooni',
    sourceId,
    target,
    raw: {
      observatory: 'ooni',
      says,
      action: 'block',
      since: NOW - HOUR,
      until: NOW,
      networks: [],
      region: null,
      ...over,
    },
  });
  const found = [
    view('whatsapp', 'cut'),
    view('whatsapp', 'open'),
    view('signal', 'open'),
    view('signal', 'cut'),
    view('internet', 'cut', { isSign: true }),
    view('telegram', 'cut', { region: 'Dagestan' }),
    view('viber', 'cut', {}, 'agent/liar'),
    view('facebook', 'cut', { since: NOW - 20 * 24 * HOUR }),
    { ...view('x', 'cut'), kind: 'probe' },
  ];
  const lately = createLately({
    recent: async (filter) => {
      reads++;
      expect(filter).toMatchObject({ country: 'RU', notKind: 'probe', since: NOW - 3 * HOUR });
      return found as unknown as Measurement[];
    },
  });
  for (let i = 0; i < 3; i++)
    expect(await lately.cutIn('RU', NOW)).toEqual([
      { country: 'RU', service: 'whatsapp', action: 'block', since: NOW - HOUR, until: NOW },
      { country: 'RU', service: 'facebook', action: 'block', since: null, until: NOW },
    ]);
  expect(reads).toBe(1);
});

test('a store that fails: the next ask tries again', async () => {
  let broken = true;
  const lifted = createLifted({
    lastClosed: async () => {
      if (broken) throw new Error('disk full');
      return null;
    },
  });
  await expect(lifted.of(entry, NOW)).rejects.toThrow('disk full');
  broken = false;
  expect(await lifted.of(entry, NOW)).toBeNull();
});
