import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { globalFailures, type Level, type Outage, type Span, viewsOf } from '../../../src/core/judge/outages.ts';

const HOUR = 3_600_000;
const NOW = Date.UTC(2026, 1, 11, 12);
/** An outage from so many hours ago to so many hours ago. */
const outage = (datasource: string, from: number, to: number | null = null, place = 'country/IR'): Outage => ({
  place,
  name: place,
  datasource,
  start: NOW - from * HOUR,
  end: to === null ? null : NOW - to * HOUR,
});
const level = (datasource: string, ago: number, left: number | null, place = 'country/IR'): Level => ({
  place,
  name: place,
  datasource,
  at: NOW - ago * HOUR,
  isNormal: left === 1,
  left,
});
const none = { levels: [], failures: [], now: NOW };
const seen = (outages: Outage[], more: { levels?: Level[]; failures?: Span[] } = {}) =>
  viewsOf(outages, { ...none, ...more }).map(
    ({ says, since, signals }) => `${says} ${(NOW - since) / HOUR} ${signals}`,
  );

describe('what all data sources say of a place', () => {
  test.each<[string, Outage[], string[]]>([
    ['nothing', [], []],
    ['one source', [outage('bgp', 3)], []],
    ['two: since the second', [outage('bgp', 3), outage('ping-slash24', 2)], ['cut 2 bgp,ping-slash24']],
    [
      'three: since the last of them',
      [outage('bgp', 3), outage('gtr', 1), outage('ping-slash24', 2)],
      ['cut 1 bgp,gtr,ping-slash24'],
    ],
    ['two names of one way of looking', [outage('gtr', 3), outage('gtr-norm', 2)], []],
    [
      'two outages of one source beside another: since its first',
      [outage('bgp', 5), outage('gtr', 4), outage('gtr.x', 1)],
      ['cut 4 bgp,gtr'],
    ],
    ['one is over, one goes on: a part is back', [outage('bgp', 3), outage('gtr', 3, 1)], ['partly 1 bgp,gtr']],
    ['both are over: since the later end', [outage('bgp', 5, 2), outage('gtr', 5, 1)], ['open 1 bgp,gtr']],
    ['both are over, one after the other, without overlap', [outage('bgp', 9, 8), outage('gtr', 7, 6)], []],
    ['they overlap, and began more than six hours apart: two events', [outage('bgp', 20, 1), outage('gtr', 13, 1)], []],
    ['they began six hours apart', [outage('bgp', 19, 1), outage('gtr', 13, 1)], ['open 1 bgp,gtr']],
    [
      'an older event, and the newest that two saw',
      [outage('bgp', 30, 28), outage('gtr', 30, 27), outage('bgp', 5, 3), outage('gtr', 5, 2)],
      ['open 2 bgp,gtr'],
    ],
    [
      'revised: of one begin the later end counts',
      [outage('bgp', 5, 4), outage('bgp', 5, 1), outage('gtr', 5, 3)],
      ['open 1 bgp,gtr'],
    ],
    ['revised: it goes on after all', [outage('bgp', 5, 4), outage('bgp', 5), outage('gtr', 5)], ['cut 5 bgp,gtr']],
    [
      'two places: each by itself',
      [outage('bgp', 3), outage('gtr', 3), outage('bgp', 3, null, 'region/7'), outage('gtr', 2, null, 'region/7')],
      ['cut 3 bgp,gtr', 'cut 2 bgp,gtr'],
    ],
  ])('%s', (_name, outages, expected) => expect(seen(outages)).toEqual(expected));

  test.each<[string, Level[], boolean]>([
    ['its own levels say that nearly all is left', [level('bgp', 2, 0.97)], true],
    ['one of them says more', [level('bgp', 2, 0.97), level('bgp', 1, 0.9)], false],
    ['0.95 is no noise', [level('bgp', 2, 0.95)], false],
    ['of another source', [level('gtr.x', 2, 0.97)], false],
    ['of another place', [level('bgp', 2, 0.97, 'country/IQ')], false],
    ['of an earlier time', [level('bgp', 5, 0.97)], false],
    ['an hour before it began', [level('bgp', 4, 0.97)], true],
    ['that do not tell how much', [level('bgp', 2, null)], false],
    ['that are normal', [level('bgp', 2, 1)], false],
  ])('a dip, %s: noise %s', (_name, levels, isNoise) => {
    expect(seen([outage('bgp', 3), outage('ping-slash24', 3)], { levels })).toHaveLength(isNoise ? 0 : 1);
  });

  test.each<[string, Span, number]>([
    ['before', { from: NOW - 9 * HOUR, to: NOW - 5 * HOUR }, 1],
    ['at its begin', { from: NOW - 9 * HOUR, to: NOW - 3 * HOUR }, 0],
    ['within', { from: NOW - 2 * HOUR, to: NOW - HOUR }, 0],
  ])('the observatory failed %s: %3$i view', (_name, failure, views) => {
    expect(seen([outage('bgp', 3), outage('gtr', 3)], { failures: [failure] })).toHaveLength(views);
  });
});

describe('when the observatory itself is down', () => {
  const countries = (n: number) =>
    Array.from({ length: n }, (_, i) => `country/${String.fromCharCode((65 + i / 26) | 0, 65 + (i % 26))}`);
  const down = (n: number, from: number, to: number | null) =>
    countries(n).map((place) => outage('bgp', from, to, place));
  const failed = (outages: Outage[], levels: Level[] = []) =>
    globalFailures(outages, levels, NOW).map(({ from, to }) => [(NOW - from) / HOUR, (NOW - to) / HOUR]);

  test.each<[string, Outage[], number[][]]>([
    ['a hundred countries', down(100, 3, 1), []],
    ['a hundred and one', down(101, 3, 1), [[3, 1]]],
    ['a hundred and one, and it goes on', down(101, 3, null), [[3, 0]]],
    [
      'a hundred with two outages each',
      [...down(100, 3, 1), ...down(100, 3, 1).map((one) => ({ ...one, datasource: 'gtr' }))],
      [],
    ],
    ['one after the other', [...down(60, 5, 4), ...down(101, 3, 2).slice(60)], []],
    ['regions do not count', down(101, 3, 1).map((one, i) => ({ ...one, place: `region/${i}` })), []],
    ['some only overlap', [...down(60, 6, 2), ...down(120, 4, 1).slice(60)], [[4, 2]]],
  ])('%s at once', (_name, outages, spans) => expect(failed(outages)).toEqual(spans));

  test.each<[string, number, number, number[][]]>([
    ['seventeen of twenty', 20, 17, [[2, 0]]],
    ['sixteen of twenty', 20, 16, []],
    ['all of nineteen: too few to tell', 19, 19, []],
  ])('by the last word on each, %s are not normal', (_name, all, bad, spans) => {
    const levels = countries(all).flatMap((place, i) => [
      level('bgp', 3, 0.1, place),
      level('bgp', 1, i < bad ? 0.2 : 1, place),
    ]);
    expect(failed([], levels)).toEqual(spans);
  });
});

test('two sources fell and came back while an earlier dip of one goes on: partly back, in whatever order they are listed', () => {
  const listed = [outage('ping-slash24', 3, 1), outage('bgp', 3, 1), outage('bgp', 4, null)];
  for (const outages of [listed, listed.toReversed()]) expect(viewsOf(outages, none)[0]?.says).toBe('partly');
});

test('whatever is listed, in whatever order: what is cut goes on by two ways of looking, what is open ended', () => {
  const any = fc
    .tuple(fc.constantFrom('bgp', 'gtr', 'gtr-norm', 'ping-slash24'), fc.nat(30), fc.option(fc.nat(30)))
    .map(([source, from, to]) => outage(source, from, to === null ? null : Math.min(from, to)));
  fc.assert(
    fc.property(fc.array(any, { maxLength: 8 }), (outages) => {
      const [view, ...more] = viewsOf(outages, none);
      expect(more).toEqual([]);
      expect(viewsOf([...outages].reverse(), none)[0]?.says).toBe(view?.says);
      if (!view) return;
      expect(view.signals.length).toBeGreaterThanOrEqual(2);
      const open = new Set(outages.filter(({ end }) => end === null).map(({ datasource }) => datasource.slice(0, 3)));
      if (view.says === 'cut') expect(open.size).toBeGreaterThanOrEqual(2);
      else expect(outages.some(({ end }) => end === view.since)).toBe(true);
    }),
  );
});
