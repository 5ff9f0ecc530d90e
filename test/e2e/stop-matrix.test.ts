/** SIGTERM while a homeserver hangs: the program ends within five seconds with 0, and what was answered to nobody is answered after the start. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { FakeHomeserver } from '../fakes/matrix-homeserver.ts';
import { Program } from './program.ts';

const LIMIT = 5_000;
const ANN = '@ann:fake.test';
let program: Program;
let closing: () => Promise<unknown>;
afterEach(async () => {
  await program?.remove();
  await closing();
});

const programFor = (homeserver: string): Promise<Program> =>
  Program.create({
    database: 'tocsin.db',
    accounts: [{ id: 'mx', platform: 'matrix', homeserver, accessToken: 'syt_fake_token', inviteFrom: ['*'] }],
    sources: [],
    network: { allowPrivateAddresses: true },
  });

async function stopTimed(): Promise<{ code: number | null; inTime: boolean }> {
  const began = performance.now();
  const code = await program.stop();
  return { code, inTime: performance.now() - began < LIMIT };
}

test('it takes every connection and answers nothing, from the start on', async () => {
  let asked = 0;
  const server: Server = createServer(() => void asked++);
  closing = async () => {
    server.closeAllConnections();
    server.close();
  };
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  program = await programFor(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const starting = program.start().catch(() => undefined);
  while (asked === 0) await sleep(50);
  expect(await stopTimed()).toEqual({ code: 0, inTime: true });
  await starting;
}, 60_000);

test('it hangs while people are answered: ended in time; after the restart each command is answered, once', async () => {
  const fake = await FakeHomeserver.start();
  closing = () => fake.stop();
  const rooms = Array.from({ length: 8 }, () => fake.room(ANN));
  program = await programFor(fake.baseUrl);
  await program.start();
  for (const room of rooms) fake.say(room, ANN, '!tocsin ping');
  const said = (room: string, text: string) =>
    fake.said(room).filter(({ content }) => String(content.body).includes(text)).length;
  const until = async (met: () => boolean, what: string): Promise<void> => {
    for (const end = performance.now() + 20_000; !met(); await sleep(50))
      if (performance.now() > end) throw new Error(`Not in time: ${what}\n${program.tail()}`);
  };
  await until(() => rooms.every((room) => fake.said(room).length > 0), 'all are answered while it works');

  fake.fault('hang', '/send/', 1_000);
  const sends = () => fake.requests.filter((line) => line.includes('/send/')).length;
  const before = sends();
  for (const room of rooms) fake.say(room, ANN, '!tocsin subscribe ru');
  await until(() => sends() >= before + 2, 'answers hang');
  fake.fault('hang', '/', 1_000_000);
  const asked = fake.requests.length;
  fake.say(rooms[0]!, ANN, '!tocsin ping');
  await until(() => fake.requests.length > asked, 'the rest hangs, too');
  expect(await stopTimed()).toEqual({ code: 0, inTime: true });
  expect(rooms.map((room) => said(room, 'Russia'))).toEqual(rooms.map(() => 0));

  fake.clearFaults();
  await program.start();
  await until(() => rooms.every((room) => said(room, 'Russia') > 0), 'all are told what they follow');
  // What would be said a second time stands before what is asked now: a room's answers keep their order.
  const pings = rooms.map((room) => fake.said(room).length);
  for (const room of rooms) fake.say(room, ANN, '!tocsin ping');
  await until(
    () => rooms.every((room, i) => fake.said(room).length > pings[i]!),
    'what is asked afterwards is answered',
  );
  expect(rooms.map((room) => said(room, 'Russia'))).toEqual(rooms.map(() => 1));
  expect(await stopTimed()).toEqual({ code: 0, inTime: true });
}, 90_000);
