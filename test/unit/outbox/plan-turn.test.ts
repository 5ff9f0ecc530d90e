/** The planner of a turn by itself, and in a small model of an account: whatever waits, pace, order and shares hold, and it drains. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Priority } from '../../../src/core/model/alert.ts';
import { createSchedule, slotIn } from '../../../src/core/outbox/pacer.ts';
import { type Offer, type TurnState, planAnswers, planTurn } from '../../../src/core/outbox/sender.ts';
import type { Claim } from '../../../src/core/ports/outbox.ts';
import { says } from './samples.ts';

const PRIORITIES: readonly Priority[] = ['reply', 'critical', 'alert', 'digest'];

const state = (over: Partial<TurnState> = {}): TurnState => ({
  schedule: createSchedule(27, 0),
  chatLimits: true,
  room: 16,
  owed: 0,
  alertsPerAnswer: 2,
  alertsWait: false,
  ...over,
});
type Facts = Partial<Pick<Claim, 'chatId' | 'priority' | 'waitsForEarlier'>> &
  Partial<Pick<Offer, 'chat' | 'readyAt'>> & { skip?: string | null };
const claim = (
  id: number,
  { chatId = id, priority = 'alert', waitsForEarlier = false, ...over }: Facts = {},
): Offer => ({
  claim: { id, chatId, priority, waitsForEarlier } as Claim,
  chat: over.chat ?? `c${chatId}`,
  readyAt: over.readyAt ?? 0,
  content: waitsForEarlier ? null : over.skip ? { skip: over.skip } : { document: says('x') },
});

describe('one turn', () => {
  test.each<[string, Offer, object]>([
    ['an earlier piece is under way', claim(1, { waitsForEarlier: true }), { do: 'hold', why: 'earlier-piece-first' }],
    ['nothing to say any more', claim(1, { skip: 'not-followed' }), { do: 'drop', why: 'not-followed' }],
    ['the chat had a message just now', claim(1, { readyAt: 900 }), { do: 'hold', until: 900, why: 'chat-pace' }],
    ['nothing stands in the way', claim(1), { do: 'begin', why: 'in-order' }],
  ])('%s: said by name', (_, one, expected) => {
    expect(planTurn(state(), [one], 0).actions).toMatchObject([expected]);
  });

  test('a paused account: nothing begins, no chat is held for it', () => {
    const paused = { ...createSchedule(27, 0), pausedUntil: 5_000 };
    const plan = planTurn(state({ schedule: paused }), [claim(1), claim(2, { readyAt: 900 })], 0);
    expect(plan.actions.map((one) => [one.do, one.why])).toEqual([
      ['leave', 'account-pace'],
      ['leave', 'account-pace'],
    ]);
    expect(planAnswers(state({ schedule: paused }), 1, 0)).toMatchObject({ go: 0, stop: 'account-pace' });
  });

  test('alerts can go no more for reasons of their own: answers are owed nothing', () => {
    const plan = planTurn(state({ owed: 2 }), [claim(1, { readyAt: 900 })], 0);
    expect([plan.state.owed, plan.answersFreed]).toEqual([0, true]);
    const paced = { ...createSchedule(27, 0), next: 10 };
    expect(planTurn(state({ owed: 2, schedule: paced }), [claim(1)], 0).state.owed).toBe(2);
    const paused = { ...paced, pausedUntil: 10 };
    expect(planTurn(state({ owed: 2, schedule: paused, alertsWait: true }), null, 0).state).toMatchObject({
      owed: 2,
      alertsWait: true,
    });
    expect(planTurn(state({ owed: 2 }), null, 0)).toMatchObject({ state: { owed: 0 }, answersFreed: true });
  });
});

const claims = fc.array(
  fc.record({
    chatId: fc.integer({ min: 1, max: 12 }),
    priority: fc.constantFrom(...PRIORITIES),
    readyAt: fc.constantFrom(0, 0, 0, 400, 2_000),
    waitsForEarlier: fc.boolean(),
    skip: fc.constantFrom(null, null, null, 'not-followed'),
  }),
  { maxLength: 20 },
);
const states = fc.record({
  full: fc.constantFrom(0, 1, 27, 1_000),
  room: fc.integer({ min: 0, max: 16 }),
  owed: fc.integer({ min: -4, max: 9 }),
  paused: fc.constantFrom(0, 0, 3_000),
  alertsWait: fc.boolean(),
});

test('any claims and answers: room, slots and chats are respected, and no lower priority goes before a higher one that could', () => {
  fc.assert(
    fc.property(states, claims, fc.integer({ min: 0, max: 20 }), (some, found, asked) => {
      const { full, paused, ...rest } = some;
      const schedule = { ...createSchedule(full, 0), pausedUntil: paused };
      const offered = found.map((one, id) => claim(id, one));
      const before = state({ ...rest, schedule });
      const answered = planAnswers(before, asked, 1_000);
      const plan = planTurn(answered.state, offered, 1_000);
      const begun = plan.actions.filter((one) => one.do === 'begin').map((one) => found[one.id]!);
      expect(begun.length).toBeLessThanOrEqual(before.room);
      expect(answered.go).toBeLessThanOrEqual(asked);
      if (answered.stop === null) expect(answered.go).toBe(asked);
      if (paused > 1_000) expect(begun.length + answered.go).toBe(0);
      if (full === 27) expect(begun.length + answered.go).toBeLessThanOrEqual(1);
      expect(new Set(begun.map((one) => one.chatId)).size).toBe(begun.length);
      for (const one of begun)
        expect([one.readyAt <= 1_000, one.waitsForEarlier, one.skip]).toEqual([true, false, null]);
      // Every delivery gets one verdict, and each of a chat stays behind its first.
      expect(plan.actions).toHaveLength(offered.length);
      const rank = (priority: Priority) => PRIORITIES.indexOf(priority);
      const lowest = Math.max(-1, ...begun.map((one) => rank(one.priority)));
      const passed = plan.actions.flatMap((one) =>
        one.do === 'leave' && one.why !== 'same-chat' ? [rank(found[one.id]!.priority)] : [],
      );
      for (const priority of passed) expect(priority).toBeGreaterThanOrEqual(lowest);
      if (before.owed > 0) expect(answered.go).toBe(0);
    }),
    { numRuns: 500 },
  );
});

interface World {
  perSecond: number;
  perChatMs: number;
  alertsPerAnswer: number;
  /** Chats of the alerts in the queue's order. */
  alerts: number[];
  /** Chats of the answers, in the order asked. */
  asked: number[];
}

interface Sent {
  at: number;
  chat: string;
  n: number;
  kind: 'alert' | 'answer';
}

function firstOfEach<T extends { chat: string }>(list: readonly T[]): T[] {
  const seen = new Set<string>();
  return list.filter((one) => !seen.has(one.chat) && seen.add(one.chat));
}

/** An account as the sender drives it: answers first, then a look; sends land at once; time moves as the slots do. */
function run(world: World, until = 600_000): { sent: Sent[]; left: number } {
  const sent: Sent[] = [];
  const last = new Map<string, number>();
  const alerts = world.alerts.map((chat, n) => ({ chat: `p${chat}`, chatId: chat, n }));
  const asked = world.asked.map((chat, n) => ({ chat: `p${chat}`, n }));
  let current = state({
    schedule: createSchedule(world.perSecond, 0),
    alertsPerAnswer: world.alertsPerAnswer,
  });
  const ready = (chat: string) => (last.get(chat) ?? -Infinity) + world.perChatMs;
  const send = (list: { chat: string; n: number }[], n: number, kind: Sent['kind'], at: number) => {
    const one = list.splice(
      list.findIndex((each) => each.n === n),
      1,
    )[0]!;
    sent.push({ at, chat: one.chat, n, kind });
    last.set(one.chat, at);
  };
  for (let now = 0; now < until && alerts.length + asked.length > 0;) {
    const due = firstOfEach(asked)
      .filter((one) => ready(one.chat) <= now)
      .slice(0, 16);
    const answered = planAnswers(current, due.length, now);
    for (const one of due.slice(0, answered.go)) send(asked, one.n, 'answer', now);
    const offered = firstOfEach(alerts)
      .filter((one) => ready(one.chat) <= now)
      .slice(0, 16)
      .map((one) => claim(one.n, { chatId: one.chatId, chat: one.chat, readyAt: ready(one.chat) }));
    const plan = planTurn({ ...answered.state, room: 16 }, offered, now);
    for (const one of plan.actions) if (one.do === 'begin') send(alerts, one.id, 'alert', now);
    current = { ...plan.state, room: 16 };
    now += plan.answersFreed ? 0 : Math.max(1, slotIn(current.schedule, now));
  }
  return { sent, left: alerts.length + asked.length };
}

const worlds = fc.record({
  perSecond: fc.constantFrom(5, 27, 200),
  perChatMs: fc.constantFrom(0, 1_000),
  alertsPerAnswer: fc.constantFrom(1, 2, 9),
  alerts: fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 60 }),
  asked: fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 60 }),
});

describe('an account in a model', () => {
  test('any queue: it drains, in order within each chat, inside the pace of account and chat', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        const { sent, left } = run(world);
        expect(left).toBe(0);
        for (const kind of ['alert', 'answer'] as const)
          for (const one of Map.groupBy(
            sent.filter((each) => each.kind === kind),
            (each) => each.chat,
          ).values())
            expect(one.map((each) => each.n)).toEqual(one.map((each) => each.n).toSorted((a, b) => a - b));
        for (const [i, one] of sent.entries()) {
          const inASecond = sent.filter((other) => other.at >= one.at && other.at < one.at + 1_000).length;
          expect(inASecond).toBeLessThanOrEqual(world.perSecond + Math.ceil(world.perSecond * 0.016) + 1);
          const next = sent.slice(i + 1).find((other) => other.chat === one.chat);
          if (next) expect(next.at - one.at).toBeGreaterThanOrEqual(world.perChatMs - 1e-6);
        }
      }),
      { numRuns: 100 },
    );
  });

  test.each([1, 2, 9].flatMap((each) => [5, 27, 200].map((perSecond) => [each, perSecond] as const)))(
    'alerts and answers both wait, %i alerts an answer, %i a second: alerts have half of the pace at least, and answers go on',
    (alertsPerAnswer, perSecond) => {
      const alerts = Array.from({ length: 200 }, (_, i) => i);
      const asked = Array.from({ length: 200 }, (_, i) => 1_000 + i);
      const { sent } = run({ perSecond, perChatMs: 1_000, alertsPerAnswer, alerts, asked });
      const last = (kind: Sent['kind']) => sent.findLastIndex((one) => one.kind === kind);
      const both = sent.slice(0, Math.min(last('alert'), last('answer')) + 1);
      for (let from = 0; from + 20 <= both.length; from += 20) {
        const share = both.slice(from, from + 20).filter((one) => one.kind === 'alert').length;
        expect(share).toBeGreaterThanOrEqual(10);
        expect(share).toBeLessThan(20);
      }
    },
  );

  test.each([
    [4, [6, 7, 8, 9]],
    [6, [6, 7, 8, 9, 10, 12]],
  ])(
    'alerts have gone for a while, %i ask at once: answered at the next slots, those beyond the credit by turns',
    (count, expected) => {
      let current = state({ schedule: createSchedule(27, 0), alertsPerAnswer: 1, alertsWait: true });
      let waiting = 0;
      const answeredAt: number[] = [];
      for (let slot = 0; slot < 20; slot++) {
        if (slot === 6) waiting = count;
        const now = (slot * 1_000) / 27 + 0.01;
        const answered = planAnswers(current, waiting, now);
        for (; waiting > 0 && answeredAt.length < count && answered.go > 0; waiting--) {
          answeredAt.push(slot);
          break;
        }
        current = { ...planTurn({ ...answered.state, room: 16 }, [claim(slot)], now).state, room: 16 };
      }
      expect(answeredAt).toEqual(expected);
    },
  );

  test('no alert waits any more: of the next broadcast the first alert goes before a second answer', () => {
    const rested = planTurn(state({ owed: -4 }), [], 0).state;
    expect(planAnswers({ ...rested, schedule: createSchedule(27, 0), alertsWait: true }, 4, 0).go).toBe(1);
  });

  test('people ask while no alert waits: the first answer goes at the first slot', () => {
    const { sent } = run({ perSecond: 27, perChatMs: 1_000, alertsPerAnswer: 2, alerts: [1, 2, 3], asked: [50] });
    expect(sent[0]).toMatchObject({ kind: 'answer', at: 0 });
  });
});
