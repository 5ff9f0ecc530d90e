/** `tocsin setup` in a real terminal, from nothing to a received test alert, against a Telegram and a Synapse. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { publishedOf } from '../../src/adapters/matrix/crypto/published.ts';
import { orNull } from '../../src/core/errors.ts';
import { pagesOf } from '../docs/pages.ts';
import { FakeTelegram } from '../fakes/fake-telegram/client.ts';
import { describeIf } from '../fakes/shared.ts';
import { MatrixUser, waitFor } from './matrix-user.ts';
import { hasSynapse, NEEDS_SYNAPSE, type Synapse, startSynapse } from './synapse.ts';
import { CTRL_C, ENTER, hasPython, NEEDS_PYTHON, type Screen, Terminal } from './terminal.ts';

const COMMAND = join(import.meta.dirname, '../../src/tocsin.mjs');
/** Five keys a second: somebody who types with two fingers. */
const PER_KEY_MS = 200;
const WIDE = { columns: 80, rows: 24 };
const NARROW = { columns: 40, rows: 24 };

let folder: string;
let terminal: Terminal | null = null;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tocsin-setup-'));
});
afterEach(async () => {
  terminal?.kill();
  terminal = null;
  await rm(folder, { recursive: true, force: true });
});

const file = (name: string): string => join(folder, name);
const read = (name = 'config/tocsin.yaml'): string => readFileSync(file(name), 'utf8');
const modeOf = (name: string): number => statSync(file(name)).mode & 0o777;
/** Everything that lies there, however deep. */
const files = (): string[] => readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();

function sit(args: string[], env: Record<string, string> = {}, screen: Screen = WIDE): Terminal {
  // What it reads is not what is tested here: no feed is asked.
  terminal = new Terminal(['setup', '--no-check', ...args], { cwd: folder, env, screen });
  return terminal;
}

describeIf(hasPython(), NEEDS_PYTHON, 'setup with Telegram', () => {
  let telegram: FakeTelegram;
  beforeAll(async () => {
    telegram = await FakeTelegram.start({ limits: 'official', process: true, rejectUnknown: true });
  });
  afterAll(async () => {
    await telegram.stop();
  });
  const root = () => ({ TELEGRAM_API_ROOT: telegram.apiRoot });

  /** Agrees to everything from the languages on. */
  async function agree(at: Terminal, perKey = 0): Promise<void> {
    await at.until(/Which countries.*ru, ir/);
    await at.type(`ru, iran${ENTER}`, perKey);
    for (const question of [
      /Which languages/,
      /What shall it read/,
      /measure by itself/,
      /status page, too/,
      /Set the bot/,
      /Write config/,
    ]) {
      await at.until(question);
      await at.type(ENTER, perKey);
    }
  }

  async function pressStart(at: Terminal, person: Awaited<ReturnType<FakeTelegram['user']>>): Promise<void> {
    await at.until(/Send a test alert/);
    await at.type(ENTER);
    const payload = await at.until(/\?start=(\S+)/);
    await person.send(`/start ${payload}`);
  }

  test('from nothing to a received test alert in less than a minute of typing, a wrong token on the way; the secret is nowhere but in its file', async () => {
    const ann = await telegram.user({ first_name: 'Ann', language_code: 'ru' });
    const began = performance.now();
    const at = sit([], root());
    await at.until(/Where shall it ring/);
    await at.type(ENTER, PER_KEY_MS);
    await at.until(/https:\/\/t\.me\/BotFather.*The token from BotFather/);
    await at.type('abc', PER_KEY_MS);
    await at.type(ENTER);
    await at.until(/A token looks like/);
    at.press(telegram.token.replace('FAKE', 'FALSE'));
    await at.type(ENTER);
    await at.until(/does not know this token.*The token from BotFather/);
    at.press(telegram.token);
    await at.type(ENTER);
    await at.until(/This is @\w+_bot/);
    await agree(at, PER_KEY_MS);
    await pressStart(at, ann);
    await at.until(/delivered.*Start it: npm start/);
    expect(await at.ended()).toBe(0);
    const seconds = (performance.now() - began) / 1_000;
    console.log(`setup with Telegram: ${at.keys} keys, ${seconds.toFixed(1)} s from nothing to a received test alert`);
    expect(seconds).toBeLessThan(60);

    expect((await ann.chat.botTexts()).join()).toContain('This is a test alert.');
    const config = parse(read());
    expect(config).toMatchObject({
      accounts: [
        { id: 'tg', platform: 'telegram', token: 'file:secrets/tg-token', apiRoot: telegram.apiRoot, lang: 'en' },
      ],
      include: ['bundled:feeds.yaml'],
      operators: [`telegram:${ann.id}`],
    });
    expect(config.sources.map((one: { countries: string[] }) => one.countries)).toEqual([
      ['RU', 'IR'],
      ['RU', 'IR'],
      undefined,
    ]);
    expect(read()).toMatch(/^# .*\n/);
    expect([modeOf('config/secrets'), modeOf('config/secrets/tg-token')]).toEqual([0o700, 0o600]);
    expect(read('config/secrets/tg-token').trim()).toBe(telegram.token);
    expect(`${read()}${at.raw}`).not.toContain(telegram.token.split(':')[1]);
    const answer = await fetch(`${telegram.apiRoot}/bot${telegram.token}/getMyCommands?language_code=ru`);
    const commands = await answer.text();
    expect(commands).toContain('"command":"subscribe"');
  });

  test.each<{ name: string; env: Record<string, string>; screen: Screen }>([
    { name: '40 columns, no colours', env: { NO_COLOR: '1' }, screen: NARROW },
    {
      name: 'a terminal that cannot move its cursor and does not tell its size',
      env: { TERM: 'dumb' },
      screen: { columns: 0, rows: 0 },
    },
  ])('$name: the same questions, the same file', async ({ env, screen }) => {
    const ann = await telegram.user({ first_name: 'Ann' });
    const at = sit([], { ...root(), ...env }, screen);
    await at.until(/Where shall it ring/);
    await at.type(ENTER);
    await at.until(/The token from BotFather/);
    at.press(telegram.token);
    await at.type(ENTER);
    await agree(at);
    await pressStart(at, ann);
    await at.until(/delivered/);
    expect(await at.ended()).toBe(0);
    expect(parse(read()).operators).toEqual([`telegram:${ann.id}`]);
    expect(at.raw).not.toContain(telegram.token.split(':')[1]);
    // Colours are off where they are not wanted, and no line of the explanations is wider than the terminal.
    if ('NO_COLOR' in env) expect(at.raw).not.toMatch(/\u001b\[(3\d|4\d|9\d)(;\d+)*m/);
    if ('TERM' in env) expect(at.raw).not.toContain('\u001b');
  });

  test('no network: one line with the remedy, asked again; then Ctrl-C: nothing was written, and it says so', async () => {
    const at = sit(['--telegram-api-root', 'http://127.0.0.1:9'], {});
    await at.until(/Where|The token from BotFather/);
    at.press(telegram.token);
    await at.type(ENTER);
    await at.until(/cannot be reached.*ECONNREFUSED.*Nothing is lost.*The token from BotFather/);
    at.press(CTRL_C);
    await at.until(/Nothing was written/);
    expect(await at.ended()).toBe(1);
    expect(files().filter((name) => name.startsWith('config'))).toEqual([]);
  });

  test('a file that is taken: a clear line, another is asked for, and the old one is as it was', async () => {
    mkdirSync(file('config/tocsin.yaml'), { recursive: true });
    writeFileSync(file('shopping.yaml'), 'milk: 2\nbread: 1\n');
    const at = sit(['--accounts', 'console', '--no-test-alert'], {});
    await at.until(/config\/tocsin\.yaml: is a folder.*Another file/);
    await at.type(`shopping.yaml${ENTER}`);
    await at.until(/holds something else.*Another file/);
    await at.type(`mine.yaml${ENTER}`);
    await agreeTo(at, [
      /Which countries/,
      /Which languages/,
      /What shall it read/,
      /measure by itself/,
      /status page, too/,
      /Set the bot/,
      /Write mine\.yaml/,
    ]);
    expect(await at.ended()).toBe(0);
    expect(read('shopping.yaml')).toBe('milk: 2\nbread: 1\n');
    expect(parse(read('mine.yaml')).accounts).toEqual([{ id: 'console', platform: 'console', lang: 'en' }]);
  });
});

/** The pages' own lines, typed into a shell; what only the reader has is put in, and no feed is asked. */
test('docs/start.md and docs/manual.md: setup from a script, start, status, test alerts, a token from the environment', async () => {
  const lines = pagesOf(join(import.meta.dirname, '../..')).commands;
  const line = (page: string, part: string): string => {
    const text = lines.find(({ at, text }) => at.startsWith(page) && text.includes(part))?.text;
    expect(text, `${page}: ${part}`).toBeDefined();
    return text!.replace(/\s+#.*$/, '').replace('npx tocsin', `${process.execPath} ${COMMAND}`);
  };
  await using telegram = await FakeTelegram.start({ limits: 'official', rejectUnknown: true });
  const ann = await telegram.user({ first_name: 'Ann' });
  writeFileSync(file('token'), `${telegram.token}\n`);
  const env = { ...process.env, TELEGRAM_API_ROOT: telegram.apiRoot };
  const typed = (text: string, more: object = {}) => {
    const child = spawn('sh', ['-c', text], { cwd: folder, env: { ...env, ...more }, detached: true });
    onTestFinished(() => void orNull(() => process.kill(-child.pid!, 'SIGKILL')));
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (said += text));
    return {
      ended: once(child, 'close').then(([code]) => ({ code: code as number, said })),
      ready: () => waitFor(async () => / INFO +Ready/.test(said) || undefined, 60_000, 'ready'),
      stop: () => process.kill(-child.pid!, 'SIGTERM'),
    };
  };
  const run = async (text: string) => {
    const { code, said } = await typed(text).ended;
    expect(code, `${text}\n${said}`).toBe(0);
    return said;
  };
  const said = await run(
    `${line('docs/start.md', 'setup --telegram').replace('FILE', 'token')} --sources none --no-check`,
  );
  expect(said).toContain('Start it: npm start\n');
  appendFileSync(file('config/tocsin.yaml'), `operators: ["telegram:${ann.id}"]\n`);

  const bot = typed(line('docs/start.md', 'tocsin start'));
  await bot.ready();
  await ann.send('/start');
  await ann.chat.waitFor({ contains: 'Tocsin', timeout_ms: 20_000 });
  expect(await run(line('docs/start.md', 'tocsin status'))).toMatch(/^Running; /);
  await run(line('docs/start.md', 'test-alert --account').replace('-1001234567890', String(ann.id)));
  await run(
    lines
      .find(({ text }) => /tocsin test-alert\s+#/.test(text))!
      .text.replace('npx tocsin', `${process.execPath} ${COMMAND}`),
  );
  expect((await ann.chat.botTexts()).filter((text) => text.includes('Это проверочное оповещение.'))).toHaveLength(2);
  bot.stop();
  await bot.ended;

  writeFileSync(file('none.yaml'), 'sources: []\ndatabase: other.db\n');
  const start = line('docs/manual.md', 'TELEGRAM_TOKEN=').replace(
    /TELEGRAM_TOKEN=\S+/,
    `TELEGRAM_TOKEN=${telegram.token}`,
  );
  const other = typed(`cd ${join(import.meta.dirname, '../..')} && ${start}`, {
    TOCSIN_CONFIG: file('none.yaml'),
    TOCSIN_DATABASE: file('other.db'),
  });
  await other.ready();
  other.stop();
  expect((await other.ended).said).toMatch(/Nobody follows anything yet: write to @\w+: https:\/\/t\.me\/\w+/);
  expect(await telegram.violations()).toEqual([]);
}, 120_000);

async function agreeTo(at: Terminal, questions: readonly RegExp[]): Promise<void> {
  for (const question of questions) {
    await at.until(question);
    await at.type(ENTER);
  }
}

describe('setup with Matrix', () => {
  describeIf(hasSynapse() && hasPython(), NEEDS_SYNAPSE, 'on a real Synapse', () => {
    let synapse: Synapse;
    beforeAll(async () => {
      synapse = await startSynapse();
    }, 120_000);
    afterAll(async () => {
      await synapse?.stop();
    });

    test('by password, a wrong one on the way: the token is kept, the password is not, and the test alert waits in a direct chat', async () => {
      // Another one at a second try: the first has the name.
      const name = `tocsin${performance.now().toFixed()}`;
      await synapse.register(name);
      const ann = await synapse.register(`ann-of-${name}`);
      const began = performance.now();
      const at = sit(['--accounts', 'matrix']);
      await at.until(/homeserver.*example\.org/);
      await at.type(`${synapse.baseUrl}${ENTER}`, PER_KEY_MS / 4);
      await at.until(/How do you log the bot in/);
      await at.type(ENTER, PER_KEY_MS);
      await at.until(/user name.*tocsin/);
      await at.type(`${name}${ENTER}`, PER_KEY_MS);
      await at.until(/Its password/);
      await at.type(`wrong${ENTER}`, PER_KEY_MS);
      await at.until(/not right.*How do you log the bot in/);
      await at.type(ENTER, PER_KEY_MS);
      await at.until(/user name/);
      await at.type(`${name}${ENTER}`, PER_KEY_MS);
      await at.until(/Its password/);
      at.press(`password-of-${name}`);
      await at.type(ENTER);
      await agreeTo(at, [
        new RegExp(`Logged in as @${name}:localhost.*Serve encrypted rooms`),
        /Which countries/,
        /Which languages/,
        /What shall it read/,
        /measure by itself/,
        /status page, too/,
        /Set the bot/,
        /Write config/,
        /A file to keep the recovery key in/,
      ]);
      const recoveryKey = await at.until(/(Es\w\w( \w{4}){11})/);
      await agreeTo(at, [/Send a test alert/]);
      await at.until(/Your own Matrix name/);
      await at.type(`${ann.userId}${ENTER}`, PER_KEY_MS / 4);
      await at.until(/delivered/);
      expect(await at.ended()).toBe(0);
      console.log(`setup with Matrix: ${at.keys} keys, ${((performance.now() - began) / 1_000).toFixed(1)} s`);
      expect(performance.now() - began).toBeLessThan(60_000);

      const sync = await ann.call('GET', '/_matrix/client/v3/sync?timeout=0');
      const [room] = Object.keys((sync.rooms as { invite: object }).invite);
      await ann.join(room!);
      await ann.waitForMessage(room!, ({ body }) => body.includes('This is a test alert.'));
      const written = read();
      expect(parse(written)).toMatchObject({
        accounts: [
          {
            id: 'mx',
            platform: 'matrix',
            homeserver: synapse.baseUrl,
            accessToken: 'file:secrets/mx-access-token',
            e2ee: true,
          },
        ],
        operators: [`matrix:${ann.userId}`],
      });
      const token = read('config/secrets/mx-access-token').trim();
      expect(`${written}${at.raw}`).not.toContain(token);
      expect(`${written}${token}${at.raw}`).not.toContain('password-of-');
      expect(modeOf('config/secrets/mx-access-token')).toBe(0o600);

      // Whoever looks at the homeserver sees a device that its owner vouches for, and the key is kept nowhere.
      const bot = new MatrixUser(synapse.baseUrl, `@${name}:localhost`, token);
      const { device_id: device } = await bot.call('GET', '/_matrix/client/v3/account/whoami');
      const keys = await ann.call('POST', '/_matrix/client/v3/keys/query', { device_keys: { [bot.userId]: [] } });
      expect(publishedOf(keys, bot.userId, String(device))).toMatchObject({ signed: true });
      expect(at.shown.split(recoveryKey)).toHaveLength(2);
      const bytes = files().flatMap((name) =>
        statSync(file(name)).isFile() ? [readFileSync(file(name), 'latin1')] : [],
      );
      expect(bytes.some((one) => one.includes(recoveryKey))).toBe(false);
    });
  });
});
