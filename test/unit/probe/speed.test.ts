/** Downloads for their speed, over loopback: what came, how it ended, and who is asked at all. */
import { afterEach, describe, expect, test } from 'vitest';
import type { Flow, Page } from '../../../src/core/judge/observations.ts';
import { systemClock } from '../../../src/platform/clock.ts';
import type { Endpoint } from '../../../src/sources/probe/endpoint.ts';
import type { Session } from '../../../src/sources/probe/session.ts';
import {
  type Depth,
  download,
  measureThroughput,
  type Place,
  pageStalled,
} from '../../../src/sources/probe/throughput.ts';
import { flow, page as pageFacts, silent } from '../judge/facts.ts';
import { httpsSite, NAME, page, rawSite, type Site, trusting } from './tls-server.ts';

const never = new AbortController().signal;
const sites: Site[] = [];
afterEach(() => {
  for (const site of sites.splice(0)) site.close();
});
async function open(made: Promise<Site>): Promise<Site> {
  const site = await made;
  sites.push(site);
  return site;
}
const DEEP: Depth = { bytes: 400_000, ms: 3_000 };
const from = (site: Site, paths = ['/']): Place => ({
  dialer: site.dialer,
  address: '192.0.2.1',
  sni: NAME,
  paths,
  trust: trusting,
});
const get = async (made: Promise<Site>, paths?: string[], depth = DEEP, signal = never) =>
  download(from(await open(made), paths), depth, { clock: systemClock, signal });

describe('a download', () => {
  test('whole: complete, with a rate; its quarters of a second add up', async () => {
    const got = await get(
      httpsSite((_path, socket) => socket.end(page(Buffer.alloc(100_000)))),
      ['/blob'],
      { bytes: 100_000, ms: 3_000 },
    );
    expect(got.outcome).toBe('complete');
    expect(got.bytes).toBeGreaterThan(100_000);
    expect(got.rate).toBeGreaterThan(0);
    expect(got.series.reduce((sum, bytes) => sum + bytes, 0)).toBe(got.bytes);
    expect(got.tcpMs).not.toBeNull();
  });

  test('larger than what is wanted: cut there', async () => {
    const got = await get(
      httpsSite((_path, socket) => socket.write(page(Buffer.alloc(2_000_000)))),
      ['/blob'],
    );
    expect(got.outcome).toBe('capped');
    expect(got.bytes).toBeLessThan(2_000_000);
  });

  test('a page of small parts: asked for in turn, on one connection, until there is enough', async () => {
    const asked: string[] = [];
    let connections = new Set<unknown>();
    const got = await get(
      httpsSite((path, socket) => {
        asked.push(path);
        connections = connections.add(socket);
        socket.write(page(Buffer.alloc(60_000)));
      }),
      ['/', '/a.js', '/b.css'],
      { bytes: 300_000, ms: 3_000 },
    );
    expect([asked, connections.size]).toEqual([['/', '/a.js', '/b.css', '/', '/a.js'], 1]);
    expect(got.outcome).toBe('complete');
  });

  test('a server that closes after each answer: what came counts', async () => {
    const got = await get(
      httpsSite((_path, socket) => socket.end(page(Buffer.alloc(90_000), '200 OK', 'Connection: close\r\n'))),
      ['/', '/a.js'],
    );
    expect([got.outcome, got.bytes > 90_000]).toEqual(['complete', true]);
  });

  test.each<[string, string[], 'ends' | 'resets', string]>([
    ['closes without a word after the first answer: what came counts', ['/', '/a.js'], 'ends', 'complete'],
    ['closes, and the page has no parts: what came counts', ['/'], 'ends', 'complete'],
    ['resets then, or somebody on the way: reset', ['/', '/a.js'], 'resets', 'reset'],
  ])('a kept connection that the server %s', async (_name, paths, how, outcome) => {
    let answers = 0;
    const made = httpsSite((_path, socket) => {
      if (answers++ > 0) return;
      socket.write(page(Buffer.alloc(90_000)), () => {
        if (how === 'ends') socket.end();
        else setTimeout(() => void made.then((site) => site.reset()), 30);
      });
    });
    const got = await get(made, paths);
    expect([got.outcome, got.bytes > 90_000, got.rate !== null]).toEqual([outcome, true, true]);
  });

  test.each<[string, string[], string]>([
    ['an error of the server', ['/'], '503 Service Unavailable'],
    ['an object that is not there', ['/blob'], '404 Not Found'],
  ])('%s says nothing about speed: failed, no rate', async (_name, paths, status) => {
    const got = await get(
      httpsSite((_path, socket) => socket.write(page('x'.repeat(50_000), status))),
      paths,
    );
    expect([got.outcome, got.rate, got.bytes]).toEqual(['failed', null, 0]);
  });

  test('a page that is missing among others: its bytes count like any', async () => {
    expect(
      (
        await get(
          httpsSite((_path, socket) => socket.write(page(Buffer.alloc(80_000), '404 Not Found'))),
          ['/', '/a.js'],
        )
      ).outcome,
    ).toBe('complete');
  });

  test('cut in the middle: reset; closed in the middle: failed', async () => {
    const cut = (end: 'reset' | 'end') => {
      const made = httpsSite((_path, socket) => {
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 900000\r\n\r\n');
        socket.write(Buffer.alloc(40_000), () =>
          setTimeout(() => (end === 'reset' ? made.then((site) => site.reset()) : socket.end()), 20),
        );
      });
      return made;
    };
    expect((await get(cut('reset'), ['/blob'])).outcome).toBe('reset');
    expect((await get(cut('end'), ['/blob'])).outcome).toBe('failed');
  });

  test('still coming when the time is over: slow, with the pace of its tail', async () => {
    const drip: NodeJS.Timeout[] = [];
    const got = await get(
      httpsSite((_path, socket) => {
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9000000\r\n\r\n');
        drip.push(setInterval(() => socket.write(Buffer.alloc(2_000)), 20));
      }),
      ['/blob'],
      { bytes: 400_000, ms: 350 },
    );
    for (const timer of drip) clearInterval(timer);
    expect([got.outcome, got.bytes > 0, got.rate !== null]).toEqual(['slow', true, true]);
  });

  test('no connection that could carry it: reset or failed, never a rate', async () => {
    const got = await get(rawSite((socket) => socket.resetAndDestroy()));
    expect([got.outcome, got.rate, got.series]).toEqual(['reset', null, []]);
    const nobody = {
      ...from(await open(rawSite(() => undefined))),
      dialer: {
        via: 'direct' as const,
        dial: async () => ({ tcp: 'refused' as const, socket: null, ms: 1, errno: 'x' }),
      },
    };
    expect((await download(nobody, DEEP, { clock: systemClock, signal: never })).outcome).toBe('failed');
  });

  test('stopped: ends at once', async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 50);
    const got = await get(
      httpsSite((_path, socket) => void socket.write('HTTP/1.1 200 OK\r\n\r\n')),
      ['/blob'],
      { bytes: 9e6, ms: 60_000 },
      stop.signal,
    );
    expect(got.outcome).toBe('failed');
  });
});

describe('the speed of a target', () => {
  const endpoint = (over: Partial<Endpoint> = {}): Endpoint =>
    ({ address: '192.0.2.1', family: 4, innocuous: [], assets: [], ...over }) as Endpoint;
  const session = (site: Site, over: object = {}): Session =>
    ({
      clock: systemClock,
      direct: site.dialer,
      helper: null,
      trust: trusting,
      innocuous: { sni: 'shop.example' },
      vantage: { blobs: [], reference_sites: [] },
      ...over,
    }) as unknown as Session;
  const request = (over: object = {}) => ({
    endpoint: endpoint(),
    name: NAME,
    trust: trusting,
    helper: false,
    until: Number.POSITIVE_INFINITY,
    ...over,
  });

  test('fast: three looks, no control, nobody outside is asked', async () => {
    let asked = 0;
    const site = await open(
      httpsSite((_path, socket) => socket.write(page(Buffer.alloc(400_000), '200 OK'), () => asked++)),
    );
    const helper = { via: 'helper', dial: () => Promise.reject(new Error('asked')) };
    const [got] = await measureThroughput({ ...session(site, { helper }), signal: never }, [request({ helper: true })]);
    expect(got).toMatchObject({ family: 4, helper: null, atRest: null });
    expect(
      got!.pairs.map(({ target, sameAddress, reference }) => [target.rate! > 2e6, sameAddress, reference]),
    ).toEqual(Array.from({ length: 3 }, () => [true, null, null]));
    expect(asked).toBeGreaterThanOrEqual(3);
  });

  test('objects of the vantage file: the first that is large enough; where none is there, the page and its parts', async () => {
    const asked: string[] = [];
    const serve = (sizes: Record<string, number>) =>
      httpsSite((path, socket) => {
        asked.push(path);
        const size = sizes[path];
        if (size === undefined) socket.write(page('', '404 Not Found'));
        else
          socket.write(
            `HTTP/1.1 200 OK\r\nContent-Length: ${size}\r\n\r\n`,
            () => asked.filter((one) => one === path).length > 1 && socket.write(Buffer.alloc(size)),
          );
      });
    const blobs = ['/small', '/large', '/larger'];
    const vantage = { blobs, reference_sites: [] };
    const large = await open(serve({ '/small': 10_000, '/large': 3_000_000, '/larger': 9_000_000 }));
    await measureThroughput({ ...session(large, { vantage }), signal: never }, [request()]);
    expect(asked.slice(0, 3)).toEqual(['/small', '/large', '/large']);
    asked.length = 0;
    const none = await open(
      httpsSite((path, socket) => {
        asked.push(path);
        socket.write(path === '/' || path === '/a.js' ? page(Buffer.alloc(200_000)) : page('', '404 Not Found'));
      }),
    );
    await measureThroughput({ ...session(none, { vantage }), signal: never }, [
      request({ endpoint: endpoint({ assets: ['/a.js'] }) }),
    ]);
    expect(asked.slice(0, 5)).toEqual([...blobs, '/', '/a.js']);
  });

  test('no time left: nothing is begun', async () => {
    const site = await open(httpsSite((_path, socket) => socket.write(page('x'))));
    const [got] = await measureThroughput({ ...session(site), signal: never }, [request({ until: -1 })]);
    expect(got!.pairs).toEqual([]);
  });
});

test.each<[string, Page | null, boolean]>([
  ['no page', null, false],
  ['a whole one', pageFacts(), false],
  ['one that stopped in the middle', pageFacts({ outcome: 'stall' }), true],
  ['silence', silent('timeout'), true],
  ['a reset', silent('reset'), false],
])('a closer look at the speed after %s: %s', (_name, page, expected) => expect(pageStalled(page)).toBe(expected));

// The facts of a flow are what the judge reads: kept here so that a change of their shape is seen beside what makes them.
test('a flow as it is made and as the judge’s tests build it: the same keys', async () => {
  const { handshake } = await import('../../../src/sources/probe/net/connection.ts');
  const site = await open(httpsSite(() => undefined));
  const made = await handshake(
    site.dialer,
    trusting,
    { address: '192.0.2.1', port: 443, sni: NAME, tcpMs: 1_000, tlsMs: 1_000 },
    { clock: systemClock, signal: never },
  );
  made.socket?.destroy();
  const built: Flow = flow();
  expect(Object.keys(made.flow).sort()).toEqual(Object.keys(built).sort());
});
