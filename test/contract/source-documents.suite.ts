import type { RequestListener } from 'node:http';
import { expect, test } from 'vitest';
import {
  type Documents,
  ends,
  failure,
  keysOf,
  openWorld,
  type Ready,
  type SourceEntry,
  serveBody,
} from './source-world.ts';

const text = (status: number, body: string, type = 'text/html'): RequestListener => {
  return (_request, response) => void response.writeHead(status, { 'content-type': type }).end(body);
};
const PAGE =
  '<!doctype html><html><head><title>Kenya blocks Telegram</title></head><body><p>Please log in</p></body></html>';

/** Answers that are no document of any kind. */
export const FAULTS: readonly (readonly [string, RequestListener])[] = [
  ['HTTP 500', text(500, 'Internal Server Error')],
  ['HTML with status 200', text(200, PAGE)],
  ['redirects without end', (_request, response) => void response.writeHead(302, { location: '/again' }).end()],
  ['the line breaks before an answer', (request) => void request.socket.destroy()],
  ['HTTP 404', text(404, PAGE)],
  ['a log-in (401)', text(401, '')],
  ['an empty body', text(200, '')],
  ['blank lines', text(200, ' \r\n\r\n ')],
  ['no content (204)', (_request, response) => void response.writeHead(204).end()],
  ['a 304 that nobody asked for', (_request, response) => void response.writeHead(304).end()],
  ['bytes that are no text', (_request, response) => void response.end(Buffer.alloc(4_096, 0xff))],
];

export function brokenDocuments(entry: SourceEntry, documents: Documents, ready: Ready): void {
  const { contentType } = documents;
  const half = documents.honest(2).slice(0, documents.honest(2).length / 2);
  const cutOff: RequestListener = (_request, response) => {
    response.writeHead(200, { 'content-type': contentType, 'content-length': documents.honest(2).length });
    response.write(half, () => response.destroy());
  };
  const endless: RequestListener = (_request, response) => {
    response.writeHead(200, { 'content-type': contentType }).write(half);
    const more = () => {
      while (!response.destroyed && response.write(' '.repeat(65_536)));
    };
    response.on('drain', more);
    more();
  };

  test.each<readonly [string, RequestListener]>([
    // What has a baseline has validators, and asks for a 304.
    ...FAULTS.filter(([name]) => documents.baseline === undefined || !name.includes('304')),
    ['a body cut off by the line', cutOff],
    ['a body without end', endless],
    ...documents.otherShapes.map(([name, body]) => [name, serveBody(body, contentType)] as const),
  ])('%s: a named error, nothing is noted, and afterwards all is read', async (_name, answer) => {
    const world = await openWorld(entry);
    const kept = [...world.state, ...world.cache];
    world.answer(answer);
    await failure(world.poll());
    if (documents.baseline === undefined) expect(kept).toEqual([]);
    expect(whatCounts([...world.state, ...world.cache])).toEqual(whatCounts(kept));
    await ready(world, 2);
    expect(keysOf(await world.poll())).toHaveLength(2);
  });

  test.each(documents.oddEntries)('%s among honest ones: those two, or a named error', async (_name, body) => {
    const world = await openWorld(entry);
    await ready(world, 2);
    const honest = keysOf(await world.poll());
    world.answer(serveBody(body, contentType));
    const got = await world.poll().then(keysOf, async (error) => {
      await failure(Promise.reject(error));
      return honest;
    });
    expect(got).toEqual(honest);
  });

  test.each([
    ['Retry-After in seconds', { 'retry-after': '120' }],
    ['Retry-After as a date', { 'retry-after': 'Wed, 25 Nov 2026 12:02:00 GMT' }],
    ['with a used-up quota', { 'retry-after': '120', 'x-ratelimit-remaining': '0', 'ratelimit-reset': '120' }],
  ])('429, %s: the wish is handed on, and no further request is made', async (_name, headers) => {
    const world = await openWorld(entry);
    world.answer((_request, response) => void response.writeHead(429, headers).end('Too Many Requests'));
    const error = await failure(world.poll());
    expect(error.code).toBeOneOf(['fetch_status', 'rate_limited']);
    expect(error.facts).toMatchObject({ retryAfterMs: 120_000 });
    expect(world.arrived()).toBe(1);
  });

  test.each<[string, RequestListener]>([
    ['the server never answers', () => {}],
    ['the server falls silent in the body', (_request, response) => void response.writeHead(200).write(half)],
  ])('%s: every request is bounded, and an abort ends the poll', async (_name, answer) => {
    const world = await openWorld(entry);
    world.answer(answer);
    const stop = new AbortController();
    void world.nextRequest().then(() => setTimeout(() => stop.abort(), 5));
    expect(await ends(world.poll({ signal: stop.signal }))).toBe('canceled');
    for (const { timeoutMs = 20_000, maxBytes = 5_000_000, onChunk } of world.asked) {
      // What is read as it comes and never held may be larger.
      expect(timeoutMs).toBeLessThanOrEqual(onChunk ? 110_000 : 60_000);
      expect(maxBytes).toBeLessThanOrEqual(onChunk ? 300_000_000 : 32_000_000);
    }
    await ready(world, 1);
    expect(keysOf(await world.poll())).toHaveLength(1);
  });

  test.each([
    ['100,000 entries', () => documents.crowd(100_000)],
    ['texts of a million characters', () => documents.longTexts(1_000_000)],
  ])('%s: a bounded result or a named error, and afterwards all is read', async (_name, body) => {
    const world = await openWorld(entry);
    world.answer(serveBody(body(), contentType));
    const got = await world.poll().catch((error) => failure(Promise.reject(error)));
    if ('items' in got) {
      expect(keysOf(got).length).toBeLessThanOrEqual(entry.most.results);
      expect(longest(got)).toBeLessThanOrEqual(entry.most.characters);
    }
    await ready(world, 2);
    expect(keysOf(await world.poll())).toHaveLength(2);
  });
}

/** What is kept, without since when something is refused. */
const whatCounts = (kept: readonly (readonly [string, string])[]) =>
  kept.map(([key, value]) => [key, { ...(JSON.parse(value) as object), refusedSince: null }]);

const longest = (value: unknown): number =>
  typeof value === 'string'
    ? value.length
    : value !== null && typeof value === 'object'
      ? Math.max(0, ...Object.values(value).map(longest))
      : 0;

export function overTime(entry: SourceEntry, documents: Documents, ready: Ready): void {
  test('after `commit` the same document: no error, nothing that was not there; a changed one: what is new', async () => {
    const world = await openWorld(entry);
    await ready(world, 2);
    const first = await world.poll({ firstPoll: true });
    await first.commit?.();
    for (const again of [() => {}, () => world.restart()]) {
      await again();
      await ready(world, 2);
      const same = await world.poll();
      expect(keysOf(first)).toEqual(expect.arrayContaining(keysOf(same)));
      await same.commit?.();
    }
    await ready(world, 3);
    const news = keysOf(await world.poll());
    expect(news.filter((key) => !keysOf(first).includes(key))).toHaveLength(1);
  });

  test('a document that ends in the middle: at most what it holds, and the rest comes with the whole one', async () => {
    const world = await openWorld(entry);
    await ready(world, 2);
    const whole = keysOf(await world.poll());
    const body = documents.honest(2);
    for (const share of [0.3, 0.6, 0.9]) {
      world.answer(serveBody(body.slice(0, body.length * share), documents.contentType));
      const part = await world.poll().catch((error) => failure(Promise.reject(error)));
      const first: string[] = [];
      if ('items' in part) {
        expect(whole).toEqual(expect.arrayContaining(keysOf(part)));
        await part.commit?.();
        // What was told of a change is not told again.
        if (documents.baseline !== undefined) first.push(...keysOf(part));
      }
      await ready(world, 2);
      expect([...first, ...keysOf(await world.poll())].sort()).toEqual(whole);
    }
  });

  test('aborted in the middle of its work: a later poll yields all of it', async () => {
    const world = await openWorld(entry);
    const stop = new AbortController();
    world.answer((request, response) => {
      serveBody(documents.honest(2), documents.contentType)(request, response);
      stop.abort();
    });
    await world.poll({ signal: stop.signal }).catch((error) => failure(Promise.reject(error)));
    await ready(world, 2);
    expect(keysOf(await world.poll())).toHaveLength(2);
  });
}
