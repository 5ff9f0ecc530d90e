import { afterEach, describe, expect, test } from 'vitest';
import type { SitePart } from '../../../../src/web/site/known.ts';
import { respond } from '../../../../src/web/site/respond.ts';
import { openTestSite, type SiteOptions, type TestSite } from './support.ts';

let site: TestSite;
afterEach(() => site.close());

let times = 0;
const page: SitePart = (app, deps) => {
  app.get('/page/:name', (c) =>
    respond(c, deps, `page ${c.req.param('name')}`, async () => ({
      type: 'text/html; charset=utf-8',
      body: `${c.req.param('name')} ${++times} ${'.'.repeat(2_000)}`,
    })),
  );
  app.get('/seen', (c) => c.json({ headers: Object.fromEntries(c.req.raw.headers), client: c.env.client }));
  app.get('/fails', () => {
    throw new Error('SECRET');
  });
};
const open = async (options: SiteOptions = {}) => {
  times = 0;
  site = await openTestSite({ routes: [page], ...options });
  return site;
};

describe('the ground of the site', () => {
  test('an answer: made once in some seconds, with a tag, open to programs of other origins', async () => {
    const { get, clock } = await open();
    const first = await get('/page/a');
    expect(first.headers.get('cache-control')).toContain('max-age=14');
    expect(first.headers.get('access-control-allow-origin')).toBe('*');
    const again = await get('/page/a', { 'if-none-match': first.headers.get('etag')! });
    expect([again.status, again.text]).toEqual([304, '']);
    expect((await get('/page/a', { 'if-none-match': 'W/"x", "y"' })).text).toBe(first.text);
    await clock.pass(6_000);
    expect((await get('/page/a')).text).not.toBe(first.text);
  });

  test('compressed for who takes it, and known again in either form', async () => {
    const { get, url } = await open();
    const zipped = await fetch(`${url}/page/a`, { headers: { 'accept-encoding': 'gzip' } });
    expect(zipped.headers.get('content-encoding')).toBe('gzip');
    const plain = await get('/page/a', { 'accept-encoding': 'identity' });
    expect(plain.headers.get('content-encoding')).toBeNull();
    expect(await zipped.text()).toBe(plain.text);
    expect(plain.headers.get('etag')).not.toBe(zipped.headers.get('etag'));
    expect((await get('/page/a', { 'if-none-match': zipped.headers.get('etag')! })).status).toBe(304);
    expect((await get('/page/a', { 'accept-encoding': 'gzip;q=0' })).headers.get('content-encoding')).toBeNull();
  });

  test('a route sees no cookie, no name of a browser; and the address of who asks', async () => {
    const { get } = await open();
    const { text } = await get('/seen', { cookie: 'a=b', authorization: 'Bearer x', 'x-forwarded-for': '203.0.113.9' });
    const { headers, client } = JSON.parse(text) as { headers: object; client: string };
    expect(Object.keys(headers).sort()).toEqual(['accept', 'accept-encoding', 'accept-language']);
    expect(client).toBe('203.0.113.9');
  });

  test('before a request of another origin: told what is allowed; writing is not', async () => {
    const { url } = await open();
    const asked = await fetch(`${url}/page/a`, { method: 'OPTIONS' });
    expect([asked.status, asked.headers.get('access-control-allow-methods')]).toEqual([204, 'GET, HEAD, OPTIONS']);
    expect((await fetch(`${url}/page/a`, { method: 'POST', body: 'x' })).status).toBe(405);
    const head = await fetch(`${url}/page/a`, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
  });

  test('a route that throws: 500 without a word of why', async () => {
    const { get } = await open();
    expect(await get('/fails')).toMatchObject({ status: 500, text: '' });
  });

  test('more than one address may ask for: 429 with when to come again, and others are served', async () => {
    const { get, clock } = await open();
    const from = (address: string) => get('/page/a', { 'x-forwarded-for': address });
    const statuses: Awaited<ReturnType<typeof from>>[] = [];
    for (let round = 0; round < 30; round++)
      statuses.push(...(await Promise.all(Array.from({ length: 40 }, () => from('203.0.113.9')))));
    const refused = statuses.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(150);
    expect(refused[0]!.headers.get('retry-after')).toBe('1');
    expect((await from('203.0.113.10')).status).toBe(200);
    await clock.pass(1_000);
    expect((await from('203.0.113.9')).status).toBe(200);
  });

  test('what takes long to make costs more than what does not', async () => {
    const slow: SitePart = (app, deps) => {
      app.get('/slow/:name', (c) =>
        respond(c, deps, c.req.param('name'), async () => {
          await site.clock.pass(500);
          return { type: 'text/plain', body: 'x' };
        }),
      );
    };
    const { get } = await open({ routes: [page, slow] });
    const statuses: number[] = [];
    for (let at = 0; at < 10; at++)
      statuses.push((await get(`/slow/${at}`, { 'x-forwarded-for': '203.0.113.9' })).status);
    expect(statuses.slice(0, 4)).toEqual([200, 200, 200, 200]);
    expect(statuses).toContain(429);
  });

  test('a page that hangs for minutes, again and again: whoever waited for it is answered again five seconds later', async () => {
    const hangs: SitePart = (app, deps) => {
      app.get('/slow/:name', (c) =>
        respond(c, deps, c.req.param('name'), async () => {
          await site.clock.pass(c.req.param('name') === 'x' ? 0 : 120_000);
          return { type: 'text/plain', body: 'x' };
        }),
      );
    };
    const { get, clock } = await open({ routes: [page, hangs] });
    const ask = (name: string) => get(`/slow/${name}`, { 'x-forwarded-for': '203.0.113.9' });
    await Promise.all(Array.from({ length: 10 }, (_, at) => ask(`${at}`)));
    await clock.pass(30_000);
    expect((await ask('x')).status).toBe(200);
  });

  test('the record: one question at a time, and a turn of the loop before each', async () => {
    const { deps } = await open();
    let [turns, isOver] = [0, false];
    const count = (): void => {
      turns++;
      if (!isOver) setImmediate(count);
    };
    setImmediate(count);
    const seen = await Promise.all(
      ['a', 'b', 'c', 'd'].map(async (id) => {
        await deps.record.incidents.get(id);
        return turns;
      }),
    );
    isOver = true;
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    expect(new Set(seen).size).toBe(4);
  });

  test('who asks for ever other things that have to be made: refused sooner than who asks for what is there', async () => {
    const { get } = await open();
    const answers = [];
    for (let at = 0; at < 120; at++)
      answers.push((await get(`/page/${at}`, { 'x-forwarded-for': '203.0.113.9' })).status);
    expect(answers.filter((one) => one === 429).length).toBeGreaterThan(20);
    expect(times).toBeLessThan(100);
  });
});

/** Everything that can be reached from a value, by its names. */
function reachable(value: unknown, path: string, seen: Set<unknown>, out: string[]): void {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value)) return;
  seen.add(value);
  if (seen.size > 50_000) throw new Error('there is more to be reached than any site needs');
  for (const name of Reflect.ownKeys(value)) {
    out.push(`${path}.${String(name)}`);
    const { value: next } = Object.getOwnPropertyDescriptor(value, name)!;
    if (typeof value !== 'function') reachable(next, `${path}.${String(name)}`, seen, out);
  }
  reachable(Object.getPrototypeOf(value), `${path}^`, seen, out);
}

describe('what the site may know', () => {
  test('nothing of chats can be reached from what its parts are handed', async () => {
    const { deps, store } = await open();
    const names: string[] = [];
    const ours = Object.entries(deps).filter(([name]) => !['catalogue', 'clock', 'log'].includes(name));
    reachable(Object.fromEntries(ours), 'deps', new Set(), names);
    const words = /chat|subscri|silence|outbox|deliver|broadcast|alert|links|notice|board|session|transaction|token/i;
    expect(names.filter((name) => words.test(name))).toEqual([]);
    expect(Object.keys(deps.record)).toEqual(['incidents', 'reports', 'measurements', 'readers']);
    // The test would see them.
    const all: string[] = [];
    reachable({ store }, 'deps', new Set(), all);
    expect(all.some((name) => words.test(name))).toBe(true);
    const writers = Object.values(deps.record).flatMap((table) => Object.keys(table as object));
    expect(writers.filter((name) => /insert|update|add|set|delete|remove/.test(name))).toEqual([]);
  });

  test('of the bot: no account, no queue, no name of an agent', async () => {
    site = await openTestSite({
      health: {
        sources: [],
        accounts: [{ id: 'NAME-a', platform: 'telegram', ok: false, problem: 'NAME-b', rate: 1 }],
        queue: [{ accountId: 'NAME-a', queued: 5, sending: 0, oldestCreatedAt: null }],
        agents: [
          {
            id: 'NAME-c',
            country: 'EE',
            asn: 'AS64500',
            lastSeenAt: 1_700_000_001_234,
            stopped: false,
            dropped: 0,
            missing: false,
          },
        ],
        missingVantages: [],
      },
    });
    const look = await site.deps.look();
    expect(JSON.stringify(look)).not.toMatch(/NAME|queue|account/);
    expect(look.vantages).toEqual([
      { country: 'EE', network: 'AS64500', look: 'well', lastSeenHour: 1_699_999_200_000 },
    ]);
  });
});
