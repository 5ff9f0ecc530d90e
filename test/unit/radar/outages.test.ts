import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Annotation, annotationsOf, anomaliesOf, newestOf } from '../../../src/sources/radar/index.ts';
import { shapesLike } from '../../fakes/any-shape.ts';
import { shared, testIf } from '../../fakes/shared.ts';

const HOUR = 3_600_000;
const NOW = Date.UTC(2026, 1, 11, 12);
const iso = (ago: number) => new Date(NOW - ago * HOUR).toISOString();
const row = (over: Record<string, unknown> = {}) => ({
  startDate: iso(5),
  endDate: null,
  locations: ['IQ'],
  scope: null,
  asnsDetails: [],
  linkedUrl: 'https://x.example/1',
  outage: { outageCause: 'GOVERNMENT_DIRECTED', outageType: 'NATIONWIDE' },
  ...over,
});
const read = (over: Record<string, unknown>) => annotationsOf([row(over)], NOW);

describe('what Radar’s editors wrote', () => {
  test('all of it', () => {
    expect(read({})).toEqual([
      {
        country: 'IQ',
        region: null,
        start: NOW - 5 * HOUR,
        end: null,
        isOrdered: true,
        cause: 'GOVERNMENT_DIRECTED',
        url: 'https://x.example/1',
      },
    ]);
  });
  test.each<[string, Record<string, unknown>, string | null]>([
    ['nation-wide, whatever its scope says', { scope: 'All of it' }, null],
    ['a scope', { scope: ' Kirkuk ', outage: { outageType: 'REGIONAL' } }, 'Kirkuk'],
    [
      'networks by name, three of them',
      { outage: { outageType: 'NETWORK' }, asnsDetails: ['A', 'B', 'C', 'D'].map((name) => ({ name })) },
      'A, B, C',
    ],
    ['networks without names', { outage: { outageType: 'NETWORK' }, asnsDetails: [{}, null, 7] }, 'network'],
    ['a region without a name', { outage: { outageType: 'REGIONAL' } }, 'regional'],
    ['nothing is told', { outage: null }, null],
  ])('its part of the country, %s: %3$s', (_name, over, region) => expect(read(over)[0]!.region).toBe(region));

  test.each<[string, Record<string, unknown>, boolean]>([
    ['a cable', { outage: { outageCause: 'CABLE_CUT' } }, false],
    ['an order in small letters', { outage: { outageCause: 'government_directed' } }, false],
    ['no cause', { outage: {} }, false],
  ])('%s: no order', (_name, over, isOrdered) => expect(read(over)[0]!.isOrdered).toBe(isOrdered));
  test('no cause: unknown', () => expect(read({ outage: [] })[0]!.cause).toBe('UNKNOWN'));

  test.each<[string, Record<string, unknown>, number | null]>([
    ['an end', { endDate: iso(1) }, NOW - HOUR],
    ['an end to come: it goes on', { endDate: iso(-1) }, null],
    ['an end that is none', { endDate: 'soon' }, null],
  ])('%s', (_name, over, end) => expect(read(over)[0]!.end).toBe(end));

  test.each<[string, Record<string, unknown>]>([
    ['the time to come', { startDate: iso(-1) }],
    ['no begin', { startDate: null }],
    ['a begin as a number', { startDate: NOW }],
    ['no country', { locations: [] }],
    ['countries in words', { locations: ['Iraq', 'iq', null, { code: 'IQ' }] }],
    ['countries that are no list', { locations: 'IQ' }],
  ])('%s: nothing', (_name, over) => expect(read(over)).toEqual([]));

  test('no list of countries, but their details: these', () => {
    const locationsDetails = [{ code: 'IQ', name: 'Iraq' }, null, { code: 7 }];
    expect(read({ locations: [], locationsDetails }).map(({ country }) => country)).toEqual(['IQ']);
    expect(read({ locations: ['SY'], locationsDetails }).map(({ country }) => country)).toEqual(['SY']);
  });

  test('several countries: each once, thirty at most', () => {
    expect(read({ locations: ['IQ', 'SY', 'IQ'] }).map(({ country }) => country)).toEqual(['IQ', 'SY']);
    const many = Array.from({ length: 60 }, (_, i) => String.fromCharCode(65 + i / 26, 65 + (i % 26)));
    expect(read({ locations: many })).toHaveLength(30);
  });
  test.each(['javascript:alert(1)', 'ftp://x.example', '//x.example', '', null, 7])(
    'the link %j: none',
    (linkedUrl) => {
      expect(read({ linkedUrl })[0]!.url).toBeNull();
    },
  );
  test('whatever stands in the rows: within bounds, and nothing breaks', () => {
    fc.assert(
      fc.property(
        fc.array(shapesLike({ ...row(), scope: 'Kirkuk', asnsDetails: [{ name: 'A' }] }), { maxLength: 4 }),
        (rows) => {
          for (const one of annotationsOf(rows, NOW)) {
            expect(one.country).toMatch(/^[A-Z]{2}$/);
            expect((one.region ?? '').length).toBeLessThanOrEqual(124);
            expect(one.start).toBeLessThanOrEqual(NOW);
            expect(one.end ?? NOW).toBeLessThanOrEqual(NOW);
          }
        },
      ),
    );
  });

  const recorded = shared('data/radar/annotations_2025-01_30d.json');
  testIf(recorded, 'needs ../shared/data', 'recorded ones: each is read, a storm is no order', () => {
    const { result } = JSON.parse(readFileSync(recorded!, 'utf8')) as { result: { annotations: unknown[] } };
    const found = annotationsOf(result.annotations, Date.UTC(2025, 1, 1));
    expect(found.length).toBeGreaterThanOrEqual(result.annotations.length);
    expect(found[0]).toMatchObject({
      country: 'IE',
      region: 'regional',
      end: null,
      isOrdered: false,
      cause: 'WEATHER',
    });
  });
});

describe('anomalies of traffic', () => {
  const anomaly = (over: Record<string, unknown> = {}) => ({
    status: 'VERIFIED',
    startDate: iso(3),
    endDate: null,
    locationDetails: { code: 'SD' },
    ...over,
  });
  test('one that somebody has checked: a sign, of no order', () => {
    expect(anomaliesOf([anomaly()], NOW)).toEqual([
      {
        country: 'SD',
        region: null,
        start: NOW - 3 * HOUR,
        end: null,
        isOrdered: false,
        cause: 'TRAFFIC_ANOMALY',
        url: null,
      },
    ]);
  });
  test('under the other key of its place', () => {
    expect(anomaliesOf([anomaly({ locationDetails: undefined, location: { code: 'SD' } })], NOW)).toHaveLength(1);
  });
  test.each([
    { status: 'UNVERIFIED' },
    { status: 'verified' },
    { status: undefined },
    { startDate: iso(-1) },
    { startDate: null },
    { locationDetails: { code: 'sd' } },
    { locationDetails: { code: 'S' } },
    { locationDetails: null },
  ])('%j: nothing', (over) => expect(anomaliesOf([anomaly(over)], NOW)).toEqual([]));
});

describe('of all that is written of a place', () => {
  const one = (start: number, end: number | null, isOrdered = false, over: Partial<Annotation> = {}): Annotation => ({
    country: 'IQ',
    region: null,
    start,
    end,
    isOrdered,
    cause: isOrdered ? 'GOVERNMENT_DIRECTED' : 'UNKNOWN',
    url: null,
    ...over,
  });
  test.each<[string, Annotation[], number]>([
    ['what goes on before what is over', [one(1, null), one(5, 9)], 0],
    ['what goes on, though the other was ordered', [one(1, null), one(5, 9, true)], 0],
    ['of two that go on, the ordered one', [one(9, null), one(1, null, true)], 1],
    ['of two that are over, the ordered one', [one(1, 9), one(1, 3, true)], 1],
    ['of two alike, the one that ended later', [one(1, 3), one(2, 9)], 1],
    ['of two alike that go on, the one that began later', [one(2, null), one(1, null)], 0],
  ])('%s', (_name, all, index) => {
    const expected = { ...all[index]! };
    expect(newestOf([...all])).toEqual([expected]);
    expect(newestOf([...all].reverse())).toEqual([expected]);
  });
  test('parts of a country and other countries: each by itself', () => {
    expect(
      newestOf([one(1, null), one(1, null, false, { region: 'Kirkuk' }), one(1, null, false, { country: 'SD' })]),
    ).toHaveLength(3);
  });
});
