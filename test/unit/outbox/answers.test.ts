/** Answers to a crowd: everybody gets one that says the newest, and what waits is bounded by chats. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MessageDocument } from '../../../src/core/model/message.ts';
import { createPacer } from '../../../src/core/outbox/pacer.ts';
import {
  type Asker,
  type Merged,
  type Reply,
  type ReplyKind,
  type Waiting,
  createReplyQueue,
  createWaitingChats,
  crowdAt,
  isFlood,
  join,
} from '../../../src/core/outbox/reply-queue.ts';
import type { Pace } from '../../../src/core/ports/chat-adapter.ts';
import type { OwedAnswer } from '../../../src/core/ports/outbox.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { quietLog as log } from '../../fakes/fake-log.ts';

const says = (text: string): MessageDocument => ({
  blocks: [{ type: 'note', inline: [text] }],
  buttons: [],
  lang: 'en',
  tone: 'notice',
});
const textOf = (document: MessageDocument): string => String((document.blocks[0] as { inline: string[] }).inline[0]);

const reply = (chat: string, over: Partial<Reply> = {}): Reply => ({
  address: { accountId: 'tg', chat, thread: null },
  group: false,
  document: says('x'),
  replyTo: null,
  edit: null,
  later: async () => says('later'),
  ...over,
});

const mergedOf = (replies: Partial<Reply>[], crowded = true): Merged | null => {
  let waiting: Waiting | null = null;
  for (const one of replies) waiting = join(waiting, reply('a', one), crowded);
  return waiting!.merged?.what ?? null;
};

describe('what waits in one chat', () => {
  test.each<[string, ReplyKind[], Partial<Merged>]>([
    ['two changes', ['change', 'change'], { changed: true, asked: false, unanswered: 0 }],
    ['two questions', ['question', 'question'], { changed: false, asked: true, unanswered: 1 }],
    ['a question, then a change', ['question', 'change'], { changed: true, asked: false, unanswered: 1 }],
    [
      'a change, then two questions',
      ['change', 'question', 'question'],
      { changed: true, asked: false, unanswered: 2 },
    ],
    ['a change, then commands past the budget', ['change', 'dropped'], { changed: true, dropped: true }],
  ])('%s', (_, kinds, expected) => {
    expect(mergedOf(kinds.map((kind) => ({ kind })))).toMatchObject(expected);
  });

  test('a change that was not understood between two that were: it is said beside the state', () => {
    const document = says('I do not know “xyz”');
    expect(mergedOf([{ kind: 'change' }, { kind: 'text', document }, { kind: 'change' }])).toMatchObject({
      changed: true,
      text: document,
    });
  });

  test('few people write: each answer is a message of its own, up to a handful', () => {
    expect(
      mergedOf(
        Array.from({ length: 15 }, () => ({ kind: 'change' as const })),
        false,
      ),
    ).toBeNull();
    expect(
      mergedOf(
        Array.from({ length: 16 }, () => ({ kind: 'change' as const })),
        false,
      ),
    ).toMatchObject({ changed: true });
  });

  test('an operator among a crowd: answers of their own', () => {
    expect(
      mergedOf([
        { kind: 'text', asker: 'operator' },
        { kind: 'text', asker: 'operator' },
      ]),
    ).toBeNull();
  });

  const kinds = fc.constantFrom<ReplyKind>('change', 'question', 'text', 'dropped');
  const askers = fc.constantFrom<Asker>('person', 'flooder');
  test('any commands: what changed, was refused or dropped is said, every question is answered or owned up to', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ kind: kinds, asker: askers }), { minLength: 2, maxLength: 40 }), (all) => {
        const merged = mergedOf(all)!;
        const has = (kind: ReplyKind) => all.some((one) => one.kind === kind);
        const questions = all.filter((one) => one.kind === 'question').length;
        expect(merged.changed).toBe(has('change'));
        expect(merged.dropped).toBe(has('dropped'));
        expect(merged.text !== null).toBe(has('text'));
        expect(merged.unanswered + (merged.asked ? 1 : 0)).toBe(questions);
      }),
    );
  });
});

/** What the chat `a` is told, message by message. */
function allOf(chats: ReturnType<typeof createWaitingChats>): string[] {
  const said: string[] = [];
  for (let one = chats.take('a '); one; one = chats.take('a ')) said.push(textOf(one.reply.document!));
  return said;
}

describe('who waits', () => {
  const counts = (operator: number, person: number, flooder: number) => ({ operator, person, flooder });

  test('two thousand people are no flood, twenty who send a hundred commands a second each are', () => {
    expect(isFlood(counts(0, 2_000, 0))).toBe(false);
    expect(isFlood(counts(0, 2_000, 20))).toBe(false);
    expect(isFlood(counts(0, 0, 20))).toBe(true);
  });

  test('people before those who flood, who still get one of five', () => {
    const chats = createWaitingChats();
    for (const asker of ['flooder', 'person'] as const)
      for (let i = 0; i < 20; i++) chats.add(reply(`${asker} ${i}`, { asker }), false);
    const taken = Array.from({ length: 10 }, () => {
      const [id, { asker }] = [...chats.inOrder()][0]!;
      chats.take(id);
      return asker;
    });
    expect(taken.flatMap((asker, at) => (asker === 'flooder' ? [at] : []))).toEqual([4, 9]);
  });

  test('somebody asks after many answers to those who flood: before the next of those', () => {
    for (let turn = 0; turn < 5; turn++) {
      const chats = createWaitingChats();
      for (let i = 0; i < 20; i++) chats.add(reply(`flooder ${i}`, { asker: 'flooder' }), false);
      for (let i = 0; i < turn; i++) chats.take(`flooder ${i} `);
      chats.add(reply('person', { asker: 'person' }), false);
      const [id] = [...chats.inOrder()][0]!;
      expect(id).toBe('person ');
    }
  });

  test('the account’s pace says what a crowd is', () => {
    expect([27, 2.7, 0.1, Infinity].map(crowdAt)).toEqual([54, 20, 20, 500]);
  });

  test('any stream of commands: no more waits than chats asked, and each chat is said something once', () => {
    const command = fc.record({
      chat: fc.integer({ min: 0, max: 30 }).map(String),
      kind: fc.constantFrom<ReplyKind>('change', 'question', 'text', 'dropped'),
      asker: fc.constantFrom<Asker>('operator', 'person', 'flooder'),
    });
    fc.assert(
      fc.property(fc.array(command, { maxLength: 300 }), (all) => {
        const chats = createWaitingChats();
        for (const { chat, ...one } of all) chats.add(reply(chat, one), true);
        const wanted = new Set(all.map((one) => one.chat));
        const ids = [...chats.inOrder()].map(([id]) => id);
        expect(ids).toHaveLength(wanted.size);
        const said = new Set<string>();
        for (const id of ids) said.add(chats.take(id)!.reply.address.chat);
        expect(said).toEqual(wanted);
      }),
    );
  });

  test('many taps in one message while its edit waits: only the newest look of it goes, in its turn', () => {
    const chats = createWaitingChats();
    const add = (text: string, over: Partial<Reply> = {}) =>
      chats.add(reply('a', { document: says(text), ...over }), false);
    for (const text of ['one tick', 'two ticks', 'three ticks']) add(text, { kind: 'text', edit: '7' });
    add('another message', { kind: 'text', edit: '8' });
    add('no edit', { kind: 'text' });
    add('a change', { kind: 'change', edit: '9' });
    add('after it', { kind: 'text', edit: '9' });
    const said = allOf(chats);
    // What a change did is always said.
    expect(said).toEqual(['three ticks', 'another message', 'no edit', 'a change', 'after it']);
  });

  test('messages of one chat: taken in their order', () => {
    const chats = createWaitingChats();
    for (const text of ['one', 'two', 'three']) chats.add(reply('a', { document: says(text) }), false);
    const said = allOf(chats);
    expect(said).toEqual(['one', 'two', 'three']);
  });
});

const owed = (id: string): OwedAnswer => ({
  id,
  address: { accountId: 'tg', chat: 'x', thread: null },
  chatKind: 'private',
  kind: 'change',
  ref: null,
  at: 0,
  command: null,
});

/** A queue whose account always has a slot every 37 ms, what it sends, and the rows that are over. */
function queueOf(pace: Pace = { perSecond: 27, perChatMs: 1_000, perGroupMinute: 20, window: 16 }) {
  const clock = new FakeClock();
  const sent: { chat: string; text: string; at: number }[] = [];
  const over: string[] = [];
  const pacer = createPacer(pace, clock.monotonic());
  const queue = createReplyQueue({
    adapter: { accountId: 'tg' },
    send: async ({ address, document }) => {
      sent.push({ chat: address.chat, text: textOf(document), at: clock.monotonic() });
      return { kind: 'delivered', messageRef: '1' };
    },
    pacer,
    clock,
    ids: { next: () => 'x', tail: () => 'x', random: () => 0 },
    log,
    move: async () => undefined,
    onSettled() {},
    onAnswered: (answers) => over.push(...answers.map(({ id }) => id)),
  });
  const pass = async (ms: number) => {
    for (const end = clock.monotonic() + ms; clock.monotonic() < end; await clock.pass(40)) {
      const now = clock.monotonic();
      const [next] = queue.due(now, 16).answers;
      if (next && pacer.schedule().next <= now) queue.send(next, now, new AbortController().signal);
    }
  };
  return { queue, sent, over, pass };
}

test('two thousand people at once: all are answered, those who came first before those who came last', async () => {
  const { queue, sent, pass } = queueOf();
  for (let i = 0; i < 2_000; i++) queue.add(reply(`c${i}`, { kind: 'change' }));
  expect(queue.crowded()).toBe(true);
  await pass(2_000 * 41);
  expect(sent.map((one) => one.chat)).toEqual(Array.from({ length: 2_000 }, (_, i) => `c${i}`));
  expect(queue.crowded()).toBe(false);
});

test('a chat that changes its mind while a crowd waits: one answer, made when it is sent', async () => {
  const { queue, sent, pass } = queueOf();
  for (let i = 0; i < 200; i++) queue.add(reply(`c${i}`));
  let follows: string[] = [];
  const later = async () => says(follows.join(' '));
  for (const country of ['RU', 'IR', 'TR']) {
    follows = [...follows, country];
    queue.add(reply('ann', { kind: 'change', document: says(`follows ${country}`), later }));
  }
  follows = ['TR'];
  await pass(15_000);
  expect(sent.filter((one) => one.chat === 'ann').map((one) => one.text)).toEqual(['TR']);
});

test('a group’s members who do not stop asking: half of the group’s minute is left to alerts', async () => {
  const { queue, sent, pass } = queueOf();
  for (let i = 0; i < 60; i++) {
    queue.add(reply('group', { group: true, kind: 'question' }));
    await pass(1_000);
  }
  expect(sent.length).toBeLessThanOrEqual(10);
  await pass(60_000);
  expect(sent.length).toBeGreaterThan(10);
});

test('what a kill must not lose waits in the outbox until it was said: each row once, however answers were merged, superseded or turned away', async () => {
  const { queue, sent, over, pass } = queueOf();
  for (let i = 0; i < 100; i++)
    queue.add(reply(`asker${i}`, { kind: 'question', document: null, owes: [owed(`q${i}`)] }));
  queue.add(reply('new', { kind: 'change', owes: [owed('1')] }));
  queue.add(reply('new', { kind: 'question', owes: [owed('2')] }));
  queue.add(reply('new', { kind: 'text', owes: [owed('3'), owed('4')] }));
  queue.add(reply('taps', { asker: 'operator', edit: '7', document: says('one tick'), owes: [owed('5')] }));
  queue.add(reply('taps', { asker: 'operator', edit: '7', document: says('two ticks'), owes: [owed('6')] }));
  expect(over).toEqual([]);
  await pass(100);
  expect([sent.map(({ text }) => text)[0], over.toSorted().slice(0, 2)]).toEqual(['two ticks', ['5', '6']]);
  await pass(10_000);
  const all = ['1', '2', '3', '4', '5', '6', ...Array.from({ length: 100 }, (_, i) => `q${i}`)];
  expect(over.toSorted()).toEqual(all.toSorted());
});

describe('pictures', () => {
  const picture = (over: Partial<Reply> = {}): Partial<Reply> => ({
    kind: 'picture',
    document: says('picture'),
    ...over,
  });
  const waitingOf = (replies: Partial<Reply>[], crowded: boolean): string[] | 'merged' | null => {
    let waiting: Waiting | null = null;
    for (const one of replies) waiting = join(waiting, reply('a', one), crowded);
    return waiting && (waiting.merged ? 'merged' : waiting.messages.map(({ document }) => textOf(document!)));
  };
  const text: Partial<Reply> = { kind: 'question', document: says('text') };

  test.each<[string, Partial<Reply>[], boolean, ReturnType<typeof waitingOf>]>([
    ['few people write: text, then picture', [text, picture()], false, ['text', 'picture']],
    ['a crowd: the text alone', [text, picture()], true, ['text']],
    [
      'somebody who floods: the text alone',
      [text, picture()].map((one) => ({ ...one, asker: 'flooder' })),
      false,
      ['text'],
    ],
    [
      'an operator gets it',
      [text, picture()].map((one) => ({ ...one, asker: 'operator' })),
      false,
      ['text', 'picture'],
    ],
    ['nothing waits and many write: nothing', [picture()], true, null],
    ['behind a merged answer: left out', [text, text, picture()], true, 'merged'],
  ])('%s', (_, replies, crowded, waits) => {
    expect(waitingOf(replies, crowded)).toEqual(waits);
  });

  test('merged with what comes later: it counts as no question, and is not what is said', () => {
    const merged = mergedOf([text, picture(), ...Array.from({ length: 20 }, () => text)], false);
    expect(merged).toMatchObject({ asked: true, unanswered: 20, text: null });
  });

  test('any replies in any order: no picture is ever what a merged answer is made of, and never more waits than before', () => {
    const kinds = fc.constantFrom<ReplyKind>('question', 'change', 'text', 'dropped', 'picture');
    fc.assert(
      fc.property(fc.array(fc.tuple(kinds, fc.boolean()), { maxLength: 30 }), (asked) => {
        let waiting: Waiting | null = null;
        for (const [kind, crowded] of asked) {
          const before: number = waiting?.messages.length ?? 0;
          waiting = join(waiting, reply('a', { kind, document: says(kind) }), crowded);
          if (kind === 'picture') expect(waiting?.messages.length ?? 0).toBeLessThanOrEqual(before + (crowded ? 0 : 1));
        }
        expect(waiting?.merged?.reply.kind ?? 'text').not.toBe('picture');
        expect(
          waiting?.merged?.what.text === null || textOf(waiting?.merged?.what.text ?? says('x')) !== 'picture',
        ).toBe(true);
      }),
    );
  });
});
