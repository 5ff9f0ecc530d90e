import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Level, type Outage, outagesOfLevels } from '../../../src/core/judge/outages.ts';
import { levelsOf, outagesOf } from '../../../src/sources/ioda/index.ts';
import { shapesLike } from '../../fakes/any-shape.ts';
import { shared, testIf } from '../../fakes/shared.ts';

const MINUTE = 60_000;
const NOW = Date.UTC(2026, 1, 11, 12);
const s = (at: number) => at / 1_000;
const row = (over: Record<string, unknown> = {}) => ({
  entity: { code: 'IR', name: 'Iran', type: 'country' },
  from: s(NOW - 120 * MINUTE),
  until: s(NOW - 60 * MINUTE),
  datasource: 'bgp',
  ...over,
});
const read = (over: Record<string, unknown>) => outagesOf([row(over)], NOW);

describe('outages as IODA lists them', () => {
  test('with its place in parts, or in one word', () => {
    const outage = {
      place: 'country/IR',
      name: 'Iran',
      datasource: 'bgp',
      start: NOW - 120 * MINUTE,
      end: NOW - 60 * MINUTE,
    };
    expect(read({})).toEqual([outage]);
    expect(read({ entity: undefined, location: 'country/IR', location_name: 'Iran' })).toEqual([outage]);
    expect(read({ entity: { code: 1906, type: 'region', name: '' } })[0]).toMatchObject({
      place: 'region/1906',
      name: 'region/1906',
    });
  });

  test.each<[string, Record<string, unknown>]>([
    ['a network', { entity: { code: '9500', type: 'asn' } }],
    ['a continent', { location: 'continent/AS' }],
    ['a country in small letters', { location: 'country/ir' }],
    ['a place without a code', { entity: { type: 'country' } }],
    ['a place of which no text can be made', { entity: { type: { toString: 1 }, code: { toString: 1 } } }],
    ['no data source', { datasource: null }],
    ['a data source that is none', { datasource: 'BGP <b>' }],
    ['no begin', { from: null }],
    ['a begin as text', { from: '1770000000' }],
    ['a begin in milliseconds', { from: NOW }],
    ['the time to come', { from: s(NOW + MINUTE) }],
  ])('%s: left out', (_name, over) => expect(read(over)).toEqual([]));

  test.each<[string, Record<string, unknown>, number | null]>([
    ['an end', {}, NOW - 60 * MINUTE],
    ['a length', { until: undefined, duration: 1_800 }, NOW - 90 * MINUTE],
    ['neither', { until: undefined }, null],
    ['an end of just now: it goes on', { until: s(NOW - 14 * MINUTE) }, null],
    ['an end of sixteen minutes ago', { until: s(NOW - 16 * MINUTE) }, NOW - 16 * MINUTE],
    ['an end of just now, called one', { until: s(NOW - 2 * MINUTE), overlaps_window: false }, NOW - 2 * MINUTE],
    ['an end to come, called one', { until: s(NOW + MINUTE), overlaps_window: false }, null],
    ['an end long ago, said to go on', { overlaps_window: true }, null],
    ['no end, said to be over', { until: undefined, overlaps_window: false }, null],
  ])('%s', (_name, over, end) => expect(read(over)[0]!.end).toBe(end));

  test('the other names of its begin', () => {
    expect(read({ from: undefined, start: s(NOW - 90 * MINUTE) })[0]!.start).toBe(NOW - 90 * MINUTE);
  });
  test('whatever stands in the rows: places, names and times within bounds, and nothing breaks', () => {
    fc.assert(
      fc.property(
        fc.array(shapesLike({ ...row(), location: 'country/IR', overlaps_window: true, duration: 60 }), {
          maxLength: 4,
        }),
        (rows) => {
          for (const one of outagesOf(rows, NOW)) {
            expect(one.place).toMatch(/^(country\/[A-Z]{2}|region\/\d{1,9})$/);
            expect(one.name.length).toBeLessThanOrEqual(60);
            expect(one.start).toBeLessThanOrEqual(NOW);
          }
        },
      ),
    );
  });

  const recorded = shared('data/ioda/country-events.json');
  testIf(recorded, 'needs ../shared/data', 'recorded ones: each is read', () => {
    const { data } = JSON.parse(readFileSync(recorded!, 'utf8')) as { data: unknown[] };
    const end = 1_791_381_600_000;
    const outages = outagesOf(data, end);
    expect(outages).toHaveLength(data.length);
    expect(outages.slice(0, 2)).toEqual([
      { place: 'country/TN', name: 'Tunisia', datasource: 'ping-slash24', start: 1_790_724_000_000, end: null },
      { place: 'country/TN', name: 'Tunisia', datasource: 'bgp', start: 1_791_310_500_000, end: 1_791_312_900_000 },
    ]);
  });
});

describe('levels', () => {
  const alert = (over: Record<string, unknown> = {}) => ({
    entity: { code: 'IR', name: 'Iran', type: 'country' },
    time: s(NOW - 10 * MINUTE),
    datasource: 'bgp',
    level: 'critical',
    value: 50,
    historyValue: 200,
    ...over,
  });
  test.each<[Record<string, unknown>, boolean, number | null]>([
    [{}, false, 0.25],
    [{ level: 'normal' }, true, 0.25],
    [{ level: 'warning', historyValue: 0 }, false, null],
    [{ value: null }, false, null],
    [{ value: '50' }, false, null],
    [{ historyValue: -200 }, false, null],
    [{ value: 0 }, false, 0],
  ])('%j: normal %s, left %s', (over, isNormal, left) => {
    expect(levelsOf([alert(over)], NOW)).toEqual([
      { place: 'country/IR', name: 'Iran', datasource: 'bgp', at: NOW - 10 * MINUTE, isNormal, left },
    ]);
  });
  test.each([{ level: null }, { time: 'now' }, { time: s(NOW + MINUTE) }, { datasource: '' }, { entity: null }])(
    '%j: left out',
    (over) => {
      expect(levelsOf([alert(over)], NOW)).toEqual([]);
    },
  );
});

describe('outages that only levels tell of', () => {
  const level = (ago: number, left: number | null, over: Partial<Level> = {}): Level => ({
    place: 'country/IR',
    name: 'Iran',
    datasource: 'bgp',
    at: NOW - ago * MINUTE,
    isNormal: left === 1,
    left,
    ...over,
  });
  const listed: Outage = { place: 'country/IR', name: 'Iran', datasource: 'bgp', start: NOW, end: null };
  const found = (levels: Level[], known: Outage[] = []) =>
    outagesOfLevels(levels, known).map(({ start, end }) => [
      (NOW - start) / MINUTE,
      end === null ? null : (NOW - end) / MINUTE,
    ]);

  test.each<[string, Level[], [number, number | null][]]>([
    ['a deep fall', [level(30, 0.1)], [[30, null]]],
    ['a fall of a fifth', [level(30, 0.8)], [[30, null]]],
    ['a dip', [level(30, 0.81)], []],
    ['a dip that became a fall: since the dip', [level(30, 0.9), level(20, 0.3)], [[30, null]]],
    ['a fall that is over', [level(30, 0.1), level(10, 1)], [[30, 10]]],
    ['a fall, well, a fall: the second', [level(60, 0.1), level(40, 1), level(20, 0.2)], [[20, null]]],
    ['normal all the time', [level(60, 1), level(40, 1)], []],
    ['nobody tells how deep', [level(30, null)], []],
    ['in any order', [level(10, 1), level(30, 0.1)], [[30, 10]]],
    [
      'two sources: each by itself',
      [level(30, 0.1), level(20, 0.2, { datasource: 'gtr' })],
      [
        [30, null],
        [20, null],
      ],
    ],
  ])('%s', (_name, levels, expected) => expect(found(levels)).toEqual(expected));

  test('listed already: left to the list; of another source or place: not', () => {
    expect(found([level(30, 0.1)], [listed])).toEqual([]);
    expect(
      found(
        [level(30, 0.1)],
        [
          { ...listed, datasource: 'gtr' },
          { ...listed, place: 'country/IQ' },
        ],
      ),
    ).toEqual([[30, null]]);
  });
});
