import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRoute, type Receiving } from '../../../src/adapters/telegram/bot.ts';
import { createAdmins, createChatNotes } from '../../../src/adapters/telegram/chats.ts';
import type { Answer, ApiClient } from '../../../src/adapters/telegram/client.ts';
import type { ButtonEvent } from '../../../src/adapters/telegram/events.ts';
import type { MessageDocument } from '../../../src/core/model/message.ts';
import type { Incoming, PressedButton } from '../../../src/core/ports/chat-adapter.ts';
import { testDeps } from '../../contract/adapter-deps.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';

type Step = 'whisper' | 'late';
interface Press {
  /** Null = the command of the button is not known any more. */
  command?: string | null;
  privately?: boolean;
  /** What happens while the command is being handled, and after it. */
  meanwhile?: Step[];
  after?: Step[];
}

const done: Answer = { kind: 'answer', status: 200, body: { ok: true, result: true } };
const said = (text: string): MessageDocument => ({
  blocks: [{ type: 'paragraph', inline: [text] }],
  buttons: [],
  lang: 'en',
  tone: 'notice',
});

/** One press, and what became of it: each acknowledgement's text (undefined = none), and which commands were carried out. */
async function press({ command = 'help', privately = false, meanwhile = [], after = [] }: Press) {
  const clock = new FakeClock();
  const acks: (string | undefined)[] = [];
  const carried: string[] = [];
  const client: ApiClient = {
    async call(_, body) {
      acks.push((JSON.parse(String(body)) as { text?: string }).text);
      return done;
    },
    close: async () => undefined,
  };
  let button: PressedButton | null = null;
  let texts = 0;
  const take = async (step: Step): Promise<void> => {
    if (step === 'whisper') button?.whisper?.(said(`popup ${++texts}`));
    await clock.pass(step === 'late' ? 6_000 : 0);
  };
  const handled = Promise.withResolvers<void>();
  const route = createRoute(
    {
      account: { id: 'tg' } as Receiving['account'],
      deps: testDeps({ clock }),
      client,
      health: {} as Receiving['health'],
      notes: createChatNotes(clock),
      admins: createAdmins(client, clock),
      handlers: {
        incoming: async (incoming: Incoming) => {
          if (incoming.kind !== 'command') return;
          carried.push(incoming.text);
          button = incoming.button;
          await handled.promise;
        },
      },
      signal: new AbortController().signal,
    },
    't_bot',
  );
  const event: ButtonEvent = {
    type: 'button',
    chat: privately ? '7' : '-100',
    chatKind: privately ? 'private' : 'group',
    thread: null,
    from: { id: '7', name: 'Ann', lang: 'en', admin: true },
    messageId: 2,
    queryId: '9',
    data: command === null ? 'forgotten' : `c:${command}`,
  };
  const routed = route(event, '1');
  await clock.pass(0);
  for (const step of meanwhile) await take(step);
  const meanwhileAcks = acks.length;
  handled.resolve();
  await routed;
  for (const step of after) await take(step);
  await clock.pass(0);
  return { acks, carried, meanwhileAcks };
}

describe('a press', () => {
  test.each<[name: string, given: Press, popup: RegExp | undefined, meanwhileAcks: number]>([
    ['its command is forgotten: says so', { command: null }, /./, 1],
    ['in a private chat: at once, nothing aside', { privately: true, meanwhile: ['whisper'] }, undefined, 1],
    [
      'a reader’s word in a private chat with an answer aside: the popup',
      { command: 'readers fails RU whatsapp', privately: true, meanwhile: ['whisper'] },
      /^popup 1/,
      1,
    ],
    ['in a group with an answer aside: the popup', { meanwhile: ['whisper'] }, /^popup 1/, 1],
    ['in a group without one: when handled', {}, undefined, 0],
    ['slow: the button stops spinning, a popup comes too late', { meanwhile: ['late', 'whisper'] }, undefined, 1],
    ['two answers aside: the first', { meanwhile: ['whisper', 'whisper'] }, /^popup 1/, 1],
  ])('%s', async (_, given, popup, meanwhileAcks) => {
    const { acks, ...rest } = await press(given);
    expect(rest.meanwhileAcks).toBe(meanwhileAcks);
    expect(acks).toEqual([popup && expect.stringMatching(popup)]);
  });

  test('a forgotten command: carried out by nobody', async () =>
    expect((await press({ command: null })).carried).toEqual([]));

  test('whatever comes in between, in any order: acknowledged once, carried out once', async () => {
    const between = fc.array(fc.constantFrom<Step>('whisper', 'late'), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(
        between,
        fc.boolean(),
        fc.constantFrom('help', null),
        between,
        async (meanwhile, privately, command, after) => {
          const { acks, carried } = await press({ command, privately, meanwhile, after });
          expect(acks).toHaveLength(1);
          expect(carried).toEqual(command === null ? [] : [command]);
        },
      ),
      { numRuns: 50 },
    );
  });
});
