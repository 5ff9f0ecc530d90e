/** A Telegram group, a forum and a channel as their people meet the bot: who may change what, who is told what to do, and whom it does not hear. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createAdapter } from '../../src/adapters/telegram/adapter.ts';
import type { Incoming } from '../../src/core/ports/chat-adapter.ts';
import { type FakeChat, FakeTelegram, type FakeUser } from '../fakes/fake-telegram/client.ts';
import { testDeps } from './adapter-deps.ts';
import { type ConversationBot, conversationBot } from './conversation/bot.ts';
import { telegramAccount } from './telegram-bench.ts';

let tg: FakeTelegram;
let bot: ConversationBot;
let adapter: ReturnType<typeof createAdapter>;
let ann: FakeUser;
let bob: FakeUser;

beforeEach(async () => {
  tg = await FakeTelegram.start({ limits: 'off', pollGuard: false, rejectUnknown: true });
  [ann, bob] = [
    await tg.user({ first_name: 'Ann', started: true }),
    await tg.user({ first_name: 'Bob', started: true }),
  ];
  adapter = createAdapter(telegramAccount(tg), testDeps());
  bot = await conversationBot(adapter);
  await adapter.start({ incoming: (event: Incoming) => bot.incoming(event) });
});
afterEach(async () => {
  expect(await tg.violations()).toEqual([]);
  await adapter.stop();
  await bot.store.close();
  await tg.stop();
});

const heard = async (chat: FakeChat, text: string): Promise<{ text: string; message_thread_id?: number }> =>
  chat.waitFor({ contains: text, timeout_ms: 10_000 });

/** As Telegram brings what somebody wrote who is not shown as themselves. */
let messages = 5_000;
const written = (chat: FakeChat, text: string, from: object, more: object = {}) =>
  tg.post('update', {
    update: {
      message: {
        message_id: messages++,
        date: 1,
        chat: { id: chat.id, type: 'supergroup', title: 'Us' },
        from,
        text,
        entities: [{ type: 'bot_command', offset: 0, length: text.split(' ')[0]!.length }],
        ...more,
      },
    },
  });
const GROUP_BOT = { id: 1087968824, is_bot: true, first_name: 'Group', username: 'GroupAnonymousBot' };
const CHANNEL_BOT = { id: 136817688, is_bot: true, first_name: 'Channel', username: 'Channel_Bot' };

describe('a group', () => {
  let group: FakeChat;
  beforeEach(async () => {
    group = await tg.supergroup({ title: 'Us', creator: ann.id, members: [bob.id] });
  });

  test('a member asks, and changes nothing; an admin changes it', async () => {
    await bob.sendTo(group, '/subscribe ru');
    await heard(group, 'Only admins can change what this group gets');
    await bob.sendTo(group, '/status ru');
    await heard(group, 'Russia');
    expect(await bot.store.chats.counts()).toMatchObject({ active: 0 });
    await ann.sendTo(group, '/subscribe ru');
    await heard(group, 'Russia: everything');
  });

  test('an admin who is not shown (writes as the group): changes it; whoever writes as a channel of theirs is told how', async () => {
    const as = { id: -1009_000_000_001, type: 'channel', title: 'Mine' };
    await written(group, '/subscribe ru', CHANNEL_BOT, { sender_chat: as });
    await heard(group, 'You write as a channel, so I cannot tell whether you are an admin here.');
    await written(group, '/subscribe ru', GROUP_BOT, {
      sender_chat: { id: group.id, type: 'supergroup', title: 'Us' },
    });
    await heard(group, 'Russia: everything');
  });

  test('other bots, their commands, and texts that an inline bot wrote: not heard at all', async () => {
    const before = bot.handled();
    await written(group, '/subscribe ru', { id: 77, is_bot: true, first_name: 'Other', username: 'other_bot' });
    await written(
      group,
      '/status ru',
      { id: bob.id, is_bot: false, first_name: 'Bob' },
      { via_bot: { id: 77, is_bot: true, first_name: 'Other' } },
    );
    await bob.sendTo(group, '/status@other_bot ru');
    await bob.sendTo(group, '/roll 20');
    await bob.sendTo(group, '/ping');
    await heard(group, 'Here I am.');
    expect(await group.botTexts()).toHaveLength(1);
    expect(bot.handled() - before).toBeLessThanOrEqual(2);
  });
});

test('a forum: a topic is answered in the topic, and what it follows is its own', async () => {
  const forum = await tg.forum({ title: 'Forum', creator: ann.id });
  const topic = await forum.topic('News');
  await ann.sendTo(forum, '/subscribe ru', { message_thread_id: topic.id });
  expect(await heard(forum, 'Russia: everything')).toMatchObject({ message_thread_id: topic.id });
  await ann.sendTo(forum, '/ping', { message_thread_id: topic.id });
  expect(await heard(forum, 'Here I am.')).toMatchObject({ message_thread_id: topic.id });
  const [main, thread] = await Promise.all(
    [null, String(topic.id)].map((one) =>
      bot.store.chats.find({ accountId: adapter.accountId, chat: String(forum.id), thread: one }),
    ),
  );
  expect([await bot.store.subscriptions.list(main!.id), await bot.store.subscriptions.list(thread!.id)]).toMatchObject([
    [],
    [{ country: 'RU' }],
  ]);
});

test('a channel, from the private chat of its administrator: nothing is posted there, and nobody else may', async () => {
  const channel = await tg.channel({
    title: 'News',
    username: 'news_of_the_net',
    creator: ann.id,
    bot_status: 'administrator',
  });
  await ann.send('/channel @news_of_the_net subscribe ru');
  await heard(ann.chat, 'Russia: everything');
  await ann.send('/channel @news_of_the_net board on');
  await heard(ann.chat, 'The board comes in a moment');
  await bob.send('/channel @news_of_the_net unsubscribe all yes');
  await heard(bob.chat, 'I find no channel');
  await bob.send('/channel @news_of_the_net link');
  expect((await bob.chat.waitForAll({ contains: 'I find no channel', count: 2, timeout_ms: 10_000 })).length).toBe(2);
  expect(await channel.botTexts()).toEqual([]);
});
