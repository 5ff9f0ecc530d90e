/** Small decisions behind every command: how much one may ask, what a slip of the keyboard meant, which ids a text holds. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { COUNTRIES } from '../../../src/core/commands/asking/country-names.ts';
import { aboutOf, distance, nearest, splitIds } from '../../../src/core/commands/asking/targets.ts';
import { createBudget, type Spent } from '../../../src/core/commands/router.ts';

describe('a budget', () => {
  const limits = { burst: 3, everyMs: 10_000, maxKeys: 100 };
  const spend = (times: number[], key = 'a'): Spent[] => {
    const budget = createBudget(limits);
    return times.map((at) => budget.spend(key, at));
  };

  test.each<[string, number[], string[]]>([
    ['a burst, then one word, then silence', [0, 0, 0, 0, 0], ['dropped', 'silent']],
    ['a place that time has brought', [0, 0, 0, 10_000, 10_000], ['allowed', 'dropped']],
    ['a place that it has not brought yet', [0, 0, 0, 9_999, 10_000], ['dropped', 'heavy']],
  ])('%s', (_name, times, then) => expect(spend(times)).toEqual(['allowed', 'allowed', 'allowed', ...then]));

  test('one who just had to be told: let in again, and known to be heavy for half a minute', () => {
    expect(spend([0, 0, 0, 1, 20_000, 60_000]).slice(4)).toEqual(['heavy', 'allowed']);
  });

  test('any times: never more than the burst and what time brings, and never two words within half a minute', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20_000), { minLength: 1, maxLength: 60 }), (gaps) => {
        let now = 0;
        const times = gaps.map((gap) => (now += gap % 3 === 0 ? 0 : gap));
        const verdicts = spend(times);
        const allowed = times.filter((_, i) => !['dropped', 'silent'].includes(verdicts[i]!));
        for (const [i, first] of allowed.entries())
          for (const [j, last] of allowed.entries())
            if (j >= i) expect(j - i + 1).toBeLessThanOrEqual(limits.burst + (last - first) / limits.everyMs + 1e-9);
        const words = times.filter((_, i) => verdicts[i] === 'dropped');
        for (const [i, at] of words.slice(1).entries()) expect(at - words[i]!).toBeGreaterThanOrEqual(30_000);
      }),
      { numRuns: 40 },
    );
  });

  test('more people than are kept: the one who was quiet longest is forgotten, which only helps them', () => {
    const budget = createBudget({ ...limits, maxKeys: 2 });
    for (let i = 0; i < 3; i++) budget.spend('loud', 0);
    expect(budget.spend('loud', 0)).toBe('dropped');
    for (const key of ['b', 'c', 'd']) budget.spend(key, 0);
    expect([budget.size(), budget.spend('loud', 0)]).toEqual([2, 'heavy']);
  });
});

describe('a slip of the keyboard', () => {
  const word = fc.stringMatching(/^[a-f]{0,7}$/);

  test('any two words: as far one way as the other, nothing only between equals, and capped', () => {
    fc.assert(
      fc.property(word, word, fc.nat(4), (a, b, limit) => {
        const far = distance(a, b, limit);
        expect(distance(b, a, limit)).toBe(far);
        expect(far === 0).toBe(a === b);
        expect(far).toBeLessThanOrEqual(limit + 1);
        expect(far).toBeLessThanOrEqual(Math.max(a.length, b.length));
        expect(far).toBeGreaterThanOrEqual(Math.min(limit + 1, Math.abs(a.length - b.length)));
      }),
    );
  });

  test.each<[string, string, number]>([
    ['telegram', 'telegarm', 1],
    ['telegram', 'telegrm', 1],
    ['telegram', 'ttelegram', 1],
    ['telegram', 'delegram', 1],
    ['ca', 'abc', 3],
    ['россия', 'росся', 1],
    ['😀a', 'a', 1],
  ])('%s and %s: %i', (a, b, far) => expect(distance(a, b, 5)).toBe(far));

  test.each<[string, string[]]>([
    ['telegam', ['telegram']],
    ['tele', ['telegram']],
    ['xy', []],
    ['t', []],
    ['signl', ['signal']],
    ['x'.repeat(41), []],
  ])('"%s" means %j', (typed, meant) => {
    expect(nearest(typed, ['telegram', 'signal', 'whatsapp'], 5)).toEqual(meant);
  });

  test('what begins with it comes after what is one slip away; no more than asked for', () => {
    expect(nearest('sign', ['signal', 'sigh', 'signup'], 2)[0]).toBe('sigh');
    expect(nearest('sign', ['signal', 'sigh', 'signup'], 2)).toHaveLength(2);
  });
});

describe('ids in a text', () => {
  test.each<[string, number, { ids: string[]; rest: string }]>([
    ['RU-whatsapp-3f9k', 5, { ids: ['RU-whatsapp-3f9k'], rest: '' }],
    ['ru-WhatsApp-3F9K for 8h', 5, { ids: ['RU-whatsapp-3f9k'], rest: 'for 8h' }],
    ['RU-x-3f9k,IR-y-0000;RU-x-3f9k', 5, { ids: ['RU-x-3f9k', 'IR-y-0000'], rest: '' }],
    ['RU-x-3f9k IR-y-0000', 1, { ids: ['RU-x-3f9k'], rest: '' }],
    ['RU-google-play-3f9k', 5, { ids: ['RU-google-play-3f9k'], rest: '' }],
    ['RU-x-3f', 5, { ids: [], rest: 'RU-x-3f' }],
    ['', 5, { ids: [], rest: '' }],
  ])('%j, at most %i', (text, max, found) => expect(splitIds(text, max)).toEqual(found));

  test.each<[string, object | null]>([
    ['RU-google-play-3f9k', { country: 'RU', service: 'google-play' }],
    ['XX-any-3f9k', { country: '*', service: '*' }],
    ['ru-any-3f9k', { country: 'RU', service: '*' }],
    ['RU-3f9k', null],
    [`RU-${'x'.repeat(61)}-3f9k`, null],
  ])('%s is about %j', (id, about) => expect(aboutOf(id)).toEqual(about));
});

test('countries: each once, and each has a name in both languages', () => {
  expect(new Set(COUNTRIES).size).toBe(COUNTRIES.length);
  for (const locale of ['en', 'ru']) {
    const names = new Intl.DisplayNames(locale, { type: 'region', fallback: 'none' });
    expect(COUNTRIES.filter((code) => names.of(code) === undefined)).toEqual([]);
  }
});
