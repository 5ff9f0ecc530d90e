import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { iodaKind } from '../../../src/sources/ioda/config.ts';
import { shared, testIf } from '../../fakes/shared.ts';
import { HOUR, MINUTE, T0 } from '../harness.ts';
import { observedTown } from './observed-town.ts';

interface Event {
  location: string;
  datasource: string;
  /** Minutes after T0; no end = it goes on. */
  start: number;
  end?: number;
  name?: string;
}

const rowOf = ({ location, datasource, start, end, name }: Event, now: number) => ({
  location,
  start: (T0 + start * MINUTE) / 1_000,
  duration: ((end === undefined ? now : T0 + end * MINUTE) - T0 - start * MINUTE) / 1_000,
  uncertainty: null,
  method: 'median',
  datasource,
  status: 0,
  fraction: null,
  score: 23_551.1,
  location_name: name ?? location,
  overlaps_window: end === undefined,
});
const both = (location: string, start: number, end?: number, name?: string): Event[] =>
  ['bgp', 'ping-slash24'].map((datasource) => ({
    location,
    datasource,
    start,
    ...(end === undefined ? {} : { end }),
    ...(name === undefined ? {} : { name }),
  }));

async function iran(lang = 'en', countries = ['IR', 'RU']) {
  const api: { events: Event[]; alerts: unknown[]; paths: string[]; onAsked: ((path: string) => void) | null } = {
    events: [],
    alerts: [],
    paths: [],
    onAsked: null,
  };
  const world = await observedTown(
    iodaKind,
    { countries },
    (town) => (request, response) => {
      const { pathname, searchParams } = new URL(request.url!, 'http://x');
      api.paths.push(request.url!);
      api.onAsked?.(request.url!);
      const now = town.clock.now();
      const type = searchParams.get('entityType');
      const listed = api.events.filter(
        (one) =>
          one.location.startsWith(`${type}/`) &&
          (type === 'country' || searchParams.get('relatedTo') === 'country/RU') &&
          T0 + one.start * MINUTE <= now,
      );
      const rows = listed.map((one) =>
        rowOf(T0 + (one.end ?? 1e9) * MINUTE > now ? { ...one, end: undefined as never } : one, now),
      );
      const data = pathname.endsWith('/outages/alerts') ? api.alerts : rows;
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ type: 'outages.events', error: null, data }));
    },
    lang,
  );
  await world.town.chat('reader', ['ir', 'ru']);
  await world.poll();
  const until = async (minutes: number): Promise<void> => {
    const target = T0 + minutes * MINUTE;
    while (world.town.clock.now() < target) {
      await world.town.pass(Math.min(10 * MINUTE, target - world.town.clock.now()));
      await world.poll();
    }
  };
  return { ...world, api, until };
}

test.each([
  ['en', '⚫ Iran: internet off', /Corroborated: IODA \(2 signals: BGP, ping\)/],
  ['ru', '⚫ Иран: отключён интернет', /Подкреплено: IODA \(2 признака: BGP, ping\)/],
])('%s: two data sources ring a shutdown, and it is lifted an hour after its end', async (lang, head, why) => {
  const { town, api, until } = await iran(lang);
  api.events = both('country/IR', 20, 200);
  await until(30);
  expect(town.heard('reader')).toEqual([`send ${head}`]);
  expect(town.texts('reader')[0]).toMatch(why);
  expect(town.texts('reader')[0]).toContain('https://ioda.inetintel.cc.gatech.edu/country/IR?from=');
  await until(202);
  expect((await town.incidents()).map((one) => one.state)).toEqual(['active']);
  await until(290);
  expect((await town.incidents()).map((one) => one.state)).toEqual(['lifted']);
  expect(town.heard('reader').some((one) => one.startsWith('reply 🟢'))).toBe(true);
});

test('one data source is back: easing, no sound', async () => {
  const { town, api, until } = await iran();
  const [bgp, ping] = both('country/IR', 0, 60);
  api.events = [bgp!, { ...ping!, end: 300 }];
  await until(140);
  expect((await town.incidents()).map((one) => one.state)).toEqual(['easing']);
  expect(town.heard('reader').filter((one) => !one.startsWith('edit'))).toHaveLength(1);
});

test('a longer duration than was said before: the same outage, not lifted meanwhile', async () => {
  const { town, api, until } = await iran();
  api.events = both('country/IR', 0, 60);
  await until(80);
  api.events = both('country/IR', 0, 240);
  await until(230);
  expect((await town.incidents()).map((one) => one.state)).toEqual(['active']);
  expect(town.heard('reader').filter((one) => one.startsWith('send'))).toHaveLength(1);
});

test('an outage that is taken back: lifted an hour after it was last listed', async () => {
  const { town, api, until, restart } = await iran();
  api.events = both('country/IR', 0);
  await until(30);
  api.events = [];
  await restart();
  await until(60);
  expect((await town.incidents()).map((one) => one.state)).toEqual(['active']);
  await until(120);
  expect((await town.incidents()).map((one) => one.state)).toEqual(['lifted']);
});

test('a region of a followed country: rings with its name', async () => {
  const { town, api, until } = await iran();
  api.events = both('region/1234', 10, undefined, 'Dagestan');
  await until(30);
  expect(town.texts('reader')[0]).toContain('Dagestan');
  expect((await town.incidents()).map(({ country, service, regions }) => [country, service, regions])).toEqual([
    ['RU', 'internet', ['RU-DA']],
  ]);
});

test('alerts alone, before events are listed: two deep falls ring, and their return lifts', async () => {
  const { town, api, until } = await iran();
  const level = (datasource: string, minutes: number, left: number, level: string) => ({
    datasource,
    level,
    time: (T0 + minutes * MINUTE) / 1_000,
    value: 1_000 * left,
    historyValue: 1_000,
    entity: { code: 'IR', name: 'Iran', type: 'country' },
  });
  api.alerts = [level('bgp', 10, 0.3, 'critical'), level('ping-slash24', 15, 0.2, 'critical')];
  await until(30);
  expect(town.heard('reader')).toEqual(['send ⚫ Iran: internet off']);
  api.alerts.push(level('bgp', 100, 1, 'normal'), level('ping-slash24', 110, 1, 'normal'));
  await until(180);
  expect((await town.incidents()).map((one) => one.state)).toEqual(['lifted']);
});

describe('what rings nobody', () => {
  const countries = Array.from(
    { length: 191 },
    (_, i) => `country/${String.fromCharCode(65 + (i % 26), 65 + Math.floor(i / 26))}`,
  );
  const cases: [string, Event[]][] = [
    ['one data source alone', [{ location: 'country/IR', datasource: 'bgp', start: 0 }]],
    [
      'two names of one data source',
      ['gtr', 'gtr-norm'].map((datasource) => ({ location: 'country/IR', datasource, start: 0 })),
    ],
    [
      'everything down at once: it is IODA that is',
      [...new Set([...countries, 'country/IR'])].flatMap((one) => both(one, 0, 90)),
    ],
    [
      'everything down at once, and the regions of a followed country with it',
      [...[...new Set(countries)].flatMap((one) => both(one, 0, 90)), ...both('region/1234', 10, 80, 'Dagestan')],
    ],
    [
      'two data sources on different days',
      [
        { location: 'country/IR', datasource: 'bgp', start: 0, end: 30 },
        { location: 'country/IR', datasource: 'ping-slash24', start: 600, end: 630 },
      ],
    ],
    ['a country that nobody follows', both('country/TN', 0)],
  ];
  for (const [name, events] of cases)
    test(name, async () => {
      const { town, api, until } = await iran();
      api.events = events;
      await until(700);
      expect(town.heard('reader')).toEqual([]);
      expect(await town.incidents()).toEqual([]);
    });

  test('everything goes down between two questions: the regions that are read after it ring nobody', async () => {
    const { town, api, until } = await iran();
    await until(30);
    const isNational = (path: string): boolean =>
      path.includes('/outages/events') && path.includes('entityType=country');
    // Seen with the third question of the poll: the countries were read before it.
    api.onAsked = (path) => {
      if (isNational(path)) return;
      api.onAsked = null;
      api.events = [
        ...[...new Set(countries)].flatMap((one) => both(one, 25, 90)),
        ...both('region/1234', 25, 80, 'Dagestan'),
      ];
    };
    await until(60);
    expect(api.events.length).toBeGreaterThan(200);
    expect(town.heard('reader')).toEqual([]);
    expect(await town.incidents()).toEqual([]);
  });

  test('dips that leave nearly all of it', async () => {
    const { town, api, until } = await iran();
    api.events = both('country/IR', 0);
    api.alerts = ['bgp', 'ping-slash24'].map((datasource) => ({
      datasource,
      entity: { code: 'IR', name: 'Iran', type: 'country' },
      time: (T0 + 5 * MINUTE) / 1_000,
      level: 'critical',
      condition: '< 0.99',
      value: 40_704,
      historyValue: 41_355,
      method: 'median',
    }));
    await until(60);
    expect(town.heard('reader')).toEqual([]);
  });
});

const recorded = shared('data/ioda/country-events.json');
testIf(
  recorded,
  'needs ../shared/data',
  'a recorded answer in the other form: read, and one data source alone rings nobody',
  async () => {
    const body = readFileSync(recorded!, 'utf8');
    const { town, poll } = await observedTown(iodaKind, { countries: ['TN', 'ET'] }, (one) => {
      one.clock.moveTo(1_791_381_600_000);
      return (_request, response) => void response.end(body);
    });
    await town.chat('reader', ['tn', 'et']);
    await poll();
    await town.pass(HOUR);
    expect(town.heard('reader')).toEqual([]);
  },
);
