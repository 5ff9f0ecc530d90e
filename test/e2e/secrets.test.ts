/** Known tokens through every failure that comes to mind: none of them may be printed, kept or served. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { FakeTelegram } from '../fakes/fake-telegram/client.ts';
import { FeedServer } from '../fakes/feed-server.ts';
import { freePort } from '../fakes/free-port.ts';
import { NEWS, OUTLETS } from './news.ts';
import { Program } from './program.ts';
import { pages } from './web-pages.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const TOKEN = '7000000001:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1';
const MATRIX = 'syt_dG9jc2lu_VeryLongSecretOfMatrix_1a2b3c';
const FEED_PASSWORD = 'feed-password-7c31';
const PROXY_PASSWORD = 'proxy-password-9d42';
const HOOK = 'webhook-secret-5e53-abcdef';
const SECRETS = { TOKEN, MATRIX, FEED_PASSWORD, PROXY_PASSWORD, HOOK };

function tellsNone(text: string, where: string): void {
  for (const [name, secret] of Object.entries(SECRETS))
    for (const form of [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')])
      expect(
        text.includes(form),
        `${name} in ${where}: ${text.slice(Math.max(0, text.indexOf(form) - 200), text.indexOf(form))}`,
      ).toBe(false);
}

let program: Program | null = null;
let stopAll: (() => Promise<void>)[] = [];
afterEach(async () => {
  await program?.remove();
  program = null;
  for (const stop of stopAll.splice(0)) await stop();
  stopAll = [];
});

const base = (over: object = {}) => ({
  database: 'tocsin.db',
  accounts: [
    { id: 'tg', platform: 'telegram', token: TOKEN, apiRoot: 'http://127.0.0.1:9' },
    { id: 'mx', platform: 'matrix', homeserver: 'http://127.0.0.1:9', accessToken: MATRIX },
  ],
  sources: [
    {
      id: 'a',
      kind: 'rss',
      url: `http://ann:${FEED_PASSWORD}@127.0.0.1:9/feed?key=${FEED_PASSWORD}`,
      cron: '* * * * * *',
      publisher: 'a',
      name: 'A',
      lang: 'en',
    },
  ],
  network: { allowPrivateAddresses: true },
  ...over,
});

/** One command of the program, to its end. */
function run(folder: string, args: string[], env: Record<string, string> = {}) {
  const done = spawnSync(process.execPath, [join(ROOT, 'src/main.ts'), ...args], {
    cwd: folder,
    env: { PATH: process.env.PATH ?? '', HOME: folder, TOCSIN_LOG: 'debug', ...env },
    encoding: 'utf8',
    timeout: 60_000,
    maxBuffer: 50e6,
  });
  tellsNone(done.stdout + done.stderr, `tocsin ${args[0]}`);
  return done;
}

describe('secrets', () => {
  test('nothing can be reached: log, health, metrics, database, export and every command tell none', async () => {
    const web = await freePort();
    program = await Program.create(base({ web: { listen: `127.0.0.1:${web}` } }), { TOCSIN_LOG: 'debug' });
    await program.start();
    await program.until(() => /Unable to read source/.test(program!.stderr), 20_000, 'the source fails');
    const { get } = pages(() => web);
    for (const path of ['/healthz', '/readyz', '/metrics']) tellsNone(await get(path), path);
    expect(JSON.parse(await get('/readyz')).reasons).toContain('account tg is not connected');
    tellsNone(run(program.folder, ['status', '--config', 'tocsin.json', '--json']).stdout, 'status');
    expect(await program.stop()).toBe(0);
    tellsNone(program.stdout + program.stderr, 'start');
    expect(program.stderr).toMatch(/Unable to receive from Telegram|Telegram/);
    for (const file of readdirSync(program.folder))
      if (/\.db/.test(file)) tellsNone(readFileSync(join(program.folder, file), 'latin1'), file);
    for (const args of [
      ['export', '-', '--config', 'tocsin.json'],
      ['check', '--config', 'tocsin.json'],
      ['incidents', '--config', 'tocsin.json', '--json'],
    ])
      run(program.folder, args);
  }, 90_000);

  test('a token that Telegram refuses: the start ends and names the account, not the token', async () => {
    // In a process of its own: this one waits for the program.
    const telegram = await FakeTelegram.start({ limits: 'off', process: true });
    stopAll.push(() => telegram.stop());
    const account = { id: 'tg', platform: 'telegram', token: TOKEN, apiRoot: telegram.apiRoot };
    program = await Program.create({ database: 'tocsin.db', accounts: [account], sources: [] });
    const start = run(program.folder, ['start', '--config', 'tocsin.json']);
    expect(start.status).not.toBe(0);
    expect(start.stderr).toContain('"tg"');
    expect(run(program.folder, ['check', '--config', 'tocsin.json']).status).toBe(1);
  }, 60_000);

  test('a proxy that refuses, with a password in its address', async () => {
    const config = base({ network: { allowPrivateAddresses: true, proxy: `http://me:${PROXY_PASSWORD}@127.0.0.1:9` } });
    program = await Program.create(config, { TOCSIN_LOG: 'debug' });
    await program.start();
    await program.until(() => /Unable to read source/.test(program!.stderr), 20_000, 'the source fails');
    expect(await program.stop()).toBe(0);
    tellsNone(program.stdout + program.stderr, 'start');
    run(program.folder, ['check', '--config', 'tocsin.json']);
  }, 60_000);

  test.each([
    ['a crash', `throw new Error("boom https://api.telegram.org/bot${TOKEN}/getMe ${HOOK}")`],
    ['a promise nobody waits for', `void Promise.reject(new Error("boom ${MATRIX} ${FEED_PASSWORD}"))`],
  ])(
    '%s with secrets in its stack: logged, without them',
    async (name, code) => {
      const accounts = [
        { id: 'mx', platform: 'matrix', homeserver: 'http://127.0.0.1:9', accessToken: MATRIX },
        { id: 'console', platform: 'console' },
        {
          id: 'tg',
          platform: 'telegram',
          token: TOKEN,
          apiRoot: 'http://127.0.0.1:9',
          mode: 'polling',
          webhook: { listen: '127.0.0.1:0', publicUrl: 'https://x.example/t', secret: HOOK },
        },
      ];
      program = await Program.create(base({ accounts }));
      // Once it stands: on a busy machine that takes a while.
      const inside = `if (process.argv[2] === 'start' && process.env.NODE_COMPILE_CACHE) {
        const standing = setInterval(() => {
          if (process.listenerCount('uncaughtException') === 0) return;
          clearInterval(standing);
          setTimeout(() => { ${code} }, 1000);
          setTimeout(() => process.kill(process.pid, 'SIGTERM'), 3500);
        }, 50);
      }`;
      const start = run(program.folder, ['start', '--config', 'tocsin.json'], {
        NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(inside)}`,
      });
      expect(start.stderr).toContain('boom');
      expect(start.stderr).toContain('***');
      expect(start.status === 0).toBe(name !== 'a crash');
    },
    60_000,
  );

  test('a broken config: its problems are named, its secrets are not', async () => {
    program = await Program.create({
      accounts: [
        { id: 'tg', platform: 'telegram', token: [TOKEN] },
        { id: 'tg', platform: 'telegram', token: TOKEN, webhook: { listen: 'x', publicUrl: 'y', secret: HOOK } },
      ],
      database: `postgres://me:${PROXY_PASSWORD}@[/x`,
      network: { proxy: `http://me:${PROXY_PASSWORD}@p:1/path` },
    });
    for (const command of ['start', 'check'])
      expect(run(program.folder, [command, '--config', 'tocsin.json']).status).toBe(2);
  }, 60_000);
});

describe('personal data', () => {
  test('files are for their owner alone; forget leaves nothing of the chat in them', async () => {
    const telegram = await FakeTelegram.start({ limits: 'off' });
    const feeds = await FeedServer.start();
    stopAll.push(
      () => telegram.stop(),
      () => feeds.stop(),
    );
    for (const outlet of OUTLETS) feeds.add(outlet, { title: 'Weather', summary: 'Sunny.' });
    program = await Program.create({
      database: 'data/tocsin.db',
      accounts: [{ id: 'tg', platform: 'telegram', token: telegram.token, apiRoot: telegram.apiRoot, rate: 0 }],
      sources: OUTLETS.map((id) => ({
        id,
        kind: 'rss',
        url: `${feeds.url}/${id}`,
        cron: '* * * * * *',
        publisher: id,
        name: id,
        lang: 'en',
      })),
      policy: { groupWait: '0s' },
      network: { allowPrivateAddresses: true },
    });
    await program.start();
    const data = join(program.folder, 'data');
    const files = () => readdirSync(data).map((file) => [file, statSync(join(data, file)).mode & 0o777] as const);
    expect(statSync(data).mode & 0o777).toBe(0o700);
    expect(files().length).toBeGreaterThanOrEqual(2);
    for (const [file, mode] of files()) expect([file, mode.toString(8)]).toEqual([file, '600']);

    const ann = await telegram.user({
      id: 731_904_552,
      first_name: 'Annabella-Quizzical',
      username: 'annabella_quizzical',
      language_code: 'en',
    });
    const others = await Promise.all(Array.from({ length: 20 }, () => telegram.user({ language_code: 'en' })));
    for (const one of [ann, ...others]) {
      await one.send('/subscribe ru whatsapp');
      await one.chat.waitFor({ regex: 'WhatsApp', timeout_ms: 10_000 });
    }
    await ann.send('/mute ir for 8h');
    feeds.add('alpha', NEWS.block.alpha);
    feeds.add('beta', NEWS.block.beta);
    await ann.chat.waitFor({ regex: 'RU-whatsapp-', timeout_ms: 15_000 });
    const kept = () =>
      files()
        .map(([file]) => readFileSync(join(data, file), 'latin1'))
        .join('');
    expect(kept()).toContain(String(ann.id));

    await ann.send('/forget yes');
    await ann.chat.waitFor({ regex: 'forgot|deleted|gone|erased', timeout_ms: 10_000 });
    for (const one of others.slice(0, 3)) await one.send('/ping');
    expect(await program.stop()).toBe(0);
    const after = kept();
    expect(after).toContain(String(others[0]!.id));
    expect(after).not.toContain(String(ann.id));
    // Names are never kept, of anybody.
    expect(after).not.toMatch(/Annabella|quizzical/i);
    // Nor does the log tell whole ids of chats.
    expect(program.stderr).not.toContain(String(ann.id));
  }, 90_000);
});
