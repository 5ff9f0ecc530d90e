/** What an earlier process was asked and did not answer. */
import { expect, test } from 'vitest';
import { createOwedAnswers } from '../../../src/core/commands/intake.ts';
import type { Reply } from '../../../src/core/outbox/reply-queue.ts';
import type { IncomingCommand } from '../../../src/core/ports/chat-adapter.ts';
import type { OwedAnswer } from '../../../src/core/ports/outbox.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { quietLog } from '../../fakes/fake-log.ts';
import { translators } from '../render/support.ts';

async function again(text: string, kind: OwedAnswer['kind'], chatKind: 'private' | 'group' = 'private') {
  const asked: IncomingCommand[] = [];
  const replies: Reply[] = [];
  const clock = new FakeClock();
  const waits: OwedAnswer = {
    id: '1',
    address: { accountId: 'tg', chat: '1', thread: null },
    chatKind,
    kind,
    ref: null,
    at: clock.now(),
    command: { text, from: 'telegram:1', lang: 'de', messageRef: '7', forwarded: false },
  };
  const owed = createOwedAnswers({
    accountId: 'tg',
    store: {
      chats: { find: async () => null },
      outbox: { noteAnswers: async () => undefined, owedAnswers: async () => ({ waiting: [waits], answered: [] }) },
    },
    clock,
    ids: { next: () => 'x' },
    log: quietLog,
    shared: true,
    router: {
      later: () => async () => null,
      read: () => ({ name: 'settings', args: text.split(' ').slice(1).join(' '), changes: true }),
      words: async () => ({ words: translators.of('de'), typed: (typed: string) => typed, now: 0 }),
    },
    incoming: async (one) => void asked.push(one),
    reply: (reply) => void replies.push(reply),
  });
  await owed.restore();
  const ending = new AbortController();
  void owed.loop(ending.signal);
  await clock.pass(3_000);
  for (let i = 0; i < 10; i++) await new Promise((resolve) => setImmediate(resolve));
  ending.abort();
  return { asked, replies };
}

test('what only looks: looked at again, with no rights', async () => {
  const { asked } = await again('status ru', 'question', 'group');
  expect(asked.map(({ text }) => text)).toEqual(['status ru']);
  expect(await asked[0]!.sender.isAdmin()).toBe(false);
});

test('a menu in a private chat: opened again, as whose chat it is', async () => {
  const { asked } = await again('settings', 'text');
  expect(await asked[0]!.sender.isAdmin()).toBe(true);
});

test.each([
  ['settings quiet 22', 'private'],
  ['settings', 'group'],
] as const)(
  '"%s" (%s) might do something that is not wanted any more: it is said that it was not answered',
  async (text, chatKind) => {
    const { asked, replies } = await again(text, 'text', chatKind);
    expect(asked).toEqual([]);
    expect(replies.map(({ group, replyTo }) => [group, replyTo])).toEqual([[chatKind === 'group', '7']]);
    expect(JSON.stringify(replies[0]!.document)).toContain('noch einmal');
  },
);
