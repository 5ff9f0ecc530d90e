import fc from 'fast-check';
import type { Update, UserFromGetMe } from 'grammy/types';
import { describe, expect, test } from 'vitest';
import * as events from '../../../src/adapters/telegram/events.ts';
import { Context } from '../../../src/adapters/telegram/grammy.ts';

const { commandIn, trimmed } = events;
const me = { id: 42, username: 'Tocsin_bot' } as UserFromGetMe;
const contextOf = (update: Update): Context => new Context(update, {} as never, me);
/** As the bot reads it: of an update that was cut to what is kept of it. */
const eventOf = (update: Update) => events.eventOf(contextOf(trimmed(update)!));
const claimOf = (update: Update) => events.claimOf(contextOf(trimmed(update)!));
const ann = { id: 7, is_bot: false, first_name: 'Ann', last_name: 'B', language_code: 'pt-br' };
const privateChat = { id: 7, type: 'private', first_name: 'Ann' };
const group = { id: -100, type: 'supergroup', title: 'G' };
const channel = { id: -200, type: 'channel', title: 'News' };
const update = (parts: object): Update => ({ update_id: 1, ...parts }) as Update;
const message = (parts: object): Update =>
  update({ message: { message_id: 3, date: 0, from: ann, chat: privateChat, text: '/status ru', ...parts } });

describe('commandIn', () => {
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
  ] as const)('%j in a %s chat', (text, kind, expected) => expect(commandIn(text, kind, me)).toBe(expected));

  test('bounded at 1,000 characters', () =>
    expect(commandIn(`/x ${'y'.repeat(4000)}`, 'private', me)!.length).toBe(1000));
});

describe('a place that somebody shares', () => {
  const located = (latitude: number, longitude: number): string => `timezone at ${Math.round(latitude + longitude)}`;
  const place = { latitude: 55.7512, longitude: 37.6184, horizontal_accuracy: 12 };
  const shared = (parts: object): Update => message({ text: undefined, location: place, ...parts });
  const kept = (of: Update): string => JSON.stringify(trimmed(events.placeless(of, located)));

  test('alone with us: the command that it stands for, and nothing of the place is kept or written down', () => {
    const update = events.placeless(
      shared({ venue: { location: place, title: 'Home', address: 'Tverskaya 1' } }),
      located,
    );
    expect(eventOf(update)).toMatchObject({ type: 'command', text: 'timezone at 93', from: { id: '7' } });
    for (const part of ['55.7', '37.6', 'location', 'Tverskaya']) expect(kept(shared({}))).not.toContain(part);
  });

  test('in a group, in a channel: none of our business, and nothing of it is kept', () => {
    for (const of of [shared({ chat: group }), update({ channel_post: { ...shared({}).message, chat: channel } })]) {
      expect(eventOf(events.placeless(of, located))).toBeNull();
      expect(kept(of)).not.toContain('55.7');
    }
  });

  test('somebody else’s place, passed on: asked about, never carried out', () =>
    expect(eventOf(events.placeless(shared({ forward_origin: { type: 'hidden_user' } }), located))).toMatchObject({
      forwarded: true,
    }));

  test.each([null, 7, 'x', {}, { latitude: 'a', longitude: {} }])('a hostile place %j: nothing breaks', (location) => {
    expect(() => kept(message({ text: undefined, location }))).not.toThrow();
    expect(() => kept(update({ message: { location } }))).not.toThrow();
  });
});

describe('eventOf', () => {
  test('private message', () => {
    expect(eventOf(message({}))).toEqual({
      type: 'command',
      chat: '7',
      chatKind: 'private',
      thread: null,
      messageId: 3,
      text: 'status ru',
      signed: true,
      from: { id: '7', name: 'Ann B', lang: 'pt', admin: true },
    });
  });

  const group_ = (parts: object) => eventOf(message({ chat: group, ...parts }));
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
  test('forwarded in a private chat: asked about, and known as such', () =>
    expect(eventOf(message({ forward_origin: { type: 'user' } }))).toMatchObject({
      text: 'status ru',
      forwarded: true,
    }));
  test('forwarded in a group, via a bot, without text: ignored', () => {
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
      eventOf(update({ edited_message: { message_id: 3, chat: privateChat, from: ann, text: '/x' } })),
    ).toBeNull());

  test('migration, as seen in either chat: the same move', () => {
    expect(eventOf(message({ chat: { ...group, id: -5 }, text: undefined, migrate_to_chat_id: -100 }))).toEqual({
      type: 'moved',
      chat: '-5',
      to: '-100',
    });
    expect(eventOf(message({ chat: group, text: undefined, migrate_from_chat_id: -5 }))).toEqual({
      type: 'moved',
      chat: '-5',
      to: '-100',
    });
  });

  const member = (chat: object, before: object, after: object) =>
    eventOf(update({ my_chat_member: { chat, from: ann, date: 0, old_chat_member: before, new_chat_member: after } }));
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
    expect(eventOf(update({ callback_query: query }))).toMatchObject({
      type: 'button',
      chat: '-100',
      thread: '2',
      messageId: 8,
      queryId: '99',
      data: 'c:help',
    });
    expect(eventOf(update({ callback_query: { ...query, message: undefined, inline_message_id: 'i' } }))).toBeNull();
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
      expect(eventOf(update(parts))).toBeNull();
  });
});

describe('what is kept of an update', () => {
  const long = 'y'.repeat(4096);
  const reply = { message_id: 1, date: 0, chat: group, text: long };
  const full = {
    message_id: 3,
    date: 0,
    from: { ...ann, is_premium: true },
    chat: group,
    text: `/status ${long}`,
    entities: [{ type: 'bot_command', offset: 0, length: 7 }],
    reply_to_message: reply,
    photo: [{ file_id: long }],
  };

  test('nothing but the fields that are read, texts bounded, read as before', () => {
    const update_ = update({ message: full });
    const kept = trimmed(update_)!;
    expect(Object.keys(kept.message!).sort()).toEqual(['chat', 'from', 'message_id', 'text']);
    expect(JSON.stringify(kept).length).toBeLessThan(1600);
    expect(events.eventOf(contextOf(kept))).toEqual(events.eventOf(contextOf(update_)));
  });

  test('forwarded and by an inline bot: still seen as such', () => {
    for (const how of [{ forward_origin: { type: 'user', sender_user: ann } }, { via_bot: { id: 9, is_bot: true } }])
      expect(eventOf(update({ message: { ...full, ...how } }))).toBeNull();
  });

  test('nested without end: null, no exception', () => {
    let nested: object = {};
    for (let i = 0; i < 200_000; i++) nested = { chat: nested };
    expect(trimmed(update({ message: nested }))).toBeNull();
  });

  test('anything: read from what is kept as from the whole, and the claim agrees', () => {
    const anything = fc.oneof(
      fc.jsonValue({ maxDepth: 3 }),
      fc.constantFrom(ann, group, channel, privateChat, '/x', 7, 'c:help'),
    );
    const fields = fc.dictionary(
      fc.constantFrom(
        'chat',
        'from',
        'text',
        'message',
        'data',
        'id',
        'message_id',
        'sender_chat',
        'migrate_to_chat_id',
        'x',
      ),
      anything,
    );
    const updates = fc.record(
      { message: fields, channel_post: fields, callback_query: fields, my_chat_member: fields },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(updates, (parts) => {
        const whole = update(JSON.parse(JSON.stringify(parts)));
        const read = events.eventOf(contextOf(whole));
        expect(eventOf(whole)).toEqual(read);
        expect(claimOf(whole) === null).toBe(read === null);
      }),
      { numRuns: 500 },
    );
  });

  test('a claim: the chat where it was seen, and the person; the platform itself is no person', () => {
    expect(claimOf(message({ chat: group }))).toEqual({ chat: '-100', person: '-100 7' });
    expect(claimOf(message({ chat: group, text: undefined, migrate_from_chat_id: -5 }))).toEqual({
      chat: '-100',
      person: null,
    });
    expect(claimOf(message({ chat: group, text: 'just talk' }))).toBeNull();
  });
});
