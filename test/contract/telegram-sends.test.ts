import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { SendOutcome } from '../../src/core/ports/chat-adapter.ts';
import { documentOf, editOf, never, sendOf } from './chat-adapter.suite.ts';
import { addressOf, complaints, telegram } from './telegram-bench.ts';

const refOf = (outcome: SendOutcome): string => {
  if (outcome.kind !== 'delivered') throw new Error(`not delivered: ${JSON.stringify(outcome)}`);
  return outcome.messageRef;
};

describe('faults of the line and of the server', () => {
  const cases: [fault: object, expected: object, doneAll: boolean][] = [
    [{ fault: 'reset' }, { kind: 'retry', scope: 'chat', reason: 'server' }, false],
    [{ fault: 'reset-after' }, { kind: 'retry', scope: 'chat', reason: 'server' }, true],
    [{ fault: 'close-after' }, { kind: 'retry', scope: 'chat', reason: 'server' }, true],
    [{ fault: '502' }, { kind: 'retry', scope: 'chat', reason: 'server' }, false],
    [{ fault: 'html-502' }, { kind: 'retry', scope: 'chat', reason: 'server' }, false],
    [{ fault: '504-after' }, { kind: 'retry', scope: 'chat', reason: 'server' }, true],
    [{ fault: '500' }, { kind: 'retry', scope: 'chat', reason: 'server' }, false],
    [{ fault: 'truncate' }, { kind: 'retry', scope: 'chat', reason: 'server' }, true],
    [{ fault: 'malformed' }, { kind: 'retry', scope: 'chat', reason: 'server' }, false],
    [
      { fault: '429', retry_after: 3 },
      { kind: 'retry', scope: 'account', reason: 'rate_limited', afterMs: 3000 },
      false,
    ],
    [{ fault: 'blocked' }, { kind: 'gone', reason: 'client' }, false],
  ];
  test.each(cases)('%o', async (fault, expected, done) => {
    const { tg, adapter } = await telegram();
    const ann = await tg.user({ started: true });
    await tg.fault({ method: 'sendMessage', ...fault });
    expect(await adapter.send(sendOf(addressOf(ann), 'once'), never)).toMatchObject(expected);
    expect(await ann.chat.botTexts()).toEqual(done ? ['once'] : []);
    expect(await complaints(tg)).toEqual([]);
  });

  test('hang: given up when aborted, and the socket with it', async () => {
    const { tg, adapter } = await telegram();
    const ann = await tg.user({ started: true });
    await tg.fault({ method: 'sendMessage', fault: 'hang' });
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 50);
    expect(await adapter.send(sendOf(addressOf(ann), 'x'), stop.signal)).toMatchObject({
      kind: 'retry',
      reason: 'canceled',
    });
    expect(adapter.health().ok).toBe(true);
  });

  test('three failures in a row: the whole account waits and health tells, until it works again', async () => {
    const { tg, adapter } = await telegram();
    const ann = await tg.user({ started: true });
    await tg.fault({ method: 'sendMessage', fault: '502', times: 4 });
    const scopes: string[] = [];
    for (let i = 0; i < 4; i++) {
      const outcome = await adapter.send(sendOf(addressOf(ann), 'x'), never);
      scopes.push(outcome.kind === 'retry' ? outcome.scope : outcome.kind);
    }
    expect(scopes).toEqual(['chat', 'chat', 'account', 'account']);
    expect(adapter.health()).toMatchObject({ ok: false, problem: 'Telegram answers 502 to messages' });
    expect(await adapter.send(sendOf(addressOf(ann), 'x'), never)).toMatchObject({ kind: 'delivered' });
    expect(adapter.health()).toMatchObject({ ok: true });
  });

  test('no server at all: the account waits', async () => {
    const { tg, adapter } = await telegram();
    await tg.stop();
    expect(await adapter.send(sendOf({ accountId: 'tg', chat: '5', thread: null }, 'x'), never)).toMatchObject({
      kind: 'retry',
      scope: 'account',
      reason: 'server',
      detail: 'ECONNREFUSED',
    });
  });

  test('token revoked: retry of the account, for auth; no token in what is said', async () => {
    const { tg, adapter, deps } = await telegram();
    const ann = await tg.user({ started: true });
    await tg.post('revoke', {});
    expect(await adapter.send(sendOf(addressOf(ann), 'x'), never)).toMatchObject({
      kind: 'retry',
      scope: 'account',
      reason: 'auth',
    });
    expect(adapter.health()).toMatchObject({ ok: false, problem: 'Telegram refuses the token' });
    expect(JSON.stringify([deps.lines, adapter.health()])).not.toContain(tg.token.split(':')[1]);
  });
});

describe('chats that end or move', () => {
  test('blocked, deactivated, kicked: gone; what was queued behind does not knock again', async () => {
    const { tg, adapter, heard } = await telegram();
    const ann = await tg.user({ started: true });
    const bob = await tg.user({ started: true });
    const group = await tg.supergroup();
    await ann.block();
    await bob.deactivate();
    await group.kickBot();
    await heard.waitFor((e) => e.kind === 'left' && e.address.chat === String(ann.id));
    for (let i = 0; i < 2; i++) {
      for (const chat of [ann, bob, group])
        expect(await adapter.send(sendOf(addressOf(chat), 'x'), never)).toMatchObject({ kind: 'gone' });
    }
    expect(await complaints(tg)).toEqual([]);
  });

  test('unblocked: it works again', async () => {
    const { tg, adapter, heard } = await telegram();
    const ann = await tg.user({ started: true });
    await ann.block();
    expect(await adapter.send(sendOf(addressOf(ann), 'x'), never)).toMatchObject({ kind: 'gone' });
    await ann.unblock();
    await expect.poll(() => adapter.send(sendOf(addressOf(ann), 'x'), never)).toMatchObject({ kind: 'delivered' });
    await ann.send('/start');
    await heard.waitFor((e) => e.kind === 'command');
    expect(heard.events.map((e) => e.kind)).toEqual(['left', 'command']);
    expect(await adapter.send(sendOf(addressOf(ann), 'x'), never)).toMatchObject({ kind: 'delivered' });
    expect(await complaints(tg)).toEqual([]);
  });

  test('group became a supergroup: moved, by the update once and by each send; the old id is not written to again', async () => {
    const { tg, adapter, heard } = await telegram();
    const group = await tg.group({ title: 'G' });
    expect(await adapter.send(sendOf(addressOf(group), 'before'), never)).toMatchObject({ kind: 'delivered' });
    const to = await group.migrate();
    const moved = { kind: 'moved', to: addressOf(to) };
    for (let i = 0; i < 3; i++) expect(await adapter.send(sendOf(addressOf(group), 'x'), never)).toEqual(moved);
    expect(await adapter.send(sendOf(addressOf(to), 'after'), never)).toMatchObject({ kind: 'delivered' });
    await heard.waitFor((e) => e.kind === 'moved');
    await sleep(100);
    expect(heard.events.filter((e) => e.kind === 'moved')).toEqual([
      { kind: 'moved', address: addressOf(group), to: addressOf(to) },
    ]);
    expect(await complaints(tg)).toEqual([]);
  });

  test('no right to write: rejected, in a group and in a channel', async () => {
    const { tg, adapter } = await telegram();
    const group = await tg.supergroup({ permissions: { can_send_messages: false } });
    const channel = await tg.channel({ bot_rights: { can_post_messages: false } });
    for (const chat of [group, channel])
      expect(await adapter.send(sendOf(addressOf(chat), 'x'), never)).toMatchObject({ kind: 'rejected' });
  });

  test('no such chat: gone', async () => {
    const { adapter } = await telegram();
    expect(await adapter.send(sendOf({ accountId: 'tg', chat: '-100999', thread: null }, 'x'), never)).toMatchObject({
      kind: 'gone',
    });
  });
});

describe('forum topics', () => {
  test('a topic: written into; General is topic 1 and needs no name', async () => {
    const { tg, adapter } = await telegram();
    const forum = await tg.forum();
    const topic = await forum.topic('Alerts');
    await adapter.send(sendOf(addressOf(forum, topic.id), 'in the topic'), never);
    await adapter.send(sendOf(addressOf(forum, 1), 'in general'), never);
    expect((await forum.waitFor({ contains: 'in the topic' })).message_thread_id).toBe(topic.id);
    expect((await forum.waitFor({ contains: 'in general' })).message_thread_id).toBeUndefined();
    expect(await complaints(tg)).toEqual([]);
  });

  test.each(['close', 'delete'] as const)('after %s: the chat goes on without the topic', async (action) => {
    const { tg, adapter } = await telegram();
    const forum = await tg.forum();
    const topic = await forum.topic('Alerts');
    await forum.topicAction(topic.id, action);
    const outcome = await adapter.send(sendOf(addressOf(forum, topic.id), 'x'), never);
    expect(outcome).toEqual({ kind: 'moved', to: addressOf(forum) });
    expect(await adapter.send(sendOf(addressOf(forum), 'x'), never)).toMatchObject({ kind: 'delivered' });
    expect(await complaints(tg)).toEqual([]);
  });

  test('topics switched off: noticed by the first answer', async () => {
    const { tg, adapter } = await telegram();
    const forum = await tg.forum();
    const topic = await forum.topic('Alerts');
    await tg.post('forum', { chat_id: forum.id, enabled: false });
    for (let i = 0; i < 3; i++) await adapter.send(sendOf(addressOf(forum, topic.id), 'x'), never);
    expect((await tg.violations('ignored_message_thread_id')).length).toBe(1);
  });
});

describe('what arrives', () => {
  test('alert and notice: sound, no preview; entities as meant', async () => {
    const { tg, adapter } = await telegram();
    const ann = await tg.user({ started: true });
    const blocks = [
      { type: 'paragraph' as const, inline: [{ bold: ['Russia'] }, ' ', { link: 'https://dw.com/ru', text: 'DW' }] },
    ];
    await adapter.send(sendOf(addressOf(ann), '', { blocks }), never);
    await adapter.send(sendOf(addressOf(ann), '', { blocks, tone: 'notice' }), never);
    const [alert, notice] = await ann.chat.transcript({ from: 'bot' });
    expect(alert).toMatchObject({
      text: 'Russia DW',
      link_preview_options: { is_disabled: true },
      entities: [
        { type: 'bold', offset: 0, length: 6 },
        { type: 'text_link', offset: 7, length: 2, url: 'https://dw.com/ru' },
      ],
    });
    expect(alert.silent).toBeUndefined();
    expect(notice.silent).toBe(true);
    expect(await complaints(tg)).toEqual([]);
  });

  test('edit: buttons change with the text, and go when there are none; the edit of a deleted message is rejected', async () => {
    const { tg, adapter } = await telegram();
    const ann = await tg.user({ started: true });
    const buttons = [[{ label: 'Mute', press: { command: 'mute x' } }]];
    const ref = refOf(await adapter.send(sendOf(addressOf(ann), 'one', { buttons }), never));
    expect(await adapter.send(editOf(addressOf(ann), ref, 'two', { tone: 'notice' }), never)).toMatchObject({
      kind: 'delivered',
      messageRef: ref,
    });
    const [message] = await ann.chat.transcript({ from: 'bot' });
    expect(message).toMatchObject({ text: 'two' });
    expect(message.reply_markup).toBeUndefined();
    await tg.post('delete', { chat_id: ann.id, message_id: Number(ref) });
    expect(await adapter.send(editOf(addressOf(ann), ref, 'three'), never)).toMatchObject({ kind: 'rejected' });
    expect(await complaints(tg)).toEqual([]);
  });

  test('a reply to a deleted message: arrives all the same', async () => {
    const { tg, adapter } = await telegram();
    const ann = await tg.user({ started: true });
    const ref = refOf(await adapter.send(sendOf(addressOf(ann), 'one'), never));
    await tg.post('delete', { chat_id: ann.id, message_id: Number(ref) });
    expect(await adapter.send(sendOf(addressOf(ann), 'two', {}, ref), never)).toMatchObject({ kind: 'delivered' });
    expect(await complaints(tg)).toEqual([]);
  });

  test('channel: written to and edited', async () => {
    const { tg, adapter } = await telegram();
    const channel = await tg.channel();
    const ref = refOf(await adapter.send(sendOf(addressOf(channel), 'one'), never));
    expect(await adapter.send(editOf(addressOf(channel), ref, 'two'), never)).toMatchObject({ kind: 'delivered' });
    expect(await channel.botTexts()).toEqual(['two']);
    expect(await complaints(tg)).toEqual([]);
  });

  test('one document to many chats: rendered once, kept buttons kept once', async () => {
    let sets = 0;
    const cached = new Map<string, unknown>();
    const { tg, adapter } = await telegram({
      account: { rate: 0 },
      server: { limits: 'off' },
      deps: {
        cache: {
          get: async (key) => cached.get(key),
          set: async (key, value) => {
            sets++;
            cached.set(key, value);
            return true;
          },
          delete: async () => true,
        },
      },
    });
    const { first_id } = await tg.users(200);
    const document = documentOf('to all', {
      buttons: [[{ label: 'Mute', press: { command: `mute ${'x'.repeat(80)}` } }]],
    });
    const outcomes = await Promise.all(
      Array.from({ length: 200 }, (_, i) =>
        adapter.send(
          {
            op: 'send',
            address: { accountId: 'tg', chat: String(first_id + i), thread: null },
            document,
            key: `k${i}`,
            replyTo: null,
          },
          never,
        ),
      ),
    );
    expect(outcomes.filter((o) => o.kind === 'delivered').length).toBe(200);
    expect((await tg.tally('to all')).total).toBe(200);
    expect(sets).toBe(1);
    expect(await complaints(tg)).toEqual([]);
  });
});

describe('pinning', () => {
  test('one of our messages: pinned without a sound; what is not there, or no message of Telegram: not', async () => {
    const { tg, adapter } = await telegram();
    const ann = await tg.user({ started: true });
    const sent = await adapter.send(sendOf(addressOf(ann), 'board'), never);
    const ref = sent.kind === 'delivered' ? sent.messageRef : '';
    expect(await adapter.pin!(addressOf(ann), ref, never)).toBe(true);
    const [call] = await tg.calls({ method: 'pinChatMessage' });
    expect(call).toMatchObject({ params: { message_id: Number(ref), disable_notification: true } });
    expect(await adapter.pin!(addressOf(ann), '999999', never)).toBe(false);
    expect(await adapter.pin!({ accountId: 'tg', chat: '!room', thread: null }, ref, never)).toBe(false);
    expect(await tg.calls({ method: 'pinChatMessage' })).toHaveLength(2);
  });
});

describe('paid broadcasts', () => {
  const tellMany = async (paid: boolean) => {
    const { tg, adapter } = await telegram({
      account: paid ? { paidBroadcasts: true, rate: 1_000 } : {},
      server: { limits: 'official' },
      before: (tg) => tg.bot({ id: Number(tg.token.split(':')[0]), paid_broadcast: true, stars: 1_000 }),
    });
    const people = await Promise.all(Array.from({ length: 90 }, () => tg.user({ started: true })));
    const outcomes = await Promise.all(people.map((one) => adapter.send(sendOf(addressOf(one), 'Blocked'), never)));
    return {
      kinds: Object.keys(Object.groupBy(outcomes, ({ kind }) => kind)),
      complaints: await complaints(tg),
      pace: adapter.pace,
    };
  };

  test('a bot that may pay, with Stars: ninety messages at once all go; without: Telegram refuses for speed', async () => {
    expect(await tellMany(true)).toEqual({
      kinds: ['delivered'],
      complaints: [],
      pace: { perSecond: 1_000, perChatMs: 1_000, perGroupMinute: 20, window: 128 },
    });
    expect((await tellMany(false)).kinds).toContain('retry');
  });
});
