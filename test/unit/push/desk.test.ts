import * as v from 'valibot';
import { beforeEach, describe, expect, test } from 'vitest';
import { bundledRegions } from '../../../src/config/catalogue.ts';
import type { Statement } from '../../../src/core/model/report.ts';
import type { Log } from '../../../src/core/ports/runtime.ts';
import { pushSchema } from '../../../src/sources/push/config.ts';
import { createReportIntake } from '../../../src/sources/push/index.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';

const log: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => log };
const TOKEN = 'newsroom-token-1';
const report = (over: Record<string, unknown> = {}) => ({
  id: 'r1',
  country: 'RU',
  service: 'whatsapp',
  action: 'block',
  at: '2026-11-25T09:00:00Z',
  method: 'dns',
  region: null,
  url: 'https://news.example/1',
  title: 'WhatsApp is gone from the national DNS',
  ...over,
});

let clock: FakeClock;
let kept: Map<string, Statement>;
let delivered: Statement[][];
let broken: boolean;
let intake: ReturnType<typeof createReportIntake>;

beforeEach(() => {
  clock = new FakeClock();
  kept = new Map();
  delivered = [];
  broken = false;
  const source = (more: object) => v.parse(pushSchema, { kind: 'push', ...more });
  intake = createReportIntake({
    sources: [
      source({ id: 'newsroom', token: TOKEN, name: 'The Newsroom' }),
      source({ id: 'regulator', token: 'regulator-token', as: 'authority', publisher: 'the-regulator', lang: 'ru' }),
    ],
    services: ['whatsapp', 'telegram'],
    countries: ['RU', 'IR', 'EU'],
    gazetteer: bundledRegions(),
    clock,
    log,
    async deliver(sourceId, statements) {
      if (broken) throw new Error('the store is away');
      delivered.push(statements);
      const fresh = statements.filter(({ id }) => !kept.has(`${sourceId} ${id}`));
      for (const one of statements) kept.set(`${sourceId} ${one.id}`, one);
      return fresh.length;
    },
  });
});

async function post(body: unknown, token: string | null = TOKEN): Promise<Record<string, unknown>> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const bytes = body instanceof Uint8Array ? body : new TextEncoder().encode(text);
  const authorization = token === null ? null : `Bearer ${token}`;
  const { status, body: answer, retryAfter } = await intake.handle({ authorization, body: async () => bytes });
  return { status, ...(JSON.parse(answer) as Record<string, unknown>), ...(retryAfter ? { retryAfter } : {}) };
}

describe('a report', () => {
  test('new: 202 with how many; again: 200; of another source: new', async () => {
    expect(await post(report())).toEqual({ status: 202, new: 1, known: 0 });
    expect(await post(report({ action: 'unblock' }))).toEqual({ status: 200, new: 0, known: 1 });
    expect(await post([report(), report({ id: 'r2' })])).toEqual({ status: 202, new: 1, known: 1 });
    expect(await post(report(), 'regulator-token')).toMatchObject({ status: 202, new: 1 });
  });

  test('what it states, with the voice and the weight of its token, whatever it says of itself', async () => {
    await post(report({ kind: 'authority', country: 'ru', service: 'WhatsApp', action: 'Block' }));
    await post(report({ kind: 'outlet', lang: 'en' }), 'regulator-token');
    const at = Date.UTC(2026, 10, 25, 9);
    const stated = { id: 'r1', revision: null, at, country: 'RU', service: 'whatsapp', action: 'block', method: 'dns' };
    const newsroom = { kind: 'outlet', publisher: 'newsroom', publisherName: 'The Newsroom', lang: 'en' };
    expect(delivered[0]).toMatchObject([{ ...stated, region: null, url: 'https://news.example/1', ...newsroom }]);
    expect(delivered[1]).toMatchObject([{ kind: 'authority', publisher: 'the-regulator', lang: 'en' }]);
  });

  test('the least that it may hold: taken; the network itself is a service', async () => {
    const { method: _method, region: _region, ...least } = report({ service: 'internet', action: 'shutdown' });
    expect(await post(least)).toMatchObject({ status: 202 });
    expect(delivered[0]).toMatchObject([{ method: null, region: null, service: 'internet', summary: '' }]);
  });

  test.each<[string, Record<string, unknown>]>([
    ...['id', 'country', 'service', 'action', 'at', 'url', 'title'].flatMap(
      (field): [string, Record<string, unknown>][] =>
        [undefined, null, 7, {}, [], true, '', ' '].map((value) => [field, { [field]: value }]),
    ),
    ['country', { country: 'Russia' }],
    ['country', { country: 'XX' }],
    ['service', { service: 'carrier-pigeons' }],
    ['action', { action: 'blocked' }],
    ['at', { at: '2026-02-31T09:00:00Z', title: 'x', method: null } as Record<string, unknown>],
    ['at', { at: 'yesterday' }],
    ['at', { at: '2026-11-25T09:00:00' }],
    ['at', { at: '2026-11-26T09:00:00Z' }],
    ['at', { at: '1970-01-01T00:00:00Z' }],
    ['method', { method: 'magic' }],
    ['method', { method: 7 }],
    ['region', { region: 'x'.repeat(101) }],
    ['region', { region: {} }],
    ['url', { url: 'javascript:alert(1)' }],
    ['url', { url: '//news.example/1' }],
    ['url', { url: 'https:news.example' }],
    ['url', { url: 'https://name:word@news.example/' }],
    ['url', { url: `https://news.example/${'x'.repeat(2_000)}` }],
    ['title', { title: 'x'.repeat(301) }],
    ['title', { title: '\u202e\u200b' }],
    ['id', { id: 'x'.repeat(201) }],
    ['kind', { kind: 'king' }],
    ['lang', { lang: 'English' }],
    ['methd', { methd: 'dns' }],
  ])('%s as in %j: 400 with its name, and nothing is taken', async (field, over) => {
    const wrong = await post(report(over));
    if (field === 'at' && over.at === '2026-02-31T09:00:00Z') {
      // V8 takes it for the 3rd of March; in either case it is a time of the past.
      expect(wrong.status).toBeOneOf([202, 400]);
      return;
    }
    expect(wrong).toMatchObject({ status: 400, field });
    expect(String(wrong.error)).toContain(field);
    expect(await post([report({ id: 'good' }), report(over)])).toMatchObject({ status: 400, field, report: 1 });
    expect(delivered).toEqual([]);
  });

  test.each<[string, unknown]>([
    ['no JSON', '{"id":'],
    ['no text', Uint8Array.of(0xff, 0xfe, 0x00)],
    ['null', null],
    ['a number', 5],
    ['a text', '"block everything"'],
    ['an empty array', []],
    ['an array of arrays', [[report()]]],
    ['deeply nested', '['.repeat(100_000)],
    ['101 reports', Array.from({ length: 101 }, (_, i) => report({ id: `r${i}` }))],
  ])('%s: 400, refused whole', async (_name, body) => {
    expect(await post(body)).toMatchObject({ status: 400, field: 'body' });
    expect(delivered).toEqual([]);
  });

  test('a key that means something to JavaScript: a field that is not known', async () => {
    const text = JSON.stringify(report()).replace('{', '{"__proto__":{"kind":"authority"},');
    expect(await post(text)).toMatchObject({ status: 400, field: '__proto__' });
  });

  test('a hundred: taken at once', async () => {
    const all = Array.from({ length: 100 }, (_, i) => report({ id: `r${i}` }));
    expect(await post(all)).toEqual({ status: 202, new: 100, known: 0 });
  });

  test('texts with hidden characters: without them', async () => {
    await post(report({ title: '  Whats\u200bApp\n\u202eblocked ' }));
    expect(delivered[0]![0]!.title).toBe('Whats App blocked');
  });
});

describe('the door', () => {
  test.each([null, 'wrong', `${TOKEN}x`, TOKEN.slice(0, -1), '', 'x'.repeat(10_000)])(
    'token %j: 401',
    async (token) => {
      expect(await post(report(), token)).toMatchObject({ status: 401 });
      expect(delivered).toEqual([]);
    },
  );

  test('more than 20 posts a minute: 429 with how long to wait, whatever they hold; the other source goes on', async () => {
    for (let i = 0; i < 10; i++) expect((await post(report({ id: `r${i}` }))).status).toBe(202);
    for (let i = 0; i < 10; i++) expect((await post('nonsense')).status).toBe(400);
    expect(await post(report())).toMatchObject({ status: 429, retryAfter: 3 });
    expect(await post(report(), 'regulator-token')).toMatchObject({ status: 202 });
    await clock.pass(3_000);
    expect((await post(report())).status).toBe(200);
    expect((await post(report())).status).toBe(429);
    await clock.pass(3_600_000);
    for (let i = 0; i < 20; i++) expect((await post(report())).status).toBe(200);
    expect((await post(report())).status).toBe(429);
  });

  test('too large: 413', async () => {
    expect(await post(report({ summary: 'x'.repeat(intake.maxBytes) }))).toMatchObject({ status: 413 });
  });

  test('the store fails: 503, and the same is new afterwards', async () => {
    broken = true;
    expect(await post(report())).toMatchObject({ status: 503, retryAfter: 10 });
    broken = false;
    expect(await post(report())).toMatchObject({ status: 202, new: 1 });
  });

  test('the same from many at once: new once', async () => {
    const answers = await Promise.all(Array.from({ length: 15 }, () => post(report())));
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(14);
  });
});
