import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TocsinError } from '../../../src/core/errors.ts';
import { type PollEnd, createTiming, dueAfter, noted } from '../../../src/core/poll/plan.ts';
import { emptyState } from '../../../src/core/poll/source-state.ts';
import { nextRun } from '../../../src/platform/schedule.ts';
import { HOUR, MINUTE } from './world.ts';

const NOW = Date.UTC(2026, 10, 27, 12, 3, 7);
const wish = fc.oneof(
  fc.constant(null),
  fc.integer({ min: -HOUR, max: 2_000 * HOUR }).map((ms) => NOW + ms),
);
const end: fc.Arbitrary<PollEnd> = fc.oneof(
  wish.map((notBefore): PollEnd => ({ ok: true, notBefore })),
  fc.record({
    ok: fc.constant(false as const),
    at: fc.constantFrom('source' as const, 'store' as const),
    error: fc
      .record({
        retryAfterMs: fc.integer({ min: -5, max: 9_000 * HOUR }),
        backOffMs: fc.integer({ min: 0, max: 9_000 * HOUR }),
      })
      .map((facts) => new TocsinError('fetch_status', 'x', facts)),
  }),
  fc.constant<PollEnd>({ ok: false, at: 'source', error: new Error('plain') }),
);
const crons: [string, number][] = [
  ['* * * * * *', 1_000],
  ['*/5 * * * *', 5 * MINUTE],
  ['0 * * * *', HOUR],
  ['0 */8 * * *', 8 * HOUR],
];

describe('after polls that end in whatever way', () => {
  test('always due again, never in the past, never later than its bounds; failures are counted, a success ends them', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...crons),
        fc.array(end, { minLength: 1, maxLength: 12 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        ([cron, interval], ends, random) => {
          const timing = createTiming('a', cron, nextRun);
          let state = emptyState();
          let at = NOW;
          for (const one of ends) {
            const before = state;
            const after = noted(state, at, one);
            expect(before.failures).toBe(state.failures);
            state = after.state;
            expect(state.failures).toBe(one.ok ? 0 : before.failures + 1);
            expect(state.failingSince === null).toBe(one.ok);
            expect(state.firstPollDone).toBe(before.firstPollDone || one.ok);
            const due = dueAfter({ state, timing, slot: null, polledAt: at, now: at + 300, random }, one);
            expect(due.dueAt).toBeGreaterThan(at + 300);
            const stretched = Math.max(2.2 * interval + 1_000, Math.min(4 * interval, 6 * HOUR));
            expect(due.dueAt - at).toBeLessThanOrEqual(one.ok ? stretched : 24 * HOUR + 2.2 * interval + 1_000);
            if (one.ok && due.kept !== null)
              expect(due.kept - at).toBeLessThanOrEqual(Math.min(4 * interval, 6 * HOUR));
            if (!one.ok && due.kept !== null) expect((one.error as TocsinError).facts.retryAfterMs).toBeGreaterThan(0);
            at = due.dueAt;
          }
        },
      ),
    );
  });

  test.each([
    ['first success', emptyState(), { ok: true, notBefore: null }, 'first'],
    ['another success', { ...emptyState(), firstPollDone: true }, { ok: true, notBefore: null }, null],
    [
      'a failure is over',
      { ...emptyState(), firstPollDone: true, failures: 2 },
      { ok: true, notBefore: null },
      'again',
    ],
    ['a failure', emptyState(), { ok: false, at: 'source', error: new Error('x') }, 'failure'],
    [
      'the same once more',
      { ...emptyState(), failures: 1, lastCode: 'internal' },
      { ok: false, at: 'source', error: new Error('x') },
      null,
    ],
  ] as const)('%s: news or not', (_name, state, ended, news) => {
    expect(noted(state, NOW, ended).news).toBe(news);
  });

  test('a poll that asked nobody: when it was, and nothing of whether it can be read', () => {
    const failing = { ...emptyState(), failures: 2, failingSince: NOW - HOUR, lastCode: 'rate_limited' as const };
    const ended = { ok: true, notBefore: null, asked: false } as const;
    expect(noted(failing, NOW, ended)).toEqual({ news: null, state: { ...failing, lastPollAt: NOW } });
    expect(noted(emptyState(), NOW, ended).state).toMatchObject({ lastOkAt: null, firstPollDone: false });
  });
});

test.each([
  ['on-schedule', { ok: true, notBefore: null }, 0],
  ['asked', { ok: true, notBefore: NOW + 15 * MINUTE }, 0],
  ['on-schedule', { ok: false, at: 'source', error: new Error('x') }, 0],
  ['backed-off', { ok: false, at: 'source', error: new Error('x') }, 5],
  ['on-schedule', { ok: false, at: 'store', error: new Error('x') }, 5],
  ['asked', { ok: false, at: 'source', error: new TocsinError('fetch_status', 'x', { retryAfterMs: HOUR }) }, 0],
] as const)('why it is due then: %s', (reason, ended, failures) => {
  const timing = createTiming('a', '*/5 * * * *', nextRun);
  const state = noted({ ...emptyState(), failures }, NOW, ended).state;
  expect(dueAfter({ state, timing, slot: null, polledAt: NOW, now: NOW, random: 0 }, ended).reason).toBe(reason);
});

describe('a poll that has more to ask', () => {
  const timing = createTiming('x', '*/30 * * * *', nextRun);
  const facts = { state: emptyState(), timing, slot: null, polledAt: NOW, now: NOW, random: 0 };

  test('goes on at once; a wish of the server comes first', () => {
    expect(dueAfter(facts, { ok: true, notBefore: null, again: true }).dueAt).toBe(NOW + 1_000);
    expect(dueAfter(facts, { ok: true, notBefore: NOW + HOUR, again: true }).dueAt).toBe(NOW + HOUR);
    expect(dueAfter(facts, { ok: true, notBefore: null, again: false }).dueAt).toBeGreaterThan(NOW + MINUTE);
  });
});
