/** Questions that wait for an answer when the process that took them is killed. */
import { expect, onTestFinished, test } from 'vitest';
import { createAskedQuestions } from '../../../src/core/commands/asked-questions.ts';
import type { ChatAddress } from '../../../src/core/model/chat.ts';
import type { IncomingCommand } from '../../../src/core/ports/chat-adapter.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { recordingLog } from '../../fakes/fake-log.ts';

const address = (chat: string): ChatAddress => ({ accountId: 'tg', chat, thread: null });
const asks = (chat: string, text = 'status ru'): IncomingCommand => ({
  kind: 'command',
  address: address(chat),
  chatKind: 'private',
  sender: { id: `telegram:${chat}`, name: 'Ann', lang: 'ru', isAdmin: async () => true },
  text,
  button: null,
  messageRef: '7',
});

/** One database; `process()` is another one that takes over. */
function world({ shared = true } = {}) {
  const clock = new FakeClock();
  const rows = new Map<string, unknown>();
  const { log, said } = recordingLog();
  const fails = { store: false };
  const state = {
    get: async (key: string) => structuredClone(rows.get(key)),
    async set(key: string, value: unknown) {
      if (fails.store) throw new Error('gone');
      rows.set(key, structuredClone(value));
    },
    delete: async (key: string) => void rows.delete(key),
  };
  const start = async () => {
    const waiting: ChatAddress[] = [];
    const answered: IncomingCommand[] = [];
    const questions = createAskedQuestions({
      state,
      clock,
      log,
      shared,
      waiting: () => waiting,
      again: async (event) => void answered.push(event),
    });
    await questions.restore();
    const ending = new AbortController();
    onTestFinished(() => ending.abort());
    void questions.loop(ending.signal);
    return { ...questions, waiting, answered, kill: () => ending.abort() };
  };
  const kept = () => (rows.get('asked') as { text: string }[] | undefined)?.map(({ text }) => text) ?? [];
  return { clock, start, kept, rows, said, fails };
}

test('killed while its answer waits: the successor answers it once, to the same chat in the same words, without a name or rights', async () => {
  const w = world();
  const first = await w.start();
  first.waiting.push(address('1'));
  await first.note(asks('1'));
  await w.clock.pass(5_000);
  expect(w.kept()).toEqual(['status ru']);
  expect(JSON.stringify([...w.rows])).not.toContain('Ann');
  first.kill();
  const second = await w.start();
  await w.clock.pass(1_500);
  expect(second.answered).toEqual([]);
  await w.clock.pass(5_000);
  expect(
    second.answered.map(({ text, address, sender, messageRef }) => [text, address.chat, sender.id, messageRef]),
  ).toEqual([['status ru', '1', 'telegram:1', '7']]);
  expect(await second.answered[0]!.sender.isAdmin()).toBe(false);
  expect(w.kept()).toEqual([]);
});

test('answered: forgotten within moments, and nobody answers it again', async () => {
  const w = world();
  const first = await w.start();
  first.waiting.push(address('1'));
  await first.note(asks('1'));
  await w.clock.pass(1_000);
  first.waiting.length = 0;
  await w.clock.pass(300);
  expect(w.kept()).toEqual([]);
  first.kill();
  const second = await w.start();
  await w.clock.pass(10_000);
  expect(second.answered).toEqual([]);
});

test('noted, and not with its sender yet: kept', async () => {
  const w = world();
  const first = await w.start();
  first.waiting.push(address('2'));
  await first.note(asks('2'));
  await w.clock.pass(1_000);
  await first.note(asks('1'));
  await w.clock.pass(50);
  expect(w.kept()).toHaveLength(2);
});

test('the platform gives it once more, or the person asks on: answered as that, and the old one not', async () => {
  const w = world();
  const first = await w.start();
  first.waiting.push(address('1'), address('2'));
  await Promise.all([first.note(asks('1')), first.note(asks('2'))]);
  first.kill();
  const second = await w.start();
  second.waiting.push(address('1'));
  await second.note(asks('1', 'status tr'));
  await w.clock.pass(5_000);
  expect(second.answered.map((one) => one.address.chat)).toEqual(['2']);
});

test('many of one chat: the newest three; older than a quarter of an hour: nobody waits any more', async () => {
  const w = world();
  const first = await w.start();
  first.waiting.push(address('1'));
  for (let i = 0; i < 10; i++) await first.note(asks('1', `status ${i}`));
  expect(w.kept()).toEqual(['status 7', 'status 8', 'status 9']);
  first.kill();
  await w.clock.pass(20 * 60_000);
  const second = await w.start();
  await w.clock.pass(5_000);
  expect(second.answered).toEqual([]);
});

test('nobody else could answer: nothing is written', async () => {
  const w = world({ shared: false });
  const first = await w.start();
  await first.note(asks('1'));
  expect(w.kept()).toEqual([]);
});

test('the database fails: answered all the same, and said once', async () => {
  const w = world();
  const first = await w.start();
  w.fails.store = true;
  first.waiting.push(address('1'));
  await first.note(asks('1'));
  await first.note(asks('1'));
  expect(w.said()).toEqual(['warn Unable to keep which questions wait for an answer']);
});
