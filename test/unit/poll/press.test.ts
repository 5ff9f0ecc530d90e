/** Which countries' press is read, how often, and how well a country is heard. */
import { describe, expect, test } from 'vitest';
import { restOf } from '../../../src/core/poll/plan.ts';
import { byTurn, heardBy, MOST, pacesOf, wantedAt } from '../../../src/core/poll/press.ts';
import { emptyState, sourceHealth } from '../../../src/core/poll/source-state.ts';
import type { SourceState } from '../../../src/core/ports/source.ts';
import { HOUR, MINUTE } from './world.ts';

const DAY = 24 * HOUR;
const NOW = Date.UTC(2026, 10, 25, 12);

describe('which countries are wanted', () => {
  const of = (
    before: Record<string, number>,
    countries: string[],
    services: string[] = [],
    more: { inTheNews?: string[] } = {},
  ) => wantedAt(before, { countries, services }, { inTheNews: [], all: ['AA', 'BB', 'UG'], now: NOW, ...more });

  test.each<[string, ReturnType<typeof of>, string[]]>([
    ['a country by name: that', of({}, ['UG']), ['UG']],
    ['nobody follows it for 23 hours: still read', of({ UG: NOW - 23 * HOUR }, []), ['UG']],
    ['nobody follows it for a day: it rests', of({ UG: NOW - DAY }, []), []],
    ['last followed in the future, by a clock that was ahead: it rests', of({ UG: NOW + HOUR }, []), []],
    ['a service alone: where it is in the news', of({}, ['UG'], ['whatsapp'], { inTheNews: ['TR'] }), ['TR', 'UG']],
    ['everything everywhere: all that there are', of({}, ['UG'], ['*', 'whatsapp']), ['AA', 'BB', 'UG']],
  ])('%s', (_name, found, countries) => {
    expect(Object.keys(found).sort()).toEqual(countries);
  });

  test('followed anew: its day begins anew', () => {
    expect(of({ UG: NOW - 23 * HOUR }, ['UG'])).toEqual({ UG: NOW });
  });
});

const feed = (country: string, owner: string, id = `${country}-${owner}`, bytes: number | null = null) => ({
  country,
  owner,
  id,
  bytes,
  lang: null,
});
/** A country with so many owners, two feeds each. */
const country = (code: string, owners: number) =>
  Array.from({ length: owners * 2 }, (_, i) => feed(code, `o${i >> 1}`, `${code}-${i}`));

describe('who comes first', () => {
  test('one feed of each of the first two owners of every country, before all others', () => {
    const { first, others } = byTurn([...country('TR', 3), ...country('UG', 1)]);
    expect(first.map(({ id }) => id)).toEqual(['TR-0', 'TR-2', 'UG-0']);
    expect(others.map(({ id }) => id)).toEqual(['TR-1', 'TR-3', 'TR-4', 'TR-5', 'UG-1']);
  });
});

describe('how often each is asked', () => {
  const codes = (n: number) =>
    Array.from({ length: n }, (_, i) => String.fromCharCode(65 + (i % 26), 65 + Math.floor(i / 26)));
  const pollsAMinute = (every: ReadonlyMap<string, number>) =>
    [...every.values()].reduce((sum, ms) => sum + MINUTE / ms, 0);

  test('the whole catalogue of some 800 feeds: every five minutes, all of them', () => {
    const { every, firstMs, othersMs } = pacesOf(codes(174).flatMap((code) => country(code, 2)));
    expect([firstMs, othersMs, ...new Set(every.values())]).toEqual([5 * MINUTE, 5 * MINUTE, 5 * MINUTE]);
  });

  test('more than there is room for: the first two owners of each country as ever, the others more seldom, none never', () => {
    const { every, firstMs, othersMs } = pacesOf(codes(200).flatMap((code) => country(code, 5)));
    expect(firstMs).toBe(5 * MINUTE);
    expect(othersMs).toBeGreaterThan(10 * MINUTE);
    expect(every.size).toBe(2_000);
    expect(Math.max(...every.values())).toBeLessThan(HOUR);
    expect(pollsAMinute(every)).toBeLessThanOrEqual(MOST.pollsAMinute * 1.001);
  });

  test('ten thousand countries: the bound holds, the 61st and the last are asked as often as the first', () => {
    const many = Array.from({ length: 10_000 }, (_, i) => country(`c${i}`, 3)).flat();
    const { every } = pacesOf(many);
    expect(pollsAMinute(every)).toBeLessThanOrEqual(MOST.pollsAMinute * 1.001);
    expect(new Set([every.get('c0-0'), every.get('c61-0'), every.get('c9999-0')]).size).toBe(1);
    expect(Number.isFinite(every.get('c9999-5'))).toBe(true);
  });

  test('heavy ones: no more than their part of the bytes, and all together no more than the whole', () => {
    const heavy = feed('UG', 'huge', 'huge', 4_900_000);
    const { every } = pacesOf([heavy, ...country('TR', 3)]);
    expect(every.get('huge')).toBe((4_900_000 / (MOST.bytesAnHour / 100)) * HOUR);
    expect(every.get('TR-0')).toBe(5 * MINUTE);
    const all = codes(150).flatMap((code) => country(code, 3).map((one) => ({ ...one, bytes: 400_000 })));
    const paced = pacesOf(all);
    const bytes = [...paced.every.values()].reduce((sum, ms) => sum + (HOUR / ms) * 400_000, 0);
    expect(bytes).toBeLessThanOrEqual(MOST.bytesAnHour * 1.001);
  });

  test('none: nothing', () => {
    expect(pacesOf([]).every.size).toBe(0);
  });
});

describe('when a feed rests', () => {
  const state = (more: Partial<SourceState>): SourceState => ({ ...emptyState(), ...more });
  const silent = (days: number, everyMs: number | null = HOUR) =>
    state({ pulse: { newestAt: NOW - days * DAY, everyMs } });
  const failing = (days: number, lastOkAt: number | null) =>
    state({ failures: 9, failingSince: NOW - days * DAY, lastOkAt });

  test.each<[string, SourceState, ReturnType<typeof restOf>]>([
    ['never read', state({}), null],
    ['its newest item is of today', silent(0), null],
    ['nothing new for 13 days', silent(13), null],
    ['for 14 days', silent(14), { reason: 'frozen', ms: HOUR }],
    ['for 21 days: longer', silent(21), { reason: 'frozen', ms: 13 * HOUR }],
    ['for a year: a day', silent(365), { reason: 'frozen', ms: DAY }],
    ['for 20 days, and it writes every five: that is its rhythm', silent(20, 5 * DAY), null],
    ['for 60 days, and it writes every five', silent(60, 5 * DAY), { reason: 'frozen', ms: DAY }],
    ['without dates', state({ pulse: { newestAt: null, everyMs: null } }), null],
    [
      'its items are another site’s',
      state({ pulse: { newestAt: NOW, everyMs: HOUR, foreign: 'spam.example' } }),
      { reason: 'foreign', ms: DAY },
    ],
    ['failing since yesterday: the poller’s back-off is enough', failing(1, NOW - 2 * DAY), null],
    ['failing for three days', failing(3, NOW - 4 * DAY), { reason: 'dead', ms: DAY }],
    ['never read, failing for half a day', failing(0.5, null), null],
    ['never read, failing since yesterday', failing(1, null), { reason: 'dead', ms: DAY }],
  ])('%s', (_name, of, rest) => {
    expect(restOf(of, NOW)).toEqual(rest);
  });
});

describe('how well a country is heard', () => {
  const health = (
    id: string,
    press: { country: string; owner: string; lang: string | null },
    state: Partial<SourceState>,
  ) =>
    sourceHealth(
      { id, kind: 'rss', label: id, cron: '*/5 * * * *', host: null, press },
      { ...emptyState(), ...state },
      { intervalMs: 5 * MINUTE, now: NOW, since: NOW },
    );
  const read = { lastPollAt: NOW - MINUTE, lastOkAt: NOW - MINUTE };
  const of = (owner: string, lang: string | null = 'en', code = 'UG') => ({ country: code, owner, lang });

  test('owners alive, newest item, languages; dead and frozen ones are not heard; the worst heard country first', () => {
    const sources = [
      health('a', of('Nation'), { ...read, pulse: { newestAt: NOW - HOUR, everyMs: HOUR } }),
      health('a2', of('Nation', 'lg'), { ...read, pulse: { newestAt: NOW - 2 * HOUR, everyMs: HOUR } }),
      health('b', of('Vision'), { ...read, pulse: { newestAt: NOW - 30 * DAY, everyMs: HOUR } }),
      health('c', of('Observer'), { ...read, lastOkAt: null, failures: 1, failingSince: NOW }),
      health('t', of('Evrensel', 'tr', 'TR'), {}),
    ];
    expect(heardBy(sources, NOW)).toEqual([
      { country: 'TR', feeds: 1, owners: 1, heard: 0, troubled: 0, newestAt: null, languages: [], waiting: true },
      {
        country: 'UG',
        feeds: 4,
        owners: 3,
        heard: 1,
        troubled: 2,
        newestAt: NOW - HOUR,
        languages: ['en', 'lg'],
        waiting: false,
      },
    ]);
  });

  test('a poll that failed, after one that went well within the hour: still heard; then not', () => {
    const failing = (minutes: number) => ({
      ...read,
      lastOkAt: NOW - minutes * MINUTE,
      failures: 3,
      failingSince: NOW,
    });
    expect([30, 90].map((minutes) => heardBy([health('a', of('Nation'), failing(minutes))], NOW)[0]?.heard)).toEqual([
      1, 0,
    ]);
  });

  test('what is always read is of no country', () => {
    const { press: _, ...world } = health('w', of('BBC'), read);
    expect(heardBy([world], NOW)).toEqual([]);
  });
});
