import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { afterFailure, judgeInvite, planInvites } from '../../../src/adapters/matrix/invites.ts';
import type { RoomFacts, WaitingInvite } from '../../../src/adapters/matrix/memory.ts';
import { type Happening, planReconcile, planRoom, type RoomAction } from '../../../src/adapters/matrix/rooms.ts';
import { timesOf } from '../../../src/adapters/matrix/sync.ts';
import { TocsinError } from '../../../src/core/errors.ts';

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

  test('whoever may invite is never declined for how often they do', () => {
    for (let i = 0; i < 200; i++)
      expect(judgeInvite(waiting(ANN, i), { welcome: true, followed: false, room: true }).accept).toBe(true);
  });
});

/** A room by the planner alone: what it tells, and what it notes. */
function play(events: readonly Happening[], coming: { inviter: string; welcome: boolean } | null) {
  let facts: RoomFacts | undefined = coming?.welcome ? { byInvite: true } : undefined;
  const done: RoomAction[] = [];
  for (const event of events)
    for (const action of planRoom({ roomId: '!room', facts, coming }, event)) {
      done.push(action);
      if (action.do === 'note') facts = { ...facts, ...action.facts };
      if (action.do === 'forget') facts = undefined;
      if (action.do === 'move') facts = { ...facts, in: true, greeted: false };
    }
  return { done, facts: facts as RoomFacts | undefined };
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
    ['invited', [present()], ann, ['tell-joined', 'note']],
    ['seen twice', [present(), present()], ann, ['tell-joined', 'note']],
    ['there before, not by us', [present({ live: false })], null, ['note']],
    ['encrypted', [present({ encrypted: true })], ann, ['warn', 'leave', 'forget']],
    ['encrypted, the account was in it before', [present({ encrypted: true, live: false })], null, ['warn', 'note']],
    [
      'goes on from a room of ours',
      [present({ continues: '!old', claimed: ['!old'] })],
      { inviter: ANN, welcome: false },
      ['move'],
    ],
    [
      'named by a tombstone, but points elsewhere',
      [present({ claimed: ['!old'] })],
      { inviter: '@eve:x', welcome: false },
      ['warn', 'leave', 'forget'],
    ],
    ['kicked', [present(), { kind: 'left', by: ANN }], ann, ['tell-joined', 'note', 'tell-left', 'forget']],
    ['kicked twice', [{ kind: 'left', by: ANN }], null, []],
    ['alone', [present(), { kind: 'alone' }], ann, ['tell-joined', 'note', 'leave', 'tell-left', 'forget']],
  ])('%s', (_name, events, coming, actions) => {
    expect(play(events, coming).done.map((one) => one.do)).toEqual(actions);
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
      to: fc.constantFrom('!room', '!new'),
      by: fc.constant(ANN),
      ours: fc.boolean(),
      follows: fc.nat(8),
      target: fc.constantFrom(undefined, { in: true }),
    }),
  );
  const coming = fc.constantFrom(null, ann, { inviter: ANN, welcome: false });

  test('any course of things: joining and leaving are handed on in turn, never of joining an encrypted room, and only rooms of ours are left', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 12 }), coming, (events, by) => {
        const { done, facts } = play(events, by);
        let inside = false;
        for (const one of done) {
          if (one.do === 'tell-joined' || one.do === 'move') inside = true;
          if (one.do === 'tell-left') inside = false;
        }
        // What is handed on last agrees with what is noted last.
        if (inside) expect(facts?.in).toBe(true);
        if (by === null) expect(done.filter((one) => one.do === 'leave')).toEqual([]);
        const joins = done.filter((one) => one.do === 'tell-joined').length;
        const lefts = done.filter((one) => one.do === 'tell-left').length;
        expect(joins).toBeLessThanOrEqual(events.filter((one) => one.kind === 'present' && !one.encrypted).length);
        expect(lefts).toBeLessThanOrEqual(
          events.filter((one) => ['left', 'encrypted', 'alone'].includes(one.kind)).length,
        );
      }),
    );
  });

  test('any upgrade: followed only from a room of ours, to another one, a bounded number of times', () => {
    fc.assert(
      fc.property(event, coming, (one, by) => {
        const follows = planRoom({ roomId: '!room', facts: { in: true }, coming: by }, one).filter(
          (action) => action.do === 'follow',
        );
        if (follows.length > 0) expect(one).toMatchObject({ kind: 'tombstone', ours: true, to: '!new' });
        if (one.kind === 'tombstone' && one.follows >= 5) expect(follows).toEqual([]);
      }),
    );
  });
});

test('what the server says of our rooms: nobody is ended who is there, and the first start adopts all but those that we are coming to', () => {
  const id = fc.integer({ min: 0, max: 12 }).map((i) => `!${i}`);
  const facts = fc.record(
    { in: fc.boolean(), byInvite: fc.boolean(), movedTo: fc.option(id, { nil: undefined }), movedAt: fc.constant(0) },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(
      fc.array(fc.tuple(id, facts)),
      fc.array(id),
      fc.array(id),
      fc.array(id),
      fc.boolean(),
      (list, joinedList, known, comingList, first) => {
        const rooms = [...new Map(list)] as [string, RoomFacts][];
        const [joined, coming] = [new Set(joinedList), new Set(comingList)];
        const plan = planReconcile(rooms, joined, { known, now: 10_000_000, first, coming });
        for (const roomId of plan.suspects) expect(joined.has(roomId)).toBe(false);
        for (const roomId of plan.leave)
          expect(rooms.find(([one]) => one === roomId)?.[1]).toMatchObject({ byInvite: true });
        expect(plan.adopt.toSorted()).toEqual(first ? [...joined].filter((one) => !coming.has(one)).toSorted() : []);
      },
    ),
  );
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
