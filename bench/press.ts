/**
 * What the press by country costs while nothing is new: memory of all its feeds, polled and remembered, and the time of a poll that brings nothing (304), of a look at what chats
 * follow, of the catalogue. `node --expose-gc bench/press.ts`
 *
 * `node bench/press.ts program [minutes]`: the built program at its own pace instead, three of them side by side (no feed; the bundled ones; these and so much of
 * the catalogue that it is 500), for 20 minutes. See `program` below.
 */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
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
import { Program } from '../test/e2e/program.ts';
import type { FeedEntry } from '../test/fakes/feed-server.ts';
import { addressOf, PressInternet, rssOf } from '../test/fakes/press-internet.ts';
import { cpuOf, median, round } from './shared.ts';

if (process.argv[2] === 'program') {
  await program(Number(process.argv[3] ?? 20));
  process.exit(0);
}

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

/** Memory of a process, MB: all that is resident, its part of what it shares with others, and what nobody else has. */
function memoryOf(pid: number): { rss: number; pss: number; own: number } {
  const facts = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const mb = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(facts)![1]) / 1024;
  return { rss: mb('Rss'), pss: mb('Pss'), own: mb('Private_Clean') + mb('Private_Dirty') };
}

/**
 * Every host is played on loopback behind TLS and a proxy. A feed holds 25 entries, padded to some 30 kB: weather, and each tenth a text in its language (in English
 * where the fixtures have none) that tells of no block; about once an hour another comes. Half of the feeds answer 304 while nothing is new, a quarter send the same
 * bytes again, and a quarter write the time of each answer into them; all are packed by gzip. `polls` counts what was asked of all: where it is far below a fifth of
 * the feeds a minute, the figures are of a program that does not read them.
 */
async function program(minutes: number): Promise<void> {
  const ENTRIES = 25;
  const WEATHER = { title: 'Weather for the weekend', summary: 'Sunny with some clouds in the north.' };
  const internet = await PressInternet.start();
  const lines = readFileSync(new URL('../test/fixtures/reading/items.jsonl', import.meta.url), 'utf8')
    .trim()
    .split('\n');
  const texts = Map.groupBy(
    lines
      .map((line) => JSON.parse(line) as { lang: string; title: string; summary: string; relevant: boolean })
      .filter(({ relevant }) => !relevant),
    ({ lang }) => lang,
  );
  const play = (url: string, lang: string, at: number): void => {
    const some = texts.get(lang) ?? texts.get('en')!;
    const began = performance.now() - at * 7_919_000;
    const born = Date.now();
    const address = addressOf(url);
    internet.answers.set(address, (request, response) => {
      const hours = Math.floor((performance.now() - began) / 3_600_000);
      const kind = at % 4;
      const etag = `"${hours}"`;
      const headers = kind < 2 ? { etag } : {};
      if (kind < 2 && request.headers['if-none-match'] === etag) return void response.writeHead(304, headers).end();
      const entries = Array.from({ length: ENTRIES }, (_, i): FeedEntry => {
        const { title, summary } =
          (hours - i) % 10 !== 0 ? WEATHER : some[(at + hours - i + 1_000 * some.length) % some.length]!;
        const link = `https://${address.split('/')[0]}/news/${hours - i}`;
        return {
          title,
          summary: `${summary} `.repeat(900 / (summary.length + 1)),
          link,
          at: new Date(born - i * 3_600_000),
        };
      });
      const whole = rssOf(address.split('/')[0]!, entries);
      const made = `</title><lastBuildDate>${new Date().toUTCString()}</lastBuildDate>`;
      const body = gzipSync(kind === 3 ? whole.replace('</title>', made) : whole);
      response
        .writeHead(200, { ...headers, 'content-type': 'application/rss+xml', 'content-encoding': 'gzip' })
        .end(body);
    });
  };
  const { sources } = await loadConfig({ file: null, env: {}, cwd: '/' });
  const bundled = sources.flatMap((one) =>
    one.kind === 'rss' && 'url' in one ? [one as typeof one & { url: string; lang?: string }] : [],
  );
  const press = readPress();
  const countries: string[] = [];
  const feeds = bundled.map(({ url, lang }) => ({ url, lang: lang ?? 'en' }));
  for (const country of press.countries()) {
    if (feeds.length >= 500) break;
    countries.push(country);
    feeds.push(...press.of(country).map(({ source, lang }) => ({ url: source.url, lang: lang ?? 'en' })));
  }
  for (const [i, { url, lang }] of feeds.entries()) play(url, lang, i);

  const network = { allowPrivateAddresses: true, proxy: internet.proxy };
  const common = { database: 'tocsin.db', network };
  const kinds = [
    { name: 'none', config: { ...common, sources: [], feeds: { follow: false } } },
    { name: `${bundled.length}`, config: { ...common, sources: bundled, feeds: { follow: false } } },
    { name: `${feeds.length}`, config: { ...common, sources: bundled, feeds: { follow: false, countries } } },
  ];
  const running = await Promise.all(
    kinds.map(async ({ name, config }) => ({
      name,
      program: await Program.create(config, internet.env),
      seen: [] as ReturnType<typeof memoryOf>[],
      cpu: 0,
    })),
  );
  // One after another: the first fills the cache of compiled code.
  for (const { program } of running) await program.start();
  const half = (minutes * 60_000) / 2;
  const began = performance.now();
  let polls = 0;
  for (let n = 1; performance.now() - began < 2 * half; n++) {
    await sleep(began + n * 10_000 - performance.now());
    const isLater = performance.now() - began >= half;
    for (const one of running) {
      if (!isLater) [one.cpu, polls] = [cpuOf(one.program.pid), internet.asked.length];
      one.seen.push(memoryOf(one.program.pid));
    }
    if (n % 12 === 0)
      process.stderr.write(
        `${n / 6} min ${running.map(({ name, seen }) => `${name}: ${seen.at(-1)!.rss.toFixed(0)}`).join('  ')}\n`,
      );
  }
  for (const { name, program, seen, cpu } of running) {
    const later = seen.slice(seen.length / 2);
    const of = (key: 'rss' | 'pss' | 'own') => {
      const all = later.map((one) => one[key]);
      return { median: round(median(all)), most: round(Math.max(...seen.map((one) => one[key]))) };
    };
    const core = round(((cpuOf(program.pid) - cpu) / (half * 1_000)) * 100, 2);
    process.stdout.write(
      `${JSON.stringify({ feeds: name, minutes, rss: of('rss'), pss: of('pss'), own: of('own'), core })}\n`,
    );
    await program.remove();
  }
  process.stdout.write(
    `${JSON.stringify({ pollsAMinute: round((internet.asked.length - polls) / (half / 60_000)) })}\n`,
  );
  await internet.stop();
}
