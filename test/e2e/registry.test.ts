/** A running program reads a register every second: the first reading tells nothing, thirteen names added in one dump are one alert, and what is taken off is told as over. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Running, serve } from '../unit/http/servers.ts';
import { dump, row } from '../unit/registry/harness.ts';
import { Program } from './program.ts';

const NAMES: Record<string, string> = {
  'whatsapp.com': 'WhatsApp',
  'youtube.com': 'YouTube',
  'facebook.com': 'Facebook',
  'instagram.com': 'Instagram',
  'messenger.com': 'Facebook Messenger',
  'windscribe.com': 'Windscribe',
  'torproject.org': 'Tor',
  'bbc.com': 'BBC',
  'dw.com': 'Deutsche Welle',
  'svoboda.org': 'Radio Free Europe/Radio Liberty',
  'themoscowtimes.com': 'The Moscow Times',
  'signal.org': 'Signal',
  'discord.com': 'Discord',
};
let server: Running;
let program: Program;
let body = dump(row('viber.com'));

beforeAll(async () => {
  server = await serve((_request, response) => void response.end(body));
  program = await Program.create({
    database: 'tocsin.db',
    baseline: null,
    accounts: [{ id: 'console', platform: 'console' }],
    network: { allowPrivateAddresses: true },
    policy: { groupWait: '1s' },
    sources: [
      {
        id: 'z-i',
        kind: 'registry',
        format: 'z-i',
        country: 'RU',
        urls: [`${server.url}/dump.csv`],
        cron: '*/1 * * * * *',
        name: 'The Register',
      },
    ],
  });
  await program.start();
  program.type('subscribe ru');
  await program.until(() => program.stdout.includes('Russia'), 15_000, 'subscribed');
  const { seen } = server;
  await program.until(() => seen.length >= 3, 20_000, 'read');
}, 90_000);
afterAll(async () => {
  await program.remove();
  await server.close();
});

test('thirteen names at once: one message with thirteen services, and the register as its source', async () => {
  const from = program.stdout.length;
  body = dump([...Object.keys(NAMES), 'viber.com'].map((name) => row(name)).join(''));
  const told = () => program.stdout.slice(from);
  await program.until(() => Object.values(NAMES).every((name) => told().includes(name)), 30_000, 'the alert');
  await program.until(() => told().includes('The Register'), 5_000, 'its source');
  expect(told().match(/🔴/gu)).toHaveLength(1);
  // Named as cut: neither in the headline nor under an id. (What the reader can do names services that are not.)
  expect(told()).toMatch(/🔴 Russia: 13 services blocked/u);
  expect(told()).not.toMatch(/RU-viber-/);
}, 60_000);

test('one is taken off: told as over, after the next reading', async () => {
  const from = program.stdout.length;
  body = dump(['signal.org', 'viber.com'].map((name) => row(name)).join(''));
  await program.until(
    () => /🟢.*WhatsApp|WhatsApp.*(?:open|restored|again)/i.test(program.stdout.slice(from)),
    30_000,
    'the lift',
  );
  expect(program.stdout.slice(from)).not.toMatch(/Signal.*(?:restored|again)/i);
}, 60_000);
