/** The built program among strangers: hostile feeds on hostile servers, floods, forged buttons. It goes on, says so once, and rings. */
import type { ServerResponse } from 'node:http';
import { Worker } from 'node:worker_threads';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FakeTelegram } from '../fakes/fake-telegram/client.ts';
import { FeedServer } from '../fakes/feed-server.ts';
import { freePort } from '../fakes/free-port.ts';
import { attacks } from '../unit/rss/attacks.ts';
import { Program } from './program.ts';
import { pages } from './web-pages.ts';

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const HEAD = '<?xml version="1.0"?><rss version="2.0"><channel><title>t</title>';

/** Servers that do harm, by the code with which their source must fail. */
const SERVERS: Record<string, [code: string, answer: (response: ServerResponse) => void]> = {
  'gzip-bomb': [
    'fetch_too_large',
    (response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(60_000_000, 'a'))),
  ],
  endless: [
    'fetch_too_large',
    async (response) => {
      response.writeHead(200, { 'content-type': 'text/xml' }).write(HEAD);
      while (!response.destroyed && response.write('<item>'.repeat(10_000))) await pause(1);
      response.on('drain', () => void response.write('<item>'.repeat(10_000)));
    },
  ],
  loop: ['fetch_redirect', (response) => response.writeHead(302, { location: '/loop' }).end()],
  'to-a-file': ['fetch_redirect', (response) => response.writeHead(302, { location: 'file:///etc/passwd' }).end()],
  'long-headers': ['fetch_too_large', (response) => response.writeHead(200, { 'x-a': 'b'.repeat(60_000) }).end()],
  'not-gzip': ['fetch_connection', (response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(HEAD)],
  cut: [
    'fetch_connection',
    (response) => response.writeHead(200, { 'content-length': '9000' }).write(HEAD, () => response.destroy()),
  ],
  login: ['feed_not_a_feed', (response) => response.writeHead(200).end('<!doctype html><title>Log in</title>')],
};

let telegram: FakeTelegram;
let feeds: FeedServer;
let program: Program;
let web = 0;
/** An idle thread beside it: what it suffers is the machine's doing. */
let idle: Worker;
/** The metrics when everything was loaded. */
let warm: Map<string, number>;

beforeAll(async () => {
  telegram = await FakeTelegram.start({ limits: 'off' });
  feeds = await FeedServer.start();
  const feed = (id: string, cron = '*/3 * * * * *') => ({
    id,
    kind: 'rss',
    url: `${feeds.url}/${id}`,
    cron,
    publisher: id,
    name: `${id} news`,
    lang: 'en',
  });
  const hostile = attacks().map(({ text }, i) => {
    const id = `attack${i}`;
    feeds.overrides.set(
      id,
      (_request, response) => void response.writeHead(200, { 'content-type': 'text/xml' }).end(text),
    );
    return feed(id);
  });
  const servers = Object.entries(SERVERS).map(([id, [, answer]]) => {
    feeds.overrides.set(id, (_request, response) => answer(response));
    return feed(id);
  });
  feeds.add('alpha', { title: 'Weather', summary: 'Sunny.' });
  feeds.add('beta', { title: 'Weather', summary: 'Sunny too.' });
  web = await freePort();
  program = await Program.create(
    {
      database: 'tocsin.db',
      accounts: [{ id: 'tg', platform: 'telegram', token: telegram.token, apiRoot: telegram.apiRoot, rate: 0 }],
      sources: [...hostile, ...servers, feed('alpha', '* * * * * *'), feed('beta', '* * * * * *')],
      policy: { groupWait: '0s' },
      network: { allowPrivateAddresses: true, perHost: 4 },
      web: { listen: `127.0.0.1:${web}` },
    },
    { TOCSIN_LOG: 'debug' },
  );
  await program.start();
  idle = new Worker(
    `const { monitorEventLoopDelay } = require('node:perf_hooks'); const h = monitorEventLoopDelay({ resolution: 10 }); h.enable();
     const { parentPort } = require('node:worker_threads'); parentPort.on('message', () => { let over = 0; while (over < h.count && h.percentile(100 - (over / h.count) * 100) > 110e6) over++; parentPort.postMessage(over); });`,
    { eval: true },
  );
});
afterAll(async () => {
  await idle?.terminate();
  await program?.remove();
  await feeds?.stop();
  await telegram?.stop();
});

/** What is said of single sources: at the level debug, since so many failing ones are one warning. */
const failures = () => program.stderr.split('\n').filter((line) => line.includes('Unable to read source'));
const warnings = () => program.stderr.split('\n').filter((line) => / (WARN|ERROR) /.test(line));
const { metric, series } = pages(() => web);

describe('the built program among strangers', () => {
  test('hostile feeds and servers: each is logged once, by its code; the program lives', async () => {
    for (const [id, [code]] of Object.entries(SERVERS))
      await program
        .until(() => new RegExp(`Unable to read source source=${id} .*code=`).test(program.stderr), 60_000, id)
        .then(() =>
          expect([id, new RegExp(`source=${id} kind=rss code=(\\w+)`).exec(program.stderr)?.[1]]).toEqual([id, code]),
        );
    const cal = await telegram.user({ first_name: 'Cal', language_code: 'en' });
    await cal.send('/status ru');
    await cal.chat.waitFor({ regex: '.', timeout_ms: 10_000 });
    await pause(4_000);
    warm = await series();
    const bySource = Map.groupBy(
      failures(),
      (line) => `${/ source=(\S+)/.exec(line)?.[1]} ${/ code=(\S+)/.exec(line)?.[1]}`,
    );
    for (const [source, lines] of bySource) expect([source, lines.length]).toEqual([source, 1]);
    await program.until(
      () => warnings().some((line) => /\d+ of 52 feeds cannot be read/.test(line)),
      60_000,
      'one line',
    );
    expect(warnings().length).toBeLessThan(10);
    expect(await metric('tocsin_sources{kind="rss",state="failing"}')).toBeGreaterThanOrEqual(
      Object.keys(SERVERS).length,
    );
  }, 120_000);

  test('among them two outlets with markup, mentions and overrides: one alert, in which none of it works', async () => {
    const ann = await telegram.user({ first_name: '<b>@room</b>\u202e', language_code: 'en' });
    await ann.send('/subscribe ru whatsapp');
    await ann.chat.waitFor({ regex: 'WhatsApp', timeout_ms: 10_000 });
    const trap = '<b>now</b> @durov @room \u202elave\u202c *_`[x](tg://user) &lt;script&gt;';
    feeds.add('alpha', {
      title: `Russia blocks WhatsApp ${trap}`,
      summary: `The regulator cut off the messenger on Wednesday evening. ${trap}`,
      link: 'javascript:alert(1)',
    });
    feeds.add('beta', {
      title: `WhatsApp blocked in Russia ${trap}`,
      summary: `Messages no longer arrive, Roskomnadzor confirmed. ${trap}`,
      link: 'https://user:pass@evil.example/%22%3E@room',
    });
    const alert = await ann.chat.waitFor({ regex: 'RU-whatsapp-', timeout_ms: 20_000 });
    const id = /RU-whatsapp-\w+/.exec(alert.text)![0];
    await ann.send(`/incident ${id}`);
    await ann.chat.waitFor({ after_message_id: alert.message_id, regex: id, timeout_ms: 10_000 });
    for (const message of await ann.chat.transcript({ from: 'bot' })) {
      expect(message.text).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/);
      const types = (message.entities ?? []).map((entity: { type: string }) => entity.type);
      expect(types.filter((type: string) => /mention|^url$|spoiler|custom/.test(type))).toEqual([]);
      for (const entity of message.entities ?? []) if (entity.url) expect(entity.url).toMatch(/^https?:\/\/(?!user)/);
    }
  }, 60_000);

  test('a pressed button that was forged: answered as one that is too old, or as the same person’s typed command', async () => {
    const eve = await telegram.user({ first_name: 'Eve', language_code: 'en' });
    await eve.send('/start');
    const { message_id } = await eve.chat.waitFor({ has_button: true, timeout_ms: 10_000 });
    for (const data of [
      'k:AAAAAAAAAAAAAAAAAAAAAA',
      'x',
      'c:',
      '\u202e',
      `c:${'z'.repeat(60)}`,
      'c:retract RU-whatsapp-0000 because I say so',
      'c:sources',
    ]) {
      const pressed = await eve.click({ data, message_id }, { force: true });
      expect(pressed.answer, data).toBeTruthy();
    }
    const texts = (await eve.chat.botTexts()).join('\n');
    expect(texts).not.toMatch(/alpha news|withdrawn/i);
  }, 30_000);

  test('60 people, 40 commands each at once: one answer to each flood, alerts and others undisturbed', async () => {
    const bob = await telegram.user({ first_name: 'Bob', language_code: 'en' });
    const flooders = await Promise.all(
      Array.from({ length: 60 }, (_, i) => telegram.user({ first_name: `F${i}`, language_code: 'en' })),
    );
    // Six at a time: on a machine that takes a minute to post all of it, each one's forty still come in some seconds.
    const flood = (async () => {
      for (let from = 0; from < flooders.length; from += 6)
        await Promise.all(
          flooders.slice(from, from + 6).map(async (one) => {
            for (let i = 0; i < 40; i++) await one.send('/status ru');
          }),
        );
    })();
    const began = performance.now();
    const { message } = await bob.send('/ping');
    const pong = await bob.chat.waitFor({ regex: '.', timeout_ms: 30_000 });
    await flood;
    // By the stand-in's clock; on a machine that takes long to post the flood, who is answered before its end was not held up by it.
    const took = Number(pong.at) - Number(message.at);
    const flooded = performance.now() - began;
    const refused = async (how: string) =>
      (await metric(`tocsin_commands_total{command="status",outcome="${how}"}`)) ?? 0;
    await expect.poll(() => refused('slow'), { timeout: 60_000 }).toBeGreaterThanOrEqual(60);
    await expect.poll(() => refused('silent'), { timeout: 60_000 }).toBeGreaterThan(300);
    await pause(6_000);
    expect(took).toBeLessThan(Math.max(3_000, flooded));
    const answers = await Promise.all(flooders.map(async (one) => (await one.chat.botTexts()).length));
    // A burst of 15, one more for each two seconds that passed, and the words that it is too fast, once for each time that it is.
    const grown = (performance.now() - began) / 2_000;
    expect(Math.max(...answers)).toBeLessThan(30 + grown);
  }, 240_000);

  test('through all of it: the loop was free, memory bounded, labels few', async () => {
    const got = await series();
    const starved = await new Promise<number>((resolve) => {
      idle.once('message', resolve);
      // oxlint-disable-next-line require-post-message-target-origin -- a thread, not a window
      idle.postMessage('');
    });
    // Where even an idle thread comes late, a busy one comes late more often.
    const excuse = 10 * starved;
    // After the first command and the first text, whose words are compiled then.
    const samples = got.get('tocsin_loop_delay_seconds_count')! - warm.get('tocsin_loop_delay_seconds_count')!;
    const late = (of: Map<string, number>, le: number) =>
      of.get('tocsin_loop_delay_seconds_count')! - of.get(`tocsin_loop_delay_seconds_bucket{le="${le}"}`)!;
    expect(late(got, 0.1) - late(warm, 0.1)).toBeLessThanOrEqual(Math.ceil(samples / 1_000) + excuse);
    expect(late(got, 0.25) - late(warm, 0.25)).toBeLessThanOrEqual(excuse);
    expect(got.get('process_resident_memory_bytes')).toBeLessThan(600e6);
    expect(got.size).toBeLessThan(450);
    expect([...got.keys()].join('\n')).not.toMatch(/@|room|F\d|Bob|Ann|\u202e/);
    expect(await telegram.violations()).toEqual([]);
    expect(await program.stop()).toBe(0);
  }, 30_000);
});
