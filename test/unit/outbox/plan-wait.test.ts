/** How long a sender may rest: never past what it waits for, and never not at all where nothing can be done. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSchedule } from '../../../src/core/outbox/pacer.ts';
import { type TurnFacts, planWait } from '../../../src/core/outbox/sender.ts';

const NOW = 10_000;
const paced = createSchedule(20, NOW);
const unpaced = createSchedule(0, NOW);
const facts = (over: Partial<TurnFacts> = {}): TurnFacts => ({
  now: NOW,
  schedule: paced,
  answersIn: null,
  looked: true,
  claims: 0,
  begun: 0,
  leftForPace: false,
  heldUntil: null,
  room: 16,
  settled: 0,
  inFlight: 0,
  dueIn: null,
  someHeld: false,
  answersFreed: false,
  tryIn: null,
  decideIn: null,
  ...over,
});

test.each<[string, Partial<TurnFacts>, ReturnType<typeof planWait>]>([
  ['nothing to do', {}, { ms: 5_000, why: 'look-again' }],
  ['an answer waits for its chat', { answersIn: 700 }, { ms: 700, why: 'next-answer' }],
  ['the account was asked to wait', { schedule: { ...paced, pausedUntil: NOW + 900 } }, { ms: 900, why: 'paused' }],
  [
    'the next slot is not yet',
    { leftForPace: true, schedule: { ...paced, next: NOW + 40 } },
    { ms: 40, why: 'account-pace' },
  ],
  ['a chat is held for its own pace', { heldUntil: NOW + 300 }, { ms: 300, why: 'chat-pace' }],
  [
    'one was sent: the next slot',
    { claims: 1, begun: 1, schedule: { ...paced, next: NOW + 50 } },
    { ms: 50, why: 'next-slot' },
  ],
  ['unpaced, and room for more', { schedule: unpaced, claims: 4, begun: 4 }, { ms: 0, why: 'more-waits' }],
  ['unpaced, and no room', { schedule: unpaced, claims: 16, begun: 16 }, { ms: 5_000, why: 'look-again' }],
  ['just settled: the chats of these were left out of the look', { settled: 2 }, { ms: 0, why: 'chats-came-free' }],
  ['due in a while', { dueIn: 1_200 }, { ms: 1_200, why: 'next-due' }],
  [
    'due in a while, but one is under way: its end wakes',
    { dueIn: 1_200, inFlight: 1 },
    { ms: 5_000, why: 'look-again' },
  ],
  ['due already, yet not offered: no hot loop', { dueIn: -50 }, { ms: 5, why: 'next-due' }],
  [
    'due already, and its chat is held: the release ends it',
    { dueIn: -50, someHeld: true },
    { ms: 5_000, why: 'look-again' },
  ],
  ['alerts can go no more: answers need not wait', { answersFreed: true }, { ms: 0, why: 'answers-next' }],
  ['a suspicion is to be decided', { decideIn: 2_000 }, { ms: 2_000, why: 'gone-or-not' }],
  ['a paused account may try one', { tryIn: 500 }, { ms: 500, why: 'single-try' }],
  ['a paused account whose try is under way', { tryIn: 500, inFlight: 1 }, { ms: 5_000, why: 'look-again' }],
  [
    'not looked into: what is due is not known',
    { looked: false, dueIn: 100, settled: 1 },
    { ms: 5_000, why: 'look-again' },
  ],
])('%s', (_name, over, expected) => expect(planWait(facts(over))).toEqual(expected));

const later = fc.option(fc.integer({ min: 1, max: 20_000 }));
const any = fc.record({
  schedule: fc
    .record({ full: fc.constantFrom(0, 20), next: fc.nat(9_000), paused: fc.nat(9_000) })
    .map(({ full, next, paused: until }) => ({
      ...createSchedule(full, NOW),
      next: NOW + next,
      pausedUntil: NOW - 4_000 + until,
    })),
  answersIn: later,
  looked: fc.boolean(),
  claims: fc.nat(16),
  begun: fc.nat(16),
  leftForPace: fc.boolean(),
  heldUntil: later.map((ms) => (ms === null ? null : NOW + ms)),
  settled: fc.nat(3),
  inFlight: fc.nat(16),
  dueIn: fc.option(fc.integer({ min: -1_000, max: 20_000 })),
  someHeld: fc.boolean(),
  tryIn: later,
  decideIn: later,
});

test('whatever was found: within five seconds, at the soonest of what it waits for, and not in a loop', () => {
  fc.assert(
    fc.property(any, (over) => {
      const found = facts(over);
      const { ms, why } = planWait(found);
      expect(ms).toBeGreaterThanOrEqual(0);
      expect(ms).toBeLessThanOrEqual(5_000);
      if (found.answersIn !== null) expect(ms).toBeLessThanOrEqual(found.answersIn);
      if (found.decideIn !== null) expect(ms).toBeLessThanOrEqual(found.decideIn);
      if (found.heldUntil !== null) expect(ms).toBeLessThanOrEqual(found.heldUntil - NOW);
      // At once only where something can be done at once.
      if (ms === 0 && why !== 'chats-came-free' && why !== 'more-waits')
        expect(['account-pace', 'next-slot']).toContain(why);
    }),
    { numRuns: 1_000 },
  );
});
