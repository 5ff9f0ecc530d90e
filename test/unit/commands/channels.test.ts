/** Channels are set up from the private chat of one of their administrators. */

import { expect, test } from 'vitest';
import type { RouterDeps } from '../../../src/core/commands/context.ts';
import { createIntake } from '../../../src/core/commands/intake.ts';
import type { Reply } from '../../../src/core/outbox/reply-queue.ts';
import { PLAIN_TALK } from '../../../src/core/ports/chat-adapter.ts';
import { asText } from '../render/support.ts';
import { createBot } from './support.ts';

const account: RouterDeps['account'] = () => ({
  platform: 'telegram',
  talk: { ...PLAIN_TALK, prefix: '/', buttons: true },
  pace: { perSecond: 27, perChatMs: 0, perGroupMinute: 0, window: 1 },
  channel: async (ref, senderId) =>
    (ref === '@news' || ref === '-1007') && senderId === 'telegram:100'
      ? { chat: '-1007', kind: 'channel', title: 'News', name: '@news' }
      : null,
});
const bot = () => createBot({ account });

test('subscribe for a channel: the channel follows, the private chat does not; buttons and hints name it', async () => {
  const one = bot();
  const text = await one.say('channel @news subscribe ru');
  expect(one.tables.rows.map((row) => [row.chat, row.kind])).toEqual([['-1007', 'channel']]);
  expect(one.tables.follows()).toEqual(['RU *']);
  expect(text).toMatch(/^Channel “News”/);
  expect(text).toContain('channel @news subscriptions');
  expect(text).toContain('/channel @news level');
});

test('its buttons: the message in the private chat is replaced, the channel changes', async () => {
  const one = bot();
  await one.say('channel @news subscribe ru');
  const answer = await one.answer('channel @news unsubscribe RU *', { button: true });
  expect(answer).toMatchObject({ replaces: true, aside: false });
  expect(one.tables.follows()).toEqual([]);
});

test('an administrator who reads Russian sets up an English channel: spoken to in Russian, the channel stays English', async () => {
  const one = bot();
  await one.say('channel @news language en', { lang: 'ru' });
  expect(await one.say('channel @news subscribe ru', { lang: 'ru' })).toMatch(/^Канал «News»[\s\S]*Готово/);
  expect(one.tables.rows[0]!.lang).toBe('en');
});

test.each([
  ['somebody who does not administer it', 'channel @news subscribe ru', 'telegram:7'],
  ['a channel that is not there', 'channel @other subscribe ru', 'telegram:100'],
])('%s: nothing is changed, and it is said', async (_, text, sender) => {
  const one = bot();
  expect(await one.say(text, { sender })).toMatch(/I find no channel “@\w+” that we both administer/);
  expect(one.tables.rows).toEqual([]);
});

test('in a group: no channel is set up from where others read along', async () => {
  const one = bot();
  expect(await one.say('channel @news subscribe ru', { chatKind: 'group' })).toContain('I find no channel');
  expect(one.tables.rows).toEqual([]);
});

test('only its name: what it follows; no name: how it is done', async () => {
  const one = bot();
  expect(await one.say('channel @news')).toContain('I watch nothing here yet');
  expect(await one.say('канал', { lang: 'ru' })).toContain('Добавьте меня в него');
});

test('help names it where channels can be set up from, and nowhere else', async () => {
  expect(await bot().say('help all')).toContain('/channel @name subscribe ru');
  expect(await bot().say('help all', { chatKind: 'group' })).not.toContain('/channel');
  expect(await createBot().say('help all')).not.toContain('/channel');
});

test('a channel takes the bot in: its administrator is asked in private what for, nothing is posted', async () => {
  const one = bot();
  const replies: Reply[] = [];
  const sender = () => ({ reply: (reply: Reply) => void replies.push(reply), crowded: () => false });
  const intake = createIntake({ store: one.tables.asStore(), router: () => one.router, log: one.log, sender });
  const at = (chat: string) => ({ accountId: 'tg', chat, thread: null });
  const ann = { id: 'telegram:100', name: 'Ann', lang: 'en', isAdmin: async () => true };
  await intake({ kind: 'joined', address: at('-1007'), chatKind: 'channel', sender: ann, privately: at('100') });
  await intake({ kind: 'joined', address: at('-1007'), chatKind: 'channel', sender: null });
  expect(replies.map((reply) => reply.address.chat)).toEqual(['100']);
  expect(asText(replies[0]!.document!)).toMatch(
    /^Channel “News”[\s\S]*What should I watch\?[\s\S]*channel @news subscribe all/,
  );
});

test('a flood of channel names: the platform is not asked past the budget', async () => {
  let asked = 0;
  const one = createBot({
    account: (id) => ({
      ...account(id)!,
      channel: async () => {
        asked++;
        return null;
      },
    }),
  });
  for (let i = 0; i < 200; i++) await one.say(`channel @n${i} subscribe ru`);
  expect(asked).toBeLessThanOrEqual(15);
});
