import { setImmediate } from 'node:timers/promises';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { codeOf } from '../../../src/core/errors.ts';
import { createFeedParser, type FeedParser } from '../../../src/sources/rss/parser-host.ts';
import { attacks } from './attacks.ts';
import { entry, rss } from './harness.ts';

let parser: FeedParser;
afterEach(async () => {
  vi.useRealTimers();
  await parser.stop();
});

const bytes = (text: string) => new TextEncoder().encode(text);
const SOUND = rss(entry(1));
const small = () => parser.parse(bytes(SOUND), '', 'https://a.example/');
/** No UTF-8, so a worker reads it, however small it is. */
const LATIN = new Uint8Array(Buffer.from(SOUND.replace('<title>', '<title>\u00e9'), 'latin1'));
const latin = () => parser.parse(LATIN.slice(), '', 'https://a.example/');
const hostile = () =>
  parser.parse(bytes(attacks().find(({ name }) => name === '50,000 items')!.text), '', 'https://a.example/');
const threads = () => process.getActiveResourcesInfo().filter((name) => name === 'MessagePort').length;
const code = (promise: Promise<unknown>) => promise.then(() => 'read', codeOf);

test('a feed that takes too long: named, and those behind it are read by a new worker', async () => {
  // The worker is real, the deadline is ours: it passes for the first feed, and for no other, however busy the machine is.
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  parser = createFeedParser({ deadlineMs: 2_000 });
  await latin();
  const all = [hostile(), latin(), latin()].map(code);
  vi.advanceTimersByTime(2_000);
  expect(await Promise.all(all)).toEqual(['feed_too_slow', 'read', 'read']);
});

test('a feed that needs too much memory: named, and those behind it are read', async () => {
  parser = createFeedParser({ memoryMb: 24, deadlineMs: 10_000 });
  expect(await Promise.all([hostile(), latin()].map(code))).toEqual(['feed_unreadable', 'read']);
});

test('stopped: those that wait get an error; asked again, it starts again', async () => {
  parser = createFeedParser();
  const waiting = [hostile(), latin()].map(code);
  await parser.stop();
  expect(await Promise.all(waiting)).toEqual(['canceled', 'canceled']);
  expect(await code(latin())).toBe('read');
});

test('without work: the worker ends, and comes back', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const before = threads();
  parser = createFeedParser({ idleMs: 10_000 });
  const feed = latin();
  expect(threads()).toBeGreaterThan(before);
  await feed;
  vi.advanceTimersByTime(10_000);
  await expect.poll(threads).toBe(before);
  expect(await code(latin())).toBe('read');
});

test('a view into a larger buffer: read as it is, the rest stays the caller’s', async () => {
  parser = createFeedParser();
  const text = LATIN;
  const whole = new Uint8Array(text.length + 20);
  whole.set(text, 10);
  const feed = await parser.parse(whole.subarray(10, 10 + text.length), '', 'https://a.example/');
  expect(feed.items).toHaveLength(1);
  expect(whole.byteLength).toBe(text.length + 20);
});

/** Turns of the loop while something is under way, and the most threads that were at work meanwhile. */
async function turnsOf(work: Promise<unknown>): Promise<{ turns: number; most: number }> {
  let done = false;
  void work.then(() => (done = true));
  let turns = 0;
  let most = 0;
  for (; !done; turns++) {
    most = Math.max(most, threads());
    await setImmediate();
  }
  return { turns, most };
}

describe('small feeds that are sound are read without a worker, all others by one', () => {
  test.each([
    { name: 'a small one', text: SOUND, worker: false },
    { name: 'no feed', text: '<html><body>404</body></html>', worker: false },
    { name: 'broken', text: SOUND.replace('</item>', ''), worker: true },
    { name: 'long', text: SOUND.replace('</channel>', `<x>${'a'.repeat(64_000)}</x></channel>`), worker: true },
    { name: 'of many tags', text: SOUND.replace('</channel>', `${'<x/>'.repeat(1_000)}</channel>`), worker: true },
    {
      name: 'of many entities',
      text: SOUND.replace('</channel>', `<x>${'&'.repeat(1_000)}</x></channel>`),
      worker: true,
    },
    {
      name: 'of another encoding',
      text: LATIN,
      worker: true,
    },
  ])('$name: $worker', async ({ text, worker }) => {
    const before = threads();
    parser = createFeedParser();
    const body = typeof text === 'string' ? bytes(text) : text.slice();
    const { most } = await turnsOf(code(parser.parse(body, '', 'https://a.example/')));
    expect(most - before).toBe(worker ? 1 : 0);
  });

  test('many at once: one in each turn of the loop', async () => {
    parser = createFeedParser();
    await small();
    const { turns } = await turnsOf(Promise.all(Array.from({ length: 20 }, small)));
    expect(turns).toBeGreaterThanOrEqual(20);
  });
});
