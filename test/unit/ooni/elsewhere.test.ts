import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Beside, countriesBeside, isEverywhere, isWholeWeb } from '../../../src/core/judge/counts.ts';
import { besideOf } from '../../../src/sources/ooni/ask.ts';

const HOUR = 3_600_000;
const SINCE = Date.UTC(2026, 1, 11, 12);

const row = (hour: number, key: string, bad: number, ok: number): Beside => ({
  key,
  at: SINCE + hour * HOUR,
  span: HOUR,
  bad,
  ok,
});
/** Well the day before, and since then so many bad of twenty. */
const turned = (key: string, bad: number): Beside[] => [
  row(-9, key, 1, 19),
  row(-2, key, 0, 10),
  row(0, key, bad, 20 - bad),
];
const all = (keys: string[], bad: number): Beside[] => keys.flatMap((key) => turned(key, bad));

describe('is it the service, and no country', () => {
  test.each<[string, Beside[], boolean]>([
    ['nothing known of others', [], false],
    ['three others turned with it', all(['US', 'DE', 'GB'], 18), true],
    ['two others', all(['US', 'DE'], 18), false],
    ['three of six', [...all(['US', 'DE', 'GB'], 18), ...all(['NL', 'FR', 'CA'], 1)], true],
    ['three of seven', [...all(['US', 'DE', 'GB'], 18), ...all(['NL', 'FR', 'CA', 'JP'], 1)], false],
    [
      'three where it is always blocked',
      ['CN', 'IR', 'TM'].flatMap((key) => [row(-9, key, 20, 0), row(0, key, 20, 0)]),
      false,
    ],
    [
      'three that turned days ago',
      ['US', 'DE', 'GB'].flatMap((key) => [row(-50, key, 0, 20), row(-9, key, 20, 0), row(0, key, 20, 0)]),
      false,
    ],
    [
      'three with four measurements each',
      ['US', 'DE', 'GB'].flatMap((key) => [row(-9, key, 0, 20), row(0, key, 4, 0)]),
      false,
    ],
    ['three where half went wrong', all(['US', 'DE', 'GB'], 11), false],
  ])('%s', (_name, rows, expected) => expect(isEverywhere(rows, SINCE)).toBe(expected));

  test('its own country is not asked for, those that are followed are, and not too many', () => {
    const many = Array.from(
      { length: 80 },
      (_, i) => `${String.fromCharCode(65 + (i % 26))}${String.fromCharCode(65 + Math.floor(i / 26))}`,
    );
    expect(countriesBeside('US', ['IR', 'US', 'DE'])).toEqual(expect.arrayContaining(['IR', 'DE', 'GB']));
    expect(countriesBeside('US', ['IR', 'US', 'DE'])).not.toContain('US');
    expect(countriesBeside('RU', many)).toHaveLength(40);
  });
});

describe('is it the country as a whole', () => {
  test.each<[string, Beside[], boolean]>([
    ['nothing known of its web', all(['whatsapp', 'telegram'], 20), false],
    ['most of the web turned', turned('web_connectivity', 14), true],
    ['the web as ever', turned('web_connectivity', 3), false],
    [
      'most of the web, by nine measurements',
      [row(-9, 'web_connectivity', 0, 20), row(0, 'web_connectivity', 9, 0)],
      false,
    ],
    ['most of the web always fails', [row(-9, 'web_connectivity', 15, 5), row(0, 'web_connectivity', 20, 0)], false],
    [
      'all messengers at once, and the web as ever: a block of all',
      [...all(['whatsapp', 'telegram', 'signal'], 20), ...turned('web_connectivity', 2)],
      false,
    ],
  ])('%s', (_name, rows, expected) => expect(isWholeWeb(rows, SINCE)).toBe(expected));
});

describe('an answer to that', () => {
  const good = {
    measurement_start_day: '2026-02-11T12:00:00Z',
    anomaly_count: 2,
    confirmed_count: 1,
    ok_count: 4,
    probe_cc: 'DE',
  };
  test.each<[string, unknown, number]>([
    ['a row', [good], 1],
    ['by networks, and not by countries: says nothing', [{ ...good, probe_cc: undefined, probe_asn: 1 }], 0],
    ['no list', { nothing: 1 }, 0],
    ['rows of another shape among good ones', [null, 7, { ...good, ok_count: 'x' }, good], 1],
  ])('%s: %d', (_name, result, n) => expect(besideOf({ result }, 'probe_cc')).toHaveLength(n));
  test('its counts', () =>
    expect(besideOf({ result: [good] }, 'probe_cc')).toEqual([expect.objectContaining({ key: 'DE', bad: 3, ok: 4 })]));

  test('whatever stands in it: nothing breaks, and no more is said of others than the counts bear', () => {
    fc.assert(
      fc.property(fc.anything(), fc.array(fc.anything()), (result, list) => {
        for (const body of [{ result }, { result: list }])
          expect(isEverywhere(besideOf(body, 'probe_cc'), SINCE)).toBe(false);
      }),
    );
  });
});
