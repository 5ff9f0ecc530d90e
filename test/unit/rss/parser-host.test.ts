import { afterEach, expect, test, vi } from 'vitest';
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
const small = () => parser.parse(bytes(rss(entry(1))), '', 'https://a.example/');
const hostile = () =>
  parser.parse(bytes(attacks().find(({ name }) => name === '50,000 items')!.text), '', 'https://a.example/');
const code = (promise: Promise<unknown>) => promise.then(() => 'read', codeOf);

test('a feed that takes too long: named, and those behind it are read by a new worker', async () => {
  // The worker is real, the deadline is ours: it passes for the first feed, and for no other, however busy the machine is.
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  parser = createFeedParser({ deadlineMs: 2_000 });
  await small();
  const all = [hostile(), small(), small()].map(code);
  vi.advanceTimersByTime(2_000);
  expect(await Promise.all(all)).toEqual(['feed_too_slow', 'read', 'read']);
});

test('a feed that needs too much memory: named, and those behind it are read', async () => {
  parser = createFeedParser({ memoryMb: 24, deadlineMs: 10_000 });
  expect(await Promise.all([hostile(), small()].map(code))).toEqual(['feed_unreadable', 'read']);
});

test('stopped: those that wait get an error; asked again, it starts again', async () => {
  parser = createFeedParser();
  const waiting = [hostile(), small()].map(code);
  await parser.stop();
  expect(await Promise.all(waiting)).toEqual(['canceled', 'canceled']);
  expect(await code(small())).toBe('read');
});

test('without work: the worker ends, and comes back', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const threads = () => process.getActiveResourcesInfo().filter((name) => name === 'MessagePort').length;
  const before = threads();
  parser = createFeedParser({ idleMs: 10_000 });
  const feed = small();
  expect(threads()).toBeGreaterThan(before);
  await feed;
  vi.advanceTimersByTime(10_000);
  await expect.poll(threads).toBe(before);
  expect(await code(small())).toBe('read');
});

test('a view into a larger buffer: read as it is, the rest stays the caller’s', async () => {
  parser = createFeedParser();
  const text = bytes(rss(entry(1)));
  const whole = new Uint8Array(text.length + 20);
  whole.set(text, 10);
  const feed = await parser.parse(whole.subarray(10, 10 + text.length), '', 'https://a.example/');
  expect(feed.items).toHaveLength(1);
  expect(whole.byteLength).toBe(text.length + 20);
});
