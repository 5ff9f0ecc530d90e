/** A process that ends before it has answered: the next one answers each chat that changed something, once. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createIntake } from '../../../src/core/commands/intake.ts';
import { type OwedAnswers, createOwedAnswers } from '../../../src/core/commands/intake.ts';
import { NOTHING, type Reply } from '../../../src/core/outbox/reply-queue.ts';
import type { IncomingCommand } from '../../../src/core/ports/chat-adapter.ts';
import type { Store } from '../../../src/core/ports/store.ts';
import { systemClock } from '../../../src/platform/clock.ts';
import { createIds } from '../../../src/platform/ids.ts';
import { openStore } from '../../../src/store/open.ts';
import { deps } from '../../contract/store/samples.ts';
import { asText } from '../render/support.ts';
import { createBot } from './support.ts';

const ids = createIds(systemClock);

/** A program over a store that outlives it: its answers wait until the test says that they went. */
class Program {
  readonly replies: Reply[] = [];
  readonly bot: ReturnType<typeof createBot>;
  readonly owed: OwedAnswers;
  readonly intake: ReturnType<typeof createIntake>;
  readonly #stop = new AbortController();
  readonly #loop: Promise<void>;

  constructor(store: Store) {
    this.bot = createBot({ store });
    const { router, clock, log } = this.bot;
    const reply = (one: Reply): void => void this.replies.push(one);
    this.owed = createOwedAnswers({
      accountId: 'tg',
      router,
      store,
      clock,
      ids,
      log,
      shared: false,
      reply,
      incoming: async () => undefined,
    });
    const sender = { reply, crowded: () => false };
    this.intake = createIntake({ store, router: () => router, log, sender: () => sender, owed: this.owed });
    this.#loop = this.owed.loop(this.#stop.signal);
  }

  async say(chat: string, text: string, more: Partial<IncomingCommand> = {}): Promise<void> {
    await this.intake({
      kind: 'command',
      address: { accountId: 'tg', chat, thread: null },
      chatKind: 'private',
      sender: { id: `telegram:${chat}`, name: 'Ann', lang: chat === '100' ? 'ru' : 'en', isAdmin: async () => true },
      text,
      button: null,
      messageRef: '5',
      ...more,
    });
  }

  /** The platform has taken all answers that wait. */
  async answered(): Promise<void> {
    for (const { owes = [] } of this.replies.splice(0)) this.owed.over(owes);
    await this.pass(1_000);
  }

  async pass(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 250) {
      await this.bot.clock.pass(Math.min(250, ms));
      for (let i = 0; i < 10; i++) await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** Nothing of it is heard of again. */
  async end(): Promise<void> {
    this.#stop.abort();
    await this.pass(100);
    await this.#loop;
  }

  chats = (): string[] => this.replies.map((one) => one.address.chat);
  textOf = async (n: number): Promise<string> =>
    asText((await this.replies[n]!.later!({ ...NOTHING, changed: true }))!);
}

let store: Store;
let program: Program;
beforeEach(async () => {
  store = await openStore(':memory:', deps);
  program = new Program(store);
});
afterEach(async () => {
  await program.end();
  await store.close();
});

const owedNow = async (): Promise<string[]> =>
  (await store.outbox.owedAnswers('tg', 0)).waiting.map(({ address }) => address.chat);

/** As after `kill -9`: nothing is saved. */
async function restart(): Promise<void> {
  await program.end();
  program = new Program(store);
  await program.owed.restore();
}

test('killed at once after a change, nobody else writing: answered after the restart, in its language, once', async () => {
  await program.say('100', 'subscribe ru');
  expect(await owedNow()).toEqual(['100']);
  await restart();
  await program.pass(2_500);
  expect(program.chats()).toEqual(['100']);
  expect(await program.textOf(0)).toMatch(/Готово! Слежу за:[\s\S]*Россия/);
  await program.answered();
  expect(await owedNow()).toEqual([]);
  await restart();
  await program.pass(10_000);
  expect(program.chats()).toEqual([]);
});

test('killed when the answer had gone: not said again', async () => {
  await program.say('100', 'subscribe ru');
  await program.answered();
  await restart();
  await program.pass(10_000);
  expect(program.chats()).toEqual([]);
});

test('the platform gives the command once more after the kill: one answer, to the command', async () => {
  await program.say('200', 'subscribe ru');
  await restart();
  await program.pass(500);
  await program.say('200', 'subscribe ru');
  await program.pass(10_000);
  expect(program.chats()).toEqual(['200']);
  expect(asText(program.replies[0]!.document!)).toContain('I already watch here');
});

test('a crowd: their notes share transactions; each is answered after a kill', async () => {
  const chats = Array.from({ length: 300 }, (_, i) => String(1_000 + i));
  let transactions = 0;
  const { noteAnswers } = store.outbox;
  store.outbox.noteAnswers = (note) => {
    transactions++;
    return noteAnswers(note);
  };
  await Promise.all(chats.map((chat) => program.say(chat, 'subscribe all')));
  expect(transactions).toBeLessThan(150);
  await restart();
  await program.pass(2_500);
  expect(program.chats().toSorted()).toEqual(chats);
});

test('a question, a refusal, a chat that is forgotten: nothing is owed', async () => {
  await program.say('100', 'status');
  await program.say('200', 'subscribe ru', {
    chatKind: 'group',
    sender: { id: 'telegram:1', name: 'x', lang: 'en', isAdmin: async () => false },
  });
  await program.say('300', 'subscribe ru');
  await program.say('300', 'forget yes');
  await program.pass(1_000);
  expect(await owedNow()).toEqual([]);
  await restart();
  await program.pass(10_000);
  expect(program.chats()).toEqual([]);
});

test('changed again while the note of the first answer goes: still owed', async () => {
  await program.say('100', 'subscribe ru');
  const passing = program.answered();
  await program.say('100', 'subscribe tr');
  await passing;
  await program.pass(1_000);
  expect(await owedNow()).toEqual(['100']);
});

test('a store that fails: answered all the same, one line; noted once it works', async () => {
  const { noteAnswers } = store.outbox;
  store.outbox.noteAnswers = () => Promise.reject(new Error('disk full'));
  await program.say('100', 'subscribe ru');
  expect(program.chats()).toEqual(['100']);
  await program.pass(1_000);
  store.outbox.noteAnswers = noteAnswers;
  await program.say('200', 'subscribe ru');
  await program.pass(1_000);
  expect(await owedNow()).toEqual(['100', '200']);
});

test('an orderly stop with answers that wait, twice: answered by the third start', async () => {
  await program.say('100', 'subscribe ru');
  await program.owed.save();
  await restart();
  await program.owed.save();
  await restart();
  await program.pass(2_500);
  expect(program.chats()).toEqual(['100']);
});

test('a setting made in a thread that follows nothing: its room is answered', async () => {
  const thread = { accountId: 'tg', chat: '-1', thread: '7' };
  await program.say('-1', 'subscribe ru', { chatKind: 'group' });
  await program.answered();
  await program.say('-1', 'mute ru', { chatKind: 'group', address: thread });
  expect(program.replies.map((one) => one.address.thread)).toEqual(['7']);
  await restart();
  await program.pass(2_500);
  expect(program.replies.map(({ address, group }) => [address.chat, address.thread, group])).toEqual([
    ['-1', null, true],
  ]);
});

test('where it is known which event a chat is owed an answer to: the answer comes under the same key, by whoever it is given', async () => {
  const first = new Program(store);
  await first.say('1', 'subscribe ru', { ref: '$event' });
  await first.say('2', 'subscribe ru');
  const keys = (replies: readonly Reply[]) => replies.map(({ address, key }) => [address.chat, key]).sort();
  expect(keys(first.replies)).toEqual([
    ['1', 'reply.$event.0'],
    ['2', undefined],
  ]);
  await first.end();
  const second = new Program(store);
  await second.owed.restore();
  await second.pass(3_000);
  expect(keys(second.replies)).toEqual([
    ['1', 'reply.$event.0'],
    ['2', undefined],
  ]);
  await second.end();
});
