/** Floods of keys from strangers. */
import { expect, test } from 'vitest';
import { createGate, openCrypto } from '../../../../src/adapters/matrix/crypto/machine.ts';
import { FakeClock } from '../../../fakes/fake-clock.ts';
import { quietLog, recordingLog } from '../../../fakes/fake-log.ts';
import { memoryRows } from './support.ts';

const BOT = '@bot:home.example';
const nobody = (): boolean => false;
const from = (sender: string, type = 'm.room.encrypted') => ({ type, sender, content: {} });

test('somebody who floods: so many are let in, said once an hour, and others are heard', async () => {
  const clock = new FakeClock();
  const { log, lines } = recordingLog();
  const { isIn: gate } = createGate(BOT, clock, log);
  const flood = (times: number, sender: string): number =>
    Array.from({ length: times }, () => gate(from(sender), nobody)).filter(Boolean).length;
  expect(flood(10_000, '@eve:evil.example')).toBe(500);
  expect([flood(1, '@eve:evil.example'), flood(20, '@ann:evil.example'), flood(20, '@ann:home.example')]).toEqual([
    0, 20, 20,
  ]);
  await clock.pass(3_600_000);
  expect(flood(1_000, '@eve:evil.example')).toBe(100);
  expect(lines.map(({ message }) => message)).toEqual([
    expect.stringContaining('left out'),
    expect.stringContaining('left out'),
  ]);
});

test('a crowd of made-up people, also below one domain: bounded together; that of our own homeserver is its to bound', () => {
  const { isIn: gate } = createGate(BOT, new FakeClock(), quietLog);
  const letIn = (name: (i: number) => string): number =>
    Array.from({ length: 6_000 }, (_, i) => gate(from(name(i)), nobody)).filter(Boolean).length;
  expect(letIn((i) => `@p${i}:s${i}.evil.example`)).toBe(3_000);
  // Whoever is in a room with us is heard all the same.
  expect(gate(from('@ann:evil.example'), (user) => user === '@ann:evil.example')).toBe(true);
  expect(letIn((i) => `@p${i}:10.0.0.1:84${i % 90}`)).toBe(3_000);
  expect(letIn((i) => `@p${i}:home.example`)).toBe(6_000);
});

test('a crowd over all domains: bounded together; whoever has just invited us is none of it', async () => {
  const clock = new FakeClock();
  const gate = createGate(BOT, clock, quietLog);
  const letIn = (times: number, name: (i: number) => string): number =>
    Array.from({ length: times }, (_, i) => gate.isIn(from(name(i)), nobody)).filter(Boolean).length;
  expect(letIn(50_000, (i) => `@p:s${i}.org`)).toBe(6_000);
  gate.invited('@ann:friends.org');
  expect([letIn(1, () => '@ann:friends.org'), letIn(1, () => '@ben:friends.org')]).toEqual([1, 0]);
  expect(letIn(100, () => '@ann:friends.org')).toBe(19);
  await clock.pass(3_600_000);
  expect(letIn(50_000, (i) => `@p:t${i}.org`)).toBe(600);
});

test('what are no keys, and what our own sessions send: let in', () => {
  const { isIn: gate } = createGate(BOT, new FakeClock(), quietLog);
  for (let i = 0; i < 1_000; i++)
    expect([
      gate(from(BOT), nobody),
      gate(from('@eve:x.y', 'm.key.verification.request'), nobody),
      gate({}, nobody),
    ]).toEqual([true, true, true]);
});

test('the machine is given no more than that', async () => {
  const crypto = await openCrypto({
    identity: { userId: BOT, deviceId: 'DEVICE' },
    rows: memoryRows(),
    ask: async () => ({}),
    count: async () => {},
    clock: new FakeClock(),
    log: quietLog,
    signal: new AbortController().signal,
    broken: () => {},
  });
  const given: number[] = [];
  await crypto.run('spy', (machine) => {
    const { receiveSyncChanges } = machine;
    machine.receiveSyncChanges = (events, ...more) => {
      given.push((JSON.parse(events) as unknown[]).length);
      return receiveSyncChanges.call(machine, events, ...more);
    };
  });
  await crypto.receive({ to_device: { events: Array.from({ length: 700 }, () => from('@eve:evil.example')) } });
  await crypto.receive({ to_device: { events: [from('@eve:evil.example')] } });
  expect(given).toEqual([500, 0]);
  crypto.close();
});
