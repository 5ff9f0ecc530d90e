/** `tocsin setup` with nobody at the terminal: every question answered by an option. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { parse } from 'yaml';
import { main } from '../../../src/cli/index.ts';
import { homeOf, nextSteps } from '../../../src/cli/setup.ts';
import { capturedOutput } from '../../fakes/captured-output.ts';
import { FakeTelegram } from '../../fakes/fake-telegram/client.ts';

let telegram: FakeTelegram;
let folder: string;
beforeAll(async () => {
  telegram = await FakeTelegram.start({ limits: 'off', rejectUnknown: true });
});
afterAll(async () => {
  await telegram.stop();
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tocsin-setup-'));
  vi.spyOn(process, 'cwd').mockReturnValue(folder);
  // The environment of whoever runs the tests answers nothing.
  for (const name of ['TOCSIN_CONFIG', 'TELEGRAM_API_ROOT', 'LC_ALL', 'LC_MESSAGES', 'LANG'])
    vi.stubEnv(name, undefined);
  writeFileSync(join(folder, 'token'), telegram.token);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

const read = (name = 'config/tocsin.yaml'): string => readFileSync(join(folder, name), 'utf8');
const quiet = ['--yes', '--no-check', '--no-test-alert', '--no-profile'];
const withToken = (name = 'token') => ['--telegram-token-file', name, '--telegram-api-root', telegram.apiRoot];

async function setup(...args: string[]): Promise<{ code: number; said: string }> {
  const { out, err } = capturedOutput();
  const code = await main(['setup', ...args]);
  return { code, said: [...out, ...err].join('') };
}

test('run again: only what was answered changes; comments, order and the secret stay', async () => {
  const first = await setup(...withToken(), ...quiet);
  expect(first, first.said).toMatchObject({ code: 0, said: expect.stringContaining('Written: config/tocsin.yaml') });
  const mine = read()
    .replace('accounts:\n', 'accounts:\n  # the bot of our office\n')
    .concat('\npolicy: { groupWait: 30s } # ours\n');
  writeFileSync(join(folder, 'config/tocsin.yaml'), mine);
  const again = await setup('--countries', 'by', ...quiet);
  expect(again.code, again.said).toBe(0);
  expect(read()).toContain(mine.trimEnd());
  expect(parse(read())).toMatchObject({
    policy: { groupWait: '30s' },
    sources: [{ id: 'ooni', countries: ['BY'] }, { id: 'ioda', countries: ['BY'] }, { id: 'gdelt' }],
  });
  expect(read('config/secrets/tg-token').trim()).toBe(telegram.token);
  const same = read();
  expect((await setup(...quiet)).said).toContain('config/tocsin.yaml stays as it is');
  expect(read()).toBe(same);
});

test("another bot's token where one is configured: said by name; added or put in its place only as told", async () => {
  const other = await telegram.bot({ username: 'other_office_bot' });
  writeFileSync(join(folder, 'other'), other.token);
  await setup(...withToken(), ...quiet);
  const before = read();
  const asked = await setup(...withToken('other'), ...quiet);
  expect([asked.code, asked.said]).toEqual([2, expect.stringContaining('--other is missing')]);
  expect(asked.said).toContain('@other_office_bot');
  expect([read(), read('config/secrets/tg-token').trim()]).toEqual([before, telegram.token]);
  const added = await setup(...withToken('other'), '--other', 'add', ...quiet);
  expect(added.code, added.said).toBe(0);
  expect(parse(read()).accounts.map(({ id }: { id: string }) => id)).toEqual(['tg', 'tg2']);
  expect(read('config/secrets/tg2-token').trim()).toBe(other.token);
  writeFileSync(join(folder, 'config/tocsin.yaml'), before);
  const replaced = await setup(...withToken('other'), '--other', 'replace', ...quiet);
  expect(replaced.code, replaced.said).toBe(0);
  expect(parse(read()).accounts).toMatchObject([{ id: 'tg', identity: String(other.id) }]);
});

test('the same bot again: its account, with the new login', async () => {
  await setup(...withToken(), ...quiet);
  const before = read();
  const { code, said } = await setup(...withToken(), ...quiet);
  expect([code, said]).toEqual([0, expect.stringContaining('That is the account "tg"')]);
  expect(read()).toBe(before);
});

test('a script without network: code 1, since nothing is wrong with what it asked; a token that is none: code 2; nothing is written', async () => {
  const away = ['--telegram-token-file', 'token', '--telegram-api-root', 'http://127.0.0.1:9'];
  const countries = ['--countries', 'ru', '--languages', 'ru'];
  const failed = await setup(...away, ...countries, ...quiet);
  expect([failed.code, failed.said]).toEqual([1, expect.stringContaining('Telegram cannot be reached')]);
  writeFileSync(join(folder, 'other'), '1234567:AAEaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa');
  const unknown = await setup(...withToken('other'), ...countries, ...quiet);
  expect([unknown.code, unknown.said]).toEqual([2, expect.stringContaining('does not know this token')]);
  expect(existsSync(join(folder, 'config'))).toBe(false);
});

test('nobody at the terminal: code 2, and the options that are missing by name', async () => {
  const { code, said } = await setup();
  expect(code).toBe(2);
  for (const option of [
    '--telegram-token-file',
    '--matrix-homeserver',
    '--countries',
    '--languages',
    '--sources',
    '--vantage',
    '--no-test-alert',
  ])
    expect(said).toContain(option);
  expect(existsSync(join(folder, 'config'))).toBe(false);
});

const BAD: [name: string, prepare: () => void, args: string[], said: RegExp][] = [
  [
    'a token that Telegram does not know',
    () => writeFileSync(join(folder, 'token'), `1234567:${'A'.repeat(35)}`),
    [],
    /does not know this token/,
  ],
  [
    'a file of the token that is not there',
    () => rmSync(join(folder, 'token')),
    [],
    /--telegram-token-file token: there is no such file/,
  ],
  ['an empty one', () => writeFileSync(join(folder, 'token'), '\n'), [], /token: is empty/],
  ['a country that is none', () => {}, ['--countries', 'ru,atlantis'], /"atlantis" is no country/],
  ['a language that is none', () => {}, ['--languages', 'xx'], /"xx" is not among them/],
  ['a source that is none', () => {}, ['--sources', 'pravda'], /"pravda" is unknown/],
  ['a vantage file that is not there', () => {}, ['--vantage', 'nowhere.yaml'], /there is no file nowhere\.yaml/],
  ['an option that is none', () => {}, ['--token', 'x'], /--token/],
  [
    'a folder where the configuration should be',
    () => mkdirSync(join(folder, 'config/tocsin.yaml'), { recursive: true }),
    [],
    /config\/tocsin\.yaml: is a folder/,
  ],
  [
    'a link that leads nowhere',
    () => {
      mkdirSync(join(folder, 'config'));
      symlinkSync(join(folder, 'nowhere'), join(folder, 'config/tocsin.yaml'));
    },
    [],
    /is a link that leads nowhere/,
  ],
  [
    'a file where its folder should be',
    () => writeFileSync(join(folder, 'config'), ''),
    [],
    /cannot lie in .*config, which is no folder/,
  ],
  [
    'a file of something else',
    () => {
      mkdirSync(join(folder, 'config'));
      writeFileSync(join(folder, 'config/tocsin.yaml'), 'milk: 2\n');
    },
    [],
    /holds something else/,
  ],
  [
    'a folder where a secret should be',
    () => mkdirSync(join(folder, 'config/secrets/tg-token/x'), { recursive: true }),
    [],
    /cannot be written.*Nothing was changed/,
  ],
];
test.each(BAD)('%s: one clear line, code 2, nothing written', async (_name, prepare, args, pattern) => {
  prepare();
  const { code, said } = await setup(...withToken(), ...args, ...quiet);
  expect(said).toMatch(pattern);
  expect(code).toBe(2);
  const config = statSync(join(folder, 'config/tocsin.yaml'), { throwIfNoEntry: false });
  expect(config?.isFile() ? read() : 'milk: 2\n').toBe('milk: 2\n');
  expect(existsSync(join(folder, 'config/secrets/tg-token.new'))).toBe(false);
});

test('a configuration that was sound has to stay so: else nothing is written, and the old secret stays', async () => {
  await setup(...withToken(), ...quiet);
  const before = read();
  mkdirSync(join(folder, 'config/vantage.d'));
  writeFileSync(join(folder, 'config/vantage.d/mine.yaml'), 'nonsense: true\n');
  const { code, said } = await setup('--vantage', 'config/vantage.d/mine.yaml', ...quiet);
  expect([code, said]).toEqual([2, expect.stringMatching(/would not be sound.*nothing was written[\s\S]*nonsense/)]);
  expect(read()).toBe(before);
});

test('a configuration with a fault of its own (a variable that only the service has): it is told, and can be changed all the same', async () => {
  mkdirSync(join(folder, 'config'));
  writeFileSync(
    join(folder, 'config/tocsin.yaml'),
    '# ours\naccounts:\n  - { id: console, platform: console }\ndatabase: env:NOWHERE_SET\n',
  );
  const { code, said } = await setup('--countries', 'ir', ...quiet);
  expect(said).toContain('NOWHERE_SET');
  expect(code).toBe(1);
  expect(read()).toMatch(
    /^# ours\naccounts:\n {2}- \{ id: console, platform: console, lang: en \}\ndatabase: env:NOWHERE_SET\n/,
  );
  expect(parse(read()).sources[0].countries).toEqual(['IR']);
});

test('a vantage point on this line: a file of its own, with country and network, which check takes', async () => {
  const { code, said } = await setup(
    '--accounts',
    'console',
    '--vantage',
    'here',
    '--vantage-country',
    'ee',
    '--vantage-asn',
    'as64500',
    ...quiet,
  );
  expect(code, said).toBe(0);
  expect(parse(read()).vantage).toBe('vantage.yaml');
  expect(parse(read('config/vantage.yaml'))).toMatchObject({ id: 'here', country: 'EE', asn: 'AS64500' });
});

test('an operator by number, and no test alert: written down all the same', async () => {
  const { code, said } = await setup(...withToken(), '--telegram-operator', '4711', ...quiet);
  expect(code, said).toBe(0);
  expect(parse(read()).operators).toEqual(['telegram:4711']);
  expect(said).toContain('  accounts + id tg, platform telegram, token file:secrets/tg-token');
});

test('a status page: an address for health of its own; asked again nothing changes; another port keeps the rest; none ends it', async () => {
  await setup('--accounts', 'console', '--page', '--page-url', 'https://tocsin.example.org', ...quiet);
  const web = {
    listen: '127.0.0.1:8080',
    private: '127.0.0.1:8081',
    publicUrl: 'https://tocsin.example.org',
    pages: true,
  };
  expect(parse(read()).web).toEqual(web);
  expect((await setup('--page', ...quiet)).said).toContain('stays as it is');
  const { said } = await setup('--page-port', '9090', '--page-measure', ...quiet);
  expect(said).toContain('Its page, once it runs: https://tocsin.example.org');
  const moved = { ...web, listen: '127.0.0.1:9090', private: '127.0.0.1:9091', pages: { measure: true } };
  expect(parse(read()).web).toEqual(moved);
  // Health and metrics go along with the page, unless they were put elsewhere.
  writeFileSync(join(folder, 'config/tocsin.yaml'), read().replace('127.0.0.1:9091', '127.0.0.1:9999'));
  await setup('--page-port', '9191', ...quiet);
  expect(parse(read()).web).toMatchObject({ listen: '127.0.0.1:9191', private: '127.0.0.1:9999' });
  await setup('--no-page', ...quiet);
  expect(parse(read()).web).toMatchObject({ pages: false });
  expect((await setup('--page-port', 'ninety', ...quiet)).code).toBe(2);
});

test('a webhook: address and key in files, told of the countries; given again only its address changes', async () => {
  writeFileSync(join(folder, 'url'), 'https://example.org/hook\n');
  const again = () => setup('--webhook-url-file', 'url', '--countries', 'ru,ir', ...quiet);
  expect((await again()).code).toBe(0);
  const [account] = parse(read()).accounts;
  const secrets = { url: 'file:secrets/hook-url', secret: 'file:secrets/hook-secret' };
  expect(account).toMatchObject({ platform: 'webhook', preset: 'standard', follow: ['ru', 'ir'], ...secrets });
  const [text, key] = [read(), read('config/secrets/hook-secret')];
  expect(key).toMatch(/^whsec_/);
  writeFileSync(join(folder, 'url'), 'https://example.org/other\n');
  expect((await again()).code).toBe(0);
  expect([read(), read('config/secrets/hook-secret')]).toEqual([text, key]);
  expect(read('config/secrets/hook-url')).toBe('https://example.org/other\n');
  writeFileSync(join(folder, 'url'), 'nowhere');
  expect(await again()).toMatchObject({ code: 2, said: expect.stringContaining('http or https address') });
});

test('what to type next: as it is started where it runs', () => {
  const ways = ['systemctl enable --now tocsin', 'docker compose --profile one up -d', undefined];
  expect(ways.map((by) => homeOf(by, false))).toEqual(['service', 'container', 'package']);
  expect(homeOf(undefined, true)).toBe('source');
  const before = { file: '/a.yaml', name: 'a.yaml', text: '', data: {}, config: null, fault: null };
  const first = (['service', 'container', 'source', 'package'] as const).map(
    (home, i) => nextSteps(before, ways[i], home)[0],
  );
  expect(first.map((text) => /: (.*)/.exec(text!)![1])).toEqual([
    'systemctl enable --now tocsin',
    'docker compose --profile one up -d',
    'npm start -- --config a.yaml',
    'npx tocsin start --config a.yaml',
  ]);
});

test('JSON: written as JSON', async () => {
  const { code, said } = await setup(
    '--config',
    'tocsin.json',
    '--accounts',
    'console',
    '--countries',
    'ru,ir',
    ...quiet,
  );
  expect(code, said).toBe(0);
  expect(JSON.parse(read('tocsin.json'))).toMatchObject({
    accounts: [{ id: 'console' }],
    include: ['bundled:feeds.yaml'],
  });
});
