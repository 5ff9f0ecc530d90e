/** A picker of the built program on Telegram: what is tapped is followed and ticked in place; quick taps, a kill between two of them, a location. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { FakeTelegram, type FakeUser } from '../fakes/fake-telegram/client.ts';
import { Program } from './program.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let telegram: FakeTelegram;
let program: Program;
let ann: FakeUser;

beforeAll(async () => {
  telegram = await FakeTelegram.start({ limits: 'official', rejectUnknown: true });
  program = await Program.create({
    database: 'tocsin.db',
    accounts: [{ id: 'tg', platform: 'telegram', token: telegram.token, apiRoot: telegram.apiRoot }],
    sources: [],
  });
  await program.start();
  ann = await telegram.user({ first_name: 'Ann', language_code: 'en', started: true });
});
afterAll(async () => {
  await program?.remove();
  await telegram?.stop();
});

const shows = (text: string, button?: string): Promise<unknown> =>
  ann.chat.waitFor({ contains: text, ...(button ? { has_button: button } : {}) });
const tap = (button: string): Promise<unknown> => ann.click({ button }, { wait_ms: 0 });

test('quick taps, a kill, more taps, a typed name, done: all of them are followed, in one message', async () => {
  await ann.send('/subscribe');
  await shows('What should I watch', 'A country');
  await tap('A country');
  await shows('Which countries', '🇮🇷 Iran');
  await Promise.all([tap('🇷🇺 Russia'), tap('🇮🇷 Iran')]);
  await shows('Which countries', 'Done (2)');
  await program.kill();
  await program.start();
  await tap('🇧🇾 Belarus');
  await shows('Which countries', 'Done (3)');
  await ann.send('Germany');
  await shows('Which countries', 'Done (4)');
  await tap('Done (4)');
  await shows('I watch here:');
  const said = (await ann.chat.transcript({ from: 'bot' })).map(({ text }) => String(text));
  const follows = said.find((text) => text.includes('I watch here:'))!;
  for (const country of ['Russia', 'Iran', 'Belarus', 'Germany']) expect(follows).toContain(`${country}: everything`);
  // The first list was edited in place; the typed name brought the second one.
  expect(said.length).toBe(2);
});

test('a location: the zone is set, nothing of the place is in any file or log, and Telegram has nothing against the keyboard', async () => {
  await tap('📍 My location');
  await shows('I keep only the time zone, never the place.');
  await ann.send('', { content: { location: { latitude: 55.123457, longitude: 37.765432 } } });
  await shows('Times here are now in Europe/Moscow');
  await program.stop();
  const files = readdirSync(program.folder).map((name) => readFileSync(join(program.folder, name), 'latin1'));
  expect(files.length).toBeGreaterThan(1);
  for (const part of ['55.123', '37.765'])
    expect([...files, program.stderr].filter((text) => text.includes(part))).toEqual([]);
  expect(await telegram.violations()).toEqual([]);
});
