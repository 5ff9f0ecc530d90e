/** Questions that wait for an answer when the process that took them is killed. */
import { expect, onTestFinished, test } from 'vitest';
import { type AskedKind, createAskedQuestions } from '../../../src/core/commands/owed-answers.ts';
import type { ChatAddress } from '../../../src/core/model/chat.ts';
import type { IncomingCommand } from '../../../src/core/ports/chat-adapter.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { recordingLog } from '../../fakes/fake-log.ts';

const address = (chat: string): ChatAddress => ({ accountId: 'tg', chat, thread: null });
const asks = (chat: string, text = 'status ru', ref?: string): IncomingCommand => ({
  ...(ref === undefined ? {} : { ref }),
  kind: 'command',
  address: address(chat),
  chatKind: 'private',
  sender: { id: `telegram:${chat}`, name: 'Ann', lang: 'ru', isAdmin: async () => true },
  text,
  button: null,
  messageRef: '7',
});

/** One database; `process()` is another one that takes over. */
function world({ shared = true, keyed = false } = {}) {
  const clock = new FakeClock();
  const rows = new Map<string, unknown>();
  const { log, said } = recordingLog();
  const fails = { store: false, again: false };
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
    const again: IncomingCommand[] = [];
    const questions = createAskedQuestions({
      state,
      clock,
      log,
      shared,
      keyed,
      waiting: () => waiting.map((address) => ({ address, messages: 1 })),
      async again(event) {
        again.push(event);
        while (fails.again) await clock.sleep(100);
      },
    });
    await questions.restore();
    const ending = new AbortController();
    onTestFinished(() => ending.abort());
    void questions.loop(ending.signal);
    /** Noted, and with its sender. */
    async function ask(event: IncomingCommand, kind: AskedKind = 'question'): Promise<void> {
      const handed = await questions.note(event, kind);
      handed();
    }
    return { ...questions, ask, waiting, again, kill: () => ending.abort() };
  };
  const kept = () =>
    (rows.get('asked') as { asked: { text: string }[] } | undefined)?.asked.map(({ text }) => text) ?? [];
  return { clock, start, kept, rows, said, fails };
}

test('killed while its answer waits: the successor answers it once, to the same chat in the same words, without a name or rights', async () => {
  const w = world();
  const first = await w.start();
  first.waiting.push(address('1'));
  await first.ask(asks('1'));
  await w.clock.pass(5_000);
  expect(w.kept()).toEqual(['status ru']);
  expect(JSON.stringify([...w.rows])).not.toContain('Ann');
  first.kill();
  const second = await w.start();
  await w.clock.pass(1_500);
  expect(second.again).toEqual([]);
  await w.clock.pass(5_000);
  expect(
    second.again.map(({ text, address, sender, messageRef }) => [text, address.chat, sender.id, messageRef]),
  ).toEqual([['status ru', '1', 'telegram:1', '7']]);
  expect(await second.again[0]!.sender.isAdmin()).toBe(false);
  expect(w.kept()).toEqual([]);
});

test('answered: forgotten within moments, and nobody answers it again', async () => {
  const w = world();
  const first = await w.start();
  first.waiting.push(address('1'));
  await first.ask(asks('1'));
  await w.clock.pass(1_000);
  first.waiting.length = 0;
  await w.clock.pass(300);
  expect(w.kept()).toEqual([]);
  first.kill();
  const second = await w.start();
  await w.clock.pass(10_000);
  expect(second.again).toEqual([]);
});

test('noted, and not with its sender yet, for however long that takes: kept', async () => {
  const w = world();
  const first = await w.start();
  const handed = await first.note(asks('1'), 'question');
  await w.clock.pass(5_000);
  expect(w.kept()).toEqual(['status ru']);
  handed();
  await w.clock.pass(20);
  expect(w.kept()).toEqual([]);
});

test('an answer that left: noted within moments, also where the chat waits for another', async () => {
  const w = world();
  const first = await w.start();
  first.waiting.push(address('1'), address('1'));
  await first.ask(asks('1', 'status ru', 'u1'));
  await first.ask(asks('1', 'status tr', 'u2'));
  await w.clock.pass(5_000);
  expect(w.kept()).toHaveLength(2);
  first.waiting.pop();
  first.sent();
  await w.clock.pass(15);
  expect(w.kept()).toEqual(['status tr']);
});

test('the platform gives it once more: one that was answered is known, by the successor too; one that waits is answered as that', async () => {
  const w = world();
  const first = await w.start();
  first.waiting.push(address('2'));
  await first.ask(asks('1', 'status ru', 'u1'));
  await first.ask(asks('3', 'subscribe ru', 'u3'), 'change');
  await first.ask(asks('2', 'status ru', 'u2'));
  await w.clock.pass(100);
  expect(['u1', 'u2', 'u3', 'u4'].map((ref) => first.answered(asks('1', 'x', ref)))).toEqual([
    true,
    false,
    true,
    false,
  ]);
  first.kill();
  const second = await w.start();
  expect(['u1', 'u2', 'u3', 'u4'].map((ref) => second.answered(asks('1', 'x', ref)))).toEqual([
    true,
    false,
    true,
    false,
  ]);
  second.waiting.push(address('2'));
  await second.ask(asks('2', 'status ru', 'u2'));
  await w.clock.pass(5_000);
  expect(second.again).toEqual([]);
  await w.clock.pass(2 * 3_600_000);
  expect((await w.start()).answered(asks('1', 'x', 'u1'))).toBe(false);
});

test('the person asks on while it waits since before a kill: both are answered', async () => {
  const w = world();
  const first = await w.start();
  first.waiting.push(address('1'));
  await first.ask(asks('1', 'status ru', 'u1'));
  first.kill();
  const second = await w.start();
  second.waiting.push(address('1'));
  await second.ask(asks('1', 'status tr', 'u2'));
  await w.clock.pass(5_000);
  expect(second.again.map(({ text }) => text)).toEqual(['status ru']);
});

test('killed again while what waited is answered: it stays on record until it waits anew', async () => {
  const w = world();
  const first = await w.start();
  first.waiting.push(address('1'), address('2'));
  await first.ask(asks('1', 'status ru', 'u1'));
  await first.ask(asks('2', 'status tr', 'u2'));
  first.kill();
  w.fails.again = true;
  const second = await w.start();
  await w.clock.pass(2_500);
  await second.ask(asks('3', 'ping', 'u3'));
  expect(w.kept().sort()).toEqual(['ping', 'status ru', 'status tr']);
});

test('of a platform that does not number what it gives, the person asks on: answered as that, and the old one not', async () => {
  const w = world();
  const first = await w.start();
  first.waiting.push(address('1'), address('2'));
  await Promise.all([first.ask(asks('1')), first.ask(asks('2'))]);
  first.kill();
  const second = await w.start();
  second.waiting.push(address('1'));
  await second.ask(asks('1', 'status tr'));
  await w.clock.pass(5_000);
  expect(second.again.map((one) => one.address.chat)).toEqual(['2']);
});

test('many of one chat: the newest three; older than a quarter of an hour: nobody waits any more', async () => {
  const w = world();
  const first = await w.start();
  first.waiting.push(address('1'));
  for (let i = 0; i < 10; i++) await first.ask(asks('1', `status ${i}`));
  expect(w.kept()).toEqual(['status 7', 'status 8', 'status 9']);
  first.kill();
  await w.clock.pass(20 * 60_000);
  const second = await w.start();
  await w.clock.pass(5_000);
  expect(second.again).toEqual([]);
});

test('nobody else could answer: nothing is written', async () => {
  const w = world({ shared: false });
  const first = await w.start();
  await first.ask(asks('1'));
  expect(w.kept()).toEqual([]);
});

test('the database fails: answered all the same, and said once', async () => {
  const w = world();
  const first = await w.start();
  w.fails.store = true;
  first.waiting.push(address('1'));
  await first.ask(asks('1'));
  await first.ask(asks('1'));
  expect(w.said()).toEqual(['warn Unable to keep which questions wait for an answer']);
});

test('a change on a platform that knows a repeated key: by which event it was asked is known to the successor, until the chat says something new', async () => {
  const w = world({ keyed: true });
  const first = await w.start();
  first.waiting.push(address('1'));
  await first.ask(asks('1', 'subscribe ru', 'e1'), 'change');
  await first.ask(asks('1', 'subscribe tr', 'e2'), 'change');
  first.kill();
  const second = await w.start();
  await w.clock.pass(5_000);
  expect([second.again, second.changed(address('1')), second.changed(address('2'))]).toEqual([[], 'e2', null]);
  await second.ask(asks('3', 'ping', 'e3'));
  second.kill();
  const third = await w.start();
  expect(third.changed(address('1'))).toBe('e2');
  await third.ask(asks('1', 'subscribe kz', 'e4'), 'change');
  expect(third.changed(address('1'))).toBeNull();
});
