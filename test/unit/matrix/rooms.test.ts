import { expect, test } from 'vitest';
import { testDeps } from '../../contract/adapter-deps.ts';
import { isCommand, never, sendOf } from '../../contract/chat-adapter.suite.ts';
import { ANN, at, fake, hasty, homeserverPerTest, kind, pause, start, until } from './bench.ts';

homeserverPerTest();

test('joining fails at first (a federated room): tried again; a failed join for good is no crash', async () => {
  const { heard, deps } = await start({ inviteFrom: ['*:fake.test'] }, hasty());
  fake.fault('500', '/join/', 2);
  const room = fake.room(ANN, { invited: true });
  await heard.waitFor(kind('joined', room));
  fake.fault('500', '/join/', 20);
  const other = fake.room(ANN, { invited: true });
  await until(() => deps.lines.some((line) => line.startsWith('warn Unable to join')));
  fake.clearFaults();
  expect(fake.membership(other)).toBe('invite');
});

test('a flood of invitations from a stranger: each declined, commands go on', async () => {
  const { heard } = await start({ inviteFrom: [ANN] });
  const home = fake.room(ANN);
  const rooms = Array.from({ length: 150 }, () => fake.room('@eve:evil.test', { invited: true }));
  fake.say(home, ANN, '!tocsin status ru');
  await heard.waitFor(isCommand('status ru'));
  await until(() => rooms.filter((room) => fake.membership(room) === 'leave').length >= 100);
  expect(heard.events.filter((e) => e.kind !== 'command')).toEqual([]);
});

test('too many invitations from a friend, and too many rooms: declined', async () => {
  const { heard } = await start({ inviteFrom: ['*'], maxRooms: 2 });
  const rooms: string[] = [];
  for (let i = 0; i < 3; i++) {
    const room = fake.room(ANN, { invited: true });
    rooms.push(room);
    if (i < 2) await heard.waitFor(kind('joined', room));
  }
  await until(() => fake.membership(rooms[2]!) === 'leave');
  expect(rooms.map((room) => fake.membership(room))).toEqual(['join', 'join', 'leave']);
});

test('sixty invitations of one person within a moment: all joined, whatever the limits, and none declined', async () => {
  const { heard } = await start({ inviteFrom: [ANN] }, hasty());
  fake.fault('429-body', '/join/', 12);
  const rooms = Array.from({ length: 60 }, () => fake.room(ANN, { invited: true }));
  await until(() => rooms.every((room) => heard.events.some(kind('joined', room))));
  expect(rooms.map((room) => fake.membership(room))).toEqual(rooms.map(() => 'join'));
  expect(heard.events.filter((event) => event.kind === 'joined')).toHaveLength(60);
});

test('limits that last for minutes: one quiet line, and one when the last invitation is answered', async () => {
  const deps = hasty();
  const { clock } = deps;
  Object.assign(deps, { clock: { ...clock, monotonic: () => clock.monotonic() * 100 } });
  await start({ inviteFrom: [ANN] }, deps);
  fake.fault('429-header', '/join/', 1_000);
  const rooms = Array.from({ length: 6 }, () => fake.room(ANN, { invited: true }));
  const about = () => deps.lines.filter((line) => /limits how fast|waits any more/.test(line));
  await until(() => about().length > 0);
  await pause(300);
  expect(about()).toEqual([expect.stringMatching(/^info .*limits how fast/)]);
  fake.clearFaults();
  await until(() => rooms.every((room) => fake.membership(room) === 'join') && about().length > 1);
  expect(about()[1]).toMatch(/^info .*waits any more/);
  expect(deps.lines.filter((line) => line.startsWith('warn'))).toEqual([]);
});

test('invitations that are not answered yet: kept over a restart; one that is withdrawn is let go', async () => {
  fake.fault('429-header', '/join/', 1_000);
  const first = await start({ inviteFrom: [ANN] });
  const [kept, withdrawn] = [fake.room(ANN, { invited: true }), fake.room(ANN, { invited: true })];
  await until(() => Object.keys((first.deps.kept.get('invites') ?? {}) as object).length === 2);
  fake.member(withdrawn, ANN, fake.userId, 'leave');
  await until(() => Object.keys((first.deps.kept.get('invites') ?? {}) as object).length === 1);
  await first.adapter.stop();
  fake.clearFaults();
  const second = await start({ inviteFrom: [ANN] }, first.deps);
  await second.heard.waitFor(kind('joined', kept));
  await pause(100);
  expect(
    fake.requests.filter((line) => line.includes(encodeURIComponent(withdrawn)) && line.includes('/leave')),
  ).toEqual([]);
  expect(first.deps.kept.get('invites')).toEqual({});
});

test('a decline that meets the limit: sent again until it arrives', async () => {
  await start({ inviteFrom: [] }, hasty());
  fake.fault('429-body', '/leave', 9);
  const rooms = Array.from({ length: 5 }, () => fake.room(ANN, { invited: true }));
  await until(() => rooms.every((room) => fake.membership(room) === 'leave'));
});

test('killed before the greeting was sent: handed on once more as joined at the next start, and never again once we have spoken', async () => {
  const first = await start({ inviteFrom: [ANN] });
  const room = fake.room(ANN, { invited: true });
  await first.heard.waitFor(kind('joined', room));
  await pause(200);
  await first.adapter.stop();
  // All that the server has is known: the next start finds nothing new, and is not to wait for news.
  first.deps.kept.set('sync', { ...(first.deps.kept.get('sync') as object), token: fake.position });
  const second = await start({ inviteFrom: [ANN] }, first.deps);
  await second.heard.waitFor(kind('joined', room), 10_000);
  expect(await second.adapter.send(sendOf(at(room), 'hello'), never)).toMatchObject({ kind: 'delivered' });
  await pause(200);
  await second.adapter.stop();
  const third = await start({ inviteFrom: [ANN] }, first.deps);
  await pause(400);
  expect(third.heard.events).toEqual([]);
});

test('a command written while the invitation waited: handed on once we are in', async () => {
  fake.fault('500', '/join/', 1);
  const { heard } = await start({ inviteFrom: [ANN] }, hasty());
  const room = fake.room(ANN, { invited: true });
  fake.say(room, ANN, '!tocsin subscribe ru');
  await heard.waitFor(isCommand('subscribe ru'));
  expect(heard.events.map((event) => event.kind)).toEqual(['joined', 'command']);
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

test('a tombstone that names another room of ours: neither moved nor left', async () => {
  const { heard } = await start({ inviteFrom: ['*'] });
  const [trap, victim] = [fake.room('@eve:fake.test', { invited: true }), fake.room(ANN, { invited: true })];
  await heard.waitFor(kind('joined', trap));
  await heard.waitFor(kind('joined', victim));
  fake.state(trap, '@eve:fake.test', 'm.room.tombstone', '', { replacement_room: victim });
  fake.say(victim, ANN, '!tocsin status');
  await heard.waitFor(isCommand('status'));
  await pause(300);
  expect(fake.membership(victim)).toBe('join');
  expect(heard.events.some((e) => e.kind === 'moved')).toBe(false);
});

test('a tombstone names a room to which a friend invites later: joined, not moved', async () => {
  const { heard } = await start({ inviteFrom: [ANN] });
  const trap = fake.room(ANN, { invited: true });
  await heard.waitFor(kind('joined', trap));
  const friend = fake.room(ANN, { invited: true });
  await heard.waitFor(kind('joined', friend));
  const stranger = fake.room('@eve:fake.test', { invited: true });
  await until(() => fake.membership(stranger) === 'leave');
  const later = '!later:fake.test';
  fake.state(trap, ANN, 'm.room.tombstone', '', { replacement_room: later });
  await pause(100);
  fake.rooms.set(later, { events: [], state: new Map() });
  fake.state(later, ANN, 'm.room.create', '', { room_version: '11' });
  fake.member(later, ANN, ANN, 'join');
  fake.member(later, ANN, fake.userId, 'invite');
  await heard.waitFor(kind('joined', later), 15_000);
  expect(heard.events.some((e) => e.kind === 'moved')).toBe(false);
}, 30_000);

/** A tombstone that points to a room of which only then somebody invites us: our try to follow comes before the word of it. */
async function invitedBeforeHeard(inviter: string) {
  const bot = await start({ inviteFrom: [ANN] });
  const trap = fake.room(ANN, { invited: true });
  await bot.heard.waitFor(kind('joined', trap));
  const later = '!later:fake.test';
  const asked = (what: string) => fake.requests.filter((line) => decodeURIComponent(line).includes(what)).length;
  fake.state(trap, ANN, 'm.room.tombstone', '', { replacement_room: later });
  await until(() => asked(`/join/${later}`) === 1);
  // The sync under way is answered, and no other is until we are in.
  fake.fault('500', '/sync', 1_000);
  const syncs = asked('/sync');
  fake.say(trap, ANN, 'We move.');
  await until(() => asked('/sync') > syncs);
  fake.rooms.set(later, { events: [], state: new Map() });
  fake.state(later, inviter, 'm.room.create', '', { room_version: '11' });
  fake.member(later, inviter, inviter, 'join');
  fake.member(later, inviter, fake.userId, 'invite', { is_direct: true });
  await until(() => asked(`/join/${later}`) > 1 && fake.membership(later) !== 'invite');
  fake.clearFaults();
  return { ...bot, later };
}

test('followed into a room by an invitation that was not heard of yet, from a friend: joined, not moved, and not left', async () => {
  const { heard, later, deps } = await invitedBeforeHeard(ANN);
  expect(await heard.waitFor(kind('joined', later))).toMatchObject({ chatKind: 'private', sender: { name: 'ann' } });
  await until(() => (deps.kept.get('rooms') as Record<string, object>)[later] !== undefined);
  expect((deps.kept.get('rooms') as Record<string, object>)[later]).toMatchObject({ byInvite: true, direct: true });
  expect(fake.membership(later)).toBe('join');
  expect(heard.events.some((e) => e.kind === 'moved')).toBe(false);
});

test('… from a stranger: left', async () => {
  const { heard, later } = await invitedBeforeHeard('@eve:fake.test');
  await until(() => fake.membership(later) === 'leave');
  expect(heard.events.filter((e) => e.address.chat === later)).toEqual([]);
});

test('a crash between accepting an invitation and hearing of the room: a direct chat all the same, handed on as joined', async () => {
  // What such a crash leaves: the note that we are coming, a token from before, and the membership.
  const room = fake.room(ANN, { direct: true });
  const deps = testDeps();
  await deps.state.set('sync', { owner: fake.userId, token: '1', handled: [] });
  await deps.state.set('rooms', { [room]: { byInvite: true, direct: true } });
  const { heard } = await start({}, deps);
  expect(await heard.waitFor(kind('joined', room))).toMatchObject({ chatKind: 'private' });
  fake.say(room, ANN, 'status ru');
  await heard.waitFor(isCommand('status ru'));
});

test('a crash between hearing of an upgrade and noting it: handed on again', async () => {
  const [old, next] = [fake.room(ANN), '!next:fake.test'];
  const deps = testDeps();
  await deps.state.set('sync', { owner: fake.userId, token: '1', handled: [] });
  await deps.state.set('rooms', {
    [old]: { in: true, byInvite: true, tombstone: { to: next } },
    [next]: { in: true, byInvite: true },
  });
  fake.rooms.set(next, { events: [], state: new Map() });
  fake.state(next, ANN, 'm.room.create', '', { room_version: '11', predecessor: { room_id: old } });
  fake.member(next, ANN, fake.userId, 'join');
  fake.state(old, ANN, 'm.room.tombstone', '', { replacement_room: next });
  const { heard, adapter } = await start({}, deps);
  expect(await heard.waitFor(kind('moved', old))).toMatchObject({ to: at(next) });
  await pause(50);
  expect(await adapter.send(sendOf(at(old), 'x'), never)).toMatchObject({
    kind: expect.stringMatching(/moved|delivered/),
  });
});

test('everybody leaves a room: left too; in a room where others stay nobody is asked', async () => {
  const { heard } = await start({ inviteFrom: ['*'] });
  const room = fake.room(ANN, { invited: true });
  await heard.waitFor(kind('joined', room));
  fake.member(room, '@bob:fake.test', '@bob:fake.test', 'join');
  const before = fake.requests.filter((line) => line.includes('joined_members')).length;
  fake.member(room, '@bob:fake.test', '@bob:fake.test', 'leave');
  await pause(300);
  expect(fake.requests.filter((line) => line.includes('joined_members'))).toHaveLength(before);
  fake.member(room, ANN, ANN, 'leave');
  await heard.waitFor(kind('left', room));
});

test('a location shared in a direct chat: the command that it stands for; in a room with others, nothing', async () => {
  const deps = Object.assign(testDeps(), { located: (lat: number, lon: number) => `timezone located ${lat > lon}` });
  const alone = fake.room(ANN, { invited: true, direct: true });
  const shared = fake.room(ANN);
  fake.member(shared, '@bob:fake.test', '@bob:fake.test', 'join');
  const { heard } = await start({ inviteFrom: ['*:fake.test'] }, deps);
  await heard.waitFor(kind('joined', alone));
  const place = { msgtype: 'm.location', geo_uri: 'geo:55.7512,37.6184;u=10' };
  fake.say(shared, ANN, 'Location', place);
  fake.say(alone, ANN, 'Location', place);
  expect(await heard.waitFor(kind('command', alone))).toMatchObject({
    text: 'timezone located true',
    chatKind: 'private',
  });
  expect(heard.events.filter(({ kind }) => kind === 'command').length).toBe(1);
  expect(JSON.stringify([[...deps.kept], [...deps.cached]])).not.toContain('55.7');
});
