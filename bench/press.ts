/**
 * What the press by country costs while nothing is new: memory of all its feeds, polled and remembered, and the time of a poll that brings nothing (304), of a look at what chats
 * follow, of the catalogue. `node --expose-gc bench/press.ts`
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { openSources } from '../src/app/open-sources.ts';
import { loadConfig } from '../src/config/load.ts';
import { readPress } from '../src/config/press.ts';
import { createPoller } from '../src/core/poll/poller.ts';
import { pacesOf } from '../src/core/poll/press.ts';
import { gatheredNews } from '../src/core/poll/source-state.ts';
import type { Clock, Http } from '../src/core/ports/runtime.ts';
import { quietLog } from '../src/core/ports/runtime.ts';
import { systemClock } from '../src/platform/clock.ts';
import { createIds } from '../src/platform/ids.ts';
import { nextRun } from '../src/platform/schedule.ts';
import { openStore } from '../src/store/open.ts';

const gc = globalThis.gc;
if (!gc) throw new Error('node --expose-gc bench/press.ts');
const heap = async () => {
  for (let i = 0; i < 4; i++) {
    gc();
    await sleep(20);
  }
  return process.memoryUsage().heapUsed / 1e6;
};
const ms = (from: number) => performance.now() - from;
const say = (what: string, value: number, unit: string) =>
  process.stdout.write(`${what.padEnd(44)} ${value.toFixed(2).padStart(9)} ${unit}\n`);

/** Ten minutes in one: what is waited for comes at once. */
let ahead = 0;
const clock: Clock = {
  ...systemClock,
  now: () => systemClock.now() + ahead,
  monotonic: () => systemClock.monotonic() + ahead,
};
const ids = createIds(clock);
const config = await loadConfig({ file: null, env: {}, cwd: '/' });
const store = await openStore(':memory:', { clock, log: quietLog, ids });
let asked = 0;
const http: Http = async ({ url, headers }) => {
  asked++;
  const body = Buffer.from(
    `<rss version="2.0"><channel><title>x</title><item><title>Weather</title><link>${url}</link><guid>1</guid></item></channel></rss>`,
  );
  return headers?.['if-none-match']
    ? { status: 304, headers: { etag: '"1"' }, url, body: new Uint8Array() }
    : { status: 200, headers: { etag: '"1"' }, url, body: new Uint8Array(body) };
};
const open = await openSources({ config: { ...config, sources: [] }, store, clock, ids, log: quietLog, http });
const { signal } = new AbortController();
const poller = createPoller({
  clock,
  ids,
  log: quietLog,
  sources: [],
  nextRun,
  states: store.sourceStates,
  news: gatheredNews([], { log: quietLog, clock, signal }),
  ingest: async () => undefined,
});
await poller.start();

const before = await heap();
let from = performance.now();
const press = readPress();
say('catalogue, read', ms(from), 'ms');
from = performance.now();
const feeds = press.countries().flatMap((country) => press.of(country));
say('all its lines, parsed', ms(from), 'ms');
const sources = await Promise.all(feeds.map(open.feed));
from = performance.now();
const { every } = pacesOf(feeds.map((one) => ({ ...one, id: one.source.id, bytes: null })));
say('paces of all', ms(from), 'ms');
await poller.follow(sources.map((source) => ({ source, everyMs: every.get(source.id)! * 0.9 })));
const until = async (n: number) => {
  while (asked < n) {
    ahead += 10_000;
    await sleep(5);
    await new Promise((done) => setImmediate(done));
  }
  await sleep(500);
};
await until(feeds.length);
say(`memory of ${feeds.length} feeds, each read once`, (await heap()) - before, 'MB');
const cpu = process.cpuUsage();
const first = asked;
await until(first + 3 * feeds.length);
const { user, system } = process.cpuUsage(cpu);
const polls = asked - first;
say('processor of a poll that brings nothing', (user + system) / 1e3 / polls, 'ms');
say(
  'that is, at one in five minutes each',
  ((user + system) / 1e6 / polls) * (feeds.length / 300) * 100,
  '% of a core',
);
say('memory after that', (await heap()) - before, 'MB');
from = performance.now();
for (let i = 0; i < 100; i++) await store.subscriptions.places();
say('a look at what chats follow', ms(from) / 100, 'ms');
await poller.stop();
await store.close();
process.exit(0);
