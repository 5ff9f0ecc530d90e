import { afterEach, beforeEach, expect, test } from 'vitest';
import { createAdapter } from '../../../src/adapters/matrix/adapter.ts';
import type { MatrixAccount } from '../../../src/adapters/matrix/config.ts';
import type { ChatAdapter, Incoming } from '../../../src/core/ports/chat-adapter.ts';
import { type Recorder, recorder, type TestDeps, testDeps } from '../../contract/adapter-deps.ts';
import { editOf, isCommand, never, sendOf } from '../../contract/chat-adapter.suite.ts';
import { FakeHomeserver, type FaultKind } from '../../fakes/matrix-homeserver.ts';

const ANN = '@ann:fake.test';
let fake: FakeHomeserver;
const running: ChatAdapter[] = [];

beforeEach(async () => {
  fake = await FakeHomeserver.start();
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((adapter) => adapter.stop()));
  await fake.stop();
});

/** Time runs faster for the adapter where `speed` says so: waits are cut short. */
async function start(
  more: Partial<MatrixAccount> = {},
  deps: TestDeps = testDeps(),
  heard: Recorder = recorder(),
): Promise<{ adapter: ChatAdapter; heard: Recorder; deps: TestDeps }> {
  const account: MatrixAccount = {
    id: 'mx',
    platform: 'matrix',
    homeserver: fake.baseUrl,
    accessToken: fake.token,
    ...more,
  };
  const adapter = createAdapter(account, deps);
  running.push(adapter);
  await adapter.start(heard);
  return { adapter, heard, deps };
}

/** Every sleep lasts a hundredth. */
function hasty(over: Partial<TestDeps> = {}): TestDeps {
  const deps = testDeps(over);
  const { clock } = deps;
  return Object.assign(deps, {
    clock: { ...clock, sleep: (ms: number, signal?: AbortSignal) => clock.sleep(Math.min(ms / 100, 300), signal) },
  });
}

const at = (chat: string) => ({ accountId: 'mx', chat, thread: null });
const kind =
  (name: Incoming['kind'], chat: string) =>
  (event: Incoming): boolean =>
    event.kind === name && event.address.chat === chat;
const pause = (ms: number): Promise<void> => new Promise((r) => setTimeout(r, ms));

test.each<[FaultKind, string, object]>([
  ['429-body', '/send/', { kind: 'retry', scope: 'account', reason: 'rate_limited', afterMs: 1_234 }],
  ['429-header', '/send/', { kind: 'retry', scope: 'account', reason: 'rate_limited', afterMs: 3_000 }],
  ['502', '/send/', { kind: 'retry', scope: 'account', reason: 'server' }],
  ['500', '/send/', { kind: 'retry', scope: 'chat', reason: 'server' }],
  ['drop-before', '/send/', { kind: 'retry', reason: 'server' }],
  ['drop-after', '/send/', { kind: 'retry', reason: 'server' }],
  ['null', '/send/', { kind: 'retry', reason: 'server' }],
  ['page', '/send/', { kind: 'retry', reason: 'server' }],
  ['endless', '/send/', { kind: 'retry', reason: 'server' }],
  ['html-403', '/send/', { kind: 'retry', scope: 'account', reason: 'server' }],
  ['html-404', '/send/', { kind: 'retry', scope: 'account', reason: 'server' }],
  ['unknown-token', '/send/', { kind: 'retry', scope: 'account', reason: 'auth' }],
  // Whether the room is encrypted cannot be known: nothing goes out.
  ['429-body', 'm.room.encryption', { kind: 'retry', scope: 'account', reason: 'rate_limited' }],
  ['500', 'm.room.encryption', { kind: 'retry', reason: 'server' }],
  ['html-404', 'm.room.encryption', { kind: 'retry', reason: 'server' }],
  ['null', 'm.room.encryption', { kind: 'retry', reason: 'server' }],
])('%s on %s: the send may be tried again, and then there is one event', async (fault, match, outcome) => {
  const { adapter } = await start();
  const room = fake.room(ANN);
  fake.fault(fault, match);
  const message = sendOf(at(room), 'once');
  expect(await adapter.send(message, never)).toMatchObject(outcome);
  if (match !== '/send/') expect(fake.said(room)).toHaveLength(0);
  expect(await adapter.send(message, never)).toMatchObject({ kind: 'delivered' });
  expect(fake.said(room)).toHaveLength(1);
});

test('aborted while the server does not answer: canceled, at once', async () => {
  const { adapter } = await start();
  const room = fake.room(ANN);
  fake.fault('hang', '/send/');
  const begun = performance.now();
  expect(await adapter.send(sendOf(at(room), 'x'), AbortSignal.timeout(200))).toMatchObject({
    kind: 'retry',
    reason: 'canceled',
  });
  expect(performance.now() - begun).toBeLessThan(1_000);
});

test('too large for the server: rejected', async () => {
  const { adapter } = await start();
  const room = fake.room(ANN);
  const huge = '\u{1f6a8}'.repeat(3_000);
  const document = {
    blocks: [{ type: 'list' as const, items: Array.from({ length: 400 }, () => [huge]) }],
    buttons: [],
    lang: 'en',
    tone: 'alert' as const,
  };
  expect(await adapter.send({ ...sendOf(at(room), ''), document }, never)).toMatchObject({ kind: 'delivered' });
  expect(JSON.stringify(fake.said(room)[0]!.content).length).toBeLessThan(32 * 1024);
  fake.fault('500', 'nothing');
  expect(await adapter.send(editOf(at(room), 'no event id', 'x'), never)).toMatchObject({ kind: 'rejected' });
});

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
  await pause(1_500);
  fake.say(room, ANN, '!tocsin status found');
  await heard.waitFor(isCommand('status found'));
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

test('old commands (sent over a minute before the start) are ignored, also with a token', async () => {
  const first = await start();
  const room = fake.room(ANN);
  await pause(150);
  await first.adapter.stop();
  fake.say(room, ANN, '!tocsin status stale', {}, 120_000);
  fake.say(room, ANN, '!tocsin status fresh');
  const second = await start({}, first.deps);
  await second.heard.waitFor(isCommand('status fresh'));
  expect(second.heard.events.some(isCommand('status stale'))).toBe(false);
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

test('joining fails at first (a federated room): tried again; a failed join for good is no crash', async () => {
  const { heard, deps } = await start({ inviteFrom: ['*:fake.test'] }, hasty());
  fake.fault('500', '/join/', 2);
  const room = fake.room(ANN, { invited: true });
  await heard.waitFor(kind('joined', room));
  fake.fault('500', '/join/', 20);
  const other = fake.room(ANN, { invited: true });
  await pause(1_800);
  fake.clearFaults();
  expect(fake.membership(other)).toBe('invite');
  expect(deps.lines.some((line) => line.startsWith('warn Unable to join'))).toBe(true);
});

test('a flood of invitations from a stranger: each declined, commands go on', async () => {
  const { heard } = await start({ inviteFrom: [ANN] });
  const home = fake.room(ANN);
  const rooms = Array.from({ length: 150 }, () => fake.room('@eve:evil.test', { invited: true }));
  fake.say(home, ANN, '!tocsin status ru');
  await heard.waitFor(isCommand('status ru'));
  await pause(1_500);
  const left = rooms.filter((room) => fake.membership(room) === 'leave').length;
  expect(left).toBeGreaterThanOrEqual(100);
  expect(heard.events.filter((e) => e.kind !== 'command')).toEqual([]);
});

test('too many invitations from a friend, and too many rooms: declined', async () => {
  const { heard } = await start({ inviteFrom: ['*'], maxRooms: 2 });
  const rooms = [];
  for (let i = 0; i < 3; i++) {
    const room = fake.room(ANN, { invited: true });
    rooms.push(room);
    if (i < 2) await heard.waitFor(kind('joined', room));
  }
  await pause(300);
  expect(rooms.map((room) => fake.membership(room))).toEqual(['join', 'join', 'leave']);
});

test('a joined_rooms that forgets rooms: nobody is taken for gone', async () => {
  const first = await start({ inviteFrom: ['*'] });
  const room = fake.room(ANN, { invited: true });
  await first.heard.waitFor(kind('joined', room));
  await first.adapter.stop();
  fake.hideRooms = true;
  const second = await start({}, first.deps);
  fake.say(room, ANN, '!tocsin status');
  await second.heard.waitFor(isCommand('status'));
  expect(second.heard.events.map((e) => e.kind)).toEqual(['command']);
});

test('another account under the same id: what was known is forgotten', async () => {
  const first = await start({ inviteFrom: ['*'] });
  const room = fake.room(ANN, { invited: true });
  await first.heard.waitFor(kind('joined', room));
  await first.adapter.stop();
  const deps = first.deps;
  const sync = deps.kept.get('sync') as Record<string, unknown>;
  deps.kept.set('sync', { ...sync, owner: '@other:fake.test' });
  const second = await start({}, deps);
  fake.say(room, ANN, '!tocsin status');
  await second.heard.waitFor(isCommand('status'));
  expect(deps.lines.some((line) => line.includes('Another Matrix user'))).toBe(true);
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
  expect(performance.now() - begun).toBeLessThan(6_000);
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
  await heard.waitFor(isCommand('status quiet'), 2_000);
  await pause(500);
  expect(heard.events.length).toBeLessThan(120);
  expect(deps.lines.some((line) => line.includes('Too many commands'))).toBe(true);
});
