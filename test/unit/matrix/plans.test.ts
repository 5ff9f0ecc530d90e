import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Context } from '../../../src/adapters/matrix/context.ts';
import { afterFailure, planInvites } from '../../../src/adapters/matrix/invites.ts';
import { openMemory, type RoomFacts, type WaitingInvite } from '../../../src/adapters/matrix/memory.ts';
import { createRooms } from '../../../src/adapters/matrix/rooms.ts';
import { timesOf } from '../../../src/adapters/matrix/sync.ts';
import { TocsinError } from '../../../src/core/errors.ts';
import { inOrderByKey } from '../../../src/core/wakeable.ts';
import { testDeps } from '../../contract/adapter-deps.ts';

const ANN = '@ann:x';
const waiting = (inviter: string, since: number): WaitingInvite => ({
  inviter,
  since,
  tries: 0,
  direct: false,
  encrypted: false,
  space: false,
  hopeless: false,
});
const none: ReadonlySet<string> = new Set();

describe('invitations', () => {
  test('somebody with a hundred rooms: another one is not held up', () => {
    const many = Array.from({ length: 100 }, (_, i): [string, WaitingInvite] => [`!a${i}`, waiting(ANN, i)]);
    const plan = planInvites([...many, ['!b', waiting('@bob:x', 500)]], {
      paused: false,
      free: 2,
      busy: none,
      resting: none,
    });
    expect(plan).toEqual(['!a0', '!b']);
  });

  test('any queue: never more than free, none that rests or is under way, nothing in a pause, and nobody is left out', () => {
    const room = fc.integer({ min: 0, max: 30 }).map((i) => `!${i}`);
    const queue = fc.uniqueArray(fc.tuple(room, fc.constantFrom(ANN, '@bob:x', '@eve:y'), fc.nat(99)), {
      selector: ([id]) => id,
    });
    fc.assert(
      fc.property(
        queue,
        fc.nat(6),
        fc.array(room),
        fc.array(room),
        fc.boolean(),
        (list, free, busyList, restingList, paused) => {
          const [busy, resting] = [new Set(busyList), new Set(restingList)];
          const entries = list.map(([id, inviter, since]): [string, WaitingInvite] => [id, waiting(inviter, since)]);
          const plan = planInvites(entries, { paused, free, busy, resting });
          const ready = entries.filter(([id]) => !busy.has(id) && !resting.has(id));
          expect(plan).toHaveLength(paused ? 0 : Math.min(free, ready.length));
          expect(new Set(plan).size).toBe(plan.length);
          for (const id of plan) expect(ready.some(([one]) => one === id)).toBe(true);
        },
      ),
    );
  });

  const failed = (
    status: number,
    code: 'rate_limited' | 'client' | 'server' | 'auth',
    errcode: string | null,
    wait: number | null = null,
  ) => new TocsinError(code, 'x', { status, errcode, retryAfterMs: wait });
  const now = 1_000_000_000;

  test('the limit of the account: a pause for all, no try counted', () => {
    const verdict = afterFailure(failed(429, 'rate_limited', 'M_LIMIT_EXCEEDED', 9_000), waiting(ANN, 0), {
      joining: true,
      now,
      random: 0,
    });
    expect(verdict).toEqual({ next: 'again', tries: 0, waitMs: 0, pauseMs: 9_000 });
  });

  test.each<[string, TocsinError, Partial<WaitingInvite>, boolean, string]>([
    ['refused once', failed(403, 'client', 'M_FORBIDDEN'), {}, true, 'again'],
    ['refused for long', failed(403, 'client', 'M_FORBIDDEN'), { tries: 8, since: now - 3_600_000 }, true, 'hopeless'],
    [
      'refused often within a minute',
      failed(403, 'client', 'M_FORBIDDEN'),
      { tries: 8, since: now - 60_000 },
      true,
      'again',
    ],
    [
      'the room cannot be reached for a day',
      failed(502, 'server', 'M_UNKNOWN'),
      { tries: 50, since: now - 86_400_000 },
      true,
      'again',
    ],
    [
      'a decline that is refused: there is nothing to decline',
      failed(404, 'client', 'M_NOT_FOUND'),
      {},
      false,
      'answered',
    ],
    [
      'a decline meets the limit',
      failed(429, 'rate_limited', 'M_LIMIT_EXCEEDED'),
      { tries: 99, since: 0 },
      false,
      'again',
    ],
    ["a proxy's own 404", failed(404, 'server', null), { tries: 9, since: now - 3_600_000 }, true, 'again'],
  ])('%s', (_name, error, over, joining, next) => {
    expect(afterFailure(error, { ...waiting(ANN, now), ...over }, { joining, now, random: 0 }).next).toBe(next);
  });
});

type Happening =
  | { kind: 'present'; live: boolean; encrypted: boolean; continues: string | null; claimed: readonly string[] }
  | { kind: 'left'; by: string | null }
  | { kind: 'encrypted' }
  | { kind: 'alone' }
  | { kind: 'tombstone'; to: string; used: boolean; times: number };

/** A room of which these things are heard: what is told, done and noted. `coming`: who has invited us, and whether they may. */
async function play(events: readonly Happening[], coming: { inviter: string; welcome: boolean } | null) {
  const { clock, ids, log, state } = testDeps();
  const memory = await openMemory(state, log);
  const done: string[] = [];
  const now = { encrypted: false, continues: null as string | null, used: false };
  const note = (what: string, to = '') => void done.push(`${what}${to && ` ${to}`}`);
  const context = {
    memory: {
      ...memory,
      setRoom(roomId: string, facts: RoomFacts) {
        if (roomId === '!room') note(Object.keys(facts).includes('tombstone') ? 'note tombstone' : 'note');
        return memory.setRoom(roomId, facts);
      },
      dropRoom(roomId: string) {
        if (roomId === '!room') note('forget');
        return memory.dropRoom(roomId);
      },
    },
    port: {
      leave: async (roomId: string) => note('leave', roomId === '!room' ? '' : roomId),
      join: async (roomId: string) => note('join', roomId),
      createEvent: async () => ({ predecessor: { room_id: now.continues } }),
    },
    guard: { isEncrypted: async () => now.encrypted, saw: () => {} },
    cipher: null,
    direct: { kindOf: async () => 'group', forget: () => {}, isAlone: async () => true },
    senders: { of: (_: string, id: string) => ({ id }) },
    queues: inOrderByKey({ perKey: 20, total: 1_000 }),
    clock: { ...clock, sleep: async () => {} },
    ids,
    log: { ...log, warn: () => note('warn') },
    signal: new AbortController().signal,
    address: (chat: string) => ({ accountId: 'mx', chat, thread: null }),
    persist: async (attempt: () => Promise<unknown>) => {
      await attempt();
      return true;
    },
    knownChats: async () => (now.used ? ['!room'] : []),
    emit: async ({ kind, to, address }: { kind: string; to?: { chat: string }; address: { chat: string } }) =>
      note(`tell ${kind}`, to?.chat ?? (address.chat === '!room' ? '' : address.chat)),
  } as unknown as Context;
  const rooms = createRooms(context, () => coming?.welcome === true);
  if (coming) {
    const invite = { roomId: '!room', inviter: coming.inviter, direct: false, encrypted: false, space: false };
    await memory.setInvite('!room', { ...invite, since: 0, tries: 0, hopeless: false });
    await rooms.joining(invite, coming.welcome);
  }
  done.length = 0;
  for (const event of events) {
    if (event.kind === 'present') {
      Object.assign(now, { encrypted: event.encrypted, continues: event.continues });
      for (const old of event.claimed) await memory.setRoom(old, { in: true, tombstone: { to: '!room' } });
      await rooms.present('!room', event.live);
      for (const old of event.claimed) await memory.dropRoom(old);
    } else if (event.kind === 'left') await rooms.left('!room', event.by);
    else if (event.kind === 'encrypted') await rooms.turnedEncrypted('!room');
    else if (event.kind === 'alone') await rooms.someoneLeft('!room');
    else {
      now.used = event.used;
      for (let i = 0; i < event.times; i++)
        await rooms.tombstone('!room', { content: { replacement_room: event.to }, sender: ANN });
      await context.queues.idle();
    }
  }
  return { done, facts: memory.room('!room') };
}

describe('rooms', () => {
  const present = (over: object = {}): Happening => ({
    kind: 'present',
    live: true,
    encrypted: false,
    continues: null,
    claimed: [],
    ...over,
  });
  const ann = { inviter: ANN, welcome: true };

  test.each<[string, Happening[], { inviter: string; welcome: boolean } | null, string[]]>([
    ['invited', [present()], ann, ['tell joined', 'note']],
    ['seen twice', [present(), present()], ann, ['tell joined', 'note']],
    ['there before, not by us', [present({ live: false })], null, ['note']],
    ['encrypted', [present({ encrypted: true })], ann, ['warn', 'leave', 'forget']],
    [
      'encrypted, and a room of ours points to it',
      [present({ encrypted: true, claimed: ['!old'] })],
      ann,
      ['warn', 'leave', 'forget', 'tell left !old'],
    ],
    ['encrypted, the account was in it before', [present({ encrypted: true, live: false })], null, ['warn', 'note']],
    [
      'goes on from a room of ours',
      [present({ continues: '!old', claimed: ['!old'] })],
      { inviter: ANN, welcome: false },
      ['note', 'tell moved !room'],
    ],
    [
      'named by a tombstone, but points elsewhere',
      [present({ claimed: ['!old'] })],
      { inviter: '@eve:x', welcome: false },
      ['warn', 'leave', 'forget'],
    ],
    ['kicked', [present(), { kind: 'left', by: ANN }], ann, ['tell joined', 'note', 'tell left', 'forget']],
    ['kicked twice', [{ kind: 'left', by: ANN }], null, []],
    ['alone', [present(), { kind: 'alone' }], ann, ['tell joined', 'note', 'leave', 'tell left', 'forget']],
  ])('%s', async (_name, events, coming, actions) => {
    expect((await play(events, coming)).done).toEqual(actions);
  });

  const event = fc.oneof<fc.Arbitrary<Happening>[]>(
    fc.record({
      kind: fc.constant('present' as const),
      live: fc.boolean(),
      encrypted: fc.boolean(),
      continues: fc.constantFrom(null, '!old'),
      claimed: fc.constantFrom([], ['!old']),
    }),
    fc.record({ kind: fc.constant('left' as const), by: fc.constantFrom(null, ANN) }),
    fc.constantFrom<Happening>({ kind: 'encrypted' }, { kind: 'alone' }),
    fc.record({
      kind: fc.constant('tombstone' as const),
      to: fc.constantFrom('!room', '!new', 'no room'),
      used: fc.boolean(),
      times: fc.integer({ min: 1, max: 8 }),
    }),
  );
  const coming = fc.constantFrom(null, ann, { inviter: ANN, welcome: false });

  test('any course of things: joining and leaving are handed on in turn, never of joining an encrypted room, and only rooms of ours are left', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(event, { maxLength: 12 }), coming, async (events, by) => {
        const { done, facts } = await play(events, by);
        // What is handed on last agrees with what is noted last.
        const last = done.findLast((one) => /^tell (?:joined|left|moved !room)$/.test(one));
        if (last && last !== 'tell left') expect(facts?.in).toBe(true);
        if (by === null) expect(done.filter((one) => one === 'leave')).toEqual([]);
        const joins = done.filter((one) => one === 'tell joined').length;
        const lefts = done.filter((one) => one === 'tell left').length;
        expect(joins).toBeLessThanOrEqual(events.filter((one) => one.kind === 'present' && !one.encrypted).length);
        // Where the room that it goes on in cannot be used, it is over as well.
        const ends = (one: Happening) =>
          ['left', 'encrypted', 'alone'].includes(one.kind) || (one.kind === 'tombstone' && one.to === '!new');
        expect(lefts).toBeLessThanOrEqual(events.filter(ends).length);
      }),
    );
  });

  test('any upgrade: followed only from a room of ours, to another one, a bounded number of times', async () => {
    await fc.assert(
      fc.asyncProperty(event, coming, async (one, by) => {
        const { done } = await play([present({ live: false }), one], by);
        const follows = done.filter((each) => each.startsWith('join '));
        if (follows.length > 0) expect(one).toMatchObject({ kind: 'tombstone', to: '!new' });
        if (one.kind === 'tombstone' && by === null && !one.used) expect(follows).toEqual([]);
        expect(follows.length).toBeLessThanOrEqual(5);
      }),
    );
  });
});

describe('when messages count', () => {
  const [now, startedAt] = [10_000_000, 9_000_000];
  const minute = 60_000;
  test.each<
    [
      string,
      RoomFacts | undefined,
      { first: boolean; fresh: boolean; joinedAt: number | null },
      { past: number; live: number },
    ]
  >([
    [
      'the very first sync: only since we listen',
      undefined,
      { first: true, fresh: true, joinedAt: null },
      { past: startedAt, live: startedAt },
    ],
    [
      'after a pause: what came meanwhile is missed',
      { in: true },
      { first: false, fresh: false, joinedAt: null },
      { past: 0, live: startedAt - minute },
    ],
    [
      'a room that is new to us: what stands there is history',
      undefined,
      { first: false, fresh: true, joinedAt: now },
      { past: now - minute, live: now - minute },
    ],
    [
      'an invitation that waited long: what was said since it is missed',
      { byInvite: true, invitedAt: startedAt + 1_000 },
      { first: false, fresh: true, joinedAt: now - 5_000 },
      { past: startedAt + 1_000 - minute, live: now - 5_000 - minute },
    ],
  ])('%s', (_name, facts, how, times) => {
    expect(timesOf(facts, how, { now, startedAt })).toEqual(times);
  });
});
