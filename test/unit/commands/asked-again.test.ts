/** What an earlier process was asked and did not answer. */
import { expect, test } from 'vitest';
import { askAgain } from '../../../src/core/commands/owed-answers.ts';
import type { Reply } from '../../../src/core/outbox/reply-queue.ts';
import type { IncomingCommand } from '../../../src/core/ports/chat-adapter.ts';
import type { OwedAnswer } from '../../../src/core/ports/outbox.ts';
import { translators } from '../render/support.ts';

async function again(text: string, kind: OwedAnswer['kind'], chatKind: 'private' | 'group' = 'private') {
  const asked: IncomingCommand[] = [];
  const replies: Reply[] = [];
  const event: IncomingCommand = {
    kind: 'command',
    address: { accountId: 'tg', chat: '1', thread: null },
    chatKind,
    sender: { id: 'telegram:1', name: '', lang: 'de', isAdmin: async () => false },
    text,
    button: null,
    messageRef: '7',
  };
  await askAgain(event, kind, {
    router: {
      read: () => ({ name: 'settings', args: text.split(' ').slice(1).join(' '), changes: true }),
      words: async () => ({ words: translators.of('de'), typed: (typed: string) => typed, now: 0 }),
    },
    incoming: async (one) => void asked.push(one),
    reply: (reply) => void replies.push(reply),
  });
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
