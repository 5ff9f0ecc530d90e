/** Answers that do not get through at once: repeated, moved, said afresh, given up. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createPacer } from '../../../src/core/outbox/pacer.ts';
import { type Reply, createReplyQueue } from '../../../src/core/outbox/reply-queue.ts';
import type { Outgoing, SendOutcome } from '../../../src/core/ports/chat-adapter.ts';
import type { OwedAnswer } from '../../../src/core/ports/outbox.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { recordingLog } from '../../fakes/fake-log.ts';
import { fixedIds, says, textOf } from './samples.ts';

const pace = { perSecond: 100, perChatMs: 0, perGroupMinute: 20, window: 16 };

/** A queue on a platform that answers as the test says. */
function bench(answer: (message: Outgoing, n: number) => SendOutcome | Promise<SendOutcome>) {
  const clock = new FakeClock();
  const { log, lines, said } = recordingLog();
  const sent: Outgoing[] = [];
  const moves: string[] = [];
  const over: string[] = [];
  const queue = createReplyQueue({
    adapter: { accountId: 'tg' },
    send: async (message) => {
      sent.push(message);
      return await answer(message, sent.length);
    },
    pacer: createPacer(pace, 0),
    clock,
    ids: fixedIds(),
    log,
    move: async (from, to) => void moves.push(`${from.chat} → ${to.chat}`),
    onSettled() {},
    onAnswered: (answers) => over.push(...answers.map(({ id }) => id)),
  });
  const pass = async (ms: number) => {
    for (const end = clock.monotonic() + ms; clock.monotonic() < end; await clock.pass(50))
      for (const id of queue.due(clock.monotonic(), 16).answers)
        queue.send(id, clock.monotonic(), new AbortController().signal);
  };
  return { queue, sent, moves, over, lines, said, pass, clock };
}

const reply = (over: Partial<Reply> = {}): Reply => ({
  address: { accountId: 'tg', chat: '100', thread: null },
  group: false,
  document: says('answer'),
  replyTo: null,
  edit: null,
  ...over,
});
const delivered: SendOutcome = { kind: 'delivered', messageRef: '1' };
const later = (over: object = {}): SendOutcome =>
  ({ kind: 'retry', scope: 'chat', reason: 'timeout', detail: 'x', afterMs: null, ...over }) as SendOutcome;

describe('an answer that did not arrive', () => {
  test('the same again under the same key, so that a platform that remembers it shows it once', async () => {
    const { queue, sent, pass } = bench((_, n) => (n < 3 ? later() : delivered));
    queue.add(reply());
    await pass(20_000);
    expect(sent).toHaveLength(3);
    expect(new Set(sent.map((one) => one.key)).size).toBe(1);
  });

  test('six times: given up, with one line that says why', async () => {
    const { queue, sent, pass, lines } = bench(() => later());
    queue.add(reply());
    await pass(600_000);
    expect([sent.length, queue.inFlight(), queue.due(0, 1).next]).toEqual([6, 0, null]);
    expect(lines).toMatchObject([{ level: 'warn', fields: { account: 'tg', code: 'timeout', why: 'attempts' } }]);
  });

  test('not before its time, and no later answer of its chat overtakes it', async () => {
    const { queue, sent, pass } = bench((_, n) => (n === 1 ? later({ afterMs: 5_000 }) : delivered));
    queue.add(reply({ document: says('first') }));
    queue.add(reply({ document: says('second') }));
    queue.add(reply({ address: { accountId: 'tg', chat: '200', thread: null }, document: says('other') }));
    await pass(4_000);
    expect(sent.map(({ document }) => textOf(document))).toEqual(['first', 'other']);
    await pass(4_000);
    expect(sent.slice(2).map(({ document }) => textOf(document))).toEqual(['first', 'second']);
  });
});

describe('an account that must wait', () => {
  const limited = later({ scope: 'account', reason: 'rate_limited', afterMs: 5_000 });

  test('however often: never counted, and sent when it goes on', async () => {
    const { queue, sent, pass, said } = bench((_, n) => (n <= 200 ? limited : delivered));
    queue.add(reply());
    await pass(201 * 5_050);
    expect([sent.length, said(), queue.waiting()]).toEqual([201, [], 0]);
  });

  test('for over an hour: given up, with one line that says why', async () => {
    const { queue, pass, lines } = bench(() => later({ scope: 'account', afterMs: 600_000 }));
    queue.add(reply());
    await pass(4_300_000);
    expect(queue.waiting()).toBe(0);
    expect(lines).toMatchObject([{ level: 'warn', fields: { account: 'tg', code: 'timeout', why: 'age' } }]);
  });
});

test('whatever comes of it, again and again: no wait that was asked for is cut short, and it ends', async () => {
  const outcomes = fc.oneof(
    fc.option(fc.nat(20_000)).map((afterMs) => later({ afterMs })),
    fc.constantFrom<SendOutcome>(
      { kind: 'moved', to: { accountId: 'tg', chat: '-100', thread: null } },
      { kind: 'rejected', reason: 'client', detail: 'no' },
    ),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(outcomes, { minLength: 20, maxLength: 20 }), async (all) => {
      let notBefore = 0;
      const { queue, pass, clock } = bench((_, n) => {
        expect(clock.monotonic()).toBeGreaterThanOrEqual(notBefore);
        const outcome = all[n - 1]!;
        if (outcome.kind === 'retry') notBefore = clock.monotonic() + (outcome.afterMs ?? 1);
        return outcome;
      });
      queue.add(reply({ edit: '7' }));
      await pass(250_000);
      expect([queue.waiting(), queue.inFlight()]).toEqual([0, 0]);
    }),
    { numRuns: 20 },
  );
});

describe('a chat that is elsewhere, or nowhere', () => {
  const to = (name: string) => ({ accountId: 'tg', chat: name, thread: null });

  test('moved: said at the new place, and the chat moves', async () => {
    const { queue, sent, pass, moves } = bench(({ address }) =>
      address.chat === '100' ? { kind: 'moved', to: to('-1001') } : delivered,
    );
    queue.add(reply());
    await pass(1_000);
    expect([sent.map(({ address }) => address.chat), moves]).toEqual([['100', '-1001'], ['100 → -1001']]);
  });

  test('moved on and on: given up after a handful', async () => {
    const { queue, sent, pass } = bench((_, n) => ({ kind: 'moved', to: to(`c${n}`) }));
    queue.add(reply());
    await pass(5_000);
    expect(sent).toHaveLength(6);
  });

  test('gone: what else waits for it is dropped; whether it ends is not for an answer to say', async () => {
    const { queue, sent, pass } = bench(() => ({ kind: 'gone', reason: 'client', detail: 'blocked' }));
    queue.add(reply());
    queue.add(reply());
    await pass(1_000);
    expect([sent.length, queue.due(0, 9).next]).toEqual([1, null]);
  });
});

describe('a refusal', () => {
  const no: SendOutcome = { kind: 'rejected', reason: 'client', detail: 'message to edit not found' };

  test('of an edit: the message may be gone, so it is said afresh, under a key of its own', async () => {
    const { queue, sent, pass, said } = bench(({ op }) => (op === 'edit' ? no : delivered));
    queue.add(reply({ edit: '9' }));
    await pass(1_000);
    expect(sent.map(({ op }) => op)).toEqual(['edit', 'send']);
    expect(sent[0]!.key).not.toBe(sent[1]!.key);
    expect(said()).toEqual([]);
  });

  test('of a fresh message: one line with the reason, and no second try', async () => {
    const { queue, sent, pass, lines } = bench(() => no);
    queue.add(reply());
    await pass(10_000);
    expect(sent).toHaveLength(1);
    expect(lines).toMatchObject([{ level: 'warn', fields: { code: 'client', detail: no.detail } }]);
  });
});

describe('an answer that is made when its turn comes', () => {
  test('it cannot be made: one line, and the chat’s next answer goes all the same', async () => {
    const { queue, sent, pass, said } = bench(() => delivered);
    queue.add(reply({ document: null, later: () => Promise.reject(new Error('disk full')) }));
    await pass(1_000);
    queue.add(reply());
    await pass(1_000);
    expect(said()).toEqual(['error Unable to send an answer']);
    expect(sent).toHaveLength(1);
  });

  test('there is nothing to say any more: nothing is sent', async () => {
    const { queue, sent, pass } = bench(() => delivered);
    queue.add(reply({ document: null, later: async () => null }));
    await pass(1_000);
    expect([sent, queue.due(0, 1).next]).toEqual([[], null]);
  });

  test('made once, and repeated as it was made', async () => {
    let made = 0;
    const { queue, sent, pass } = bench((_, n) => (n === 1 ? later() : delivered));
    queue.add(reply({ document: null, later: async () => says(`made ${++made}`) }));
    await pass(10_000);
    expect(sent.map(({ document }) => textOf(document))).toEqual(['made 1', 'made 1']);
  });
});

const owed = (id: string): OwedAnswer => ({
  id,
  address: { accountId: 'tg', chat: id, thread: null },
  chatKind: 'private',
  kind: 'change',
  ref: null,
  at: 0,
  command: null,
});

describe('who is owed an answer', () => {
  const to = (chat: string) => reply({ address: { accountId: 'tg', chat, thread: null }, owes: [owed(chat)] });

  test('until it was sent: while it waits, is under way or is to be sent once more', async () => {
    const wait = Promise.withResolvers<SendOutcome>();
    const { queue, over, pass } = bench((_, n) => (n === 1 ? wait.promise : delivered));
    queue.add(to('a'));
    expect(queue.waiting()).toBe(1);
    await pass(100);
    expect([queue.inFlight(), queue.waiting(), over]).toEqual([1, 0, []]);
    wait.resolve(later({ afterMs: 1_000 }));
    await pass(100);
    expect([queue.inFlight(), queue.waiting(), over]).toEqual([0, 1, []]);
    await pass(2_000);
    expect([queue.waiting(), over]).toEqual([0, ['a']]);
  });

  test('nobody whose chat takes nothing, refused it, or has nothing to hear any more', async () => {
    const { queue, over, pass } = bench(({ address }) =>
      address.chat === 'gone'
        ? { kind: 'gone', reason: 'client', detail: 'blocked' }
        : { kind: 'rejected', reason: 'client', detail: 'no' },
    );
    queue.add(to('gone'));
    queue.add({ ...to('gone'), owes: [owed('gone too')] });
    queue.add(to('refused'));
    queue.add({ ...to('nothing'), document: null, later: async () => null });
    queue.add({ ...to('broken'), document: null, later: () => Promise.reject(new Error('disk full')) });
    await pass(1_000);
    expect(over.toSorted()).toEqual(['broken', 'gone', 'gone too', 'nothing', 'refused']);
  });
});

test('in a group: answers take half of what the platform allows there, the other half is for alerts', async () => {
  const { queue, sent, pass } = bench(() => delivered);
  for (let n = 0; n < 40; n++) {
    queue.add(reply({ group: true, document: says(String(n)) }));
    await pass(500);
  }
  expect(sent).toHaveLength(10);
  await pass(60_000);
  expect(sent.length).toBeGreaterThan(10);
});

describe('a picture', () => {
  const shown = { svg: '<svg/>', width: 1, height: 1, alt: '' };
  const picture = reply({ kind: 'picture', document: { ...says('caption'), picture: shown } });

  test('that is not taken: tried once, nothing is said in its place, and no warning of it', async () => {
    const { queue, sent, pass, lines } = bench(() => ({ kind: 'rejected', reason: 'client', detail: 'no picture' }));
    queue.add(picture);
    await pass(20_000);
    expect(sent).toHaveLength(1);
    expect(lines.map(({ level, message }) => [level, message])).toEqual([['info', 'A picture or file was not sent']]);
  });

  test('that did not arrive is tried again; the text before it has long been there', async () => {
    const { queue, sent, pass } = bench(({ document }, n) => (document.picture && n < 4 ? later() : delivered));
    queue.add(reply({ document: says('text') }));
    queue.add(picture);
    await pass(60_000);
    expect(sent.map(({ document }) => (document.picture ? 'picture' : 'text'))).toEqual([
      'text',
      'picture',
      'picture',
      'picture',
    ]);
  });
});
