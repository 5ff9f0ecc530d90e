import type { Update } from 'grammy/types';
import { describe, expect, test } from 'vitest';
import { commandOf, eventOf } from '../../../src/adapters/telegram/events.ts';

const me = { id: 42, username: 'Tocsin_bot' };
const ann = { id: 7, is_bot: false, first_name: 'Ann', last_name: 'B', language_code: 'pt-br' };
const privateChat = { id: 7, type: 'private', first_name: 'Ann' };
const group = { id: -100, type: 'supergroup', title: 'G' };
const channel = { id: -200, type: 'channel', title: 'News' };
const update = (parts: object): Update => ({ update_id: 1, ...parts }) as Update;
const message = (parts: object): Update =>
  update({ message: { message_id: 3, date: 0, from: ann, chat: privateChat, text: '/status ru', ...parts } });

describe('commandOf', () => {
  test.each([
    ['/status ru', 'private', 'status ru'],
    ['/status@tocsin_BOT ru', 'group', 'status ru'],
    ['/status@other_bot ru', 'group', null],
    ['/status\nru', 'group', 'status ru'],
    ['/start', 'private', 'start'],
    ['/start ru_whatsapp', 'private', 'start ru whatsapp'],
    ['/start@Tocsin_bot moscow-times', 'group', 'start moscow-times'],
    ['/start ru whatsapp', 'private', 'start ru whatsapp'],
    ['/старт', 'private', 'старт'],
    ['status ru', 'private', 'status ru'],
    ['status ru', 'group', null],
    ['@Tocsin_bot status ru', 'group', 'status ru'],
    ['@Tocsin_botanist hello', 'group', null],
    ['/', 'private', null],
    ['//x', 'private', null],
    ['   ', 'private', null],
    ['/status \u202eru\u0000', 'private', 'status ru'],
  ] as const)('%j in a %s chat', (text, kind, expected) => expect(commandOf(text, kind, me)).toBe(expected));

  test('bounded at 1,000 characters', () =>
    expect(commandOf(`/x ${'y'.repeat(4000)}`, 'private', me)!.length).toBe(1000));
});

describe('eventOf', () => {
  test('private message', () => {
    expect(eventOf(message({}), me)).toEqual({
      type: 'command',
      chat: '7',
      chatKind: 'private',
      thread: null,
      messageId: 3,
      text: 'status ru',
      from: { id: '7', name: 'Ann B', lang: 'pt', admin: true },
    });
  });

  const group_ = (parts: object) => eventOf(message({ chat: group, ...parts }), me);
  test('group: administrators are looked up', () =>
    expect(group_({})).toMatchObject({ chatKind: 'group', from: { id: '7', admin: 'ask' } }));
  test('forum topic: its thread', () =>
    expect(group_({ message_thread_id: 9, is_topic_message: true })).toMatchObject({ thread: '9' }));
  test('chain of replies in a group without topics: no thread', () =>
    expect(group_({ message_thread_id: 9 })).toMatchObject({ thread: null }));
  test('anonymous administrator: an administrator', () =>
    expect(group_({ from: { id: 1087968824, is_bot: true, first_name: 'Group' }, sender_chat: group })).toMatchObject({
      from: { id: '-100', admin: true },
    }));
  test('somebody who speaks as a channel: none', () =>
    expect(
      group_({ from: { id: 136817688, is_bot: true, first_name: 'Channel' }, sender_chat: channel }),
    ).toMatchObject({ from: { id: '-200', admin: false } }));
  test('another bot: ignored', () => expect(group_({ from: { id: 9, is_bot: true, first_name: 'Bot' } })).toBeNull());
  test('forwarded, via a bot, without text: ignored', () => {
    expect(group_({ forward_origin: { type: 'user' } })).toBeNull();
    expect(group_({ via_bot: { id: 9 } })).toBeNull();
    expect(group_({ text: undefined, caption: '/status' })).toBeNull();
  });
  test('channel post: a command of an administrator', () =>
    expect(
      eventOf(
        update({
          channel_post: { message_id: 4, date: 0, chat: channel, sender_chat: channel, text: '/subscribe ru' },
        }),
        me,
      ),
    ).toMatchObject({
      type: 'command',
      chat: '-200',
      chatKind: 'channel',
      text: 'subscribe ru',
      from: { admin: true },
    }));
  test('edited messages: ignored', () =>
    expect(
      eventOf(update({ edited_message: { message_id: 3, chat: privateChat, from: ann, text: '/x' } }), me),
    ).toBeNull());

  test('migration, as told in either chat: the same move', () => {
    expect(eventOf(message({ chat: { ...group, id: -5 }, text: undefined, migrate_to_chat_id: -100 }), me)).toEqual({
      type: 'moved',
      chat: '-5',
      to: '-100',
      seenIn: '-5',
    });
    expect(eventOf(message({ chat: group, text: undefined, migrate_from_chat_id: -5 }), me)).toEqual({
      type: 'moved',
      chat: '-5',
      to: '-100',
      seenIn: '-100',
    });
  });

  const member = (chat: object, before: object, after: object) =>
    eventOf(
      update({ my_chat_member: { chat, from: ann, date: 0, old_chat_member: before, new_chat_member: after } }),
      me,
    );
  test.each([
    ['blocked', privateChat, { status: 'member' }, { status: 'kicked' }, 'left'],
    ['unblocked', privateChat, { status: 'kicked' }, { status: 'member' }, 'joined'],
    ['added', group, { status: 'left' }, { status: 'member' }, 'joined'],
    ['kicked', group, { status: 'administrator' }, { status: 'kicked' }, 'left'],
    ['restricted and out', group, { status: 'member' }, { status: 'restricted', is_member: false }, 'left'],
    ['promoted', group, { status: 'member' }, { status: 'administrator' }, undefined],
    ['added to a channel', channel, { status: 'left' }, { status: 'administrator' }, 'joined'],
  ])('membership: %s', (_, chat, before, after, expected) => expect(member(chat, before, after)?.type).toBe(expected));

  test('button', () => {
    const query = {
      id: '99',
      from: ann,
      chat_instance: 'x',
      data: 'c:help',
      message: { message_id: 8, date: 1, chat: group, is_topic_message: true, message_thread_id: 2 },
    };
    expect(eventOf(update({ callback_query: query }), me)).toMatchObject({
      type: 'button',
      chat: '-100',
      thread: '2',
      messageId: 8,
      queryId: '99',
      data: 'c:help',
    });
    expect(
      eventOf(update({ callback_query: { ...query, message: undefined, inline_message_id: 'i' } }), me),
    ).toBeNull();
  });

  test('nonsense: null, no exception', () => {
    for (const parts of [
      {},
      { message: {} },
      { message: { text: 'x', chat: { id: 'x', type: 'private' }, from: ann } },
      { message: { text: 5, chat: privateChat } },
      { my_chat_member: {} },
      { callback_query: { data: 'c:x', message: {} } },
    ])
      expect(eventOf(update(parts), me)).toBeNull();
  });
});
