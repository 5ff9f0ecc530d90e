import { describe, expect, test } from 'vitest';
import { createEtiquette, pauseOf } from '../../../src/core/poll/etiquette.ts';
import type { DurableState, Http, HttpResponse } from '../../../src/core/ports/runtime.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { quietLog as silent } from '../../fakes/fake-log.ts';

const HOUR = 3_600_000;
const bytes = new Uint8Array();
const answer = (status: number, headers: Record<string, string> = {}): HttpResponse => ({
  status,
  headers,
  url: '',
  body: bytes,
});

function stateIn(kept: Map<string, unknown>): DurableState {
  return {
    get: async (key) => kept.get(key),
    set: async (key, value) => void kept.set(key, structuredClone(value)),
    delete: async (key) => void kept.delete(key),
  };
}

function world(answers: (n: number) => HttpResponse = () => answer(200), kept = new Map<string, unknown>()) {
  const clock = new FakeClock();
  const sent: number[] = [];
  let under = 0;
  let most = 0;
  const raw: Http = async () => {
    sent.push(clock.monotonic());
    most = Math.max(most, ++under);
    await clock.sleep(700);
    under--;
    return answers(sent.length);
  };
  const http = createEtiquette({ clock, state: stateIn(kept), log: silent })(raw);
  return { clock, sent, http, kept, most: () => most };
}
const URL_A = 'http://127.0.0.1:9/x';

describe('how long an answer asks for', () => {
  const now = Date.UTC(2026, 10, 25, 12);
  const cases: [string, number, Record<string, string>, number | null][] = [
    ['200', 200, {}, null],
    ['200 with a rest of the quota', 200, { 'x-ratelimit-remaining': '3' }, null],
    ['200 with the last of the quota', 200, { 'x-ratelimit-remaining': '0' }, HOUR],
    ['the same with a reset in seconds', 200, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '600' }, 600_000],
    [
      'the same with a reset as a time',
      200,
      { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(now / 1_000 + 90) },
      90_000,
    ],
    ['429', 429, {}, HOUR],
    ['429 with Retry-After', 429, { 'retry-after': '120' }, 120_000],
    ['429 with a date', 429, { 'retry-after': 'Wed, 25 Nov 2026 12:02:00 GMT' }, 120_000],
    ['429 with a year', 429, { 'retry-after': '99999999' }, 24 * HOUR],
    ['429 with Retry-After: at once', 429, { 'retry-after': '0' }, 1_000],
    ['429 with a date that is over', 429, { 'retry-after': 'Wed, 25 Nov 2026 11:59:00 GMT' }, 1_000],
    ['429 with nonsense', 429, { 'retry-after': 'soon' }, HOUR],
  ];
  for (const [name, status, headers, ms] of cases)
    test(`${name}: ${ms}`, () => expect(pauseOf(status, headers, now)).toBe(ms));
});

test('ten requests to one host at once: one at a time, two seconds apart', async () => {
  const { clock, sent, http, most } = world();
  const all = Promise.all(Array.from({ length: 10 }, () => http({ url: URL_A })));
  await clock.pass(60_000);
  await all;
  expect(sent).toHaveLength(10);
  expect(most()).toBe(1);
  // Each takes 700 ms: what counts is the end of the one before.
  for (const [i, at] of sent.slice(1).entries()) expect(at - sent[i]!).toBeGreaterThanOrEqual(2_700);
});

/** When each request of a world went out, from its start. */
async function asks(one: ReturnType<typeof world>, ...urls: string[]): Promise<number[]> {
  const all = Promise.all(urls.map((url) => one.http({ url })));
  await one.clock.pass(20_000);
  await all;
  return one.sent;
}

test('killed while a request was on its way, and started again: the same host two seconds after the start, a new one at once', async () => {
  const one = world();
  void one.http({ url: URL_A });
  // On its way, not answered: nothing that is noted afterwards would be known.
  await one.clock.pass(100);
  expect(one.sent).toEqual([0]);
  const two = world(undefined, one.kept);
  const sent = await asks(two, URL_A, URL_A, 'http://127.0.0.1:8/new');
  expect(sent[0]).toBe(0);
  expect(sent[1]).toBeGreaterThanOrEqual(2_000);
  expect(sent[1]).toBeLessThan(2_200);
  expect(sent[2]! - sent[1]!).toBeGreaterThanOrEqual(2_700);
});

test('started again, and first asked a minute later: at once', async () => {
  const one = world();
  await asks(one, URL_A);
  const two = world(undefined, one.kept);
  await two.clock.pass(60_000);
  expect(await asks(two, URL_A)).toEqual([60_000]);
});

test('a host that is asked a hundred times: noted once', async () => {
  const kept = new Map<string, unknown>();
  const writes: unknown[] = [];
  const state = { ...stateIn(kept), set: async (key: string, value: unknown) => void writes.push([key, value]) };
  const clock = new FakeClock();
  const http = createEtiquette({ clock, state, log: silent })(async () => answer(200));
  const all = Promise.all(Array.from({ length: 100 }, () => http({ url: URL_A })));
  await clock.pass(300_000);
  await all;
  expect(writes).toEqual([['asked', ['127.0.0.1:9']]]);
});

test.each([
  ['nothing can be noted', { set: () => Promise.reject(new Error('disk full')) }],
  ['nothing can be read', { get: () => Promise.reject(new Error('disk gone')) }],
  ['what is kept is of another shape', { get: async () => ({ a: 'year', of: ['words'] }) }],
])('%s: asked all the same, in turn', async (_name, broken) => {
  const clock = new FakeClock();
  const sent: number[] = [];
  const http = createEtiquette({ clock, state: { ...stateIn(new Map()), ...broken }, log: silent })(async () => {
    sent.push(clock.monotonic());
    return answer(200);
  });
  const all = Promise.all([http({ url: URL_A }), http({ url: URL_A })]);
  await clock.pass(10_000);
  await all;
  expect(sent).toHaveLength(2);
  expect(sent[1]! - sent[0]!).toBeGreaterThanOrEqual(2_000);
});

test('a pause asked for while the kept ones are being read: kept', async () => {
  const clock = new FakeClock();
  const kept = new Map<string, unknown>();
  let reads = 0;
  const state = {
    ...stateIn(kept),
    async get(key: string) {
      const found = kept.get(key);
      if (key === 'pauses' && reads++ > 0) await clock.sleep(1_500);
      return found;
    },
  };
  const http = createEtiquette({ clock, state, log: silent })(async ({ url }) =>
    answer(url.includes(':9/') ? 429 : 200),
  );
  const all = Promise.all([http({ url: URL_A }), http({ url: 'http://127.0.0.1:8/x' })]);
  await clock.pass(5_000);
  await all;
  const again = http({ url: URL_A }).catch((error: unknown) => error);
  await clock.pass(5_000);
  expect(await again).toMatchObject({ code: 'rate_limited' });
});

test('more hosts than are remembered: each is left alone for two seconds all the same', async () => {
  const clock = new FakeClock();
  const sent = new Map<string, number[]>();
  const http = createEtiquette({ clock, state: stateIn(new Map()), log: silent })(async ({ url }) => {
    sent.set(url, [...(sent.get(url) ?? []), clock.monotonic()]);
    return answer(200);
  });
  await clock.pass(60_000);
  const urls = Array.from({ length: 250 }, (_, i) => `http://127.0.0.1:${1_000 + i}/`);
  for (let turn = 0; turn < 2; turn++) {
    const all = Promise.all(urls.map((url) => http({ url })));
    await clock.pass(turn === 0 ? 100 : 5_000);
    if (turn === 1) await all;
  }
  expect([...sent.values()].map(([a, b]) => b! - a!).every((gap) => gap >= 2_000)).toBe(true);
});

test('two hosts: neither waits for the other', async () => {
  const { clock, sent, http } = world();
  const all = Promise.all([http({ url: URL_A }), http({ url: 'http://127.0.0.1:8/x' })]);
  await clock.pass(1_000);
  await all;
  expect(sent).toHaveLength(2);
});

test.each([
  ['429', answer(429), HOUR],
  ['the last of a quota', answer(200, { 'x-ratelimit-remaining': '0' }), HOUR],
])('%s: nothing is sent for an hour, over a restart too, and then again', async (_name, first, ms) => {
  const one = world((n) => (n === 1 ? first : answer(200)));
  const asked = one.http({ url: URL_A });
  await one.clock.pass(1_000);
  await asked;
  const refused = one.http({ url: URL_A }).catch((error: unknown) => error);
  await one.clock.pass(5_000);
  expect(await refused).toMatchObject({ code: 'rate_limited', facts: { retryAfterMs: expect.any(Number) } });
  const two = world(undefined, one.kept);
  const again = two.http({ url: URL_A }).catch((error: unknown) => error);
  await two.clock.pass(5_000);
  expect(await again).toMatchObject({ code: 'rate_limited' });
  await two.clock.pass(ms);
  const later = two.http({ url: URL_A });
  await two.clock.pass(5_000);
  expect(await later).toMatchObject({ status: 200 });
  expect([one.sent.length, two.sent.length]).toEqual([1, 1]);
});

test('a clock that was a year ahead when a pause was noted: the host is asked', async () => {
  const kept = new Map<string, unknown>([['pauses', { '127.0.0.1:9': Date.UTC(2027, 10, 25) }]]);
  const { clock, http } = world(undefined, kept);
  const asked = http({ url: URL_A });
  await clock.pass(1_000);
  expect(await asked).toMatchObject({ status: 200 });
});

test('an abort while it waits: ends at once, and the next goes on', async () => {
  const { clock, http, sent } = world();
  const stop = new AbortController();
  const first = http({ url: URL_A });
  const second = http({ url: URL_A, signal: stop.signal }).catch((error: unknown) => error);
  const third = http({ url: URL_A });
  await clock.pass(1_000);
  stop.abort();
  expect(await second).toMatchObject({ code: 'canceled' });
  await clock.pass(5_000);
  await Promise.all([first, third]);
  expect(sent).toHaveLength(2);
});

test('a request that fails, however late: the next one two seconds after its end', async () => {
  const clock = new FakeClock();
  const sent: number[] = [];
  const raw: Http = async () => {
    sent.push(clock.monotonic());
    await clock.sleep(5_000);
    throw new Error('reset');
  };
  const http = createEtiquette({ clock, state: stateIn(new Map()), log: silent })(raw);
  const all = Promise.allSettled([http({ url: URL_A }), http({ url: URL_A })]);
  await clock.pass(30_000);
  await all;
  expect(sent[1]! - sent[0]!).toBeGreaterThanOrEqual(7_000);
});

test('a redirect: two seconds later at the same host, at once at another one', async () => {
  const clock = new FakeClock();
  const hops: number[] = [];
  const raw: Http = async ({ onHop }) => {
    const { signal } = new AbortController();
    for (const host of ['127.0.0.1:9', 'elsewhere.example']) {
      const began = clock.monotonic();
      await onHop!(host, signal);
      hops.push(clock.monotonic() - began);
    }
    return answer(200);
  };
  const asked = createEtiquette({ clock, state: stateIn(new Map()), log: silent })(raw)({ url: URL_A });
  await clock.pass(10_000);
  await asked;
  expect(hops[0]).toBeGreaterThanOrEqual(2_000);
  expect(hops[1]).toBe(0);
});

test('stopped while it waits before a redirect: ends as stopped', async () => {
  const clock = new FakeClock();
  const stop = new AbortController();
  const raw: Http = async ({ onHop }) => {
    await onHop!('127.0.0.1:9', stop.signal);
    return answer(200);
  };
  const asked = createEtiquette({ clock, state: stateIn(new Map()), log: silent })(raw)({ url: URL_A });
  const ended = expect(asked).rejects.toMatchObject({ code: 'canceled' });
  await clock.pass(100);
  stop.abort();
  await ended;
});
