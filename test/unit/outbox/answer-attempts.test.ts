import fc from 'fast-check';
import { expect, test } from 'vitest';
import { answerAgain } from '../../../src/core/outbox/answer-attempts.ts';
import type { SendOutcome } from '../../../src/core/ports/chat-adapter.ts';

type Retry = Extract<SendOutcome, { kind: 'retry' }>;
const retry = (over: Partial<Retry> = {}): Retry => ({
  kind: 'retry',
  afterMs: null,
  scope: 'chat',
  reason: 'server',
  detail: 'x',
  ...over,
});

test('the whole account must wait: never counted, however often', () => {
  let attempts = 0;
  for (let i = 0; i < 200; i++) {
    const verdict = answerAgain(
      retry({ scope: 'account', reason: 'rate_limited', afterMs: 5_000 }),
      { attempts, ageMs: i * 5_000 },
      0,
    );
    expect(verdict).toEqual({ next: 'again', waitMs: 5_000, attempts: 0 });
    if (verdict.next === 'again') attempts = verdict.attempts;
  }
});

test('its own failures: six tries, then given up with a reason', () => {
  let attempts = 0;
  for (let i = 0; i < 5; i++) {
    const verdict = answerAgain(retry(), { attempts, ageMs: 0 }, 0);
    expect(verdict.next).toBe('again');
    if (verdict.next === 'again') attempts = verdict.attempts;
  }
  expect(answerAgain(retry(), { attempts, ageMs: 0 }, 0)).toEqual({ next: 'give-up', why: 'attempts' });
});

test('an account that is down for over an hour: given up', () => {
  const down = retry({ scope: 'account' });
  expect(answerAgain(down, { attempts: 0, ageMs: 3_600_001 }, 0)).toEqual({ next: 'give-up', why: 'age' });
});

test('any outcome: the wait that the platform asks for is never cut short', () => {
  const outcomes = fc.record({
    afterMs: fc.option(fc.nat(100_000)),
    scope: fc.constantFrom('account' as const, 'chat' as const),
  });
  fc.assert(
    fc.property(outcomes, fc.nat(10), fc.nat(5_000_000), (over, attempts, ageMs) => {
      const verdict = answerAgain(retry(over), { attempts, ageMs }, 0.5);
      if (verdict.next === 'again') expect(verdict.waitMs).toBeGreaterThanOrEqual(over.afterMs ?? 1);
    }),
  );
});
