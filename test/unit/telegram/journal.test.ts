import type { Update, UserFromGetMe } from 'grammy/types';
import { expect, test } from 'vitest';
import { eventOf } from '../../../src/adapters/telegram/events.ts';
import { Context } from '../../../src/adapters/telegram/grammy.ts';
import { readJournal } from '../../../src/adapters/telegram/inbox.ts';
import { testDeps } from '../../contract/adapter-deps.ts';

const me = { id: 42, username: 'Tocsin_bot' } as UserFromGetMe;
const read = (update: Update) => eventOf(new Context(update, {} as never, me));
const ann = { id: 7, is_bot: false, first_name: 'Ann', last_name: 'B', language_code: 'ru' };
const privateChat = { id: 7, type: 'private', first_name: 'Ann' };
const group = { id: -100, type: 'supergroup', title: 'G' };
const channel = { id: -200, type: 'channel', title: 'News' };
const topic = { is_topic_message: true, message_thread_id: 9 };
const [member, left] = [{ status: 'member' }, { status: 'left' }];

test.each<[name: string, parts: object]>([
  ['a private command', { message: { message_id: 3, from: ann, chat: privateChat, text: '/start ru_whatsapp' } }],
  ['plain words', { message: { message_id: 3, from: ann, chat: privateChat, text: "what's blocked?" } }],
  ['a command in a topic', { message: { message_id: 3, from: ann, chat: group, ...topic, text: '/status ru' } }],
  ['an anonymous administrator', { message: { message_id: 3, chat: group, sender_chat: group, text: '/mute 2h' } }],
  ['somebody as a channel', { message: { message_id: 3, chat: group, sender_chat: channel, text: '/status' } }],
  ['a post', { channel_post: { message_id: 4, chat: channel, sender_chat: channel, text: '/subscribe ru' } }],
  [
    'a press',
    { callback_query: { id: '9', from: ann, data: 'c:help', message: { message_id: 8, chat: group, ...topic } } },
  ],
  ['a move', { message: { message_id: 3, chat: group, migrate_from_chat_id: -5 } }],
  ['added', { my_chat_member: { chat: group, from: ann, old_chat_member: left, new_chat_member: member } }],
  ['blocked', { my_chat_member: { chat: privateChat, from: ann, old_chat_member: member, new_chat_member: left } }],
  [
    'removed by a bot',
    { my_chat_member: { chat: group, from: { ...ann, is_bot: true }, old_chat_member: member, new_chat_member: left } },
  ],
])('a journal of an older version, %s: read as the same event', async (_, parts) => {
  const deps = testDeps();
  const update = { update_id: 5, ...parts } as Update;
  const event = read(update);
  expect(event).not.toBeNull();
  await deps.state.set('updates', { at: Date.now(), handled: [4], unfinished: [{ id: 5, event }] });
  const { handled, unfinished } = await readJournal(deps.state, deps.clock);
  expect(handled).toEqual([4]);
  expect(unfinished.map((one) => one.update_id)).toEqual([5]);
  expect(read(unfinished[0]!)).toEqual(event);
});

test('handled updates are remembered for a day; unfinished ones as long as it takes', async () => {
  const deps = testDeps();
  const unfinished = [{ update_id: 5, message: {} }];
  await deps.state.set('updates', { at: Date.now() - 2 * 86_400_000, handled: [4], unfinished });
  expect(await readJournal(deps.state, deps.clock)).toEqual({ handled: [], unfinished });
});

test.each([[null], ['text'], [{ at: 1 }], [{ at: 1, handled: [], unfinished: 7 }]])(
  '%j: an empty journal',
  async (kept) => {
    const deps = testDeps();
    await deps.state.set('updates', kept);
    expect(await readJournal(deps.state, deps.clock)).toEqual({ handled: [], unfinished: [] });
  },
);
