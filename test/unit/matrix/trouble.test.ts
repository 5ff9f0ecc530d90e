import { expect, test } from 'vitest';
import { createAdapter } from '../../../src/adapters/matrix/adapter.ts';
import { recorder, testDeps } from '../../contract/adapter-deps.ts';
import { isCommand, never, sendOf } from '../../contract/chat-adapter.suite.ts';
import { expectAtMost } from '../../fakes/pace.ts';
import { ANN, at, fake, hasty, homeserverPerTest, kind, pause, start, until } from './bench.ts';

homeserverPerTest();

test('the server cannot be reached at the start: no error, health says so, and it connects when it can', async () => {
  fake.fault('502', 'whoami', 3);
  const deps = hasty();
  const { adapter, heard } = await start({ inviteFrom: ['*'] }, deps);
  await pause(10);
  expect(adapter.health()).toMatchObject({ ok: false, problem: expect.stringContaining('cannot receive') });
  const room = fake.room(ANN, { invited: true });
  await heard.waitFor(kind('joined', room));
  expect(adapter.health()).toMatchObject({ ok: true, problem: null });
  expect(deps.lines.filter((line) => line.startsWith('warn Unable to receive')).length).toBeLessThanOrEqual(1);
});

test('a refused token at the start: an error that tells the remedy, without the token', async () => {
  fake.fault('unknown-token', 'whoami');
  const failed = await start().catch((error: unknown) => error);
  expect(failed).toMatchObject({ code: 'auth', message: expect.stringContaining('docs/matrix.md') });
  expect(JSON.stringify(failed) + String((failed as Error).stack)).not.toContain(fake.token);
});

test('trouble with the sync: warned once, commands arrive once it ends', async () => {
  const deps = hasty();
  const { heard, adapter } = await start({}, deps);
  const room = fake.room(ANN);
  await pause(50);
  fake.fault('502', '/sync', 5);
  fake.say(room, ANN, '!tocsin status a');
  await heard.waitFor(isCommand('status a'));
  fake.say(room, ANN, '!tocsin status b');
  await heard.waitFor(isCommand('status b'));
  expect(heard.events.filter((e) => e.kind === 'command')).toHaveLength(2);
  expect(adapter.health().ok).toBe(true);
  expect(deps.lines.filter((line) => line.startsWith('warn'))).toHaveLength(1);
  expect(deps.lines.filter((line) => line.includes('answers again'))).toHaveLength(1);
});

test('a sync answer without end: given up, begun anew, and the bot lives on', async () => {
  const { heard } = await start({}, hasty());
  const room = fake.room(ANN);
  await pause(50);
  fake.fault('endless', '/sync', 2);
  fake.say(room, ANN, '!tocsin status lost');
  await until(() => fake.requests.filter((line) => line.endsWith('/sync')).length >= 4);
  fake.say(room, ANN, '!tocsin status found');
  await heard.waitFor(isCommand('status found'), 15_000);
});

test('a handler that throws: logged, and the next command is heard', async () => {
  let calls = 0;
  const heard = recorder(async () => {
    if (calls++ === 0) throw new Error('boom');
  });
  const { deps } = await start({}, testDeps(), heard);
  const room = fake.room(ANN);
  fake.say(room, ANN, '!tocsin status a');
  fake.say(room, ANN, '!tocsin status b');
  await heard.waitFor(isCommand('status b'));
  expect(deps.lines.some((line) => line.includes('boom'))).toBe(true);
});

test('the token is kept only when its commands are handled: a crash in a handler repeats the command', async () => {
  const stuck = recorder(() => new Promise(() => {}));
  const first = await start({}, testDeps(), stuck);
  const room = fake.room(ANN);
  await pause(50);
  fake.say(room, ANN, '!tocsin subscribe ru');
  await stuck.waitFor(isCommand('subscribe ru'));
  await pause(200);
  // A crash: what was kept until now is all that the next process finds.
  const kept = testDeps();
  for (const [key, value] of first.deps.kept) await kept.state.set(key, value);
  const second = await start({}, kept);
  await second.heard.waitFor(isCommand('subscribe ru'));
  await pause(100);
  const third = await start({}, kept);
  fake.say(room, ANN, '!tocsin status');
  await third.heard.waitFor(isCommand('status'));
  expect(third.heard.events.filter((e) => e.kind === 'command')).toHaveLength(1);
});

test('old commands (sent over a minute before the start): handed on together, with when they were sent, and once', async () => {
  const first = await start();
  const room = fake.room(ANN);
  await pause(150);
  await first.adapter.stop();
  fake.say(room, ANN, '!tocsin status stale', {}, 120_000);
  fake.say(room, ANN, '!tocsin subscribe ru', {}, 110_000);
  fake.say(room, ANN, '!tocsin status fresh');
  const second = await start({}, first.deps);
  await second.heard.waitFor(isCommand('status fresh'));
  expect(second.heard.events.some(isCommand('status stale'))).toBe(false);
  const missed = second.heard.events.find((event) => event.kind === 'missed');
  expect(missed).toMatchObject({ address: at(room), commands: [{ text: 'status stale' }, { text: 'subscribe ru' }] });
  expect(Date.now() - (missed?.kind === 'missed' ? missed.commands[0]!.sentAt : 0)).toBeGreaterThan(119_000);
  await second.adapter.stop();
  const third = await start({}, first.deps);
  await pause(300);
  expect(third.heard.events).toEqual([]);
});

test('more talk than an answer holds, while down or while the line is bad: the commands in it are found', async () => {
  const first = await start();
  const room = fake.room(ANN);
  await pause(150);
  await first.adapter.stop();
  fake.say(room, ANN, '!tocsin subscribe ru', {}, 120_000);
  for (let i = 0; i < 150; i++) fake.say(room, ANN, `talk ${i}`, {}, 100_000);
  fake.say(room, ANN, '!tocsin status now');
  for (let i = 0; i < 60; i++) fake.say(room, ANN, `more talk ${i}`);
  const second = await start({}, first.deps);
  await second.heard.waitFor(isCommand('status now'));
  expect(second.heard.events).toMatchObject([
    { kind: 'missed', commands: [{ text: 'subscribe ru' }] },
    { kind: 'command', text: 'status now' },
  ]);
});

test('a limited timeline that hides an encryption event: seen in the state', async () => {
  const { adapter, heard } = await start({ inviteFrom: ['*'] });
  const room = fake.room(ANN, { invited: true });
  await heard.waitFor(kind('joined', room));
  expect(await adapter.send(sendOf(at(room), 'before'), never)).toMatchObject({ kind: 'delivered' });
  fake.state(room, ANN, 'm.room.encryption', '', { algorithm: 'm.megolm.v1.aes-sha2' });
  for (let i = 0; i < 50; i++) fake.say(room, ANN, `talk ${i}`);
  await heard.waitFor(kind('left', room));
  expect(await adapter.send(sendOf(at(room), 'after'), never)).toMatchObject({ kind: 'gone' });
  expect(fake.said(room)).toHaveLength(1);
});

test('the sync is interrupted: whether rooms are encrypted is asked anew', async () => {
  const { adapter } = await start({}, hasty());
  const room = fake.room(ANN);
  const asked = () => fake.requests.filter((line) => line.includes('m.room.encryption')).length;
  await adapter.send(sendOf(at(room), '1'), never);
  await adapter.send(sendOf(at(room), '2'), never);
  expect(asked()).toBe(1);
  fake.fault('502', '/sync', 1);
  fake.say(room, ANN, 'wake up');
  await pause(300);
  await adapter.send(sendOf(at(room), '3'), never);
  expect(asked()).toBe(2);
});

test('a store that fails: warned once, the bot goes on', async () => {
  const deps = testDeps();
  const broken = Object.assign(deps, { state: { ...deps.state, set: () => Promise.reject(new Error('disk full')) } });
  const { heard } = await start({}, broken);
  const room = fake.room(ANN);
  fake.say(room, ANN, '!tocsin status a');
  await heard.waitFor(isCommand('status a'));
  fake.say(room, ANN, '!tocsin status b');
  await heard.waitFor(isCommand('status b'));
  expect(deps.lines.filter((line) => line.includes('disk full')).length).toBeLessThanOrEqual(2);
});

test('stop while a long poll, a handler and a send hang: within 5 seconds and a bit', async () => {
  const stuck = recorder(() => new Promise(() => {}));
  const { adapter } = await start({}, testDeps(), stuck);
  const room = fake.room(ANN);
  fake.say(room, ANN, '!tocsin status');
  await stuck.waitFor(isCommand('status'));
  fake.fault('hang', '/send/');
  const sent = adapter.send(sendOf(at(room), 'x'), never);
  const begun = performance.now();
  await adapter.stop();
  expectAtMost(performance.now() - begun, 8_000);
  expect(await sent).toMatchObject({ kind: 'retry', reason: 'canceled' });
});

test('a flood of commands in one room: bounded, other rooms are heard', async () => {
  const heard = recorder(() => pause(5));
  const { deps } = await start({}, testDeps(), heard);
  fake.timelineLimit = 1_000;
  const [noisy, quiet] = [fake.room(ANN), fake.room(ANN)];
  await pause(150);
  for (let i = 0; i < 500; i++) fake.say(noisy, ANN, `!tocsin status ${i}`);
  fake.say(quiet, ANN, '!tocsin status quiet');
  await heard.waitFor(isCommand('status quiet'), 10_000);
  await pause(500);
  expect(heard.events.length).toBeLessThan(120);
  expect(deps.lines.some((line) => line.includes('Too many commands'))).toBe(true);
});

test('a sync token that the server does not know any more: begun anew, nothing old is heard', async () => {
  const first = await start();
  const room = fake.room(ANN);
  fake.say(room, ANN, '!tocsin status one');
  await first.heard.waitFor(isCommand('status one'));
  await pause(150);
  await first.adapter.stop();
  fake.fault('400', '/sync', 3);
  const second = await start({}, hasty(first.deps));
  await pause(400);
  fake.say(room, ANN, '!tocsin status two');
  await second.heard.waitFor(isCommand('status two'));
  expect(second.heard.events.filter((e) => e.kind === 'command')).toHaveLength(1);
});

test('stop while a send is under way: it is finished; later ones are canceled', async () => {
  const { adapter } = await start();
  const room = fake.room(ANN);
  fake.fault('slow', '/send/');
  const sent = adapter.send(sendOf(at(room), 'last words'), never);
  await pause(50);
  await adapter.stop();
  expect(await sent).toMatchObject({ kind: 'delivered' });
  expect(await adapter.send(sendOf(at(room), 'too late'), never)).toMatchObject({ kind: 'retry', reason: 'canceled' });
});

test('check: ok, a refused token, a server that is none, nobody there; nothing is changed by it', async () => {
  const account = { id: 'mx', platform: 'matrix' as const, homeserver: fake.baseUrl, accessToken: fake.token };
  const deps = testDeps();
  const check = (more: object = {}) => createAdapter({ ...account, ...more }, deps).login!.check(never);
  expect(await check()).toMatchObject({ ok: true, problem: null });
  expect(await check({ accessToken: 'wrong' })).toMatchObject({
    ok: false,
    problem: expect.stringContaining('docs/matrix.md'),
  });
  fake.fault('page', 'whoami');
  expect(await check()).toMatchObject({ ok: false, problem: expect.stringContaining('not from a Matrix server') });
  expect(await check({ homeserver: 'http://127.0.0.1:1' })).toMatchObject({ ok: false });
  expect(deps.kept.size).toBe(0);
  expect(fake.requests.every((line) => line.includes('whoami') || line.includes('well-known'))).toBe(true);
});
