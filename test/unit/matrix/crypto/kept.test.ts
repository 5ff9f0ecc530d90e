/** What is kept beside the keys: who reads along, ciphertexts of deliveries, events that wait for their key. */
import { describe, expect, test } from 'vitest';
import { createCryptoRooms, openSealed, openUnread } from '../../../../src/adapters/matrix/crypto/kept.ts';
import { FakeClock } from '../../../fakes/fake-clock.ts';
import { memoryRows } from './support.ts';

type Json = Record<string, unknown>;
const HOUR = 3_600_000;
const ROOM = '!a:example.org';

describe('who reads along', () => {
  function server(state: Record<string, Json> = {}, members: [string, string][] = [['@ann:x', 'join']]) {
    let asked = 0;
    let meanwhile: () => void = () => undefined;
    const rooms = createCryptoRooms({
      async roomMembers() {
        asked++;
        const now = [...members];
        await Promise.resolve();
        meanwhile();
        return now;
      },
      stateContent: async (_room, type) => state[type] ?? null,
    });
    const whileAsking = (then: () => void): void => {
      meanwhile = then;
    };
    return { rooms, members, asked: () => asked, whileAsking };
  }
  const member = (user: string, membership: string): Json => ({
    type: 'm.room.member',
    state_key: user,
    content: { membership },
  });

  test('asked once, then by what the sync tells; after a gap anew', async () => {
    const { rooms, asked } = server();
    expect((await rooms.of(ROOM, {})).readers).toEqual(['@ann:x']);
    rooms.saw(ROOM, [member('@ben:x', 'join'), member('@ann:x', 'leave'), { type: 'm.room.message' }]);
    expect([(await rooms.of(ROOM, {})).readers, asked()]).toEqual([['@ben:x'], 1]);
    rooms.gap(ROOM);
    await rooms.of(ROOM, {});
    expect(asked()).toBe(2);
  });

  test('somebody comes while we ask: asked anew, since the answer may be from before', async () => {
    const { rooms, members, asked, whileAsking } = server();
    whileAsking(() => {
      whileAsking(() => undefined);
      members.push(['@ben:x', 'join']);
      rooms.saw(ROOM, [member('@ben:x', 'join')]);
    });
    expect((await rooms.of(ROOM, {})).readers).toEqual(['@ann:x', '@ben:x']);
    expect(asked()).toBe(2);
  });

  test.each([
    [undefined, 'shared', true],
    ['joined', 'joined', false],
    ['invited', 'invited', true],
    ['world_readable', 'world_readable', true],
    ['nonsense', 'shared', true],
  ])('history that is %s: as %s; invited people get keys: %s', async (said, visibility, invited) => {
    const state: Record<string, Json> =
      said === undefined ? {} : { 'm.room.history_visibility': { history_visibility: said } };
    const { rooms } = server(state, [
      ['@ann:x', 'join'],
      ['@ben:x', 'invite'],
      ['@eve:x', 'ban'],
      ['@kim:x', 'knock'],
    ]);
    const room = await rooms.of(ROOM, {});
    expect([room.visibility, room.readers]).toEqual([visibility, invited ? ['@ann:x', '@ben:x'] : ['@ann:x']]);
  });

  test.each<[string, Json, object | null]>([
    ['nothing', {}, { ms: 604_800_000, messages: 100 }],
    ['numbers', { rotation_period_ms: 1_000, rotation_period_msgs: 7 }, { ms: 1_000, messages: 7 }],
    ['nonsense', { rotation_period_ms: -1, rotation_period_msgs: 'x' }, { ms: 604_800_000, messages: 100 }],
    ['too much', { rotation_period_ms: 1e15, rotation_period_msgs: 1e9 }, { ms: 60_480_000_000, messages: 10_000 }],
    ['another algorithm', { algorithm: 'm.megolm.v9' }, null],
  ])('a room that says %s about keys: as it says within sense', async (_, content, rotation) => {
    const { rooms } = server({ 'm.room.encryption': content });
    expect((await rooms.of(ROOM, {})).rotation).toEqual(rotation);
  });
});

describe('ciphertexts', () => {
  test('found for its room alone, over a restart; deleted some time after it arrived', async () => {
    const [rows, clock] = [memoryRows(), new FakeClock()];
    const sealed = await openSealed(rows, clock);
    await sealed.keep(ROOM, 'txn', { ciphertext: 'x' });
    expect(await sealed.find('!other:x', 'txn')).toBeNull();
    expect(await (await openSealed(rows.copy(), clock)).find(ROOM, 'txn')).toEqual({ ciphertext: 'x' });
    sealed.delivered('txn');
    await clock.pass(5 * 60_000);
    await sealed.tidy();
    expect(await sealed.find(ROOM, 'txn')).not.toBeNull();
    await clock.pass(6 * 60_000);
    await sealed.tidy();
    expect(await rows.all()).toEqual([]);
  });

  test('one that never arrived: deleted after a day, not before', async () => {
    const [rows, clock] = [memoryRows(), new FakeClock()];
    await (await openSealed(rows, clock)).keep(ROOM, 'txn', {});
    await clock.pass(24 * HOUR);
    const before = await openSealed(rows, clock);
    await clock.pass(2 * 60_000);
    await before.tidy();
    expect(await rows.all()).toHaveLength(1);
    await clock.pass(2 * HOUR);
    const later = await openSealed(rows, clock);
    await clock.pass(2 * 60_000);
    await later.tidy();
    expect(await rows.all()).toEqual([]);
  });

  test('one that never arrived, in a process that goes on for days: deleted as well', async () => {
    const [rows, clock] = [memoryRows(), new FakeClock()];
    await (await openSealed(rows, clock)).keep(ROOM, 'before', {});
    const sealed = await openSealed(rows, clock);
    await sealed.keep(ROOM, 'now', {});
    await clock.pass(24 * HOUR);
    await sealed.tidy();
    expect(await rows.all()).toHaveLength(2);
    await clock.pass(2 * HOUR);
    await sealed.tidy();
    expect(await rows.all()).toEqual([]);
  });
});

describe('events that wait for their key', () => {
  const event = (id: string, sender = '@ann:x', session = 's'): Json => ({
    event_id: `$${id}`,
    sender,
    content: { session_id: session },
  });

  test('kept over a restart; once each; of another shape never', async () => {
    const [rows, clock] = [memoryRows(), new FakeClock()];
    const unread = await openUnread(rows, clock);
    for (const one of [event('1'), event('1'), event('2', '@ann:x', 't'), {}, { ...event('3'), content: {} }])
      await unread.add(ROOM, one);
    const again = await openUnread(rows.copy(), clock);
    expect(again.all().map(({ eventId }) => eventId)).toEqual(['$1', '$2']);
    await again.drop(['$1', '$2', '$9']);
    expect(again.all()).toEqual([]);
  });

  test('more than there is room for, and old ones: the oldest go', async () => {
    const [rows, clock] = [memoryRows(), new FakeClock()];
    const unread = await openUnread(rows, clock);
    for (let i = 0; i < 203; i++) await unread.add(ROOM, event(`${i}`));
    expect([unread.all().length, unread.all()[0]!.eventId, (await rows.all()).length]).toEqual([200, '$3', 200]);
    await clock.pass(25 * HOUR);
    await unread.add(ROOM, event('new'));
    expect([unread.all().map(({ eventId }) => eventId), (await rows.all()).length]).toEqual([['$new'], 1]);
  });

  test('to be told after half a minute, once for each sender and room, over a restart', async () => {
    const [rows, clock] = [memoryRows(), new FakeClock()];
    const unread = await openUnread(rows, clock);
    for (const one of [event('1'), event('2'), event('3', '@ben:x')]) await unread.add(ROOM, one);
    expect(unread.untold()).toEqual([]);
    await clock.pass(31_000);
    expect(unread.untold().map(({ sender }) => sender)).toEqual(['@ann:x', '@ben:x']);
    await unread.told(ROOM, '@ann:x');
    const again = await openUnread(rows.copy(), clock);
    expect(again.untold().map(({ sender }) => sender)).toEqual(['@ben:x']);
  });
});
