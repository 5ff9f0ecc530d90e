/** What the operator sees of failures: one warning when one is new, one line when it ends. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FakeTelegram } from '../fakes/fake-telegram/client.ts';
import { FeedServer } from '../fakes/feed-server.ts';
import { Program } from './program.ts';

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const IDS = Array.from({ length: 12 }, (_, i) => `f${i}`);
let telegram: FakeTelegram;
let feeds: FeedServer;
let program: Program;
let from = 0;

/** Lines since the last call, without times, those of the given levels. */
const lines = (levels = /^(WARN|ERROR)/): string[] => {
  const text = program.stderr.slice(from);
  return text
    .split('\n')
    .map((line) => line.slice(25))
    .filter((line) => levels.test(line));
};
const begin = () => {
  from = program.stderr.length;
};

beforeAll(async () => {
  telegram = await FakeTelegram.start({ limits: 'off' });
  feeds = await FeedServer.start();
  for (const id of IDS) feeds.add(id, { title: 'Weather', summary: 'Sunny.' });
  program = await Program.create({
    database: 'tocsin.db',
    accounts: [{ id: 'tg', platform: 'telegram', token: telegram.token, apiRoot: telegram.apiRoot }],
    sources: IDS.map((id) => ({
      id,
      kind: 'rss',
      url: `${feeds.url}/${id}`,
      cron: '* * * * * *',
      publisher: id,
      name: id,
      lang: 'en',
    })),
    network: { allowPrivateAddresses: true, perHost: 8 },
  });
  await program.start();
  await pause(2_000);
});
afterAll(async () => {
  await program?.remove();
  await feeds?.stop();
  await telegram?.stop();
});

test('the database is locked by another program for 12 s, with 12 feeds, commands and a broadcast loop: one line, and one when it works', async () => {
  begin();
  const other = new DatabaseSync(join(program.folder, 'tocsin.db'), { timeout: 5_000 });
  other.exec('begin immediate');
  for (const [i, id] of IDS.entries())
    feeds.add(id, { title: `Russia blocks WhatsApp, says ${i}`, summary: 'The regulator cut off the messenger.' });
  const ann = await telegram.user({ language_code: 'en' });
  for (let i = 0; i < 5; i++) await ann.send('/subscribe ru');
  await pause(12_000);
  other.exec('rollback');
  other.close();
  await program.until(() => /The database works again/.test(program.stderr.slice(from)), 60_000, 'the end is told');
  expect(lines().filter((line) => line.startsWith('ERROR') || line.startsWith('WARN'))).toEqual([
    expect.stringContaining('The database fails; nothing is lost, and it is tried again'),
  ]);
  expect(lines(/^INFO.*again/)).toEqual([expect.stringContaining('The database works again')]);
  await ann.send('/status ru');
  await ann.chat.waitFor({ regex: 'WhatsApp', timeout_ms: 15_000 });
}, 120_000);

test('a feed that answers 500, then times, then 500 again: a line for each code, one at the end', async () => {
  begin();
  let mode: 'status' | 'reset' = 'status';
  feeds.overrides.set('f0', (request, response) =>
    mode === 'status' ? void response.writeHead(500).end() : void request.socket.destroy(),
  );
  await program.until(() => /source=f0 .*code=fetch_status/.test(program.stderr.slice(from)), 20_000, 'a warning');
  mode = 'reset';
  await program.until(() => /source=f0 .*code=fetch_connection/.test(program.stderr.slice(from)), 40_000, 'another');
  mode = 'status';
  await pause(6_000);
  feeds.overrides.delete('f0');
  await program.until(() => /Source is readable again source=f0/.test(program.stderr.slice(from)), 60_000, 'the end');
  expect(lines().map((line) => /code=(\w+)/.exec(line)?.[1])).toEqual(['fetch_status', 'fetch_connection']);
}, 150_000);

test('Telegram answers 502 to everything for a while: one line for receiving, and one when it works', async () => {
  begin();
  await telegram.fault({ fault: '502', probability: 1, times: 1_000_000 });
  await program.until(() => /Unable to receive from Telegram/.test(program.stderr.slice(from)), 30_000, 'a warning');
  await pause(6_000);
  await telegram.clearFaults();
  await program.until(() => /Receiving from Telegram works again/.test(program.stderr.slice(from)), 60_000, 'the end');
  expect(lines().filter((line) => line.includes('receive'))).toHaveLength(1);
  expect(lines()).toHaveLength(1);
}, 120_000);
