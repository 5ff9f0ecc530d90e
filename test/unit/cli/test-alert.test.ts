import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { main } from '../../../src/cli/index.ts';
import { type Known, planRecipients, sendOnce } from '../../../src/cli/test-alert.ts';
import type { ChatAdapter, SendOutcome } from '../../../src/core/ports/chat-adapter.ts';
import { renderTestAlert } from '../../../src/core/render/alert.ts';
import { systemClock } from '../../../src/platform/clock.ts';
import { createIds } from '../../../src/platform/ids.ts';
import { openStore } from '../../../src/store/open.ts';
import { capturedOutput } from '../../fakes/captured-output.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { quietLog } from '../../fakes/fake-log.ts';
import { FakeTelegram } from '../../fakes/fake-telegram/client.ts';
import { NOW, translators } from '../render/support.ts';

const TG: Known = { id: 'tg', platform: 'telegram', onlyChat: null };
const MX: Known = { id: 'mx', platform: 'matrix', onlyChat: null };
const CONSOLE: Known = { id: 'console', platform: 'console', onlyChat: 'console' };
type Wish = Parameters<typeof planRecipients>[1] & { operators: string[] };
const wish = (over: Partial<Wish> = {}): Wish => ({ account: null, chat: null, operators: [], ...over });
const operators = ['telegram:12', 'telegram:34', 'telegram:12', 'matrix:@ann:example.org'];

const CASES: [name: string, accounts: Known[], wish: Wish, planned: unknown][] = [
  [
    'nothing named: the operators of each account, once each, and the only chat of a terminal',
    [TG, MX, CONSOLE],
    wish({ operators }),
    {
      recipients: [
        { accountId: 'tg', to: { person: '12' } },
        { accountId: 'tg', to: { person: '34' } },
        { accountId: 'mx', to: { person: '@ann:example.org' } },
        { accountId: 'console', to: { chat: 'console' } },
      ],
      nobody: [],
    },
  ],
  [
    'an account without operators: it is named',
    [TG, CONSOLE],
    wish(),
    { recipients: [{ accountId: 'console', to: { chat: 'console' } }], nobody: ['tg'] },
  ],
  [
    'one account named: only its operators',
    [TG, MX],
    wish({ account: 'mx', operators }),
    { recipients: [{ accountId: 'mx', to: { person: '@ann:example.org' } }], nobody: [] },
  ],
  [
    'a chat and its account: that chat alone',
    [TG, MX],
    wish({ account: 'tg', chat: '-100', operators }),
    { recipients: [{ accountId: 'tg', to: { chat: '-100' } }], nobody: [] },
  ],
  [
    'a chat, and one account that has chats: that one',
    [TG, CONSOLE],
    wish({ chat: '5' }),
    { recipients: [{ accountId: 'tg', to: { chat: '5' } }], nobody: [] },
  ],
];

describe('planRecipients', () => {
  test.each(CASES)('%s', (_name, accounts, wished, planned) => {
    expect(planRecipients(accounts, wished, wished.operators)).toEqual(planned);
  });

  test('a chat that may be of two accounts, and an account that is none: the remedy names them', () => {
    expect(() => planRecipients([TG, MX], wish({ chat: '5' }), [])).toThrow('--chat needs --account, one of: tg, mx');
    expect(() => planRecipients([TG, MX], wish({ account: 'x' }), [])).toThrow('tg, mx');
  });
});

describe('sendOnce', () => {
  const document = renderTestAlert({ timeZone: 'UTC', now: NOW }, translators.of('en'));
  const address = { accountId: 'tg', chat: '5', thread: null };
  const retry = (afterMs: number | null): SendOutcome => ({
    kind: 'retry',
    afterMs,
    scope: 'chat',
    reason: 'rate_limited',
    detail: 'slow down',
  });

  async function outcomes(...list: SendOutcome[]) {
    const clock = new FakeClock(NOW);
    const sent: { chat: string; key: string; at: number }[] = [];
    const adapter = {
      send: async (message: { address: { chat: string }; key: string }) => {
        sent.push({ chat: message.address.chat, key: message.key, at: clock.now() });
        return list[sent.length - 1]!;
      },
    } as unknown as ChatAdapter;
    const signal = new AbortController().signal;
    const done = sendOnce(adapter, { address, document, key: 'k' }, { clock, signal });
    for (let i = 0; i < 5; i++) await clock.pass(30_000);
    return { answer: await done, sent };
  }

  test('a pause that the platform asks for is kept, and the key stays the same', async () => {
    const { answer, sent } = await outcomes(retry(7_000), { kind: 'delivered', messageRef: '1' });
    expect(answer).toBeNull();
    expect(sent.map(({ key }) => key)).toEqual(['k', 'k']);
    expect(sent[1]!.at - sent[0]!.at).toBeGreaterThanOrEqual(7_000);
  });

  test('three refusals for the time being, an hour to wait, or a refusal for good: it ends and says why', async () => {
    expect((await outcomes(retry(null), retry(null), retry(null))).sent).toHaveLength(3);
    const long = await outcomes(retry(3_600_000));
    expect([long.answer, long.sent.length]).toEqual(['not delivered: slow down', 1]);
    const gone = await outcomes({ kind: 'gone', reason: 'client', detail: 'bot was blocked' });
    expect(gone.answer).toEqual('the chat cannot be reached: bot was blocked');
  });

  test('a chat that has moved: it is sent there', async () => {
    const { answer, sent } = await outcomes(
      { kind: 'moved', to: { ...address, chat: '-1005' } },
      { kind: 'delivered', messageRef: '1' },
    );
    expect([answer, sent.map(({ chat }) => chat)]).toEqual([null, ['5', '-1005']]);
  });
});

describe('tocsin test-alert', () => {
  let folder: string;
  let telegram: FakeTelegram;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tocsin-test-alert-'));
    telegram = await FakeTelegram.start({ limits: 'official', rejectUnknown: true });
  });
  afterAll(async () => {
    await telegram.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function run(config: object, ...args: string[]) {
    const file = join(folder, 'tocsin.json');
    writeFileSync(file, JSON.stringify({ database: join(folder, 'none.db'), ...config }));
    const { out, err } = capturedOutput();
    const code = await main(['test-alert', '--config', file, ...args]);
    return { code, out: out.join(''), err: err.join('') };
  }
  const account = () => ({ id: 'tg', platform: 'telegram', token: telegram.token, apiRoot: telegram.apiRoot });

  test('an operator who pressed Start has it as an alert; a stranger, a line why not and code 1; no database is made', async () => {
    const ann = await telegram.user({ first_name: 'Ann' });
    await ann.send('/start');
    const config = { accounts: [account()], operators: [`telegram:${ann.id}`, 'telegram:999999'] };
    const { code, out } = await run(config);
    expect(out).toContain(`tg (telegram) ${ann.id}: delivered`);
    expect(out).toMatch(/tg \(telegram\) 999999: the chat cannot be reached/);
    expect(code).toBe(1);
    const shown = await ann.chat.waitFor({ contains: 'This is a test alert.', timeout_ms: 5_000 });
    expect(shown.text).toContain('Example Messenger');
    expect(existsSync(join(folder, 'none.db'))).toBe(false);
  });

  test('--account and --chat, in another language; nobody known: the remedy, and code 1; an account that is none: code 2', async () => {
    const ben = await telegram.user({ first_name: 'Ben' });
    await ben.send('/start');
    const there = await run({ accounts: [account()] }, '--account', 'tg', '--chat', String(ben.id), '--lang', 'de');
    expect(there.code).toBe(0);
    await ben.chat.waitFor({ contains: 'Das ist ein Probealarm.', timeout_ms: 5_000 });
    const nobody = await run({ accounts: [account()] });
    expect([nobody.code, nobody.out]).toEqual([1, expect.stringContaining('--account tg --chat ID')]);
    expect((await run({ accounts: [account()] }, '--account', 'mx')).code).toBe(2);
    expect((await run({ accounts: [account()] }, '--lang', 'xx')).code).toBe(2);
  });

  test('beside a bot that holds the database: the language and the time of the chat, and nothing is stored', async () => {
    const eve = await telegram.user({ first_name: 'Eve' });
    await eve.send('/start');
    const database = join(folder, 'held.db');
    const store = await openStore(database, { clock: systemClock, log: quietLog, ids: createIds(systemClock) });
    try {
      const at = { accountId: 'tg', chat: String(eve.id), thread: null };
      const { id } = await store.chats.ensure(at, { platform: 'telegram', kind: 'private', lang: 'tr', now: NOW });
      await store.chats.update(id, { timeZone: 'Europe/Istanbul' });
      const { code, out } = await run({ database, accounts: [account()], operators: [`telegram:${eve.id}`] });
      expect([code, out]).toEqual([0, expect.stringContaining('delivered')]);
      const shown = await eve.chat.waitFor({ contains: 'Bu bir deneme uyarısıdır.', timeout_ms: 5_000 });
      expect(shown.text).not.toContain('UTC');
      expect(await store.incidents.list({ open: true, limit: 10 })).toEqual([]);
      expect((await store.outbox.depth()).every(({ queued, sending }) => queued + sending === 0)).toBe(true);
    } finally {
      await store.close();
    }
  });

  test('a terminal: it is printed there', () => {
    const file = join(folder, 'console.json');
    writeFileSync(file, JSON.stringify({ database: ':memory:', accounts: [{ id: 'console', platform: 'console' }] }));
    const main = resolve(import.meta.dirname, '../../../src/main.ts');
    const { status, stdout } = spawnSync(process.execPath, [main, 'test-alert', '--config', file], {
      encoding: 'utf8',
    });
    expect([status, stdout]).toEqual([0, expect.stringContaining('This is a test alert.')]);
  });
});
