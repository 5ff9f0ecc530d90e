/** A newsroom, a monitor and an authority post what they know to a running program: heard once, over a kill, and weighed by who they are. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Program } from './program.ts';

const TOKENS = { newsroom: 'newsroom-token-7c21', monitor: 'monitor-token-d0b4', regulator: 'regulator-token-55f1' };
let port: number;
let program: Program;

const report = (id: string, over: Record<string, unknown> = {}) => ({
  id,
  country: 'RU',
  service: 'whatsapp',
  action: 'block',
  at: new Date(Date.now() - 60_000).toISOString(),
  method: 'dns',
  region: null,
  url: `https://news.example/${id}`,
  title: `The messenger does not open, as ${id} has it`,
  ...over,
});
const post = async (source: keyof typeof TOKENS, body: unknown) => {
  const answer = await fetch(`http://127.0.0.1:${port}/reports`, {
    method: 'POST',
    headers: { authorization: `Bearer ${TOKENS[source]}` },
    body: JSON.stringify(body),
  });
  return { status: answer.status, body: (await answer.json()) as unknown };
};

beforeAll(async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  port = (server.address() as { port: number }).port;
  server.close();
  await once(server, 'close');
  program = await Program.create(
    {
      database: 'tocsin.db',
      baseline: null,
      accounts: [{ id: 'console', platform: 'console' }],
      web: { listen: `127.0.0.1:${port}` },
      policy: { groupWait: '1s' },
      sources: [
        { id: 'newsroom', kind: 'push', token: 'env:NEWSROOM', as: 'outlet', name: 'The Newsroom' },
        { id: 'monitor', kind: 'push', token: 'env:MONITOR', as: 'monitor', name: 'NetWatch' },
        { id: 'regulator', kind: 'push', token: 'env:REGULATOR', as: 'authority', name: 'The Regulator' },
      ],
    },
    { NEWSROOM: TOKENS.newsroom, MONITOR: TOKENS.monitor, REGULATOR: TOKENS.regulator },
  );
  await program.start();
  program.type('subscribe ru');
  await program.until(() => program.stdout.includes('Russia'), 15_000, 'subscribed');
}, 90_000);
afterAll(() => program.remove());

test('one newsroom, whatever it says of itself: nobody is notified; with a monitor: an alert with both and the way it is done', async () => {
  expect(await post('newsroom', report('n1'))).toEqual({ status: 202, body: { new: 1, known: 0 } });
  expect(await post('newsroom', report('n2', { kind: 'authority' }))).toMatchObject({ status: 202 });
  expect(await post('newsroom', report('n3', { title: 'Told once more in words of its own' }))).toMatchObject({
    status: 202,
  });
  await new Promise((wake) => setTimeout(wake, 2_500));
  expect(program.stdout).not.toContain('WhatsApp');
  expect(await post('monitor', report('m1'))).toMatchObject({ status: 202 });
  await program.until(() => /Russia.*WhatsApp/.test(program.stdout), 15_000, 'the alert');
  await program.until(() => program.stdout.includes('NetWatch'), 5_000, 'its sources');
  expect(program.stdout).toContain('The Newsroom');
}, 60_000);

test('killed and started again: the same reports are known', async () => {
  await program.kill();
  await program.start();
  expect(await post('newsroom', [report('n1'), report('n2')])).toEqual({ status: 200, body: { new: 0, known: 2 } });
  expect(await post('newsroom', [report('n1'), report('n9')])).toEqual({ status: 202, body: { new: 1, known: 1 } });
}, 90_000);

test('an authority alone: an alert', async () => {
  expect(await post('regulator', report('a1', { service: 'signal' }))).toMatchObject({ status: 202 });
  await program.until(() => /Russia.*Signal/.test(program.stdout), 15_000, 'the alert');
  await program.until(() => program.stdout.includes('The Regulator'), 5_000, 'its source');
}, 60_000);

test('two say what was months ago: an alert, for who posts means it', async () => {
  const old = { service: 'viber', at: '2026-02-11T09:00:00Z' };
  expect(await post('newsroom', report('o1', old))).toMatchObject({ status: 202 });
  expect(await post('monitor', report('o2', old))).toMatchObject({ status: 202 });
  await program.until(() => /Russia.*Viber/.test(program.stdout), 15_000, 'the alert');
}, 60_000);

test('no token is ever shown', () => {
  for (const token of Object.values(TOKENS)) expect(program.stdout + program.stderr).not.toContain(token);
});
