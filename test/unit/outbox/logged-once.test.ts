/** One line when answers begin to be dropped, one when that ends; of an account that fails as a whole no line an answer. */
import { expect, test } from 'vitest';
import { createPacer } from '../../../src/core/outbox/pacer.ts';
import { createReplyQueue } from '../../../src/core/outbox/reply-queue.ts';
import type { SendOutcome } from '../../../src/core/ports/chat-adapter.ts';
import type { Log, LogFields } from '../../../src/core/ports/runtime.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';

const pace = { perSecond: 0, perChatMs: 0, perGroupMinute: 0, window: 64 };

function world(outcome: SendOutcome | (() => SendOutcome)) {
  const clock = new FakeClock();
  const lines: string[] = [];
  const note = (message: string, fields?: LogFields) => void lines.push(`${message} ${fields?.dropped ?? ''}`.trim());
  const log: Log = { debug: note, info: note, warn: note, error: note, child: () => log };
  const queue = createReplyQueue({
    adapter: { accountId: 'tg' },
    send: async () => (typeof outcome === 'function' ? outcome() : outcome),
    pacer: createPacer(pace, clock.monotonic()),
    clock,
    ids: { next: () => 'x', tail: () => 'x', random: () => 0 },
    log,
    move: async () => undefined,
    onSettled() {},
  });
  const add = (i: number) =>
    queue.add({
      address: { accountId: 'tg', chat: String(i), thread: null },
      group: false,
      document: { blocks: [], buttons: [], lang: 'en', tone: 'notice' },
      replyTo: null,
      edit: null,
    });
  const drain = async (turns: number) => {
    for (let i = 0; i < turns; i++) {
      const now = clock.monotonic();
      for (const id of queue.due(now, pace.window - queue.inFlight()).answers)
        queue.send(id, now, new AbortController().signal);
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return { lines, add, drain, clock, queue };
}

test.each([
  ['account', 0],
  ['chat', 1],
] as const)('answers that cannot be sent, the fault of the %s: %i line each', async (scope, each) => {
  const { lines, add, drain } = world({ kind: 'retry', afterMs: 0, scope, reason: 'server', detail: 'down' });
  for (let i = 0; i < 3; i++) add(i);
  await drain(20);
  expect(lines).toHaveLength(3 * each);
});

test('an account that is limited nine times in a row: the answer arrives all the same', async () => {
  let tries = 0;
  const limited = { kind: 'retry', afterMs: 0, scope: 'account', reason: 'rate_limited', detail: '429' } as const;
  const { lines, add, drain } = world(() => (++tries < 10 ? limited : { kind: 'delivered', messageRef: '1' }));
  add(1);
  await drain(30);
  expect([tries, lines]).toEqual([10, []]);
});

test('an answer that is given up: one line', async () => {
  const { lines, add, drain } = world({ kind: 'retry', afterMs: 0, scope: 'chat', reason: 'timeout', detail: 'x' });
  add(1);
  await drain(30);
  expect(lines).toEqual(['An answer could not be sent']);
});
