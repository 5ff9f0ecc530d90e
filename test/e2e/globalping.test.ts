/** One outlet posts a block; the running program asks volunteers' probes in the country, and tells it as confirmed. `probe --from` asks them by hand. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FAILED, FINE_DNS, FINE_HTTP, GONE, globalping } from '../unit/globalping/server.ts';
import { type Running, serve } from '../unit/http/servers.ts';
import { Program } from './program.ts';

const TOKEN = 'newsroom-token-7c21';
const ROOT = join(import.meta.dirname, '..', '..');
let port: number;
let server: Running;
let program: Program;
const probes = globalping(({ type, target, resolver, country }) => {
  if (target === 'signal.org') return type === 'dns' ? (resolver === '1.1.1.1' ? FINE_DNS : GONE) : FINE_HTTP;
  return type === 'dns' ? FINE_DNS : country === 'RU' ? FAILED : FINE_HTTP;
});

const post = async (service: string) => {
  const answer = await fetch(`http://127.0.0.1:${port}/reports`, {
    method: 'POST',
    headers: { authorization: `Bearer ${TOKEN}` },
    body: JSON.stringify({
      id: service,
      country: 'RU',
      service,
      action: 'block',
      at: new Date(Date.now() - 60_000).toISOString(),
      url: `https://news.example/${service}`,
      title: 'It does not open any more',
    }),
  });
  return answer.status;
};

beforeAll(async () => {
  server = await serve(probes.listener);
  const free = createServer().listen(0, '127.0.0.1');
  await once(free, 'listening');
  port = (free.address() as { port: number }).port;
  free.close();
  await once(free, 'close');
  program = await Program.create(
    {
      database: 'tocsin.db',
      baseline: null,
      accounts: [{ id: 'console', platform: 'console' }],
      network: { allowPrivateAddresses: true },
      web: { listen: `127.0.0.1:${port}` },
      sources: [
        { id: 'newsroom', kind: 'push', token: 'env:NEWSROOM', name: 'The Newsroom' },
        { id: 'globalping', kind: 'globalping', url: server.url, countries: ['RU'] },
      ],
    },
    { NEWSROOM: TOKEN },
  );
  await program.start();
  program.type('subscribe ru');
  await program.until(() => program.stdout.includes('Russia'), 15_000, 'subscribed');
}, 90_000);
afterAll(async () => {
  await program.remove();
  await server.close();
});

test('an outlet and the probes: confirmed, and Globalping is named with a link', async () => {
  expect(await post('whatsapp')).toBe(202);
  await program.until(() => /Russia.*WhatsApp/.test(program.stdout), 60_000, 'the alert');
  await program.until(() => program.stdout.includes('globalping.io/?measurement='), 10_000, 'its link');
  expect(program.stdout).toMatch(/Confirmed.*Globalping/s);
}, 90_000);

test('delisted from the national DNS: told as that', async () => {
  expect(await post('signal')).toBe(202);
  await program.until(() => /Russia.*Signal/.test(program.stdout), 60_000, 'the alert');
  expect(program.stdout).toContain('DNS');
}, 90_000);

test('by hand: a line a service', async () => {
  const args = [
    join(ROOT, 'src/main.ts'),
    'probe',
    'whatsapp',
    'signal',
    '--from',
    'RU',
    '--json',
    '--config',
    program.configFile,
  ];
  const run = promisify(execFile)(process.execPath, args, { env: { PATH: process.env.PATH ?? '', NEWSROOM: TOKEN } });
  const lines = (await run).stdout.trim().split('\n');
  expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([
    { target: 'whatsapp', verdict: 'unreachable' },
    { target: 'signal', verdict: 'dns_blocked', detail: 'delisted' },
  ]);
}, 90_000);
