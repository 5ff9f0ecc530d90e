import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { main } from '../../../src/cli/index.ts';
import { systemClock } from '../../../src/platform/clock.ts';
import { createIds } from '../../../src/platform/ids.ts';
import { openStore } from '../../../src/store/open.ts';
import { capturedOutput } from '../../fakes/captured-output.ts';
import { quietLog } from '../../fakes/fake-log.ts';
import { freePort } from '../../fakes/free-port.ts';

const TOKEN = '1234567:AAfixtureAAfixtureAAfixtureAAfixture';
const FEED = `<?xml version="1.0"?><rss version="2.0"><channel><title>Example</title><item><title>One</title><guid>1</guid>
<link>https://example.org/1</link><pubDate>Tue, 14 Jan 2020 06:10:00 GMT</pubDate></item></channel></rss>`;

let folder: string;
let server: Server;
let base: string;
const asked: string[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tocsin-check-'));
  server = createServer((request, response) => {
    asked.push(request.url ?? '');
    if (request.url === '/feed') response.setHeader('content-type', 'application/rss+xml').end(FEED);
    else if (request.url === `/bot${TOKEN}/getMe`) {
      response.setHeader('content-type', 'application/json');
      response.end(
        JSON.stringify({ ok: true, result: { id: 1234567, is_bot: true, first_name: 'T', username: 'tbot' } }),
      );
    } else {
      response.statusCode = 401;
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ ok: false, error_code: 401, description: 'Unauthorized' }));
    }
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

async function check(config: string, ...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const file = join(folder, 'tocsin.yaml');
  writeFileSync(file, config);
  vi.spyOn(process, 'cwd').mockReturnValue(folder);
  const { out, err } = capturedOutput();
  const code = await main(['check', '--config', file, ...args]);
  vi.restoreAllMocks();
  return { code, out: out.join(''), err: err.join('') };
}

describe('an account that is another than its chats know', () => {
  const keep = async (id: string, name: string, paused = false): Promise<void> => {
    const ids = createIds(systemClock);
    const store = await openStore(join(folder, 'known.db'), { clock: systemClock, log: quietLog, ids });
    await store.state('account/tg').set('identity', { id, name });
    if (paused) await store.state('account/tg').set('paused', { at: 1 });
    else await store.state('account/tg').delete('paused');
    await store.close();
  };
  const config = (identity = '', database = 'known.db') => `
database: ${database}
sources: [{ id: a, kind: rss, publisher: a, url: "${base}/feed" }]
network: { allowPrivateAddresses: true }
accounts: [{ id: tg, platform: telegram, token: "${TOKEN}", apiRoot: "${base}"${identity} }]
`;
  const rowOf = (out: string) => out.split('\n').find((line) => / account /.test(line))!;

  test('the stored one: well, and named', async () => {
    await keep('1234567', '@oldname');
    expect(rowOf((await check(config())).out)).toMatch(/^ok .*logged in as @tbot$/);
  });

  test('another one: fails, with both names and the remedy', async () => {
    await keep('222', '@other_bot');
    const { code, out } = await check(config());
    expect(code).toBe(1);
    expect(rowOf(out)).toMatch(
      /^FAIL .*it was @other_bot \(id 222\) until now, and the token is that of @tbot \(id 1234567\): put the former token back, .* identity: "1234567"$/,
    );
  });

  test('the config names the new one, or the account is paused in doubt, or there is no database yet: well', async () => {
    await keep('222', '@other_bot');
    expect(rowOf((await check(config(', identity: "1234567"'))).out)).toMatch(/^ok /);
    expect(rowOf((await check(config('', 'new.db'))).out)).toMatch(/^ok /);
    await keep('222', '@other_bot', true);
    expect(rowOf((await check(config())).out)).toMatch(/^ok /);
  });

  test('the config names yet another: fails, whether or not one is stored', async () => {
    const { code, out } = await check(config(', identity: "333"', 'new.db'));
    expect(code).toBe(1);
    expect(rowOf(out)).toMatch(/the config says identity: "333": put in the token of that bot, or mend identity$/);
  });
});

describe('tocsin check', () => {
  test('a bad config: exit 2, every fault on stderr, nothing on stdout', async () => {
    const { code, out, err } = await check('databse: x\npolicy: { groupWait: soon }\n');
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(/tocsin\.yaml: databse: unknown key; did you mean "database"\?/);
    expect(err).toMatch(/policy\.groupWait: "soon" is no duration/);
  });

  test('all well: exit 0, a line for each part; the platform is asked who we are, and no update is taken', async () => {
    const { code, out } = await check(`
network: { allowPrivateAddresses: true }
accounts: [{ id: tg, platform: telegram, token: "${TOKEN}", apiRoot: "${base}" }]
sources: [{ id: example, kind: rss, publisher: example, url: "${base}/feed" }]
`);
    expect(out).toMatch(/^ok +account +tg/m);
    expect(out).toMatch(/^ok +source +example +1 item, newest 2020-01-14T06:10Z$/m);
    expect(out).toMatch(/^ok +database +data\/tocsin\.db +not there yet/m);
    expect(code).toBe(0);
    expect(asked.filter((url) => /getUpdates|deleteWebhook|setMyCommands/.test(url))).toEqual([]);
  });

  test('a dead feed and a refused token: exit 1, each with its reason, the token nowhere', async () => {
    const wrong = '7654321:BBfixtureBBfixtureBBfixtureBBfixture';
    const { code, out, err } = await check(
      `
network: { allowPrivateAddresses: true }
accounts: [{ id: tg, platform: telegram, token: "${wrong}", apiRoot: "${base}" }]
sources: [{ id: dead, kind: rss, publisher: example, url: "http://127.0.0.1:9/feed" }]
`,
      '--json',
    );
    expect(code).toBe(1);
    const rows = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { part: string; name: string; ok: boolean; detail: string });
    const failed = rows.filter((row) => !row.ok);
    // Whether this system can make any or not: answers are complete without, so it is never what is wrong.
    expect(rows.find((row) => row.part === 'pictures')).toMatchObject({
      ok: true,
      detail: expect.stringMatching(/^pictures can be made$|answers are text alone: \S/),
    });
    expect(failed.map((row) => row.part).sort()).toEqual(['account', 'source']);
    expect(failed.find((row) => row.part === 'source')?.detail).toMatch(/^fetch_connection/);
    expect(out + err).not.toContain(wrong);
  });

  test('--alive without a bot: exit 1', async () => {
    const { code, out } = await check('sources: []\n', '--alive');
    expect([code, out]).toEqual([1, 'not alive: no heartbeat\n']);
  });

  test.each<[string, number, number, RegExp]>([
    ['just now', 5_000, 0, /^alive: last heartbeat \d+ s ago\n$/],
    ['minutes ago', 300_000, 1, /^not alive: last heartbeat 30\d s ago\n$/],
  ])('--alive of a bot that beat %s', async (_name, ago, code, says) => {
    const store = await openStore(join(folder, 'beat.db'), {
      clock: systemClock,
      log: quietLog,
      ids: createIds(systemClock),
    });
    await store.state('app').set('heartbeat', { at: Date.now() - ago });
    const ask = (...flags: string[]) => check('sources: []\ndatabase: beat.db\n', ...flags);
    const alive = await ask('--alive');
    expect([alive.code, alive.out]).toEqual([code, expect.stringMatching(says)]);
    expect((await ask()).out).toMatch(code === 0 ? / readable; a bot is running on it$/m : / readable$/m);
    await store.close();
    const ended = await ask('--alive');
    expect([ended.code, ended.out]).toEqual([1, expect.stringMatching(/^not alive: last heartbeat \d+ s ago\n$/)]);
    expect((await ask()).out).toMatch(/ readable$/m);
  });

  test.each<[string, string, string, RegExp]>([
    ['in memory', ':memory:', 'ok', /kept in memory, lost at the end$/],
    ['that is none', 'none.db', 'FAIL', /store_\w+: .*none\.db is no database/],
    ['that is an empty file', 'empty.db', 'FAIL', /is an empty file that Tocsin did not make: delete it/],
    ['that is not there yet', 'a/b/new.db', 'ok', /not there yet; the first start makes it$/],
  ])('a database %s', async (_name, database, mark, detail) => {
    writeFileSync(join(folder, 'none.db'), 'a text of more than sixteen characters');
    writeFileSync(join(folder, 'empty.db'), '');
    const { out, code } = await check(`sources: []\ndatabase: "${database}"\n`);
    const row = out.split('\n').find((line) => / database /.test(line))!;
    expect([row.startsWith(mark), code]).toEqual([true, mark === 'ok' ? 0 : 1]);
    expect(row).toMatch(detail);
  });

  test('--offline: the config alone, and nobody is asked', async () => {
    asked.length = 0;
    const { out, code } = await check(
      `sources: [{ id: a, kind: rss, publisher: a, url: "${base}/feed" }]\n`,
      '--offline',
    );
    expect([code, asked]).toEqual([0, []]);
    expect(out).toMatch(/^ok +config +tocsin\.yaml +1 account, 1 source, \d+ services\nAll is well\.\n$/);
  });
});

test('addresses of the web server: one that is taken fails and is named with its key, one that is free is told', async () => {
  const free = await freePort();
  const { code, out } = await check(`
database: ":memory:"
sources: []
web: { listen: "${base.slice('http://'.length)}", private: "127.0.0.1:${free}" }
`);
  expect(code).toBe(1);
  expect(out).toMatch(
    /^FAIL +web +127\.0\.0\.1:\d+ .*something else listens there; name another address under "web: listen"/m,
  );
  expect(out).toMatch(new RegExp(`^ok +web +127\\.0\\.0\\.1:${free} +free$`, 'm'));
});
