import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Code } from '../../../src/core/errors.ts';
import { GAP_MS, createEtiquette } from '../../../src/core/poll/etiquette.ts';
import { type Failure, type NewsState, newsDueAt, planNews } from '../../../src/core/poll/source-state.ts';
import type { Http } from '../../../src/core/ports/runtime.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { quietLog } from '../../fakes/fake-log.ts';

const MINUTE = 60_000;
const failure = (source: string, code: Code = 'fetch_status'): Failure => ({
  source,
  kind: 'rss',
  code,
  reason: `${code} of ${source}`,
});
const names = (n: number) => Array.from({ length: n }, (_, i) => `f${i}`);
function state(over: Partial<NewsState> & { fails?: Failure[] } = {}): NewsState {
  const { fails = [], ...more } = over;
  return {
    all: names(20),
    noun: 'feeds',
    beganAt: 0,
    unasked: new Set(),
    failing: new Map(fails.map(({ source, code }) => [source, code])),
    held: fails,
    ended: [],
    firstAt: fails.length > 0 ? 1_000_000 : null,
    lastAt: fails.length > 0 ? 1_000_000 : null,
    each: 0,
    eachSince: 0,
    manyAt: null,
    firstRound: 'logged',
    ...more,
  };
}
const failures = (n: number, code?: Code) => names(n).map((name) => failure(name, code));
const said = (of: NewsState, now = 9_000_000) =>
  planNews(of, now).lines.map(({ level, message }) => `${level} ${message}`);

describe('when something is said', () => {
  test.each<[string, Partial<NewsState>, number | null]>([
    ['nothing waits', {}, null],
    ['three seconds after the last', { firstAt: 1_000, lastAt: 5_000 }, 8_000],
    ['fifteen after the first, however many come', { firstAt: 1_000, lastAt: 15_900 }, 16_000],
    ['many were said just before: a minute after the last', { firstAt: 1_000, lastAt: 5_000, manyAt: 0 }, 65_000],
    ['or five after the first', { firstAt: 1_000, lastAt: 290_000, manyAt: 0 }, 301_000],
    ['many were said ten minutes before: as ever', { firstAt: 600_000, lastAt: 600_000, manyAt: 0 }, 603_000],
    ['in the first round, nothing failed yet', { firstRound: 'running', unasked: new Set(['a']) }, null],
    [
      'in the first round, something failed: twenty seconds after its begin',
      { firstRound: 'running', unasked: new Set(['a']), beganAt: 500, firstAt: 1_000, lastAt: 1_000 },
      20_500,
    ],
    ['all were asked: at once', { firstRound: 'running', beganAt: 500 }, 500],
    [
      'in the first round, many were said: as ever',
      { firstRound: 'running', unasked: new Set(['a']), manyAt: 900, firstAt: 1_000, lastAt: 1_000 },
      61_000,
    ],
  ])('%s', (_name, over, at) => expect(newsDueAt(state(over))).toBe(at));

  test('before that nothing is, and the state is the same', () => {
    const waits = state({ fails: failures(2) });
    expect(planNews(waits, 1_002_999)).toEqual({ lines: [], next: waits });
    expect(planNews(waits, 1_003_000).lines).toHaveLength(2);
  });
});

describe('what is said', () => {
  const ended = (n: number) => names(n).map((source) => ({ source, failures: 3, failedForMinutes: 10 }));
  const now = { firstAt: 1_000_000, lastAt: 1_000_000 };
  test.each<[string, NewsState, string[]]>([
    ['three that fail: a line each', state({ fails: failures(3) }), Array(3).fill('warn Unable to read source')],
    ['four: one line', state({ fails: failures(4) }), ['warn 4 of 20 feeds cannot be read']],
    ['four that nobody reaches', state({ fails: failures(4, 'fetch_dns') }), ['warn 4 of 20 feeds cannot be reached']],
    [
      'half of them: read',
      state({ fails: [...failures(2, 'fetch_dns'), ...failures(4).slice(2)] }),
      ['warn 4 of 20 feeds cannot be read'],
    ],
    [
      'sixteen of twenty, not reached',
      state({ fails: failures(16, 'fetch_timeout') }),
      ['warn 16 of 20 feeds cannot be reached: is there internet?'],
    ],
    ['sixteen of twenty, reached and refused', state({ fails: failures(16) }), ['warn 16 of 20 feeds cannot be read']],
    [
      'all, whatever the reason',
      state({ fails: failures(20) }),
      ['warn 20 of 20 feeds cannot be read: is there internet?'],
    ],
    ['three are back: a line each', state({ ended: ended(3), ...now }), Array(3).fill('info Source is readable again')],
    [
      'four are back, and some still fail',
      state({ ended: ended(4), failing: new Map([['x', 'fetch_dns']]), ...now }),
      ['info 4 feeds are readable again; 1 still fail'],
    ],
    [
      'four are back, and all are well',
      state({ ended: ended(4), ...now }),
      ['info 4 feeds are readable again; all 20 feeds are readable'],
    ],
    ['the first round went well', state({ firstRound: 'running' }), ['info All 20 feeds were read']],
    ['of one', state({ firstRound: 'running', all: ['a'] }), ['info The feed was read']],
    [
      'of one that measures',
      state({ firstRound: 'running', all: ['a'], noun: 'sources' }),
      ['info The source was read'],
    ],
    ['of none', state({ firstRound: 'running', all: [] }), []],
  ])('%s', (_name, of, lines) => expect(said(of)).toEqual(lines));

  test('one by one they are many, too: the seventh within ten minutes, while more than three fail', () => {
    const drip = (each: number, failing: number) =>
      said(
        state({
          held: [failure('f9')],
          failing: new Map(failures(failing).map((one) => [one.source, one.code])),
          each,
          eachSince: 9_000_000 - 5 * MINUTE,
          ...now,
        }),
      );
    expect(drip(5, 6)).toEqual(['warn Unable to read source']);
    expect(drip(6, 7)).toEqual(['warn 7 of 20 feeds cannot be read']);
    expect(drip(6, 3)).toEqual(['warn Unable to read source']);
    const old = state({
      held: [failure('f9')],
      failing: new Map(failures(7).map((one) => [one.source, one.code])),
      each: 6,
      eachSince: 9_000_000 - 10 * MINUTE,
      ...now,
    });
    expect(said(old)).toEqual(['warn Unable to read source']);
  });
  test('of many: five names, the commonest reason; where everything fails, no names', () => {
    const [line] = planNews(state({ fails: [failure('f0'), ...failures(7, 'fetch_dns').slice(1)] }), 9_000_000).lines;
    expect(line!.fields).toMatchObject({ sources: 'f0 f1 f2 f3 f4 …', code: 'fetch_dns', reason: 'fetch_dns of f1' });
    expect(planNews(state({ fails: failures(20) }), 9_000_000).lines[0]!.fields).not.toHaveProperty('sources');
  });

  test('whatever waits: after it was said nothing waits, nothing is said twice, and what was given is as it was', () => {
    const any = fc.record({
      n: fc.nat(20),
      back: fc.nat(6),
      code: fc.constantFrom<Code>('fetch_dns', 'fetch_status'),
      unasked: fc.nat(2),
      manyAt: fc.constantFrom(null, 0, 900_000),
      each: fc.nat(8),
      firstRound: fc.constantFrom<NewsState['firstRound']>('running', 'logged'),
    });
    fc.assert(
      fc.property(any, fc.nat(5_000_000), ({ n, back, code, unasked, ...more }, at) => {
        const of = state({
          fails: failures(n, code),
          ended: ended(back),
          unasked: new Set(names(unasked)),
          ...now,
          ...more,
        });
        const before = structuredClone(of);
        const { lines, next } = planNews(of, at);
        expect(of).toEqual(before);
        expect(lines.length).toBeLessThanOrEqual(7);
        const due = newsDueAt(of);
        if (due === null || due > at) expect(next).toBe(of);
        else {
          expect(newsDueAt(next)).toBeNull();
          expect(planNews(next, at + 1).lines).toEqual([]);
        }
      }),
    );
  });
});

test('whoever asks whichever host in whatever order: no two requests to one host within two seconds, none beside another, and each is answered', async () => {
  const ask = fc.record({
    host: fc.constantFrom('a', 'b', 'c'),
    after: fc.nat(4_000),
    takes: fc.nat(5_000),
    stops: fc.option(fc.nat(3_000), { freq: 4 }),
    fails: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(ask, { minLength: 1, maxLength: 8 }), async (asks) => {
      const clock = new FakeClock();
      const state = { get: async () => undefined, set: async () => {}, delete: async () => {} };
      const began = new Map<string, number>();
      const busy = new Set<string>();
      const raw: Http = async ({ url }) => {
        const { host, searchParams } = new URL(url);
        const { takes, fails } = asks[Number(searchParams.get('i'))]!;
        expect(busy.has(host)).toBe(false);
        expect(clock.monotonic() - (began.get(host) ?? Number.NEGATIVE_INFINITY)).toBeGreaterThanOrEqual(GAP_MS);
        began.set(host, clock.monotonic());
        busy.add(host);
        await clock.sleep(takes);
        busy.delete(host);
        if (fails) throw new Error('away');
        return { status: 200, headers: {}, url, body: new Uint8Array() };
      };
      const http = createEtiquette({ clock, state, log: quietLog })(raw);
      const all = asks.map(async ({ host, after, stops }, i) => {
        await clock.sleep(after);
        const stop = new AbortController();
        if (stops !== null) void clock.sleep(stops).then(() => stop.abort());
        return await http({ url: `https://${host}/?i=${i}`, signal: stop.signal }).then(
          () => 'answered',
          (error: { code?: string; message: string }) => error.code ?? error.message,
        );
      });
      await clock.pass(120_000);
      for (const [i, outcome] of (await Promise.all(all)).entries())
        expect(outcome).toBeOneOf([
          asks[i]!.fails ? 'away' : 'answered',
          ...(asks[i]!.stops === null ? [] : ['canceled']),
        ]);
    }),
    { numRuns: 25 },
  );
});
