/** The running bot as one piece, in this process: what meets what, what a start that fails leaves behind, and what a stop waits for. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { createApp } from '../../src/app/app.ts';
import { loadConfig } from '../../src/config/load.ts';
import { ALL_ROLES } from '../../src/core/lease.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { createIds } from '../../src/platform/ids.ts';
import { recordingLog } from '../fakes/fake-log.ts';
import { FakeTelegram } from '../fakes/fake-telegram/client.ts';
import { FeedServer } from '../fakes/feed-server.ts';
import { freePort } from '../fakes/free-port.ts';

interface Setting {
  /** Joined to the written configuration. */
  config?: object;
  feed?: boolean;
}

/** A bot on a stand-in of Telegram, with one feed and a listener; nothing has started yet. */
async function bot({ config = {}, feed = true }: Setting = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-app-'));
  const tg = await FakeTelegram.start({ limits: 'off', pollGuard: false } as never);
  const feeds = await FeedServer.start();
  feeds.add('news');
  const port = await freePort();
  const file = join(folder, 'tocsin.json');
  writeFileSync(
    file,
    JSON.stringify({
      database: join(folder, 'bot.db'),
      accounts: [{ id: 'tg', platform: 'telegram', token: tg.token, apiRoot: tg.apiRoot }],
      network: { allowPrivateAddresses: true },
      web: { listen: `127.0.0.1:${port}` },
      sources: feed
        ? [
            {
              id: 'news',
              kind: 'rss',
              publisher: 'example-news',
              lang: 'en',
              cron: '*/1 * * * * *',
              url: `${feeds.url}/news`,
            },
          ]
        : [],
      policy: { groupWait: '0s', level: 'early' },
      // Its process takes long to begin on a busy machine; what it does is held elsewhere.
      extract: { encoder: false },
      ...config,
    }),
  );
  const loaded = await loadConfig({ file, env: {}, cwd: folder });
  const recorded = recordingLog();
  const make = () =>
    createApp(loaded, {
      roles: ALL_ROLES,
      clock: systemClock,
      ids: createIds(systemClock),
      log: recorded.log,
    });
  const app = make();
  onTestFinished(async () => {
    await app.stop();
    await tg.stop();
    await feeds.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  return { app, make, tg, feeds, folder, base: `http://127.0.0.1:${port}`, log: recorded };
}

describe('from a feed to a chat', () => {
  test('who subscribes is notified of what the next poll brings; after a restart all of it is known, and nothing is sent twice', async () => {
    const { app, make, tg, feeds, base, log } = await bot();
    await app.start();
    expect(log.said().find((line) => line.startsWith('info Ready: '))).toMatch(/reads 1 feed/);
    const ann = await tg.user({ language_code: 'en' });
    await ann.send('/subscribe ke');
    await ann.chat.waitFor({ contains: 'Kenya', timeout_ms: 15_000 });
    feeds.add('news', {
      title: 'Kenya blocks Telegram',
      summary: 'The regulator ordered providers to block Telegram.',
    });
    const alert = await ann.chat.waitFor({ contains: 'KE-telegram-', timeout_ms: 15_000 });
    expect(alert.text).toMatch(/Telegram[\s\S]*Kenya|Kenya[\s\S]*Telegram/);
    expect(alert.text).toContain('example-news');

    const health = await fetch(`${base}/healthz`);
    expect(health.status).toBe(200);
    const ready = await fetch(`${base}/readyz`);
    expect(ready.status).toBe(200);
    const metrics = await (await fetch(`${base}/metrics`)).text();
    expect(metrics).toMatch(/^tocsin_/m);
    await ann.send('/status');
    expect((await ann.chat.waitFor({ contains: 'example-news', timeout_ms: 15_000 })).text).toBeDefined();
    expect((await tg.violations()).length).toBe(0);

    // And over a restart on the same file.
    const { text } = alert as { text: string };
    const id = /KE-telegram-\w{4}/.exec(text)![0];
    await app.stop();
    expect(log.said().slice(-1)).toEqual(['info Stopped']);

    const second = make();
    onTestFinished(() => second.stop());
    await second.start();
    await ann.send('/subscriptions');
    expect((await ann.chat.waitFor({ contains: 'Kenya', since: Date.now() - 60_000 })).text).toBeDefined();
    await ann.send(`/incident ${id}`);
    const said = async () => (await ann.chat.botTexts()).filter((one) => one.includes(id));
    await vi.waitFor(async () => expect((await said()).length).toBeGreaterThan(1), { timeout: 10_000 });
    expect((await said()).filter((one) => one === text)).toHaveLength(1);
  });
});

describe('a start that fails', () => {
  const codeOf = async (starting: Promise<void>): Promise<string> =>
    starting.then(
      () => 'started',
      (error: { code: string }) => error.code,
    );

  test('another runs on the same data: refused; when that one has stopped it can be had', async () => {
    const { app, make, log } = await bot({ config: { web: null } });
    await app.start();
    const second = make();
    expect(await codeOf(second.start())).toBe('store_locked');
    await second.stop();
    expect(log.said().filter((line) => /Stopp/.test(line))).toEqual([]);
    await app.stop();
    const third = make();
    onTestFinished(() => third.stop());
    expect(await codeOf(third.start())).toBe('started');
  });

  test('the port is taken: refused with the address, and the data are free for the next', async () => {
    const taken = createServer();
    await new Promise<void>((done) => {
      taken.listen(0, '127.0.0.1', done);
    });
    const { port } = taken.address() as AddressInfo;
    const { app, make } = await bot({ config: { web: { listen: `127.0.0.1:${port}` } } });
    await expect(app.start()).rejects.toThrow(String(port));
    await app.stop();
    await new Promise((done) => {
      taken.close(done);
    });
    const again = make();
    onTestFinished(() => again.stop());
    expect(await codeOf(again.start())).toBe('started');
  });

  test('stopped before it ever started, and stopped twice: nothing to wait for', async () => {
    const { app, log } = await bot();
    await app.stop();
    await app.stop();
    expect(log.said()).toEqual([]);
  });

  test('stopped while it starts: it ends, and the file is free', async () => {
    const { app, make } = await bot();
    const starting = app.start().catch(() => undefined);
    await app.stop();
    await starting;
    await app.stop();
    const again = make();
    onTestFinished(() => again.stop());
    expect(await codeOf(again.start())).toBe('started');
  });
});

describe('what the health says', () => {
  test('no source at all: ready, and /status says that nothing is read', async () => {
    const { app, tg, base } = await bot({ feed: false });
    await app.start();
    expect((await fetch(`${base}/readyz`)).status).toBe(200);
    const ann = await tg.user({ language_code: 'ru' });
    await ann.send('/ping');
    expect((await ann.chat.waitFor({ regex: '.' })).text).toMatch(/[а-я]/i);
  });

  test('a feed that answers with a page: the operator reads which source fails', async () => {
    const { app, tg, feeds } = await bot({ config: { operators: ['telegram:1'] } });
    feeds.overrides.set('news', (_request, response) => void response.writeHead(500).end());
    await app.start();
    const ann = await tg.user({ language_code: 'en' });
    await vi.waitFor(
      async () => {
        await ann.send('/status ke');
        const texts = await ann.chat.botTexts();
        expect(texts.join('\n')).toMatch(/fail/i);
      },
      { timeout: 10_000, interval: 200 },
    );
  });

  test('while it stops it is not ready, and then nobody listens', async () => {
    const { app, base } = await bot();
    await app.start();
    await app.stop();
    await expect(fetch(`${base}/healthz`)).rejects.toThrow();
  });
});
