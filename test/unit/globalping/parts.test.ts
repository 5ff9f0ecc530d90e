import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judgeRound, type Look } from '../../../src/core/judge/looks.ts';
import {
  emptyUntilOf,
  freeAt,
  NOTHING_SPENT,
  type Spent,
  spend,
  spentOf,
} from '../../../src/sources/globalping/index.ts';
import { createdOf, looksOf, refusalOf } from '../../../src/sources/globalping/index.ts';
import { shapesLike } from '../../fakes/any-shape.ts';

const HOUR = 3_600_000;
const MINUTE = 60_000;
const NOW = Date.UTC(2026, 1, 11, 12);

describe('what an answer says', () => {
  const answer = (result: Record<string, unknown>, probe: Record<string, unknown> = { country: 'RU', asn: 8359 }) => ({
    status: 'finished',
    results: [{ probe, result }],
  });
  const found = (type: 'http' | 'dns', result: Record<string, unknown>) =>
    looksOf(answer(result), type)!.looks[0]?.found;

  test.each<[string, 'http' | 'dns', Record<string, unknown>, Look['found']]>([
    ['a page', 'http', { status: 'finished', statusCode: 200 }, 'fine'],
    ['a refusal is an answer', 'http', { status: 'finished', statusCode: 403 }, 'fine'],
    ['no status code', 'http', { status: 'finished', statusCode: null }, 'unclear'],
    ['code nought', 'http', { status: 'finished', statusCode: 0 }, 'unclear'],
    ['it failed', 'http', { status: 'failed' }, 'failed'],
    ['the probe failed', 'http', { status: 'failed', failureSource: 'internal' }, 'unclear'],
    ['it still runs', 'http', { status: 'in-progress', statusCode: 200 }, 'unclear'],
    ['it was offline', 'http', { status: 'offline' }, 'unclear'],
    ['a name', 'dns', { status: 'finished', statusCodeName: 'NOERROR', answers: [{}] }, 'fine'],
    ['a name without addresses', 'dns', { status: 'finished', statusCodeName: 'NOERROR', answers: [] }, 'gone'],
    ['and without a list', 'dns', { status: 'finished', statusCodeName: 'NOERROR' }, 'gone'],
    ['no such name', 'dns', { status: 'finished', statusCodeName: 'NXDOMAIN' }, 'gone'],
    ['refused by the resolver', 'dns', { status: 'finished', statusCodeName: 'REFUSED' }, 'failed'],
    ['a server failure', 'dns', { status: 'finished', statusCodeName: 'SERVFAIL' }, 'failed'],
    ['no answer', 'dns', { status: 'failed' }, 'failed'],
    ['the probe failed', 'dns', { status: 'failed', failureSource: 'internal' }, 'unclear'],
    ['it still runs', 'dns', { status: 'in-progress', statusCodeName: 'NXDOMAIN' }, 'unclear'],
  ])('%s (%s): %4$s', (_name, type, result, expected) => expect(found(type, result)).toBe(expected));

  test.each([
    { country: 'ru', asn: 1 },
    { country: 'RUS', asn: 1 },
    { country: 'RU' },
    { country: 'RU', asn: '1' },
    {},
  ])('a probe %j: left out', (probe) => {
    expect(looksOf(answer({ status: 'failed' }, probe), 'http')).toEqual({ finished: true, looks: [] });
  });
  test.each([
    null,
    [],
    {},
    { status: 'done', results: [] },
    { status: 'finished' },
    { status: 'finished', results: {} },
    { status: 'finished', results: Array(501).fill(null) },
  ])('%j: of another shape', (body) => {
    expect(looksOf(body, 'http')).toBeNull();
  });
  test('whatever a stranger sends: read within bounds, or not', () => {
    fc.assert(
      fc.property(
        shapesLike(answer({ status: 'finished', statusCode: 200, statusCodeName: 'NOERROR', answers: [] })),
        fc.constantFrom('http' as const, 'dns' as const),
        (body, type) => {
          for (const { country, found: what } of looksOf(body, type)?.looks ?? []) {
            expect(country).toMatch(/^[A-Z]{2}$/);
            expect(what).toBeOneOf(['fine', 'failed', 'gone', 'unclear']);
          }
        },
      ),
    );
  });

  test.each<[unknown, unknown]>([
    [
      { id: 'aB-1_.x', probesCount: 3 },
      { id: 'aB-1_.x', probesCount: 3 },
    ],
    [{ id: '../../v1/limits', probesCount: 3 }, null],
    [{ id: 'a?b', probesCount: 3 }, null],
    [{ id: '', probesCount: 3 }, null],
    [{ id: 'x'.repeat(101), probesCount: 3 }, null],
    [{ id: 'a' }, null],
    [{ id: 7, probesCount: 3 }, null],
    [null, null],
  ])('begun %j: %j', (body, expected) => expect(createdOf(body)).toEqual(expected));
  test.each<[unknown, string | null]>([
    [{ error: { type: 'no_probes_found' } }, 'no_probes_found'],
    [{ error: { type: 'x'.repeat(90) } }, 'x'.repeat(40)],
    [{ error: 'no_probes_found' }, null],
    [{}, null],
    [null, null],
  ])('refused %j: %j', (body, expected) => expect(refusalOf(body)).toBe(expected));
});

describe('what a round comes to', () => {
  const look = (country: string, asn: number, found: Look['found']): Look => ({ country, asn: `AS${asn}`, found });
  const inside = (failed: number, fine: number, unclear = 0): Look[] =>
    Array.from({ length: failed + fine + unclear }, (_, i) =>
      look('RU', i + 1, i < failed ? 'failed' : i < failed + fine ? 'fine' : 'unclear'),
    );
  const well = [look('DE', 100, 'fine'), look('US', 101, 'fine')];
  const says = (http: Look[], dns: { asked: Look[]; controls: Look[] } | null = null) => {
    const { says: word, method, looks } = judgeRound({ country: 'RU', http, dns });
    return `${word}${method ? ` ${method}` : ''} ${looks}`;
  };
  test.each<[string, Look[], string]>([
    ['all fail, abroad all is well', [...inside(6, 0), ...well], 'cut 6'],
    ['three of five fail', [...inside(3, 2), ...well], 'cut 3'],
    ['three of six', [...inside(3, 3), ...well], 'unclear 6'],
    ['four of six', [...inside(4, 2), ...well], 'cut 4'],
    ['one of five', [...inside(1, 4), ...well], 'open 4'],
    ['one of six', [...inside(1, 5), ...well], 'open 5'],
    ['two of six', [...inside(2, 4), ...well], 'unclear 6'],
    ['four looked', [...inside(4, 0), ...well], 'unclear 4'],
    ['four looked, two of the probes failed', [...inside(4, 0, 2), ...well], 'unclear 4'],
    ['nobody looked from abroad', inside(6, 0), 'unclear 6'],
    ['abroad it fails, too', [...inside(6, 0), well[0]!, look('US', 101, 'failed')], 'unclear 6'],
    ['abroad one probe failed itself', [...inside(6, 0), well[0]!, look('US', 101, 'unclear')], 'cut 6'],
    [
      'all fail, in two networks',
      [...inside(6, 0).map((one, i) => ({ ...one, asn: `AS${i % 2}` })), ...well],
      'unclear 6',
    ],
    [
      'all is well, in two networks',
      [...inside(0, 6).map((one, i) => ({ ...one, asn: `AS${i % 2}` })), ...well],
      'unclear 6',
    ],
    [
      'its name is gone there: a failure',
      [...inside(0, 2), ...[7, 8, 9].map((asn) => look('RU', asn, 'gone')), ...well],
      'cut 3',
    ],
  ])('%s: %3$s', (_name, http, expected) => expect(says(http)).toBe(expected));

  const gone = [look('RU', 1, 'gone'), look('RU', 2, 'gone'), look('RU', 3, 'gone')];
  const open = [...inside(0, 6), ...well];
  test.each<[string, Look[], Look[], string]>([
    ['gone for all, there abroad', gone, well, 'cut dns 3'],
    ['one hears of it', [...gone.slice(1), look('RU', 1, 'fine')], well, 'open 6'],
    ['one gets no answer', [...gone.slice(1), look('RU', 1, 'failed')], well, 'cut dns 2'],
    ['one asked', gone.slice(2), well, 'open 6'],
    ['gone abroad, too', gone, [well[0]!, look('US', 101, 'gone')], 'open 6'],
    ['nobody abroad asked', gone, [], 'open 6'],
    ['abroad the probes failed', gone, well.map((one) => ({ ...one, found: 'unclear' as const })), 'open 6'],
  ])('the national resolver, %s: %4$s', (_name, asked, controls, expected) =>
    expect(says(open, { asked, controls })).toBe(expected),
  );
});

describe('the budget', () => {
  const spent = (...tests: [number, number][]): Spent => ({
    tests: tests.map(([ago, n]) => ({ at: NOW - ago * MINUTE, n })),
    emptyUntil: null,
  });
  test.each<[string, Spent, number, number]>([
    ['nothing was spent', NOTHING_SPENT, 13, 0],
    ['there is room', spent([10, 13], [5, 13]), 13, 0],
    ['there is none: when the oldest is an hour old', spent([50, 20], [10, 15]), 13, 10],
    ['when the second oldest is', spent([50, 10], [40, 15], [10, 15]), 20, 20],
    ['an hour ago does not count', spent([60, 40]), 13, 0],
    ['the time to come does not count', spent([-5, 40]), 13, 0],
    ['more than ever fits: as soon as nothing is spent', spent([10, 5]), 50, 0],
  ])('%s', (_name, state, n, minutes) => expect((freeAt(state, n, 40, NOW) - NOW) / MINUTE).toBe(minutes));

  test.each<[string, number, number]>([
    ['for ten minutes', 10 * MINUTE, 10],
    ['until a minute ago', -MINUTE, 0],
    ['for longer than an hour: its clock or ours was wrong', 2 * HOUR, 0],
  ])('the service has none left %s', (_name, ms, minutes) => {
    expect((freeAt({ tests: [], emptyUntil: NOW + ms }, 1, 40, NOW) - NOW) / MINUTE).toBe(minutes);
  });
  test('whatever was spent, in whatever order: never more than the hour’s share within an hour', () => {
    const want = fc.record({ n: fc.integer({ min: 1, max: 20 }), wait: fc.nat(40) });
    fc.assert(
      fc.property(fc.array(want, { maxLength: 15 }), (wants) => {
        let state: Spent = NOTHING_SPENT;
        let now = NOW;
        const all: { at: number; n: number }[] = [];
        for (const { n, wait } of wants) {
          now += wait * MINUTE;
          const at = freeAt(state, n, 40, now);
          expect(freeAt({ ...state, tests: [...state.tests].reverse() }, n, 40, now)).toBe(at);
          if (at > now) continue;
          state = spend(state, n, now);
          all.push({ at: now, n });
          const lately = all.filter((one) => now - one.at < HOUR).reduce((sum, one) => sum + one.n, 0);
          expect(lately).toBeLessThanOrEqual(40);
        }
      }),
    );
  });
  test.each<[unknown, Spent]>([
    [null, NOTHING_SPENT],
    ['x', NOTHING_SPENT],
    [{ tests: {}, emptyUntil: '5' }, NOTHING_SPENT],
    [
      { tests: [{ at: 1, n: 2 }, { at: 1 }, null, 7], emptyUntil: 5 },
      { tests: [{ at: 1, n: 2 }], emptyUntil: 5 },
    ],
  ])('kept as %j', (kept, expected) => expect(spentOf(kept)).toEqual(expected));
  test.each<[string, Record<string, string>, number | null]>([
    ['enough is left', { 'x-ratelimit-remaining': '13' }, null],
    ['too little', { 'x-ratelimit-remaining': '12', 'x-ratelimit-reset': '90' }, 90_000],
    ['too little, for an hour', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '3600' }, HOUR],
    [
      'too little, and nonsense of until when',
      { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1790000000' },
      HOUR,
    ],
    ['too little, and no word of until when', { 'x-ratelimit-remaining': '0' }, HOUR],
    ['no word', {}, null],
    ['nonsense', { 'x-ratelimit-remaining': 'many' }, null],
  ])('headers, %s', (_name, headers, ms) => expect(emptyUntilOf(headers, 13, NOW)).toBe(ms === null ? null : NOW + ms));
});
