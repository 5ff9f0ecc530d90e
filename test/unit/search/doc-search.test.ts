import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TocsinError } from '../../../src/core/errors.ts';
import type { Http, HttpResponse } from '../../../src/core/ports/runtime.ts';
import { quietLog } from '../../../src/core/ports/runtime.ts';
import { createHttp } from '../../../src/platform/http.ts';
import { createIds } from '../../../src/platform/ids.ts';
import { answerOf, createDocSearch, hitOf, queryFor, turnOf } from '../../../src/sources/search/doc-search.ts';
import { createSource } from '../../../src/sources/search/index.ts';
import type { Hit } from '../../../src/sources/search/sift.ts';
import { bundledFinding } from '../../fakes/bundled.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const article = {
  url: 'https://haber.example/1',
  url_mobile: '',
  title: "Instagram ' a erişim engeli , kararı kim verdi ?",
  seendate: '20261130T141500Z',
  socialimage: '',
  domain: 'haber.example',
  language: 'Turkish',
  sourcecountry: 'Turkey',
};

describe('what is asked', () => {
  test('one country: by its code in FIPS, without brackets', () =>
    expect(queryFor(['TR'])).toMatch(/"social media"\) sourcecountry:TU$/));
  test('several, one of which has two codes: alternatives in brackets', () =>
    expect(queryFor(['UG', 'PS', 'RU'])).toMatch(
      / \(sourcecountry:UG OR sourcecountry:WE OR sourcecountry:GZ OR sourcecountry:RS\)$/,
    ));
  test.each([
    ['BY', 'BO'],
    ['NG', 'NI'],
    ['NE', 'NG'],
    ['MM', 'BM'],
    ['BD', 'BG'],
    ['IQ', 'IZ'],
    ['ES', 'SP'],
    ['CH', 'SZ'],
    ['SD', 'SU'],
    ['IR', 'IR'],
  ])('%s in FIPS: %s', (iso, fips) => expect(queryFor([iso])).toMatch(new RegExp(`sourcecountry:${fips}$`)));
});

describe('an answer', () => {
  test.each<[string, string, ReturnType<typeof answerOf>]>([
    ['articles', JSON.stringify({ articles: [article] }), { articles: [article] }],
    ['no match', '{}', { articles: [] }],
    ['nothing', ' \n', { articles: [] }],
    ['the limit in words', 'Please limit requests to one every 5 seconds or contact us', 'limited'],
    ['a query that it does not take', 'Your query was too short or too long.', 'refused'],
    ['brackets that it does not take', 'One or more of your parenthetical clauses had an error', 'refused'],
    ['a page', '<html><body>Error</body></html>', 'refused'],
    ['JSON that ends in the middle', '{"articles":[{"url":"https://', 'refused'],
    ['a list that is none', '{"articles":{"a":1}}', { articles: [] }],
    ['control characters', '{"articles":[{"title":"A\u0001B\tC"}]}', { articles: [{ title: 'A B C' }] }],
    ['a stray backslash', '{"articles":[{"title":"A \\s B"}]}', { articles: [{ title: 'A s B' }] }],
    ['a backslash before a quote that ends', '{"articles":[{"title":"A \\"}]}', { articles: [{ title: 'A ' }] }],
  ])('%s', (_name, body, answer) => expect(answerOf(body)).toEqual(answer));
  test('a row: its title, its address, and when it was seen; another shape: none', () => {
    expect(hitOf(article)).toEqual({
      title: article.title,
      url: article.url,
      at: Date.UTC(2026, 10, 30, 14, 15),
      seen: true,
    });
    for (const odd of [null, 7, [], {}, { title: 'A' }, { url: 'https://a.example' }, { title: 5, url: 7 }])
      expect(hitOf(odd)).toBeNull();
    expect(hitOf({ ...article, seendate: 'soon' })).toMatchObject({ at: null });
  });
});

describe('whose turn it is', () => {
  const now = Date.UTC(2026, 10, 30, 12);
  const none = new Set<string>();
  test('half an hour after the last question: those that were asked about longest ago', () => {
    const of = { UG: now - HOUR, TR: now - 3 * HOUR };
    expect(turnOf({ asked: [now - 31 * MINUTE], of }, ['UG', 'TR', 'VE'], { nudged: none, thin: none }, now)).toEqual([
      'VE',
      'TR',
      'UG',
    ]);
    expect(turnOf({ asked: [now - 29 * MINUTE], of }, ['UG', 'TR', 'VE'], { nudged: none, thin: none }, now)).toEqual(
      [],
    );
  });
  test('where something turned: at once, and first', () =>
    expect(
      turnOf({ asked: [now - MINUTE], of: {} }, ['TR', 'UG'], { nudged: new Set(['UG', 'XX']), thin: none }, now),
    ).toEqual(['UG', 'TR']));
  test('six in an hour, sixty in a day: nobody’s, whatever turns', () => {
    const nudged = new Set(['UG']);
    expect(
      turnOf(
        { asked: Array.from({ length: 6 }, (_, i) => now - i * MINUTE), of: {} },
        ['UG'],
        { nudged, thin: none },
        now,
      ),
    ).toEqual([]);
    expect(
      turnOf({ asked: Array.from({ length: 60 }, () => now - 5 * HOUR), of: {} }, ['UG'], { nudged, thin: none }, now),
    ).toEqual([]);
  });
});

describe('as the server counts', () => {
  let server: Server;
  const asked: { at: number; query: string }[] = [];
  const clock = new FakeClock();
  beforeAll(async () => {
    server = createServer((request, response) => {
      asked.push({ at: clock.now(), query: new URL(request.url!, 'http://a').searchParams.get('query')! });
      const limited = asked.length % 5 === 4;
      response.writeHead(limited ? 429 : 200, { 'content-type': 'text/html' });
      response.end(limited ? 'Please limit requests to one every 5 seconds' : JSON.stringify({ articles: [article] }));
    });
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  });
  afterAll(() => void server.close());

  test('three days by the poller, something turns in each minute, it refuses now and then: six an hour, sixty a day, a pause after each refusal', async () => {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/doc`;
    const client = createHttp({ allowPrivateAddresses: true });
    const kept = new Map<string, unknown>();
    const state = {
      get: async (key: string) => kept.get(key),
      set: async (key: string, value: unknown) => void kept.set(key, value),
      delete: async () => {},
    };
    const config = { id: 'doc', kind: 'search', provider: 'gdelt-doc', url, cron: '*/10 * * * *' } as const;
    const wanted = async () => new Set(['UG', 'TR', 'VE']);
    const tools = { clock, log: quietLog, ids: createIds(clock), http: client.http, state, cache: state };
    const source = createSource(config as never, { ...tools, finding: { ...bundledFinding, wanted } } as never);
    let pausedUntil = 0;
    for (let minute = 0; minute < 3 * 24 * 60; minute++) {
      source.nudge!(['whatsapp'], 'UG');
      if (clock.now() >= pausedUntil)
        await source
          .poll({ now: clock.now(), firstPoll: false, signal: new AbortController().signal })
          .catch((error: TocsinError) => (pausedUntil = clock.now() + Number(error.facts.retryAfterMs)));
      await clock.pass(MINUTE);
    }
    await client.close();
    const within = (ms: number) =>
      Math.max(...asked.map(({ at }) => asked.filter((one) => one.at >= at && one.at < at + ms).length));
    expect(asked.length).toBeGreaterThan(100);
    expect([within(HOUR), within(24 * HOUR)]).toEqual([6, 60]);
    const refusals = asked.filter((_, i) => (i + 1) % 5 === 4);
    for (const { at } of refusals) expect(asked.some((one) => one.at > at && one.at < at + 30 * MINUTE)).toBe(false);
  });
});

describe('poll by poll', () => {
  const world = (answers: (Partial<HttpResponse> & { text?: string })[]) => {
    const clock = new FakeClock();
    const asked: { at: number; query: string; span: string }[] = [];
    const http: Http = async ({ url }) => {
      const { searchParams } = new URL(url);
      asked.push({ at: clock.now(), query: searchParams.get('query')!, span: searchParams.get('timespan')! });
      const { text = '{}', status = 200, headers = {} } = answers[Math.min(asked.length, answers.length) - 1] ?? {};
      return { status, url, headers, body: new TextEncoder().encode(text) };
    };
    const kept = new Map<string, unknown>();
    const state = {
      get: async (key: string) => kept.get(key),
      set: async (key: string, value: unknown) => void kept.set(key, value),
      delete: async () => {},
    };
    const make = () => createDocSearch('https://api.example/doc', { http, state, log: quietLog });
    let search = make();
    const poll = (countries: string[], thin: string[] = []) =>
      search.poll(
        { now: clock.now(), firstPoll: false, signal: new AbortController().signal },
        { countries: new Set(countries), thin: new Set(thin) },
        (hit: Hit) => ({ title: hit.title }) as never,
      );
    return {
      clock,
      asked,
      poll,
      aside: () => search.aside(clock.now()),
      nudge: (country: string) => search.nudge(country),
      restart: () => (search = make()),
    };
  };

  test('an answer: its rows; a second poll at once: nothing is asked, after a restart neither', async () => {
    const w = world([{ text: JSON.stringify({ articles: [article, null, 7] }) }]);
    expect((await w.poll(['TR'])).items).toHaveLength(1);
    expect(await w.poll(['TR'])).toMatchObject({ items: [], unchanged: true });
    w.restart();
    await w.poll(['TR']);
    expect(w.asked).toHaveLength(1);
  });

  test.each<[string, Partial<HttpResponse> & { text?: string }]>([
    ['429', { status: 429 }],
    ['the limit in words with status 200', { text: 'Please limit requests to one every 5 seconds' }],
  ])('%s: it is left alone for half an hour, then for twice as long, six hours at most', async (_name, answer) => {
    const w = world([answer]);
    const pauses: unknown[] = [];
    for (let i = 0; i < 6; i++) {
      const error = await w.poll(['TR']).then(
        () => null,
        (thrown: { code: string; facts: Record<string, unknown> }) => thrown,
      );
      expect(error?.code).toBe('rate_limited');
      pauses.push(Number(error!.facts['retryAfterMs']) / MINUTE);
      await w.clock.pass(7 * HOUR);
    }
    expect(pauses).toEqual([30, 60, 120, 240, 360, 360]);
  });

  test('words instead of an answer: a named error, and not "no news"', async () => {
    const w = world([{ text: 'Your query was too short or too long.' }]);
    await expect(w.poll(['TR'])).rejects.toThrow(/words instead of an answer/);
  });

  test('two days of polls every ten minutes with something turning all the time: six an hour and sixty a day at most', async () => {
    const w = world([{}]);
    for (let i = 0; i < 2 * 144; i++) {
      w.nudge('UG');
      await w.poll(['TR', 'UG']);
      await w.clock.pass(10 * MINUTE);
    }
    const within = (ms: number) =>
      Math.max(...w.asked.map(({ at }) => w.asked.filter((one) => one.at >= at && one.at < at + ms).length));
    expect(within(HOUR)).toBeLessThanOrEqual(6);
    expect(within(24 * HOUR)).toBeLessThanOrEqual(60);
  });

  test('beyond what it may ask: it says until when, and no more when that is over', async () => {
    const w = world([{}]);
    expect(w.aside()).toBeNull();
    for (let i = 0; i < 7; i++) {
      w.nudge('UG');
      await w.poll(['UG']);
      await w.clock.pass(MINUTE);
    }
    expect(w.asked).toHaveLength(6);
    expect(w.aside()).toEqual({ is: 'spent', until: w.asked[0]!.at + HOUR });
    await w.clock.pass(HOUR);
    expect(w.aside()).toBeNull();
  });

  test('of some few owners are heard: they are asked about much more often, and the others have their turn, too', async () => {
    const w = world([{}]);
    const [thin, others] = [['UG', 'NE', 'TD', 'SS'], 'TR FR DE GB IT ES PT NL BE AT PL CZ SE NO FI DK'.split(' ')];
    await w.poll([...others, ...thin], thin);
    for (const code of ['UG', 'NG', 'CD', 'OD']) expect(w.asked[0]!.query).toContain(`sourcecountry:${code}`);
    for (let i = 0; i < 144; i++) {
      await w.clock.pass(10 * MINUTE);
      await w.poll([...others, ...thin], thin);
    }
    const times = (code: string) => w.asked.filter(({ query }) => query.includes(`sourcecountry:${code}`)).length;
    expect(times('UG')).toBeGreaterThan(1.5 * times('TU'));
    expect(times('TU')).toBeGreaterThan(5);
  });

  test('sixty countries: each has its turn within the day, over as long as it was not asked about', async () => {
    const w = world([{}]);
    const countries = [
      'TR',
      'UG',
      ...Array.from({ length: 58 }, (_, i) => `A${String.fromCharCode(65 + (i % 26))}${i}`),
    ];
    for (let i = 0; i < 144; i++) {
      await w.poll(countries);
      await w.clock.pass(10 * MINUTE);
    }
    for (const code of ['TU', 'UG'])
      expect(w.asked.filter(({ query }) => query.includes(`sourcecountry:${code}`)).length).toBeGreaterThan(3);
    expect(w.asked.map(({ span }) => Number(span.slice(0, -1))).every((hours) => hours >= 2 && hours <= 24)).toBe(true);
  });
});
