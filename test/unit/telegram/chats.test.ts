/** What is known of chats: who is gone or moved, who administers them, which channel is meant. */
import { beforeEach, describe, expect, test } from 'vitest';
import { createAdmins, createChatNotes, findChannel } from '../../../src/adapters/telegram/chats.ts';
import type { Answer, ApiClient } from '../../../src/adapters/telegram/client.ts';
import { commandPressed, commandTyped, membershipChanged } from '../../../src/adapters/telegram/events.ts';
import type { Outgoing, SendOutcome } from '../../../src/core/ports/chat-adapter.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';

const at = (chat: string, thread: string | null = null) => ({ accountId: 'tg', chat, thread });
const message = (chat: string, thread: string | null = null): Outgoing => ({
  op: 'send',
  address: at(chat, thread),
  document: { blocks: [], buttons: [], lang: 'en', tone: 'alert' },
  key: 'k',
  replyTo: null,
});
const gone: SendOutcome = { kind: 'gone', reason: 'client', detail: 'Forbidden: bot was blocked' };
const delivered: SendOutcome = { kind: 'delivered', messageRef: '1' };

describe('notes about chats', () => {
  let clock: FakeClock;
  let notes: ReturnType<typeof createChatNotes>;
  beforeEach(() => {
    clock = new FakeClock();
    notes = createChatNotes(clock);
  });

  test('gone: so for ten minutes, without knocking again; then it is asked anew', async () => {
    notes.learn(message('5'), gone, null);
    expect(notes.known(at('5'))).toEqual(gone);
    expect(notes.known(at('6'))).toBeNull();
    await clock.pass(599_000);
    expect(notes.known(at('5', '3'))).toEqual(gone);
    await clock.pass(1_001);
    expect(notes.known(at('5'))).toBeNull();
  });

  test('a sign of life: not gone any more; but one that moved stays moved', () => {
    notes.gone('5', 'kicked');
    notes.moved('6', '-1006');
    for (const chat of ['5', '6', '7']) notes.alive(chat);
    expect([notes.known(at('5')), notes.known(at('6'))]).toEqual([null, { kind: 'moved', to: at('-1006') }]);
  });

  test('moved by an answer: the next send knows it, also of a topic of the old group; a topic that is closed is no move of the chat', () => {
    notes.learn(message('-5'), { kind: 'moved', to: at('-1005') }, null);
    expect(notes.known(at('-5', '9'))).toEqual({ kind: 'moved', to: at('-1005') });
    notes.learn(message('-1001', '7'), { kind: 'moved', to: at('-1001') }, null);
    expect(notes.known(at('-1001', '7'))).toBeNull();
  });

  const supergroup = { type: 'supergroup' };
  test.each<[string, string | null, unknown, boolean]>([
    ['came back without a topic: no forum any more', '7', { message_id: 1, chat: supergroup }, false],
    ['came back with its topic', '7', { message_thread_id: 7, chat: { ...supergroup, is_forum: true } }, true],
    ['a forum whose answer names no topic', '7', { chat: { ...supergroup, is_forum: true } }, true],
    ['sent to no topic', null, { chat: supergroup }, true],
    ['an answer that says nothing', '7', true, true],
    ['an answer of another kind of chat', '7', { chat: { type: 'group' } }, true],
    ['no answer', '7', null, true],
  ])('a message %s: forum = %s', (_name, thread, result, isForum) => {
    notes.learn(message('-1001', thread), delivered, result);
    expect(notes.isForum('-1001')).toBe(isForum);
  });

  test('a hundred thousand chats that left: the oldest notes go, the newest stay', () => {
    for (let n = 0; n < 30_000; n++) notes.gone(`c${n}`, 'blocked');
    expect(notes.known(at('c29999'))).not.toBeNull();
    expect(notes.known(at('c0'))).toBeNull();
  });
});

const ok = (result: unknown): Answer => ({ kind: 'answer', status: 200, body: { ok: true, result } });
const refused: Answer = { kind: 'answer', status: 400, body: { ok: false, error_code: 400, description: 'x' } };
const broken: Answer = { kind: 'failure', reason: 'timeout', reached: true, detail: 'x' };
const members = (...ids: number[]): Answer => ok(ids.map((id) => ({ status: 'administrator', user: { id } })));

/** A Bot API that answers each method as told, and what it was asked. */
function api(answers: Record<string, () => Answer | Promise<Answer>>) {
  const asked: string[] = [];
  const client: ApiClient = {
    async call(method, body) {
      asked.push(`${method} ${body}`);
      return (await answers[method]?.()) ?? refused;
    },
    close: async () => undefined,
  };
  return { client, asked };
}

describe('administrators', () => {
  test('those whom Telegram lists, asked once for a minute; who is not among them is asked about again after five seconds', async () => {
    const clock = new FakeClock();
    let list = members(7);
    const { client, asked } = api({ getChatAdministrators: () => list });
    const admins = createAdmins(client, clock);
    expect([await admins.has('-1', '7'), await admins.has('-1', '8')]).toEqual([true, false]);
    expect(asked).toEqual(['getChatAdministrators {"chat_id":-1}']);
    list = members(8);
    await clock.pass(5_001);
    expect(await admins.has('-1', '8')).toBe(true);
    expect(asked).toHaveLength(2);
  });

  test('a demoted one keeps their word for a minute, and no longer', async () => {
    const clock = new FakeClock();
    let list = members(7);
    const admins = createAdmins(api({ getChatAdministrators: () => list }).client, clock);
    await admins.has('-1', '7');
    list = members(9);
    await clock.pass(59_000);
    expect(await admins.has('-1', '7')).toBe(true);
    await clock.pass(1_001);
    expect(await admins.has('-1', '7')).toBe(false);
  });

  test.each<[string, Answer]>([
    ['refused', refused],
    ['no answer', broken],
    ['no list', ok({})],
    ['a list of nonsense', ok([{}, { user: null }])],
  ])('%s: nobody is one, and the next question asks again', async (_name, answer) => {
    const { client, asked } = api({ getChatAdministrators: () => answer });
    const admins = createAdmins(client, new FakeClock());
    expect(await admins.has('-1', '7').catch(() => 'threw')).toBe(false);
    await admins.has('-1', '7').catch(() => undefined);
    if (answer.kind === 'failure' || !answer.body.ok) expect(asked).toHaveLength(2);
  });

  test('a hundred members at once: one question; a chat that is forgotten: a new one', async () => {
    const { client, asked } = api({ getChatAdministrators: () => members(7) });
    const admins = createAdmins(client, new FakeClock());
    await Promise.all(Array.from({ length: 100 }, (_, n) => admins.has('-1', String(n))));
    expect(asked).toHaveLength(1);
    admins.forget('-1');
    await admins.has('-1', '7');
    expect(asked).toHaveLength(2);
  });

  test('thousands of chats: what is kept of them is bounded', async () => {
    const { client, asked } = api({ getChatAdministrators: () => members(7) });
    const admins = createAdmins(client, new FakeClock());
    for (let n = 0; n < 1_500; n++) await admins.has(`-${n + 1}`, '7');
    await admins.has('-1', '7');
    await admins.has('-1500', '7');
    expect(asked).toHaveLength(1_501);
  });
});

describe('a channel by its name', () => {
  const chat = { id: -1001234567, type: 'channel', title: ' News\nof the\u202e day ', username: 'news' };
  const find = (ref: string, { sender = 'telegram:7', found = chat as object, admin = 7 } = {}) => {
    const { client, asked } = api({ getChat: () => ok(found), getChatAdministrators: () => members(admin) });
    return findChannel(client, createAdmins(client, new FakeClock()), ref, sender).then((channel) => ({
      channel,
      asked,
    }));
  };

  test.each(['@news', 'news', 't.me/news', 'https://t.me/news', 'https://t.me/news/', 'http://t.me/news'])(
    '%s: @news',
    async (ref) => {
      const { channel, asked } = await find(ref);
      expect(channel).toEqual({ chat: '-1001234567', kind: 'channel', title: 'News of the day', name: '@news' });
      expect(asked[0]).toBe('getChat {"chat_id":"@news"}');
    },
  );

  test('a private one by its number: named by it', async () => {
    const { channel, asked } = await find('-1001234567', { found: { ...chat, username: undefined, title: '' } });
    expect(channel).toMatchObject({ title: '-1001234567', name: '-1001234567' });
    expect(asked[0]).toBe('getChat {"chat_id":-1001234567}');
  });

  test.each(['', '@', '@a', 'x'.repeat(40), '12345', '@news"}', 'https://evil.example/news', '../news', '-0'])(
    '%j: no name of a channel, and nobody is asked',
    async (ref) => expect(await find(ref)).toEqual({ channel: null, asked: [] }),
  );

  test.each<[string, Parameters<typeof find>[1]]>([
    ['a group of that name', { found: { ...chat, type: 'supergroup' } }],
    ['an id that is none', { found: { ...chat, id: 'x' } }],
    ['somebody who does not administer it', { admin: 8 }],
    ['somebody of another platform', { sender: 'matrix:@ann:x' }],
  ])('%s: none', async (_name, how) => expect((await find('@news', how)).channel).toBeNull());
});

describe('what people did', () => {
  const from = { id: '7', name: 'Ann', lang: null, admin: 'ask' as const };
  const whose = {
    accountId: 'tg',
    lang: 'ru',
    isAdmin: async (chat: string, user: string) => `${chat} ${user}` === '-1 7',
  };
  const place = { chat: '-1', chatKind: 'group' as const, thread: '9' };

  test('a command in a group: answers it, asks Telegram who administers, speaks the account’s language where none is known', async () => {
    const one = commandTyped({ type: 'command', ...place, from, messageId: 3, text: 'status' }, whose);
    expect(one).toMatchObject({ kind: 'command', address: at('-1', '9'), messageRef: '3', button: null });
    expect(one.sender).toMatchObject({ id: 'telegram:7', lang: 'ru' });
    expect(await one.sender.isAdmin()).toBe(true);
  });

  test('in a private chat: quotes nothing, asks nobody, and the person’s own language is theirs', async () => {
    const own = { ...from, lang: 'de', admin: true };
    const one = commandTyped(
      { type: 'command', chat: '7', chatKind: 'private', thread: null, from: own, messageId: 3, text: 'x' },
      whose,
    );
    expect([one.messageRef, one.sender.lang, await one.sender.isAdmin()]).toEqual([null, 'de', true]);
  });

  test('a pressed button: its own command, and the message that held it', () => {
    const press = { type: 'button' as const, ...place, from, messageId: 3, queryId: 'q', data: 'c:x' };
    const one = commandPressed(press, 'level early', { messageRef: '3' }, whose);
    expect(one).toMatchObject({ text: 'level early', button: { messageRef: '3' }, messageRef: null });
  });

  test.each<[string, 'joined' | 'left', 'private' | 'group', object | null, object | null]>([
    ['a person unblocks us: a command follows, and is the cue', 'joined', 'private', from, null],
    ['a person blocks us', 'left', 'private', from, { kind: 'left', privately: at('7') }],
    ['added to a group', 'joined', 'group', from, { kind: 'joined', privately: at('7', '9') }],
    ['removed by nobody that is named', 'left', 'group', null, { kind: 'left', sender: null, privately: null }],
  ])('%s', (_name, type, chatKind, who, expected) => {
    const event = { type, chat: '-1', chatKind, thread: null, from: who as typeof from | null };
    const made = membershipChanged(event, whose);
    if (expected === null) expect(made).toBeNull();
    else
      expect(made).toMatchObject({
        ...expected,
        ...('privately' in expected && expected.privately ? { privately: at('7') } : {}),
      });
  });
});
