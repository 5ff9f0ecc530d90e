/** What people and platforms did, on its way to the router: who is greeted and where, whose answer goes aside, and that no failure is lost. */
import { describe, expect, test } from 'vitest';
import type { Router, RouterAnswer } from '../../../src/core/commands/context.ts';
import { createIntake } from '../../../src/core/commands/intake.ts';
import type { MessageDocument } from '../../../src/core/model/message.ts';
import type { Reply } from '../../../src/core/outbox/reply-queue.ts';
import type { Incoming, IncomingCommand, IncomingMembership } from '../../../src/core/ports/chat-adapter.ts';
import { recordingLog } from '../../fakes/fake-log.ts';
import { translators } from '../render/support.ts';

const document = (text: string): MessageDocument =>
  ({ lang: 'en', tone: 'notice', blocks: [{ type: 'paragraph', inline: [text] }], buttons: [] }) as MessageDocument;
const textOf = ({ document: made }: Pick<Reply, 'document'>): string => JSON.stringify(made?.blocks ?? null);
const at = (chat: string) => ({ accountId: 'tg', chat, thread: null });
const who = { id: 'telegram:1', name: 'Ann', lang: 'ru', isAdmin: async () => true };
const typed = (over: Partial<IncomingCommand> = {}): IncomingCommand => ({
  kind: 'command',
  address: at('1'),
  chatKind: 'private',
  sender: who,
  text: 'ping',
  button: null,
  messageRef: 'm1',
  ...over,
});
const joined = (over: Partial<IncomingMembership> = {}): IncomingMembership => ({
  kind: 'joined',
  address: at('1'),
  chatKind: 'private',
  sender: who,
  ...over,
});

function world({
  follows = 0,
  answer = {},
  fails = false,
  documents = [document('hello')],
}: {
  follows?: number;
  answer?: Partial<RouterAnswer>;
  fails?: boolean;
  documents?: MessageDocument[];
} = {}) {
  const { log, lines } = recordingLog();
  const [asked, replies, calls]: [IncomingCommand[], Reply[], string[]] = [[], [], []];
  const router = {
    async handle(event: IncomingCommand): Promise<RouterAnswer | null> {
      asked.push(event);
      if (fails) throw new Error('x');
      if (event.text === 'nothing') return null;
      return {
        documents,
        replaces: false,
        kind: 'text',
        asker: 'person',
        forgotten: false,
        aside: false,
        later: async () => documents[0]!,
        ...answer,
      };
    },
    words: async () => ({ words: translators.of('en') }),
  } as unknown as Router;
  const known = new Set(['1', '-5']);
  const store = {
    chats: {
      find: async ({ chat }: { chat: string }) => (known.has(chat) ? { id: Number(chat) } : null),
      end: async (id: number) => void calls.push(`end ${id}`),
      move: async (from: { chat: string }, to: { chat: string }) => void calls.push(`move ${from.chat} ${to.chat}`),
    },
    subscriptions: { list: async () => Array.from({ length: follows }) },
  } as unknown as Parameters<typeof createIntake>[0]['store'];
  const sender = (id: string) =>
    id === 'tg' ? { reply: async (reply: Reply) => void replies.push(reply), crowded: () => false } : null;
  const over: string[] = [];
  const owed: NonNullable<Parameters<typeof createIntake>[0]['owed']> = {
    answered: ({ ref }) => ref === 'answered',
    keep: async ({ address, chatKind, text }, kind) => [
      { id: `${kind} ${text}`, address, chatKind, kind, ref: null, at: 0, command: null },
    ],
    over: (answers) => void over.push(...answers.map(({ id }) => id)),
  };
  const intake = createIntake({ store, router: () => router, log, sender, owed });
  return { over, intake, asked, replies, calls, lines };
}

describe('a command', () => {
  test('each document as a message; the first one in place of the button’s, where it replaces', async () => {
    const button = { messageRef: 'old' };
    const { intake, replies } = world({ documents: [document('a'), document('b')], answer: { replaces: true } });
    await intake(typed({ button, chatKind: 'group' }));
    expect(replies.map(({ edit, group, replyTo }) => [edit, group, replyTo])).toEqual([
      ['old', true, 'm1'],
      [null, true, 'm1'],
    ]);
  });

  test('an answer that is made later: a message all the same, whose text is still to come', async () => {
    const { intake, replies } = world({ documents: [] });
    await intake(typed());
    expect(replies.map(({ document: made }) => made)).toEqual([null]);
  });

  test('for one person alone: whispered to whoever pressed, and the room hears nothing', async () => {
    const heard: MessageDocument[] = [];
    const { intake, replies } = world({ answer: { aside: true } });
    await intake(typed({ button: { messageRef: 'm', whisper: (made) => void heard.push(made) } }));
    expect([heard.map((made) => textOf({ document: made })), replies]).toEqual([
      [textOf({ document: document('hello') })],
      [],
    ]);
    await intake(typed({ button: { messageRef: 'm' } }));
    expect(replies).toEqual([]);
  });

  test.each<[string, Partial<IncomingCommand>]>([
    ['nothing to answer', { text: 'nothing' }],
    ['an account that sends no more', { address: { ...at('1'), accountId: 'gone' } }],
  ])('%s: no message, no error', async (_name, over) => {
    const { intake, replies, lines } = world();
    await intake(typed(over));
    expect([replies, lines]).toEqual([[], []]);
  });
});

describe('what an answer owes', () => {
  const shown = { svg: '<svg/>', width: 1, height: 1, alt: '' };
  const picture = { ...document('caption'), picture: shown } as MessageDocument;
  const owes = (replies: readonly Reply[]) => replies.map((reply) => (reply.owes ?? []).map(({ id }) => id).join());

  test.each<[string, MessageDocument[], Partial<RouterAnswer>, string[], string[]]>([
    ['two texts: owed until the last of them went', [document('a'), document('b')], {}, ['', 'text ping'], []],
    ['a text and its picture, which says nothing more: the text', [document('a'), picture], {}, ['text ping', ''], []],
    ['a picture alone may be left out: nothing is owed', [picture], {}, [''], ['text ping']],
    ['what is made later', [], { kind: 'question' }, ['question ping'], []],
    ['a change', [document('a')], { kind: 'change' }, ['change ping'], []],
    ['a chat that is forgotten: nothing', [document('a')], { kind: 'change', forgotten: true }, [''], []],
    ['what was not carried out: nothing', [document('a')], { kind: 'dropped' }, [''], []],
  ])('%s', async (_name, documents, answer, expected, ended) => {
    const { intake, replies, over } = world({ documents, answer });
    await intake(typed());
    expect([owes(replies), over]).toEqual([expected, ended]);
  });

  test('a command that was answered before: not carried out again', async () => {
    const { intake, asked, replies } = world();
    await intake(typed({ ref: 'answered' }));
    await intake(typed({ ref: 'new' }));
    expect([asked.map(({ ref }) => ref), replies.length]).toEqual([['new'], 1]);
  });
});

describe('a membership', () => {
  test.each<[string, number, Partial<IncomingMembership>, string[]]>([
    ['a new private chat: greeted', 0, {}, ['1 start']],
    ['a private chat that follows something: not again', 2, {}, []],
    ['a chat that nobody knows yet: greeted', 2, { address: at('9') }, ['9 start']],
    ['a group that follows something: greeted anew', 2, { address: at('-5'), chatKind: 'group' }, ['-5 start']],
    [
      'a channel: its maker is asked what for, elsewhere',
      0,
      { address: at('@news'), chatKind: 'channel', privately: at('1') },
      ['1 channel @news subscribe'],
    ],
    ['a channel whose maker cannot be written to: nobody', 0, { address: at('@news'), chatKind: 'channel' }, []],
    [
      'a channel that nobody made: nobody',
      0,
      { address: at('@news'), chatKind: 'channel', privately: at('1'), sender: null },
      [],
    ],
  ])('%s', async (_name, follows, over, expected) => {
    const { intake, asked } = world({ follows });
    await intake(joined(over));
    expect(asked.map(({ address, text }) => `${address.chat} ${text}`)).toEqual(expected);
  });

  test('a greeting is nobody’s budget; it speaks the language of whoever took the bot in', async () => {
    const { intake, asked } = world();
    await intake(joined({ chatKind: 'group' }));
    await intake(joined({ chatKind: 'group', sender: null }));
    expect(asked.map(({ sender }) => [sender.id, sender.lang])).toEqual([
      ['', 'ru'],
      ['', null],
    ]);
    // Whoever takes a channel's bot in is somebody, and asked as such.
    await intake(joined({ address: at('@news'), chatKind: 'channel', privately: at('1') }));
    expect(asked.at(-1)?.sender.id).toBe('telegram:1');
  });

  test('it left: the chat ends; one that nobody knows is no error', async () => {
    const { intake, calls, lines } = world();
    await intake(joined({ kind: 'left' }));
    await intake(joined({ kind: 'left', address: at('9') }));
    expect([calls, lines]).toEqual([['end 1'], []]);
  });
});

describe('a chat that moves', () => {
  const move: Incoming = { kind: 'moved', address: at('1'), to: at('-100') };
  test('without anybody seeing it: moved, and nothing is said', async () => {
    const { intake, calls, replies } = world();
    await intake(move);
    expect([calls, replies]).toEqual([['move 1 -100'], []]);
  });

  test('to another place in people’s eyes: said there, with what it follows', async () => {
    const { intake, asked, replies } = world();
    await intake({ ...move, upgraded: { chatKind: 'group' } });
    expect(asked.map(({ text, address }) => [text, address.chat])).toEqual([['subscriptions', '-100']]);
    expect([replies.length, replies[0]!.address.chat, replies[0]!.group, replies[0]!.document!.blocks.length]).toEqual([
      1,
      '-100',
      true,
      2,
    ]);
    expect(textOf(replies[0]!)).toContain(translators.of('en').say('moved.here'));
  });

  test('nothing to say there: nothing is said', async () => {
    const { intake, replies } = world({ documents: [] });
    await intake({ ...move, upgraded: { chatKind: 'group' } });
    expect(replies).toEqual([]);
  });
});

test.each<[string, Incoming]>([
  ['a command', typed()],
  ['a greeting', joined()],
  ['a move', { kind: 'moved', address: at('1'), to: at('2'), upgraded: { chatKind: 'group' } }],
])('%s fails: one line that names the account, and no exception', async (_name, event) => {
  const { intake, lines } = world({ fails: true });
  await intake(event);
  expect(lines.map(({ message, fields }) => [message, fields.account])).toEqual([['Unable to answer', 'tg']]);
});
