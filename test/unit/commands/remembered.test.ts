/** What answers remember of the store, so that thousands of asks are not thousands of questions to it. */
import { expect, test } from 'vitest';
import type { BaselineEntry } from '../../../src/core/model/catalogue.ts';
import type { Measurement } from '../../../src/core/model/measurement.ts';
import type { IncidentFilter } from '../../../src/core/ports/store.ts';
import { createLately } from '../../../src/core/state/lately.ts';
import { createWorld } from '../../../src/core/state/world.ts';
import { quietLog, recordingLog } from '../../fakes/fake-log.ts';
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

const worldOf = (ended: (filter: IncidentFilter) => Promise<(typeof closed)[]>, over = {}) =>
  createWorld({
    incidents: {
      list: async (filter) => (filter.open === false ? ended(filter) : []),
      transitionsOf: async () => new Map(),
    },
    reports: { byIncident: async () => [] },
    baseline: [entry],
    log: quietLog,
    ...over,
  });
const closed = incident({
  id: 'RU-facebook-1111',
  service: 'facebook',
  state: 'lifted',
  open: false,
  closedAt: at('2024-05-01T00:00:00Z'),
  lastReportAt: at('2024-05-01T00:00:00Z'),
});

test('what ended a long-standing block: looked up once an hour for each entry, an hour later anew, and after the clock was set back', async () => {
  const asked: string[] = [];
  let found: (typeof closed)[] = [];
  const world = worldOf(async ({ country, service, family, since }) => {
    asked.push([country, service, family, since].join(' '));
    return found;
  });
  const present = async (now: number) =>
    (await world.present([{ country: 'RU', service: 'facebook' }], 'corroborated', now)).length;
  expect([await present(NOW), await present(NOW + HOUR - 1)]).toEqual([1, 1]);
  found = [closed];
  expect([await present(NOW + HOUR - 1), await present(NOW + HOUR), await present(NOW - HOUR)]).toEqual([1, 0, 0]);
  expect(asked).toEqual(Array.from({ length: 3 }, () => `RU facebook access ${entry.since}`));
});

test('a lift that is not sure, one of before, one that was taken back: they end nothing', async () => {
  for (const over of [
    { liftConfidence: 'reported' as const },
    { closedAt: at('2021-01-01T00:00:00Z') },
    { state: 'withdrawn' as const },
    { regions: ['RU-DA'] },
  ]) {
    const world = worldOf(async () => [{ ...closed, ...over }]);
    const { states } = await world.of({ matchers: [{ country: 'RU', service: 'facebook' }] }, NOW);
    expect(states[0]!.access).toBe('blocked');
  }
});

test('what registers hold: asked once a minute; where that fails, the rest is told, and the operator reads why', async () => {
  let asked = 0;
  const heldIn = async () => {
    asked++;
    return ['signal'];
  };
  const world = worldOf(async () => [], { heldIn });
  for (let i = 0; i < 3; i++) {
    const states = await world.present([{ country: 'RU', service: '*' }], 'confirmed', NOW);
    expect(states.map(({ service, standing }) => [service, standing?.by])).toEqual([
      ['facebook', 'record'],
      ['signal', 'register'],
    ]);
  }
  expect(asked).toBe(1);
  const { log, lines } = recordingLog();
  const broken = worldOf(async () => [], { log, heldIn: () => Promise.reject(new Error('disk gone')) });
  expect(await broken.present([{ country: 'RU', service: '*' }], 'early', NOW)).toHaveLength(1);
  expect(lines.map(({ message }) => message)).toEqual([
    expect.stringContaining('Unable to look up what registers hold'),
  ]);
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
    probeCc: 'RU',
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
  const world = worldOf(async () => {
    if (broken) throw new Error('disk full');
    return [];
  });
  const ask = () => world.present([{ country: 'RU', service: '*' }], 'early', NOW);
  await expect(ask()).rejects.toThrow('disk full');
  broken = false;
  expect(await ask()).toHaveLength(1);
});

test('how it stands is worked out from a few questions: the same for the whole of a look', async () => {
  let lists = 0;
  const list = async () => {
    lists++;
    return [];
  };
  const world = worldOf(async () => [], { incidents: { list, transitionsOf: async () => new Map() }, baseline: [] });
  const still = world.still();
  for (let i = 0; i < 50; i++) await still.present([{ country: 'RU', service: '*' }], 'early', NOW);
  expect(lists).toBe(2);
});
