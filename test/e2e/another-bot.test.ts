/** Another bot's token under the same account id: nobody's subscription ends, whatever the state knows of the account. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FakeTelegram } from '../fakes/fake-telegram/client.ts';
import { FeedServer } from '../fakes/feed-server.ts';
import { Program } from './program.ts';
import { Bell } from './torture/bell.ts';
import { numbers, seed } from './torture/subscribers.ts';

const CHATS = 500;
const FIRST = 100_000_001;
let telegram: FakeTelegram;
let feeds: FeedServer;
let bell: Bell;
let program: Program;
let other: { token: string; id: number; username: string };

beforeEach(async () => {
  telegram = await FakeTelegram.start({ limits: 'off', process: true, maxMessages: 0 });
  await telegram.users(CHATS, { first_id: FIRST, started: true });
  other = await telegram.bot({ username: 'other_bot' });
  feeds = await FeedServer.start();
  bell = new Bell(feeds);
});
afterEach(async () => {
  await program?.remove();
  await feeds.stop();
  await telegram.stop();
});

async function create(token: string, more: { accounts?: object[]; seeds?: Parameters<typeof seed>[1] } = {}) {
  program = await Program.create({
    database: 'tocsin.db',
    accounts: [
      { id: 'tg', platform: 'telegram', token, apiRoot: telegram.apiRoot, rate: 200 },
      ...(more.accounts ?? []),
    ],
    sources: [bell.source],
    policy: { groupWait: '0s' },
    network: { allowPrivateAddresses: true },
  });
  const chats = { [Symbol.iterator]: () => numbers(FIRST, CHATS) };
  await seed(join(program.folder, 'tocsin.db'), [
    { account: 'tg', platform: 'telegram', chats },
    ...(more.seeds ?? []),
  ]);
}

async function useToken(token: string, identity?: string): Promise<void> {
  const config = JSON.parse(await readFile(program.configFile, 'utf8'));
  config.accounts[0] = { ...config.accounts[0], token, identity };
  await writeFile(program.configFile, JSON.stringify(config));
}

function subscribed(account = 'tg'): number {
  const db = new DatabaseSync(join(program.folder, 'tocsin.db'), { readOnly: true });
  const row = db.prepare('select count(*) as n from subscriptions where account_id = ?').get(account);
  db.close();
  return Number(row!.n);
}

async function heardOf(change: string): Promise<number> {
  const tally = await telegram.tally(`(${change})`, { per_chat: true, counts: true });
  return Object.keys(tally.counts as object).length;
}

async function until(met: () => Promise<boolean>, ms: number, what: string): Promise<void> {
  for (const end = performance.now() + ms; !(await met()); await sleep(200))
    if (performance.now() > end) throw new Error(`Not within ${ms} ms: ${what}\n${program.tail()}`);
}

test('the account is known: it stops with both bots and the remedy by name, another account goes on, the old token brings all', async () => {
  const third = await telegram.bot({ username: 'third_bot' });
  const ann = await telegram.user({ id: 777_001, first_name: 'Ann' });
  await ann.send('/start', { bot: third.token });
  await create(telegram.token, {
    accounts: [{ id: 'second', platform: 'telegram', token: third.token, apiRoot: telegram.apiRoot }],
    seeds: [{ account: 'second', platform: 'telegram', chats: ['777001'] }],
  });
  await program.start();
  const first = bell.ring();
  await until(async () => (await heardOf(first)) > CHATS, 20_000, 'all hear');
  expect(await program.stop()).toBe(0);

  await useToken(other.token);
  const from = program.stderr.length;
  await program.start();
  const second = bell.ring();
  await ann.chat.waitFor({ regex: second, timeout_ms: 10_000 });
  await sleep(1_000);
  const errors = program.stderr
    .slice(from)
    .split('\n')
    .filter((line) => / (ERROR|WARN) /.test(line) && line.includes('"tg"'));
  expect(errors).toHaveLength(1);
  for (const word of ['@other_bot', String(other.id), 'former token', 'another id', 'identity'])
    expect(errors[0]).toContain(word);
  expect(subscribed()).toBe(CHATS);
  expect(await program.stop()).toBe(0);

  await useToken(telegram.token);
  await program.start();
  await until(async () => (await heardOf(second)) > CHATS, 20_000, 'all hear what was kept');
}, 90_000);

test('nothing is known of the account: nobody ends, one warning; with the right token again all hear', async () => {
  await create(other.token);
  await program.start();
  const change = bell.ring();
  await program.until(() => program.stderr.includes('Most chats of this account'), 15_000, 'the warning');
  await sleep(3_000);
  expect(subscribed()).toBe(CHATS);
  expect(program.stderr.split('\n').filter((line) => / (ERROR|WARN) /.test(line))).toHaveLength(1);
  expect(await program.stop()).toBe(0);

  await useToken(telegram.token);
  await program.start();
  await until(async () => (await heardOf(change)) >= CHATS, 30_000, 'all hear what was kept');
  expect(program.stderr).toContain('Chats are reached again');
  expect(subscribed()).toBe(CHATS);
}, 90_000);

test('one of twenty has blocked the bot: these end, nobody else, no warning', async () => {
  for (let i = 0; i < CHATS; i += 20)
    await telegram.fault({ fault: 'blocked', method: 'sendMessage', chat_id: FIRST + i, times: 1_000 });
  await create(telegram.token);
  await program.start();
  const change = bell.ring();
  await until(async () => subscribed() <= CHATS - CHATS / 20, 20_000, 'they end');
  await until(async () => (await heardOf(change)) >= CHATS - CHATS / 20, 20_000, 'the others hear');
  await sleep(1_000);
  expect(subscribed()).toBe(CHATS - CHATS / 20);
  expect(program.stderr.split('\n').filter((line) => / (ERROR|WARN) /.test(line))).toEqual([]);
}, 60_000);
