import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MessageDocument } from '../../../src/core/model/message.ts';
import { type AnswerNext, answerNext } from '../../../src/core/outbox/reply-queue.ts';
import type { SendOutcome } from '../../../src/core/ports/chat-adapter.ts';
import { says } from './samples.ts';

type Retry = Extract<SendOutcome, { kind: 'retry' }>;
const retry = (over: Partial<Retry> = {}): Retry => ({
  kind: 'retry',
  afterMs: null,
  scope: 'chat',
  reason: 'server',
  detail: 'x',
  ...over,
});

const answerAgain = (outcome: Retry, entry: { attempts: number; ageMs: number }, random: number) =>
  answerNext(outcome, { reply: { edit: null, document: says('text') }, ...entry }, () => random);

test('the whole account must wait: never counted, however often', () => {
  let attempts = 0;
  for (let i = 0; i < 200; i++) {
    const verdict = answerAgain(
      retry({ scope: 'account', reason: 'rate_limited', afterMs: 5_000 }),
      { attempts, ageMs: i * 5_000 },
      0,
    );
    expect(verdict).toEqual({ do: 'again', waitMs: 5_000, attempts: 0 });
    if (verdict.do === 'again') attempts = verdict.attempts;
  }
});

test('its own failures: six tries, then given up with a reason', () => {
  let attempts = 0;
  for (let i = 0; i < 5; i++) {
    const verdict = answerAgain(retry(), { attempts, ageMs: 0 }, 0);
    expect(verdict.do).toBe('again');
    if (verdict.do === 'again') attempts = verdict.attempts;
  }
  expect(answerAgain(retry(), { attempts, ageMs: 0 }, 0)).toEqual({
    do: 'complain',
    message: 'An answer could not be sent',
    fields: { code: 'server', why: 'attempts' },
  });
});

test('an account that is down for over an hour: given up', () => {
  const down = retry({ scope: 'account' });
  expect(answerAgain(down, { attempts: 0, ageMs: 3_600_001 }, 0)).toMatchObject({
    do: 'complain',
    fields: { why: 'age' },
  });
});

test('any outcome: the wait that the platform asks for is never cut short', () => {
  const outcomes = fc.record({
    afterMs: fc.option(fc.nat(100_000)),
    scope: fc.constantFrom('account' as const, 'chat' as const),
  });
  fc.assert(
    fc.property(outcomes, fc.nat(10), fc.nat(5_000_000), (over, attempts, ageMs) => {
      const verdict = answerAgain(retry(over), { attempts, ageMs }, 0.5);
      if (verdict.do === 'again') expect(verdict.waitMs).toBeGreaterThanOrEqual(over.afterMs ?? 1);
    }),
  );
});

describe('after one try of an answer', () => {
  const document = says('text');
  const file = { ...document, file: { name: 'a.csv', text: 'a' } } as unknown as MessageDocument;
  const plain = { reply: { edit: null, document }, attempts: 0, ageMs: 0 };
  const to = { accountId: 'tg', chat: '-100', thread: null };
  const rejected: SendOutcome = { kind: 'rejected', reason: 'client', detail: 'no such message' };
  const moved: SendOutcome = { kind: 'moved', to };

  test.each<[string, SendOutcome, object, Partial<AnswerNext>]>([
    ['it is there: nothing more', { kind: 'delivered', messageRef: '1' }, {}, { do: 'done' }],
    ['not yet: again, after the wait that was asked for', retry({ afterMs: 700 }), {}, { do: 'again', waitMs: 700 }],
    ['five failures of its own: said in the log', retry(), { attempts: 5 }, { do: 'complain' }],
    ['the chat moved: again, there', moved, {}, { do: 'again-there', attempts: 1, to }],
    ['it moves on and on: enough', moved, { attempts: 5 }, { do: 'done' }],
    [
      'the chat takes nothing: so for all that waits there',
      { kind: 'gone', detail: 'x' } as SendOutcome,
      {},
      { do: 'leave-chat' },
    ],
    [
      'the message to replace is gone: said afresh',
      rejected,
      { reply: { edit: '7', document } },
      { do: 'again-afresh' },
    ],
    [
      'a file is refused: the text before it stands',
      rejected,
      { reply: { edit: null, document: file } },
      { do: 'say-less' },
    ],
    ['a text is refused: said in the log, never sent again', rejected, {}, { do: 'complain' }],
  ])('%s', (_name, outcome, entry, next) => {
    expect(answerNext(outcome, { ...plain, ...entry }, () => 0)).toMatchObject(next);
  });

  test('whatever comes, again and again: it ends', () => {
    const outcomes = fc.constantFrom(retry(), moved, rejected);
    fc.assert(
      fc.property(fc.array(outcomes, { minLength: 40, maxLength: 40 }), (all) => {
        let entry = { reply: { edit: '7' as string | null, document }, attempts: 0, ageMs: 0 };
        const ended = all.some((outcome) => {
          const next = answerNext(outcome, entry, () => 0);
          if (next.do === 'again-afresh') entry = { ...entry, reply: { ...entry.reply, edit: null } };
          else if (next.do === 'again' || next.do === 'again-there') entry = { ...entry, attempts: next.attempts };
          else return true;
          return false;
        });
        expect(ended).toBe(true);
      }),
      { numRuns: 100 },
    );
  });
});
