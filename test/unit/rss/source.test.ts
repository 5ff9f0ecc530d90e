import type { RequestListener, ServerResponse } from 'node:http';
import { afterEach, describe, expect, onTestFinished, test } from 'vitest';
import type { TocsinError } from '../../../src/core/errors.ts';
import { serve } from '../http/servers.ts';
import { entry, type FeedWorld, feedWorld, NOW, rss } from './harness.ts';

let world: FeedWorld;
afterEach(() => world.close());

const HOUR = 3_600_000;
const open = async (listener: RequestListener, config?: Record<string, unknown>) => {
  world = await feedWorld(listener, config);
  return world;
};
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => null,
    (error: unknown) => error as TocsinError,
  );

describe('items', () => {
  test('an RSS item: plain text, canonical link, date, publisher of the config', async () => {
    const html = '<description>&lt;p&gt;Lead&amp;nbsp;of &lt;b&gt;it&lt;/b&gt;&lt;/p&gt;</description>';
    await open((_request, response) => response.end(rss(entry(1, html), '<language>ru-RU</language>')), {
      name: 'The Outlet',
    });
    const { items, unchanged } = await world.poll({ firstPoll: true });
    expect(unchanged).toBe(false);
    expect(items).toEqual([
      {
        sourceId: 'feed',
        guid: 'g1',
        url: 'https://outlet.example/1',
        title: 'Title 1',
        summary: 'Lead of it',
        lang: 'ru',
        publishedAt: Date.UTC(2026, 10, 25, 10, 1),
        dated: true,
        publisher: 'outlet',
        publisherName: 'The Outlet',
        authority: false,
      },
    ]);
  });

  test('a date in the future: now; no date: now and undated', async () => {
    const future =
      '<item><title>a</title><pubDate>Wed, 25 Nov 2036 10:00:00 GMT</pubDate></item><item><title>b</title></item>';
    await open((_request, response) => response.end(rss(future)));
    const { items } = await world.poll();
    expect(items.map(({ publishedAt, dated }) => [publishedAt, dated])).toEqual([
      [NOW, true],
      [NOW, false],
    ]);
  });

  test('relative links: against the feed, against xml:base', async () => {
    const item =
      '<item><title>a</title><link>news/1</link></item><item xml:base="https://b.example/x/"><title>b</title><link>2</link></item>';
    await open((_request, response) => response.end(rss(item)));
    const { items } = await world.poll();
    expect(items.map((each) => each.url)).toEqual([`${world.server.url}/news/1`, 'https://b.example/x/2']);
  });

  test('links that lead to the feed itself: without its query, which may be a key', async () => {
    const item = '<item><title>a</title><link>#top</link></item><item><title>b</title><link>?page=2</link></item>';
    await open((_request, response) => response.end(rss(item)));
    const server = world.server.url;
    world.configure({ url: `${server}/feed.xml?key=Sesame` });
    const { items } = await world.poll();
    expect(items.map((each) => each.url)).toEqual([`${server}/feed.xml`, `${server}/feed.xml?page=2`]);
  });

  test('more than 500 items, unsorted: the newest 500', async () => {
    const many = Array.from(
      { length: 735 },
      (_, i) =>
        `<item><title>n${i}</title><pubDate>${new Date(NOW - ((i * 8) % 735) * HOUR).toUTCString()}</pubDate></item>`,
    );
    await open((_request, response) => response.end(rss(many.join(''))));
    const { items } = await world.poll();
    expect(items).toHaveLength(500);
    expect(Math.min(...items.map((item) => item.publishedAt))).toBe(NOW - 499 * HOUR);
  });

  test('a Latin feed that HTTP calls windows-1251: HTTP is believed before the declaration', async () => {
    const text =
      '<?xml version="1.0" encoding="koi8-r"?><rss version="2.0"><channel><item><title>\xcf\xf0\xe8\xe2\xe5\xf2</title></item></channel></rss>';
    await open((_request, response) =>
      response.writeHead(200, { 'content-type': 'text/xml; charset=windows-1251' }).end(Buffer.from(text, 'latin1')),
    );
    expect((await world.poll()).items[0]?.title).toBe('Привет');
  });
});

describe('conditional requests', () => {
  const conditional: RequestListener = (request, response) => {
    if (request.headers['if-none-match'] === '"v1"') return response.writeHead(304).end();
    return response
      .writeHead(200, { etag: '"v1"', 'last-modified': 'Wed, 25 Nov 2026 10:00:00 GMT' })
      .end(rss(entry(1)));
  };

  test('after commit: validators are sent, 304 is unchanged; also after a restart', async () => {
    await open(conditional);
    const first = await world.poll({ firstPoll: true });
    expect(world.cache.kept.size).toBe(0);
    await first.commit?.();
    expect(await world.poll()).toMatchObject({ unchanged: true, items: [] });
    world.restart();
    expect(await world.poll()).toMatchObject({ unchanged: true, items: [] });
    expect(world.asked.map((headers) => headers['if-none-match'])).toEqual([undefined, '"v1"', '"v1"']);
    expect(world.asked[1]!['if-modified-since']).toBe('Wed, 25 Nov 2026 10:00:00 GMT');
  });

  test('without commit (killed before the items were stored): everything comes again', async () => {
    await open(conditional);
    await world.poll({ firstPoll: true });
    expect((await world.poll()).items).toHaveLength(1);
    world.restart();
    expect((await world.poll()).items).toHaveLength(1);
    expect(world.asked.every((headers) => headers['if-none-match'] === undefined)).toBe(true);
  });

  test('a first poll sends no validators, whatever the cache holds', async () => {
    await open(conditional);
    await (await world.poll()).commit?.();
    expect((await world.poll({ firstPoll: true })).items).toHaveLength(1);
  });

  test('a poll that changed nothing has nothing to commit', async () => {
    await open(conditional);
    await (await world.poll()).commit?.();
    expect((await world.poll()).commit).toBeUndefined();
  });

  test('a server without validators: the same bytes are unchanged, other bytes are not', async () => {
    let n = 1;
    await open((_request, response) => response.end(rss(entry(n))));
    await (await world.poll()).commit?.();
    expect(await world.poll()).toMatchObject({ unchanged: true, items: [] });
    n = 2;
    expect((await world.poll()).items.map((item) => item.guid)).toEqual(['g2']);
  });

  test('a feed that tells the time of each answer: unchanged while its entries are', async () => {
    let n = 1;
    let times = 0;
    await open((_request, response) =>
      response.end(rss(entry(n), `<lastBuildDate>${new Date(1e12 + 1_000 * times++).toUTCString()}</lastBuildDate>`)),
    );
    await (await world.poll()).commit?.();
    expect(await world.poll()).toMatchObject({ unchanged: true, items: [] });
    n = 2;
    expect((await world.poll()).items.map((item) => item.guid)).toEqual(['g2']);
  });

  test('JSON that speaks of an <item>: what stands before it counts', async () => {
    let n = 1;
    await open((_request, response) => {
      const items = [{ id: `j${n}`, title: 'Weather', content_text: 'see <item' }];
      response.end(JSON.stringify({ version: 'https://jsonfeed.org/version/1.1', title: 'x', items }));
    });
    await (await world.poll()).commit?.();
    n = 2;
    expect((await world.poll()).items.map((item) => item.guid)).toEqual(['j2']);
  });

  test('a cache that fails: as if it were empty', async () => {
    await open(conditional);
    world.cache.get = async () => undefined;
    world.cache.set = async () => false;
    await (await world.poll()).commit?.();
    expect(await world.poll()).toMatchObject({ unchanged: true });
    world.restart();
    expect((await world.poll()).items).toHaveLength(1);
  });

  test('another address under the same id: its own validators', async () => {
    await open(conditional);
    await (await world.poll()).commit?.();
    const kept = JSON.parse(world.cache.kept.get('http')!);
    world.cache.kept.set('http', JSON.stringify({ ...kept, url: 'https://old.example/' }));
    world.restart();
    expect((await world.poll()).items).toHaveLength(1);
  });
});

describe('patience', () => {
  const headers =
    (all: Record<string, string>, channel = ''): RequestListener =>
    (_request, response) =>
      response.writeHead(200, all).end(rss(entry(1), channel));
  const cases: [string, Record<string, string>, string, number | null][] = [
    ['nothing said', {}, '', null],
    ['max-age', { 'cache-control': 'public, max-age=600' }, '', 600_000],
    ['max-age less Age', { 'cache-control': 'max-age=600', age: '100' }, '', 500_000],
    ['no-cache beats max-age', { 'cache-control': 'no-cache, max-age=600' }, '', null],
    [
      'Expires by the server clock',
      { date: 'Wed, 25 Nov 2020 10:00:00 GMT', expires: 'Wed, 25 Nov 2020 10:05:00 GMT' },
      '',
      300_000,
    ],
    ['hostile max-age', { 'cache-control': 'max-age=999999999' }, '', 6 * HOUR],
    ['ttl', {}, '<ttl>30</ttl>', 30 * 60_000],
    ['the later of ttl and max-age', { 'cache-control': 'max-age=60' }, '<ttl>30</ttl>', 30 * 60_000],
    [
      'sy:updatePeriod, which WordPress writes unasked: not believed',
      {},
      '<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>',
      null,
    ],
    ['skipHours', {}, '<skipHours><hour>12</hour><hour>13</hour></skipHours>', 2 * HOUR],
    ['nonsense', { 'cache-control': 'max-age=soon', expires: '0' }, '<ttl>often</ttl>', null],
  ];
  test.each(cases)('%s', async (_name, all, channel, wait) => {
    await open(headers(all, channel));
    const { notBefore } = await world.poll();
    expect(notBefore).toBe(wait === null ? null : NOW + wait);
  });

  test('ttl holds for a 304 too', async () => {
    await open((request, response) =>
      request.headers['if-none-match']
        ? response.writeHead(304).end()
        : response.writeHead(200, { etag: '"1"' }).end(rss(entry(1), '<ttl>30</ttl>')),
    );
    await (await world.poll()).commit?.();
    expect((await world.poll()).notBefore).toBe(NOW + 30 * 60_000);
  });

  test.each([
    [429, '120', 120_000],
    [503, 'Wed, 25 Nov 2026 12:10:00 GMT', 600_000],
    [429, '99999999', 24 * HOUR],
    [503, undefined, undefined],
    [404, undefined, undefined],
  ] as const)('%i with Retry-After %s', async (status, after, wait) => {
    await open((_request, response) =>
      response.writeHead(status, after === undefined ? {} : { 'retry-after': after }).end(),
    );
    const error = await failure(world.poll());
    expect(error?.code).toBe('fetch_status');
    expect(error?.facts).toMatchObject({ status, ...(wait === undefined ? {} : { retryAfterMs: wait }) });
  });
});

test('410: named, and a day of rest that is our own idea', async () => {
  await open((_request, response) => response.writeHead(410).end());
  const error = await failure(world.poll());
  expect(error?.message).toMatch(/gone for good/);
  expect(error?.facts).toMatchObject({ status: 410, backOffMs: 24 * HOUR });
  expect(error?.facts.retryAfterMs).toBeUndefined();
});

describe('moves', () => {
  test('moved for good: the new address is asked from then on, also after a restart', async () => {
    await open((request, response) =>
      request.url === '/feed.xml'
        ? response.writeHead(301, { location: '/new.xml' }).end()
        : response.end(rss(entry(1))),
    );
    await (await world.poll()).commit?.();
    await world.poll();
    world.restart();
    await world.poll();
    expect(world.server.seen).toEqual(['GET /feed.xml', 'GET /new.xml', 'GET /new.xml', 'GET /new.xml']);
    expect(world.lines).toEqual(['The feed has moved for good: its new address is used from now on']);
  });

  test('moved for now: the old address is asked again', async () => {
    await open((request, response) =>
      request.url === '/feed.xml'
        ? response.writeHead(302, { location: '/new.xml' }).end()
        : response.end(rss(entry(1))),
    );
    await (await world.poll()).commit?.();
    await world.poll();
    expect(world.server.seen.filter((path) => path === 'GET /feed.xml')).toHaveLength(2);
  });

  const DAY = 24 * HOUR;
  const elsewhere = async (listener: RequestListener) => {
    const server = await serve(listener);
    onTestFinished(() => server.close());
    return server;
  };

  test('301 to another site: followed each time, never remembered', async () => {
    const other = await elsewhere((_request, response) => response.end(rss(entry(1))));
    await open((_request, response) => response.writeHead(301, { location: `${other.url}/taken.xml` }).end());
    const first = await world.poll();
    expect(first.items).toHaveLength(1);
    await first.commit?.();
    await (await world.poll()).commit?.();
    world.restart();
    await world.poll();
    expect(world.server.seen).toHaveLength(3);
    expect(other.seen).toHaveLength(3);
    expect(world.lines).toEqual([
      'The feed redirects to another site or to an unprotected address: followed, but not remembered',
      'The feed redirects to another site or to an unprotected address: followed, but not remembered',
    ]);
  });

  test('301 through another site back to this one: not remembered', async () => {
    const other = await elsewhere((_request, response) =>
      response.writeHead(301, { location: `${world.server.url}/chosen.xml` }).end(),
    );
    await open((request, response) =>
      request.url === '/chosen.xml'
        ? response.end(rss(entry(1)))
        : response.writeHead(301, { location: other.url }).end(),
    );
    await (await world.poll()).commit?.();
    await world.poll();
    expect(world.server.seen.filter((path) => path === 'GET /feed.xml')).toHaveLength(2);
  });

  test('a day after the move: the configured address is asked, without validators; where it still moves, the new one stays', async () => {
    await open((request, response) => {
      if (request.url === '/feed.xml') return response.writeHead(301, { location: '/new.xml' }).end();
      return request.headers['if-none-match']
        ? response.writeHead(304).end()
        : response.writeHead(200, { etag: '"1"' }).end(rss(entry(1)));
    });
    await (await world.poll()).commit?.();
    await (await world.poll({ now: NOW + DAY - 2 * HOUR })).commit?.();
    expect(world.server.seen).toEqual(['GET /feed.xml', 'GET /new.xml', 'GET /new.xml']);
    await (await world.poll({ now: NOW + DAY })).commit?.();
    world.restart();
    await (await world.poll({ now: NOW + DAY + HOUR })).commit?.();
    expect(world.server.seen.slice(3)).toEqual(['GET /feed.xml', 'GET /new.xml', 'GET /new.xml']);
    expect(world.asked.map((headers) => headers['if-none-match'])).toEqual([
      undefined,
      undefined,
      '"1"',
      undefined,
      undefined,
      '"1"',
    ]);
  });

  test('a day after the move the configured address answers itself again: it is used again, also after a restart', async () => {
    let back = false;
    await open((request, response) =>
      request.url === '/feed.xml' && !back
        ? response.writeHead(301, { location: '/new.xml' }).end()
        : response.end(rss(entry(1))),
    );
    await (await world.poll()).commit?.();
    back = true;
    await (await world.poll({ now: NOW + DAY })).commit?.();
    await (await world.poll({ now: NOW + DAY + HOUR })).commit?.();
    world.restart();
    await world.poll({ now: NOW + DAY + 2 * HOUR });
    expect(world.server.seen.slice(2)).toEqual(['GET /feed.xml', 'GET /feed.xml', 'GET /feed.xml']);
    expect(world.lines.at(-1)).toBe('The feed answers at its configured address again, which is used from now on');
  });

  test('a day after the move the configured address answers 429: nobody is asked again in this poll; the next one asks the new address', async () => {
    let busy = false;
    await open((request, response) => {
      if (request.url !== '/feed.xml') return response.end(rss(entry(1)));
      return busy
        ? response.writeHead(429, { 'retry-after': '120' }).end()
        : response.writeHead(301, { location: '/new.xml' }).end();
    });
    await (await world.poll()).commit?.();
    busy = true;
    const error = await failure(world.poll({ now: NOW + DAY }));
    expect(error?.facts).toMatchObject({ status: 429, retryAfterMs: 120_000 });
    await world.poll({ now: NOW + DAY + HOUR });
    expect(world.server.seen.slice(2)).toEqual(['GET /feed.xml', 'GET /new.xml']);
  });

  test.each([
    ['is gone', (response: ServerResponse) => response.writeHead(404).end()],
    ['is a parked page', (response: ServerResponse) => response.end('<html><body>Buy this domain</body></html>')],
    [
      'moves to another site',
      (response: ServerResponse) => response.writeHead(301, { location: 'http://127.0.0.1:9/' }).end(),
    ],
  ])(
    'a day after the move the configured address %s: the same poll asks the new one, and the next ones do',
    async (_name, old) => {
      let moved = false;
      await open((request, response) => {
        if (request.url !== '/feed.xml') return response.end(rss(entry(1)));
        return moved ? old(response) : response.writeHead(301, { location: '/new.xml' }).end();
      });
      await (await world.poll()).commit?.();
      moved = true;
      expect((await world.poll({ now: NOW + DAY })).unchanged).toBe(true);
      await world.poll({ now: NOW + DAY + HOUR });
      expect(world.server.seen.slice(2)).toEqual(['GET /feed.xml', 'GET /new.xml', 'GET /new.xml']);
    },
  );

  test('a move that an older version noted to wherever it led: the configured address is asked anew', async () => {
    await open((_request, response) => response.end(rss(entry(1))));
    const { etag: _etag, ...known } = { etag: null, url: `${world.server.url}/feed.xml` };
    world.cache.kept.set('http', JSON.stringify({ ...known, movedTo: `${world.server.url}/taken.xml` }));
    await world.poll();
    expect(world.server.seen).toEqual(['GET /feed.xml']);
  });

  test('moved for good to a log-in page: an error, and the old address stays', async () => {
    await open((request, response) =>
      request.url === '/feed.xml'
        ? response.writeHead(301, { location: '/login' }).end()
        : response.end('<html><body>Log in</body></html>'),
    );
    expect((await failure(world.poll()))?.code).toBe('feed_not_a_feed');
    await failure(world.poll());
    expect(world.server.seen.filter((path) => path === 'GET /feed.xml')).toHaveLength(2);
  });

  test('a new address that fails later: the configured one is asked next', async () => {
    let gone = false;
    await open((request, response) => {
      if (request.url === '/feed.xml')
        return gone ? response.end(rss(entry(2))) : response.writeHead(308, { location: '/new.xml' }).end();
      return gone ? response.writeHead(404).end() : response.end(rss(entry(1)));
    });
    await (await world.poll()).commit?.();
    gone = true;
    expect((await failure(world.poll()))?.code).toBe('fetch_status');
    expect((await world.poll()).items.map((item) => item.guid)).toEqual(['g2']);
  });
});

describe('failures', () => {
  test('a web page with status 200: feed_not_a_feed that says what to do', async () => {
    await open((_request, response) =>
      response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><html><body>Hello</body></html>'),
    );
    const error = await failure(world.poll());
    expect(error?.code).toBe('feed_not_a_feed');
    expect(error?.message).toMatch(/web page.*RSS link/);
  });

  test('too large, stopped', async () => {
    await open((_request, response) => response.end(Buffer.alloc(6_000_000, 'a')));
    expect((await failure(world.poll()))?.code).toBe('fetch_too_large');
  });

  test('a query with a key: in no label, no error', async () => {
    await open((_request, response) => response.writeHead(500).end());
    const url = `${world.server.url}/feed.xml?key=s3cret-key`;
    const own = await feedWorld(() => {}, { url });
    const error = await failure(own.poll());
    await own.close();
    expect(own.source.label).not.toContain('s3cret');
    expect(`${error?.message} ${JSON.stringify(error?.facts)}`).not.toContain('s3cret');
  });
});
