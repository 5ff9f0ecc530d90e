import { setTimeout as sleep } from 'node:timers/promises';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TocsinError, codeOf } from '../../../src/core/errors.ts';
import type { HttpRequest } from '../../../src/core/ports/runtime.ts';
import { type HttpClient, createHttp } from '../../../src/platform/http.ts';
import { expectAtMost } from '../../fakes/pace.ts';
import { type Running, serve } from './servers.ts';

const TEXT = 'Заблокировано — да'.repeat(50);
const BOMB = Buffer.alloc(30_000_000);
const CODINGS: [string, (data: Buffer) => Buffer][] = [
  ['gzip', gzipSync],
  ['x-gzip', gzipSync],
  ['deflate', deflateSync],
  ['deflate', deflateRawSync],
  ['br', brotliCompressSync],
  ['zstd', zstdCompressSync],
  ['identity', (data) => data],
];

let active = 0;
let mostActive = 0;
let other: Running;
let server: Running;
let client: HttpClient;

const bodies = new Map<string, { coding: string; data: Buffer }>();

beforeAll(async () => {
  other = await serve((request, response) => response.end(JSON.stringify(request.headers)));
  server = await serve((request, response) => {
    const path = request.url!;
    const prepared = bodies.get(path);
    if (prepared) return response.writeHead(200, { 'content-encoding': prepared.coding }).end(prepared.data);
    if (path === '/headers') return response.end(JSON.stringify(request.headers));
    if (path === '/slow') return void response.writeHead(200).write('<rss>');
    if (path === '/silent') return undefined;
    if (path === '/endless') return void endless(response);
    if (path === '/large') return response.writeHead(200, { 'content-length': '900000000' }).write('x');
    if (path === '/loop') return response.writeHead(302, { location: '/loop' }).end();
    if (path === '/file') return response.writeHead(302, { location: 'file:///etc/passwd' }).end();
    if (path === '/nonsense') return response.writeHead(302, { location: 'http://[' }).end();
    if (path === '/away') return response.writeHead(302, { location: `${other.url}/` }).end();
    if (path === '/moved') return response.writeHead(301, { location: '/moved2' }).end();
    if (path === '/moved2') return response.writeHead(308, { location: '/headers' }).end();
    if (path === '/moved-once') return response.writeHead(301, { location: '/found' }).end();
    if (path === '/found') return response.writeHead(302, { location: '/headers' }).end();
    if (path === '/see-other') return response.writeHead(303, { location: '/headers' }).end();
    if (path === '/same') return response.writeHead(304, { etag: '"1"' }).end();
    if (path === '/bad-gzip') return response.writeHead(200, { 'content-encoding': 'gzip' }).end('this is not gzip');
    if (path === '/odd-coding') return response.writeHead(200, { 'content-encoding': 'rot13' }).end('uryyb');
    if (path === '/cut-gzip')
      return response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.from(TEXT)).subarray(0, -9));
    if (path === '/big-headers') return response.writeHead(200, { 'x-big': 'a'.repeat(60_000) }).end();
    if (path === '/reset') return request.socket.destroy();
    if (path === '/busy') return void busy(response);
    return response.writeHead(404).end('no');
  });
  client = createHttp({ allowPrivateAddresses: true, perHost: 3, contact: 'https://example.org/tocsin' });
});

afterAll(async () => {
  await client.close();
  await server.close();
  await other.close();
});

async function endless(response: import('node:http').ServerResponse): Promise<void> {
  response.writeHead(200);
  while (!response.destroyed) {
    response.write(Buffer.alloc(65_536, 'a'));
    await sleep(1);
  }
}

async function busy(response: import('node:http').ServerResponse): Promise<void> {
  active++;
  mostActive = Math.max(mostActive, active);
  await sleep(30);
  active--;
  response.end('ok');
}

const get = (path: string, more: Partial<HttpRequest> = {}) =>
  client.http({ url: server.url + path, timeoutMs: 5_000, ...more });
const text = (body: Uint8Array) => new TextDecoder().decode(body);

async function codeFrom(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'resolved',
    (error: unknown) => codeOf(error),
  );
}

describe('bodies', () => {
  test.each(CODINGS.map(([coding, pack], i) => ({ coding, pack, path: `/packed${i}` })))(
    '$coding: inflated',
    async ({ coding, pack, path }) => {
      bodies.set(path, { coding, data: pack(Buffer.from(TEXT)) });
      expect(text((await get(path)).body)).toBe(TEXT);
    },
  );

  test.each(CODINGS.slice(0, 6).map(([coding, pack], i) => ({ coding, pack, path: `/bomb${i}` })))(
    '$coding bomb: stopped at the cap',
    async ({ coding, pack, path }) => {
      bodies.set(path, { coding, data: pack(BOMB) });
      const before = process.memoryUsage().rss;
      expect(await codeFrom(get(path))).toBe('fetch_too_large');
      expectAtMost(process.memoryUsage().rss - before, 60_000_000);
    },
  );

  test('two layers of gzip: inflated; a bomb inside them: stopped', async () => {
    bodies.set('/twice', { coding: 'gzip, gzip', data: gzipSync(gzipSync(Buffer.from(TEXT))) });
    expect(text((await get('/twice')).body)).toBe(TEXT);
    bodies.set('/twice-bomb', { coding: 'gzip, gzip', data: gzipSync(gzipSync(BOMB)) });
    expect(await codeFrom(get('/twice-bomb'))).toBe('fetch_too_large');
  });

  test('gzip cut short: what came is kept', async () => {
    expect(text((await get('/cut-gzip')).body)).toContain('Заблокировано');
  });

  test('gzip that is none, unknown coding: a named error', async () => {
    expect(await codeFrom(get('/bad-gzip'))).toBe('fetch_connection');
    expect(await codeFrom(get('/odd-coding'))).toBe('fetch_connection');
  });

  test('the body has memory of its own, to be handed to a worker', async () => {
    const { body } = await get('/headers');
    expect(body.byteOffset).toBe(0);
    expect(body.buffer.byteLength).toBe(body.byteLength);
  });
});

describe('bodies that are handed on', () => {
  const chunks = async (path: string, more: Partial<HttpRequest> = {}) => {
    const got: Uint8Array[] = [];
    const answer = await get(path, { ...more, onChunk: (chunk) => void got.push(chunk.slice()) });
    return { ...answer, got: Buffer.concat(got) };
  };

  test.each(CODINGS.map(([coding, pack], i) => ({ coding, pack, path: `/handed${i}` })))(
    '$coding: in pieces, inflated, and nothing is kept',
    async ({ coding, pack, path }) => {
      bodies.set(path, { coding, data: pack(Buffer.from(TEXT.repeat(500))) });
      const { status, body, got } = await chunks(path);
      expect([status, body.length]).toEqual([200, 0]);
      expect(text(got)).toBe(TEXT.repeat(500));
    },
  );

  test.each(CODINGS.slice(0, 6).map(([coding, pack], i) => ({ coding, pack, path: `/handed-bomb${i}` })))(
    '$coding bomb: stopped at the cap',
    async ({ coding, pack, path }) => {
      bodies.set(path, { coding, data: pack(BOMB) });
      expect(await codeFrom(chunks(path))).toBe('fetch_too_large');
    },
  );

  test('another status than 2xx: nothing is handed on', async () => {
    const { status, got } = await chunks('/missing');
    expect([status, got.length]).toEqual([404, 0]);
  });

  test('no gzip, an endless body, a slow one: as otherwise', async () => {
    expect(await codeFrom(chunks('/bad-gzip'))).toBe('fetch_connection');
    expect(await codeFrom(chunks('/odd-coding'))).toBe('fetch_connection');
    expect(await codeFrom(chunks('/endless', { maxBytes: 1_000_000 }))).toBe('fetch_too_large');
    expect(await codeFrom(chunks('/slow', { timeoutMs: 300 }))).toBe('fetch_timeout');
  });

  test('who takes them throws: the request ends with that', async () => {
    const boom = () => {
      throw new TocsinError('feed_unreadable', 'enough');
    };
    expect(await codeFrom(get('/endless', { onChunk: boom }))).toBe('feed_unreadable');
    expect((await get('/headers')).status).toBe(200);
  });
});

describe('bounds', () => {
  test('slow body: ended at the deadline', async () => {
    const start = performance.now();
    expect(await codeFrom(get('/slow', { timeoutMs: 300 }))).toBe('fetch_timeout');
    expectAtMost(performance.now() - start, 1_500);
  });

  test('no answer at all: ended at the deadline', async () => {
    expect(await codeFrom(get('/silent', { timeoutMs: 300 }))).toBe('fetch_timeout');
  });

  test('endless body: ended at the cap', async () => {
    expect(await codeFrom(get('/endless', { maxBytes: 1_000_000 }))).toBe('fetch_too_large');
  });

  test('declared length above the cap: refused before the body', async () => {
    const start = performance.now();
    expect(await codeFrom(get('/large'))).toBe('fetch_too_large');
    expectAtMost(performance.now() - start, 1_000);
  });

  test('redirect loop: ended', async () => {
    expect(await codeFrom(get('/loop'))).toBe('fetch_redirect');
  });

  test('redirects to a file, to nonsense: refused', async () => {
    expect(await codeFrom(get('/file'))).toBe('fetch_redirect');
    expect(await codeFrom(get('/nonsense'))).toBe('fetch_redirect');
  });

  test('headers of 60 KB: refused', async () => {
    expect(await codeFrom(get('/big-headers'))).toBe('fetch_too_large');
  });

  test('ten at once, three per host: three at a time', async () => {
    mostActive = 0;
    await Promise.all(Array.from({ length: 10 }, () => get('/busy')));
    expect(mostActive).toBe(3);
  });

  test('stopped by its signal, running or waiting: canceled', async () => {
    const stop = new AbortController();
    const all = Array.from({ length: 5 }, () => codeFrom(get('/silent', { signal: stop.signal })));
    await sleep(50);
    stop.abort();
    expect(await Promise.all(all)).toEqual(Array.from({ length: 5 }, () => 'canceled'));
    expect((await get('/headers')).status).toBe(200);
  });
});

describe('requests', () => {
  test('polite: says who it is and what it takes', async () => {
    const headers = JSON.parse(text((await get('/headers')).body));
    expect(headers['user-agent']).toBe('Tocsin/0.1 (+https://example.org/tocsin)');
    expect(headers['accept-encoding']).toContain('gzip');
    expect(headers.accept).toBe('*/*');
  });

  test('304 and 404 are answers, not errors', async () => {
    expect(await get('/same')).toMatchObject({ status: 304, headers: { etag: '"1"' } });
    expect(await get('/missing')).toMatchObject({ status: 404 });
  });

  test('redirects, permanent and not: each is told, with the last address', async () => {
    const end = { url: `${server.url}/headers` };
    expect(await get('/moved')).toMatchObject({ ...end, redirects: [{ permanent: true }, { permanent: true }] });
    expect(await get('/moved-once')).toMatchObject({ ...end, redirects: [{ permanent: true }, { permanent: false }] });
    expect((await get('/headers')).redirects ?? []).toEqual([]);
  });

  test('303 after POST: a GET without body', async () => {
    const answer = await get('/see-other', {
      method: 'POST',
      body: '{}',
      headers: { 'content-type': 'application/json' },
    });
    expect(JSON.parse(text(answer.body))['content-type']).toBeUndefined();
    expect(server.seen.at(-1)).toBe('GET /headers');
  });

  test('credentials in the address: sent as a header, gone from the answer, not taken to another host', async () => {
    const url = `http://ann:se%20cret@127.0.0.1:${server.port}`;
    const here = await client.http({ url: `${url}/headers` });
    expect(JSON.parse(text(here.body)).authorization).toBe(`Basic ${btoa('ann:se cret')}`);
    expect(here.url).not.toContain('ann');
    const there = await client.http({ url: `${url}/away` });
    expect(JSON.parse(text(there.body)).authorization).toBeUndefined();
  });
});

describe('failures by name', () => {
  test('a kept connection that is closed under us: asked once more, POST is not', async () => {
    let dropNext = false;
    const flaky = await serve((request, response) => {
      if (dropNext) {
        dropNext = false;
        return request.socket.destroy();
      }
      return response.end('ok');
    });
    expect((await client.http({ url: flaky.url })).status).toBe(200);
    dropNext = true;
    expect((await client.http({ url: flaky.url })).status).toBe(200);
    dropNext = true;
    expect(await codeFrom(client.http({ url: flaky.url, method: 'POST', body: 'x' }))).toBe('fetch_connection');
    await flaky.close();
  });

  test('a connection refused, or reset', async () => {
    expect(await codeFrom(client.http({ url: 'http://127.0.0.1:1/' }))).toBe('fetch_connection');
    expect(await codeFrom(get('/reset'))).toBe('fetch_connection');
  });

  test('TLS where there is none', async () => {
    expect(await codeFrom(client.http({ url: `https://127.0.0.1:${server.port}/` }))).toBe('fetch_tls');
  });

  test('a name that does not resolve; its error names the host, not the query', async () => {
    const nowhere = createHttp({ resolve: () => Promise.reject(Object.assign(new Error('x'), { code: 'ENOTFOUND' })) });
    const error = (await nowhere
      .http({ url: 'http://feeds.example/x?key=s3cret' })
      .catch((e: unknown) => e)) as TocsinError;
    expect(error.code).toBe('fetch_dns');
    expect(error.message).toContain('feeds.example');
    expect(error.message + JSON.stringify(error.facts)).not.toContain('s3cret');
    await nowhere.close();
  });

  test.each(['file:///etc/passwd', 'ftp://example.org/', 'nonsense', ''])('%s: refused', async (url) => {
    expect(await codeFrom(client.http({ url }))).toBe('fetch_blocked_address');
  });
});

describe('who waits before a redirect', () => {
  test('asked with the host before each, and before no first request', async () => {
    const hops: string[] = [];
    const onHop = async (host: string): Promise<void> => void hops.push(`${host} ${server.seen.at(-1)}`);
    await get('/headers', { onHop });
    expect(hops).toEqual([]);
    await get('/moved', { onHop });
    expect(hops.length).toBeGreaterThanOrEqual(1);
    expect(hops[0]).toBe(`127.0.0.1:${server.port} GET /moved`);
  });

  test('it takes longer than the whole request may: timed out', async () => {
    const onHop = (_host: string, signal: AbortSignal): Promise<void> =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
    expect(await codeFrom(get('/moved', { onHop, timeoutMs: 200 }))).toBe('fetch_timeout');
  });
});
